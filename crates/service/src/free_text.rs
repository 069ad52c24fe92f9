//! What in a free text looks like data outside the Specification: a personnummer, an address of mail, a telephone number, words
//! that hint at special categories (GDPR Articles 9 and 10). It finds places worth reading again, and judges nobody: nothing is
//! summed up by person.
//!
//! Not here: who may read the text, and what is done about it.

use std::sync::LazyLock;

use terms::{Category, Label};
use toml_edit::Document;

use crate::value::is_personnummer;

/// Something found in a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Of which kind: `personnummer`, `email`, `phone`, or a group of words as `health`.
    pub kind: &'static str,
    /// The word itself, where it is a word; what identifies somebody is not repeated.
    pub word: Option<String>,
}

/// A group of words.
struct Group {
    name: &'static str,
    label: Label,
    /// Whole words.
    words: Vec<String>,
    /// Beginnings of words.
    beginnings: Vec<String>,
}

const WORDS: &str = include_str!("../data/sensitive.toml");
/// The groups of the data file, by the names that the customer's additions may have.
const GROUPS: [&str; 7] = ["health", "religion", "trade-union", "origin", "politics", "sexual", "crime"];

/// What people call a kind of finding that is a group of words; nothing for the others, whose names are the portal's.
#[must_use]
pub fn finding_label(kind: &str) -> Option<&'static Label> {
    groups().iter().find(|group| group.name == kind).map(|group| &group.label)
}

/// What looks like data outside the Specification. A group that the customer has added to the Specification is not looked for.
#[must_use]
pub fn findings(text: &str, added: &[Category]) -> Vec<Finding> {
    let mut found = Vec::new();
    for piece in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '"' | '<' | '>')) {
        let piece = piece.trim_matches(|c: char| matches!(c, '.' | ':' | '!' | '?' | '\''));
        if is_personnummer(piece) {
            found.push(Finding { kind: "personnummer", word: None });
        } else if is_email(piece) {
            found.push(Finding { kind: "email", word: None });
        }
    }
    if has_phone(text) {
        found.push(Finding { kind: "phone", word: None });
    }
    let lower = text.to_lowercase();
    for word in lower.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|word| word.len() > 2) {
        let groups = groups().iter().filter(|group| added.iter().all(|category| category.as_str() != group.name));
        for group in groups {
            let whole = group.words.iter().any(|one| one == word);
            if whole || group.beginnings.iter().any(|one| word.starts_with(one.as_str())) {
                found.push(Finding { kind: group.name, word: Some(word.to_owned()) });
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

fn is_email(piece: &str) -> bool {
    let Some((local, domain)) = piece.split_once('@') else { return false };
    !local.is_empty() && domain.contains('.') && !domain.starts_with('.') && !domain.contains('@')
}

/// Seven to fifteen digits in a row but for spaces and hyphens, beginning as Swedish and international numbers do. A date or an
/// amount is none.
fn has_phone(text: &str) -> bool {
    let mut run = String::new();
    let is_phone = |run: &str| {
        let digits = run.chars().filter(char::is_ascii_digit).count();
        let compact: String = run.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        (8..=15).contains(&digits)
            && (compact.starts_with('+')
                || compact.starts_with("00")
                || compact.starts_with("07")
                || compact.starts_with("08"))
            && !is_personnummer(&compact)
    };
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_digit() || matches!(c, ' ' | '-') || (c == '+' && run.trim().is_empty()) {
            if c == ' ' && run.is_empty() {
                continue;
            }
            run.push(c);
        } else {
            if is_phone(&run) {
                return true;
            }
            run.clear();
        }
    }
    false
}

fn groups() -> &'static [Group] {
    static READ: LazyLock<Vec<Group>> = LazyLock::new(|| {
        // A test reads the file; one that does not read here would find nothing, and that test would fail first.
        let Ok(document) = Document::parse(WORDS) else { return Vec::new() };
        GROUPS
            .iter()
            .filter_map(|name| {
                let table = document.get(name)?.as_table_like()?;
                let text =
                    |item: Option<&toml_edit::Item>| item.and_then(|item| item.as_str()).unwrap_or("").to_owned();
                let label = table.get("label")?.as_table_like()?;
                let label = Label { sv: text(label.get("sv")), en: text(label.get("en")) };
                let words = ["sv", "en"].iter().filter_map(|language| table.get(language)?.as_array());
                let words: Vec<&str> = words.flatten().filter_map(|word| word.as_str()).collect();
                let (beginnings, words): (Vec<&str>, Vec<&str>) =
                    words.into_iter().partition(|word| word.ends_with('*'));
                Some(Group {
                    name,
                    label,
                    words: words.into_iter().map(str::to_owned).collect(),
                    beginnings: beginnings.into_iter().map(|word| word.trim_end_matches('*').to_owned()).collect(),
                })
            })
            .collect()
    });
    &READ
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<&'static str> {
        findings(text, &[]).into_iter().map(|one| one.kind).collect()
    }

    #[test]
    fn the_words_read_in_both_languages() {
        assert_eq!(groups().len(), GROUPS.len());
        assert!(groups().iter().all(|group| group.words.len() + group.beginnings.len() > 10));
        assert!(groups().iter().all(|group| !group.label.sv.is_empty() && !group.label.en.is_empty()));
    }

    #[test]
    fn what_identifies_somebody_is_found_and_not_repeated() {
        // A test identity of Skatteverket's, given to nobody.
        for text in ["pnr 189001129817.", "(18900112-9817)"] {
            assert_eq!(kinds(text), ["personnummer"], "{text}");
        }
        assert_eq!(findings("skriv till a.b@firman.example!", &[]), [Finding { kind: "email", word: None }]);
        assert_eq!(kinds("ring 070-174 06 05 imorgon"), ["phone"]);
        assert_eq!(kinds("ring +46 70 174 06 05"), ["phone"]);
    }

    #[test]
    fn words_of_special_categories_are_found_in_both_languages() {
        assert_eq!(
            findings("Har varit sjukskriven för depression.", &[]),
            [
                Finding { kind: "health", word: Some("depression".to_owned()) },
                Finding { kind: "health", word: Some("sjukskriven".to_owned()) }
            ]
        );
        assert_eq!(kinds("goes to the mosque, was convicted"), ["crime", "religion"]);
        let health = [Category::new("health").unwrap()];
        assert!(findings("sjukskriven", &health).is_empty(), "the customer has added it to the Specification");
    }

    #[test]
    fn an_ordinary_note_has_nothing() {
        for text in [
            "Kom i tid och sökte tre arbeten. Nästa möte 2026-11-21 kl. 09.30.",
            "Ordernummer 1234567890, 12 000 kr, 2026-01-01--2026-06-30",
            "Talked about the CV and practised an interview.",
            "",
        ] {
            assert!(findings(text, &[]).is_empty(), "{text}: {:?}", findings(text, &[]));
        }
    }
}
