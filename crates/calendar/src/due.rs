//! When a period has run out, and until when something can be done before a moment. Both answer with the calculation.
//! How days and hours are counted is in `count.rs`.

use terms::{Instant, Label, Language};

use crate::count::{Origin, backward, forward};
use crate::receipt::receive;
use crate::{Calendar, CalendarError, Counted, Moment, Period, StartRule, Step};

/// The event that a period counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// When it happened; of a message, when it was sent (or signed for, where that counts).
    pub at: Instant,
    /// When a message provably arrived, where there is proof.
    pub arrived: Option<Instant>,
}

impl From<Instant> for Start {
    fn from(at: Instant) -> Self {
        Self { at, arrived: None }
    }
}

/// A moment with the calculation that led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Due {
    /// The instant at which the period is over; `None` where the words give no date. A period that ends with a day is over at
    /// the first instant of the next one: show [`Due::ends`] to people, compare this.
    pub at: Option<Instant>,
    /// The same for people: the last day, and the time of its clock.
    pub ends: Option<Moment>,
    /// Whether the agreement promises it. A date from the operator's own target is no promise.
    pub promised: bool,
    /// The calculation, in order.
    pub steps: Vec<Step>,
}

impl Due {
    /// The moment in words of one language, e.g. *tisdag 7 april 2026 kl. 24.00*.
    #[must_use]
    pub fn when(&self, language: Language) -> Option<String> {
        self.ends.map(|ends| ends.text(language))
    }

    /// The calculation, a line each.
    #[must_use]
    pub fn lines(&self) -> Vec<Label> {
        self.steps.iter().map(Step::label).collect()
    }

    /// The calculation in one language, a line each.
    #[must_use]
    pub fn text(&self, language: Language) -> Vec<String> {
        self.steps.iter().map(|step| step.text(language)).collect()
    }
}

/// When `period` has run out, counted from `start` by the rules of `calendar`.
///
/// A counted period is a promise, and `target` is not looked at. A worded one promises no date: with the operator's `target`
/// that is counted instead and marked as no promise; without, there is no date.
///
/// # Errors
/// [`CalendarError`] when the calculation leaves the calendar, needs support hours that are not there, or `target` is worded.
pub fn due(
    start: impl Into<Start>,
    period: &Period,
    target: Option<&Period>,
    calendar: &Calendar,
) -> Result<Due, CalendarError> {
    let start = start.into();
    let mut steps = vec![Step::Event { at: calendar.zone.moment(start.at)?, zone: calendar.zone.clone() }];
    let Some((counted, promised)) = counted(period, target, &mut steps)? else {
        return Ok(Due { at: None, ends: None, promised: false, steps });
    };
    let origin = origin(start, calendar, &mut steps)?;
    let (at, ends) = forward(origin, counted, calendar, &mut steps)?;
    steps.push(if promised { Step::Ends { at: ends } } else { Step::OwnClockEnds { at: ends } });
    Ok(Due { at: Some(at), ends: Some(ends), promised, steps })
}

/// The last moment at which something can be done that must be done `period` before `deadline`: announce 14 days ahead, visit
/// five working days later.
///
/// The day (or, under the regulation, the hour) of the deadline is not counted, and doing it on the last day of the period so
/// counted is in time. Nothing moves off holidays: Article 3(4) of Regulation 1182/71 excepts periods counted backwards,
/// and moving forwards would shorten the notice. Of words, `before effect` and `in advance` give the deadline itself.
///
/// DOUBT: some count *at least 14 days before* as 14 whole days between. The reading here is the usual Swedish one for *senast 14
/// dagar före* (the day of the meeting is not counted, the day of the notice is).
///
/// # Errors
/// As [`due`].
pub fn latest_before(
    deadline: Instant,
    period: &Period,
    target: Option<&Period>,
    calendar: &Calendar,
) -> Result<Due, CalendarError> {
    let moment = calendar.zone.moment(deadline)?;
    let mut steps = vec![Step::Deadline { at: moment, zone: calendar.zone.clone() }];
    if let Period::Worded(wording) = period
        && wording.says_before()
    {
        steps.push(Step::BeforeIt { wording: *wording });
        steps.push(Step::Latest { at: moment });
        return Ok(Due { at: Some(deadline), ends: Some(moment), promised: true, steps });
    }
    let Some((counted, promised)) = counted(period, target, &mut steps)? else {
        return Ok(Due { at: None, ends: None, promised: false, steps });
    };
    let (at, ends) = backward(deadline, counted, calendar, &mut steps)?;
    steps.push(if promised { Step::Latest { at: ends } } else { Step::OwnClockLatest { at: ends } });
    Ok(Due { at: Some(at), ends: Some(ends), promised, steps })
}

/// What is to be counted, and whether it is a promise.
fn counted(
    period: &Period,
    target: Option<&Period>,
    steps: &mut Vec<Step>,
) -> Result<Option<(Counted, bool)>, CalendarError> {
    let wording = match period {
        Period::Counted(counted) => {
            steps.push(Step::Length { period: *period });
            return Ok(Some((*counted, true)));
        }
        Period::Worded(wording) => *wording,
    };
    steps.push(Step::Worded { wording });
    match target {
        None => {
            steps.push(Step::NoTarget);
            Ok(None)
        }
        Some(target @ Period::Counted(counted)) => {
            steps.push(Step::Target { period: *target });
            Ok(Some((*counted, false)))
        }
        Some(target) => Err(CalendarError::TargetIsWorded(target.to_string())),
    }
}

/// From where the period runs, by the start rule.
fn origin(start: Start, calendar: &Calendar, steps: &mut Vec<Step>) -> Result<Origin, CalendarError> {
    match calendar.start {
        StartRule::Event => Ok(Origin { at: start.at, day: calendar.zone.day(start.at)?, whole_days: false }),
        StartRule::NextDay => {
            let day = calendar.zone.day(start.at)?;
            let first = day.next()?;
            Ok(Origin { at: calendar.zone.start_of(first)?, day, whole_days: true })
        }
        StartRule::Receipt(receipt) => {
            let (at, moment) = receive(start, receipt, calendar, steps)?;
            Ok(Origin { at, day: moment.day, whole_days: moment.second.is_none() })
        }
    }
}
