//! The rules, prices and weights of a programme, read from the customer's own dated file, `[programme.NAME]`. Each row says from
//! when it holds and where it stands, and the last that has begun governs a day. No number of a programme stands in this crate.
//!
//! Not here: what follows from them (`amounts.rs`, `caseload.rs`, `measure.rs`).

use core::ops::Range;

use jiff::civil::Date;
use service::FileFault;
use terms::Label;
use toml_edit::{Document, Item, TableLike, Value};

use crate::read_file::Reader;

/// All programmes of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Programmes(pub Vec<Programme>);

/// One programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programme {
    /// Its name, as placements carry it.
    pub name: String,
    /// What people call it.
    pub label: Label,
    /// Its levels.
    pub levels: Vec<String>,
    /// The rules, by date.
    pub rules: Vec<Rules>,
    /// What a day pays, by date.
    pub prices: Vec<Price>,
    /// What a result pays, by date.
    pub results: Vec<ResultPrice>,
    /// Penalties, by date.
    pub penalties: Vec<Penalty>,
    /// The weights of the result measure, by date.
    pub weights: Vec<Weights>,
}

/// What a programme demands from a day on. What the file does not say is not demanded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// From this day.
    pub from: Date,
    /// Where it stands.
    pub source: String,
    /// Hours of activity a week, in hundredths, from a month of the programme on.
    pub week_hours: Vec<(i64, i64)>,
    /// At least so many per cent of the occasions are physical.
    pub physical_share_percent: Option<i64>,
    /// An individual meeting at least every so many days.
    pub individual_meeting_days: Option<i64>,
    /// A physical meeting at least every so many days.
    pub physical_meeting_days: Option<i64>,
    /// At most so many participants a full-time supervisor.
    pub participants_per_full_time: Option<i64>,
    /// The joint plan, so many working days after the start.
    pub joint_plan_working_days: Option<i64>,
    /// The periodic report, so many working days after its month.
    pub month_report_working_days: Option<i64>,
    /// Absence with these reason codes is reported.
    pub deviation_codes: Vec<String>,
    /// The deviation report, so many working days after the absence.
    pub deviation_working_days: Option<i64>,
    /// The longest time in the programme, in months.
    pub longest_months: Option<i64>,
    /// A job that lasts so many months gives the first result.
    pub first_result_months: Option<i64>,
    /// A job that lasts so many months gives the followed-up result.
    pub second_result_months: Option<i64>,
}

/// What is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Per {
    /// Each day in the programme.
    PlacedDay,
    /// Each day on which the participant came.
    AttendedDay,
}

/// What a day pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// From this day.
    pub from: Date,
    /// Where it stands.
    pub source: String,
    /// For this level.
    pub level: String,
    /// For which days.
    pub per: Per,
    /// In öre.
    pub ore: i64,
}

/// What a result pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultPrice {
    /// From this day.
    pub from: Date,
    /// Where it stands.
    pub source: String,
    /// For this level.
    pub level: String,
    /// The first part, in öre.
    pub rr1: i64,
    /// The second part, in öre.
    pub rr2: i64,
}

/// What a failure costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Penalty {
    /// From this day.
    pub from: Date,
    /// Where it stands.
    pub source: String,
    /// An occasion, in öre.
    pub ore: i64,
}

/// The weights of the result measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weights {
    /// From this day.
    pub from: Date,
    /// Where they were published.
    pub source: String,
    /// Each level's, in millionths.
    pub of: Vec<(String, i64)>,
}

impl Programmes {
    /// Reads the programmes of a customer's file. A file without one has none.
    ///
    /// # Errors
    /// Every fault, with its line and what to do.
    pub fn read(text: &str) -> Result<Self, Vec<FileFault>> {
        let mut reader = Reader::new(text);
        let document = match Document::parse(text) {
            Ok(document) => document,
            Err(error) => {
                reader.fault(
                    error.span(),
                    ("filen går inte att läsa som TOML", "the file does not read as TOML"),
                    ("rätta raden", "mend the line"),
                );
                return Err(reader.faults);
            }
        };
        let mut all = Vec::new();
        if let Some(item) = document.as_table().get("programme") {
            match item.as_table_like() {
                Some(table) => {
                    for (name, item) in table.iter() {
                        all.extend(programme(&mut reader, name, item));
                    }
                }
                None => reader.fault(
                    item.span(),
                    ("`programme` är ingen tabell", "`programme` is no table"),
                    ("skriv [programme.namn]", "write [programme.name]"),
                ),
            }
        }
        if reader.faults.is_empty() { Ok(Self(all)) } else { Err(reader.faults) }
    }

    /// The programme of that name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Programme> {
        self.0.iter().find(|one| one.name == name)
    }
}

impl Programme {
    /// The rules that govern a day.
    #[must_use]
    pub fn rules_at(&self, day: Date) -> Option<&Rules> {
        self.rules.iter().rev().find(|one| one.from <= day)
    }

    /// What a day at a level pays.
    #[must_use]
    pub fn price_at(&self, level: &str, day: Date) -> Option<&Price> {
        self.prices.iter().rev().find(|one| one.from <= day && one.level == level)
    }

    /// The first day after `day` on which a price of the level begins.
    #[must_use]
    pub fn next_price(&self, level: &str, day: Date) -> Option<Date> {
        self.prices.iter().filter(|one| one.level == level && one.from > day).map(|one| one.from).min()
    }

    /// What a result at a level pays.
    #[must_use]
    pub fn result_at(&self, level: &str, day: Date) -> Option<&ResultPrice> {
        self.results.iter().rev().find(|one| one.from <= day && one.level == level)
    }

    /// What a failure costs.
    #[must_use]
    pub fn penalty_at(&self, day: Date) -> Option<&Penalty> {
        self.penalties.iter().rev().find(|one| one.from <= day)
    }

    /// The weights in force.
    #[must_use]
    pub fn weights_at(&self, day: Date) -> Option<&Weights> {
        self.weights.iter().rev().find(|one| one.from <= day)
    }

    /// Whether some price is for days that the participant came.
    #[must_use]
    pub fn pays_by_attendance(&self) -> bool {
        self.prices.iter().any(|price| price.per == Per::AttendedDay)
    }
}

const KEYS: &[&str] = &["label", "levels", "rules", "price", "result", "penalty", "weights"];
const RULE_KEYS: &[&str] = &[
    "from",
    "source",
    "week-hours",
    "physical-share-percent",
    "individual-meeting-days",
    "physical-meeting-days",
    "participants-per-full-time",
    "joint-plan-working-days",
    "month-report-working-days",
    "deviation-codes",
    "deviation-working-days",
    "longest-months",
    "first-result-months",
    "second-result-months",
];

fn programme(reader: &mut Reader<'_>, name: &str, item: &Item) -> Option<Programme> {
    let Some(table) = item.as_table_like() else {
        reader.fault(
            item.span(),
            ("programmet är ingen tabell", "the programme is no table"),
            ("skriv [programme.namn]", "write [programme.name]"),
        );
        return None;
    };
    reader.known(table, KEYS);
    let at = item.span();
    let levels = reader.texts(table, "levels", at.clone());
    if levels.is_empty() {
        reader.fault(
            at.clone(),
            ("programmet saknar nivåer", "the programme has no levels"),
            ("skriv levels = [\"A\", \"B\"]", "write levels = [\"A\", \"B\"]"),
        );
    }
    let label = reader.label(table, at);
    let mut made = Programme {
        name: name.to_owned(),
        label,
        levels,
        rules: Vec::new(),
        prices: Vec::new(),
        results: Vec::new(),
        penalties: Vec::new(),
        weights: Vec::new(),
    };
    reader.rows(table, "rules", |reader, row, at| {
        reader.known(row, RULE_KEYS);
        let dated = dated(reader, row, &at)?;
        made.rules.push(rules(reader, row, &at, dated));
        Some(())
    });
    let levels = made.levels.clone();
    reader.rows(table, "price", |reader, row, at| {
        reader.known(row, &["from", "source", "level", "per", "amount"]);
        let ((from, source), level) = (dated(reader, row, &at)?, level(reader, row, &at, &levels)?);
        let per = match reader.text(row, "per", &at)?.as_str() {
            "placed-day" => Per::PlacedDay,
            "attended-day" => Per::AttendedDay,
            _ => {
                reader.fault(
                    span_of(row, "per", &at),
                    ("vad som betalas är okänt", "what is paid for is not known"),
                    ("skriv placed-day eller attended-day", "write placed-day or attended-day"),
                );
                return None;
            }
        };
        made.prices.push(Price { from, source, level, per, ore: reader.amount(row, "amount", &at)? });
        Some(())
    });
    reader.rows(table, "result", |reader, row, at| {
        reader.known(row, &["from", "source", "level", "rr1", "rr2"]);
        let ((from, source), level) = (dated(reader, row, &at)?, level(reader, row, &at, &levels)?);
        let (rr1, rr2) = (reader.amount(row, "rr1", &at)?, reader.amount(row, "rr2", &at)?);
        made.results.push(ResultPrice { from, source, level, rr1, rr2 });
        Some(())
    });
    reader.rows(table, "penalty", |reader, row, at| {
        reader.known(row, &["from", "source", "amount"]);
        let (from, source) = dated(reader, row, &at)?;
        made.penalties.push(Penalty { from, source, ore: reader.amount(row, "amount", &at)? });
        Some(())
    });
    reader.rows(table, "weights", |reader, row, at| {
        let (from, source) = dated(reader, row, &at)?;
        let mut of = Vec::new();
        for (key, item) in row.iter().filter(|(key, _)| !["from", "source"].contains(key)) {
            if !levels.iter().any(|level| level == key) {
                reader.unknown(item.span().or_else(|| at.clone()), key);
                continue;
            }
            of.push((key.to_owned(), reader.decimal(row, key, 6, &at)?));
        }
        made.weights.push(Weights { from, source, of });
        Some(())
    });
    made.rules.sort_by_key(|one| one.from);
    made.prices.sort_by_key(|one| one.from);
    made.results.sort_by_key(|one| one.from);
    made.penalties.sort_by_key(|one| one.from);
    made.weights.sort_by_key(|one| one.from);
    twice(reader, table, &made);
    Some(made)
}

/// Two prices of one level from one day: which of them holds would be chance.
fn twice(reader: &mut Reader<'_>, table: &dyn TableLike, made: &Programme) {
    let mut keys: Vec<(&str, Date)> = made.prices.iter().map(|one| (one.level.as_str(), one.from)).collect();
    keys.sort_unstable();
    let mut results: Vec<(&str, Date)> = made.results.iter().map(|one| (one.level.as_str(), one.from)).collect();
    results.sort_unstable();
    for (what, keys) in [("price", keys), ("result", results)] {
        for pair in keys.windows(2).filter(|pair| pair.first() == pair.last()) {
            let (level, from) = pair.first().copied().unwrap_or_default();
            reader.fault(
                span_of(table, what, &None),
                (
                    format!("nivå {level} har två priser från {from} i `{what}`"),
                    format!("level {level} has two prices from {from} in `{what}`"),
                ),
                ("ta bort det ena eller ge det ett annat datum", "take one out or give it another date"),
            );
        }
    }
}

fn rules(reader: &mut Reader<'_>, row: &dyn TableLike, at: &Option<Range<usize>>, dated: (Date, String)) -> Rules {
    let mut week_hours = Vec::new();
    if let Some(item) = row.get("week-hours") {
        let steps = item.as_array().map(|array| array.iter().collect::<Vec<_>>()).unwrap_or_default();
        if steps.is_empty() {
            reader.fault(
                item.span(),
                ("timmarna per vecka går inte att läsa", "the hours a week do not read"),
                (
                    "skriv week-hours = [{ from-month = 1, hours = \"1\" }]",
                    "write week-hours = [{ from-month = 1, hours = \"1\" }]",
                ),
            );
        }
        for step in steps {
            let Some(table) = step.as_inline_table() else { continue };
            let at = step.span();
            let (Some(month), Some(hours)) =
                (reader.whole(table, "from-month", &at, 1..=120), reader.decimal(table, "hours", 2, &at))
            else {
                continue;
            };
            week_hours.push((month, hours));
        }
        week_hours.sort_unstable();
    }
    let codes = if row.get("deviation-codes").is_some() {
        reader.texts(row, "deviation-codes", at.clone())
    } else {
        Vec::new()
    };
    let mut optional = |name: &str, range| row.get(name).and_then(|_| reader.whole(row, name, at, range));
    Rules {
        from: dated.0,
        source: dated.1,
        week_hours,
        physical_share_percent: optional("physical-share-percent", 0..=100),
        individual_meeting_days: optional("individual-meeting-days", 1..=366),
        physical_meeting_days: optional("physical-meeting-days", 1..=366),
        participants_per_full_time: optional("participants-per-full-time", 1..=10_000),
        joint_plan_working_days: optional("joint-plan-working-days", 0..=366),
        month_report_working_days: optional("month-report-working-days", 0..=366),
        deviation_codes: codes,
        deviation_working_days: optional("deviation-working-days", 0..=366),
        longest_months: optional("longest-months", 1..=120),
        first_result_months: optional("first-result-months", 1..=120),
        second_result_months: optional("second-result-months", 1..=120),
    }
}

/// From when a row holds and where it stands: what is not dated and sourced is no rule of a contract.
fn dated(reader: &mut Reader<'_>, row: &dyn TableLike, at: &Option<Range<usize>>) -> Option<(Date, String)> {
    let from = reader.date(row, "from", at);
    let source = reader.text(row, "source", at);
    Some((from?, source?))
}

fn level(reader: &mut Reader<'_>, row: &dyn TableLike, at: &Option<Range<usize>>, levels: &[String]) -> Option<String> {
    let level = reader.text(row, "level", at)?;
    if levels.contains(&level) {
        return Some(level);
    }
    reader.fault(
        span_of(row, "level", at),
        (format!("nivån `{level}` finns inte i programmet"), format!("the programme has no level `{level}`")),
        (format!("skriv någon av {}", levels.join(", ")), format!("write one of {}", levels.join(", "))),
    );
    None
}

pub(crate) fn span_of(row: &dyn TableLike, name: &str, at: &Option<Range<usize>>) -> Option<Range<usize>> {
    let item = row.get(name);
    item.and_then(|item| item.as_value().and_then(Value::span).or_else(|| item.span())).or_else(|| at.clone())
}

#[cfg(test)]
#[path = "programme_tests.rs"]
mod tests;
