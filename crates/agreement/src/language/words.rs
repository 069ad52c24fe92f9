//! What blocks, keys and words of the language are called, for people, in Swedish and English: `data/words.toml`.
//!
//! Words of the language alone. What an agreement itself calls a thing stands in its labels, and is never changed here.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;
use terms::Label;

use super::{Shape, block};
use crate::value::Value;

/// The file: in each table, a name and what it is called, Swedish first.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Names {
    block: HashMap<String, (String, String)>,
    key: HashMap<String, (String, String)>,
    /// By `block.key`.
    key_of: HashMap<String, (String, String)>,
    word: HashMap<String, (String, String)>,
    /// By `block.key.word`.
    word_of: HashMap<String, (String, String)>,
}

fn names() -> &'static Names {
    #[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
    static NAMES: LazyLock<Names> =
        LazyLock::new(|| toml_edit::de::from_str(include_str!("../../data/words.toml")).expect("data/words.toml"));
    &NAMES
}

fn called(found: Option<&(String, String)>, name: &str) -> Label {
    let (sv, en) = found.map_or((name, name), |(sv, en)| (sv, en));
    Label { sv: sv.to_owned(), en: en.to_owned() }
}

/// What a block is called; one that the language lacks is shown as it is.
#[must_use]
pub fn block_name(name: &str) -> Label {
    called(names().block.get(name), name)
}

/// What a key of a block is called; one that the language lacks is shown as it is.
#[must_use]
pub fn key_name(block: &str, key: &str) -> Label {
    let all = names();
    called(all.key_of.get(&format!("{block}.{key}")).or_else(|| all.key.get(key)), key)
}

/// What a word of a closed list is called under a key of a block; one that the language lacks is shown as it is.
#[must_use]
pub fn word_name(block: &str, key: &str, word: &str) -> Label {
    let all = names();
    called(all.word_of.get(&format!("{block}.{key}.{word}")).or_else(|| all.word.get(word)), word)
}

/// A value as people read it. Ids of what the agreement defines are shown as they are; whoever knows the agreement says more.
#[must_use]
pub fn value_name(of: &str, key: &str, value: &Value) -> Label {
    let plain = |text: String| Label { en: text.clone(), sv: text };
    let closed = block(of)
        .and_then(|block| block.key(key))
        .is_some_and(|key| matches!(key.shape, Shape::Word(_) | Shape::Words(_)));
    match value {
        Value::Label(label) => label.clone(),
        Value::Flag(flag) => word_name(of, key, if *flag { "yes" } else { "no" }),
        Value::Period(period) => period.label(),
        Value::Text(word) if closed => word_name(of, key, word),
        Value::Words(words) if closed => {
            let all: Vec<Label> = words.iter().map(|word| word_name(of, key, word)).collect();
            let list = |text: fn(&Label) -> &str| all.iter().map(text).collect::<Vec<_>>().join(", ");
            Label { sv: list(|label| &label.sv), en: list(|label| &label.en) }
        }
        Value::Percent(_) | Value::Money { .. } => {
            let text = value.to_string();
            Label { sv: text.replace('.', ",").replace(" SEK", " kr"), en: text }
        }
        other => plain(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::blocks;
    use super::*;

    fn differ<'a>(named: impl Iterator<Item = &'a String>, known: &BTreeSet<String>) -> Vec<String> {
        let named: BTreeSet<String> = named.cloned().collect();
        let lacks = known.difference(&named).map(|name| format!("lacks {name}"));
        lacks.chain(named.difference(known).map(|name| format!("superfluous {name}"))).collect()
    }

    #[test]
    fn every_block_key_and_word_has_a_name_and_nothing_else_has() {
        let (mut of_blocks, mut of_keys, mut of_words) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let (mut paths, mut words) = (BTreeSet::new(), BTreeSet::new());
        for block in blocks() {
            of_blocks.insert(block.name.to_owned());
            of_words.extend(block.ids.iter().map(|id| (*id).to_owned()));
            for key in block.each_key() {
                of_keys.insert(key.name.to_owned());
                paths.insert(format!("{}.{}", block.name, key.name));
                if let Shape::Word(list) | Shape::Words(list) = key.shape {
                    of_words.extend(list.iter().map(|word| (*word).to_owned()));
                    words.extend(list.iter().map(|word| format!("{}.{}.{word}", block.name, key.name)));
                }
            }
        }
        let all = names();
        assert_eq!(differ(all.block.keys(), &of_blocks), Vec::<String>::new());
        assert_eq!(differ(all.key.keys(), &of_keys), Vec::<String>::new());
        assert_eq!(differ(all.word.keys(), &of_words), Vec::<String>::new());
        assert_eq!(all.key_of.keys().find(|path| !paths.contains(*path)), None);
        assert_eq!(all.word_of.keys().find(|path| !words.contains(*path)), None);
        for (name, (sv, en)) in all.block.iter().chain(&all.key).chain(&all.word).chain(&all.key_of).chain(&all.word_of)
        {
            assert!(!sv.trim().is_empty() && !en.trim().is_empty(), "{name} is called nothing");
        }
    }

    #[test]
    fn a_block_may_call_its_key_and_word_otherwise() {
        assert_eq!(key_name("ending", "silence").en, "If the customer does not choose");
        assert_eq!(key_name("incident", "silence").en, "If nobody answers");
        assert_eq!(word_name("ending", "certificate", "none").sv, "inget");
        assert_eq!(word_name("never", "never", "never-a-word").sv, "never-a-word");
    }
}
