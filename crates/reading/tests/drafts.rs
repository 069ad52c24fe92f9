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
    assert!(!text.contains("R-01") && !text.contains("provenance"), "nothing is left to confirm");
    assert!(text.contains("within = \"36 hours\"") && !text.contains("logs-after-end"));
    assert!(Agreement::read("draft.md", &text).is_ok());
}
