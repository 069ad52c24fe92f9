//! What passes between a program and its custodian: an address, frames, one question and one answer a connection.
//!
//! First each side sends its hello in plain, with the name of this protocol; then everything is sealed (`vault::channel`). A side
//! that holds another secret reads nothing and is told nothing.

use core::fmt;
use core::str::FromStr;
use core::time::Duration;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

use minicbor::{Decode, Encode};
use terms::{Clock, Instant};
use vault::channel::Hello;
use vault::custody::{ArchiveKeyId, CustodianError, InstallationId, PublicHalf};
use zeroize::Zeroize;

/// The name of the protocol, sent first by both sides.
const NAME: &[u8; 24] = b"betrodd-custodian/1\n\0\0\0\0";
/// What stands in the place of that name where too many ask at once.
const BUSY: &[u8; 24] = b"betrodd-custodian/busy\n\0";
/// Most bytes of a message.
const MAX_MESSAGE_BYTES: usize = 64 << 10;
/// How long a side waits for the other's next bytes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
/// The longest that one connection may take from its first byte to its last, on both sides.
pub(crate) const WHOLE_SECONDS: i64 = 30;

/// Where a custodian answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// `unix:/run/betrodd/custodian.sock`
    Unix(PathBuf),
    /// `10.0.0.7:7311`
    Net(SocketAddr),
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("unix:") {
            Some(path) if !path.is_empty() => Ok(Self::Unix(PathBuf::from(path))),
            Some(_) => Err("name a socket after `unix:`, e.g. `unix:/run/betrodd/custodian.sock`".to_owned()),
            None => text.parse().map(Self::Net).map_err(|_| {
                format!(
                    "`{text}` is no address of a custodian; write `unix:/path` or an address with port, `10.0.0.7:7311`"
                )
            }),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
            Self::Net(address) => write!(f, "{address}"),
        }
    }
}

/// Whose keys, and that whoever asks holds their root key.
#[derive(Encode, Decode)]
pub(crate) struct Asked {
    #[cbor(n(0), with = "minicbor::bytes")]
    pub(crate) installation: InstallationId,
    #[cbor(n(1), with = "minicbor::bytes")]
    pub(crate) possession: [u8; 32],
    #[n(2)]
    pub(crate) question: Question,
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.possession.zeroize();
    }
}

#[derive(Encode, Decode)]
pub(crate) enum Question {
    #[n(0)]
    Begin,
    #[n(1)]
    Open {
        #[n(0)]
        key: ArchiveKeyId,
        #[cbor(n(1), with = "minicbor::bytes")]
        sealer: PublicHalf,
    },
    #[n(2)]
    Destroy {
        #[n(0)]
        key: ArchiveKeyId,
    },
    #[n(3)]
    List,
}

#[derive(Encode, Decode)]
pub(crate) enum Answer {
    #[n(0)]
    Begun {
        #[n(0)]
        key: ArchiveKeyId,
        #[cbor(n(1), with = "minicbor::bytes")]
        public: PublicHalf,
    },
    #[n(1)]
    Opened(#[cbor(n(0), with = "minicbor::bytes")] [u8; 32]),
    #[n(2)]
    Destroyed,
    #[n(3)]
    Listed(#[n(0)] Vec<ArchiveKeyId>),
    #[n(4)]
    Refused(#[n(0)] String),
    #[n(5)]
    NotHere(#[n(0)] ArchiveKeyId),
    #[n(6)]
    Failed(#[n(0)] String),
}

impl From<CustodianError> for Answer {
    fn from(error: CustodianError) -> Self {
        match error {
            CustodianError::Refused(why) => Self::Refused(why),
            CustodianError::NotHere(key) => Self::NotHere(key),
            other => Self::Failed(other.to_string()),
        }
    }
}

/// Sends our hello and takes the other side's.
pub(crate) fn greet(stream: &mut (impl Read + Write), ours: &Hello) -> io::Result<Hello> {
    stream.write_all(&[NAME.as_slice(), ours].concat())?;
    stream.flush()?;
    let (mut name, mut hello) = ([0; NAME.len()], [0; 32]);
    stream.read_exact(&mut name)?;
    if &name == BUSY {
        return Err(io::Error::new(
            io::ErrorKind::WouldBlock,
            "it answers as many as it can at once; nothing was changed, and it is asked again",
        ));
    }
    stream.read_exact(&mut hello)?;
    if &name != NAME {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "what answers is no custodian of this version"));
    }
    Ok(hello)
}

/// Tells whoever comes that too many ask at once. Nothing is read of what it says.
pub(crate) fn too_many(stream: &mut impl Write) -> io::Result<()> {
    stream.write_all(BUSY)?;
    stream.flush()
}

/// What two sides speak over, with a limit on how long it waits for the other's next bytes.
pub(crate) trait Line: Read + Write + Send + 'static {
    /// From now on it waits so long.
    fn wait_at_most(&self, patience: Duration) -> io::Result<()>;
}

impl Line for UnixStream {
    fn wait_at_most(&self, patience: Duration) -> io::Result<()> {
        self.set_read_timeout(Some(patience))?;
        self.set_write_timeout(Some(patience))
    }
}

impl Line for TcpStream {
    fn wait_at_most(&self, patience: Duration) -> io::Result<()> {
        self.set_read_timeout(Some(patience))?;
        self.set_write_timeout(Some(patience))
    }
}

impl Line for Box<dyn Line> {
    fn wait_at_most(&self, patience: Duration) -> io::Result<()> {
        (**self).wait_at_most(patience)
    }
}

/// A line that ends at an instant, however slowly the other side sends: one that lets each byte come just in time would else hold a
/// place for hours.
pub(crate) struct Until<'c, L> {
    pub(crate) line: L,
    pub(crate) clock: &'c dyn Clock,
    pub(crate) ends: Instant,
}

impl<L: Line> Until<'_, L> {
    fn left(&self) -> io::Result<()> {
        let micros = self.ends.micros().saturating_sub(self.clock.now().micros());
        match u64::try_from(micros) {
            Ok(micros) if micros > 0 => self.line.wait_at_most(PATIENCE.min(Duration::from_micros(micros))),
            _ => Err(io::Error::new(io::ErrorKind::TimedOut, "the other side took too long")),
        }
    }
}

impl<L: Line> Read for Until<'_, L> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.left()?;
        self.line.read(into)
    }
}

impl<L: Line> Write for Until<'_, L> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.left()?;
        self.line.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.line.flush()
    }
}

pub(crate) fn send(stream: &mut impl Write, sealed: &[u8]) -> io::Result<()> {
    let length = u32::try_from(sealed.len()).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
    stream.write_all(&[&length.to_le_bytes(), sealed].concat())?;
    stream.flush()
}

pub(crate) fn receive(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length) as usize;
    if length > MAX_MESSAGE_BYTES {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a message that is too long"));
    }
    let mut message = vec![0; length];
    stream.read_exact(&mut message)?;
    Ok(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_socket_or_a_port() {
        for text in ["unix:/run/c.sock", "127.0.0.1:7311", "[::1]:1"] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
        for bad in ["", "unix:", "localhost", "127.0.0.1"] {
            assert!(bad.parse::<Address>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_message_that_claims_to_be_long_takes_no_memory() {
        assert!(receive(&mut &[0xff, 0xff, 0xff, 0xff, 1][..]).is_err());
        assert!(receive(&mut &[3, 0, 0, 0, 1][..]).is_err());
        assert_eq!(receive(&mut &[1, 0, 0, 0, 9][..]).unwrap(), [9]);
    }
}
