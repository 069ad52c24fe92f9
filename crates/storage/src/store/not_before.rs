//! The installation's clock, which never goes back behind what is entered.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use terms::{Clock, Instant};

/// The clock, held at the last entry: a clock that is set back must not date decisions before what is entered, or each of
/// them would look stale until it has caught up.
pub(crate) struct NotBefore {
    clock: Arc<dyn Clock>,
    last: AtomicI64,
}

impl NotBefore {
    pub(crate) fn new(clock: Arc<dyn Clock>, last: Instant) -> Self {
        Self { clock, last: AtomicI64::new(last.micros()) }
    }

    /// Notes the time of an entry. Only the committer calls it.
    pub(crate) fn entered(&self, time: Instant) {
        self.last.fetch_max(time.micros(), Ordering::Relaxed);
    }
}

impl Clock for NotBefore {
    fn now(&self) -> Instant {
        self.clock.now().max(Instant(self.last.load(Ordering::Relaxed)))
    }
}
