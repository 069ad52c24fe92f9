//! Numbers of clauses and annexes: used twice, left out, implied, lost.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::{FindingKind, Found};
use crate::asides::pattern;
use crate::numbering::{self, Style};
use crate::source::Span;

static ANNEX_REFERENCE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(under)?(?:bilaga|annex|appendix|schedule)\s+(\d{1,2}(?::\d{1,2})?|[A-H]\b)"));

impl Found<'_> {
    pub(super) fn of_numbers(&mut self) {
        let clauses = &self.ground.structure.clauses;
        let mut told = Vec::new();
        for part in 0..self.ground.structure.parts.len() {
            // Clauses stand in the order of their parts.
            let from = clauses.partition_point(|clause| clause.part < part);
            let to = clauses.partition_point(|clause| clause.part <= part);
            let clauses = clauses.get(from..to).unwrap_or(&[]);
            let own: Vec<_> = clauses.iter().filter(|clause| clause.number.is_some()).collect();
            let dotted: Vec<_> =
                own.iter().filter(|clause| numbering::path(clause.number.as_deref().unwrap_or("")).len() > 1).collect();
            let mut seen: HashSet<&str> = HashSet::new();
            for clause in &dotted {
                let Some(number) = clause.number.as_deref() else { continue };
                if !seen.insert(number) {
                    told.push((
                        FindingKind::TwiceNumbered,
                        clause.span,
                        format!("Numret {number} används mer än en gång i samma del."),
                        format!("The number {number} is used more than once in one part."),
                    ));
                }
            }
            let tops: Vec<(u32, Span)> = own
                .iter()
                .filter_map(|clause| Some((*numbering::path(clause.number.as_deref()?).first()?, clause.span)))
                .collect();
            for pair in tops.windows(2) {
                if let [(before, _), (after, span)] = pair
                    && *after > before + 1
                    && *after < before + 8
                    && !dotted.is_empty()
                {
                    let (before, after) = (*before, *after);
                    told.push((
                        FindingKind::MissingNumber,
                        *span,
                        format!("Efter avsnitt {before} kommer avsnitt {after}; däremellan saknas nummer."),
                        format!("After section {before} comes section {after}; a number between is missing."),
                    ));
                }
            }
            let implied: Vec<_> = clauses.iter().filter(|clause| clause.implied.is_some()).collect();
            if let Some(first) = implied.first() {
                let count = implied.iter().filter(|clause| clause.level == 1).count();
                told.push((
                    FindingKind::ImpliedNumbers,
                    first.span,
                    format!("{count} rubriker saknar nummer; numren här är de som ordningen ger, och hänvisningarna prövas mot dem."),
                    format!("{count} headings carry no number; the numbers shown are those that their order gives, and references are tried against them."),
                ));
            }
        }
        let mut last: Option<(usize, u32)> = None;
        for (at, placed) in self.ground.structure.units.iter().enumerate() {
            let Some(number) = placed.unit.number.as_ref().filter(|number| number.style == Style::Item) else {
                continue;
            };
            let Some(value) = numbering::item_value(&number.text) else { continue };
            let follows = last.is_some_and(|(before, last)| at - before <= 3 && value == last + 1);
            let before = at.checked_sub(1).and_then(|at| self.ground.structure.units.get(at));
            if value > 2 && !follows && before.is_some_and(|it| it.unit.bullet) {
                let text = number.text.clone();
                told.push((
                    FindingKind::LostNumbers,
                    self.ground.flow.span(&placed.unit.range),
                    format!("Listan börjar med punkter utan nummer och fortsätter med {text}; de första numren har gått förlorade."),
                    format!("The list begins with items without numbers and goes on with {text}; the first numbers are lost."),
                ));
            }
            last = Some((at, value));
        }
        for (kind, span, sv, en) in told {
            self.add(kind, span, sv, en);
        }
        self.of_annexes();
    }

    fn of_annexes(&mut self) {
        let ground = self.ground;
        let annexes: Vec<(String, Span)> = ground
            .structure
            .parts
            .iter()
            .filter_map(|part| part.annex.clone().map(|number| (number, part.span)))
            .collect();
        let mut mentioned: Vec<(String, Span)> = Vec::new();
        for found in ANNEX_REFERENCE.captures_iter(&ground.flow.text) {
            let (Some(whole), Some(number)) = (found.get(0), found.get(2)) else { continue };
            if !self.is_ours(&whole.range()) {
                continue;
            }
            mentioned.push((number.as_str().to_owned(), ground.flow.span(&whole.range())));
        }
        let mut seen = HashSet::new();
        let mut told = Vec::new();
        for (number, span) in &mentioned {
            let there = annexes.iter().any(|(known, _)| known == number) || !seen.insert(number.clone());
            if !there {
                told.push((
                    *span,
                    format!("Texten hänvisar till bilaga {number}, som inte finns i den."),
                    format!("The text refers to annex {number}, which is not in it."),
                ));
            }
        }
        let whole: Vec<u32> = annexes.iter().filter_map(|(number, _)| number.parse().ok()).collect();
        if let (Some(first), Some(last)) = (annexes.first(), whole.iter().max()) {
            for number in 1..*last {
                if !whole.contains(&number) && seen.insert(number.to_string()) {
                    told.push((
                        first.1,
                        format!("Bilagorna är numrerade till {last}, men bilaga {number} finns inte."),
                        format!("The annexes are numbered up to {last}, but there is no annex {number}."),
                    ));
                }
            }
        }
        for (span, sv, en) in told {
            self.add(FindingKind::MissingAnnex, span, sv, en);
        }
    }
}
