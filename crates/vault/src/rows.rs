//! The key of the tags that rows of the state and of the file of keys carry, and of the roots over their sets. Whoever lacks the
//! root key can make neither; what they are for, `storage` says (decision 0029).

use aws_lc_rs::cipher::{AES_256, EncryptingKey, UnboundCipherKey};
use aws_lc_rs::hmac;
use storage::{Guard, StoreError, Tag};

use crate::VaultError;
use crate::root::Root;
use crate::seal::{Context, Key, derive};

pub(crate) struct Rows {
    tags: hmac::Key,
    /// One block under a key of its own: whoever sees tags learns nothing of the elements.
    elements: EncryptingKey,
    roots: Key,
}

impl Rows {
    pub(crate) fn new(root: &Root) -> Result<Self, VaultError> {
        let tags = derive(root.bytes(), b"betrodd/row-tags/v1")?;
        let tags = hmac::Key::new(hmac::HMAC_SHA256, tags.as_ref());
        let elements = derive(root.bytes(), b"betrodd/set-elements/v1")?;
        let elements = UnboundCipherKey::new(&AES_256, elements.as_ref())
            .and_then(EncryptingKey::ecb)
            .map_err(|_| VaultError::Library)?;
        Ok(Self { tags, elements, roots: Key::new(&derive(root.bytes(), b"betrodd/set-roots/v1")?)? })
    }
}

impl Guard for Rows {
    fn tag(&self, row: &[u8]) -> Tag {
        let mut tag = [0; 16];
        if let Some(half) = hmac::sign(&self.tags, row).as_ref().get(..16) {
            tag.copy_from_slice(half);
        }
        tag
    }

    fn element(&self, tag: &Tag) -> [u8; 16] {
        let mut element = *tag;
        // A whole block is encrypted without anything that could fail; were it not, the sum would differ and be noticed.
        drop(self.elements.encrypt(&mut element));
        element
    }

    fn seal_root(&self, file: &str, of: &[u8], plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.roots
            .seal(&Context::SetRoot { file, of }, plain)
            .map_err(|error| StoreError { doing: "written", cause: error.to_string() })
    }

    fn open_root(&self, file: &str, of: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        self.roots.open(&Context::SetRoot { file, of }, sealed).map(|plain| plain.to_vec())
    }
}
