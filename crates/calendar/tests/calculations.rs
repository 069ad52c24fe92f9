//! The calculations as people read them, on one page in both languages: `tests/expected/calculations.md`. A lawyer reads it.
//!
//! A change is accepted with `BETRODD_ACCEPT=1 cargo test -p calendar`, after looking at the difference as a lawyer would.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what it expected")]

use std::fmt::Write as _;

use calendar::{
    Calendar, ClockTime, Counting, Day, DayHours, Due, Period, Receipt, Start, StartRule, SupportHours, due,
    latest_before, received,
};
use terms::{Instant, Language};

/// One line a case: the question, its rules, the moment on the clock in Stockholm, the period, and the operator's target.
const CASES: &[&str] = &[
    "due | plain | 2026-03-28 12:00 | 24 hours",
    "due | plain | 2026-03-28 12:00 | 1 day",
    "due | plain | 2026-03-28 02:30 | 1 day",
    "due | plain | 2026-10-24 02:30 | 1 day",
    "due | plain | 2026-01-31 09:15 | 1 month",
    "due | plain | 2026-01-31 09:15 | 30 days",
    "due | plain | 2026-03-30 09:00 | 5 working days",
    "due | plain | 2026-01-02 09:00 | 60 working days",
    "due | plain | 2026-11-21 09:00 | 5 working days",
    "due | plain, saturday works | 2026-03-30 09:00 | 5 working days",
    "due | plain, midsummer-eve free | 2026-06-17 09:00 | 2 working days",
    "due | plain | 2026-01-15 10:00 | 3 years",
    "due | plain, from the next day | 2026-09-30 10:00 | 30 days",
    "due | plain, from the next day | 2026-09-30 10:00 | 72 hours",
    "due | plain, from receipt next working day | 2026-04-02 10:00 | 1 month",
    "due | plain, from receipt on sending | 2026-04-02 10:00 | 24 hours",
    "due | regulation-1182-71 | 2026-04-03 16:40 | 24 hours",
    "due | regulation-1182-71 | 2026-04-01 10:00 | 3 days",
    "due | regulation-1182-71 | 2026-11-20 10:00 | 2 days",
    "due | regulation-1182-71 | 2026-03-31 10:00 | 1 month",
    "due | regulation-1182-71 | 2026-11-20 17:20 | 72 hours",
    "due | regulation-1182-71, long hours too | 2026-11-20 17:20 | 72 hours",
    "due | regulation-1182-71 | 2026-12-23 10:00 | 2 weeks",
    "due | lagen-1930-173 | 2026-12-14 10:00 | 10 days",
    "due | lagen-1930-173 | 2026-05-19 10:00 | 1 month",
    "due | lagen-1930-173 | 2026-11-20 17:20 | 72 hours",
    "due | plain | 2026-11-20 17:20 | without undue delay",
    "due | plain | 2026-11-20 17:20 | without undue delay | 24 hours",
    "due | support | 2026-11-18 09:15 | 4 support hours",
    "due | support | 2026-11-18 12:30 | 4 support hours",
    "due | support, break ends | 2026-11-18 12:30 | 4 support hours",
    "due | support | 2026-04-02 12:30 | 4 support hours",
    "due | support, 2026-11-23 announced | 2026-11-20 17:00 | 4 support hours",
    "due | support | 2026-11-18 09:15 | 400 support hours",
    "latest | plain | 2026-12-01 08:00 | 14 days",
    "latest | plain | 2026-03-31 08:00 | 1 month",
    "latest | regulation-1182-71 | 2026-04-09 09:00 | 5 working days",
    "latest | regulation-1182-71 | 2026-06-15 09:00 | 1 week",
    "latest | regulation-1182-71 | 2026-06-13 09:30 | 24 hours",
    "latest | plain | 2026-12-01 00:00 | before effect",
    "latest | plain | 2026-12-01 00:00 | in good time | 10 days",
    "latest | support | 2026-11-20 10:00 | 4 support hours",
    "received | plain | 2026-04-02 15:59 | same working day before 16:00 when proven, else next working day | proven",
    "received | plain | 2026-04-02 16:00 | same working day before 16:00 when proven, else next working day | proven",
    "received | plain | 2026-04-02 15:59 | same working day before 16:00 when proven, else next working day",
    "received | plain | 2026-04-02 15:59 | on sending",
];

#[test]
fn every_calculation_reads_as_the_page_says() {
    let mut page = String::from(
        "# Calculations\n\nFor a lawyer: is each line true, and does the date follow? Written by \
         `crates/calendar/tests/calculations.rs`, which says how a change is accepted.\n",
    );
    for case in CASES {
        let due = answer(case);
        write!(page, "\n## {case}\n\n").unwrap();
        for language in [Language::Sv, Language::En] {
            let when = due.when(language).unwrap_or_else(|| "–".to_owned());
            let promise = if due.promised { "promised" } else { "no promise" };
            writeln!(page, "`{}` **{when}** ({promise})", language.tag()).unwrap();
            for line in due.text(language) {
                writeln!(page, "- {line}").unwrap();
            }
            page.push('\n');
        }
        page.truncate(page.trim_end().len());
        page.push('\n');
    }
    let path = format!("{}/tests/expected/calculations.md", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("BETRODD_ACCEPT").is_some_and(|value| value == "1") {
        std::fs::write(path, page).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    for (at, (was, is)) in expected.lines().zip(page.lines()).enumerate() {
        assert_eq!(is, was, "{path}:{}", at + 1);
    }
    assert_eq!(page.len(), expected.len(), "{path}");
}

fn answer(case: &str) -> Due {
    let [question, rules, moment, period, rest @ ..] = &case.split(" | ").collect::<Vec<_>>()[..] else {
        panic!("{case}");
    };
    let calendar = calendar(rules);
    let (day, clock) = moment.split_once(' ').unwrap();
    let at = calendar.zone.at(day.parse().unwrap(), clock.parse().unwrap()).unwrap();
    let target = || rest.first().map(|target| target.parse::<Period>().unwrap());
    match *question {
        "due" => due(at, &period.parse().unwrap(), target().as_ref(), &calendar).unwrap(),
        "latest" => latest_before(at, &period.parse().unwrap(), target().as_ref(), &calendar).unwrap(),
        "received" => {
            let arrived: Option<Instant> = (!rest.is_empty()).then_some(at);
            received(Start { at, arrived }, &period.parse::<Receipt>().unwrap(), &calendar).unwrap()
        }
        _ => panic!("{case}"),
    }
}

fn calendar(rules: &str) -> Calendar {
    let mut calendar = Calendar::default();
    for rule in rules.split(", ") {
        match rule {
            "saturday works" => calendar.saturday_works = true,
            "long hours too" => calendar.two_working_days_in_hours = true,
            "support" => calendar.support = Some(office()),
            "break ends" => calendar.support.as_mut().unwrap().message_in_pause = "end of break".parse().unwrap(),
            _ => {
                if let Some(day) = rule.strip_suffix(" announced") {
                    calendar.support.as_mut().unwrap().announced_free.push(day.parse::<Day>().unwrap());
                } else if let Some(eve) = rule.strip_suffix(" free") {
                    calendar.free_eves.push(eve.parse().unwrap());
                } else if let Ok(start) = rule.parse::<StartRule>() {
                    calendar.start = start;
                } else {
                    calendar.counting = rule.parse::<Counting>().unwrap();
                }
            }
        }
    }
    calendar
}

fn office() -> SupportHours {
    let clock = |text: &str| text.parse::<ClockTime>().unwrap();
    let whole = DayHours::new(clock("08:00"), clock("16:30"), Some((clock("12:00"), clock("13:00")))).unwrap();
    let short = DayHours::new(clock("08:00"), clock("13:00"), None).unwrap();
    SupportHours { before_holiday: Some(short), ..SupportHours::monday_to_friday(whole) }
}
