//! The text as it is meant to be read: sentences whole again over line and page breaks, one blank between words, paragraphs apart.
//! Every byte knows from where in the source it came.
//!
//! Nothing is added but blanks, the ends of paragraphs and, where the cells of a table each became a line, the tabs between them
//! (`stacked/mod.rs`); and nothing is corrected.

use core::ops::Range;

use crate::source::{Source, Span};
use crate::stacked::{self, Stack, Stacked};

/// One paragraph, item or row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Para {
    /// In the flow.
    pub range: Range<usize>,
    /// It began with a dash or a dot.
    pub bullet: bool,
    /// It holds tabs: a row of a table.
    pub row: bool,
}

/// See above.
#[derive(Debug)]
pub(crate) struct Flow {
    pub text: String,
    /// The same, in small letters of the same length.
    pub lower: String,
    pub paras: Vec<Para>,
    /// Tables that were put together again out of their cells.
    pub stacked: Vec<Stacked>,
    pieces: Vec<(usize, usize)>,
}

impl Flow {
    pub fn get(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or("")
    }

    pub fn low(&self, range: &Range<usize>) -> &str {
        self.lower.get(range.clone()).unwrap_or("")
    }

    /// Where in the source a byte of the flow stands.
    fn origin(&self, at: usize) -> usize {
        let piece = self.pieces.partition_point(|(flow, _)| *flow <= at).saturating_sub(1);
        self.pieces.get(piece).map_or(0, |(flow, source)| source + (at - flow))
    }

    /// The span of the source from which a stretch of the flow came.
    pub fn span(&self, range: &Range<usize>) -> Span {
        let range = self.trimmed(range);
        if range.is_empty() {
            let at = self.origin(range.start);
            return Span { start: at, end: at };
        }
        Span { start: self.origin(range.start), end: self.origin(range.end - 1) + 1 }
    }

    /// What came from whole lines of the source.
    pub fn range_of(&self, lines: Span) -> Range<usize> {
        let at = |source: usize| {
            let piece = self.pieces.partition_point(|(_, from)| *from < source);
            self.pieces.get(piece).map_or(self.text.len(), |(flow, _)| *flow)
        };
        at(lines.start)..at(lines.end)
    }

    /// Without blanks at its ends.
    pub fn trimmed(&self, range: &Range<usize>) -> Range<usize> {
        let text = self.get(range);
        let start = range.start + (text.len() - text.trim_start().len());
        let end = start + text.trim().len();
        start..end
    }

    pub fn of(source: &Source) -> Self {
        let mut flow = Self {
            text: String::with_capacity(source.text().len()),
            lower: String::new(),
            paras: Vec::new(),
            stacked: stacked::find(source),
            pieces: Vec::new(),
        };
        let tables = core::mem::take(&mut flow.stacked);
        let mut cells = tables.iter().flat_map(|table| &table.lines).copied().peekable();
        let wrap = wrap(source);
        let mut aside = 0;
        let mut gap = true;
        let mut previous: Option<Line> = None;
        for number in 1..=source.line_count() {
            let span = source.line(number);
            let asides = source.asides.get(aside..).unwrap_or(&[]);
            let here = asides.iter().take_while(|it| it.span.start < span.end).count();
            let line = Line::of(source, span, asides.get(..here).unwrap_or(&[]));
            aside += here;
            let cell = cells.next_if(|(cell, _)| *cell == number);
            if line.words.is_empty() {
                gap = true;
                continue;
            }
            if let Some((_, cell)) = cell {
                flow.stack(source, &line, cell);
                previous = Some(Line { row: true, ..line });
                gap = false;
                continue;
            }
            let joins = previous.as_ref().and_then(|before| before.joins(&line, gap, wrap));
            match (joins, flow.paras.last_mut()) {
                (Some(join), Some(_)) => flow.go_on(source, &line, join),
                _ => flow.begin(source, &line),
            }
            previous = Some(line);
            gap = false;
        }
        flow.lower = flow.text.chars().map(small).collect();
        flow.stacked = tables;
        flow
    }

    fn begin(&mut self, source: &Source, line: &Line) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let start = self.text.len();
        self.copy(source, line);
        self.paras.push(Para { range: start..self.text.len(), bullet: line.bullet, row: line.row });
    }

    fn go_on(&mut self, source: &Source, line: &Line, join: Join) {
        match join {
            Join::Blank => self.text.push(' '),
            // The hyphen was the printer's.
            Join::Hyphen => {
                self.text.pop();
            }
        }
        self.copy(source, line);
        if let Some(para) = self.paras.last_mut() {
            para.range.end = self.text.len();
        }
    }

    /// A line that is a cell: it begins a row, stands after a tab in the one that there is, or goes on in its last cell.
    fn stack(&mut self, source: &Source, line: &Line, cell: Stack) {
        let begun = self.paras.last().is_some_and(|para| para.row);
        match cell {
            Stack::Cell { empty } if begun => (0..=empty).for_each(|_| self.text.push('\t')),
            Stack::On if begun => self.text.push(' '),
            _ => {
                self.begin(source, line);
                if let Some(para) = self.paras.last_mut() {
                    (para.bullet, para.row) = (false, true);
                }
                return;
            }
        }
        self.copy(source, line);
        if let Some(para) = self.paras.last_mut() {
            para.range.end = self.text.len();
        }
    }

    /// Copies the words, with all white space made one blank; tabs of rows stay.
    fn copy(&mut self, source: &Source, line: &Line) {
        let mut blank = false;
        let begins = self.text.len();
        let mut contiguous = false;
        for piece in &line.words {
            let text = source.raw(*piece);
            let mut skip = 0;
            for (at, c) in text.char_indices() {
                if skip > 0 {
                    skip -= 1;
                    contiguous = false;
                    continue;
                }
                if c == '*' && text.get(at..).is_some_and(|rest| rest.starts_with("**")) {
                    skip = 1;
                    contiguous = false;
                    continue;
                }
                if c == '\t' && line.row {
                    while self.text.ends_with(' ') {
                        self.text.pop();
                    }
                    self.pieces.push((self.text.len(), piece.start + at));
                    self.text.push('\t');
                    (blank, contiguous) = (true, true);
                } else if c.is_whitespace() {
                    if !blank && self.text.len() > begins {
                        self.pieces.push((self.text.len(), piece.start + at));
                        self.text.push(' ');
                        contiguous = c.len_utf8() == 1;
                    } else {
                        contiguous = false;
                    }
                    blank = true;
                } else {
                    if !contiguous {
                        self.pieces.push((self.text.len(), piece.start + at));
                        contiguous = true;
                    }
                    self.text.push(c);
                    blank = false;
                }
            }
            contiguous = false;
        }
        while self.text.ends_with([' ', '\t']) && self.text.len() > begins {
            self.text.pop();
        }
        while self.pieces.last().is_some_and(|(at, _)| *at >= self.text.len() && *at > begins) {
            self.pieces.pop();
        }
    }
}

/// In small letters, where that takes as many bytes.
pub(crate) fn small(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(small), None) if small.len_utf8() == c.len_utf8() => small,
        _ => c,
    }
}

#[derive(Clone, Copy)]
enum Join {
    Blank,
    Hyphen,
}

struct Line {
    words: Vec<Span>,
    bullet: bool,
    row: bool,
    indent: usize,
    /// Characters.
    length: usize,
    first: String,
    last: String,
}

const BULLETS: [char; 12] = ['-', '–', '—', '•', '·', '▪', '◦', '●', '*', '\u{f0b7}', '‣', '○'];

impl Line {
    fn of(source: &Source, span: Span, asides: &[crate::source::Aside]) -> Self {
        let mut words = Vec::new();
        let mut at = span.start;
        for aside in asides {
            words.push(Span::of(at..aside.span.start.max(at)));
            at = aside.span.end.min(span.end).max(at);
        }
        words.push(Span::of(at..span.end));
        words.retain(|piece| !source.raw(*piece).trim().is_empty());
        let mut line =
            Self { bullet: false, row: false, indent: 0, length: 0, first: String::new(), last: String::new(), words };
        let Some(first) = line.words.first_mut() else { return line };
        let text = source.raw(*first);
        line.indent = text.len() - text.trim_start().len();
        let bare = text.trim_start();
        let mark = bare.chars().next().filter(|c| BULLETS.contains(c) && !bare.starts_with("**"));
        if let Some(mark) = mark {
            let rest = bare.get(mark.len_utf8()..).unwrap_or("");
            if rest.starts_with(char::is_whitespace) || (mark != '-' && mark != '*' && !rest.is_empty()) {
                line.bullet = true;
                first.start += line.indent + mark.len_utf8();
            }
        }
        line.row = line.words.iter().any(|piece| source.raw(*piece).trim().contains('\t'));
        line.length = line.words.iter().map(|piece| source.raw(*piece).trim().chars().count()).sum();
        line.first =
            line.words.first().map(|piece| source.raw(*piece).trim().chars().take(24).collect()).unwrap_or_default();
        let end = line.words.last().map(|piece| source.raw(*piece).trim_end()).unwrap_or("");
        let tail = end.char_indices().rev().nth(11).map_or(0, |(at, _)| at);
        end.get(tail..).unwrap_or("").clone_into(&mut line.last);
        line
    }

    /// Whether the next line goes on where this one ends.
    fn joins(&self, next: &Self, gap: bool, wrap: Option<usize>) -> Option<Join> {
        if next.bullet || self.row || next.row || begins_with_number(&next.first) {
            return None;
        }
        let open = !self.last.ends_with(['.', ':', ';', '!', '?', '"', '”']);
        let small = next.first.starts_with(|c: char| c.is_lowercase() || c == '(');
        let letter_before_hyphen =
            self.last.ends_with('-') && self.last.chars().rev().nth(1).is_some_and(char::is_alphabetic);
        let is_full = wrap.is_some_and(|wrap| self.length * 10 >= wrap * 7);
        if gap {
            let long = self.length >= 40 || is_full;
            return (open && next.first.starts_with(char::is_lowercase) && long && !begins_item(&next.first))
                .then_some(Join::Blank);
        }
        if letter_before_hyphen && next.first.starts_with(char::is_lowercase) && wrap.is_some() {
            let first = next.first.split_whitespace().next().unwrap_or("");
            let kept = ["och", "eller", "samt", "and", "or"].contains(&first);
            return Some(if kept { Join::Blank } else { Join::Hyphen });
        }
        if wrap.is_some() {
            return (is_full || (open && small && self.length > 20 && !begins_item(&next.first)))
                .then_some(Join::Blank);
        }
        (open && small && self.length >= 40 && !begins_item(&next.first)).then_some(Join::Blank)
    }
}

/// `a)`, `(b)`, `iv.`: the next item of a list.
fn begins_item(text: &str) -> bool {
    let word = text.split_whitespace().next().unwrap_or("");
    let bare = word.trim_start_matches('(').trim_end_matches([')', '.']);
    bare.len() < word.len() && (bare.chars().count() <= 1 || bare.chars().all(|c| "ivxIVX".contains(c)))
}

fn begins_with_number(text: &str) -> bool {
    let digits = text.trim_start_matches(['§', ' ']);
    let count = digits.chars().take_while(char::is_ascii_digit).count();
    let rest = digits.get(count..).unwrap_or("");
    (1..=2).contains(&count) && rest.starts_with(['.', ')', ':']) && rest.len() > 1 && !rest.starts_with(".0")
        || begins_item(text)
}

/// The width at which lines were broken, where they were: many full lines of nearly one length follow one another.
fn wrap(source: &Source) -> Option<usize> {
    let lengths: Vec<usize> = (1..=source.line_count().min(20_000))
        .map(|number| source.raw(source.line(number)).trim_end().chars().count())
        .collect();
    let followed: Vec<usize> =
        lengths.windows(2).filter(|pair| pair[0] > 0 && pair[1] > 0).map(|pair| pair[0]).collect();
    let full = lengths.iter().filter(|length| **length > 0).count();
    if followed.len() < 6 || followed.len() * 3 < full {
        return None;
    }
    let mut sorted = followed;
    sorted.sort_unstable();
    let high = *sorted.get(sorted.len() * 9 / 10)?;
    let longest = *sorted.last()?;
    let near = sorted.iter().filter(|length| **length * 10 >= high * 8).count();
    ((40..=180).contains(&high) && longest <= high * 3 / 2 && near * 5 >= sorted.len() * 2).then_some(high)
}
