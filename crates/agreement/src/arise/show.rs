//! Duties as lines of text, for the terminal and for the page alike: who acts, by when with its calculation, by which clause,
//! and what was not found.

use core::fmt::Write;

use terms::{Label, Language, Provenance};

use super::side_by_side::{Answer, SideBySide};
use super::{Duty, Fee, Meaning, Standing, Time, event_label, label, word};
use crate::agreement::Agreement;
use crate::language;

/// One line about a duty: what it is about, and what is said. The words in both languages.
pub type Line = (Label, Label);

/// The lines about a duty, without its calculation: who, to whom, how, and the rest. The moment is [`Time::answer`].
#[must_use]
pub fn duty_lines(agreement: &Agreement, duty: &Duty) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = |sv: &str, en: &str, said: Label| lines.push((label(sv, en), said));
    let who = word(&duty.who);
    line(
        "Vem",
        "Who",
        if duty.right { label(format!("{} har rätt", who.sv), format!("{} has the right", who.en)) } else { who },
    );
    let words = [
        (&duty.to, "Till", "To"),
        (&duty.by, "Genom", "Through"),
        (&duty.provides, "Innehåller", "Holds"),
        (&duty.unless, "Utom om", "Unless"),
        (&duty.evidence, "Bevisas av", "Proven by"),
    ];
    for (words, sv, en) in words {
        if !words.is_empty() {
            line(sv, en, all(words));
        }
    }
    let single = [
        (&duty.form, "Form", "Form"),
        (&duty.silence, "Om ingen svarar", "If nobody answers"),
        (&duty.standard, "Skäl som räknas", "Reasons that count"),
        (&duty.remedy, "Följd", "Consequence"),
    ];
    for (text, sv, en) in single {
        if let Some(text) = text {
            line(sv, en, word(text));
        }
    }
    if let Some(when) = &duty.when {
        line("När", "When", when.clone());
    }
    if let Some(leave) = &duty.leave_within {
        line("Rätten att lämna varar", "The right to leave lasts", leave.clone());
    }
    if let Some((receipt, clause)) = &duty.received {
        let (rule, number) = (receipt.label(), agreement.number(clause));
        line(
            "Räknas som mottaget",
            "Counts as received",
            label(format!("{} (punkt {number})", rule.sv), format!("{} (clause {number})", rule.en)),
        );
    }
    if let Some(fee) = &duty.fee {
        line("Ersättning", "Pay", fee_words(agreement, fee));
    }
    let block = duty.id.split('.').next().unwrap_or_default();
    for (key, said) in &duty.more {
        let name = language::key_name(block, key);
        line(&name.sv, &name.en, said.clone());
    }
    line("Uppfylls", "Met", word(&duty.kind));
    for (provenance, why) in duty
        .origins
        .iter()
        .map(|(_, origin)| (origin.provenance, &origin.why))
        .chain([(duty.origin.provenance, &duty.origin.why)])
    {
        let why = why.as_deref().unwrap_or("–");
        match provenance {
            Provenance::Stated => {}
            Provenance::Derived => line("Härlett", "Derived", label(why, why)),
            Provenance::SetByOperator => line("Satt av driften", "Set by the operator", label(why, why)),
        }
    }
    // What the calculation has told is not told again.
    let told = |note: &str| duty.time.lines.iter().any(|line| line.sv.contains(note));
    for silent in duty.not_found.iter().filter(|silent| !told(&silent.note)) {
        line("Hittas inte", "Not found", label(silent.note.clone(), silent.note.clone()));
    }
    lines
}

impl Time {
    /// The moment in words, or why there is none, and whose it is.
    #[must_use]
    pub fn answer(&self) -> Label {
        let when = |language| self.due.when(language).unwrap_or_default();
        let (sv, en) = (when(Language::Sv), when(Language::En));
        let moment = match self.meaning {
            Meaning::Latest => label(format!("senast {sv}"), format!("at the latest {en}")),
            Meaning::Earliest => label(format!("tidigast {sv}"), format!("at the earliest {en}")),
        };
        let words = self.words.clone().unwrap_or_default();
        match self.standing {
            Standing::Promised => moment,
            Standing::Operators if self.words.is_some() => label(
                format!("{} ({}); dagen är driftens egen gräns: {}", words.sv, "avtalets ord", moment.sv),
                format!(
                    "{} ({}); the day is the operator's own limit: {}",
                    words.en, "the agreement's words", moment.en
                ),
            ),
            Standing::Operators => label(
                format!("ingen tid i avtalet; driftens egen gräns: {}", moment.sv),
                format!("no time in the agreement; the operator's own limit: {}", moment.en),
            ),
            Standing::Worded => label(
                format!("{} (avtalets ord; inget datum)", words.sv),
                format!("{} (the agreement's words; no date)", words.en),
            ),
            Standing::NotFound => label("hittas inte i avtalet", "not found in the agreement"),
            Standing::NoneSaid => {
                label("avtalet säger att ingen tid gäller", "the agreement says that no time applies")
            }
            Standing::Untimed => label("texten anger ingen tid", "the text gives no time"),
            Standing::Open if self.words.is_some() => label(
                format!("{}; dagen är inte känd ännu", words.sv),
                format!("{}; the day is not known yet", words.en),
            ),
            Standing::Open => label("dagen är inte känd ännu", "the day is not known yet"),
        }
    }
}

/// What several agreements demand, as text: a section for each act, and under it each agreement.
#[must_use]
pub fn in_text(side: &SideBySide, language: Language) -> String {
    let pick = |sv: &'static str, en: &'static str| if language == Language::Sv { sv } else { en };
    let mut text = String::new();
    let event = event_label(&side.event.kind);
    let zone = calendar::Zone::default();
    let at = zone.moment(side.event.at).map(|moment| moment.text(language)).unwrap_or_default();
    let _ = writeln!(text, "{}, {at}", event.text(language));
    let mut agreements = side.agreements.iter().map(|named| {
        format!("  {}: {}, {}", named.name, named.agreement.title().text(language), named.agreement.version())
    });
    let _ = writeln!(text, "\n{}", agreements.by_ref().collect::<Vec<_>>().join("\n"));
    for row in &side.rows {
        let _ = writeln!(text, "\n{}", row.does.text(language));
        let mut missing = Vec::new();
        for (named, answer) in side.agreements.iter().zip(&row.answers) {
            match answer {
                Answer::NotFound => missing.push(named.name.as_str()),
                Answer::Demands(duty) => one(&mut text, &named.name, &named.agreement, duty, language),
            }
        }
        if !missing.is_empty() {
            let _ = writeln!(text, "\n  {}: {}", pick("Hittas inte", "Not found"), missing.join(", "));
        }
    }
    for register in &side.registers {
        let _ = writeln!(text, "\n{}: {}", register.name, register.title.text(language));
        for line in &register.lines {
            let _ = writeln!(text, "  {}", line.text(language));
        }
    }
    for named in side.silent() {
        let _ = writeln!(
            text,
            "\n{}: {}",
            named.name,
            pick("avtalet säger ingenting om en sådan händelse.", "the agreement says nothing of such an event.")
        );
    }
    text
}

fn one(text: &mut String, name: &str, agreement: &Agreement, duty: &Duty, language: Language) {
    let pick = |sv: &'static str, en: &'static str| if language == Language::Sv { sv } else { en };
    let number = agreement.number(&duty.clause);
    let _ = writeln!(text, "\n  {name}, {} {number}: {}", pick("punkt", "clause"), duty.does.text(language));
    let _ = writeln!(text, "    {}: {}", pick("När", "By when"), duty.time.answer().text(language));
    for line in &duty.time.lines {
        let _ = writeln!(text, "      {}", line.text(language));
    }
    for (about, said) in duty_lines(agreement, duty) {
        let _ = writeln!(text, "    {}: {}", about.text(language), said.text(language));
    }
}

fn fee_words(agreement: &Agreement, fee: &Fee) -> Label {
    let number = agreement.number(&fee.clause);
    let mut said = match (&fee.hour, &fee.standard) {
        (Some((amount, currency)), _) => {
            let money = crate::amounts::money_label(*amount, currency);
            label(format!("{}: {} i timmen", fee.label.sv, money.sv), format!("{}: {} an hour", fee.label.en, money.en))
        }
        (None, Some(standard)) => {
            let standard = word(standard);
            label(format!("{}: {}", fee.label.sv, standard.sv), format!("{}: {}", fee.label.en, standard.en))
        }
        (None, None) => label(
            format!("{}: beloppet hittas inte", fee.label.sv),
            format!("{}: the amount is not found", fee.label.en),
        ),
    };
    if !fee.free_when.is_empty() {
        let when = all(&fee.free_when);
        said = label(format!("{}; fritt vid {}", said.sv, when.sv), format!("{}; free when {}", said.en, when.en));
    }
    label(format!("{} (punkt {number})", said.sv), format!("{} (clause {number})", said.en))
}

fn all(words: &[String]) -> Label {
    let words: Vec<Label> = words.iter().map(|text| word(text)).collect();
    let join = |part: fn(&Label) -> &str| words.iter().map(part).collect::<Vec<_>>().join(", ");
    label(join(|word| &word.sv), join(|word| &word.en))
}
