//! A proof that one entry stands in a log, as a text of its own: C2SP `tlog-proof`, checked with the text and the installation's
//! public key alone. Likewise that a log continues an earlier one: the form in which C2SP `tlog-witness` takes checkpoints.
//!
//! The extra data of the proof carries the leaf, the detail where its reader may have it, and the way from the tenant's
//! checkpoint to the installation's. None of it is believed: each part is hashed until it meets a signature.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use minicbor::{Decode, Encode};
use terms::{ClauseId, Hash, Instant, TenantId};

use crate::checkpoint::{Checkpoint, NoteError, VerifierKey, origin};
use crate::entry::{FormatError, LEAF_BYTES, commitment, read_cbor, write_cbor};
use crate::{Detail, EntryKind, Head, HeadProof, Leaf, verify_consistency, verify_inclusion};

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";
/// Longest text that is read. A proof of an entry that names eight persons has some kilobytes.
const MAX_PROOF_BYTES: usize = 1 << 20;
/// A tree of 2^64 leaves has no longer path.
const MAX_PATH: usize = 64;

/// That one entry stands in a tenant's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Its index in the log.
    pub index: u64,
    /// The path from the leaf to the root (RFC 6962).
    pub path: Vec<Hash>,
    /// The tenant's checkpoint, a signed note.
    pub note: String,
    /// What the path begins with, and where the checkpoint leads.
    pub evidence: Evidence,
}

/// The extra data of a proof, as CBOR.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct Evidence {
    /// The leaf, 42 bytes.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub leaf: Vec<u8>,
    /// Salt and detail, where they are given: purged ones cannot be, and not everybody may have them.
    #[n(1)]
    pub opened: Option<Opened>,
    /// How the tenant's log is held by the installation's. None before its first tick.
    #[n(2)]
    pub installation: Option<InstallationProof>,
    /// Where the detail was purged: the entry of the same log that says so. None in proofs from before there was this.
    #[n(3)]
    pub purged: Option<PurgeProof>,
}

/// That an entry of the same log says that details were purged. Which, it does not say: that this one's was among them is the word of
/// whoever made the proof, who cannot open it.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct PurgeProof {
    /// Its index in the log.
    #[n(0)]
    pub index: u64,
    /// Its leaf.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub leaf: Vec<u8>,
    /// The path from that leaf to the root of the same checkpoint.
    #[n(2)]
    pub path: Vec<Hash>,
    /// What it says: clause and count, and nothing of anybody.
    #[n(3)]
    pub opened: Opened,
}

/// When the detail of an entry was purged, as its log says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurgedOn {
    /// Index of the entry that says so.
    pub index: u64,
    /// When.
    pub time: Instant,
    /// By which clause of the agreement that was in force.
    pub clause: Option<ClauseId>,
}

/// The event of an entry that says that details were purged.
pub const DETAILS_PURGED: &str = "details-purged";

/// What a leaf commits to.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct Opened {
    /// The salt.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub salt: [u8; 32],
    /// An encoded [`Detail`].
    #[cbor(n(1), with = "minicbor::bytes")]
    pub detail: Vec<u8>,
}

/// That a head of the tenant's log stands in the installation's log, and that the tenant's checkpoint continues it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct InstallationProof {
    /// The installation's checkpoint, a signed note.
    #[n(0)]
    pub note: String,
    /// Index of the entry of heads in the installation's log.
    #[n(1)]
    pub index: u64,
    /// Its leaf.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub leaf: Vec<u8>,
    /// The path from that leaf to the installation's root.
    #[n(3)]
    pub path: Vec<Hash>,
    /// The salt of that leaf.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub salt: [u8; 32],
    /// The root over the blinded heads, which that leaf commits to.
    #[n(5)]
    pub root: Hash,
    /// The tenant's own head among them.
    #[n(6)]
    pub head: Head,
    /// Its place among the sorted hashes.
    #[n(7)]
    pub place: u64,
    /// How many hashes there are.
    #[n(8)]
    pub count: u64,
    /// The path from it to that root.
    #[n(9)]
    pub head_path: Vec<Hash>,
    /// That the tenant's checkpoint continues that head.
    #[n(10)]
    pub consistency: Vec<Hash>,
}

/// What a proof shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proved {
    /// Whose log.
    pub tenant: TenantId,
    /// Index of the entry.
    pub index: u64,
    /// What kind of entry.
    pub kind: EntryKind,
    /// When.
    pub time: Instant,
    /// What it says, where the proof opens it.
    pub detail: Option<Detail>,
    /// When that was purged, where its log says so.
    pub purged: Option<PurgedOn>,
    /// Size and root of the log that it stands in.
    pub size: u64,
    /// See `size`.
    pub root: Hash,
    /// Index and time of the installation's entry that holds a head of the log; none where the proof carries none.
    pub installation: Option<(u64, Instant)>,
}

/// A proof proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// It is not written as a proof is.
    #[error("the text is no proof: {0}")]
    Malformed(&'static str),
    /// A part of it is not.
    #[error("{0}")]
    Format(#[from] FormatError),
    /// A checkpoint is not signed by the key.
    #[error("{0}")]
    Note(#[from] NoteError),
    /// The parts do not fit each other.
    #[error("the proof is false: {0}")]
    False(&'static str),
}

impl Proof {
    /// The text.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut extra = Vec::new();
        write_cbor(&self.evidence, &mut extra);
        let mut text = format!("{FIRST_LINE}\nextra {}\nindex {}\n", BASE64.encode(extra), self.index);
        put_path(&mut text, &self.path);
        text + "\n" + &self.note
    }

    /// Reads a text. Nothing is checked yet.
    ///
    /// # Errors
    /// [`ProofError::Malformed`] and [`ProofError::Format`].
    pub fn decode(text: &str) -> Result<Self, ProofError> {
        let bad = ProofError::Malformed;
        if text.len() > MAX_PROOF_BYTES {
            return Err(bad("it is longer than proofs are"));
        }
        let rest = text.strip_prefix(FIRST_LINE).and_then(|rest| rest.strip_prefix('\n'));
        let rest = rest.ok_or(bad("it does not begin with the line `c2sp.org/tlog-proof@v1`"))?;
        let rest =
            rest.strip_prefix("extra ").ok_or(bad("it has no extra data, so it does not say which entry it is of"))?;
        let (extra, rest) = rest.split_once('\n').ok_or(bad("it is cut short"))?;
        let extra = BASE64.decode(extra).map_err(|_| bad("its extra data is not base64"))?;
        let evidence: Evidence = read_cbor("proof", &extra)?;
        let rest = rest.strip_prefix("index ").ok_or(bad("it has no index"))?;
        let (index, rest) = rest.split_once('\n').ok_or(bad("it is cut short"))?;
        let index: u64 = index
            .parse()
            .ok()
            .filter(|number: &u64| number.to_string() == index)
            .ok_or(bad("its index is no number"))?;
        let (path, note) = take_path(rest)?;
        Ok(Self { index, path, note: note.to_owned(), evidence })
    }

    /// Checks everything, down to the signatures of `key`.
    ///
    /// # Errors
    /// [`ProofError`]: the first thing that does not hold.
    pub fn verify(&self, key: &VerifierKey) -> Result<Proved, ProofError> {
        let wrong = ProofError::False;
        let checkpoint = Checkpoint::open(&self.note, key)?;
        let tenant = tenant_of(&checkpoint, key)?;
        let leaf = leaf_of(&self.evidence.leaf)?;
        if !verify_inclusion(&leaf.hash(), self.index, checkpoint.size, &self.path, &checkpoint.root) {
            return Err(wrong("the entry does not stand at that place of the log"));
        }
        let detail = match &self.evidence.opened {
            None => None,
            Some(opened) if commitment(&opened.salt, &opened.detail) != leaf.commitment => {
                return Err(wrong("the detail is not the one that the leaf commits to"));
            }
            Some(opened) => Some(Detail::decode(&opened.detail)?),
        };
        let installation = self.evidence.installation.as_ref();
        let installation = installation.map(|proof| proof.verify(&tenant, &checkpoint, key)).transpose()?;
        let purged = match &self.evidence.purged {
            None => None,
            Some(_) if detail.is_some() => return Err(wrong("it opens an entry and says that its detail was purged")),
            Some(purged) => Some(purged.verify(self.index, &checkpoint)?),
        };
        let (size, root) = (checkpoint.size, checkpoint.root);
        let (index, kind, time) = (self.index, leaf.kind, leaf.time);
        Ok(Proved { tenant, index, kind, time, detail, purged, size, root, installation })
    }
}

impl PurgeProof {
    fn verify(&self, of: u64, checkpoint: &Checkpoint) -> Result<PurgedOn, ProofError> {
        let wrong = ProofError::False;
        let leaf = leaf_of(&self.leaf)?;
        if !verify_inclusion(&leaf.hash(), self.index, checkpoint.size, &self.path, &checkpoint.root) {
            return Err(wrong("the entry of the purge does not stand at that place of the log"));
        }
        if commitment(&self.opened.salt, &self.opened.detail) != leaf.commitment {
            return Err(wrong("what the entry of the purge says is not what its leaf commits to"));
        }
        let detail = Detail::decode(&self.opened.detail)?;
        if self.index <= of || detail.event.as_deref() != Some(DETAILS_PURGED) {
            return Err(wrong("what should say that the detail was purged is no later entry of a purge"));
        }
        Ok(PurgedOn { index: self.index, time: leaf.time, clause: detail.clause })
    }
}

impl InstallationProof {
    fn verify(
        &self,
        tenant: &TenantId,
        checkpoint: &Checkpoint,
        key: &VerifierKey,
    ) -> Result<(u64, Instant), ProofError> {
        let wrong = ProofError::False;
        let whole = Checkpoint::open(&self.note, key)?;
        if tenant_of(&whole, key)? != TenantId::INSTALLATION {
            return Err(wrong("the second checkpoint is not of the installation's log"));
        }
        let leaf = leaf_of(&self.leaf)?;
        if !verify_inclusion(&leaf.hash(), self.index, whole.size, &self.path, &whole.root) {
            return Err(wrong("the heads do not stand at that place of the installation's log"));
        }
        if leaf.kind != EntryKind::Heads || commitment(&self.salt, self.root.bytes()) != leaf.commitment {
            return Err(wrong("the heads are not those that the installation's leaf commits to"));
        }
        let (head, path) = (self.head.clone(), self.head_path.clone());
        let among = HeadProof { head, index: self.place, count: self.count, path };
        if self.head.tenant != *tenant || !among.verify(&self.root) {
            return Err(wrong("the log's head is not among the heads"));
        }
        let (old, new) = ((self.head.size, &self.head.root), (checkpoint.size, &checkpoint.root));
        if !verify_consistency(old.0, old.1, new.0, new.1, &self.consistency) {
            return Err(wrong("the log does not continue the head that the installation's log holds"));
        }
        Ok((self.index, leaf.time))
    }
}

/// That a log continues itself: the proof, and the newer checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Continuation {
    /// The size from which.
    pub old: u64,
    /// The proof (RFC 6962, 2.1.2).
    pub path: Vec<Hash>,
    /// The newer checkpoint, a signed note.
    pub note: String,
}

impl Continuation {
    /// `old SIZE`, the proof one hash a line, an empty line, the note.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut text = format!("old {}\n", self.old);
        put_path(&mut text, &self.path);
        text + "\n" + &self.note
    }

    /// Reads a text. Nothing is checked yet.
    ///
    /// # Errors
    /// [`ProofError::Malformed`].
    pub fn decode(text: &str) -> Result<Self, ProofError> {
        let bad = ProofError::Malformed;
        let (old, rest) = text
            .strip_prefix("old ")
            .and_then(|rest| rest.split_once('\n'))
            .filter(|_| text.len() <= MAX_PROOF_BYTES)
            .ok_or(bad("it does not begin with the line `old SIZE`"))?;
        let old = old.parse().map_err(|_| bad("the old size is no number"))?;
        let (path, note) = take_path(rest)?;
        Ok(Self { old, path, note: note.to_owned() })
    }

    /// Whether the newer checkpoint continues `old`, both signed by `key`.
    ///
    /// # Errors
    /// [`ProofError`].
    pub fn verify(&self, old: &Checkpoint, key: &VerifierKey) -> Result<Checkpoint, ProofError> {
        let new = Checkpoint::open(&self.note, key)?;
        if new.origin != old.origin || self.old != old.size {
            return Err(ProofError::False("it is of another log, or begins at another size"));
        }
        if !verify_consistency(old.size, &old.root, new.size, &new.root, &self.path) {
            return Err(ProofError::False("the newer log does not begin with the older one"));
        }
        Ok(new)
    }
}

/// Whose log a checkpoint of this key is of.
///
/// # Errors
/// [`ProofError::False`] where its origin is not one of the key's.
pub(crate) fn tenant_of(checkpoint: &Checkpoint, key: &VerifierKey) -> Result<TenantId, ProofError> {
    let part = checkpoint.origin.strip_prefix(key.name()).and_then(|rest| rest.strip_prefix('/'));
    let tenant: Option<TenantId> = part.and_then(|hex| hex.parse().ok());
    tenant
        .filter(|tenant| origin(key.name(), tenant) == checkpoint.origin)
        .ok_or(ProofError::False("the checkpoint is of no log of this key's"))
}

fn leaf_of(bytes: &[u8]) -> Result<Leaf, FormatError> {
    Leaf::decode(bytes.get(..LEAF_BYTES).filter(|_| bytes.len() == LEAF_BYTES).unwrap_or_default())
}

fn put_path(text: &mut String, path: &[Hash]) {
    for hash in path {
        text.push_str(&BASE64.encode(hash.bytes()));
        text.push('\n');
    }
}

/// The hashes up to the empty line, and what follows it.
fn take_path(mut rest: &str) -> Result<(Vec<Hash>, &str), ProofError> {
    let mut path = Vec::new();
    loop {
        let (line, after) = rest.split_once('\n').ok_or(ProofError::Malformed("it is cut short"))?;
        rest = after;
        if line.is_empty() {
            return Ok((path, rest));
        }
        let hash: Option<[u8; 32]> = BASE64.decode(line).ok().and_then(|bytes| bytes.try_into().ok());
        path.push(Hash(hash.ok_or(ProofError::Malformed("a line of the path is no hash"))?));
        if path.len() > MAX_PATH {
            return Err(ProofError::Malformed("the path is longer than any tree is high"));
        }
    }
}

/// Prints the leaf only: salt and detail together would undo the commitment.
impl core::fmt::Debug for Evidence {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Evidence").field("leaf", &self.leaf).finish_non_exhaustive()
    }
}
