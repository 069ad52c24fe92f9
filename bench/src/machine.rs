//! The machine that was measured on, and the program as a whole: its size, its start, its memory.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Starts of the program that are timed.
const STARTS: usize = 5;

/// One line on the machine.
pub(crate) fn line() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown", |rest| rest.trim_start_matches([' ', '\t', ':']));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("betrodd {} on {cores} cores of {model}", env!("CARGO_PKG_VERSION"))
}

/// Processor time that this process has used, all threads, to a hundredth of a second (proc(5): fields 14 and 15 of `stat`, in
/// ticks of a hundredth on Linux).
pub(crate) fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let ticks: u64 = after_name.split(' ').skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// Size, time to first page, idle memory.
pub(crate) fn program(program: &Path, services: &Path) -> std::io::Result<()> {
    println!("\nThe program");
    println!("size                {:.1} MB", std::fs::metadata(program)?.len() as f64 / 1e6);
    let folder = std::env::temp_dir().join(format!("betrodd-bench-{}", std::process::id()));
    let mut starts = Vec::new();
    for place in 0..=STARTS {
        let began = Instant::now();
        let mut started = Started::new(program, services, &folder)?;
        started.first_page()?;
        let took = began.elapsed();
        if place == 0 {
            println!(
                "first start, with the demo's month made   {:.0} ms to the first page",
                took.as_secs_f64() * 1000.0
            );
        } else {
            starts.push(took);
        }
        if place == STARTS {
            std::thread::sleep(Duration::from_secs(1));
            println!("memory when idle    {:.1} MB resident", started.resident_kib() as f64 / 1024.0);
        }
    }
    starts.sort_unstable();
    if let (Some(best), Some(median), Some(worst)) = (starts.first(), starts.get(STARTS / 2), starts.last()) {
        let ms = |time: &Duration| time.as_secs_f64() * 1000.0;
        println!("time to first page  median {:.0} ms ({:.0} to {:.0})", ms(median), ms(best), ms(worst));
    }
    std::fs::remove_dir_all(&folder)
}

struct Started {
    child: Child,
    address: String,
}

impl Started {
    fn new(program: &Path, services: &Path, folder: &Path) -> std::io::Result<Self> {
        let mut child = Command::new(program)
            .args(["demo", "--listen", "127.0.0.1:0"])
            .arg("--data")
            .arg(folder)
            .arg("--services")
            .arg(services)
            .stdout(Stdio::piped())
            .spawn()?;
        let out = child.stdout.take().ok_or_else(|| std::io::Error::other("no output"))?;
        for line in BufReader::new(out).lines() {
            if let Some(address) = line?.strip_prefix("listening on http://") {
                return Ok(Self { child, address: address.to_owned() });
            }
        }
        child.wait()?;
        Err(std::io::Error::other("the program ended before it served"))
    }

    fn first_page(&mut self) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut page = String::new();
        stream.read_to_string(&mut page)?;
        if page.starts_with("HTTP/1.1 200") {
            Ok(())
        } else {
            Err(std::io::Error::other("the first page did not come"))
        }
    }

    fn resident_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // The folder is thrown away, so how the program ends does not matter.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
