//! The traps: what stands against itself, against the law or against what can be done, beyond what Article 28 demands.
//!
//! An agreement names its own as `[oddity.ID]`, with what follows from it and what somebody decided. What can be computed from
//! the terms is told too where the agreement does not name it. The numbers are those of the list of traps.

mod ending;
mod incidents;
mod law;
mod level;
mod places;
mod rules;

use terms::{ClauseId, Label};

use super::Phrase;
use super::ask::{Ask, phrase};
use crate::value::Term;
pub(super) use level::edge_gaps;

/// What follows from a trap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// That part is not brought into use. Undecided, it keeps the agreement from going live.
    Refuse,
    /// The flow of data is denied.
    Block,
    /// The operator decides, and the decision is kept.
    Warn,
    /// Both parties are shown it.
    Flag,
}

impl Action {
    /// A stable word for JSON, SARIF and tests; the same as in the agreement.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::Block => "block",
            Self::Warn => "warn",
            Self::Flag => "flag",
        }
    }

    fn of(word: &str) -> Self {
        match word {
            "refuse" => Self::Refuse,
            "block" => Self::Block,
            "flag" => Self::Flag,
            _ => Self::Warn,
        }
    }
}

/// One trap that the agreement names or that was computed from its terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trap {
    /// Its number in the list of traps, as `T-22`.
    pub id: String,
    /// What follows from it.
    pub action: Action,
    /// What is odd.
    pub says: Label,
    /// Whether the agreement names it itself; otherwise it was computed.
    pub is_named: bool,
    /// The reading that the platform follows until somebody decides, where the agreement gives one.
    pub by_reading: Option<String>,
    /// What the operator decided; nothing while it is open.
    pub decided: Option<Label>,
    /// The clause that it rests on.
    pub clause: ClauseId,
    /// The line, from 1.
    pub line: usize,
    /// A quotation of the clause; empty where it has no words of its own.
    pub excerpt: String,
    /// What to do about it.
    pub remedy: Label,
}

impl Trap {
    /// Whether it keeps the agreement from going live.
    #[must_use]
    pub fn blocks(&self) -> bool {
        self.action == Action::Refuse && self.decided.is_none()
    }

    /// Whether it waits for the operator.
    #[must_use]
    pub fn asks(&self) -> bool {
        self.decided.is_none() && matches!(self.action, Action::Refuse | Action::Warn)
    }

    /// One that the terms show.
    fn computed(id: &str, action: Action, term: &Term, says: Label, remedy: Phrase) -> Self {
        let (clause, line) = (term.clause.clone(), term.line);
        Self::at(id, action, clause, line, says, remedy)
    }

    fn at(id: &str, action: Action, clause: ClauseId, line: usize, says: Label, remedy: Phrase) -> Self {
        Self {
            id: id.to_owned(),
            action,
            says,
            is_named: false,
            by_reading: None,
            decided: None,
            clause,
            line,
            excerpt: String::new(),
            remedy: remedy.label(),
        }
    }
}

/// Every trap: those that the agreement names, in the order of the text, and then the computed ones that it does not name.
pub(super) fn all(ask: &Ask<'_>) -> Vec<Trap> {
    let mut traps: Vec<Trap> = ask.agreement.terms_of("oddity").map(named).collect();
    let computed = [places::all, rules::all, ending::all, law::all, incidents::all, level::all];
    for trap in computed.into_iter().flat_map(|all| all(ask)) {
        if !traps.iter().any(|named| named.id == trap.id) {
            traps.push(trap);
        }
    }
    traps
}

fn named(term: &Term) -> Trap {
    let text = |key: &str| term.text(key).map(str::to_owned);
    let action = Action::of(term.text("action").unwrap_or("warn"));
    let empty = || Label { sv: String::new(), en: String::new() };
    let remedy = phrase!(
        "Bestäm vad som ska gälla, och skriv det under decided.",
        "Decide what is to hold, and write it under decided."
    );
    Trap {
        says: term.label("label").cloned().unwrap_or_else(empty),
        is_named: true,
        by_reading: text("by-reading"),
        decided: term.label("decided").cloned(),
        ..Trap::computed(term.text("trap").unwrap_or(""), action, term, empty(), remedy)
    }
}
