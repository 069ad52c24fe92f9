//! The rooms, hung up over one data folder.

use std::path::Path;
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
    /// The vault.
    pub vault: Arc<Vault>,
    /// The door.
    pub processing: Arc<Processing>,
    /// Log-in.
    pub access: Arc<Access>,
    /// The services.
    pub shelves: Vec<Shelf>,
}

/// Opens the folder: lock first, then keys, vault, journal and state.
pub fn open(folder: &Path, shelves: Vec<Shelf>, clock: Arc<dyn Clock>, demo: bool) -> Result<Installation, Told> {
    let lock = Lock::take(folder)?;
    std::fs::create_dir_all(folder.join("journal"))?;
    let keys = Arc::new(KeyStore::open(&folder.join("keys.db"))?);
    let root = Root::open_or_begin(&folder.join("root.key"))?;
    let vault = Arc::new(Vault::open(&root, Arc::clone(&keys))?);
    vault.new_tenant(&TenantId::INSTALLATION)?;
    let signer = SigningKey::from_seed(&journal::key_name(&vault.installation()), vault.signing_seed())?;
    let store = Store::open(folder, lock, Options::default(), Arc::clone(&clock), keys, &*vault, signer)?;
    let store = Arc::new(store);
    let kinds = shelves.iter().map(|shelf| Arc::clone(&shelf.kinds)).collect();
    let processing = Arc::new(Processing::new(Arc::clone(&store), Arc::clone(&vault), kinds)?);
    let access = Arc::new(crate::seams::access(&store, &vault, &processing, clock, demo));
    Ok(Installation { store, vault, processing, access, shelves })
}
