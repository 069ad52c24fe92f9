//! Dated law: which basis for a transfer, which act, which name of an authority and which country of an area holds on a day.
//!
//! The rows are data (`data/law.toml`), and what has ended keeps its row, so that *would this have passed on 17 July 2020* has an
//! answer. Limits and words that the checks go by are in `data/limits.toml`, read by `art28`. Nothing here reads a clock.

use core::fmt;
use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;
use terms::Label;

/// The law as the platform knows it, with every row that ever held.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Law {
    #[serde(rename = "basis", default)]
    bases: Vec<Basis>,
    #[serde(rename = "act", default)]
    acts: Vec<LegalAct>,
    #[serde(rename = "authority", default)]
    authorities: Vec<LegalAct>,
    #[serde(rename = "area", default)]
    areas: Vec<Area>,
}

/// The days on which something holds, both included; without an end, until further notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Days {
    /// The first day.
    #[serde(rename = "valid-from", deserialize_with = "day")]
    pub valid_from: Date,
    /// The last day.
    #[serde(rename = "valid-to", default, deserialize_with = "some_day")]
    pub valid_to: Option<Date>,
}

impl Days {
    /// Whether the day is one of them.
    #[must_use]
    pub fn hold(&self, on: Date) -> bool {
        self.valid_from <= on && self.valid_to.is_none_or(|last| on <= last)
    }

    /// The first day on which it no longer holds, where that day has come.
    #[must_use]
    pub fn ended(&self, on: Date) -> Option<Date> {
        self.valid_to.filter(|last| *last < on).and_then(|last| last.tomorrow().ok())
    }
}

/// What kind of basis for a transfer (GDPR Chapter V) it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BasisKind {
    /// A decision on an adequate level of protection, Art. 45.
    Adequacy,
    /// Standard data protection clauses, Art. 46(2)(c).
    Clauses,
    /// Binding corporate rules, Art. 46(2)(b).
    CorporateRules,
    /// A derogation for a specific situation, Art. 49.
    Derogation,
    /// Named by texts as a basis, and none.
    NoBasis,
}

/// What a basis needs before it carries a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// The recipient is on a list on the day.
    Listing,
    /// Signed clauses, or a decision, are at hand.
    Evidence,
    /// An authority has approved it for the group.
    Approval,
    /// The recipient is a commercial organisation.
    CommercialOrganisation,
}

/// A basis for transfers to a third country or an international organisation.
#[derive(Debug, Clone, Deserialize)]
pub struct Basis {
    /// Its id, as agreements name it: `[[transfer]] basis = "…"`.
    pub id: String,
    /// What kind it is.
    pub kind: BasisKind,
    /// The concept of the vocabulary.
    pub concept: String,
    /// Its name.
    pub name: Both,
    /// The names that texts use for it.
    #[serde(default)]
    pub written: Vec<String>,
    /// When it holds.
    #[serde(flatten)]
    pub days: Days,
    /// The countries that it opens; empty for any.
    #[serde(default)]
    pub countries: Vec<String>,
    /// The international organisations that it opens; empty for none in particular.
    #[serde(default)]
    pub organisations: Vec<String>,
    /// What it needs.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// The module of the clauses.
    pub module: Option<String>,
    /// Whether it can carry a standing recipient.
    #[serde(default = "yes")]
    pub standing: bool,
    /// Whom it is for.
    pub scope: Both,
    /// Where that is written.
    pub source: String,
}

impl Basis {
    /// Whether it opens this country (ISO 3166-1 alpha-2).
    #[must_use]
    pub fn covers(&self, country: &str) -> bool {
        self.organisations.is_empty() && (self.countries.is_empty() || self.countries.iter().any(|it| it == country))
    }
}

/// An act, or an authority under the name that it had.
#[derive(Debug, Clone, Deserialize)]
pub struct LegalAct {
    /// Its id, as agreements name it: `[law.ID] act = "…"`.
    pub id: String,
    /// Its name.
    pub name: Both,
    /// The names that texts use for it.
    #[serde(default)]
    pub written: Vec<String>,
    /// When it holds.
    #[serde(flatten)]
    pub days: Days,
    /// The id of what came in its place.
    #[serde(rename = "succeeded-by")]
    pub succeeded_by: Option<String>,
    /// Where that is written.
    pub source: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Area {
    id: String,
    countries: Vec<String>,
    #[serde(flatten)]
    days: Days,
    /// Where that is written. Kept so that a row without a source is a fault.
    #[serde(rename = "source")]
    _source: String,
}

/// A text in both languages, as data files write it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Both {
    /// Swedish.
    pub sv: String,
    /// English.
    pub en: String,
}

impl Both {
    /// As a label.
    #[must_use]
    pub fn label(&self) -> Label {
        Label { sv: self.sv.clone(), en: self.en.clone() }
    }
}

/// A row of the law's data cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the data of the law cannot be read: {0}")]
pub struct LawError(String);

impl Law {
    /// The law that is built into the program.
    #[must_use]
    pub fn built_in() -> &'static Self {
        #[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
        static LAW: LazyLock<Law> =
            LazyLock::new(|| Law::read(include_str!("../data/law.toml")).expect("data/law.toml"));
        &LAW
    }

    /// Reads rows in the form of `data/law.toml`.
    ///
    /// # Errors
    /// What cannot be read, with its line.
    pub fn read(text: &str) -> Result<Self, LawError> {
        toml_edit::de::from_str(text).map_err(|error| LawError(error.to_string()))
    }

    /// The law on a day.
    #[must_use]
    pub fn at(&self, on: Date) -> LawAt<'_> {
        LawAt { law: self, on }
    }

    /// The days on which a country lay or lies in the area (`eea`, `eu`).
    #[must_use]
    pub fn area_days(&self, country: &str, area: &str) -> Vec<Days> {
        let rows = self.areas.iter().filter(|row| row.id == area && row.countries.iter().any(|it| it == country));
        rows.map(|row| row.days).collect()
    }

    /// Every basis that ever was.
    #[must_use]
    pub fn bases(&self) -> &[Basis] {
        &self.bases
    }

    /// Every act that ever was.
    #[must_use]
    pub fn acts(&self) -> &[LegalAct] {
        &self.acts
    }
}

/// The law on one day.
#[derive(Clone, Copy)]
pub struct LawAt<'a> {
    law: &'a Law,
    on: Date,
}

/// How something named by its id stands on a day.
#[derive(Debug, Clone, Copy)]
pub enum Standing<'a, T> {
    /// It holds.
    Holds(&'a T),
    /// It did not hold yet.
    NotYet(&'a T),
    /// It has ended; the first day on which it no longer held.
    Ended(&'a T, Date),
    /// The data has no such row.
    Unknown,
}

/// A name that a text uses for something that no longer holds.
#[derive(Debug, Clone, Copy)]
pub struct DeadName<'a> {
    /// The name as texts write it.
    pub written: &'a str,
    /// What it was.
    pub name: &'a Both,
    /// The first day on which it no longer held.
    pub ended: Date,
    /// Where that is written.
    pub source: &'a str,
}

impl<'a> LawAt<'a> {
    /// The day.
    #[must_use]
    pub fn on(&self) -> Date {
        self.on
    }

    /// How the basis of this id stands.
    #[must_use]
    pub fn basis(&self, id: &str) -> Standing<'a, Basis> {
        self.standing(self.law.bases.iter().find(|basis| basis.id == id), |basis| basis.days)
    }

    /// How the act or authority of this id stands.
    #[must_use]
    pub fn act(&self, id: &str) -> Standing<'a, LegalAct> {
        let all = self.law.acts.iter().chain(&self.law.authorities);
        self.standing(all.into_iter().find(|act| act.id == id), |act| act.days)
    }

    /// Whether a country lies in the area (`eea`, `eu`) on this day.
    #[must_use]
    pub fn lies_in(&self, country: &str, area: &str) -> bool {
        let rows = self.law.areas.iter().filter(|row| row.id == area && row.days.hold(self.on));
        rows.flat_map(|row| &row.countries).any(|it| it == country)
    }

    /// The names of bases, acts and authorities that have ended by this day.
    pub fn dead_names(&self) -> impl Iterator<Item = DeadName<'a>> + use<'a> {
        let on = self.on;
        let bases = self.law.bases.iter().map(|it| (&it.written, &it.name, it.days, it.source.as_str()));
        let acts = self.law.acts.iter().chain(&self.law.authorities);
        let acts = acts.map(|it| (&it.written, &it.name, it.days, it.source.as_str()));
        bases
            .chain(acts)
            .filter_map(move |(written, name, days, source)| Some((written, name, days.ended(on)?, source)))
            .flat_map(|(written, name, ended, source)| {
                written.iter().map(move |written| DeadName { written, name, ended, source })
            })
    }

    fn standing<T>(&self, row: Option<&'a T>, days: impl Fn(&T) -> Days) -> Standing<'a, T> {
        let Some(row) = row else { return Standing::Unknown };
        let days = days(row);
        match days.ended(self.on) {
            Some(ended) => Standing::Ended(row, ended),
            None if days.hold(self.on) => Standing::Holds(row),
            None => Standing::NotYet(row),
        }
    }
}

impl fmt::Debug for LawAt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LawAt({})", self.on)
    }
}

pub(crate) fn day<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
}

pub(crate) fn some_day<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    day(from).map(Some)
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(day: &str) -> LawAt<'static> {
        Law::built_in().at(day.parse().unwrap())
    }

    #[test]
    fn privacy_shield_ended_on_the_day_of_the_judgment() {
        assert!(matches!(on("2020-07-15").basis("privacy-shield-2016"), Standing::Holds(_)));
        let Standing::Ended(_, ended) = on("2020-07-17").basis("privacy-shield-2016") else { panic!("it holds") };
        assert_eq!(ended.to_string(), "2020-07-16");
        assert!(matches!(on("2016-01-01").basis("privacy-shield-2016"), Standing::NotYet(_)));
        assert!(matches!(on("2026-01-01").basis("handshake"), Standing::Unknown));
    }

    #[test]
    fn a_country_leaves_an_area_and_a_name_dies_on_its_day() {
        assert!(on("2020-12-31").lies_in("GB", "eea"));
        assert!(!on("2021-01-01").lies_in("GB", "eea"));
        assert!(on("2026-01-01").lies_in("NO", "eea") && !on("2026-01-01").lies_in("NO", "eu"));
        let dead = |day: &str| on(day).dead_names().any(|name| name.written == "datainspektionen");
        assert!(!dead("2020-12-31") && dead("2021-01-01"));
    }

    #[test]
    fn every_row_has_its_own_id_and_a_successor_that_exists() {
        let law = Law::built_in();
        let named = |id: &str| law.acts.iter().chain(&law.authorities).filter(|act| act.id == id).count();
        for act in law.acts.iter().chain(&law.authorities) {
            assert_eq!(named(&act.id), 1, "{}", act.id);
            assert!(act.succeeded_by.as_deref().is_none_or(|next| named(next) == 1), "{}", act.id);
        }
        for basis in &law.bases {
            assert_eq!(law.bases.iter().filter(|other| other.id == basis.id).count(), 1, "{}", basis.id);
        }
    }
}
