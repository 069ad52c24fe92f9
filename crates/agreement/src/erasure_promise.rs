//! How soon what is erased must be gone from copies: the shortest promise that an agreement makes. What a word promises, or what is
//! not found, is no number; then there is no promise here.

use calendar::{Period, Unit};
use terms::ClauseId;

use crate::Agreement;
use crate::value::{Term, Value};

/// A promise of when copies end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasurePromise {
    /// In so many days at the latest, whichever months they lie in.
    pub days: u32,
    /// The clause that says so.
    pub clause: ClauseId,
}

/// The shortest of: how long a backup is kept, how long copies are, and how soon content is erased once the agreement has ended. Where
/// the text gives a minimum, or keeps what it says, nothing is promised.
#[must_use]
pub fn erasure_promise(agreement: &Agreement) -> Option<ErasurePromise> {
    let promise = |term: &Term| {
        let Some(Value::Period(period)) = term.value("keep") else { return None };
        Some(ErasurePromise { days: at_most_days(*period)?, clause: term.clause_of("keep").clone() })
    };
    let erases = |term: &&Term| {
        let of = term.text("of");
        let copies = matches!(of, Some("backups" | "copies"));
        let content = of == Some("content") && term.text("phase") == Some("after-end");
        (copies || content) && term.text("then") == Some("erased") && term.flag("at-least") != Some(true)
    };
    let backups = agreement.terms_of("backup").filter_map(promise);
    let kept = agreement.terms_of("retention").filter(erases).filter_map(promise);
    backups.chain(kept).min_by_key(|one| one.days)
}

/// The whole days that a period has at least, so that a promise is kept in the shortest of months.
fn at_most_days(period: Period) -> Option<u32> {
    let Period::Counted(counted) = period else { return None };
    let count = counted.count();
    match counted.unit() {
        Unit::Days | Unit::WorkingDays => Some(count),
        Unit::Weeks => count.checked_mul(7),
        Unit::Months => count.checked_mul(28),
        Unit::Years => count.checked_mul(365),
        Unit::Hours => Some(count / 24),
        Unit::Seconds | Unit::Minutes | Unit::SupportHours => Some(0),
    }
}
