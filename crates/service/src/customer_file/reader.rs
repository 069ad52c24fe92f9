//! Reads a customer's file, collecting every fault with its line and what to do.

use core::ops::Range;

use terms::{Category, FieldName, Label, ServiceName};
use toml_edit::{Item, TableLike};

use super::{Addition, ConsentText, List, MAX_CONSENT_CHARACTERS, MAX_INVITATION_DAYS, MAX_VALUES, both, line_at};
use crate::{Choice, FileFault};

/// What the platform reads of a file.
pub(super) struct Parts {
    pub(super) service: ServiceName,
    pub(super) version: String,
    pub(super) lists: Vec<List>,
    pub(super) consents: Vec<ConsentText>,
    pub(super) additions: Vec<Addition>,
    pub(super) invitation_days: Option<u32>,
}

/// Reads a file and collects every fault.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) faults: Vec<FileFault>,
}

impl Reader<'_> {
    fn fault(&mut self, span: Option<Range<usize>>, what: Label, remedy: Label) {
        let line = span.map_or(0, |span| line_at(self.text, span.start));
        self.faults.push(FileFault { line, what, remedy });
    }

    pub(super) fn file(&mut self, root: &dyn TableLike) -> Option<Parts> {
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
