//! A custodian elsewhere, asked over its socket: one connection a question.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;

use vault::channel::{Channel, Side};
use vault::custody::{ArchiveKeyId, Assumption, Custodian, CustodianError, InstallationId, Possession, PublicHalf};
use zeroize::Zeroizing;

use crate::secret::Secret;
use crate::wire::{Address, Answer, Asked, PATIENCE, Question, greet, receive, send};

/// A custodian elsewhere.
pub struct Far {
    at: Address,
    secret: Secret,
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

impl Far {
    /// The one at an address, which shares this secret. Nothing is asked yet.
    #[must_use]
    pub const fn new(at: Address, secret: Secret) -> Self {
        Self { at, secret }
    }

    fn connect(&self) -> io::Result<Box<dyn Stream>> {
        Ok(match &self.at {
            Address::Unix(path) => {
                let stream = UnixStream::connect(path)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.set_write_timeout(Some(PATIENCE))?;
                Box::new(stream)
            }
            Address::Net(address) => {
                let stream = TcpStream::connect_timeout(address, PATIENCE)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.set_write_timeout(Some(PATIENCE))?;
                Box::new(stream)
            }
        })
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
