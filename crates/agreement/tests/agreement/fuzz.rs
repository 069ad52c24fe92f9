//! The reader under random texts, for a bounded time and with a corpus that is kept: whatever is done to a text, an agreement
//! or faults come back, and what is read decides and explains itself.
//!
//! `BETRODD_FUZZ_SECONDS=600 cargo test -p agreement fuzz` looks longer. A text that fails is written into `tests/corpus`
//! under the hash of its bytes; mend what it shows and keep it there.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use agreement::{Agreement, Layer, explain};
use terms::Language;

/// Pieces that the language is made of, and some that it is not.
const PIECES: [&str; 40] = [
    "```toml\n",
    "```\n",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "\"",
    "'''",
    "= ",
    "#",
    "## 3.2 ",
    "{#id}",
    "\r\n",
    "\t",
    "\u{feff}",
    "\0",
    "\u{202e}",
    "å",
    "e\u{301}",
    "<!-- M-3.2 -->",
    "[incident.notice]\n",
    "within = \"3 dayz\"\n",
    "[retention.x]\n",
    "{ not-found = \"x\" }",
    "{ none = true }",
    "{ value = 1 }",
    "provenance = \"derived\"\n",
    "[[reduction]]\n",
    "reduces = \"100 %\"\n",
    "amount = \"1e9 SEK\"\n",
    "[layer]\n",
    "[[may-not]]\n",
    "[[settles]]\n",
    "id = \"a\"\n",
    "[period",
    "99999999999999999999",
    "-1",
    "2026-02-30",
];

/// A small generator (xorshift64*): the same seed gives the same texts on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).unwrap() % end.max(1)
    }
}

/// One change to the bytes of a text. What is no UTF-8 afterwards is mended with replacement characters.
fn change(dice: &mut Dice, text: &str, other: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let at = dice.below(bytes.len() + 1);
    match dice.below(6) {
        0 => {
            let end = (at + dice.below(200)).min(bytes.len());
            bytes.drain(at..end);
        }
        1 => {
            let piece = PIECES[dice.below(PIECES.len())];
            bytes.splice(at..at, piece.bytes());
        }
        2 if at < bytes.len() => bytes[at] = u8::try_from(dice.below(256)).unwrap(),
        3 => {
            let end = (at + dice.below(400)).min(bytes.len());
            let copied = bytes[at..end].to_vec();
            let to = dice.below(bytes.len() + 1);
            bytes.splice(to..to, copied);
        }
        4 => {
            let other = other.as_bytes();
            let from = dice.below(other.len() + 1);
            let end = (from + dice.below(600)).min(other.len());
            bytes.splice(at..at, other[from..end].iter().copied());
        }
        _ => bytes.truncate(at),
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Everything that is asked of a text.
fn answered(text: &str, frame: &Agreement) {
    let read = Agreement::read("fuzz.md", text);
    assert!(!explain::check_result("fuzz.md", &read).is_empty());
    if let Ok(agreement) = read {
        assert!(!explain::who_may_see_what(&agreement, Language::En).is_empty());
        assert_eq!(agreement::differences(&agreement, &agreement), []);
    }
    if let Ok(layer) = Layer::read("fuzz.md", text, frame) {
        let merged = frame.with_layers(&[layer], "2026-11-01".parse().unwrap());
        assert!(!explain::who_may_see_what(&merged, Language::Sv).is_empty());
    }
}

fn files(folder: &Path, found: &mut Vec<String>) {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn whatever_is_done_to_a_text_the_reader_answers() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut texts = Vec::new();
    for folder in ["corpus", "bad", "good"] {
        files(&tests.join(folder), &mut texts);
    }
    let frame = Agreement::read("frame.md", include_str!("../bad/frame.md")).unwrap();
    for text in &texts {
        answered(text, &frame);
    }
    let seconds = std::env::var("BETRODD_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3);
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut dice = Dice(0x5eed_0fbe_770d_d001);
    let mut tried = 0_u64;
    while Instant::now() < end {
        let base = dice.below(texts.len());
        let other = dice.below(texts.len());
        let mut text = texts[base].clone();
        for _ in 0..=dice.below(4) {
            text = change(&mut dice, &text, &texts[other]);
        }
        let kept = text.clone();
        let frame = frame.clone();
        let outcome = std::panic::catch_unwind(move || answered(&text, &frame));
        if outcome.is_err() {
            let hash = kept.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
            });
            let path = tests.join(format!("corpus/{hash:016x}.md"));
            fs::write(&path, &kept).unwrap();
            panic!("a text was not answered; it is kept as {}", path.display());
        }
        tried += 1;
    }
    println!("{tried} texts in {seconds} seconds");
}
