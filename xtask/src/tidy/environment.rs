//! Rooms are told; they do not look around, and they do not end the program.

use super::rust_source::RustSource;
use super::tree::is_test_file;
use super::{Fault, Rule, Tree};

pub const RULE: Rule = Rule {
    name: "environment",
    why: "only programs read the environment or end the process; a room gets what it needs as an argument and returns an error",
    check,
};

const NEEDLES: &[&str] = &[
    "std::env",
    "env::var",
    "env::vars",
    "env::args",
    "env::current_dir",
    "env!",
    "option_env!",
    "process::exit",
    "println!",
    "eprintln!",
];

fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    let rooms = tree.ending(".rs").filter(|(path, _)| path.starts_with("crates/") || path.starts_with("services/"));
    for (path, text) in rooms.filter(|(path, _)| !is_test_file(path)) {
        let source = RustSource::new(text);
        for (number, line) in source.code.lines().enumerate() {
            if let Some(needle) = NEEDLES.iter().find(|needle| super::rust_source::has_word(line, needle)) {
                faults.push(Fault::new(path, number + 1, format!("`{needle}` belongs in a program")));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::{check_clean, check_one};
    use super::*;

    #[test]
    fn a_room_is_told_and_does_not_look_around() {
        check_one(&RULE, &[("crates/a/src/b.rs", "let x = std::env::var(\"X\");")], "crates/a/src/b.rs:1: `std::env`");
        check_one(&RULE, &[("services/a/src/b.rs", "std::process::exit(1)")], "services/a/src/b.rs:1: `process::exit`");
        check_clean(&RULE, &[("programs/p/src/main.rs", "std::env::args()"), ("crates/a/tests/it.rs", "env!(\"X\")")]);
    }
}
