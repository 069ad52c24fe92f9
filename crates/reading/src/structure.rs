//! What the text is made of: parts (an agreement, its terms, a price list …), clauses with the numbers they carry and those that
//! are implied, and stretches that belong to something else.

use std::collections::HashSet;
use std::ops::Range;

use crate::columns::{self, Header, TableKind};
use crate::flow::Flow;
use crate::kinds;
use crate::numbering::Style;
use crate::source::{Source, Span};
use crate::units::Unit;
use crate::words::Hits;

/// One part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is, as `data/kinds.toml` names it; `unknown` where nothing says.
    pub kind: String,
    /// Its title, as printed.
    pub title: String,
    /// The number of the annex, where it is one.
    pub annex: Option<String>,
    /// Where.
    pub span: Span,
    /// Its lines, first and last.
    pub lines: (usize, usize),
    pub(crate) range: Range<usize>,
}

/// One clause or section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Its number, as printed.
    pub number: Option<String>,
    /// The number that its place implies, where the printed ones are none or start anew.
    pub implied: Option<String>,
    /// Its heading; empty where it has none.
    pub heading: String,
    /// 1 for a section, 2 for what stands in it.
    pub level: usize,
    /// The part, as an index.
    pub part: usize,
    /// Where, with all that follows up to the next one.
    pub span: Span,
    /// Its lines, first and last.
    pub lines: (usize, usize),
    pub(crate) range: Range<usize>,
}

impl Clause {
    /// The number by which people find it.
    #[must_use]
    pub fn called(&self) -> Option<&str> {
        self.implied.as_deref().or(self.number.as_deref())
    }
}

/// A stretch that belongs to something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Where.
    pub span: Span,
    /// Its lines, first and last.
    pub lines: (usize, usize),
    /// How many titles of documents stand in it.
    pub titles: usize,
}

/// See above.
pub(crate) struct Structure {
    pub parts: Vec<Part>,
    pub clauses: Vec<Clause>,
    pub skipped: Vec<Skipped>,
    pub units: Vec<Placed>,
    /// What the headings of tables say.
    pub headers: Vec<Header>,
}

/// A unit with its place.
pub(crate) struct Placed {
    pub unit: Unit,
    /// The words of its heading.
    pub heading: Option<Range<usize>>,
    /// Its words after number and heading.
    pub body: Range<usize>,
    pub part: usize,
    pub clause: Option<usize>,
    /// Of a row: the headings over its table, as an index.
    pub header: Option<usize>,
    /// It is a row of headings.
    pub heads: bool,
}

impl Structure {
    /// The headings over a row.
    pub fn header(&self, placed: &Placed) -> Option<&Header> {
        self.headers.get(placed.header?)
    }
}

/// The cells of a row, as ranges of the flow.
pub(crate) fn cells(flow: &Flow, row: &Range<usize>) -> Vec<Range<usize>> {
    let mut cells = Vec::new();
    let mut from = row.start;
    for (at, _) in flow.get(row).match_indices('\t') {
        cells.push(flow.trimmed(&(from..row.start + at)));
        from = row.start + at + 1;
    }
    cells.push(flow.trimmed(&(from..row.end)));
    cells
}

/// Finds the headings of tables, and the rows under them: up to the next headings, or to other words.
fn headers(flow: &Flow, placed: &mut [Placed]) -> Vec<Header> {
    let mut headers: Vec<Header> = Vec::new();
    let mut open = None;
    let mut apart = 0;
    for it in placed.iter_mut() {
        if !it.unit.row {
            apart += 1;
            // A short line between two rows may be a page's own.
            if apart > 1 || it.unit.range.len() > 80 {
                open = None;
            }
            continue;
        }
        apart = 0;
        let cells = cells(flow, &it.unit.range);
        let headings: Vec<&str> = cells.iter().map(|cell| flow.low(cell)).collect();
        if let Some(header) = columns::header(&headings, false) {
            open = Some(headers.len());
            headers.push(header);
            it.heads = true;
        }
        it.header = open;
    }
    headers
}

/// A heading is no longer.
const HEADING: usize = 100;

pub(crate) fn find(source: &Source, flow: &Flow, hits: &Hits, units: Vec<Unit>) -> Structure {
    let titles: Vec<Option<&'static str>> = units.iter().map(|unit| kinds::title(flow, unit)).collect();
    let (units, titles, skipped) = without_others(source, flow, units, titles);
    let items = plain_items(flow, &units, &titles);
    let mut placed: Vec<Placed> = units
        .into_iter()
        .zip(items)
        .map(|(mut unit, item)| {
            unit.bullet |= item;
            let heading = heading(flow, &unit);
            let long_annex =
                unit.number.as_ref().is_some_and(|number| number.style == Style::Annex) && unit.body().len() > 200;
            let body = match &heading {
                // The words after an annex's number are its title and its text in one.
                Some(_) if long_annex => unit.body(),
                Some(heading) => heading.end.max(unit.body().start)..unit.range.end,
                None => unit.body(),
            };
            Placed { body: flow.trimmed(&body), heading, unit, part: 0, clause: None, header: None, heads: false }
        })
        .collect();
    let headers = headers(flow, &mut placed);
    let parts = parts(source, flow, hits, &mut placed, &titles, &headers);
    let clauses = clauses(source, flow, &mut placed);
    Structure { parts, clauses, skipped, units: placed, headers }
}

/// Takes out stretches of short lines among which many are titles of documents: lists of search results, menus, tables of contents
/// of something else.
fn without_others(
    source: &Source,
    flow: &Flow,
    units: Vec<Unit>,
    titles: Vec<Option<&'static str>>,
) -> (Vec<Unit>, Vec<Option<&'static str>>, Vec<Skipped>) {
    const SHORT: usize = 260;
    const TITLES: usize = 6;
    let mut skipped = Vec::new();
    let mut drop = vec![false; units.len()];
    let mut from = 0;
    while from < units.len() {
        // What was cut out of a long paragraph is no short line, nor is the paragraph's own beginning.
        let is_short = |at: usize| {
            units.get(at).is_some_and(|unit| unit.range.len() < SHORT && !unit.row && !unit.bullet && !unit.inline)
                && units.get(at + 1).is_none_or(|next| !next.inline)
        };
        let length = (from..units.len()).take_while(|at| is_short(*at)).count();
        let stretch = titles.get(from..from + length).unwrap_or(&[]);
        let count = stretch.iter().flatten().count();
        if count >= TITLES && count * 4 >= length {
            // From the first title to the last; what stands around them may be the agreement's own.
            let to = from + length;
            let first = units.get(from).map_or(0, |unit| unit.range.start);
            let end = units.get(to - 1).map_or(first, |unit| unit.range.end);
            let span = flow.span(&(first..end));
            skipped.push(Skipped { span, lines: source.lines_of(span), titles: count });
            drop.iter_mut().take(to).skip(from).for_each(|it| *it = true);
        }
        from += length.max(1);
    }
    if skipped.is_empty() {
        return (units, titles, skipped);
    }
    let kept = drop.iter().map(|it| !it).collect::<Vec<_>>();
    let units = units.into_iter().zip(&kept).filter(|(_, kept)| **kept).map(|(unit, _)| unit).collect();
    let titles = titles.into_iter().zip(&kept).filter(|(_, kept)| **kept).map(|(title, _)| title).collect();
    (units, titles, skipped)
}

/// Runs of at least four short lines without marks are a list, and not four headings over nothing.
fn plain_items(flow: &Flow, units: &[Unit], titles: &[Option<&'static str>]) -> Vec<bool> {
    let looks = |at: usize| {
        let Some(unit) = units.get(at) else { return false };
        !unit.row
            && !unit.bullet
            && unit.number.is_none()
            && unit.range.len() < 70
            && titles.get(at).is_none_or(Option::is_none)
            && heading(flow, unit).is_some()
            && !flow.get(&unit.range).ends_with(':')
    };
    let mut items = vec![false; units.len()];
    let mut at = 0;
    while at < units.len() {
        let length = (at..units.len()).take_while(|next| looks(*next)).count();
        if length >= 5 {
            // The first is the heading over the list, and the last one may be the next heading.
            items.iter_mut().take(at + length - 1).skip(at + 1).for_each(|it| *it = true);
        }
        at += length.max(1);
    }
    items
}

/// The words of a unit's heading.
fn heading(flow: &Flow, unit: &Unit) -> Option<Range<usize>> {
    if unit.row || (unit.bullet && unit.number.is_none()) {
        return None;
    }
    let body = flow.trimmed(&unit.body());
    let text = flow.get(&body);
    let short = text.chars().count() <= HEADING;
    let closed = text.ends_with(['.', ';', ',', '!', '?']);
    let capital = text.starts_with(|c: char| c.is_uppercase() || matches!(c, '"' | '”' | '“'));
    match &unit.number {
        Some(number) if number.style == Style::Item => None,
        Some(_) if text.is_empty() => Some(body),
        Some(number) if number.style == Style::Annex => Some(body.start..body.start + first_words(text, HEADING + 60)),
        Some(_) if short && !closed && capital => Some(body),
        Some(number) if number.path().len() <= 1 && (unit.inline || number.path().len() == 1) => {
            let loud: usize = text
                .split_inclusive(' ')
                .take_while(|word| word.trim().chars().any(char::is_uppercase) && !word.chars().any(char::is_lowercase))
                .map(str::len)
                .sum();
            if loud > 3 {
                return Some(flow.trimmed(&(body.start..body.start + loud)));
            }
            let stop = text.find(". ").filter(|at| *at <= 80)?;
            let words = text.get(..stop)?.split_whitespace().count();
            let next = text.get(stop + 2..)?.trim_start();
            (words <= 10 && next.starts_with(char::is_uppercase)).then_some(body.start..body.start + stop)
        }
        Some(_) => None,
        None => {
            let letters = text.chars().filter(|c| c.is_alphabetic()).count();
            let label = text.find(": ").is_some() || text.contains('\t') || text.contains("://");
            let bracket = text.ends_with(')') && text.contains(',');
            let words = text.split_whitespace().count();
            // A line that announces what follows is a heading only while it is too short for a sentence.
            let most = if text.ends_with(':') { 8 } else { 14 };
            (short && !closed && capital && letters >= 3 && !label && !bracket && words <= most).then_some(body)
        }
    }
}

/// As many bytes as hold whole words within the limit.
fn first_words(text: &str, most: usize) -> usize {
    if text.len() <= most {
        return text.len();
    }
    text.char_indices()
        .take_while(|(at, _)| *at <= most)
        .filter(|(_, c)| c.is_whitespace())
        .last()
        .map_or(0, |(at, _)| at)
}

fn parts(
    source: &Source,
    flow: &Flow,
    hits: &Hits,
    placed: &mut [Placed],
    titles: &[Option<&'static str>],
    headers: &[Header],
) -> Vec<Part> {
    struct Start {
        at: usize,
        kind: Option<&'static str>,
    }
    let mut starts: Vec<Start> = Vec::new();
    for (at, it) in placed.iter().enumerate() {
        let annex = it.unit.number.as_ref().is_some_and(|number| number.style == Style::Annex);
        let title = titles.get(at).copied().flatten();
        let begins = annex && it.heading.is_some() || title.is_some_and(kinds::is_strong) && it.heading.is_some();
        // The same annex named again further down is the annex; this line is from a list of them.
        let listed = annex && at > 0 && named_again(placed.get(at + 1..).unwrap_or(&[]), it.unit.number.as_ref());
        if (!begins || listed) && at > 0 {
            continue;
        }
        let mut kind = title;
        if annex && kind.is_none() {
            // The annex says its number alone; what it is stands on the next line.
            kind = placed.get(at + 1).and_then(|next| kinds::any_title(flow, &next.unit.range));
        }
        // Titles that follow one another with hardly anything between name one part.
        let bare = starts.last().is_some_and(|last| {
            let end = placed.get(last.at).map_or(0, |it| it.unit.range.start);
            it.unit.range.start.saturating_sub(end) < 160
        });
        match starts.last_mut() {
            Some(last) if bare => {
                let was_annex = placed
                    .get(last.at)
                    .is_some_and(|it| it.unit.number.as_ref().is_some_and(|number| number.style == Style::Annex));
                if last.kind.is_none() || (kind.is_some() && annex && !was_annex && last.kind == Some("other-title")) {
                    last.kind = kind;
                }
            }
            _ => starts.push(Start { at, kind }),
        }
    }
    let mut parts = Vec::with_capacity(starts.len());
    for (index, start) in starts.iter().enumerate() {
        let to = starts.get(index + 1).map_or(placed.len(), |next| next.at);
        let first = placed.get(start.at).map_or(0, |it| it.unit.range.start);
        let end = placed.get(to.saturating_sub(1)).map_or(first, |it| it.unit.range.end);
        let range = first..end.max(first);
        let span = flow.span(&range);
        let head = placed.get(start.at);
        let annex = head.and_then(|it| it.unit.number.as_ref()).filter(|number| number.style == Style::Annex);
        let title = head.map(|it| flow.get(&it.unit.range)).unwrap_or("");
        let title = title.get(..first_words(title, 90)).unwrap_or("").trim().to_owned();
        let own = placed.get(start.at..to).unwrap_or(&[]);
        let rows = own.iter().filter(|it| it.unit.row).count();
        let tables = own.iter().filter(|it| it.heads).filter_map(|it| headers.get(it.header?)).map(|it| it.kind);
        let rows = kinds::Rows { count: rows, tables: tables.chain(unheaded(source, flow, &range)).collect() };
        let kind = kinds::by_content(flow, hits, &range, start.kind, &rows);
        parts.push(Part {
            kind: kind.to_owned(),
            title,
            annex: annex.map(|number| number.text.clone()).filter(|text| !text.is_empty()),
            span,
            lines: source.lines_of(span),
            range,
        });
        placed.iter_mut().take(to).skip(start.at).for_each(|it| it.part = index);
    }
    parts
}

/// Lists of recipients in a stretch that stand there without headings.
pub(crate) fn unheaded<'a>(
    source: &'a Source,
    flow: &'a Flow,
    range: &'a Range<usize>,
) -> impl Iterator<Item = TableKind> + 'a {
    let tables = flow.stacked.iter().filter(|table| !table.headed);
    let begins =
        tables.filter_map(|table| table.lines.first()).map(|(line, _)| flow.range_of(source.line(*line)).start);
    begins.filter(|start| range.contains(start)).map(|_| TableKind::Recipients)
}

fn named_again(later: &[Placed], number: Option<&crate::numbering::Number>) -> bool {
    let Some(number) = number.filter(|number| !number.text.is_empty()) else { return false };
    later
        .iter()
        .any(|it| it.unit.number.as_ref().is_some_and(|next| next.style == Style::Annex && next.text == number.text))
}

/// Clauses in order, with implied numbers where sections have none and the numbers below them start anew.
fn clauses(source: &Source, flow: &Flow, placed: &mut [Placed]) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::new();
    let dotted: HashSet<usize> = placed
        .iter()
        .filter(|it| it.unit.number.as_ref().is_some_and(|n| n.style == Style::Clause && n.path().len() > 1))
        .map(|it| it.part)
        .collect();
    let mut section = 0usize;
    let mut item = 0usize;
    let mut part = usize::MAX;
    for it in placed.iter_mut() {
        if it.part != part {
            (part, section, item) = (it.part, 0, 0);
        }
        let number = it.unit.number.as_ref().filter(|number| number.style != Style::Item);
        if number.is_none() && it.heading.is_none() {
            it.clause = clauses.len().checked_sub(1).filter(|at| clauses.get(*at).is_some_and(|c| c.part == it.part));
            if let Some(clause) = it.clause.and_then(|at| clauses.get_mut(at)) {
                clause.range.end = it.unit.range.end;
            }
            continue;
        }
        let has_dotted = dotted.contains(&it.part);
        let heading = it.heading.as_ref().map(|range| flow.get(range).to_owned()).unwrap_or_default();
        let mut implied = None;
        let mut level = 1;
        match number {
            Some(number) if number.style == Style::Annex => {}
            Some(number) => {
                level = number.path().len().max(1);
                // Without dotted numbers in this part, `1.` under a heading without a number is the heading's first.
                if !has_dotted && it.heading.is_none() && section > 0 {
                    let small = flow.get(&it.unit.body()).starts_with(char::is_lowercase);
                    if !small {
                        item += 1;
                        implied = Some(format!("{section}.{item}"));
                        level = 2;
                    } else {
                        level = 3;
                    }
                }
            }
            // The first heading of a part is its title.
            None if clauses.last().is_none_or(|clause| clause.part != it.part) => level = 0,
            None => {
                section += 1;
                item = 0;
                if !has_dotted {
                    implied = Some(section.to_string());
                }
            }
        }
        it.clause = Some(clauses.len());
        clauses.push(Clause {
            number: number.map(|number| number.text.clone()).filter(|text| !text.is_empty()),
            implied,
            heading,
            level,
            part: it.part,
            span: Span { start: 0, end: 0 },
            lines: (0, 0),
            range: it.unit.range.clone(),
        });
    }
    // Numbers are implied only where the part has any to imply below its sections.
    let numbered: HashSet<usize> =
        clauses.iter().filter(|c| c.level == 2 && c.implied.is_some()).map(|c| c.part).collect();
    for clause in &mut clauses {
        if !numbered.contains(&clause.part) {
            clause.implied = None;
        }
        clause.span = flow.span(&clause.range);
        clause.lines = source.lines_of(clause.span);
    }
    clauses
}
