//! What a text states, beside what the agreements state that the installation knows: the usual value, the strictest one, and how the
//! text stands to them.
//!
//! Which terms state the same thing, and which of two values is the stricter, is data beside the field (`data/fields.toml`). Only what
//! an agreement itself states counts; what its operator set is no promise. Nothing is turned into another unit: where two values cannot
//! be put in order, that is said.

use agreement::{Agreement, Term};
use calendar::{Period, Unit};
use rust_decimal::Decimal;
use terms::{Language, Provenance, Sourced};

use crate::data::{self, Compare, Stricter};
use crate::proposal::{Proposal, Value};
use crate::quantities::Quantity;
use crate::read::Reading;
use crate::told;

/// A value that can be laid beside others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// A period, in the words of the one who states it.
    Period(Period),
    /// A percentage.
    Percent(Decimal),
    /// An amount and its currency.
    Money(Decimal, String),
    /// One word of a closed list: its short name, and the term and key that it is a value of.
    Word(String, &'static str, &'static str),
    /// It is said, in whatever words.
    Yes,
}

impl Said {
    /// As people read it.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Period(period) => period.text(language),
            Self::Percent(percent) => format!("{percent} %"),
            Self::Money(amount, currency) => format!("{amount} {currency}"),
            Self::Word(word, block, key) => match data::fields().meaning.get(word) {
                Some(label) => label.text(language).to_owned(),
                None => agreement::language::word_name(block, key, word).text(language).to_owned(),
            },
            Self::Yes if language == Language::Sv => "ja".to_owned(),
            Self::Yes => "yes".to_owned(),
        }
    }

    /// Its size for a picture: the longest that it can be, in hours for periods, hundredths for numbers. A word without a number has none.
    #[must_use]
    pub fn size(&self) -> Option<i64> {
        match self {
            Self::Period(period) => period.seconds().and_then(|(_, most)| i64::try_from(most / 3_600).ok()),
            Self::Percent(number) | Self::Money(number, _) => {
                (number.checked_mul(Decimal::ONE_HUNDRED)?).try_into().ok()
            }
            Self::Word(..) | Self::Yes => None,
        }
    }
}

/// What others usually state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Usual {
    /// None of them states it.
    Nobody,
    /// Only one of them does.
    One(Said),
    /// So many of them state this.
    Commonest(Said, usize),
    /// As many state more as less; where two stand in the middle, the one that promises less.
    Median(Said),
    /// They differ, and no value is the usual one.
    Differs,
}

impl Usual {
    /// The value, where there is one.
    #[must_use]
    pub fn said(&self) -> Option<&Said> {
        match self {
            Self::One(said) | Self::Commonest(said, _) | Self::Median(said) => Some(said),
            Self::Nobody | Self::Differs => None,
        }
    }
}

/// How the text stands to the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// Nothing was found in the text, and others state it.
    NotFound,
    /// No other states it.
    OnlyHere,
    /// It is stricter than all others.
    StricterThanAll,
    /// It is the strictest that is known.
    AsStrictest,
    /// It is stricter than what is usual.
    Stricter,
    /// It is what is usual.
    Usual,
    /// It promises less than what is usual.
    Weaker,
    /// The values have no order: words without a number, or another unit.
    NoOrder,
    /// It is said here too; there is nothing to measure.
    Said,
}

impl Stands {
    /// A short name for programs and for the words of pages.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::OnlyHere => "only-here",
            Self::StricterThanAll => "stricter-than-all",
            Self::AsStrictest => "as-strictest",
            Self::Stricter => "stricter",
            Self::Usual => "usual",
            Self::Weaker => "weaker",
            Self::NoOrder => "no-order",
            Self::Said => "said",
        }
    }
}

/// An agreement that the installation knows.
#[derive(Clone)]
pub struct Known<'a> {
    /// What people call its service.
    pub name: String,
    /// The agreement.
    pub agreement: &'a Agreement,
}

/// A field of the text beside the same in the known agreements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// The field.
    pub field: &'static str,
    /// The proposal that states it, by its place in [`Reading::proposals`].
    pub at: Option<usize>,
    /// What it says.
    pub here: Option<Said>,
    /// What is usual.
    pub usual: Usual,
    /// The strictest of the others, where the values have an order.
    pub strictest: Option<Said>,
    /// Who states it: the place among the known agreements, and what it states.
    pub others: Vec<(usize, Said)>,
    /// How the text stands to them.
    pub stands: Stands,
}

/// Every field that the text or another agreement states, in the order of the fields.
pub(super) fn compare(reading: &Reading, known: &[Known<'_>]) -> Vec<Compared> {
    let fields = data::fields().field.iter();
    let compared = fields.filter_map(|field| one(reading, known, &field.id, field.compare.as_ref()?));
    compared.filter(|it| it.at.is_some() || !it.others.is_empty()).collect()
}

fn one(reading: &Reading, known: &[Known<'_>], field: &'static str, compare: &'static Compare) -> Option<Compared> {
    let term = *terms_of(compare).first()?;
    let at = reading.proposals.iter().position(|it| it.field() == field && it.is_first());
    let here = at.and_then(|at| reading.proposals.get(at));
    let here = here.map(|it| said_here(it, compare, term).unwrap_or(Said::Yes));
    let others: Vec<(usize, Said)> =
        known.iter().enumerate().filter_map(|(at, known)| Some((at, said_there(known.agreement, compare)?))).collect();
    let values: Vec<&Said> = others.iter().map(|(_, said)| said).collect();
    let usual = usual(&values, compare);
    let strictest = strictest(&values, compare).cloned();
    let stands = stands(here.as_ref(), &usual, strictest.as_ref(), compare);
    Some(Compared { field, at, here, usual, strictest, others, stands })
}

/// Block, id, key and value of each term; see `fields.toml`.
type Wanted = (&'static str, &'static str, &'static str, Option<&'static str>);

fn terms_of(compare: &'static Compare) -> Vec<Wanted> {
    let one = |term: &'static String| {
        let (term, value) = term.split_once('=').map_or((term.as_str(), None), |(term, value)| (term, Some(value)));
        let (name, key) = term.split_once(':').unwrap_or((term, ""));
        let (block, id) = name.split_once('.').unwrap_or((name, ""));
        (block, id, key, value)
    };
    compare.terms.iter().map(one).collect()
}

/// What the text says. A value of another shape than others have cannot be laid beside theirs, but it is said.
fn said_here(it: &Proposal, compare: &Compare, (block, _, key, _): Wanted) -> Option<Said> {
    if compare.says {
        return Some(Said::Yes);
    }
    Some(match it.value() {
        Value::Quantity(Quantity::Period(text) | Quantity::Every(text)) => Said::Period(text.parse().ok()?),
        Value::Quantity(Quantity::Percent(number)) => Said::Percent(number.parse().ok()?),
        Value::Quantity(Quantity::Money(amount, currency)) => Said::Money(amount.parse().ok()?, currency.clone()),
        Value::Meaning(code) => Said::Word(code.clone(), block, key),
        _ => Said::Yes,
    })
}

/// The first of the terms that an agreement itself states.
fn said_there(agreement: &Agreement, compare: &'static Compare) -> Option<Said> {
    terms_of(compare).into_iter().find_map(|(block, id, key, value)| {
        let fits = |term: &&Term| term.block == block && (id == "*" || term.id == id);
        let stated = |term: &&Term| term.origin.provenance == Provenance::Stated;
        let mut terms = agreement.general().iter().filter(fits).filter(stated);
        if key.is_empty() {
            return terms.next().map(|_| Said::Yes);
        }
        terms.find_map(|term| match term.sourced(key)? {
            Sourced::Found { value: found, provenance: Provenance::Stated, .. } => {
                if value.is_some_and(|value| found.to_string() != value) {
                    return None;
                }
                if compare.says || value.is_some() {
                    return Some(Said::Yes);
                }
                said(found, block, key)
            }
            _ => None,
        })
    })
}

fn said(value: &agreement::Value, block: &'static str, key: &'static str) -> Option<Said> {
    use agreement::Value as There;
    Some(match value {
        There::Period(period) => Said::Period(*period),
        There::Percent(percent) => Said::Percent(*percent),
        There::Money { amount, currency } => Said::Money(*amount, currency.clone()),
        // Caps count months, and say so in the name of their key.
        There::Count(count) if key.ends_with("months") => {
            Said::Period(Period::counted(u32::try_from(*count).ok()?, Unit::Months).ok()?)
        }
        There::Text(word) => Said::Word(word.clone(), block, key),
        _ => Said::Yes,
    })
}

/// Whether the first is stricter than the second; nothing where they have no order. Equal ones are not stricter.
fn is_stricter(one: &Said, other: &Said, compare: &Compare) -> Option<bool> {
    if one == other {
        return Some(false);
    }
    let less = match (one, other) {
        (Said::Period(one), Said::Period(other)) => one.is_shorter_than(other)?,
        (Said::Percent(one), Said::Percent(other)) => one < other,
        (Said::Money(one, currency), Said::Money(other, same)) if currency == same => one < other,
        (Said::Word(one, ..), Said::Word(other, ..)) => {
            let place = |word: &String| compare.order.iter().position(|known| known == word);
            return Some(place(one)? < place(other)?);
        }
        _ => return None,
    };
    Some(match compare.stricter? {
        Stricter::Shorter | Stricter::Lower => less,
        Stricter::Longer | Stricter::Higher => !less,
    })
}

/// The strictest, where it can be told from all others that have an order at all.
fn strictest<'v>(values: &[&'v Said], compare: &Compare) -> Option<&'v Said> {
    // A word without a number stands outside the order of those that have one.
    let counted: Vec<&Said> = values.iter().copied().filter(|said| is_measured(said, compare)).collect();
    counted.iter().copied().find(|one| counted.iter().all(|other| is_stricter(other, one, compare) == Some(false)))
}

fn is_measured(said: &Said, compare: &Compare) -> bool {
    match said {
        Said::Period(_) | Said::Percent(_) | Said::Money(..) => compare.stricter.is_some() && said.size().is_some(),
        Said::Word(word, ..) => compare.order.contains(word),
        Said::Yes => false,
    }
}

fn usual(values: &[&Said], compare: &Compare) -> Usual {
    let (first, rest) = match values {
        [] => return Usual::Nobody,
        [one] => return Usual::One((*one).clone()),
        [first, rest @ ..] => (*first, rest),
    };
    if rest.iter().all(|other| *other == first) {
        return Usual::Commonest(first.clone(), values.len());
    }
    let numbers = values.iter().all(|said| !matches!(said, Said::Word(..)) && is_measured(said, compare));
    let ordered =
        numbers && values.iter().all(|one| values.iter().all(|other| is_stricter(one, other, compare).is_some()));
    if ordered {
        let mut sorted = values.to_vec();
        // The strictest first, so that of two in the middle the second promises less.
        sorted.sort_by(|one, other| {
            let before = is_stricter(one, other, compare) == Some(true);
            let after = is_stricter(other, one, compare) == Some(true);
            after.cmp(&before)
        });
        return sorted.get(sorted.len() / 2).map_or(Usual::Differs, |said| Usual::Median((*said).clone()));
    }
    let count = |said: &Said| values.iter().filter(|other| **other == said).count();
    let most = values.iter().map(|said| count(said)).max().unwrap_or(0);
    let mut commonest = values.iter().filter(|said| count(said) == most);
    match commonest.next() {
        Some(said) if most > 1 && commonest.all(|other| other == said) => Usual::Commonest((*said).clone(), most),
        _ => Usual::Differs,
    }
}

fn stands(here: Option<&Said>, usual: &Usual, strictest: Option<&Said>, compare: &Compare) -> Stands {
    let Some(here) = here else { return Stands::NotFound };
    if *usual == Usual::Nobody {
        return Stands::OnlyHere;
    }
    if compare.says {
        return Stands::Said;
    }
    if let Some(strictest) = strictest {
        match is_stricter(here, strictest, compare) {
            Some(true) => return Stands::StricterThanAll,
            Some(false) if here == strictest && usual.said() != Some(here) => return Stands::AsStrictest,
            _ => {}
        }
    }
    let Some(usual) = usual.said() else { return Stands::NoOrder };
    if usual == here {
        return Stands::Usual;
    }
    match (is_stricter(here, usual, compare), is_stricter(usual, here, compare)) {
        (Some(true), _) => Stands::Stricter,
        (_, Some(true)) => Stands::Weaker,
        _ => Stands::NoOrder,
    }
}

impl Compared {
    /// What the text says, as the page of a reading shows it.
    #[must_use]
    pub fn told_here(&self, reading: &Reading, language: Language) -> Option<String> {
        self.at.and_then(|at| reading.proposals.get(at)).map(|it| told::shown(it.value(), language))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `stricter`, then the others, then the text's own: what is usual, what is strictest, how it stands.
    fn check(stricter: Option<Stricter>, others: &[&str], here: Option<&str>, expected: (&str, &str, &str)) {
        let compare = Compare { terms: Vec::new(), stricter, order: Vec::new(), says: false };
        let period = |text: &&str| Said::Period(text.parse().unwrap());
        let others: Vec<Said> = others.iter().map(period).collect();
        let values: Vec<&Said> = others.iter().collect();
        let here = here.as_ref().map(period);
        let (usual, strictest) = (usual(&values, &compare), super::strictest(&values, &compare));
        let text = |said: Option<&Said>| said.map_or_else(|| "-".to_owned(), |said| said.text(Language::En));
        let stands = stands(here.as_ref(), &usual, strictest, &compare);
        let got = (text(usual.said()), text(strictest), stands.code());
        assert_eq!((got.0.as_str(), got.1.as_str(), got.2), expected, "{others:?}, {here:?}");
    }

    #[test]
    fn the_usual_is_the_middle_or_the_commonest_and_the_strictest_goes_by_its_direction() {
        let longer = Some(Stricter::Longer);
        check(longer, &["14 days", "60 days", "20 days"], None, ("20 days", "60 days", "not-found"));
        check(longer, &["14 days", "60 days"], Some("20 days"), ("14 days", "60 days", "stricter"));
        check(longer, &["14 days", "60 days"], Some("90 days"), ("14 days", "60 days", "stricter-than-all"));
        check(longer, &["30 days", "30 days", "14 days"], Some("7 days"), ("30 days", "30 days", "weaker"));
        check(
            Some(Stricter::Shorter),
            &["24 hours", "72 hours"],
            Some("24 hours"),
            ("72 hours", "24 hours", "as-strictest"),
        );
        check(Some(Stricter::Shorter), &["48 hours"], Some("48 hours"), ("48 hours", "48 hours", "usual"));
        check(longer, &[], Some("30 days"), ("-", "-", "only-here"));
    }

    #[test]
    fn words_and_units_that_have_no_order_are_not_given_one() {
        let shorter = Some(Stricter::Shorter);
        let words = ["without undue delay", "without undue delay", "within a reasonable time"];
        check(shorter, &words, Some("72 hours"), ("without undue delay", "-", "no-order"));
        check(shorter, &words, Some("without undue delay"), ("without undue delay", "-", "usual"));
        check(shorter, &["30 days", "1 month"], Some("10 days"), ("-", "-", "no-order"));
        check(None, &["1 month", "3 months"], Some("1 month"), ("-", "-", "no-order"));
        check(shorter, &["72 hours", "without undue delay"], Some("24 hours"), ("-", "72 hours", "stricter-than-all"));
    }

    #[test]
    fn every_comparison_names_a_block_and_a_key_of_the_language() {
        for field in &data::fields().field {
            let Some(compare) = &field.compare else { continue };
            for (block, id, key, _) in terms_of(compare) {
                let found = agreement::language::block(block);
                assert!(found.is_some(), "{}: no block `{block}`", field.id);
                let named = |key: &str| found.is_some_and(|block| block.key(key).is_some());
                assert!(key.is_empty() || named(key), "{}: `{block}` has no key `{key}`", field.id);
                assert!(!id.contains(':'), "{}", field.id);
            }
            let ways = usize::from(compare.says) + usize::from(!compare.order.is_empty());
            assert!(ways + usize::from(compare.stricter.is_some()) <= 1, "{}: one way to compare", field.id);
        }
    }
}
