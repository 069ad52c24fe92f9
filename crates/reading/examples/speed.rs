//! How long reading takes and how much memory: of files that are named, and of five megabytes of varied text.
//! `cargo run --release -p reading --example speed -- FILE…`
//!
//! Bounds (issue of reading): each file under 200 ms; 5 MB under 5 s and 200 MB at the peak. Ends with failure where one is broken.

#![expect(clippy::expect_used, reason = "an example may stop")]

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use reading::{Reading, Source};

const A_FILE: Duration = Duration::from_millis(200);
const A_LONG_TEXT: Duration = Duration::from_secs(5);
const PEAK_BYTES: u64 = 200 << 20;
const LONG: usize = 5 << 20;
/// Each is read so often, and the middle time counts.
const TIMES: usize = 5;

fn main() -> ExitCode {
    let mut kept = true;
    // The dictionaries are made once, at the first text; whoever reads one file waits for that too.
    for file in std::env::args().skip(1) {
        let bytes = std::fs::read(&file).expect("the file");
        let name = Path::new(&file).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut times: Vec<Duration> = (0..TIMES).map(|_| read(&name, &bytes).0).collect();
        let first = times.first().copied().unwrap_or_default();
        times.sort();
        let middle = times.get(TIMES / 2).copied().unwrap_or_default();
        println!("{name}: first {first:.1?}, then {middle:.1?} ({} bytes)", bytes.len());
        kept &= first < A_FILE;
    }
    let long = varied();
    let (took, found) = read("long.txt", long.as_bytes());
    println!("{} bytes of varied text: {took:.2?}, {found} values", long.len());
    kept &= took < A_LONG_TEXT;
    match peak() {
        Some(peak) => {
            println!("peak of memory: {} MB", peak >> 20);
            kept &= peak < PEAK_BYTES;
        }
        None => println!("peak of memory: not told by this system"),
    }
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read(name: &str, bytes: &[u8]) -> (Duration, usize) {
    let begun = Instant::now();
    let reading = Reading::of(Source::read(name, bytes).expect("a text"));
    (begun.elapsed(), reading.proposals.len())
}

/// Agreements, terms, lists and plain sentences in turn, each with other numbers and names, so that nothing repeats.
fn varied() -> String {
    let mut text = String::with_capacity(LONG + 4096);
    let mut seed: u64 = 0x2545_f491_4f6c_dd1d;
    let mut next = move |most: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % most
    };
    let mut part = 0;
    while text.len() < LONG {
        part += 1;
        text.push_str(&format!(
            "Personuppgiftsbiträdesavtal {part}\n\nMellan Bolag{} AB (”biträdet”) och kunden.\n\n",
            next(90_000)
        ));
        for clause in 1..=40 {
            let days = next(120) + 1;
            let line = match next(8) {
                0 => format!(
                    "{part}.{clause} Biträdet ska underrätta den personuppgiftsansvarige om en incident inom {days} timmar från upptäckt.\n"
                ),
                1 => format!(
                    "{part}.{clause} Uppgifterna raderas inom {days} dagar efter avtalets upphörande, eller återlämnas enligt kundens val.\n"
                ),
                2 => format!(
                    "{part}.{clause} The processor shall give {days} days' notice of a new sub-processor; the controller may object within {} days.\n",
                    next(60) + 1
                ),
                3 => format!("• Namn{} AB, Sverige, drift av server {}\n", next(100_000), next(1000)),
                4 => format!(
                    "{part}.{clause} Arbete ersätts med {} kr per timme enligt prislista {}.\n",
                    next(2000) + 100,
                    next(500)
                ),
                5 => format!(
                    "Ord{} ord{} ord{} står här utan att säga något om behandlingen av ord{}.\n",
                    next(90_000),
                    next(90_000),
                    next(90_000),
                    next(90_000)
                ),
                6 => format!(
                    "{part}.{clause} Säkerhetskopior tas dagligen och återläsning provas var {} månad (se punkt {}.{}).\n",
                    next(11) + 2,
                    next(90),
                    next(40)
                ),
                _ => format!("Rubrik {}\n", next(100_000)),
            };
            text.push_str(&line);
            if next(5) == 0 {
                text.push('\n');
            }
        }
    }
    text
}

/// The most memory that this process held, where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
}
