//! Copies of the file of keys at the second place, and the custodian that keeps what opens them: hung up over an archive.
//!
//! Keys are shipped by the archive's own thread before the data that needs them; a thread of ours rotates. Both wait for the second
//! place, and neither is waited for by anybody who is answered.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use ::custodian::{Address, Far, Folder, Secret};
use archive::{Companion, Place};
use vault::custody::Custodian;
use vault::offsite::{Copies, May, Offsite, OffsiteError};

use crate::Told;
use crate::clock::SystemClock;
use crate::installation::Installation;

/// How long is waited between looks at what is due.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// The longest that is waited where it fails time after time: each try may ask the custodian for a key.
const MOST_WAIT: Duration = Duration::from_secs(2 * 60);
/// Most bytes of one object of a copy: twenty thousand keys are some megabytes.
const MAX_OBJECT_BYTES: u64 = 256 << 20;

/// Who keeps what opens the copies of keys.
#[derive(clap::Args, Clone, Default)]
pub struct KeptBy {
    /// The custodian: `unix:/run/betrodd/custodian.sock` or `10.0.0.7:7311`, as `betrodd custodian` says where it answers. Or
    /// `folder:PATH`, a plain folder: then certificates of erasure say that they rest on nobody copying it.
    ///
    /// Without one no copies of keys go to the archive, and a restore needs a copy of `keys.db` by hand.
    #[arg(long, value_name = "WHERE", env = "BETRODD_CUSTODIAN")]
    pub custodian: Option<String>,
    /// The custodian's secret, `custodian.secret` of its folder, copied here with mode 0600.
    #[arg(long, value_name = "FILE", env = "BETRODD_CUSTODIAN_SECRET")]
    pub custodian_secret: Option<PathBuf>,
}

/// Who keeps it, and for how long.
#[derive(clap::Args, Clone)]
pub struct Keeping {
    #[command(flatten)]
    pub by: KeptBy,
    /// Hours between two rotations of the archive key, 24 at most and where nothing is said: so long after an erasure a copy elsewhere
    /// may still open.
    #[arg(long, value_name = "HOURS", value_parser = clap::value_parser!(u8).range(1..=24))]
    pub rotate_keys_hours: Option<u8>,
    /// Changes the archive key after each erasure at once, whatever its agreement says. Where an agreement promises that copies are
    /// gone before the next rotation is due, its erasures are not waited with in any case.
    #[arg(long)]
    pub rotate_after_erasure: bool,
}

impl Keeping {
    /// Hours between two rotations.
    pub fn hours(&self) -> u8 {
        self.rotate_keys_hours.unwrap_or(24)
    }
}

impl KeptBy {
    /// The custodian; none where none is named.
    ///
    /// # Errors
    /// A sentence for people.
    pub fn custodian(&self) -> Result<Option<Arc<dyn Custodian>>, Told> {
        self.custodian.as_deref().map(|name| custodian(name, self.custodian_secret.as_deref())).transpose()
    }
}

fn custodian(name: &str, secret: Option<&Path>) -> Result<Arc<dyn Custodian>, Told> {
    if let Some(folder) = name.strip_prefix("folder:") {
        return Ok(Arc::new(Folder::beside(Path::new(folder))?));
    }
    let address: Address = name.parse().map_err(|why| format!("{why}, or `folder:PATH`"))?;
    let Some(secret) = secret else {
        return Err(format!(
            "the custodian at {address} is asked with a secret: name its file with --custodian-secret"
        )
        .into());
    };
    Ok(Arc::new(Far::new(address, Secret::open(secret)?, Arc::new(SystemClock))))
}

/// The second place, as keys see it.
pub struct OverPlace(pub Arc<dyn Place>);

impl Copies for OverPlace {
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        archive::put_checked(&*self.0, name, bytes).map_err(|error| error.to_string())
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let Some(from) = self.0.open(name).map_err(|error| error.to_string())? else { return Ok(None) };
        let mut bytes = Vec::new();
        from.take(MAX_OBJECT_BYTES).read_to_end(&mut bytes).map_err(|cause| format!("`{name}`: {cause}"))?;
        Ok(Some(bytes))
    }

    fn list(&self, begins: &str) -> Result<Vec<String>, String> {
        let listed = self.0.list(begins).map_err(|error| error.to_string())?;
        Ok(listed.into_iter().map(|one| one.name).collect())
    }

    fn delete(&self, name: &str) -> Result<(), String> {
        self.0.delete(name).map_err(|error| error.to_string())
    }
}

/// The keys of an installation on their way to the second place.
pub struct KeysAway {
    offsite: Arc<Offsite>,
    ended: Arc<(Mutex<bool>, Condvar)>,
    rotated: Arc<tokio::sync::Notify>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl KeysAway {
    /// Begins: the first copy is made as soon as second place and custodian answer, and `may` says that the place is ours. Certificates
    /// tell of it from now on.
    ///
    /// # Errors
    /// A sentence for people.
    pub fn start(
        installation: &Installation,
        place: Arc<dyn Place>,
        keeping: &Keeping,
        may: May,
    ) -> Result<Option<Self>, Told> {
        let Some(custodian) = keeping.by.custodian()? else { return Ok(None) };
        let offsite = Offsite::new(
            &installation.root,
            &installation.vault,
            Arc::clone(&installation.keys),
            Arc::new(OverPlace(place)),
            custodian,
            Arc::clone(&installation.clock),
            i64::from(keeping.hours()) * 3600,
        )?;
        let offsite = Arc::new(offsite.only_where(may));
        installation.processing.keep_copies(Arc::clone(&offsite), keeping.rotate_after_erasure);
        let ended: Arc<(Mutex<bool>, Condvar)> = Arc::default();
        let (rotating, end) = (Arc::clone(&offsite), Arc::clone(&ended));
        let rotated: Arc<tokio::sync::Notify> = Arc::default();
        let tell = Arc::clone(&rotated);
        let thread = std::thread::Builder::new().name("keys".to_owned()).spawn(move || run(&rotating, &end, &tell))?;
        Ok(Some(Self { offsite, ended, rotated, thread: Mutex::new(Some(thread)) }))
    }

    /// Told when the archive key was changed.
    pub fn rotated(&self) -> Arc<tokio::sync::Notify> {
        Arc::clone(&self.rotated)
    }

    /// What the archive's thread calls before it ships data.
    pub fn companion(&self) -> Arc<dyn Companion> {
        Arc::new(Ahead(Arc::clone(&self.offsite)))
    }
}

impl Drop for KeysAway {
    fn drop(&mut self) {
        let (ended, wake) = &*self.ended;
        *ended.lock().unwrap_or_else(PoisonError::into_inner) = true;
        wake.notify_all();
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // A thread that panicked has nothing more to finish; what was stopped is gone on with by the next start.
            drop(thread.join());
        }
    }
}

fn run(offsite: &Offsite, end: &(Mutex<bool>, Condvar), tell: &tokio::sync::Notify) {
    let mut told = false;
    let mut wait = LOOK_EVERY;
    loop {
        // First of all: the archive's thread looks whose the place is, and makes the first copy.
        let (ended, wake) = end;
        let waiting = ended.lock().unwrap_or_else(PoisonError::into_inner);
        let (ended, _) =
            wake.wait_timeout_while(waiting, wait, |ended| !*ended).unwrap_or_else(PoisonError::into_inner);
        if *ended {
            return;
        }
        drop(ended);
        wait = (wait * 2).min(MOST_WAIT);
        match offsite.tick() {
            Ok(rotated) => {
                if let Some(rotated) = rotated {
                    tracing::info!(generation = rotated.generation, rows = rotated.rows, "the archive key was changed");
                    tell.notify_one();
                }
                told = false;
                wait = LOOK_EVERY;
            }
            // Told once; certificates tell of a rotation that is late as long as it lasts.
            Err(error) if !told => {
                told = true;
                tracing::error!(%error, "the copies of keys are not as they should be; it is tried again");
            }
            Err(_) => {}
        }
    }
}

/// Keys go ahead of the data that needs them.
struct Ahead(Arc<Offsite>);

impl Companion for Ahead {
    fn before(&self, _: &dyn Place, _: &[journal::Entry]) -> Result<(), String> {
        let shipped = match self.0.ship() {
            // No generation to ship to: the first one is made here, where the archive was looked at and is ours.
            Err(OffsiteError::Unusable(_)) => self.0.tick().and_then(|_| self.0.ship()),
            shipped => shipped,
        };
        shipped.map(|_| ()).map_err(|error| error.to_string())
    }

    fn tidy(&self, _: &dyn Place) -> Result<(), String> {
        Ok(())
    }
}
