//! The vectors of `tests/vectors`: what was worked out apart from this program, the calendar answers too.

#![expect(clippy::unwrap_used, reason = "a test says what it expected")]

use calendar::{
    Calendar, ClockTime, Day, DayHours, Percent, Period, PlannedWindow, Receipt, Start, SupportHours, Unit, Zone,
    available, due, holidays_of, received, support_counts_from, year_length,
};
use serde_json::Value;
use terms::Instant;

fn vectors(name: &str) -> Value {
    let path = format!("{}/tests/vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn cases<'a>(vectors: &'a Value, key: &str) -> &'a Vec<Value> {
    vectors[key].as_array().unwrap()
}

/// `2026-11-18T09:15`, or the same with seconds and offset: the clock in Stockholm.
fn local(text: &Value) -> Instant {
    let text = text.as_str().unwrap();
    let day: Day = text[..10].parse().unwrap();
    let at = Zone::default().at(day, text[11..16].parse().unwrap()).unwrap();
    if let Some(offset) = text.get(19..22) {
        let at_utc: jiff::Timestamp = text.parse().unwrap();
        assert_eq!(at.micros(), at_utc.as_microsecond(), "{text}: {offset}");
    }
    at
}

fn clock(text: &str) -> ClockTime {
    text.parse().unwrap()
}

fn entre() -> Calendar {
    let whole = DayHours::new(clock("08:00"), clock("16:30"), Some((clock("12:00"), clock("13:00")))).unwrap();
    let short = DayHours::new(clock("08:00"), clock("13:00"), None).unwrap();
    let support = SupportHours { before_holiday: Some(short), ..SupportHours::monday_to_friday(whole) };
    Calendar { support: Some(support), ..Calendar::default() }
}

#[test]
fn the_support_clock_agrees() {
    let vectors = vectors("support-hours.json");
    let calendar = entre();
    let four = Period::counted(4, Unit::SupportHours).unwrap();
    for case in cases(&vectors, "cases") {
        let reported = local(&case["reported_local"]);
        assert_eq!(support_counts_from(reported, &calendar), Ok(local(&case["counts_from"])), "{case}");
        let due = due(reported, &four, None, &calendar).unwrap();
        assert_eq!(due.at, Some(local(&case["start_work_latest_4_support_hours"])), "{case}\n{:#?}", due.lines());
    }
}

#[test]
fn notices_are_received_on_the_day_that_the_rule_says() {
    let vectors = vectors("notices.json");
    let rule: Receipt = "same working day before 16:00 when proven, else next working day".parse().unwrap();
    for case in cases(&vectors, "cases") {
        let at = local(&case["receipt_local"]);
        let got = received(Start { at, arrived: Some(at) }, &rule, &Calendar::default()).unwrap();
        assert_eq!(got.ends.unwrap().day.to_string(), case["deemed_received"].as_str().unwrap(), "{case}");
    }
}

#[test]
fn minutes_are_real_minutes_through_both_changes_of_the_clock() {
    let vectors = vectors("dst-minutes.json");
    for (year, minutes) in vectors["year_minutes"].as_object().unwrap() {
        let length = year_length(year.parse().unwrap(), &Zone::default()).unwrap();
        assert_eq!(length, minutes.as_i64().unwrap() * 60_000_000, "{year}");
    }
    for case in cases(&vectors, "intervals") {
        let minutes = (local(&case["to_local"]).micros() - local(&case["from_local"]).micros()) / 60_000_000;
        assert_eq!(minutes, case["minutes"].as_i64().unwrap(), "{case}");
    }
    let window: PlannedWindow = "first Saturday 10:00-14:00".parse().unwrap();
    let days: Vec<String> = window.days_of(2026).unwrap().iter().map(Day::to_string).collect();
    let expected: Vec<&str> = cases(&vectors, "first_saturdays_2026").iter().map(|day| day.as_str().unwrap()).collect();
    assert_eq!(days, expected);
}

#[test]
fn availability_is_measured_exactly() {
    let vectors = vectors("availability.json");
    let percent = |text: &str| text.parse::<Percent>().unwrap();
    // The reading of the vectors: on a boundary the smaller reduction.
    let rows = [("99.4", 0), ("99.0", 10), ("98.0", 20), ("97.0", 30), ("95.0", 50), ("0", 100)];
    for case in cases(&vectors, "cases") {
        let measure = available(case["P"].as_i64().unwrap(), case["F"].as_i64().unwrap()).unwrap();
        assert_eq!(measure.to_string(), case["T"].as_str().unwrap(), "{case}");
        let (_, reduction) = rows.iter().find(|(limit, _)| measure >= percent(limit)).unwrap();
        assert_eq!(*reduction, case["nedsattning_procent"].as_i64().unwrap(), "{case}");
    }
}

#[test]
fn holidays_are_those_of_the_table() {
    let path = format!("{}/tests/vectors/helgdagar-2022-2027.csv", env!("CARGO_MANIFEST_DIR"));
    let expected: Vec<String> = std::fs::read_to_string(path).unwrap().lines().skip(1).map(str::to_lowercase).collect();
    let language = terms::Language::Sv;
    let row = |(day, row): &(Day, &calendar::NamedDay)| {
        let weekday: String = day.weekday(language).chars().take(3).collect();
        // The table has two names in another form.
        let name = match row.id {
            "national-day" => "nationaldagen",
            _ => &row.name.sv,
        };
        format!("{day},{name},{weekday}").to_lowercase()
    };
    let got: Vec<String> =
        (2022..=2027).flat_map(|year| holidays_of(year).iter().map(row).collect::<Vec<_>>()).collect();
    assert_eq!(got, expected);
}
