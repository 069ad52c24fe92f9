//! Duties that return: the next dates of each, every one counted from the first day and not from the one before, so that a day
//! at the end of a month does not wander.

use calendar::{Counted, Moment, Period, Unit, due};
use terms::{Instant, Label, Sourced};

use super::duty::{Duty, bare, of_act};
use super::{Ctx, Meaning, Standing, Time, calendar_of, derived, label, timing};
use crate::value::{Term, Value};

const BACKUP: [(&str, (&str, &str)); 2] = [
    ("every", ("ta säkerhetskopia", "take a backup")),
    ("restore-test", ("pröva återläsning från säkerhetskopia", "try to restore from a backup")),
];

pub(super) fn all(ctx: &Ctx<'_>, count: usize) -> Vec<Duty> {
    let mut duties = Vec::new();
    for term in ctx.agreement.terms_of("periodic") {
        dates(ctx, term, "every", count, of_act(ctx, term), &mut duties);
    }
    for term in ctx.agreement.terms_of("backup") {
        for (key, (sv, en)) in BACKUP {
            let mut duty = bare(ctx, term, label(sv, en));
            duty.id = format!("{}.{key}", term.name());
            duty.not_found.retain(|silent| silent.key == key);
            dates(ctx, term, key, count, duty, &mut duties);
        }
    }
    for term in ctx.agreement.terms_of("measure").filter(|term| term.sourced("every").is_some()) {
        let mut duty = bare(ctx, term, term.label("label").cloned().unwrap_or_default());
        duty.who = term.text("by").unwrap_or("processor").to_owned();
        duty.by = Vec::new();
        dates(ctx, term, "every", count, duty, &mut duties);
    }
    for term in ctx.agreement.terms_of("insurance") {
        let Some(day) = term.date("valid-to").and_then(calendar_of::day) else { continue };
        let mut duty = bare(ctx, term, label("förnya försäkringen", "renew the insurance"));
        duty.kind = "evidenced".to_owned();
        duty.time = derived::on_day(ctx, day, Meaning::Latest);
        duties.push(duty);
    }
    duties
}

fn dates(ctx: &Ctx<'_>, term: &Term, key: &str, count: usize, duty: Duty, duties: &mut Vec<Duty>) {
    let line = |said: Label| Time { standing: Standing::Untimed, ..timing::untimed(vec![said]) };
    let (every, operators) = match term.sourced(key) {
        Some(Sourced::Found { value: Value::Period(period), .. }) => (*period, term.is_operators(key)),
        Some(Sourced::NotFound { note }) => {
            let said = label(
                format!("Hittas inte i avtalet: {note}."),
                format!("Not found in the agreement (in its language): {note}."),
            );
            duties.push(Duty { time: Time { standing: Standing::NotFound, ..line(said) }, ..duty });
            return;
        }
        _ => {
            duties.push(Duty { time: timing::untimed(Vec::new()), ..duty });
            return;
        }
    };
    // A word such as *regularly* is counted by the operator's own period, where there is one.
    let target = calendar_of::period(term, "target").map(|(period, _)| period);
    let (counted, promised) = match (every, target) {
        (Period::Counted(counted), _) => (counted, !operators),
        (Period::Worded(_), Some(Period::Counted(counted))) => (counted, false),
        (Period::Worded(_), _) => {
            let words = every.label();
            let said = label(
                format!("Avtalet säger ”{}” och lovar inget datum.", words.sv),
                format!("The agreement says “{}” and promises no date.", words.en),
            );
            let time = Time { standing: Standing::Worded, words: Some(words), ..line(said) };
            duties.push(Duty { time, ..duty });
            return;
        }
    };
    if let Some(day) = term.text("on-day").and_then(|on| derived::next_on(ctx, ctx.event.at, on)) {
        for at in 0..count {
            let next = i16::try_from(at)
                .ok()
                .and_then(|years| calendar::Day::new(day.year().checked_add(years)?, day.month(), day.of_month()).ok());
            duties.extend(next.map(|day| Duty { time: derived::on_day(ctx, day, Meaning::Latest), ..duty.clone() }));
        }
        return;
    }
    let zone = &ctx.counting.calendar.zone;
    let first = term.date("first").and_then(calendar_of::day);
    let from_first = first.and_then(|day| zone.start_of(day).ok());
    let base = from_first.unwrap_or(ctx.event.at);
    let mut found = 0;
    if let Some(day) = first.filter(|_| base > ctx.event.at) {
        let mut time = derived::on_day(ctx, day, Meaning::Latest);
        time.lines = vec![label("Den första dagen står i avtalet.", "The first day stands in the agreement.")];
        duties.push(Duty { time, ..duty.clone() });
        found = 1;
    }
    let mut times = passed(base, ctx.event.at, counted);
    while found < count {
        times += 1;
        let Some(period) = multiple(counted, times) else { return };
        let Ok(mut counted_due) = due(base, &period, None, &ctx.counting.calendar) else { return };
        let Some(at) = counted_due.at else { return };
        if at <= ctx.event.at {
            continue;
        }
        if first.is_some() && counted_due.ends.is_some_and(|ends| ends.second == Some(0)) {
            counted_due.ends = counted_due.ends.map(|ends| Moment::day_only(ends.day));
        }
        counted_due.promised = promised;
        let mut lines = vec![label(
            format!("Återkommer: {}, {times} gånger från början.", every.label().sv),
            format!("It returns: {}, {times} times from the beginning.", every.label().en),
        )];
        lines.extend(counted_due.lines());
        let standing = if promised { Standing::Promised } else { Standing::Operators };
        let time = Time { due: counted_due, meaning: Meaning::Latest, standing, words: Some(every.label()), lines };
        duties.push(Duty { time, ..duty.clone() });
        found += 1;
    }
}

/// How many times at least have passed, so that a first day long ago is not counted through one by one.
fn passed(base: Instant, now: Instant, counted: Counted) -> u32 {
    const DAY: i64 = 86_400_000_000;
    let unit = match counted.unit() {
        Unit::Seconds => 1_000_000,
        Unit::Minutes => 60_000_000,
        Unit::Hours => 3_600_000_000,
        // Closed hours and days in between: a week holds at least so much.
        Unit::SupportHours => DAY,
        Unit::Days => DAY + 3_600_000_000,
        Unit::WorkingDays => 4 * DAY,
        Unit::Weeks => 7 * DAY + 3_600_000_000,
        Unit::Months => 31 * DAY + 3_600_000_000,
        Unit::Years => 366 * DAY + 3_600_000_000,
    };
    let elapsed = now.micros().saturating_sub(base.micros()).max(0);
    u32::try_from(elapsed / (unit * i64::from(counted.count())).max(1)).unwrap_or(u32::MAX).saturating_sub(1)
}

fn multiple(counted: Counted, times: u32) -> Option<Period> {
    Period::counted(counted.count().checked_mul(times)?, counted.unit()).ok()
}
