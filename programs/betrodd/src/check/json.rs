//! The findings as JSON, every check with its verdict and in both languages, for programs that go on from here.

use agreement::Agreement;
use agreement::art28::{Check, Finding, Trap};
use jiff::civil::Date;
use serde_json::{Value, json};
use terms::Label;

use super::Checked;

pub(super) fn told(checked: &[Checked], on: Date) -> Result<String, serde_json::Error> {
    let files: Vec<Value> = checked.iter().map(|file| one_file(file, on)).collect();
    serde_json::to_string_pretty(&json!({ "files": files })).map(|text| text + "\n")
}

fn one_file(file: &Checked, on: Date) -> Value {
    match &file.read {
        Err(faults) => json!({
            "file": file.name,
            "on": on.to_string(),
            "blocks": true,
            "faults": faults.iter().map(|fault| json!({
                "line": fault.line,
                "column": fault.column,
                "heading": fault.heading,
                "excerpt": fault.excerpt,
                "message": fault.message,
                "remedy": fault.remedy,
            })).collect::<Vec<_>>(),
            "findings": [],
        }),
        Ok((agreement, report)) => json!({
            "file": file.name,
            "service": agreement.service().as_str(),
            "version": agreement.version(),
            "hash": agreement.hash().to_string(),
            "on": on.to_string(),
            "blocks": file.blocks(),
            "faults": [],
            "findings": report.findings.iter().map(|(check, finding)| one(agreement, check, finding)).collect::<Vec<_>>(),
            "traps": report.traps.iter().map(|trap| one_trap(agreement, trap)).collect::<Vec<_>>(),
        }),
    }
}

fn one(agreement: &Agreement, check: &Check, finding: &Finding) -> Value {
    json!({
        "id": check.id,
        "title": { "sv": check.title.sv, "en": check.title.en },
        "source": check.source,
        "severity": check.severity.code(),
        "verdict": finding.verdict.code(),
        "asks": finding.asks,
        "says": both(&finding.says),
        "clause": finding.clause.as_ref().map(|clause| json!({
            "id": clause.as_str(),
            "number": agreement.number(clause),
        })),
        "line": finding.line,
        "excerpt": finding.excerpt,
        "remedy": finding.remedy.as_ref().map(both),
    })
}

fn one_trap(agreement: &Agreement, trap: &Trap) -> Value {
    json!({
        "id": trap.id,
        "action": trap.action.code(),
        "named": trap.is_named,
        "asks": trap.asks(),
        "blocks": trap.blocks(),
        "says": both(&trap.says),
        "by-reading": trap.by_reading,
        "decided": trap.decided.as_ref().map(both),
        "clause": { "id": trap.clause.as_str(), "number": agreement.number(&trap.clause) },
        "line": trap.line,
        "excerpt": trap.excerpt,
        "remedy": both(&trap.remedy),
    })
}

fn both(label: &Label) -> Value {
    json!({ "sv": label.sv, "en": label.en })
}
