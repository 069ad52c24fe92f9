//! What falls due when: every event that the agreement knows, as if it happened at one moment, with each duty, its date, its
//! calculation and its clause; then what returns, and what holds all the time.

use core::fmt::Write;

use terms::{Instant, Label, Language};

use crate::agreement::Agreement;
use crate::arise::{Duty, Event, duty_lines, event_label};

/// How often each returning duty is foretold in the table.
const RETURNS: usize = 2;

/// The table, for events at `at`.
#[must_use]
pub fn what_falls_due(agreement: &Agreement, language: Language, at: Instant) -> String {
    let say = |sv: &'static str, en: &'static str| match language {
        Language::Sv => sv,
        Language::En => en,
    };
    let mut text = String::new();
    let _ = writeln!(text, "{}, {}", agreement.title().text(language), agreement.version());
    for kind in agreement.events() {
        let duties = agreement.arise(&Event::new(kind, at));
        let head = event_label(kind);
        let _ = writeln!(text, "\n# {} ({kind})", head.text(language));
        for duty in &duties {
            told(&mut text, agreement, duty, language);
        }
    }
    for (head, duties) in [
        (say("Det som återkommer", "What returns"), agreement.returning(at, RETURNS)),
        (say("Det som alltid gäller", "What always holds"), agreement.standing(at)),
    ] {
        if !duties.is_empty() {
            let _ = writeln!(text, "\n# {head}");
        }
        for duty in &duties {
            told(&mut text, agreement, duty, language);
        }
    }
    text
}

fn told(text: &mut String, agreement: &Agreement, duty: &Duty, language: Language) {
    let number = agreement.number(&duty.clause);
    let _ = writeln!(text, "\n{} · {} ({number})", duty.id, duty.does.text(language));
    let _ = writeln!(text, "  {}", duty.time.answer().text(language));
    for line in &duty.time.lines {
        let _ = writeln!(text, "    {}", line.text(language));
    }
    let shown = |label: &Label| label.text(language).to_owned();
    for (name, said) in duty_lines(agreement, duty) {
        let _ = writeln!(text, "  {}: {}", shown(&name), shown(&said));
    }
}
