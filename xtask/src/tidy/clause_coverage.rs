//! Every demand of a source text stands under one clause of the agreement that runs it. The agreement names the rows of
//! docs/clauses.tsv in comments: `<!-- M-3.2a M-3.2b -->`.

use super::{Fault, Rule, Tree};

pub const RULE: Rule = Rule {
    name: "clause coverage",
    why: "an agreement that leaves out a demand of its source promises less than was signed; one that names it twice cannot say which clause answers",
    check,
};

const ROWS: &str = "docs/clauses.tsv";

/// Which agreement answers to which rows.
const ANSWERS: &[(&str, &str)] = &[
    ("M-", "services/matcha/agreement.sv.md"),
    ("C-", "services/cling/agreement.sv.md"),
    ("S-", "services/senseworks/agreement.sv.md"),
    ("E-", "services/entre/agreement.sv.md"),
    ("L-", "services/websupport/register.sv.md"),
];

fn check(tree: &Tree) -> Vec<Fault> {
    let Some(rows) = tree.text(ROWS) else { return vec![Fault::new(ROWS, None, "is missing")] };
    let mut faults = Vec::new();
    let of_prefix = |prefix: &str| rows.lines().any(|line| line.starts_with(prefix));
    for (prefix, path) in ANSWERS.iter().filter(|(prefix, _)| of_prefix(prefix)) {
        let Some(agreement) = tree.text(path) else {
            faults.push(Fault::new(
                path,
                None,
                format!("is missing and should answer to the rows `{prefix}…` of {ROWS}"),
            ));
            continue;
        };
        let named = named(agreement, prefix);
        let ids: Vec<(usize, &str)> = rows
            .lines()
            .enumerate()
            .filter_map(|(number, line)| Some((number + 1, line.split('\t').next()?)))
            .filter(|(_, id)| id.starts_with(prefix))
            .collect();
        for (line, id) in &ids {
            match named.iter().filter(|(_, other)| other == id).count() {
                0 => faults.push(Fault::new(ROWS, *line, format!("`{id}` is named nowhere in {path}"))),
                1 => {}
                times => faults.push(Fault::new(ROWS, *line, format!("`{id}` is named {times} times in {path}"))),
            }
        }
        for (line, id) in named.iter().filter(|(_, id)| !ids.iter().any(|(_, row)| row == id)) {
            faults.push(Fault::new(path, *line, format!("`{id}` is no row of {ROWS}")));
        }
    }
    faults
}

/// The ids in HTML comments, with the line on which each comment begins.
fn named<'a>(text: &'a str, prefix: &str) -> Vec<(usize, &'a str)> {
    let mut found = Vec::new();
    for (at, mark) in text.match_indices("<!--") {
        let line = text[..at].matches('\n').count() + 1;
        let rest = &text[at + mark.len()..];
        let comment = &rest[..rest.find("-->").unwrap_or(rest.len())];
        found.extend(comment.split([' ', ',', '\n']).filter(|word| word.starts_with(prefix)).map(|word| (line, word)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{check_clean, check_one};
    use super::*;

    const TABLE: (&str, &str) = (ROWS, "id\tdemand\nM-1\ta\nM-2b\tb\nX-1\tanother agreement's");
    const PATH: &str = "services/matcha/agreement.sv.md";

    #[test]
    fn every_row_is_named_once() {
        check_clean(&RULE, &[TABLE, (PATH, "# A {#a}\n<!-- M-1, M-2b -->")]);
        check_one(&RULE, &[TABLE, (PATH, "<!-- M-1 --> M-2b")], "docs/clauses.tsv:3: `M-2b` is named nowhere");
        check_one(
            &RULE,
            &[TABLE, (PATH, "<!-- M-1 M-2b -->\n<!-- M-1 -->")],
            "docs/clauses.tsv:2: `M-1` is named 2 times",
        );
        check_one(
            &RULE,
            &[TABLE, (PATH, "<!-- M-1 M-2b -->\n<!-- M-3 -->")],
            "services/matcha/agreement.sv.md:2: `M-3` is no row",
        );
    }
}
