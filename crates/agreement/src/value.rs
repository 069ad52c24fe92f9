//! What a key of a general term holds, in the shape that the language demands of it.

use calendar::Period;
use rust_decimal::Decimal;
use terms::{ClauseId, Label, Provenance, Sourced};

use crate::term::Origin;

/// A value of the language, read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text, a word of a closed list, a concept, a time of day or the name of something.
    Text(String),
    /// A text in both languages.
    Label(Label),
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Count(u64),
    /// A percentage, e.g. 99.4.
    Percent(Decimal),
    /// An amount and its currency (ISO 4217).
    Money {
        /// How much, in whole units of the currency with decimals.
        amount: Decimal,
        /// Which currency.
        currency: String,
    },
    /// A period in the contract's own words.
    Period(Period),
    /// A day.
    Date(jiff::civil::Date),
    /// A time of day.
    Time(jiff::civil::Time),
    /// Words or names, in the order of the text.
    Words(Vec<String>),
}

/// One general term: a block with its values, each with its origin, and the clause that states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The block, e.g. `incident`.
    pub block: &'static str,
    /// The id behind the point, e.g. `notice` in `[incident.notice]`; empty where the block has none.
    pub id: String,
    /// The values in the order of the language. A key that may be left out, and is, is not here; one that agreements should
    /// state and this one does not is here as *not found*.
    pub values: Vec<(&'static str, Sourced<Value>)>,
    /// How the block came to stand in the agreement.
    pub origin: Origin,
    /// The clause that states it.
    pub clause: ClauseId,
    /// Keys that another clause than the block's states, because a layer won; see [`Term::clause_of`].
    pub elsewhere: Vec<(&'static str, ClauseId)>,
    /// The line of the block, from 1.
    pub line: usize,
}

impl Term {
    /// Whether it is one of a list `[[block]]`, where several may stand beside each other.
    #[must_use]
    pub fn stands_in_list(&self) -> bool {
        crate::language::block(self.block).is_some_and(|block| block.form == crate::language::Form::List)
    }

    /// `block.id`, or the block alone.
    #[must_use]
    pub fn name(&self) -> String {
        if self.id.is_empty() { self.block.to_owned() } else { format!("{}.{}", self.block, self.id) }
    }

    /// The clause that states the value under a key.
    #[must_use]
    pub fn clause_of(&self, key: &str) -> &ClauseId {
        self.elsewhere.iter().find(|(name, _)| *name == key).map_or(&self.clause, |(_, clause)| clause)
    }

    /// The value under a key with its origin; nothing where the key was left out.
    #[must_use]
    pub fn sourced(&self, key: &str) -> Option<&Sourced<Value>> {
        self.values.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    /// The value under a key, where there is one.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&Value> {
        self.sourced(key).and_then(Sourced::value)
    }

    /// The text or word under a key.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.value(key) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The words under a key; none where it was left out.
    #[must_use]
    pub fn words(&self, key: &str) -> &[String] {
        match self.value(key) {
            Some(Value::Words(words)) => words,
            _ => &[],
        }
    }

    /// The label under a key.
    #[must_use]
    pub fn label(&self, key: &str) -> Option<&Label> {
        match self.value(key) {
            Some(Value::Label(label)) => Some(label),
            _ => None,
        }
    }

    /// Yes or no under a key; nothing where the agreement does not say.
    #[must_use]
    pub fn flag(&self, key: &str) -> Option<bool> {
        match self.value(key) {
            Some(Value::Flag(flag)) => Some(*flag),
            _ => None,
        }
    }

    /// The number under a key.
    #[must_use]
    pub fn count(&self, key: &str) -> Option<u64> {
        match self.value(key) {
            Some(Value::Count(count)) => Some(*count),
            _ => None,
        }
    }

    /// The percentage under a key.
    #[must_use]
    pub fn percent(&self, key: &str) -> Option<Decimal> {
        match self.value(key) {
            Some(Value::Percent(percent)) => Some(*percent),
            _ => None,
        }
    }

    /// The amount and currency under a key.
    #[must_use]
    pub fn money(&self, key: &str) -> Option<(Decimal, &str)> {
        match self.value(key) {
            Some(Value::Money { amount, currency }) => Some((*amount, currency)),
            _ => None,
        }
    }

    /// The period under a key.
    #[must_use]
    pub fn period(&self, key: &str) -> Option<&Period> {
        match self.value(key) {
            Some(Value::Period(period)) => Some(period),
            _ => None,
        }
    }

    /// The day under a key.
    #[must_use]
    pub fn date(&self, key: &str) -> Option<jiff::civil::Date> {
        match self.value(key) {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        }
    }

    /// The time of day under a key.
    #[must_use]
    pub fn time(&self, key: &str) -> Option<jiff::civil::Time> {
        match self.value(key) {
            Some(Value::Time(time)) => Some(*time),
            _ => None,
        }
    }

    /// Whether the value under a key is the operator's and not the text's.
    #[must_use]
    pub fn is_operators(&self, key: &str) -> bool {
        let of_value = matches!(self.sourced(key), Some(Sourced::Found { provenance: Provenance::SetByOperator, .. }));
        of_value || self.origin.provenance == Provenance::SetByOperator
    }
}

impl core::fmt::Display for Value {
    /// As it would be written in an agreement.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Label(label) => f.write_str(&label.sv),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Count(count) => write!(f, "{count}"),
            Self::Percent(percent) => write!(f, "{percent} %"),
            Self::Money { amount, currency } => write!(f, "{amount} {currency}"),
            Self::Period(period) => write!(f, "{period}"),
            Self::Date(date) => write!(f, "{date}"),
            Self::Time(time) => write!(f, "{}", time.strftime("%H:%M")),
            Self::Words(words) => f.write_str(&words.join(", ")),
        }
    }
}
