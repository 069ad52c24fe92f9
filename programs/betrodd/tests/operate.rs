//! The guides for operators, and those on how an agreement is brought, name no command and no flag that the program does not have, and both languages show the same ones.

#![expect(clippy::unwrap_used, reason = "a test says what it expected by stopping")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The lines that begin with `betrodd` in blocks of shell.
fn commands(guide: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guides").join(guide);
    let text = std::fs::read_to_string(path).unwrap();
    let blocks = text.split("```sh\n").skip(1).map(|rest| rest.split("\n```").next().unwrap());
    let in_blocks = blocks.flat_map(str::lines).filter(|line| line.starts_with("betrodd ")).map(str::to_owned);
    in_blocks.chain(in_sentences(guide, &text)).collect()
}

/// The commands within sentences; the guides for operators name some there that are no commands of a line.
fn in_sentences(guide: &str, text: &str) -> Vec<String> {
    if !BRINGING.contains(&guide) {
        return Vec::new();
    }
    let marked = text.split('`').skip(1).step_by(2);
    marked.filter(|code| code.starts_with("betrodd ")).map(str::to_owned).collect()
}

/// The guides on how an agreement is brought.
const BRINGING: [&str; 2] = ["bring.md", "ta-med.md"];

/// Which command, and its flags.
fn parts(line: &str) -> (String, Vec<String>) {
    let mut words = line.split_whitespace().skip(1).map(str::to_owned);
    let command = words.next().unwrap();
    (command, words.filter(|word| word.starts_with("--")).collect())
}

#[test]
fn every_command_and_flag_of_the_guides_is_the_programs() {
    let mut tried = 0;
    for guide in ["operate.md", "drift.md"].into_iter().chain(BRINGING) {
        for line in commands(guide) {
            let (command, flags) = parts(&line);
            let said = Command::new(env!("CARGO_BIN_EXE_betrodd")).args([command.as_str(), "--help"]).output().unwrap();
            assert!(said.status.success(), "{guide}: {line}");
            let help = String::from_utf8(said.stdout).unwrap();
            let known: BTreeSet<&str> = help.split(|c: char| c.is_whitespace() || c == ',').collect();
            for flag in &flags {
                assert!(known.contains(flag.as_str()), "{guide}: `{command}` has no `{flag}`: {line}");
            }
            tried += 1;
        }
    }
    assert!(tried >= 12, "{tried}");
    let both = |guide| commands(guide).iter().map(|line| parts(line)).collect::<Vec<_>>();
    assert_eq!(both("operate.md"), both("drift.md"));
    assert_eq!(both("bring.md"), both("ta-med.md"));
    assert!(commands("bring.md").len() >= 4);
}
