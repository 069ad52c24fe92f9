//! A run that was watched: what lay below a folder before it, and every change in the order in which it took effect.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// A file, whatever it is called: its bytes are its own, and names come and go.
pub type File = usize;

/// One change that took effect. Paths are below the watched folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A file was made.
    Made(PathBuf, File),
    /// Bytes were written at an offset.
    Wrote(File, u64, Vec<u8>),
    /// It was cut or lengthened to so many bytes.
    Cut(File, u64),
    /// All that was written to it is durable.
    Synced(File),
    /// The names in a folder are durable.
    SyncedFolder(PathBuf),
    /// A file was renamed.
    Renamed(PathBuf, PathBuf, File),
    /// A folder was renamed, with all that lies in it.
    RenamedFolder(PathBuf, PathBuf),
    /// A name was taken away.
    Unlinked(PathBuf),
    /// A folder was made.
    MadeFolder(PathBuf),
    /// A folder was removed.
    RemovedFolder(PathBuf),
}

/// What lay there before, and what was done.
pub struct Trace {
    pub(crate) folders: BTreeSet<PathBuf>,
    pub(crate) names: BTreeMap<PathBuf, File>,
    pub(crate) bytes: Vec<Vec<u8>>,
    /// Every change, in order.
    pub changes: Vec<Change>,
}

/// The library that notes, built once.
fn library() -> &'static Path {
    static BUILT: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = BUILT.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("traced.so");
        let source = folder.path().join("traced.c");
        std::fs::write(&source, include_str!("traced.c")).expect("written");
        let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
        let built = Command::new(compiler)
            .args(["-O1", "-shared", "-fPIC", "-o"])
            .arg(&path)
            .arg(&source)
            .arg("-ldl")
            .output()
            .expect("a C compiler, as the dependencies want it too");
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        (folder, path)
    });
    path
}

/// Runs a command to its end and gives what it changed below a folder, with what it said.
///
/// # Panics
/// Where it cannot be run, or does not end well.
#[must_use]
pub fn watched(folder: &Path, command: &mut Command) -> (Trace, String) {
    let folder = folder.canonicalize().expect("the folder");
    let mut trace = Trace::of(&folder);
    let inodes = trace.inodes(&folder);
    let aside = tempfile::tempdir().expect("a temporary folder");
    let notes = aside.path().join("trace");
    command.env("LD_PRELOAD", library()).env("BETRODD_TRACED", &folder).env("BETRODD_TRACE", &notes);
    let ended = command.stdin(Stdio::null()).output().expect("it starts");
    let said = [ended.stdout, ended.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(ended.status.success(), "it ended with {}. It said:\n{said}", ended.status);
    trace.read(&folder, inodes, &std::fs::read(&notes).expect("what was noted"));
    (trace, said)
}

impl Trace {
    /// What lies below a folder; nothing was done yet.
    fn of(folder: &Path) -> Self {
        let mut trace =
            Self { folders: BTreeSet::new(), names: BTreeMap::new(), bytes: Vec::new(), changes: Vec::new() };
        let mut left = vec![folder.to_owned()];
        while let Some(one) = left.pop() {
            for entry in std::fs::read_dir(&one).expect("a folder") {
                let path = entry.expect("an entry").path();
                let name = path.strip_prefix(folder).expect("below").to_owned();
                if path.is_dir() {
                    trace.folders.insert(name);
                    left.push(path);
                } else if path.is_file() && !name.to_string_lossy().ends_with("-shm") {
                    trace.names.insert(name, trace.bytes.len());
                    trace.bytes.push(std::fs::read(&path).expect("a file"));
                }
            }
        }
        trace
    }

    fn inodes(&self, folder: &Path) -> HashMap<u64, File> {
        let of = |(name, file): (&PathBuf, &File)| (std::fs::metadata(folder.join(name)).expect("a file").ino(), *file);
        self.names.iter().map(of).collect()
    }

    /// Reads what was noted. An inode is a file until the next one is made that gets it.
    fn read(&mut self, folder: &Path, mut inodes: HashMap<u64, File>, notes: &[u8]) {
        use std::os::unix::ffi::OsStrExt;
        let below = |name: &[u8]| {
            let path = Path::new(std::ffi::OsStr::from_bytes(name));
            path.strip_prefix(folder).expect("below").to_owned()
        };
        let number = |at: usize, bytes: usize| {
            let mut wide = [0; 8];
            wide[..bytes].copy_from_slice(&notes[at..at + bytes]);
            u64::from_ne_bytes(wide)
        };
        let mut files = self.names.len();
        let mut folders = self.folders.clone();
        let mut at = 0;
        while at < notes.len() {
            let (kind, inode, offset) = (notes[at], number(at + 1, 8), number(at + 9, 8));
            let (ones, others) = (number(at + 17, 4) as usize, number(at + 21, 4) as usize);
            let one = &notes[at + 25..at + 25 + ones];
            let other = &notes[at + 25 + ones..at + 25 + ones + others];
            at += 25 + ones + others;
            let file = inodes.get(&inode).copied();
            self.changes.extend(match kind {
                b'C' => {
                    inodes.insert(inode, files);
                    files += 1;
                    Some(Change::Made(below(one), files - 1))
                }
                b'W' => file.map(|file| Change::Wrote(file, offset, one.to_vec())),
                b'T' => file.map(|file| Change::Cut(file, offset)),
                b'S' => file.map(Change::Synced),
                b'D' => Some(Change::SyncedFolder(below(one))),
                b'U' => Some(Change::Unlinked(below(one))),
                b'M' => {
                    folders.insert(below(one));
                    Some(Change::MadeFolder(below(one)))
                }
                b'X' => {
                    folders.remove(&below(one));
                    Some(Change::RemovedFolder(below(one)))
                }
                b'R' if folders.contains(&below(one)) => {
                    folders.remove(&below(one));
                    folders.insert(below(other));
                    Some(Change::RenamedFolder(below(one), below(other)))
                }
                b'R' => file.map(|file| Change::Renamed(below(one), below(other), file)),
                kind => panic!("a note of kind {kind}"),
            });
        }
    }
}
