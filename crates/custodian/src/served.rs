//! Answers for a folder of archive keys over a socket. Whoever does not hold the secret is told nothing; the log says what was asked
//! and whether it was done, with the archive key's id and the installation's, which are no secrets.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::net::UnixListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use terms::Clock;
use vault::channel::{Channel, Side};
use vault::custody::{Custodian, Possession};
use zeroize::Zeroizing;

use crate::folder::Folder;
use crate::secret::Secret;
use crate::wire::{
    Address, Answer, Asked, Line, PATIENCE, Question, Until, WHOLE_SECONDS, greet, receive, send, too_many,
};

/// Most connections at a time; more are told so and closed. A program asks a few times a day.
const MAX_CONNECTIONS: usize = 16;

/// Waited after a connection that could not be taken: what it was for want of may come back.
const AFTER_A_BAD_ONE: Duration = Duration::from_millis(50);

enum Listener {
    Unix(UnixListener),
    Net(TcpListener),
}

/// A custodian that answers at an address.
pub struct Served {
    listener: Listener,
    folder: Arc<Folder>,
    secret: Arc<Secret>,
    open: Arc<AtomicUsize>,
    clock: Arc<dyn Clock>,
}

impl Served {
    /// Listens at an address; `clock` says when somebody who asks has taken too long. A socket that a program which died left behind is replaced; one that answers is not.
    ///
    /// # Errors
    /// The system's.
    pub fn listen(at: &Address, folder: Folder, secret: Secret, clock: Arc<dyn Clock>) -> io::Result<Self> {
        let listener = match at {
            Address::Net(address) => Listener::Net(TcpListener::bind(address)?),
            Address::Unix(path) => {
                if path.exists() {
                    if std::os::unix::net::UnixStream::connect(path).is_ok() {
                        return Err(io::Error::new(io::ErrorKind::AddrInUse, "another program answers there"));
                    }
                    std::fs::remove_file(path)?;
                }
                Listener::Unix(UnixListener::bind(path)?)
            }
        };
        Ok(Self { listener, folder: Arc::new(folder), secret: Arc::new(secret), open: Arc::default(), clock })
    }

    /// The port that was taken, where it listens on one.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        match &self.listener {
            Listener::Net(listener) => listener.local_addr().ok(),
            Listener::Unix(_) => None,
        }
    }

    /// Answers one connection after the other, each in a thread of its own, for ever. One that cannot be taken is told in the log and
    /// ends nothing: who closes before it is taken, or a process without a free descriptor, must not end the custodian.
    ///
    /// # Errors
    /// None: whatever fails is told in the log, and the next is waited for.
    pub fn run(&self) -> io::Result<()> {
        loop {
            let taken = match &self.listener {
                Listener::Unix(listener) => listener.accept().and_then(|(line, _)| self.take(line)),
                Listener::Net(listener) => listener.accept().and_then(|(line, _)| self.take(line)),
            };
            if let Err(cause) = taken {
                tracing::warn!(%cause, "a connection could not be taken");
                std::thread::sleep(AFTER_A_BAD_ONE);
            }
        }
    }

    fn take(&self, mut line: impl Line) -> io::Result<()> {
        line.wait_at_most(PATIENCE)?;
        if self.open.fetch_add(1, Ordering::SeqCst) >= MAX_CONNECTIONS {
            self.open.fetch_sub(1, Ordering::SeqCst);
            tracing::warn!("too many connections at once; one was told so and closed");
            return too_many(&mut line);
        }
        let clock = Arc::clone(&self.clock);
        let ends = clock.now().plus_seconds(WHOLE_SECONDS);
        let (folder, secret, open) = (Arc::clone(&self.folder), Arc::clone(&self.secret), Arc::clone(&self.open));
        let spawned = std::thread::Builder::new().name("custodian".to_owned()).spawn(move || {
            let mut line = Until { line, clock: &*clock, ends };
            if let Err(cause) = answer(&mut line, &folder, &secret) {
                tracing::warn!(%cause, "a connection ended without an answer");
            }
            open.fetch_sub(1, Ordering::SeqCst);
        });
        if let Err(cause) = spawned {
            self.open.fetch_sub(1, Ordering::SeqCst);
            tracing::warn!(%cause, "a connection could not be answered");
        }
        Ok(())
    }
}

fn answer(stream: &mut (impl Read + Write), folder: &Folder, secret: &Secret) -> io::Result<()> {
    let ours = |error: vault::VaultError| io::Error::other(error.to_string());
    let hello = Channel::hello().map_err(ours)?;
    let theirs = greet(stream, &hello)?;
    let mut channel = Channel::new(&secret.0, Side::Answers, &theirs, &hello).map_err(ours)?;
    let message = receive(stream)?;
    let Some(message) = channel.open(&message) else {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "whoever asks does not know the secret"));
    };
    let answer = match minicbor::decode::<Asked>(&message) {
        Ok(asked) => done(folder, &asked),
        Err(_) => Answer::Failed("the question does not read; both sides must be of one version".to_owned()),
    };
    let plain = Zeroizing::new(minicbor::to_vec(&answer).unwrap_or_default());
    send(stream, &channel.seal(&plain).map_err(ours)?)
}

fn done(folder: &Folder, asked: &Asked) -> Answer {
    let (installation, possession) = (&asked.installation, Possession::from_bytes(asked.possession));
    let (what, key, answer) = match &asked.question {
        Question::Begin => {
            let made = folder.begin(installation, &possession);
            let key = made.as_ref().ok().map(|(key, _)| *key);
            ("begin", key, made.map(|(key, public)| Answer::Begun { key, public }))
        }
        Question::Open { key, sealer } => {
            let opened = folder.open(installation, &possession, key, sealer);
            ("open", Some(*key), opened.map(|given| Answer::Opened(*given)))
        }
        Question::Destroy { key } => {
            ("destroy", Some(*key), folder.destroy(installation, &possession, key).map(|()| Answer::Destroyed))
        }
        Question::List => ("list", None, folder.list(installation, &possession).map(Answer::Listed)),
    };
    let installation = vault::custody::ArchiveKeyId(*installation);
    match answer {
        Ok(answer) => {
            tracing::info!(what, ?key, %installation, "done");
            answer
        }
        Err(error) => {
            tracing::warn!(what, ?key, %installation, %error, "not done");
            error.into()
        }
    }
}
