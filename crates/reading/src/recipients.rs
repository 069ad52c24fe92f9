//! Lists of those who receive data: tables with their columns, items with names, places and roles, and lists that lost all marks.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::data;
use crate::places;
use crate::proposal::{Columns, Proposal, Read};
use crate::rules::Ground;
use crate::sentences::Sentence;

const FIELD: &str = "subprocessing.recipient";

/// What a list of recipients came to.
pub(crate) struct Lists {
    pub proposals: Vec<Proposal>,
    /// Units that announce a list after which none follows.
    pub empty: Vec<usize>,
}

pub(crate) fn find(ground: &Ground<'_>, sentences: &[Sentence]) -> Lists {
    let mut proposals = tables(ground);
    let (items, mut empty) = items(ground);
    proposals.extend(items);
    proposals.extend(pressed(ground, sentences));
    proposals.extend(labelled(ground));
    if !proposals.is_empty() {
        let units = &ground.structure.units;
        // A list that was announced and stands a little later, as a table or pressed into the sentence, is not missing.
        empty.retain(|at| {
            let from = units.get(*at).map_or(0, |it| it.unit.range.start);
            let from = ground.flow.span(&(from..from + 1)).start;
            !proposals.iter().any(|proposal| proposal.span().end > from && proposal.span().start < from + 3000)
        });
    }
    Lists { proposals, empty }
}

fn proposal(ground: &Ground<'_>, unit: usize, rule: &str, quote: &Range<usize>, columns: Columns) -> Option<Proposal> {
    let field = crate::rules::field(FIELD)?;
    let read = Read::Recipient(Box::new(columns));
    let mut proposal = Proposal::new(ground.source, ground.flow, field, rule, quote, &read)?;
    let placed = ground.structure.units.get(unit)?;
    (proposal.clause, proposal.part) = (placed.clause, Some(placed.part));
    Some(proposal)
}

/// The cells of a row, as ranges of the flow.
pub(crate) fn cells(ground: &Ground<'_>, row: &Range<usize>) -> Vec<Range<usize>> {
    let mut cells = Vec::new();
    let mut from = row.start;
    for (at, _) in ground.flow.get(row).match_indices('\t') {
        cells.push(ground.flow.trimmed(&(from..row.start + at)));
        from = row.start + at + 1;
    }
    cells.push(ground.flow.trimmed(&(from..row.end)));
    cells
}

/// Which column each cell heads; nothing where it is no header.
fn header(ground: &Ground<'_>, cells: &[Range<usize>]) -> Option<Vec<&'static str>> {
    let table = &data::recipients().column;
    let columns: Vec<&'static str> = cells
        .iter()
        .map(|cell| {
            let words = ground.flow.low(cell).trim_end_matches([':', '*']).trim();
            let mut best: Option<(usize, &'static str)> = None;
            for (column, names) in table {
                for name in names {
                    let fits = words == name || (words.starts_with(name.as_str()) && words.len() <= name.len() + 32);
                    let plural = words.strip_prefix(name.as_str()).is_some_and(|rest| rest.len() <= 3);
                    if (fits || plural) && best.is_none_or(|(length, _)| name.len() > length) {
                        best = Some((name.len(), column.as_str()));
                    }
                }
            }
            best.map_or("", |(_, column)| column)
        })
        .collect();
    let known = columns.iter().filter(|column| !column.is_empty()).count();
    let said = |column: &str| columns.contains(&column);
    let recipients = (said("name") || columns.first() == Some(&"")) && (said("place") || said("role") || said("basis"));
    (known >= 2 && known * 2 >= cells.len() && recipients).then(|| {
        let mut columns = columns;
        // The name's column may be headed by anything.
        if !columns.contains(&"name")
            && let Some(first) = columns.iter_mut().find(|column| column.is_empty())
        {
            *first = "name";
        }
        columns
    })
}

fn tables(ground: &Ground<'_>) -> Vec<Proposal> {
    let mut found = Vec::new();
    let mut columns: Option<(Vec<&'static str>, usize)> = None;
    let mut rows_apart = 0;
    for (at, placed) in ground.structure.units.iter().enumerate() {
        if !placed.unit.row {
            rows_apart += 1;
            // Other words between two rows end the table; a short line may be a page's own.
            if rows_apart > 1 || placed.unit.range.len() > 80 {
                columns = None;
            }
            continue;
        }
        rows_apart = 0;
        let cells = cells(ground, &placed.unit.range);
        if let Some(header) = header(ground, &cells) {
            columns = Some((header, placed.part));
            continue;
        }
        let Some((header, part)) = &columns else { continue };
        if *part != placed.part || cells.len() < 2 {
            continue;
        }
        let cell = |name: &str| {
            let at = header.iter().position(|column| *column == name)?;
            cells.get(at).filter(|cell| !is_blank(ground.flow.get(cell))).cloned()
        };
        let Some(name) = cell("name") else { continue };
        let columns =
            Columns { name, role: cell("role"), place: cell("place"), data: cell("data"), basis: cell("basis") };
        found.extend(proposal(ground, at, "recipient-table", &placed.unit.range, columns));
    }
    found
}

fn is_blank(text: &str) -> bool {
    text.is_empty() || matches!(text, "-" | "–" | "—" | "n/a" | "N/A" | "ej tillämpligt")
}

/// Items below a heading or a sentence that announces subprocessors.
fn items(ground: &Ground<'_>) -> (Vec<Proposal>, Vec<usize>) {
    let mut found = Vec::new();
    let mut empty = Vec::new();
    let units = &ground.structure.units;
    for (at, placed) in units.iter().enumerate() {
        let text = ground.flow.get(&placed.unit.range);
        let announces = ground.hits.has(&placed.unit.range, "subprocessors-list")
            && !placed.unit.row
            && (text.ends_with(':') || (placed.heading.is_some() && placed.body.is_empty()));
        if !announces {
            continue;
        }
        let mut any = false;
        for (next, item) in units.iter().enumerate().skip(at + 1) {
            let is_item = (item.unit.bullet || item.unit.number.as_ref().is_some_and(|n| n.path().len() <= 1))
                && item.heading.as_ref().is_none_or(|heading| item.unit.bullet || heading.len() < 90)
                && !item.unit.row;
            if item.unit.row {
                any = true;
            }
            let sub_announced = !any && next == at + 1 && ground.flow.get(&item.unit.range).ends_with(':');
            if sub_announced {
                break;
            }
            if !is_item || item.part != placed.part {
                break;
            }
            let words = item.unit.body();
            if LABEL.find(ground.flow.get(&words)).is_some_and(|label| label.start() == 0) {
                // Blocks of labels are read by themselves.
                any = true;
                continue;
            }
            if let Some(columns) = item_columns(ground, &words) {
                any = true;
                found.extend(proposal(ground, next, "recipient-item", &item.unit.range, columns));
            } else {
                break;
            }
        }
        let goes_on = units.get(at + 1).is_some_and(|next| next.part == placed.part);
        if !any && (text.ends_with(':') || !goes_on) {
            empty.push(at);
        }
    }
    (found, empty)
}

/// Name, place and role of an item such as `Firma AB, located in Sweden, as hosting`.
fn item_columns(ground: &Ground<'_>, item: &Range<usize>) -> Option<Columns> {
    let item = ground.flow.trimmed(item);
    let text = ground.flow.get(&item);
    if text.len() > 400 || text.is_empty() {
        return None;
    }
    let pieces = pieces(text);
    let mut pieces = pieces.into_iter();
    let name = pieces.next()?;
    let words = text.get(name.clone())?.trim();
    let capital = words.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    if !capital || words.len() > 90 || words.split_whitespace().count() > 9 {
        return None;
    }
    let at = |range: &Range<usize>| ground.flow.trimmed(&(item.start + range.start..item.start + range.end));
    let mut columns = Columns { name: at(&name), ..Columns::default() };
    for piece in pieces {
        let (led, by) = led(text, &piece);
        let words = text.get(led.clone()).unwrap_or("");
        let is_place = !places::countries(words).is_empty() && words.split_whitespace().count() <= 6;
        if is_place && by != Some("role") && columns.place.is_none() {
            columns.place = Some(at(&led));
        } else if let Some(role) = &mut columns.role {
            // The role goes on: `application, database and storage`.
            if columns.place.as_ref().is_none_or(|place| place.start < role.start) {
                role.end = at(&led).end;
            }
        } else {
            columns.role = Some(at(&led));
        }
    }
    let told = columns.place.is_some() || columns.role.is_some();
    let form = ends_in_form(words);
    (told || form).then_some(columns)
}

/// The pieces of an item, parted by commas, dashes, colons and brackets; a legal form after a comma is the name's.
fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    let mut depth = 0usize;
    let mut at_name = true;
    let mut cut = |from: &mut usize, to: usize, next: usize| {
        if text.get(*from..to).is_some_and(|piece| !piece.trim().is_empty()) {
            pieces.push(*from..to);
        }
        *from = next;
    };
    for (at, c) in text.char_indices() {
        let rest = text.get(at + c.len_utf8()..).unwrap_or("");
        match c {
            // A bracket right after the name is a piece of its own.
            '(' if depth == 0 && at_name => {
                cut(&mut from, at, at + 1);
                at_name = false;
            }
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            ')' => cut(&mut from, at, at + 1),
            ',' | ';' | ':' if depth == 0 && (rest.starts_with(' ') || rest.is_empty()) => {
                let word = rest.split_whitespace().next().unwrap_or("").trim_end_matches(',');
                if c == ',' && data::recipients().legal.forms.iter().any(|form| form == word) {
                    continue;
                }
                cut(&mut from, at, at + 1);
                at_name = false;
            }
            '–' | '—' | '-'
                if depth == 0 && rest.starts_with(' ') && text.get(..at).is_some_and(|b| b.ends_with(' ')) =>
            {
                cut(&mut from, at, at + c.len_utf8());
                at_name = false;
            }
            _ => {}
        }
    }
    cut(&mut from, text.len(), text.len());
    pieces
}

/// The piece without the words that lead to it, and what they lead to.
fn led(text: &str, piece: &Range<usize>) -> (Range<usize>, Option<&'static str>) {
    let words = text.get(piece.clone()).unwrap_or("");
    let bare = words.trim_start();
    let start = piece.start + (words.len() - bare.len());
    let lower = bare.to_lowercase();
    let mut best: Option<(usize, &'static str)> = None;
    for (column, leads) in &data::recipients().lead {
        for lead in leads {
            let follows = lower.strip_prefix(lead.as_str()).is_some_and(|rest| rest.starts_with([' ', ':']));
            if follows && best.is_none_or(|(length, _)| lead.len() > length) {
                best = Some((lead.len(), column.as_str()));
            }
        }
    }
    match best {
        Some((length, column)) => (start + length + 1..piece.end, Some(column)),
        None => (start..piece.end, None),
    }
}

fn ends_in_form(name: &str) -> bool {
    let last = name.rsplit([' ', ',']).next().unwrap_or("");
    data::recipients().legal.forms.iter().any(|form| form == last)
}

/// A label of a block such as `Name: Firma AB`, `Country: Sweden`, one under another.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    let mut words: Vec<String> = data::recipients().column.values().flatten().map(|word| regex::escape(word)).collect();
    words.sort_by_key(|word| core::cmp::Reverse(word.len()));
    crate::asides::pattern(&format!(r"(?i)(?:^|[\s.;])(?P<label>{})\s?:\s+", words.join("|")))
});

/// Whether a label outside a list of subprocessors names one: by its own word, or under words that announce them.
fn announces(ground: &Ground<'_>, label: &Range<usize>) -> bool {
    let word = ground.flow.low(label);
    if word.starts_with("underbiträde") || word.starts_with("sub-processor") || word.starts_with("subprocessor") {
        return true;
    }
    let units = &ground.structure.units;
    let own = units.partition_point(|it| it.unit.range.end <= label.start);
    let above = units.get(..own).unwrap_or(&[]).iter().rev();
    // Over the labels before it.
    let mut above =
        above.skip_while(|it| LABEL.find(ground.flow.get(&it.unit.body())).is_some_and(|label| label.start() == 0));
    above.next().is_some_and(|it| ground.hits.has(&it.unit.range, "subprocessors-list"))
}

/// Blocks of labels that name subprocessors: each begins with a name.
fn labelled(ground: &Ground<'_>) -> Vec<Proposal> {
    let mut found = Vec::new();
    for (at, part) in ground.structure.parts.iter().enumerate() {
        let text = ground.flow.get(&part.range);
        let labels: Vec<(Range<usize>, &str)> = LABEL
            .captures_iter(text)
            .filter_map(|label| {
                let (whole, word) = (label.get(0)?, label.name("label")?);
                let lower = word.as_str().to_lowercase();
                let column = data::recipients().column.iter().find(|(_, words)| words.contains(&lower))?.0;
                Some((part.range.start + word.start()..part.range.start + whole.end(), column.as_str()))
            })
            .collect();
        let ends = labels.iter().skip(1).map(|(label, _)| label.start).chain([part.range.end]);
        let mut blocks: Vec<(Range<usize>, Columns, usize)> = Vec::new();
        let mut open = false;
        for ((label, column), end) in labels.iter().zip(ends) {
            // The number before the next block is not a part of this value.
            // A value is of one paragraph; what stands below it is something else.
            let words = ground.flow.get(&(label.end..end)).split('\n').next().unwrap_or("");
            let words = words.trim_end();
            let number = words.rsplit(' ').next().filter(|last| {
                last.starts_with(|c: char| c.is_ascii_digit())
                    && last.trim_end_matches(['.', ')']).parse::<u32>().is_ok()
            });
            let words = number.and_then(|last| words.strip_suffix(last)).map_or(words, str::trim_end);
            let value = label.end..label.end + words.len();
            if value.is_empty() || value.len() > 300 {
                continue;
            }
            if *column == "name" {
                open = part.kind == "subprocessor-list" || announces(ground, label);
                if !open {
                    continue;
                }
                blocks.push((label.start..value.end, Columns { name: value, ..Columns::default() }, 0));
                continue;
            }
            let Some((quote, columns, told)) = blocks.last_mut().filter(|_| open) else { continue };
            (quote.end, *told) = (value.end, *told + 1);
            match *column {
                "role" => columns.role = columns.role.take().or(Some(value)),
                "place" => columns.place = columns.place.take().or(Some(value)),
                "data" => columns.data = columns.data.take().or(Some(value)),
                "basis" => columns.basis = columns.basis.take().or(Some(value)),
                // An address says where, if it names a country and nothing else does.
                _ if columns.place.is_none() && !places::countries(ground.flow.get(&value)).is_empty() => {
                    columns.place = Some(value);
                }
                _ => {}
            }
        }
        for (quote, columns, _) in blocks.into_iter().filter(|(.., told)| *told > 0) {
            let unit = ground.structure.units.iter().position(|it| it.part == at && it.unit.range.end > quote.start);
            found.extend(unit.and_then(|unit| proposal(ground, unit, "recipient-labelled", &quote, columns)));
        }
    }
    found
}

/// Lists that were pressed into one sentence: `Our subprocessors are: Name Work that it does Name Work …`.
fn pressed(ground: &Ground<'_>, sentences: &[Sentence]) -> Vec<Proposal> {
    let mut found = Vec::new();
    for sentence in sentences {
        let text = ground.flow.get(&sentence.range);
        let Some(colon) = text.find(": ") else { continue };
        let head = sentence.range.start..sentence.range.start + colon;
        let placed = ground.structure.units.get(sentence.unit);
        let is_row = placed.is_none_or(|it| it.unit.row || it.unit.bullet);
        if is_row || !ground.hits.has(&head, "subprocessor") || text.len() - colon > 4000 {
            continue;
        }
        let list = sentence.range.start + colon + 2..sentence.range.end;
        let quote = head.start..sentence.range.end;
        let columns = with_commas(ground, &list).or_else(|| without_marks(ground, &list)).unwrap_or_default();
        for columns in columns {
            found.extend(proposal(ground, sentence.unit, "recipient-pressed", &quote, columns));
        }
    }
    found
}

/// `Firma AB (Sverige), Other Ltd (Irland) och Third AB`.
fn with_commas(ground: &Ground<'_>, list: &Range<usize>) -> Option<Vec<Columns>> {
    let text = ground.flow.get(list);
    let mut columns = Vec::new();
    let mut from = 0;
    let mut depth = 0usize;
    let mut ends = Vec::new();
    for (at, c) in text.char_indices() {
        let rest = text.get(at..).unwrap_or("");
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' | ';' if depth == 0 => {
                let word =
                    rest.get(1..).unwrap_or("").split_whitespace().next().unwrap_or("").trim_end_matches([',', '.']);
                if !data::recipients().legal.forms.iter().any(|form| form == word) {
                    ends.push((at, at + 1));
                }
            }
            ' ' if depth == 0
                && (rest.starts_with(" och ") || rest.starts_with(" and ") || rest.starts_with(" samt ")) =>
            {
                ends.push((at, at + rest.get(1..).and_then(|r| r.find(' ')).unwrap_or(0) + 1));
            }
            _ => {}
        }
    }
    ends.push((text.trim_end_matches('.').len(), text.len()));
    for (end, next) in ends {
        if end < from {
            continue;
        }
        let item = ground.flow.trimmed(&(list.start + from..list.start + end));
        from = next;
        if ground.flow.get(&item).is_empty() {
            continue;
        }
        columns.push(item_columns(ground, &item)?);
    }
    (columns.len() >= 2).then_some(columns)
}

/// Names and roles side by side with no mark between: a role begins with a word for some work, a name with one that is none.
fn without_marks(ground: &Ground<'_>, list: &Range<usize>) -> Option<Vec<Columns>> {
    let text = ground.flow.get(list);
    let tokens: Vec<Range<usize>> = text
        .split_inclusive(' ')
        .scan(0, |from, word| {
            let start = *from;
            *from += word.len();
            Some(start..start + word.trim_end().len())
        })
        .filter(|range| !range.is_empty())
        .collect();
    let word = |at: usize| tokens.get(at).and_then(|range| text.get(range.clone())).unwrap_or("");
    let capital = |at: usize| word(at).starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let work = |at: usize| {
        let lower = word(at).to_lowercase();
        data::recipients().work.words.iter().any(|known| lower.starts_with(known.as_str()))
    };
    const JOINING: [&str; 24] = [
        "och", "samt", "med", "till", "för", "av", "från", "i", "på", "via", "hos", "eller", "and", "with", "to",
        "for", "of", "from", "in", "on", "or", "by", "the", "att",
    ];
    // Runs of words with capitals: in each, what is no word for work is a name, and the last word for work begins its role.
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if !capital(at) {
            at += 1;
            continue;
        }
        let mut end = at;
        while capital(end) && end < tokens.len() {
            end += 1;
        }
        let mut first = at;
        // What follows a preposition is its object, and no new name.
        if at > 0 && JOINING.contains(&word(at - 1)) {
            first += 1;
        }
        while first < end && work(first) && (first..end).any(|later| later > first && !work(later)) {
            first += 1;
        }
        let role = (first + 1..end).rev().find(|at| work(*at));
        match role {
            Some(role) if role == end - 1 && !work(first) => starts.push((first, role)),
            // A name before a role that begins with a small letter.
            _ if first < end && !work(first) && end < tokens.len() && work(end) && !starts.is_empty() => {
                starts.push((first, end));
            }
            _ => {}
        }
        at = end;
    }
    if starts.len() < 3 {
        return None;
    }
    let place = |from: usize, to: usize| {
        let start = tokens.get(from).map_or(0, |range| range.start);
        let end = tokens.get(to.saturating_sub(1)).map_or(start, |range| range.end);
        ground.flow.trimmed(&(list.start + start..list.start + end.max(start)))
    };
    let columns = starts.iter().enumerate().map(|(index, (name, role))| {
        let next = starts.get(index + 1).map_or(tokens.len(), |(next, _)| *next);
        Columns { name: place(*name, *role), role: Some(place(*role, next)), ..Columns::default() }
    });
    Some(columns.collect())
}
