//! What the computed pages keep of opened records: dates, codes, counts, identities and amounts. No names, no texts.
//!
//! Kinds and fields are named as in `kinds.toml`; a test holds the two together.

use std::collections::HashMap;

use jiff::civil::Date;
use service::{Given, Need, Row, Which, read_month};
use terms::{FieldName, Instant, RecordId};

/// A record in the version that was read.
pub(crate) type Seen = (RecordId, u64);

/// A stay in a programme, at a level, with a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Placement {
    pub seen: Seen,
    pub participant: RecordId,
    pub programme: String,
    pub level: String,
    pub unit: String,
    pub from: Date,
    /// The last day; none while it runs.
    pub until: Option<Date>,
}

/// An occasion, planned or held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Activity {
    pub seen: Seen,
    pub participant: RecordId,
    pub date: Date,
    /// When this version was written.
    pub written: Instant,
    /// In hundredths of an hour.
    pub hours: i64,
    pub physical: bool,
    pub individual: bool,
    /// Led by the provider; the participant's own search for work is not.
    pub led: bool,
    pub held: bool,
    pub planned: bool,
}

/// A day of attendance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attended {
    pub seen: Seen,
    pub participant: RecordId,
    pub date: Date,
    /// When this version was written.
    pub written: Instant,
    pub came: bool,
    /// The reason code of an absence.
    pub reason: String,
}

/// A periodic report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    pub seen: Seen,
    pub participant: RecordId,
    pub month: Date,
    pub state: String,
}

/// A result: work or studies that last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub seen: Seen,
    pub participant: RecordId,
    pub second: bool,
    pub date: Date,
    pub approved: bool,
}

/// A job that a participant got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Job {
    pub seen: Seen,
    pub participant: RecordId,
    pub start: Date,
    /// The last day; none while it lasts.
    pub until: Option<Date>,
    /// The form of employment, as the kind's choices have it.
    pub form: String,
}

/// A time in which the participant is away from the programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pause {
    pub seen: Seen,
    pub participant: RecordId,
    pub from: Date,
    pub until: Option<Date>,
}

/// A claim as it was frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claim {
    pub seen: Seen,
    pub participant: RecordId,
    pub period: Date,
    pub unit: String,
    pub programme: String,
    pub level: String,
    pub what: String,
    pub days: i64,
    pub price: i64,
    pub amount: i64,
    pub sources: String,
    pub revises: Option<RecordId>,
    pub state: String,
}

/// What a period's amounts are computed from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    pub placements: Vec<Placement>,
    pub activities: Vec<Activity>,
    pub attended: Vec<Attended>,
    pub reports: Vec<Report>,
    pub outcomes: Vec<Outcome>,
    pub jobs: Vec<Job>,
    pub pauses: Vec<Pause>,
    pub claims: Vec<Claim>,
    /// Whether attendance was asked for and the agreement refuses it to the reader: what is paid by it is then not known.
    pub attendance_withheld: bool,
}

pub(crate) const PLACEMENT: Need = Need::all("placement", &["programme", "level", "unit", "from", "until"]);
pub(crate) const ACTIVITY: Need = Need::all("activity", &["date", "hours", "form", "meeting", "lead", "outcome"]);
pub(crate) const ATTENDANCE: Need = Need::all("attendance", &["date", "status", "reason"]);
pub(crate) const REPORT: Need = Need::all("period-report", &["month"]);
pub(crate) const RESULT: Need = Need::all("result", &["which", "date"]);
pub(crate) const JOB: Need = Need::all("job", &["start", "end", "type"]);
pub(crate) const PAUSE: Need = Need::all("pause", &["from", "until"]);
pub(crate) const CLAIM: Need = Need::all(
    "claim",
    &["period", "unit", "programme", "level", "what", "days", "price", "amount", "sources", "revises"],
);

/// A need whose field has one of these values.
pub(crate) fn with(need: Need, field: &str, values: Vec<String>) -> Need {
    match FieldName::new(field) {
        Ok(field) => need.which(Which::With { field, values }),
        // No field of ours has such a name; nothing is then asked for.
        Err(_) => need.which(Which::These(Vec::new())),
    }
}

impl Facts {
    /// Takes what the needs of those names brought; what was not asked for is empty.
    pub fn of(given: &Given<'_>) -> Self {
        let mut facts = Self { attendance_withheld: !given.has("attendance"), ..Self::default() };
        given.each("placement", |row| facts.placements.extend(placement(row)));
        given.each("activity", |row| facts.activities.extend(activity(row)));
        given.each("attendance", |row| facts.attended.extend(attended(row)));
        given.each("period-report", |row| facts.reports.extend(report(row)));
        given.each("result", |row| facts.outcomes.extend(outcome(row)));
        given.each("job", |row| facts.jobs.extend(job(row)));
        given.each("pause", |row| facts.pauses.extend(pause(row)));
        given.each("claim", |row| facts.claims.extend(claim(row)));
        facts
    }
}

impl Claim {
    /// When it was frozen: the milliseconds that lead its version 7 UUID, since moving it to another state writes it anew.
    pub fn made(&self) -> Instant {
        let millis = self.seen.0.0.iter().take(6).fold(0, |sum: i64, byte| sum << 8 | i64::from(*byte));
        Instant(millis.saturating_mul(1000))
    }
}

/// Things by the participant that they are of.
pub(crate) fn by_participant<T>(all: &[T], of: impl Fn(&T) -> RecordId) -> HashMap<RecordId, Vec<&T>> {
    let mut by: HashMap<RecordId, Vec<&T>> = HashMap::new();
    for one in all {
        by.entry(of(one)).or_default().push(one);
    }
    by
}

fn seen(row: &Row<'_>) -> Option<(Seen, RecordId)> {
    Some(((row.head.record, row.head.version), row.head.parent?))
}

fn placement(row: &Row<'_>) -> Option<Placement> {
    let (seen, participant) = seen(row)?;
    Some(Placement {
        seen,
        participant,
        programme: row.text("programme").to_owned(),
        level: row.text("level").to_owned(),
        unit: row.text("unit").to_owned(),
        from: row.date("from")?,
        until: row.date("until"),
    })
}

fn activity(row: &Row<'_>) -> Option<Activity> {
    let (seen, participant) = seen(row)?;
    Some(Activity {
        seen,
        participant,
        date: row.date("date")?,
        written: row.head.written,
        hours: row.hundredths("hours").unwrap_or(0),
        physical: row.text("form") == "physical",
        individual: row.text("meeting") == "individual",
        led: row.text("lead") != "own",
        held: row.text("outcome") == "held",
        planned: row.text("outcome") == "planned",
    })
}

fn attended(row: &Row<'_>) -> Option<Attended> {
    let (seen, participant) = seen(row)?;
    Some(Attended {
        seen,
        participant,
        date: row.date("date")?,
        written: row.head.written,
        came: matches!(row.text("status"), "present" | "present-remote" | "late"),
        reason: row.text("reason").to_owned(),
    })
}

fn report(row: &Row<'_>) -> Option<Report> {
    let (seen, participant) = seen(row)?;
    let state = row.head.state.clone().unwrap_or_default();
    Some(Report { seen, participant, month: read_month(row.text("month"))?, state })
}

fn outcome(row: &Row<'_>) -> Option<Outcome> {
    let (seen, participant) = seen(row)?;
    Some(Outcome {
        seen,
        participant,
        second: row.text("which") == "rr2",
        date: row.date("date")?,
        approved: row.head.state.as_deref() == Some("approved"),
    })
}

fn job(row: &Row<'_>) -> Option<Job> {
    let (seen, participant) = seen(row)?;
    let form = row.text("type").to_owned();
    Some(Job { seen, participant, start: row.date("start")?, until: row.date("end"), form })
}

fn pause(row: &Row<'_>) -> Option<Pause> {
    let (seen, participant) = seen(row)?;
    Some(Pause { seen, participant, from: row.date("from")?, until: row.date("until") })
}

fn claim(row: &Row<'_>) -> Option<Claim> {
    let (seen, participant) = seen(row)?;
    Some(Claim {
        seen,
        participant,
        period: read_month(row.text("period"))?,
        unit: row.text("unit").to_owned(),
        programme: row.text("programme").to_owned(),
        level: row.text("level").to_owned(),
        what: row.text("what").to_owned(),
        days: row.text("days").parse().unwrap_or(0),
        price: row.hundredths("price").unwrap_or(0),
        amount: row.hundredths("amount")?,
        sources: row.text("sources").to_owned(),
        revises: row.record("revises"),
        state: row.head.state.clone().unwrap_or_default(),
    })
}
