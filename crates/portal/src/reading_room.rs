//! How many files from outside are read at once, and how often from one address: reading takes seconds and memory, and the page
//! may be open to everybody.
//!
//! Nothing is remembered of what the open page read; addresses are forgotten after the minute. The last texts that somebody confirms
//! are kept read, so that a choice does not read them again.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reading::Reading;
use terms::{Instant, RecordId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Files that are read at once.
const SEATS: usize = 2;
/// Files that come in or wait at once; each is held whole until it is read.
const IN_THE_DOOR: usize = 6;
/// How long a file waits for a seat.
const PATIENCE: Duration = Duration::from_secs(20);
/// Readings from one address in a minute.
const A_MINUTE: u32 = 20;
const MINUTE_MICROS: i64 = 60_000_000;
/// Addresses that are counted at once; more than that in a minute are no readers.
const MAX_ADDRESSES: usize = 10_000;

/// Texts that are kept read while they are confirmed.
const MAX_KEPT: usize = 3;

/// Keeps count.
pub struct ReadingRoom {
    seats: Arc<Semaphore>,
    door: Arc<Semaphore>,
    visits: Mutex<(i64, HashMap<IpAddr, u32>)>,
    kept: Mutex<Vec<(RecordId, Arc<Reading>)>>,
}

impl Default for ReadingRoom {
    fn default() -> Self {
        Self {
            seats: Arc::new(Semaphore::new(SEATS)),
            door: Arc::new(Semaphore::new(IN_THE_DOOR)),
            visits: Mutex::default(),
            kept: Mutex::default(),
        }
    }
}

impl ReadingRoom {
    /// A place for a file to come in; none where too many are, or too often from there.
    #[must_use]
    pub fn enter(&self, from: IpAddr, now: Instant) -> Option<OwnedSemaphorePermit> {
        let mut visits = self.visits.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = now.micros().div_euclid(MINUTE_MICROS);
        if visits.0 != minute || visits.1.len() > MAX_ADDRESSES {
            *visits = (minute, HashMap::new());
        }
        let count = visits.1.entry(from).or_default();
        *count = count.saturating_add(1);
        if *count > A_MINUTE {
            return None;
        }
        drop(visits);
        Arc::clone(&self.door).try_acquire_owned().ok()
    }

    /// A text that is being confirmed, as it was read.
    #[must_use]
    pub fn kept(&self, id: &RecordId) -> Option<Arc<Reading>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(one, _)| one == id)?;
        let one = kept.remove(at);
        let reading = Arc::clone(&one.1);
        kept.push(one);
        Some(reading)
    }

    /// Keeps one, and lets go of the one that was longest not asked for.
    pub fn keep(&self, id: RecordId, reading: &Arc<Reading>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(one, _)| *one != id);
        if kept.len() >= MAX_KEPT {
            kept.remove(0);
        }
        kept.push((id, Arc::clone(reading)));
    }

    /// Lets go of one that was thrown away.
    pub fn let_go(&self, id: &RecordId) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).retain(|(one, _)| one != id);
    }

    /// A seat to read at, as soon as one is free.
    pub async fn sit(&self) -> Option<OwnedSemaphorePermit> {
        tokio::time::timeout(PATIENCE, Arc::clone(&self.seats).acquire_owned()).await.ok()?.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    #[test]
    fn one_address_reads_so_often_a_minute_and_all_together_so_many_at_once() {
        let room = ReadingRoom::default();
        let (one, other) = (IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2)));
        for _ in 0..A_MINUTE {
            assert!(room.enter(one, Instant(0)).is_some());
        }
        assert!(room.enter(one, Instant(MINUTE_MICROS - 1)).is_none());
        assert!(room.enter(other, Instant(0)).is_some());
        assert!(room.enter(one, Instant(MINUTE_MICROS)).is_some());
        let inside: Vec<_> = (0..IN_THE_DOOR).map(|_| room.enter(other, Instant(MINUTE_MICROS))).collect();
        assert!(inside.iter().all(Option::is_some));
        assert!(room.enter(other, Instant(MINUTE_MICROS)).is_none());
        drop(inside);
        assert!(room.enter(other, Instant(MINUTE_MICROS)).is_some());
    }
}
