//! Damaged documents for as long as is asked: `cargo run --release -p reading --example long_fuzz -- SECONDS [SEED] [FOLDER…]`.
//!
//! Takes the texts of the tests, and those in the folders that are named, and cuts, repeats, joins and overwrites them. Every reading must
//! hold what the tests of bad input ask: no panic, each value within its quotation, and a draft that the reader of agreements can read.
//! What breaks is told with the seed that shows it again.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "an example may stop")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use reading::{Choices, Reading, Source, told};
use terms::Language;

/// No damaged document is longer.
const MOST_BYTES: usize = 64 << 10;
/// A reading of so much may take no longer, even unoptimised.
const PATIENCE: Duration = Duration::from_secs(10);

struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (most.max(1) as u64)).unwrap_or(0)
    }
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let seconds: u64 = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(60);
    let first: u64 = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(1);
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut folders = vec![tests.join("texts"), tests.join("whole")];
    folders.extend(arguments.map(PathBuf::from));
    let texts: Vec<(String, Vec<u8>)> = folders.iter().flat_map(|folder| texts(folder)).collect();
    assert!(!texts.is_empty(), "there are texts");
    let until = Instant::now() + Duration::from_secs(seconds);
    let (mut seed, mut slowest, mut read) = (first, Duration::ZERO, 0_u64);
    while Instant::now() < until {
        let (name, bytes) = damaged(&texts, seed);
        let begun = Instant::now();
        let went = catch_unwind(AssertUnwindSafe(|| holds(&name, &bytes)));
        let took = begun.elapsed();
        slowest = slowest.max(took);
        match went {
            Ok(was_read) if took < PATIENCE => read += u64::from(was_read),
            Ok(_) => {
                println!("seed {seed}: {took:?} for {} bytes of {name}", bytes.len());
                return ExitCode::FAILURE;
            }
            Err(_) => {
                println!("seed {seed}: broken by {name}");
                return ExitCode::FAILURE;
            }
        }
        seed += 1;
    }
    println!("{} damaged documents, {read} of them read, none broke; the slowest took {slowest:.1?}", seed - first);
    ExitCode::SUCCESS
}

fn texts(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file() && path.extension().is_some_and(|ending| ending != "toml"))
        .collect();
    files.sort();
    let named = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    files.iter().map(|path| (named(path), std::fs::read(path).unwrap())).collect()
}

/// One or two texts, damaged some times.
fn damaged(texts: &[(String, Vec<u8>)], seed: u64) -> (String, Vec<u8>) {
    let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let (name, bytes) = texts.get(chance.below(texts.len())).cloned().unwrap_or_default();
    let mut bytes = bytes;
    for _ in 0..=chance.below(6) {
        let at = chance.below(bytes.len() + 1);
        let length = chance.below(400);
        let end = (at + length).min(bytes.len());
        match chance.below(8) {
            0 => drop(bytes.drain(at..end)),
            1 => {
                let again: Vec<u8> = bytes.get(at..end).unwrap_or(&[]).to_vec();
                bytes.splice(at..at, again);
            }
            2 => {
                let (_, other) = texts.get(chance.below(texts.len())).cloned().unwrap_or_default();
                let from = chance.below(other.len() + 1);
                bytes.splice(at..at, other.get(from..).unwrap_or(&[]).iter().copied());
            }
            3 => bytes.truncate(at),
            4 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = u8::try_from(chance.below(256)).unwrap_or(0);
                }
            }
            5 => {
                // Line breaks go, or come where none were.
                for byte in bytes.get_mut(at..end).unwrap_or(&mut []) {
                    if *byte == b'\n' {
                        *byte = b' ';
                    } else if *byte == b' ' && length.is_multiple_of(2) {
                        *byte = b'\n';
                    }
                }
            }
            6 => {
                let odd: [&[u8]; 8] = [
                    b"\x0c",
                    "\u{202e}".as_bytes(),
                    b"\xff\xfe",
                    b"```toml\n",
                    b"{#x}",
                    b"\t",
                    b"12\n",
                    b"(trettio) 3",
                ];
                let odd = odd.get(chance.below(8)).copied().unwrap_or(b"");
                bytes.splice(at..at, odd.iter().copied());
            }
            _ => {
                let word: Vec<u8> = bytes.get(at..(at + 12).min(bytes.len())).unwrap_or(&[]).to_vec();
                let many = word.repeat(chance.below(300));
                bytes.splice(at..at, many);
            }
        }
        bytes.truncate(MOST_BYTES);
    }
    (name, bytes)
}

/// Whether it was a text at all; panics where something does not hold.
fn holds(name: &str, bytes: &[u8]) -> bool {
    let Ok(source) = Source::read(name, bytes) else { return false };
    let reading = Reading::of(source);
    let text = reading.source().text();
    for it in &reading.proposals {
        assert!(
            text.is_char_boundary(it.span().start) && text.is_char_boundary(it.span().end),
            "a place in a character"
        );
        assert!(it.span().contains(it.written()) && !it.quote().is_empty(), "a value outside its quotation");
    }
    let _ = (told::people(&reading, Language::Sv), told::json(&reading));
    if let Ok(draft) = reading::draft(&reading, "x", &Choices::new()) {
        let faults = agreement::Agreement::read("draft.md", &draft).err();
        assert!(
            faults.is_none(),
            "a draft that cannot be read: {}",
            faults.map_or_else(String::new, |all| all.to_string())
        );
    }
    let on = jiff::civil::date(2026, 11, 21);
    let _ = reading::report::Report::of(&reading, &[], on);
    true
}
