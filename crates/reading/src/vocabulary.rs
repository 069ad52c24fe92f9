//! The words that contracts use for categories of personal data → concepts of the vocabulary (`data/vocabulary.toml`).
//!
//! A label of several things has no single concept, and gets none: nothing is widened or narrowed silently.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use crate::data;

static WORDS: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let table: &'static BTreeMap<String, Vec<String>> = Box::leak(Box::new(data::vocabulary()));
    table.iter().flat_map(|(concept, words)| words.iter().map(|word| (word.to_lowercase(), concept.as_str()))).collect()
});

/// The concept that a category's label is, as `pd:EmailAddress`; none where no word fits, or the label names several things.
#[must_use]
pub fn concept_of(label: &str) -> Option<&'static str> {
    let label = label.to_lowercase();
    // What stands in brackets explains and names nothing else.
    let bare = label.split(['(', '[']).next().unwrap_or(&label);
    let bare = bare.trim().trim_end_matches(['.', ';', ':', ',']).trim();
    let several =
        [",", "/", ";", " och ", " samt ", " eller ", " and ", " or ", " & "].iter().any(|mark| bare.contains(mark));
    if let Some(concept) = WORDS.get(bare) {
        return Some(concept);
    }
    if several {
        return None;
    }
    // «Kundens e-postadress», «e-mail address of the user»: the longest known word at an end of the label.
    let words: Vec<&str> = bare.split_whitespace().collect();
    for length in (1..words.len().min(5)).rev() {
        for part in [words.get(..length), words.get(words.len() - length..)].into_iter().flatten() {
            if let Some(concept) = WORDS.get(&part.join(" ")) {
                return Some(concept);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_one_concept() {
        let all = data::vocabulary();
        let mut seen = BTreeMap::new();
        for (concept, words) in &all {
            assert!(["pd:", "dpv:", "pub:", "tech:"].iter().any(|prefix| concept.starts_with(prefix)), "{concept}");
            for word in words {
                assert_eq!(seen.insert(word.to_lowercase(), concept), None, "`{word}` is there twice");
            }
        }
    }

    #[test]
    fn a_label_of_one_thing_has_its_concept_and_one_of_several_has_none() {
        for (label, concept) in [
            ("Namn", Some("pd:Name")),
            ("E-postadress", Some("pd:EmailAddress")),
            ("kundens e-postadress", Some("pd:EmailAddress")),
            ("E-mail address of users", Some("pd:EmailAddress")),
            ("Personnummer (i förekommande fall)", Some("pub:SwedishPersonalIdentityNumber")),
            ("Sjukfrånvaro.", Some("pd:Health")),
            ("namn, adress och telefon", None),
            ("för- och efternamn", Some("pd:Name")),
            ("övrigt som kunden lagrar", None),
            ("", None),
        ] {
            assert_eq!(concept_of(label), concept, "{label}");
        }
    }
}
