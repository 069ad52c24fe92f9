//! What one file of a customer says otherwise than another, in words.

use std::collections::BTreeMap;

use terms::{Category, Label};
use toml_edit::Item;

use super::{CustomerFile, both};

impl CustomerFile {
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
