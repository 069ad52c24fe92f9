//! A scanner for malware: clamd's INSTREAM (clamd(8)). The command, then pieces each with its length in four bytes before it,
//! a piece of no length, and one line as answer. The file goes to the operator's own scanner and nowhere else.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// How long the scanner may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a connection may take.
const CONNECTING: Duration = Duration::from_secs(5);
/// Longest answer that is read.
const MAX_ANSWER_BYTES: u64 = 4096;

/// Where the scanner listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanner {
    /// A socket of this machine.
    Unix(PathBuf),
    /// An address and port.
    Tcp(SocketAddr),
}

/// A text names no scanner.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("name the scanner as `unix:/run/clamav/clamd.ctl` or `127.0.0.1:3310`")]
pub struct ScannerError;

impl FromStr for Scanner {
    type Err = ScannerError;

    fn from_str(text: &str) -> Result<Self, ScannerError> {
        match text.strip_prefix("unix:") {
            Some("") => Err(ScannerError),
            Some(path) => Ok(Self::Unix(path.into())),
            None => text.parse().map(Self::Tcp).map_err(|_| ScannerError),
        }
    }
}

trait Line: Read + Write + Send {}
impl<T: Read + Write + Send> Line for T {}

/// One file being scanned.
pub(crate) struct Scan {
    line: Box<dyn Line>,
}

/// What the scanner says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Clean,
    /// Malware, by the scanner's name for it.
    Found(String),
}

impl Scanner {
    pub(crate) fn begin(&self) -> io::Result<Scan> {
        let mut line: Box<dyn Line> = match self {
            Self::Unix(path) => {
                let line = UnixStream::connect(path)?;
                line.set_read_timeout(Some(PATIENCE))?;
                line.set_write_timeout(Some(PATIENCE))?;
                Box::new(line)
            }
            Self::Tcp(address) => {
                let line = TcpStream::connect_timeout(address, CONNECTING)?;
                line.set_read_timeout(Some(PATIENCE))?;
                line.set_write_timeout(Some(PATIENCE))?;
                Box::new(line)
            }
        };
        line.write_all(b"zINSTREAM\0")?;
        Ok(Scan { line })
    }
}

impl Scan {
    pub(crate) fn push(&mut self, piece: &[u8]) -> io::Result<()> {
        // A piece of no length would end it.
        for part in piece.chunks(64 * 1024) {
            let length = u32::try_from(part.len()).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
            self.line.write_all(&length.to_be_bytes())?;
            self.line.write_all(part)?;
        }
        Ok(())
    }

    pub(crate) fn verdict(mut self) -> io::Result<Verdict> {
        self.line.write_all(&[0; 4])?;
        self.line.flush()?;
        let mut answer = Vec::new();
        self.line.take(MAX_ANSWER_BYTES).read_to_end(&mut answer)?;
        let answer = String::from_utf8_lossy(&answer);
        let answer = answer.trim_end_matches(['\0', '\n']).trim();
        let said = answer.strip_prefix("stream:").unwrap_or(answer).trim();
        match said.strip_suffix("FOUND") {
            Some(name) => {
                let plain = |sign: &char| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-' | '_' | '/');
                Ok(Verdict::Found(name.trim().chars().filter(plain).take(80).collect()))
            }
            None if said == "OK" => Ok(Verdict::Clean),
            None => Err(io::Error::other("the scanner gave no verdict")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// Answers one file as clamd's manual says: reads the command and the pieces, then tells whether they hold the word.
    fn stand_in(answer: &'static str) -> (Scanner, std::thread::JoinHandle<Vec<u8>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let scanner = Scanner::Tcp(listener.local_addr().unwrap());
        let served = std::thread::spawn(move || {
            let (mut line, _) = listener.accept().unwrap();
            let mut command = [0; 10];
            line.read_exact(&mut command).unwrap();
            assert_eq!(&command, b"zINSTREAM\0");
            let mut all = Vec::new();
            loop {
                let mut length = [0; 4];
                line.read_exact(&mut length).unwrap();
                let length = u32::from_be_bytes(length) as usize;
                if length == 0 {
                    break;
                }
                let mut piece = vec![0; length];
                line.read_exact(&mut piece).unwrap();
                all.extend(piece);
            }
            line.write_all(answer.as_bytes()).unwrap();
            all
        });
        (scanner, served)
    }

    fn scanned(answer: &'static str) -> io::Result<Verdict> {
        let (scanner, served) = stand_in(answer);
        let mut scan = scanner.begin().unwrap();
        scan.push(b"").unwrap();
        scan.push(&[7; 100_000]).unwrap();
        scan.push(b"end").unwrap();
        let verdict = scan.verdict();
        let got = served.join().unwrap();
        assert_eq!((got.len(), &got[100_000..]), (100_003, &b"end"[..]));
        verdict
    }

    #[test]
    fn the_scanner_gets_every_byte_and_its_word_is_taken() {
        assert_eq!(scanned("stream: OK\0").unwrap(), Verdict::Clean);
        assert_eq!(scanned("stream: Eicar-Signature FOUND\0").unwrap(), Verdict::Found("Eicar-Signature".to_owned()));
        assert!(scanned("INSTREAM size limit exceeded. ERROR\0").is_err());
        assert!(scanned("").is_err());
    }

    #[test]
    fn a_scanner_is_named_by_socket_or_address() {
        assert_eq!("unix:/run/c".parse(), Ok(Scanner::Unix("/run/c".into())));
        assert_eq!("127.0.0.1:3310".parse(), Ok(Scanner::Tcp(([127, 0, 0, 1], 3310).into())));
        for wrong in ["", "unix:", "/run/c", "localhost"] {
            assert_eq!(wrong.parse::<Scanner>(), Err(ScannerError));
        }
    }
}
