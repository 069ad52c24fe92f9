//! A period in the contract's own unit or in its own word. `72 hours`, `3 days`, `1 month` and `without undue delay` are
//! different kinds of thing and stay what they are: nothing here turns one into another. Counting is in `due.rs`.

use core::fmt;
use core::str::FromStr;

use terms::{Label, Language};

use crate::error::{cut, list};

/// A period as an agreement states it. `Display` gives back the words that were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    /// A number of a unit: `5 working days`.
    Counted(Counted),
    /// A word that promises no date: `without undue delay`.
    Worded(Wording),
}

/// A number of a unit, at least one and at most what comes to a hundred years (ten for seconds, minutes, hours and support hours).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Counted {
    count: u32,
    unit: Unit,
}

impl Counted {
    /// How many.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.count
    }

    /// Of what.
    #[must_use]
    pub const fn unit(self) -> Unit {
        self.unit
    }
}

/// What a period is counted in. Each ends by its own rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Seconds of real time.
    Seconds,
    /// Sixty seconds of real time.
    Minutes,
    /// Sixty minutes of real time, through changes of the clock.
    Hours,
    /// Calendar days.
    Days,
    /// Days that are working days under the agreement.
    WorkingDays,
    /// Seven calendar days.
    Weeks,
    /// The same day of a later month, or its last.
    Months,
    /// The same day of a later year, or the last of that month.
    Years,
    /// Hours during which support is open.
    SupportHours,
}

impl Unit {
    /// Every unit, from the shortest.
    pub const ALL: [Self; 9] = [
        Self::Seconds,
        Self::Minutes,
        Self::Hours,
        Self::SupportHours,
        Self::Days,
        Self::WorkingDays,
        Self::Weeks,
        Self::Months,
        Self::Years,
    ];

    /// The unit in agreements, for one and for many.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Seconds => ("second", "seconds"),
            Self::Minutes => ("minute", "minutes"),
            Self::Hours => ("hour", "hours"),
            Self::Days => ("day", "days"),
            Self::WorkingDays => ("working day", "working days"),
            Self::Weeks => ("week", "weeks"),
            Self::Months => ("month", "months"),
            Self::Years => ("year", "years"),
            Self::SupportHours => ("support hour", "support hours"),
        }
    }

    const fn words_sv(self) -> (&'static str, &'static str) {
        match self {
            Self::Seconds => ("sekund", "sekunder"),
            Self::Minutes => ("minut", "minuter"),
            Self::Hours => ("timme", "timmar"),
            Self::Days => ("dag", "dagar"),
            Self::WorkingDays => ("arbetsdag", "arbetsdagar"),
            Self::Weeks => ("vecka", "veckor"),
            Self::Months => ("månad", "månader"),
            Self::Years => ("år", "år"),
            Self::SupportHours => ("supporttimme", "supporttimmar"),
        }
    }

    /// The longest period in this unit. A longer one is a slip of the pen, and would leave the calendar.
    #[must_use]
    pub const fn most(self) -> u32 {
        match self {
            Self::Seconds => 10 * 366 * 24 * 60 * 60,
            Self::Minutes => 10 * 366 * 24 * 60,
            Self::Hours => 10 * 366 * 24,
            Self::SupportHours => 10 * 260 * 8,
            Self::Days => 36_525,
            Self::WorkingDays => 25_000,
            Self::Weeks => 5_218,
            Self::Months => 1_200,
            Self::Years => 100,
        }
    }

    /// Other words that people write for it.
    const fn also(self) -> &'static [&'static str] {
        match self {
            Self::Seconds => &["s", "sec", "secs", "sek"],
            Self::Minutes => &["min", "mins"],
            Self::Hours => &["h", "hrs", "hr", "tim"],
            Self::Days => &["d", "calendar day", "calendar days", "kalenderdag", "kalenderdagar", "dygn"],
            Self::WorkingDays => &[
                "business day",
                "business days",
                "workday",
                "workdays",
                "weekday",
                "weekdays",
                "vardag",
                "vardagar",
                "helgfri vardag",
                "helgfria vardagar",
                "helgfritt vardagar",
                "bankdag",
                "bankdagar",
            ],
            Self::Weeks => &["w"],
            Self::Months => &["calendar month", "calendar months", "kalendermånad", "kalendermånader"],
            Self::Years => &["y", "yr", "yrs", "calendar year", "calendar years"],
            Self::SupportHours => {
                &["office hour", "office hours", "business hours", "kontorstimmar", "working hours", "opening hours"]
            }
        }
    }
}

/// A word for haste that states no number. Each is kept as it is: *undue*, *unreasonable* and *not unreasonable* are
/// different promises, and whoever reads one must not be shown another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the words")]
pub enum Wording {
    WithoutUndueDelay,
    WithoutUndueFurtherDelay,
    WithoutUnreasonableDelay,
    WithoutDelay,
    WithinAReasonableTime,
    WithinANotUnreasonableTime,
    Promptly,
    AtOnce,
    Immediately,
    AsSoonAsPossible,
    InGoodTime,
    InAdvance,
    BeforeEffect,
    InDirectConnection,
    Regularly,
    AsLongAsNeeded,
}

impl Wording {
    /// Every word.
    pub const ALL: [Self; 16] = [
        Self::WithoutUndueDelay,
        Self::WithoutUndueFurtherDelay,
        Self::WithoutUnreasonableDelay,
        Self::WithoutDelay,
        Self::WithinAReasonableTime,
        Self::WithinANotUnreasonableTime,
        Self::Promptly,
        Self::AtOnce,
        Self::Immediately,
        Self::AsSoonAsPossible,
        Self::InGoodTime,
        Self::InAdvance,
        Self::BeforeEffect,
        Self::InDirectConnection,
        Self::Regularly,
        Self::AsLongAsNeeded,
    ];

    /// The word as agreements write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WithoutUndueDelay => "without undue delay",
            Self::WithoutUndueFurtherDelay => "without undue further delay",
            Self::WithoutUnreasonableDelay => "without unreasonable delay",
            Self::WithoutDelay => "without delay",
            Self::WithinAReasonableTime => "within a reasonable time",
            Self::WithinANotUnreasonableTime => "within a not unreasonable time",
            Self::Promptly => "promptly",
            Self::AtOnce => "at once",
            Self::Immediately => "immediately",
            Self::AsSoonAsPossible => "as soon as possible",
            Self::InGoodTime => "in good time",
            Self::InAdvance => "in advance",
            Self::BeforeEffect => "before effect",
            Self::InDirectConnection => "in direct connection",
            Self::Regularly => "regularly",
            Self::AsLongAsNeeded => "as long as needed",
        }
    }

    const fn sv(self) -> &'static str {
        match self {
            Self::WithoutUndueDelay => "utan onödigt dröjsmål",
            Self::WithoutUndueFurtherDelay => "utan ytterligare onödigt dröjsmål",
            Self::WithoutUnreasonableDelay => "utan oskäligt dröjsmål",
            Self::WithoutDelay => "utan dröjsmål",
            Self::WithinAReasonableTime => "inom skälig tid",
            Self::WithinANotUnreasonableTime => "inom en inte oskälig tid",
            Self::Promptly => "skyndsamt",
            Self::AtOnce => "omgående",
            Self::Immediately => "omedelbart",
            Self::AsSoonAsPossible => "så snart som möjligt",
            Self::InGoodTime => "i god tid",
            Self::InAdvance => "i förväg",
            Self::BeforeEffect => "innan det får verkan",
            Self::InDirectConnection => "i direkt anslutning",
            Self::Regularly => "regelbundet",
            Self::AsLongAsNeeded => "så länge det behövs",
        }
    }

    /// The word in both languages.
    #[must_use]
    pub fn label(self) -> Label {
        Label { sv: self.sv().to_owned(), en: self.as_str().to_owned() }
    }

    /// Whether the word says *before*: what it speaks of must have come when the other thing happens. Backwards that is a
    /// limit; forwards it is none.
    #[must_use]
    pub const fn says_before(self) -> bool {
        matches!(self, Self::InAdvance | Self::BeforeEffect)
    }
}

impl Period {
    /// `count` of `unit`.
    ///
    /// # Errors
    /// [`PeriodError`] for none, and for more than [`Unit::most`].
    pub fn counted(count: u32, unit: Unit) -> Result<Self, PeriodError> {
        if (1..=unit.most()).contains(&count) {
            return Ok(Self::Counted(Counted { count, unit }));
        }
        let what = if count == 0 { Wrong::Nothing } else { Wrong::TooLong { most: unit.most(), unit } };
        Err(PeriodError { text: format!("{count} {}", unit.words().1), what, meant: None })
    }

    /// Whether it is counted, so that a date can be promised.
    #[must_use]
    pub const fn is_counted(&self) -> bool {
        matches!(self, Self::Counted(_))
    }

    /// The period in words of one language: *5 arbetsdagar*, *utan onödigt dröjsmål*.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        match (self, language) {
            (Self::Counted(Counted { count, unit }), Language::Sv) => {
                format!("{count} {}", of(*count, unit.words_sv()))
            }
            (Self::Counted(Counted { count, unit }), Language::En) => format!("{count} {}", of(*count, unit.words())),
            (Self::Worded(wording), Language::Sv) => wording.sv().to_owned(),
            (Self::Worded(wording), Language::En) => wording.as_str().to_owned(),
        }
    }

    /// The period in both languages.
    #[must_use]
    pub fn label(&self) -> Label {
        Label { sv: self.text(Language::Sv), en: self.text(Language::En) }
    }

    /// What a text could have been meant to be, for a *did you mean*: its number with each unit, and every word.
    #[must_use]
    pub fn known(text: &str) -> Vec<String> {
        let count = text.split(' ').next().and_then(|count| count.parse::<u32>().ok());
        let words = Wording::ALL.into_iter().map(|wording| wording.as_str().to_owned());
        let counted =
            count.into_iter().flat_map(|count| Unit::ALL.map(|unit| format!("{count} {}", of(count, unit.words()))));
        counted.chain(words).collect()
    }
}

fn of(count: u32, (one, many): (&'static str, &'static str)) -> &'static str {
    if count == 1 { one } else { many }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Counted(Counted { count, unit }) => write!(f, "{count} {}", of(*count, unit.words())),
            Self::Worded(wording) => f.write_str(wording.as_str()),
        }
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        if let Some(wording) = Wording::ALL.into_iter().find(|wording| wording.as_str() == text) {
            return Ok(Self::Worded(wording));
        }
        let error = |what, meant| PeriodError { text: cut(text), what, meant };
        let Some((number, word)) = text.split_once(' ') else {
            return Err(error(Wrong::Unknown, meant(text)));
        };
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(error(Wrong::Unknown, meant(text)));
        }
        let Some(unit) = Unit::ALL.into_iter().find(|unit| unit.words().0 == word || unit.words().1 == word) else {
            return Err(error(Wrong::Unknown, meant(text)));
        };
        let count = match number.parse::<u32>() {
            Ok(0) => return Err(error(Wrong::Nothing, None)),
            Ok(count) if count <= unit.most() => count,
            _ => return Err(error(Wrong::TooLong { most: unit.most(), unit }, None)),
        };
        let period = Self::Counted(Counted { count, unit });
        // `1 days` and `007 days` would not come back as they were written.
        if period.to_string() == text { Ok(period) } else { Err(error(Wrong::Unknown, Some(period))) }
    }
}

/// The period that other words most likely mean: Swedish ones, other names of a unit, capitals, spaces, a number in letters.
fn meant(text: &str) -> Option<Period> {
    if text.len() > 80 {
        return None;
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let worded = |wording: &Wording| [wording.as_str(), wording.sv()].contains(&text.as_str());
    if let Some(wording) = Wording::ALL.into_iter().find(worded) {
        return Some(Period::Worded(wording));
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (count, word) = match digits {
        0 => {
            let (number, word) = text.split_once(' ')?;
            (number_in_letters(number)?, word)
        }
        _ => (text.get(..digits)?.parse().ok()?, text.get(digits..)?.trim_start_matches([' ', '-'])),
    };
    let known = |unit: &Unit| {
        let ((one, many), (one_sv, many_sv)) = (unit.words(), unit.words_sv());
        [one, many, one_sv, many_sv].contains(&word) || unit.also().contains(&word)
    };
    Period::counted(count, Unit::ALL.into_iter().find(known)?).ok()
}

fn number_in_letters(word: &str) -> Option<u32> {
    const WORDS: [&[&str]; 12] = [
        &["one", "a", "an", "en", "ett"],
        &["two", "två"],
        &["three", "tre"],
        &["four", "fyra"],
        &["five", "fem"],
        &["six", "sex"],
        &["seven", "sju"],
        &["eight", "åtta"],
        &["nine", "nio"],
        &["ten", "tio"],
        &["eleven", "elva"],
        &["twelve", "tolv"],
    ];
    let at = WORDS.iter().position(|words| words.contains(&word))?;
    u32::try_from(at + 1).ok()
}

/// A text is no period. The message quotes it, says what was probably meant, and lists the accepted forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodError {
    /// What was given, cut to 80 characters.
    pub text: String,
    what: Wrong,
    /// What was probably meant.
    pub meant: Option<Period>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Unknown,
    Nothing,
    TooLong { most: u32, unit: Unit },
}

impl core::error::Error for PeriodError {}

impl fmt::Display for PeriodError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.text;
        match self.what {
            Wrong::Nothing => return write!(f, "`{text}` is no period: write at least 1, or `immediately`"),
            Wrong::TooLong { most, unit } => {
                return write!(f, "`{text}` is too long: at most {most} {} are accepted", unit.words().1);
            }
            Wrong::Unknown => write!(f, "`{text}` is not a period. ")?,
        }
        if let Some(meant) = self.meant {
            write!(f, "Did you mean `{meant}`? ")?;
        }
        let units: Vec<String> = Unit::ALL.map(|unit| unit.words().1.to_owned()).to_vec();
        let words: Vec<String> = Wording::ALL.map(|wording| wording.as_str().to_owned()).to_vec();
        write!(f, "Write a number and {}; or one of {}", list(&units), list(&words))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back_as_they_were_written() {
        for text in ["1 hour", "72 hours", "5 working days", "1 month", "4 support hours", "without undue delay"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        for period in Wording::ALL.map(Period::Worded) {
            assert_eq!(period.to_string().parse(), Ok(period));
        }
        for unit in Unit::ALL {
            for count in [1, 2, 12, unit.most()] {
                let period = Period::counted(count, unit).unwrap();
                assert_eq!(period.to_string().parse(), Ok(period));
            }
            assert!(Period::counted(0, unit).is_err() && Period::counted(unit.most() + 1, unit).is_err());
        }
    }

    #[test]
    fn the_same_length_in_another_unit_is_another_period() {
        let read = |text: &str| text.parse::<Period>().unwrap();
        assert_ne!(read("24 hours"), read("1 day"));
        assert_ne!(read("30 days"), read("1 month"));
        assert_ne!(read("without undue delay"), read("without unreasonable delay"));
    }

    fn check_meant(text: &str, meant: Option<&str>) {
        let error = text.parse::<Period>().unwrap_err();
        assert_eq!(error.meant.map(|period| period.to_string()).as_deref(), meant, "{text}");
        assert!(error.to_string().contains("working days"), "{error}");
    }

    #[test]
    fn an_unknown_word_gets_its_near_one() {
        check_meant("5 arbetsdagar", Some("5 working days"));
        check_meant("5 business days", Some("5 working days"));
        check_meant("utan onödigt dröjsmål", Some("without undue delay"));
        check_meant("Without Undue  Delay", Some("without undue delay"));
        check_meant("one month", Some("1 month"));
        check_meant("en månad", Some("1 month"));
        check_meant("1 days", Some("1 day"));
        check_meant("007 days", Some("7 days"));
        check_meant("24h", Some("24 hours"));
        check_meant("24-hours", Some("24 hours"));
        check_meant("soon", None);
        check_meant("", None);
        check_meant("-3 days", None);
        check_meant("3.5 days", None);
    }

    #[test]
    fn too_much_and_nothing_say_the_limit() {
        let message = |text: &str| text.parse::<Period>().unwrap_err().to_string();
        assert_eq!(message("101 years"), "`101 years` is too long: at most 100 years are accepted");
        assert_eq!(
            message("99999999999999999999 days"),
            "`99999999999999999999 days` is too long: at most 36525 days are accepted"
        );
        assert_eq!(message("0 days"), "`0 days` is no period: write at least 1, or `immediately`");
    }

    #[test]
    fn the_words_to_choose_from_carry_the_number() {
        assert!(Period::known("5 wroking days").contains(&"5 working days".to_owned()));
        assert!(Period::known("1 wek").contains(&"1 week".to_owned()));
    }
}
