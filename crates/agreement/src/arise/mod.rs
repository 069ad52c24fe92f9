//! *What must be done, by when?* An event and an agreement give the duties that the agreement brings into the world, each with
//! its date, the calculation of that date, and the clause.
//!
//! Pure: no clock is read, no duty is kept or performed here, and no number of a contract stands in this code. Where the
//! agreement is silent the duty says so; a date of the operator's own is marked as one and never shown as a promise.

mod calendar_of;
mod derived;
mod duty;
mod moment;
mod returning;
mod show;
mod side_by_side;
mod timing;
mod words;

pub use calendar_of::Counting;
pub use duty::{Duty, Fee, Meaning, Silent, Standing, Time};
pub use show::{Line, duty_lines, in_text};
pub use side_by_side::{Answer, Named, RegisterSays, Row, SideBySide, compare, is_basis};
pub use words::{event_label, word};

use std::collections::{BTreeMap, BTreeSet};

use calendar::{Day, Period};
use terms::{Instant, Label};

use crate::agreement::Agreement;
use crate::language;
use crate::value::{Term, Value};

/// Something that happened, or is to happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Which block of the language it is, as `incident` or `subprocessor-change`.
    pub kind: String,
    /// When it happens.
    pub at: Instant,
    /// What else is known of it.
    pub facts: EventFacts,
}

impl Event {
    /// An event of which nothing more is known.
    #[must_use]
    pub fn new(kind: &str, at: Instant) -> Self {
        Self { kind: kind.to_owned(), at, facts: EventFacts::default() }
    }
}

/// What is known of an event beyond its moment. Nothing has to be: what is missing is assumed in a line of the calculation, or
/// leaves a date open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventFacts {
    /// When the party that must act came to know of it.
    pub knowledge: Option<Instant>,
    /// When it was discovered.
    pub discovery: Option<Instant>,
    /// When the message about it was sent.
    pub sent: Option<Instant>,
    /// When that message was in fact received; then no rule of receipt is asked.
    pub received: Option<Instant>,
    /// Through which channel it came, as `e-mail`.
    pub channel: Option<String>,
    /// When something was asked for.
    pub request: Option<Instant>,
    /// When it was reported.
    pub report: Option<Instant>,
    /// When somebody was registered.
    pub registration: Option<Instant>,
    /// The day of the invoice.
    pub invoice_date: Option<Instant>,
    /// When a change takes effect.
    pub effect: Option<Instant>,
    /// When a subprocessor begins.
    pub engagement: Option<Instant>,
    /// When the agreement ends.
    pub end_of_agreement: Option<Instant>,
    /// When the service ends.
    pub end_of_service: Option<Instant>,
    /// Duties that were met, by their id, with the moment, and with the proven arrival where a message was sent.
    pub done: BTreeMap<String, Done>,
    /// Days announced as free of support.
    pub support_free: Vec<Day>,
}

/// A duty that was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    /// When; of a message, when it was sent.
    pub at: Instant,
    /// When the message provably arrived.
    pub arrived: Option<Instant>,
}

/// The names of people for events → the blocks of the language.
const NAMES: [(&str, &str); 1] = [("new-subprocessor", "subprocessor-change")];

/// The events that people ask about most, in the order that they are shown.
pub const ASKED_EVENTS: [&str; 9] = [
    "incident",
    "subprocessor-change",
    "erasure",
    "request",
    "authority",
    "audit",
    "instruction",
    "termination",
    "price-change",
];

/// The block of an event by its name: `new-subprocessor` and `subprocessor-change` are one. Nothing for an unknown name.
#[must_use]
pub fn event_kind(name: &str) -> Option<&'static str> {
    let name = NAMES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, block)| block);
    let holds_always = matches!(name, "standing" | "periodic");
    language::block(name).filter(|block| language::is_event(block.name) && !holds_always).map(|block| block.name)
}

/// What a calculation goes by.
pub(crate) struct Ctx<'a> {
    pub agreement: &'a Agreement,
    pub event: &'a Event,
    pub counting: Counting,
}

impl Ctx<'_> {
    /// `punkt 5.1` and `clause 5.1`.
    pub fn clause(&self, term: &Term) -> Label {
        let number = self.agreement.number(&term.clause);
        label(format!("punkt {number}"), format!("clause {number}"))
    }
}

impl Agreement {
    /// What must be done because of this event, by when, under which clause: first the acts of the event in the order of the
    /// text, then what follows from other terms (changes, retention, the ending). Empty where the agreement says nothing of
    /// such an event.
    #[must_use]
    pub fn arise(&self, event: &Event) -> Vec<Duty> {
        let ctx = Ctx { agreement: self, event, counting: Counting::of(self, &event.facts.support_free) };
        let acts = self.general().iter().filter(|term| term.block == event.kind && language::is_event(term.block));
        let mut duties: Vec<Duty> = acts.map(|term| duty::of_act(&ctx, term)).collect();
        derived::add(&ctx, &mut duties);
        duties
    }

    /// The duties that hold all the time: `[standing.*]`.
    #[must_use]
    pub fn standing(&self, at: Instant) -> Vec<Duty> {
        let event = Event::new("standing", at);
        let ctx = Ctx { agreement: self, event: &event, counting: Counting::of(self, &[]) };
        self.terms_of("standing").map(|term| duty::of_act(&ctx, term)).collect()
    }

    /// The next `count` times (at most [`MOST_RETURNS`]) of every duty that returns, after `from`: `[periodic.*]`, copies and
    /// the trial of restoring, measures with a period. A duty whose period is not counted comes once, without a date.
    #[must_use]
    pub fn returning(&self, from: Instant, count: usize) -> Vec<Duty> {
        let event = Event::new("periodic", from);
        let ctx = Ctx { agreement: self, event: &event, counting: Counting::of(self, &[]) };
        returning::all(&ctx, count.min(MOST_RETURNS))
    }

    /// The kinds of event that this agreement has acts for.
    #[must_use]
    pub fn events(&self) -> BTreeSet<&'static str> {
        self.general().iter().map(|term| term.block).filter(|block| event_kind(block).is_some()).collect()
    }

    /// When a period that begins at an instant is over, as this agreement counts. Nothing where the period is a word, which has no
    /// end that could be counted.
    #[must_use]
    pub fn over_after(&self, from: Instant, period: &Period) -> Option<Instant> {
        calendar::due(from, period, None, &self.counting().calendar).ok()?.at
    }

    /// Until when at the latest what is erased at an instant can be brought back; nothing where the agreement knows no such thing.
    /// Erased data must be gone by its own time, so that time, where it is counted from the request, is the other limit.
    #[must_use]
    pub fn restorable_until(&self, from: Instant) -> Option<Instant> {
        let content = |term: &&Term| term.text("of") == Some("content") && term.text("phase") == Some("in-term");
        let term = self.terms_of("retention").find(content)?;
        let over = |key: &str| match term.value(key) {
            Some(Value::Period(period)) => self.over_after(from, period),
            _ => None,
        };
        let within = over("restorable-within")?;
        let gone_by = if term.text("start") == Some("request") { over("keep") } else { None };
        Some(gone_by.map_or(within, |by| within.min(by)))
    }

    /// How this agreement counts time: its terms where it has them, the platform's own readings where it is silent.
    #[must_use]
    pub fn counting(&self) -> Counting {
        Counting::of(self, &[])
    }
}

/// Most times that one returning duty is foretold.
pub const MOST_RETURNS: usize = 100;

pub(crate) fn label(sv: impl Into<String>, en: impl Into<String>) -> Label {
    Label { sv: sv.into(), en: en.into() }
}
