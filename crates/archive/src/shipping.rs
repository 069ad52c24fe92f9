//! Continuous archiving: what is durable here is sent to the second place, by a thread of its own that nobody waits for.
//!
//! The segment that is being filled goes in pieces, several a second where something happens; once it is closed it goes whole and
//! its pieces are taken away. Before a piece goes whatever it needs: the keys that came to be and the files that it names. A place
//! that is slow, down, or gives back something else than was sent holds nobody up: it is tried again, more and more seldom, and
//! how far behind the archive is can be asked all the while.
//!
//! Not here: keys and files themselves ([`Companion`]), snapshots, and what is done about an archive that stays behind.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use journal::{Disk, Entry, Position, may_replace, segment_end, segment_name, segments};
use terms::{Clock, Instant};

use crate::layout::{
    ArchiveError, JOURNAL, MAX_SMALL_BYTES, Piece, TAIL, WRITER, begin, number_of_segment, piece_of, reach,
    segment_object, tail_object, tail_under,
};
use crate::place::{Place, PlaceError, get, hash_of, put_checked, sha256};
use crate::snapshots::put_covered;

/// How long is waited between looks at what became durable. With the time of one sending it is the lag.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// Looks in a minute: then closed segments are compared, and who else ships.
const LOOKS_A_MINUTE: u64 = 240;
/// The longest wait after failures in a row.
const MAX_WAIT: Duration = Duration::from_secs(30);
/// Pieces of a segment before they are put together into one.
const MAX_PIECES: usize = 64;
/// Closed segments that are read for comparing in a minute: a start compares all of them, one after the other.
const MAX_COMPARED: usize = 8;
/// The longest delays between becoming durable and being sent that are remembered, for telling the greatest of late.
const DELAYS: usize = 240;

/// What goes beside the journal: called by the shipping thread alone.
pub trait Companion: Send + Sync {
    /// Sends what these entries need, before they are sent: nothing may arrive that could not be opened or lacks its file.
    ///
    /// # Errors
    /// A sentence for operators. Then the entries are not sent, and it is tried again.
    fn before(&self, place: &dyn Place, entries: &[Entry]) -> Result<(), String>;
    /// About once a minute: takes away at the second place what is gone here.
    ///
    /// # Errors
    /// A sentence for operators; it is tried again.
    fn tidy(&self, place: &dyn Place) -> Result<(), String>;
}

/// What is shipped, and where to.
pub struct Shipping {
    /// The second place.
    pub place: Arc<dyn Place>,
    /// The installation, in hex.
    pub installation: String,
    /// Who ships: a random word, by which another who ships to the same place is noticed.
    pub writer: String,
    /// The journal's folder.
    pub journal: PathBuf,
    /// The disk that it lies on.
    pub disk: Arc<dyn Disk>,
    /// Up to where the journal is durable.
    pub durable: Box<dyn Fn() -> Option<Position> + Send + Sync>,
    /// What goes beside it, in this order.
    pub companions: Vec<Arc<dyn Companion>>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// How the archive stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Status {
    /// Where it lies, as people call it.
    pub place: String,
    /// The last place in the journal that lies there.
    pub shipped: Option<Position>,
    /// The last place in the journal that is durable here.
    pub durable: Option<Position>,
    /// Bytes of the journal that are durable here and not there.
    pub behind_bytes: u64,
    /// Since when something waits; none where nothing does.
    pub behind_since: Option<Instant>,
    /// The greatest delay of late between becoming durable and lying there, in microseconds.
    pub lag_micros: Option<i64>,
    /// When something was last sent.
    pub sent: Option<Instant>,
    /// When the newest closed segment was sent, and its number.
    pub segment: Option<(u64, Instant)>,
    /// Why the last attempt failed, and since when they do.
    pub failing: Option<(String, Instant)>,
    /// Whether the place was looked at, found to be continued by what is here, and taken.
    pub begun: bool,
    /// Why nothing is sent any more until somebody does something.
    pub stopped: Option<String>,
}

impl Status {
    /// How far the archive is behind at an instant, in microseconds: since when something waits, or the greatest of late.
    #[must_use]
    pub fn lag_micros(&self, now: Instant) -> i64 {
        let waiting = self.behind_since.map_or(0, |since| now.micros().saturating_sub(since.micros()));
        waiting.max(self.lag_micros.unwrap_or(0))
    }
}

/// The thread that ships. Dropping it sends what is left, once, and ends it.
pub struct Shipper {
    shared: Arc<Shared>,
    holding: Holding,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// Tells whether the place is still held by the shipper that it was had from.
#[derive(Clone)]
pub struct Holding {
    shared: Arc<Shared>,
    place: Arc<dyn Place>,
    writer: String,
}

impl Holding {
    /// Whether it is: the place was looked at and taken, nothing has stopped, and nobody has taken it since. The place itself is asked.
    ///
    /// # Errors
    /// Why not, in words.
    pub fn holds(&self) -> Result<(), String> {
        let status = lock(&self.shared.status).clone();
        if let Some(stopped) = status.stopped {
            return Err(stopped);
        }
        if !status.begun {
            return Err("the archive was not looked at yet".to_owned());
        }
        let writer = get(&*self.place, WRITER, MAX_SMALL_BYTES).map_err(|error| error.to_string())?;
        if writer.is_some_and(|found| found == self.writer.as_bytes()) { Ok(()) } else { Err(Stop::Taken.to_string()) }
    }
}

#[derive(Default)]
struct Shared {
    status: Mutex<Status>,
    asked: Mutex<Asked>,
    wake: Condvar,
}

#[derive(Default)]
struct Asked {
    ended: bool,
    /// How many have asked that everything be sent now.
    now: u64,
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Why something was not sent.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error("the journal could not be read: {0}")]
    Journal(#[from] io::Error),
    #[error("{0}")]
    Companion(String),
    /// What no repetition mends.
    #[error("{0}")]
    For(Stop),
}

impl From<PlaceError> for Failed {
    fn from(error: PlaceError) -> Self {
        Self::Archive(error.into())
    }
}

/// Why it is not tried again.
#[derive(Debug, thiserror::Error)]
enum Stop {
    #[error(
        "the archive holds more of this journal than the data folder does: {there} lies there, and here it ends at {here}. The \
         folder has lost what was acknowledged, or is an old copy. Stop, and bring it back with `betrodd restore`"
    )]
    Ahead { there: Position, here: Position },
    #[error(
        "the archive holds another continuation of this journal than the data folder: they differ in {0}. Two programs have \
         written under the same installation. Nothing is sent; find out which of them is the right one, and let the other ship \
         elsewhere"
    )]
    Diverged(String),
    #[error("another program ships to this archive since: two must not. Nothing more is sent from here")]
    Taken,
    #[error(
        "{0} is damaged in the data folder: what was durable here cannot be read back. Nothing more is sent, and what lies in the \
         archive stays as it is. Find out with `betrodd doctor` what is damaged, and bring it back with `betrodd restore`"
    )]
    Damaged(String),
}

impl Shipper {
    /// Begins to ship. Nothing is asked of the place before this returns; what is wrong with it shows in [`Shipper::status`].
    ///
    /// # Errors
    /// Where no thread can be had.
    pub fn start(shipping: Shipping) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        lock(&shared.status).place = shipping.place.called();
        let of_thread = Arc::clone(&shared);
        let holding = Holding {
            shared: Arc::clone(&shared),
            place: Arc::clone(&shipping.place),
            writer: shipping.writer.clone(),
        };
        let run = move || {
            Run {
                shipping,
                shared: of_thread,
                at: None,
                pieces: Vec::new(),
                sent: BTreeMap::new(),
                seen: BTreeMap::new(),
                delays: Vec::new(),
            }
            .run()
        };
        let thread = std::thread::Builder::new().name("archive".to_owned()).spawn(run)?;
        Ok(Self { shared, holding, thread: Mutex::new(Some(thread)) })
    }

    /// How it stands.
    #[must_use]
    pub fn status(&self) -> Status {
        lock(&self.shared.status).clone()
    }

    /// Who can be asked whether the place is still ours, also after this is gone.
    #[must_use]
    pub fn holding(&self) -> Holding {
        self.holding.clone()
    }

    /// Asks that what waits be sent at once, without waiting for it.
    pub fn hurry(&self) {
        lock(&self.shared.asked).now += 1;
        self.shared.wake.notify_all();
    }
}

impl Shipper {
    /// Sends what is left, once, and ends. What becomes durable afterwards is sent by the next program.
    pub fn end(&self) {
        lock(&self.shared.asked).ended = true;
        self.shared.wake.notify_all();
        if let Some(thread) = lock(&self.thread).take() {
            // A thread that panicked has nothing more to send.
            drop(thread.join());
        }
    }
}

impl Drop for Shipper {
    fn drop(&mut self) {
        self.end();
    }
}

struct Run {
    shipping: Shipping,
    shared: Arc<Shared>,
    /// How far the place holds the journal; none until it was looked at.
    at: Option<Position>,
    /// The pieces of the segment at `at`.
    pieces: Vec<Piece>,
    /// The closed segments that lie there, with their lengths.
    sent: BTreeMap<u64, u64>,
    /// The closed segments as they lay here when they were last compared.
    seen: BTreeMap<u64, (u64, i64, i64)>,
    /// Delays of late, in microseconds.
    delays: Vec<i64>,
}

impl Run {
    fn run(mut self) {
        let mut wait = LOOK_EVERY;
        for look in 1_u64.. {
            let ended = self.pause(wait);
            let tidies = look % LOOKS_A_MINUTE == 1;
            match self.look(tidies) {
                Ok(()) => {
                    wait = LOOK_EVERY;
                    let failed = lock(&self.shared.status).failing.take();
                    if failed.is_some() {
                        tracing::info!("the archive is reached again");
                    }
                }
                Err(Failed::For(stop)) => {
                    tracing::error!(%stop, "the archive is not shipped to any more");
                    lock(&self.shared.status).stopped = Some(stop.to_string());
                    return;
                }
                Err(Failed::Archive(
                    wrong @ (ArchiveError::Foreign { .. } | ArchiveError::Newer { .. } | ArchiveError::NotOurs(_)),
                )) => {
                    tracing::error!(%wrong, "the archive is not shipped to");
                    lock(&self.shared.status).stopped = Some(wrong.to_string());
                    return;
                }
                Err(error) => {
                    let since = {
                        let mut status = lock(&self.shared.status);
                        let since =
                            status.failing.as_ref().map_or_else(|| self.shipping.clock.now(), |(_, since)| *since);
                        let first = status.failing.is_none();
                        status.failing = Some((error.to_string(), since));
                        first
                    };
                    if since {
                        tracing::warn!(%error, "the archive could not be shipped to; it is tried again");
                    }
                    wait = (wait * 2).min(MAX_WAIT);
                }
            }
            if ended {
                return;
            }
        }
    }

    /// Waits for a while, or until somebody asks. Whether it is the end.
    fn pause(&self, wait: Duration) -> bool {
        let asked = lock(&self.shared.asked);
        if asked.ended {
            return true;
        }
        let before = asked.now;
        let waited = self.shared.wake.wait_timeout_while(asked, wait, |asked| !asked.ended && asked.now == before);
        waited.map_or(true, |(asked, _)| asked.ended)
    }

    fn look(&mut self, tidies: bool) -> Result<(), Failed> {
        let now = self.shipping.clock.now();
        let durable = (self.shipping.durable)();
        self.stand(durable, now);
        let Some(durable) = durable else { return Ok(()) };
        if self.at.is_none() {
            self.begin(durable)?;
        }
        self.ship(durable)?;
        self.arrived(durable, now);
        if tidies {
            self.tidy(durable)?;
        }
        Ok(())
    }

    /// Notes how far here and there are apart.
    fn stand(&self, durable: Option<Position>, now: Instant) {
        let mut status = lock(&self.shared.status);
        status.durable = durable;
        if durable > self.at {
            status.behind_since.get_or_insert(now);
        }
        status.behind_bytes = match (durable, self.at) {
            (Some(durable), Some(at)) if durable.segment == at.segment => durable.offset.saturating_sub(at.offset),
            // How long the segments between are is not worth asking the disk for.
            (Some(durable), _) => durable.offset,
            (None, _) => 0,
        };
    }

    /// Notes that all of it lies there.
    fn arrived(&mut self, durable: Position, looked: Instant) {
        let now = self.shipping.clock.now();
        let mut status = lock(&self.shared.status);
        if let Some(since) = status.behind_since.take() {
            // It may have become durable just after the look before.
            let waited = LOOK_EVERY.as_micros() as i64;
            if self.delays.len() >= DELAYS {
                self.delays.remove(0);
            }
            self.delays.push(now.micros().saturating_sub(since.min(looked).micros()).max(0) + waited);
            status.sent = Some(now);
        }
        status.lag_micros = self.delays.iter().copied().max();
        status.shipped = Some(durable);
        status.behind_bytes = 0;
    }

    /// Looks at what lies there: is it ours, and does what is here continue it?
    fn begin(&mut self, durable: Position) -> Result<(), Failed> {
        let place = &*self.shipping.place;
        begin(place, &self.shipping.installation)?;
        let mut sent: BTreeMap<u64, u64> = BTreeMap::new();
        for listed in place.list(JOURNAL)? {
            sent.extend(number_of_segment(&listed.name).map(|number| (number, listed.bytes)));
        }
        let all: Vec<Piece> = place.list(TAIL)?.into_iter().filter_map(piece_of).collect();
        let last_there =
            all.last().map(|piece| piece.segment).max(sent.last_key_value().map(|(number, _)| *number + 1));
        if let Some(segment) = last_there.filter(|segment| *segment > durable.segment) {
            let there = Position { segment, offset: 0 };
            // A segment is closed there once the next was begun here.
            return Err(Failed::For(Stop::Ahead { there, here: durable }));
        }
        let pieces: Vec<Piece> = all.iter().filter(|piece| piece.segment == durable.segment).cloned().collect();
        let reached = reach(&pieces);
        if reached > durable.offset {
            let there = Position { segment: durable.segment, offset: reached };
            return Err(Failed::For(Stop::Ahead { there, here: durable }));
        }
        // Also those of a segment that was closed here since.
        let mut local: (u64, Vec<u8>) = (0, Vec::new());
        // What lies there of each of those, put together.
        let mut copies: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
        for piece in &all {
            if local.0 != piece.segment {
                local = (piece.segment, self.read(piece.segment)?);
            }
            let there = get(place, &piece.name, piece.bytes)?.unwrap_or_default();
            let here = local.1.get(piece.from as usize..(piece.from + piece.bytes) as usize).unwrap_or_default();
            if piece.segment < durable.segment {
                let copy = copies.entry(piece.segment).or_default();
                let to = piece.from as usize + there.len();
                if copy.len() < to {
                    copy.resize(to, 0);
                }
                if let Some(into) = copy.get_mut(piece.from as usize..to) {
                    into.copy_from_slice(&there);
                }
            } else if there != here {
                return Err(Failed::For(Stop::Diverged(segment_name(piece.segment))));
            }
        }
        // Details may have been purged of a segment before it was sent whole, by a program that ships nowhere.
        for (segment, copy) in copies.iter().filter(|(segment, _)| !sent.contains_key(segment)) {
            if !may_replace(copy, &self.read(*segment)?) {
                return Err(Failed::For(Stop::Diverged(segment_name(*segment))));
            }
        }
        // The newest closed one stands for those before it: each begins with the chain of the one before.
        if let Some((number, bytes)) = sent.last_key_value() {
            let here = self.whole(*number)?;
            let there = get(place, &segment_object(*number), *bytes)?.unwrap_or_default();
            if !may_replace(&there, &here) {
                return Err(Failed::For(Stop::Diverged(segment_name(*number))));
            }
        }
        put_checked(place, WRITER, self.shipping.writer.as_bytes())?;
        // Operations may have been taken out of what is here for the sake of another place. Said there before any of it goes: nobody
        // makes a state from it and takes it for the whole.
        put_covered(place, &self.shipping.journal)?;
        lock(&self.shared.status).begun = true;
        self.sent = sent;
        // Everything closed that is not there whole goes first, in order.
        let first = segments(&self.shipping.journal, &*self.shipping.disk)?.first().copied().unwrap_or(1);
        let missing = (first..durable.segment).find(|number| !self.sent.contains_key(number));
        match missing {
            Some(segment) => {
                self.pieces = all.into_iter().filter(|piece| piece.segment == segment).collect();
                self.at = Some(Position { segment, offset: 0 });
            }
            None => {
                self.at = Some(Position { segment: durable.segment, offset: reached });
                self.pieces = pieces;
            }
        }
        Ok(())
    }

    fn ship(&mut self, durable: Position) -> Result<(), Failed> {
        let Some(mut at) = self.at else { return Ok(()) };
        while at.segment < durable.segment {
            let end = self.close(at.segment, at.offset)?;
            self.sent.insert(at.segment, end);
            lock(&self.shared.status).segment = Some((at.segment, self.shipping.clock.now()));
            at = Position { segment: at.segment + 1, offset: 0 };
            self.pieces.clear();
            self.at = Some(at);
        }
        if at.offset < durable.offset {
            let bytes = self.read(at.segment)?;
            let new = bytes.get(at.offset as usize..durable.offset as usize);
            let new = new.ok_or_else(|| Failed::For(Stop::Damaged(segment_name(at.segment))))?;
            self.before(at.segment, new)?;
            let place = &*self.shipping.place;
            if self.pieces.len() >= MAX_PIECES {
                // If we die before the small ones are gone, they lie beside the large one and say the same.
                let whole = bytes.get(..durable.offset as usize).unwrap_or_default();
                // The small ones were read when they were sent, and are sound; what takes their place must be, too.
                if segment_end(at.segment, whole) != Some(durable.offset) {
                    return Err(Failed::For(Stop::Damaged(segment_name(at.segment))));
                }
                put_checked(place, &tail_object(at.segment, 0), whole)?;
                for piece in self.pieces.drain(..).filter(|piece| piece.from > 0) {
                    place.delete(&piece.name)?;
                }
                self.pieces.push(self.piece(at.segment, 0, durable.offset));
            } else {
                put_checked(place, &tail_object(at.segment, at.offset), new)?;
                self.pieces.push(self.piece(at.segment, at.offset, durable.offset));
            }
            self.at = Some(durable);
        }
        Ok(())
    }

    fn piece(&self, segment: u64, from: u64, to: u64) -> Piece {
        Piece { segment, from, bytes: to - from, name: tail_object(segment, from) }
    }

    /// Sends a segment that is filled, and takes its pieces away. If we die in between, the pieces lie beside it and say the same.
    /// What lies there under its name is replaced only where it says nothing else.
    fn close(&self, number: u64, from: u64) -> Result<u64, Failed> {
        let whole = self.whole(number)?;
        let end = whole.len() as u64;
        let new = whole.get(from as usize..).ok_or_else(|| Failed::For(Stop::Damaged(segment_name(number))))?;
        self.before(number, new)?;
        let place = &*self.shipping.place;
        let name = segment_object(number);
        if let Some(lies) = place.open(&name)? {
            let mut there = Vec::new();
            // One byte more says that it is longer.
            let read = lies.take(end + 1).read_to_end(&mut there);
            read.map_err(|cause| PlaceError::new("read", &name, cause))?;
            if !may_replace(&there, &whole) {
                return Err(Failed::For(Stop::Diverged(segment_name(number))));
            }
        }
        put_checked(place, &name, &whole)?;
        for listed in place.list(&tail_under(number))? {
            place.delete(&listed.name)?;
        }
        Ok(end)
    }

    fn before(&self, number: u64, new: &[u8]) -> Result<(), Failed> {
        if new.is_empty() {
            return Ok(());
        }
        let damaged = || Failed::For(Stop::Damaged(segment_name(number)));
        let (entries, read) = journal::read_groups(new).map_err(|_| damaged())?;
        if read != new.len() {
            return Err(damaged());
        }
        for companion in &self.shipping.companions {
            companion.before(&*self.shipping.place, &entries).map_err(Failed::Companion)?;
        }
        Ok(())
    }

    /// Closed segments that are other bytes here by now were rewritten: details were purged. They are sent anew.
    fn tidy(&mut self, durable: Position) -> Result<(), Failed> {
        let place = &*self.shipping.place;
        if get(place, WRITER, MAX_SMALL_BYTES)?.is_none_or(|found| found != self.shipping.writer.as_bytes()) {
            return Err(Failed::For(Stop::Taken));
        }
        let first = segments(&self.shipping.journal, &*self.shipping.disk)?.first().copied().unwrap_or(1);
        let mut read = 0;
        for number in first..durable.segment {
            let looks = self.looks(number)?;
            if self.seen.get(&number) == Some(&looks) {
                continue;
            }
            if read == MAX_COMPARED {
                break;
            }
            read += 1;
            // A purge of details leaves the length as it is, so what lies there is read.
            let whole = self.whole(number)?;
            let (end, here) = (whole.len() as u64, sha256(&whole));
            let name = segment_object(number);
            let there = match place.open(&name)? {
                Some(mut lies) => Some(hash_of(&mut *lies).map_err(|cause| PlaceError::new("read", &name, cause))?),
                None => None,
            };
            if there != Some(here) {
                self.close(number, end)?;
                self.sent.insert(number, end);
            }
            self.seen.insert(number, looks);
        }
        for companion in &self.shipping.companions {
            companion.tidy(place).map_err(Failed::Companion)?;
        }
        Ok(())
    }

    fn read(&self, number: u64) -> Result<Vec<u8>, Failed> {
        Ok(self.shipping.disk.read(&self.shipping.journal.join(segment_name(number)))?)
    }

    /// What a file looks like from outside: its length and when it was written.
    fn looks(&self, number: u64) -> Result<(u64, i64, i64), Failed> {
        let about = std::fs::metadata(self.shipping.journal.join(segment_name(number)))?;
        Ok((about.len(), about.mtime(), about.mtime_nsec()))
    }

    /// A closed segment as far as it is filled. What is no group though it is not empty was damaged: what lies before it is not
    /// all that was durable, and would take the place of the whole.
    fn whole(&self, number: u64) -> Result<Vec<u8>, Failed> {
        let mut bytes = self.read(number)?;
        let end = segment_end(number, &bytes).map(|end| end as usize);
        match end.filter(|end| bytes.iter().skip(*end).all(|byte| *byte == 0)) {
            Some(end) => {
                bytes.truncate(end);
                Ok(bytes)
            }
            None => Err(Failed::For(Stop::Damaged(segment_name(number)))),
        }
    }
}
