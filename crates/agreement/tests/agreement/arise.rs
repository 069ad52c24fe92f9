//! What must be done, by when: small agreements on paper with known answers, and everything that holds for every agreement
//! of this repository.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use agreement::arise::{
    self, ASKED_EVENTS, Answer, Done, Duty, Event, Meaning, Named, Standing, compare, duty_lines, event_kind, in_text,
};
use agreement::register::Register;
use agreement::{Agreement, language};
use proptest::prelude::*;
use terms::{Instant, Language};

const FRAME: &str = include_str!("../bad/frame.md");

/// A small agreement that says this under clause 9.
fn paper(terms: &str) -> Agreement {
    let text = format!("{FRAME}\n\n## 9 Tried {{#tried}}\n\n```toml\n{terms}\n```\n");
    Agreement::read("paper.md", &text).unwrap_or_else(|faults| panic!("{faults}"))
}

fn at(day: &str, clock: &str) -> Instant {
    calendar::Calendar::default().zone.at(day.parse().unwrap(), clock.parse().unwrap()).unwrap()
}

/// The duty of this id.
fn duty(agreement: &Agreement, event: &Event, id: &str) -> Duty {
    let duties = agreement.arise(event);
    let found = duties.iter().find(|duty| duty.id == id).cloned();
    found.unwrap_or_else(|| panic!("{id} is not among {:?}", duties.iter().map(|duty| &duty.id).collect::<Vec<_>>()))
}

fn block(name: &str, rest: &str) -> String {
    format!("[{name}]\ndoes = {{ sv = \"göra\", en = \"do\" }}\nwho = \"processor\"\nkind = \"performed\"\n{rest}\n")
}

/// When the one act of an agreement that says `rest` is due, after an incident on a Wednesday before Easter.
fn check(rest: &str, expected: Option<&str>, standing: Standing) -> Duty {
    let agreement = paper(&block("incident.notice", rest));
    let found = duty(&agreement, &Event::new("incident", at("2026-04-01", "10:00")), "incident.notice");
    assert_eq!(found.time.due.when(Language::En).as_deref(), expected, "{rest}");
    assert_eq!(found.time.standing, standing, "{rest}");
    assert_eq!(found.time.due.promised, standing == Standing::Promised, "{rest}");
    found
}

#[test]
fn a_counted_period_is_a_promise_and_a_word_is_none() {
    check("within = \"72 hours\"", Some("Saturday 4 April 2026 at 10:00"), Standing::Promised);
    check("within = \"72 hours\"\ntarget = \"24 hours\"", Some("Saturday 4 April 2026 at 10:00"), Standing::Promised);
    check("within = \"without undue delay\"", None, Standing::Worded);
    let own = check(
        "within = \"without undue delay\"\ntarget = \"24 hours\"",
        Some("Thursday 2 April 2026 at 10:00"),
        Standing::Operators,
    );
    let answer = own.time.answer();
    assert!(answer.en.contains("without undue delay") && answer.en.contains("the operator's own limit"), "{answer:?}");
}

#[test]
fn a_silence_is_not_found_and_the_operators_own_limit_is_no_promise() {
    let silent = check("within = { not-found = \"någon tid\" }", None, Standing::NotFound);
    assert_eq!(silent.not_found.len(), 1);
    assert!(silent.time.answer().sv.contains("hittas inte"));
    let own = check(
        "within = { not-found = \"någon tid\" }\ntarget = \"1 day\"",
        Some("Thursday 2 April 2026 at 10:00"),
        Standing::Operators,
    );
    assert!(own.time.lines.iter().any(|line| line.en.starts_with("The operator's own limit is 1 day")));
    check(
        "within = { value = \"1 day\", provenance = \"set by the operator\", why = \"texten är tyst\" }",
        Some("Thursday 2 April 2026 at 10:00"),
        Standing::Operators,
    );
    check("within = { none = true }", None, Standing::NoneSaid);
    check("", None, Standing::Untimed);
}

#[test]
fn the_agreements_way_of_counting_moves_the_day() {
    let counted = |calendar: &str| {
        let agreement = paper(&format!("{calendar}\n{}", block("incident.notice", "within = \"3 days\"")));
        let found = duty(&agreement, &Event::new("incident", at("2026-04-01", "10:00")), "incident.notice");
        (found.time.due.when(Language::En).unwrap(), found.time.lines)
    };
    let (plain, lines) = counted("");
    assert_eq!(plain, "Saturday 4 April 2026 at 10:00");
    assert!(lines.iter().any(|line| line.sv.contains("Avtalet säger inget om detta")), "{lines:?}");
    let (moved, lines) = counted(
        "[calendar]\ncounting = \"regulation-1182-71\"\nsaturday-is-working-day = false\neves-are-free = false",
    );
    assert_eq!(moved, "Tuesday 7 April 2026 at 24:00");
    assert!(lines.iter().any(|line| line.sv.contains("(punkt 9)")), "{lines:?}");
}

#[test]
fn a_chain_counts_from_what_came_before_and_is_no_promise_before_that_is_known() {
    let report = block("incident.report", "within = \"72 hours\"\nstart = \"after\"\nafter = \"incident.notice\"");
    let promised = paper(&format!("{}{report}", block("incident.notice", "within = \"24 hours\"")));
    let mut event = Event::new("incident", at("2026-06-01", "10:00"));
    let found = duty(&promised, &event, "incident.report");
    assert_eq!(found.time.due.when(Language::En).as_deref(), Some("Friday 5 June 2026 at 10:00"));
    assert_eq!(found.time.standing, Standing::Promised);

    let worded = "within = \"without undue delay\"\ntarget = \"24 hours\"";
    let worded = paper(&format!("{}{report}", block("incident.notice", worded)));
    let found = duty(&worded, &event, "incident.report");
    assert_eq!(found.time.standing, Standing::Operators);
    event.facts.done.insert("incident.notice".to_owned(), Done { at: at("2026-06-01", "11:00"), arrived: None });
    let found = duty(&worded, &event, "incident.report");
    assert_eq!(found.time.due.when(Language::En).as_deref(), Some("Thursday 4 June 2026 at 11:00"));
    assert_eq!(found.time.standing, Standing::Promised);

    let open = paper(&format!("{}{report}", block("incident.notice", "within = \"promptly\"")));
    let found = duty(&open, &Event::new("incident", at("2026-06-01", "10:00")), "incident.report");
    assert_eq!((found.time.due.at, found.time.standing), (None, Standing::Open));
}

#[test]
fn a_period_from_receipt_goes_by_the_rule_of_the_channel() {
    let notice = block("subprocessor-change.notice", "by = [\"e-mail\"]\nahead = \"1 month\"\nof = \"engagement\"");
    let objection = "[subprocessor-change.objection]\ndoes = { sv = \"invända\", en = \"object\" }\nwho = \"controller\"\nkind = \"performed\"\nright = true\nwithin = \"10 days\"\nstart = \"receipt\"\n";
    let receipt = "[receipt.e-mail]\nreceived = \"same-day-before-cut-off\"\ncut-off = \"16:00\"\nproof = true\n";
    let mut event = Event::new("subprocessor-change", at("2026-06-05", "10:00"));
    let silent = paper(&format!("{notice}{objection}"));
    let found = duty(&silent, &event, "subprocessor-change.objection");
    assert_eq!(found.time.due.when(Language::En).as_deref(), Some("Monday 15 June 2026 at 10:00"));
    assert!(found.time.lines.iter().any(|line| line.en.contains("does not say when the message counts as received")));

    // A Friday, unproven: the next working day, Monday 8 June; the National Day is that Saturday.
    let ruled = paper(&format!("{receipt}{notice}{objection}"));
    let found = duty(&ruled, &event, "subprocessor-change.objection");
    assert_eq!(found.time.due.when(Language::En).as_deref(), Some("Thursday 18 June 2026 at 24:00"));
    let done = Done { at: at("2026-06-05", "10:00"), arrived: Some(at("2026-06-05", "10:01")) };
    event.facts.done.insert("subprocessor-change.notice".to_owned(), done);
    let found = duty(&ruled, &event, "subprocessor-change.objection");
    assert_eq!(found.time.due.when(Language::En).as_deref(), Some("Monday 15 June 2026 at 10:01"));
}

#[test]
fn ahead_counts_back_from_a_day_that_is_set_and_else_says_the_first_that_can_be() {
    let agreement = paper(&block("subprocessor-change.notice", "ahead = \"14 days\"\nof = \"engagement\""));
    let mut event = Event::new("subprocessor-change", at("2026-06-01", "10:00"));
    let found = duty(&agreement, &event, "subprocessor-change.notice");
    assert_eq!(found.time.meaning, Meaning::Earliest);
    assert_eq!(found.time.due.when(Language::En).as_deref(), Some("Monday 15 June 2026 at 10:00"));
    event.facts.engagement = Some(at("2026-07-01", "00:00"));
    let found = duty(&agreement, &event, "subprocessor-change.notice");
    assert_eq!(found.time.meaning, Meaning::Latest);
    assert_eq!(found.time.due.when(Language::En).as_deref(), Some("Wednesday 17 June 2026 at 00:00"));
}

#[test]
fn the_ending_brings_retention_notice_and_choice() {
    let agreement = paper(
        "[retention.content]\nof = \"content\"\nphase = \"after-end\"\nkeep = \"30 days\"\nstart = \"end-of-service\"\nthen = \"erased\"\n\
         [retention.logs]\nof = \"logs\"\nphase = \"after-end\"\nkeep = { not-found = \"hur länge loggar sparas\" }\nthen = \"erased\"\n\
         [ending]\nchoice = [\"erase\", \"return\"]\nsilence = \"erased\"\nexception = \"any-law\"\ncertificate = \"on-request\"\nformat = { not-found = \"form\" }\nto = [\"controller\"]\n\
         [duration.service]\nstart = \"registration\"\nend = \"until-notice\"\nnotice = \"1 month\"\n",
    );
    let event = Event::new("termination", at("2026-06-30", "00:00"));
    let ids: Vec<String> = agreement.arise(&event).into_iter().map(|duty| duty.id).collect();
    assert_eq!(ids, ["ending", "duration.service", "retention.content", "retention.logs"]);
    let content = duty(&agreement, &event, "retention.content");
    assert_eq!(content.time.due.when(Language::Sv).as_deref(), Some("torsdag 30 juli 2026 kl. 00.00"));
    assert_eq!(duty(&agreement, &event, "retention.logs").time.standing, Standing::NotFound);
    let notice = duty(&agreement, &event, "duration.service");
    assert_eq!(notice.time.due.when(Language::Sv).as_deref(), Some("lördag 30 maj 2026 kl. 00.00"));
}

#[test]
fn what_returns_comes_on_the_days_counted_from_the_first() {
    let agreement = paper(&block("periodic.review", "every = \"1 month\"\nfirst = \"2026-01-31\"\n"));
    let days: Vec<String> = agreement
        .returning(at("2026-02-01", "12:00"), 3)
        .iter()
        .map(|duty| duty.time.due.ends.unwrap().day.to_string())
        .collect();
    assert_eq!(days, ["2026-02-28", "2026-03-31", "2026-04-30"]);
}

/// Every agreement of this repository, by the name of its service.
fn agreements() -> Vec<Named> {
    static ALL: LazyLock<Vec<Named>> = LazyLock::new(read_all);
    ALL.clone()
}

fn read_all() -> Vec<Named> {
    let services = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../services");
    let mut folders: Vec<_> = fs::read_dir(services).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let read = folders.iter().filter_map(|folder| {
        let text = fs::read_to_string(folder.join("agreement.sv.md")).ok()?;
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let agreement = Agreement::read(&name, &text).unwrap_or_else(|faults| panic!("{faults}"));
        Some(Named { name, agreement })
    });
    read.collect()
}

fn events() -> Vec<&'static str> {
    language::blocks().filter_map(|block| event_kind(block.name)).collect()
}

#[test]
fn every_event_of_every_agreement_reads_in_both_languages() {
    let agreements = agreements();
    assert!(!agreements.is_empty());
    for kind in events() {
        let side = compare(&agreements, &Event::new(kind, at("2026-12-23", "16:45")));
        for row in &side.rows {
            for (named, answer) in agreements.iter().zip(&row.answers) {
                let Answer::Demands(duty) = answer else { continue };
                let clause = named.agreement.clause(&duty.clause);
                assert!(clause.is_some(), "{}: {} has no clause", named.name, duty.id);
                assert_eq!(duty.agreement, named.agreement.hash());
                let mut words = vec![duty.does.clone(), duty.time.answer()];
                words.extend(duty.time.lines.iter().cloned());
                words.extend(duty_lines(&named.agreement, duty).into_iter().flat_map(|(about, said)| [about, said]));
                for word in words {
                    assert!(!word.sv.is_empty() && !word.en.is_empty(), "{} {}: {word:?}", named.name, duty.id);
                }
            }
        }
        for language in [Language::Sv, Language::En] {
            assert!(in_text(&side, language).starts_with(arise::event_label(kind).text(language)));
        }
    }
}

/// Everything that an agreement answers about duties, without the hash that every version has of its own.
fn answers(agreement: &Agreement) -> String {
    let moment = at("2026-12-23", "16:45");
    let mut duties: Vec<Duty> =
        events().into_iter().flat_map(|kind| agreement.arise(&Event::new(kind, moment))).collect();
    duties.extend(agreement.standing(moment));
    duties.extend(agreement.returning(moment, 3));
    duties
        .into_iter()
        .map(|duty| format!("{} {} {:?} {:?} {:?}\n", duty.id, duty.who, duty.time, duty.leave_within, duty.more))
        .collect()
}

#[test]
fn changing_one_period_in_a_file_changes_the_answer() {
    const KEYS: [&str; 13] = [
        "within",
        "ahead",
        "target",
        "keep",
        "notice",
        "leave-within",
        "every",
        "restore-test",
        "restorable-within",
        "tells-if-unlawful",
        "incident-notice",
        "claim-within",
        "pay-within",
    ];
    let mut unnoticed = Vec::new();
    for named in agreements() {
        let text = named.agreement.text();
        let before = answers(&named.agreement);
        let mut changed = 0;
        let asked: BTreeSet<&str> = named
            .agreement
            .general()
            .iter()
            .flat_map(|term| {
                term.values
                    .iter()
                    .filter(|(key, _)| KEYS.contains(key) && term.period(key).is_some())
                    .map(|(key, _)| *key)
            })
            .collect();
        for (start, line) in lines(text) {
            let Some((key, rest)) = line.split_once(" = ") else { continue };
            if !asked.contains(key) || (key == "keep" && under_logging(text, start)) {
                continue;
            }
            let Some(from) = rest.find('"').map(|quote| quote + 1) else { continue };
            let Some(length) = rest.get(from..).and_then(|rest| rest.find('"')) else { continue };
            if rest[from..from + length].parse::<calendar::Period>().is_err() {
                continue;
            }
            let at = start + key.len() + 3 + from;
            let edited = format!("{}37 days{}", &text[..at], &text[at + length..]);
            let edited =
                Agreement::read("edited", &edited).unwrap_or_else(|faults| panic!("{}: {line}\n{faults}", named.name));
            let number = text[..start].lines().count() + 1;
            if answers(&edited) == before {
                unnoticed.push(format!("{}:{number}: nobody notices a change of {line}", named.name));
            }
            changed += 1;
        }
        assert!(changed > 0, "{} states no period", named.name);
    }
    assert!(unnoticed.is_empty(), "{}", unnoticed.join("\n"));
}

/// The lines of a text with the byte at which each begins.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line.trim_end())
    })
}

/// How long the access log is kept is no duty of an event; the journal goes by it.
fn under_logging(text: &str, at: usize) -> bool {
    let block = text[..at].lines().rev().find(|line| line.starts_with('['));
    block == Some("[logging]")
}

#[test]
fn a_register_says_that_it_is_no_agreement_and_demands_nothing() {
    let services = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../services");
    let text = fs::read_to_string(services.join("websupport/register.sv.md")).unwrap();
    let register = Register::read("register.sv.md", &text).unwrap_or_else(|faults| panic!("{faults}"));
    for kind in ASKED_EVENTS {
        let side = compare(&[], &Event::new(kind, at("2026-12-23", "16:45"))).with_register("websupport", &register);
        let lines = &side.registers[0].lines;
        assert!(lines[0].sv.contains("inget avtal") && lines.last().unwrap().sv.ends_with("hittas inte."), "{lines:?}");
        assert!(lines.iter().any(|line| line.en.starts_with("38 rows")));
        assert!(side.rows.is_empty());
    }
}

#[test]
fn the_asked_events_have_names_that_people_may_use() {
    assert_eq!(event_kind("new-subprocessor"), Some("subprocessor-change"));
    assert_eq!(event_kind("standing"), None);
    assert_eq!(event_kind("party"), None);
    assert!(ASKED_EVENTS.into_iter().all(|kind| event_kind(kind) == Some(kind)));
}

fn moments() -> impl Strategy<Value = Instant> {
    prop_oneof![any::<i64>().prop_map(Instant), (-500_000_000_000_000i64..9_000_000_000_000_000).prop_map(Instant)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_whenever_is_answered(
        now in moments(),
        other in moments(),
        facts in prop::collection::vec(any::<bool>(), 12),
        first in any::<prop::sample::Index>(),
    ) {
        let agreements = agreements();
        for kind in events() {
            let mut event = Event::new(kind, now);
            let known = |at: usize| facts.get(at).copied().unwrap_or_default().then_some(other);
            event.facts.knowledge = known(0);
            event.facts.sent = known(1);
            event.facts.received = known(2);
            event.facts.request = known(3);
            event.facts.report = known(4);
            event.facts.registration = known(5);
            event.facts.effect = known(6);
            event.facts.engagement = known(7);
            event.facts.end_of_agreement = known(8);
            event.facts.end_of_service = known(9);
            event.facts.invoice_date = known(10);
            for named in &agreements {
                let duties = named.agreement.arise(&event);
                if known(11).is_some() && !duties.is_empty() {
                    let duty = first.get(&duties);
                    event.facts.done.insert(duty.id.clone(), Done { at: other, arrived: Some(now) });
                    let _ = named.agreement.arise(&event);
                }
                for duty in &duties {
                    // A date without its calculation is no answer.
                    prop_assert!(duty.time.due.at.is_none() || !duty.time.lines.is_empty());
                    prop_assert!(duty.time.due.at.is_some() || !duty.time.due.promised);
                    prop_assert!(duty.time.due.promised == (duty.time.standing == Standing::Promised));
                }
            }
            let _ = in_text(&compare(&agreements, &event), Language::En);
        }
        for named in &agreements {
            let _ = (named.agreement.returning(now, 2), named.agreement.standing(now));
        }
    }
}
