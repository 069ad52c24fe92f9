//! A register of recipients is no agreement, whatever it calls itself: it lacks what Article 28(3) GDPR asks of one.
//!
//! Told as one fault, because every other fault would send the author to mend a text that is no agreement at all.

use toml_edit::Document as Toml;

use crate::checks::clause_id::short;
use crate::reading::Reading;
use crate::text_to_clauses::Outline;

/// What Article 28(3) asks for, and the blocks of which one would say it.
const ASKED: [(&str, &[&str]); 11] = [
    ("subject matter and duration", &["processing", "duration"]),
    ("nature and purposes", &["purpose", "purposes"]),
    ("(a) documented instructions", &["instructions", "instruction"]),
    ("(b) confidentiality", &["confidentiality"]),
    ("(c) security", &["security", "measure"]),
    ("(d) rules for subprocessors", &["subprocessing", "subprocessors"]),
    ("(e) help with data subjects' rights", &["request"]),
    ("(f) help with Articles 32 to 36", &["incident"]),
    ("(g) erasure or return", &["ending", "termination"]),
    ("(h) information and audits", &["audit"]),
    ("the duty to say that an instruction is unlawful", &["instructions", "instruction"]),
];

/// Whether the text is a register; the fault is then told.
pub(crate) fn check(reading: &mut Reading<'_>, outline: &Outline) -> bool {
    let mut blocks: Vec<String> = Vec::new();
    let mut register = None;
    for block in &outline.blocks {
        let Ok(toml) = Toml::parse(block.content.as_str()) else { continue };
        for (name, item) in toml.as_table() {
            if name == "register" && register.is_none() {
                let span = toml.as_table().key(name).and_then(toml_edit::Key::span).or(item.span());
                let range = span.map_or(block.range.clone(), |span| block.in_file(span));
                let calls_itself = item.get("says-it-is").and_then(toml_edit::Item::as_str).unwrap_or("").to_owned();
                register = Some((reading.place(range, block.heading), calls_itself));
            }
            blocks.push(name.to_owned());
        }
    }
    let Some((at, calls_itself)) = register else { return false };
    let lacks: Vec<_> = ASKED
        .iter()
        .filter(|(_, sayers)| !blocks.iter().any(|block| sayers.contains(&block.as_str())))
        .map(|(what, _)| *what)
        .collect();
    let calls = if calls_itself.is_empty() {
        String::new()
    } else {
        format!("it calls itself `{}`, yet ", short(&calls_itself))
    };
    let lacks =
        if lacks.is_empty() { String::new() } else { format!("; of Article 28(3) it lacks {}", lacks.join(", ")) };
    reading.fault(
        at,
        format!("this is no agreement: {calls}it is a register of those who receive data{lacks}"),
        "Load it as a register; what is processed under it needs an agreement, or a basis of the operator's own.",
    );
    true
}
