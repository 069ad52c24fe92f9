//! How far every demand of the source texts has come: `cargo xtask trace` prints it row by row, `--write` puts it into
//! docs/trace.tsv, and a rule of tidy holds that file against the tree, so that it moves only in the open.
//!
//! A row of docs/clauses.tsv is *declared* when a clause names it in a comment, *decided* when a term under that clause decides
//! an act, brings a duty, gives an amount or binds a register, *runs* when a test marked `// runs: ROW` performs its acceptance
//! sentence, *evidenced* when a test marked `// evidenced: ROW` shows a register that holds a person's proof. Marks
//! `// enforces: ROW` stand at the lines that carry it. What has not arrived has its reason in docs/waits.tsv.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::tidy::Tree;
use crate::tidy::is_test_file;

/// The demands.
pub const ROWS: &str = "docs/clauses.tsv";
/// What the rows that have not arrived wait for.
pub const WAITS: &str = "docs/waits.tsv";
/// The table that is checked in.
pub const TABLE: &str = "docs/trace.tsv";

/// Blocks that say what words mean or what is kept in view: alone they decide nothing.
const SAYS_ONLY: [&str; 12] = [
    "contact",
    "definition",
    "dispute",
    "document",
    "duration",
    "function",
    "law",
    "mentioned",
    "oddity",
    "precedence",
    "program",
    "recorded",
];

/// How far a row has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// No clause names it.
    NotYet,
    /// A clause carries it.
    Declared,
    /// A decision, a duty, an amount or a register follows from a term of its clause.
    Decided,
    /// Its acceptance sentence holds through a public door.
    Runs,
    /// A register holds a person's proof.
    Evidenced,
}

impl Stage {
    /// As in the table.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotYet => "not yet",
            Self::Declared => "declared",
            Self::Decided => "decided",
            Self::Runs => "runs",
            Self::Evidenced => "evidenced",
        }
    }
}

/// One row with everything that was found about it.
pub struct Row {
    /// Its id.
    pub id: String,
    /// What kind of demand it is.
    pub kind: String,
    /// How it can be enforced.
    pub enforceability: String,
    /// How far it has come.
    pub stage: Stage,
    /// The file and clause that carry it.
    pub place: String,
    /// The terms under that clause.
    pub terms: Vec<String>,
    /// The lines that enforce it.
    pub enforced: Vec<String>,
    /// The tests that perform its acceptance.
    pub tests: Vec<String>,
    /// What it waits for.
    pub waits: String,
}

/// Everything about every row, in the order of the table of demands.
pub fn rows(tree: &Tree) -> Vec<Row> {
    let clauses = clauses(tree);
    let marks = marks(tree);
    let waits: BTreeMap<&str, &str> =
        tree.text(WAITS).unwrap_or("").lines().skip(1).filter_map(|line| line.split_once('\t')).collect();
    let table = tree.text(ROWS).unwrap_or("");
    let of = |mark: &'static str, id: &str| marks.get(&(mark, id.to_owned())).cloned().unwrap_or_default();
    table
        .lines()
        .skip(1)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let cell = |at: usize| cells.get(at).copied().unwrap_or("").to_owned();
            let id = cell(0);
            let Carried { place, terms, stops } = clauses.get(&id).cloned().unwrap_or_default();
            let (runs, evidenced) = (of("runs", &id), of("evidenced", &id));
            let decides = stops || terms.iter().any(|term| !SAYS_ONLY.contains(&term.split('.').next().unwrap_or("")));
            let stage = match (place.is_empty(), decides) {
                _ if !evidenced.is_empty() => Stage::Evidenced,
                _ if !runs.is_empty() => Stage::Runs,
                (true, _) => Stage::NotYet,
                (false, true) => Stage::Decided,
                (false, false) => Stage::Declared,
            };
            let waits = waits.get(id.as_str()).map(|told| told.replace('\t', ": ")).unwrap_or_default();
            let tests = runs.into_iter().chain(evidenced).collect();
            Row {
                kind: cell(6),
                enforceability: cell(7),
                enforced: of("enforces", &id),
                id,
                stage,
                place,
                terms,
                tests,
                waits,
            }
        })
        .collect()
}

/// The clause that carries a row.
#[derive(Clone, Default)]
struct Carried {
    /// File and clause.
    place: String,
    /// The names of the blocks under it.
    terms: Vec<String>,
    /// Whether one of them is an oddity that stops a flow of data or the agreement itself.
    stops: bool,
}

/// Which clause names each row, and the blocks under it.
fn clauses(tree: &Tree) -> BTreeMap<String, Carried> {
    let mut found: BTreeMap<String, Carried> = BTreeMap::new();
    let texts = tree.all().filter(|(path, text)| {
        path.starts_with("services/")
            && path.ends_with(".md")
            && text.contains("```toml")
            && !path.contains("/expected/")
    });
    for (path, text) in texts {
        let mut clause = String::new();
        let mut named: Vec<String> = Vec::new();
        let mut terms: Vec<String> = Vec::new();
        let mut stops = false;
        let mut inside = false;
        let mut close = |clause: &str, named: &mut Vec<String>, terms: &mut Vec<String>, stops: &mut bool| {
            let carried = Carried { place: format!("{path}#{clause}"), terms: core::mem::take(terms), stops: *stops };
            for id in named.drain(..) {
                found.entry(id).or_insert_with(|| carried.clone());
            }
            *stops = false;
        };
        for line in text.lines() {
            if line.starts_with("```") {
                inside = line == "```toml";
            } else if inside {
                if let Some(name) = line.strip_prefix('[') {
                    terms.push(name.trim_matches(['[', ']', ' ', '\r']).to_owned());
                }
                stops |= line.starts_with("action = \"block\"") || line.starts_with("action = \"refuse\"");
            } else if line.starts_with('#') {
                close(&clause, &mut named, &mut terms, &mut stops);
                clause = line.split_once("{#").map_or("", |(_, id)| id.trim_end_matches(['}', ' ', '\r'])).to_owned();
            } else if let Some(comment) = line.trim().strip_prefix("<!--") {
                named.extend(
                    comment.trim_end_matches("-->").split([' ', ',']).filter(|word| is_row(word)).map(str::to_owned),
                );
            }
        }
        close(&clause, &mut named, &mut terms, &mut stops);
    }
    found
}

fn is_row(word: &str) -> bool {
    let letters = word.split_once('-').map_or("", |(letters, _)| letters);
    !letters.is_empty() && letters.chars().all(|c| c.is_ascii_uppercase())
}

/// Marks in Rust by kind and row, with the file and, for a test, its name; for an enforcing line the line is left out of the
/// table, because it moves with every edit.
fn marks(tree: &Tree) -> BTreeMap<(&'static str, String), Vec<String>> {
    let mut marks: BTreeMap<(&'static str, String), Vec<String>> = BTreeMap::new();
    for (path, text) in tree.ending(".rs").filter(|(path, _)| !path.starts_with("xtask/")) {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for (at, line) in lines.iter().enumerate() {
            for mark in ["runs", "evidenced", "enforces"] {
                let Some(ids) = line.strip_prefix("// ").and_then(|rest| rest.strip_prefix(mark)?.strip_prefix(": "))
                else {
                    continue;
                };
                let told = if mark == "enforces" { Some(path.to_owned()) } else { test_below(path, &lines, at) };
                for id in ids.split([' ', ',']).filter(|id| is_row(id)) {
                    let told = told.clone().unwrap_or_else(|| format!("{path}: no test below"));
                    marks.entry((mark, id.to_owned())).or_default().push(told);
                }
            }
        }
    }
    for places in marks.values_mut() {
        places.sort();
        places.dedup();
    }
    marks
}

/// The test that a mark stands above: only comments and attributes may lie between.
fn test_below(path: &str, lines: &[&str], mark: usize) -> Option<String> {
    if !is_test_file(path) {
        return None;
    }
    let mut is_test = false;
    for line in lines.iter().skip(mark + 1) {
        if line.starts_with("#[") {
            is_test |= line.contains("test");
        } else if let Some(rest) = line.split_once("fn ").map(|(_, rest)| rest) {
            let name = rest.split(['(', '<']).next().unwrap_or("");
            return is_test.then(|| format!("{path}: {name}"));
        } else if !line.starts_with("//") {
            return None;
        }
    }
    None
}

/// The table as it is checked in.
pub fn table(rows: &[Row]) -> String {
    let mut table = String::from("row\tstage\tclause\tterms\tenforced in\ttest\twaits for\n");
    for row in rows {
        let _ = writeln!(
            table,
            "{}\t{}\t{}\t{}\t{}\t{}\t{}",
            row.id,
            row.stage.word(),
            row.place,
            row.terms.join(" "),
            row.enforced.join("; "),
            row.tests.join("; "),
            row.waits
        );
    }
    table
}

/// What is wrong with the rows: marks without a test, rows that no clause names, and those that stand still without a reason.
pub fn faults(rows: &[Row], tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    let known: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    for ((mark, id), places) in marks(tree) {
        if !known.contains(id.as_str()) {
            faults.push(format!("`// {mark}: {id}` in {} names no row of {ROWS}", places.join(", ")));
        }
        faults.extend(
            places
                .iter()
                .filter(|place| place.ends_with("no test below"))
                .map(|place| format!("`// {mark}: {id}` must stand above a test; see {place}")),
        );
    }
    for row in rows {
        let still = row.stage < Stage::Runs;
        let asked =
            row.enforceability == "document" || ["definition-precedence", "register"].contains(&row.kind.as_str());
        let ruled =
            ["access-control", "deadline", "instruction", "subprocessor", "transfer"].contains(&row.kind.as_str());
        if row.stage == Stage::NotYet {
            faults.push(format!("`{}` is named by no clause", row.id));
        } else if ruled && row.stage < Stage::Decided {
            faults.push(format!(
                "`{}` is of kind {} and nothing is decided from its clause {}",
                row.id, row.kind, row.place
            ));
        }
        if still && asked && row.waits.is_empty() {
            faults.push(format!("`{}` does not run, and {WAITS} does not say what it waits for", row.id));
        }
        if !still && !row.waits.is_empty() {
            faults.push(format!("`{}` runs; take it out of {WAITS}", row.id));
        }
    }
    for id in tree.text(WAITS).unwrap_or("").lines().skip(1).filter_map(|line| line.split('\t').next()) {
        if !id.is_empty() && !known.contains(id) {
            faults.push(format!("{WAITS} names `{id}`, which is no row"));
        }
    }
    faults
}

/// Prints every row and the counts; with `write`, writes the table too.
///
/// # Errors
/// When the tree cannot be read or the table cannot be written.
pub fn run(root: &std::path::Path, write: bool) -> Result<bool, String> {
    let tree = Tree::read(root)?;
    let rows = rows(&tree);
    for row in &rows {
        let tests = if row.tests.is_empty() { row.waits.clone() } else { row.tests.join("; ") };
        println!("{:<12} {:<10} {:<55} {tests}", row.id, row.stage.word(), row.place);
    }
    println!();
    let mut counts: BTreeMap<&str, BTreeMap<Stage, usize>> = BTreeMap::new();
    for row in &rows {
        *counts.entry(&row.enforceability).or_default().entry(row.stage).or_default() += 1;
        *counts.entry("all").or_default().entry(row.stage).or_default() += 1;
    }
    for (enforceability, stages) in &counts {
        let told: Vec<String> = stages.iter().map(|(stage, count)| format!("{count} {}", stage.word())).collect();
        println!("{enforceability:<10} {}", told.join(", "));
    }
    if write {
        std::fs::write(root.join(TABLE), table(&rows))
            .map_err(|error| format!("{TABLE} cannot be written: {error}"))?;
        println!("\nwritten to {TABLE}");
    }
    let faults = faults(&rows, &tree);
    for fault in &faults {
        println!("{fault}");
    }
    Ok(faults.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE_OF_ROWS: &str = "id\tseed\tsection\tobliged\tdemand\tparameters\tkind\tenforceability\tacceptance\n\
        M-1\ts\t1\tp\td\t-\tregister\tdocument\ta\nM-2\ts\t1\tp\td\t-\tother\truntime\ta\nM-3\ts\t1\tp\td\t-\tother\tlegal\ta\n";
    const AGREEMENT: &str = "# A {#a}\n<!-- M-1 -->\n\n```toml\n[incident.notice]\nwho = \"x\"\n```\n\n## B {#b}\n<!-- M-3 -->\n\
        ```toml\n[recorded.x]\n```\n";

    fn stages(files: &[(&str, &str)]) -> Vec<(String, &'static str)> {
        let mut all = vec![(ROWS, TABLE_OF_ROWS), ("services/matcha/agreement.sv.md", AGREEMENT)];
        all.extend_from_slice(files);
        rows(&Tree::of(&all)).into_iter().map(|row| (row.id, row.stage.word())).collect()
    }

    #[test]
    fn a_row_comes_as_far_as_its_clause_its_terms_and_its_test_carry_it() {
        let told = stages(&[]);
        assert_eq!(told[0].1, "decided");
        assert_eq!(told[1].1, "not yet");
        assert_eq!(told[2].1, "declared", "a term that is only recorded decides nothing");
        let test = "// runs: M-1\n#[test]\nfn the_register_shows_it() {}\n";
        assert_eq!(stages(&[("e2e/tests/it/a.rs", test)])[0].1, "runs");
    }

    #[test]
    fn a_mark_counts_only_above_a_test() {
        let files = |path, text| {
            let tree = Tree::of(&[(ROWS, TABLE_OF_ROWS), ("services/matcha/agreement.sv.md", AGREEMENT), (path, text)]);
            faults(&rows(&tree), &tree).join("\n")
        };
        assert!(files("crates/a/src/b.rs", "// runs: M-1\n#[test]\nfn x() {}").contains("must stand above a test"));
        assert!(
            files("e2e/tests/a.rs", "// runs: M-1\nlet x = 1;\n#[test]\nfn x() {}").contains("must stand above a test")
        );
        assert!(files("e2e/tests/a.rs", "// runs: M-9\n#[test]\nfn x() {}").contains("names no row"));
    }
}
