//! The rooms, hung up over one data folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use access::Access;
use journal::SigningKey;
use processing::Processing;
use storage::{KeyStore, Lock, Options, Store};
use terms::{Clock, TenantId};
use vault::{Root, Vault};

use crate::Told;
use crate::services::Shelf;

/// An open installation.
pub struct Installation {
    /// The store.
    pub store: Arc<Store>,
    /// The root key.
    pub root: Root,
    /// The file of keys.
    pub keys: Arc<KeyStore>,
    /// The vault.
    pub vault: Arc<Vault>,
    /// The door.
    pub processing: Arc<Processing>,
    /// Log-in.
    pub access: Arc<Access>,
    /// The services.
    pub shelves: Vec<Shelf>,
    /// The data folder.
    pub folder: PathBuf,
    /// Where sealed files lie.
    pub kept: Arc<dyn files::Place>,
    /// The installation's clock, as it was handed in.
    pub clock: Arc<dyn Clock>,
}

/// The key that everything in the file of keys is sealed with.
const ROOT_KEY: &str = "root.key";
/// The file of keys.
const KEYS: &str = "keys.db";
/// The state.
const STATE: &str = "state.db";

/// A key that is missing from a folder in use.
#[derive(Debug, thiserror::Error)]
enum MissingKey {
    #[error(
        "`{}` is missing, though the folder holds {found}. It holds every person's key and the key that signs the logs: without \
         it nobody in the folder can be read any more, and a new one would not open what is there. Nothing was started or \
         changed. Put the file back from where it was moved or saved, and start again", .file.display()
    )]
    Keys { file: PathBuf, found: &'static str },
    #[error(
        "`{}` is missing, though the folder holds `keys.db`. It is what the keys in there are sealed with: without it nobody in \
         the folder can be read any more, and a new one would not open them. Nothing was started or changed. Put the file back \
         from where it was moved or saved, with mode 0600, and start again", .file.display()
    )]
    Root { file: PathBuf },
}

/// Keys are begun only in a folder that holds nothing yet that they would have to open.
fn nothing_is_missing(folder: &Path) -> Result<(), Told> {
    let there = |name: &str| folder.join(name).try_exists();
    if there(KEYS)? {
        let file = folder.join(ROOT_KEY);
        return if file.try_exists()? { Ok(()) } else { Err(MissingKey::Root { file }.into()) };
    }
    let found = if holds_segment(&folder.join("journal"))? {
        "a journal"
    } else if there(STATE)? {
        "a state"
    } else {
        return Ok(());
    };
    Err(MissingKey::Keys { file: folder.join(KEYS), found }.into())
}

fn holds_segment(journal: &Path) -> std::io::Result<bool> {
    let entries = match std::fs::read_dir(journal) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(cause) => return Err(cause),
    };
    for entry in entries {
        if entry?.file_name().to_string_lossy().starts_with("segment-") {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Opens the folder: lock first, then keys, vault, journal and state.
pub fn open(folder: &Path, shelves: Vec<Shelf>, clock: Arc<dyn Clock>, demo: bool) -> Result<Installation, Told> {
    open_scanned(folder, shelves, clock, demo, None)
}

/// The same, with a scanner through which every file goes.
pub fn open_scanned(
    folder: &Path,
    shelves: Vec<Shelf>,
    clock: Arc<dyn Clock>,
    demo: bool,
    scanner: Option<files::Scanner>,
) -> Result<Installation, Told> {
    let lock = Lock::take(folder)?;
    nothing_is_missing(folder)?;
    std::fs::create_dir_all(folder.join("journal"))?;
    // The root key first: were keys begun before it and we died between the two, the next start would take it for lost.
    let root = Root::open_or_begin(&folder.join(ROOT_KEY))?;
    let keys = Arc::new(KeyStore::open(&folder.join(KEYS))?);
    let vault = Arc::new(Vault::open(&root, Arc::clone(&keys))?);
    vault.new_tenant(&TenantId::INSTALLATION)?;
    let signer = SigningKey::from_seed(&journal::key_name(&vault.installation()), vault.signing_seed())?;
    let store = Store::open(folder, lock, Options::default(), Arc::clone(&clock), Arc::clone(&keys), &*vault, signer)?;
    let store = Arc::new(store);
    let kinds = shelves.iter().map(|shelf| Arc::clone(&shelf.kinds)).collect();
    let kept = crate::live_files::open(folder)?;
    let processing = Processing::new(Arc::clone(&store), Arc::clone(&vault), kinds)?;
    let processing = Arc::new(processing.with_files(files::Files::new(Arc::clone(&kept), scanner))?);
    let access = Arc::new(crate::seams::access(&store, &vault, &processing, Arc::clone(&clock), demo));
    // Not held by what it holds itself: else nothing would ever be dropped, and the store would not end in order.
    let sessions = Arc::downgrade(&access);
    processing.when_erased(Box::new(move |person| {
        if let Some(access) = sessions.upgrade() {
            access.forget(person);
        }
    }));
    let folder = folder.to_owned();
    Ok(Installation { root, keys, store, vault, processing, access, shelves, folder, kept, clock })
}

/// Makes a folder whose journal was set back ready to go on from what is left. Only one that was: the wish is not left standing in a start
/// script.
///
/// # Errors
/// A sentence for people.
pub fn go_on_from_set_back(folder: &Path, shelves: Vec<Shelf>, clock: Arc<dyn Clock>) -> Result<(), Told> {
    match open(folder, shelves, clock, false) {
        Ok(_) => {
            let folder = folder.display();
            return Err(format!(
                "the journal in `{folder}` was not set back; start without `--go-on-from-set-back`. Nothing was changed"
            )
            .into());
        }
        Err(error) if matches!(error.downcast_ref(), Some(storage::OpenError::SetBack(_))) => {}
        Err(error) => return Err(error),
    }
    let lock = Lock::take(folder)?;
    let aside = storage::go_on_from_set_back(folder, &lock)?;
    eprintln!(
        "betrodd: going on from a journal that was set back. What was published lies in `{}`; logs and state are made anew",
        aside.display()
    );
    Ok(())
}

/// Enters that it was gone on from a journal that was set back: in the installation's log, and in each customer's, whose entries are gone.
///
/// # Errors
/// The world's.
pub async fn enter_set_back(installation: &Installation) -> Result<(), Told> {
    let store = &installation.store;
    let logs = store.tenants()?.into_iter().map(|tenant| tenant.id).chain([TenantId::INSTALLATION]);
    for log in logs {
        let event = Some("journal-set-back".to_owned());
        let detail = journal::Detail { event, outcome: journal::Outcome::Happened, ..journal::Detail::default() };
        store.event(log, detail, Vec::new()).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(files: &[&str]) -> String {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        nothing_is_missing(folder.path()).err().map(|told| told.to_string()).unwrap_or_default()
    }

    #[test]
    fn keys_are_begun_only_where_nothing_needs_them() {
        for fine in [
            &["lock"][..],
            &["lock", "root.key"],
            &["journal/verifier.key"],
            &["root.key", "keys.db"],
            &["root.key", "keys.db", "state.db", "journal/segment-0000000001.log"],
        ] {
            assert_eq!(told(fine), "", "{fine:?}");
        }
        for (files, missing) in [
            (&["root.key", "journal/segment-0000000001.log"][..], "keys.db"),
            (&["journal/segment-0000000001.log"], "keys.db"),
            (&["root.key", "state.db"], "keys.db"),
            (&["keys.db"], "root.key"),
            (&["keys.db", "state.db", "journal/segment-0000000001.log"], "root.key"),
        ] {
            let told = told(files);
            assert!(told.contains(&format!("{missing}` is missing")) && told.contains("Put the file back"), "{told}");
        }
    }
}
