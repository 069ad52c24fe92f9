//! Choices that people made are found again by what they were about, on the same text and on no other.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::Path;

use agreement::Agreement;
use reading::{
    CONFIRMATIONS, Choices, Confirmations, Made, Reading, Source, Wanted, WrongChoices, WrongValue, confirmed_folder,
    other_value, others_in_quotation,
};

const WHO: Option<&str> = Some("0f0e0d0c0b0a09080706050403020100");
const WHEN: Option<&str> = Some("2026-11-21T10:00:00Z");

fn reading(text: &str) -> Reading {
    Reading::of(Source::read("helt-avtal.txt", text.as_bytes()).unwrap())
}

fn whole() -> Reading {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/whole/helt-avtal.txt");
    reading(&std::fs::read_to_string(path).unwrap())
}

fn place(reading: &Reading, field: &str) -> usize {
    reading.proposals.iter().position(|it| it.field() == field).unwrap()
}

/// Everything that is asked about, confirmed.
fn all(reading: &Reading) -> Confirmations {
    let mut all = Confirmations::of(reading);
    for at in reading.asked(&Choices::new()) {
        all.choose(&reading.proposals[at], Wanted::Confirm, WHO, WHEN);
    }
    all
}

#[test]
fn what_was_chosen_survives_the_file_and_applies_to_the_same_text() {
    let reading = whole();
    let mut made = all(&reading);
    let incident = place(&reading, "incident.notice");
    let other = other_value(&reading.proposals[incident], "36 timmar").unwrap();
    assert_eq!((other.value.as_str(), other.from_text), ("36 hours", false));
    made.choose(&reading.proposals[incident], Wanted::Change(other), WHO, WHEN);
    let read = Confirmations::read(&made.taken_along()).unwrap();
    let (before, after) = (made.applied(&reading).unwrap(), read.applied(&reading).unwrap());
    assert_eq!(before.choices, after.choices);
    assert!(after.gone.is_empty() && after.choices.len() == reading.asked(&after.choices).len());
    assert_eq!(Confirmations::read(&made.kept()).unwrap(), made, "what is kept between two sittings is all of it");
}

#[test]
fn with_another_text_it_is_refused_and_a_proposal_that_is_no_more_counts_for_nothing() {
    let one = whole();
    let made = all(&one);
    let changed = reading(&one.source().text().replace("Lindkvarn", "Bergkvarn"));
    assert!(matches!(made.applied(&changed), Err(WrongChoices::OtherFile { .. })));
    let text = made.taken_along();
    let moved = text.replacen("proposed = \"", "proposed = \"x", 1);
    assert_ne!(text, moved);
    let moved = Confirmations::read(&moved).unwrap();
    assert_eq!(moved.applied(&one).unwrap().gone.len(), 1);
    let other_text = Confirmations::read(&text.replace(&one.source().text_hash(), &"0".repeat(64))).unwrap();
    // The file and what was taken out of it are the same bytes here, so both names changed.
    assert!(other_text.applied(&one).is_err());
    for wrong in ["", "form = 2", "x", "form = 1\nsource = 3", &"a = 1\n".repeat(500_000)] {
        assert!(matches!(Confirmations::read(wrong), Err(WrongChoices::Form { .. })));
    }
}

#[test]
fn whoever_hands_a_file_in_stands_for_its_choices_whatever_it_says() {
    let reading = whole();
    let made = all(&reading);
    let forged = made.kept().replacen("file = \"helt-avtal.txt\"", &format!("file = \"{}\"", "a".repeat(500)), 1);
    let mut read = Confirmations::read(&forged).unwrap();
    assert_eq!(read.file.chars().count(), 120);
    assert!(read.can_undo());
    read.handed_in_by(&reading, "a0", "2026-11-22T00:00:00Z");
    assert_eq!(read.choices().len(), made.choices().len());
    for one in read.choices() {
        assert_eq!((one.by.as_deref(), one.at.as_deref()), (Some("a0"), Some("2026-11-22T00:00:00Z")));
    }
    assert!(!read.can_undo());
    assert_eq!(read.file, "helt-avtal.txt");
    assert_eq!(read.applied(&reading).unwrap().choices, made.applied(&reading).unwrap().choices);
}

#[test]
fn the_last_choice_is_taken_back_and_the_one_before_it_stands_again() {
    let reading = whole();
    let at = place(&reading, "incident.notice");
    let it = &reading.proposals[at];
    let mut made = Confirmations::of(&reading);
    made.choose(it, Wanted::Confirm, WHO, WHEN);
    made.choose(it, Wanted::NotHere, WHO, WHEN);
    assert_eq!(made.on(it).map(|chosen| chosen.made), Some(Made::NotHere));
    assert_eq!(made.undo(&reading), Some(at));
    assert_eq!(made.on(it).map(|chosen| chosen.made), Some(Made::Confirmed));
    assert_eq!(made.undo(&reading), Some(at));
    assert!(made.on(it).is_none() && made.undo(&reading).is_none());
}

#[test]
fn a_value_is_taken_in_the_field_s_form_and_is_the_text_s_where_the_quotation_holds_it() {
    let text = "Personuppgiftsbiträdesavtal\n\n1. Parter\nPersonuppgiftsansvarig är Kunden. Personuppgiftsbiträde är Lindkvarn Schema AB.\n\n\
                2. Incidenter\nBiträdet ska underrätta den personuppgiftsansvarige om en personuppgiftsincident inom 24 timmar, dock senast inom 3 dagar.\n";
    let reading = reading(text);
    let it = &reading.proposals[place(&reading, "incident.notice")];
    let others = others_in_quotation(it);
    assert_eq!(others.len(), 1, "{others:?} beside {:?}", it.value());
    assert!(other_value(it, &others[0]).unwrap().from_text);
    assert!(!other_value(it, "4 timmar").unwrap().from_text, "`4 hours` does not stand in `24 hours`");
    for wrong in ["snart", "inte 30 dagar", "30", "99 %", "30 dagar eller 40 dagar"] {
        assert!(matches!(other_value(it, wrong), Err(WrongValue::Form(_))), "{wrong}");
    }
    assert_eq!(other_value(it, " "), Err(WrongValue::Empty));
    assert_eq!(other_value(it, &"a".repeat(500)), Err(WrongValue::TooLong));
}

#[test]
fn once_the_first_is_turned_down_the_next_of_the_field_is_asked_about_and_drafted() {
    let text = "Personuppgiftsbiträdesavtal\n\n1. Parter\nPersonuppgiftsansvarig är Kunden. Personuppgiftsbiträde är Lindkvarn Schema AB.\n\n\
                2. Incidenter\nBiträdet ska underrätta den personuppgiftsansvarige om en personuppgiftsincident inom 24 timmar.\n\n\
                3. Rapporter\nPersonuppgiftsbiträdet ska underrätta den personuppgiftsansvarige om personuppgiftsincidenter inom 72 timmar.\n";
    let reading = reading(text);
    let all: Vec<usize> = reading
        .proposals
        .iter()
        .enumerate()
        .filter(|(_, it)| it.field() == "incident.notice")
        .map(|(at, _)| at)
        .collect();
    assert_eq!(all.len(), 2, "both clauses state it");
    let mut made = Confirmations::of(&reading);
    let asked = reading.asked(&Choices::new());
    assert!(asked.contains(&all[0]) && !asked.contains(&all[1]));
    made.choose(&reading.proposals[all[0]], Wanted::NotHere, WHO, WHEN);
    let choices = made.applied(&reading).unwrap().choices;
    assert!(reading.asked(&choices).contains(&all[1]));
    let text = reading::draft(&reading, "provet", &choices).unwrap();
    assert!(text.contains("within = \"72 hours\"") && !text.contains("within = \"24 hours\""), "{text}");
}

#[test]
fn the_folder_says_of_which_text_it_is_who_confirmed_when_and_what_a_person_set() {
    let reading = whole();
    let mut made = all(&reading);
    let incident = &reading.proposals[place(&reading, "incident.notice")];
    made.choose(incident, Wanted::Change(other_value(incident, "36 timmar").unwrap()), WHO, WHEN);
    let processor = &reading.proposals[place(&reading, "party.processor")];
    made.choose(processor, Wanted::Change(other_value(processor, "Bergkvarn AB").unwrap()), WHO, WHEN);
    let files = confirmed_folder(&reading, "provet", &made, Some(jiff::civil::date(2026, 11, 21))).unwrap();
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert!(
        names.contains(&"agreement.sv.md") && names.contains(&"kinds.toml") && names.contains(&CONFIRMATIONS),
        "{names:?}"
    );
    let text = &files[0].text;
    for told in
        [reading.source().hash(), WHO.unwrap(), "2026-11-21", "`incident.notice`", "`party.processor`", "Bergkvarn AB"]
    {
        assert!(text.contains(told), "no `{told}`");
    }
    assert!(text.contains("name = { value = \"Bergkvarn AB\", provenance = \"set by the operator\""));
    match Agreement::read("draft.md", text) {
        Ok(agreement) => assert_eq!(agreement.service().as_str(), "provet"),
        Err(faults) => assert_eq!(faults.to_string(), "", "the draft has faults"),
    }
    let mut other = Confirmations::of(&self::reading("Personuppgiftsbiträdesavtal\n\nnågot annat"));
    other.file = "annat.txt".to_owned();
    assert!(confirmed_folder(&reading, "provet", &other, None).is_err());
}
