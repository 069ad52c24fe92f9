//! What stands in a text without belonging to it: page numbers, alone on a line or at the end of one, and lines that return on
//! every page.
//!
//! A number is a page's only when it counts on from the one before; a lone `3` among clauses is left where it is.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::source::{Aside, AsideKind, Source, Span};

#[expect(clippy::expect_used, reason = "the patterns are constants, and a test compiles each")]
pub(crate) fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^\W*(?:sida|sidan|sid|page|s\.|seite)\s*\d{1,4}(?:\s*(?:av|of|/|\(|von)\s*\d{1,4}\)?)?\W*$")
});
static OF: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\W*\d{1,4}\s*(?:\(\d{1,4}\)|/\s*\d{1,4}|av\s+\d{1,4}|of\s+\d{1,4})\W*$"));
static LONE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[\s\-–—]*(\d{1,4})[\s\-–—]*$"));
static LAST: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s(\d{1,4})\s*$"));

/// How many numbers must count on before they are pages.
const RUN: usize = 3;
/// A line that is a page's text and not a heading or an item.
const LONG_LINE: usize = 300;

pub(crate) fn find(source: &Source) -> Vec<Aside> {
    let mut asides = Vec::new();
    let mut lone = Vec::new();
    let mut last = Vec::new();
    let mut long_lines = 0usize;
    for number in 1..=source.line_count() {
        let span = source.line(number);
        let line = source.raw(span);
        if line.len() > LONG_LINE {
            long_lines += 1;
            let tail = line.len() - line.char_indices().rev().take(12).last().map_or(0, |(at, _)| line.len() - at);
            if let Some(found) = line.get(tail..).and_then(|tail| LAST.captures(tail)).and_then(|found| found.get(1)) {
                let start = span.start + tail + found.start();
                let value: usize = found.as_str().parse().unwrap_or(0);
                last.push((value, Span { start, end: start + found.len() }, long_lines));
            }
            continue;
        }
        if line.trim().is_empty() {
            continue;
        }
        if NAMED.is_match(line) || OF.is_match(line) {
            asides.push(Aside { span, kind: AsideKind::PageNumber });
        } else if let Some(found) = LONE.captures(line).and_then(|found| found.get(1)) {
            lone.push((found.as_str().parse::<usize>().unwrap_or(0), span, number));
        }
    }
    at_ends_of_lines(&last, long_lines, &mut asides);
    alone(source, &lone, &mut asides);
    beside(source, &mut asides);
    running(source, &mut asides);
    asides.sort_by_key(|aside| aside.span);
    asides.dedup_by(|later, earlier| later.span.start < earlier.span.end);
    asides
}

/// Numbers at the ends of long lines that count up by one, and of which hardly any line between lacks one.
fn at_ends_of_lines(last: &[(usize, Span, usize)], long_lines: usize, asides: &mut Vec<Aside>) {
    for run in runs(last, |(value, ..)| *value) {
        let (Some(first), Some(end)) = (run.first(), run.last()) else { continue };
        let between = end.2 - first.2 + 1;
        if run.len() >= RUN && run.len() * 10 >= between * 8 && run.len() * 3 >= long_lines {
            asides.extend(run.iter().map(|(_, span, _)| Aside { span: *span, kind: AsideKind::PageNumber }));
        }
    }
}

/// Lone numbers that count up by one, when at least one of them breaks a sentence or stands at a page's end.
fn alone(source: &Source, lone: &[(usize, Span, usize)], asides: &mut Vec<Aside>) {
    for run in runs(lone, |(value, ..)| *value) {
        let breaks = run.iter().any(|(_, span, number)| {
            let before = (1..*number).rev().map(|n| source.raw(source.line(n)).trim()).find(|line| !line.is_empty());
            let mut after = (*number + 1..=source.line_count()).map(|n| source.raw(source.line(n)));
            let next = after.find(|line| !line.trim().is_empty()).unwrap_or("");
            let page = next.contains('\u{c}') || source.raw(*span).contains('\u{c}');
            let open = before.is_some_and(|line| line.len() > 40 && !line.ends_with(['.', ':', ';', '!', '?']));
            page || (open && next.trim_start().starts_with(char::is_lowercase))
        });
        if breaks && run.len() >= RUN {
            asides.extend(run.iter().map(|(_, span, _)| Aside { span: *span, kind: AsideKind::PageNumber }));
        }
    }
}

/// Stretches in which each value is one more than that before it.
fn runs<T>(items: &[T], value: impl Fn(&T) -> usize) -> Vec<&[T]> {
    let mut runs = Vec::new();
    let mut from = 0;
    for at in 1..=items.len() {
        let goes_on = match (items.get(at - 1), items.get(at)) {
            (Some(before), Some(next)) => value(next) == value(before) + 1,
            _ => false,
        };
        if !goes_on {
            runs.extend(items.get(from..at));
            from = at;
        }
    }
    runs
}

/// Lines next to page numbers that return beside most of them.
fn beside(source: &Source, asides: &mut Vec<Aside>) {
    let pages: Vec<Span> = asides.iter().filter(|it| it.span.end - it.span.start < 160).map(|it| it.span).collect();
    let mut seen: HashMap<String, Vec<Span>> = HashMap::new();
    for page in &pages {
        let number = source.line_of(page.start);
        for near in [number.saturating_sub(1), number + 1] {
            let span = source.line(near.max(1));
            let line = source.raw(span).trim();
            if near > 0 && near != number && !line.is_empty() && line.len() < 160 {
                seen.entry(line.to_owned()).or_default().push(span);
            }
        }
    }
    for mut spans in seen.into_values() {
        spans.sort();
        spans.dedup();
        if spans.len() >= RUN && spans.len() * 2 >= pages.len() {
            asides.extend(spans.into_iter().map(|span| Aside { span, kind: AsideKind::RunningLine }));
        }
    }
}

/// Lines that return, digits apart, as the first or last lines of most pages.
fn running(source: &Source, asides: &mut Vec<Aside>) {
    let mut pages: Vec<Vec<Span>> = vec![Vec::new()];
    for number in 1..=source.line_count() {
        let span = source.line(number);
        let line = source.raw(span);
        if line.contains('\u{c}') {
            pages.push(Vec::new());
        }
        if !line.trim().is_empty()
            && let Some(page) = pages.last_mut()
        {
            page.push(span);
        }
    }
    if pages.len() < 3 {
        return;
    }
    let mut seen: HashMap<String, Vec<Span>> = HashMap::new();
    for page in &pages {
        let ends = page.len().saturating_sub(2).max(2);
        let edge = page.iter().take(2).chain(page.iter().skip(ends));
        for span in edge.filter(|span| span.end - span.start < 160) {
            let key = source.raw(*span).chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect::<String>();
            seen.entry(key.trim().to_owned()).or_default().push(*span);
        }
    }
    for spans in seen.into_values().filter(|spans| spans.len() >= 3 && spans.len() * 2 >= pages.len()) {
        asides.extend(spans.into_iter().map(|span| Aside { span, kind: AsideKind::RunningLine }));
    }
}
