//! The Merkle tree of RFC 6962: the compact frontier that a log carries, proofs, and their verification.
//!
//! Pure computing. Where the hashes of a tree are stored is the matter of `tiles.rs`.

use terms::Hash;

use crate::entry::{FormatError, sha256};

/// SHA-256(0x00 ‖ leaf).
#[must_use]
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    sha256(&[&[0], leaf])
}

/// SHA-256(0x01 ‖ left ‖ right).
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    // Joined first: some hundred nodes a millisecond are hashed here, and parts cost more than the copy.
    let mut joined = [1; 65];
    joined[1..33].copy_from_slice(left.bytes());
    joined[33..].copy_from_slice(right.bytes());
    sha256(&[&joined])
}

/// The root of a tree without leaves: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Hash {
    sha256(&[])
}

/// The right edge of a tree: enough to append to it and to know its root. At most 64 hashes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    /// The roots of the complete subtrees, largest first: one per set bit of `size`.
    nodes: Vec<Hash>,
}

impl Frontier {
    /// How many leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf by its hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut node = leaf;
        let mut bits = self.size;
        while bits & 1 == 1 {
            if let Some(left) = self.nodes.pop() {
                node = node_hash(&left, &node);
            }
            bits >>= 1;
        }
        self.nodes.push(node);
        self.size += 1;
    }

    /// The root over all leaves.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut nodes = self.nodes.iter().rev();
        let Some(last) = nodes.next() else { return empty_root() };
        nodes.fold(*last, |right, left| node_hash(left, &right))
    }

    /// Size (`u64`, little-endian) and nodes, largest subtree first.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = self.size.to_le_bytes().to_vec();
        self.nodes.iter().for_each(|node| bytes.extend_from_slice(node.bytes()));
        bytes
    }

    /// Reads a frontier.
    ///
    /// # Errors
    /// [`FormatError`] when the number of nodes is not the one that the size asks for.
    pub fn decode(bytes: &[u8]) -> Result<Self, FormatError> {
        let wrong = |why: &str| FormatError { what: "frontier", why: why.to_owned() };
        let (size, rest) = bytes.split_first_chunk().ok_or_else(|| wrong("it has no size"))?;
        let size = u64::from_le_bytes(*size);
        let (nodes, over) = rest.as_chunks();
        if !over.is_empty() || nodes.len() != size.count_ones() as usize {
            return Err(wrong("size and number of nodes differ"));
        }
        Ok(Self { size, nodes: nodes.iter().map(|node| Hash(*node)).collect() })
    }

    /// The frontier of a stored tree at `size`. `node(level, index)` gives the root of a complete subtree of 2^level leaves.
    ///
    /// # Errors
    /// What `node` says.
    pub fn of<E>(size: u64, node: &mut dyn FnMut(u32, u64) -> Result<Hash, E>) -> Result<Self, E> {
        let mut nodes = Vec::new();
        let mut start = 0;
        for level in (0..u64::BITS).rev().filter(|level| size >> level & 1 == 1) {
            nodes.push(node(level, start >> level)?);
            start += 1 << level;
        }
        Ok(Self { size, nodes })
    }
}

/// Proves that leaf `index` is in the tree of `size` leaves (RFC 6962, 2.1.1). `index < size`, otherwise the proof is empty.
///
/// # Errors
/// What `node` says; see [`Frontier::of`].
pub fn inclusion_proof<E>(
    index: u64,
    size: u64,
    node: &mut dyn FnMut(u32, u64) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    let mut proof = Vec::new();
    let (mut low, mut high) = (0, size);
    while high - low > 1 && index < size {
        let middle = low + split(high - low);
        if index < middle {
            proof.push(range_root(middle, high, node)?);
            high = middle;
        } else {
            proof.push(range_root(low, middle, node)?);
            low = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// Proves that the tree of `old` leaves is the beginning of the tree of `new` leaves (RFC 6962, 2.1.2).
///
/// # Errors
/// What `node` says; see [`Frontier::of`].
pub fn consistency_proof<E>(
    old: u64,
    new: u64,
    node: &mut dyn FnMut(u32, u64) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    let mut proof = Vec::new();
    if old == 0 || old >= new {
        return Ok(proof);
    }
    let (mut low, mut high, mut known) = (0, new, true);
    while old != high {
        let middle = low + split(high - low);
        if old <= middle {
            proof.push(range_root(middle, high, node)?);
            high = middle;
        } else {
            proof.push(range_root(low, middle, node)?);
            low = middle;
            known = false;
        }
    }
    if !known {
        proof.push(range_root(low, high, node)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The root of the tree of `size` leaves, from stored nodes.
///
/// # Errors
/// What `node` says; see [`Frontier::of`].
pub fn stored_root<E>(size: u64, node: &mut dyn FnMut(u32, u64) -> Result<Hash, E>) -> Result<Hash, E> {
    if size == 0 { Ok(empty_root()) } else { range_root(0, size, node) }
}

/// Whether `proof` shows that `leaf` is number `index` of the tree with `size` leaves and `root` (RFC 9162, 2.1.3.2).
#[must_use]
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node_hash(sibling, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Whether `proof` shows that the tree of `new` leaves begins with the tree of `old` leaves (RFC 9162, 2.1.4.2).
#[must_use]
pub fn verify_consistency(old: u64, old_root: &Hash, new: u64, new_root: &Hash, proof: &[Hash]) -> bool {
    if old > new {
        return false;
    }
    if old == new {
        return proof.is_empty() && old_root == new_root;
    }
    if old == 0 {
        return proof.is_empty() && *old_root == empty_root();
    }
    let mut rest = proof.iter();
    let (mut at, mut last) = (old - 1, new - 1);
    while at & 1 == 1 {
        at >>= 1;
        last >>= 1;
    }
    // A power of two is itself a node of the new tree and is not repeated in the proof.
    let first = if old.is_power_of_two() { Some(old_root) } else { rest.next() };
    let Some(first) = first else { return false };
    let (mut old_hash, mut new_hash) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && old_hash == *old_root && new_hash == *new_root
}

/// The largest power of two below `count`, which is at least 2.
const fn split(count: u64) -> u64 {
    1 << (u64::BITS - 1 - (count - 1).leading_zeros())
}

/// The root over leaves `low..high` of a stored tree, where `low` is a place at which the tree itself splits.
fn range_root<E>(low: u64, high: u64, node: &mut dyn FnMut(u32, u64) -> Result<Hash, E>) -> Result<Hash, E> {
    let count = high - low;
    if count.is_power_of_two() {
        return node(count.trailing_zeros(), low >> count.trailing_zeros());
    }
    let middle = low + split(count);
    let left = range_root(low, middle, node)?;
    let right = range_root(middle, high, node)?;
    Ok(node_hash(&left, &right))
}

#[cfg(test)]
mod tests {
    use core::convert::Infallible;

    use proptest::prelude::*;

    use super::*;

    /// RFC 6962, 2.1, word for word and without any cleverness.
    fn naive_root(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => sha256(&[]),
            [leaf] => *leaf,
            _ => {
                let mut half = 1;
                while half * 2 < leaves.len() {
                    half *= 2;
                }
                let (left, right) = leaves.split_at(half);
                sha256(&[&[1], naive_root(left).bytes(), naive_root(right).bytes()])
            }
        }
    }

    fn leaves(count: u64) -> Vec<Hash> {
        (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
    }

    fn stored(leaves: &[Hash]) -> impl FnMut(u32, u64) -> Result<Hash, Infallible> {
        |level, index| {
            let start = (index << level) as usize;
            Ok(naive_root(&leaves[start..start + (1 << level)]))
        }
    }

    #[test]
    fn the_frontier_has_the_root_of_the_naive_tree() {
        let leaves = leaves(300);
        let mut frontier = Frontier::default();
        for size in 0..=300 {
            assert_eq!(frontier.root(), naive_root(&leaves[..size]), "size {size}");
            assert_eq!(Frontier::decode(&frontier.encode()), Ok(frontier.clone()));
            assert_eq!(Frontier::of(size as u64, &mut stored(&leaves)), Ok(frontier.clone()));
            assert_eq!(stored_root(size as u64, &mut stored(&leaves)), Ok(frontier.root()));
            leaves.get(size).into_iter().for_each(|leaf| frontier.push(*leaf));
        }
        let mut bytes = frontier.encode();
        bytes.pop();
        assert!(Frontier::decode(&bytes).is_err());
    }

    #[test]
    fn every_proof_of_small_trees_holds_and_no_other_does() {
        let leaves = leaves(34);
        for size in 1..=34_u64 {
            let root = naive_root(&leaves[..size as usize]);
            for index in 0..size {
                let Ok(proof) = inclusion_proof(index, size, &mut stored(&leaves));
                let leaf = &leaves[index as usize];
                assert!(verify_inclusion(leaf, index, size, &proof, &root), "{index} of {size}");
                assert!(!verify_inclusion(leaf, index, size, &proof, &Hash([1; 32])));
                assert!(!verify_inclusion(&Hash([1; 32]), index, size, &proof, &root));
                assert!(
                    (0..size + 3).all(|other| other == index || !verify_inclusion(leaf, other, size, &proof, &root))
                );
                let longer = [proof.as_slice(), &[Hash([2; 32])]].concat();
                assert!(!verify_inclusion(leaf, index, size, &longer, &root));
            }
            for old in 0..=size {
                let old_root = naive_root(&leaves[..old as usize]);
                let Ok(proof) = consistency_proof(old, size, &mut stored(&leaves));
                assert!(verify_consistency(old, &old_root, size, &root, &proof), "{old} in {size}");
                assert!(!verify_consistency(old, &Hash([1; 32]), size, &root, &proof), "{old} in {size}");
                assert!(
                    old == 0 || !verify_consistency(old, &old_root, size, &Hash([1; 32]), &proof),
                    "{old} in {size}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn proofs_hold_in_trees_of_any_size(size in 1..2000_u64, at in 0..2000_u64, old in 0..2000_u64) {
            let leaves = leaves(size);
            let root = naive_root(&leaves);
            let (index, old) = (at % size, old % (size + 1));
            let Ok(proof) = inclusion_proof(index, size, &mut stored(&leaves));
            prop_assert!(verify_inclusion(&leaves[index as usize], index, size, &proof, &root));
            let Ok(proof) = consistency_proof(old, size, &mut stored(&leaves));
            let old_root = naive_root(&leaves[..old as usize]);
            prop_assert!(verify_consistency(old, &old_root, size, &root, &proof));
        }

        #[test]
        fn no_bytes_make_reading_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Frontier::decode(&bytes);
            let _ = crate::Entry::decode(&bytes);
            let _ = crate::Detail::decode(&bytes);
            let _ = crate::Extra::decode(&bytes);
            let _ = crate::Leaf::decode(&bytes);
        }
    }
}
