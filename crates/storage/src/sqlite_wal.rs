//! The embedded engine's WAL: how it is moved while others read and write, and how connections wait for each other.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rusqlite::Connection;

use crate::engine::StoreError;
use crate::sqlite::{Sqlite, poisoned, read, written};

/// How long a connection sleeps at a time while another holds a lock: at first, and then.
const BUSY: [Duration; 2] = [Duration::from_micros(200), Duration::from_millis(2)];
/// Up to which time it sleeps shortly, and after which it gives up: 10 milliseconds, then 5 seconds.
const BUSY_TIMES: [i32; 2] = [50, 2_500];

/// Waits for a lock that another connection holds; whether to ask again. SQLite's own waiting sleeps longer each time, up to a
/// tenth of a second: far longer than any of our locks is held.
fn wait_for_lock(times: i32) -> bool {
    let [shortly, then] = BUSY;
    let [few, most] = BUSY_TIMES;
    std::thread::sleep(if times < few { shortly } else { then });
    times < most
}

/// The same for whoever holds up every writer meanwhile: 10 milliseconds in all.
fn wait_a_moment(times: i32) -> bool {
    let ([shortly, _], [few, _]) = (BUSY, BUSY_TIMES);
    std::thread::sleep(shortly);
    times < few
}

/// A connection that waits for others as [`wait_for_lock`] does.
pub(crate) fn beside(path: &Path) -> rusqlite::Result<Connection> {
    let mut connection = Connection::open(path)?;
    connection.busy_handler(Some(wait_for_lock))?;
    Ok(connection)
}

/// Into how many portions the moving of a full WAL is spread.
const PORTIONS: u64 = 8;

/// Looks for which a WAL is left be that could not be begun anew.
const RESTS: u32 = 10;

/// How many pages lie in the WAL since it was begun, and how many of them are not moved yet.
struct Pages {
    all: u64,
    left: u64,
}

fn pages(connection: &Connection) -> rusqlite::Result<Pages> {
    let number = |row: &rusqlite::Row<'_>, at| row.get::<_, i64>(at).map(|pages| u64::try_from(pages).unwrap_or(0));
    connection.query_row("PRAGMA wal_checkpoint(NOOP)", [], |row| {
        let (all, moved) = (number(row, 1)?, number(row, 2)?);
        Ok(Pages { all, left: all.saturating_sub(moved) })
    })
}

/// Whether it came to its end: nobody stood in its way.
fn checkpoint(connection: &Connection, manner: &str) -> rusqlite::Result<bool> {
    connection.query_row(&format!("PRAGMA wal_checkpoint({manner})"), [], |row| Ok(row.get::<_, i64>(0)? == 0))
}

/// Who moves the WAL, and how many looks it still leaves it be: somebody read what is old, and was waited for in vain.
pub(crate) struct Mover {
    connection: Connection,
    rests: u32,
}

/// That all of the state is being read: its WAL cannot be begun anew meanwhile, and who tried would hold up every writer.
pub(crate) struct ReadsLong(Arc<AtomicUsize>);

impl Drop for ReadsLong {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Sqlite {
    /// Notes that all of it is read, until what comes back is dropped.
    pub(crate) fn reads_long(&self) -> ReadsLong {
        self.long.fetch_add(1, Ordering::SeqCst);
        ReadsLong(Arc::clone(&self.long))
    }

    /// Moves the WAL into the file, syncs that, and empties the WAL. For a state that nobody writes to; where somebody does, see
    /// [`crate::Engine::shorten`].
    ///
    /// # Errors
    /// The world's.
    pub fn checkpoint(path: &Path) -> Result<(), StoreError> {
        let connection = beside(path).map_err(written)?;
        let each = |manner: &&str| checkpoint(&connection, manner).map(drop);
        ["PASSIVE", "TRUNCATE"].iter().try_for_each(each).map_err(written)
    }

    /// How many pages lie in the WAL of the state at `path` since it was begun.
    ///
    /// # Errors
    /// The world's.
    pub fn wal_pages(path: &Path) -> Result<u64, StoreError> {
        let connection = beside(path).map_err(read)?;
        Ok(pages(&connection).map_err(read)?.all)
    }

    /// See [`crate::Engine::shorten`].
    pub(crate) fn shorten_wal(&self, from_pages: u64) -> Result<(), StoreError> {
        let mut kept = self.mover.lock().map_err(|_| poisoned())?;
        let Mover { connection, mut rests } = match kept.take() {
            Some(mover) => mover,
            None => Mover { connection: beside(self.path()).map_err(written)?, rests: 0 },
        };
        rests = rests.saturating_sub(1);
        // Where it cannot be told, moving it finds out what is wrong.
        let Pages { all, left } = pages(&connection).unwrap_or(Pages { all: u64::MAX, left: u64::MAX });
        // Little at a time: the disk takes the journal's syncs in between, and one of thousands of pages would hold them up.
        if left > 0 && (all >= from_pages || left >= from_pages / PORTIONS) {
            checkpoint(&connection, "PASSIVE").map_err(written)?;
        }
        // Whoever reads all of it keeps the WAL from being begun anew; waiting for that would hold up writers. One that is moved
        // whole the next writing begins anew by itself.
        if left > 0 && rests == 0 && all >= from_pages && self.long.load(Ordering::SeqCst) == 0 {
            // What was written meanwhile is some hundred pages, and while those are moved, few.
            checkpoint(&connection, "PASSIVE").map_err(written)?;
            // The last few while nobody writes. Who wants to waits here and goes on at once; inside of SQLite it would sleep.
            // The WAL's file keeps its length: writing over what is there costs much less than making it grow again. The
            // writer's own connection keeps in memory what it knows; another's would have it read everything anew.
            let mut writer = self.writer.lock().map_err(|_| poisoned())?;
            writer.busy_handler(Some(wait_a_moment)).map_err(written)?;
            let begun_anew = checkpoint(&writer, "RESTART");
            writer.busy_handler(Some(wait_for_lock)).map_err(written)?;
            rests = if begun_anew.map_err(written)? { 0 } else { RESTS };
        }
        *kept = Some(Mover { connection, rests });
        Ok(())
    }
}
