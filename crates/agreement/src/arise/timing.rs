//! By when: the agreement's period, or its word with the operator's own limit, counted from where it begins; or backwards from
//! what it must be ahead of. Every line of the calculation is kept.

use calendar::{CalendarError, Due, Period, Start, StartRule, Step, due, latest_before};
use terms::{Instant, Label, Sourced};

use super::moment::{self, From};
use super::{Ctx, Meaning, Standing, Time, calendar_of, label, word};
use crate::value::{Term, Value};

/// The time of a block under an event.
pub(super) fn of_act(ctx: &Ctx<'_>, term: &Term, seen: &mut Vec<String>) -> Time {
    let has = |key: &str| term.sourced(key).is_some();
    if has("ahead") {
        let of = term.text("of").unwrap_or(if term.block == "subprocessor-change" { "engagement" } else { "effect" });
        return ahead(ctx, term, "ahead", of);
    }
    if has("within") || has("target") {
        return after(ctx, term, "within", moment::start(ctx, term, seen));
    }
    match term.text("after").map(|_| moment::start(ctx, term, seen)) {
        Some(From::Known(known)) => untimed(known.lines),
        Some(From::Open(line)) => Time { standing: Standing::Open, ..untimed(vec![line]) },
        None => untimed(Vec::new()),
    }
}

/// No time is set.
pub(super) fn untimed(lines: Vec<Label>) -> Time {
    Time {
        due: Due { at: None, ends: None, promised: false, steps: Vec::new() },
        meaning: Meaning::Latest,
        standing: Standing::Untimed,
        words: None,
        lines,
    }
}

/// The time that a key gives, counted from `start`.
pub(super) fn after(ctx: &Ctx<'_>, term: &Term, key: &str, start: From) -> Time {
    let limit = match limit(ctx, term, key) {
        Ok(limit) => limit,
        Err(time) => return *time,
    };
    let known = match start {
        From::Known(known) => known,
        From::Open(line) => return limit.open(line),
    };
    let mut calendar = ctx.counting.calendar.clone();
    if let Some(receipt) = known.receipt {
        calendar.start = StartRule::Receipt(receipt);
    }
    let start = Start { at: known.at, arrived: known.arrived };
    let counted = due(start, &limit.period, limit.target.as_ref(), &calendar);
    // Beside a promise the operator's own, shorter limit is told and decides nothing.
    let own = limit.target.filter(|_| limit.period.is_counted());
    let mut time = limit.time(ctx, counted, known.lines, known.sure);
    if let Some(Ok(counted)) = own.map(|own| due(start, &own, None, &calendar)) {
        time.lines.extend(counted.steps.into_iter().skip(1).map(|step| as_operators(step).label()));
    }
    time
}

/// The time that a key gives, counted backwards from a moment; where that moment is not set, the first at which it could be.
pub(super) fn ahead(ctx: &Ctx<'_>, term: &Term, key: &str, of: &str) -> Time {
    let name = word(of);
    let limit = match limit(ctx, term, key) {
        Ok(limit) => limit,
        Err(time) => {
            let mut time = *time;
            time.lines
                .push(label(format!("Det ska vara före {}.", name.sv), format!("It must be before {}.", name.en)));
            return time;
        }
    };
    let calendar = &ctx.counting.calendar;
    // A word such as *before effect* gives the moment itself; the operator's own limit is then told besides.
    let says_before = matches!(limit.period, Period::Worded(wording) if wording.says_before());
    let own = limit.target.filter(|_| says_before);
    match moment::of_event(ctx, of) {
        From::Known(known) => {
            let line = label(format!("Det ska vara före {}.", name.sv), format!("It must be before {}.", name.en));
            let counted = latest_before(known.at, &limit.period, limit.target.as_ref(), calendar);
            let mut time = limit.time(ctx, counted, vec![line], true);
            if let Some(Ok(counted)) = own.map(|own| latest_before(known.at, &own, None, calendar)) {
                time.lines.extend(counted.steps.into_iter().skip(1).map(|step| as_operators(step).label()));
            }
            time
        }
        From::Open(_) => {
            let line = label(
                format!(
                    "Tidpunkten för {} är inte bestämd. Sker beskedet vid händelsen kan den vara tidigast:",
                    name.sv
                ),
                format!(
                    "The moment of {} is not set. If the notice is given at the event, it can be at the earliest:",
                    name.en
                ),
            );
            if !limit.period.is_counted() && limit.target.is_none() {
                return limit.open(label(
                    format!("Det ska ske före {}, och den dagen är inte bestämd ännu.", name.sv),
                    format!("It must be done before {}, and that day is not set yet.", name.en),
                ));
            }
            let counted = earliest(ctx.event.at, &limit.period, limit.target.as_ref(), calendar);
            let mut lines = vec![line];
            let forwards = due(ctx.event.at, &limit.period, limit.target.as_ref(), calendar);
            if matches!((&counted, &forwards), (Ok(shown), Ok(plain)) if shown.at > plain.at) {
                lines.push(label(
                    "Räknat tillbaka från den dag som räkningen framåt ger vore beskedet för sent; därför står en senare dag.",
                    "Counted back from the day that counting forwards gives, the notice would be too late; a later day stands therefore.",
                ));
            }
            let time = limit.time(ctx, counted, lines, true);
            if time.due.at.is_some() { as_earliest(time) } else { time }
        }
    }
}

/// The same moment, meant as the first and not the last.
pub(super) fn as_earliest(mut time: Time) -> Time {
    let end = time.due.steps.pop();
    let when = |language| time.due.when(language).unwrap_or_default();
    let line = label(
        format!("Tidigast {}.", when(terms::Language::Sv)),
        format!("At the earliest on {}.", when(terms::Language::En)),
    );
    let end = end.map(|end| end.label());
    if let Some(last) = time.lines.iter_mut().rfind(|line| Some(&**line) == end.as_ref()) {
        *last = line;
    }
    time.meaning = Meaning::Earliest;
    time
}

/// The first moment for which a notice at `at` is in time.
fn earliest(
    at: Instant,
    period: &Period,
    target: Option<&Period>,
    calendar: &calendar::Calendar,
) -> Result<Due, CalendarError> {
    const DAY_SECONDS: i64 = 86_400;
    let forwards = due(at, period, target, calendar)?;
    let backwards = if forwards.promised { period } else { target.unwrap_or(period) };
    let Some(mut candidate) = forwards.at else { return Ok(forwards) };
    // Backwards is counted by other rules than forwards: the one must agree with the other before it is shown.
    for _ in 0..14 {
        let back = latest_before(candidate, backwards, None, calendar)?;
        if back.at.is_none_or(|latest| latest >= at) {
            let ends = calendar.zone.moment(candidate)?;
            let mut steps = forwards.steps;
            steps.pop();
            steps.push(if forwards.promised { Step::Ends { at: ends } } else { Step::OwnClockEnds { at: ends } });
            return Ok(Due { at: Some(candidate), ends: Some(ends), promised: forwards.promised, steps });
        }
        candidate = candidate.plus_seconds(DAY_SECONDS);
    }
    Ok(forwards)
}

/// What is to be counted.
struct Limit {
    period: Period,
    target: Option<Period>,
    /// Whether `period` is only the operator's.
    operators: bool,
    words: Option<Label>,
    /// Said before the calculation.
    lines: Vec<Label>,
}

/// The period under a key; with the operator's `target` where the agreement is silent. Without either, the time that says so.
fn limit(ctx: &Ctx<'_>, term: &Term, key: &str) -> Result<Limit, Box<Time>> {
    let target = calendar_of::period(term, "target").map(|(period, _)| period);
    match term.sourced(key) {
        Some(Sourced::Found { value: Value::Period(period), why, .. }) => {
            let operators = term.is_operators(key);
            let why = why.as_ref().or(term.origin.why.as_ref().filter(|_| operators));
            let clause = ctx.clause(term);
            let mut lines = Vec::new();
            if operators {
                lines.push(label(
                    "Tiden är satt av driften och är inget löfte i avtalet.",
                    "The time is set by the operator and is no promise of the agreement.",
                ));
            } else {
                lines.push(label(
                    format!("Tiden står i {}: {}.", clause.sv, period.label().sv),
                    format!("The time stands in {}: {}.", clause.en, period.label().en),
                ));
            }
            lines.extend(why.map(|why| {
                label(format!("Skälet: {why}."), format!("The reason, in the agreement's language: {why}."))
            }));
            let target = target.filter(Period::is_counted);
            Ok(Limit { period: *period, target, operators, words: Some(period.label()), lines })
        }
        Some(Sourced::None) => {
            let line = label("Avtalet säger att ingen tid gäller.", "The agreement says that no time applies.");
            Err(Box::new(Time { standing: Standing::NoneSaid, ..untimed(vec![line]) }))
        }
        found => {
            let line = match found {
                Some(Sourced::NotFound { note }) => label(
                    format!("Hittas inte i avtalet: {note}."),
                    format!("Not found in the agreement (in its language): {note}."),
                ),
                _ => label("Avtalet sätter ingen tid.", "The agreement sets no time."),
            };
            let silent = matches!(found, Some(Sourced::NotFound { .. }));
            let standing = if silent { Standing::NotFound } else { Standing::Untimed };
            match target.filter(Period::is_counted) {
                Some(period) => Ok(Limit { period, target: None, operators: true, words: None, lines: vec![line] }),
                None => Err(Box::new(Time { standing, ..untimed(vec![line]) })),
            }
        }
    }
}

impl Limit {
    /// What is counted from is not known.
    fn open(self, line: Label) -> Time {
        let standing = match (self.period, self.operators) {
            (Period::Worded(wording), _) if self.target.is_none() && !wording.says_before() => Standing::Worded,
            _ => Standing::Open,
        };
        let mut lines = self.lines;
        lines.push(line);
        let own = if self.operators { Some(self.period) } else { self.target };
        lines.extend(own.map(|period| Step::Target { period }.label()));
        Time { standing, words: self.words, ..untimed(lines) }
    }

    fn time(self, ctx: &Ctx<'_>, counted: Result<Due, CalendarError>, start: Vec<Label>, sure: bool) -> Time {
        let mut lines = self.lines;
        lines.extend(start);
        let mut due = match counted {
            Ok(due) => due,
            Err(error) => {
                lines.push(label(
                    format!("Ingen dag går att räkna ut: {}.", error_sv(&error)),
                    format!("No day can be computed: {error}."),
                ));
                return Time { standing: Standing::Open, words: self.words, ..untimed(lines) };
            }
        };
        if self.operators {
            due.steps = due.steps.into_iter().map(as_operators).collect();
            due.promised = false;
        }
        lines.extend(due.lines());
        let standing = match (due.at, due.promised) {
            (None, _) => Standing::Worded,
            (Some(_), true) if sure => Standing::Promised,
            (Some(_), _) => Standing::Operators,
        };
        if due.promised && !sure {
            due.promised = false;
            lines.push(label(
                "Början vilar på en gräns som inte är avtalets, så dagen är inget löfte förrän den är känd.",
                "The beginning rests on a limit that is not the agreement's, so the day is no promise until it is known.",
            ));
        }
        if due.at.is_some() {
            let of = if self.operators { Some(self.period) } else { self.target.filter(|_| !self.period.is_counted()) };
            if let Period::Counted(counted) = of.unwrap_or(self.period) {
                lines.extend(ctx.counting.notes(counted));
            }
        }
        Time { due, meaning: Meaning::Latest, standing, words: self.words, lines }
    }
}

/// A step about a period that is only the operator's.
fn as_operators(step: Step) -> Step {
    match step {
        Step::Length { period } => Step::Target { period },
        Step::Ends { at } => Step::OwnClockEnds { at },
        Step::Latest { at } => Step::OwnClockLatest { at },
        other => other,
    }
}

fn error_sv(error: &CalendarError) -> &'static str {
    match error {
        CalendarError::NoSupportHours => "perioden räknas i supporttimmar, och avtalet har inga supporttider",
        CalendarError::SupportNeverOpen => "supporten är aldrig öppen så länge",
        CalendarError::OutsideCalendar => "den ligger utanför de år som kalendern känner (1953 till 2300)",
        CalendarError::TargetIsWorded(_) => "driftens egen gräns är ett ord och inget antal",
        _ => "kalendern saknar något som behövs",
    }
}
