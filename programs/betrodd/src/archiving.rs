//! The second place of a program that serves: where it is, what goes there, and the entries that say when it was not reached.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use archive::{Bucket, BucketSettings, Companion, Directory, Place, ShippedFiles, Shipper, Shipping, Status};
use journal::{Detail, Outcome, RealDisk};
use storage::Store;
use terms::TenantId;

use crate::Told;
use crate::installation::Installation;
use crate::keys_offsite::{Keeping, KeysAway};

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
    shipper: Shipper,
    /// Rotates while the program serves.
    _keys: Option<KeysAway>,
    /// Whether the journal says that the archive is not reached.
    entered: AtomicBool,
}

/// How long the archive may be out of reach before the journal says so.
const ENTERED_AFTER_SECONDS: i64 = 60;

impl Archiving {
    /// Begins to ship an installation, with what goes beside the journal: files always, and keys where somebody keeps what opens them.
    ///
    /// # Errors
    /// A sentence for people.
    pub fn start(installation: &Installation, place: Arc<dyn Place>, keeping: &Keeping) -> Result<Self, Told> {
        // An archive of another is said at once; one that does not answer must not keep the service from starting.
        let ours = installation_hex(installation);
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
        // Not held by the thread: else the store would not end before it.
        let store = Arc::downgrade(&installation.store);
        let named = move || {
            let store = store.upgrade().ok_or("the program is ending")?;
            store.all_files().map_err(|error| error.to_string())
        };
        // Here is the one list of what goes to the archive before the entries that need it.
        let mut companions: Vec<Arc<dyn Companion>> = Vec::new();
        let keys = KeysAway::start(installation, Arc::clone(&place), keeping)?;
        companions.extend(keys.as_ref().map(KeysAway::companion));
        companions.push(Arc::new(ShippedFiles::new(Arc::clone(&installation.kept), Box::new(named))));
        let shipping = Shipping {
            place,
            installation: ours,
            writer: hex(&journal::random_salt()?),
            journal: installation.folder.join("journal"),
            disk: Arc::new(RealDisk),
            durable: Box::new(installation.store.durable_end()),
            companions,
            clock: Arc::clone(&installation.clock),
        };
        Ok(Self { shipper: Shipper::start(shipping)?, _keys: keys, entered: AtomicBool::new(false) })
    }

    /// How it stands.
    pub fn status(&self) -> Status {
        self.shipper.status()
    }

    /// Sends what is left and ends.
    pub fn end(&self) {
        self.shipper.end();
    }

    /// Enters that the archive is not reached, and that it is again: each once.
    pub async fn enter(&self, store: &Store) {
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

/// The installation's id as the archive carries it.
pub fn installation_hex(installation: &Installation) -> String {
    hex(&installation.vault.installation())
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
