//! What a line looks like as a cell, and how well it fits into a column.

use crate::columns::TableKind;
use crate::data;
use crate::places;
use crate::quantities::{self, Quantity};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Thing,
    Place,
    Basis,
    Amount,
    Percent,
    Period,
    /// Anything that is counted or measured.
    Value,
    Words,
}

impl Kind {
    /// Whether its cells are told from all others by their form.
    pub fn is_told(self) -> bool {
        matches!(self, Self::Place | Self::Amount | Self::Percent | Self::Period | Self::Value)
    }
}

pub(super) fn kind_of(table: TableKind, column: &str) -> Kind {
    match (table, column) {
        (TableKind::Recipients, "name") => Kind::Name,
        (TableKind::Recipients, "place") => Kind::Place,
        (TableKind::Recipients, "basis") => Kind::Basis,
        (TableKind::Prices, "amount") => Kind::Amount,
        (TableKind::Levels, "level" | "reduces") => Kind::Percent,
        (TableKind::Levels, "response" | "remedy") => Kind::Period,
        (TableKind::Levels, "value") => Kind::Value,
        (_, "what") => Kind::Thing,
        _ => Kind::Words,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It names a place and nothing else.
    Whole,
    /// A place is among its words.
    Among,
    No,
}

pub(super) fn place_of(text: &str) -> Place {
    if places::countries(text).is_empty() {
        return Place::No;
    }
    let short = text.split_whitespace().count() <= 5 && !ends_in_form(text) && !text.ends_with('.');
    if short { Place::Whole } else { Place::Among }
}

pub(super) fn ends_in_form(text: &str) -> bool {
    let last = text.rsplit([' ', ',']).next().unwrap_or("");
    data::recipients().legal.forms.iter().any(|form| form == last)
}

/// What a line looks like, as a cell.
pub(super) struct Looks {
    pub place: Place,
    pub form: bool,
    pub small: bool,
    /// It says that there is nothing.
    pub empty: bool,
    pub money: bool,
    number: bool,
    worded_price: bool,
    percent: bool,
    period: bool,
    quantity: bool,
    pub basis: bool,
    pub work: bool,
    pub long: bool,
    pub sentence: bool,
    /// It cannot stand at the end of a cell: a comma, a hyphen, `och`.
    pub goes_on: bool,
    /// It cannot begin one: a bracket, `och`.
    pub follows: bool,
}

impl Looks {
    pub fn of(text: &str) -> Self {
        let lower = text.to_lowercase();
        let words = &data::tables().worded;
        let begins =
            |name: &str| words.get(name).is_some_and(|words| words.iter().any(|word| lower.starts_with(word.as_str())));
        let is = |name: &str| words.get(name).is_some_and(|words| words.contains(&lower));
        let found = if text.contains(|c: char| c.is_ascii_digit() || c == '%') || text.len() < 60 {
            quantities::find(text)
        } else {
            Vec::new()
        };
        let any = |fits: fn(&Quantity) -> bool| found.iter().any(|it| fits(&it.quantity));
        let bare = text.chars().filter(|c| c.is_alphanumeric()).count();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let last = text.rsplit(' ').next().unwrap_or("");
        let first = lower.split(' ').next().unwrap_or("");
        const JOINING: [&str; 10] = ["och", "samt", "eller", "and", "or", "&", "för", "for", "of", "av"];
        Self {
            place: place_of(text),
            form: ends_in_form(text),
            small: text.starts_with(char::is_lowercase),
            empty: is("empty"),
            money: any(|it| matches!(it, Quantity::Money(..))),
            number: digits > 0 && digits == bare,
            worded_price: begins("price"),
            percent: any(|it| matches!(it, Quantity::Percent(_))),
            period: any(|it| matches!(it, Quantity::Period(_))),
            quantity: !found.is_empty(),
            basis: begins("basis"),
            work: data::recipients().work.words.iter().any(|word| lower.starts_with(word.as_str())),
            long: text.chars().count() > 90,
            sentence: text.ends_with('.') && text.split_whitespace().count() > 6,
            goes_on: text.ends_with([',', '/', '&', '(', '–'])
                || (text.ends_with('-') && bare > 0)
                || JOINING.contains(&last.to_lowercase().as_str()),
            follows: text.starts_with(['(', '&', '/', '+']) || JOINING.contains(&first),
        }
    }

    /// How well it fits into a column.
    pub fn fit(&self, kind: Kind) -> i32 {
        let whole_place = self.place == Place::Whole;
        if self.empty {
            return if matches!(kind, Kind::Name | Kind::Thing) { -8 } else { 0 };
        }
        match kind {
            Kind::Name if whole_place || self.money || self.percent => -6,
            Kind::Name if self.long || self.sentence => -8,
            Kind::Name if self.form => 5,
            Kind::Name => {
                if self.small || self.follows {
                    -2
                } else {
                    1
                }
            }
            Kind::Thing if self.money || self.sentence => -5,
            Kind::Thing => {
                if self.small || self.follows {
                    -1
                } else {
                    1
                }
            }
            Kind::Place => match self.place {
                Place::Whole => 4,
                Place::Among => 2,
                Place::No if self.form || self.long || self.money => -6,
                Place::No => -3,
            },
            Kind::Amount if self.money => 4,
            Kind::Amount if self.number => 3,
            Kind::Amount if self.worded_price => 2,
            Kind::Amount => -6,
            Kind::Percent => {
                if self.percent {
                    4
                } else {
                    -4
                }
            }
            Kind::Period => {
                if self.period {
                    3
                } else {
                    -2
                }
            }
            Kind::Value => {
                if self.quantity || self.number {
                    3
                } else {
                    -2
                }
            }
            Kind::Basis if self.basis => 2,
            Kind::Words | Kind::Basis => {
                let other = if whole_place { -4 } else { 0 };
                other + if self.form { -3 } else { 0 } + if self.money { -3 } else { 0 } + i32::from(self.work)
            }
        }
    }
}
