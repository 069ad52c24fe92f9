//! The folder of a service, made from the answers: every file is filled and read as the program would read it before the first
//! is written, so that a folder that is there is one that runs.

use std::io::Write;
use std::path::Path;

use agreement::Agreement;
use agreement::art28::{self, Evidence};
use agreement::law::{Law, Standing};
use jiff::civil::Date;
use serde_json::{Value, json};
use service::Kinds;
use terms::Language;

use super::answers::Answers;
use super::form::ids;
use super::template::fill;
use crate::Told;

/// A file of the folder.
pub struct Made {
    name: &'static str,
    text: String,
}

const KINDS: &str = "kinds.toml";

/// Every file of the folder.
///
/// # Errors
/// A fault in a template.
pub fn make(answers: &Answers, today: Date) -> Result<Vec<Made>, Told> {
    let language = answers.language;
    let known = with_what_follows(answers, today);
    let (agreement, readme): ((&str, &str), (&str, &str)) = match language {
        Language::Sv => (
            ("agreement.sv.md", include_str!("../../templates/agreement/agreement.sv.md.template")),
            ("README.md", include_str!("../../templates/agreement/README.sv.md.template")),
        ),
        Language::En => (
            ("agreement.en.md", include_str!("../../templates/agreement/agreement.en.md.template")),
            ("README.md", include_str!("../../templates/agreement/README.en.md.template")),
        ),
    };
    let kinds = (KINDS, include_str!("../../templates/agreement/kinds.toml.template"));
    let demo = ("demo.toml", include_str!("../../templates/agreement/demo.toml.template"));
    let files = [agreement, kinds, demo, readme].into_iter();
    files.map(|(name, template)| Ok(Made { name, text: fill(template, &known, language)? })).collect()
}

/// Whether the files are read, and nothing in the agreement blocks: what to tell, where it does.
///
/// # Errors
/// Everything that is wrong with them.
pub fn check(made: &[Made], language: Language, today: Date) -> Result<(), String> {
    let Some((agreement, kinds)) = made.first().zip(made.iter().find(|file| file.name == KINDS)) else { return Ok(()) };
    let agreement = Agreement::read(agreement.name, &agreement.text).map_err(|faults| faults.to_string())?;
    let kinds = Kinds::read(kinds.name, &kinds.text)
        .map_err(|faults| faults.iter().map(|fault| format!("{fault}\n")).collect::<String>())?;
    if let Some(taken) = portal::taken(&kinds) {
        return Err(taken);
    }
    let report = art28::check(&agreement, &Evidence::default(), today);
    let blocking: Vec<String> = report
        .blocking()
        .map(|(check, finding)| {
            let says = if language == Language::Sv { &finding.says.sv } else { &finding.says.en };
            format!("{}: {says}", check.id)
        })
        .collect();
    if blocking.is_empty() { Ok(()) } else { Err(blocking.join("\n")) }
}

/// Writes the files into the folder. None that is there is written over.
///
/// # Errors
/// The system's.
pub fn write(folder: &Path, made: &[Made]) -> Result<(), Told> {
    std::fs::create_dir_all(folder)?;
    for file in made {
        let path = folder.join(file.name);
        let new = std::fs::File::create_new(&path).and_then(|mut new| new.write_all(file.text.as_bytes()));
        new.map_err(|cause| format!("`{}` cannot be written: {cause}", path.display()))?;
    }
    Ok(())
}

/// The answers, and what follows from them.
fn with_what_follows(answers: &Answers, today: Date) -> Value {
    let mut all = answers.all.clone();
    let law = Law::built_in().at(today);
    let subjects = ids(&all, "subject");
    let items = |list: &str| answers.all.get(list).and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |item: &Value, key: &str| item.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();

    let mut categories = items("category");
    for category in &mut categories {
        category["free-text"] = json!(text(category, "type") == "long-text");
    }
    let is_about = |category: &Value, subject: &str| {
        let about = category.get("about").and_then(Value::as_array).filter(|about| !about.is_empty());
        about.is_none_or(|about| about.iter().any(|one| one == subject))
    };
    let mut people = items("subject");
    for person in &mut people {
        let id = text(person, "id");
        let mut own: Vec<Value> = categories.iter().filter(|category| is_about(category, &id)).cloned().collect();
        own.iter_mut().for_each(|category| category["kind"] = json!(id));
        let named = |first: &[&str], last: &[&str]| {
            let own = own.iter().map(|category| text(category, "id"));
            let all = first.iter().map(|one| (*one).to_owned()).chain(own);
            json!(all.chain(last.iter().map(|one| (*one).to_owned())).collect::<Vec<_>>())
        };
        let (seen, declared) = (named(&["name"], &[]), named(&["name"], &["access-log"]));
        person["categories"] = seen;
        person["declared"] = declared;
        person["own"] = json!(own);
    }
    let children: Vec<String> =
        people.iter().filter(|one| one["children"] == true).map(|one| text(one, "id")).collect();
    let protected = |word: &str| {
        let such = categories.iter().filter(|category| text(category, "protected") == word);
        such.map(|category| text(category, "id")).collect::<Vec<String>>()
    };
    let mut recipients = items("subprocessor");
    for recipient in &mut recipients {
        recipient["outside"] = json!(!law.lies_in(&text(recipient, "country"), "eea"));
        if let Standing::Holds(basis) = law.basis(&text(recipient, "basis")) {
            recipient["module"] = json!(basis.module);
        }
    }
    let free: Vec<String> =
        categories.iter().filter(|one| one["free-text"] == true).map(|one| text(one, "id")).collect();
    let purposes = ids(&all, "purpose");
    let with = |list: &[String], last: &str| list.iter().cloned().chain([last.to_owned()]).collect::<Vec<_>>();
    let outside = recipients.iter().any(|one| one["outside"] == true);
    let follows = json!({
        "everybody": with(&subjects, "user"),
        "first-subject": subjects.first(),
        "own-purposes": purposes,
        "all-purposes": with(&purposes, "support"),
        "first-purpose": purposes.first(),
        "subprocessor-area": if outside { "further-countries" } else { "eu-eea" },
        "children": children, "any-children": !children.is_empty(),
        "special": protected("special"), "any-special": !protected("special").is_empty(),
        "criminal": protected("criminal"), "any-criminal": !protected("criminal").is_empty(),
        "identity-number": protected("identity-number"), "any-identity-number": !protected("identity-number").is_empty(),
        "free-text": with(&free, "support-matter"), "any-free-text": !free.is_empty(),
        "category": categories, "subject": people, "subprocessor": recipients,
    });
    if let Value::Object(follows) = follows {
        all.extend(follows);
    }
    Value::Object(all)
}
