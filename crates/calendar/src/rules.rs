//! How an agreement counts: zone, rule of counting, which days are free, where a period starts, when a message counts as
//! received. All of it is read from the agreement; the defaults are the readings that are usual in Swedish contracts.

use core::fmt;
use core::str::FromStr;

use terms::{Label, Language};

use crate::holidays::{eves, holiday_names, is_holiday};
use crate::{CalendarError, ClockTime, Day, Eve, SupportHours, Zone};

/// The rules of one agreement for counting time. A plain value: fill in what the agreement says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    /// Where days begin and end, and what the clock shows.
    pub zone: Zone,
    /// By which rule periods end.
    pub counting: Counting,
    /// Whether a Saturday is a *helgfri vardag* of this agreement. In law it is a vardag; nearly all contracts mean Monday to
    /// Friday. Regulation 1182/71 knows no working Saturday, whatever stands here.
    pub saturday_works: bool,
    /// The eves that count as free although the law makes them no holidays.
    pub free_eves: Vec<Eve>,
    /// Where a period starts.
    pub start: StartRule,
    /// When support is open, where the agreement promises support.
    pub support: Option<SupportHours>,
    /// Whether periods of 48 hours and more must include two working days too (Regulation 1182/71, Article 3(5)).
    ///
    /// DOUBT: the article says *any period of two days or more*, where the paragraph before it excepts hours in so many words;
    /// read to the letter it covers 72 hours. Against it: a period in hours is no period in days. `false` gives the
    /// earlier date, which is the safe one for whoever must act.
    pub two_working_days_in_hours: bool,
}

/// By which rule a period ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Counting {
    /// At the same time of the clock; no day is moved.
    #[default]
    Plain,
    /// Regulation (EEC, Euratom) No 1182/71, Article 3: the hour or day of the event is not counted, a period of days or more
    /// ends with the last hour of its last day, which moves off holidays, Saturdays and Sundays, and it includes at
    /// least two working days.
    Regulation1182,
    /// Lag (1930:173) om beräkning av lagstadgad tid: the day of the event is not counted, weeks, months and years end on the
    /// day of the same name or number, and a last day on a Saturday, Sunday, holiday, Midsummer Eve, Christmas
    /// Eve or New Year's Eve moves to the next working day. The act says nothing of hours.
    Lagen1930,
}

impl Counting {
    /// Every rule.
    pub const ALL: [Self; 3] = [Self::Plain, Self::Regulation1182, Self::Lagen1930];

    /// The word in agreements.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Regulation1182 => "regulation-1182-71",
            Self::Lagen1930 => "lagen-1930-173",
        }
    }
}

impl fmt::Display for Counting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Counting {
    type Err = CalendarError;
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        Self::ALL
            .into_iter()
            .find(|rule| rule.as_str() == text)
            .ok_or_else(|| CalendarError::unknown("a rule of counting", text, &Self::ALL.map(Self::as_str)))
    }
}

/// Where a period starts, seen from its event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum StartRule {
    /// At the event: `from the event`.
    #[default]
    Event,
    /// With the day after it: `from the next day`. Periods of days and more then end with their last day.
    NextDay,
    /// When the message about it counts as received: `from receipt on sending`, `from receipt next working day` ….
    Receipt(Receipt),
}

impl fmt::Display for StartRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event => f.write_str("from the event"),
            Self::NextDay => f.write_str("from the next day"),
            Self::Receipt(receipt) => write!(f, "from receipt {receipt}"),
        }
    }
}

impl FromStr for StartRule {
    type Err = CalendarError;
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        match text {
            "from the event" => Ok(Self::Event),
            "from the next day" => Ok(Self::NextDay),
            _ => match text.strip_prefix("from receipt ") {
                Some(receipt) => receipt.parse().map(Self::Receipt),
                None => {
                    let known = ["from the event", "from the next day", "from receipt on sending"];
                    Err(CalendarError::unknown("a start of periods", text, &known))
                }
            },
        }
    }
}

/// When a message counts as received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Receipt {
    /// `on sending`: also if it never arrives.
    OnSending,
    /// `on signature`: a courier's. The moment given is the signature's.
    OnSignature,
    /// `next working day`: the one after the day it was sent.
    NextWorkingDay,
    /// `same working day before 16:00 when proven, else next working day`.
    SameWorkingDayBefore(ClockTime),
}

const SAME_DAY: (&str, &str) = ("same working day before ", " when proven, else next working day");

impl Receipt {
    /// Whether the rule names a day only, so that no time of the clock is known.
    pub(crate) const fn knows_the_clock(self) -> bool {
        matches!(self, Self::OnSending | Self::OnSignature)
    }

    /// The rule in both languages.
    #[must_use]
    pub fn label(self) -> Label {
        let label = |sv: &str, en: &str| Label { sv: sv.to_owned(), en: en.to_owned() };
        match self {
            Self::OnSending => label("när det sänds", "on sending"),
            Self::OnSignature => label("när det kvitteras", "on signature"),
            Self::NextWorkingDay => label("nästa arbetsdag", "next working day"),
            Self::SameWorkingDayBefore(before) => Label {
                sv: format!(
                    "samma arbetsdag om det bevisligen kom före kl. {}, annars nästa arbetsdag",
                    before.text(Language::Sv)
                ),
                en: self.to_string(),
            },
        }
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnSending => f.write_str("on sending"),
            Self::OnSignature => f.write_str("on signature"),
            Self::NextWorkingDay => f.write_str("next working day"),
            Self::SameWorkingDayBefore(before) => write!(f, "{}{before}{}", SAME_DAY.0, SAME_DAY.1),
        }
    }
}

impl FromStr for Receipt {
    type Err = CalendarError;
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let clock = || text.strip_prefix(SAME_DAY.0)?.strip_suffix(SAME_DAY.1)?.parse::<ClockTime>().ok();
        match text {
            "on sending" => Ok(Self::OnSending),
            "on signature" => Ok(Self::OnSignature),
            "next working day" => Ok(Self::NextWorkingDay),
            _ => clock().map(Self::SameWorkingDayBefore).ok_or_else(|| {
                let same_day = format!("{}16:00{}", SAME_DAY.0, SAME_DAY.1);
                let known = ["on sending", "on signature", "next working day", &same_day];
                CalendarError::unknown("a rule of receipt", text, &known)
            }),
        }
    }
}

/// Why a day is not counted, or does not end a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Free {
    /// A holiday of the law; its names are those of the day.
    Holiday,
    /// An eve that the agreement or the act counts as free.
    Eve(Eve),
    /// An ordinary Sunday.
    Sunday,
    /// An ordinary Saturday.
    Saturday,
    /// A support-free day that was announced.
    Announced,
}

impl Calendar {
    /// Why a day is no working day of this agreement; `None` for a working day.
    #[must_use]
    pub fn free(&self, day: Day) -> Option<Free> {
        if is_holiday(day) {
            return Some(Free::Holiday);
        }
        if let Some(eve) =
            (!self.free_eves.is_empty()).then(|| eves(day).find(|eve| self.free_eves.contains(eve))).flatten()
        {
            return Some(Free::Eve(eve));
        }
        if day.is_sunday() {
            return Some(Free::Sunday);
        }
        let saturday_works = self.saturday_works && self.counting != Counting::Regulation1182;
        (day.is_saturday() && !saturday_works).then_some(Free::Saturday)
    }

    /// Whether a day is a working day (*helgfri vardag*) of this agreement.
    #[must_use]
    pub fn is_working_day(&self, day: Day) -> bool {
        self.free(day).is_none()
    }

    /// The first working day after `day`.
    ///
    /// # Errors
    /// [`CalendarError::OutsideCalendar`].
    pub fn next_working_day(&self, day: Day) -> Result<Day, CalendarError> {
        let mut day = day.next()?;
        while !self.is_working_day(day) {
            day = day.next()?;
        }
        Ok(day)
    }

    /// Why a period may not end on `day` under the rule of counting; `None` where it may.
    pub(crate) fn moves(&self, day: Day) -> Option<Free> {
        match self.counting {
            Counting::Plain => None,
            Counting::Regulation1182 => self.free(day),
            Counting::Lagen1930 => {
                let holiday = is_holiday(day).then_some(Free::Holiday);
                let eve = || crate::holidays::moving_eve(day).map(Free::Eve);
                let sunday = || day.is_sunday().then_some(Free::Sunday);
                let saturday = || day.is_saturday().then_some(Free::Saturday);
                holiday.or_else(eve).or_else(sunday).or_else(saturday)
            }
        }
    }

    /// The readings that this calendar rests on, a line each, for the page that shows the agreement.
    #[must_use]
    pub fn readings(&self) -> Vec<Label> {
        let line = |sv: String, en: String| Label { sv, en };
        let mut lines = vec![line(
            format!("Tider avser klockan i {}.", self.zone),
            format!("Times are those of the clock in {}.", self.zone),
        )];
        lines.push(match self.counting {
            Counting::Plain => line(
                "Perioder slutar vid samma klockslag; ingen sista dag flyttas.".to_owned(),
                "Periods end at the same time of the clock; no last day is moved.".to_owned(),
            ),
            Counting::Regulation1182 => line(
                "Perioder räknas enligt artikel 3 i förordning (EEG, Euratom) nr 1182/71.".to_owned(),
                "Periods are counted by Article 3 of Regulation (EEC, Euratom) No 1182/71.".to_owned(),
            ),
            Counting::Lagen1930 => line(
                "Perioder räknas enligt lagen (1930:173) om beräkning av lagstadgad tid.".to_owned(),
                "Periods are counted by the Swedish act (1930:173) on the counting of statutory time.".to_owned(),
            ),
        });
        let saturday_works = self.saturday_works && self.counting != Counting::Regulation1182;
        lines.push(if saturday_works {
            line("Lördag räknas som arbetsdag.".to_owned(), "Saturday counts as a working day.".to_owned())
        } else {
            line("Lördag räknas inte som arbetsdag.".to_owned(), "Saturday does not count as a working day.".to_owned())
        });
        lines.extend(self.free_eves.iter().map(|eve| {
            let name = eve.label();
            line(format!("Som helgdag räknas även: {}.", name.sv), format!("Counted as a holiday too: {}.", name.en))
        }));
        lines.push(match self.start {
            StartRule::Event => {
                line("Perioder räknas från händelsen.".to_owned(), "Periods run from the event.".to_owned())
            }
            StartRule::NextDay => line(
                "Perioder räknas från dagen efter händelsen.".to_owned(),
                "Periods run from the day after the event.".to_owned(),
            ),
            StartRule::Receipt(receipt) => {
                let rule = receipt.label();
                line(
                    format!("Perioder räknas från mottagandet: {}.", rule.sv),
                    format!("Periods run from receipt: {}.", rule.en),
                )
            }
        });
        if self.two_working_days_in_hours && self.counting == Counting::Regulation1182 {
            lines.push(line(
                "Även perioder på 48 timmar eller mer omfattar minst två arbetsdagar (artikel 3.5).".to_owned(),
                "Periods of 48 hours and more include two working days too (Article 3(5)).".to_owned(),
            ));
        }
        lines.extend(self.support.iter().flat_map(SupportHours::readings));
        lines
    }
}

impl Free {
    /// The reason in one language, as it stands after a colon: *långfredagen*.
    #[must_use]
    pub fn text(self, day: Day, language: Language) -> String {
        let word = match (self, language) {
            (Self::Holiday, _) => return holiday_names(day).unwrap_or_default().text(language).to_owned(),
            (Self::Eve(eve), _) => return eve.label().text(language).to_owned(),
            (Self::Saturday | Self::Sunday, Language::Sv) => "veckoslut",
            (Self::Saturday | Self::Sunday, Language::En) => "weekend",
            (Self::Announced, Language::Sv) => "aviserad supportfri dag",
            (Self::Announced, Language::En) => "announced as free of support",
        };
        word.to_owned()
    }
}
