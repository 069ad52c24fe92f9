//! The way to part lines into rows that fits best: one pass over the lines, in which each may go on with its cell, begin the next one, or
//! begin a row, and what has come so far is kept for every column.

use super::looks::{Kind, Looks, Place};
use super::{Line, MOST_LINES, PATIENCE, Stack, Steps, is_heading};
use crate::columns;

/// `3.1 Notice`, `4. Prices`: what begins a clause is no cell. `99.50 SEK` and `2 hours` are.
fn is_clause(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number = text.get(..text.len() - rest.len()).unwrap_or("");
    let mut letters = rest.trim_start().chars();
    number.len() <= 8
        && number.starts_with(|c: char| c.is_ascii_digit())
        && number.contains('.')
        && rest.starts_with(char::is_whitespace)
        && letters.next().is_some_and(char::is_uppercase)
        && letters.next().is_some_and(char::is_lowercase)
}

/// Lines that may be a table of so many columns.
pub(super) struct Table<'a> {
    pub lines: &'a [Line<'a>],
    pub from: usize,
    pub kinds: Vec<Kind>,
    /// Empty lines between the cells of a row.
    pub gap: usize,
    /// In small letters; they may return on every page.
    pub headings: Vec<String>,
}

/// The way in which the lines fit best.
pub(super) struct Fit {
    pub score: i32,
    pub pieces: Vec<Stack>,
}

impl Fit {
    /// Whether it is a table at all. What is only told by the order of its lines must fit without a fault.
    pub fn holds(&self, table: &Table<'_>, headed: bool) -> bool {
        let mut rows: Vec<Vec<usize>> = Vec::new();
        let mut faults = 0;
        let mut column = 0;
        for (index, piece) in self.pieces.iter().enumerate() {
            match piece {
                Stack::Row => {
                    column = 0;
                    rows.push(vec![usize::MAX; table.kinds.len()]);
                }
                Stack::Cell { empty } => {
                    column += empty + 1;
                    faults += empty;
                }
                Stack::On => continue,
            }
            if let Some(cell) = rows.last_mut().and_then(|row| row.get_mut(column)) {
                *cell = table.from + index;
            }
        }
        let width = table.kinds.len();
        let line = |at: &usize| table.lines.get(*at);
        // Headings that return are no row of their own.
        let is_header = |row: &Vec<usize>| {
            row.iter()
                .zip(&table.headings)
                .all(|(cell, heading)| line(cell).is_some_and(|line| line.lower() == *heading))
        };
        rows.retain(|row| table.headings.is_empty() || !is_header(row));
        let whole = rows.iter().filter(|row| row.iter().all(|cell| line(cell).is_some())).count();
        let least = if width >= 3 && headed { 2 } else { 3 };
        let told_by_more = table.kinds.iter().filter(|kind| kind.is_told()).count();
        if rows.len() < least && !(rows.len() == 2 && told_by_more > 0 && headed) {
            return false;
        }
        if whole * 2 < rows.len() || (!headed && (whole < rows.len() || faults > 0)) {
            return false;
        }
        let count = |column: usize, fits: &dyn Fn(&Looks) -> bool| {
            rows.iter().filter_map(|row| line(row.get(column)?)).filter(|line| fits(line.looks())).count()
        };
        let told = table.kinds.iter().enumerate().filter(|(_, kind)| kind.is_told());
        let mut any_told = false;
        for (column, kind) in told {
            any_told = true;
            let fit = count(column, &|looks| looks.empty || looks.fit(*kind) > 0);
            let most = if headed { 6 } else { 9 };
            if fit * 10 < rows.len() * most {
                return false;
            }
        }
        if any_told {
            return true;
        }
        // Names and words alone: the names are of companies, the words are of work, or empty lines part the rows.
        let names = count(0, &|looks| looks.form);
        let works = (1..width).map(|column| count(column, &|looks| looks.work || looks.basis)).max().unwrap_or(0);
        let parted = rows.iter().filter_map(|row| table.lines.get(*row.first()?)).all(|line| line.gap > table.gap);
        (names * 2 >= rows.len() || works * 2 >= rows.len() || parted) && whole == rows.len()
    }
}

/// Where a line can have come from: the column of the one before it, and how.
#[derive(Clone, Copy)]
struct Step {
    score: i32,
    before: usize,
    piece: Stack,
}

impl Table<'_> {
    /// Whether empty lines part the rows: one stands after the headings, and one soon after that.
    fn is_parted(&self) -> bool {
        let width = self.kinds.len();
        let mut gaps = self.lines.iter().skip(self.from).take(width * 2 + 3).map(|line| line.gap > self.gap);
        let first = gaps.next().unwrap_or(false);
        (first || self.headings.is_empty()) && gaps.any(|gap| gap)
    }

    /// Whether the headings of another table begin here.
    fn is_other_header(&self, at: usize) -> bool {
        let first = self.lines.get(at).filter(|line| line.may_head());
        first.is_some_and(|first| {
            !self.headings.iter().any(|heading| heading == first.lower())
                && *first.begins_headings.get_or_init(|| self.begins_headings(at))
        })
    }

    /// Whether the lines from here on are headings and nothing else, whatever table they are of.
    fn begins_headings(&self, at: usize) -> bool {
        let mut all: Vec<&str> = Vec::new();
        for line in self.lines.iter().skip(at).take(5) {
            if !is_heading(line) {
                return false;
            }
            all.push(line.lower());
            let header = if all.len() > 1 { columns::header(&all, true) } else { None };
            if header.is_some_and(|header| header.columns.iter().all(|column| !column.is_empty())) {
                return true;
            }
        }
        false
    }

    /// The best way to part the lines into rows, from the first on and as far as they fit; nothing where none does.
    pub fn fit(&self, counted: &mut Steps) -> Option<Fit> {
        let width = self.kinds.len();
        let parted = self.is_parted();
        // Rows that are nearer to each other than their cells are: what is near begins a row and does not go on.
        let tight = self.lines.get(self.from).is_some_and(|line| line.gap < self.gap);
        let mut steps: Vec<Vec<Option<Step>>> = Vec::new();
        // The best end: after which line, in which column, and its score.
        let mut end: Option<(usize, usize, i32)> = None;
        let mut looked: Option<&Looks> = None;
        for (index, line) in self.lines.iter().skip(self.from).take(MOST_LINES).enumerate() {
            let far = index.saturating_sub(end.map_or(0, |(at, ..)| at)) > PATIENCE * width;
            if line.stops || far || is_clause(line.text) || (index > 0 && self.is_other_header(self.from + index)) {
                break;
            }
            counted.take(1);
            let looks = line.looks();
            let again = |column: usize| self.headings.get(column).is_some_and(|heading| heading == line.lower());
            let fit = |column: usize| {
                if again(column) { 4 } else { looks.fit(self.kinds.get(column).copied().unwrap_or(Kind::Words)) }
            };
            let gap = line.gap > self.gap;
            // Nearer to the line before than cells are to each other: it goes on.
            let near = line.gap < self.gap && !tight;
            let tight = line.gap < self.gap && tight;
            let mut here: Vec<Option<Step>> = vec![None; width];
            let mut offer = |column: usize, step: Step| {
                if let Some(known) = here.get_mut(column)
                    && known.is_none_or(|known| step.score > known.score)
                {
                    *known = Some(step);
                }
            };
            match steps.last() {
                None => offer(0, Step { score: fit(0) - 2, before: usize::MAX, piece: Stack::Row }),
                Some(before) => {
                    for (column, step) in before.iter().enumerate().filter_map(|(at, step)| Some((at, (*step)?))) {
                        let missing = i32::try_from(width - 1 - column).unwrap_or(0);
                        let bound = if near { -6 } else { 0 }
                            + if tight { 2 } else { 0 }
                            + match (parted, gap) {
                                (true, true) => 2,
                                (true, false) => -4,
                                _ => 0,
                            };
                        let score = step.score + fit(0) - 2 - 5 * missing + bound;
                        offer(0, Step { score, before: column, piece: Stack::Row });
                        let inside = if gap { if parted { -6 } else { -2 } } else { 0 } - if near { 6 } else { 0 };
                        if column + 1 < width {
                            let score = step.score + fit(column + 1) + inside;
                            offer(column + 1, Step { score, before: column, piece: Stack::Cell { empty: 0 } });
                        }
                        if column + 2 < width {
                            let inside = if gap { -3 } else { -6 };
                            let score = step.score + fit(column + 2) + inside;
                            offer(column + 2, Step { score, before: column, piece: Stack::Cell { empty: 1 } });
                        }
                        let opens = looked.is_some_and(|looks| looks.goes_on);
                        let mut score = step.score - 4 + if gap && parted { -12 } else { 0 };
                        score += if near { 6 } else { 0 }
                            + if opens { 3 } else { 0 }
                            + if looks.small || looks.follows { 2 } else { 0 };
                        if looks.place == Place::Whole || looks.money || looks.form {
                            score -= 3;
                        }
                        if again(0) {
                            score -= 8;
                        }
                        // To go on is never worth anything by itself, or a table would swallow what follows it.
                        let score = score.min(step.score - 1);
                        offer(column, Step { score, before: column, piece: Stack::On });
                    }
                }
            }
            for (column, step) in here.iter().enumerate().filter_map(|(at, step)| Some((at, (*step)?))) {
                let score = step.score - 5 * i32::try_from(width - 1 - column).unwrap_or(0);
                if score > 0 && end.is_none_or(|(.., best)| score > best) {
                    end = Some((index, column, score));
                }
            }
            steps.push(here);
            looked = Some(looks);
        }
        let (last, mut column, score) = end?;
        let mut pieces = Vec::with_capacity(last + 1);
        for index in (0..=last).rev() {
            let step = (*steps.get(index)?.get(column)?)?;
            pieces.push(step.piece);
            column = step.before;
        }
        pieces.reverse();
        // The last cell may go on too: nothing follows that would fit and so have paid for it.
        for pair in self.lines.get(self.from + last..).unwrap_or(&[]).windows(2) {
            let [before, line] = pair else { break };
            counted.take(1);
            if line.stops || line.gap > 0 {
                break;
            }
            let looks = line.looks();
            let goes_on = looks.small || looks.follows || before.looks().goes_on;
            if !goes_on || looks.long || looks.sentence {
                break;
            }
            pieces.push(Stack::On);
        }
        Some(Fit { score, pieces })
    }
}
