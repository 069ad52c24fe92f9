//! The heads of all logs in one entry of the installation's own log, so that one witnessed checkpoint covers every customer.
//!
//! INVARIANT (customers are walls): what an outsider or another customer sees of it is a root over blinded, padded, sorted hashes;
//! neither names nor number nor sizes of the logs follow from it.

use minicbor::{Decode, Encode};
use terms::{Hash, Instant, TenantId};

use crate::entry::{FormatError, RandomError, Salt, commitment, random_salt, read_cbor, sha256, write_cbor};
use crate::{Entry, EntryKind, Frontier, Leaf, inclusion_proof, leaf_hash, verify_inclusion};

/// Fewer heads than these are padded, so that a small installation does not show how small it is.
const MIN_HEADS: usize = 16;

/// The detail of an entry of kind 4. Not for customers: each gets its own [`HeadProof`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Heads {
    /// The head of every log.
    #[n(0)]
    pub heads: Vec<Head>,
    /// Random hashes up to the next power of two, at least 16 with the heads.
    #[n(1)]
    pub padding: Vec<Hash>,
}

/// The head of one log, with what blinds it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Head {
    /// Whose log.
    #[n(0)]
    pub tenant: TenantId,
    /// How many entries.
    #[n(1)]
    pub size: u64,
    /// The root over them.
    #[n(2)]
    pub root: Hash,
    /// 32 random bytes, new each time.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub blind: [u8; 32],
}

/// What a customer gets: its own head, and the proof that it is among the heads with the root that the leaf commits to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadProof {
    /// The customer's own head.
    pub head: Head,
    /// Its place among the sorted hashes.
    pub index: u64,
    /// How many hashes there are, with the padding.
    pub count: u64,
    /// The path to the root (RFC 6962).
    pub path: Vec<Hash>,
}

impl Heads {
    /// Blinds and pads the heads of all logs.
    ///
    /// # Errors
    /// [`RandomError`] when the system gives no random bytes.
    pub fn build(logs: &[(TenantId, u64, Hash)]) -> Result<Self, RandomError> {
        let head = |(tenant, size, root): &(TenantId, u64, Hash)| {
            Ok(Head { tenant: *tenant, size: *size, root: *root, blind: random_salt()? })
        };
        let heads: Vec<Head> = logs.iter().map(head).collect::<Result<_, RandomError>>()?;
        let wanted = heads.len().next_power_of_two().max(MIN_HEADS);
        let padding = (heads.len()..wanted).map(|_| random_salt().map(Hash)).collect::<Result<_, _>>()?;
        Ok(Self { heads, padding })
    }

    /// The entry in the installation's log. Its leaf commits to the root alone, so that a customer can check it without the other heads.
    #[must_use]
    pub fn entry(&self, index: u64, time: Instant, salt: Salt) -> Entry {
        let leaf = Leaf { kind: EntryKind::Heads, time, commitment: self.commitment(&salt) };
        Entry { tenant: TenantId::INSTALLATION, index, leaf, salt: Some(salt), detail: Some(self.encode()), redo: None }
    }

    /// What the leaf commits to: SHA-256(`betrodd/entry/v1` ‖ salt ‖ root).
    #[must_use]
    pub fn commitment(&self, salt: &Salt) -> Hash {
        commitment(salt, self.root().bytes())
    }

    /// The root over the sorted hashes.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut frontier = Frontier::default();
        self.sorted().iter().for_each(|hash| frontier.push(leaf_hash(hash.bytes())));
        frontier.root()
    }

    /// The proof for one customer.
    #[must_use]
    pub fn proof(&self, tenant: &TenantId) -> Option<HeadProof> {
        let head = self.heads.iter().find(|head| head.tenant == *tenant)?.clone();
        let leaves: Vec<Hash> = self.sorted().iter().map(|hash| leaf_hash(hash.bytes())).collect();
        let place = leaves.iter().position(|hash| *hash == leaf_hash(head.hash().bytes()))?;
        let (index, count) = (place as u64, leaves.len() as u64);
        let mut node = |level: u32, index: u64| {
            let start = (index << level) as usize;
            let below = leaves.get(start..start + (1 << level)).ok_or(())?;
            let mut subtree = Frontier::default();
            below.iter().for_each(|leaf| subtree.push(*leaf));
            Ok::<_, ()>(subtree.root())
        };
        let path = inclusion_proof(index, count, &mut node).ok()?;
        Some(HeadProof { head, index, count, path })
    }

    /// The CBOR bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        write_cbor(self, &mut bytes);
        bytes
    }

    /// Reads heads that fill `bytes`.
    ///
    /// # Errors
    /// [`FormatError`] when the bytes are anything else, or the padding is not as long as it must be.
    pub fn decode(bytes: &[u8]) -> Result<Self, FormatError> {
        let heads: Self = read_cbor("heads", bytes)?;
        let wanted = heads.heads.len().next_power_of_two().max(MIN_HEADS);
        if heads.heads.len() + heads.padding.len() != wanted {
            return Err(FormatError { what: "heads", why: "the padding is not as long as it must be".to_owned() });
        }
        Ok(heads)
    }

    fn sorted(&self) -> Vec<Hash> {
        let mut hashes: Vec<Hash> = self.heads.iter().map(Head::hash).chain(self.padding.iter().copied()).collect();
        hashes.sort_unstable();
        hashes
    }
}

impl Head {
    /// SHA-256(`betrodd/head/v1` ‖ blind ‖ tenant ‖ size, big-endian ‖ root).
    #[must_use]
    pub fn hash(&self) -> Hash {
        sha256(&[b"betrodd/head/v1", &self.blind, self.tenant.bytes(), &self.size.to_be_bytes(), self.root.bytes()])
    }
}

impl HeadProof {
    /// Whether the head is among those with `root`.
    #[must_use]
    pub fn verify(&self, root: &Hash) -> bool {
        verify_inclusion(&leaf_hash(self.head.hash().bytes()), self.index, self.count, &self.path, root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logs(count: u8) -> Vec<(TenantId, u64, Hash)> {
        (0..count).map(|n| (TenantId([n + 1; 16]), u64::from(n) * 7, Hash([n; 32]))).collect()
    }

    #[test]
    fn each_customer_can_check_its_own_head_against_the_leaf() {
        for count in [0, 1, 15, 16, 17, 40] {
            let heads = Heads::build(&logs(count)).expect("random bytes");
            assert_eq!(Heads::decode(&heads.encode()), Ok(heads.clone()));
            let entry = heads.entry(3, Instant(5), [9; 32]);
            assert_eq!(entry.leaf.commitment, commitment(&[9; 32], heads.root().bytes()));
            for (tenant, size, _) in logs(count) {
                let mut proof = heads.proof(&tenant).expect("a proof");
                assert!(proof.verify(&heads.root()));
                assert!(proof.count >= 16 && proof.count.is_power_of_two());
                proof.head.size = size + 1;
                assert!(!proof.verify(&heads.root()), "another size");
            }
            assert_eq!(heads.proof(&TenantId([99; 16])), None);
        }
    }

    #[test]
    fn one_and_sixteen_logs_look_the_same_and_nothing_repeats() {
        let (one, sixteen) = (Heads::build(&logs(1)).expect("random"), Heads::build(&logs(16)).expect("random"));
        assert_eq!(one.sorted().len(), sixteen.sorted().len());
        assert_ne!(Heads::build(&logs(16)).expect("random").root(), sixteen.root(), "the blinds are new each time");
        let mut short = one;
        short.padding.pop();
        assert!(Heads::decode(&short.encode()).is_err());
    }
}
