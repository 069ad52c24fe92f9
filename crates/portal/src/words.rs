//! The portal's own words in both languages, built into the program. What an agreement or a service calls its things comes
//! from their labels, never from here.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use terms::Language;
use unic_langid::LanguageIdentifier;

macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        const SV: &[(&str, &str)] = &[$(($name, include_str!(concat!("../words/sv/", $name, ".ftl")))),+];
        const EN: &[(&str, &str)] = &[$(($name, include_str!(concat!("../words/en/", $name, ".ftl")))),+];
    };
}

// One name a line, so that two who add one do not meet; each is a file in both languages.
files!(
    "accounts",
    "administration",
    "agreement",
    "agreement-registers",
    "answers",
    "api",
    "checkpoints",
    "confirm",
    "confirm-point",
    "customer-file",
    "data-quality",
    "entrance",
    "erasure",
    "export",
    "figures",
    "files",
    "frame",
    "holds",
    "import",
    "notices",
    "operations",
    "participant-file",
    "read",
    "reading-report",
    "refusal",
    "same-event",
    "service",
    "subprocessors",
    "support",
    "views",
    "who-looked",
);

/// What stands in the place of a `{ $name }`.
pub type Arg<'a> = (&'static str, FluentValue<'a>);

/// The text under `key`. A key that does not exist is shown as itself, so that it is seen; a test looks for those.
#[must_use]
pub fn t(language: Language, key: &str) -> String {
    text(language, key, None)
}

/// The text under `key` with its places filled.
#[must_use]
pub fn t_with(language: Language, key: &str, args: &[Arg<'_>]) -> String {
    text(language, key, Some(&args.iter().map(|(name, value)| (*name, value.clone())).collect()))
}

/// Whether there is a text under `key`, for words that agreements and services choose.
#[must_use]
pub fn has(language: Language, key: &str) -> bool {
    bundle(language).has_message(key)
}

fn text(language: Language, key: &str, args: Option<&FluentArgs<'_>>) -> String {
    let bundle = bundle(language);
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        return key.to_owned();
    };
    let mut errors = Vec::new();
    match bundle.format_pattern(pattern, args, &mut errors) {
        Cow::Borrowed(text) => text.to_owned(),
        Cow::Owned(text) => text,
    }
}

type Bundle = FluentBundle<FluentResource>;

fn bundle(language: Language) -> &'static Bundle {
    static BOTH: LazyLock<[Bundle; 2]> = LazyLock::new(|| [make(Language::Sv).0, make(Language::En).0]);
    let [sv, en] = &*BOTH;
    match language {
        Language::Sv => sv,
        Language::En => en,
    }
}

/// The bundle and the faults of its files, which only the test looks at: a file with a fault still gives its sound texts.
fn make(language: Language) -> (Bundle, Vec<String>) {
    let (id, files) = match language {
        Language::Sv => ("sv", SV),
        Language::En => ("en", EN),
    };
    let mut bundle = FluentBundle::new_concurrent(id.parse::<LanguageIdentifier>().into_iter().collect());
    // Texts are of one direction and values are checked for direction marks on their way in.
    bundle.set_use_isolating(false);
    let mut faults = Vec::new();
    for (name, text) in files {
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(sound, errors)| {
            faults.extend(errors.iter().map(|error| format!("{name}: {error}")));
            sound
        });
        if let Err(errors) = bundle.add_resource(resource) {
            faults.extend(errors.iter().map(|error| format!("{name}: {error}")));
        }
    }
    (bundle, faults)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn keys(files: &[(&str, &str)]) -> BTreeSet<String> {
        files
            .iter()
            .flat_map(|(_, text)| text.lines())
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" ="))
            .map(|(key, _)| key.to_owned())
            .collect()
    }

    #[test]
    fn both_languages_have_the_same_words_and_no_faults() {
        let (sv, en) = (keys(SV), keys(EN));
        assert_eq!(sv.difference(&en).collect::<Vec<_>>(), Vec::<&String>::new(), "only in Swedish");
        assert_eq!(en.difference(&sv).collect::<Vec<_>>(), Vec::<&String>::new(), "only in English");
        assert_eq!(make(Language::Sv).1, Vec::<String>::new());
        assert_eq!(make(Language::En).1, Vec::<String>::new());
    }

    /// Looks for `t("…")` and `t_with("…")` in the sources; keys that are put together at run time are tested where they are.
    #[test]
    fn every_key_that_a_page_uses_exists() {
        fn sources(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    sources(&path, found);
                } else if path.extension().is_some_and(|ext| ext == "rs") {
                    found.push(path);
                }
            }
        }
        let mut files = Vec::new();
        sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
        let mut missing = Vec::new();
        let mut used = 0;
        for file in files.iter().filter(|file| !file.ends_with("words.rs")) {
            let text = std::fs::read_to_string(file).unwrap();
            for opening in ["t(\"", "t_with(\""] {
                for (at, _) in text.match_indices(opening) {
                    let before = text[..at].chars().next_back();
                    if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                        continue;
                    }
                    let key = text[at + opening.len()..].split('"').next().unwrap();
                    used += 1;
                    if !has(Language::Sv, key) || !has(Language::En, key) {
                        missing.push(format!("{}: {key}", file.display()));
                    }
                }
            }
        }
        assert!(used > 20, "the search finds what it looks for");
        assert_eq!(missing, Vec::<String>::new());
    }

    #[test]
    fn places_are_filled() {
        assert!(t_with(Language::Sv, "clause", &[("number", "3.2".into())]).contains("3.2"));
    }
}
