//! Text templates: answers put into files. As little as is needed: values, lists and conditions; it computes nothing.
//!
//! `{{key}}` is the value as it is, `{{\key}}` escaped within a TOML string, `{{"key"}}` a whole TOML string, `{{[key]}}` a TOML
//! list of strings, `{{~key}}` a period in the language of the text and `{{<key}}` the same after *within*. `{{#key}}…{{/key}}`
//! stands once for every item of a list, or when a value is there; `{{#key=word}}…` when it is that word; `{{^key}}…` when it is
//! not there. A key is looked up in the item first, then outwards.

use calendar::Period;
use serde_json::Value;
use terms::Language;

/// A fault of the template itself, never of an answer.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the template has a fault at `{0}`")]
pub struct TemplateFault(String);

/// Fills the template.
///
/// # Errors
/// Where the template names what is not there, or a section does not end.
pub fn fill(template: &str, answers: &Value, language: Language) -> Result<String, TemplateFault> {
    let mut filled = String::with_capacity(template.len());
    section(template, &mut vec![answers], language, &mut filled)?;
    Ok(filled)
}

fn section(
    mut rest: &str,
    scopes: &mut Vec<&Value>,
    language: Language,
    into: &mut String,
) -> Result<(), TemplateFault> {
    while let Some((before, after)) = rest.split_once("{{") {
        let own_line = (before.is_empty() && (into.is_empty() || into.ends_with('\n'))) || before.ends_with('\n');
        into.push_str(before);
        let (tag, after) = after.split_once("}}").ok_or_else(|| TemplateFault(cut(after)))?;
        rest = after;
        let Some(name) = tag.strip_prefix(['#', '^']) else {
            into.push_str(&value(tag, scopes, language)?);
            continue;
        };
        // A tag that has a line to itself takes the line with it.
        if own_line {
            rest = rest.strip_prefix('\n').unwrap_or(rest);
        }
        let (inner, after) = until_end(rest, name)?;
        let closed_own_line = inner.is_empty() || inner.ends_with('\n');
        rest = if closed_own_line { after.strip_prefix('\n').unwrap_or(after) } else { after };
        let (key, word) = name.split_once('=').map_or((name, None), |(key, word)| (key, Some(word)));
        let found = look_up(key, scopes);
        let holds = found.is_some_and(|found| word.map_or_else(|| says(found), |word| found.as_str() == Some(word)));
        match (tag.starts_with('#'), found) {
            (true, Some(Value::Array(items))) if word.is_none() => {
                for item in items {
                    scopes.push(item);
                    section(inner, scopes, language, into)?;
                    scopes.pop();
                }
            }
            (wanted, _) if wanted == holds => section(inner, scopes, language, into)?,
            _ => {}
        }
    }
    into.push_str(rest);
    Ok(())
}

/// What stands before the end of the section, and what after it. Sections of one name do not lie in one another.
fn until_end<'t>(rest: &'t str, name: &str) -> Result<(&'t str, &'t str), TemplateFault> {
    rest.split_once(&format!("{{{{/{name}}}}}")).ok_or_else(|| TemplateFault(name.to_owned()))
}

/// Whether a value says something.
fn says(value: &Value) -> bool {
    match value {
        Value::Bool(yes) => *yes,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Null => false,
        Value::Number(_) | Value::Object(_) => true,
    }
}

fn look_up<'v>(key: &str, scopes: &[&'v Value]) -> Option<&'v Value> {
    scopes.iter().rev().find_map(|scope| key.split('.').try_fold(*scope, |value, part| value.get(part)))
}

fn value(tag: &str, scopes: &[&Value], language: Language) -> Result<String, TemplateFault> {
    let fault = || TemplateFault(cut(tag));
    let text = |key: &str| match look_up(key, scopes) {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(Value::Bool(yes)) => Ok(yes.to_string()),
        _ => Err(fault()),
    };
    let quoted = |text: &str| toml_edit::Value::from(text).to_string();
    let period = |key: &str| text(key)?.parse::<Period>().map_err(|_| fault());
    match tag.split_at_checked(1) {
        Some(("\"", key)) => Ok(quoted(&text(key.trim_end_matches('"'))?)),
        Some(("\\", key)) => Ok(text(key)?.replace('\\', "\\\\").replace('"', "\\\"")),
        Some(("[", key)) => {
            let items = look_up(key.trim_end_matches(']'), scopes).and_then(Value::as_array).ok_or_else(fault)?;
            let items = items.iter().map(|item| item.as_str().map(quoted).ok_or_else(fault));
            Ok(format!("[{}]", items.collect::<Result<Vec<_>, _>>()?.join(", ")))
        }
        Some(("~", key)) => Ok(period(key)?.text(language)),
        Some(("<", key)) => Ok(match (period(key)?, language) {
            (worded @ Period::Worded(_), _) => worded.text(language),
            (counted, Language::Sv) => format!("inom {}", counted.text(language)),
            (counted, Language::En) => format!("within {}", counted.text(language)),
        }),
        _ => text(tag),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(template: &str, expected: &str) {
        let answers = serde_json::json!({
            "name": "A \"b\"", "yes": true, "no": false, "word": "general", "within": "30 days", "worded": "immediately",
            "ids": ["x", "y"], "list": [{ "name": "one", "in": [{ "id": "1" }] }, { "name": "two", "in": [] }],
        });
        assert_eq!(fill(template, &answers, Language::Sv).unwrap_or_else(|fault| fault.to_string()), expected);
    }

    #[test]
    fn values_are_written_as_prose_and_as_toml() {
        check("{{name}} {{\"name\"}} \"{{\\name}}\" {{[ids]}}", "A \"b\" 'A \"b\"' \"A \\\"b\\\"\" [\"x\", \"y\"]");
        check("{{~within}}, {{<within}}, {{<worded}}", "30 dagar, inom 30 dagar, omedelbart");
    }

    #[test]
    fn sections_repeat_and_ask() {
        check("{{#list}}\n- {{name}}{{#in}} {{id}}{{/in}}\n{{/list}}\nend", "- one 1\n- two\nend");
        check("{{#yes}}a{{/yes}}{{#no}}b{{/no}}{{^no}}c{{/no}}{{^yes}}d{{/yes}}{{^nothing}}e{{/nothing}}", "ace");
        check("{{#word=general}}a{{/word=general}}{{#word=specific}}b{{/word=specific}}", "a");
    }

    #[test]
    fn a_template_that_names_nothing_is_a_fault() {
        check("{{nobody}}", "the template has a fault at `nobody`");
        check("{{#yes}}a", "the template has a fault at `yes`");
    }
}
