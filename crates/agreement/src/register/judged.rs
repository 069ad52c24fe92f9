//! What a row's transfer rests on, on a day: its country and the basis that it states, against the dated law (GDPR Chapter V).
//!
//! A ground of Article 6 is never looked at here: it may carry the processing, and carries no transfer.

use core::fmt::Write as _;

use jiff::civil::Date;
use terms::Language;

use super::{Register, Row, Treated};
use crate::law::{Basis, Law, LawAt, Standing};

/// What carries the transfer to one row, on one day.
#[derive(Debug, Clone, Copy)]
pub enum Transfer<'l> {
    /// The place lies in the EU/EEA: nothing is needed.
    NotNeeded,
    /// The row states no basis.
    NoBasis,
    /// The row states a basis that the dated law does not know, or one for another country.
    NotThere,
    /// The basis did not hold yet.
    NotYet(&'l Basis),
    /// The basis has ended; the first day on which it no longer held.
    Ended(&'l Basis, Date),
    /// The basis holds. What it needs, such as a listing, is for a person to show.
    Holds(&'l Basis),
    /// The row states no country.
    NoPlace,
}

impl Row {
    /// What carries the transfer, on the day of the law.
    #[must_use]
    pub fn judged<'l>(&self, law: LawAt<'l>) -> Transfer<'l> {
        let Some(country) = self.country() else { return Transfer::NoPlace };
        if law.lies_in(country, "eea") {
            return Transfer::NotNeeded;
        }
        let Some(id) = self.transfer() else { return Transfer::NoBasis };
        match law.basis(id) {
            Standing::Unknown => Transfer::NotThere,
            Standing::Holds(basis) | Standing::NotYet(basis) | Standing::Ended(basis, _)
                if !basis.standing || !basis.covers(country) =>
            {
                Transfer::NotThere
            }
            Standing::Holds(basis) => Transfer::Holds(basis),
            Standing::NotYet(basis) => Transfer::NotYet(basis),
            Standing::Ended(basis, day) => Transfer::Ended(basis, day),
        }
    }
}

impl Register {
    /// Every row in one line, with what carries its transfer on the given days, for people.
    #[must_use]
    pub fn table(&self, language: Language, days: &[Date]) -> String {
        let mut text = self.head(language);
        for row in self.rows() {
            let number = self.clause(row.clause()).map_or("", |clause| clause.number.as_str());
            let role = role(row.treated_role().unwrap_or_default(), language);
            let _ = writeln!(
                text,
                "{number}  {}  {}  {role}  {}",
                row.name(),
                row.country().unwrap_or("–"),
                treated(row.treated(), language)
            );
            let reason = row.reason().map_or("", |reason| reason.text(language));
            let _ = writeln!(text, "      {reason}{}: {}", limits(row, language), self.labels(row, language));
            if let Some(flag) = row.flag() {
                let _ = writeln!(text, "      ! {flag}");
            }
            for day in days {
                let judged = row.judged(Law::built_in().at(*day));
                if !matches!(judged, Transfer::NotNeeded) {
                    let _ = writeln!(text, "      {day}: {}", words(judged, language));
                }
            }
        }
        text
    }

    /// What it is, of when, and what holds for those who are not in it.
    fn head(&self, language: Language) -> String {
        let title = self.title().map_or("", |title| title.text(language));
        let of = role(self.of(), language);
        let (rows, suppliers) = (self.rows().len(), self.suppliers());
        let countries: Vec<_> = self.countries().iter().map(|(country, rows)| format!("{country} {rows}")).collect();
        let countries = countries.join(", ");
        let others = match (self.opened_by(), language) {
            ("permission-of-the-data-subject", Language::Sv) => {
                "Ingen annan får något utan den registrerades tillstånd."
            }
            ("permission-of-the-data-subject", Language::En) => {
                "Nobody else receives anything without the data subject's permission."
            }
            ("permission-of-the-controller", Language::Sv) => "Ingen annan får något utan den ansvariges tillstånd.",
            ("permission-of-the-controller", Language::En) => {
                "Nobody else receives anything without the controller's permission."
            }
            (_, Language::Sv) => "Ingen annan får något.",
            (_, Language::En) => "Nobody else receives anything.",
        };
        match language {
            Language::Sv => format!(
                "{title}, {}. Utgivaren är {of}. {rows} rader, {suppliers} leverantörer: {countries}. {others}\n\n",
                self.published()
            ),
            Language::En => format!(
                "{title}, {}. The publisher is {of}. {rows} rows, {suppliers} suppliers: {countries}. {others}\n\n",
                self.published()
            ),
        }
    }

    fn labels(&self, row: &Row, language: Language) -> String {
        let label = |name: &String| {
            let known = self.categories().iter().find(|category| category.id.as_str() == name);
            known.map_or_else(|| name.clone(), |category| category.label.text(language).to_owned())
        };
        if row.categories().is_empty() {
            "–".to_owned()
        } else {
            row.categories().iter().map(label).collect::<Vec<_>>().join(", ")
        }
    }
}

/// For what alone, for what not, and whether it takes anything new.
fn limits(row: &Row, language: Language) -> String {
    let (only, not, existing) = match language {
        Language::Sv => ("bara", "inte", "tar inget nytt"),
        Language::En => ("only", "not", "takes nothing new"),
    };
    let mut limits = Vec::new();
    for (word, names) in [(only, row.only_for()), (not, row.not_for())] {
        if !names.is_empty() {
            limits.push(format!("{word} {}", names.join(" ")));
        }
    }
    if row.only_existing() {
        limits.push(existing.to_owned());
    }
    if limits.is_empty() { String::new() } else { format!(" ({})", limits.join("; ")) }
}

fn words(transfer: Transfer<'_>, language: Language) -> String {
    let named = |basis: &Basis| basis.name.label().text(language).to_owned();
    match (transfer, language) {
        (Transfer::NotNeeded, Language::Sv) => "inom EU/EES".to_owned(),
        (Transfer::NotNeeded, Language::En) => "in the EU/EEA".to_owned(),
        (Transfer::NoBasis, Language::Sv) => "ingen grund för överföring är angiven".to_owned(),
        (Transfer::NoBasis, Language::En) => "no basis for a transfer is stated".to_owned(),
        (Transfer::NotThere, Language::Sv) => "det som anges är ingen grund för överföring dit".to_owned(),
        (Transfer::NotThere, Language::En) => "what is stated is no basis for a transfer there".to_owned(),
        (Transfer::NotYet(basis), Language::Sv) => format!("{} gäller inte än", named(basis)),
        (Transfer::NotYet(basis), Language::En) => format!("{} does not hold yet", named(basis)),
        (Transfer::Ended(basis, day), Language::Sv) => format!("{} gäller inte sedan {day}", named(basis)),
        (Transfer::Ended(basis, day), Language::En) => format!("{} no longer holds since {day}", named(basis)),
        (Transfer::Holds(basis), Language::Sv) => {
            format!("{} gäller, om mottagaren visar att den omfattas", named(basis))
        }
        (Transfer::Holds(basis), Language::En) => {
            format!("{} holds, if the recipient shows that it is covered", named(basis))
        }
        (Transfer::NoPlace, Language::Sv) => "landet är inte angivet".to_owned(),
        (Transfer::NoPlace, Language::En) => "the country is not stated".to_owned(),
    }
}

fn treated(treated: Treated, language: Language) -> &'static str {
    match (treated, language) {
        (Treated::Open, Language::Sv) => "öppen",
        (Treated::Open, Language::En) => "open",
        (Treated::Warned, Language::Sv) => "väntar på beslut",
        (Treated::Warned, Language::En) => "waits for a decision",
        (Treated::Blocked, Language::Sv) => "stängd",
        (Treated::Blocked, Language::En) => "closed",
    }
}

fn role(role: &str, language: Language) -> &'static str {
    match (role, language) {
        ("controller", Language::Sv) => "personuppgiftsansvarig",
        ("controller", Language::En) => "controller",
        ("joint-controller", Language::Sv) => "gemensamt ansvarig",
        ("joint-controller", Language::En) => "joint controller",
        ("processor", Language::Sv) => "personuppgiftsbiträde",
        ("processor", Language::En) => "processor",
        _ => "–",
    }
}
