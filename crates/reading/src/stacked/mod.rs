//! Tables whose cells each became a line, as a page or a PDF leaves them when its columns are lost: put together again as rows.
//!
//! Headings that stand one under another say how many columns there are and what they hold; without headings, a list of recipients
//! shows it by the places that return at a fixed distance. How the lines below are parted into rows is then the way that fits best:
//! a country in the column of places, an amount in that of prices, a new row after an empty line, a cell that goes on after a comma.
//! Where nothing fits well the lines stay what they are: a table is never guessed from lines that only are short.
//!
//! A text of lines that all could begin a table, and begin none, is not tried over and over: each line brings so many steps along, and
//! where they are spent lines stay lines until as many have come that there are steps again ([`Steps`]).

mod fit;
mod looks;

use core::cell::OnceCell;

use crate::columns::{self, Header};
use crate::data;
use crate::source::Source;
use fit::{Fit, Table};
use looks::{Kind, Looks, Place, kind_of};

/// What a line is in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stack {
    /// It begins a row.
    Row,
    /// It begins the next cell, after so many that are empty.
    Cell { empty: usize },
    /// The cell before goes on.
    On,
}

/// A table that was put together again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stacked {
    /// Each line that holds words, with its number.
    pub lines: Vec<(usize, Stack)>,
    /// Whether headings said what its columns hold.
    pub headed: bool,
}

/// Most columns of a table.
const MOST_COLUMNS: usize = 8;
/// A heading of a column is no longer.
const LONGEST_HEADING: usize = 48;
/// A line longer than this is no cell.
const LONGEST_CELL: usize = 500;
/// So many lines without anything that fits end a table, for each of its columns.
const PATIENCE: usize = 12;
/// No table has more lines.
const MOST_LINES: usize = 20_000;
/// Steps that each line brings along: more than the ways in which one is tried as a line of the longest table.
const STEPS_A_LINE: usize = 24;
/// Steps that there are at the beginning, for the many tables of a short text.
const STEPS_AT_FIRST: usize = 400_000;
/// Steps that are counted for a line of headings.
const STEPS_OF_HEADINGS: usize = 8;

/// A line with words. What it looks like is found out once for the whole text, however many tables it is tried in.
struct Line<'a> {
    number: usize,
    text: &'a str,
    /// Empty lines before it.
    gap: usize,
    /// No line of a table whose cells became lines: it holds tabs, or far too much.
    stops: bool,
    lower: OnceCell<String>,
    looks: OnceCell<Looks>,
    begins_headings: OnceCell<bool>,
}

impl<'a> Line<'a> {
    fn of(number: usize, text: &'a str, gap: usize) -> Self {
        Self {
            number,
            text,
            gap,
            stops: text.contains('\t') || text.len() > LONGEST_CELL,
            lower: OnceCell::new(),
            looks: OnceCell::new(),
            begins_headings: OnceCell::new(),
        }
    }

    fn lower(&self) -> &str {
        self.lower.get_or_init(|| self.text.to_lowercase())
    }

    fn looks(&self) -> &Looks {
        self.looks.get_or_init(|| Looks::of(self.text))
    }

    fn may_head(&self) -> bool {
        is_heading(self) && columns::may_head(self.lower())
    }
}

/// How many lines may still be tried as lines of a table. INVARIANT (time in proportion): what is spent on a text is never more than its
/// lines brought along, what there was at first, and the tries at one line.
struct Steps {
    /// Brought along so far.
    brought: usize,
    taken: usize,
}

impl Steps {
    /// Whether one more line may be tried; its tries may go into what the lines after it bring.
    fn are_left(&self) -> bool {
        self.taken < self.brought
    }

    fn take(&mut self, steps: usize) {
        self.taken += steps;
    }
}

/// All such tables, in order.
pub(crate) fn find(source: &Source) -> Vec<Stacked> {
    find_counted(source).0
}

/// The same, with the steps that it took and the lines that there were.
fn find_counted(source: &Source) -> (Vec<Stacked>, usize, usize) {
    let lines = lines(source);
    let mut found: Vec<Stacked> = Vec::new();
    let mut steps = Steps { brought: STEPS_AT_FIRST, taken: 0 };
    let mut at = 0;
    while at < lines.len() {
        let mut table = None;
        if steps.are_left() {
            table = headed(&lines, at, &mut steps);
            if table.is_none() {
                table = announced(&lines, at, &mut steps);
            }
        }
        let mut next = at + 1;
        if let Some((table, end)) = table {
            found.push(table);
            next = end;
        }
        steps.brought += STEPS_A_LINE * (next - at);
        at = next;
    }
    (found, steps.taken, lines.len())
}

fn lines(source: &Source) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut aside = 0;
    let mut gap = 0;
    for number in 1..=source.line_count() {
        let span = source.line(number);
        let text = source.raw(span).trim_matches(|c: char| c.is_whitespace() || c == '\u{c}');
        if text.is_empty() {
            gap += 1;
            continue;
        }
        let rest = source.asides().get(aside..).unwrap_or(&[]);
        let here = rest.iter().take_while(|it| it.span.start < span.end).count();
        let is_aside = rest.get(..here).unwrap_or(&[]).iter().any(|it| it.span.start <= span.start);
        aside += here;
        // The number of a page and what returns on every page stand between two lines as an empty one does.
        if is_aside {
            gap += 1;
            continue;
        }
        lines.push(Line::of(number, text, gap));
        gap = 0;
    }
    lines
}

fn is_heading(line: &Line<'_>) -> bool {
    line.text.len() <= LONGEST_HEADING
        && !line.stops
        && !line.text.ends_with(['.', ';', ',', '!', '?'])
        && line.text.starts_with(char::is_alphanumeric)
}

/// A table under headings of which the first stands here.
fn headed(lines: &[Line<'_>], at: usize, steps: &mut Steps) -> Option<(Stacked, usize)> {
    // The first heading may be any word; one of the first two is a known one.
    let first = lines.get(at).filter(|line| is_heading(line))?;
    let first_known = first.may_head();
    if !first_known && !lines.get(at + 1).is_some_and(Line::may_head) {
        return None;
    }
    let gap = lines.get(at + 1)?.gap;
    let mut headings: Vec<String> = vec![first.lower().to_owned()];
    let mut best: Option<(Fit, usize, Header)> = None;
    for next in lines.iter().skip(at + 1).take(MOST_COLUMNS - 1) {
        // Headings stand at one distance from each other.
        if !is_heading(next) || next.gap != gap {
            break;
        }
        headings.push(next.lower().to_owned());
        steps.take(STEPS_OF_HEADINGS);
        let all: Vec<&str> = headings.iter().map(String::as_str).collect();
        let Some(header) = columns::header(&all, true) else { continue };
        // Where the headings name the first column, no word before them is one of theirs.
        let names = |column: &str| header.at(column).is_some_and(|place| place > 0);
        if !first_known && (names("name") || names("what") || names("level")) {
            continue;
        }
        let width = headings.len();
        let kinds: Vec<Kind> = header.columns.iter().map(|column| kind_of(header.kind, column)).collect();
        let headings = all.iter().map(|heading| (*heading).to_owned()).collect();
        // Cells may stand at another distance from each other than headings do.
        let gap = usual_gap(lines, at + width, width * 2 + 3).unwrap_or(gap);
        let table = Table { lines, from: at + width, kinds, gap, headings };
        let Some(fit) = table.fit(steps).filter(|fit| fit.holds(&table, true)) else { continue };
        if best.as_ref().is_none_or(|(known, ..)| fit.score > known.score) {
            best = Some((fit, width, header));
        }
    }
    let (fit, width, _) = best?;
    let mut all: Vec<(usize, Stack)> = Vec::with_capacity(width + fit.pieces.len());
    for (index, line) in lines.iter().skip(at).take(width).enumerate() {
        all.push((line.number, if index == 0 { Stack::Row } else { Stack::Cell { empty: 0 } }));
    }
    let end = at + width + fit.pieces.len();
    all.extend(numbered(lines, at + width, &fit));
    Some((Stacked { lines: all, headed: true }, end))
}

/// A list of recipients without headings, below the line that announces it.
fn announced(lines: &[Line<'_>], at: usize, steps: &mut Steps) -> Option<(Stacked, usize)> {
    let line = lines.get(at).filter(|line| line.text.len() <= 160 && !line.stops)?;
    let closed = line.text.ends_with(['.', ';', ',']);
    let announces =
        |line: &Line<'_>| data::tables().announce.values().flatten().any(|word| line.lower().contains(word.as_str()));
    if !announces(line) || (closed && line.text.len() > 100) {
        return None;
    }
    // Between the words that announce it and the list there may stand a sentence.
    let from = match lines.get(at + 1) {
        Some(next) if next.text.len() > 60 && next.text.ends_with(['.', ':']) => at + 2,
        _ => at + 1,
    };
    let near = lines.get(from..(from + 24).min(lines.len())).unwrap_or(&[]);
    if near.iter().filter(|line| !line.stops && line.looks().place == Place::Whole).count() < 3 {
        return None;
    }
    let gap = usual_gap(lines, from, 24)?;
    let mut best: Option<(Fit, usize)> = None;
    for width in 2..=MOST_COLUMNS.min(6) {
        for place in 1..width {
            let kind = |column: usize| match column {
                0 => Kind::Name,
                column if column == place => Kind::Place,
                _ => Kind::Words,
            };
            let table = Table { lines, from, kinds: (0..width).map(kind).collect(), gap, headings: Vec::new() };
            let Some(fit) = table.fit(steps).filter(|fit| fit.holds(&table, false)) else { continue };
            if best.as_ref().is_none_or(|(known, _)| fit.score > known.score) {
                best = Some((fit, width));
            }
        }
    }
    let (fit, _) = best?;
    let end = from + fit.pieces.len();
    Some((Stacked { lines: numbered(lines, from, &fit), headed: false }, end))
}

/// The distance that most lines have from the one before, of the first so many of a table.
fn usual_gap(lines: &[Line<'_>], from: usize, most: usize) -> Option<usize> {
    let near = lines.get(from + 1..(from + most).min(lines.len()))?;
    let count = |gap: usize| near.iter().filter(|line| line.gap == gap).count();
    near.iter().map(|line| line.gap).max_by_key(|gap| (count(*gap), core::cmp::Reverse(*gap)))
}

fn numbered(lines: &[Line<'_>], from: usize, fit: &Fit) -> Vec<(usize, Stack)> {
    lines.iter().skip(from).zip(&fit.pieces).map(|(line, piece)| (line.number, *piece)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Decoded, Format};

    /// Cells parted by `|`, one row a line; nothing where no table was found.
    fn told(text: &str) -> String {
        let source = Source::new("a.txt", Format::Plain, text.as_bytes(), Decoded::default(), text.to_owned());
        let mut told = String::new();
        for table in find(&source) {
            for (number, piece) in &table.lines {
                let words = source.raw(source.line(*number)).trim();
                match piece {
                    Stack::Row => told.push_str(&format!("\n{words}")),
                    Stack::Cell { empty } => told.push_str(&format!("{}|{words}", "|".repeat(*empty))),
                    Stack::On => told.push_str(&format!(" {words}")),
                }
            }
        }
        told.trim().to_owned()
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(told(text), expected);
    }

    const THREE: &str = "Namn|Uppgift|Land\nSilltrut Drift AB|Drift|Sverige\nGråtrut Post AB|Utskick|Irland\nFiskmås Oy|Support|Finland";

    #[test]
    fn cells_under_headings_become_rows_in_every_spacing() {
        let rows: Vec<Vec<&str>> = THREE.lines().map(|row| row.split('|').collect()).collect();
        let joined = |cell: &str, row: &str| rows.iter().map(|row| row.join(cell)).collect::<Vec<_>>().join(row);
        check(&joined("\n", "\n"), THREE);
        check(&joined("\n", "\n\n"), THREE);
        check(&joined("\n\n", "\n\n"), THREE);
        check(&joined("\n\n", "\n\n\n"), THREE);
        check(&joined("\n\n", "\n"), THREE);
        // The headings nearer to each other than the cells.
        check(&joined("\n\n", "\n\n").replacen("Namn\n\nUppgift\n\nLand", "Namn\nUppgift\nLand", 1), THREE);
        check(
            &format!(
                "Våra underbiträden\n\nVi anlitar dessa.\n\n{}\n\nFrågor besvaras av supporten, som nås vardagar.",
                joined("\n", "\n")
            ),
            THREE,
        );
    }

    #[test]
    fn cells_that_go_on_and_cells_that_are_empty_stay_in_their_row() {
        check(
            "Leverantör\nOrsak\nUppgifter\nLand\n\nSilltrut Drift AB\nDrift av servrar,\nlagring och övervakning\nNamn\nSverige\n\nGråtrut AB\n-\nNamn\nIrland\n\nFiskmås Oy\nSupport\nNamn, adress\noch telefon\nFinland\n\nTärna Ltd\nUtskick\n\nIrland\n",
            "Leverantör|Orsak|Uppgifter|Land\nSilltrut Drift AB|Drift av servrar, lagring och övervakning|Namn|Sverige\nGråtrut AB|-|Namn|Irland\nFiskmås Oy|Support|Namn, adress och telefon|Finland\nTärna Ltd|Utskick||Irland",
        );
    }

    #[test]
    fn headings_that_return_on_the_next_page_are_headings_again() {
        let page = "Name\nPurpose\nCountry\nHerring Hosting Ltd\nHosting\nIreland\nGull Mail Inc.\nE-mail\nUSA";
        let rows = "Name|Purpose|Country\nHerring Hosting Ltd|Hosting|Ireland\nGull Mail Inc.|E-mail|USA";
        check(&format!("{page}\n{page}"), &format!("{rows}\n{rows}"));
    }

    #[test]
    fn prices_and_levels_are_tables_too() {
        check(
            "Prislista\n\nTjänst\nPris\nPer\nGrundpaket\n1 200 kr\nmånad\nExtra användare\n99 kr\nmånad\nUtbildning\nenligt offert\ndag\n",
            "Tjänst|Pris|Per\nGrundpaket|1 200 kr|månad\nExtra användare|99 kr|månad\nUtbildning|enligt offert|dag",
        );
        check(
            "Tillgänglighet\nNedsättning\n\nUnder 99,5 %\n5 %\n\nUnder 99,0 %\n10 %\n\nUnder 98,0 %\n25 %\n",
            "Tillgänglighet|Nedsättning\nUnder 99,5 %|5 %\nUnder 99,0 %|10 %\nUnder 98,0 %|25 %",
        );
        check(
            "Priority\nMeaning\nResponse time\nResolution time\nP1\nNobody can work\n1 hour\n4 hours\nP2\nSomebody cannot work\n4 hours\n2 working days\n",
            "Priority|Meaning|Response time|Resolution time\nP1|Nobody can work|1 hour|4 hours\nP2|Somebody cannot work|4 hours|2 working days",
        );
    }

    #[test]
    fn without_headings_the_places_tell_the_rows() {
        check(
            "Godkända underbiträden\n\nSilltrut Drift AB\nDrift\nSverige\nGråtrut Post AB\nUtskick av brev\nIrland\nFiskmås Oy\nSupport\nFinland\n",
            "Silltrut Drift AB|Drift|Sverige\nGråtrut Post AB|Utskick av brev|Irland\nFiskmås Oy|Support|Finland",
        );
        check(
            "Subprocessors\n\nHerring Ltd\nIreland\nHosting\nNames\n\nGull Inc.\nUSA\nE-mail\nAddresses\n\nTern GmbH\nGermany\nSupport\nNames\n",
            "Herring Ltd|Ireland|Hosting|Names\nGull Inc.|USA|E-mail|Addresses\nTern GmbH|Germany|Support|Names",
        );
    }

    /// What could begin a table with every line, and is none.
    const HOSTILE: [&str; 3] =
        ["Underbiträde 17 AB\nSverige\n", "Namn\nUppgift\nLand\n", "Underbiträden\nSverige\nLand\n"];

    fn plain(text: &str) -> Source {
        Source::new("a.txt", Format::Plain, text.as_bytes(), Decoded::default(), text.to_owned())
    }

    #[test]
    fn steps_are_in_proportion_to_the_lines() {
        for text in HOSTILE {
            for times in [500, 1_000, 2_000] {
                let (found, taken, lines) = find_counted(&plain(&text.repeat(times)));
                // The ways in which one line is tried: under headings of two to eight columns, and below an announcement.
                let at_one_line = 22 * lines.min(MOST_LINES) + 100;
                let most = STEPS_AT_FIRST + STEPS_A_LINE * lines + at_one_line;
                assert!(taken <= most, "{taken} steps for {lines} lines of {text:?}, {} tables", found.len());
            }
        }
    }

    #[test]
    fn a_table_behind_lines_that_only_cost_is_found_once_other_lines_have_come() {
        let told = told(&format!("{}{}{}", HOSTILE[0].repeat(3_000), "Det här är en mening.\n".repeat(6_000), {
            THREE.replace('|', "\n")
        }));
        assert!(told.ends_with(THREE), "{}", told.len());
    }

    #[test]
    fn a_long_table_is_whole() {
        let rows: String = (0..4_000).map(|at| format!("Tärna {at} AB\nDrift\nSverige\n")).collect();
        let text = format!("Namn\nUppgift\nLand\n{rows}");
        let source = plain(&text);
        assert_eq!(find(&source).iter().map(|table| table.lines.len()).collect::<Vec<_>>(), [12_003]);
    }

    #[test]
    fn lines_that_only_are_short_are_no_table() {
        for text in [
            "Namn\nUppgift\nLand\n",
            "Kategorier av registrerade\n\nElever\nLärare\nVårdnadshavare\nVikarier\nRektorer\n",
            "Underbiträden:\n\nSilltrut Drift AB\nGråtrut Post AB\nFiskmås Oy\nTärna Ltd\n",
            "Innehåll\n\nTjänst\nPris\nAnsvar\nUppsägning\nTvist\nBilagor\n",
            "Syfte\nPlats\nDeltagare kom från hela landet och talade länge om fisket.\nMötet avslutades.\n",
            "Personuppgifter\nNamn\nAdress\nTelefon\nE-post\nLand\nSverige\n",
        ] {
            assert_eq!(told(text), "", "{text}");
        }
    }
}
