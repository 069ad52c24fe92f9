//! When a message counts as received. A presumption of the agreement, not a fact: a message that bounced counts too where
//! the agreement says *on sending*, and whoever sends should try again all the same.

use terms::Instant;

use crate::{Calendar, CalendarError, Due, Moment, Receipt, Start, Step};

/// When a message sent at `sent` counts as received. Where the rule names a day and no time, the answer is the first instant of
/// that day and [`Due::ends`] has no clock.
///
/// # Errors
/// [`CalendarError::OutsideCalendar`].
pub fn received(sent: impl Into<Start>, rule: &Receipt, calendar: &Calendar) -> Result<Due, CalendarError> {
    let sent = sent.into();
    let mut steps = vec![Step::Sent { at: calendar.zone.moment(sent.at)?, zone: calendar.zone.clone() }];
    let (at, ends) = receive(sent, *rule, calendar, &mut steps)?;
    Ok(Due { at: Some(at), ends: Some(ends), promised: true, steps })
}

pub(crate) fn receive(
    sent: Start,
    rule: Receipt,
    calendar: &Calendar,
    steps: &mut Vec<Step>,
) -> Result<(Instant, Moment), CalendarError> {
    steps.push(Step::ReceiptRule { rule });
    if rule.knows_the_clock() {
        let moment = calendar.zone.moment(sent.at)?;
        steps.push(Step::Received { at: moment });
        return Ok((sent.at, moment));
    }
    let mut from = calendar.zone.day(sent.at)?;
    if let Receipt::SameWorkingDayBefore(before) = rule {
        let Some(arrived) = sent.arrived else {
            steps.push(Step::ArrivalNotProven);
            return next_working_day(from, calendar, steps);
        };
        let moment = calendar.zone.moment(arrived)?;
        let free = calendar.free(moment.day);
        // Compared as the clock shows it, so that a day on which the clock changes needs no thought.
        let in_time = moment.second.is_some_and(|second| second < u32::from(before.minutes()) * 60);
        steps.push(Step::Arrived { at: moment, before, in_time });
        match free {
            None if in_time => {
                steps.push(Step::Received { at: moment });
                return Ok((arrived, moment));
            }
            None => {}
            Some(why) => steps.push(Step::NotCounted { day: moment.day, why }),
        }
        from = moment.day;
    }
    next_working_day(from, calendar, steps)
}

fn next_working_day(
    from: crate::Day,
    calendar: &Calendar,
    steps: &mut Vec<Step>,
) -> Result<(Instant, Moment), CalendarError> {
    let mut day = from.next()?;
    while let Some(why) = calendar.free(day) {
        steps.push(Step::NotCounted { day, why });
        day = day.next()?;
    }
    let moment = Moment::day_only(day);
    steps.push(Step::Received { at: moment });
    Ok((calendar.zone.start_of(day)?, moment))
}
