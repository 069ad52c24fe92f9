//! The findings as SARIF 2.1.0 (OASIS), which tools for code review show beside the line. What passes is left out.

use agreement::art28::{self, Action, Check, Finding, Severity, Trap, Verdict};
use agreement::{Agreement, Fault};
use serde_json::{Value, json};
use terms::Language;

use super::Checked;
use super::people::in_language;

/// The rule under which faults of the reader stand.
const READER: &str = "reader";
/// The rule under which traps stand, the last one; each says its own number.
const TRAP: &str = "trap";

pub(super) fn told(checked: &[Checked], language: Language) -> Result<String, serde_json::Error> {
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "betrodd check",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules(language),
            } },
            "language": language.tag(),
            "columnKind": "unicodeCodePoints",
            "results": checked.iter().flat_map(|file| results(file, language)).collect::<Vec<_>>(),
        }],
    });
    serde_json::to_string_pretty(&log).map(|text| text + "\n")
}

fn rules(language: Language) -> Vec<Value> {
    let reader = json!({
        "id": READER,
        "shortDescription": { "text": match language {
            Language::Sv => "Avtalet går att läsa",
            Language::En => "The agreement can be read",
        } },
        "defaultConfiguration": { "level": "error" },
    });
    let of_checks = art28::checks().map(|check| {
        json!({
            "id": check.id,
            "shortDescription": { "text": in_language(check.title, language) },
            "help": { "text": check.source },
            "defaultConfiguration": { "level": level(check.severity, Verdict::Fail) },
            "properties": { "severity": check.severity.code() },
        })
    });
    let trap = json!({
        "id": TRAP,
        "shortDescription": { "text": match language {
            Language::Sv => "Ingen fälla utan beslut",
            Language::En => "No trap without a decision",
        } },
        "defaultConfiguration": { "level": "warning" },
    });
    core::iter::once(reader).chain(of_checks).chain(core::iter::once(trap)).collect()
}

/// A failure by its weight, and a warning one step lower.
const fn level(severity: Severity, verdict: Verdict) -> &'static str {
    match (severity, verdict) {
        (Severity::Block | Severity::BlockAtRunTime, Verdict::Fail) => "error",
        (Severity::Block | Severity::BlockAtRunTime, _)
        | (Severity::Major | Severity::MajorAtRunTime, Verdict::Fail) => "warning",
        _ => "note",
    }
}

fn results(file: &Checked, language: Language) -> Vec<Value> {
    match &file.read {
        Err(faults) => faults.iter().map(|fault| of_fault(&file.name, fault)).collect(),
        Ok((agreement, report)) => {
            let rules: Vec<&str> = art28::checks().map(|check| check.id).collect();
            let shown = report.findings.iter().filter(|(_, it)| matches!(it.verdict, Verdict::Fail | Verdict::Warn));
            shown
                .map(|(check, finding)| {
                    let index = rules.iter().position(|id| *id == check.id).map_or(0, |at| at + 1);
                    of_finding(&file.name, agreement, check, finding, index, language)
                })
                .chain(
                    report
                        .traps
                        .iter()
                        .filter(|trap| trap.decided.is_none())
                        .map(|trap| of_trap(&file.name, trap, language)),
                )
                .collect()
        }
    }
}

fn of_trap(name: &str, trap: &Trap, language: Language) -> Value {
    let level = match trap.action {
        Action::Refuse => "error",
        Action::Block | Action::Warn => "warning",
        Action::Flag => "note",
    };
    let mut region = json!({ "startLine": trap.line });
    if !trap.excerpt.is_empty() {
        region["snippet"] = json!({ "text": trap.excerpt });
    }
    json!({
        "ruleId": TRAP,
        "ruleIndex": art28::checks().count() + 1,
        "level": level,
        "message": { "text": format!("{}: {} → {}", trap.id, trap.says.text(language), trap.remedy.text(language)) },
        "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(name) }, "region": region } }],
    })
}

fn of_fault(name: &str, fault: &Fault) -> Value {
    json!({
        "ruleId": READER,
        "ruleIndex": 0,
        "level": "error",
        "message": { "text": format!("{}. {}", fault.message, fault.remedy) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(name) },
            "region": { "startLine": fault.line, "startColumn": fault.column, "snippet": { "text": fault.excerpt } },
        } }],
    })
}

fn of_finding(
    name: &str,
    agreement: &Agreement,
    check: &Check,
    finding: &Finding,
    index: usize,
    language: Language,
) -> Value {
    let mut message = finding.says.text(language).to_owned();
    if let Some(remedy) = &finding.remedy {
        message.push_str(" → ");
        message.push_str(remedy.text(language));
    }
    let mut region = json!({ "startLine": finding.line });
    if !finding.excerpt.is_empty() {
        region["snippet"] = json!({ "text": finding.excerpt });
    }
    let mut location = json!({ "physicalLocation": { "artifactLocation": { "uri": uri(name) }, "region": region } });
    if let Some(clause) = &finding.clause {
        location["logicalLocations"] =
            json!([{ "name": agreement.number(clause), "fullyQualifiedName": clause.as_str() }]);
    }
    let clause = finding.clause.as_ref().map_or("", |clause| clause.as_str());
    json!({
        "ruleId": check.id,
        "ruleIndex": index,
        "level": level(check.severity, finding.verdict),
        "message": { "text": message },
        "locations": [location],
        // The same finding stays the same when lines move.
        "partialFingerprints": { "checkAndClause/v1": format!("{}:{clause}", check.id) },
        "properties": { "verdict": finding.verdict.code(), "asks": finding.asks },
    })
}

/// The file's name as a URI reference (RFC 3986): what is not allowed there is written in percent.
fn uri(name: &str) -> String {
    let mut uri = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b'~') {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}
