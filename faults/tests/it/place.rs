//! What goes on beside a data folder: shipping to the second place, rotation of what opens the copies of keys there, snapshots, and
//! bringing it all back. The program's own wiring (`programs/betrodd`) does the same with threads and a wall clock.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use archive::{Companion, Directory, Place, Shipper, Shipping, Taking, take_snapshot};
use custodian::Folder;
use journal::{RealDisk, SigningKey};
use storage::{KeyStore, Snapshot, Wanted, WentBack};
use terms::{Clock, Instant, TenantId};
use vault::offsite::{Copies, Offsite, OffsiteError, take_back};
use vault::{Root, Vault};

use crate::house::{HOUR, Hands, House};

/// A second place and a custodian's folder.
#[derive(Clone)]
pub struct Beside {
    pub second: PathBuf,
    pub third: PathBuf,
}

/// The second place, as keys see it.
struct OverPlace(Arc<dyn Place>);

impl Copies for OverPlace {
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        archive::put_checked(&*self.0, name, bytes).map_err(|error| error.to_string())
    }
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        let Some(mut from) = self.0.open(name).map_err(|error| error.to_string())? else { return Ok(None) };
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).map_err(|cause| cause.to_string())?;
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

/// Keys go ahead of the data that needs them.
struct Ahead(Arc<Offsite>);

impl Companion for Ahead {
    fn before(&self, _: &dyn Place, _: &[journal::Entry]) -> Result<(), String> {
        let shipped = match self.0.ship() {
            Err(OffsiteError::Unusable(_)) => self.0.tick().and_then(|_| self.0.ship()),
            shipped => shipped,
        };
        shipped.map(|_| ()).map_err(|error| error.to_string())
    }
    fn tidy(&self, _: &dyn Place) -> Result<(), String> {
        Ok(())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Beside {
    pub fn new(base: &Path) -> Self {
        Self { second: base.join("second"), third: base.join("third") }
    }

    pub fn place(&self) -> Arc<dyn Place> {
        Arc::new(Directory::open(&self.second).unwrap())
    }

    fn custodian(&self) -> Folder {
        Folder::beside(&self.third).unwrap()
    }

    pub fn offsite(&self, house: &House, clock: &Arc<Hands>) -> Arc<Offsite> {
        let clock = Arc::clone(clock) as Arc<dyn Clock>;
        let (keys, copies) = (Arc::clone(&house.keys), Arc::new(OverPlace(self.place())));
        let custodian = Arc::new(self.custodian());
        Arc::new(Offsite::new(&house.root, &house.vault, keys, copies, custodian, clock, 24 * HOUR).unwrap())
    }

    /// Ships everything that is durable, keys first.
    ///
    /// # Errors
    /// Why it does not all lie there.
    pub fn ship(&self, house: &House, clock: &Arc<Hands>) -> Result<(), String> {
        let offsite = self.offsite(house, clock);
        let shipper = Shipper::start(Shipping {
            place: self.place(),
            installation: hex(&house.vault.installation()),
            writer: "w".to_owned(),
            journal: house.folder.join("journal"),
            disk: Arc::new(RealDisk),
            durable: Box::new(house.store.durable_end()),
            companions: vec![Arc::new(Ahead(Arc::clone(&offsite)))],
            clock: Arc::clone(clock) as Arc<dyn Clock>,
        })
        .unwrap();
        shipper.end();
        let status = shipper.status();
        if let Some(why) = status.stopped.or(status.failing.map(|(why, _)| why)) {
            return Err(why);
        }
        // Keys that nobody has written under yet, and those that are gone; the program's own thread does it every few seconds.
        offsite.tick().map(drop).map_err(|error| error.to_string())
    }

    /// Does what is due with the archive key.
    ///
    /// # Errors
    /// Why not.
    pub fn rotate(&self, house: &House, clock: &Arc<Hands>) -> Result<bool, String> {
        Ok(self.offsite(house, clock).tick().map_err(|error| error.to_string())?.is_some())
    }

    /// Takes a snapshot, and lets so many stay; what they cover goes from the journal.
    ///
    /// # Errors
    /// Why not.
    pub fn snapshot(&self, house: &House, keep: usize) -> Result<(), String> {
        let keeps = |all: &[Snapshot]| {
            let keep = keep.min(all.len());
            (keep, keep.checked_sub(1).and_then(|last| all.get(last)).map(|one| one.at))
        };
        let installation = hex(&house.vault.installation());
        let place = self.place();
        let taking = Taking {
            store: &house.store,
            seals: &*house.vault,
            folder: &house.folder,
            place: &*place,
            installation: &installation,
            keeps: &keeps,
        };
        take_snapshot(&taking).map(drop).map_err(|error| error.to_string())
    }

    /// Brings an installation back into a folder that is not there, with the root key that was kept apart; `at` an instant where one is
    /// asked for, of one customer alone where one is named.
    ///
    /// # Errors
    /// Why not; the folder is then as far as it came.
    pub async fn restore(
        &self,
        root: &[u8],
        to: &Path,
        clock: &Arc<Hands>,
        at: Option<(Instant, Option<TenantId>)>,
    ) -> Result<(House, Option<WentBack>), String> {
        let said = |error: &dyn std::fmt::Display| error.to_string();
        let place = self.place();
        let journal = to.join("journal");
        std::fs::create_dir_all(&journal).unwrap();
        std::fs::set_permissions(to, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        archive::fetch_journal(&*place, &journal, &mut |_| {}).map_err(|error| said(&error))?;
        archive::fetch_covered(&*place, &journal).map_err(|error| said(&error))?;
        std::fs::write(to.join("root.key"), root).unwrap();
        std::fs::set_permissions(to.join("root.key"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        {
            let root = Root::open_or_begin(&to.join("root.key")).map_err(|error| said(&error))?;
            take_back(&root, &OverPlace(Arc::clone(&place)), &self.custodian(), &to.join("keys.db"))
                .map_err(|error| said(&error))?;
            let keys = Arc::new(KeyStore::open(&to.join("keys.db")).map_err(|error| said(&error))?);
            let vault = Vault::open(&root, keys).map_err(|error| said(&error))?;
            let name = journal::key_name(&vault.installation());
            let key = SigningKey::from_seed(&name, vault.signing_seed()).unwrap().verifier();
            let there = archive::snapshots(&*place, Some(&key)).map_err(|error| said(&error))?;
            let before = |one: &&Snapshot| at.is_some_and(|(at, _)| one.commit <= at);
            for one in there.first().into_iter().chain(there.iter().find(before)) {
                archive::fetch_snapshot(&*place, one, to, &mut |_| {}).map_err(|error| said(&error))?;
            }
        }
        let house = House::open(to, clock)?;
        let Some((at, tenant)) = at else { return Ok((house, None)) };
        let stays = |_: &TenantId, _: &terms::KindName| false;
        let wanted = Wanted { to: at, tenant, stays: &stays };
        let back = house.store.back_to(&wanted, &*house.vault).map_err(|error| said(&error))?;
        let went = house.store.go_back(at, back).await.map_err(|error| said(&error))?;
        Ok((house, Some(went)))
    }

    /// The private halves of the archive keys at the custodian now.
    pub fn private_halves(&self) -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        for (_, bytes) in crate::searching::files(&[&self.third]) {
            // CBOR: an array, the form, then the private half after its two bytes of length.
            all.extend(bytes.get(4..36).map(<[u8]>::to_vec));
        }
        all
    }
}
