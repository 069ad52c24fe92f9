//! A custodian that is asked over a socket: the same answers as its folder gives, and none to whoever lacks its secret.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use custodian::{Address, Far, Folder, Secret, Served};
use vault::custody::{Custodian, CustodianError, Possession};

use crate::second_place::{HOUR, Installed};

struct Machine;

impl terms::Clock for Machine {
    fn now(&self) -> terms::Instant {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        terms::Instant(i64::try_from(since.as_micros()).unwrap())
    }
}

/// Begins a custodian; gives its address and a copy of its secret's file.
fn begin(folder: &Path, at: &str) -> (Address, std::path::PathBuf) {
    let file = folder.join("custodian.secret");
    let secret = Secret::open_or_begin(&file).unwrap_or_else(|error| panic!("{error}"));
    let keys = Folder::of_a_custodian(&folder.join("keys")).unwrap();
    let served = Served::listen(&at.parse().unwrap(), keys, secret, Arc::new(Machine)).unwrap();
    let address = served.address().map_or_else(|| at.parse().unwrap(), Address::Net);
    std::thread::spawn(move || served.run());
    (address, file)
}

fn far<E: core::fmt::Display>(address: &Address, secret: Result<Secret, E>) -> Far {
    Far::new(address.clone(), secret.unwrap_or_else(|error| panic!("{error}")), Arc::new(Machine))
}

#[test]
fn keys_are_rotated_through_a_socket_and_taken_back_through_it() {
    let folder = tempfile::tempdir().unwrap();
    for at in ["127.0.0.1:0".to_owned(), format!("unix:{}", folder.path().join("c.sock").display())] {
        let place = tempfile::tempdir().unwrap();
        let (address, file) = begin(place.path(), &at);
        let secret = Secret::open(&file).unwrap_or_else(|error| panic!("{error}"));
        let far: Arc<dyn Custodian> = Arc::new(Far::new(address, secret, Arc::new(Machine)));
        let here = Installed::with(tempfile::tempdir().unwrap(), far);
        let (stays, goes) = (here.person(), here.person());
        here.offsite(false).tick().unwrap();
        here.erase(&goes);
        here.clock.forward(25 * HOUR);
        let rotated = here.offsite(false).tick().unwrap().unwrap();
        assert_eq!((rotated.generation, rotated.destroyed), (2, 1));
        assert_eq!(here.after_a_restore(&[stays, goes]), [true, false]);
    }
}

#[test]
fn whoever_lacks_the_secret_or_speaks_otherwise_is_told_nothing_and_holds_nobody_up() {
    let place = tempfile::tempdir().unwrap();
    let (address, file) = begin(place.path(), "127.0.0.1:0");
    let (here, possession) = ([7; 16], || Possession::from_bytes([1; 32]));
    let knows = || far(&address, Secret::open(&file));
    let (key, _) = knows().begin(&here, &possession()).unwrap();
    let other = place.path().join("other.secret");
    let wrong = far(&address, Secret::open_or_begin(&other));
    assert!(matches!(wrong.list(&here, &possession()), Err(CustodianError::Refused(_))));
    let Address::Net(port) = &address else { panic!("a port") };
    for said in [&b"GET / HTTP/1.1\r\n\r\n"[..], b"", &[0xff; 4096]] {
        let mut stranger = std::net::TcpStream::connect(port).unwrap();
        stranger.write_all(said).unwrap();
    }
    assert_eq!(knows().list(&here, &possession()).unwrap(), [key]);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(Secret::open(&file).err().unwrap().to_string().contains("chmod 600"));
    // One that is not there is told with what to do.
    let none = format!("unix:{}", place.path().join("none").display()).parse().unwrap();
    let nobody = far(&none, Secret::open(&other));
    let told = nobody.list(&here, &possession()).unwrap_err().to_string();
    assert!(told.contains("cannot be reached") && told.contains("betrodd custodian"), "{told}");
}

#[test]
fn whoever_comes_while_too_many_ask_is_told_so_and_is_answered_later() {
    let place = tempfile::tempdir().unwrap();
    let (address, file) = begin(place.path(), "127.0.0.1:0");
    let Address::Net(port) = &address else { panic!("a port") };
    let (here, possession) = ([7; 16], || Possession::from_bytes([1; 32]));
    let knows = || far(&address, Secret::open(&file));
    // They say nothing, and hold their places.
    let silent: Vec<_> = (0..16).map(|_| std::net::TcpStream::connect(port).unwrap()).collect();
    let mut told = String::new();
    for _ in 0..50 {
        match knows().list(&here, &possession()) {
            Err(error) => {
                told = error.to_string();
                break;
            }
            // Not all of them were taken yet.
            Ok(_) => std::thread::sleep(core::time::Duration::from_millis(20)),
        }
    }
    assert!(told.contains("as many as it can at once") && told.contains("nothing was changed"), "{told}");
    drop(silent);
    let again = (0..100).any(|_| {
        std::thread::sleep(core::time::Duration::from_millis(20));
        knows().list(&here, &possession()).is_ok()
    });
    assert!(again, "places that are given back are taken again");
}

/// A clock that is ten seconds later each time that it is asked.
struct Hurried(std::sync::atomic::AtomicI64);

impl terms::Clock for Hurried {
    fn now(&self) -> terms::Instant {
        terms::Instant(self.0.fetch_add(10_000_000, std::sync::atomic::Ordering::SeqCst))
    }
}

#[test]
fn no_question_waits_for_ever_for_an_answer_that_comes_byte_by_byte() {
    let place = tempfile::tempdir().unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = Address::Net(listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut line, _) = listener.accept().unwrap();
        // The name of the protocol, each byte in time for whoever waits for the next one.
        for byte in *b"betrodd-custodian/1\n\0\0\0\0" {
            if line.write_all(&[byte]).is_err() {
                return;
            }
            std::thread::sleep(core::time::Duration::from_millis(5));
        }
    });
    let secret = Secret::open_or_begin(&place.path().join("custodian.secret"));
    let secret = secret.unwrap_or_else(|error| panic!("{error}"));
    let far = Far::new(address, secret, Arc::new(Hurried(0.into())));
    let told = far.list(&[7; 16], &Possession::from_bytes([1; 32])).unwrap_err().to_string();
    assert!(told.contains("took too long") && told.contains("cannot be reached"), "{told}");
}
