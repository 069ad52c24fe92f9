//! The form: its questions as data (`templates/agreement/form.toml`), and what an answer must be. Nothing is asked or written here.

use agreement::law::{Law, Standing};
use calendar::Period;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use service::{Draft, Kinds};
use terms::{Language, Role};

/// The whole form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    countries: String,
    #[serde(rename = "part")]
    pub parts: Vec<Part>,
}

/// One part of it: a table of answers, or a list of tables.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub name: String,
    pub title: Both,
    pub note: Option<Both>,
    /// Whether it is a list.
    #[serde(default)]
    pub list: bool,
    /// How many items it has at least.
    #[serde(default)]
    pub least: usize,
    /// How another item is asked for.
    pub another: Option<Both>,
    #[serde(rename = "question")]
    pub questions: Vec<Question>,
}

/// One question.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub key: String,
    pub shape: Shape,
    pub ask: Both,
    pub hint: Option<Both>,
    pub example: Option<Value>,
    pub default: Option<Value>,
    #[serde(default)]
    pub optional: bool,
    #[serde(default)]
    pub words: Vec<String>,
    #[serde(default)]
    reserved: Vec<String>,
    /// The list whose ids are meant.
    of: Option<String>,
    /// The area in which a country must lie.
    area: Option<String>,
    /// When it is asked.
    pub when: Option<String>,
}

/// A text in both languages.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub struct Both {
    sv: String,
    en: String,
}

impl Both {
    pub fn text(&self, language: Language) -> &str {
        if language == Language::Sv { &self.sv } else { &self.en }
    }
}

/// What an answer must be.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    Basis,
    Country,
    Date,
    Email,
    Flag,
    Label,
    /// A period with a number.
    Length,
    Name,
    Names,
    Period,
    RegistrationNumber,
    Text,
    Word,
    Words,
}

/// Longest answer, in characters.
const MAX_ANSWER_CHARACTERS: usize = 300;
/// Signs that mean something in the files that are written.
const TAKEN_SIGNS: [char; 5] = ['`', '{', '}', '<', '>'];

/// What is known while an answer is checked: all answers so far, and those of the same table.
pub struct Known<'a> {
    pub all: &'a Map<String, Value>,
    pub table: &'a Map<String, Value>,
    pub today: Date,
    pub language: Language,
}

impl Known<'_> {
    fn say(&self, sv: String, en: String) -> String {
        if self.language == Language::Sv { sv } else { en }
    }
}

impl Form {
    /// The form that is built in.
    ///
    /// # Errors
    /// None, while a test reads it.
    pub fn built_in() -> Result<Self, toml_edit::de::Error> {
        toml_edit::de::from_str(include_str!("../../templates/agreement/form.toml"))
    }

    /// Whether the question is to be asked, by what is known.
    pub fn is_asked(question: &Question, known: &Known<'_>) -> bool {
        match question.when.as_deref().and_then(|when| when.split_once('=')) {
            Some((key, "outside")) => known
                .table
                .get(key)
                .and_then(Value::as_str)
                .is_some_and(|country| !Law::built_in().at(known.today).lies_in(country, "eea")),
            Some((key, word)) => known.table.get(key).and_then(Value::as_str) == Some(word),
            None => true,
        }
    }

    /// The answer that is taken when nothing is answered; an optional one is then empty.
    pub fn default_of(question: &Question, language: Language) -> Option<Value> {
        let default = question.default.clone().map(|default| in_language(default, question.shape, language));
        default
            .or_else(|| question.optional.then(|| if question.shape == Shape::Names { json!([]) } else { json!("") }))
    }

    /// What somebody typed, as a value of the question's shape.
    pub fn typed(question: &Question, text: &str, language: Language) -> Value {
        let items = || text.split([',', ' ']).map(str::trim).filter(|item| !item.is_empty()).collect::<Vec<_>>();
        match question.shape {
            Shape::Flag => match text.to_lowercase().as_str() {
                "j" | "ja" | "y" | "yes" | "true" => json!(true),
                "n" | "nej" | "no" | "false" => json!(false),
                _ => json!(text),
            },
            Shape::Words | Shape::Names => json!(items()),
            Shape::Label => {
                let (own, other) = text.split_once('|').unwrap_or((text, text));
                let (own, other) = (own.trim(), other.trim());
                if language == Language::Sv {
                    json!({ "sv": own, "en": other })
                } else {
                    json!({ "sv": other, "en": own })
                }
            }
            _ => json!(text),
        }
    }

    /// Checks one answer.
    ///
    /// # Errors
    /// What is wrong with it, and what would be right.
    pub fn check(&self, question: &Question, answer: &Value, known: &Known<'_>) -> Result<(), String> {
        if question.optional && (answer == "" || answer == &json!([])) {
            return Ok(());
        }
        let wrong = || {
            let example =
                question.example.clone().map(|example| shown(&in_language(example, question.shape, known.language)));
            let example = example.or_else(|| question.words.first().cloned()).unwrap_or_default();
            known.say(
                format!("Svara till exempel så här: {example}"),
                format!("Answer like this, for example: {example}"),
            )
        };
        match question.shape {
            Shape::Flag => answer
                .as_bool()
                .map(|_| ())
                .ok_or_else(|| known.say("Svara ja eller nej.".into(), "Answer yes or no.".into())),
            Shape::Label => {
                let part = |key| {
                    answer
                        .get(key)
                        .and_then(Value::as_str)
                        .filter(|text| !text.is_empty())
                        .ok_or_else(wrong)
                        .and_then(|text| plain(text, known))
                };
                part("sv").and_then(|()| part("en"))
            }
            Shape::Words | Shape::Names => {
                let items = answer.as_array().filter(|items| !items.is_empty()).ok_or_else(wrong)?;
                let ids = question.of.as_deref().map(|of| ids(known.all, of));
                let allowed = ids.unwrap_or_else(|| question.words.clone());
                items.iter().try_for_each(|item| one_of(item.as_str().unwrap_or_default(), &allowed, known))
            }
            _ => {
                let text = answer.as_str().filter(|text| !text.is_empty()).ok_or_else(wrong)?;
                plain(text, known)?;
                self.check_text(question, text, known)
            }
        }
    }

    fn check_text(&self, question: &Question, text: &str, known: &Known<'_>) -> Result<(), String> {
        match question.shape {
            Shape::Word => one_of(text, &question.words, known),
            Shape::Name => name(question, text, known),
            Shape::Period | Shape::Length => period(text, question.shape == Shape::Length, known),
            Shape::Date => text.parse::<Date>().map(|_| ()).map_err(|_| {
                known.say(
                    format!("`{text}` är ingen dag; skriv som 2026-12-01."),
                    format!("`{text}` is no day; write as 2026-12-01."),
                )
            }),
            Shape::Country => {
                if !self.countries.split_whitespace().any(|code| code == text) {
                    let meant = text.to_uppercase();
                    let known_code = self.countries.split_whitespace().any(|code| code == meant);
                    let (sv, en) = if known_code {
                        (format!("Menade du `{meant}`?"), format!("Did you mean `{meant}`?"))
                    } else {
                        ("Skriv två bokstäver, som SE.".to_owned(), "Write two letters, as SE.".to_owned())
                    };
                    return Err(known.say(
                        format!("`{text}` är ingen landskod. {sv}"),
                        format!("`{text}` is no code of a country. {en}"),
                    ));
                }
                match &question.area {
                    Some(area) if !Law::built_in().at(known.today).lies_in(text, area) => {
                        Err(known.say(format!("{text} ligger inte i EES."), format!("{text} does not lie in the EEA.")))
                    }
                    _ => Ok(()),
                }
            }
            Shape::Email => field("email", text, known.today).then_some(()).ok_or_else(|| {
                known.say(format!("`{text}` är ingen e-postadress."), format!("`{text}` is no e-mail address."))
            }),
            Shape::RegistrationNumber => {
                let swedish = known.table.get("country").and_then(Value::as_str).is_none_or(|country| country == "SE");
                (!swedish || field("organisation-number", text, known.today)).then_some(()).ok_or_else(|| {
                    known.say(
                        format!("`{text}` är inget svenskt organisationsnummer: tio siffror med rätt kontrollsiffra."),
                        format!("`{text}` is no Swedish registration number: ten digits with a right check digit."),
                    )
                })
            }
            Shape::Basis => basis(text, known),
            Shape::Flag | Shape::Label | Shape::Names | Shape::Text | Shape::Words => Ok(()),
        }
    }
}

/// The ids of the items of a list.
pub fn ids(answers: &Map<String, Value>, list: &str) -> Vec<String> {
    let items = answers.get(list).and_then(Value::as_array).into_iter().flatten();
    items.filter_map(|item| item.get("id").and_then(Value::as_str)).map(str::to_owned).collect()
}

/// A default or an example in the language; labels have both.
pub fn in_language(value: Value, shape: Shape, language: Language) -> Value {
    let key = if language == Language::Sv { "sv" } else { "en" };
    match value.get(key) {
        Some(text) if shape != Shape::Label => text.clone(),
        _ => value,
    }
}

/// A value as one would type it.
pub fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Object(label) => {
            ["sv", "en"].iter().filter_map(|key| label.get(*key)).map(shown).collect::<Vec<_>>().join(" | ")
        }
        other => other.to_string(),
    }
}

fn plain(text: &str, known: &Known<'_>) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err(known.say("Det behövs ett svar.".into(), "An answer is needed.".into()));
    }
    if text.chars().count() > MAX_ANSWER_CHARACTERS {
        return Err(known.say(
            format!("Svaret är längre än {MAX_ANSWER_CHARACTERS} tecken."),
            format!("The answer is longer than {MAX_ANSWER_CHARACTERS} characters."),
        ));
    }
    match text.chars().find(|sign| sign.is_control() || TAKEN_SIGNS.contains(sign)) {
        None => Ok(()),
        Some(sign) => Err(known.say(
            format!("Tecknet {sign:?} betyder något i filerna; skriv utan det."),
            format!("The sign {sign:?} means something in the files; write without it."),
        )),
    }
}

fn one_of(word: &str, allowed: &[String], known: &Known<'_>) -> Result<(), String> {
    if allowed.iter().any(|one| one == word) {
        return Ok(());
    }
    let list = allowed.join(", ");
    Err(known.say(
        format!("`{word}` finns inte här; välj bland {list}."),
        format!("`{word}` is not known here; choose from {list}."),
    ))
}

fn name(question: &Question, text: &str, known: &Known<'_>) -> Result<(), String> {
    if text.contains([':', '.']) || Role::new(text).is_err() {
        return Err(known.say(
            format!("`{text}` är inget kortnamn: små bokstäver a–z, siffror och bindestreck."),
            format!("`{text}` is no short name: small letters a–z, digits and hyphens."),
        ));
    }
    if question.reserved.iter().any(|one| one == text) {
        return Err(known
            .say(format!("`{text}` finns redan med av sig självt."), format!("`{text}` is there already by itself.")));
    }
    Ok(())
}

fn period(text: &str, counted: bool, known: &Known<'_>) -> Result<(), String> {
    match text.parse::<Period>() {
        Ok(Period::Worded(_)) if counted => Err(known.say(
            format!("`{text}` är inget tal; här behövs ett, som 30 days."),
            format!("`{text}` is no number; one is needed here, as 30 days."),
        )),
        Ok(_) => Ok(()),
        Err(error) => Err(match (known.language, error.meant) {
            (Language::En, _) => error.to_string(),
            (Language::Sv, Some(meant)) => format!("`{text}` är ingen period. Menade du `{meant}`?"),
            (Language::Sv, None) => {
                format!("`{text}` är ingen period; skriv till exempel 30 days, 5 working days eller 24 hours.")
            }
        }),
    }
}

fn basis(text: &str, known: &Known<'_>) -> Result<(), String> {
    let country = known.table.get("country").and_then(Value::as_str).unwrap_or_default();
    let law = Law::built_in().at(known.today);
    match law.basis(text) {
        Standing::Holds(basis) if basis.standing && basis.covers(country) => Ok(()),
        Standing::Holds(_) => Err(known.say(
            format!("`{text}` öppnar inte {country} för ett underbiträde."),
            format!("`{text}` does not open {country} to a subprocessor."),
        )),
        Standing::Ended(_, on) => {
            Err(known.say(format!("`{text}` upphörde {on}."), format!("`{text}` ended on {on}.")))
        }
        Standing::NotYet(_) | Standing::Unknown => {
            let open = |basis: &&agreement::law::Basis| {
                basis.standing && basis.covers(country) && basis.days.hold(known.today)
            };
            let open: Vec<&str> = Law::built_in().bases().iter().filter(open).map(|basis| basis.id.as_str()).collect();
            let open = open.join(", ");
            Err(known.say(
                format!("`{text}` är ingen grund; för {country} finns {open}."),
                format!("`{text}` is no basis; for {country} there are {open}."),
            ))
        }
    }
}

/// Whether a field of a service's kinds would take the text: one rule for addresses and numbers wherever they are written.
fn field(holds: &str, text: &str, today: Date) -> bool {
    let kinds = format!(
        "[service]\nname = \"form\"\nlabel = {{ sv = \"f\", en = \"f\" }}\nabout = {{ sv = \"f\", en = \"f\" }}\n\
         [kind.form]\npath = \"form\"\nlabel = {{ sv = \"f\", en = \"f\" }}\nplural = {{ sv = \"f\", en = \"f\" }}\n\
         subject = \"form\"\ntitle = [\"answer\"]\n[[kind.form.field]]\nname = \"answer\"\n\
         label = {{ sv = \"f\", en = \"f\" }}\ncategory = \"form\"\ntype = \"{holds}\"\n"
    );
    let Ok(kinds) = Kinds::read("form", &kinds) else { return false };
    kinds.kinds.first().is_some_and(|kind| Draft::new().with("answer", text).read(kind, today, true).is_ok())
}
