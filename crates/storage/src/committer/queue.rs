//! Where callers hand in and the committer takes from. It knows nothing of what passes through.

use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::Duration;

use super::CommitError;
use super::pending::{Handed, Pending};

/// Most bytes of entries in one generation, unless one alone has more: together they must fit into a group of the journal,
/// or all would be refused for the size of some.
const MAX_GENERATION_BYTES: usize = 64 << 20;

/// What waits for the committer.
#[derive(Default)]
struct Waiting {
    items: Handed,
    /// How many must wait before the committer, which lingers, is woken; nothing while it does not linger.
    wanted: Option<usize>,
    stopping: bool,
    stopped: Option<String>,
}

/// Where callers hand in, and the committer takes from.
#[derive(Default)]
pub(crate) struct Queue {
    waiting: Mutex<Waiting>,
    arrived: Condvar,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Hands in. After the committer stopped, everything is answered at once.
    pub(crate) fn push(&self, item: Pending) {
        let item = Box::new(item);
        let mut waiting = self.lock();
        if let Some(why) = &waiting.stopped {
            let error = CommitError::Stopped(why.clone());
            drop(waiting);
            item.reply.refuse(error);
            return;
        }
        waiting.items.push(item);
        let enough = waiting.items.len() == waiting.wanted.unwrap_or(1);
        drop(waiting);
        if enough {
            self.arrived.notify_one();
        }
    }

    /// Asks the committer to finish what waits and end.
    pub(crate) fn stop(&self) {
        self.lock().stopping = true;
        self.arrived.notify_one();
    }

    /// How many wait, once `wanted` do or `longest` is over.
    pub(super) fn linger(&self, wanted: usize, longest: Duration) -> usize {
        let mut waiting = self.lock();
        if waiting.items.len() < wanted && !waiting.stopping {
            waiting.wanted = Some(wanted);
            // Woken for nothing it has lingered less, and that is all.
            (waiting, _) =
                self.arrived.wait_timeout(waiting, longest).unwrap_or_else(std::sync::PoisonError::into_inner);
            waiting.wanted = None;
        }
        waiting.items.len()
    }

    /// Why the committer stopped, once it has.
    pub(crate) fn stopped(&self) -> Option<String> {
        self.lock().stopped.clone()
    }

    /// Moves everything that waits to the end of `into`, up to a limit, once something does. Whether there was anything; if not,
    /// it is time to end.
    pub(super) fn take(&self, into: &mut Handed) -> bool {
        let mut waiting = self.lock();
        while waiting.items.is_empty() {
            if waiting.stopping {
                return false;
            }
            waiting = self.arrived.wait(waiting).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        let mut bytes = 0;
        let fit = waiting.items.iter().take_while(|item| {
            bytes += item.bytes();
            bytes <= MAX_GENERATION_BYTES
        });
        let taken = fit.count().max(1);
        into.extend(waiting.items.drain(..taken));
        true
    }

    /// Says why nothing is taken any more, and answers what waits.
    pub(crate) fn end(&self, why: &str) {
        let left = {
            let mut waiting = self.lock();
            waiting.stopped.get_or_insert_with(|| why.to_owned());
            core::mem::take(&mut waiting.items)
        };
        for item in left {
            item.reply.refuse(CommitError::Stopped(why.to_owned()));
        }
    }
}
