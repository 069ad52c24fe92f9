//! A search of everything that lies anywhere for what must be gone, and attempts to open it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use aho_corasick::AhoCorasick;
use aws_lc_rs::hmac;
use vault::Whose;

use crate::house::House;

/// Something that must be found nowhere once its horizon is over: what it is, and its bytes.
#[derive(Clone, Debug)]
pub struct Canary {
    pub what: String,
    pub bytes: Vec<u8>,
}

impl Canary {
    pub fn new(what: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { what: what.into(), bytes: bytes.into() }
    }
}

/// A record as it was sealed.
#[derive(Clone)]
pub struct Sealed {
    pub record: terms::RecordId,
    pub version: u64,
    pub bytes: Vec<u8>,
}

/// Every file below some folders, with its bytes.
pub fn files(folders: &[&Path]) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    let mut left: Vec<PathBuf> = folders.iter().map(|folder| (*folder).to_owned()).collect();
    while let Some(folder) = left.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else if let Ok(bytes) = std::fs::read(&path) {
                all.push((path, bytes));
            }
        }
    }
    all
}

/// Which canaries lie in any of the files: each with the first file in which it was found.
pub fn found<'c>(canaries: &'c [Canary], files: &[(PathBuf, Vec<u8>)]) -> Vec<(&'c Canary, PathBuf)> {
    if canaries.is_empty() {
        return Vec::new();
    }
    let all = AhoCorasick::new(canaries.iter().map(|one| &one.bytes)).unwrap();
    let mut seen = vec![false; canaries.len()];
    let mut found = Vec::new();
    for (path, bytes) in files {
        for one in all.find_overlapping_iter(bytes) {
            let index = one.pattern().as_usize();
            if !seen[index] {
                seen[index] = true;
                found.push((&canaries[index], path.clone()));
            }
        }
    }
    found
}

/// The parts of a sealed record that nobody else has: the commitment of its key, and each sealed field.
pub fn parts(sealed: &[u8]) -> (Vec<u8>, Vec<Vec<u8>>) {
    let mut decoder = minicbor::Decoder::new(sealed);
    decoder.array().unwrap();
    decoder.u8().unwrap();
    let commitment = decoder.bytes().unwrap().to_vec();
    let mut fields = Vec::new();
    for _ in 0..decoder.array().unwrap().unwrap_or(0) {
        decoder.array().unwrap();
        decoder.str().unwrap();
        decoder.str().unwrap();
        decoder.u64().unwrap();
        fields.push(decoder.bytes().unwrap().to_vec());
    }
    (commitment, fields)
}

/// A key that is drawn has more different bytes than this, but for once in a number of keys that nobody ever makes; text, numbers and
/// the empty room of a page have fewer.
const DIFFERENT: usize = 20;

/// Tries every 32 bytes of the files as a key: whether any is one of those whose commitments are given. What a record is sealed with
/// commits to its key, so that a key is known without opening anything.
pub struct Windows {
    extract: hmac::Key,
    commitments: HashSet<Vec<u8>>,
    pub tried: u64,
}

impl Windows {
    pub fn new(commitments: HashSet<Vec<u8>>) -> Self {
        // HKDF-SHA-256 without salt, as the vault derives a key's commitment.
        Self { extract: hmac::Key::new(hmac::HMAC_SHA256, &[0; 32]), commitments, tried: 0 }
    }

    /// What a key commits to.
    pub fn commitment(&self, key: &[u8]) -> Vec<u8> {
        let extracted = hmac::sign(&self.extract, key);
        let expand = hmac::Key::new(hmac::HMAC_SHA256, extracted.as_ref());
        hmac::sign(&expand, b"betrodd/commit/v1\x01").as_ref().to_vec()
    }

    /// The files in which a key lies that fits.
    pub fn found(&mut self, files: &[(PathBuf, Vec<u8>)]) -> Vec<PathBuf> {
        let mut found = Vec::new();
        // What lies in two places is tried once.
        let mut seen: HashSet<&[u8]> = HashSet::new();
        for (path, bytes) in files {
            if seen.insert(bytes) && self.lies_in(bytes) {
                found.push(path.clone());
            }
        }
        found
    }

    fn lies_in(&mut self, bytes: &[u8]) -> bool {
        let mut counts = [0_u8; 256];
        let mut different = 0;
        let mut found = false;
        for (at, byte) in bytes.iter().enumerate() {
            let count = &mut counts[usize::from(*byte)];
            *count += 1;
            different += usize::from(*count == 1);
            if at >= 32 {
                let count = &mut counts[usize::from(bytes[at - 32])];
                *count -= 1;
                different -= usize::from(*count == 0);
            }
            if at >= 31 && different > DIFFERENT {
                self.tried += 1;
                found |= self.commitments.contains(&self.commitment(&bytes[at - 31..=at]));
            }
        }
        found
    }
}

/// How many of the sealed records open under any key that a house has, whoever's and of whichever class.
pub fn opens(house: &House, sealed: &[Sealed]) -> usize {
    let mut left = Vec::new();
    for (tenant, person) in house.keys.persons().unwrap() {
        for class in house.keys.classes(&tenant, &person).unwrap() {
            left.push((tenant, person, class));
        }
    }
    let fits = |one: &Sealed| {
        left.iter().any(|(tenant, person, class)| {
            let whose = Whose { tenant, person, class, record: &one.record, version: one.version };
            house.vault.seal_change(&whose, &one.bytes, &[]).is_ok()
        })
    };
    sealed.iter().filter(|one| fits(one)).count()
}
