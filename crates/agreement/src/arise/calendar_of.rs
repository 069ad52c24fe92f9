//! `[calendar]`, `[support-hours]` and `[receipt.*]` → the rules that time is counted by, and which of them are the
//! agreement's and which the operator's.

use calendar::{Calendar, ClockTime, Counted, Day, DayHours, Eve, PauseReading, Period, Receipt, SupportHours, Unit};
use terms::{ClauseId, Label, Sourced};

use super::label;
use crate::agreement::Agreement;
use crate::value::{Term, Value};

/// Eves that an agreement means when it says that eves are free; the same that move a last day under lag (1930:173).
const FREE_EVES: [&str; 3] = ["midsummer-eve", "christmas-eve", "new-years-eve"];

/// How an agreement counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counting {
    /// The rules.
    pub calendar: Calendar,
    /// Who says how days are counted.
    days: Source,
    /// Who says which days are working days.
    working_days: Source,
    /// Who says whether the eves are.
    eves: Source,
    /// The clause of the support hours.
    support: Option<String>,
}

/// Who says something.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    /// The agreement, in the clause of this number.
    Clause(String),
    /// The operator, because the agreement is silent or leaves it open.
    Operator,
}

impl Counting {
    pub(super) fn of(agreement: &Agreement, support_free: &[Day]) -> Self {
        let mut calendar = Calendar::default();
        let mut days = Source::Operator;
        let mut working_days = Source::Operator;
        let mut eves = Source::Operator;
        if let Some(term) = agreement.term("calendar", "") {
            let source = |key: &str| {
                let found = matches!(term.sourced(key), Some(Sourced::Found { .. }));
                if found && !term.is_operators(key) {
                    Source::Clause(agreement.number(&term.clause).to_owned())
                } else {
                    Source::Operator
                }
            };
            if let Some(zone) = term.text("zone").and_then(|zone| zone.parse().ok()) {
                calendar.zone = zone;
            }
            if let Some(counting) = term.text("counting").and_then(|rule| rule.parse().ok()) {
                calendar.counting = counting;
                days = source("counting");
            }
            if let Some(works) = term.flag("saturday-is-working-day") {
                calendar.saturday_works = works;
                working_days = source("saturday-is-working-day");
            }
            if term.flag("eves-are-free").is_some() {
                eves = source("eves-are-free");
            }
            if term.flag("eves-are-free") == Some(true) {
                calendar.free_eves = Eve::all().filter(|eve| FREE_EVES.contains(&eve.id())).collect();
            }
        }
        let hours = agreement.term("support-hours", "");
        calendar.support = hours.and_then(|term| support(term, support_free));
        let support = hours.map(|term| agreement.number(&term.clause).to_owned());
        Self { calendar, days, working_days, eves, support }
    }

    /// What a reader must know of how this period was counted: by whose rule.
    pub(super) fn notes(&self, counted: Counted) -> Vec<Label> {
        let readings = self.calendar.readings();
        let reading = |at: usize| readings.get(at).cloned().unwrap_or_default();
        let told = |source: &Source, of: Label| match source {
            Source::Clause(number) => label(
                format!("{} (punkt {number})", of.sv.trim_end_matches('.')),
                format!("{} (clause {number})", of.en.trim_end_matches('.')),
            ),
            Source::Operator => label(
                format!("Avtalet säger inget om detta, så driften räknar så här: {}", of.sv),
                format!("The agreement does not say, so the operator counts like this: {}", of.en),
            ),
        };
        match counted.unit() {
            Unit::Seconds | Unit::Minutes | Unit::Hours => Vec::new(),
            Unit::SupportHours => self
                .support
                .iter()
                .map(|number| {
                    label(
                        format!("Supporttiderna står i punkt {number}."),
                        format!("The support hours stand in clause {number}."),
                    )
                })
                .collect(),
            Unit::WorkingDays => {
                let free = self.calendar.free_eves.len() == FREE_EVES.len();
                let (sv, en) = if free {
                    ("räknas inte som arbetsdagar", "do not count as working days")
                } else {
                    ("räknas som arbetsdagar", "count as working days")
                };
                let eves = label(
                    format!("Midsommarafton, julafton och nyårsafton {sv}."),
                    format!("Midsummer Eve, Christmas Eve and New Year's Eve {en}."),
                );
                vec![told(&self.days, reading(1)), told(&self.working_days, reading(2)), told(&self.eves, eves)]
            }
            Unit::Days | Unit::Weeks | Unit::Months | Unit::Years => vec![told(&self.days, reading(1))],
        }
    }
}

/// When messages through one of these channels count as received, with the clause that says so.
pub(super) fn receipt_of(agreement: &Agreement, channels: &[String]) -> Option<(Receipt, ClauseId)> {
    let term = channels.iter().find_map(|channel| agreement.term("receipt", channel))?;
    let rule = receipt(term.text("received")?, term.time("cut-off"))?;
    Some((rule, term.clause.clone()))
}

/// A rule of receipt by its word. The same day before a cut-off that nobody states is the next working day.
pub(super) fn receipt(word: &str, cut_off: Option<jiff::civil::Time>) -> Option<Receipt> {
    Some(match word {
        "on-sending" => Receipt::OnSending,
        "on-signature" => Receipt::OnSignature,
        "next-working-day" => Receipt::NextWorkingDay,
        "same-day-before-cut-off" => {
            cut_off.and_then(clock).map_or(Receipt::NextWorkingDay, Receipt::SameWorkingDayBefore)
        }
        _ => return None,
    })
}

fn support(term: &Term, announced: &[Day]) -> Option<SupportHours> {
    let time = |key: &str| term.time(key).and_then(clock);
    let (opens, closes) = (time("opens")?, time("closes")?);
    let lunch = time("lunch-from").zip(time("lunch-to"));
    let hours = DayHours::new(opens, closes, lunch).or_else(|_| DayHours::new(opens, closes, None)).ok()?;
    let mut support = SupportHours::monday_to_friday(hours);
    if let Some(early) = time("closes-before-holiday") {
        let kept = lunch.filter(|_| term.flag("lunch-before-holiday") == Some(true));
        support.before_holiday = DayHours::new(opens, early, kept).or_else(|_| DayHours::new(opens, early, None)).ok();
    }
    support.announced_free = announced.to_vec();
    support.message_in_pause = match term.text("otherwise-counts-from") {
        Some("next-opening") => PauseReading::EndOfPause,
        _ => PauseReading::NextDay,
    };
    Some(support)
}

fn clock(time: jiff::civil::Time) -> Option<ClockTime> {
    ClockTime::new(u16::try_from(time.hour()).ok()?, u16::try_from(time.minute()).ok()?).ok()
}

/// A day of the agreement as a day of the calendar.
pub(super) fn day(date: jiff::civil::Date) -> Option<Day> {
    Day::new(date.year(), date.month(), date.day()).ok()
}

/// The period under a key, and whether it is the operator's and not the agreement's.
pub(super) fn period(term: &Term, key: &str) -> Option<(Period, bool)> {
    match term.value(key)? {
        Value::Period(period) => Some((*period, term.is_operators(key))),
        _ => None,
    }
}
