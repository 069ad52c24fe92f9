//! A duty that counts from the end of another names one that is there, and no chain of them comes back to where it began: such
//! duties would wait for each other for ever.

use std::collections::{HashMap, HashSet};

use super::clause_id::short;
use crate::language;
use crate::reading::{Reading, Sort};
use crate::toml_to_terms::Found;

pub(crate) fn check(reading: &mut Reading<'_>, found: &Found) {
    let duties: Vec<_> = found
        .terms
        .general
        .iter()
        .zip(&found.general_at)
        .filter(|(term, _)| language::is_event(term.block))
        .map(|(term, at)| (term.name(), term, *at))
        .collect();
    let after: HashMap<&str, &str> =
        duties.iter().filter_map(|(name, term, _)| Some((name.as_str(), term.text("after")?))).collect();
    let known: HashSet<&str> = duties.iter().map(|(name, ..)| name.as_str()).collect();
    for (name, term, at) in &duties {
        match term.text("after") {
            None if term.text("start") == Some("after") => reading.fault(
                *at,
                "the duty counts from another one, and `after` does not say which".to_owned(),
                "Add `after = \"incident.notice\"`, with the name of that duty.",
            ),
            None => {}
            Some(earlier) if !known.contains(earlier) && !is_beneath(reading, earlier) => reading.fault(
                *at,
                format!("`{}` is no duty of this agreement", short(earlier)),
                super::did_you_mean::remedy(earlier, known.iter().copied()),
            ),
            Some(_) if comes_back(name, &after) => reading.fault(
                *at,
                format!("`{}` waits for itself: its chain of `after` comes back to it", short(name)),
                "Let one duty of the chain count from an event, with `start`.",
            ),
            Some(_) => {}
        }
    }
}

fn is_beneath(reading: &Reading<'_>, duty: &str) -> bool {
    let Some((block, id)) = duty.split_once('.') else { return false };
    reading.beneath.iter().any(|(sort, name)| matches!(sort, Sort::Term(of) if *of == block) && name == id)
}

/// Whether following `after` from this duty leads back to it. A chain that leads into a circle of others is told at those.
fn comes_back(name: &str, after: &HashMap<&str, &str>) -> bool {
    let mut seen = HashSet::new();
    let mut at = name;
    while let Some(next) = after.get(at) {
        if *next == name {
            return true;
        }
        if !seen.insert(*next) {
            return false;
        }
        at = next;
    }
    false
}
