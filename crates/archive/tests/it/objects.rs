//! Places to archive to: a directory, a bucket of a real S3 server where one is installed, and one that fails as it is told to.

use std::io::Read;
use std::sync::Mutex;

use archive::{Bucket, BucketSettings, Directory, Listed, Place, PlaceError};

pub use crate::s3::S3Server;

/// A bucket of a server that nobody has used.
pub fn bucket(server: &S3Server, under: &str) -> Bucket {
    let (bucket, at) = (server.new_bucket(), server.address());
    Bucket::open(&settings(at, &bucket, under)).expect("the bucket's settings are sound")
}

/// How a bucket at an address is entered.
pub fn settings(at: &str, bucket: &str, under: &str) -> BucketSettings {
    BucketSettings {
        bucket: bucket.to_owned(),
        under: under.to_owned(),
        endpoint: Some(at.to_owned()),
        region: "eu-north-1".to_owned(),
        access_key: "somebody".to_owned(),
        secret_key: "something".to_owned(),
    }
}

/// What a failing place does with the next object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fails {
    /// Answers an error.
    Error,
    /// Says that it was put, and keeps half.
    Half,
    /// Says that it was put, and keeps nothing.
    Nothing,
}

/// A directory that fails as it is told to.
pub struct Failing {
    pub inside: Directory,
    pub plan: Mutex<Vec<Fails>>,
}

impl Failing {
    pub fn new(path: &std::path::Path) -> Self {
        Self { inside: Directory::open(path).expect("the directory opens"), plan: Mutex::default() }
    }

    pub fn will(&self, fails: &[Fails]) {
        *self.plan.lock().expect("nobody panicked") = fails.iter().rev().copied().collect();
    }
}

impl Place for Failing {
    fn put(&self, name: &str, from: &mut dyn Read) -> Result<(), PlaceError> {
        let next = self.plan.lock().expect("nobody panicked").pop();
        match next {
            None => self.inside.put(name, from),
            Some(Fails::Error) => {
                // An error of this place looks like any other's.
                self.inside.put("", from)
            }
            Some(Fails::Half) => {
                let mut bytes = Vec::new();
                from.read_to_end(&mut bytes).expect("what is in memory can be read");
                self.inside.put(name, &mut &bytes[..bytes.len() / 2])
            }
            Some(Fails::Nothing) => {
                std::io::copy(from, &mut std::io::sink()).expect("what is in memory can be read");
                Ok(())
            }
        }
    }

    fn open(&self, name: &str) -> Result<Option<Box<dyn Read + Send>>, PlaceError> {
        self.inside.open(name)
    }

    fn list(&self, under: &str) -> Result<Vec<Listed>, PlaceError> {
        self.inside.list(under)
    }

    fn delete(&self, name: &str) -> Result<(), PlaceError> {
        self.inside.delete(name)
    }

    fn called(&self) -> String {
        self.inside.called()
    }
}
