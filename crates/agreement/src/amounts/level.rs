//! The level of availability of a year: from when each outage counts, which stops were planned, and what is left of the year.

use calendar::{Percent, PlannedWindow, available, counted_downtime, support_counts_from, year_length};
use terms::{ClauseId, Instant, Label, Language};

use super::{NoAmount, clause_label, label};
use crate::agreement::Agreement;
use crate::value::Term;

/// Most outages that one calculation takes.
pub const MOST_OUTAGES: usize = 10_000;

/// The service did not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outage {
    /// When it began.
    pub began: Instant,
    /// When the customer reported it.
    pub reported: Option<Instant>,
    /// When it was over.
    pub ended: Instant,
    /// Whether nothing worked.
    pub total: bool,
}

/// How much of a year the service answered, as the agreement counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// The level, exactly.
    pub level: Percent,
    /// The clause that says how it is counted.
    pub clause: ClauseId,
    /// The calculation: both times of each outage, and what of it counts.
    pub lines: Vec<Label>,
}

/// The level of a calendar year.
///
/// # Errors
/// [`NoAmount`] where the agreement promises no level, measures over another time than a year, or a day lies outside the calendar.
pub fn level(agreement: &Agreement, year: i16, outages: &[Outage]) -> Result<Level, NoAmount> {
    let Some(term) = agreement.term("availability", "") else {
        return Err(NoAmount::new(label("Avtalet lovar ingen nivå.", "The agreement promises no level."), None));
    };
    let no = |why: Label| NoAmount::new(why, Some(term.clause.clone()));
    if term.period("over").map(ToString::to_string).as_deref() != Some("1 year") {
        return Err(no(label("Nivån mäts inte över ett år.", "The level is not measured over a year.")));
    }
    if outages.len() > MOST_OUTAGES {
        return Err(no(label(
            format!("Fler än {MOST_OUTAGES} avbrott räknas inte på en gång."),
            format!("More than {MOST_OUTAGES} outages are not counted at once."),
        )));
    }
    let counting = agreement.counting();
    let zone = &counting.calendar.zone;
    let outside = |_| no(label("En dag ligger utanför kalendern.", "A day lies outside the calendar."));
    let first = calendar::Day::new(year, 1, 1).and_then(|day| zone.start_of(day)).map_err(outside)?;
    let length = year_length(year, zone).map_err(outside)?;
    let last = Instant(first.micros().saturating_add(length));
    let windows = if term.flag("planned-stops-count") == Some(true) { Vec::new() } else { windows(agreement) };
    let place = clause_label(agreement, &term.clause);
    let mut lines = Vec::new();
    let mut spans: Vec<(Instant, Instant)> = Vec::new();
    for outage in outages {
        let shown = |at: Instant, language| zone.moment(at).map(|at| at.text(language)).unwrap_or_default();
        let both = |at: Instant| label(shown(at, Language::Sv), shown(at, Language::En));
        let (began, ended) = (both(outage.began), both(outage.ended));
        let reported = outage.reported.map_or_else(|| label("inte anmält", "not reported"), both);
        let head = label(
            format!("Avbrott från {} (anmält {}) till {}", began.sv, reported.sv, ended.sv),
            format!("Outage from {} (reported {}) until {}", began.en, reported.en, ended.en),
        );
        let mut told = |sv: &str, en: &str| {
            lines.push(label(
                format!("{}: {sv} ({}).", head.sv, place.sv),
                format!("{}: {en} ({}).", head.en, place.en),
            ));
        };
        if term.flag("only-total-outage") == Some(true) && !outage.total {
            told("räknas inte, för bara totala avbrott räknas", "does not count, since only total outages count");
            continue;
        }
        let from = match (term.text("counts-from"), outage.reported) {
            (Some("report"), None) => {
                told("räknas inte, för det räknas från anmälan", "does not count, since it counts from the report");
                continue;
            }
            (Some("report"), Some(at)) => counts_from(term, at, &counting.calendar).max(outage.began),
            _ => outage.began,
        };
        let (from, until) = (from.max(first), outage.ended.min(last));
        if until <= from {
            told("ger ingen tid detta år", "gives no time in this year");
            continue;
        }
        let counted = both(from);
        told(&format!("räknas från {}", counted.sv), &format!("counts from {}", counted.en));
        spans.push((from, until));
    }
    // Two reports of one outage are one outage: a minute is lost once.
    spans.sort_unstable();
    let mut down = 0_i64;
    let mut seen = first;
    for (from, until) in spans {
        let from = from.max(seen);
        if from < until {
            down = down.saturating_add(counted_downtime(from, until, &windows, zone).map_err(outside)?);
            seen = until;
        }
    }
    let level = available(length, down).map_err(outside)?;
    let minutes = |micros: i64| micros / 60_000_000;
    for window in &windows {
        let window = window.label();
        lines.push(label(
            format!("Planerade stopp räknas inte: {}.", window.sv),
            format!("Planned stops do not count: {}.", window.en),
        ));
    }
    let shown = level.to_string();
    lines.push(label(
        format!(
            "({} − {}) minuter × 100 / {} = {} %.",
            minutes(length),
            minutes(down),
            minutes(length),
            shown.replace('.', ",")
        ),
        format!("({} − {}) minutes × 100 / {} = {shown} %.", minutes(length), minutes(down), minutes(length)),
    ));
    Ok(Level { level, clause: term.clause.clone(), lines })
}

/// From when a reported outage counts; a report while support is closed may count from its next opening.
fn counts_from(term: &Term, reported: Instant, calendar: &calendar::Calendar) -> Instant {
    match term.text("report-outside-hours-counts-from") {
        Some("next-opening") => support_counts_from(reported, calendar).unwrap_or(reported),
        _ => reported,
    }
}

/// The stops that the agreement plans.
fn windows(agreement: &Agreement) -> Vec<PlannedWindow> {
    const EVERY: [&str; 5] = ["first", "second", "third", "fourth", "last"];
    let terms = agreement.terms_of("planned-stop").filter_map(|stop| {
        let (weekday, which) = (stop.text("weekday")?, stop.text("which")?);
        let mut letters = weekday.chars();
        let weekday: String = letters.next()?.to_uppercase().chain(letters).collect();
        let clock = |key: &str| stop.time(key).map(|time| time.strftime("%H:%M").to_string());
        let hours = format!("{}-{}", clock("from")?, clock("to")?);
        let which: Vec<&str> = if which == "every" { EVERY.to_vec() } else { vec![which] };
        Some(
            which
                .into_iter()
                .filter_map(move |which| format!("{which} {weekday} {hours}").parse().ok())
                .collect::<Vec<_>>(),
        )
    });
    terms.flatten().collect()
}
