//! Every draft is read by the reader of agreements, and none goes live before a person has confirmed it.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::{Path, PathBuf};

use agreement::Agreement;
use agreement::art28::{self, Evidence};
use reading::{Choice, Choices, NoDraft, Reading, Source, draft};

fn read(path: &Path) -> Reading {
    Reading::of(Source::read(&path.file_name().unwrap().to_string_lossy(), &std::fs::read(path).unwrap()).unwrap())
}

fn texts() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/texts");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_none_or(|extension| extension != "toml")).collect()
}

#[test]
fn a_draft_is_read_and_refuses_to_go_live_until_it_is_confirmed() {
    let mut drafted = 0;
    for path in texts() {
        let reading = read(&path);
        let text = match draft(&reading, "Min tjänst", &Choices::new()) {
            Ok(text) => text,
            Err(error) => {
                assert_eq!(error, NoDraft::NoAgreement);
                continue;
            }
        };
        drafted += 1;
        let agreement = match Agreement::read("draft.md", &text) {
            Ok(agreement) => agreement,
            Err(faults) => {
                let told: Vec<String> =
                    faults.iter().map(|fault| format!("{}: {}", fault.line, fault.message)).collect();
                assert!(told.is_empty(), "{}: {}", path.display(), told.join("\n"));
                continue;
            }
        };
        assert_eq!(agreement.service().as_str(), "min-tjanst");
        assert!(text.contains(reading.source().hash()), "the source's hash stands in the draft");
        let on = jiff::civil::date(2026, 1, 1);
        let report = art28::check(&agreement, &Evidence::default(), on);
        assert!(report.blocking_traps().any(|trap| trap.id == "R-01"), "unconfirmed terms refuse");
    }
    assert!(drafted >= 4);
}

#[test]
fn a_sentence_longer_than_a_term_may_be_is_no_value() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/texts/wrapped-english.txt");
    let text = std::fs::read_to_string(path).unwrap();
    let longer = text.replacen("1.2 This Addendum applies", &format!("1.2 {}applies", "This Addendum ".repeat(200)), 1);
    assert!(longer.len() > text.len() + 2_000, "the sentence is there");
    let reading = Reading::of(Source::read("longer.txt", longer.as_bytes()).unwrap());
    let draft = draft(&reading, "Service", &Choices::new()).unwrap();
    assert!(Agreement::read("draft.md", &draft).is_ok(), "a draft that cannot be read");
}

#[test]
fn what_is_confirmed_is_stated_and_what_is_turned_down_is_gone() {
    let reading = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/texts/wrapped-english.txt"));
    let mut choices = Choices::new();
    for (at, it) in reading.proposals.iter().enumerate() {
        let choice = match it.field() {
            "incident.notice" => Choice::Changed("36 hours".to_owned()),
            "ending.logs" => Choice::NotHere,
            _ => Choice::Confirmed,
        };
        choices.insert(at, choice);
    }
    let text = draft(&reading, "bokföring", &choices).unwrap();
    assert!(!text.contains("R-01") && !text.contains("inte bekräftat"), "nothing is left to confirm");
    assert!(text.contains("within = \"36 hours\"") && !text.contains("logs-after-end"));
    assert!(Agreement::read("draft.md", &text).is_ok());
}

fn all_confirmed(reading: &Reading) -> Choices {
    (0..reading.proposals.len()).map(|at| (at, Choice::Confirmed)).collect()
}

/// The blocking checks that fail, by number.
fn blocking(text: &str) -> Vec<&'static str> {
    let agreement = Agreement::read("draft.md", text).unwrap();
    let report = art28::check(&agreement, &Evidence::default(), jiff::civil::date(2026, 1, 1));
    report.blocking().map(|(check, _)| check.id).collect()
}

#[test]
fn every_text_confirmed_whole_is_an_agreement_without_faults_that_somebody_can_log_in_under() {
    for path in texts() {
        let reading = read(&path);
        let Ok(text) = draft(&reading, "provet", &all_confirmed(&reading)) else { continue };
        let agreement = match Agreement::read("draft.md", &text) {
            Ok(agreement) => agreement,
            Err(faults) => {
                let told: Vec<String> = faults
                    .iter()
                    .map(|fault| format!("{}: {} ({})", fault.line, fault.message, fault.excerpt))
                    .collect();
                assert!(told.is_empty(), "{}: {}", path.display(), told.join("\n"));
                continue;
            }
        };
        assert!(!agreement.roles().is_empty() && !agreement.rules().is_empty() && agreement.accounts().is_some());
        assert_eq!(agreement.declares().len(), agreement.subjects().len(), "{}", path.display());
    }
}

#[test]
fn a_whole_text_confirmed_lacks_only_what_it_does_not_say() {
    let text = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/whole/helt-avtal.txt")).unwrap();
    let reading = Reading::of(Source::read("helt-avtal.txt", &text).unwrap());
    let text = draft(&reading, "provet", &all_confirmed(&reading)).unwrap();
    let missing: Vec<&str> = reading.not_found();
    assert_eq!(blocking(&text), Vec::<&str>::new(), "not found: {missing:?}");
    for told in [
        "[liability.cap]",
        "cap-months = 12",
        "[availability]",
        "at-least = \"99.5 %\"",
        "over = \"1 month\"",
        "[support-hours]",
        "opens = \"08:00\"",
        "lunch-from = \"12:00\"",
        "[price.p-1]",
        "per = \"user-and-month\"",
        "[transfers]",
        "beyond = \"written-approval\"",
        "[measure.m-1]",
        "[[declares]]",
        "dpv = \"pub:SwedishPersonalIdentityNumber\"",
    ] {
        assert!(text.contains(told), "no `{told}` in {text}");
    }
}

#[test]
fn a_person_s_own_value_is_marked_as_one_and_the_text_s_is_not() {
    let reading = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/texts/kommun.txt"));
    let mut choices = all_confirmed(&reading);
    let at = reading.proposals.iter().position(|it| it.field() == "incident.notice").unwrap();
    choices.insert(at, Choice::Changed("8 hours".to_owned()));
    let text = draft(&reading, "provet", &choices).unwrap();
    let block = text.split("[incident.notice]").nth(1).unwrap().split("```").next().unwrap();
    assert!(block.contains("within = \"8 hours\"") && block.contains("set by the operator"), "{block}");
    assert!(!text.contains("R-01") && Agreement::read("draft.md", &text).is_ok());
}
