//! What somebody who checks remembers from one time to the next: the key, and size and root of every log.
//!
//! Kept outside the data folder it shows a rollback or a rewritten past. Who can change this file can hide both.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use terms::{Hash, TenantId};

use crate::checkpoint::VerifierKey;
use crate::verify::Published;
use crate::{Disk, RealDisk};

const FIRST_LINE: &str = "betrodd seen checkpoints 1";

/// The remembered heads.
pub(crate) struct Seen {
    pub key: VerifierKey,
    pub heads: Vec<(TenantId, u64, Hash)>,
}

impl Seen {
    /// What is published now, and of each log the longest that was ever seen: a checkpoint that is gone is not forgotten.
    pub fn of(key: &VerifierKey, published: &[Published], before: Option<&Self>) -> Self {
        let mut heads: BTreeMap<TenantId, (u64, Hash)> = BTreeMap::new();
        let now = published.iter().map(|checkpoint| (checkpoint.tenant, checkpoint.size, checkpoint.root));
        for (tenant, size, root) in now.chain(before.into_iter().flat_map(|before| before.heads.iter().copied())) {
            let head = heads.entry(tenant).or_insert((size, root));
            *head = if head.0 < size { (size, root) } else { *head };
        }
        Self { key: key.clone(), heads: heads.into_iter().map(|(tenant, (size, root))| (tenant, size, root)).collect() }
    }

    /// `None` when there is no file yet.
    pub fn read(file: &Path) -> io::Result<Option<Self>> {
        match fs::read_to_string(file) {
            Ok(text) => Self::parse(&text).map(Some).ok_or_else(|| io::ErrorKind::InvalidData.into()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub fn write(&self, file: &Path) -> io::Result<()> {
        let mut text = format!("{FIRST_LINE}\n{}\n", self.key);
        for (tenant, size, root) in &self.heads {
            text.push_str(&format!("{tenant} {size} {root}\n"));
        }
        // A bare file name has the empty path as its parent, which cannot be opened.
        RealDisk.replace(&std::path::absolute(file)?, text.as_bytes())
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next()? != FIRST_LINE {
            return None;
        }
        let key = lines.next()?.parse().ok()?;
        let mut heads = Vec::new();
        for line in lines {
            let mut parts = line.split(' ');
            heads.push((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?));
        }
        Some(Self { key, heads })
    }
}
