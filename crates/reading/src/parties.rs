//! Who the parties are: names of companies, numbers, addresses, and the word by which an unnamed customer goes.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::asides::pattern;
use crate::data;
use crate::proposal::{Proposal, Read};
use crate::quantities::Quantity;
use crate::rules::Ground;
use crate::sentences::Sentence;

static COMPANY: LazyLock<Regex> = LazyLock::new(|| {
    let mut forms: Vec<String> = data::recipients().legal.forms.iter().map(|form| regex::escape(form)).collect();
    forms.sort_by_key(|form| core::cmp::Reverse(form.len()));
    let word = r"[\p{Lu}\d][\p{L}\d&.'’/-]*";
    pattern(&format!(r"({word}(?:\s(?:{word}|i|&|och|of)){{0,5}}?,?\s(?:{}))(?:[\s,.;:)(”“]|'s|$)", forms.join("|")))
});
static CONTROLLER: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        r#"(?i)["”“](?P<v>[^"”“]{2,40})["”“]\s*\(\s*(?:den\s+)?["”“]?(?:personuppgiftsansvarig|(?:data )?controller)"#,
        r#"(?P<v>\p{Lu}[\p{L}&.-]*(?:\s(?:\p{Lu}[\p{L}&.-]*|of|i|&)){0,5})\s*\(\s*(?:den |the )?["”“]?(?:[Pp]ersonuppgiftsansvarig|[Cc]ontroller|[Dd]ata [Cc]ontroller)"#,
        r#"^(?:Personuppgiftsansvarig|Controller|Data controller)\s*:\s*(?P<v>\p{Lu}[^,;(:]{1,60})"#,
        r#"(?i)\b(?:mellan|between)\s+(?P<v>(?-i:\p{Ll})[^.()]{5,120}?)\s*\([^)]{0,80}(?:personuppgiftsansvarig|controller)"#,
        r#"(?P<v>Kunden|Kund|[Tt]he Customer|Customer|Uppdragsgivaren|Kommunen|Föreningen|[Tt]he Client)\s+(?:är|is)\s+(?:(?:the|ensam|a)\s+)?(?:data )?(?:personuppgiftsansvarig|controller)"#,
        r#"(?i)(?P<v>(?-i:\p{Lu})[\p{L} ]{1,30}?)\s*\((?:["”“])?(?:den )?(?:personuppgiftsansvarige?|controller)"#,
    ]
    .iter()
    .map(|text| pattern(text))
    .collect()
});
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\b(?P<v>\p{Lu}[\p{L} ]{2,40}\s\d{1,4}\s?[A-Z]?,\s*(?:SE-)?\d{3}\s?\d{2}\s\p{Lu}\p{L}+)")
});
static E_MAIL: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?P<v>[a-z0-9._+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+)"));
static PHONE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)(?:telefon|tel\.?|phone)[:\s]+(?P<v>\+?[\d][\d\s-]{6,16}\d)"));

/// The names of companies in a stretch.
pub(crate) fn companies(ground: &Ground<'_>, range: &Range<usize>) -> Vec<Range<usize>> {
    COMPANY
        .captures_iter(ground.flow.get(range))
        .filter_map(|found| found.get(1))
        .filter(|m| crate::words::is_edge(ground.flow.get(range), m.start(), false))
        .map(|m| range.start + m.start()..range.start + m.end())
        .map(|range| without_lead(ground, range))
        .collect()
}

/// `Mellan Firma AB` → `Firma AB`: a sentence's first word is no part of a name.
fn without_lead(ground: &Ground<'_>, mut range: Range<usize>) -> Range<usize> {
    loop {
        let text = ground.flow.get(&range);
        let Some((word, _)) = text.split_once(' ') else { return range };
        if !data::party_words().leads.iter().any(|lead| lead == word.trim_end_matches(':')) {
            return range;
        }
        range.start += word.len() + 1;
    }
}

pub(crate) fn find(ground: &Ground<'_>, sentences: &[Sentence]) -> Vec<Proposal> {
    let mut found = Vec::new();
    let make = |field: &str, rule: &str, sentence: &Sentence, range: Range<usize>| {
        let field = crate::rules::field(field)?;
        let mut it = Proposal::new(ground.source, ground.flow, field, rule, &sentence.range, &Read::Words(range))?;
        let placed = ground.structure.units.get(sentence.unit)?;
        (it.clause, it.part) = (placed.clause, Some(placed.part));
        Some(it)
    };
    let processor = processor(ground, sentences);
    if let Some((sentence, range, _)) = &processor {
        found.extend(make("party.processor", "processor-by-frequency-and-role", sentence, range.clone()));
    }
    let name = processor.as_ref().map(|(_, range, _)| ground.flow.get(range).to_owned()).unwrap_or_default();
    let mut others: Vec<String> = Vec::new();
    for sentence in sentences {
        let quantities = ground.quantities(&sentence.range);
        for quantity in quantities.iter().filter(|it| matches!(it.quantity, Quantity::Organisation(_))) {
            let Some(field) = crate::rules::field("party.number") else { continue };
            let read = Read::Quantity(quantity.range.clone());
            let rule = "organisation-number-by-check-digit";
            if let Some(mut it) = Proposal::new(ground.source, ground.flow, field, rule, &sentence.range, &read) {
                let placed = ground.structure.units.get(sentence.unit);
                (it.clause, it.part) = (placed.and_then(|it| it.clause), placed.map(|it| it.part));
                found.push(it);
            }
            let before = sentence.range.start..quantity.range.start;
            if let Some(company) = companies(ground, &before).pop()
                && ground.flow.get(&company) != name
                && !others.iter().any(|known| known == ground.flow.get(&company))
            {
                others.push(ground.flow.get(&company).to_owned());
                found.extend(make("party.other", "company-with-number", sentence, company));
            }
        }
        let text = ground.flow.get(&sentence.range);
        let whole = |m: regex::Match<'_>| sentence.range.start + m.start()..sentence.range.start + m.end();
        if ground.hits.has(&sentence.range, "data-controller")
            && let Some(range) = CONTROLLER
                .iter()
                .filter_map(|re| re.captures(text)?.name("v"))
                .find(|found| !is_document(found.as_str()))
                .map(whole)
        {
            found.extend(make("party.controller", "controller-by-its-word", sentence, range));
        }
        if let Some(range) = ADDRESS.captures(text).and_then(|it| it.name("v")).map(whole) {
            found.extend(make("party.address", "street-and-postcode", sentence, range));
        }
        let low = ground.flow.low(&sentence.range);
        if !text.contains('@') && !low.contains("tel") && !low.contains("phone") {
            continue;
        }
        for (re, rule) in [(&*E_MAIL, "e-mail-address"), (&*PHONE, "telephone")] {
            if let Some(range) = re.captures(text).and_then(|it| it.name("v")).map(whole) {
                found.extend(make("party.contact", rule, sentence, range));
            }
        }
    }
    // The same address in ten places is one.
    let mut seen: Vec<(&'static str, String)> = Vec::new();
    found.retain(|it| {
        let key = (it.field(), format!("{:?}", it.value()));
        let new = !seen.contains(&key);
        if new {
            seen.push(key);
        }
        new
    });
    found
}

/// Whether words name a paper and nobody: *the company in the Order Form (the controller)*.
fn is_document(words: &str) -> bool {
    // *the legal person whose representative accepts the agreement* names somebody; a name begins with a capital.
    let is_name = words.starts_with(char::is_uppercase);
    let last = words.split_whitespace().next_back().unwrap_or("").to_lowercase();
    is_name && data::party_words().documents.contains(&last)
}

/// The company that the text is about: named most often, and where somebody is called processor or provides the service.
fn processor(ground: &Ground<'_>, sentences: &[Sentence]) -> Option<(Sentence, Range<usize>, usize)> {
    let mut names: HashMap<String, (usize, Sentence, Range<usize>, usize)> = HashMap::new();
    for (at, sentence) in sentences.iter().enumerate() {
        let Some(placed) = ground.structure.units.get(sentence.unit) else { continue };
        let kind = ground.structure.parts.get(placed.part).map_or("", |part| part.kind.as_str());
        if placed.unit.row
            || placed.unit.bullet && placed.unit.number.is_none()
            || kind == "register"
            || kind == "subprocessor-list"
        {
            continue;
        }
        for range in companies(ground, &sentence.range) {
            let name = ground.flow.get(&range).to_owned();
            let near = near(ground, &range);
            let role = ground.hits.has(&near, "data-processor") || ground.flow.low(&near).contains("tillhandahåller");
            let alias = ground.flow.get(&(range.end..near.end)).trim_start().starts_with('(');
            let early = at < 40;
            let score = 1 + usize::from(role) * 12 + usize::from(alias && early) * 10 + usize::from(early) * 4;
            let entry = names.entry(name).or_insert_with(|| (0, sentence.clone(), range.clone(), at));
            entry.0 += score;
        }
    }
    let (_, (score, sentence, range, _)) =
        names.into_iter().max_by_key(|(_, (score, _, _, at))| (*score, core::cmp::Reverse(*at)))?;
    (score >= 5).then_some((sentence, range, score))
}

/// What stands within some words of a name.
fn near(ground: &Ground<'_>, range: &Range<usize>) -> Range<usize> {
    let text = &ground.flow.text;
    let from = text.get(..range.start).map_or(0, |before| before.char_indices().rev().nth(40).map_or(0, |(at, _)| at));
    let to = text
        .get(range.end..)
        .map_or(range.end, |after| range.end + after.char_indices().nth(110).map_or(after.len(), |(at, _)| at));
    from..to
}
