//! The note of a snapshot: what its rows are, signed with the key that signs the installation's logs. Who can write to the second
//! place can take a snapshot away, and cannot make one.

use journal::{Position, SigningKey, VerifierKey};
use terms::{Hash, Instant, TenantId};

/// The folder of snapshots within a data folder.
pub const SNAPSHOTS: &str = "snapshots";

/// What a snapshot is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The form of its tables.
    pub form: i64,
    /// The last group of the journal that it knows.
    pub at: Position,
    /// When that group was written: what was committed at or before this, and nothing later, is in it.
    pub commit: Instant,
    /// When it was made.
    pub made: Instant,
    /// The state's hash at that place, as [`crate::Fingerprint`] has it.
    pub state: Hash,
    /// Bytes of its rows.
    pub bytes: u64,
    /// SHA-256 of its rows, byte by byte.
    pub sha256: Hash,
    /// How many rows each table of the state had.
    pub counts: Vec<(String, u64)>,
    /// How many entries each log had and, where its tiles were published that far, the root over them.
    pub logs: Vec<(TenantId, u64, Option<Hash>)>,
}

impl Snapshot {
    /// What its objects are called, without an ending: the place that it knows, so that they sort as the journal goes on.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{:010}-{:012}", self.at.segment, self.at.offset)
    }

    /// The signed note.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> String {
        key.sign_note(&self.text())
    }

    /// Reads a note that the installation signed; nothing where it is none.
    #[must_use]
    pub fn open(note: &str, key: &VerifierKey) -> Option<Self> {
        Self::read(key.open_note(note).ok()?)
    }

    /// Reads a note without looking at its signature: for a list, and never to load from.
    #[must_use]
    pub fn glance(note: &str) -> Option<Self> {
        Self::read(note.get(..note.rfind("\n\n")? + 1)?)
    }

    fn text(&self) -> String {
        let mut text = format!(
            "betrodd snapshot 1\nform {}\nat {} {}\ncommit {}\nmade {}\nstate {}\nbytes {}\nsha256 {}\n",
            self.form,
            self.at.segment,
            self.at.offset,
            self.commit.micros(),
            self.made.micros(),
            self.state,
            self.bytes,
            self.sha256
        );
        for (table, count) in &self.counts {
            text.push_str(&format!("rows {table} {count}\n"));
        }
        for (tenant, size, root) in &self.logs {
            match root {
                Some(root) => text.push_str(&format!("log {tenant} {size} {root}\n")),
                None => text.push_str(&format!("log {tenant} {size}\n")),
            }
        }
        text
    }

    fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let mut said = |word: &str| lines.next()?.strip_prefix(word)?.strip_prefix(' ').map(str::to_owned);
        if said("betrodd snapshot")? != "1" {
            return None;
        }
        let form = said("form")?.parse().ok()?;
        let at = said("at")?;
        let (segment, offset) = at.split_once(' ')?;
        let at = Position { segment: segment.parse().ok()?, offset: offset.parse().ok()? };
        let commit = Instant(said("commit")?.parse().ok()?);
        let made = Instant(said("made")?.parse().ok()?);
        let state = said("state")?.parse().ok()?;
        let bytes = said("bytes")?.parse().ok()?;
        let sha256 = said("sha256")?.parse().ok()?;
        let (mut counts, mut logs) = (Vec::new(), Vec::new());
        for line in lines {
            if let Some(rows) = line.strip_prefix("rows ") {
                let (table, count) = rows.split_once(' ')?;
                counts.push((table.to_owned(), count.parse().ok()?));
            } else {
                let mut parts = line.strip_prefix("log ")?.split(' ');
                let (tenant, size) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
                logs.push((tenant, size, parts.next().map(str::parse).transpose().ok()?));
            }
        }
        Some(Self { form, at, commit, made, state, bytes, sha256, counts, logs })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_reads_back_under_its_key_and_a_changed_one_does_not() {
        let key = SigningKey::from_seed(&journal::key_name(&[7; 16]), &[9; 32]).unwrap();
        let note = Snapshot {
            form: 9,
            at: Position { segment: 3, offset: 640 },
            commit: Instant(5),
            made: Instant(9),
            state: Hash([1; 32]),
            bytes: 77,
            sha256: Hash([2; 32]),
            counts: vec![("record".to_owned(), 4)],
            logs: vec![(TenantId([1; 16]), 12, Some(Hash([3; 32]))), (TenantId([2; 16]), 1, None)],
        };
        let signed = note.sign(&key);
        assert_eq!(Snapshot::open(&signed, &key.verifier()), Some(note.clone()));
        assert_eq!(Snapshot::glance(&signed), Some(note));
        for place in 0..signed.len() {
            let mut bytes = signed.clone().into_bytes();
            bytes[place] ^= 1;
            if let Ok(changed) = String::from_utf8(bytes) {
                assert!(Snapshot::open(&changed, &key.verifier()).is_none(), "byte {place}");
            }
        }
    }
}
