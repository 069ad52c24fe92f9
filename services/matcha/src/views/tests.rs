//! The computed pages over a made-up unit: what they need, what they say, and what they propose.

use std::collections::HashSet;

use jiff::civil::date;
use service::{At, Figure, Kinds, Proposal, Search, Sheet, Table, Which};
use terms::{Instant, KindName, RecordId};

use super::*;
use crate::amounts::amounts;
use crate::made_up::{FILE, Ids, ask, kept, unit};
use crate::rows::{Claim, Facts, Placement, Report};

const MONTH: &[(&str, &str)] = &[("month", "2025-09")];

fn table<'s>(sheet: &'s Sheet, name: &str) -> &'s Table {
    sheet.tables.iter().find(|one| one.name == name).unwrap()
}

fn money(table: &Table, key: &str, column: &str) -> i64 {
    let place = table.columns.iter().position(|one| one.name == column).unwrap();
    let line = table.rows.iter().chain(&table.total).find(|line| line.key == key).unwrap();
    match line.cells[place].figure {
        Figure::Money(ore) => ore,
        ref other => panic!("{other:?}"),
    }
}

fn act<'s>(sheet: &'s Sheet, name: &str) -> &'s Proposal {
    sheet.acts.iter().find(|one| one.name == name).unwrap()
}

/// Carries out what a sheet proposes, as the house would.
fn carry_out(facts: &mut Facts, proposal: &Proposal, ids: &mut Ids) {
    for write in &proposal.writes {
        let value = |name: &str| {
            write.values.iter().find(|(field, _)| *field == name).map(|(_, value)| value.clone()).unwrap_or_default()
        };
        match write.at {
            At::Under(participant) => facts.claims.push(Claim {
                seen: (ids.next(), 2),
                participant,
                period: service::read_month(&value("period")).unwrap(),
                unit: value("unit"),
                programme: value("programme"),
                level: value("level"),
                what: value("what"),
                days: value("days").parse().unwrap(),
                price: service::hundredths(&value("price")).unwrap(),
                amount: service::hundredths(&value("amount")).unwrap(),
                sources: value("sources"),
                revises: value("revises").parse().ok(),
                state: write.state.unwrap().to_owned(),
            }),
            At::Record(record, version) => {
                let claim = facts.claims.iter_mut().find(|one| one.seen == (record, version)).unwrap();
                assert!(write.values.is_empty(), "a frozen line is never rewritten");
                claim.seen.1 += 1;
                claim.state = write.state.unwrap().to_owned();
            }
        }
    }
}

#[test]
fn every_need_is_of_a_kind_and_fields_that_the_service_keeps_and_can_find() {
    let kinds = Kinds::read("kinds.toml", include_str!("../../kinds.toml")).unwrap();
    let kept = kept(&unit(40, 12, 1));
    for view in ALL {
        let (sheet, needs) = ask(view, &kept, &[("month", "2025-09"), ("date", "2025-09-10")], date(2025, 9, 10));
        assert!(sheet.is_ok(), "{}: {:?}", view.path(), sheet.err());
        assert!(kinds.kinds.iter().any(|kind| kind.name.as_str() == view.kind()), "{}", view.path());
        for need in needs {
            let kind = kinds.kind(&KindName::new(need.kind).unwrap());
            let kind = kind.unwrap_or_else(|| panic!("{}: no kind {}", view.path(), need.kind));
            for field in need.fields {
                assert!(kind.field(field).is_some(), "{}: {} has no {field}", view.path(), need.kind);
            }
            assert!(!need.fields.is_empty() || need.named, "{}: {} reads nothing", view.path(), need.kind);
            if let Which::With { field, .. } = &need.which {
                let found = kind.field(field.as_str()).and_then(|field| field.search);
                assert_eq!(found, Some(Search::Exact), "{}: {}.{field}", view.path(), need.kind);
            }
        }
    }
}

#[test]
fn no_view_sees_a_name() {
    let kinds = Kinds::read("kinds.toml", include_str!("../../kinds.toml")).unwrap();
    let kept = kept(&unit(5, 6, 2));
    for view in ALL {
        let (_, needs) = ask(view, &kept, MONTH, date(2025, 10, 5));
        for need in needs {
            let kind = kinds.kind(&KindName::new(need.kind).unwrap()).unwrap();
            for field in need.fields {
                let category = kind.field(field).unwrap().category.as_str();
                assert!(!["name", "contact", "email", "phone", "birth-date"].contains(&category), "{}", view.path());
            }
        }
    }
}

#[test]
fn the_month_report_adds_up_and_every_figure_names_records_that_there_are() {
    let facts = unit(300, 12, 7);
    let all = kept(&facts);
    let there: HashSet<RecordId> = all.iter().map(|(head, _)| head.record).collect();
    let (sheet, _) = ask(&month::Month, &all, MONTH, date(2025, 10, 5));
    let sheet = sheet.unwrap();
    let units = table(&sheet, "units");
    let expected: i64 =
        amounts(&facts, &Programmes::read(FILE).unwrap(), date(2025, 9, 1)).iter().map(|one| one.claimable()).sum();
    let sum = money(units, "total", "day-pay") + money(units, "total", "results");
    assert_eq!(sum, expected);
    for column in ["day-pay", "results", "blocked", "frozen", "difference"] {
        for name in ["units", "participants"] {
            let table = table(&sheet, name);
            let sum: i64 = table.rows.iter().map(|line| money(table, &line.key, column)).sum();
            assert_eq!(sum, money(units, "total", column), "{name} {column}");
        }
    }
    let mut sources = 0;
    for table in &sheet.tables {
        let keys: HashSet<&str> = table.rows.iter().map(|line| line.key.as_str()).collect();
        assert_eq!(keys.len(), table.rows.len(), "each line has a key of its own");
        for line in &table.rows {
            assert_eq!(line.cells.len(), table.columns.len(), "{}", line.key);
            for (_, records) in line.cells.iter().flat_map(|cell| cell.from.by_kind()) {
                sources += records.len();
                assert!(records.iter().all(|record| there.contains(record)));
            }
        }
    }
    assert!(sources > 1_000);
    assert!(sheet.plots.iter().all(|plot| sheet.tables.iter().any(|table| table.name == plot.table)));
}

#[test]
fn what_was_verified_stays_and_a_later_correction_is_a_difference_of_its_own() {
    let mut facts = unit(60, 12, 11);
    let mut ids = Ids(1 << 40);
    let today = date(2025, 10, 6);
    let see = |facts: &Facts| ask(&claims::Claims, &kept(facts), MONTH, today).0.unwrap();
    let before = see(&facts);
    let claimable = money(table(&before, "claims"), "total", "claimable");
    assert!(act(&before, "verify").writes.len() > 10 && act(&before, "revise").writes.is_empty());
    carry_out(&mut facts, act(&before, "verify"), &mut ids);
    let frozen = facts.claims.clone();
    let after = see(&facts);
    assert_eq!(money(table(&after, "claims"), "total", "frozen"), claimable);
    assert_eq!(money(table(&after, "claims"), "total", "difference"), 0);
    assert!(act(&after, "verify").writes.is_empty() && act(&after, "revise").writes.is_empty());
    carry_out(&mut facts, act(&after, "invoice"), &mut ids);

    // A stay ended earlier than was written.
    let claim =
        frozen.iter().find(|one| one.what == "day" && one.programme == "rusta-och-matcha" && one.days > 10).unwrap();
    let stay = facts.placements.iter_mut().find(|one| {
        one.participant == claim.participant
            && one.unit == claim.unit
            && one.level == claim.level
            && one.from < date(2025, 9, 10)
    });
    let Some(stay) = stay else { panic!("a stay of {claim:?}") };
    stay.until = Some(date(2025, 9, 10).max(stay.from));
    stay.seen.1 += 1;
    let changed = see(&facts);
    let difference = money(table(&changed, "claims"), "total", "difference");
    assert_ne!(difference, 0);
    assert_eq!(money(table(&changed, "claims"), "total", "frozen"), claimable, "what was verified stays");
    let report = ask(&month::Month, &kept(&facts), MONTH, today).0.unwrap();
    let said = report.warnings.iter().find(|one| one.text.sv.contains("ändrats efter verifieringen")).unwrap();
    assert!(said.text.en.contains(&crate::claims::money(difference)), "{}", said.text.en);
    assert!(said.from.by_kind().iter().any(|(kind, _)| *kind == "placement"));

    carry_out(&mut facts, act(&changed, "revise"), &mut ids);
    for (old, new) in frozen.iter().zip(&facts.claims) {
        assert_eq!((old.amount, old.days, &old.sources), (new.amount, new.days, &new.sources), "never rewritten");
        assert_eq!(new.state, "invoiced");
    }
    let revision = facts.claims.iter().find(|one| one.revises.is_some()).unwrap();
    assert_eq!(revision.state, "verified");
    let revised = see(&facts);
    let now = table(&revised, "claims");
    assert_eq!(money(now, "total", "difference"), 0);
    assert_eq!(money(now, "total", "frozen"), money(now, "total", "claimable"));
    assert!(act(&revised, "revise").writes.is_empty(), "once");
}

#[test]
fn a_corrected_attendance_is_told_and_revises_what_is_paid_by_it() {
    let participant = RecordId([7; 16]);
    let september = date(2025, 9, 1);
    let mut facts = Facts {
        placements: vec![Placement {
            seen: (RecordId([1; 16]), 1),
            participant,
            programme: "steg".to_owned(),
            level: "1".to_owned(),
            unit: "ka-1001".to_owned(),
            from: date(2025, 9, 1),
            until: None,
        }],
        reports: vec![Report {
            seen: (RecordId([2; 16]), 1),
            participant,
            month: september,
            state: "approved".to_owned(),
        }],
        attended: (1..=3)
            .map(|n| rows::Attended {
                seen: (RecordId([10 + n as u8; 16]), 1),
                participant,
                date: date(2025, 9, n),
                written: Instant(0),
                came: true,
                reason: String::new(),
            })
            .collect(),
        ..Facts::default()
    };
    let mut ids = Ids(1 << 60);
    let see = |facts: &Facts| ask(&claims::Claims, &kept(facts), MONTH, date(2025, 10, 6)).0.unwrap();
    let first = see(&facts);
    carry_out(&mut facts, act(&first, "verify"), &mut ids);
    assert_eq!(facts.claims[0].amount, 3 * 21_345);
    facts.attended[1].came = false;
    facts.attended[1].seen.1 += 1;
    facts.attended[1].written = Instant(i64::MAX);
    let report = ask(&month::Month, &kept(&facts), MONTH, date(2025, 10, 6)).0.unwrap();
    let said = &report.warnings.iter().find(|one| one.text.en.contains("-213.45")).unwrap().from;
    assert!(said.by_kind().iter().any(|(kind, ids)| *kind == "attendance" && ids.contains(&facts.attended[1].seen.0)));
    let second = see(&facts);
    carry_out(&mut facts, act(&second, "revise"), &mut ids);
    assert_eq!(facts.claims.iter().map(|one| one.amount).collect::<Vec<_>>(), [3 * 21_345, -21_345]);
    assert_eq!(facts.claims[1].days, -1);
    assert_eq!(facts.claims[1].revises, Some(facts.claims[0].seen.0));
}

#[test]
fn a_self_invoice_is_reconciled_line_by_line_and_what_agrees_can_be_paid() {
    let mut facts = unit(30, 12, 3);
    let mut ids = Ids(1 << 40);
    let today = date(2025, 10, 6);
    let verified = ask(&claims::Claims, &kept(&facts), MONTH, today).0.unwrap();
    carry_out(&mut facts, act(&verified, "verify"), &mut ids);
    let mut groups: std::collections::BTreeMap<_, i64> = std::collections::BTreeMap::new();
    for one in &facts.claims {
        *groups.entry((one.unit.clone(), one.level.clone(), one.what.clone(), one.participant)).or_default() +=
            one.amount;
    }
    let mut csv = "period;enhet;nivå;slag;referens;belopp\n".to_owned();
    for (place, ((unit, level, what, participant), amount)) in groups.iter().enumerate() {
        let amount = match place {
            0 => continue,
            1 => amount + 1,
            _ => *amount,
        };
        let whose = if place % 2 == 0 { participant.short() } else { format!("o{}", participant.short()) };
        let amount = crate::claims::money(amount).replace('.', ",");
        csv.push_str(&format!("2025-09;{unit};{level};{what};{whose};{amount}\n"));
    }
    csv.push_str("2025-09;ka-9;a;dag;okänd;10,00\n");
    let sheet = ask(&reconcile::Reconcile, &kept(&facts), &[("month", "2025-09"), ("invoice", &csv)], today).0.unwrap();
    let lines = table(&sheet, "lines");
    let outcomes = |sv: &str| {
        lines.rows.iter().filter(|line| matches!(&line.cells[10].figure, Figure::Text(text) if text.sv == sv)).count()
    };
    assert_eq!(outcomes("stämmer"), groups.len() - 2);
    assert_eq!((outcomes("skiljer sig"), outcomes("saknas på fakturan"), outcomes("saknas hos oss")), (1, 1, 1));
    let first = *groups.values().next().unwrap();
    assert_eq!(money(lines, "total", "difference"), 1 - first + 1_000);
    carry_out(&mut facts, act(&sheet, "pay"), &mut ids);
    let again = ask(&reconcile::Reconcile, &kept(&facts), &[("month", "2025-09"), ("invoice", &csv)], today).0.unwrap();
    assert!(act(&again, "pay").writes.is_empty());
}

#[test]
fn the_forecast_shows_past_and_coming_months_of_every_unit() {
    let (sheet, _) = ask(&forecast::Forecast, &kept(&unit(200, 12, 5)), &[], date(2025, 8, 15));
    let sheet = sheet.unwrap();
    assert_eq!(table(&sheet, "months").rows.len() % 12, 0);
    assert_eq!(sheet.plots[0].points.len(), 12);
    assert!(sheet.plots[0].points.iter().all(|(_, ore)| *ore >= 0));
    assert!(sheet.plots[0].points.iter().any(|(_, ore)| *ore > 0));
}

#[test]
fn without_the_customers_file_a_view_says_what_to_do() {
    let arguments = service::Arguments::default();
    let given = Given { today: date(2025, 9, 1), arguments: &arguments, rulebook: None, opened: Vec::new() };
    let no = programmes(&given).unwrap_err();
    assert!(no.sv.contains("inte antagen") && no.en.contains("not adopted"));
    let broken = service::Rulebook { version: "1", hash: "", text: "[programme.x]\nlevels = 3\n" };
    let no = programmes(&Given { rulebook: Some(broken), ..given }).unwrap_err();
    assert!(no.sv.contains("rad "), "{}", no.sv);
}

#[test]
fn the_demos_files_read_without_a_fault() {
    for text in
        [include_str!("../../demo/kundfil-omstallningsbyran.toml"), include_str!("../../demo/kundfil-nasta-steg.toml")]
    {
        let programmes = Programmes::read(text).unwrap();
        assert_eq!(programmes.0.len(), 2);
        assert_eq!(programmes.named("rusta-och-matcha").unwrap().weights.len(), 4);
    }
}

/// A participant who moved from one unit to another in the middle of September, the first placement left open.
fn moved() -> Facts {
    let participant = RecordId([1; 16]);
    let placed = |byte, unit: &str, from| Placement {
        seen: (RecordId([byte; 16]), 1),
        participant,
        programme: "rusta-och-matcha".to_owned(),
        level: "A".to_owned(),
        unit: unit.to_owned(),
        from,
        until: None,
    };
    let placements = vec![placed(2, "ka-1001", date(2025, 3, 1)), placed(3, "ka-1002", date(2025, 9, 16))];
    let outcome = crate::rows::Outcome {
        seen: (RecordId([4; 16]), 1),
        participant,
        second: false,
        date: date(2025, 8, 1),
        approved: true,
    };
    Facts { placements, outcomes: vec![outcome], ..Facts::default() }
}

#[test]
fn whoever_moved_is_the_load_of_one_unit_a_day_and_in_the_measure_of_the_last() {
    let kept = kept(&moved());
    let number = |view: &dyn View, table_name: &str, key: &str, column: &str, arguments: &[(&'static str, &str)]| {
        let sheet = ask(view, &kept, arguments, date(2025, 10, 5)).0.unwrap();
        let table = table(&sheet, table_name);
        let place = table.columns.iter().position(|one| one.name == column).unwrap();
        let line = table.rows.iter().find(|line| line.key == key);
        line.map(|line| line.cells[place].figure.clone())
    };
    let of = |unit, column| {
        let arguments = [("date", "2025-09-30"), ("unit", unit)];
        number(&measure::Measure, "levels", "rusta-och-matcha/A", column, &arguments)
    };
    let counts = |unit| (of(unit, "participants"), of(unit, "rr1"));
    assert_eq!(counts("ka-1001"), (Some(Figure::from(0)), Some(Figure::from(0))));
    assert_eq!(counts("ka-1002"), (Some(Figure::from(1)), Some(Figure::from(1))));
    // Nobody is the case worker here, which is told with the records: in October of one unit alone.
    let told = |unit: &str, month: &str| {
        let sheet = ask(&load::Load, &kept, &[("month", month), ("unit", unit)], date(2025, 11, 5)).0.unwrap();
        sheet.warnings.iter().map(|warning| warning.from.count()).sum::<usize>()
    };
    assert_eq!((told("ka-1001", "2025-09"), told("ka-1002", "2025-09")), (1, 1));
    assert_eq!((told("ka-1001", "2025-10"), told("ka-1002", "2025-10")), (0, 1));
}

#[test]
fn the_measure_stands_there_for_every_programme_that_has_weights() {
    let (sheet, _) = ask(&measure::Measure, &kept(&unit(60, 12, 5)), &[("date", "2025-12-31")], date(2026, 1, 5));
    let sheet = sheet.unwrap();
    assert_eq!(sheet.tables.len(), 1, "figures are found by their table's name");
    let programmes = Programmes::read(FILE).unwrap();
    for programme in programmes.0.iter().filter(|one| !one.weights.is_empty()) {
        let key = format!("{}/total", programme.name);
        assert!(sheet.tables[0].rows.iter().any(|line| line.key == key), "{key}");
    }
}

#[test]
fn the_economy_of_twelve_months_is_the_month_reports_put_together() {
    let kept = kept(&unit(120, 12, 13));
    let (sheet, _) = ask(&economy::Economy, &kept, &[("month", "2025-12")], date(2026, 1, 5));
    let economy = sheet.unwrap();
    let months = table(&economy, "months");
    for month in ["2025-02", "2025-09", "2025-12"] {
        let (sheet, _) = ask(&month::Month, &kept, &[("month", month)], date(2026, 1, 5));
        let report = sheet.unwrap();
        let units = table(&report, "units");
        for column in ["day-pay", "results", "blocked"] {
            assert_eq!(money(months, month, column), money(units, "total", column), "{month} {column}");
        }
        let workers = table(&report, "case-workers");
        let sum: i64 = workers.rows.iter().map(|line| money(workers, &line.key, "day-pay")).sum();
        assert_eq!(sum, money(units, "total", "day-pay"), "{month}");
    }
    let programmes = table(&economy, "programmes");
    let sum: i64 = programmes.rows.iter().map(|line| money(programmes, &line.key, "sum")).sum();
    assert_eq!(sum, money(months, "total", "sum"));
}

#[test]
fn a_job_that_lasted_is_proposed_as_a_result_once_and_foreseen_before() {
    let mut facts = moved();
    facts.outcomes.clear();
    let job = crate::rows::Job {
        seen: (RecordId([8; 16]), 1),
        participant: RecordId([1; 16]),
        start: date(2025, 5, 20),
        until: None,
        form: "permanent".to_owned(),
    };
    facts.jobs.push(job);
    let see = |facts: &Facts| ask(&results::Results, &kept(facts), &[], date(2025, 9, 1)).0.unwrap();
    let sheet = see(&facts);
    let writes = &act(&sheet, "write").writes;
    assert_eq!(writes.len(), 1);
    let values =
        [("which", "rr1"), ("date", "2025-08-20"), ("kind", "job")].map(|(name, value)| (name, value.to_owned()));
    assert_eq!((writes[0].kind, writes[0].values.as_slice()), ("result", values.as_slice()));
    // The followed-up result is foreseen in its month, at the price that holds then.
    let forecast = ask(&forecast::Forecast, &kept(&facts), &[], date(2025, 9, 1)).0.unwrap();
    assert_eq!(money(table(&forecast, "months"), "ka-1001/2025-11", "results"), 1_000_050);
    let outcome = crate::rows::Outcome {
        seen: (RecordId([4; 16]), 1),
        participant: RecordId([1; 16]),
        second: false,
        date: date(2025, 8, 20),
        approved: false,
    };
    facts.outcomes.push(outcome);
    assert!(act(&see(&facts), "write").writes.is_empty());
}
