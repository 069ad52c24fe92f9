//! What a text is: by titles, by the words it uses, by its language. A title alone proves nothing: a register that calls itself an
//! agreement is a register.

use std::ops::Range;

use crate::columns::TableKind;
use crate::data;
use crate::flow::Flow;
use crate::numbering::Style;
use crate::units::Unit;
use crate::words::{Hits, is_edge};

/// Kinds whose titles begin a part wherever they stand alone on a line; others do so only as annexes.
pub(crate) fn is_strong(kind: &str) -> bool {
    !matches!(kind, "instructions" | "security" | "subprocessor-list" | "other-title")
}

/// The kind that a short heading or an annex names.
pub(crate) fn title(flow: &Flow, unit: &Unit) -> Option<&'static str> {
    if unit.row || (unit.bullet && unit.number.is_none()) {
        return None;
    }
    let text = flow.low(&unit.range);
    match &unit.number {
        Some(number) if number.style == Style::Annex => {
            let rest = unit.body().start..unit.range.end.min(unit.body().start + 220);
            any_title(flow, &rest)
        }
        Some(_) => None,
        None if unit.range.len() < 160 => {
            let bare = text.trim_start_matches(|c: char| !c.is_alphanumeric());
            if bare.ends_with([';', ',']) {
                return None;
            }
            data::kinds().kind.iter().find_map(|kind| {
                let fits = kind.titles.iter().any(|title| {
                    bare.strip_prefix(title.as_str())
                        .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric) && rest.len() <= 100)
                });
                fits.then_some(kind.code.as_str())
            })
        }
        None => None,
    }
}

/// The first title in a stretch that is not the name of the document that an annex belongs to.
pub(crate) fn any_title(flow: &Flow, range: &Range<usize>) -> Option<&'static str> {
    let text = flow.low(range);
    let head =
        text.get(..text.char_indices().map(|(at, _)| at).take_while(|at| *at <= 200).last().unwrap_or(0)).unwrap_or("");
    let head = if text.len() <= 200 { text } else { head };
    let mut best: Option<(usize, usize, &'static str)> = None;
    for kind in &data::kinds().kind {
        for title in &kind.titles {
            for (at, _) in head.match_indices(title.as_str()) {
                let before = head.get(..at).unwrap_or("").trim_end();
                let bare = [" the", " this", " detta", " det"].iter().find_map(|article| before.strip_suffix(article));
                let before = bare.unwrap_or(before).trim_end();
                let parent = before.ends_with("till") || before.ends_with(" to") || before == "to";
                let better = best.is_none_or(|(first, length, _)| at < first || (at == first && title.len() > length));
                if is_edge(head, at, false) && !parent && better {
                    best = Some((at, title.len(), kind.code.as_str()));
                }
            }
        }
    }
    best.map(|(_, _, kind)| kind)
}

/// The matters that an agreement under Article 28 speaks of.
const DUTIES: [&str; 11] = [
    "documented-instructions",
    "secrecy",
    "subprocessor",
    "incident",
    "erase",
    "give-back",
    "audit",
    "rights-request",
    "transfer",
    "liability",
    "assist",
];

/// How many of the matters of Article 28 a stretch speaks of.
pub(crate) fn duties(hits: &Hits, range: &Range<usize>) -> usize {
    DUTIES.iter().filter(|concept| hits.has(range, concept)).count()
}

/// The rows of a part's tables.
pub(crate) struct Rows {
    pub count: usize,
    /// What the headings over them say that they are about.
    pub tables: Vec<TableKind>,
}

impl Rows {
    pub fn are_of(&self, kind: TableKind) -> bool {
        self.tables.contains(&kind)
    }
}

/// What a part is, with its title as a witness.
pub(crate) fn by_content(
    flow: &Flow,
    hits: &Hits,
    range: &Range<usize>,
    title: Option<&'static str>,
    rows: &Rows,
) -> &'static str {
    let duties = duties(hits, range);
    let processor = hits.count(range, "data-processor");
    let length = flow.get(range).chars().count();
    let recipients = rows.are_of(TableKind::Recipients);
    let enough = rows.count >= 5 || (rows.count >= 3 && recipients);
    let is_register = enough && duties < 5 && processor <= rows.count;
    match title {
        Some("data-processing-agreement" | "register") if is_register => "register",
        // A title over nothing that Article 28 asks for.
        Some("data-processing-agreement") if duties < 4 && length > 1500 => "unknown",
        Some("other-title") | None => {
            let policy = hits.count(range, "we") > 3 * processor + 3 && hits.count(range, "personal-data") > 3;
            if duties >= 6 && processor >= 3 && processor * 1500 >= length && hits.has(range, "data-controller") {
                "data-processing-agreement"
            } else if is_register
                && hits.count(range, "personal-data") + processor + hits.count(range, "subprocessor") > 0
            {
                "register"
            } else if policy && hits.count(range, "you") > 3 && !hits.has(range, "terminate") {
                "privacy-policy"
            } else if hits.count(range, "agreement-word") >= 3 && contract_words(hits, range) >= 3 {
                "terms"
            } else if rows.count >= 3 && rows.are_of(TableKind::Prices) {
                "price-list"
            } else if rows.count >= 3 && rows.are_of(TableKind::Levels) {
                "service-level"
            } else {
                "unknown"
            }
        }
        Some(kind) => kind,
    }
}

/// How many of the matters of any contract a stretch speaks of.
pub(crate) fn contract_words(hits: &Hits, range: &Range<usize>) -> usize {
    [
        "terminate",
        "liability",
        "law-governs",
        "dispute",
        "compensation",
        "payment",
        "until-further",
        "change",
        "warranty",
    ]
    .iter()
    .filter(|concept| hits.has(range, concept))
    .count()
}

/// The language of a text, as an ISO 639-1 code: the one whose small words are most frequent, where they are frequent at all.
pub(crate) fn language(lower: &str) -> Option<&'static str> {
    let mut total = 0usize;
    let languages = &data::kinds().language;
    let mut counts = vec![0usize; languages.len()];
    for word in lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).take(20_000) {
        total += 1;
        for (count, words) in counts.iter_mut().zip(languages.values()) {
            *count += usize::from(words.iter().any(|known| known == word));
        }
    }
    let (best, code) = counts.iter().zip(languages.keys()).max_by_key(|(count, _)| **count)?;
    (total >= 20 && *best * 100 >= total * 8).then_some(code.as_str())
}
