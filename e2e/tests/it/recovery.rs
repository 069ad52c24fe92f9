//! From the first writing to the day after the disaster, with the programs that people run: a service with its second place and a
//! custodian at a third, an erasure whose keys are gone everywhere, the machine gone, and the restore by which everybody lives but
//! the erased.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use e2e::{Folder, Program, Visitor, run_alone, run_to_end, verify};

use crate::desk::write;
use crate::people::{ADMINISTRATOR, Demo, Secrets, WORKER, called, number};

/// Whoever lives, and whoever is erased.
pub(crate) const LIVES: &str = "Therese Åberg";
pub(crate) const GONE: &str = "Göran Söderberg";
/// What is written of each, as a search of every file would know it again.
pub(crate) const OF_THE_LIVING: &str = "Skrivet om den som lever";
pub(crate) const OF_THE_GONE: &str = "Kanariefågel om den som raderas";
pub(crate) const LATER: &str = "Skrivet efter tidpunkten";

/// The longest that is waited for what a thread does by itself.
const PATIENCE: Duration = Duration::from_secs(90);
/// Windows that the short form tries as private halves. `BETRODD_WINDOWS=100000` is the long form.
const WINDOWS: usize = 200;

/// Everything beside the data folder.
pub(crate) struct Places {
    pub(crate) folder: Folder,
    custodian: Program,
    pub(crate) second: String,
}

impl Places {
    pub(crate) fn new(folder: Folder, second: String) -> Self {
        let third = folder.path().with_file_name("third");
        let socket = format!("unix:{}", folder.path().with_file_name("custodian.sock").display());
        Self { custodian: Program::custodian(&third, &socket), folder, second }
    }

    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().with_file_name(name)
    }

    pub(crate) fn custodian(&self) -> [String; 4] {
        let secret = self.beside("third").join("custodian.secret").display().to_string();
        ["--custodian".to_owned(), self.custodian.address().to_owned(), "--custodian-secret".to_owned(), secret]
    }

    pub(crate) fn serve(&self, data: &Path) -> Program {
        let custodian = self.custodian();
        let mut all = vec!["--plain-http", "--rotate-after-erasure", "--archive", &self.second];
        all.extend(custodian.iter().map(String::as_str));
        Program::start("serve", data, &all)
    }

    pub(crate) fn backup(&self, data: &Path) {
        let custodian = self.custodian();
        let mut all = vec!["--archive", self.second.as_str()];
        all.extend(custodian.iter().map(String::as_str));
        let (status, said) = run_to_end("backup", data, &all);
        assert!(status.success() && said.contains("holds everything up to"), "{said}");
    }

    pub(crate) fn restore(&self, from: &str, more: &[&str]) -> (ExitStatus, String) {
        let (root, custodian) = (self.beside("safe-root.key"), self.custodian());
        let root = root.display().to_string();
        let mut all = vec!["restore", "--from", from, "--root-key", &root];
        all.extend(custodian.iter().map(String::as_str));
        all.extend(more);
        run_alone(&all)
    }
}

pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let there = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &there);
        } else {
            std::fs::copy(&path, there).expect("copied");
        }
    }
}

/// Every file below some folders, with its bytes.
pub(crate) fn files(folders: &[&Path]) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut left: Vec<PathBuf> = folders.iter().map(|folder| (*folder).to_owned()).collect();
    while let Some(folder) = left.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                left.push(path);
            } else if let Ok(bytes) = std::fs::read(&path) {
                all.insert(path, bytes);
            }
        }
    }
    all
}

pub(crate) fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Waits until a page says it.
#[track_caller]
pub(crate) fn in_the_end(visitor: &mut Visitor, path: &str, says: &str) -> String {
    let began = Instant::now();
    loop {
        let page = visitor.get(path).with_status(200);
        if page.body.contains(says) {
            return page.body;
        }
        assert!(began.elapsed() < PATIENCE, "{path} does not say {says:?}:\n{}", page.body);
        std::thread::sleep(Duration::from_millis(250));
    }
}

/// Now, as `--at` reads it.
pub(crate) fn moment() -> String {
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::get("Europe/Stockholm").expect("Sweden"));
    now.strftime("%Y-%m-%dT%H:%M:%S%.6f").to_string()
}

/// A data folder of the demo's people, as an operator would serve it: without the demo's own archive, which lies inside.
pub(crate) fn opened() -> (Folder, [Secrets; 2]) {
    let demo = Demo::start();
    let secrets = [WORKER, ADMINISTRATOR].map(|name| demo.secrets(name));
    let Demo { program, folder } = demo;
    program.stop();
    for inside in ["archive", "custodian"] {
        std::fs::remove_dir_all(folder.path().join(inside)).expect("the demo's own");
    }
    (folder, secrets)
}

/// What a thief has who took the second place one day, and the root key: it opens only with the private half of that day. Only the keys
/// are kept of it, so that each try is quick.
fn taken(places: &Places) -> PathBuf {
    let (second, taken) = (PathBuf::from(&places.second), places.beside("taken"));
    copy(&second.join("keys"), &taken.join("keys"));
    std::fs::copy(second.join("betrodd-archive"), taken.join("betrodd-archive")).expect("copied");
    taken
}

/// Whether these 32 bytes are the private half that opens what was taken. `like` is a key of the same installation at the custodian, in
/// whose file they are put.
fn opens(places: &Places, taken: &Path, key: &Path, like: &[u8], window: &[u8]) -> bool {
    let folder = places.beside("thief");
    let file = folder.join(key);
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
    std::fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o700)).expect("closed");
    // CBOR: form, then the private half after its two bytes of length.
    let mut bytes = like.to_vec();
    bytes[4..36].copy_from_slice(window);
    std::fs::write(&file, bytes).expect("written");
    let (root, to) = (places.beside("safe-root.key").display().to_string(), places.beside("thieves"));
    let (taken, to) = (taken.display().to_string(), to.display().to_string());
    let custodian = format!("folder:{}", folder.display());
    let all = ["restore", "--from", &taken, "--root-key", &root, "--custodian", &custodian, "--to", &to];
    let (_, said) = run_alone(&all);
    std::fs::remove_file(&file).expect("gone");
    drop(std::fs::remove_dir_all(&to));
    said.contains("keys: ")
}

/// The archive keys at the custodian: each file with its bytes.
fn archive_keys(places: &Places) -> BTreeMap<PathBuf, Vec<u8>> {
    let keys = places.beside("third").join("keys");
    let all = files(&[&keys]);
    all.into_iter().map(|(path, bytes)| (path.strip_prefix(&keys).expect("below").to_owned(), bytes)).collect()
}

#[test]
fn after_a_disaster_the_living_are_there_and_the_erased_are_nowhere() {
    let (folder, [worker, boss]) = opened();
    let second = folder.path().with_file_name("second").display().to_string();
    let places = Places::new(folder, second);
    let data = places.folder.path();
    std::fs::copy(data.join("root.key"), places.beside("safe-root.key")).expect("kept apart");

    // Work, over HTTP.
    let served = places.serve(&data);
    let mut visitor = worker.log_in(served.address());
    let [lives, gone] = [LIVES, GONE].map(|name| called(&mut visitor, "/matcha/deltagare", name));
    for (whose, text) in [(&lives, OF_THE_LIVING), (&gone, OF_THE_GONE)] {
        let fields = [("date", "2026-01-02"), ("text", text)];
        drop(write(&mut visitor, "daganteckningar", Some(number(whose)), &fields));
    }
    let picture = format!("/api/v1/matcha/deltagare/{}/files/picture", number(&gone));
    let token = visitor.token();
    let headers = [("x-csrf", token.as_str()), ("if-match", "\"1\"")];
    drop(visitor.send("PUT", &format!("{picture}?name=bild.png"), &headers, PNG).with_status(200));
    served.stop();
    places.backup(&data);

    // A thief takes the second place as it is today. With the private half of today it opens.
    let taken = taken(&places);
    let before = archive_keys(&places);
    assert_eq!(before.len(), 1, "{:?}", before.keys());
    let (key, like) = before.first_key_value().expect("one");
    assert!(opens(&places, &taken, key, like, &like[4..36]), "the search finds the private half while it is there");
    assert!(!opens(&places, &taken, key, like, &[7; 32]));
    let (status, said) = places.restore(&taken.display().to_string(), &["--to", &data.display().to_string()]);
    assert!(!status.success() && said.contains("is there and holds something"), "{said}");

    // The erasure, which is not waited with until the next rotation is due.
    let served = places.serve(&data);
    let mut visitor = worker.log_in(served.address());
    let then = moment();
    std::thread::sleep(Duration::from_millis(20));
    let fields = [("date", "2026-01-03"), ("text", LATER)];
    drop(write(&mut visitor, "daganteckningar", Some(number(&lives)), &fields));
    let mut administrator = boss.log_in(served.address());
    let plan = administrator.get(&format!("{gone}/radera")).with_status(200);
    let certificate = administrator.submit(&plan, "/radera", &[]).with_status(200);
    certificate.says(&["Oanvändbart här"]);
    let json = certificate.path.split(['?', '#']).next().expect("a path").to_owned() + ".json";
    let body = in_the_end(&mut administrator, &json, "\"since\"");
    let read: serde_json::Value = serde_json::from_str(&body).expect("JSON");
    let copies = &read["unusable_everywhere"]["copies"];
    assert_eq!((&copies["rests_on"], &copies["archive_keys_destroyed"]), (&"custodian".into(), &1.into()), "{copies}");
    assert_eq!(worker.log_in(served.address()).get(&gone).status, 404);
    drop(administrator);
    // The power goes, and the machine with it.
    served.kill();
    let machine = files(&[&data]);
    std::fs::remove_dir_all(&data).expect("gone");

    // What was taken before opens no more: not through the custodian, nor by any bytes that lie anywhere.
    let (status, said) =
        places.restore(&taken.display().to_string(), &["--to", &places.beside("stolen").display().to_string()]);
    assert!(!status.success() && !places.beside("stolen").exists(), "{said}");
    let mut everything = files(&[&PathBuf::from(&places.second), &places.beside("third")]);
    let third: Vec<Vec<u8>> = files(&[&places.beside("third")]).into_values().collect();
    everything.extend(machine);
    for (path, bytes) in &everything {
        for text in [GONE, "Göran", OF_THE_GONE, "goran.soderberg@"] {
            assert!(!holds(bytes, text), "{} holds {text}", path.display());
        }
    }
    let many = std::env::var("BETRODD_WINDOWS").ok().and_then(|text| text.parse().ok()).unwrap_or(WINDOWS);
    let windows = |bytes: &[u8]| -> Vec<Vec<u8>> { bytes.windows(32).map(<[u8]>::to_vec).collect() };
    // All of the third place, and of the rest as many as the form takes, drawn evenly.
    let mut tried: Vec<Vec<u8>> = third.iter().flat_map(|bytes| windows(bytes)).collect();
    assert!(tried.len() > 30, "{}", tried.len());
    let keys: Vec<Vec<u8>> = everything
        .iter()
        .filter(|(path, _)| !path.to_string_lossy().contains("segment"))
        .flat_map(|(_, bytes)| {
            windows(bytes).into_iter().filter(|window| window.iter().filter(|byte| **byte == 0).count() < 12)
        })
        .collect();
    let apart = (keys.len() / many).max(1);
    tried.extend(keys.into_iter().step_by(apart));
    for window in &tried {
        assert!(!opens(&places, &taken, key, like, window), "{window:?}");
    }

    // The restore: the content of then, the keys of now.
    let back = places.beside("back");
    let to = back.display().to_string();
    let (status, said) = places.restore(&places.second, &["--to", &to, "--at", &then]);
    assert!(status.success() && said.contains("Content is as it was"), "{said}");
    assert!(verify(&back).status.success());
    let served = places.serve(&back);
    let mut visitor = worker.log_in(served.address());
    visitor.get(&lives).with_status(200).says(&["Therese"]);
    let notes = format!("/api/v1/matcha/daganteckningar?parent={}", number(&lives));
    let notes = visitor.send("GET", &notes, &[], b"").with_status(200);
    notes.says(&[OF_THE_LIVING]).says_nothing_of(&[LATER]);
    assert_eq!(visitor.get(&gone).status, 404);
    assert_eq!(visitor.send("GET", &picture, &[], b"").status, 404);
    for page in ["/matcha/deltagare", "/matcha/deltagare?q=Göran", "/matcha/deltagare?q=Söderberg"] {
        visitor.get(page).with_status(200).says_nothing_of(&[">Göran Söderberg<"]);
    }
    // Its certificate is there. Where the power took the last second, its second stage is made again.
    in_the_end(&mut boss.log_in(served.address()), &json, "\"since\"");
    served.stop();
    assert!(verify(&back).status.success());
    for (path, bytes) in files(&[&back, &PathBuf::from(&places.second)]) {
        assert!(!holds(&bytes, OF_THE_GONE) && !holds(&bytes, GONE), "{}", path.display());
    }

    // The trial of it, and whether all is as it should be.
    places.backup(&back);
    let (status, said) = places.restore(&places.second, &["--drill"]);
    assert!(status.success() && said.contains("gives back what was there"), "{said}");
    assert!(said.contains("\"holds\": true"), "{said}");
    let (status, said) = run_to_end("doctor", &back, &["--english", "--archive", &places.second]);
    assert!(status.success() && said.contains("All is as it should be"), "{said}");
}

/// The smallest PNG: one point.
pub(crate) const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 0,
    0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 10, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0x60, 0, 0, 0, 2, 0, 1,
    0x48, 0xaf, 0xa4, 0x71, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];
