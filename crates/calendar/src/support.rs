//! Support hours: when support is open, and time counted only while it is. All hours are the agreement's.

use terms::{Instant, Label, Language};

use crate::count::note_passed;
use crate::day::weekday;
use crate::step::SupportClosed;
use crate::{Calendar, CalendarError, ClockTime, Day, Free, Moment, Step};

/// After so many closed days in a row nothing more is waited for: no period would end.
const MOST_CLOSED_DAYS: usize = 400;
/// More days of support than this become one line.
const DAY_LINES: usize = 10;

/// The opening hours of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DayHours {
    opens: ClockTime,
    closes: ClockTime,
    pause: Option<(ClockTime, ClockTime)>,
}

impl DayHours {
    /// Open from `opens` until `closes`, with a pause between, if there is one.
    ///
    /// # Errors
    /// [`CalendarError::HoursOutOfOrder`].
    pub fn new(
        opens: ClockTime,
        closes: ClockTime,
        pause: Option<(ClockTime, ClockTime)>,
    ) -> Result<Self, CalendarError> {
        let pause_fits = pause.is_none_or(|(from, until)| opens < from && from < until && until < closes);
        if opens < closes && pause_fits {
            Ok(Self { opens, closes, pause })
        } else {
            Err(CalendarError::HoursOutOfOrder)
        }
    }

    /// When support opens.
    #[must_use]
    pub const fn opens(self) -> ClockTime {
        self.opens
    }

    /// When it closes.
    #[must_use]
    pub const fn closes(self) -> ClockTime {
        self.closes
    }

    /// The pause between.
    #[must_use]
    pub const fn pause(self) -> Option<(ClockTime, ClockTime)> {
        self.pause
    }

    fn spans(self) -> impl DoubleEndedIterator<Item = (ClockTime, ClockTime)> {
        let (first, second) = match self.pause {
            None => ((self.opens, self.closes), None),
            Some((from, until)) => ((self.opens, from), Some((until, self.closes))),
        };
        core::iter::once(first).chain(second)
    }

    fn text(self, language: Language) -> String {
        let spans = self.spans().map(|(from, until)| format!("{}–{}", from.text(language), until.text(language)));
        spans.collect::<Vec<_>>().join(", ")
    }
}

/// How a message during the pause is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PauseReading {
    /// It came outside the hours, and counts from the next day's opening: the letter of *at other times*. In agreements
    /// `next day`.
    #[default]
    NextDay,
    /// It counts from the end of the pause. In agreements `end of break`.
    EndOfPause,
}

impl core::fmt::Display for PauseReading {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::NextDay => "next day",
            Self::EndOfPause => "end of break",
        })
    }
}

impl core::str::FromStr for PauseReading {
    type Err = CalendarError;
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        match text {
            "next day" => Ok(Self::NextDay),
            "end of break" => Ok(Self::EndOfPause),
            _ => {
                Err(CalendarError::unknown("a reading of a message in the break", text, &["next day", "end of break"]))
            }
        }
    }
}

/// When support is open. Holidays and the agreement's free eves are always closed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SupportHours {
    /// The hours of each day of the week, Monday first; `None` is closed.
    pub week: [Option<DayHours>; 7],
    /// The hours of an otherwise open day directly before a holiday, where they differ. A holiday is one of the law,
    /// on whatever weekday it falls; an ordinary Sunday is none.
    pub before_holiday: Option<DayHours>,
    /// Days announced as free of support.
    pub announced_free: Vec<Day>,
    /// How a message during the pause is read.
    pub message_in_pause: PauseReading,
}

impl SupportHours {
    /// The same hours from Monday to Friday.
    #[must_use]
    pub fn monday_to_friday(hours: DayHours) -> Self {
        let hours = Some(hours);
        Self { week: [hours, hours, hours, hours, hours, None, None], ..Self::default() }
    }

    /// The hours in words, a line each.
    pub(crate) fn readings(&self) -> Vec<Label> {
        let mut lines = Vec::new();
        for (of_week, hours) in self.week.iter().enumerate() {
            if let Some(hours) = hours {
                lines.push(Label {
                    sv: format!("Support {}: {}.", weekday(of_week, Language::Sv), hours.text(Language::Sv)),
                    en: format!("Support on {}: {}.", weekday(of_week, Language::En), hours.text(Language::En)),
                });
            }
        }
        if let Some(hours) = self.before_holiday {
            lines.push(Label {
                sv: format!("Support dag före helgdag: {}.", hours.text(Language::Sv)),
                en: format!("Support on the day before a holiday: {}.", hours.text(Language::En)),
            });
        }
        if self.week.iter().flatten().any(|hours| hours.pause.is_some()) {
            lines.push(match self.message_in_pause {
                PauseReading::NextDay => Label {
                    sv: "Ett meddelande under rasten räknas från nästa öppning efter dagen.".to_owned(),
                    en: "A message during the break counts from the opening of the next open day.".to_owned(),
                },
                PauseReading::EndOfPause => Label {
                    sv: "Ett meddelande under rasten räknas från rastens slut.".to_owned(),
                    en: "A message during the break counts from its end.".to_owned(),
                },
            });
        }
        lines
    }
}

/// From when a message that came at `at` counts: at once while support is open, else from an opening.
///
/// # Errors
/// [`CalendarError::NoSupportHours`], [`CalendarError::SupportNeverOpen`], [`CalendarError::OutsideCalendar`].
pub fn support_counts_from(at: Instant, calendar: &Calendar) -> Result<Instant, CalendarError> {
    counts_from(at, hours_of(calendar)?, calendar).map(|(from, _)| from)
}

/// How long support is open from `from` until `until`, in microseconds of real time; none where `until` is earlier.
///
/// # Errors
/// [`CalendarError::NoSupportHours`], [`CalendarError::OutsideCalendar`].
pub fn support_time(from: Instant, until: Instant, calendar: &Calendar) -> Result<i64, CalendarError> {
    let support = hours_of(calendar)?;
    if until <= from {
        return Ok(0);
    }
    let (mut day, last) = (calendar.zone.day(from)?, calendar.zone.day(until)?);
    let mut sum = 0;
    while day <= last {
        for (opens, closes) in spans_of(day, support, calendar)? {
            sum += (closes.micros().min(until.micros()) - opens.micros().max(from.micros())).max(0);
        }
        day = day.next()?;
    }
    Ok(sum)
}

/// The instant at which `micros` of support time have passed since `at`.
pub(crate) fn add(
    at: Instant,
    micros: i64,
    calendar: &Calendar,
    steps: &mut Vec<Step>,
) -> Result<Instant, CalendarError> {
    let support = hours_of(calendar)?;
    let (from, closed) = counts_from(at, support, calendar)?;
    let mut notes = Notes::default();
    let mut day = calendar.zone.day(from)?;
    if let Some(why) = closed {
        let mut passed = calendar.zone.day(at)?;
        while passed < day {
            notes.closed(passed, support, calendar);
            passed = passed.next()?;
        }
        notes.closed_days_first(steps);
        steps.push(Step::SupportCountsFrom { at: calendar.zone.moment(from)?, why });
    }
    let mut left = micros;
    loop {
        let mut used = Vec::new();
        let mut end = None;
        for (opens, closes) in spans_of(day, support, calendar)? {
            let opens = opens.max(from);
            let here = (closes.micros() - opens.micros()).max(0).min(left);
            if here > 0 {
                used.push((opens, Instant(opens.micros() + here)));
                left -= here;
                if left == 0 {
                    end = Some(Instant(opens.micros() + here));
                    break;
                }
            }
        }
        notes.day(day, &used, support, calendar)?;
        if let Some(end) = end {
            notes.tell(steps);
            return Ok(end);
        }
        day = notes.going_on(day.next()?)?;
    }
}

/// The latest instant from which `micros` of support time pass before `deadline`.
pub(crate) fn subtract(
    deadline: Instant,
    micros: i64,
    calendar: &Calendar,
    steps: &mut Vec<Step>,
) -> Result<Instant, CalendarError> {
    let support = hours_of(calendar)?;
    let mut notes = Notes::default();
    let mut day = calendar.zone.day(deadline)?;
    let mut left = micros;
    loop {
        let mut used = Vec::new();
        let mut start = None;
        for (opens, closes) in spans_of(day, support, calendar)?.into_iter().rev() {
            let closes = closes.min(deadline);
            let here = (closes.micros() - opens.micros()).max(0).min(left);
            if here > 0 {
                let from = Instant(closes.micros() - here);
                used.insert(0, (from, closes));
                left -= here;
                if left == 0 {
                    start = Some(from);
                    break;
                }
            }
        }
        notes.day(day, &used, support, calendar)?;
        if let Some(start) = start {
            notes.tell(steps);
            return Ok(start);
        }
        day = notes.going_on(day.previous()?)?;
    }
}

fn hours_of(calendar: &Calendar) -> Result<&SupportHours, CalendarError> {
    calendar.support.as_ref().ok_or(CalendarError::NoSupportHours)
}

/// The hours of a day, or why it is closed; no reason where the week has no hours that day.
fn open_on(day: Day, support: &SupportHours, calendar: &Calendar) -> Result<(DayHours, bool), Option<Free>> {
    let free = calendar.free(day);
    if matches!(free, Some(Free::Holiday | Free::Eve(_))) {
        return Err(free);
    }
    let Some(hours) = support.week.get(day.of_week()).copied().flatten() else {
        return Err(free.filter(|why| matches!(why, Free::Saturday | Free::Sunday)));
    };
    if support.announced_free.contains(&day) {
        return Err(Some(Free::Announced));
    }
    match support.before_holiday {
        Some(short) if day.next().is_ok_and(crate::is_holiday) => Ok((short, true)),
        _ => Ok((hours, false)),
    }
}

fn spans_of(day: Day, support: &SupportHours, calendar: &Calendar) -> Result<Vec<(Instant, Instant)>, CalendarError> {
    let Ok((hours, _)) = open_on(day, support, calendar) else {
        return Ok(Vec::new());
    };
    hours.spans().map(|(from, until)| Ok((calendar.zone.at(day, from)?, calendar.zone.at(day, until)?))).collect()
}

fn counts_from(
    at: Instant,
    support: &SupportHours,
    calendar: &Calendar,
) -> Result<(Instant, Option<SupportClosed>), CalendarError> {
    let day = calendar.zone.day(at)?;
    let spans = spans_of(day, support, calendar)?;
    if spans.iter().any(|(opens, closes)| *opens <= at && at < *closes) {
        return Ok((at, None));
    }
    if let [(opens, _), ..] = *spans
        && at < opens
    {
        return Ok((opens, Some(SupportClosed::NotYetOpen)));
    }
    let mut why = SupportClosed::Closed;
    if let [(_, pauses), (again, _)] = *spans
        && pauses <= at
        && at < again
    {
        why = SupportClosed::Pause(support.message_in_pause);
        if support.message_in_pause == PauseReading::EndOfPause {
            return Ok((again, Some(why)));
        }
    }
    let mut next = day;
    for _ in 0..MOST_CLOSED_DAYS {
        next = next.next()?;
        if let [(opens, _), ..] = *spans_of(next, support, calendar)? {
            return Ok((opens, Some(why)));
        }
    }
    Err(CalendarError::SupportNeverOpen)
}

/// The lines of a calculation in support hours: days that add, days that are passed over.
#[derive(Default)]
struct Notes {
    days: Vec<Step>,
    more_days: usize,
    more_seconds: i64,
    passed: Vec<(Day, Free)>,
    closed_in_a_row: usize,
}

impl Notes {
    fn day(
        &mut self,
        day: Day,
        used: &[(Instant, Instant)],
        support: &SupportHours,
        calendar: &Calendar,
    ) -> Result<(), CalendarError> {
        if used.is_empty() {
            self.closed_in_a_row += 1;
            self.closed(day, support, calendar);
            return Ok(());
        }
        self.closed_in_a_row = 0;
        let seconds = used.iter().map(|(from, until)| until.micros() - from.micros()).sum::<i64>() / 1_000_000;
        if self.days.len() >= DAY_LINES {
            self.more_days += 1;
            self.more_seconds += seconds;
            return Ok(());
        }
        let second = |at: Instant| calendar.zone.moment(at).map(|moment: Moment| moment.second.unwrap_or(0));
        let hours = used.iter().map(|(from, until)| Ok((second(*from)?, second(*until)?)));
        let hours = hours.collect::<Result<Vec<_>, CalendarError>>()?;
        let before_holiday = open_on(day, support, calendar).is_ok_and(|(_, short)| short);
        self.days.push(Step::SupportDay { day, hours, seconds, before_holiday });
        Ok(())
    }

    fn closed(&mut self, day: Day, support: &SupportHours, calendar: &Calendar) {
        if let Err(Some(why)) = open_on(day, support, calendar) {
            self.passed.push((day, why));
        }
    }

    fn going_on(&self, day: Day) -> Result<Day, CalendarError> {
        if self.closed_in_a_row > MOST_CLOSED_DAYS { Err(CalendarError::SupportNeverOpen) } else { Ok(day) }
    }

    fn closed_days_first(&mut self, steps: &mut Vec<Step>) {
        note_passed(&self.passed, steps);
        self.passed.clear();
    }

    fn tell(mut self, steps: &mut Vec<Step>) {
        note_passed(&self.passed, steps);
        steps.append(&mut self.days);
        if self.more_days > 0 {
            steps.push(Step::MoreSupportDays { days: self.more_days, seconds: self.more_seconds });
        }
    }
}
