//! The source of a check in the reader's language; the words are data (`data/sources.toml`).

use std::sync::LazyLock;

use serde::Deserialize;
use terms::Language;

use super::Check;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sources {
    part: Vec<Part>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    key: String,
    sv: String,
    en: String,
}

fn parts() -> &'static [Part] {
    #[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
    static PARTS: LazyLock<Vec<Part>> = LazyLock::new(|| {
        let read: Sources =
            toml_edit::de::from_str(include_str!("../../data/sources.toml")).expect("data/sources.toml");
        let mut parts = read.part;
        parts.sort_by_key(|part| core::cmp::Reverse(part.key.len()));
        parts
    });
    &PARTS
}

impl Check {
    /// The articles and sources that demand it, for people of one language.
    #[must_use]
    pub fn source_in(&self, language: Language) -> String {
        let mut said = String::with_capacity(self.source.len() + 32);
        let mut rest = self.source;
        // From left to right, so that what was put in is not looked at again.
        while let Some(c) = rest.chars().next() {
            match parts().iter().find(|part| rest.starts_with(part.key.as_str())) {
                Some(part) => {
                    said.push_str(match language {
                        Language::Sv => &part.sv,
                        Language::En => &part.en,
                    });
                    rest = rest.get(part.key.len()..).unwrap_or("");
                }
                None => {
                    said.push(c);
                    rest = rest.get(c.len_utf8()..).unwrap_or("");
                }
            }
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::art28::checks;

    #[test]
    fn every_source_is_said_in_both_languages() {
        const ENGLISH: [&str; 18] = [
            "no article",
            "the ",
            "promise",
            "certainty",
            "law",
            "bracket",
            "subparagraph",
            "Guideline",
            "Opinion",
            "CJEU",
            "Annex",
            "recital",
            "module",
            "para",
            "cl.",
            "GDPR",
            "Art.",
            " of ",
        ];
        for check in checks() {
            let (sv, en) = (check.source_in(Language::Sv), check.source_in(Language::En));
            // `lagen` is Swedish, and `law` is not in it.
            let left: Vec<&str> = ENGLISH.into_iter().filter(|word| sv.contains(word)).collect();
            assert!(left.is_empty(), "{}: {left:?} in `{sv}`", check.id);
            assert!(!en.contains("lagen") && !en.contains(" kap."), "{}: `{en}`", check.id);
        }
        let m06 = checks().find(|check| check.id == "M06").map(|check| check.source_in(Language::Sv));
        assert_eq!(m06.as_deref(), Some("ingen artikel; tjänstenivån"));
    }

    #[test]
    fn every_part_is_in_use() {
        for part in parts() {
            assert!(checks().any(|check| check.source.contains(&part.key)), "no source holds `{}`", part.key);
        }
    }
}
