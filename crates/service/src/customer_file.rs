//! The customer's file: a dated TOML text in which a customer says what is its own and no agreement says: its units and other
//! lists, the texts that people accept at registration, its additions to the Specification, and what the service itself reads
//! in it (the rules of a programme, prices). It holds no personal data.
//!
//! Not here: who may adopt one and from when (`processing`), and what a service reads beyond these tables
//! ([`crate::Service::check_file`]).

use core::ops::Range;
use std::collections::BTreeMap;

use terms::{Category, FieldName, Hash, Instant, Label, ServiceName};
use toml_edit::{Document, Item, TableLike};

use crate::{Choice, Kinds, Service};

/// Longest file, in bytes. What is longer is no list of units.
pub const MAX_FILE_BYTES: usize = 200_000;
/// Most values of one list.
const MAX_VALUES: usize = 5_000;
/// Longest text that is accepted at registration, in characters.
const MAX_CONSENT_CHARACTERS: usize = 20_000;
/// Longest time that an invitation may run, in days.
const MAX_INVITATION_DAYS: i64 = 90;
/// The tables that the platform reads; every other is the service's.
const TABLES: [&str; 5] = ["file", "list", "consent", "specification", "accounts"];

/// A customer's file, read without a fault.
#[derive(Debug)]
pub struct CustomerFile {
    /// The SHA-256 of its exact text: its version, and what its entry names.
    pub hash: Hash,
    /// From when it is in force.
    pub from: Instant,
    /// The service that it is for.
    pub service: ServiceName,
    /// What the customer calls this version.
    pub version: String,
    /// Its lists, in the order of the file.
    pub lists: Vec<List>,
    /// The texts that people accept.
    pub consents: Vec<ConsentText>,
    /// The customer's additions to the Specification.
    pub additions: Vec<Addition>,
    /// For how many days an invitation runs, where the customer says so.
    pub invitation_days: Option<u32>,
    document: Document<String>,
}

/// A list of values that fields of type `listed` take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Its name, as `kinds.toml` refers to it.
    pub name: String,
    /// What people call it.
    pub label: Label,
    /// Its values.
    pub values: Vec<Choice>,
}

/// A text that people accept, e.g. at registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentText {
    /// Its name, e.g. `registration`.
    pub name: String,
    /// Its version. Another text is another version.
    pub version: String,
    /// What it says.
    pub text: Label,
}

/// A further category that the customer decided to keep in free text and uploads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition {
    /// The category.
    pub category: Category,
    /// What people call it.
    pub label: Label,
    /// Why it is kept.
    pub why: Label,
}

/// What is wrong with a file, where, and what to do; all of them are told at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFault {
    /// The line, from 1; 0 where it is of the file as a whole.
    pub line: usize,
    /// What is wrong.
    pub what: Label,
    /// What to do about it.
    pub remedy: Label,
}

/// A fault or a difference in both languages.
fn both(sv: impl Into<String>, en: impl Into<String>) -> Label {
    Label { sv: sv.into(), en: en.into() }
}

impl CustomerFile {
    /// Reads what the platform reads of a file, whatever the service reads beyond it. `hash` is the SHA-256 of `text`.
    ///
    /// # Errors
    /// Every fault, never only the first.
    pub fn read(text: &str, hash: Hash, from: Instant) -> Result<Self, Vec<FileFault>> {
        if text.len() > MAX_FILE_BYTES {
            return Err(vec![FileFault {
                line: 0,
                what: both(
                    format!("filen är {} byte, och högst {MAX_FILE_BYTES} läses", text.len()),
                    format!("the file has {} bytes, and at most {MAX_FILE_BYTES} are read", text.len()),
                ),
                remedy: both("ta bort det som inte behövs", "take out what is not needed"),
            }]);
        }
        let document = Document::parse(text.to_owned()).map_err(|error| {
            vec![FileFault {
                line: error.span().map_or(0, |span| line_at(text, span.start)),
                what: both(
                    format!("raden går inte att läsa som TOML: {}", error.message()),
                    format!("the line does not read as TOML: {}", error.message()),
                ),
                remedy: both(
                    "skriv `namn = \"värde\"` eller `[tabell]`, med rätta citattecken",
                    "write `name = \"value\"` or `[table]`, with the right quotation marks",
                ),
            }]
        })?;
        let mut reader = Reader { text, faults: Vec::new() };
        let read = reader.file(document.as_table());
        match read {
            Some(parts) if reader.faults.is_empty() => {
                let Parts { service, version, lists, consents, additions, invitation_days } = parts;
                Ok(Self { hash, from, service, version, lists, consents, additions, invitation_days, document })
            }
            _ => Err(reader.faults),
        }
    }

    /// Reads a file that somebody wants to bring into force: also against the kinds that refer to its lists, against what the
    /// service reads in it, and against the file that is in force before it.
    ///
    /// # Errors
    /// Every fault.
    pub fn read_whole(
        text: &str,
        hash: Hash,
        from: Instant,
        kinds: &Kinds,
        service: Option<&dyn Service>,
        before: Option<&Self>,
    ) -> Result<Self, Vec<FileFault>> {
        let read = Self::read(text, hash, from)?;
        let mut faults = read.against(kinds);
        faults.extend(match service {
            Some(service) => service.check_file(&read),
            None => read.unread(&[]),
        });
        if let Some(before) = before {
            faults.extend(read.silent_changes(before));
        }
        faults.sort_by_key(|fault| fault.line);
        if faults.is_empty() { Ok(read) } else { Err(faults) }
    }

    /// The exact text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.document.raw()
    }

    /// The whole document, for what a service reads in it. Its spans are places in [`CustomerFile::text`].
    #[must_use]
    pub const fn document(&self) -> &Document<String> {
        &self.document
    }

    /// The line of a place in the text, from 1; 0 without a place. For a service's own faults.
    #[must_use]
    pub fn line(&self, span: Option<Range<usize>>) -> usize {
        span.map_or(0, |span| line_at(self.text(), span.start))
    }

    /// The list of that name.
    #[must_use]
    pub fn list(&self, name: &str) -> Option<&List> {
        self.lists.iter().find(|list| list.name == name)
    }

    /// The text of that name that people accept.
    #[must_use]
    pub fn consent(&self, name: &str) -> Option<&ConsentText> {
        self.consents.iter().find(|consent| consent.name == name)
    }

    /// A fault for every table that neither the platform nor a service that reads `known` reads: a slip of the pen would
    /// otherwise be a rule that nobody follows.
    #[must_use]
    pub fn unread(&self, known: &[&str]) -> Vec<FileFault> {
        let root = self.document.as_table();
        let unread = root.iter().filter(|(key, _)| !TABLES.contains(key) && !known.contains(key));
        unread
            .map(|(key, item)| {
                let span = root.key(key).and_then(toml_edit::Key::span).or_else(|| item.span());
                let all: Vec<&str> = TABLES.iter().chain(known).copied().collect();
                FileFault {
                    line: self.line(span),
                    what: both(format!("`{key}` läses inte av någon"), format!("`{key}` is read by nobody")),
                    remedy: both(
                        format!("ta bort den, eller rätta namnet till något av {}", all.join(", ")),
                        format!("take it out, or correct its name to one of {}", all.join(", ")),
                    ),
                }
            })
            .collect()
    }

    /// Faults against the service's kinds: it is for that service, and every list that a field refers to is there.
    fn against(&self, kinds: &Kinds) -> Vec<FileFault> {
        let mut faults = Vec::new();
        if self.service != kinds.service {
            let span = self.document.get("file").and_then(|file| file.get("service")).and_then(Item::span);
            faults.push(FileFault {
                line: self.line(span),
                what: both(
                    format!("filen är för tjänsten `{}`", self.service),
                    format!("the file is for the service `{}`", self.service),
                ),
                remedy: both(
                    format!("skriv `service = \"{}\"`", kinds.service),
                    format!("write `service = \"{}\"`", kinds.service),
                ),
            });
        }
        for list in kinds.lists() {
            if self.list(list).is_none() {
                faults.push(FileFault {
                    line: 0,
                    what: both(
                        format!("listan `{list}` saknas, och fält i tjänsten hämtar sina värden där"),
                        format!("the list `{list}` is missing, and fields of the service take their values there"),
                    ),
                    remedy: both(
                        format!("lägg till `[list.{list}]` med `label` och `values`"),
                        format!("add `[list.{list}]` with `label` and `values`"),
                    ),
                });
            }
        }
        faults
    }

    /// A text that people accept has changed under the number of its version: what somebody accepted could no longer be told.
    fn silent_changes(&self, before: &Self) -> Vec<FileFault> {
        let changed = self.consents.iter().filter(|now| {
            before.consent(&now.name).is_some_and(|was| was.version == now.version && was.text != now.text)
        });
        changed
            .map(|now| {
                let span = self.document.get("consent").and_then(|all| all.get(&now.name)).and_then(Item::span);
                FileFault {
                    line: self.line(span),
                    what: both(
                        format!(
                            "samtyckestexten `{}` är ändrad men heter fortfarande version {}",
                            now.name, now.version
                        ),
                        format!(
                            "the consent text `{}` has changed but is still called version {}",
                            now.name, now.version
                        ),
                    ),
                    remedy: both(
                        "ge den ändrade texten ett nytt `version`; de som godkänt den förra får då frågan på nytt",
                        "give the changed text a new `version`; who accepted the one before will then be asked anew",
                    ),
                }
            })
            .collect()
    }

    /// What this file says otherwise than `before`, in words; everything where there was none.
    #[must_use]
    pub fn differences(&self, before: Option<&Self>) -> Vec<Label> {
        let mut told = Vec::new();
        self.lists_differ(before, &mut told);
        for now in &self.consents {
            match before.and_then(|before| before.consent(&now.name)) {
                None => told.push(both(
                    format!("Samtyckestexten «{}» tillkommer, version {}.", now.name, now.version),
                    format!("The consent text “{}” is new, version {}.", now.name, now.version),
                )),
                Some(was) if was != now => told.push(both(
                    format!("Samtyckestexten «{}» går från version {} till {}.", now.name, was.version, now.version),
                    format!("The consent text “{}” goes from version {} to {}.", now.name, was.version, now.version),
                )),
                Some(_) => {}
            }
        }
        for was in before.iter().flat_map(|before| &before.consents) {
            if self.consent(&was.name).is_none() {
                told.push(both(
                    format!("Samtyckestexten «{}» utgår.", was.name),
                    format!("The consent text “{}” goes.", was.name),
                ));
            }
        }
        self.additions_differ(before, &mut told);
        let (was, now) = (before.map(Self::other_values).unwrap_or_default(), self.other_values());
        for (place, value) in &now {
            match was.get(place) {
                None => told.push(both(format!("{place} tillkommer: {value}"), format!("{place} is new: {value}"))),
                Some(old) if old != value => {
                    told.push(both(format!("{place}: {old} blir {value}"), format!("{place}: {old} becomes {value}")));
                }
                Some(_) => {}
            }
        }
        for (place, old) in was.iter().filter(|(place, _)| !now.contains_key(*place)) {
            told.push(both(format!("{place} utgår: {old}"), format!("{place} goes: {old}")));
        }
        told
    }

    fn lists_differ(&self, before: Option<&Self>, told: &mut Vec<Label>) {
        for now in &self.lists {
            let Some(was) = before.and_then(|before| before.list(&now.name)) else {
                told.push(both(
                    format!("Listan «{}» tillkommer med {} värden.", now.label.sv, now.values.len()),
                    format!("The list “{}” is new, with {} values.", now.label.en, now.values.len()),
                ));
                continue;
            };
            for choice in &now.values {
                match was.values.iter().find(|old| old.value == choice.value) {
                    None => told.push(both(
                        format!("{}: {} ({}) tillkommer.", now.label.sv, choice.label.sv, choice.value),
                        format!("{}: {} ({}) is new.", now.label.en, choice.label.en, choice.value),
                    )),
                    Some(old) if old.label != choice.label => told.push(both(
                        format!("{}: {} heter nu {} ({}).", now.label.sv, old.label.sv, choice.label.sv, choice.value),
                        format!(
                            "{}: {} is now called {} ({}).",
                            now.label.en, old.label.en, choice.label.en, choice.value
                        ),
                    )),
                    Some(_) => {}
                }
            }
            for old in was.values.iter().filter(|old| now.values.iter().all(|one| one.value != old.value)) {
                told.push(both(
                    format!(
                        "{}: {} ({}) utgår; det som redan är skrivet går att läsa.",
                        now.label.sv, old.label.sv, old.value
                    ),
                    format!(
                        "{}: {} ({}) goes; what is written already stays readable.",
                        now.label.en, old.label.en, old.value
                    ),
                ));
            }
        }
        for was in before.iter().flat_map(|before| &before.lists) {
            if self.list(&was.name).is_none() {
                told.push(both(
                    format!("Listan «{}» utgår.", was.label.sv),
                    format!("The list “{}” goes.", was.label.en),
                ));
            }
        }
    }

    fn additions_differ(&self, before: Option<&Self>, told: &mut Vec<Label>) {
        let had = |of: Option<&Self>, category: &Category| {
            of.is_some_and(|of| of.additions.iter().any(|one| one.category == *category))
        };
        for now in self.additions.iter().filter(|now| !had(before, &now.category)) {
            told.push(both(
                format!("Specifikationen får tillägget «{}».", now.label.sv),
                format!("The Specification gets the addition “{}”.", now.label.en),
            ));
        }
        for was in before.iter().flat_map(|before| &before.additions).filter(|was| !had(Some(self), &was.category)) {
            told.push(both(
                format!("Tillägget «{}» till specifikationen utgår.", was.label.sv),
                format!("The addition “{}” to the Specification goes.", was.label.en),
            ));
        }
    }

    /// Every value beyond lists, texts and additions, by its place.
    fn other_values(&self) -> BTreeMap<String, String> {
        let mut values = BTreeMap::new();
        for (key, item) in self.document.as_table().iter() {
            if !["list", "consent", "specification"].contains(&key) {
                flatten(key, item, &mut values);
            }
        }
        values
    }
}

fn flatten(place: &str, item: &Item, values: &mut BTreeMap<String, String>) {
    if let Some(table) = item.as_table_like() {
        for (key, item) in table.iter() {
            flatten(&format!("{place}.{key}"), item, values);
        }
    } else if let Some(tables) = item.as_array_of_tables() {
        for (number, table) in tables.iter().enumerate() {
            for (key, item) in table.iter() {
                flatten(&format!("{place}[{}].{key}", number + 1), item, values);
            }
        }
    } else if let Some(array) = item.as_array() {
        for (number, value) in array.iter().enumerate() {
            flatten(&format!("{place}[{}]", number + 1), &Item::Value(value.clone()), values);
        }
    } else if let Some(value) = item.as_value() {
        values.insert(place.to_owned(), value.to_string().trim().to_owned());
    }
}

fn line_at(text: &str, place: usize) -> usize {
    text.get(..place).unwrap_or(text).bytes().filter(|byte| *byte == b'\n').count() + 1
}

struct Parts {
    service: ServiceName,
    version: String,
    lists: Vec<List>,
    consents: Vec<ConsentText>,
    additions: Vec<Addition>,
    invitation_days: Option<u32>,
}

struct Reader<'t> {
    text: &'t str,
    faults: Vec<FileFault>,
}

impl Reader<'_> {
    fn fault(&mut self, span: Option<Range<usize>>, what: Label, remedy: Label) {
        let line = span.map_or(0, |span| line_at(self.text, span.start));
        self.faults.push(FileFault { line, what, remedy });
    }

    fn file(&mut self, root: &dyn TableLike) -> Option<Parts> {
        let head = root.get("file").and_then(Item::as_table_like);
        if head.is_none() {
            self.fault(
                None,
                both("`[file]` saknas", "`[file]` is missing"),
                both(
                    "börja filen med `[file]`, `service` och `version`",
                    "begin the file with `[file]`, `service` and `version`",
                ),
            );
        }
        let mut service = None;
        let mut version = None;
        if let Some(head) = head {
            self.known(head, &["service", "version"]);
            service = self.text_of(head, "service", None).and_then(|text| match ServiceName::new(&text) {
                Ok(name) => Some(name),
                Err(error) => {
                    let span = head.get("service").and_then(Item::span);
                    self.fault(
                        span,
                        both(error.to_string(), error.to_string()),
                        both("skriv tjänstens namn", "write the service's name"),
                    );
                    None
                }
            });
            version = self.text_of(head, "version", None);
        }
        let lists = self.each(root, "list", Self::list);
        let consents = self.each(root, "consent", Self::consent);
        let additions = self.additions(root);
        let invitation_days = self.invitation_days(root);
        Some(Parts { service: service?, version: version?, lists, consents, additions, invitation_days })
    }

    /// The tables under `[key.NAME]`.
    fn each<T>(
        &mut self,
        root: &dyn TableLike,
        key: &str,
        mut read: impl FnMut(&mut Self, &str, &Item, &dyn TableLike) -> Option<T>,
    ) -> Vec<T> {
        let Some(item) = root.get(key) else { return Vec::new() };
        let Some(tables) = item.as_table_like() else {
            self.not_a_table(item, key);
            return Vec::new();
        };
        let mut all = Vec::new();
        for (name, item) in tables.iter() {
            match item.as_table_like() {
                Some(table) => all.extend(read(self, name, item, table)),
                None => self.not_a_table(item, &format!("{key}.{name}")),
            }
        }
        all
    }

    fn not_a_table(&mut self, item: &Item, key: &str) {
        self.fault(
            item.span(),
            both(format!("`{key}` är ingen tabell"), format!("`{key}` is no table")),
            both(format!("skriv `[{key}.NAMN]`"), format!("write `[{key}.NAME]`")),
        );
    }

    fn list(&mut self, name: &str, item: &Item, table: &dyn TableLike) -> Option<List> {
        self.known(table, &["label", "values"]);
        if FieldName::new(name).is_err() {
            self.not_a_name(item.span(), name);
        }
        let label = self.label(table, "label", item.span());
        let remedy = || {
            both(
                "skriv `values = [ { value = \"ka-1001\", label = { sv = \"…\", en = \"…\" } } ]`",
                "write `values = [ { value = \"ka-1001\", label = { sv = \"…\", en = \"…\" } } ]`",
            )
        };
        let mut values: Vec<Choice> = Vec::new();
        match table.get("values").and_then(Item::as_array) {
            Some(array) if array.len() > MAX_VALUES => self.fault(
                array.span(),
                both(
                    format!("listan `{name}` har {} värden, och högst {MAX_VALUES} läses", array.len()),
                    format!("the list `{name}` has {} values, and at most {MAX_VALUES} are read", array.len()),
                ),
                both("dela listan", "divide the list"),
            ),
            Some(array) => {
                for one in array {
                    let Some(choice) = one.as_inline_table() else {
                        self.fault(
                            one.span(),
                            both(
                                format!("ett värde i `{name}` är ingen tabell"),
                                format!("a value of `{name}` is no table"),
                            ),
                            remedy(),
                        );
                        continue;
                    };
                    self.known(choice, &["value", "label"]);
                    let label = self.label(choice, "label", one.span());
                    let Some(value) = self.text_of(choice, "value", one.span()) else { continue };
                    if FieldName::new(&value).is_err() {
                        self.not_a_name(one.span(), &value);
                    } else if values.iter().any(|other| other.value == value) {
                        self.fault(
                            one.span(),
                            both(
                                format!("`{value}` står två gånger i `{name}`"),
                                format!("`{value}` stands twice in `{name}`"),
                            ),
                            both("ta bort den ena", "take one of them out"),
                        );
                    } else if let Some(label) = label {
                        values.push(Choice { value, label });
                    }
                }
            }
            None => self.fault(
                item.span(),
                both(format!("listan `{name}` har inga `values`"), format!("the list `{name}` has no `values`")),
                remedy(),
            ),
        }
        Some(List { name: name.to_owned(), label: label?, values })
    }

    fn consent(&mut self, name: &str, item: &Item, table: &dyn TableLike) -> Option<ConsentText> {
        self.known(table, &["version", "text"]);
        let version = self.text_of(table, "version", item.span());
        let text = self.label(table, "text", item.span());
        if let Some(text) = &text
            && text.sv.chars().count().max(text.en.chars().count()) > MAX_CONSENT_CHARACTERS
        {
            self.fault(
                item.span(),
                both(
                    format!("samtyckestexten är längre än {MAX_CONSENT_CHARACTERS} tecken"),
                    format!("the consent text is longer than {MAX_CONSENT_CHARACTERS} characters"),
                ),
                both("skriv så att den går att läsa", "write it so that it can be read"),
            );
        }
        Some(ConsentText { name: name.to_owned(), version: version?, text: text? })
    }

    fn additions(&mut self, root: &dyn TableLike) -> Vec<Addition> {
        let Some(item) = root.get("specification") else { return Vec::new() };
        let Some(tables) = item.as_array_of_tables() else {
            self.fault(
                item.span(),
                both("`specification` är ingen lista av tabeller", "`specification` is no list of tables"),
                both("skriv `[[specification]]`", "write `[[specification]]`"),
            );
            return Vec::new();
        };
        let mut additions = Vec::new();
        for table in tables {
            self.known(table, &["category", "label", "why"]);
            let label = self.label(table, "label", table.span());
            let why = self.label(table, "why", table.span());
            let Some(category) = self.text_of(table, "category", table.span()) else { continue };
            match Category::new(&category) {
                Ok(category) => {
                    if let (Some(label), Some(why)) = (label, why) {
                        additions.push(Addition { category, label, why });
                    }
                }
                Err(_) => self.not_a_name(table.span(), &category),
            }
        }
        additions
    }

    fn invitation_days(&mut self, root: &dyn TableLike) -> Option<u32> {
        let item = root.get("accounts")?;
        let Some(table) = item.as_table_like() else {
            self.not_a_table(item, "accounts");
            return None;
        };
        self.known(table, &["invitation-days"]);
        let days = table.get("invitation-days")?;
        let read = days.as_integer().filter(|days| (1..=MAX_INVITATION_DAYS).contains(days));
        if read.is_none() {
            self.fault(
                days.span(),
                both(
                    format!("`invitation-days` är inget helt tal från 1 till {MAX_INVITATION_DAYS}"),
                    format!("`invitation-days` is no whole number from 1 to {MAX_INVITATION_DAYS}"),
                ),
                both("skriv `invitation-days = 14`", "write `invitation-days = 14`"),
            );
        }
        read.and_then(|days| u32::try_from(days).ok())
    }

    fn known(&mut self, table: &dyn TableLike, keys: &[&str]) {
        let unknown: Vec<_> = table
            .iter()
            .filter(|(key, _)| !keys.contains(key))
            .map(|(key, item)| (key.to_owned(), table.key(key).and_then(toml_edit::Key::span).or_else(|| item.span())))
            .collect();
        for (key, span) in unknown {
            self.fault(
                span,
                both(format!("`{key}` är inte känt här"), format!("`{key}` is not known here")),
                both(format!("här står {}", keys.join(", ")), format!("known here are {}", keys.join(", "))),
            );
        }
    }

    fn text_of(&mut self, table: &dyn TableLike, key: &str, whole: Option<Range<usize>>) -> Option<String> {
        let item = table.get(key);
        let text = item.and_then(Item::as_str).map(str::trim).filter(|text| !text.is_empty());
        if text.is_none() {
            self.fault(
                item.and_then(Item::span).or(whole),
                both(format!("`{key}` saknas eller är ingen text"), format!("`{key}` is missing or no text")),
                both(format!("skriv `{key} = \"…\"`"), format!("write `{key} = \"…\"`")),
            );
        }
        text.map(str::to_owned)
    }

    fn label(&mut self, table: &dyn TableLike, key: &str, whole: Option<Range<usize>>) -> Option<Label> {
        let item = table.get(key);
        let label = item.and_then(Item::as_table_like).and_then(|label| {
            let text = |language| label.get(language)?.as_str().map(str::trim).filter(|text| !text.is_empty());
            Some(both(text("sv")?, text("en")?))
        });
        if label.is_none() {
            self.fault(
                item.and_then(Item::span).or(whole),
                both(format!("`{key}` står inte på båda språken"), format!("`{key}` does not stand in both languages")),
                both(
                    format!("skriv `{key} = {{ sv = \"…\", en = \"…\" }}`"),
                    format!("write `{key} = {{ sv = \"…\", en = \"…\" }}`"),
                ),
            );
        }
        label
    }

    fn not_a_name(&mut self, span: Option<Range<usize>>, given: &str) {
        let given: String = given.chars().take(40).collect();
        self.fault(
            span,
            both(format!("`{given}` är inget namn"), format!("`{given}` is no name")),
            both(
                "använd små bokstäver a–z, siffror och bindestreck, högst 64 tecken",
                "use small letters a–z, digits and hyphens, at most 64 characters",
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
[file]
service = "tiny"
version = "2026-07-01"
[accounts]
invitation-days = 10
[list.units]
label = { sv = "Enheter", en = "Units" }
values = [
  { value = "ka-1001", label = { sv = "Norr", en = "North" } },
  { value = "ka-1002", label = { sv = "Söder", en = "South" } },
]
[consent.registration]
version = "1"
text = { sv = "Ja tack", en = "Yes please" }
[[specification]]
category = "driving-licence"
label = { sv = "Körkort", en = "Driving licence" }
why = { sv = "Många arbeten kräver det.", en = "Many jobs ask for it." }
"#;

    fn read(text: &str) -> Result<CustomerFile, Vec<FileFault>> {
        CustomerFile::read(text, Hash([0; 32]), Instant(0))
    }

    #[test]
    fn a_file_reads_and_keeps_its_exact_text() {
        let file = read(GOOD).unwrap();
        assert_eq!(file.text(), GOOD);
        assert_eq!(file.list("units").unwrap().values[1].label.sv, "Söder");
        assert_eq!(file.consent("registration").unwrap().version, "1");
        assert_eq!((file.invitation_days, file.additions.len()), (Some(10), 1));
        assert!(file.unread(&[]).is_empty());
    }

    #[test]
    fn every_fault_is_told_with_its_line_and_a_remedy_in_both_languages() {
        let bad = GOOD
            .replace("service = \"tiny\"", "service = \"Tiny AB\"")
            .replace("invitation-days = 10", "invitation-days = \"tio\"")
            .replace("ka-1002", "ka-1001")
            .replace("en = \"North\"", "dk = \"Nord\"")
            .replace("version = \"1\"", "verison = \"1\"");
        let faults = read(&bad).unwrap_err();
        let lines: Vec<usize> = faults.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [3, 10, 14, 13, 6], "{faults:#?}");
        assert!(faults.iter().all(|fault| !fault.what.sv.is_empty() && !fault.remedy.en.is_empty()));
    }

    #[test]
    fn what_is_no_toml_is_told_with_its_line() {
        let faults = read("[file]\nservice = matcha").unwrap_err();
        assert_eq!((faults.len(), faults[0].line), (1, 2));
        assert!(read(&"#".repeat(MAX_FILE_BYTES + 1)).is_err());
    }

    #[test]
    fn a_table_that_nobody_reads_is_a_fault() {
        let file = read(&format!("{GOOD}[lits.units]\n[programme.p]\nhours = 1\n")).unwrap();
        assert_eq!(file.unread(&["programme"]).len(), 1);
        assert_eq!(file.unread(&[]).len(), 2);
    }

    #[test]
    fn differences_are_told_in_words() {
        let before = read(GOOD).unwrap();
        let after = read(
            &GOOD
                .replace("Söder", "Öster")
                .replace("ka-1001", "ka-1003")
                .replace("= 10", "= 12")
                .replace("\"1\"", "\"2\""),
        )
        .unwrap();
        let told: Vec<String> = after.differences(Some(&before)).into_iter().map(|one| one.sv).collect();
        assert_eq!(
            told,
            [
                "Enheter: Norr (ka-1003) tillkommer.",
                "Enheter: Söder heter nu Öster (ka-1002).",
                "Enheter: Norr (ka-1001) utgår; det som redan är skrivet går att läsa.",
                "Samtyckestexten «registration» går från version 1 till 2.",
                "accounts.invitation-days: 10 blir 12",
            ]
        );
        assert!(before.differences(Some(&before)).is_empty());
        assert!(before.differences(None).len() >= 3);
    }

    #[test]
    fn a_consent_text_does_not_change_under_its_version() {
        let before = read(GOOD).unwrap();
        let after = read(&GOOD.replace("Ja tack", "Nej tack")).unwrap();
        assert_eq!(after.silent_changes(&before).len(), 1);
        assert!(before.silent_changes(&before).is_empty());
    }
}
