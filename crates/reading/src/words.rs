//! Where the text speaks of what: every word of `concepts.toml` found in one pass, however many there are.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::data;

/// A concept, as a row of the table.
pub(crate) type Concept = u16;

struct Table {
    machine: AhoCorasick,
    /// For each word: the concept, whether it may stand inside a word, whether it must end one.
    words: Vec<(Concept, bool, bool)>,
    names: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let concepts = data::concepts();
    let mut words = Vec::new();
    let mut patterns = Vec::new();
    let mut names = Vec::new();
    for (at, (name, list)) in concepts.into_iter().enumerate() {
        let concept = Concept::try_from(at).unwrap_or(Concept::MAX);
        for word in list {
            let inside = word.starts_with('~');
            let ends = word.ends_with('|');
            patterns.push(word.trim_start_matches('~').trim_end_matches('|').to_lowercase());
            words.push((concept, inside, ends));
        }
        names.push(name);
    }
    Table { machine: machine(&patterns), words, names }
});

#[expect(clippy::expect_used, reason = "the words are part of the program, and a test reads them")]
pub(crate) fn machine(patterns: &[String]) -> AhoCorasick {
    AhoCorasick::builder().match_kind(MatchKind::Standard).build(patterns).expect("words of this crate")
}

/// The concept of a name in the data files.
pub(crate) fn concept(name: &str) -> Option<Concept> {
    let at = TABLE.names.binary_search_by(|known| known.as_str().cmp(name)).ok()?;
    Concept::try_from(at).ok()
}

/// A word of a concept, and where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit {
    pub start: usize,
    pub end: usize,
    pub concept: Concept,
}

/// All of them, in order.
pub(crate) struct Hits(Vec<Hit>);

impl Hits {
    /// Of a text in small letters.
    pub fn of(lower: &str) -> Self {
        let mut hits: Vec<Hit> = TABLE
            .machine
            .find_overlapping_iter(lower)
            .filter_map(|found| {
                let (concept, inside, ends) = *TABLE.words.get(found.pattern().as_usize())?;
                let (start, end) = (found.start(), found.end());
                let begins = inside || is_edge(lower, start, false);
                (begins && (!ends || is_edge(lower, end, true))).then_some(Hit { start, end, concept })
            })
            .collect();
        hits.sort_by_key(|hit| (hit.start, hit.end));
        Self(hits)
    }

    /// Those within a stretch.
    pub fn within(&self, range: &Range<usize>) -> &[Hit] {
        let from = self.0.partition_point(|hit| hit.start < range.start);
        let to = self.0.partition_point(|hit| hit.start < range.end);
        self.0.get(from..to).unwrap_or(&[])
    }

    /// Where the first word of the concept stands in a stretch.
    pub fn first(&self, range: &Range<usize>, concept: Concept) -> Option<Hit> {
        self.within(range).iter().find(|hit| hit.concept == concept && hit.end <= range.end).copied()
    }

    /// Whether a word of the concept stands in a stretch.
    pub fn has(&self, range: &Range<usize>, name: &str) -> bool {
        concept(name).is_some_and(|concept| self.first(range, concept).is_some())
    }

    /// How many words of the concept stand in a stretch.
    pub fn count(&self, range: &Range<usize>, name: &str) -> usize {
        let Some(concept) = concept(name) else { return 0 };
        self.within(range).iter().filter(|hit| hit.concept == concept).count()
    }
}

/// Whether a word ends (or begins) at this byte.
pub(crate) fn is_edge(text: &str, at: usize, after: bool) -> bool {
    let next = if after {
        text.get(at..).and_then(|rest| rest.chars().next())
    } else {
        text.get(..at).and_then(|before| before.chars().next_back())
    };
    !next.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_a_beginning_and_may_be_bound() {
        let text = "personuppgiftsincidenter rapporteras av vi och vid behov";
        let hits = Hits::of(text);
        let all = 0..text.len();
        assert!(hits.has(&all, "incident") && hits.has(&all, "notify"));
        assert_eq!(hits.count(&all, "we"), 1);
    }
}
