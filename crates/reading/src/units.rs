//! Paragraphs → units: what begins with a number of its own stands alone, also where a page was pressed into one line.
//!
//! Inside a long paragraph a number begins a clause only when it is the one that must come next, words with a capital follow, and
//! no word such as *punkt* refers to it.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::asides::pattern;
use crate::flow::Flow;
use crate::numbering::{self, Number, Style};

/// See above.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    /// In the flow, number and all.
    pub range: Range<usize>,
    pub number: Option<Number>,
    pub bullet: bool,
    pub row: bool,
    /// It was cut out of a longer paragraph.
    pub inline: bool,
}

impl Unit {
    /// Its words, without the number.
    pub fn body(&self) -> Range<usize> {
        let length = self.number.as_ref().map_or(0, |number| number.length);
        (self.range.start + length).min(self.range.end)..self.range.end
    }
}

/// Paragraphs longer than this may hold several clauses.
const LONG: usize = 400;

static INLINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:^|\s)((?:\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+\p{Lu}|(?:Bilaga|Annex|Appendix|Schedule)\s+\d{1,2}(?:[:.]\d{1,2})?\s+(?:till|to)\s+\p{Lu})",
    )
});

const REFERRING: [&str; 30] = [
    "punkt",
    "punkten",
    "punkterna",
    "punkter",
    "avsnitt",
    "avsnittet",
    "artikel",
    "artiklarna",
    "artiklar",
    "klausul",
    "kapitel",
    "stycke",
    "bilaga",
    "och",
    "eller",
    "till",
    "i",
    "av",
    "enligt",
    "se",
    "section",
    "sections",
    "clause",
    "clauses",
    "article",
    "articles",
    "and",
    "or",
    "annex",
    "to",
];

pub(crate) fn find(flow: &Flow) -> Vec<Unit> {
    let mut units = Vec::with_capacity(flow.paras.len());
    let mut last: Option<Vec<u32>> = None;
    for para in &flow.paras {
        let text = flow.get(&para.range);
        let number = if para.row { None } else { numbering::leading(text) };
        // An item that names an annex is a line of a list of annexes.
        let number = number.filter(|number| !(para.bullet && number.style == Style::Annex));
        let first = Unit { range: para.range.clone(), number, bullet: para.bullet, row: para.row, inline: false };
        remember(&mut last, first.number.as_ref());
        if para.row || text.len() < LONG {
            units.push(first);
            continue;
        }
        let mut cuts = Vec::new();
        for found in INLINE.captures_iter(text) {
            let Some(at) = found.get(1).map(|m| m.start()).filter(|at| *at > 0) else { continue };
            let rest = text.get(at..).unwrap_or("");
            let Some(number) = numbering::leading(rest) else { continue };
            if begins(text, at, &number, last.as_deref()) {
                remember(&mut last, Some(&number));
                cuts.push((at, number));
            }
        }
        let mut units_here = vec![first];
        for (at, number) in cuts {
            let start = para.range.start + at;
            if let Some(before) = units_here.last_mut() {
                before.range.end = flow.trimmed(&(before.range.start..start)).end;
            }
            units_here.push(Unit {
                range: start..para.range.end,
                number: Some(number),
                bullet: false,
                row: false,
                inline: true,
            });
        }
        units.extend(units_here.into_iter().filter(|unit| !unit.range.is_empty()));
    }
    units
}

fn remember(last: &mut Option<Vec<u32>>, number: Option<&Number>) {
    match number {
        Some(number) if number.style == Style::Annex => *last = None,
        Some(number) if number.style == Style::Clause => {
            let path = number.path();
            if !path.is_empty() {
                *last = Some(path);
            }
        }
        _ => {}
    }
}

/// Whether a number in the midst of a paragraph begins a clause.
fn begins(text: &str, at: usize, number: &Number, last: Option<&[u32]>) -> bool {
    let before = text.get(..at).unwrap_or("").trim_end();
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("").to_lowercase();
    if REFERRING.contains(&word.as_str()) || before.ends_with(',') {
        return false;
    }
    if number.style == Style::Annex {
        return true;
    }
    let path = number.path();
    if path.is_empty() || number.style != Style::Clause || !follows(&path, last) {
        return false;
    }
    let rest = text.get(at + number.length..).unwrap_or("");
    let dotted = text.get(at..at + number.length).unwrap_or("").trim_end().ends_with('.');
    // A single number without its dot needs a heading in capitals; with more parts or a dot it is enough that it comes next.
    path.len() > 1 || dotted || is_loud(rest)
}

fn is_loud(text: &str) -> bool {
    let word = text.split_whitespace().next().unwrap_or("");
    word.chars().count() > 3 && word.chars().all(|c| c.is_uppercase() || matches!(c, '/' | '-' | 'Å' | 'Ä' | 'Ö'))
}

/// Whether a path is the first, the next at its level, the first below, or the next of one above.
pub(crate) fn follows(path: &[u32], last: Option<&[u32]>) -> bool {
    let Some(last) = last else { return path.iter().all(|part| *part == 1) };
    if path.len() == last.len() + 1 {
        return path.starts_with(last) && path.last() == Some(&1);
    }
    if path.len() > last.len() {
        return false;
    }
    let (head, tail) = (path.len() - 1, path.last().copied().unwrap_or(0));
    path.get(..head) == last.get(..head) && last.get(head).is_some_and(|before| before + 1 == tail)
}
