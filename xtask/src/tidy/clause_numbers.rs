//! No number of a contract stands in Rust. Rough: it sees literals that look like the number of a clause, and no others.

use super::rust_source::RustSource;
use super::tree::is_test_file;
use super::{Fault, Rule, Tree};

pub const RULE: Rule = Rule {
    name: "clause numbers",
    why: "clauses, periods, prices and roles come from the agreement; a number in Rust would be a second agreement",
    check,
};

fn check(tree: &Tree) -> Vec<Fault> {
    let rooms = tree.ending(".rs").filter(|(path, _)| path.starts_with("crates/") && !is_test_file(path));
    rooms
        .flat_map(|(path, text)| {
            let literals = RustSource::new(text).strings.into_iter().filter(|(_, content)| is_clause_number(content));
            literals.map(move |(line, content)| {
                Fault::new(path, line, format!("\"{content}\" looks like the number of a clause"))
            })
        })
        .collect()
}

fn is_clause_number(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    text.split_once('.').is_some_and(|(before, after)| digits(before) && digits(after))
}

#[cfg(test)]
mod tests {
    use super::super::{check_clean, check_one};
    use super::*;

    #[test]
    fn no_clause_number_in_a_room() {
        check_one(&RULE, &[("crates/a/src/b.rs", "refuse(\"3.2\")")], "crates/a/src/b.rs:1: \"3.2\"");
        check_clean(
            &RULE,
            &[(
                "crates/a/src/b.rs",
                "\"3.2.1\"; \"v3.2\"; \"3.\"\n#[cfg(test)]\nmod tests { const A: &str = \"3.2\"; }",
            )],
        );
        check_clean(&RULE, &[("crates/a/tests/b.rs", "refuse(\"3.2\")")]);
    }
}
