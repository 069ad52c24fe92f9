//! The rules of `data/rules.toml`, run over every sentence. This file knows how a rule is applied and no rule.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::columns::TableKind;
use crate::data::{self, Rule};
use crate::flow::Flow;
use crate::proposal::{Proposal, Read};
use crate::quantities::{Found, Quantity};
use crate::sentences::Sentence;
use crate::source::Source;
use crate::structure::{Placed, Structure};
use crate::words::{Concept, Hits, concept};

struct Compiled {
    rule: Rule,
    /// It is about what the service keeps: a row of a table of service levels may state it.
    of_service: bool,
    field: &'static str,
    all: Vec<Vec<Concept>>,
    none: Vec<Concept>,
    clause: Vec<Vec<Concept>>,
    heading: Vec<Vec<Concept>>,
    without_heading: Vec<Concept>,
    near: Option<Concept>,
    because: Option<Concept>,
    pattern: Option<Regex>,
}

static RULES: LazyLock<Vec<Compiled>> = LazyLock::new(|| data::rules().into_iter().map(compile).collect());

/// The field of a name, for good.
pub(crate) fn field(id: &str) -> Option<&'static str> {
    data::fields().field.iter().find(|field| field.id == id).map(|field| field.id.as_str())
}

fn groups(names: &[String]) -> Vec<Vec<Concept>> {
    names.iter().map(|name| name.split('|').filter_map(concept).collect()).collect()
}

fn compile(rule: Rule) -> Compiled {
    Compiled {
        of_service: ["availability.", "support.", "backup."].iter().any(|group| rule.field.starts_with(group)),
        field: field(&rule.field).unwrap_or("document.title"),
        all: groups(&rule.all),
        none: rule.none.iter().filter_map(|name| concept(name)).collect(),
        clause: groups(&rule.clause),
        heading: groups(&rule.heading),
        without_heading: rule.without_clause_heading.iter().filter_map(|name| concept(name)).collect(),
        near: rule.near.as_deref().and_then(concept),
        because: rule.because.as_deref().and_then(concept),
        pattern: rule.pattern.as_deref().map(crate::asides::pattern),
        rule,
    }
}

/// What the rules go by.
pub(crate) struct Ground<'a> {
    pub source: &'a Source,
    pub flow: &'a Flow,
    pub hits: &'a Hits,
    pub structure: &'a Structure,
    pub quantities: &'a [Found],
}

impl Ground<'_> {
    /// The quantities within a stretch.
    pub fn quantities(&self, range: &Range<usize>) -> &[Found] {
        let from = self.quantities.partition_point(|it| it.range.start < range.start);
        let to = self.quantities.partition_point(|it| it.range.start < range.end);
        self.quantities.get(from..to).unwrap_or(&[])
    }

    /// The headings over a clause: its own and those of the sections that hold it.
    pub fn headings(&self, clause: usize) -> Vec<Range<usize>> {
        let clauses = &self.structure.clauses;
        let Some(own) = clauses.get(clause) else { return Vec::new() };
        let mut found = vec![heading_of(own)];
        let mut level = own.level;
        for above in clauses.get(..clause).unwrap_or(&[]).iter().rev() {
            if above.part != own.part || level <= 1 {
                break;
            }
            if above.level < level {
                level = above.level;
                found.push(heading_of(above));
            }
        }
        found
    }
}

fn heading_of(clause: &crate::structure::Clause) -> Range<usize> {
    let end = clause.range.start + clause.heading.len() + 12;
    clause.range.start..end.min(clause.range.end)
}

pub(crate) fn run(ground: &Ground<'_>, sentences: &[Sentence]) -> Vec<Proposal> {
    let mut found: Vec<(usize, Proposal)> = Vec::new();
    let mut headings: HashMap<usize, Vec<Range<usize>>> = HashMap::new();
    for sentence in sentences {
        let Some(placed) = ground.structure.units.get(sentence.unit) else { continue };
        for (at, compiled) in RULES.iter().enumerate() {
            if !applies(ground, compiled, sentence, &mut headings) {
                continue;
            }
            for mut proposal in proposals(ground, compiled, &sentence.range) {
                (proposal.clause, proposal.part) = (placed.clause, Some(placed.part));
                found.push((at, proposal));
            }
        }
    }
    // Surer rules first, then in the text's order: the first of a field is the one that is proposed.
    found.sort_by_key(|(rule, proposal)| (*rule, proposal.span()));
    found.into_iter().map(|(_, proposal)| proposal).collect()
}

/// Whether a row states something of the service by itself: `Availability | 99.5 %`.
fn is_of_service(ground: &Ground<'_>, row: &Placed) -> bool {
    let part = ground.structure.parts.get(row.part).map_or("", |part| part.kind.as_str());
    match ground.structure.header(row) {
        Some(header) => header.kind == TableKind::Levels && header.at("value").is_some(),
        None => part == "service-level",
    }
}

fn applies(
    ground: &Ground<'_>,
    compiled: &Compiled,
    sentence: &Sentence,
    headings: &mut HashMap<usize, Vec<Range<usize>>>,
) -> bool {
    let hits = ground.hits;
    let placed = ground.structure.units.get(sentence.unit);
    // A row states what its columns say, and a heading is no sentence.
    let row = placed.is_some_and(|it| it.unit.row);
    let states = compiled.field.starts_with("transfers.")
        || compiled.of_service && placed.is_some_and(|it| !it.heads && is_of_service(ground, it));
    let head = placed.and_then(|it| it.heading.as_ref()) == Some(&sentence.range);
    if (row && !states) || (head && compiled.rule.take == "sentence") {
        return false;
    }
    if compiled.rule.first_units.is_some_and(|most| sentence.unit >= most) {
        return false;
    }
    let here = hits.within(&sentence.range);
    let has =
        |concepts: &[Concept]| here.iter().any(|hit| concepts.contains(&hit.concept) && hit.end <= sentence.range.end);
    if !compiled.all.iter().all(|group| has(group)) || has(&compiled.none) {
        return false;
    }
    let Some(placed) = ground.structure.units.get(sentence.unit) else { return false };
    if !compiled.rule.part.is_empty() {
        let kind = ground.structure.parts.get(placed.part).map_or("", |part| part.kind.as_str());
        if !compiled.rule.part.iter().any(|known| known == kind) {
            return false;
        }
    }
    if compiled.clause.is_empty() && compiled.heading.is_empty() && compiled.without_heading.is_empty() {
        return true;
    }
    let Some(clause) = placed.clause else { return compiled.clause.is_empty() && compiled.heading.is_empty() };
    let over = headings.entry(clause).or_insert_with(|| ground.headings(clause));
    let in_headings = |concepts: &[Concept]| {
        over.iter().any(|range| concepts.iter().any(|concept| hits.first(range, *concept).is_some()))
    };
    let range = ground.structure.clauses.get(clause).map_or(0..0, |clause| clause.range.clone());
    let in_clause = |concepts: &[Concept]| {
        concepts.iter().any(|concept| hits.first(&range, *concept).is_some()) || in_headings(concepts)
    };
    compiled.clause.iter().all(|group| in_clause(group))
        && compiled.heading.iter().all(|group| in_headings(group))
        && !in_headings(&compiled.without_heading)
}

fn proposals(ground: &Ground<'_>, compiled: &Compiled, sentence: &Range<usize>) -> Vec<Proposal> {
    let rule = &compiled.rule;
    let make = |read: &Read| Proposal::new(ground.source, ground.flow, compiled.field, &rule.id, sentence, read);
    match rule.take.as_str() {
        "sentence" => make(&Read::Words(sentence.clone())).into_iter().collect(),
        "code" => {
            let because = compiled.because.and_then(|concept| ground.hits.first(sentence, concept));
            let code = rule.code.clone().unwrap_or_default();
            because.and_then(|hit| make(&Read::Meaning { code, because: hit.start..hit.end })).into_iter().collect()
        }
        "pattern" => {
            let text = ground.flow.get(sentence);
            let found = compiled.pattern.as_ref().and_then(|re| re.captures(text)).and_then(|found| found.name("v"));
            found
                .and_then(|m| make(&Read::Words(sentence.start + m.start()..sentence.start + m.end())))
                .into_iter()
                .collect()
        }
        // A sentence that says where, if it names a place.
        "place" => {
            let names = !crate::places::countries(ground.flow.get(sentence)).is_empty();
            names.then(|| make(&Read::Words(sentence.clone()))).flatten().into_iter().collect()
        }
        take => {
            let fits: Vec<&Found> =
                ground.quantities(sentence).iter().filter(|it| fits(take, rule, &it.quantity)).collect();
            if rule.every_one {
                return fits.iter().filter_map(|it| make(&Read::Quantity(it.range.clone()))).collect();
            }
            let anchor = compiled.near.and_then(|concept| ground.hits.first(sentence, concept));
            let nearest = match anchor {
                // What follows the anchor is nearer than what stands as far before it.
                Some(anchor) => fits.iter().min_by_key(|it| {
                    let (between, distance) = if it.range.start >= anchor.start {
                        (anchor.end..it.range.start, it.range.start.saturating_sub(anchor.end))
                    } else {
                        (it.range.end..anchor.start, (anchor.start - it.range.end.min(anchor.start)) * 2 + 1)
                    };
                    // A comma parts what is said of one thing from what is said of the next.
                    distance + 200 * ground.flow.get(&between).matches([',', ';']).count()
                }),
                None => fits.first(),
            };
            nearest.and_then(|it| make(&Read::Quantity(it.range.clone()))).into_iter().collect()
        }
    }
}

fn fits(take: &str, rule: &Rule, quantity: &Quantity) -> bool {
    match (take, quantity) {
        ("period", Quantity::Period(period)) => {
            let counted = period.starts_with(|c: char| c.is_ascii_digit());
            (!rule.counted || counted)
                && (rule.only_words.is_empty() || rule.only_words.contains(period))
                && !rule.not_words.contains(period)
        }
        ("every", Quantity::Every(_))
        | ("money", Quantity::Money(..))
        | ("percent", Quantity::Percent(_))
        | ("hours", Quantity::Hours(..))
        | ("time", Quantity::Time(_))
        | ("date", Quantity::Date(_))
        | ("gigabytes", Quantity::Gigabytes(_)) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_names_a_field_and_concepts_that_exist() {
        for rule in data::rules() {
            assert!(field(&rule.field).is_some(), "{}: no field `{}`", rule.id, rule.field);
            let named = [&rule.all, &rule.none, &rule.clause, &rule.heading, &rule.without_clause_heading];
            for name in named.into_iter().flatten().flat_map(|names| names.split('|')) {
                assert!(concept(name).is_some(), "{}: no concept `{name}`", rule.id);
            }
            for name in [&rule.near, &rule.because].into_iter().flatten() {
                assert!(concept(name).is_some(), "{}: no concept `{name}`", rule.id);
            }
        }
        assert!(!RULES.is_empty());
    }
}
