//! Reads files one after another and prints what was found: `cargo run -p reading --example read -- FILE… [--json] [--draft] [--quiet]`.
//! With `--draft` the draft is given to the reader of agreements, and its faults are printed.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "an example may stop")]

use agreement::art28::{self, Evidence};
use reading::{Choice, Choices, Reading, Source, draft, told};

/// Everything confirmed, as if a person had looked.
fn every(reading: &Reading) -> Choices {
    (0..reading.proposals.len()).map(|at| (at, Choice::Confirmed)).collect()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let asked = |option: &str| arguments.iter().any(|it| it == option);
    for file in arguments.iter().filter(|it| !it.starts_with("--")) {
        let bytes = std::fs::read(file).expect("the file");
        let begun = std::time::Instant::now();
        let read = Source::read(file, &bytes).map(Reading::of);
        let took = begun.elapsed();
        match read {
            Ok(read) => {
                if asked("--json") {
                    println!("{}", serde_json::to_string_pretty(&told::json(&read)).unwrap());
                } else if !asked("--quiet") {
                    print!("{}", told::people(&read, terms::Language::En));
                }
                if asked("--draft") {
                    match draft(&read, "draft", &every(&read)) {
                        Ok(text) => match agreement::Agreement::read("draft.md", &text) {
                            Ok(read) => {
                                let report = art28::check(&read, &Evidence::default(), jiff::civil::date(2026, 1, 1));
                                let blocking: Vec<&str> = report.blocking().map(|(check, _)| check.id).collect();
                                println!(
                                    "the draft has {} bytes and is read without faults; {blocking:?} block",
                                    text.len()
                                );
                            }
                            Err(faults) => {
                                for fault in faults.iter().take(8) {
                                    println!("draft.md:{}: {} ({})", fault.line, fault.message, fault.excerpt);
                                }
                            }
                        },
                        Err(error) => println!("no draft: {error}"),
                    }
                }
            }
            Err(error) => println!("{error}"),
        }
        eprintln!("{file}: {} bytes in {took:?}", bytes.len());
    }
}
