//! How long the snapshots of a program that ships are kept: no longer than the agreements let copies live. What is left covers the
//! journal, and what only older ones need is taken out of it. Not here: the steps themselves (`archive::take_snapshot`).

use std::path::Path;

use archive::{Kept, Place};
use processing::Processing;
use storage::{Snapshot, Store};
use terms::{Instant, TenantId};
use vault::Vault;

use crate::Told;

/// A snapshot a day: what is erased lies at most so much longer in the oldest one that is kept.
const DAY_MICROS: i64 = 86_400_000_000;
/// Snapshots at the second place where nobody limits how long they are kept: the journal gives what lies between and before them.
const KEPT_WITHOUT_LIMIT: usize = 8;

/// How long copies may live, and who says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// In so many days what is erased must be gone from all copies.
    pub days: u32,
    /// The customer whose agreement says so, with the clause's number; none where the operator set it.
    pub by: Option<(String, String)>,
}

/// The shortest promise of all agreements in force, and no longer than the operator lets copies live.
pub fn limit(store: &Store, processing: &Processing, operator: Option<u32>) -> Result<Option<Limit>, Told> {
    let mut shortest = operator.map(|days| Limit { days, by: None });
    for tenant in store.tenants()? {
        let Some(agreement) = processing.in_force(&tenant.id) else { continue };
        let Some(promise) = agreement.erasure_promise() else { continue };
        if shortest.as_ref().is_none_or(|limit| promise.days < limit.days) {
            let clause = agreement.number(&promise.clause).to_owned();
            shortest = Some(Limit { days: promise.days, by: Some((tenant.name, clause)) });
        }
    }
    Ok(shortest)
}

impl Limit {
    /// What was taken before this must be gone by now: a snapshot holds what was erased up to a day after it, until the next one.
    pub fn oldest(&self, now: Instant) -> Instant {
        let days = i64::from(self.days).saturating_sub(1).max(0);
        Instant(now.micros().saturating_sub(days.saturating_mul(DAY_MICROS)))
    }
}

/// How many snapshots stay, given all of them, newest first; and up to where what is left covers the journal, where anything in it is too
/// old: `first` is the earliest instant that it gives. The newest always stays.
fn plan(all: &[Snapshot], limit: Option<&Limit>, first: Instant, now: Instant) -> (usize, Option<journal::Position>) {
    let Some(limit) = limit else { return (all.len().min(KEPT_WITHOUT_LIMIT), None) };
    let oldest = limit.oldest(now);
    let kept = all.iter().take_while(|one| one.made >= oldest).count().max(1).min(all.len());
    let covers = kept.checked_sub(1).and_then(|last| all.get(last)).map(|one| one.at);
    (kept, covers.filter(|_| first < oldest))
}

/// Makes a snapshot and does what follows from it, with what is kept by how long copies may live.
///
/// # Errors
/// See [`archive::take_snapshot`].
pub fn take(
    store: &Store,
    vault: &Vault,
    folder: &Path,
    place: &dyn Place,
    installation: &str,
    limit: Option<&Limit>,
) -> Result<Kept, Told> {
    // Where that cannot be told, nothing goes from the journal.
    let first = store.window().map_or(Instant(i64::MAX), |(first, _)| first);
    let keeps = |all: &[Snapshot]| plan(all, limit, first, store.now());
    Ok(archive::take_snapshot(&archive::Taking { store, seals: vault, folder, place, installation, keeps: &keeps })?)
}

/// Enters that operations were taken out of the journal, where any were.
pub async fn enter(store: &Store, kept: &Kept) {
    let Some(covered) = kept.covered.filter(|covered| covered.entries > 0) else { return };
    let event = Some("operations-taken-out".to_owned());
    let detail = journal::Detail {
        event,
        outcome: journal::Outcome::Happened,
        count: Some(covered.entries),
        ..journal::Detail::default()
    };
    if let Err(error) = store.event(TenantId::INSTALLATION, detail, Vec::new()).await {
        tracing::error!(%error, "that operations were taken out of the journal could not be entered");
    }
}

#[cfg(test)]
mod tests {
    use journal::Position;
    use terms::Hash;

    use super::*;

    /// Snapshots made so many days ago, newest first; the segment tells which.
    fn of_days(days: &[i64]) -> Vec<Snapshot> {
        let one = |days: &i64| Snapshot {
            form: 1,
            at: Position { segment: (100 - days) as u64, offset: 64 },
            commit: Instant(0),
            made: Instant(-days * DAY_MICROS),
            state: Hash([0; 32]),
            bytes: 0,
            sha256: Hash([0; 32]),
            counts: Vec::new(),
            logs: Vec::new(),
        };
        days.iter().map(one).collect()
    }

    #[test]
    fn what_is_kept_is_gone_when_the_shortest_promise_says_so_and_the_newest_always_stays() {
        let limit = |days| Limit { days, by: None };
        for (made, days, kept, covers) in [
            (&[0, 1, 2, 3][..], Some(3), 3, Some(98)),
            (&[0, 1, 2, 3], Some(30), 4, Some(97)),
            (&[0, 1, 2, 3], Some(1), 1, Some(100)),
            (&[0, 1, 2, 3], Some(0), 1, Some(100)),
            (&[9, 10], Some(3), 1, Some(91)),
            (&[], Some(3), 0, None),
            (&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], None, 8, None),
        ] {
            let all = of_days(made);
            let limit = days.map(limit);
            let (keeps, at) = plan(&all, limit.as_ref(), Instant(i64::MIN), Instant(0));
            assert_eq!((keeps, at.map(|at| at.segment)), (kept, covers), "{made:?}, {days:?}");
        }
        // As long as nothing in the journal is too old, nothing goes from it, and every instant since its beginning can be restored.
        let days = |days: i64| Instant(-days * DAY_MICROS);
        for (first, covers) in [(days(1), false), (days(2), false), (days(3), true), (days(90), true)] {
            let (kept, at) = plan(&of_days(&[0, 1]), Some(&limit(3)), first, Instant(0));
            assert_eq!((kept, at.is_some()), (2, covers), "{first:?}");
        }
        // Whatever was erased the moment after a snapshot was made, that snapshot is gone by then.
        for days in 2..40 {
            let promised = i64::from(days);
            let all = of_days(&[0, promised - 1, promised]);
            let (kept, _) = plan(&all, Some(&limit(days as u32)), Instant(0), Instant(1));
            assert!(kept <= 2 && all[kept - 1].made.micros() >= -(promised - 1) * DAY_MICROS);
        }
    }
}
