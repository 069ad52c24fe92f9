//! A term that the text states: field, value, quotation, place, and how it was found.
//!
//! INVARIANT (nothing is invented): a proposal is made here alone, from places in the text. Its value is read from the words at those
//! places while it is made, and they must lie within its quotation; so a value that its quotation does not contain cannot exist.

use std::ops::Range;

use crate::flow::Flow;
use crate::places;
use crate::quantities::{self, Quantity};
use crate::source::{Source, Span};

/// A value, read from the text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// The words themselves.
    Words(String),
    /// A number, period, amount, day or time.
    Quantity(Quantity),
    /// What the words mean, as a short name of the field's own.
    Meaning(String),
    /// Somebody who receives data.
    Recipient(Recipient),
    /// Something that has a price.
    Price {
        /// What.
        what: Option<String>,
        /// How much.
        amount: Quantity,
        /// For what, as printed after the amount.
        per: Option<String>,
    },
    /// A row of a table of reductions.
    Reduction {
        /// Below this level.
        below: String,
        /// Above this one, where there is one.
        above: Option<String>,
        /// How much of the fee.
        reduces: String,
    },
}

/// Somebody who receives data, as the text states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The name.
    pub name: String,
    /// What for.
    pub role: Option<String>,
    /// Where, as printed.
    pub place: Option<String>,
    /// The countries and areas that the place names, ISO 3166-1 alpha-2, `EU` or `EEA`.
    pub countries: Vec<String>,
    /// Which data.
    pub data: Option<String>,
    /// On which basis.
    pub basis: Option<String>,
}

/// From which words a value is read.
#[derive(Debug, Clone)]
pub(crate) enum Read {
    Words(Range<usize>),
    Quantity(Range<usize>),
    Meaning { code: String, because: Range<usize> },
    Recipient(Box<Columns>),
    Price { what: Option<Range<usize>>, amount: Range<usize>, per: Option<Range<usize>> },
    Reduction { below: Range<usize>, above: Option<Range<usize>>, reduces: Range<usize> },
}

/// Where the columns of a recipient stand.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns {
    pub name: Range<usize>,
    pub role: Option<Range<usize>>,
    pub place: Option<Range<usize>>,
    pub data: Option<Range<usize>>,
    pub basis: Option<Range<usize>>,
}

/// A proposed term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    field: &'static str,
    value: Value,
    quote: String,
    written: Span,
    span: Span,
    lines: (usize, usize),
    page: Option<usize>,
    rule: String,
    pub(crate) clause: Option<usize>,
    pub(crate) part: Option<usize>,
    /// The first of its field; further ones are shown beside it.
    pub(crate) first: bool,
}

/// What is longer is prose and no value: terms of the language have a limit too, and a draft would be refused for it.
pub(crate) const MAX_VALUE_CHARS: usize = 1_500;

impl Proposal {
    /// The only way to make one. Nothing comes of it where a value cannot be read or stands outside its quotation.
    pub(crate) fn new(
        source: &Source,
        flow: &Flow,
        field: &'static str,
        rule: &str,
        quote: &Range<usize>,
        read: &Read,
    ) -> Option<Self> {
        let quote = flow.trimmed(quote);
        let within = |range: &Range<usize>| {
            let range = flow.trimmed(range);
            (range.start >= quote.start && range.end <= quote.end && !range.is_empty()).then_some(range)
        };
        let short = |words: &String| words.chars().count() <= MAX_VALUE_CHARS;
        let words =
            |range: &Range<usize>| within(range).map(|range| flow.get(&range).replace(['\t', '\n'], " ")).filter(short);
        let optional = |range: &Option<Range<usize>>| match range {
            Some(range) if !flow.get(range).trim().is_empty() => words(range).map(Some),
            _ => Some(None),
        };
        let quantity = |range: &Range<usize>| within(range).and_then(|range| quantities::one(flow.get(&range)));
        let (value, written) = match read {
            Read::Words(range) => (Value::Words(words(range)?), range.clone()),
            Read::Quantity(range) => match quantity(range)? {
                Quantity::Disagrees => return None,
                quantity => (Value::Quantity(quantity), range.clone()),
            },
            Read::Meaning { code, because } => {
                words(because)?;
                (Value::Meaning(code.clone()), because.clone())
            }
            Read::Recipient(columns) => {
                let name = words(&columns.name)?;
                let place = optional(&columns.place)?;
                let recipient = Recipient {
                    name,
                    role: optional(&columns.role)?,
                    countries: place.as_deref().map(places::countries).unwrap_or_default(),
                    place,
                    data: optional(&columns.data)?,
                    basis: optional(&columns.basis)?,
                };
                (Value::Recipient(recipient), columns.name.clone())
            }
            Read::Price { what, amount, per } => {
                let Quantity::Money(..) = quantity(amount)? else { return None };
                let value = Value::Price { what: optional(what)?, amount: quantity(amount)?, per: optional(per)? };
                (value, amount.clone())
            }
            Read::Reduction { below, above, reduces } => {
                let percent = |range: &Range<usize>| match quantity(range)? {
                    Quantity::Percent(number) => Some(number),
                    _ => None,
                };
                // `99.0–99.5 %`: the sign of the second number is the first one's too.
                let number = |range: &Range<usize>| {
                    let words = within(range).map(|range| flow.get(&range).replace(',', "."))?;
                    let digits = words.starts_with(|c: char| c.is_ascii_digit());
                    (digits && words.parse::<rust_decimal::Decimal>().is_ok()).then_some(words)
                };
                let above = match above {
                    Some(range) => Some(percent(range).or_else(|| number(range))?),
                    None => None,
                };
                (Value::Reduction { below: percent(below)?, above, reduces: percent(reduces)? }, reduces.clone())
            }
        };
        let span = flow.span(&quote);
        Some(Self {
            field,
            value,
            quote: flow.get(&quote).replace('\t', " | ").replace('\n', " "),
            written: flow.span(&written),
            span,
            lines: source.lines_of(span),
            page: source.page_of(span.start),
            rule: rule.to_owned(),
            clause: None,
            part: None,
            first: true,
        })
    }

    /// The field, as `data/fields.toml` names it.
    #[must_use]
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// What the text states.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The sentence or row that states it, as it is meant to be read: whole over line and page breaks.
    #[must_use]
    pub fn quote(&self) -> &str {
        &self.quote
    }

    /// Where the quotation stands in the source.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// Where the words stand from which the value was read.
    #[must_use]
    pub fn written(&self) -> Span {
        self.written
    }

    /// The lines of the quotation, first and last.
    #[must_use]
    pub fn lines(&self) -> (usize, usize) {
        self.lines
    }

    /// The page, where the file has pages.
    #[must_use]
    pub fn page(&self) -> Option<usize> {
        self.page
    }

    /// The rule that found it.
    #[must_use]
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// The clause that it stands in, as an index.
    #[must_use]
    pub fn clause(&self) -> Option<usize> {
        self.clause
    }

    /// The part that it stands in, as an index.
    #[must_use]
    pub fn part(&self) -> Option<usize> {
        self.part
    }

    /// Whether it is the one that is proposed for a field with one value; the others are shown beside it.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.first
    }
}
