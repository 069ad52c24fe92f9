//! What a month pays: days in a level times the day's price, without the periods whose report is not approved, and results.
//! Whole öre throughout.
//!
//! Each placement is cut to the month, to the next placement's beginning, to pauses and to the days on which prices change; a
//! piece pays its days. Not here: what was claimed before (`claims.rs`).

use std::collections::HashMap;

use aws_lc_rs::digest;
use jiff::civil::Date;
use service::Sources;
use terms::RecordId;

use crate::days::{between, later};
use crate::programme::{Per, Programmes};
use crate::rows::{Activity, Attended, Facts, Outcome, Pause, Placement, Report, Seen, by_participant};

/// What is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum What {
    Day,
    Rr1,
    Rr2,
}

impl What {
    /// As claims carry it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Rr1 => "rr1",
            Self::Rr2 => "rr2",
        }
    }
}

/// Why an amount is not paid yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Blocked {
    /// The month's report is not approved.
    NoApprovedReport,
    /// The result is not approved.
    NotApproved,
    /// The customer's file has no price for it.
    NoPrice,
    /// It is paid by attendance, which the reader may not read.
    Withheld,
}

/// One line of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Amount {
    pub participant: RecordId,
    pub unit: String,
    pub programme: String,
    pub level: String,
    pub what: What,
    /// Days paid; 1 for a result.
    pub days: i64,
    /// Öre a day, or for the result.
    pub price: i64,
    pub blocked: Option<Blocked>,
    pub from: Vec<(&'static str, Seen)>,
}

impl Amount {
    /// What it comes to, blocked or not.
    pub const fn full(&self) -> i64 {
        self.days.saturating_mul(self.price)
    }

    /// What may be claimed.
    pub const fn claimable(&self) -> i64 {
        if self.blocked.is_some() { 0 } else { self.full() }
    }

    /// The records that it was computed from.
    pub fn sources(&self) -> Sources {
        sources(&self.from)
    }
}

pub(crate) fn sources(from: &[(&'static str, Seen)]) -> Sources {
    let mut sources = Sources::default();
    for (kind, (record, _)) in from {
        sources.extend(kind, [*record]);
    }
    sources
}

/// What records, in which versions: the same digits for the same records. A claim keeps it, so that a later change is seen.
pub(crate) fn hash_of(from: &[(&'static str, Seen)]) -> String {
    let mut sorted = from.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(b"matcha/claim-sources/v1");
    for (kind, (record, version)) in sorted {
        context.update(&(kind.len() as u64).to_be_bytes());
        context.update(kind.as_bytes());
        context.update(record.bytes());
        context.update(&version.to_be_bytes());
    }
    context.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A piece of a stay: these days, with nothing that changes in between.
pub(crate) struct Piece {
    pub from: Date,
    pub until: Date,
}

/// The amounts of a month, in a fixed order.
pub(crate) fn amounts(facts: &Facts, programmes: &Programmes, month: Date) -> Vec<Amount> {
    let last = month.last_of_month();
    let attended = by_participant(&facts.attended, |one: &Attended| one.participant);
    let reports = by_participant(&facts.reports, |one: &Report| one.participant);
    let outcomes = by_participant(&facts.outcomes, |one: &Outcome| one.participant);
    let pauses = by_participant(&facts.pauses, |one: &Pause| one.participant);
    let placements = by_participant(&facts.placements, |one: &Placement| one.participant);
    let mut all = Vec::new();
    for (participant, mut stays) in placements {
        stays.sort_by_key(|stay| (stay.from, stay.seen.0));
        let none = Vec::new();
        let report = reports.get(&participant).and_then(|all| all.iter().find(|one| one.month == month));
        let approved = report.is_some_and(|report| report.state == "approved");
        let mut lines: HashMap<(usize, i64), Amount> = HashMap::new();
        for (place, stay) in stays.iter().enumerate() {
            let Some(piece) = effective(&stays, place).and_then(|piece| within(piece, month, last)) else { continue };
            let mut pieces = vec![piece];
            for pause in pauses.get(&participant).map(Vec::as_slice).unwrap_or_default() {
                pieces = without(pieces, pause.from, pause.until.unwrap_or(Date::MAX));
            }
            for piece in pieces {
                let mut from = piece.from;
                while from <= piece.until {
                    let programme = programmes.named(&stay.programme);
                    let price = programme.and_then(|programme| programme.price_at(&stay.level, from));
                    let change = programme.and_then(|programme| programme.next_price(&stay.level, from));
                    let until = change.map_or(piece.until, |change| later(change, -1).min(piece.until));
                    let mut seen = vec![("placement", stay.seen)];
                    seen.extend(report.map(|report| ("period-report", report.seen)));
                    seen.extend(
                        pauses
                            .get(&participant)
                            .into_iter()
                            .flatten()
                            .filter(|pause| pause.from <= last && pause.until.is_none_or(|until| until >= month))
                            .map(|pause| ("pause", pause.seen)),
                    );
                    let days = match price.map(|price| price.per) {
                        Some(Per::AttendedDay) => {
                            let marked = attended.get(&participant).unwrap_or(&none);
                            let inside = marked.iter().filter(|one| from <= one.date && one.date <= until);
                            // A day that is marked as absence is what the figure rests on, too.
                            seen.extend(inside.clone().map(|one| ("attendance", one.seen)));
                            let mut came: Vec<Date> = inside.filter(|one| one.came).map(|one| one.date).collect();
                            came.sort_unstable();
                            came.dedup();
                            came.len() as i64
                        }
                        _ => between(from, until),
                    };
                    let blocked = match price {
                        None => Some(Blocked::NoPrice),
                        Some(price) if price.per == Per::AttendedDay && facts.attendance_withheld => {
                            Some(Blocked::Withheld)
                        }
                        Some(_) if !approved => Some(Blocked::NoApprovedReport),
                        Some(_) => None,
                    };
                    let ore = price.map_or(0, |price| price.ore);
                    let key = (first_alike(&stays, place), ore);
                    let line = lines.entry(key).or_insert_with(|| Amount {
                        participant,
                        unit: stay.unit.clone(),
                        programme: stay.programme.clone(),
                        level: stay.level.clone(),
                        what: What::Day,
                        days: 0,
                        price: ore,
                        blocked,
                        from: Vec::new(),
                    });
                    line.days += days;
                    line.from.extend(seen);
                    from = later(until, 1);
                    if until == Date::MAX {
                        break;
                    }
                }
            }
        }
        all.extend(lines.into_values());
        if let Some(outcomes) = outcomes.get(&participant) {
            all.extend(results(&stays, outcomes, programmes, month, last));
        }
    }
    for line in &mut all {
        line.from.sort_unstable();
        line.from.dedup();
    }
    all.sort_by(|one, other| key_of(one).cmp(&key_of(other)));
    all
}

type Key<'a> = (&'a str, &'a str, &'a str, RecordId, What, i64);

fn key_of(one: &Amount) -> Key<'_> {
    (&one.unit, &one.programme, &one.level, one.participant, one.what, one.price)
}

/// The first of the participant's placements of the same unit, programme and level: a stay that is interrupted is one line.
fn first_alike(stays: &[&Placement], place: usize) -> usize {
    let Some(this) = stays.get(place) else { return place };
    let alike =
        |one: &&&Placement| (&one.unit, &one.programme, &one.level) == (&this.unit, &this.programme, &this.level);
    stays.iter().position(|one| alike(&one)).unwrap_or(place)
}

/// The days on which a placement is the one that holds: until its own end, and until the next begins. Of two that begin on one
/// day the later recorded holds.
pub(crate) fn effective(stays: &[&Placement], place: usize) -> Option<Piece> {
    let stay = stays.get(place)?;
    let own = stay.until.unwrap_or(Date::MAX);
    let next = stays.get(place + 1).map(|next| next.from);
    let until = match next {
        Some(next) if next <= stay.from => return None,
        Some(next) => own.min(later(next, -1)),
        None => own,
    };
    (stay.from <= until).then_some(Piece { from: stay.from, until })
}

fn within(piece: Piece, first: Date, last: Date) -> Option<Piece> {
    let (from, until) = (piece.from.max(first), piece.until.min(last));
    (from <= until).then_some(Piece { from, until })
}

/// Cuts a time out of pieces.
fn without(pieces: Vec<Piece>, from: Date, until: Date) -> Vec<Piece> {
    let mut left = Vec::new();
    for piece in pieces {
        if until < piece.from || piece.until < from {
            left.push(piece);
            continue;
        }
        if piece.from < from {
            left.push(Piece { from: piece.from, until: later(from, -1) });
        }
        if until < piece.until {
            left.push(Piece { from: later(until, 1), until: piece.until });
        }
    }
    left
}

/// The results of a month: each part once in a stay, at the level of the stay's last placement that had begun.
fn results(
    stays: &[&Placement],
    outcomes: &[&Outcome],
    programmes: &Programmes,
    month: Date,
    last: Date,
) -> Vec<Amount> {
    let mut outcomes = outcomes.to_vec();
    outcomes.sort_by_key(|one| (one.date, one.seen.0));
    let mut paid: Vec<(usize, bool)> = Vec::new();
    let mut all = Vec::new();
    for outcome in outcomes {
        let Some(place) = stays.iter().rposition(|stay| stay.from <= outcome.date) else { continue };
        let stay = stay_of(stays, place);
        if paid.contains(&(stay, outcome.second)) {
            continue;
        }
        paid.push((stay, outcome.second));
        let Some(placement) = stays.get(place).filter(|_| (month..=last).contains(&outcome.date)) else { continue };
        let price = programmes
            .named(&placement.programme)
            .and_then(|programme| programme.result_at(&placement.level, outcome.date))
            .map(|price| if outcome.second { price.rr2 } else { price.rr1 });
        all.push(Amount {
            participant: placement.participant,
            unit: placement.unit.clone(),
            programme: placement.programme.clone(),
            level: placement.level.clone(),
            what: if outcome.second { What::Rr2 } else { What::Rr1 },
            days: 1,
            price: price.unwrap_or(0),
            blocked: match price {
                None => Some(Blocked::NoPrice),
                Some(_) if !outcome.approved => Some(Blocked::NotApproved),
                Some(_) => None,
            },
            from: vec![("placement", placement.seen), ("result", outcome.seen)],
        });
    }
    all
}

/// The first placement of the unbroken stay that this one belongs to: each begins no later than the day after the last ended.
pub(crate) fn stay_of(stays: &[&Placement], place: usize) -> usize {
    let mut first = place;
    while first > 0 {
        let before = stays.get(first - 1).and_then(|one| one.until);
        let joins = match (before, stays.get(first)) {
            (None, Some(_)) => true,
            (Some(until), Some(this)) => this.from <= later(until, 1),
            _ => false,
        };
        if !joins {
            break;
        }
        first -= 1;
    }
    first
}

/// Hours and occasions of a participant in some time, as a report counts them: held and led by the provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Held {
    pub occasions: i64,
    pub physical: i64,
    pub hours: i64,
    pub planned_not_held: i64,
    pub from: Vec<RecordId>,
}

impl Held {
    /// Adds an activity. What was planned and its day is over counts as not held.
    pub fn add(&mut self, activity: &Activity, today: Date) {
        if !activity.led {
            return;
        }
        self.from.push(activity.seen.0);
        if activity.held {
            self.occasions += 1;
            self.hours += activity.hours;
            self.physical += i64::from(activity.physical);
        } else if activity.planned && activity.date < today {
            self.planned_not_held += 1;
        }
    }
}

#[cfg(test)]
#[path = "amounts_tests.rs"]
mod tests;
