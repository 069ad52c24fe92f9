//! Files about one matter.

use super::{Fault, Rule, Tree};

pub const RULE: Rule = Rule {
    name: "length",
    why: "past some six hundred lines a file holds a second matter; find it and give it its own name",
    check,
};

const WARN_LINES: usize = 600;
const MAX_LINES: usize = 800;

fn check(tree: &Tree) -> Vec<Fault> {
    let counted = tree.ending(".rs").map(|(path, text)| (path, text.lines().count()));
    counted
        .filter(|(_, lines)| *lines > WARN_LINES)
        .map(|(path, lines)| Fault {
            warning: lines <= MAX_LINES,
            ..Fault::new(path, None, format!("{lines} lines (at most {MAX_LINES})"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::Tree;
    use super::*;

    #[test]
    fn long_files_warn_and_very_long_files_fail() {
        let text = |lines: usize| "//\n".repeat(lines);
        let found = |lines: usize| check(&Tree::of(&[("a/src/b.rs", &text(lines))])).first().map(|fault| fault.warning);
        assert_eq!([found(600), found(601), found(800), found(801)], [None, Some(true), Some(true), Some(false)]);
    }
}
