//! Units → sentences, each with its unit. A full stop ends one only when a capital follows and no abbreviation or number stands before.

use std::ops::Range;

use crate::flow::Flow;
use crate::structure::Structure;

/// One sentence, heading or item.
#[derive(Debug, Clone)]
pub(crate) struct Sentence {
    pub range: Range<usize>,
    pub unit: usize,
}

const ABBREVIATIONS: [&str; 34] = [
    "t.ex", "t. ex", "bl.a", "m.m", "m.fl", "dvs", "d.v.s", "s.k", "p.g.a", "fr.o.m", "t.o.m", "ev", "nr", "org", "kl",
    "art", "st", "ca", "jfr", "resp", "etc", "e.g", "i.e", "no", "inc", "ltd", "co", "mr", "ms", "vs", "sec", "para",
    "reg", "tel",
];

pub(crate) fn find(flow: &Flow, structure: &Structure) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    for (at, placed) in structure.units.iter().enumerate() {
        if let Some(heading) = placed.heading.as_ref().filter(|heading| !heading.is_empty()) {
            sentences.push(Sentence { range: heading.clone(), unit: at });
        }
        if placed.unit.row {
            sentences.push(Sentence { range: placed.unit.range.clone(), unit: at });
            continue;
        }
        for range in split(flow, &placed.body) {
            sentences.push(Sentence { range, unit: at });
        }
    }
    sentences
}

pub(crate) fn split(flow: &Flow, range: &Range<usize>) -> Vec<Range<usize>> {
    let text = flow.get(range);
    let mut found = Vec::new();
    let mut from = 0;
    for (at, c) in text.char_indices() {
        if !matches!(c, '.' | '!' | '?') {
            continue;
        }
        let rest = text.get(at + 1..).unwrap_or("");
        let next = rest.trim_start_matches(['"', '”', ')']);
        let blank = next.starts_with(char::is_whitespace);
        let begins =
            next.trim_start().chars().next().is_some_and(|c| c.is_uppercase() || matches!(c, '"' | '”' | '“' | '('));
        if !blank || !begins {
            continue;
        }
        let before = text.get(from..at).unwrap_or("");
        let word = before.rsplit(char::is_whitespace).next().unwrap_or("").trim_start_matches('(').to_lowercase();
        let short = ABBREVIATIONS.contains(&word.as_str())
            || (word.chars().count() == 1 && word.starts_with(char::is_alphabetic));
        if c == '.' && short {
            continue;
        }
        let end = at + 1 + (rest.len() - next.len());
        found.push(flow.trimmed(&(range.start + from..range.start + end)));
        from = end;
    }
    found.push(flow.trimmed(&(range.start + from..range.end)));
    found.retain(|range| !range.is_empty());
    found
}
