//! A person points to a value that no rule found: it is the text's where the lines hold it, and nothing where they do not.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::collections::BTreeMap;

use reading::{
    Choice, Confirmations, Made, NoPointing, POINTED, Pointed, Reading, Source, Value, Wanted, WrongValue,
    confirmed_folder, is_pointed, pointed_form, told,
};
use terms::Language;

const TEXT: &str = "Personuppgiftsbiträdesavtal\n\
    \n\
    1. Parter\n\
    Personuppgiftsansvarig är Kunden. Personuppgiftsbiträde är Lindkvarn Schema AB.\n\
    \n\
    2. Incidenter\n\
    Biträdet ska underrätta den personuppgiftsansvarige om en personuppgiftsincident utan dröjsmål.\n\
    \n\
    3. Annat\n\
    Vi hör av oss till er inom tre\n\
    dagar om något går snett med era uppgifter.\n\
    Alla filer ligger hos Vitsippa Lagring, som står för disken, i Narvik.\n\
    Sextio minuter av vårt arbete betingar 1 250 kr.\n\
    Ingen slutar att tiga om det den har sett.\n";

fn reading() -> Reading {
    Reading::of(Source::read("eget.txt", TEXT.as_bytes()).unwrap())
}

fn line(words: &str) -> usize {
    TEXT.lines().position(|line| line.contains(words)).unwrap() + 1
}

fn pointed(field: &str, lines: (usize, usize), value: &str, parts: &[(&str, &str)]) -> Pointed {
    Pointed {
        field: field.to_owned(),
        lines,
        value: value.to_owned(),
        parts: parts.iter().map(|(name, part)| ((*name).to_owned(), (*part).to_owned())).collect::<BTreeMap<_, _>>(),
        by: Some("0f0e0d0c0b0a09080706050403020100".to_owned()),
        at: Some("2026-11-22T02:00:00Z".to_owned()),
    }
}

/// What the field says in the end, by a person who points, in the agreement file too.
#[track_caller]
fn check(one: Pointed, value: &str, quoted: &str) {
    let reading = reading();
    let mut made = Confirmations::of(&reading);
    let field = one.field.clone();
    made.point(&reading, one).unwrap();
    let read = Confirmations::read(&made.taken_along()).unwrap();
    let with = reading.with_pointed(&read);
    assert!(with.wrong.is_empty(), "{:?}", with.wrong);
    let it = with.reading.of_field(&field).find(|it| is_pointed(it)).unwrap();
    assert_eq!((told::value(it.value(), Language::En).as_str(), it.quote()), (value, quoted));
    assert!(it.span().contains(it.written()) && it.rule() == POINTED);
    let at = with.pointed.keys().next().copied().unwrap();
    assert_eq!(read.applied(&with.reading).unwrap().choices.get(&at), Some(&Choice::Confirmed));
    let files = confirmed_folder(&reading, "eget", &read, None).unwrap();
    assert!(agreement::Agreement::read("agreement.sv.md", &files[0].text).is_ok(), "{}", files[0].text);
    assert!(files[0].text.contains("utpekat i texten: 1"));
}

#[test]
fn a_value_that_the_lines_hold_becomes_the_texts() {
    let late = (line("hör av oss"), line("går snett"));
    check(
        pointed("duration.notice", late, "3 dagar", &[]),
        "3 days",
        "Vi hör av oss till er inom tre dagar om något går snett med era uppgifter.",
    );
    let disk = (line("Vitsippa"), line("Vitsippa"));
    let quote = "Alla filer ligger hos Vitsippa Lagring, som står för disken, i Narvik.";
    check(
        pointed("subprocessing.recipient", disk, "vitsippa  lagring", &[("role", "disken"), ("place", "Narvik")]),
        "Vitsippa Lagring · disken · Narvik",
        quote,
    );
    let hour = (line("1 250"), line("1 250"));
    check(pointed("money.rate", hour, "1250 kr", &[]), "1250 SEK", "Sextio minuter av vårt arbete betingar 1 250 kr.");
    check(
        pointed("money.price", hour, "1 250 kr", &[("what", "Sextio minuter av vårt arbete")]),
        "Sextio minuter av vårt arbete: 1250 SEK",
        "Sextio minuter av vårt arbete betingar 1 250 kr.",
    );
    let secret = (line("tiga"), line("tiga"));
    check(
        pointed("confidentiality.staff", secret, "", &[]),
        "Ingen slutar att tiga om det den har sett.",
        "Ingen slutar att tiga om det den har sett.",
    );
    check(pointed("transfers.rule", secret, "ground", &[]), "ground", "Ingen slutar att tiga om det den har sett.");
}

#[test]
fn what_the_lines_do_not_hold_is_refused_in_both_languages_and_nothing_comes_of_it() {
    let reading = reading();
    let hour = (line("1 250"), line("1 250"));
    let last = TEXT.split('\n').count();
    let not_there = |value: &str| NoPointing::NotThere { value: value.to_owned() };
    for (one, why) in [
        (pointed("money.rate", hour, "1 300 kr", &[]), not_there("1 300 kr")),
        (pointed("money.rate", hour, "dyrt", &[]), NoPointing::Value(WrongValue::Form(reading::ValueForm::Money))),
        (pointed("money.rate", hour, " ", &[]), NoPointing::Value(WrongValue::Empty)),
        (pointed("money.rate", hour, &"1".repeat(500), &[]), NoPointing::Value(WrongValue::TooLong)),
        (pointed("party.other", hour, "arbe", &[]), not_there("arbe")),
        (pointed("subprocessing.recipient", hour, "arbete", &[("place", "Sverige")]), not_there("Sverige")),
        (pointed("subprocessing.recipient", hour, "arbete", &[("price", "1")]), not_there("1")),
        (pointed("money.rate", (0, 1), "1250 kr", &[]), NoPointing::Lines { last }),
        (pointed("money.rate", (8, 7), "1250 kr", &[]), NoPointing::Lines { last }),
        (pointed("money.rate", (1, 9_999), "1250 kr", &[]), NoPointing::Lines { last }),
        (pointed("money.rate", (2, 2), "1250 kr", &[]), NoPointing::Lines { last }),
        (pointed("no.field", hour, "1250 kr", &[]), NoPointing::Field),
        (pointed("availability.reduction", hour, "5 %", &[]), NoPointing::Value(WrongValue::Empty)),
    ] {
        let mut made = Confirmations::of(&reading);
        assert_eq!(made.point(&reading, one.clone()).err(), Some(why.clone()), "{one:?}");
        assert!(made.pointed().is_empty() && !made.can_undo());
        let says = told::no_pointing(&why);
        assert!(!says.sv.is_empty() && says.sv != says.en);
    }
}

#[test]
fn a_file_that_points_to_what_is_not_there_holds_nothing_of_it() {
    let reading = reading();
    let mut made = Confirmations::of(&reading);
    made.point(&reading, pointed("money.rate", (line("1 250"), line("1 250")), "1250 kr", &[])).unwrap();
    let forged = Confirmations::read(&made.taken_along().replace("1250 kr", "950 kr")).unwrap();
    let with = reading.with_pointed(&forged);
    assert_eq!(with.wrong.len(), 1);
    assert!(with.reading.of_field("money.rate").next().is_none());
}

#[test]
fn a_file_is_held_to_what_the_page_is_held_to() {
    let reading = reading();
    let late = pointed("incident.notice", (line("hör av oss"), line("går snett")), "tre dagar", &[]);
    let it = reading.of_field("incident.notice").next().unwrap();
    let mut honest = Confirmations::of(&reading);
    honest.point(&reading, late.clone()).unwrap();
    assert_eq!(reading.wrong_in(&honest), None);
    // Beside one that was confirmed, and what is proposed already; each is written into a file by hand.
    let entry = |file: &str| file.get(file.find("[[pointed]]").unwrap()..).unwrap().to_owned();
    let with = |made: &Confirmations, more: &str| {
        let file = made.taken_along().replace("form = 1", "form = 2");
        Confirmations::read(&format!("{file}\n{more}")).unwrap()
    };
    let late = entry(&honest.taken_along());
    let mut made = Confirmations::of(&reading);
    made.choose(it, Wanted::Confirm, None, None);
    let stated = NoPointing::Stated { line: it.lines().0 };
    assert_eq!(reading.wrong_in(&with(&made, &late)).map(|(_, why)| why), Some(stated));
    let (from, to) = it.lines();
    let twice =
        format!("[[pointed]]\nfield = \"incident.notice\"\nlines = [{from}, {to}]\nvalue = \"utan dröjsmål\"\n");
    let proposed = NoPointing::Proposed { line: from };
    assert_eq!(reading.wrong_in(&with(&Confirmations::of(&reading), &twice)).map(|(_, why)| why), Some(proposed));
    // The field has one value, and two are pointed to.
    let other = format!(
        "[[pointed]]\nfield = \"incident.notice\"\nlines = [{0}, {0}]\nvalue = \"sextio minuter\"\n",
        line("Sextio")
    );
    assert!(matches!(reading.wrong_in(&with(&honest, &other)), Some((_, NoPointing::Stated { .. }))));
    // Once the one that was confirmed is turned down, the page takes it, and so does a file.
    made.choose(it, Wanted::NotHere, None, None);
    assert_eq!(reading.wrong_in(&with(&made, &late)), None);
}

#[test]
fn what_people_point_to_is_in_lines_that_can_be_looked_through() {
    let of = |text: &str| Reading::of(Source::read("a.txt", text.as_bytes()).unwrap());
    let most = reading::MAX_POINTED_BYTES;
    let long = of(&format!("{TEXT}\n{}Vitsippa Lagring\n", "och så vidare ".repeat(most / 14 + 1)));
    let last = long.source().line_count() - 1;
    let one = pointed("subprocessing.recipient", (last, last), "Vitsippa Lagring", &[]);
    assert_eq!(long.pointed_to(&one).err(), Some(NoPointing::TooLongLines));
    let says = told::no_pointing(&NoPointing::TooLongLines);
    assert!(says.sv != says.en && says.en.contains(&most.to_string()));
    // Each for itself is short enough, and all together are not.
    let lines: String = (0..90).map(|at| format!("Vitsippa {at} {}\n", "och så vidare ".repeat(900))).collect();
    let many = of(&format!("{TEXT}\n{lines}"));
    let from = TEXT.split('\n').count();
    let mut made = Confirmations::of(&many);
    let mut end = None;
    for at in 0..90 {
        let here = (from + 1 + at, from + 1 + at);
        let one = pointed("subprocessing.recipient", here, &format!("Vitsippa {at}"), &[]);
        match made.point(&many, one) {
            Ok(_) => {}
            Err(why) => {
                end = Some((at, why));
                break;
            }
        }
    }
    let (taken, why) = end.unwrap();
    assert!(why == NoPointing::TooMany && taken > 60, "{taken} {why:?}");
    // What the page takes, it shows; a file with more is refused.
    assert!(many.with_pointed(&made).wrong.is_empty());
    let more = format!(
        "{}\n[[pointed]]\nfield = \"subprocessing.recipient\"\nlines = [{at}, {at}]\nvalue = \"Vitsippa 89\"\n",
        made.taken_along(),
        at = from + 90
    );
    let more = Confirmations::read(&more).unwrap();
    assert_eq!(many.wrong_in(&more).map(|(_, why)| why), Some(NoPointing::TooMany));
}

#[test]
fn a_field_with_one_value_keeps_the_one_that_was_chosen_until_it_is_turned_down() {
    let reading = reading();
    let late = pointed("incident.notice", (line("hör av oss"), line("går snett")), "tre dagar", &[]);
    let mut made = Confirmations::of(&reading);
    let proposed = reading.proposals.iter().position(|it| it.field() == "incident.notice").unwrap();
    let it = &reading.proposals[proposed];
    made.choose(it, Wanted::Confirm, None, None);
    assert_eq!(made.point(&reading, late.clone()).err(), Some(NoPointing::Stated { line: it.lines().0 }));
    let twice = pointed("incident.notice", it.lines(), "utan dröjsmål", &[]);
    assert_eq!(made.point(&reading, twice).err(), Some(NoPointing::Proposed { line: it.lines().0 }));
    // Nobody has chosen on it: what a person points to comes first, and the other is not asked about.
    assert_eq!(made.undo(&reading), Some(proposed));
    made.point(&reading, late.clone()).unwrap();
    let with = reading.with_pointed(&made);
    let choices = made.applied(&with.reading).unwrap().choices;
    let asked = with.reading.asked(&choices);
    let at = with.pointed.keys().next().copied().unwrap();
    assert!(asked.contains(&at) && !asked.contains(&proposed));
    let text = confirmed_folder(&reading, "eget", &made, None).unwrap().remove(0).text;
    assert!(text.contains("within = \"3 days\"") && !text.contains("within = \"without delay\""), "{text}");
    // It can be turned down like any other, and that can be taken back, and so can the pointing.
    made.choose(&with.reading.proposals[at], Wanted::NotHere, None, None);
    let choices = made.applied(&with.reading).unwrap().choices;
    assert!(with.reading.asked(&choices).contains(&proposed));
    assert_eq!(made.on(&with.reading.proposals[at]).map(|chosen| chosen.made), Some(Made::NotHere));
    let mut made = Confirmations::read(&made.kept()).unwrap();
    assert_eq!(made.undo(&with.reading), Some(at));
    assert_eq!(made.undo(&with.reading), Some(at));
    assert!(made.pointed().is_empty() && !made.can_undo());
}

#[test]
fn every_field_says_in_which_form_its_value_is_given() {
    for field in reading::fields() {
        let form = pointed_form(field).unwrap();
        assert!(!form.forms.is_empty(), "{field}");
    }
    assert_eq!(pointed_form("x"), None);
    let reading = reading();
    let values = reading.values_on("duration.notice", (line("hör av oss"), line("går snett"))).unwrap();
    assert_eq!(values, ["3 days"]);
    assert!(matches!(
        reading
            .pointed_to(&pointed(
                "subprocessing.recipient",
                (line("Vitsippa"), line("Vitsippa")),
                "Vitsippa Lagring",
                &[]
            ))
            .unwrap()
            .value(),
        Value::Recipient(_)
    ));
}
