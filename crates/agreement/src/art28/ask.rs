//! What a check is given, and how it answers. The context comes first: agreement, evidence, day, law and limits; a check takes
//! nothing from anywhere else.

use jiff::civil::Date;
use terms::{ClauseId, Label, Provenance, Sourced};

use super::limits::LimitsAt;
use super::{Evidence, Finding, Phrase, Verdict};
use crate::agreement::Agreement;
use crate::law::{Law, LawAt};
use crate::term::{Clause, Origin};
use crate::value::{Term, Value};

/// A sentence in both languages, with values; those after a semicolon are periods, in words of the language.
macro_rules! both {
    ($sv:literal, $en:literal; $($period:ident),+) => {
        terms::Label {
            sv: {
                $(let $period = $period.label().sv;)+
                format!($sv)
            },
            en: {
                $(let $period = $period.label().en;)+
                format!($en)
            },
        }
    };
    ($sv:literal, $en:literal $(, $($arg:tt)*)?) => {
        terms::Label { sv: format!($sv $(, $($arg)*)?), en: format!($en $(, $($arg)*)?) }
    };
}
pub(super) use both;

/// A phrase in both languages, without values.
macro_rules! phrase {
    ($sv:literal, $en:literal) => {
        $crate::art28::Phrase { sv: $sv, en: $en }
    };
}
pub(super) use phrase;

/// What a check is asked about.
pub(super) struct Ask<'a> {
    pub agreement: &'a Agreement,
    pub evidence: &'a Evidence,
    pub on: Date,
    pub law: LawAt<'static>,
    pub limits: LimitsAt,
}

/// What the agreement says under a key. What the operator set is no word of the agreement, and counts as silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said<'a> {
    /// It says this.
    This(&'a Value),
    /// It says that there is none.
    None,
    /// It does not say.
    Silent,
}

impl<'a> Ask<'a> {
    pub fn new(agreement: &'a Agreement, evidence: &'a Evidence, on: Date) -> Self {
        Self { agreement, evidence, on, law: Law::built_in().at(on), limits: LimitsAt::new(on) }
    }

    /// `[block]` or `[block.id]`, where the agreement and not the operator states it.
    pub fn term(&self, block: &str, id: &str) -> Option<&'a Term> {
        self.agreement.term(block, id).filter(|term| is_agreed(&term.origin))
    }

    /// Every term of a block that the agreement and not the operator states.
    pub fn terms(&self, block: &'a str) -> impl Iterator<Item = &'a Term> + use<'a> {
        self.agreement.terms_of(block).filter(|term| is_agreed(&term.origin))
    }

    /// The duties of these events that the agreement and not the operator states.
    pub fn duties(&self, events: &'static [&'static str]) -> impl Iterator<Item = &'a Term> + use<'a> {
        self.agreement.general().iter().filter(move |term| events.contains(&term.block) && is_agreed(&term.origin))
    }

    /// The clauses with their own words, line by line: prose without quotations, which are somebody's reading.
    pub fn prose(&self) -> impl Iterator<Item = (&'a Clause, &'a str)> + use<'a> {
        self.agreement.clauses().iter().flat_map(|clause| own_words(&clause.prose).map(move |line| (clause, line)))
    }

    /// The measures in an area, as `backup`.
    pub fn measures(&self, area: &'a str) -> impl Iterator<Item = &'a Term> + use<'a> {
        self.terms("measure").filter(move |term| term.text("area") == Some(area))
    }

    /// The first measure in one of the areas that says in numbers how often it is done.
    pub fn periodic_measure(&self, areas: &'static [&'static str]) -> Option<&'a Term> {
        self.terms("measure").find(|term| {
            term.text("area").is_some_and(|area| areas.contains(&area)) && said_period(term, "every").is_some()
        })
    }
}

/// Whether the agreement says it, in so many words or so that it follows.
pub(super) fn is_agreed(origin: &Origin) -> bool {
    origin.provenance != Provenance::SetByOperator
}

/// The lines of prose that are not quoted, each without what Markdown needs before it.
pub(super) fn own_words(prose: &str) -> impl Iterator<Item = &str> {
    prose.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('>'))
}

/// What a term says under a key.
pub(super) fn said<'a>(term: &'a Term, key: &str) -> Said<'a> {
    match term.sourced(key) {
        Some(Sourced::Found { value, provenance, .. }) if *provenance != Provenance::SetByOperator => Said::This(value),
        Some(Sourced::None) => Said::None,
        Some(Sourced::Found { .. } | Sourced::NotFound { .. }) | None => Said::Silent,
    }
}

/// Whether a duty is the processor's.
pub(super) fn of_processor(duty: &Term) -> bool {
    duty.text("who") == Some("processor")
}

/// Whether a duty reaches this addressee, or one of its people, as `controller.administrators` are the controller's.
pub(super) fn reaches(duty: &Term, whom: &str) -> bool {
    let is_theirs = |rest: &str| rest.is_empty() || rest.starts_with('.');
    said_words(duty, "to").iter().any(|to| to.strip_prefix(whom).is_some_and(is_theirs))
}

/// The flag that the agreement states under a key.
pub(super) fn said_flag(term: &Term, key: &str) -> Option<bool> {
    match said(term, key) {
        Said::This(Value::Flag(flag)) => Some(*flag),
        _ => None,
    }
}

/// The word that the agreement states under a key.
pub(super) fn said_text<'a>(term: &'a Term, key: &str) -> Option<&'a str> {
    match said(term, key) {
        Said::This(Value::Text(text)) => Some(text),
        _ => None,
    }
}

/// The words that the agreement states under a key.
pub(super) fn said_words<'a>(term: &'a Term, key: &str) -> &'a [String] {
    match said(term, key) {
        Said::This(Value::Words(words)) => words,
        _ => &[],
    }
}

/// The period that the agreement states in a number under a key.
pub(super) fn said_period<'a>(term: &'a Term, key: &str) -> Option<&'a calendar::Period> {
    match said(term, key) {
        Said::This(Value::Period(period)) if period.is_counted() => Some(period),
        _ => None,
    }
}

/// Whether the value under a key is read out of the text, and not stated in so many words.
pub(super) fn is_derived(term: &Term, key: &str) -> bool {
    let of_value = matches!(term.sourced(key), Some(Sourced::Found { provenance: Provenance::Derived, .. }));
    of_value || term.origin.provenance == Provenance::Derived
}

impl Finding {
    fn new(verdict: Verdict, says: Label) -> Self {
        Self { verdict, says, asks: false, clause: None, line: 0, excerpt: String::new(), remedy: None }
    }

    pub(super) fn pass(says: Label) -> Self {
        Self::new(Verdict::Pass, says)
    }

    pub(super) fn warn(says: Label) -> Self {
        Self::new(Verdict::Warn, says)
    }

    pub(super) fn fail(says: Label) -> Self {
        Self::new(Verdict::Fail, says)
    }

    pub(super) fn not_applicable(says: Label) -> Self {
        Self::new(Verdict::NotApplicable, says)
    }

    /// The agreement is silent about something that it should say: a failure, put as a question.
    pub(super) fn silent(says: Label) -> Self {
        Self { asks: true, ..Self::fail(says) }
    }

    /// A question to a person, whatever the verdict.
    pub(super) fn asking(mut self) -> Self {
        self.asks = true;
        self
    }

    /// It rests on this term.
    pub(super) fn at(mut self, term: &Term) -> Self {
        self.clause = Some(term.clause.clone());
        self.line = term.line;
        self
    }

    /// It rests on this term, where there is one.
    pub(super) fn at_some(self, term: Option<&Term>) -> Self {
        match term {
            Some(term) => self.at(term),
            None => self,
        }
    }

    /// It rests on this clause.
    pub(super) fn under(mut self, clause: &ClauseId) -> Self {
        self.clause = Some(clause.clone());
        self
    }

    /// It rests on these words of the clause.
    pub(super) fn quoting(mut self, clause: &Clause, words: &str) -> Self {
        self.clause = Some(clause.id.clone());
        self.line = clause.line;
        self.excerpt = words.to_owned();
        self
    }

    /// What to write.
    pub(super) fn remedy(mut self, remedy: Phrase) -> Self {
        self.remedy = Some(remedy.label());
        self
    }
}
