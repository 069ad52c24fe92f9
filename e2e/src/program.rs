//! The real program on a folder of its own, from its first line to its last breath.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::s3::S3Server;

/// How long a program may take until it listens. Far more than it should; a test that measures says its own limit.
const READY_SECONDS: u64 = 60;

/// A data folder that is gone after the test.
pub struct Folder(tempfile::TempDir);

impl Folder {
    /// A place for a data folder; the folder itself does not exist yet, as on a fresh machine.
    #[must_use]
    pub fn fresh() -> Self {
        Self(tempfile::Builder::new().prefix("betrodd-test-").tempdir().expect("a temporary folder"))
    }

    /// Where the data folder lies or will lie.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.0.path().join("data")
    }

    /// Copies a service's folder beside the data folder, for tests that change its agreement, and gives the folder that
    /// holds it: what `--services` wants.
    ///
    /// # Panics
    /// When it cannot be copied.
    #[must_use]
    pub fn services(&self, service: &str) -> PathBuf {
        let to = self.0.path().join("services");
        // The files of the service, and what its demo reads.
        let from = repository().join("services").join(service);
        copy_files(&from, &to.join(service));
        if from.join("demo").is_dir() {
            copy_files(&from.join("demo"), &to.join(service).join("demo"));
        }
        to
    }
}

fn copy_files(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("the folder") {
        let file = entry.expect("an entry").path();
        if file.is_file() {
            let name = file.file_name().expect("a name");
            std::fs::copy(&file, to.join(name)).expect("it can be copied");
        }
    }
}

/// A running program. It is killed when it goes out of scope.
pub struct Program {
    child: Child,
    address: String,
    ready_after: Duration,
    said: Arc<Mutex<String>>,
}

impl Program {
    /// Starts the demo on `folder`, on a free port, and waits until it listens.
    ///
    /// # Panics
    /// When the program ends, or says nothing of listening within a minute; with everything that it said.
    #[must_use]
    pub fn demo(folder: &Path, arguments: &[&str]) -> Self {
        Self::start("demo", folder, arguments)
    }

    /// Starts any command that listens.
    ///
    /// # Panics
    /// As [`Program::demo`].
    #[must_use]
    pub fn start(command: &str, folder: &Path, arguments: &[&str]) -> Self {
        Self::try_start(command, folder, arguments)
            .unwrap_or_else(|said| panic!("`betrodd {command}` did not listen. It said:\n{said}"))
    }

    /// Starts a command that may well refuse to start, e.g. a second program on the same folder.
    ///
    /// # Errors
    /// What it said, when it ended before it listened.
    ///
    /// # Panics
    /// When the program cannot be started at all, or neither listens nor ends within a minute.
    pub fn try_start(command: &str, folder: &Path, arguments: &[&str]) -> Result<Self, String> {
        Self::begin(command, folder, arguments).map_err(|(_, said)| said)
    }

    /// Starts a command that must refuse to start, and gives how it ended and what it said.
    ///
    /// # Panics
    /// When it starts after all, and as [`Program::try_start`].
    #[must_use]
    #[track_caller]
    pub fn refused(command: &str, folder: &Path, arguments: &[&str]) -> (ExitStatus, String) {
        match Self::begin(command, folder, arguments) {
            Ok(program) => panic!("`betrodd {command}` must not start. It said:\n{}", program.said()),
            Err(refused) => refused,
        }
    }

    /// Starts a custodian of archive keys on a folder, and waits until it answers; [`Program::address`] is where.
    ///
    /// # Panics
    /// As [`Program::start`].
    #[must_use]
    pub fn custodian(folder: &Path, listen: &str) -> Self {
        let mut program = bare();
        program.args(["custodian", "--listen", listen, "--folder"]).arg(folder);
        Self::run(program, "custodian on ").unwrap_or_else(|(_, said)| panic!("the custodian did not answer:\n{said}"))
    }

    fn begin(command: &str, folder: &Path, arguments: &[&str]) -> Result<Self, (ExitStatus, String)> {
        let mut program = command_on(command, folder);
        program.args(arguments);
        Self::run(program, "listening on ")
    }

    fn run(mut program: Command, ready: &'static str) -> Result<Self, (ExitStatus, String)> {
        let began = Instant::now();
        let mut child = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let said = Arc::new(Mutex::new(String::new()));
        let addresses = listen(child.stdout.take().expect("piped"), Arc::clone(&said), ready);
        let errors = listen(child.stderr.take().expect("piped"), Arc::clone(&said), ready);
        let answers = addresses.recv_timeout(Duration::from_secs(READY_SECONDS));
        if let Ok(address) = answers {
            return Ok(Self { child, address, ready_after: began.elapsed(), said });
        }
        let hung = answers == Err(RecvTimeoutError::Timeout);
        if hung {
            let _ = child.kill();
        }
        // Its pipes are closed, so it is ending; how, only its status says.
        let ended = child.wait().expect("a child");
        // Wait until all that was said is here.
        while errors.recv().is_ok() {}
        let said = said.lock().expect("no thread panicked").clone();
        assert!(!hung, "the program neither listened nor ended within {READY_SECONDS} s. It said:\n{said}");
        Err((ended, said))
    }

    /// Starts a command and kills it after so long, wherever it has come to.
    ///
    /// # Panics
    /// When it cannot be started, or the system refuses to kill it.
    pub fn start_and_kill(command: &str, folder: &Path, arguments: &[&str], after: Duration) {
        let mut silent = command_on(command, folder);
        let mut child =
            silent.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
        std::thread::sleep(after);
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
    }

    /// Where it listens, e.g. `http://127.0.0.1:40123`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// How long it took from start until it listened.
    #[must_use]
    pub const fn ready_after(&self) -> Duration {
        self.ready_after
    }

    /// Everything that it said so far, on both channels.
    ///
    /// # Panics
    /// When the thread that reads has panicked.
    #[must_use]
    pub fn said(&self) -> String {
        self.said.lock().expect("no thread panicked").clone()
    }

    /// The process, for those who look at its memory.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Kills it as `kill -9` does: nothing of it runs any more when this returns, and nothing was closed in order.
    ///
    /// # Panics
    /// When the system refuses.
    pub fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }

    /// Asks it to end, as a terminal or a service manager does, and waits until it has.
    ///
    /// # Panics
    /// When it cannot be asked, or does not end well.
    pub fn stop(mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(asked.is_ok_and(|status| status.success()), "it can be asked to end");
        let status = self.child.wait().expect("it ends");
        assert!(status.success(), "it ended with {status}. It said:\n{}", self.said());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a command that ends by itself, and gives how it ended and what it said.
///
/// # Panics
/// When it cannot be started.
#[must_use]
pub fn run_to_end(command: &str, folder: &Path, arguments: &[&str]) -> (ExitStatus, String) {
    let ended = plain(command, folder).args(arguments).output().expect("the program starts");
    let said = [ended.stdout, ended.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    (ended.status, said)
}

/// Runs a command that ends by itself and has no data folder to begin with, e.g. a restore, and gives how it ended and what it said.
///
/// # Panics
/// When it cannot be started.
#[must_use]
pub fn run_alone(arguments: &[&str]) -> (ExitStatus, String) {
    let ended = bare().args(arguments).output().expect("the program starts");
    let said = [ended.stdout, ended.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    (ended.status, said)
}

/// The program with a command that has no data folder to begin with, to be run by whoever watches it.
///
/// # Panics
/// Where it is not built.
#[must_use]
pub fn command(arguments: &[&str]) -> Command {
    let mut program = bare();
    program.args(arguments);
    program
}

/// The program with a command, on a data folder and a free port.
fn command_on(command: &str, folder: &Path) -> Command {
    let mut program = plain(command, folder);
    program.args(["--listen", "127.0.0.1:0"]);
    program
}

/// The program with a command, on a data folder.
fn plain(command: &str, folder: &Path) -> Command {
    let mut program = bare();
    program.arg(command).arg("--data").arg(folder);
    program
}

fn bare() -> Command {
    let mut program = Command::new(built("BETRODD_BIN", "betrodd"));
    // Services lie where the repository is, as for a user who follows the README.
    program.current_dir(repository()).stdin(Stdio::null());
    ENTERS.with_borrow(|said| program.envs(said.iter().map(|(variable, value)| (variable, value))));
    program
}

thread_local! {
    static ENTERS: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
}

/// From now on the programs that this thread starts enter the buckets of that server.
pub fn enters(server: &S3Server) {
    let said = [
        ("AWS_ENDPOINT_URL", server.address()),
        ("AWS_ACCESS_KEY_ID", "somebody"),
        ("AWS_SECRET_ACCESS_KEY", "something"),
        ("AWS_REGION", "eu-north-1"),
    ];
    ENTERS.set(said.map(|(variable, value)| (variable.to_owned(), value.to_owned())).to_vec());
}

/// Runs `verify` on a data folder.
///
/// # Panics
/// When it cannot be started.
#[must_use]
pub fn verify(folder: &Path) -> Output {
    Command::new(built("VERIFY_BIN", "verify")).arg(folder).output().expect("verify starts")
}

/// Takes in what is said, and sends on the address that follows `ready`, as in `listening on http://…`.
fn listen(from: impl Read + Send + 'static, said: Arc<Mutex<String>>, ready: &'static str) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            if let Some((_, address)) = line.split_once(ready) {
                // The receiver may be gone; then nobody waits any more.
                let _ = sender.send(address.trim().to_owned());
            }
            let mut said = said.lock().expect("no thread panicked");
            said.push_str(&line);
            said.push('\n');
        }
    });
    receiver
}

/// The root of the repository.
///
/// # Panics
/// Never: these tests lie in it.
#[must_use]
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the root is above")
}

/// Where a program of ours lies: as `cargo xtask test` says, or else beside the tests' own folder.
///
/// # Panics
/// Where it is not built.
#[must_use]
pub fn built(variable: &str, name: &str) -> PathBuf {
    if let Some(path) = std::env::var_os(variable) {
        return path.into();
    }
    let tests = std::env::current_exe().expect("a path");
    let target = tests.ancestors().nth(3).expect("target/debug/deps/…");
    let path = target.join("release").join(name).with_extension(std::env::consts::EXE_EXTENSION);
    assert!(
        path.is_file(),
        "`{name}` is not built: run `cargo xtask test`, or `cargo build --release -p {name}` first"
    );
    path
}
