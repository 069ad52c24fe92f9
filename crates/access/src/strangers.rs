//! What is done about once a minute: strangers' failures become one entry, and sessions that are over leave the store.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use journal::{Detail, Outcome};
use storage::HouseOp;
use terms::{Instant, TenantId};

use crate::Access;

/// The shortest time between two entries that count strangers' failures.
const BETWEEN_ENTRIES_MICROS: i64 = 60_000_000;

/// The count since the last entry.
pub(crate) struct Strangers {
    failures: AtomicU64,
    entered_micros: AtomicI64,
}

/// Counts one failure when dropped, unless the attempt went well: who hangs up before the answer is counted too.
pub(crate) struct Attempt<'a> {
    of: &'a Strangers,
    failed: bool,
}

impl Strangers {
    pub(crate) const fn new(began: Instant) -> Self {
        Self { failures: AtomicU64::new(0), entered_micros: AtomicI64::new(began.micros() - BETWEEN_ENTRIES_MICROS) }
    }

    pub(crate) const fn attempt(&self) -> Attempt<'_> {
        Attempt { of: self, failed: true }
    }

    /// The count, if there is one and its minute has come. It begins again at nothing.
    fn due(&self, now: Instant) -> Option<u64> {
        let since = now.micros().saturating_sub(self.entered_micros.load(Ordering::SeqCst));
        // A clock set back: the old time says nothing.
        if (0..BETWEEN_ENTRIES_MICROS).contains(&since) {
            return None;
        }
        let count = self.failures.swap(0, Ordering::SeqCst);
        (count > 0).then(|| {
            self.entered_micros.store(now.micros(), Ordering::SeqCst);
            count
        })
    }
}

impl Attempt<'_> {
    pub(crate) const fn is_no_failure(&mut self) {
        self.failed = false;
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if self.failed {
            self.of.failures.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl Access {
    /// To be called about once a minute by the program. Enters how many log-ins of strangers failed, if any did, into the
    /// installation's log, and ends the sessions that are over. A failed entry is tried again the next time; if the program
    /// dies before, up to a minute's count is lost, and nothing else.
    pub async fn tick(&self, now: Instant) {
        let inner = &self.inner;
        inner.limits.forget_old();
        if let Some(count) = inner.strangers.due(now)
            && let Err(error) =
                inner.store.event(TenantId::INSTALLATION, counted("log-ins-failed", count), Vec::new()).await
        {
            inner.strangers.failures.fetch_add(count, Ordering::SeqCst);
            tracing::warn!(%error, count, "the failed log-ins of strangers could not be entered");
        }
        let over = inner.sessions.over(now);
        if over.is_empty() {
            return;
        }
        let detail = counted("sessions-over", over.len() as u64);
        let ops = over.iter().copied().map(HouseOp::EndSession).collect();
        match inner.store.event(TenantId::INSTALLATION, detail, ops).await {
            Ok(_) => over.iter().for_each(|token| inner.sessions.end(token)),
            // They stay in memory as over, and nobody gets in with them.
            Err(error) => tracing::warn!(%error, count = over.len(), "sessions that are over could not be taken out"),
        }
    }
}

fn counted(event: &str, count: u64) -> Detail {
    Detail { outcome: Outcome::Happened, event: Some(event.to_owned()), count: Some(count), ..Detail::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_counted_once_a_minute_and_successes_are_not() {
        let begun = Instant(0);
        let strangers = Strangers::new(begun);
        assert_eq!(strangers.due(begun), None, "nothing happened");
        for _ in 0..3 {
            drop(strangers.attempt());
        }
        strangers.attempt().is_no_failure();
        assert_eq!(strangers.due(begun), Some(3));
        drop(strangers.attempt());
        assert_eq!(strangers.due(begun.plus_seconds(59)), None);
        drop(strangers.attempt());
        assert_eq!(strangers.due(begun.plus_seconds(60)), Some(2));
        drop(strangers.attempt());
        assert_eq!(strangers.due(begun.plus_seconds(-3600)), Some(1), "the clock was set back");
    }
}
