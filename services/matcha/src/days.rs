//! Days, weeks and months as a programme counts them: civil days with both ends counted, ISO weeks, months by their date.

use jiff::ToSpan;
use jiff::civil::Date;

/// How many days from one to the other, both counted; none where the second lies before the first.
pub(crate) fn between(from: Date, until: Date) -> i64 {
    (distance(from, until) + 1).max(0)
}

/// How many days later the second is.
pub(crate) fn distance(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// So many days later, or as late as dates go.
pub(crate) fn later(day: Date, days: i64) -> Date {
    day.checked_add(days.days()).unwrap_or(if days < 0 { Date::MIN } else { Date::MAX })
}

/// The day of so many months later; the month's last where it has no such day.
pub(crate) fn months_later(day: Date, months: i64) -> Date {
    day.checked_add(months.months()).unwrap_or(Date::MAX)
}

/// Which month of a programme a day lies in, the first being 1, counted by date: month 7 of what began on 31 August begins on
/// the last of February.
pub(crate) fn month_of_programme(start: Date, day: Date) -> i64 {
    if day < start {
        return 0;
    }
    let span = i64::from(day.year() - start.year()) * 12 + i64::from(day.month() - start.month());
    // The month that the calendar would name, or the one before where its day has not come.
    if months_later(start, span) > day { span } else { span + 1 }
}

/// The Monday of the ISO week.
pub(crate) fn monday(day: Date) -> Date {
    later(day, -i64::from(day.weekday().to_monday_zero_offset()))
}

/// `2026-10`.
pub(crate) fn month_text(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// Every day of a month as it is kept in a field.
pub(crate) fn days_of_month(first: Date) -> Vec<String> {
    (0..between(first, first.last_of_month())).map(|n| later(first, n).to_string()).collect()
}

/// «vecka 43 2026».
pub(crate) fn week_text(day: Date) -> (i16, i8) {
    let week = day.iso_week_date();
    (week.year(), week.week())
}

/// A day so many working days later, by the Swedish calendar; the same day where there is none.
pub(crate) fn working_days_later(day: Date, days: i64) -> Date {
    let mut at = day;
    let mut left = days;
    // A year has no run of free days that this bound would meet.
    for _ in 0..days.saturating_mul(4).saturating_add(30) {
        if left == 0 {
            break;
        }
        at = later(at, 1);
        if is_working_day(at) {
            left -= 1;
        }
    }
    at
}

fn is_working_day(day: Date) -> bool {
    // The eves that lag (1930:173) puts beside Sundays are free here as in offices.
    let free_eves = calendar::Eve::all().collect();
    let rules = calendar::Calendar { free_eves, ..calendar::Calendar::default() };
    calendar::Day::new(day.year(), day.month(), day.day()).is_ok_and(|day| rules.is_working_day(day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn month_seven_is_counted_by_date() {
        let start = date(2025, 8, 31);
        for (day, month) in [
            (date(2025, 8, 30), 0),
            (date(2025, 8, 31), 1),
            (date(2025, 9, 29), 1),
            (date(2025, 9, 30), 2),
            (date(2026, 2, 27), 6),
            (date(2026, 2, 28), 7),
            (date(2026, 8, 30), 12),
            (date(2026, 8, 31), 13),
        ] {
            assert_eq!(month_of_programme(start, day), month, "{day}");
        }
    }

    #[test]
    fn ten_working_days_pass_over_christmas() {
        assert_eq!(working_days_later(date(2026, 12, 21), 3), date(2026, 12, 28));
        assert_eq!(working_days_later(date(2026, 11, 20), 1), date(2026, 11, 23));
        assert_eq!(working_days_later(date(2026, 11, 20), 0), date(2026, 11, 20));
    }

    #[test]
    fn weeks_begin_on_mondays_and_both_ends_of_a_stay_count() {
        assert_eq!(monday(date(2027, 1, 1)), date(2026, 12, 28));
        assert_eq!(week_text(date(2027, 1, 1)), (2026, 53));
        assert_eq!(
            (between(date(2026, 2, 1), date(2026, 2, 28)), between(date(2026, 2, 2), date(2026, 2, 1))),
            (28, 0)
        );
    }
}
