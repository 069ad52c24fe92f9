//! The dictionaries and rules in `crates/reading/data`, read once. They are part of the program, and a test reads each.

use std::collections::{BTreeMap, HashMap};

use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;

#[expect(clippy::expect_used, reason = "the files are part of the program, and a test reads each")]
fn read<T: DeserializeOwned>(text: &str) -> T {
    toml_edit::de::from_str(text).expect("a data file of this crate")
}

pub(crate) type Words = BTreeMap<String, Vec<String>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Numbers {
    pub number: Words,
    pub ordinal: Words,
    pub unit: Words,
    pub between: Words,
    pub worded: Words,
    pub recurring: Words,
}

pub(crate) fn numbers() -> Numbers {
    read(include_str!("../data/numbers.toml"))
}

/// Word → what it stands for.
pub(crate) fn turned<T>(words: &Words, of: impl Fn(&str) -> T) -> HashMap<String, T> {
    words
        .iter()
        .flat_map(|(key, words)| words.iter().map(|word| (word.to_lowercase(), of(key))).collect::<Vec<_>>())
        .collect()
}

/// A text in both languages.
#[derive(Deserialize, Debug, Clone, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Both {
    /// In Swedish.
    pub sv: String,
    /// In English.
    pub en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kind {
    pub code: String,
    pub label: Both,
    /// What a text is that holds nothing else.
    pub alone: Option<Both>,
    pub titles: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kinds {
    pub kind: Vec<Kind>,
    pub language: Words,
}

pub(crate) fn kinds() -> &'static Kinds {
    static KINDS: LazyLock<Kinds> = LazyLock::new(|| read(include_str!("../data/kinds.toml")));
    &KINDS
}

pub(crate) fn concepts() -> Words {
    read(include_str!("../data/concepts.toml"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Field {
    pub id: String,
    pub label: Both,
    #[serde(default)]
    pub many: bool,
    pub compare: Option<Compare>,
}

/// Where other agreements state what a field states; see `fields.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Compare {
    pub terms: Vec<String>,
    pub stricter: Option<Stricter>,
    #[serde(default)]
    pub order: Vec<String>,
    #[serde(default)]
    pub says: bool,
}

/// Which of two values protects the customer more.
#[derive(Deserialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Stricter {
    Shorter,
    Longer,
    Lower,
    Higher,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fields {
    pub meaning: BTreeMap<String, Both>,
    pub group: BTreeMap<String, Both>,
    pub field: Vec<Field>,
}

pub(crate) fn fields() -> &'static Fields {
    static FIELDS: LazyLock<Fields> = LazyLock::new(|| read(include_str!("../data/fields.toml")));
    &FIELDS
}

/// One rule of `rules.toml`; its keys are explained there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Rule {
    pub id: String,
    pub field: String,
    #[serde(default)]
    pub all: Vec<String>,
    #[serde(default)]
    pub none: Vec<String>,
    #[serde(default)]
    pub clause: Vec<String>,
    #[serde(default)]
    pub heading: Vec<String>,
    #[serde(default)]
    pub without_clause_heading: Vec<String>,
    #[serde(default)]
    pub part: Vec<String>,
    pub take: String,
    pub near: Option<String>,
    #[serde(default)]
    pub counted: bool,
    #[serde(default)]
    pub only_words: Vec<String>,
    #[serde(default)]
    pub not_words: Vec<String>,
    #[serde(default)]
    pub every_one: bool,
    pub code: Option<String>,
    pub because: Option<String>,
    pub pattern: Option<String>,
    pub first_units: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    rule: Vec<Rule>,
}

pub(crate) fn rules() -> Vec<Rule> {
    read::<Rules>(include_str!("../data/rules.toml")).rule
}

pub(crate) fn places() -> Words {
    read(include_str!("../data/places.toml"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Forms {
    pub forms: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Work {
    pub words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recipients {
    pub column: Words,
    pub lead: Words,
    pub legal: Forms,
    pub work: Work,
}

pub(crate) fn recipients() -> &'static Recipients {
    static RECIPIENTS: LazyLock<Recipients> = LazyLock::new(|| read(include_str!("../data/recipients.toml")));
    &RECIPIENTS
}

/// See `data/tables.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tables {
    pub prices: Words,
    pub levels: Words,
    pub worded: Words,
    pub announce: Words,
}

pub(crate) fn tables() -> &'static Tables {
    static TABLES: LazyLock<Tables> = LazyLock::new(|| read(include_str!("../data/tables.toml")));
    &TABLES
}

/// The group in which a field is shown, by the first word of its name.
pub(crate) fn group_of(head: &str) -> &'static str {
    match head {
        "document" => "document",
        "party" => "party",
        "processing" => "processing",
        "subprocessing" | "subprocessor-change" => "subprocessing",
        "transfers" => "transfers",
        "ending" | "retention" => "keeping",
        "backup" | "confidentiality" | "security" => "security",
        "duration" => "ending",
        "money" | "liability" | "warranty" | "error-report" => "money",
        "availability" | "support" | "service" => "service",
        "law" => "law",
        _ => "duties",
    }
}

/// See `data/draft.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct DraftWords {
    pub price_per: Words,
    pub availability_over: Words,
    pub audit_by: Words,
    pub on_site: Words,
    pub none: Words,
}

pub(crate) fn draft_words() -> DraftWords {
    read(include_str!("../data/draft.toml"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vocabulary {
    concept: Words,
}

/// Concept → words.
pub(crate) fn vocabulary() -> Words {
    read::<Vocabulary>(include_str!("../data/vocabulary.toml")).concept
}

/// See `data/findings.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct FindingWords {
    pub broken: Vec<String>,
    pub outdated: Vec<String>,
    pub open_places: Vec<String>,
    pub unnamed: Vec<String>,
}

pub(crate) fn finding_words() -> &'static FindingWords {
    static WORDS: LazyLock<FindingWords> = LazyLock::new(|| read(include_str!("../data/findings.toml")));
    &WORDS
}

/// Any of these patterns, as whole words.
pub(crate) fn any_of(patterns: &[String]) -> regex::Regex {
    crate::asides::pattern(&format!(r"(?i)\b(?:{})(?:\b|$)", patterns.join("|")))
}

/// See `data/parties.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartyWords {
    pub leads: Vec<String>,
    pub documents: Vec<String>,
}

pub(crate) fn party_words() -> &'static PartyWords {
    static WORDS: LazyLock<PartyWords> = LazyLock::new(|| read(include_str!("../data/parties.toml")));
    &WORDS
}

/// See `data/prices.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PriceWords {
    pub costs: Vec<String>,
    pub leads: Vec<String>,
}

pub(crate) fn price_words() -> &'static PriceWords {
    static WORDS: LazyLock<PriceWords> = LazyLock::new(|| read(include_str!("../data/prices.toml")));
    &WORDS
}
