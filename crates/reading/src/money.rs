//! Prices and tables of reductions, also where a table was pressed into one line.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::asides::pattern;
use crate::columns::TableKind;
use crate::data;
use crate::proposal::{Proposal, Read};
use crate::quantities::Quantity;
use crate::recipients::cells;
use crate::rules::Ground;
use crate::sentences::Sentence;

static PER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?P<v>(?:/|per|i)\s*(?:st(?:yck)?|mån(?:ad)?|månaden|år|timme|tim|användare|user|month|year|hour|licens|licence|piece)(?:\s*(?:&|och|and|/|per)\s*(?:mån(?:ad)?|år|användare|user|month|licens))*)",
    )
});
static REDUCTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:under|below|lägre än|less than|<)\s*(?P<b>\d{1,3}(?:[.,]\d+)?\s?%)(?:\s*(?:,|men|but|och|and)?\s*(?:över|above|minst|at least|≥|>)\s*(?P<a>\d{1,3}(?:[.,]\d+)?\s?%))?[^%]{0,40}?(?P<r>\d{1,3}(?:[.,]\d+)?\s?%)\s+(?:av|of|nedsättning|reduction|credit)",
    )
});

pub(crate) fn find(ground: &Ground<'_>, sentences: &[Sentence]) -> Vec<Proposal> {
    let mut found = Vec::new();
    for sentence in sentences {
        let Some(placed) = ground.structure.units.get(sentence.unit) else { continue };
        let mut add = |field: &str, rule: &str, quote: &Range<usize>, read: &Read| {
            let it = crate::rules::field(field)
                .and_then(|field| Proposal::new(ground.source, ground.flow, field, rule, quote, read));
            if let Some(mut it) = it {
                (it.clause, it.part) = (placed.clause, Some(placed.part));
                found.push(it);
            }
        };
        let text = ground.flow.get(&sentence.range);
        let at = |m: regex::Match<'_>| sentence.range.start + m.start()..sentence.range.start + m.end();
        for row in REDUCTION.captures_iter(text) {
            let (Some(whole), Some(below), Some(reduces)) = (row.get(0), row.name("b"), row.name("r")) else {
                continue;
            };
            let read = Read::Reduction { below: at(below), above: row.name("a").map(at), reduces: at(reduces) };
            add("availability.reduction", "row-of-reductions", &at(whole), &read);
        }
        let kind = ground.structure.parts.get(placed.part).map_or("", |part| part.kind.as_str());
        let heads = placed.clause.map(|clause| ground.headings(clause)).unwrap_or_default();
        let header = ground.structure.header(placed).filter(|header| header.kind == TableKind::Prices);
        let priced = header.is_some()
            || kind == "price-list"
            || heads
                .iter()
                .any(|range| ground.flow.low(range).contains("pris") || ground.flow.low(range).contains("price"));
        let amounts: Vec<_> =
            ground.quantities(&sentence.range).iter().filter(|it| matches!(it.quantity, Quantity::Money(..))).collect();
        if amounts.is_empty() {
            continue;
        }
        if !priced {
            // Outside price lists a sentence with one amount, and for what it is, states a price; by the hour it is a rate.
            let [amount] = amounts.as_slice() else { continue };
            let other = ["liability", "cap", "insurance", "claim", "compensation", "index"];
            if other.iter().any(|concept| ground.hits.has(&sentence.range, concept)) {
                continue;
            }
            let per = per(ground, &amount.range, &sentence.range);
            let hourly =
                |range: &Range<usize>| ["tim", "hour"].iter().any(|word| ground.flow.low(range).contains(word));
            let costs = costs(ground, &sentence.range, amount.range.start);
            let says = per.as_ref().map_or_else(|| costs.is_some(), |per| !hourly(per));
            if says {
                let what = costs.or_else(|| before(ground, &sentence.range, amount.range.start));
                let read = Read::Price { what, amount: amount.range.clone(), per };
                add("money.price", "price-sentence", &sentence.range, &read);
            }
            continue;
        }
        if placed.unit.row {
            let cells = cells(ground, &sentence.range);
            let column = |name: &str| header.and_then(|header| cells.get(header.at(name)?)).cloned();
            let what = column("what").or_else(|| cells.first().cloned());
            for amount in amounts {
                let per = column("per").or_else(|| per(ground, &amount.range, &sentence.range));
                let what = what.clone().filter(|what| what.end <= amount.range.start);
                add(
                    "money.price",
                    "price-row",
                    &sentence.range,
                    &Read::Price { what, amount: amount.range.clone(), per },
                );
            }
            continue;
        }
        let names = names_in_order(
            ground,
            &sentence.range,
            &amounts.iter().map(|it| it.range.clone()).collect::<Vec<_>>(),
            sentences,
        );
        for (index, amount) in amounts.iter().enumerate() {
            let per = per(ground, &amount.range, &sentence.range);
            let what = match &names {
                Some(names) => names.get(index).cloned(),
                None if amounts.len() == 1 => before(ground, &sentence.range, amount.range.start),
                None => None,
            };
            let rule = if names.is_some() { "price-by-order-of-columns" } else { "price" };
            add("money.price", rule, &sentence.range, &Read::Price { what, amount: amount.range.clone(), per });
        }
    }
    found
}

/// `Program X: 399 kr per month` → `Program X`.
fn before(ground: &Ground<'_>, sentence: &Range<usize>, amount: usize) -> Option<Range<usize>> {
    let text = ground.flow.get(&(sentence.start..amount));
    let end = text.trim_end_matches([' ', ':', '-', '–', ',']).len();
    let words = text.get(..end)?;
    (!words.is_empty() && words.len() <= 90 && words.split_whitespace().count() <= 8)
        .then_some(sentence.start..sentence.start + end)
}

/// `The first programme costs 399 kr` → `first programme`; nothing where no word says that it costs.
fn costs(ground: &Ground<'_>, sentence: &Range<usize>, amount: usize) -> Option<Range<usize>> {
    let words = data::price_words();
    let thing = before(ground, sentence, amount)?;
    let text = ground.flow.low(&thing);
    let end =
        words.costs.iter().filter_map(|costs| text.strip_suffix(costs.as_str())).map(|rest| rest.trim_end().len());
    let end = end.min().filter(|end| *end > 0)?;
    let lead =
        words.leads.iter().filter(|lead| text.strip_prefix(lead.as_str()).is_some_and(|rest| rest.starts_with(' ')));
    let from = lead.map(|lead| lead.len() + 1).max().unwrap_or(0);
    (from < end).then_some(thing.start + from..thing.start + end)
}

fn per(ground: &Ground<'_>, amount: &Range<usize>, sentence: &Range<usize>) -> Option<Range<usize>> {
    // `1:70 / piece`: what it is for is part of how such an amount is recognised.
    let within = ground.flow.get(amount).find(['/', 'p']).map(|at| amount.start + at);
    let rest = within.unwrap_or(amount.end)..sentence.end;
    let found = PER.captures(ground.flow.get(&rest))?.name("v")?;
    Some(rest.start + found.start()..rest.start + found.end())
}

/// A table that was pressed into one line names all its things first and then all their prices. Where the names that the text uses
/// elsewhere part the first stretch into as many as there are prices in a row, they belong to one another in their order.
fn names_in_order(
    ground: &Ground<'_>,
    sentence: &Range<usize>,
    amounts: &[Range<usize>],
    sentences: &[Sentence],
) -> Option<Vec<Range<usize>>> {
    if amounts.len() < 3 {
        return None;
    }
    // Prices follow one another when hardly anything but what they are for stands between.
    let row =
        1 + amounts.windows(2).take_while(|pair| matches!(pair, [a, b] if b.start.saturating_sub(a.end) < 32)).count();
    let first = amounts.first()?;
    let stretch = sentence.start..first.start;
    let known = known_names(ground, sentences);
    let text = ground.flow.low(&stretch);
    let mut starts: Vec<usize> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = text.get(at..).unwrap_or("");
        let begins = at == 0 || text.get(..at).is_some_and(|before| before.ends_with(' '));
        let longest = known.iter().filter(|name| begins && rest.starts_with(name.as_str())).map(String::len).max();
        match longest {
            Some(length) => {
                starts.push(at);
                at += length;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let mut names: Vec<Range<usize>> = starts
        .iter()
        .zip(ends)
        .map(|(from, to)| ground.flow.trimmed(&(stretch.start + from..stretch.start + to)))
        .collect();
    // The last name ends where the column of prices gets its own heading.
    if let Some(last) = names.last_mut() {
        let words = ground.flow.low(last);
        let longest = known.iter().filter(|name| words.starts_with(name.as_str())).map(String::len).max();
        last.end = last.start + longest.unwrap_or(words.len());
    }
    // What stands before the table may name one of the things too; the names of the table are the last ones.
    let extra = names.len().checked_sub(row)?;
    (row >= 2).then(|| names.split_off(extra))
}

/// Names that stand in a list with commas somewhere else, in small letters: the programs and services of the text.
fn known_names(ground: &Ground<'_>, sentences: &[Sentence]) -> Vec<String> {
    let mut names = Vec::new();
    for sentence in sentences.iter().take(400) {
        let text = ground.flow.get(&sentence.range);
        if text.len() > 900 || text.matches(", ").count() < 2 {
            continue;
        }
        for item in crate::lists::at_commas(text) {
            let words = text.get(item).unwrap_or("").trim();
            let mut words = words;
            for stop in [" samt ", " och ", " eller ", " and ", " or "] {
                words = words.split(stop).next().unwrap_or(words);
            }
            let all: Vec<&str> = words.split_whitespace().collect();
            let loud = |word: &&&str| word.starts_with(|c: char| c.is_uppercase() || c == '&');
            let whole = all.len() <= 4 && all.first().is_some_and(|word| loud(&word));
            // `consists of the programs First Office` → the words with capitals at its end.
            let count = if whole { all.len() } else { all.iter().rev().take_while(loud).count() };
            let name = all.get(all.len() - count..).unwrap_or(&[]).join(" ");
            if (2..60).contains(&name.len()) && count <= 5 {
                names.push(name.to_lowercase());
            }
        }
    }
    names.sort();
    names.dedup();
    names
}
