//! Texts of our own with the difficulties of texts from the world, and what a person reads in them. They were written before the rules
//! were tried on them; what the program does not find is a named difference here, or the test fails.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::collections::BTreeMap;
use std::path::Path;

use reading::{Reading, Source, Value};
use serde::Deserialize;
use terms::Language;

#[derive(Deserialize)]
struct Expected {
    verdict: String,
    kinds: Vec<String>,
    findings: Vec<String>,
    clauses: Vec<String>,
    none: Vec<String>,
    fields: BTreeMap<String, Vec<String>>,
}

fn read(path: &Path) -> Reading {
    let bytes = std::fs::read(path).unwrap();
    Reading::of(Source::read(&path.file_name().unwrap().to_string_lossy(), &bytes).unwrap())
}

fn recipient(value: &Value) -> String {
    let Value::Recipient(it) = value else { return String::new() };
    let or = |text: &Option<String>| text.clone().unwrap_or_default();
    format!("{}|{}|{}|{}", it.name, or(&it.role), or(&it.place), it.countries.join(" "))
}

#[test]
fn what_a_person_reads_is_found_and_nothing_else() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/texts");
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            continue;
        }
        count += 1;
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let expected: Expected =
            toml_edit::de::from_str(&std::fs::read_to_string(path.with_extension("toml")).unwrap()).unwrap();
        let reading = read(&path);
        let mut differs = |what: &str| wrong.push(format!("{name}: {what}"));
        if reading.verdict.code() != expected.verdict {
            differs(&format!("is {} and not {}", reading.verdict.code(), expected.verdict));
        }
        let kinds: Vec<&str> = reading.parts.iter().map(|part| part.kind.as_str()).collect();
        if !expected.kinds.is_empty() && kinds != expected.kinds {
            differs(&format!("parts {kinds:?} and not {:?}", expected.kinds));
        }
        let findings: Vec<&str> = reading.findings.iter().map(|finding| finding.kind.code()).collect();
        for kind in expected.findings.iter().filter(|kind| !findings.contains(&kind.as_str())) {
            differs(&format!("no finding `{kind}` in {findings:?}"));
        }
        for number in &expected.clauses {
            if !reading
                .clauses
                .iter()
                .any(|clause| clause.number.as_deref() == Some(number) || clause.implied.as_deref() == Some(number))
            {
                differs(&format!("no clause {number}"));
            }
        }
        for field in &expected.none {
            if let Some(it) = reading.of_field(field).find(|it| it.is_first()) {
                differs(&format!(
                    "{field} is not stated, yet `{}` on line {}",
                    reading::told::value(it.value(), Language::En),
                    it.lines().0
                ));
            }
        }
        for (field, values) in &expected.fields {
            let (field, is_list) =
                if field == "recipients" { ("subprocessing.recipient", true) } else { (field.as_str(), false) };
            let found: Vec<String> = reading
                .of_field(field)
                .filter(|it| it.is_first())
                .map(|it| if is_list { recipient(it.value()) } else { reading::told::value(it.value(), Language::En) })
                .collect();
            for value in values.iter().filter(|value| !found.contains(value)) {
                differs(&format!("{field}: no `{value}` in {found:?}"));
            }
            if is_list && found.len() != values.len() {
                differs(&format!("{} recipients and not {}: {found:?}", found.len(), values.len()));
            }
        }
    }
    assert!(count >= 8, "the texts are there");
    if !wrong.is_empty() {
        panic!("{} differences:\n{}", wrong.len(), wrong.join("\n"));
    }
}
