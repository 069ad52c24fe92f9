//! The traps: those that the agreements name, those that are computed from terms, and what an undecided one stops.

use std::fs;
use std::path::Path;

use agreement::Agreement;
use agreement::art28::{self, Action, Evidence, Report, Trap};

fn read(fragment: &str) -> Report {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let frame = fs::read_to_string(root.join("tests/bad/frame.md")).unwrap();
    let text = format!("## 0 Fragment {{#fragment}}\n\n```toml\n{fragment}\n```\n\n{frame}");
    let agreement = Agreement::read("fragment.md", &text).unwrap_or_else(|faults| panic!("{faults}"));
    art28::check(&agreement, &Evidence::default(), "2026-11-21".parse().unwrap())
}

fn trap(report: &Report, id: &str) -> Option<Trap> {
    report.traps.iter().find(|trap| trap.id == id).cloned()
}

/// The terms show the trap, and without the words that make it they do not.
fn check(id: &str, action: Action, terms: &str, cause: &str, instead: &str) {
    assert!(terms.contains(cause), "{id}");
    let found = trap(&read(terms), id).unwrap_or_else(|| panic!("{id} is not found"));
    assert_eq!(found.action, action, "{id}");
    assert!(!found.is_named && found.line >= 1 && !found.remedy.sv.is_empty(), "{found:?}");
    assert_eq!(trap(&read(&terms.replace(cause, instead)), id), None, "{id}");
}

const SCAN: &str = r#"
[[subprocessor]]
id = "scan"
name = "Skanning AB"
task = { sv = "skanning", en = "scanning" }
country = "DE"
place = "Berlin"
categories = ["name"]
"#;

const OUT_OF_SE: &str = r#"
[location.server]
label = { sv = "servern", en = "the server" }
for = ["primary"]
country = "SE"
only = true
"#;

const AFTER_THE_END: &str = r#"
[duration.dpa]
start = "effect"
end = "END"

[retention.content]
of = "content"
phase = "after-end"
keep = "30 days"
start = "end-of-agreement"
then = "erased"
"#;

const NOTICE: &str = r#"
[incident.notice]
does = { sv = "berätta", en = "tell" }
who = "processor"
kind = "performed"
to = ["controller"]
start = "knowledge"
"#;

#[test]
fn a_supplier_at_two_places_is_told() {
    let second = SCAN.replace("scan\"", "scan-2\"").replace("DE", "SE");
    check("T-22", Action::Flag, &format!("{SCAN}{second}"), "country = \"SE\"", "country = \"DE\"");
}

#[test]
fn a_promise_of_place_and_a_recipient_outside_it_are_told() {
    let terms = format!("{OUT_OF_SE}{}", SCAN.replace("DE", "US"));
    check("T-23", Action::Warn, &terms, "country = \"US\"", "country = \"DE\"");
    let nowhere = SCAN.replace("\"DE\"", "{ not-found = \"x\" }").replace("\"Berlin\"", "{ not-found = \"y\" }");
    check("T-35", Action::Block, &nowhere, "{ not-found = \"y\" }", "\"Berlin\"");
    check("T-20", Action::Warn, "[subprocessing]\narea = \"anywhere\"", "anywhere", "eu-eea");
}

#[test]
fn silence_is_no_consent_and_a_mandate_no_exception_to_itself() {
    let change = "[change.terms]\nby = \"processor\"\nconsent = \"silence-or-use\"";
    check("T-29", Action::Warn, change, "silence-or-use", "agreement");
    let mandate = "[subprocessing]\nmay-sign-for-controller = true\n\n[disclosures]\nneeds = \"consent\"\nrepresents-controller = false";
    check("T-25", Action::Flag, mandate, "-controller = true", "-controller = false");
    let fines = "[liability.x]\nwho = \"both\"\ndamage = [\"fines\"]\nanswers = \"bears-own\"";
    check("T-50", Action::Flag, fines, "fines", "direct");
    let cap = "[liability.x]\nwho = \"both\"\ndamage = [\"direct\"]\nanswers = \"up-to-cap\"";
    check("T-60", Action::Flag, cap, "up-to-cap", "none");
}

#[test]
fn data_that_outlives_its_agreement_or_its_promise_is_told() {
    check(
        "T-27",
        Action::Warn,
        &AFTER_THE_END.replace("END", "until-data-is-gone"),
        "end-of-agreement",
        "end-of-service",
    );
    check(
        "T-30",
        Action::Warn,
        &AFTER_THE_END.replace("END", "both-end-together"),
        "both-end-together",
        "until-data-is-gone",
    );
    let evidence = AFTER_THE_END.replace("END", "until-data-is-gone")
        + "\n[retention.proof]\nof = \"licence-evidence\"\nphase = \"after-end\"\nkeep = \"2 years\"\nthen = \"erased\"";
    check("T-28", Action::Warn, &evidence, "2 years", "20 days");
    let backup = AFTER_THE_END.replace("END", "until-data-is-gone") + "\n[backup]\nkeep = { not-found = \"x\" }";
    check("T-42", Action::Warn, &backup, "{ not-found = \"x\" }", "\"30 days\"");
    let restorable =
        AFTER_THE_END.replace("END", "until-data-is-gone").replace("then =", "restorable-within = \"60 days\"\nthen =");
    check("T-43", Action::Flag, &restorable, "60 days", "7 days");
    check("T-31", Action::Warn, "[ending]\nchoice = [\"erase\"]\ncontradicts = [\"4\"]", "contradicts = [\"4\"]", "");
}

#[test]
fn law_out_of_date_is_told() {
    check("T-17", Action::Flag, "[law.act]\nact = \"se-pul-1998\"\nrole = \"names\"", "se-pul-1998", "gdpr");
    let grounds = "[transfers]\nbeyond = \"ground\"\ngrounds = [\"EU:s modellklausuler\"]";
    check("T-15", Action::Block, grounds, "modellklausuler", "standardavtalsklausuler");
}

#[test]
fn incidents_told_weakly_or_to_nobody_are_told() {
    let with = |line: &str| format!("{NOTICE}{line}\n");
    check("T-59", Action::Flag, &with("received = \"on-sending\""), "on-sending", "next-working-day");
    check(
        "T-56",
        Action::Warn,
        &with("within = \"within a not unreasonable time\""),
        "within a not unreasonable time",
        "without undue delay",
    );
    check(
        "T-55",
        Action::Warn,
        &with("includes-attempts = true"),
        "includes-attempts = true",
        "includes-attempts = false",
    );
}

#[test]
fn an_edge_that_stands_in_no_row_is_told() {
    let rows = "[[reduction]]\nabove = \"99.0 %\"\nbelow = \"99.4 %\"\nreduces = \"10 %\"\n\n[[reduction]]\nbelow = \"99.0 %\"\nreduces = \"20 %\"";
    check("T-51", Action::Warn, rows, "above", "from");
}

#[test]
fn what_the_agreement_names_is_told_once_and_an_undecided_refusal_blocks() {
    let rows = "[oddity.mine]\ntrap = \"T-29\"\nlabel = { sv = \"udda\", en = \"odd\" }\naction = \"refuse\"\n\n[change.terms]\nby = \"processor\"\nconsent = \"silence\"";
    let report = read(rows);
    let told: Vec<_> = report.traps.iter().filter(|trap| trap.id == "T-29").collect();
    assert!(matches!(told.as_slice(), [one] if one.is_named && one.blocks() && one.asks()), "{told:?}");
    assert!(report.blocks());
    let decided = rows.replace("action =", "decided = { sv = \"så\", en = \"so\" }\naction =");
    assert!(trap(&read(&decided), "T-29").is_some_and(|trap| !trap.blocks() && !trap.asks()));
}

/// What was computed that the authors of the agreements did not name. A new line here is a question to an author.
#[test]
fn the_agreements_of_this_repository_name_their_traps() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../services");
    let mut found = Vec::new();
    for service in ["matcha", "cling", "senseworks", "entre"] {
        let text = fs::read_to_string(root.join(service).join("agreement.sv.md")).unwrap();
        let agreement = Agreement::read("agreement.sv.md", &text).unwrap_or_else(|faults| panic!("{faults}"));
        let report = art28::check(&agreement, &Evidence::default(), "2026-11-21".parse().unwrap());
        let named = report.traps.iter().filter(|trap| trap.is_named).count();
        assert_eq!(named, agreement.terms_of("oddity").count(), "{service}");
        found.extend(report.traps.iter().filter(|trap| !trap.is_named).map(|trap| format!("{service} {}", trap.id)));
    }
    let known = [
        // Amazon Web Services in Sweden and, for AI, in Europe.
        "matcha T-22",
        // Subprocessors may be within and outside the EU/EEA.
        "cling T-20",
        // The thirty days count from the end of an agreement that holds until the data is gone.
        "senseworks T-27",
        // Data is erased after thirty days; of daily backups nothing is said.
        "entre T-42",
    ];
    assert_eq!(found, known);
}
