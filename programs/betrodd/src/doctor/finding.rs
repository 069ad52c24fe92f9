//! What the doctor found, in words and as JSON.

use serde_json::json;
use terms::{Label, Language};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// As it should be.
    Fine,
    /// Something should be done.
    Care,
    /// Something must be done, or does not work.
    Wrong,
}

/// One matter that was looked at.
pub struct Finding {
    /// How grave.
    pub level: Level,
    /// Its name for programs.
    pub code: &'static str,
    /// What is so.
    pub says: Label,
    /// What to do, Swedish and English; empty where nothing is.
    pub todo: [String; 2],
}

/// For a person: what must be done first, then what is as it should be.
pub fn words(findings: &[Finding], language: Language) -> String {
    let sv = language == Language::Sv;
    let count = |level| findings.iter().filter(|one| one.level == level).count();
    let (wrong, care) = (count(Level::Wrong), count(Level::Care));
    let mut text = match (wrong, care, sv) {
        (0, 0, true) => "Allt är som det ska.\n".to_owned(),
        (0, 0, false) => "All is as it should be.\n".to_owned(),
        (_, _, true) => format!("{wrong} fel, {care} att se till.\n"),
        (_, _, false) => format!("{wrong} wrong, {care} to see to.\n"),
    };
    for one in findings {
        let mark = match (one.level, sv) {
            (Level::Fine, _) => "ok",
            (Level::Care, true) => "SE TILL",
            (Level::Care, false) => "SEE TO",
            (Level::Wrong, true) => "FEL",
            (Level::Wrong, false) => "WRONG",
        };
        text.push_str(&format!("\n{mark:8}{}\n", one.says.text(language)));
        let todo = &one.todo[usize::from(!sv)];
        if !todo.is_empty() {
            text.push_str(&format!("        {} {todo}\n", if sv { "Gör så här:" } else { "What to do:" }));
        }
    }
    text
}

/// For programs: every finding in both languages.
pub fn json(findings: &[Finding]) -> Result<String, serde_json::Error> {
    let level = |level| match level {
        Level::Fine => "fine",
        Level::Care => "care",
        Level::Wrong => "wrong",
    };
    let one = |one: &Finding| {
        json!({
            "code": one.code,
            "level": level(one.level),
            "says": { "sv": one.says.sv, "en": one.says.en },
            "todo": { "sv": one.todo[0], "en": one.todo[1] },
        })
    };
    let worst = findings.iter().map(|one| one.level).max().map_or("fine", level);
    serde_json::to_string_pretty(&json!({ "worst": worst, "findings": findings.iter().map(one).collect::<Vec<_>>() }))
}
