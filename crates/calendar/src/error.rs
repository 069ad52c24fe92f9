//! What the calendar cannot do, as one type. A word it does not know comes with the words it knows.

/// The calendar cannot answer. Nothing here is a date, and none may be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// No such day, or none that this calendar knows.
    #[error("no such day: write it as `2026-04-03`, between 1953 and 2300")]
    NoSuchDay,
    /// No clock shows this.
    #[error("no such time of day: write it as `16:00`, from `00:00` to `24:00`")]
    NoSuchClockTime,
    /// The calculation leaves the years that the calendar knows.
    #[error("outside the years that the calendar knows (1953 to 2300)")]
    OutsideCalendar,
    /// A word that is none of the known ones.
    #[error("`{text}` is not {what}: write {}", list(known))]
    UnknownWord {
        /// What was looked for, with its article.
        what: &'static str,
        /// What was given, cut to 80 characters.
        text: String,
        /// The words that are known, for a *did you mean*.
        known: Vec<String>,
    },
    /// No zone has this name.
    #[error("`{0}` is no time zone: write a name of the IANA database, such as `Europe/Stockholm`")]
    NoSuchZone(String),
    /// No number from 0 to 100.
    #[error("`{0}` is no percentage: write a number from 0 to 100, with a point before at most nine decimals")]
    NoSuchPercentage(String),
    /// A period in support hours, in an agreement without any.
    #[error("a period in support hours needs the support hours of the agreement, and it states none")]
    NoSupportHours,
    /// Support hours that never open: the period would never end.
    #[error("support is never open for so long")]
    SupportNeverOpen,
    /// Hours that close before they open, or a break outside them.
    #[error("support hours must open before they close, and a break must lie within them")]
    HoursOutOfOrder,
    /// The operator's own clock must be counted: words would promise nothing, and measure nothing.
    #[error("the operator's target `{0}` must be a counted period, such as `24 hours`")]
    TargetIsWorded(String),
    /// More downtime than time, or no time at all.
    #[error("downtime must lie between nothing and the whole of the measured time, which must be more than nothing")]
    NoMeasure,
}

impl CalendarError {
    pub(crate) fn unknown(what: &'static str, text: &str, known: &[&str]) -> Self {
        let known = known.iter().map(|word| (*word).to_owned()).collect();
        Self::UnknownWord { what, text: cut(text), known }
    }
}

/// At most 80 characters: a message is not the place for a novel.
pub(crate) fn cut(text: &str) -> String {
    text.chars().take(80).collect()
}

/// `a`, `b` or `c`.
pub(crate) fn list(words: &[String]) -> String {
    match words {
        [] => "nothing".to_owned(),
        [one] => format!("`{one}`"),
        [rest @ .., last] => {
            let rest: Vec<String> = rest.iter().map(|word| format!("`{word}`")).collect();
            format!("{} or `{last}`", rest.join(", "))
        }
    }
}
