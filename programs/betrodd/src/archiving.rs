//! The second place of a program that serves: where it is, what goes there, and the entries that say when it was not reached.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use archive::{Bucket, BucketSettings, Companion, Directory, Kept, Place, ShippedFiles, Shipper, Shipping, Status};
use data_encoding::HEXLOWER;
use journal::{Detail, Outcome, RealDisk};
use portal::{ArchiveState, KeysState, Operations, OperationsState};
use processing::Processing;
use storage::Store;
use terms::{Instant, TenantId};
use vault::Vault;
use vault::custody::Assumption;

use crate::Told;
use crate::installation::Installation;
use crate::keys_offsite::{Keeping, KeysAway};
use crate::snapshots::{self, Limit};

/// Where the second place is.
#[derive(clap::Args, Clone, Default)]
pub struct SecondPlace {
    /// The archive: a folder on another disk, or a bucket as `s3://BUCKET/UNDER`. What is durable is shipped there within a second,
    /// sealed as it lies.
    ///
    /// A bucket is entered with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION; another store than Amazon's is named by
    /// AWS_ENDPOINT_URL.
    #[arg(long, value_name = "PLACE", env = "BETRODD_ARCHIVE")]
    pub archive: Option<String>,
    /// Keep copies no longer than so many days: no earlier instant can be restored then, and what was erased is gone from them. Where an
    /// agreement in force promises fewer, that is kept.
    #[arg(long, value_name = "DAYS", env = "BETRODD_RESTORE_WINDOW")]
    pub restore_window: Option<u32>,
    /// Where live files lie, if not in the data folder: another folder, or a bucket as `s3://BUCKET/UNDER`. Said once, before there are
    /// any files. Never the archive: both would be lost together.
    #[arg(long, value_name = "PLACE", env = "BETRODD_FILES")]
    pub files: Option<String>,
}

/// A place by its name.
///
/// # Errors
/// A sentence for people.
pub fn place(name: &str) -> Result<Arc<dyn Place>, Told> {
    let Some(bucket) = name.strip_prefix("s3://") else {
        return Ok(Arc::new(Directory::open(Path::new(name))?));
    };
    let (bucket, under) = bucket.split_once('/').unwrap_or((bucket, ""));
    if bucket.is_empty() {
        return Err(format!("`{name}` names no bucket; write `s3://BUCKET/UNDER`").into());
    }
    let said = |variable: &str| std::env::var(variable).ok().filter(|value| !value.is_empty());
    let needed = |variable: &str| {
        said(variable).ok_or_else(|| format!("the bucket `{bucket}` is entered with {variable}, and it is not set"))
    };
    let settings = BucketSettings {
        bucket: bucket.to_owned(),
        under: under.to_owned(),
        endpoint: said("AWS_ENDPOINT_URL"),
        region: said("AWS_REGION").unwrap_or_else(|| "us-east-1".to_owned()),
        access_key: needed("AWS_ACCESS_KEY_ID")?,
        secret_key: needed("AWS_SECRET_ACCESS_KEY")?,
    };
    Ok(Arc::new(Bucket::open(&settings)?))
}

/// What ships while the program serves.
pub struct Archiving {
    place: Arc<dyn Place>,
    /// Of which installation the marks are.
    installation: String,
    shipper: Shipper,
    /// The data folder.
    folder: PathBuf,
    /// Seals what a snapshot may not hold bare.
    vault: Arc<Vault>,
    /// Asked for the agreements in force. Not held: it ends before.
    processing: Weak<Processing>,
    /// How many days copies may live at most, where the operator says so.
    operator: Option<u32>,
    /// Rotates while the program serves.
    keys: Option<KeysAway>,
    /// Whether the journal says that the archive is not reached.
    entered: AtomicBool,
    /// What was seen there when it was last looked at.
    seen: Mutex<Seen>,
    /// Minutes since the start.
    minutes: AtomicU64,
    /// In which minute the next snapshot is made.
    next: AtomicU64,
}

#[derive(Default, Clone)]
struct Seen {
    mark: Option<Instant>,
    /// When the newest snapshot there was made, and its bytes.
    snapshot: Option<(Instant, u64)>,
    /// The first instant that can be restored.
    first: Option<Instant>,
    /// How long copies may live.
    limit: Option<Limit>,
    drill: Option<(Instant, bool)>,
    /// Whether the place was looked at before: what was there then is no news.
    looked: bool,
}

/// Minutes between snapshots. The first is made soon after a start; one that failed is tried again.
const SNAPSHOT_EVERY_MINUTES: u64 = 24 * 60;
const FIRST_SNAPSHOT_MINUTES: u64 = 2;
const SNAPSHOT_AGAIN_MINUTES: u64 = 10;

/// Legal holds that end within so long are told to operators.
const HOLDS_SOON_SECONDS: i64 = 30 * 86_400;

/// How long an erasure may be without its certificate before it is told as wrong: it is tried every minute.
pub const ERASURE_LATE_SECONDS: i64 = 4 * 3600;

/// How long the archive may be out of reach before the journal says so.
const ENTERED_AFTER_SECONDS: i64 = 60;

impl Archiving {
    /// Begins to ship an installation, with what goes beside the journal: files always, and keys where somebody keeps what opens them.
    /// `restore_window` is how many days copies may live at most, where the operator says so: what ships asks that from its first
    /// look on.
    ///
    /// # Errors
    /// A sentence for people.
    pub fn start(
        installation: &Installation,
        place: Arc<dyn Place>,
        keeping: &Keeping,
        restore_window: Option<u32>,
    ) -> Result<Self, Told> {
        // An archive of another is said at once; one that does not answer must not keep the service from starting.
        let ours = installation_hex(&installation.vault);
        // A bucket waits for its answer, which a task must not.
        match tokio::task::block_in_place(|| archive::installation_of(&*place)) {
            Err(archive::ArchiveError::Place(error)) => {
                eprintln!("betrodd: {error}. The service starts; it is tried again");
            }
            Err(error) => return Err(error.into()),
            Ok(Some(found)) if found != ours => {
                return Err(archive::ArchiveError::Foreign { place: place.called(), found, ours }.into());
            }
            Ok(_) => {}
        }
        let before = std::fs::read_to_string(installation.folder.join("archive.toml")).unwrap_or_default();
        if before.contains("place = ") && !before.contains(&format!("place = {:?}\n", place.called())) {
            eprintln!(
                "betrodd: the folder was shipped to another archive until now. What lies there stays as it is, copies of keys among it: \
                 take its `keys/` away, and the archive keys of a custodian that is no longer asked. Until then, who is erased from now \
                 on may be opened there"
            );
        }
        // So that who looks at the folder from outside sees that there is one, and where.
        let told = format!("# Written by the program: the archive that it ships to.\nplace = {:?}\n", place.called());
        crate::whole_file::write(&installation.folder.join("archive.toml"), &told)?;
        // Not held by the thread: else the store would not end before it.
        let store = Arc::downgrade(&installation.store);
        let named = move || {
            let store = store.upgrade().ok_or("the program is ending")?;
            store.all_files().map_err(|error| error.to_string())
        };
        // Here is the one list of what goes to the archive before the entries that need it.
        let mut companions: Vec<Arc<dyn Companion>> = Vec::new();
        // Known once the shipper runs: keys are asked for by it, and it is asked by them.
        let holding: Arc<OnceLock<archive::Holding>> = Arc::default();
        let held = Arc::clone(&holding);
        let may = move || held.get().ok_or("the archive was not looked at yet")?.holds();
        let keys = KeysAway::start(installation, Arc::clone(&place), keeping, Box::new(may))?;
        companions.extend(keys.as_ref().map(KeysAway::companion));
        let stays = files_stay(installation, restore_window);
        companions.push(Arc::new(ShippedFiles::new(Arc::clone(&installation.kept), Box::new(named), stays)));
        let shipping = Shipping {
            place: Arc::clone(&place),
            installation: ours.clone(),
            writer: HEXLOWER.encode(&journal::random_salt()?),
            journal: installation.folder.join("journal"),
            disk: Arc::new(RealDisk),
            durable: Box::new(installation.store.durable_end()),
            companions,
            clock: Arc::clone(&installation.clock),
        };
        let shipper = Shipper::start(shipping)?;
        // It is set here and nowhere else.
        drop(holding.set(shipper.holding()));
        Ok(Self {
            place,
            installation: ours,
            shipper,
            keys,
            entered: AtomicBool::new(false),
            seen: Mutex::default(),
            minutes: AtomicU64::new(0),
            next: AtomicU64::new(FIRST_SNAPSHOT_MINUTES),
            folder: installation.folder.clone(),
            vault: Arc::clone(&installation.vault),
            processing: Arc::downgrade(&installation.processing),
            operator: restore_window,
        })
    }

    /// Makes a snapshot now and does what follows from it; see [`snapshots::take`].
    ///
    /// # Errors
    /// A sentence for people.
    pub fn snapshot(&self, store: &Arc<Store>) -> Result<Kept, Told> {
        // Nothing is taken away from a place that another program ships to since.
        self.shipper.holding().holds()?;
        let processing = self.processing.upgrade().ok_or("the program is ending")?;
        let limit = snapshots::limit(store, &processing, self.operator)?;
        drop(processing);
        snapshots::take(store, &self.vault, &self.folder, &*self.place, &self.installation, limit.as_ref())
    }

    /// How it stands.
    pub fn status(&self) -> Status {
        self.shipper.status()
    }

    /// Told when the archive key was changed; none where no copies of keys are kept.
    pub fn rotated(&self) -> Option<Arc<tokio::sync::Notify>> {
        self.keys.as_ref().map(KeysAway::rotated)
    }

    /// How the copies of keys stand; none where none are kept, or their file cannot be read just now.
    fn keys_state(&self) -> Option<KeysState> {
        let keys = self.processing.upgrade()?.copies_now().ok()??;
        Some(KeysState {
            generation: keys.generation,
            rotated: keys.rotated.map(|rotated| rotated.finished),
            due: keys.due,
            overdue: keys.overdue,
            hours: keys.every_seconds / 3600,
            unshipped: keys.unshipped,
            custodian: keys.assumption == Assumption::Custodian,
            failing: keys.failing,
        })
    }

    /// Sends what is left and ends.
    pub fn end(&self) {
        self.shipper.end();
    }

    /// What is to be done once a minute: what is to be entered is, and once a day the state is marked, so that a drill has something to
    /// compare with.
    pub async fn minute(self: &Arc<Self>, store: &Arc<Store>) {
        self.enter(store).await;
        let minute = self.minutes.fetch_add(1, Ordering::Relaxed);
        let (archiving, of) = (Arc::clone(self), Arc::clone(store));
        let due = minute >= self.next.load(Ordering::Relaxed);
        if due {
            // Where it fails, or ends in the middle.
            self.next.store(minute + SNAPSHOT_AGAIN_MINUTES, Ordering::Relaxed);
        }
        let look = move || {
            let mut kept = Kept::default();
            if due {
                kept = archiving.snapshot(&of).map_err(|error| error.to_string())?;
                archiving.next.store(minute + SNAPSHOT_EVERY_MINUTES, Ordering::Relaxed);
            }
            Ok((archiving.look(&of, due).map_err(|error| error.to_string())?, kept))
        };
        // It reads all of the state, or waits for the place.
        match tokio::task::spawn_blocking(look).await {
            Ok(Ok((false, kept))) => snapshots::enter(store, &kept).await,
            Ok(Ok((true, kept))) => {
                snapshots::enter(store, &kept).await;
                let event = Some("restore-tested".to_owned());
                let detail = Detail { event, outcome: Outcome::Happened, ..Detail::default() };
                if let Err(error) = store.event(TenantId::INSTALLATION, detail, Vec::new()).await {
                    tracing::error!(%error, "that a restore was tried could not be entered");
                }
            }
            Ok::<Result<_, String>, _>(Err(error)) => {
                tracing::warn!(error, "the archive could not be looked at; it is tried again in a minute")
            }
            Err(_) => tracing::error!("looking at the archive ended in the middle"),
        }
    }

    /// Looks at what lies there; whether a restore was tried since it was last looked at.
    fn look(&self, store: &Store, taken: bool) -> Result<bool, Told> {
        let mark = archive::last_mark(&*self.place)?.map(|mark| mark.time);
        let drill = archive::last_drill(&*self.place)?.map(|(ended, evidence)| (ended, held(&evidence)));
        let before = self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // One request for each snapshot there: not every minute.
        let snapshot = if taken || !before.looked {
            let there = archive::snapshots(&*self.place, Some(&store.verifier()))?;
            there.first().map(|one| (one.made, one.bytes))
        } else {
            before.snapshot
        };
        let first = store.window().ok().map(|(first, _)| first);
        let processing = self.processing.upgrade().ok_or("the program is ending")?;
        let limit = snapshots::limit(store, &processing, self.operator)?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let news = seen.looked && drill != seen.drill;
        *seen = Seen { mark, snapshot, first, limit, drill, looked: true };
        Ok(news)
    }

    /// Enters that the archive is not reached, and that it is again: each once.
    async fn enter(&self, store: &Store) {
        let status = self.status();
        let away = status.stopped.is_some()
            || status.failing.is_some_and(|(_, since)| store.now() >= since.plus_seconds(ENTERED_AFTER_SECONDS));
        if self.entered.load(Ordering::Relaxed) == away {
            return;
        }
        let event = if away { "archive-not-reached" } else { "archive-reached" };
        let detail = Detail { event: Some(event.to_owned()), outcome: Outcome::Happened, ..Detail::default() };
        match store.event(TenantId::INSTALLATION, detail, Vec::new()).await {
            Ok(_) => self.entered.store(away, Ordering::Relaxed),
            Err(error) => tracing::error!(%error, event, "that could not be entered; it is tried again"),
        }
    }
}

/// Since when a file must have been named to stay in the archive: as long as an instant can be restored at which it was. Where nobody
/// limits how long copies live, it goes at once: it would lie there for ever. Where that cannot be told, it is an error and nothing goes.
fn files_stay(installation: &Installation, operator: Option<u32>) -> archive::Stays {
    let (store, processing) = (Arc::downgrade(&installation.store), Arc::downgrade(&installation.processing));
    Box::new(move || {
        let (Some(store), Some(processing)) = (store.upgrade(), processing.upgrade()) else {
            return Err("the program is ending".to_owned());
        };
        let limit = snapshots::limit(&store, &processing, operator).map_err(|error| error.to_string())?;
        Ok(limit.map(|limit| (store.now(), limit.oldest(store.now()))))
    })
}

/// Whether the evidence of a drill says that it held.
pub fn held(evidence: &[u8]) -> bool {
    serde_json::from_slice::<serde_json::Value>(evidence).is_ok_and(|evidence| evidence["holds"] == true)
}

/// How the installation stands, for the operators' page.
pub struct Standing {
    /// The data folder.
    pub folder: PathBuf,
    /// What ships, where anything does.
    pub archiving: Option<Arc<Archiving>>,
    /// The store, for its time. Not held: it ends before the portal does.
    pub store: Weak<Store>,
}

impl Operations for Standing {
    fn state(&self) -> OperationsState {
        let archive = self.archiving.as_ref().map(|archiving| {
            let status = archiving.status();
            let seen = archiving.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let lag_micros = self.store.upgrade().map_or(0, |store| status.lag_micros(store.now()));
            ArchiveState {
                inside: Path::new(&status.place).starts_with(&self.folder),
                place: status.place,
                shipped: status.shipped.map(|at| at.to_string()),
                behind_bytes: status.behind_bytes,
                lag_micros,
                sent: status.sent,
                segment: status.segment,
                mark: seen.mark,
                snapshot: seen.snapshot,
                first: seen.first,
                limit: seen.limit.map(|limit| portal::CopiesLimit { days: limit.days, by: limit.by }),
                drill: seen.drill,
                failing: status.failing,
                stopped: status.stopped,
            }
        });
        let store = self.store.upgrade();
        let soon = |store: &Arc<Store>| {
            let (now, by) = (store.now(), store.now().plus_seconds(HOLDS_SOON_SECONDS));
            let ends = |one: &storage::Hold| one.until.is_some_and(|until| until <= by);
            let of = |tenant: &storage::Tenant| store.holds(&tenant.id, now).iter().filter(|one| ends(one)).count();
            store.tenants().unwrap_or_default().iter().map(of).sum()
        };
        let late = |store: &Arc<Store>| {
            let (now, all) = (store.now(), store.unfinished_erasures().ok()?);
            Some(all.iter().filter(|one| now >= one.time.plus_seconds(ERASURE_LATE_SECONDS)).count())
        };
        OperationsState {
            archive,
            keys: self.archiving.as_ref().and_then(|archiving| archiving.keys_state()),
            holds_ending: store.as_ref().map_or(0, soon),
            erasures_late: store.as_ref().map_or(Some(0), late),
            free_bytes: storage::free_bytes(&self.folder).ok(),
        }
    }
}

/// The installation's id as the archive carries it.
pub fn installation_hex(vault: &Vault) -> String {
    HEXLOWER.encode(&vault.installation())
}
