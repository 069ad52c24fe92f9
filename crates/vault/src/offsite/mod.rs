//! Copies of the file of keys at a second place, sealed to archive keys that live a day: so that a restore finds the keys of now,
//! and a person who is erased is erased in every copy.
//!
//! A *generation* is an archive key, one whole copy of the file of keys sealed to it, and what changed since, piece by piece.
//! *Shipping* (`ship.rs`) carries changes to the second place before the data that needs them. *Rotation* (`rotate.rs`) begins the
//! next generation, reads it back, deletes the one before and has its archive key destroyed. *Taking back* (`take_back.rs`) makes
//! a file of keys from the newest generation. Not here: where copies and private halves lie ([`Copies`], [`Custodian`]), and the
//! entry and the certificates that follow a rotation (`processing`).

mod part;
mod rotate;
mod ship;
mod take_back;

use std::sync::{Arc, Mutex, PoisonError};

use minicbor::{Decode, Encode};
use storage::{KeyStore, StoreError};
use terms::{Clock, Instant};

pub use rotate::Rotated;
pub use take_back::{TakenBack, take_back};

use crate::custody::{ArchiveKeyId, Assumption, Custodian, CustodianError, InstallationId, Possession, PublicHalf};
use crate::root::Root;
use crate::{Vault, VaultError};
use part::Sealer;

/// The most seconds between two rotations, so the longest that an erased person's key can lie anywhere: the platform's own
/// promise, and no agreement's number.
pub const MAX_ROTATION_SECONDS: i64 = 24 * 60 * 60;

/// Where copies lie: the second place, as far as keys need it. Whoever implements it promises: what was put is whole or not
/// there, and durable when `put` returns; `get` reads from the place itself and from no memory of what was put; what was deleted
/// is not listed any more. All names begin with `keys/`.
pub trait Copies: Send + Sync {
    /// Puts bytes under a name; what was there is replaced.
    ///
    /// # Errors
    /// In words, as for every method.
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), String>;
    /// The bytes under a name; none where there is nothing.
    ///
    /// # Errors
    /// The same.
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, String>;
    /// All names that begin so.
    ///
    /// # Errors
    /// The same.
    fn list(&self, begins: &str) -> Result<Vec<String>, String>;
    /// Deletes what is under a name. Nothing there is no error.
    ///
    /// # Errors
    /// The same.
    fn delete(&self, name: &str) -> Result<(), String>;
}

/// Why keys are not as they should be off-site. What was there before stays in force.
#[derive(Debug, thiserror::Error)]
pub enum OffsiteError {
    /// The second place.
    #[error("the second place, for keys: {0}")]
    Copies(String),
    /// The custodian.
    #[error(transparent)]
    Custodian(#[from] CustodianError),
    /// The file of keys.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The vault.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// What was read back is not what was put.
    #[error("`{0}` was read back from the second place and is not what was put there; the copy before stays in force")]
    NotTheSame(String),
    /// Something that was to be gone is still there.
    #[error("{0} should be gone and is still there; it is tried again")]
    StillThere(String),
    /// Another holds the second place, or it was not looked at yet whether one does.
    #[error("nothing is changed among the copies of the keys: {0}")]
    NotOurs(String),
    /// A copy lies there that this file of keys never made.
    #[error(
        "`{name}` lies at the second place, and this file of keys knows of generation {known} at most: it is an old copy, or another \
         program ships there. Nothing is deleted and no archive key destroyed; find out which of the two is the right one, and move \
         the other's copies away"
    )]
    Newer {
        /// An object of that generation.
        name: String,
        /// The greatest generation of ours.
        known: u64,
    },
    /// A copy that a restore cannot use.
    #[error("the copy of the keys cannot be used: {0}")]
    Unusable(String),
}

/// A generation of off-site keys.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Generation {
    /// Counted from 1.
    #[n(0)]
    pub(crate) number: u64,
    #[n(1)]
    pub(crate) key: ArchiveKeyId,
    #[cbor(n(2), with = "minicbor::bytes")]
    pub(crate) public: PublicHalf,
    /// When its copy was begun: whoever's key was gone by then is not in it.
    #[n(3)]
    pub(crate) began: Instant,
    /// The last change before its copy was begun.
    #[n(4)]
    pub(crate) from: u64,
}

/// How far everything is, kept in the file of keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub(crate) struct State {
    /// The generation in force.
    #[n(0)]
    pub(crate) current: Option<Generation>,
    /// The one that is being made.
    #[n(1)]
    pub(crate) next: Option<Generation>,
    /// The last change that lies off-site.
    #[n(2)]
    pub(crate) shipped: u64,
    /// Whether everything before the current generation is gone.
    #[n(3)]
    pub(crate) alone: bool,
    /// What was done last, with whether its entry was made.
    #[n(4)]
    pub(crate) rotated: Option<Rotated>,
    #[n(5)]
    pub(crate) entered: bool,
}

impl State {
    pub(crate) fn read(keys: &KeyStore) -> Result<Self, OffsiteError> {
        match keys.offsite()? {
            None => Ok(Self::default()),
            Some(bytes) => Ok(minicbor::decode(&bytes).map_err(|_| VaultError::Form)?),
        }
    }

    pub(crate) fn keep(&self, keys: &KeyStore) -> Result<(), OffsiteError> {
        // Writing to a Vec cannot fail.
        Ok(keys.put_offsite(&minicbor::to_vec(self).unwrap_or_default())?)
    }
}

/// How the off-site keys are, for people and for certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeysOffsite {
    /// The generation in force; 0 before the first.
    pub generation: u64,
    /// When its copy was begun. Whoever was erased before is in no copy, once the rotation was finished.
    pub copy_began: Option<Instant>,
    /// The last rotation that was finished, with everything before it gone.
    pub rotated: Option<Rotated>,
    /// When the next rotation is due.
    pub due: Instant,
    /// Whether it should have been made by now.
    pub overdue: bool,
    /// Seconds between rotations.
    pub every_seconds: i64,
    /// Changes that do not lie off-site yet.
    pub unshipped: u64,
    /// On what the promise rests.
    pub assumption: Assumption,
    /// What went wrong the last time; none where it went well.
    pub failing: Option<String>,
}

/// The last rotation that was finished, as the file of keys alone tells it; nothing where none was ever begun. For whoever looks at a
/// folder that nobody serves.
///
/// # Errors
/// The file of keys.
pub fn last_rotation(keys: &KeyStore) -> Result<Option<Option<Rotated>>, OffsiteError> {
    let state = State::read(keys)?;
    Ok(state.current.is_some().then_some(state.rotated))
}

/// The off-site keys of an installation.
pub struct Offsite {
    keys: Arc<KeyStore>,
    installation: InstallationId,
    possession: Possession,
    copies: Arc<dyn Copies>,
    custodian: Arc<dyn Custodian>,
    clock: Arc<dyn Clock>,
    every_seconds: i64,
    /// One rotation at a time. Taken before `turn`.
    rotating: Mutex<()>,
    /// One change of what is noted at a time; never held while a whole copy is made, or data would wait for that. Holds who seals for
    /// the current generation, made when first needed.
    turn: Mutex<Option<(u64, Sealer)>>,
    told: Mutex<Told>,
    /// One call of [`Offsite::tick`] at a time, taken before `rotating`: who waited finds what is due done.
    ticking: Mutex<()>,
    may: May,
}

/// Whether copies may be made and older ones ended now: that the second place was looked at, that it goes on from this installation,
/// and that nobody else writes there. Why not, in words.
pub type May = Box<dyn Fn() -> Result<(), String> + Send + Sync>;

#[derive(Default)]
struct Told {
    failing: Option<String>,
    /// When a rotation was last asked for, until one was made whose copy was begun later.
    wanted: Option<Instant>,
    /// When rotation was first asked for, before there was any generation.
    since: Option<Instant>,
    /// The generation whose copy was seen at the second place since the start.
    lies: Option<u64>,
    /// The generation whose archive key was seen at the custodian since the start.
    kept: Option<u64>,
}

impl Offsite {
    /// The off-site keys over an open vault. Nothing is shipped yet. A period longer than [`MAX_ROTATION_SECONDS`], or none at all, is
    /// that.
    ///
    /// # Errors
    /// The cryptographic library's.
    pub fn new(
        root: &Root,
        vault: &Vault,
        keys: Arc<KeyStore>,
        copies: Arc<dyn Copies>,
        custodian: Arc<dyn Custodian>,
        clock: Arc<dyn Clock>,
        every_seconds: i64,
    ) -> Result<Self, OffsiteError> {
        let every_seconds =
            if every_seconds <= 0 { MAX_ROTATION_SECONDS } else { every_seconds.min(MAX_ROTATION_SECONDS) };
        let since = Some(clock.now());
        Ok(Self {
            keys,
            installation: vault.installation(),
            possession: Possession::of(root)?,
            copies,
            custodian,
            clock,
            every_seconds,
            rotating: Mutex::default(),
            turn: Mutex::default(),
            told: Mutex::new(Told { since, ..Told::default() }),
            ticking: Mutex::default(),
            may: Box::new(|| Ok(())),
        })
    }

    /// The same, and whoever knows to whom the second place belongs is asked before anything is made, deleted or destroyed there.
    #[must_use]
    pub fn only_where(mut self, may: May) -> Self {
        self.may = may;
        self
    }

    /// Asks for a rotation at the next occasion, whatever the time: after an erasure that is not to wait. One that is being made
    /// may have read the erased keys into its copy already, so another follows it.
    pub fn ask(&self) {
        self.told().wanted = Some(self.clock.now());
    }

    /// Does what is due: begins the first generation, finishes what was stopped in the middle, rotates when it is time or was asked
    /// for, and otherwise ships what changed. Gives a rotation that was finished now.
    ///
    /// # Errors
    /// See [`OffsiteError`]; it is tried again at the next call, and what went wrong is told by [`Offsite::state`].
    pub fn tick(&self) -> Result<Option<Rotated>, OffsiteError> {
        let _ticking = self.ticking.lock().unwrap_or_else(PoisonError::into_inner);
        let done = self.do_what_is_due();
        self.told().failing = done.as_ref().err().map(ToString::to_string);
        done
    }

    fn do_what_is_due(&self) -> Result<Option<Rotated>, OffsiteError> {
        self.ask_whose_it_is()?;
        let now = self.clock.now();
        let state = State::read(&self.keys)?;
        let wanted = self.told().wanted;
        let Some(current) = &state.current else { return self.rotate().map(Some) };
        let elsewhere = !self.lies_there(current)? || !self.custodian_keeps(current);
        if wanted.is_some() || elsewhere || now.micros() >= self.due(current).micros() {
            return self.rotate().map(Some);
        }
        if !state.alone {
            return self.finish().map(Some);
        }
        self.ship()?;
        Ok(None)
    }

    /// How everything is.
    ///
    /// # Errors
    /// The file of keys.
    pub fn state(&self) -> Result<KeysOffsite, OffsiteError> {
        let state = State::read(&self.keys)?;
        let now = self.clock.now();
        let (failing, since) = {
            let told = self.told();
            (told.failing.clone(), told.since)
        };
        let due = match &state.current {
            Some(current) => self.due(current),
            None => since.unwrap_or(now),
        };
        Ok(KeysOffsite {
            generation: state.current.as_ref().map_or(0, |current| current.number),
            copy_began: state.current.as_ref().map(|current| current.began),
            rotated: state.rotated.clone(),
            overdue: now.micros() > due.plus_seconds(OVERDUE_SECONDS).micros()
                || (state.current.is_some() && !state.alone && failing.is_some()),
            due,
            every_seconds: self.every_seconds,
            unshipped: self.keys.last_change()?.saturating_sub(state.shipped),
            assumption: self.custodian.assumption(),
            failing,
        })
    }

    /// A rotation that was finished and has no entry yet.
    ///
    /// # Errors
    /// The file of keys.
    pub fn not_entered(&self) -> Result<Option<Rotated>, OffsiteError> {
        let state = State::read(&self.keys)?;
        Ok(state.rotated.filter(|_| !state.entered))
    }

    /// Notes that the last rotation has its entry.
    ///
    /// # Errors
    /// The file of keys.
    pub fn entered(&self, generation: u64) -> Result<(), OffsiteError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = State::read(&self.keys)?;
        if state.rotated.as_ref().is_some_and(|rotated| rotated.generation == generation) {
            state.entered = true;
            state.keep(&self.keys)?;
        }
        Ok(())
    }

    fn ask_whose_it_is(&self) -> Result<(), OffsiteError> {
        (self.may)().map_err(OffsiteError::NotOurs)
    }

    /// Refuses where a copy lies there that is newer than what this file of keys knows of.
    fn none_newer(&self, names: &[String], known: u64) -> Result<(), OffsiteError> {
        // A name without a number was not made by us either.
        match names.iter().find(|name| generation_of(name).is_none_or(|number| number > known)) {
            None => Ok(()),
            Some(name) => Err(OffsiteError::Newer { name: name.clone(), known }),
        }
    }

    /// Whether the copy in force lies at this second place. Since the start it may be another one than the copy was put to: then what
    /// changes must not be shipped to a generation without its beginning. Looked for once a start.
    fn lies_there(&self, current: &Generation) -> Result<bool, OffsiteError> {
        if self.told().lies == Some(current.number) {
            return Ok(true);
        }
        let end = format!("{}copy-end", under(current.number));
        let lies = self.copies.list(&under(current.number)).map_err(OffsiteError::Copies)?.contains(&end);
        if lies {
            self.told().lies = Some(current.number);
        }
        Ok(lies)
    }

    /// Whether the custodian keeps the archive key in force; one that does not answer is taken to. It may be another one than made it:
    /// then nobody opens the copy, and a new one is made. Looked for until it was seen once.
    fn custodian_keeps(&self, current: &Generation) -> bool {
        if self.told().kept == Some(current.number) {
            return true;
        }
        match self.custodian.list(&self.installation, &self.possession) {
            Ok(keys) if keys.contains(&current.key) => {
                self.told().kept = Some(current.number);
                true
            }
            Ok(_) => false,
            Err(_) => true,
        }
    }

    fn due(&self, current: &Generation) -> Instant {
        current.began.plus_seconds(self.every_seconds)
    }

    fn told(&self) -> std::sync::MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// After so many seconds a rotation that was due is told as overdue: it is made within a minute where all is well.
const OVERDUE_SECONDS: i64 = 5 * 60;

/// All names of a generation begin so.
fn under(generation: u64) -> String {
    format!("keys/{generation:010}/")
}

/// The generation of a name.
fn generation_of(name: &str) -> Option<u64> {
    name.strip_prefix("keys/")?.split_once('/')?.0.parse().ok()
}
