//! Lists of purposes, data subjects, data, operations, places and measures: under a heading or a sentence that announces them, as items, as a line
//! with commas, or pressed into one line with `a)` and `i.` between.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::asides::pattern;
use crate::numbering::Style;
use crate::proposal::{Proposal, Read};
use crate::rules::Ground;

/// Which concept announces which list; the first that fits counts.
const LISTS: [(&str, &str); 7] = [
    ("special-list", "processing.special"),
    ("subjects-list", "processing.subject"),
    ("categories-list", "processing.category"),
    ("activities-list", "processing.activity"),
    ("places-list", "processing.location"),
    ("purpose-list", "processing.purpose"),
    ("measures-list", "security.measure"),
];

static ENUMERATOR: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:^|\s)((?:[a-z]|[ivx]{1,4})[).])\s+\p{Lu}"));
static REGARDING: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^(?:angående|avseende|gällande|regarding|concerning)\s+\S*\d\S*\s+"));

pub(crate) fn find(ground: &Ground<'_>) -> Vec<Proposal> {
    let mut found = Vec::new();
    let mut open: Option<&'static str> = None;
    let units = &ground.structure.units;
    for (at, placed) in units.iter().enumerate() {
        if placed.unit.row {
            open = None;
            continue;
        }
        let words = placed.heading.clone().unwrap_or_else(|| placed.body.clone());
        let announces = announced(ground, &words);
        let text = ground.flow.get(&placed.unit.range);
        let number = placed.unit.number.as_ref();
        let is_item = (placed.unit.bullet && number.is_none()) || number.is_some_and(|it| it.style == Style::Item);
        // A clause that was pressed into a line begins with the words that would have been its heading.
        if placed.heading.is_none() && !is_item && number.is_some() && placed.body.len() > 120 {
            let head = placed.body.start..placed.body.start + 90;
            open = announced(ground, &head).filter(|_| placed.unit.inline);
            if let Some(field) = open {
                found.extend(pressed(ground, at, &placed.body, field));
            }
            continue;
        }
        if placed.heading.is_some() && !is_item {
            // `None.` on a line of its own looks like a heading, and is the answer to the one before it.
            if let Some(field) = open.filter(|field| *field == "processing.special" && words.len() < 40)
                && announces.is_none()
                && ground.hits.has(&words, "none-word")
            {
                found.extend(item(ground, at, &words, field));
                open = None;
                continue;
            }
            match announces {
                Some(field) => open = Some(field),
                // A heading among the data names those whose data follows.
                None if open == Some("processing.category")
                    && followed_by_item(ground, at)
                    && !ends_list(ground, &words) => {}
                None => open = None,
            }
            if let Some(field) = open.filter(|_| placed.body.len() > 40) {
                found.extend(pressed(ground, at, &placed.body, field));
            }
            continue;
        }
        if is_item {
            if let Some(field) = open {
                found.extend(item(ground, at, &placed.body, field));
            }
            continue;
        }
        // A sentence that announces a list, or a line that is one.
        if text.ends_with(':') {
            if let Some(field) = announces.filter(|_| placed.body.len() < 260) {
                open = Some(field);
            }
            continue;
        }
        found.extend(after_colons(ground, at, &placed.body));
        let Some(field) = open else { continue };
        let commas = line_of_items(ground, &placed.body);
        if commas.len() > 1 {
            found.extend(commas.into_iter().filter_map(|range| one(ground, at, &placed.body, &range, field)));
        } else if field == "processing.location" {
            found.extend(item(ground, at, &placed.body, field));
        }
        if !followed_by_item(ground, at) {
            open = None;
        }
    }
    found
}

/// `Categories of data subjects: patients, staff and visitors.`: the list stands in the sentence that announces it.
fn after_colons(ground: &Ground<'_>, unit: usize, body: &Range<usize>) -> Vec<Proposal> {
    let mut found = Vec::new();
    for sentence in crate::sentences::split(ground.flow, body) {
        let text = ground.flow.get(&sentence);
        let Some(colon) = text.find(": ").filter(|at| *at < 90) else { continue };
        let head = sentence.start..sentence.start + colon;
        let list = head.end + 2..sentence.end;
        let Some(field) = announced(ground, &head).filter(|field| *field != "security.measure") else { continue };
        for range in line_of_items(ground, &list) {
            found.extend(one(ground, unit, &sentence, &range, field));
        }
    }
    found
}

fn followed_by_item(ground: &Ground<'_>, at: usize) -> bool {
    let next = ground.structure.units.iter().skip(at + 1).take(2);
    next.clone().any(|next| next.unit.bullet)
}

fn ends_list(ground: &Ground<'_>, words: &Range<usize>) -> bool {
    ground.hits.has(words, "other-section") || ground.hits.has(words, "subprocessors-list")
}

/// The list that a heading or a sentence announces.
fn announced(ground: &Ground<'_>, words: &Range<usize>) -> Option<&'static str> {
    if words.len() > 260 {
        return None;
    }
    LISTS
        .iter()
        .filter_map(|(name, field)| {
            let first = ground.hits.first(words, crate::words::concept(name)?)?;
            Some((first.start, *field))
        })
        .min_by_key(|(at, _)| *at)
        .map(|(_, field)| field)
}

fn one(ground: &Ground<'_>, unit: usize, quote: &Range<usize>, range: &Range<usize>, field: &str) -> Option<Proposal> {
    // What an agreement is made for is no purpose of a processing.
    if field == "processing.purpose" && ground.hits.has(quote, "made-for") {
        return None;
    }
    let field = crate::rules::field(field)?;
    let mut proposal = Proposal::new(ground.source, ground.flow, field, "list", quote, &Read::Words(range.clone()))?;
    let placed = ground.structure.units.get(unit)?;
    (proposal.clause, proposal.part) = (placed.clause, Some(placed.part));
    Some(proposal)
}

/// One item; of data, each thing that it names.
fn item(ground: &Ground<'_>, unit: usize, body: &Range<usize>, field: &str) -> Vec<Proposal> {
    let text = ground.flow.get(body);
    // An item that announces the next ones is none itself, but its own words are kept: `support, which means:`.
    let end = body.start + text.trim_end_matches([':', ';', ',', '.']).len();
    let mut found: Vec<Proposal> = one(ground, unit, body, &(body.start..end), field).into_iter().collect();
    if field == "processing.category" {
        let words = ground.flow.get(&(body.start..end));
        let such = [" såsom ", " som t.ex. ", " t.ex. ", " such as ", " including ", " inklusive "];
        let from = such.iter().filter_map(|word| words.find(word).map(|at| at + word.len())).min();
        if let Some(from) = from {
            let rest = words.get(from..).unwrap_or("");
            for item in at_commas(rest) {
                let at = body.start + from;
                found.extend(one(ground, unit, body, &(at + item.start..at + item.end), field));
            }
        }
    }
    found
}

/// The items of a line such as `Candidates, employees, contacts.`
fn line_of_items(ground: &Ground<'_>, body: &Range<usize>) -> Vec<Range<usize>> {
    let text = ground.flow.get(body);
    let sentence = text.trim_end_matches('.');
    if text.len() > 700 || sentence.contains(". ") {
        return Vec::new();
    }
    let items = at_commas(sentence);
    let short = items.iter().all(|range| {
        range.len() <= 90 && sentence.get(range.clone()).is_some_and(|it| it.split_whitespace().count() <= 9)
    });
    if !short {
        return Vec::new();
    }
    items.into_iter().map(|range| ground.flow.trimmed(&(body.start + range.start..body.start + range.end))).collect()
}

/// Parts a text at its commas, and at the *och* or *and* before the last one; what stands in brackets stays whole.
pub(crate) fn at_commas(text: &str) -> Vec<Range<usize>> {
    let mut items = Vec::new();
    let (mut from, mut depth) = (0, 0usize);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' | ';' if depth == 0 => {
                items.push(from..at);
                from = at + 1;
            }
            _ => {}
        }
    }
    items.push(from..text.len());
    if items.len() > 1
        && let Some(last) = items.pop()
    {
        let words = text.get(last.clone()).unwrap_or("");
        let joint =
            [" och ", " samt ", " and "].iter().filter_map(|word| words.find(word).map(|at| (at, word.len()))).min();
        match joint {
            Some((at, length)) if !words.get(..at).is_some_and(|before| before.contains('(')) => {
                items.push(last.start..last.start + at);
                items.push(last.start + at + length..last.end);
            }
            _ => items.push(last),
        }
    }
    items.retain(|range| text.get(range.clone()).is_some_and(|item| !item.trim().is_empty()));
    items
}

/// A list that was pressed into one line: pieces between `a)`, `b)`, `i.`, some of which announce the list of the next ones.
fn pressed(ground: &Ground<'_>, unit: usize, body: &Range<usize>, field: &'static str) -> Vec<Proposal> {
    let text = ground.flow.get(body);
    let mut cuts: Vec<usize> =
        ENUMERATOR.captures_iter(text).filter_map(|found| found.get(1).map(|m| m.start())).collect();
    // The mark after a cut takes the next word's beginning with it, so that `a) B i. C` is seen twice.
    cuts.dedup();
    if cuts.is_empty() {
        return Vec::new();
    }
    cuts.push(text.len());
    let mut found = Vec::new();
    let mut open = field;
    for pair in cuts.windows(2) {
        let (Some(from), Some(to)) = (pair.first(), pair.get(1)) else { continue };
        let whole = ground.flow.trimmed(&(body.start + from..body.start + to));
        let mark = ground.flow.get(&whole).find(' ').map_or(0, |at| at + 1);
        let mut piece = whole.start + mark..whole.end;
        if let Some(regarding) = REGARDING.find(ground.flow.get(&piece)) {
            piece.start += regarding.end();
        }
        let head = piece.start..piece.end.min(piece.start + 80);
        if piece.len() < 90
            && let Some(next) = announced(ground, &head)
            && !ground.hits.has(&head, "none-word")
        {
            open = next;
            continue;
        }
        if open == "processing.category" && ground.flow.get(&piece).contains(',') {
            let sentence = ground.flow.get(&piece);
            let items = at_commas(sentence.trim_end_matches('.'));
            for item in items {
                let range = piece.start + item.start..piece.start + item.end;
                found.extend(one(ground, unit, &piece, &range, open));
            }
        } else {
            found.extend(item(ground, unit, &piece, open));
        }
    }
    found
}
