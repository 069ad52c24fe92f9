//! Both languages say the same things: words files have the same keys.

use std::collections::BTreeMap;

use super::{Fault, Rule, Tree};

pub const RULE: Rule =
    Rule { name: "words", why: "a reader of one language must not be shown less than a reader of the other", check };

const LANGUAGES: [&str; 2] = ["/words/sv/", "/words/en/"];

fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending(".ftl") {
        let here = keys(text);
        let Some((own, other)) = [(0, 1), (1, 0)].into_iter().find(|(own, _)| path.contains(LANGUAGES[*own])) else {
            continue;
        };
        let twin = path.replace(LANGUAGES[own], LANGUAGES[other]);
        let Some(there) = tree.text(&twin).map(keys) else {
            faults.push(Fault::new(path, None, format!("has no twin `{twin}`")));
            continue;
        };
        for (key, line) in here.iter().filter(|(key, _)| !there.contains_key(*key)) {
            faults.push(Fault::new(path, *line, format!("`{key}` is missing in `{twin}`")));
        }
    }
    faults
}

/// Messages, terms and their attributes, with the line on which each begins.
fn keys(text: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    let mut message = String::new();
    for (number, line) in text.lines().enumerate() {
        let Some((key, _)) = line.split_once('=') else { continue };
        let key = key.trim_end();
        let plain = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
        };
        if plain(key.strip_prefix('-').unwrap_or(key)) {
            key.clone_into(&mut message);
            found.insert(message.clone(), number + 1);
        } else if let Some(attribute) = key.trim_start().strip_prefix('.').filter(|name| plain(name)) {
            found.insert(format!("{message}.{attribute}"), number + 1);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{check_clean, check_one};
    use super::*;

    #[test]
    fn a_key_in_one_language_only_fails() {
        let sv = ("crates/portal/words/sv/a.ftl", "# not = this\na = ett\nb = två\n    .title = titel\n");
        let en = (
            "crates/portal/words/en/a.ftl",
            "b = two\n    .title = title { $x ->\n  [one] is = 1\n  *[other] 2 }\na = one",
        );
        check_clean(&RULE, &[sv, en]);
        let less = ("crates/portal/words/en/a.ftl", "a = one\nb = two");
        check_one(&RULE, &[sv, less], "crates/portal/words/sv/a.ftl:4: `b.title` is missing");
    }

    #[test]
    fn a_file_in_one_language_only_fails() {
        check_one(&RULE, &[("crates/portal/words/sv/a.ftl", "a = ett")], "crates/portal/words/sv/a.ftl: has no twin");
    }
}
