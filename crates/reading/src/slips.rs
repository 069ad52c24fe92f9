//! Words that look like slips: once in the text, and one letter inside away from a word that it uses often, or such a word without its
//! beginning. They are told and never mended, since a name or a word of trade may look just like one.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use crate::data;

/// A shorter word has too many neighbours.
const SHORTEST: usize = 7;
/// So often a word stands for somebody who means it.
const OFTEN: usize = 3;
/// Words that are looked at; a longer text is no contract.
const MOST_WORDS: usize = 40_000;
/// Beginnings that make another word of one, and are no slip when they are missing.
const BEGINNINGS: &[&str] = &[
    "an", "av", "be", "bi", "de", "dis", "en", "för", "ge", "ho", "i", "il", "im", "in", "ir", "mis", "o", "om", "på",
    "re", "sam", "sub", "un", "up", "upp", "ut", "vid", "å", "åt", "öv",
];

/// Every word of the dictionaries: they are right, whatever they are near.
static KNOWN: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let tables = [data::concepts(), data::vocabulary(), data::numbers().unit, data::numbers().worded];
    let words = tables.iter().flat_map(|table| table.values().flatten());
    let parts =
        words.flat_map(|words| words.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase).collect::<Vec<_>>());
    parts.filter(|word| word.chars().count() >= 5).collect()
});

/// Each slip with the word that it looks like.
pub(crate) fn find(text: &str) -> Vec<(Range<usize>, String)> {
    let mut places: HashMap<&str, (Range<usize>, usize)> = HashMap::new();
    let mut from = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphabetic(), from) {
            (true, None) => from = Some(at),
            (false, Some(start)) => {
                let word = text.get(start..at).unwrap_or("");
                if word.len() >= SHORTEST {
                    places.entry(word).or_insert((start..at, 0)).1 += 1;
                }
                from = None;
            }
            _ => {}
        }
    }
    if places.len() > MOST_WORDS {
        return Vec::new();
    }
    let often: Vec<&str> = places
        .iter()
        .filter(|(word, (_, count))| *count >= OFTEN && word.len() > SHORTEST)
        .map(|(word, _)| *word)
        .collect();
    let mut found: Vec<(Range<usize>, String)> = Vec::new();
    for (word, (range, count)) in &places {
        if *count > 1 || is_known(word) {
            continue;
        }
        let like = often.iter().find(|other| is_near(word, other) || lost_beginning(word, other, &places));
        if let Some(like) = like {
            found.push((range.clone(), (*like).to_owned()));
        }
    }
    found.sort_by_key(|(range, _)| range.start);
    found
}

/// Whether it is a word of the dictionaries, or one with another ending.
fn is_known(word: &str) -> bool {
    let ends: Vec<usize> = word.char_indices().map(|(at, _)| at).skip(5).chain([word.len()]).collect();
    ends.iter().rev().take(4).any(|end| word.get(..*end).is_some_and(|stem| KNOWN.contains(stem)))
}

/// Whether one letter inside is another, missing, or too many. The end of a word changes by its grammar.
fn is_near(word: &str, other: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (word.chars().collect(), other.chars().collect());
    if a.len().abs_diff(b.len()) > 1 || a == b {
        return false;
    }
    let before = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let after = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let longer = a.len().max(b.len());
    before >= 2 && after >= 4 && before + after >= longer - 1
}

/// Whether it is a frequent word without its first letters, and stands nowhere else, neither alone nor in another word.
fn lost_beginning(word: &str, other: &str, places: &HashMap<&str, (Range<usize>, usize)>) -> bool {
    let Some(lost) = other.strip_suffix(word) else { return false };
    (1..=3).contains(&lost.chars().count())
        && !BEGINNINGS.contains(&lost)
        && !places
            .keys()
            .any(|known| *known != word && (known.starts_with(word) || (known.ends_with(word) && *known != other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(String, String)> {
        find(text).into_iter().map(|(range, like)| (text[range].to_owned(), like)).collect()
    }

    fn pair(a: &str, b: &str) -> (String, String) {
        (a.to_owned(), b.to_owned())
    }

    #[test]
    fn a_letter_inside_and_a_lost_beginning_are_slips_and_other_endings_are_not() {
        let text =
            "mottagare mottagare mottagare mottagarna motagare verksamhet verksamhet verksamhet erksamhet verksamheten";
        assert_eq!(told(text), [pair("motagare", "mottagare"), pair("erksamhet", "verksamhet")]);
        let clean = "förvaltning förvaltning förvaltning valtning underförvaltning förvaltningen förvaltningar";
        assert_eq!(told(clean), Vec::new(), "a part of a compound is a word");
    }
}
