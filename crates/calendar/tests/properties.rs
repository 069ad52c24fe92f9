//! What holds for every text, every moment and every rule. Which date comes out is for the vectors and the second opinion.

#![expect(clippy::unwrap_used, reason = "a test says what it expected")]

use std::fmt::Display;
use std::str::FromStr;

use calendar::{
    Calendar, CalendarError, ClockTime, Counting, Day, DayHours, Eve, Moment, PauseReading, Percent, Period,
    PlannedWindow, Receipt, StartRule, SupportHours, Unit, Wording, Zone, available, counted_downtime, due,
    latest_before, received, support_counts_from, support_time, year_length,
};
use proptest::prelude::*;
use terms::{Instant, Language};

const HOUR: i64 = 3_600_000_000;

/// Whatever is read prints the very text that it was read from.
fn reads_back<T: FromStr + Display>(text: &str) {
    if let Ok(value) = text.parse::<T>() {
        assert_eq!(value.to_string(), text);
    }
}

fn all_read_back(text: &str) {
    reads_back::<Period>(text);
    reads_back::<Receipt>(text);
    reads_back::<StartRule>(text);
    reads_back::<Counting>(text);
    reads_back::<PauseReading>(text);
    reads_back::<PlannedWindow>(text);
    reads_back::<ClockTime>(text);
    reads_back::<Day>(text);
    reads_back::<Eve>(text);
    reads_back::<Zone>(text);
    let _ = text.parse::<Percent>();
    let _ = Period::known(text);
    if let Err(error) = text.parse::<Period>() {
        assert!(error.to_string().len() < 1_200);
    }
}

fn clock() -> impl Strategy<Value = ClockTime> {
    (0..24_u16, 0..60_u16).prop_map(|(hour, minute)| ClockTime::new(hour, minute).unwrap())
}

fn receipt() -> impl Strategy<Value = Receipt> {
    prop_oneof![
        Just(Receipt::OnSending),
        Just(Receipt::OnSignature),
        Just(Receipt::NextWorkingDay),
        clock().prop_map(Receipt::SameWorkingDayBefore),
    ]
}

fn start() -> impl Strategy<Value = StartRule> {
    prop_oneof![Just(StartRule::Event), Just(StartRule::NextDay), receipt().prop_map(StartRule::Receipt)]
}

fn office() -> SupportHours {
    let clock = |text: &str| text.parse::<ClockTime>().unwrap();
    let whole = DayHours::new(clock("08:00"), clock("16:30"), Some((clock("12:00"), clock("13:00")))).unwrap();
    SupportHours::monday_to_friday(whole)
}

fn rules() -> impl Strategy<Value = Calendar> {
    let eves: Vec<Eve> = Eve::all().collect();
    let zones = ["Europe/Stockholm", "UTC", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kolkata"];
    let counting = prop::sample::select(Counting::ALL.to_vec());
    (prop::sample::select(zones.to_vec()), counting, any::<[bool; 2]>(), prop::sample::subsequence(eves, 0..4), start())
        .prop_map(|(zone, counting, [saturday_works, long], free_eves, start)| Calendar {
            zone: zone.parse().unwrap(),
            counting,
            saturday_works,
            free_eves,
            start,
            support: Some(office()),
            two_working_days_in_hours: long,
        })
}

fn period() -> impl Strategy<Value = Period> {
    prop::sample::select(Unit::ALL.to_vec())
        .prop_flat_map(|unit| (prop_oneof![4 => 1..40_u32, 1 => 1..=unit.most()], Just(unit)))
        .prop_map(|(count, unit)| Period::counted(count, unit).unwrap())
}

/// From 1960 to 2190.
fn instant() -> impl Strategy<Value = Instant> {
    (-315_619_200_i64..6_942_000_000).prop_map(|second| Instant(second * 1_000_000))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_is_read_back_or_refused(text in ".{0,60}") {
        all_read_back(&text);
    }

    #[test]
    fn a_text_that_is_nearly_right_is_read_back_or_refused(
        text in "(from the |from receipt )?[0-9]{0,3}[ :.-]?(days?|working days?|hours|month|next working day|on sending|first Saturday [0-9]{2}:[0-9]{2}-[0-9]{2}:00|2026-[0-9]{2}-[0-9]{2})?[ s]?"
    ) {
        all_read_back(&text);
    }

    #[test]
    fn rules_read_back_what_they_print(start in start(), receipt in receipt(), period in period()) {
        prop_assert_eq!(start.to_string().parse(), Ok(start));
        prop_assert_eq!(receipt.to_string().parse(), Ok(receipt));
        prop_assert_eq!(period.to_string().parse(), Ok(period));
    }

    #[test]
    fn no_moment_and_no_period_makes_it_stop(micros in any::<i64>(), period in period(), calendar in rules()) {
        let at = Instant(micros);
        for answer in [due(at, &period, None, &calendar), latest_before(at, &period, None, &calendar)].into_iter().flatten() {
            prop_assert!(!answer.lines().is_empty());
        }
    }

    #[test]
    fn a_period_ends_after_its_start_and_later_starts_end_no_earlier(
        at in instant(), wait in 0..200 * HOUR, period in period(), calendar in rules()
    ) {
        let end = |at| due(at, &period, None, &calendar).map(|due| due.at.unwrap());
        if let (Ok(first), Ok(second)) = (end(at), end(Instant(at.micros() + wait))) {
            prop_assert!(first > at);
            prop_assert!(first <= second, "{period}: {first:?} {second:?}");
        }
    }

    #[test]
    fn what_is_begun_at_the_latest_is_over_by_the_deadline(at in instant(), period in period(), calendar in rules()) {
        let calendar = Calendar { counting: Counting::Plain, start: StartRule::Event, ..calendar };
        // A clock that was put forward over the time wanted moves either end by its gap.
        let gap = HOUR;
        if let Ok(latest) = latest_before(at, &period, None, &calendar)
            && calendar.zone.name() != "Pacific/Apia"
        {
            let end_of_day = latest.ends == Some(Moment::end_of(latest.ends.unwrap().day));
            let latest = latest.at.unwrap();
            prop_assert!(latest < at);
            // The end of a day is already the next one.
            let end = due(Instant(latest.micros() - i64::from(end_of_day)), &period, None, &calendar).unwrap().at.unwrap();
            prop_assert!(end.micros() <= at.micros() + gap, "{period}");
        }
    }

    #[test]
    fn support_time_between_start_and_end_is_the_period(at in instant(), hours in 1..200_u32, calendar in rules()) {
        let calendar = Calendar { start: StartRule::Event, ..calendar };
        let from = support_counts_from(at, &calendar).unwrap();
        let end = due(at, &Period::counted(hours, Unit::SupportHours).unwrap(), None, &calendar).unwrap().at.unwrap();
        prop_assert!(from >= at);
        prop_assert_eq!(support_time(from, end, &calendar), Ok(i64::from(hours) * HOUR));
        prop_assert_eq!(support_counts_from(from, &calendar), Ok(from));
    }

    #[test]
    fn a_message_is_received_on_a_working_day_and_not_before_it_is_sent(
        at in instant(), receipt in receipt(), calendar in rules()
    ) {
        let got = received(at, &receipt, &calendar).unwrap();
        prop_assert!(got.at.unwrap() >= at);
        if !matches!(receipt, Receipt::OnSending | Receipt::OnSignature) {
            prop_assert!(calendar.is_working_day(got.ends.unwrap().day));
        }
    }

    #[test]
    fn words_promise_no_date_whatever_the_target(at in instant(), period in period(), calendar in rules()) {
        for wording in Wording::ALL {
            let worded = Period::Worded(wording);
            let without = due(at, &worded, None, &calendar).unwrap();
            prop_assert!(without.at.is_none() && without.ends.is_none() && !without.promised);
            let with = due(at, &worded, Some(&period), &calendar);
            let counted = due(at, &period, None, &calendar);
            match (with, counted) {
                (Ok(with), Ok(counted)) => {
                    prop_assert!(!with.promised && counted.promised);
                    prop_assert_eq!(with.at, counted.at);
                }
                (with, counted) => prop_assert_eq!(with.err(), counted.err()),
            }
        }
    }

    #[test]
    fn an_outage_counts_for_what_lies_in_no_planned_window(at in instant(), length in 0..800 * HOUR) {
        let zone = Zone::default();
        let windows: Vec<PlannedWindow> =
            ["first Saturday 10:00-14:00", "first Saturday 12:00-16:00"].map(|text| text.parse().unwrap()).to_vec();
        let until = Instant(at.micros() + length);
        let counted = counted_downtime(at, until, &windows, &zone).unwrap();
        let mut ticked = 0;
        let step = HOUR / 4;
        // A quarter of an hour at a time; every window begins and ends on one, seen from a start on one.
        let (first, last) = (at.micros() - at.micros().rem_euclid(step), length - length.rem_euclid(step));
        for tick in (first..first + last).step_by(usize::try_from(step).unwrap()) {
            let planned = windows.iter().any(|window| window.contains(Instant(tick), &zone).unwrap());
            ticked += if planned { 0 } else { step };
        }
        let on_the_stroke = counted_downtime(Instant(first), Instant(first + last), &windows, &zone).unwrap();
        prop_assert_eq!(on_the_stroke, ticked);
        prop_assert!((0..=length).contains(&counted));
    }

    #[test]
    fn a_measure_lies_between_nothing_and_all_and_compares_exactly(period in 1..i64::MAX, down in 0..i64::MAX) {
        match available(period, down) {
            Ok(measure) => {
                prop_assert!(measure >= "0".parse().unwrap() && measure <= "100".parse().unwrap());
                prop_assert_eq!(measure == "100".parse().unwrap(), down == 0);
            }
            Err(error) => prop_assert!(down > period && error == CalendarError::NoMeasure),
        }
    }
}

#[test]
fn the_calendar_ends_where_it_says() {
    let calendar = Calendar::default();
    let last = calendar.zone.at("2250-06-01".parse().unwrap(), "10:00".parse().unwrap()).unwrap();
    let century = "100 years".parse().unwrap();
    assert_eq!(due(last, &century, None, &calendar), Err(CalendarError::OutsideCalendar));
    assert_eq!(due(Instant(i64::MAX), &century, None, &calendar), Err(CalendarError::OutsideCalendar));
    assert!("1952-12-31".parse::<Day>().is_err() && "2301-01-01".parse::<Day>().is_err());
    assert!(year_length(2026, &Zone::default()).is_ok() && year_length(1900, &Zone::default()).is_err());
}

#[test]
fn what_is_missing_is_said() {
    let calendar = Calendar::default();
    let at = Instant(1_800_000_000_000_000);
    let read = |text: &str| text.parse::<Period>().unwrap();
    assert_eq!(due(at, &read("4 support hours"), None, &calendar), Err(CalendarError::NoSupportHours));
    let closed = Calendar { support: Some(SupportHours::default()), ..Calendar::default() };
    assert_eq!(due(at, &read("4 support hours"), None, &closed), Err(CalendarError::SupportNeverOpen));
    assert_eq!(latest_before(at, &read("4 support hours"), None, &closed), Err(CalendarError::SupportNeverOpen));
    let target = due(at, &read("promptly"), Some(&read("at once")), &calendar).unwrap_err();
    assert_eq!(target.to_string(), "the operator's target `at once` must be a counted period, such as `24 hours`");
    let clock = |text: &str| text.parse::<ClockTime>().unwrap();
    assert_eq!(DayHours::new(clock("16:00"), clock("08:00"), None), Err(CalendarError::HoursOutOfOrder));
}

#[test]
fn the_readings_are_said_in_both_languages() {
    let calendar = Calendar {
        counting: Counting::Lagen1930,
        free_eves: vec!["christmas-eve".parse().unwrap()],
        start: "from receipt next working day".parse().unwrap(),
        support: Some(office()),
        ..Calendar::default()
    };
    let readings: Vec<String> = calendar.readings().iter().map(|line| line.text(Language::Sv).to_owned()).collect();
    for expected in [
        "Perioder räknas enligt lagen (1930:173) om beräkning av lagstadgad tid.",
        "Lördag räknas inte som arbetsdag.",
        "Som helgdag räknas även: julafton.",
        "Perioder räknas från mottagandet: nästa arbetsdag.",
        "Support måndag: 08.00–12.00, 13.00–16.30.",
    ] {
        assert!(readings.iter().any(|line| line == expected), "{expected}: {readings:#?}");
    }
}
