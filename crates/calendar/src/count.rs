//! Counting itself: forwards from an origin, backwards from a deadline, by the calendar's rule. Each step taken is noted.

use jiff::civil::DateTime;
use terms::Instant;

use crate::step::{ByRule, Meets, Step};
use crate::support;
use crate::zone::Shown;
use crate::{Calendar, CalendarError, Counted, Counting, Day, Free, Moment, StartRule, Unit};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// More weekend days than this become one line.
const WEEKEND_LINES: usize = 8;
/// More free days than this become one line.
const FREE_LINES: usize = 40;
/// More changes of the clock than this become one line.
const SHIFT_LINES: usize = 4;

/// From where a period runs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin {
    /// From where minutes and hours run.
    pub(crate) at: Instant,
    /// The day that days are counted after.
    pub(crate) day: Day,
    /// Whether only the day is known (or meant), so that there is no time of the clock to come back to.
    pub(crate) whole_days: bool,
}

/// When the period is over, and how that reads.
pub(crate) fn forward(
    origin: Origin,
    counted: Counted,
    calendar: &Calendar,
    steps: &mut Vec<Step>,
) -> Result<(Instant, Moment), CalendarError> {
    let count = i64::from(counted.count());
    match counted.unit() {
        Unit::Seconds => real_time(origin, count * SECOND, calendar, steps),
        Unit::Minutes => real_time(origin, count * MINUTE, calendar, steps),
        Unit::Hours => hours(origin, count, calendar, steps),
        Unit::SupportHours => {
            note_day_start(origin, calendar, steps)?;
            let at = support::add(origin.at, count * HOUR, calendar, steps)?;
            note_shifts(origin.at, at, Meets::OpeningHours, calendar, steps);
            Ok((at, calendar.zone.moment(at)?))
        }
        unit => days(origin, count, unit, calendar, steps),
    }
}

fn real_time(
    origin: Origin,
    micros: i64,
    calendar: &Calendar,
    steps: &mut Vec<Step>,
) -> Result<(Instant, Moment), CalendarError> {
    note_day_start(origin, calendar, steps)?;
    let at = later(origin.at, micros)?;
    note_shifts(origin.at, at, Meets::RealTime, calendar, steps);
    Ok((at, calendar.zone.moment(at)?))
}

fn hours(
    origin: Origin,
    count: i64,
    calendar: &Calendar,
    steps: &mut Vec<Step>,
) -> Result<(Instant, Moment), CalendarError> {
    if calendar.counting != Counting::Regulation1182 {
        return real_time(origin, count * HOUR, calendar, steps);
    }
    let mut from = origin;
    if !origin.whole_days {
        // Article 3(1): the hour of the event is not counted, also when it happened on the stroke.
        from.at = later(hour_of(origin.at, calendar)?, HOUR)?;
        steps.push(Step::NextHour { at: calendar.zone.moment(from.at)? });
    }
    let (at, moment) = real_time(from, count * HOUR, calendar, steps)?;
    if !calendar.two_working_days_in_hours || count < 48 {
        return Ok((at, moment));
    }
    match second_working_day(origin.day, moment.day, calendar)? {
        None => Ok((at, moment)),
        Some(day) => {
            steps.push(Step::TwoWorkingDays { day });
            Ok((calendar.zone.end_of(day)?, Moment::end_of(day)))
        }
    }
}

fn days(
    origin: Origin,
    count: i64,
    unit: Unit,
    calendar: &Calendar,
    steps: &mut Vec<Step>,
) -> Result<(Instant, Moment), CalendarError> {
    // From a day that is none of those counted there is no time of the clock to come back to: the last one counts whole.
    // Else an event on a Saturday morning would be due before one on the Friday evening before it.
    let from_free_day = unit == Unit::WorkingDays && !calendar.is_working_day(origin.day);
    let whole_days = origin.whole_days || from_free_day || calendar.counting != Counting::Plain;
    if whole_days && !from_free_day {
        steps.push(Step::DayNotCounted { day: origin.day, by: by_rule_of(unit, calendar) });
    }
    let mut last = match unit {
        Unit::WorkingDays => {
            if let Some(why) = calendar.free(origin.day) {
                steps.push(Step::NotCounted { day: origin.day, why });
            }
            working_days(origin.day, count, Day::next, calendar, steps)?
        }
        Unit::Weeks => origin.day.plus_days(count * 7)?,
        Unit::Months => months(origin.day, count, steps)?,
        Unit::Years => months(origin.day, count * 12, steps)?,
        _ => origin.day.plus_days(count)?,
    };
    if !whole_days {
        let clock = calendar.zone.local(origin.at)?.time();
        let (at, moment) = same_clock(last.date().to_datetime(clock), calendar, steps)?;
        note_shifts(origin.at, at, Meets::SameClock, calendar, steps);
        return Ok((at, moment));
    }
    steps.push(Step::LastDay { day: last });
    if calendar.moves(last).is_some() {
        while let Some(why) = calendar.moves(last) {
            steps.push(Step::NotLast { day: last, why });
            last = last.next()?;
        }
        steps.push(Step::Moved { to: last, by: by_rule(calendar) });
    }
    let two_or_more = !matches!((unit, count), (Unit::Days | Unit::WorkingDays, 1));
    if calendar.counting == Counting::Regulation1182
        && two_or_more
        && let Some(day) = second_working_day(origin.day, last, calendar)?
    {
        steps.push(Step::TwoWorkingDays { day });
        last = day;
    }
    let at = calendar.zone.end_of(last)?;
    note_shifts(origin.at, at, Meets::WholeDays, calendar, steps);
    Ok((at, Moment::end_of(last)))
}

/// Until when something can be done so that the period lies before `deadline`.
pub(crate) fn backward(
    deadline: Instant,
    counted: Counted,
    calendar: &Calendar,
    steps: &mut Vec<Step>,
) -> Result<(Instant, Moment), CalendarError> {
    let count = i64::from(counted.count());
    let (unit, day) = (counted.unit(), calendar.zone.day(deadline)?);
    let at = match unit {
        Unit::Seconds => later(deadline, -count * SECOND)?,
        Unit::Minutes => later(deadline, -count * MINUTE)?,
        Unit::Hours if calendar.counting == Counting::Regulation1182 => {
            let hour = hour_of(deadline, calendar)?;
            steps.push(Step::HourNotCounted { at: calendar.zone.moment(hour)? });
            later(hour, -count * HOUR)?
        }
        Unit::Hours => later(deadline, -count * HOUR)?,
        Unit::SupportHours => support::subtract(deadline, count * HOUR, calendar, steps)?,
        unit => return days_back(deadline, day, count, unit, calendar, steps),
    };
    let meets = if unit == Unit::SupportHours { Meets::OpeningHours } else { Meets::RealTime };
    note_shifts(at, deadline, meets, calendar, steps);
    Ok((at, calendar.zone.moment(at)?))
}

fn days_back(
    deadline: Instant,
    day: Day,
    count: i64,
    unit: Unit,
    calendar: &Calendar,
    steps: &mut Vec<Step>,
) -> Result<(Instant, Moment), CalendarError> {
    let from_free_day = unit == Unit::WorkingDays && !calendar.is_working_day(day);
    let whole_days = from_free_day || calendar.counting != Counting::Plain || calendar.start == StartRule::NextDay;
    if whole_days && !from_free_day {
        steps.push(Step::DayNotCounted { day, by: by_rule_of(unit, calendar) });
    }
    let mut first = match unit {
        Unit::WorkingDays => {
            // A period of working days cannot end on a free day: it must be full on the last working day before.
            let mut anchor = day;
            while let Some(why) = calendar.free(anchor) {
                steps.push(Step::NotCounted { day: anchor, why });
                anchor = anchor.previous()?;
            }
            working_days(anchor, count, Day::previous, calendar, steps)?
        }
        Unit::Weeks => day.plus_days(-count * 7)?,
        Unit::Months => months(day, -count, steps)?,
        Unit::Years => months(day, -count * 12, steps)?,
        _ => day.plus_days(-count)?,
    };
    if !whole_days {
        let clock = calendar.zone.local(deadline)?.time();
        let (at, moment) = same_clock(first.date().to_datetime(clock), calendar, steps)?;
        note_shifts(at, deadline, Meets::SameClock, calendar, steps);
        return Ok((at, moment));
    }
    let two_or_more = !matches!((unit, count), (Unit::Days | Unit::WorkingDays, 1));
    if calendar.counting == Counting::Regulation1182 && two_or_more {
        let mut working = 0;
        let mut seen = day;
        while working < 2 {
            seen = seen.previous()?;
            working += u8::from(calendar.is_working_day(seen));
        }
        if seen < first {
            steps.push(Step::TwoWorkingDays { day: seen });
            first = seen;
        }
    }
    if let Some(why) = calendar.moves(first) {
        steps.push(Step::NotMovedBack { day: first, why, by: by_rule(calendar) });
    }
    let at = calendar.zone.end_of(first)?;
    note_shifts(at, deadline, Meets::WholeDays, calendar, steps);
    Ok((at, Moment::end_of(first)))
}

/// The last day of so many working days, in the direction of `step`; the days that were passed over are noted.
fn working_days(
    from: Day,
    count: i64,
    step: fn(Day) -> Result<Day, CalendarError>,
    calendar: &Calendar,
    steps: &mut Vec<Step>,
) -> Result<Day, CalendarError> {
    let mut day = from;
    let mut left = count;
    let mut passed = Vec::new();
    while left > 0 {
        day = step(day)?;
        match calendar.free(day) {
            None => left -= 1,
            Some(why) => passed.push((day, why)),
        }
    }
    note_passed(&passed, steps);
    Ok(day)
}

/// The days that were passed over, a line each; where that would be many, weekends become one line.
pub(crate) fn note_passed(passed: &[(Day, Free)], steps: &mut Vec<Step>) {
    let is_weekend = |(_, why): &&(Day, Free)| matches!(why, Free::Saturday | Free::Sunday);
    let weekend_days = passed.iter().filter(is_weekend).count();
    let one_line = weekend_days > WEEKEND_LINES;
    let mut told = 0;
    let mut untold = 0;
    for (day, why) in passed.iter().filter(|passed| !(one_line && is_weekend(passed))) {
        if told < FREE_LINES {
            steps.push(Step::NotCounted { day: *day, why: *why });
            told += 1;
        } else {
            untold += 1;
        }
    }
    if untold > 0 {
        steps.push(Step::MoreNotCounted { days: untold });
    }
    if one_line {
        steps.push(Step::WeekendsNotCounted { days: weekend_days });
    }
}

fn months(from: Day, months: i64, steps: &mut Vec<Step>) -> Result<Day, CalendarError> {
    let day = from.plus_months(months)?;
    if !from.number_fits(day) {
        steps.push(Step::EndOfMonth { number: from.of_month(), day });
    }
    Ok(day)
}

fn same_clock(local: DateTime, calendar: &Calendar, steps: &mut Vec<Step>) -> Result<(Instant, Moment), CalendarError> {
    let (at, shown) = calendar.zone.instant(local)?;
    let moment = calendar.zone.moment(at)?;
    let second = i32::from(local.hour()) * 3600 + i32::from(local.minute()) * 60 + i32::from(local.second());
    let wanted = Moment { day: moment.day, second: u32::try_from(second).ok() };
    match shown {
        Shown::Once => {}
        Shown::Never => steps.push(Step::ClockNotShown { wanted, instead: moment }),
        Shown::Twice => steps.push(Step::ClockShownTwice { at: wanted }),
    }
    Ok((at, moment))
}

/// The second working day after `day`, where it lies after `last`: the period must then run until it (Article 3(5)).
fn second_working_day(day: Day, last: Day, calendar: &Calendar) -> Result<Option<Day>, CalendarError> {
    let second = calendar.next_working_day(calendar.next_working_day(day)?)?;
    Ok((second > last).then_some(second))
}

/// The beginning of the hour that the clock shows.
fn hour_of(at: Instant, calendar: &Calendar) -> Result<Instant, CalendarError> {
    let local = calendar.zone.local(at)?;
    let into = i64::from(local.minute()) * MINUTE
        + i64::from(local.second()) * 1_000_000
        + i64::from(local.millisecond()) * 1_000
        + i64::from(local.microsecond());
    later(at, -into)
}

fn later(at: Instant, micros: i64) -> Result<Instant, CalendarError> {
    at.micros().checked_add(micros).map(Instant).ok_or(CalendarError::OutsideCalendar)
}

const fn by_rule(calendar: &Calendar) -> ByRule {
    match calendar.counting {
        Counting::Plain => ByRule::Agreement,
        Counting::Regulation1182 => ByRule::Regulation1182,
        Counting::Lagen1930 => ByRule::Lagen1930,
    }
}

/// The act of 1930 names weeks, months and years only; that days are counted the same way is the agreement's choice.
const fn by_rule_of(unit: Unit, calendar: &Calendar) -> ByRule {
    match (calendar.counting, unit) {
        (Counting::Lagen1930, Unit::Days | Unit::WorkingDays) => ByRule::Agreement,
        _ => by_rule(calendar),
    }
}

/// Where hours run from the beginning of a day, because only the day is known.
fn note_day_start(origin: Origin, calendar: &Calendar, steps: &mut Vec<Step>) -> Result<(), CalendarError> {
    if origin.whole_days {
        steps.push(Step::RunsFrom { at: calendar.zone.moment(origin.at)? });
    }
    Ok(())
}

fn note_shifts(from: Instant, until: Instant, meets: Meets, calendar: &Calendar, steps: &mut Vec<Step>) {
    let shifts = calendar.zone.shifts(from, until);
    if shifts.len() > SHIFT_LINES {
        steps.push(Step::ClockShifts { times: shifts.len(), meets });
    } else {
        steps.extend(shifts.iter().map(|shift| Step::ClockShift { day: shift.day, minutes: shift.minutes, meets }));
    }
}
