//! The table of how far every demand has come is the one that the tree gives.

use super::{Fault, Rule, Tree};
use crate::trace;

pub const RULE: Rule = Rule {
    name: "trace",
    why: "how far a promise has come must not be told otherwise than it is; `cargo xtask trace --write` writes the table",
    check,
};

fn check(tree: &Tree) -> Vec<Fault> {
    let rows = trace::rows(tree);
    let mut faults: Vec<Fault> =
        trace::faults(&rows, tree).into_iter().map(|fault| Fault::new(trace::TABLE, None, fault)).collect();
    let (was, is) = (tree.text(trace::TABLE).unwrap_or(""), trace::table(&rows));
    if was != is {
        let line = was.lines().zip(is.lines()).take_while(|(was, is)| was == is).count() + 1;
        faults.push(Fault::new(
            trace::TABLE,
            line,
            "is not what the tree gives; look at the difference and write it anew",
        ));
    }
    faults
}
