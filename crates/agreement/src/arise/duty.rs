//! A duty as a value, and how a block `[EVENT.ACT]` becomes one.

use calendar::{Due, Receipt};
use rust_decimal::Decimal;
use terms::{AgreementHash, ClauseId, Label, Provenance, Sourced};

use super::{Ctx, calendar_of, timing};
use crate::language;
use crate::term::Origin;
use crate::value::{Term, Value};

/// One duty, or one right, that an event brought into the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// `incident.notice`; of what follows from another term its name, as `retention.logs`.
    pub id: String,
    /// The clause that demands it.
    pub clause: ClauseId,
    /// The version of the agreement that governs it, whatever comes later.
    pub agreement: AgreementHash,
    /// What is to be done.
    pub does: Label,
    /// Who must act, or may: `processor`, `controller`, `both`, `either`.
    pub who: String,
    /// How it is met: `performed`, `checked`, `evidenced`, `recorded`.
    pub kind: String,
    /// Whether it is a right that may be used, not a duty.
    pub right: bool,
    /// Whom it reaches.
    pub to: Vec<String>,
    /// Through which channels.
    pub by: Vec<String>,
    /// The form it must have.
    pub form: Option<String>,
    /// By when, or from when, with the calculation.
    pub time: Time,
    /// When what is sent counts as received, and the clause that says so.
    pub received: Option<(Receipt, ClauseId)>,
    /// What follows when nobody has answered.
    pub silence: Option<String>,
    /// Which reasons count.
    pub standard: Option<String>,
    /// What the other side may then do.
    pub remedy: Option<String>,
    /// How long the right to leave lasts, in the agreement's words.
    pub leave_within: Option<Label>,
    /// What the work costs.
    pub fee: Option<Fee>,
    /// What is handed over or said.
    pub provides: Vec<String>,
    /// What proves that it was done.
    pub evidence: Vec<String>,
    /// When it does not hold.
    pub unless: Vec<String>,
    /// A condition that a person judges.
    pub when: Option<Label>,
    /// Further words of the term, each key with its value in words.
    pub more: Vec<(&'static str, Label)>,
    /// How the term came to stand in the agreement.
    pub origin: Origin,
    /// Each value that is not simply stated: its key, whose it is, and why.
    pub origins: Vec<(&'static str, Origin)>,
    /// What the agreement should say here and does not.
    pub not_found: Vec<Silent>,
}

/// A value that the agreement does not state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silent {
    /// The key.
    pub key: &'static str,
    /// What was looked for, in the language of the agreement.
    pub note: String,
}

/// What work costs, as the agreement says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fee {
    /// The id of the rate.
    pub rate: String,
    /// The work it is for.
    pub label: Label,
    /// What an hour costs, and the currency.
    pub hour: Option<(Decimal, String)>,
    /// The measure, where there is no amount: `reasonable`, `price-list`, `by-agreement`.
    pub standard: Option<String>,
    /// When the work is free all the same.
    pub free_when: Vec<String>,
    /// The clause of the rate.
    pub clause: ClauseId,
}

/// By when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Time {
    /// The moment, where there is one.
    pub due: Due,
    /// What the moment means.
    pub meaning: Meaning,
    /// Whose the moment is, or why there is none.
    pub standing: Standing,
    /// What the agreement says, in its own words: *5 arbetsdagar*, *utan onödigt dröjsmål*.
    pub words: Option<Label>,
    /// The whole calculation, a line each.
    pub lines: Vec<Label>,
}

/// What a moment means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// At the latest then.
    Latest,
    /// Not before then: notice was given, and this is the first moment that what it tells of may happen.
    Earliest,
}

/// Whose a moment is, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// The agreement promises it.
    Promised,
    /// The operator's own limit; no promise of the agreement.
    Operators,
    /// The agreement has a word and no number, and the operator has no limit.
    Worded,
    /// The agreement should say it and is silent: *not found*.
    NotFound,
    /// No time is set.
    Untimed,
    /// The agreement says that there is none.
    NoneSaid,
    /// A moment that the calculation needs is not known yet.
    Open,
}

/// The keys that stand in fields of their own, or in the calculation.
const TOLD: [&str; 25] = [
    "does",
    "who",
    "kind",
    "right",
    "to",
    "by",
    "form",
    "within",
    "ahead",
    "of",
    "start",
    "after",
    "target",
    "received",
    "provides",
    "silence",
    "standard",
    "remedy",
    "leave-within",
    "fee",
    "free-when",
    "unless",
    "when",
    "evidence",
    "first",
];

/// The duty of one block under an event.
pub(super) fn of_act(ctx: &Ctx<'_>, term: &Term) -> Duty {
    let mut duty = Duty {
        form: owned(term.text("form")),
        time: timing::of_act(ctx, term, &mut Vec::new()),
        received: receipt_rule(ctx, term),
        silence: owned(term.text("silence")),
        standard: owned(term.text("standard")),
        remedy: owned(term.text("remedy")),
        leave_within: term.period("leave-within").map(calendar::Period::label),
        fee: term.text("fee").and_then(|rate| fee(ctx, rate, term.words("free-when"))),
        when: term.label("when").cloned(),
        ..bare(ctx, term, term.label("does").cloned().unwrap_or_default())
    };
    duty.right = term.flag("right") == Some(true);
    duty.more = more(term, &TOLD);
    duty
}

/// A duty with what every term has, and no time.
pub(super) fn bare(ctx: &Ctx<'_>, term: &Term, does: Label) -> Duty {
    Duty {
        id: term.name(),
        clause: term.clause.clone(),
        agreement: ctx.agreement.hash(),
        does,
        who: term.text("who").unwrap_or("processor").to_owned(),
        kind: term.text("kind").unwrap_or("performed").to_owned(),
        right: false,
        to: term.words("to").to_vec(),
        by: term.words("by").to_vec(),
        form: None,
        time: timing::untimed(Vec::new()),
        received: None,
        silence: None,
        standard: None,
        remedy: None,
        leave_within: None,
        fee: None,
        provides: term.words("provides").to_vec(),
        evidence: term.words("evidence").to_vec(),
        unless: term.words("unless").to_vec(),
        when: None,
        more: Vec::new(),
        origin: term.origin.clone(),
        origins: origins(term),
        not_found: silences(term),
    }
}

/// What the keys beyond `told` say, in words.
pub(super) fn more(term: &Term, told: &[&str]) -> Vec<(&'static str, Label)> {
    let rest = term.values.iter().filter(|(key, _)| !told.contains(key));
    rest.filter_map(|(key, value)| {
        let said = match value.value()? {
            Value::Money { amount, currency } => crate::amounts::money_label(*amount, currency),
            other => language::value_name(term.block, key, other),
        };
        Some((*key, said))
    })
    .collect()
}

fn origins(term: &Term) -> Vec<(&'static str, Origin)> {
    let own = |value: &Sourced<Value>| match value {
        Sourced::Found { provenance, why, .. } if *provenance != Provenance::Stated => {
            Some(Origin { provenance: *provenance, why: why.clone() })
        }
        _ => None,
    };
    term.values.iter().filter_map(|(key, value)| own(value).map(|origin| (*key, origin))).collect()
}

fn silences(term: &Term) -> Vec<Silent> {
    let silent = |(key, value): &(&'static str, Sourced<Value>)| match value {
        Sourced::NotFound { note } => Some(Silent { key, note: note.clone() }),
        _ => None,
    };
    term.values.iter().filter_map(silent).collect()
}

pub(super) fn fee(ctx: &Ctx<'_>, rate: &str, free_when: &[String]) -> Option<Fee> {
    let term = ctx.agreement.term("rate", rate)?;
    Some(Fee {
        rate: rate.to_owned(),
        label: term.label("label").cloned().unwrap_or_default(),
        hour: term.money("amount").map(|(amount, currency)| (amount, currency.to_owned())),
        standard: owned(term.text("standard")),
        free_when: free_when.to_vec(),
        clause: term.clause.clone(),
    })
}

/// The duty's own rule of receipt; else that of its channels.
pub(super) fn receipt_rule(ctx: &Ctx<'_>, term: &Term) -> Option<(Receipt, ClauseId)> {
    let channels = term.words("by");
    let Some(word) = term.text("received") else {
        return calendar_of::receipt_of(ctx.agreement, channels);
    };
    let cut_off = channels.iter().find_map(|channel| ctx.agreement.term("receipt", channel)?.time("cut-off"));
    calendar_of::receipt(word, cut_off).map(|rule| (rule, term.clause.clone()))
}

pub(super) fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}
