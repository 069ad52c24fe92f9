//! What an entry of the log is called: who reads it reads the agreement's and the service's words, on the page as in the file.

use service::{Kind, Kinds};
use terms::{Category, RecordId};

use crate::moment::civil;
use crate::pages::labels::Labels;
use crate::pages::who_looked_filter::word;
use crate::seams::{Looked, Outcome};
use crate::words::{has, t, t_with};

/// The records of an entry, each once: a reading of earlier versions names its record as often as it has versions.
pub(crate) fn records(entry: &Looked) -> impl Iterator<Item = &RecordId> {
    let records = entry.records.as_slice();
    records.iter().enumerate().filter(|(at, record)| !records[..*at].contains(record)).map(|(_, record)| record)
}

/// The kind of record that an entry names, as the service describes it.
pub(crate) fn kind<'a>(kinds: Option<&'a Kinds>, entry: &Looked) -> Option<&'a Kind> {
    kinds?.kind(entry.kind.as_ref()?)
}

/// The fields that were opened or written, by their labels.
pub(crate) fn fields(labels: Labels<'_>, kind: Option<&Kind>, entry: &Looked) -> String {
    let label = |name: &terms::FieldName| {
        let field = kind.and_then(|kind| kind.field(name.as_str()));
        field.map_or_else(|| name.to_string(), |field| field.label.text(labels.language).to_owned())
    };
    entry.fields.iter().map(label).collect::<Vec<_>>().join(", ")
}

/// What was done.
pub(crate) fn did(labels: Labels<'_>, entry: &Looked) -> String {
    if let Some(at) = entry.purged {
        let at = civil(at).strftime("%Y-%m-%d").to_string();
        return t_with(labels.language, "who-looked-purged", &[("date", at.into())]);
    }
    match (entry.verb, &entry.event) {
        (Some(verb), _) => labels.verb(verb),
        (None, Some(event)) => event_text(labels, event),
        (None, None) => String::new(),
    }
}

/// What happened, in words where we have them; an event of a later version is shown by its own name.
fn event_text(labels: Labels<'_>, event: &str) -> String {
    let key = format!("who-looked-event-{event}");
    if has(labels.language, &key) { t(labels.language, &key) } else { event.to_owned() }
}

/// How it ended.
pub(crate) fn outcome(labels: Labels<'_>, outcome: Outcome) -> String {
    t(labels.language, &format!("who-looked-outcome-{}", word(outcome)))
}

/// A reason by its code, with what follows a colon (the category or field that was not declared).
pub(crate) fn reason_text(labels: Labels<'_>, reason: &str) -> String {
    let (code, about) = reason.split_once(':').map_or((reason, ""), |(code, about)| (code, about.trim()));
    let key = format!("who-looked-reason-{code}");
    let text = if has(labels.language, &key) { t(labels.language, &key) } else { code.to_owned() };
    let about = match (code, Category::new(about)) {
        ("category-not-declared", Ok(category)) => labels.category(&category),
        _ => about.to_owned(),
    };
    if about.is_empty() { text } else { format!("{text}: {about}") }
}
