//! The amounts against an independent computation: another algorithm, day by day and participant by participant, that shares no
//! code with the first and reads the same price file with its own eyes.

use std::collections::BTreeMap;

use super::*;
use crate::days::{month_text, months_later};
use crate::made_up::{FILE, FIRST, unit};
use jiff::civil::date;

/// What one line is called, in both computations.
type Name = (RecordId, String, String, String, &'static str);

fn by_first(amounts: &[Amount]) -> BTreeMap<Name, (i64, i64)> {
    let mut all = BTreeMap::new();
    for one in amounts {
        let name = (one.participant, one.unit.clone(), one.programme.clone(), one.level.clone(), one.what.code());
        let sum: &mut (i64, i64) = all.entry(name).or_default();
        sum.0 += one.claimable();
        sum.1 += one.full();
    }
    all.retain(|_, sum| *sum != (0, 0));
    all
}

/// The prices of the file, once more and by hand: level, from, öre; and the two parts of a result.
fn day_price(programme: &str, level: &str, day: Date) -> Option<(i64, bool)> {
    match (programme, level) {
        ("steg", "1") => Some((21_345, true)),
        ("rusta-och-matcha", "A") => Some((4_137, false)),
        ("rusta-och-matcha", "B") if day < date(2025, 9, 16) => Some((5_893, false)),
        ("rusta-och-matcha", "B") => Some((6_011, false)),
        ("rusta-och-matcha", "C") if day.year() < 2026 => Some((7_701, false)),
        ("rusta-och-matcha", "C") => Some((8_000, false)),
        _ => None,
    }
}

fn result_price(level: &str, second: bool, day: Date) -> Option<i64> {
    match (level, second) {
        ("A", false) => Some(1_000_000),
        ("A", true) => Some(1_000_050),
        ("B", false) if day >= date(2025, 11, 11) => Some(1_550_025),
        ("B", true) if day >= date(2025, 11, 11) => Some(1_550_000),
        ("B", _) => Some(1_500_000),
        ("C", _) => Some(2_200_000),
        _ => None,
    }
}

/// The placement that holds on a day: of all that cover it the one that began last, and of those the one that was written last.
/// One that a later one has overtaken does not come back when that one ends.
fn holds<'f>(of: &[&'f Placement], day: Date) -> Option<&'f Placement> {
    let begun =
        of.iter().filter(|one| one.from <= day).max_by(|a, b| a.from.cmp(&b.from).then(a.seen.0.cmp(&b.seen.0)));
    begun.filter(|one| one.until.is_none() || one.until >= Some(day)).copied()
}

fn second_computation(facts: &Facts, month: Date) -> BTreeMap<Name, (i64, i64)> {
    let mut persons: Vec<RecordId> = facts.placements.iter().map(|one| one.participant).collect();
    persons.sort();
    persons.dedup();
    let mut all: BTreeMap<Name, (i64, i64)> = BTreeMap::new();
    for person in persons {
        let of: Vec<&Placement> = facts.placements.iter().filter(|one| one.participant == person).collect();
        let paid = facts.reports.iter().any(|one| {
            one.participant == person && month_text(one.month) == month_text(month) && one.state == "approved"
        });
        for n in 1..=31 {
            let Ok(day) = Date::new(month.year(), month.month(), n) else { continue };
            let Some(placement) = holds(&of, day) else { continue };
            let away = facts
                .pauses
                .iter()
                .any(|one| one.participant == person && one.from <= day && one.until.is_none_or(|until| day <= until));
            let Some((ore, attended)) = day_price(&placement.programme, &placement.level, day) else { continue };
            let came = facts.attended.iter().any(|one| one.participant == person && one.date == day && one.came);
            if away || (attended && !came) {
                continue;
            }
            let name = (person, placement.unit.clone(), placement.programme.clone(), placement.level.clone(), "day");
            let sum = all.entry(name).or_default();
            sum.1 += ore;
            sum.0 += if paid { ore } else { 0 };
        }
        let mut results: Vec<&Outcome> = facts.outcomes.iter().filter(|one| one.participant == person).collect();
        results.sort_by_key(|one| (one.date, one.seen.0));
        let mut counted: Vec<(Date, bool)> = Vec::new();
        for result in results {
            let begun = of.iter().filter(|one| one.from <= result.date);
            let Some(placement) = begun.max_by(|a, b| a.from.cmp(&b.from).then(a.seen.0.cmp(&b.seen.0))) else {
                continue;
            };
            // The stay's first day: go back as long as a placement reaches the day before some other's beginning.
            let mut first = placement.from;
            let mut sorted: Vec<&Placement> = of.clone();
            sorted.sort_by(|a, b| b.from.cmp(&a.from).then(b.seen.0.cmp(&a.seen.0)));
            let place = sorted.iter().position(|one| one.seen == placement.seen).unwrap();
            for one in &sorted[place + 1..] {
                if one.until.is_some_and(|until| later(until, 1) < first) {
                    break;
                }
                first = one.from;
            }
            if counted.contains(&(first, result.second)) {
                continue;
            }
            counted.push((first, result.second));
            let price = result_price(&placement.level, result.second, result.date);
            let of_programme = placement.programme == "rusta-och-matcha";
            let (Some(ore), true) = (price, of_programme && month_text(result.date) == month_text(month)) else {
                continue;
            };
            let what = if result.second { "rr2" } else { "rr1" };
            let name = (person, placement.unit.clone(), placement.programme.clone(), placement.level.clone(), what);
            let sum = all.entry(name).or_default();
            sum.1 += ore;
            sum.0 += if result.approved { ore } else { 0 };
        }
    }
    all.retain(|_, sum| *sum != (0, 0));
    all
}

#[test]
fn the_amounts_of_1200_participants_over_18_months_agree_to_the_ore_with_an_independent_computation() {
    let facts = unit(1_200, 18, 4_711);
    let programmes = Programmes::read(FILE).unwrap();
    // The second computation looks through everything for every day; participants are cut into small groups for it.
    let mut groups: BTreeMap<RecordId, Facts> = BTreeMap::new();
    for one in &facts.placements {
        groups.entry(one.participant).or_default().placements.push(one.clone());
    }
    for one in &facts.attended {
        groups.entry(one.participant).or_default().attended.push(one.clone());
    }
    for one in &facts.reports {
        groups.entry(one.participant).or_default().reports.push(one.clone());
    }
    for one in &facts.outcomes {
        groups.entry(one.participant).or_default().outcomes.push(one.clone());
    }
    for one in &facts.pauses {
        groups.entry(one.participant).or_default().pauses.push(one.clone());
    }
    let (mut sum, mut lines, mut blocked) = (0, 0, 0);
    for n in 0..18 {
        let month = months_later(FIRST, n);
        let first = by_first(&amounts(&facts, &programmes, month));
        let mut second = BTreeMap::new();
        for facts in groups.values() {
            second.extend(second_computation(facts, month));
        }
        for (name, expected) in &second {
            assert_eq!(first.get(name), Some(expected), "{} {name:?}", month_text(month));
        }
        assert_eq!(first, second, "{}", month_text(month));
        lines += first.len();
        sum += first.values().map(|one| one.0).sum::<i64>();
        blocked += first.values().map(|one| one.1 - one.0).sum::<i64>();
    }
    assert!(lines > 5_000 && sum > 100_000_000 && blocked > 1_000_000, "{lines} lines, {sum} öre, {blocked} blocked");
}

#[test]
fn every_trait_of_a_unit_occurs_in_the_generated_one() {
    let facts = unit(1_200, 18, 4_711);
    let by = by_participant(&facts.placements, |one: &Placement| one.participant);
    let pairs =
        || by.values().flat_map(|all| all.iter().flat_map(move |one| all.iter().map(move |other| (one, other))));
    let next = |one: &Placement, other: &Placement| one.until.map(|until| later(until, 1)) == Some(other.from);
    let traits = [
        ("unit changes in a month", pairs().any(|(a, b)| next(a, b) && a.unit != b.unit && b.from.day() != 1)),
        ("level changes in a month", pairs().any(|(a, b)| next(a, b) && a.level != b.level && b.from.day() != 1)),
        ("overlap", pairs().any(|(a, b)| a.from < b.from && a.until.is_some_and(|until| until >= b.from))),
        ("gap", pairs().any(|(a, b)| a.until.is_some_and(|until| later(until, 10) < b.from))),
        ("twice", pairs().any(|(a, b)| a.seen != b.seen && a.from == b.from)),
        ("pause", facts.pauses.iter().any(|one| one.until.is_none())),
        ("late report", facts.reports.iter().any(|one| one.state == "incomplete")),
        ("unapproved result", facts.outcomes.iter().any(|one| !one.approved)),
        ("no price", facts.placements.iter().any(|one| one.level == "X")),
    ];
    for (name, there) in traits {
        assert!(there, "{name}");
    }
}

#[test]
fn a_month_that_is_cut_by_unit_level_price_and_pause_pays_each_piece_once() {
    let participant = RecordId([9; 16]);
    let place = |n: u8, unit: &str, level: &str, from, until| Placement {
        seen: (RecordId([n; 16]), 1),
        participant,
        programme: "rusta-och-matcha".to_owned(),
        level: level.to_owned(),
        unit: unit.to_owned(),
        from,
        until,
    };
    let facts = Facts {
        placements: vec![
            place(1, "ka-1", "B", date(2025, 9, 1), Some(date(2025, 9, 20))),
            place(2, "ka-2", "B", date(2025, 9, 21), None),
        ],
        pauses: vec![Pause {
            seen: (RecordId([3; 16]), 1),
            participant,
            from: date(2025, 9, 25),
            until: Some(date(2025, 9, 26)),
        }],
        reports: vec![Report {
            seen: (RecordId([4; 16]), 1),
            participant,
            month: date(2025, 9, 1),
            state: "approved".to_owned(),
        }],
        ..Facts::default()
    };
    let amounts = amounts(&facts, &Programmes::read(FILE).unwrap(), date(2025, 9, 1));
    let lines: Vec<_> = amounts.iter().map(|one| (one.unit.as_str(), one.days, one.price)).collect();
    assert_eq!(lines, [("ka-1", 15, 5_893), ("ka-1", 5, 6_011), ("ka-2", 8, 6_011)]);
    assert!(amounts.iter().all(|one| one.blocked.is_none()));
}
