//! Time as contracts and acts count it: periods in their own unit or word, working days, Swedish holidays, support hours,
//! deemed receipt. Every answer carries its calculation, line by line, in both languages.
//!
//! A pure room: it reads no clock and nothing of the host, the zone database is built in, and no number of any contract
//! stands here; the rules of an agreement come in as a [`Calendar`], its periods as [`Period`].
//!
//! ```
//! use calendar::{Calendar, Counting, Period, due};
//! use terms::Language;
//!
//! let calendar = Calendar { counting: Counting::Regulation1182, ..Calendar::default() };
//! let told = calendar.zone.at("2026-04-01".parse()?, "10:00".parse()?)?;
//! let due = due(told, &"3 days".parse()?, None, &calendar)?;
//! assert_eq!(due.when(Language::En).as_deref(), Some("Tuesday 7 April 2026 at 24:00"));
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod availability;
mod count;
mod day;
mod due;
mod error;
mod holidays;
mod length;
mod period;
mod receipt;
mod rules;
mod step;
mod support;
mod zone;

pub use availability::{Nth, Percent, PlannedWindow, available, counted_downtime, year_length};
pub use day::{ClockTime, Day, FIRST_YEAR, LAST_YEAR, Moment, month_name};
pub use due::{Due, Start, due, latest_before};
pub use error::CalendarError;
pub use holidays::{Eve, NamedDay, holiday_names, holidays_of, is_holiday};
pub use period::{Counted, Period, PeriodError, Unit, Wording};
pub use receipt::received;
pub use rules::{Calendar, Counting, Free, Receipt, StartRule};
pub use step::{ByRule, Meets, Step, SupportClosed};
pub use support::{DayHours, PauseReading, SupportHours, support_counts_from, support_time};
pub use zone::Zone;
