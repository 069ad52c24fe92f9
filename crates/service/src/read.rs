//! Reads `kinds.toml` into [`Kinds`], collecting every fault with its line.

use core::ops::Range;

use terms::{Category, FieldName, KindName, Label, NameError, Relation, RetentionClass, ServiceName, SubjectCategory};
use toml_edit::{Document, Item, TableLike, Value};

use crate::file::known_media;
use crate::{Choice, Erasure, Field, FieldType, FileForm, Kind, KindFault, Kinds, MediaType, NumberForm, Of, Search};

/// Longest value any field may hold, in characters.
const MAX_FIELD_CHARACTERS: usize = 100_000;
/// Most decimals of a number.
const MAX_DECIMALS: i64 = 6;
/// Most bytes of a file that any field may keep.
const MAX_FILE_BYTES: u64 = 1_000_000_000;
/// Most bytes of a picture: it is decoded, so it is held whole in memory for a moment.
const MAX_PICTURE_BYTES: u64 = 25_000_000;
/// Longest value where a field says nothing.
const DEFAULT_FIELD_CHARACTERS: usize = 200;

/// The class of a kind that stays without the name and names no class of its own. It cannot be the class that everything else
/// of the person lies under, since that one's key is destroyed.
const WITHOUT_NAME: &str = "without-name";

/// What a `[kind.ID]` may hold. The schema for editors has the same, and a test says so.
pub(crate) const KIND_KEYS: &[&str] = &[
    "path",
    "label",
    "plural",
    "subject",
    "of",
    "parent",
    "parent-optional",
    "about",
    "title",
    "history",
    "unique",
    "author",
    "erasure",
    "reach",
    "retention",
    "states",
    "locked",
    "transition",
    "grid",
    "filter",
    "fingerprint",
    "figures",
    "field",
];
/// What a `[[kind.ID.field]]` may hold.
pub(crate) const FIELD_KEYS: &[&str] = &[
    "name",
    "label",
    "help",
    "category",
    "type",
    "past",
    "choices",
    "decimals",
    "at-least",
    "at-most",
    "currency",
    "to",
    "accept",
    "max-bytes",
    "list",
    "max",
    "required",
    "search",
    "free-text",
    "remind",
];

impl Kinds {
    /// Reads the text of a `kinds.toml`; `file` is how faults name it.
    ///
    /// # Errors
    /// Every fault of the file, never only the first.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<KindFault>> {
        let mut reader = Reader { file, text, faults: Vec::new() };
        let kinds = reader.file();
        match kinds {
            Some(kinds) if reader.faults.is_empty() => Ok(kinds),
            _ => Err(reader.faults),
        }
    }
}

pub(crate) struct Reader<'t> {
    file: &'t str,
    text: &'t str,
    faults: Vec<KindFault>,
}

impl Reader<'_> {
    pub(crate) fn fault(&mut self, span: Option<Range<usize>>, message: impl Into<String>) {
        let line = span.map_or(0, |span| {
            let before = self.text.get(..span.start).unwrap_or(self.text);
            before.bytes().filter(|byte| *byte == b'\n').count() + 1
        });
        self.faults.push(KindFault { file: self.file.to_owned(), line, message: message.into() });
    }

    fn file(&mut self) -> Option<Kinds> {
        let document = match Document::parse(self.text) {
            Ok(document) => document,
            Err(error) => {
                self.fault(error.span(), format!("not valid TOML: {}", error.message()));
                return None;
            }
        };
        let root = document.as_table();
        self.known(root, &["service", "kind"]);
        let service = self.table(root, "service")?;
        self.known(service, &["name", "label", "about"]);
        let name = self.name(service, "name", ServiceName::new);
        let label = self.label(service, "label");
        let about = self.label(service, "about");
        let kinds_table = self.table(root, "kind")?;
        let kinds: Vec<Kind> = kinds_table
            .iter()
            .filter_map(|(name, item)| match item.as_table_like() {
                Some(table) => self.kind(name, item, table),
                None => {
                    self.fault(item.span(), format!("`kind.{name}` must be a table"));
                    None
                }
            })
            .collect();
        self.cross_check(&kinds);
        Some(Kinds { service: name?, label: label?, about: about?, kinds })
    }

    fn kind(&mut self, name: &str, item: &Item, table: &dyn TableLike) -> Option<Kind> {
        self.known(table, KIND_KEYS);
        let kind_name = self.checked(name, item.span(), KindName::new);
        let path = self.string(table, "path").unwrap_or_default();
        if path.is_empty() || !path.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
            self.fault(
                item.span(),
                format!("`kind.{name}` needs a `path` of a-z, 0-9 and `-`, its part of an address"),
            );
        }
        let label = self.label(table, "label");
        let plural = self.label(table, "plural");
        let subject = self.name(table, "subject", SubjectCategory::new);
        let of =
            self.word(table, "of", &[("self", Of::Itself), ("parent", Of::Parent), ("author", Of::Author)], Of::Itself);
        let erasure = self.word(
            table,
            "erasure",
            &[("goes", Erasure::Goes), ("stays-without-name", Erasure::StaysWithoutName)],
            Erasure::Goes,
        );
        let retention = self.retention(table, erasure);
        let parent = table.get("parent").is_some().then(|| self.name(table, "parent", KindName::new)).flatten();
        let history = self.word(table, "history", &[("kept", true), ("latest", false)], false);
        let author_shown = self.word(table, "author", &[("shown", true), ("hidden", false)], false);
        let about_parent = self.word(table, "about", &[("parent", true)], false);
        let parent_optional = self.boolean(table, "parent-optional");
        let title = self.field_names(table, "title");
        let unique = self.field_names(table, "unique");
        let states = self.strings(table, "states");
        if of == Of::Parent && parent.is_none() {
            self.fault(item.span(), format!("`kind.{name}` is of its parent's person but names no `parent`"));
        }
        let mut fields: Vec<Field> = Vec::new();
        match table.get("field").and_then(Item::as_array_of_tables) {
            Some(tables) => {
                for field_table in tables {
                    if let Some(field) = self.field(name, field_table) {
                        if fields.iter().any(|other| other.name == field.name) {
                            self.fault(
                                field_table.span(),
                                format!("`{}` is declared twice in `kind.{name}`", field.name),
                            );
                        }
                        fields.push(field);
                    }
                }
            }
            None => self.fault(item.span(), format!("`kind.{name}` keeps nothing: add a `[[kind.{name}.field]]`")),
        }
        let reach = self.reach(name, table, &fields);
        let filter = self.field_names(table, "filter");
        let fingerprint =
            table.get("fingerprint").is_some().then(|| self.name(table, "fingerprint", FieldName::new)).flatten();
        let locked = self.locked(name, table, &states);
        let transitions = self.transitions(name, table, &states);
        let grid = self.grid(name, table, &fields);
        let figures = self.figures(name, of, table, &states, &fields);
        for wanted in title.iter().chain(&unique).chain(&filter).chain(&fingerprint) {
            if !fields.iter().any(|field| field.name == *wanted) {
                self.fault(item.span(), format!("`{wanted}` is no field of `kind.{name}`"));
            }
        }
        Some(Kind {
            name: kind_name?,
            path,
            label: label?,
            plural: plural?,
            subject: subject?,
            of,
            parent,
            parent_optional,
            about_parent,
            title,
            history,
            unique,
            author_shown,
            erasure,
            reach,
            retention: retention?,
            states,
            locked,
            transitions,
            grid,
            filter,
            fingerprint,
            figures,
            fields,
        })
    }

    /// `reach = { unit = "unit", assigned = "case-worker" }`: what of the record says whose it is to work with.
    fn reach(&mut self, kind: &str, table: &dyn TableLike, fields: &[Field]) -> Vec<(Relation, FieldName)> {
        let Some(item) = table.get("reach") else { return Vec::new() };
        let Some(given) = item.as_table_like() else {
            self.fault(item.span(), "`reach` must be `{ unit = \"FIELD\", assigned = \"FIELD\" }`, or one of them");
            return Vec::new();
        };
        let mut reach = Vec::new();
        for (word, field) in given.iter() {
            let relation = word.parse::<Relation>().ok().filter(|relation| *relation != Relation::Own);
            let Some(relation) = relation else {
                self.fault(
                    field.span(),
                    format!("`{word}` is no relation that a field carries; known are assigned, unit"),
                );
                continue;
            };
            let named = field.as_str().unwrap_or_default();
            let Some(found) = fields.iter().find(|known| known.name.as_str() == named) else {
                self.fault(field.span(), format!("`{named}` is no field of `kind.{kind}`"));
                continue;
            };
            let carries = match relation {
                Relation::Assigned => matches!(found.holds, FieldType::Reference { .. }),
                Relation::Own | Relation::Unit => {
                    !matches!(found.holds, FieldType::LongText | FieldType::File | FieldType::KeptFile(_))
                }
            };
            if carries {
                reach.push((relation, found.name.clone()));
            } else {
                let demanded = if relation == Relation::Assigned { "a reference" } else { "one short value" };
                self.fault(field.span(), format!("`{named}` of `kind.{kind}` carries `{word}` and must be {demanded}"));
            }
        }
        reach
    }

    /// The class that the kind names, or the one that follows from what erasing does to it.
    fn retention(&mut self, table: &dyn TableLike, erasure: Erasure) -> Option<RetentionClass> {
        if table.get("retention").is_some() {
            return self.name(table, "retention", RetentionClass::new);
        }
        match erasure {
            Erasure::Goes => Some(RetentionClass::default()),
            Erasure::StaysWithoutName => RetentionClass::new(WITHOUT_NAME).ok(),
        }
    }

    fn field(&mut self, kind: &str, table: &toml_edit::Table) -> Option<Field> {
        self.known(table, FIELD_KEYS);
        let name = self.name(table, "name", FieldName::new);
        let label = self.label(table, "label");
        let help = table.get("help").is_some().then(|| self.label(table, "help")).flatten();
        let category = self.name(table, "category", Category::new);
        let past = self.boolean(table, "past");
        let holds = match self.string(table, "type").as_deref() {
            Some("text") => FieldType::Text,
            Some("long-text") => FieldType::LongText,
            Some("date") => FieldType::Date { past },
            Some("email") => FieldType::Email,
            Some("phone") => FieldType::Phone,
            Some("personnummer") => FieldType::Personnummer,
            Some("organisation-number") => FieldType::OrganisationNumber,
            Some("number") => FieldType::Number(self.number_form(table)),
            Some("money") => FieldType::Money { currency: self.currency(table) },
            Some("file") if table.get("accept").is_some() => FieldType::KeptFile(self.file_form(table)),
            Some("file") => FieldType::File,
            Some("reference") => FieldType::Reference { to: self.name(table, "to", KindName::new)? },
            Some("choice") => FieldType::Choice(self.choices(table)),
            Some("listed") => FieldType::Listed { list: self.name(table, "list", FieldName::new)?.to_string() },
            other => {
                let given = other.unwrap_or("nothing").to_owned();
                self.fault(
                    table.span(),
                    format!(
                        "a field of `kind.{kind}` has type `{given}`: use text, long-text, date, choice, listed, email, phone, \
                         personnummer, organisation-number, number, money, file or reference"
                    ),
                );
                return None;
            }
        };
        let max = match table.get("max").map(|item| (item.as_integer(), item.span())) {
            None => DEFAULT_FIELD_CHARACTERS,
            Some((Some(max), _)) if (1..=MAX_FIELD_CHARACTERS as i64).contains(&max) => max as usize,
            Some((_, span)) => {
                self.fault(span, format!("`max` must be a whole number from 1 to {MAX_FIELD_CHARACTERS}"));
                DEFAULT_FIELD_CHARACTERS
            }
        };
        let search = table
            .get("search")
            .is_some()
            .then(|| self.word(table, "search", &[("words", Search::Words), ("exact", Search::Exact)], Search::Words));
        let required = self.boolean(table, "required");
        let free_text = self.boolean(table, "free-text");
        let remind = self.remind(table, &holds);
        Some(Field {
            name: name?,
            label: label?,
            help,
            category: category?,
            free_text,
            holds,
            max,
            required,
            search,
            remind,
        })
    }

    fn number_form(&mut self, table: &dyn TableLike) -> NumberForm {
        let decimals = self.integer(table, "decimals").unwrap_or(0);
        let fine = (0..=MAX_DECIMALS).contains(&decimals);
        if !fine {
            self.fault(table.get("decimals").and_then(Item::span), format!("`decimals` must be 0 to {MAX_DECIMALS}"));
        }
        let decimals = if fine { decimals as usize } else { 0 };
        NumberForm { decimals, at_least: self.integer(table, "at-least"), at_most: self.integer(table, "at-most") }
    }

    fn file_form(&mut self, table: &dyn TableLike) -> FileForm {
        let span = table.get("accept").and_then(Item::span);
        let mut accept = Vec::new();
        for media in self.strings(table, "accept") {
            match MediaType::named(&media) {
                Some(one) => accept.push(one),
                None => {
                    let known = known_media().join(", ");
                    self.fault(
                        span.clone(),
                        format!("`{media}` is no form of files that can be kept; known are {known}"),
                    );
                }
            }
        }
        if accept.is_empty() {
            self.fault(span, "`accept` must name at least one media type");
        }
        let max_bytes = self.integer(table, "max-bytes").and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(0);
        let pictures = accept.iter().any(|one| one.is_picture());
        let most = if pictures { MAX_PICTURE_BYTES } else { MAX_FILE_BYTES };
        if !(1..=most).contains(&max_bytes) {
            let what = if pictures { "a field that takes pictures" } else { "a field that keeps files" };
            self.fault(
                table.get("max-bytes").and_then(Item::span).or_else(|| table.get("accept").and_then(Item::span)),
                format!("{what} needs `max-bytes`, a whole number from 1 to {most}"),
            );
        }
        FileForm { accept, max_bytes }
    }

    fn integer(&mut self, table: &dyn TableLike, key: &str) -> Option<i64> {
        let item = table.get(key)?;
        let number = item.as_integer();
        if number.is_none() {
            self.fault(item.span(), format!("`{key}` must be a whole number"));
        }
        number
    }

    fn currency(&mut self, table: &dyn TableLike) -> String {
        let currency = self.string(table, "currency").unwrap_or_default();
        if currency.len() != 3 || !currency.chars().all(|c| c.is_ascii_uppercase()) {
            self.fault(table.get("currency").and_then(Item::span), "an amount needs its `currency`, as `SEK`");
        }
        currency
    }

    fn choices(&mut self, table: &toml_edit::Table) -> Vec<Choice> {
        let mut choices = Vec::new();
        let given: Vec<&dyn TableLike> = match table.get("choices") {
            Some(Item::Value(Value::Array(array))) => {
                array.iter().filter_map(|value| value.as_inline_table().map(|table| table as &dyn TableLike)).collect()
            }
            Some(Item::ArrayOfTables(tables)) => tables.iter().map(|table| table as &dyn TableLike).collect(),
            _ => Vec::new(),
        };
        for choice in given {
            if let (Some(value), Some(label)) = (self.string(choice, "value"), self.label(choice, "label")) {
                choices.push(Choice { value, label });
            }
        }
        if choices.is_empty() {
            self.fault(table.span(), "a choice needs `choices`, each `{ value = …, label = { sv = …, en = … } }`");
        }
        choices
    }

    fn cross_check(&mut self, kinds: &[Kind]) {
        for (place, kind) in kinds.iter().enumerate() {
            if let Some(parent) = &kind.parent
                && !kinds.iter().any(|other| other.name == *parent)
            {
                self.fault(None, format!("`kind.{}` belongs to `{parent}`, which is no kind", kind.name));
            }
            for field in &kind.fields {
                if let FieldType::Reference { to } = &field.holds
                    && !kinds.iter().any(|other| other.name == *to)
                {
                    self.fault(
                        None,
                        format!("`{}` of `kind.{}` refers to `{to}`, which is no kind", field.name, kind.name),
                    );
                }
            }
            self.figures_of_whom(kind, kinds);
            if kind.erasure == Erasure::StaysWithoutName && kind.figures.is_some() {
                self.fault(
                    None,
                    format!(
                        "`kind.{}` stays without the name, so it cannot go and leave `figures`: choose one",
                        kind.name
                    ),
                );
            }
            if kind.erasure == Erasure::StaysWithoutName && kind.retention == RetentionClass::default() {
                self.fault(
                    None,
                    format!(
                        "`kind.{}` stays without the name, but `retention = \"{}\"` is the class whose key goes with the person: \
                         name another class",
                        kind.name, kind.retention
                    ),
                );
            }
            let other_erasure =
                kinds.iter().take(place).find(|one| one.retention == kind.retention && one.erasure != kind.erasure);
            if let Some(other) = other_erasure {
                self.fault(
                    None,
                    format!(
                        "`kind.{}` and `kind.{}` have the retention class `{}` but not the same `erasure`: what lies under one \
                         key goes together or stays together",
                        other.name, kind.name, kind.retention
                    ),
                );
            }
            if kinds.iter().take(place).any(|other| other.path == kind.path) {
                self.fault(None, format!("`kind.{}` has the `path` of another kind: `{}`", kind.name, kind.path));
            }
        }
    }

    pub(crate) fn known(&mut self, table: &dyn TableLike, keys: &[&str]) {
        let unknown: Vec<_> = table
            .iter()
            .filter(|(key, _)| !keys.contains(key))
            .map(|(key, item)| (key.to_owned(), table.key(key).and_then(toml_edit::Key::span).or_else(|| item.span())))
            .collect();
        for (key, span) in unknown {
            self.fault(span, format!("`{key}` is not known here; known are {}", keys.join(", ")));
        }
    }

    fn table<'d>(&mut self, table: &'d dyn TableLike, key: &str) -> Option<&'d dyn TableLike> {
        let found = table.get(key).and_then(Item::as_table_like);
        if found.is_none() {
            self.fault(None, format!("`[{key}]` is missing"));
        }
        found
    }

    pub(crate) fn string(&mut self, table: &dyn TableLike, key: &str) -> Option<String> {
        let item = table.get(key)?;
        let text = item.as_str().map(str::to_owned);
        if text.is_none() {
            self.fault(item.span(), format!("`{key}` must be a text"));
        }
        text
    }

    pub(crate) fn boolean(&mut self, table: &dyn TableLike, key: &str) -> bool {
        let Some(item) = table.get(key) else { return false };
        item.as_bool().unwrap_or_else(|| {
            self.fault(item.span(), format!("`{key}` must be true or false"));
            false
        })
    }

    pub(crate) fn strings(&mut self, table: &dyn TableLike, key: &str) -> Vec<String> {
        let Some(item) = table.get(key) else { return Vec::new() };
        let texts: Option<Vec<String>> =
            item.as_array().and_then(|array| array.iter().map(|value| value.as_str().map(str::to_owned)).collect());
        texts.unwrap_or_else(|| {
            self.fault(item.span(), format!("`{key}` must be a list of texts"));
            Vec::new()
        })
    }

    fn field_names(&mut self, table: &dyn TableLike, key: &str) -> Vec<FieldName> {
        let span = table.get(key).and_then(Item::span);
        self.strings(table, key).iter().filter_map(|text| self.checked(text, span.clone(), FieldName::new)).collect()
    }

    pub(crate) fn label(&mut self, table: &dyn TableLike, key: &str) -> Option<Label> {
        let item = table.get(key);
        let both = item.and_then(Item::as_table_like).and_then(|label| {
            Some(Label { sv: label.get("sv")?.as_str()?.to_owned(), en: label.get("en")?.as_str()?.to_owned() })
        });
        if both.is_none() {
            self.fault(item.and_then(Item::span), format!("`{key}` must be {{ sv = \"…\", en = \"…\" }}"));
        }
        both
    }

    pub(crate) fn name<N>(
        &mut self,
        table: &dyn TableLike,
        key: &str,
        make: fn(&str) -> Result<N, NameError>,
    ) -> Option<N> {
        match table.get(key) {
            Some(item) => {
                let text = self.string(table, key)?;
                self.checked(&text, item.span(), make)
            }
            None => {
                self.fault(None, format!("`{key}` is missing"));
                None
            }
        }
    }

    pub(crate) fn checked<N>(
        &mut self,
        text: &str,
        span: Option<Range<usize>>,
        make: fn(&str) -> Result<N, NameError>,
    ) -> Option<N> {
        match make(text) {
            Ok(name) => Some(name),
            Err(error) => {
                self.fault(span, error.to_string());
                None
            }
        }
    }

    fn word<T: Copy>(&mut self, table: &dyn TableLike, key: &str, words: &[(&str, T)], default: T) -> T {
        let Some(item) = table.get(key) else { return default };
        let found = item.as_str().and_then(|text| words.iter().find(|(word, _)| *word == text));
        if let Some((_, value)) = found {
            return *value;
        }
        let choices: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        self.fault(item.span(), format!("`{key}` must be {}", choices.join(" or ")));
        default
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
[service]
name = "tiny"
label = { sv = "Liten", en = "Tiny" }
about = { sv = "Ett prov.", en = "A trial." }
[kind.person]
path = "personer"
label = { sv = "Person", en = "Person" }
plural = { sv = "Personer", en = "Persons" }
subject = "participant"
title = ["name"]
[[kind.person.field]]
name = "name"
label = { sv = "Namn", en = "Name" }
category = "name"
type = "text"
"#;

    #[test]
    fn a_kinds_file_reads() {
        let kinds = Kinds::read("kinds.toml", GOOD).unwrap();
        assert_eq!(kinds.kinds[0].fields[0].max, DEFAULT_FIELD_CHARACTERS);
        assert_eq!(kinds.by_path("personer").unwrap().name.as_str(), "person");
    }

    #[test]
    fn every_fault_is_told_with_its_line() {
        let bad = GOOD.replace("type = \"text\"", "type = \"numeral\"").replace("of", "fo").replace("path =", "paht =");
        let faults = Kinds::read("kinds.toml", &bad).unwrap_err();
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|fault| fault.starts_with("kinds.toml:7  `paht` is not known")), "{told:?}");
        assert!(told.iter().any(|fault| fault.contains("has type `numeral`")), "{told:?}");
        assert!(told.len() >= 3, "{told:?}");
    }

    #[test]
    fn a_kind_says_which_fields_carry_a_relation() {
        let more = "[[kind.person.field]]\nname = \"worker\"\nlabel = { sv = \"x\", en = \"x\" }\ncategory = \"name\"\n\
                    type = \"reference\"\nto = \"person\"\n";
        let with = |reach: &str| {
            let text = GOOD.replace("title = [", &format!("reach = {reach}\ntitle = [")) + more;
            Kinds::read("kinds.toml", &text)
        };
        let kinds = with(r#"{ assigned = "worker", unit = "name" }"#).unwrap();
        let carried = |relation| kinds.kinds[0].reached_by(relation).map(|field| field.as_str().to_owned());
        assert_eq!(carried(Relation::Assigned).as_deref(), Some("worker"));
        assert_eq!(carried(Relation::Unit).as_deref(), Some("name"));
        assert_eq!(carried(Relation::Own), None);
        for (reach, told) in [
            (r#"{ own = "name" }"#, "`own` is no relation"),
            (r#"{ unit = "team" }"#, "`team` is no field"),
            (r#"{ assigned = "name" }"#, "must be a reference"),
            (r#""unit""#, "`reach` must be"),
        ] {
            let faults = with(reach).unwrap_err();
            assert!(faults.len() == 1 && faults[0].message.contains(told), "{reach}: {faults:?}");
        }
    }

    #[test]
    fn what_lies_under_one_key_goes_together_or_stays_together() {
        let kind = |name: &str, more: &str| {
            let kind = GOOD.split_once("[kind.person]").unwrap().1.replace("kind.person", &format!("kind.{name}"));
            format!("[kind.{name}]\n{more}{}", kind.replace("personer", name))
        };
        let with = |more: &str| Kinds::read("kinds.toml", &format!("{GOOD}\n{}", kind("claim", more)));
        let stays = with("erasure = \"stays-without-name\"\n").unwrap();
        assert_eq!(stays.kinds[0].retention, RetentionClass::default());
        assert_eq!(stays.erasure_of(&stays.kinds[1].retention), Erasure::StaysWithoutName);
        let named = with("erasure = \"stays-without-name\"\nretention = \"claims\"\n").unwrap();
        assert_eq!(named.kinds[1].retention.as_str(), "claims");
        for more in ["erasure = \"stays-without-name\"\nretention = \"service\"\n", "retention = \"two words\"\n"] {
            assert!(with(more).is_err(), "{more}");
        }
    }
}
