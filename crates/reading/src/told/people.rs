//! The reading as a text for the terminal: what it is, what it says, what is odd, what it does not say.

use std::fmt::Write as _;

use terms::Language;

use crate::data::Both;
use crate::read::{Reading, field_label, kind_label};

/// A quotation is cut here; the line tells where to read on.
const QUOTE: usize = 160;

/// Everything that was read, in one language.
#[must_use]
pub fn people(reading: &Reading, language: Language) -> String {
    let sv = language == Language::Sv;
    let say = |both: &Both| if sv { both.sv.clone() } else { both.en.clone() };
    let line = if sv { "rad" } else { "line" };
    let mut text = String::new();
    let mut put = |words: &str| {
        text.push_str(words);
        text.push('\n');
    };
    let source = reading.source();
    put(&format!("{}: {}", source.file, say(&super::verdict(reading))));
    put(&format!("sha256 {}", source.hash()));
    put("");
    put(if sv { "Delar" } else { "Parts" });
    for part in &reading.parts {
        let kind = kind_label(&part.kind).map_or_else(|| part.kind.clone(), &say);
        put(&format!("  {line} {}–{}: {kind}: {}", part.lines.0, part.lines.1, cut(&part.title)));
    }
    for skipped in &reading.skipped {
        let what = if sv { "överhoppat, hör till något annat" } else { "skipped, belongs to something else" };
        put(&format!("  {line} {}–{}: {what}", skipped.lines.0, skipped.lines.1));
    }
    let clauses = reading.clauses.iter().filter(|clause| clause.level > 0).count();
    put(&if sv { format!("  {clauses} punkter och rubriker") } else { format!("  {clauses} clauses and headings") });
    if !reading.proposals.is_empty() {
        put("");
        put(if sv { "Texten säger" } else { "The text says" });
        for (label, found) in super::found_by_group(reading) {
            put(&format!("  {}", say(label)));
            for field in found {
                for it in reading.of_field(field).filter(|it| it.is_first()) {
                    let label = field_label(field).map_or_else(|| field.to_owned(), &say);
                    let clause = it.clause().and_then(|at| reading.clauses.get(at)).and_then(|clause| clause.called());
                    let at = clause.map(|number| format!(", {number}")).unwrap_or_default();
                    let value = super::shown(it.value(), language);
                    put(&format!("    {label}: {}  ({line} {}{at}; {})", cut(&value), it.lines().0, it.rule()));
                    if value != it.quote() {
                        put(&format!("      ”{}”", cut(it.quote())));
                    }
                }
            }
        }
        put("");
        put(if sv { "Hittades inte" } else { "Not found" });
        let missing: Vec<String> =
            reading.not_found().iter().filter_map(|field| field_label(field)).map(&say).collect();
        put(&format!("  {}", missing.join("; ")));
    }
    if !reading.findings.is_empty() {
        put("");
        put(if sv { "Iakttagelser" } else { "Findings" });
        for finding in &reading.findings {
            put(&format!("  {line} {}: {}", finding.lines.0, say(&finding.says)));
        }
    }
    text
}

fn cut(words: &str) -> String {
    if words.chars().count() <= QUOTE {
        return words.to_owned();
    }
    let mut cut: String = words.chars().take(QUOTE).collect();
    let _ = write!(cut, " …");
    cut
}
