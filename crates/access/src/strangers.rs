//! What is done about once a minute: strangers' failures become one entry, and sessions that are over leave the store.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use journal::{Detail, Outcome};
use storage::HouseOp;
use terms::{Instant, TenantId};

use crate::{Access, Failure};

/// The shortest time between two entries that count strangers' failures.
const BETWEEN_ENTRIES_MICROS: i64 = 60_000_000;

/// The shortest time between two looks for sessions that ran out in the store alone.
const BETWEEN_LOOKS_MICROS: i64 = 3600 * 1_000_000;

/// The count since the last entry.
pub(crate) struct Strangers {
    failures: AtomicU64,
    entered: Every,
}

/// Something that is done so often at the most.
pub(crate) struct Every {
    micros: i64,
    last: AtomicI64,
}

impl Every {
    const fn new(micros: i64, began: Instant) -> Self {
        Self { micros, last: AtomicI64::new(began.micros().saturating_sub(micros)) }
    }

    /// For looking into the store.
    pub(crate) const fn hour(began: Instant) -> Self {
        Self::new(BETWEEN_LOOKS_MICROS, began)
    }

    fn is_due(&self, now: Instant) -> bool {
        // A clock set back: the old time says nothing.
        !(0..self.micros).contains(&now.micros().saturating_sub(self.last.load(Ordering::SeqCst)))
    }

    fn done(&self, now: Instant) {
        self.last.store(now.micros(), Ordering::SeqCst);
    }
}

/// Counts one failure when dropped, unless the attempt went well: who hangs up before the answer is counted too.
pub(crate) struct Attempt<'a> {
    of: &'a Strangers,
    failed: bool,
}

impl Strangers {
    pub(crate) const fn new(began: Instant) -> Self {
        Self { failures: AtomicU64::new(0), entered: Every::new(BETWEEN_ENTRIES_MICROS, began) }
    }

    pub(crate) const fn attempt(&self) -> Attempt<'_> {
        Attempt { of: self, failed: true }
    }

    /// The count, if there is one and its minute has come. It begins again at nothing.
    fn due(&self, now: Instant) -> Option<u64> {
        if !self.entered.is_due(now) {
            return None;
        }
        let count = self.failures.swap(0, Ordering::SeqCst);
        (count > 0).then(|| {
            self.entered.done(now);
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
    /// To be called about once a minute by the program, with the store's time. Enters how many log-ins of strangers failed, if
    /// any did, into the installation's log, and ends the sessions that are over: those in memory, and once an hour those that
    /// ran out in the store while nobody saw them, as after a restart. A failed entry is tried again the next time; if the program
    /// dies before, up to a minute's count is lost, and nothing else.
    pub async fn tick(&self, now: Instant) {
        let inner = &self.inner;
        inner.limits.forget_old();
        self.enter_key_uses().await;
        if let Some(count) = inner.strangers.due(inner.clock.now())
            && let Err(error) =
                inner.store.event(TenantId::INSTALLATION, counted("log-ins-failed", count), Vec::new()).await
        {
            inner.strangers.failures.fetch_add(count, Ordering::SeqCst);
            tracing::warn!(%error, count, "the failed log-ins of strangers could not be entered");
        }
        let over = inner.sessions.over(now);
        if !over.is_empty() {
            let detail = counted("sessions-over", over.len() as u64);
            let ops = over.iter().copied().map(HouseOp::EndSession).collect();
            match inner.store.event(TenantId::INSTALLATION, detail, ops).await {
                Ok(_) => over.iter().for_each(|token| inner.sessions.end(token)),
                // They stay in memory as over, and nobody gets in with them.
                Err(error) => {
                    tracing::warn!(%error, count = over.len(), "sessions that are over could not be taken out")
                }
            }
        }
        self.end_sessions_unseen(now).await;
    }

    /// Takes out of the store what ran out there. Nobody got in with it: its end is looked at each time it is read.
    async fn end_sessions_unseen(&self, now: Instant) {
        let inner = &self.inner;
        let looked_at = inner.clock.now();
        if !inner.unseen.is_due(looked_at) {
            return;
        }
        let ended = async {
            let count = inner.store.sessions_over(now).map_err(Failure::from)?;
            if count > 0 {
                let ops = vec![HouseOp::EndSessionsBefore(now)];
                inner.store.event(TenantId::INSTALLATION, counted("sessions-over", count), ops).await?;
            }
            Ok::<(), Failure>(())
        };
        match ended.await {
            Ok(()) => inner.unseen.done(looked_at),
            Err(Failure(error)) => tracing::warn!(error, "sessions that ran out could not be taken out of the store"),
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
