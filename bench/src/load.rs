//! The load: so many connections, each asking again as soon as it is answered.
//!
//! The client is written by hand, on purpose: whatever it costs is spent on the cores that are measured, and would make the
//! two variants look more alike than they are.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request, as its bytes, with the status that its answer must have.
#[derive(Clone)]
pub struct Request {
    bytes: Arc<[u8]>,
    expected: u16,
}

impl Request {
    /// A request with a body, or without one where it is empty.
    #[must_use]
    pub fn new(method: &str, path: &str, headers: &[(&str, &str)], body: &str, expected: u16) -> Self {
        let mut text = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            text.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()));
        }
        text.push_str("\r\n");
        text.push_str(body);
        Self { bytes: text.into_bytes().into(), expected }
    }
}

/// What one measurement gave.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// Answers per second.
    pub per_second: f64,
    /// The 99th percentile of the time to an answer.
    pub p99: Duration,
    /// Processor time of an answer, client and server together, all threads. It tells what an answer costs even while
    /// others use the machine.
    pub cpu: Duration,
}

/// Why a load ended early.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The connection.
    #[error("a connection failed: {0}")]
    Connection(#[from] std::io::Error),
    /// Another answer than expected.
    #[error("the portal answered {got} where {expected} was expected; what is measured would be errors")]
    Status {
        /// What came.
        got: u16,
        /// What should have.
        expected: u16,
    },
    /// No HTTP answer.
    #[error("the portal's answer could not be read")]
    Form,
}

/// Asks `requests` in turn over `connections` for `each`.
///
/// # Errors
/// At the first answer that is not as expected.
pub(crate) async fn measure(
    address: SocketAddr,
    requests: &[Request],
    connections: usize,
    each: Duration,
) -> Result<Sample, LoadError> {
    let next = Arc::new(AtomicUsize::new(0));
    let requests: Arc<[Request]> = requests.into();
    let used = crate::machine::processor_time();
    let began = Instant::now();
    let until = began + each;
    let tasks: Vec<_> = (0..connections)
        .map(|_| tokio::spawn(connection(address, Arc::clone(&requests), Arc::clone(&next), until)))
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.map_err(|_| LoadError::Form)??);
    }
    let took = began.elapsed().as_secs_f64();
    let answers = u32::try_from(times.len()).unwrap_or(u32::MAX).max(1);
    let cpu = crate::machine::processor_time().saturating_sub(used) / answers;
    times.sort_unstable();
    let p99 = times.get(times.len() * 99 / 100).copied().unwrap_or_default();
    Ok(Sample { per_second: times.len() as f64 / took, p99, cpu })
}

async fn connection(
    address: SocketAddr,
    requests: Arc<[Request]>,
    next: Arc<AtomicUsize>,
    until: Instant,
) -> Result<Vec<Duration>, LoadError> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut times = Vec::with_capacity(4096);
    let mut buffer = Vec::with_capacity(16 * 1024);
    while Instant::now() < until {
        let place = next.fetch_add(1, Ordering::Relaxed) % requests.len().max(1);
        let request = requests.get(place).ok_or(LoadError::Form)?;
        let asked = Instant::now();
        stream.write_all(&request.bytes).await?;
        let got = answer(&mut stream, &mut buffer).await?;
        times.push(asked.elapsed());
        if got != request.expected {
            return Err(LoadError::Status { got, expected: request.expected });
        }
    }
    Ok(times)
}

/// Reads one answer with a `Content-Length` and gives its status.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<u16, LoadError> {
    buffer.clear();
    let head = loop {
        if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(buffer).await? == 0 {
            return Err(LoadError::Form);
        }
    };
    let text = core::str::from_utf8(buffer.get(..head).ok_or(LoadError::Form)?).map_err(|_| LoadError::Form)?;
    let status = text.get(9..12).and_then(|code| code.parse().ok()).ok_or(LoadError::Form)?;
    let length: usize = text
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or(0);
    while buffer.len() < head + length {
        if stream.read_buf(buffer).await? == 0 {
            return Err(LoadError::Form);
        }
    }
    Ok(status)
}
