//! A custodian elsewhere, asked over its socket: one connection a question.

use std::io;
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::sync::Arc;

use terms::Clock;
use vault::channel::{Channel, Side};
use vault::custody::{ArchiveKeyId, Assumption, Custodian, CustodianError, InstallationId, Possession, PublicHalf};
use zeroize::Zeroizing;

use crate::secret::Secret;
use crate::wire::{Address, Answer, Asked, Line, PATIENCE, Question, Until, WHOLE_SECONDS, greet, receive, send};

/// A custodian elsewhere.
pub struct Far {
    at: Address,
    secret: Secret,
    clock: Arc<dyn Clock>,
}

impl Far {
    /// The one at an address, which shares this secret. Nothing is asked yet. `clock` says when it has taken too long: no question
    /// waits longer than half a minute for its answer, however slowly that comes.
    #[must_use]
    pub const fn new(at: Address, secret: Secret, clock: Arc<dyn Clock>) -> Self {
        Self { at, secret, clock }
    }

    fn connect(&self) -> io::Result<Until<'_, Box<dyn Line>>> {
        let ends = self.clock.now().plus_seconds(WHOLE_SECONDS);
        let line: Box<dyn Line> = match &self.at {
            Address::Unix(path) => Box::new(UnixStream::connect(path)?),
            Address::Net(address) => Box::new(TcpStream::connect_timeout(address, PATIENCE)?),
        };
        Ok(Until { line, clock: &*self.clock, ends })
    }

    fn ask(
        &self,
        installation: &InstallationId,
        possession: &Possession,
        question: Question,
    ) -> Result<Answer, CustodianError> {
        let far = |cause: io::Error| CustodianError::Unreachable { at: self.at.to_string(), cause: cause.to_string() };
        let ours = |error: vault::VaultError| CustodianError::Failed(error.to_string());
        let mut stream = self.connect().map_err(far)?;
        let hello = Channel::hello().map_err(ours)?;
        let theirs = greet(&mut stream, &hello).map_err(far)?;
        let mut channel = Channel::new(&self.secret.0, Side::Asks, &hello, &theirs).map_err(ours)?;
        let asked = Asked { installation: *installation, possession: *possession.bytes(), question };
        let message = Zeroizing::new(minicbor::to_vec(&asked).unwrap_or_default());
        send(&mut stream, &channel.seal(&message).map_err(ours)?).map_err(far)?;
        let answer = receive(&mut stream).map_err(|cause| match cause.kind() {
            // It reads nothing that is sealed under another secret, and hangs up.
            io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => {
                CustodianError::Refused("it does not know the secret that it was asked with".to_owned())
            }
            _ => far(cause),
        })?;
        let opened = channel.open(&answer).ok_or_else(|| {
            CustodianError::Refused("what answers does not know the secret that it was asked with".to_owned())
        })?;
        match minicbor::decode(&opened) {
            Ok(Answer::Refused(why)) => Err(CustodianError::Refused(why)),
            Ok(Answer::NotHere(key)) => Err(CustodianError::NotHere(key)),
            Ok(Answer::Failed(why)) => Err(CustodianError::Failed(why)),
            Ok(answer) => Ok(answer),
            Err(_) => Err(CustodianError::Failed("its answer does not read".to_owned())),
        }
    }
}

fn other<T>(_answer: &Answer) -> Result<T, CustodianError> {
    Err(CustodianError::Failed("it answered another question than it was asked".to_owned()))
}

impl Custodian for Far {
    fn begin(
        &self,
        installation: &InstallationId,
        possession: &Possession,
    ) -> Result<(ArchiveKeyId, PublicHalf), CustodianError> {
        match self.ask(installation, possession, Question::Begin)? {
            Answer::Begun { key, public } => Ok((key, public)),
            answer => other(&answer),
        }
    }

    fn open(
        &self,
        installation: &InstallationId,
        possession: &Possession,
        key: &ArchiveKeyId,
        sealer: &PublicHalf,
    ) -> Result<Zeroizing<[u8; 32]>, CustodianError> {
        match self.ask(installation, possession, Question::Open { key: *key, sealer: *sealer })? {
            Answer::Opened(given) => Ok(Zeroizing::new(given)),
            answer => other(&answer),
        }
    }

    fn destroy(
        &self,
        installation: &InstallationId,
        possession: &Possession,
        key: &ArchiveKeyId,
    ) -> Result<(), CustodianError> {
        match self.ask(installation, possession, Question::Destroy { key: *key })? {
            Answer::Destroyed => Ok(()),
            answer => other(&answer),
        }
    }

    fn list(
        &self,
        installation: &InstallationId,
        possession: &Possession,
    ) -> Result<Vec<ArchiveKeyId>, CustodianError> {
        match self.ask(installation, possession, Question::List)? {
            Answer::Listed(keys) => Ok(keys),
            answer => other(&answer),
        }
    }

    fn assumption(&self) -> Assumption {
        Assumption::Custodian
    }
}
