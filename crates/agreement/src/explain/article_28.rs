//! What the check of Article 28 says of an agreement, each check in a line or two: for whoever answers for it, and to see in a
//! review that a verdict moved.

use std::fmt::Write;

use terms::Language;

use crate::agreement::Agreement;
use crate::art28::{Report, Severity, Verdict};

/// Each check with verdict, clause and sentence, and then the traps.
#[must_use]
pub fn article_28(agreement: &Agreement, report: &Report, language: Language) -> String {
    let mut text = format!("{}, {}\n", agreement.title().text(language), report.on);
    let count = |verdict| report.findings.iter().filter(|(_, finding)| finding.verdict == verdict).count();
    let counts = [Verdict::Pass, Verdict::Warn, Verdict::Fail, Verdict::NotApplicable]
        .map(|verdict| format!("{} {}", count(verdict), word(verdict, language)));
    let _ = writeln!(text, "{}", counts.join(", "));
    for (check, finding) in &report.findings {
        let weight = if check.severity == Severity::Block { " !" } else { "" };
        let clause = finding.clause.as_ref().map_or(String::new(), |id| format!(" ({})", agreement.number(id)));
        let _ = write!(
            text,
            "\n{}{weight} {}{clause}\n   {}\n",
            check.id,
            word(finding.verdict, language),
            finding.says.text(language)
        );
    }
    let heading = match language {
        Language::Sv => "Fällor",
        Language::En => "Traps",
    };
    let _ = writeln!(text, "\n{heading}");
    for trap in &report.traps {
        let state = match (&trap.decided, trap.asks(), language) {
            (Some(decided), _, _) => format!("✓ {}", decided.text(language)),
            (None, true, Language::Sv) => "väntar på beslut".to_owned(),
            (None, true, Language::En) => "waits for a decision".to_owned(),
            (None, false, Language::Sv) => "visas".to_owned(),
            (None, false, Language::En) => "shown".to_owned(),
        };
        let _ = write!(
            text,
            "\n{} {} ({})\n   {}\n   {state}\n",
            trap.id,
            trap.action.code(),
            agreement.number(&trap.clause),
            trap.says.text(language)
        );
    }
    text
}

const fn word(verdict: Verdict, language: Language) -> &'static str {
    match (verdict, language) {
        (Verdict::Pass, Language::Sv) => "uppfyllt",
        (Verdict::Warn, Language::Sv) => "att se över",
        (Verdict::Fail, Language::Sv) => "brist",
        (Verdict::NotApplicable, Language::Sv) => "gäller inte",
        (Verdict::Pass, Language::En) => "met",
        (Verdict::Warn, Language::En) => "to look at",
        (Verdict::Fail, Language::En) => "lacking",
        (Verdict::NotApplicable, Language::En) => "does not apply",
    }
}
