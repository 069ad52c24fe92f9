//! Nobody's number: every personnummer in the repository is one that Skatteverket publishes for tests.

use super::{Fault, Rule, Tree};

pub const RULE: Rule = Rule {
    name: "personnummer",
    why: "a made-up number may be somebody's; Skatteverket publishes numbers that are never given to anyone, and those of them that we use are listed in testdata",
    check,
};

/// A list is any file in a folder `testdata` whose name says so.
fn is_list(path: &str) -> bool {
    path.contains("testdata/") && path.rsplit('/').next().is_some_and(|name| name.contains("personnummer"))
}

fn check(tree: &Tree) -> Vec<Fault> {
    let listed: Vec<String> =
        tree.all().filter(|(path, _)| is_list(path)).flat_map(|(_, text)| numbers(text)).map(|(_, n)| n).collect();
    let mut faults = Vec::new();
    let read =
        tree.all().filter(|(path, _)| !is_list(path) && !path.starts_with("xtask/src/tidy/") && *path != "Cargo.lock");
    for (path, text) in read {
        for (line, number) in numbers(text) {
            if !listed.contains(&number) {
                // The number itself is not printed: if it is somebody's, the log of a test is the wrong place for it.
                faults.push(Fault::new(path, line, "a personnummer that no testdata list holds"));
            }
        }
    }
    faults
}

/// Twelve digits, with or without a sign before the last four, that are a date of the last two centuries and pass the check
/// digit; samordningsnummer too. The form with ten digits counts only with its sign, else every long number would be one.
fn numbers(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for token in line.split(|c: char| !(c.is_ascii_alphanumeric() || "-+_.".contains(c))) {
            let token = token.trim_matches(|c| "-+_.".contains(c));
            let (digits, sign) = match token.len() {
                12 => (token.to_owned(), false),
                11 | 13 => (token.replacen(['-', '+'], "", 1), true),
                _ => continue,
            };
            let sign_stands_right = !sign || token.as_bytes().get(token.len() - 5).is_some_and(|c| b"-+".contains(c));
            if sign_stands_right && (digits.len() == 12 || sign) && is_personnummer(&digits) {
                found.push((number + 1, digits));
            }
        }
    }
    found
}

fn is_personnummer(digits: &str) -> bool {
    if !digits.bytes().all(|c| c.is_ascii_digit()) {
        return false;
    }
    let (century, short) = digits.split_at(digits.len() - 10);
    let part = |from: usize| short[from..from + 2].parse::<u32>().unwrap_or(0);
    let day = if part(4) > 60 { part(4) - 60 } else { part(4) };
    matches!(century, "" | "18" | "19" | "20") && (1..=12).contains(&part(2)) && (1..=31).contains(&day) && luhn(short)
}

fn luhn(short: &str) -> bool {
    let sum: u32 = short
        .bytes()
        .enumerate()
        .map(|(place, c)| {
            let doubled = u32::from(c - b'0') * if place % 2 == 0 { 2 } else { 1 };
            doubled / 10 + doubled % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::super::{check_clean, check_one};
    use super::*;

    // The first of Skatteverket's test numbers.
    const NUMBER: &str = "189001129817";

    #[test]
    fn a_number_must_be_in_the_list() {
        let demo = ("services/matcha/demo.toml", "a = 1\npersonnummer = \"18900112-9817\"");
        check_one(&RULE, &[demo], "services/matcha/demo.toml:2: a personnummer");
        check_clean(&RULE, &[demo, ("services/matcha/testdata/personnummer.txt", NUMBER)]);
    }

    #[test]
    fn other_long_numbers_are_none() {
        check_clean(&RULE, &[("a.md", "202611211200 189001129818 1234567890 2026-11-21 556677-8899")]);
    }
}
