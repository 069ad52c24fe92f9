//! The answers to the form: read from a file, checked all at once, and written so that nothing that was answered is lost.

use jiff::civil::Date;
use serde_json::{Map, Value, json};
use terms::Language;

use super::form::{Form, Known, Part, Question, Shape, ids, in_language, shown};

/// The answers by part and key, and the language of the prose.
pub struct Answers {
    pub language: Language,
    pub all: Map<String, Value>,
}

impl Answers {
    /// Reads a file of answers. Whether they fit the form, [`check`] says.
    ///
    /// # Errors
    /// Where it is no TOML.
    pub fn read(text: &str) -> Result<Self, toml_edit::de::Error> {
        let mut all: Map<String, Value> = toml_edit::de::from_str(text)?;
        let language = match all.remove("language") {
            Some(Value::String(word)) if word == "en" => Language::En,
            _ => Language::Sv,
        };
        for value in all.values_mut() {
            plain_dates(value);
        }
        Ok(Self { language, all })
    }

    /// As a file, in the order of the form.
    pub fn written(&self, form: &Form) -> String {
        let word = if self.language == Language::Sv { "sv" } else { "en" };
        let mut text = format!("# Answers to the form of `betrodd new agreement`.\nlanguage = \"{word}\"\n");
        for part in &form.parts {
            let tables = match self.all.get(&part.name) {
                Some(Value::Array(items)) => items.iter().collect(),
                Some(table) => vec![table],
                None => Vec::new(),
            };
            for table in tables {
                text.push_str(&heading(part));
                for question in &part.questions {
                    if let Some(answer) = table.get(&question.key) {
                        text.push_str(&format!("{} = {}\n", question.key, as_toml(answer)));
                    }
                }
            }
        }
        text
    }
}

/// Fills what is not answered with the form's defaults, and gives every fault.
pub fn check(form: &Form, answers: &mut Answers, today: Date) -> Vec<String> {
    let language = answers.language;
    let say = |sv: String, en: String| if language == Language::Sv { sv } else { en };
    let mut faults = Vec::new();
    let parts: Vec<String> = form.parts.iter().map(|part| part.name.clone()).collect();
    for name in answers.all.keys().filter(|name| !parts.contains(name)) {
        let known = parts.join(", ");
        faults.push(say(
            format!("[{name}] finns inte i formuläret; där finns {known}"),
            format!("[{name}] is not in the form; it has {known}"),
        ));
    }
    for part in &form.parts {
        let given = answers.all.remove(&part.name);
        let items = match given {
            Some(Value::Array(items)) if part.list => items,
            Some(table @ Value::Object(_)) if !part.list => vec![table],
            None if part.list => Vec::new(),
            None => vec![json!({})],
            Some(_) => {
                let brackets = heading(part);
                let wanted = brackets.trim();
                faults.push(say(
                    format!("skriv {wanted}, med svaren under"),
                    format!("write {wanted}, with the answers beneath"),
                ));
                continue;
            }
        };
        if items.len() < part.least {
            let title = part.title.text(language);
            faults.push(say(
                format!("{title}: minst en [[{}]] behövs", part.name),
                format!("{title}: at least one [[{}]] is needed", part.name),
            ));
        }
        let mut checked: Vec<Value> = Vec::new();
        for item in items {
            let (item, found) = table(form, part, item, answers, today);
            faults.extend(found);
            let id = item.get("id").cloned();
            if let Some(id) = id.filter(|id| checked.iter().any(|other| other.get("id") == Some(id))) {
                faults.push(say(
                    format!("[[{}]] {} finns två gånger", part.name, shown(&id)),
                    format!("[[{}]] {} is there twice", part.name, shown(&id)),
                ));
            }
            checked.push(Value::Object(item));
        }
        let value = if part.list { Value::Array(checked) } else { checked.pop().unwrap_or_default() };
        answers.all.insert(part.name.clone(), value);
    }
    faults
}

/// One table, with its defaults and its faults.
fn table(form: &Form, part: &Part, item: Value, answers: &Answers, today: Date) -> (Map<String, Value>, Vec<String>) {
    let Value::Object(mut given) = item else { return (Map::new(), vec![heading(part).trim().to_owned()]) };
    let mut faults = Vec::new();
    let mut table = Map::new();
    for question in &part.questions {
        let known = Known { all: &answers.all, table: &table, today, language: answers.language };
        let answer = given.remove(&question.key).map(|answer| widened(answer, question));
        if !Form::is_asked(question, &known) {
            continue;
        }
        let answer = answer.or_else(|| Form::default_of(question, answers.language)).unwrap_or_default();
        if let Err(fault) = form.check(question, &answer, &known) {
            let item = table.get("id").filter(|id| *id != "").map(|id| format!(" {}", shown(id))).unwrap_or_default();
            let brackets = heading(part);
            let ask = question.ask.text(answers.language);
            faults.push(format!("{}{item} {} ({ask}): {fault}", brackets.trim(), question.key));
        }
        table.insert(question.key.clone(), answer);
    }
    for key in given.keys() {
        let keys = part.questions.iter().map(|question| question.key.as_str()).collect::<Vec<_>>().join(", ");
        let brackets = heading(part);
        faults.push(format!("{} {key}? {keys}", brackets.trim()));
    }
    (table, faults)
}

/// One text for both languages, and one word for a list of one.
fn widened(answer: Value, question: &Question) -> Value {
    match (question.shape, answer) {
        (Shape::Label, Value::String(text)) => json!({ "sv": text, "en": text }),
        (Shape::Names | Shape::Words, Value::String(word)) if !word.is_empty() => json!([word]),
        (_, answer) => answer,
    }
}

/// The empty form as a file of answers, with every question as a comment.
pub fn empty_form(form: &Form, language: Language) -> String {
    let (word, say) = match language {
        Language::Sv => (
            "sv",
            [
                "Formuläret för `betrodd new agreement MAPP --answers DENNA FIL`. Det som redan står är det vanliga svaret.",
                "Avtalets språk: sv eller en.",
                "till exempel",
                "får lämnas tomt",
                "en av",
                "en rad för var och en; upprepa blocket",
                "bara för länder utanför EES",
            ],
        ),
        Language::En => (
            "en",
            [
                "The form for `betrodd new agreement FOLDER --answers THIS FILE`. What stands here already is the usual answer.",
                "The agreement's language: sv or en.",
                "for example",
                "may be left empty",
                "one of",
                "once for each; repeat the block",
                "only for countries outside the EEA",
            ],
        ),
    };
    let [head, in_language_of, example_word, optional, one_of, repeat, outside] = say;
    let mut text = format!("# {head}\n\n# {in_language_of}\nlanguage = \"{word}\"\n");
    for part in &form.parts {
        text.push_str(&format!("\n# --- {}\n", part.title.text(language)));
        if let Some(note) = &part.note {
            text.push_str(&format!("# {}\n", note.text(language)));
        }
        if part.list {
            text.push_str(&format!("# {repeat}\n"));
        }
        let off = if part.list && part.least == 0 { "# " } else { "" };
        text.push_str(&format!("{off}{}\n", heading(part).trim()));
        for question in &part.questions {
            text.push_str(&format!("# {}", question.ask.text(language)));
            let hint = question.hint.as_ref().map(|hint| hint.text(language).to_owned());
            let words = (!question.words.is_empty()).then(|| format!("{one_of} {}", question.words.join(", ")));
            let example = question.example.clone();
            let example =
                example.map(|it| format!("{example_word}: {}", shown(&in_language(it, question.shape, language))));
            let optional = question.optional.then(|| optional.to_owned());
            let outside = question.when.as_ref().map(|_| outside.to_owned());
            for more in [hint, words, example, optional, outside].into_iter().flatten() {
                text.push_str(&format!(" · {more}"));
            }
            let default = Form::default_of(question, language).unwrap_or_else(|| match question.shape {
                Shape::Label => json!({ "sv": "", "en": "" }),
                _ => json!(""),
            });
            let off = if question.when.is_some() { "# " } else { off };
            text.push_str(&format!("\n{off}{} = {}\n", question.key, as_toml(&default)));
        }
    }
    text
}

fn heading(part: &Part) -> String {
    if part.list { format!("\n[[{}]]\n", part.name) } else { format!("\n[{}]\n", part.name) }
}

fn as_toml(value: &Value) -> String {
    match value {
        Value::String(text) => toml_edit::Value::from(text.as_str()).to_string(),
        Value::Array(items) => format!("[{}]", items.iter().map(as_toml).collect::<Vec<_>>().join(", ")),
        Value::Object(label) => {
            let part = |key: &str| label.get(key).map(as_toml).unwrap_or_default();
            format!("{{ sv = {}, en = {} }}", part("sv"), part("en"))
        }
        other => other.to_string(),
    }
}

/// A day that is written without quotation marks is a text here, as in the agreement.
fn plain_dates(value: &mut Value) {
    match value {
        Value::Object(table) => match table.get("$__toml_private_datetime").cloned() {
            Some(day) => *value = day,
            None => table.values_mut().for_each(plain_dates),
        },
        Value::Array(items) => items.iter_mut().for_each(plain_dates),
        _ => {}
    }
}

/// Whether anything after this part is answered, so that its list was ended.
pub fn is_past(form: &Form, part: &Part, all: &Map<String, Value>) -> bool {
    form.parts.iter().skip_while(|one| one.name != part.name).skip(1).any(|one| all.contains_key(&one.name))
}

/// Whether an id is there already among the other items.
pub fn is_taken(all: &Map<String, Value>, part: &Part, id: &str) -> bool {
    ids(all, &part.name).iter().any(|one| one == id)
}
