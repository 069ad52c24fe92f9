//! An S3 server of somebody else's making, on this machine, while the value lives: for the tests of the archive and the outer ones.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The server.
pub struct S3Server {
    child: Child,
    address: String,
    buckets: AtomicUsize,
}

impl S3Server {
    /// Starts the server that the test command installed; nothing, and a line that says so, where there is none.
    ///
    /// # Panics
    /// When it is installed and does not start.
    #[must_use]
    pub fn start() -> Option<Self> {
        let beside = ["..", "../.."].map(|above| {
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(above).join("target/s3-server/bin/moto_server")
        });
        let said = std::env::var_os("S3_SERVER_BIN").map(PathBuf::from);
        let Some(program) = said.into_iter().chain(beside).find(|program| program.is_file()) else {
            eprintln!("NOT TESTED: no S3 server is installed; `cargo xtask test` installs one where Python is there");
            return None;
        };
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

    /// Where it answers, e.g. `http://127.0.0.1:40123`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The name of a bucket that nobody has used.
    ///
    /// # Panics
    /// When it does not make one.
    #[must_use]
    pub fn new_bucket(&self) -> String {
        let bucket = format!("archive-{}", self.buckets.fetch_add(1, Ordering::SeqCst));
        let authority = self.address.strip_prefix("http://").expect("plain HTTP").to_owned();
        let mut stream = TcpStream::connect(&authority).expect("the server answers");
        let asked =
            format!("PUT /{bucket} HTTP/1.1\r\nHost: {authority}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        stream.write_all(asked.as_bytes()).expect("the bucket is asked for");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the server answers");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        bucket
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
