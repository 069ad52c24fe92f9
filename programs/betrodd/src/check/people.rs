//! The findings for people: the heaviest first, each with clause, quotation, source and what to write.

use std::fmt::Write;

use agreement::Agreement;
use agreement::art28::{Action, Check, Finding, Phrase, Report, Severity, Verdict};
use agreement::explain::check_result;
use jiff::civil::Date;
use terms::Language;

use super::Checked;

/// Faults or findings of each file; with `warnings`, also what the reader found a person should know.
pub(super) fn told(checked: &[Checked], on: Date, language: Language, warnings: bool) -> String {
    let mut text = String::new();
    for (at, file) in checked.iter().enumerate() {
        if at > 0 {
            text.push_str("\n\n");
        }
        match &file.read {
            Err(faults) => {
                let count = faults.as_slice().len();
                let _ = writeln!(
                    text,
                    "{}: {count} {}\n\n{faults}",
                    file.name,
                    if count == 1 { "fault" } else { "faults" }
                );
            }
            Ok((agreement, report)) => {
                findings(&mut text, &file.name, agreement, report, on, language);
                let count = agreement.warnings().len();
                if warnings {
                    let _ = write!(text, "\n{}", check_result(&file.name, &Ok(agreement.clone())));
                } else if count > 0 {
                    let _ = match language {
                        Language::Sv => writeln!(text, "Läsaren har {count} upplysningar till; --warnings visar dem."),
                        Language::En => {
                            writeln!(text, "The reader has {count} more things to know; --warnings shows them.")
                        }
                    };
                }
            }
        }
    }
    text
}

fn findings(text: &mut String, name: &str, agreement: &Agreement, report: &Report, on: Date, language: Language) {
    let word = |phrase: Phrase| in_language(phrase, language);
    let _ = writeln!(text, "{name}: {} {}, {on}", agreement.title().text(language), agreement.version());
    for (verdict, severity) in groups() {
        let of_group =
            |(check, finding): &&(&'static Check, Finding)| check.severity == severity && finding.verdict == verdict;
        let found: Vec<_> = report.findings.iter().filter(of_group).collect();
        if found.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n{}: {}", word(heading(severity, verdict)), found.len());
        for (check, finding) in found {
            one(text, name, agreement, check, finding, language);
        }
    }
    traps(text, name, agreement, report, language);
    let count = |verdict| report.findings.iter().filter(|(_, finding)| finding.verdict == verdict).count();
    let (pass, warn, fail, rest) =
        (count(Verdict::Pass), count(Verdict::Warn), count(Verdict::Fail), count(Verdict::NotApplicable));
    let blocking = report.blocking().count() + report.blocking_traps().count();
    let _ = match language {
        Language::Sv => writeln!(
            text,
            "\n{pass} uppfyllda, {warn} att se över, {fail} brister, {rest} gäller inte här. {}",
            if blocking == 0 {
                "Inget hindrar att avtalet används."
            } else {
                "Avtalet får inte användas utan ett antecknat beslut."
            }
        ),
        Language::En => writeln!(
            text,
            "\n{pass} met, {warn} to look at, {fail} lacking, {rest} do not apply here. {}",
            if blocking == 0 {
                "Nothing keeps the agreement from being used."
            } else {
                "The agreement may not be used without a recorded decision."
            }
        ),
    };
}

/// What fails, by weight, and then what a person should look at.
fn groups() -> impl Iterator<Item = (Verdict, Severity)> {
    [Verdict::Fail, Verdict::Warn].into_iter().flat_map(|verdict| Severity::ALL.map(|severity| (verdict, severity)))
}

fn one(text: &mut String, name: &str, agreement: &Agreement, check: &Check, finding: &Finding, language: Language) {
    let _ = writeln!(text, "\n{}  {} ({})", check.id, in_language(check.title, language), check.source_in(language));
    if let Some(clause) = &finding.clause {
        let _ = writeln!(text, "   {name}:{}  {}", finding.line, agreement.number(clause));
    }
    if !finding.excerpt.is_empty() {
        let _ = writeln!(text, "   «{}»", finding.excerpt);
    }
    let _ = writeln!(text, "   {}", finding.says.text(language));
    if let Some(remedy) = &finding.remedy {
        let _ = writeln!(text, "   → {}", remedy.text(language));
    }
}

/// The traps that nobody has decided, the gravest first.
fn traps(text: &mut String, name: &str, agreement: &Agreement, report: &Report, language: Language) {
    let mut open: Vec<_> = report.traps.iter().filter(|trap| trap.decided.is_none()).collect();
    open.sort_by_key(|trap| trap.action);
    if open.is_empty() {
        return;
    }
    let _ = match language {
        Language::Sv => writeln!(text, "\nFällor som ingen har avgjort: {}", open.len()),
        Language::En => writeln!(text, "\nTraps that nobody has decided: {}", open.len()),
    };
    for trap in open {
        let action = match (trap.action, language) {
            (Action::Refuse, Language::Sv) => "tas inte i bruk",
            (Action::Block, Language::Sv) => "inget sänds",
            (Action::Warn, Language::Sv) => "driften avgör",
            (Action::Flag, Language::Sv) => "visas för båda",
            (Action::Refuse, Language::En) => "not brought into use",
            (Action::Block, Language::En) => "nothing is sent",
            (Action::Warn, Language::En) => "the operator decides",
            (Action::Flag, Language::En) => "shown to both",
        };
        let _ = writeln!(text, "\n{}  {action}", trap.id);
        let _ = writeln!(text, "   {name}:{}  {}", trap.line, agreement.number(&trap.clause));
        let _ = writeln!(text, "   {}\n   → {}", trap.says.text(language), trap.remedy.text(language));
    }
}

const fn heading(severity: Severity, verdict: Verdict) -> Phrase {
    let lacking = matches!(verdict, Verdict::Fail);
    match (severity, lacking) {
        (Severity::Block, true) => {
            Phrase { sv: "HINDRAR att avtalet används", en: "KEEPS the agreement from being used" }
        }
        (Severity::BlockAtRunTime, true) => {
            Phrase { sv: "HINDRAR, enligt registren", en: "KEEPS it from being used, by the registers" }
        }
        (Severity::Major, true) => Phrase { sv: "Stora brister", en: "Great lacks" },
        (Severity::MajorAtRunTime, true) => {
            Phrase { sv: "Stora brister, enligt registren", en: "Great lacks, by the registers" }
        }
        (Severity::Minor, true) => Phrase { sv: "Mindre brister", en: "Small lacks" },
        (Severity::Info, true) => Phrase { sv: "För kännedom", en: "To know" },
        (Severity::Block | Severity::BlockAtRunTime, false) => {
            Phrase { sv: "Att se över först", en: "To look at first" }
        }
        (Severity::Major | Severity::MajorAtRunTime, false) => Phrase { sv: "Att se över", en: "To look at" },
        (Severity::Minor | Severity::Info, false) => {
            Phrase { sv: "Att se över vid tillfälle", en: "To look at some time" }
        }
    }
}

pub(super) const fn in_language(phrase: Phrase, language: Language) -> &'static str {
    match language {
        Language::Sv => phrase.sv,
        Language::En => phrase.en,
    }
}
