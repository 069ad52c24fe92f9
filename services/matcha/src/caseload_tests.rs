//! A participant's days against the rules.

use super::*;
use jiff::civil::date;

const RULES: &str = r#"
[programme.prov]
label = { sv = "Prov", en = "Trial" }
levels = ["A"]
[[programme.prov.rules]]
from = "2025-01-01"
source = "villkoren"
week-hours = [ { from-month = 1, hours = "1" }, { from-month = 7, hours = "2" } ]
physical-share-percent = 50
individual-meeting-days = 14
physical-meeting-days = 28
joint-plan-working-days = 10
month-report-working-days = 5
deviation-codes = ["17"]
deviation-working-days = 1
longest-months = 12
"#;

fn id(n: u8) -> RecordId {
    RecordId([n; 16])
}

fn placed(from: Date, until: Option<Date>) -> Placement {
    Placement {
        seen: (id(1), 1),
        participant: id(200),
        programme: "prov".to_owned(),
        level: "A".to_owned(),
        unit: "ka-1".to_owned(),
        from,
        until,
    }
}

fn meeting(n: u8, date: Date, physical: bool, individual: bool) -> Activity {
    Activity {
        seen: (id(n), 1),
        participant: id(200),
        date,
        written: terms::Instant(0),
        hours: 100,
        physical,
        individual,
        led: true,
        held: true,
        planned: false,
    }
}

fn of(due: &[Due], rule: Rule) -> Vec<Date> {
    due.iter().filter(|one| one.rule == rule).map(|one| one.by).collect()
}

fn rules() -> Programmes {
    Programmes::read(RULES).unwrap()
}

#[test]
fn a_meeting_is_due_so_many_days_after_the_last_that_was_held() {
    let placement = placed(date(2026, 9, 1), None);
    let held = meeting(2, date(2026, 10, 5), true, true);
    let by_phone = meeting(3, date(2026, 10, 12), false, true);
    let own = Activity { led: false, ..meeting(4, date(2026, 10, 15), true, true) };
    let planned = Activity { held: false, planned: true, ..meeting(5, date(2026, 10, 15), true, true) };
    let case =
        Case { placements: vec![&placement], activities: vec![&held, &by_phone, &own, &planned], ..Case::default() };
    let due = case.due(&rules(), date(2026, 10, 20), None);
    assert_eq!(of(&due, Rule::IndividualMeeting), [date(2026, 10, 26)]);
    assert_eq!(of(&due, Rule::PhysicalMeeting), [date(2026, 11, 2)]);
    assert_eq!(of(&due, Rule::Unmarked), [date(2026, 10, 15)]);
    assert_eq!(
        due.iter().find(|one| one.rule == Rule::PhysicalMeeting).unwrap().from,
        Sources::of("activity", [id(2)])
    );
}

#[test]
fn a_pause_postpones_and_during_it_nothing_is_due() {
    let placement = placed(date(2026, 9, 1), None);
    let held = meeting(2, date(2026, 10, 5), true, true);
    let pause =
        Pause { seen: (id(9), 1), participant: id(200), from: date(2026, 10, 12), until: Some(date(2026, 10, 18)) };
    let case = Case { placements: vec![&placement], activities: vec![&held], pauses: vec![&pause], ..Case::default() };
    assert_eq!(of(&case.due(&rules(), date(2026, 10, 20), None), Rule::IndividualMeeting), [date(2026, 10, 26)]);
    assert_eq!(case.due(&rules(), date(2026, 10, 15), None), []);
}

#[test]
fn only_finished_weeks_are_judged_and_a_part_of_a_week_asks_for_its_part() {
    // From a Thursday: the first week has four of seven days, so 0,57 hours.
    let placement = placed(date(2026, 10, 1), None);
    let short = Activity { hours: 50, ..meeting(2, date(2026, 10, 2), true, true) };
    let enough = Activity { hours: 57, ..short.clone() };
    let weeks = |activity: &Activity, today| {
        let case = Case { placements: vec![&placement], activities: vec![activity], ..Case::default() };
        of(&case.due(&rules(), today, None), Rule::WeekHours)
    };
    assert_eq!(weeks(&short, date(2026, 10, 4)), [], "the week is not over");
    assert_eq!(weeks(&short, date(2026, 10, 5)), [date(2026, 10, 4)]);
    assert_eq!(weeks(&enough, date(2026, 10, 5)), []);
}

#[test]
fn from_month_seven_by_date_more_is_asked() {
    let placement = placed(date(2026, 3, 2), None);
    let hours = |day| {
        let held = meeting(2, day, true, true);
        let case = Case { placements: vec![&placement], activities: vec![&held], ..Case::default() };
        of(&case.due(&rules(), later(monday(day), 7), None), Rule::WeekHours).contains(&later(monday(day), 6))
    };
    assert!(!hours(date(2026, 8, 27)), "month 6: one hour is enough");
    assert!(hours(date(2026, 9, 9)), "month 7 began on 2 September");
}

#[test]
fn reports_plans_and_deviations_have_their_days() {
    let placement = placed(date(2026, 10, 14), None);
    let absence = Attended {
        seen: (id(6), 1),
        participant: id(200),
        date: date(2026, 11, 6),
        written: terms::Instant(0),
        came: false,
        reason: "17".to_owned(),
    };
    let mut case = Case { placements: vec![&placement], absences: vec![&absence], ..Case::default() };
    let due = case.due(&rules(), date(2026, 11, 10), None);
    assert_eq!(of(&due, Rule::JointPlan), [date(2026, 10, 28)]);
    assert_eq!(of(&due, Rule::MonthReport), [date(2026, 11, 6)], "only October: the stay began there");
    assert_eq!(of(&due, Rule::Deviation), [date(2026, 11, 9)], "Friday and one working day");
    let sent = Report { seen: (id(7), 1), participant: id(200), month: date(2026, 10, 1), state: "sent".to_owned() };
    case.reports.push(&sent);
    case.plans.push(id(8));
    case.deviations.push((id(9), date(2026, 11, 6)));
    let due = case.due(&rules(), date(2026, 11, 10), None);
    assert_eq!([Rule::JointPlan, Rule::MonthReport, Rule::Deviation].map(|rule| of(&due, rule).len()), [0, 0, 0]);
}

#[test]
fn a_changed_unit_is_the_same_stay_and_a_return_is_a_new_one() {
    let first = placed(date(2026, 1, 7), Some(date(2026, 3, 31)));
    let second =
        Placement { unit: "ka-2".to_owned(), seen: (id(2), 1), ..placed(date(2026, 4, 1), Some(date(2026, 5, 31))) };
    let back = Placement { seen: (id(3), 1), ..placed(date(2026, 8, 3), None) };
    let case = Case { placements: vec![&first, &second, &back], ..Case::default() };
    assert_eq!(case.start(date(2026, 5, 1)), Some(date(2026, 1, 7)));
    assert_eq!(case.start(date(2026, 9, 1)), Some(date(2026, 8, 3)));
    assert_eq!(case.placed(date(2026, 6, 15)), None);
}

#[test]
fn what_if_takes_the_plan_as_held_and_says_what_breaks_all_the_same() {
    let placement = placed(date(2026, 9, 1), None);
    let held = meeting(2, date(2026, 10, 7), true, true);
    let planned = Activity { held: false, planned: true, ..meeting(5, date(2026, 10, 22), false, true) };
    let case = Case { placements: vec![&placement], activities: vec![&held, &planned], ..Case::default() };
    let next_sunday = date(2026, 10, 25);
    let due = case.due(&rules(), date(2026, 10, 16), Some(next_sunday));
    assert_eq!(of(&due, Rule::IndividualMeeting), [date(2026, 11, 5)]);
    let without = Case { placements: vec![&placement], activities: vec![&held], ..Case::default() };
    let due = without.due(&rules(), date(2026, 10, 16), Some(next_sunday));
    assert_eq!(of(&due, Rule::IndividualMeeting), [date(2026, 10, 21)], "late by then");
}
