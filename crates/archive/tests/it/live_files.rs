//! Live files in a bucket of a real S3 server: whole or not at all, whatever the way there does.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use archive::{Bucket, LiveFiles};
use files::Place as _;
use terms::FileId;

use crate::objects::{S3Server, bucket, settings};

/// Larger than what goes in one request, and no multiple of it.
const LARGE_BYTES: usize = 9_000_001;
/// As a vault's sealed pieces are.
const PIECE_BYTES: usize = 65_552;

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 251) as u8).collect()
}

fn put(kept: &LiveFiles, file: &FileId, all: &[u8]) -> std::io::Result<()> {
    let mut grows = kept.begin(file)?;
    all.chunks(PIECE_BYTES).try_for_each(|piece| grows.append(piece))?;
    grows.finish()
}

/// What is read of a file until its end; the error where one comes first.
fn read(kept: &LiveFiles, file: &FileId) -> std::io::Result<Option<Vec<u8>>> {
    let Some(mut lies) = kept.open(file)? else { return Ok(None) };
    let mut all = Vec::new();
    loop {
        let piece = lies.read(PIECE_BYTES)?;
        if piece.is_empty() {
            return Ok(Some(all));
        }
        all.extend(piece);
    }
}

#[test]
fn files_lie_in_a_bucket_whole_or_not_at_all() {
    let Some(server) = S3Server::start() else { return };
    let kept = LiveFiles::open(Arc::new(bucket(&server, "files"))).unwrap();
    let (one, small, never) = (FileId([1; 16]), FileId([2; 16]), FileId([3; 16]));
    let large = bytes(LARGE_BYTES);
    put(&kept, &one, &large).unwrap();
    kept.put_key(&one, b"wrapped").unwrap();
    put(&kept, &small, b"").unwrap();
    // Hung up in the middle, of one request and of many.
    for length in [PIECE_BYTES, LARGE_BYTES] {
        let mut grows = kept.begin(&never).unwrap();
        bytes(length).chunks(PIECE_BYTES).for_each(|piece| grows.append(piece).unwrap());
        drop(grows);
    }
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(kept.all().unwrap(), [one, small]);
    assert!(read(&kept, &one).unwrap().unwrap() == large);
    assert_eq!(read(&kept, &small).unwrap().unwrap(), b"");
    assert_eq!(read(&kept, &never).unwrap(), None);
    assert_eq!(kept.key(&one).unwrap().as_deref(), Some(&b"wrapped"[..]));
    assert_eq!(kept.key(&never).unwrap(), None);
    kept.destroy(&one).unwrap();
    kept.destroy(&one).unwrap();
    assert_eq!((kept.all().unwrap(), kept.key(&one).unwrap()), (vec![small], None));
    let second = bucket(&server, "");
    archive::begin(&second, "07").unwrap();
    let refused = LiveFiles::open(Arc::new(second));
    assert!(refused.is_err_and(|error| error.to_string().contains("is an archive")));
}

/// What the way does with what the server answers.
#[derive(Clone, Copy)]
#[repr(u8)]
enum Way {
    Open = 0,
    /// It answers that it cannot, in the server's place.
    Errors = 1,
    /// It hangs up in the middle of whatever is longer than [`HALF_BYTES`].
    Half = 2,
    /// Each piece of an answer comes late.
    Slow = 3,
    /// Nobody answers there.
    Shut = 4,
}

const HALF_BYTES: u64 = 300_000;

/// The way to a server, with somebody on it.
struct Between {
    address: String,
    way: Arc<AtomicU8>,
}

impl Between {
    fn new(server: &S3Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let to = server.address().strip_prefix("http://").unwrap().to_owned();
        let way = Arc::new(AtomicU8::new(0));
        let now = Arc::clone(&way);
        std::thread::spawn(move || {
            for line in listener.incoming().map_while(Result::ok) {
                let (to, now) = (to.clone(), Arc::clone(&now));
                std::thread::spawn(move || drop(Self::carry(line, &to, &now)));
            }
        });
        Self { address, way }
    }

    fn carry(mut line: TcpStream, to: &str, now: &AtomicU8) -> std::io::Result<()> {
        let way = |one: Way| now.load(Ordering::SeqCst) == one as u8;
        if way(Way::Shut) {
            return Ok(());
        }
        if way(Way::Errors) {
            let mut asked = [0; 4096];
            let _ = line.read(&mut asked)?;
            line.write_all(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")?;
            return line.shutdown(Shutdown::Write);
        }
        let mut server = TcpStream::connect(to)?;
        let (mut asks, mut answers) = (line.try_clone()?, server.try_clone()?);
        let asking = std::thread::spawn(move || {
            drop(std::io::copy(&mut asks, &mut answers));
            drop(answers.shutdown(Shutdown::Write));
        });
        let answered = AtomicU64::new(0);
        let mut piece = [0; 64 << 10];
        loop {
            let read = server.read(&mut piece)?;
            if read == 0 {
                break;
            }
            if way(Way::Slow) {
                std::thread::sleep(Duration::from_millis(20));
            }
            let so_far = answered.fetch_add(read as u64, Ordering::SeqCst) + read as u64;
            if way(Way::Half) && so_far > HALF_BYTES {
                break;
            }
            line.write_all(&piece[..read])?;
        }
        drop(line.shutdown(Shutdown::Both));
        drop(server.shutdown(Shutdown::Both));
        drop(asking.join());
        Ok(())
    }

    fn is(&self, way: Way) {
        self.way.store(way as u8, Ordering::SeqCst);
    }
}

#[test]
fn a_bucket_that_answers_errors_half_or_slowly_never_passes_for_one_that_holds_less() {
    let Some(server) = S3Server::start() else { return };
    let between = Between::new(&server);
    let name = server.new_bucket();
    // A way of its own for each turn: a connection that is kept goes the way it went.
    let kept = || -> std::io::Result<LiveFiles> {
        let bucket = Bucket::open(&settings(&between.address, &name, "files")).map_err(std::io::Error::other)?;
        LiveFiles::open(Arc::new(bucket))
    };
    let (there, other) = (FileId([1; 16]), FileId([2; 16]));
    let whole = bytes(2_000_000);
    let open = kept().unwrap();
    put(&open, &there, &whole).unwrap();
    open.put_key(&there, b"wrapped").unwrap();
    let told: Mutex<Vec<String>> = Mutex::default();
    let fails = |error: std::io::Error| told.lock().unwrap().push(error.to_string());

    let shut = kept().unwrap();
    between.is(Way::Errors);
    assert!(kept().map_err(fails).is_err(), "whether it is an archive is not known");
    assert!(put(&shut, &other, &whole).map_err(fails).is_err());
    assert!(shut.key(&there).map_err(fails).is_err(), "no key is not the answer to an error");
    assert!(shut.open(&there).map_err(fails).is_err() && shut.all().map_err(fails).is_err());
    assert!(shut.destroy(&there).map_err(fails).is_err(), "what was not destroyed is not said to be");
    between.is(Way::Open);
    let again = kept().unwrap();
    between.is(Way::Half);
    let half = read(&again, &there);
    assert!(half.map_err(fails).is_err(), "half a file is no file");
    between.is(Way::Open);
    let again = kept().unwrap();
    between.is(Way::Slow);
    assert!(read(&again, &there).unwrap().unwrap() == whole, "slow is not wrong");
    put(&again, &other, &whole).unwrap();
    between.is(Way::Open);
    let again = kept().unwrap();
    assert_eq!(again.all().unwrap(), [there, other]);
    assert!(read(&again, &other).unwrap().unwrap() == whole && read(&again, &there).unwrap().unwrap() == whole);
    between.is(Way::Shut);
    assert!(kept().map_err(fails).is_err());
    let told = told.into_inner().unwrap();
    assert!(told.iter().all(|one| !one.contains("something")), "no error tells the secret: {told:?}");
}
