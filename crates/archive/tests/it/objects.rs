//! Places to archive to: a directory, a real S3 server where one is installed, and one that fails as it is told to.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use archive::{Bucket, BucketSettings, Directory, Listed, Place, PlaceError};

/// An S3 server of somebody else's making, on this machine, while the value lives.
pub struct S3Server {
    child: Child,
    address: String,
    buckets: AtomicUsize,
}

impl S3Server {
    /// Starts the server that the test command installed; nothing, and a line that says so, where there is none.
    pub fn start() -> Option<Self> {
        let program = std::env::var_os("S3_SERVER_BIN").map_or_else(
            || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/s3-server/bin/moto_server"),
            PathBuf::from,
        );
        if !program.is_file() {
            eprintln!("NOT TESTED: no S3 server is installed; `cargo xtask test` installs one where Python is there");
            return None;
        }
        let mut child = Command::new(program)
            .args(["-H", "127.0.0.1", "-p", "0"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the S3 server starts");
        let mut lines = BufReader::new(child.stderr.take().expect("it was asked for")).lines();
        let address = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, at) = line.split_once("Running on ")?;
            Some(at.trim().to_owned())
        });
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self { child, address: address.expect("it tells its address"), buckets: AtomicUsize::new(0) })
    }

    /// A bucket that nobody has used.
    pub fn bucket(&self, under: &str) -> Bucket {
        let bucket = format!("archive-{}", self.buckets.fetch_add(1, Ordering::SeqCst));
        let authority = self.address.strip_prefix("http://").expect("plain HTTP").to_owned();
        let mut stream = std::net::TcpStream::connect(&authority).expect("the server answers");
        std::io::Write::write_all(
            &mut stream,
            format!("PUT /{bucket} HTTP/1.1\r\nHost: {authority}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                .as_bytes(),
        )
        .expect("the bucket is asked for");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the server answers");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        Bucket::open(&self.settings(&bucket, under)).expect("the bucket's settings are sound")
    }

    pub fn settings(&self, bucket: &str, under: &str) -> BucketSettings {
        BucketSettings {
            bucket: bucket.to_owned(),
            under: under.to_owned(),
            endpoint: Some(self.address.clone()),
            region: "eu-north-1".to_owned(),
            access_key: "somebody".to_owned(),
            secret_key: "something".to_owned(),
        }
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
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
