//! One line of a calculation, as data, and its sentence in both languages. A lawyer reads these lines to check a date, so each
//! says what was done and by which rule.

use terms::{Label, Language};

use crate::day::clock_text;
use crate::{ClockTime, Day, Free, Moment, PauseReading, Period, Receipt, Wording, Zone};

/// One line of a calculation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the fields are the words of the sentence, which stands below")]
pub enum Step {
    /// When the event happened.
    Event { at: Moment, zone: Zone },
    /// When the message was sent, or signed for.
    Sent { at: Moment, zone: Zone },
    /// What is counted back from.
    Deadline { at: Moment, zone: Zone },
    /// How long the period is.
    Length { period: Period },
    /// The agreement has a word and no number.
    Worded { wording: Wording },
    /// The operator's own clock, used instead; no promise.
    Target { period: Period },
    /// There is no own clock either.
    NoTarget,
    /// The word says *before*, and the limit is the deadline itself.
    BeforeIt { wording: Wording },
    /// When messages count as received.
    ReceiptRule { rule: Receipt },
    /// Nothing proves that the message arrived.
    ArrivalNotProven,
    /// When it provably arrived, and whether that was before the hour.
    Arrived { at: Moment, before: ClockTime, in_time: bool },
    /// When it counts as received.
    Received { at: Moment },
    /// The period runs from here.
    RunsFrom { at: Moment },
    /// The hour of the event is not counted; the period runs from the next.
    NextHour { at: Moment },
    /// Backwards: the hour of the deadline is not counted.
    HourNotCounted { at: Moment },
    /// The day of the event or deadline is not counted.
    DayNotCounted { day: Day, by: ByRule },
    /// A day that is passed over.
    NotCounted { day: Day, why: Free },
    /// More of them, not told one by one.
    MoreNotCounted { days: usize },
    /// Saturdays and Sundays that are passed over, in one line.
    WeekendsNotCounted { days: usize },
    /// The month has no such day.
    EndOfMonth { number: i8, day: Day },
    /// The last day of the period as counted.
    LastDay { day: Day },
    /// A day that a period may not end on.
    NotLast { day: Day, why: Free },
    /// The last day moved here.
    Moved { to: Day, by: ByRule },
    /// The period is as long as it takes to hold two working days.
    TwoWorkingDays { day: Day },
    /// Backwards, the day is free and yet stays.
    NotMovedBack { day: Day, why: Free, by: ByRule },
    /// The clock does not show this time on that day.
    ClockNotShown { wanted: Moment, instead: Moment },
    /// The clock shows this time twice on that day.
    ClockShownTwice { at: Moment },
    /// The clock changes during the period.
    ClockShift { day: Day, minutes: i32, meets: Meets },
    /// It changes many times.
    ClockShifts { times: usize, meets: Meets },
    /// A message while support is closed counts from its next opening.
    SupportCountsFrom { at: Moment, why: SupportClosed },
    /// What one day of support adds: from and until, in seconds of the clock, and in all so many seconds.
    SupportDay { day: Day, hours: Vec<(u32, u32)>, seconds: i64, before_holiday: bool },
    /// Further days of support, not told one by one.
    MoreSupportDays { days: usize, seconds: i64 },
    /// When the period is over.
    Ends { at: Moment },
    /// When the operator's own clock has run out.
    OwnClockEnds { at: Moment },
    /// Until when it can be done.
    Latest { at: Moment },
    /// Until when by the operator's own clock.
    OwnClockLatest { at: Moment },
}

/// By which rule something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ByRule {
    /// None of the two acts: by the way of counting alone, whoever chose it. The text names no source.
    Agreement,
    /// Regulation (EEC, Euratom) No 1182/71.
    Regulation1182,
    /// Lag (1930:173).
    Lagen1930,
}

/// What a change of the clock meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Meets {
    /// Minutes and hours that are counted in real time.
    RealTime,
    /// A period that ends at the same time of the clock.
    SameClock,
    /// Whole days.
    WholeDays,
    /// Opening hours, which follow the clock.
    OpeningHours,
}

/// Why a message does not count at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SupportClosed {
    /// Support has not opened yet that day.
    NotYetOpen,
    /// It came during the pause, and the agreement reads that so.
    Pause(PauseReading),
    /// Support has closed, or is closed that day.
    Closed,
}

impl Step {
    /// The sentence in both languages.
    #[must_use]
    pub fn label(&self) -> Label {
        Label { sv: self.text(Language::Sv), en: self.text(Language::En) }
    }

    /// The sentence in one language.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::Sv => self.sv(),
            Language::En => self.en(),
        }
    }

    fn sv(&self) -> String {
        let l = Language::Sv;
        match self {
            Self::Event { at, zone } => format!("Händelsen: {} ({zone}).", at.text(l)),
            Self::Sent { at, zone } => format!("Meddelandet: {} ({zone}).", at.text(l)),
            Self::Deadline { at, zone } => format!("Räknat bakåt från {} ({zone}).", at.text(l)),
            Self::Length { period } => format!("Perioden är {}.", period.text(l)),
            Self::Worded { wording } => format!("Avtalet säger ”{}” och lovar inget datum.", wording.label().sv),
            Self::Target { period } => {
                format!("Operatörens egen gräns är {}. Den är inget löfte i avtalet.", period.text(l))
            }
            Self::NoTarget => "Operatören har inte satt någon egen gräns, så inget datum räknas ut.".to_owned(),
            Self::BeforeIt { wording } => {
                format!("Avtalet säger ”{}”: gränsen är tidpunkten själv.", wording.label().sv)
            }
            Self::ReceiptRule { rule } => format!("Meddelandet räknas som mottaget {}.", rule.label().sv),
            Self::ArrivalNotProven => "När meddelandet kom fram är inte bevisat.".to_owned(),
            Self::Arrived { at, before, in_time } => {
                let whether = if *in_time { "före" } else { "inte före" };
                format!("Det kom bevisligen fram {}, {whether} kl. {}.", at.text(l), before.text(l))
            }
            Self::Received { at } => format!("Det räknas som mottaget {}.", at.text(l)),
            Self::RunsFrom { at } => format!("Tiden räknas från {}.", at.text(l)),
            Self::NextHour { at } => format!(
                "Timmen då det hände räknas inte (förordning 1182/71, artikel 3.1); perioden börjar {}.",
                at.text(l)
            ),
            Self::HourNotCounted { at } => {
                format!("Timmen som börjar {} räknas inte (förordning 1182/71, artikel 3.1).", at.text(l))
            }
            Self::DayNotCounted { day, by } => format!("{} räknas inte själv{}.", upper(&day.text(l)), by.day_sv()),
            Self::NotCounted { day, why } => format!("{} räknas inte: {}.", upper(&day.text(l)), why.text(*day, l)),
            Self::MoreNotCounted { days } => format!("Ytterligare {days} fria dagar räknas inte."),
            Self::WeekendsNotCounted { days } => format!("{days} lördagar och söndagar räknas inte."),
            Self::EndOfMonth { number, day } => {
                format!("Månaden har ingen dag {number}; i stället gäller dess sista dag, {}.", day.text(l))
            }
            Self::LastDay { day } => format!("Sista dagen är {}.", day.text(l)),
            Self::NotLast { day, why } => {
                format!("Perioden slutar inte {}: {}.", day.text(l), why.text(*day, l))
            }
            Self::Moved { to, by } => format!("Sista dagen flyttas till {}{}.", to.text(l), by.moved_sv()),
            Self::TwoWorkingDays { day } => format!(
                "Perioden ska omfatta minst två arbetsdagar (förordning 1182/71, artikel 3.5); det gör den med {}.",
                day.text(l)
            ),
            Self::NotMovedBack { day, why, by } => format!(
                "{} är inte arbetsdag ({}), men en period som räknas bakåt flyttas inte{}.",
                upper(&day.text(l)),
                why.text(*day, l),
                by.backwards_sv()
            ),
            Self::ClockNotShown { wanted, instead } => format!(
                "{} finns inte, för klockan ställs fram; i stället gäller {}.",
                upper(&wanted.text(l)),
                instead.text(l)
            ),
            Self::ClockShownTwice { at } => {
                format!("{} inträffar två gånger, för klockan ställs tillbaka; den första gäller.", upper(&at.text(l)))
            }
            Self::ClockShift { day, minutes, meets } => {
                let way = if *minutes > 0 { "fram" } else { "tillbaka" };
                format!(
                    "{} ställs klockan {way} {} minuter; {}.",
                    upper(&day.text(l)),
                    minutes.unsigned_abs(),
                    meets.sv()
                )
            }
            Self::ClockShifts { times, meets } => {
                format!("Klockan ställs om {times} gånger under perioden; {}.", meets.sv())
            }
            Self::SupportCountsFrom { at, why } => {
                format!("Supporten {}: det räknas från {}.", why.sv(), at.text(l))
            }
            Self::SupportDay { day, hours, seconds, before_holiday } => {
                let hours = spans(hours, l, " och ", "–");
                let short = if *before_holiday { " (dag före helgdag)" } else { "" };
                format!("{}{short}: {hours}, {}.", upper(&day.text(l)), length_sv(*seconds))
            }
            Self::MoreSupportDays { days, seconds } => {
                format!("Ytterligare {days} dagar med support: {}.", length_sv(*seconds))
            }
            Self::Ends { at } => format!("Perioden slutar {}.", at.text(l)),
            Self::OwnClockEnds { at } => format!("Operatörens egen gräns går ut {}.", at.text(l)),
            Self::Latest { at } => format!("Senast {}.", at.text(l)),
            Self::OwnClockLatest { at } => format!("Enligt operatörens egen gräns senast {}.", at.text(l)),
        }
    }

    fn en(&self) -> String {
        let l = Language::En;
        match self {
            Self::Event { at, zone } => format!("The event: {} ({zone}).", at.text(l)),
            Self::Sent { at, zone } => format!("The message: {} ({zone}).", at.text(l)),
            Self::Deadline { at, zone } => format!("Counted back from {} ({zone}).", at.text(l)),
            Self::Length { period } => format!("The period is {}.", period.text(l)),
            Self::Worded { wording } => format!("The agreement says “{}” and promises no date.", wording.as_str()),
            Self::Target { period } => {
                format!("The operator's own limit is {}. It is no promise of the agreement.", period.text(l))
            }
            Self::NoTarget => "The operator has set no limit of its own, so no date is computed.".to_owned(),
            Self::BeforeIt { wording } => {
                format!("The agreement says “{}”: the limit is that moment itself.", wording.as_str())
            }
            Self::ReceiptRule { rule } => format!("The message counts as received: {}.", rule.label().en),
            Self::ArrivalNotProven => "When the message arrived is not proven.".to_owned(),
            Self::Arrived { at, before, in_time } => {
                let whether = if *in_time { "before" } else { "not before" };
                format!("It provably arrived on {}, {whether} {}.", at.text(l), before.text(l))
            }
            Self::Received { at } => format!("It counts as received on {}.", at.text(l)),
            Self::RunsFrom { at } => format!("Time runs from {}.", at.text(l)),
            Self::NextHour { at } => format!(
                "The hour in which it happened is not counted (Regulation 1182/71, Article 3(1)); the period begins on {}.",
                at.text(l)
            ),
            Self::HourNotCounted { at } => {
                format!("The hour that begins on {} is not counted (Regulation 1182/71, Article 3(1)).", at.text(l))
            }
            Self::DayNotCounted { day, by } => format!("{} itself is not counted{}.", day.text(l), by.day_en()),
            Self::NotCounted { day, why } => format!("{} is not counted: {}.", day.text(l), why.text(*day, l)),
            Self::MoreNotCounted { days } => format!("{days} more free days are not counted."),
            Self::WeekendsNotCounted { days } => format!("{days} Saturdays and Sundays are not counted."),
            Self::EndOfMonth { number, day } => {
                format!("That month has no day {number}; its last day, {}, stands for it.", day.text(l))
            }
            Self::LastDay { day } => format!("The last day is {}.", day.text(l)),
            Self::NotLast { day, why } => {
                format!("The period does not end on {}: {}.", day.text(l), why.text(*day, l))
            }
            Self::Moved { to, by } => format!("The last day moves to {}{}.", to.text(l), by.moved_en()),
            Self::TwoWorkingDays { day } => format!(
                "The period must include at least two working days (Regulation 1182/71, Article 3(5)); with {} it does.",
                day.text(l)
            ),
            Self::NotMovedBack { day, why, by } => format!(
                "{} is no working day ({}), but a period counted backwards does not move{}.",
                day.text(l),
                why.text(*day, l),
                by.backwards_en()
            ),
            Self::ClockNotShown { wanted, instead } => format!(
                "{} does not exist, since the clock is put forward; {} stands for it.",
                wanted.text(l),
                instead.text(l)
            ),
            Self::ClockShownTwice { at } => {
                format!("{} comes twice, since the clock is put back; the first one counts.", at.text(l))
            }
            Self::ClockShift { day, minutes, meets } => {
                let way = if *minutes > 0 { "forward" } else { "back" };
                format!(
                    "On {} the clock is put {way} by {} minutes; {}.",
                    day.text(l),
                    minutes.unsigned_abs(),
                    meets.en()
                )
            }
            Self::ClockShifts { times, meets } => {
                format!("The clock is changed {times} times during the period; {}.", meets.en())
            }
            Self::SupportCountsFrom { at, why } => format!("Support {}: it counts from {}.", why.en(), at.text(l)),
            Self::SupportDay { day, hours, seconds, before_holiday } => {
                let hours = spans(hours, l, " and ", "–");
                let short = if *before_holiday { " (the day before a holiday)" } else { "" };
                format!("{}{short}: {hours}, {}.", day.text(l), length_en(*seconds))
            }
            Self::MoreSupportDays { days, seconds } => {
                format!("{days} more days of support: {}.", length_en(*seconds))
            }
            Self::Ends { at } => format!("The period ends on {}.", at.text(l)),
            Self::OwnClockEnds { at } => format!("The operator's own limit runs out on {}.", at.text(l)),
            Self::Latest { at } => format!("At the latest on {}.", at.text(l)),
            Self::OwnClockLatest { at } => format!("By the operator's own limit at the latest on {}.", at.text(l)),
        }
    }
}

impl ByRule {
    const fn day_sv(self) -> &'static str {
        match self {
            Self::Agreement => " (dagen som tiden räknas från)",
            Self::Regulation1182 => " (förordning 1182/71, artikel 3.1)",
            Self::Lagen1930 => " (lagen 1930:173, 1 §)",
        }
    }

    const fn day_en(self) -> &'static str {
        match self {
            Self::Agreement => " (the day that the time is counted from)",
            Self::Regulation1182 => " (Regulation 1182/71, Article 3(1))",
            Self::Lagen1930 => " (Swedish act 1930:173, section 1)",
        }
    }

    const fn moved_sv(self) -> &'static str {
        match self {
            Self::Agreement => "",
            Self::Regulation1182 => " (förordning 1182/71, artikel 3.4)",
            Self::Lagen1930 => " (lagen 1930:173, 2 §)",
        }
    }

    const fn moved_en(self) -> &'static str {
        match self {
            Self::Agreement => "",
            Self::Regulation1182 => " (Regulation 1182/71, Article 3(4))",
            Self::Lagen1930 => " (Swedish act 1930:173, section 2)",
        }
    }

    const fn backwards_sv(self) -> &'static str {
        match self {
            Self::Regulation1182 => " (förordning 1182/71, artikel 3.4)",
            Self::Agreement | Self::Lagen1930 => "",
        }
    }

    const fn backwards_en(self) -> &'static str {
        match self {
            Self::Regulation1182 => " (Regulation 1182/71, Article 3(4))",
            Self::Agreement | Self::Lagen1930 => "",
        }
    }
}

impl Meets {
    const fn sv(self) -> &'static str {
        match self {
            Self::RealTime => "tiden räknas i verkliga timmar",
            Self::SameClock => "klockslaget är ändå detsamma",
            Self::WholeDays => "dagen räknas som en hel dag",
            Self::OpeningHours => "öppettiderna följer klockan",
        }
    }

    const fn en(self) -> &'static str {
        match self {
            Self::RealTime => "time is counted in real hours",
            Self::SameClock => "the time of the clock is still the same",
            Self::WholeDays => "the day counts as one whole day",
            Self::OpeningHours => "opening hours follow the clock",
        }
    }
}

impl SupportClosed {
    const fn sv(self) -> &'static str {
        match self {
            Self::NotYetOpen => "har inte öppnat",
            Self::Pause(PauseReading::NextDay) => "har rast, och avtalet läses så att meddelandet räknas nästa dag",
            Self::Pause(PauseReading::EndOfPause) => "har rast",
            Self::Closed => "är stängd",
        }
    }

    const fn en(self) -> &'static str {
        match self {
            Self::NotYetOpen => "has not opened",
            Self::Pause(PauseReading::NextDay) => {
                "has its break, and the agreement is read so that the message counts on the next day"
            }
            Self::Pause(PauseReading::EndOfPause) => "has its break",
            Self::Closed => "is closed",
        }
    }
}

fn spans(spans: &[(u32, u32)], language: Language, and: &str, to: &str) -> String {
    let span =
        |(from, until): &(u32, u32)| format!("{}{to}{}", clock_text(*from, language), clock_text(*until, language));
    spans.iter().map(span).collect::<Vec<_>>().join(and)
}

fn length_sv(seconds: i64) -> String {
    length(seconds, [("timme", "timmar"), ("minut", "minuter"), ("sekund", "sekunder")])
}

fn length_en(seconds: i64) -> String {
    length(seconds, [("hour", "hours"), ("minute", "minutes"), ("second", "seconds")])
}

fn length(seconds: i64, words: [(&str, &str); 3]) -> String {
    let counts = [seconds / 3600, seconds / 60 % 60, seconds % 60];
    let part = |(count, (one, many)): (i64, (&str, &str))| {
        (count > 0).then(|| format!("{count} {}", if count == 1 { one } else { many }))
    };
    let parts: Vec<String> = counts.into_iter().zip(words).filter_map(part).collect();
    if parts.is_empty() { format!("0 {}", words[1].1) } else { parts.join(" ") }
}

/// With a capital at the beginning, for a sentence.
fn upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
