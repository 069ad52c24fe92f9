//! An honest history of a customer's log, and the files that an honest or a dishonest provider publishes of entries.

use std::path::Path;

use journal::{
    Checkpoint, Detail, Entry, EntryKind, Evidence, Extra, Frontier, Heads, InstallationProof, Opened, Outcome, Proof,
    SigningKey, TileReader, TileWriter, inclusion_proof, key_name, origin,
};
use terms::{Instant, TenantId};

pub const TENANT: TenantId = TenantId([0x11; 16]);
pub const OTHER: TenantId = TenantId([0x22; 16]);

/// Around what tiles and trees find hard: powers of two, a full tile, one more.
pub const SIZES: [usize; 8] = [1, 2, 3, 8, 255, 256, 257, 700];

pub fn key() -> SigningKey {
    SigningKey::from_seed(&key_name(&[9; 16]), &[1; 32]).expect("a key")
}

/// Another key with the same name: what a provider would make who lost or hides the first.
pub fn other_key() -> SigningKey {
    SigningKey::from_seed(&key_name(&[9; 16]), &[2; 32]).expect("a key")
}

pub fn entry(tenant: TenantId, index: u64, micros: i64, of: u64) -> Entry {
    let detail = Detail { outcome: Outcome::Happened, event: Some(format!("event-{of}")), ..Detail::default() };
    let mut salt = [0x5a; 32];
    salt[..8].copy_from_slice(&of.to_be_bytes());
    Entry::new(tenant, index, EntryKind::Event, Instant(micros), detail, &Extra::default(), salt)
}

pub struct History {
    pub entries: Vec<Entry>,
}

impl History {
    pub fn of(size: usize) -> Self {
        let entries =
            (0..size as u64).map(|n| entry(TENANT, n, 1_700_000_000_000_000 + n as i64 * 1_000_000, n)).collect();
        Self { entries }
    }

    /// The honest checkpoint when the log had so many entries.
    pub fn note(&self, size: usize) -> String {
        note_of(&self.entries[..size], &key(), &TENANT)
    }

    /// The proof of an entry, with the way through the installation's log.
    pub fn proof(&self, reader: &TileReader, at: usize) -> Proof {
        let size = self.entries.len();
        let path = reader.inclusion(at as u64).expect("a path");
        let old = size.div_ceil(2);
        let head = (TENANT, old as u64, root_of(&self.entries[..old]));
        let heads = Heads::build(&[head, (OTHER, 3, journal::empty_root())]).expect("random bytes");
        let salt = [3; 32];
        let whole: Vec<Entry> = (0..5).map(|n| heads.entry(n, Instant(n as i64), salt)).collect();
        let among = heads.proof(&TENANT).expect("a proof");
        let mut node = |level: u32, index: u64| {
            let mut below = Frontier::default();
            let first = (index << level) as usize;
            whole[first..first + (1 << level)].iter().for_each(|one| below.push(one.leaf.hash()));
            Ok::<_, ()>(below.root())
        };
        let installation = InstallationProof {
            note: note_of(&whole, &key(), &TenantId::INSTALLATION),
            index: 2,
            leaf: whole[2].leaf.encode().to_vec(),
            path: inclusion_proof(2, 5, &mut node).expect("a path"),
            salt,
            root: heads.root(),
            head: among.head,
            place: among.index,
            count: among.count,
            head_path: among.path,
            consistency: reader.consistency(old as u64).expect("a proof"),
        };
        let one = &self.entries[at];
        let opened = Opened { salt: one.salt.expect("a salt"), detail: one.detail.clone().expect("a detail") };
        let evidence = Evidence {
            leaf: one.leaf.encode().to_vec(),
            opened: Some(opened),
            installation: Some(installation),
            purged: None,
        };
        Proof { index: at as u64, path, note: self.note(size), evidence }
    }
}

fn root_of(entries: &[Entry]) -> terms::Hash {
    let mut tree = Frontier::default();
    entries.iter().for_each(|entry| tree.push(entry.leaf.hash()));
    tree.root()
}

pub fn note_of(entries: &[Entry], key: &SigningKey, tenant: &TenantId) -> String {
    let checkpoint =
        Checkpoint { origin: origin(key.name(), tenant), size: entries.len() as u64, root: root_of(entries) };
    checkpoint.sign(key)
}

/// Writes tiles and checkpoint of the entries, as if they were the log.
pub fn publish(folder: &Path, entries: &[Entry], key: &SigningKey) {
    for part in ["tile", "checkpoint"] {
        let part = folder.join(part);
        let _ = if part.is_dir() { std::fs::remove_dir_all(part) } else { std::fs::remove_file(part) };
    }
    let mut writer = TileWriter::begin(folder).expect("a log");
    entries.iter().for_each(|entry| writer.append(&entry.leaf));
    let _ = writer.publish(key, &origin(key.name(), &TENANT)).expect("publishes");
}

/// Marsaglia's xorshift: the same cases in every run.
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }
}
