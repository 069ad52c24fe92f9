//! References to clauses that are not there, lists that are announced and do not follow, tables without their columns.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::{FindingKind, Found};
use crate::asides::pattern;
use crate::source::Span;

static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:punkt(?:en|erna|er)?|avsnitt(?:et)?|klausul|clauses?|sections?)\s+((?:\d{1,2}(?:\.\d{1,2})*)(?:(?:,\s*|\s+(?:och|eller|till|and|or|to)\s+)\d{1,2}(?:\.\d{1,2})*)*)",
    )
});

impl Found<'_> {
    pub(super) fn of_references(&mut self) {
        let ground = self.ground;
        let clauses = &ground.structure.clauses;
        let mut told: Vec<(Span, String)> = Vec::new();
        // Every number with those of the sections above it, so that a long text is not gone through for each reference.
        let mut known: HashSet<&str> = HashSet::new();
        for number in clauses.iter().flat_map(|clause| [clause.number.as_deref(), clause.implied.as_deref()]).flatten()
        {
            known.insert(number);
            known.extend(number.match_indices('.').filter_map(|(at, _)| number.get(..at)));
        }
        let mut missed: HashSet<String> = HashSet::new();
        for found in REFERENCE.captures_iter(&ground.flow.text) {
            let (Some(whole), Some(numbers)) = (found.get(0), found.get(1)) else { continue };
            if !self.is_ours(&whole.range()) {
                continue;
            }
            // A reference into another document is none of ours: *punkt 7 i Avtalet*.
            let after = ground.flow.lower.get(whole.end()..).unwrap_or("");
            let elsewhere = [
                " i avtalet",
                " i huvudavtalet",
                " i tjänsteavtalet",
                " of the main",
                " of the agreement",
                " i biträdesavtalet",
                " i serviceavtalet",
            ]
            .iter()
            .any(|words| after.starts_with(words) && !words.contains("biträde"));
            if elsewhere {
                told.push((ground.flow.span(&whole.range()), format!("{} ", whole.as_str())));
                continue;
            }
            for number in
                numbers.as_str().split(|c: char| !(c.is_ascii_digit() || c == '.')).filter(|it| !it.is_empty())
            {
                let number = number.trim_end_matches('.');
                if !known.contains(number) && missed.insert(number.to_owned()) {
                    told.push((ground.flow.span(&whole.range()), number.to_owned()));
                }
            }
        }
        for (span, number) in told {
            let (sv, en) = match number.strip_suffix(' ') {
                Some(words) => (
                    format!("”{words}” pekar in i ett annat dokument, som inte finns här."),
                    format!("`{words}` points into another document, which is not here."),
                ),
                None => (
                    format!("Texten hänvisar till punkt {number}, som inte finns."),
                    format!("The text refers to clause {number}, which is not there."),
                ),
            };
            self.add(FindingKind::DanglingReference, span, sv, en);
        }
    }

    pub(super) fn of_lists(&mut self, empty: &[usize]) {
        for at in empty {
            let Some(placed) = self.ground.structure.units.get(*at) else { continue };
            self.add(
                FindingKind::EmptyList,
                self.ground.flow.span(&placed.unit.range),
                "Här utlovas en lista över underbiträden, men ingen följer.".to_owned(),
                "A list of subprocessors is announced here, and none follows.".to_owned(),
            );
        }
        let pressed: HashSet<usize> = self
            .ground
            .structure
            .units
            .iter()
            .enumerate()
            .filter(|(_, it)| {
                let text = self.ground.flow.get(&it.unit.range);
                // Many items of a list or many prices inside one paragraph.
                let prices = text.matches(":-").count() + text.matches(" %").count();
                (it.unit.inline || text.len() > 400) && (prices >= 6 || text.contains("(i) (ii) (iii)"))
            })
            .map(|(at, _)| at)
            .collect();
        for table in &self.ground.flow.stacked {
            let (Some((first, _)), Some((last, _))) = (table.lines.first(), table.lines.last()) else { continue };
            let source = self.ground.source;
            let span = Span { start: source.line(*first).start, end: source.line(*last).end };
            let by = if table.headed {
                ("efter rubrikerna över dem", "by the headings over them")
            } else {
                ("efter platserna i dem", "by the places in them")
            };
            self.add(
                FindingKind::FlattenedTable,
                span,
                format!("En tabell har tappat sina kolumner: på raderna {first}–{last} är varje cell en egen rad. Raderna är satta ihop {}; jämför dem med förlagan.", by.0),
                format!("A table has lost its columns: on lines {first}–{last} each cell is a line of its own. Its rows are put together {}; compare them with the original.", by.1),
            );
        }
        for at in pressed {
            let Some(placed) = self.ground.structure.units.get(at) else { continue };
            self.add(
                FindingKind::FlattenedTable,
                self.ground.flow.span(&placed.unit.range),
                "En tabell eller lista har tryckts ihop till löpande text; kolumnerna är borta.".to_owned(),
                "A table or list has been pressed into running text; its columns are gone.".to_owned(),
            );
        }
    }
}
