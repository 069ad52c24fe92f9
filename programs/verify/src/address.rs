//! A published log at an address: as much of HTTP/1.1 as it takes to get a file. What comes is believed only where it meets a
//! signature, so an `https` address is left to `curl`, which most systems have, and no cipher is needed here.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::process::{Command, Stdio};
use std::time::Duration;

use journal::Source;

/// Longest file that is taken. A bundle of 256 leaves has 11 KiB.
const MAX_BYTES: u64 = 4 << 20;
const PATIENCE: Duration = Duration::from_secs(30);

/// A log whose files lie under an address.
pub struct Address {
    /// The address, without a slash at its end.
    url: String,
    /// A key for programs, as the service's pages give it.
    token: Option<String>,
}

impl Address {
    /// The log at `url`.
    pub fn new(url: &str, token: Option<String>) -> Self {
        Self { url: url.trim_end_matches('/').to_owned(), token: token.filter(|token| !token.is_empty()) }
    }

    /// Whether a text is an address, and not a folder.
    pub fn is_one(text: &str) -> bool {
        text.starts_with("http://") || text.starts_with("https://")
    }

    fn plain(&self, rest: &str, path: &str) -> io::Result<Vec<u8>> {
        let (host, base) = rest.split_once('/').unwrap_or((rest, ""));
        let port = if host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok()) { "" } else { ":80" };
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the address leads nowhere");
        for to in format!("{host}{port}").to_socket_addrs()? {
            match TcpStream::connect_timeout(&to, PATIENCE) {
                Ok(stream) => return self.ask(stream, host, &format!("/{base}/{path}").replace("//", "/")),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn ask(&self, mut stream: TcpStream, host: &str, path: &str) -> io::Result<Vec<u8>> {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let token = self.token.as_ref().map_or_else(String::new, |token| format!("Authorization: Bearer {token}\r\n"));
        // HTTP/1.0: the answer comes in one piece and ends with the connection.
        write!(stream, "GET {path} HTTP/1.0\r\nHost: {host}\r\nAccept: */*\r\n{token}\r\n")?;
        let mut answer = Vec::new();
        stream.take(MAX_BYTES).read_to_end(&mut answer)?;
        let bad = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why.to_owned());
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or_else(|| bad("the answer is no HTTP"))?;
        let body = answer.split_off(end + 4);
        let head = String::from_utf8_lossy(&answer).into_owned();
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse::<u16>().ok());
        judge(status.ok_or_else(|| bad("the answer is no HTTP"))?)?;
        let length =
            lines.filter_map(|line| line.split_once(':')).find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        match length.and_then(|(_, value)| value.trim().parse::<usize>().ok()) {
            Some(length) if length != body.len() => {
                Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the answer is cut short"))
            }
            _ => Ok(body),
        }
    }

    fn through_curl(&self, url: &str) -> io::Result<Vec<u8>> {
        let mut curl = Command::new("curl");
        curl.args([
            "--silent",
            "--show-error",
            "--max-time",
            "30",
            "--write-out",
            "%{stderr}%{http_code}",
            "--config",
            "-",
            url,
        ]);
        curl.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = curl.spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                io::Error::other("an https address is fetched by the program `curl`, which is not installed")
            }
            _ => error,
        })?;
        if let (Some(mut to), Some(token)) = (child.stdin.take(), &self.token) {
            // Not among the arguments, where every user of the machine could read it.
            writeln!(to, "header = \"Authorization: Bearer {token}\"")?;
        }
        let output = child.wait_with_output()?;
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        let status = told.get(told.len().saturating_sub(3)..).and_then(|code| code.parse().ok());
        match status {
            Some(status) if output.status.success() => judge(status).map(|()| output.stdout),
            _ => Err(io::Error::other(told)),
        }
    }
}

fn judge(status: u16) -> io::Result<()> {
    match status {
        200 => Ok(()),
        404 => Err(io::ErrorKind::NotFound.into()),
        401 => Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "it asks who you are: put one of your keys for programs into the variable BETRODD_KEY",
        )),
        403 => Err(io::Error::new(io::ErrorKind::PermissionDenied, "this key's role may not see the log")),
        other => Err(io::Error::other(format!("it answered with {other}"))),
    }
}

impl Source for Address {
    fn get(&self, path: &str) -> io::Result<Vec<u8>> {
        match self.url.strip_prefix("http://") {
            Some(rest) => self.plain(rest, path),
            None => self.through_curl(&format!("{}/{path}", self.url)),
        }
    }

    fn name(&self) -> String {
        self.url.clone()
    }
}
