//! How long a period can last, wherever it is counted from: enough to say which of two ends sooner, and never a date. A word without
//! a number has no length.

use crate::period::{Counted, Period, Unit};

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

impl Period {
    /// The least and the most seconds that it can last. Nothing for a word without a number, and for hours of support, which last as
    /// long as support is closed.
    #[must_use]
    pub fn seconds(&self) -> Option<(u64, u64)> {
        let Self::Counted(counted) = self else { return None };
        of(*counted)
    }

    /// Whether it ends before the other from wherever both are counted; nothing where that depends on the day, and where either has
    /// no length.
    #[must_use]
    pub fn is_shorter_than(&self, other: &Self) -> Option<bool> {
        let ((one_least, one_most), (other_least, other_most)) = (self.seconds()?, other.seconds()?);
        if one_most <= other_least {
            Some(true)
        } else if other_most <= one_least {
            Some(false)
        } else {
            None
        }
    }
}

fn of(counted: Counted) -> Option<(u64, u64)> {
    let count = u64::from(counted.count());
    // A day of local time has 23 to 25 hours; only one day of a year has either.
    let days = |least: u64, most: u64| ((least * DAY).saturating_sub(HOUR), most * DAY + HOUR);
    Some(match counted.unit() {
        Unit::Seconds => (count, count),
        Unit::Minutes => (count * 60, count * 60),
        Unit::Hours => (count * HOUR, count * HOUR),
        Unit::Days => days(count, count),
        Unit::Weeks => days(count * 7, count * 7),
        Unit::Months => days(count * 28, count * 31),
        Unit::Years => days(count * 365, count * 366),
        // Of any seven days at least two are working days, also around Christmas.
        Unit::WorkingDays => days(count, (count.div_ceil(2) + 1) * 7),
        Unit::SupportHours => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shorter_of_two_periods_is_told_only_where_it_is_so_on_every_day() {
        let shorter = |one: &str, other: &str| {
            let (one, other): (Period, Period) = (one.parse().unwrap(), other.parse().unwrap());
            one.is_shorter_than(&other)
        };
        assert_eq!(shorter("72 hours", "4 days"), Some(true));
        assert_eq!(shorter("1 month", "14 days"), Some(false));
        assert_eq!(shorter("30 days", "1 month"), None, "a month has 28 to 31 days");
        assert_eq!(shorter("without undue delay", "24 hours"), None);
    }
}
