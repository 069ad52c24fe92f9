//! Lists of those who receive data: tables with their columns, items with names, places and roles, and lists that lost all marks.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use crate::columns::TableKind;
use crate::data;
use crate::places;
use crate::proposal::{Columns, Proposal, Read};
use crate::quantities;
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
    crate::structure::cells(ground.flow, row)
}

fn tables(ground: &Ground<'_>) -> Vec<Proposal> {
    let mut found = Vec::new();
    let units = &ground.structure.units;
    let mut shown: Option<Vec<&'static str>> = None;
    for (at, placed) in units.iter().enumerate() {
        if !placed.unit.row {
            shown = None;
            continue;
        }
        if placed.heads {
            continue;
        }
        let header = ground.structure.header(placed);
        let begins = at.checked_sub(1).and_then(|before| units.get(before)).is_none_or(|before| !before.unit.row);
        if header.is_none() && begins {
            shown = by_content(ground, at);
        }
        let columns = match header {
            Some(header) if header.kind == TableKind::Recipients => &header.columns,
            Some(_) => continue,
            None => match &shown {
                Some(columns) => columns,
                None => continue,
            },
        };
        let cells = cells(ground, &placed.unit.range);
        if cells.len() < 2 {
            continue;
        }
        let cell = |name: &str| {
            let at = columns.iter().position(|column| *column == name)?;
            cells.get(at).filter(|cell| !is_blank(ground.flow.get(cell))).cloned()
        };
        let Some(name) = cell("name") else { continue };
        let columns =
            Columns { name, role: cell("role"), place: cell("place"), data: cell("data"), basis: cell("basis") };
        found.extend(proposal(ground, at, "recipient-table", &placed.unit.range, columns));
    }
    found
}

/// Which column holds what in rows without headings that begin here, under words that announce recipients: the first one names, another
/// is told by its places; of the rest only what its words show.
fn by_content(ground: &Ground<'_>, at: usize) -> Option<Vec<&'static str>> {
    let units = &ground.structure.units;
    let announces = |unit: &crate::structure::Placed| {
        let lower = ground.flow.low(&unit.unit.range);
        unit.unit.range.len() < 400
            && data::tables().announce.values().flatten().any(|word| lower.contains(word.as_str()))
    };
    units.get(at.saturating_sub(2)..at)?.iter().any(announces).then_some(())?;
    let rows: Vec<Vec<Range<usize>>> =
        units.iter().skip(at).take_while(|unit| unit.unit.row).map(|unit| cells(ground, &unit.unit.range)).collect();
    let width = rows.first()?.len();
    if rows.len() < 3 || width < 2 || rows.iter().any(|row| row.len() != width) {
        return None;
    }
    let count = |column: usize, fits: &dyn Fn(&str) -> bool| {
        rows.iter().filter_map(|row| row.get(column)).filter(|cell| fits(ground.flow.get(cell))).count()
    };
    let all = rows.len();
    let is_place = |text: &str| !places::countries(text).is_empty() && text.split_whitespace().count() <= 6;
    let is_name = |text: &str| text.len() <= 90 && !is_place(text) && text.starts_with(char::is_alphanumeric);
    if count(0, &is_name) < all {
        return None;
    }
    let place = (1..width).find(|column| count(*column, &|text| is_place(text) || is_blank(text)) == all);
    let starts = |words: &[String], text: &str| {
        let lower = text.to_lowercase();
        words.iter().any(|word| lower.starts_with(word.as_str()))
    };
    let works = |text: &str| !is_figures(text) && starts(&data::recipients().work.words, text);
    let named = |text: &str| {
        crate::lists::at_commas(text)
            .iter()
            .any(|item| text.get(item.clone()).is_some_and(|item| crate::vocabulary::concept_of(item).is_some()))
    };
    let mut columns = vec![""; width];
    *columns.first_mut()? = "name";
    if let Some(place) = place.and_then(|place| columns.get_mut(place)) {
        *place = "place";
    }
    // Data that somebody names, or what somebody does with it: whatever more of the cells say.
    let says = |column: usize| (count(column, &works), count(column, &named));
    for (name, of) in [("role", 0), ("data", 1)] {
        let best = (1..width)
            .filter(|column| columns.get(*column) == Some(&""))
            .map(|column| (says(column), column))
            .filter(
                |((works, named), _)| {
                    if of == 0 { works * 2 >= all && works >= named } else { named * 2 >= all && named > works }
                },
            )
            .max_by_key(|((works, named), column)| {
                (if of == 0 { *works } else { *named }, core::cmp::Reverse(*column))
            });
        if let Some(column) = best.and_then(|(_, column)| columns.get_mut(column)) {
            *column = name;
        }
    }
    // What is left beside a name and a place says what for where words of work are anywhere in half of its cells; a number or an address
    // of the recipient says nothing of that.
    let tells_work = |text: &str| !is_figures(text) && text.split([' ', '/', '(']).any(works);
    let mut open = columns.iter().enumerate().filter(|(_, column)| column.is_empty()).map(|(at, _)| at);
    if let (Some(left), None) = (open.next(), open.next())
        && !columns.contains(&"role")
        && count(left, &tells_work) * 2 >= all
        && count(left, &is_figures) * 2 < all
        && let Some(column) = columns.get_mut(left)
    {
        *column = "role";
    }
    (place.is_some() || columns.contains(&"role")).then_some(columns)
}

/// Numbers, quantities or an address of web or mail, and hardly a word beside them.
fn is_figures(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    // `drift.se`, alone in its cell.
    let domain = |word: &str| {
        let (name, end) = word.trim_end_matches('/').rsplit_once('.').unwrap_or_default();
        !name.is_empty() && (2..=12).contains(&end.len()) && end.chars().all(char::is_alphabetic)
    };
    let addressed = text.contains('@')
        || text.contains("://")
        || text.to_lowercase().starts_with("www.")
        || (!text.contains(' ') && domain(text));
    let counted = || quantities::find(text).iter().map(|it| it.range.len()).sum::<usize>();
    (digits > 0 && digits >= letters) || addressed || (text.len() < 200 && counted() * 2 > text.len())
}

fn is_blank(text: &str) -> bool {
    let lower = text.to_lowercase();
    text.is_empty() || data::tables().worded.get("empty").is_some_and(|words| words.contains(&lower))
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
            if is_labelled(ground.flow.low(&words)) {
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
        // A number or an address of the recipient is none of the columns.
        if !is_place && by != Some("role") && is_figures(words) {
            continue;
        }
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

/// The words of labels by their last letter: a label is known by the colon after it.
static LABELS: LazyLock<HashMap<char, Vec<(&'static str, &'static str)>>> = LazyLock::new(|| {
    let mut words: HashMap<char, Vec<(&'static str, &'static str)>> = HashMap::new();
    for (column, names) in &data::recipients().column {
        for name in names {
            if let Some(last) = name.chars().next_back() {
                words.entry(last).or_default().push((name, column));
            }
        }
    }
    words
});

/// A label of a block such as `Name: Firma AB`, `Country: Sweden`, one under another.
struct Label {
    /// Its words, and what follows them up to the value.
    range: Range<usize>,
    column: &'static str,
}

/// The label that ends at a colon of a text in small letters, where one does.
fn label_at(lower: &str, colon: usize) -> Option<Label> {
    let after = lower.get(colon + 1..)?;
    let blank = after.len() - after.trim_start().len();
    let head = lower.get(..colon)?;
    let head = head.strip_suffix(char::is_whitespace).unwrap_or(head);
    let words = LABELS.get(&head.chars().next_back()?)?;
    let begins = |start: usize| {
        let before = head.get(..start).and_then(|before| before.chars().next_back());
        before.is_none_or(|c| c.is_whitespace() || matches!(c, '.' | ';'))
    };
    let fits = |(name, _): &&(&str, &str)| head.ends_with(name) && begins(head.len() - name.len());
    let (name, column) = words.iter().filter(fits).max_by_key(|(name, _)| name.len())?;
    (blank > 0).then(|| Label { range: head.len() - name.len()..colon + 1 + blank, column })
}

/// The labels of a text in small letters.
fn labels(lower: &str) -> impl Iterator<Item = Label> + '_ {
    lower.match_indices(':').filter_map(|(colon, _)| label_at(lower, colon))
}

/// Whether a text in small letters begins with a label.
fn is_labelled(lower: &str) -> bool {
    let label = lower.find(':').and_then(|colon| label_at(lower, colon));
    label.is_some_and(|label| lower.get(..label.range.start).is_some_and(|before| before.trim().is_empty()))
}

/// For each unit the last one up to it that begins with no label.
fn without_labels(ground: &Ground<'_>) -> Vec<Option<usize>> {
    let mut last = None;
    let units = ground.structure.units.iter().enumerate();
    units
        .map(|(at, it)| {
            if !is_labelled(ground.flow.low(&it.unit.body())) {
                last = Some(at);
            }
            last
        })
        .collect()
}

/// Whether a label outside a list of subprocessors names one: by its own word, or under words that announce them.
fn announces(ground: &Ground<'_>, label: &Range<usize>, without: &[Option<usize>]) -> bool {
    let word = ground.flow.low(label);
    if word.starts_with("underbiträde") || word.starts_with("sub-processor") || word.starts_with("subprocessor") {
        return true;
    }
    let units = &ground.structure.units;
    let own = units.partition_point(|it| it.unit.range.end <= label.start);
    // Over the labels before it.
    let above = own.checked_sub(1).and_then(|before| without.get(before).copied().flatten());
    above.and_then(|at| units.get(at)).is_some_and(|it| ground.hits.has(&it.unit.range, "subprocessors-list"))
}

/// Blocks of labels that name subprocessors: each begins with a name.
fn labelled(ground: &Ground<'_>) -> Vec<Proposal> {
    let mut found = Vec::new();
    let without = without_labels(ground);
    for (at, part) in ground.structure.parts.iter().enumerate() {
        let from = part.range.start;
        let labels: Vec<(Range<usize>, &str)> = labels(ground.flow.low(&part.range))
            .map(|label| (from + label.range.start..from + label.range.end, label.column))
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
                open = part.kind == "subprocessor-list" || announces(ground, label, &without);
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
            let own = ground.structure.units.partition_point(|it| it.unit.range.end <= quote.start);
            let unit = ground.structure.units.get(own).filter(|it| it.part == at).map(|_| own);
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
