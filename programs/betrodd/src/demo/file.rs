//! The demo's people and what they did, as a service's `demo.toml` tells them. All of it is made up.
//!
//! The form is the same for every service: which kinds and fields there are stands in the service's `kinds.toml` and nowhere
//! here. A value `@key` is the id of the record of that key. `by` names a `[[customer.user]]` or a `[[provider.staff]]` by its key, `of` and `record` a `[[customer.record]]`.
//! `weekdays-ago` counts Monday to Friday back from the demo's clock; what has none was there when the demo begins. What words in
//! braces stand for says `words.rs`.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use jiff::civil::Time;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use terms::{KindName, Label, Purpose};

use crate::Told;

/// Values by field name.
pub type Values = BTreeMap<String, String>;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DemoFile {
    pub demo: Head,
    pub provider: Provider,
    pub customer: Vec<Customer>,
    #[serde(default)]
    pub activity: Activity,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Head {
    pub in_force_from: String,
    /// For which of the agreement's purposes things are done, where a line says no other.
    #[serde(deserialize_with = "name")]
    pub purpose: Purpose,
    /// The record that each user of a customer gets, written by the customer's first administrator. `{given-name}` and the
    /// like stand for what the user's line says; a value whose word the line lacks is left out.
    pub user_record: Option<UserRecord>,
    /// What each role is good for trying.
    #[serde(default, rename = "try")]
    pub tries: Vec<Try>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct UserRecord {
    #[serde(deserialize_with = "name")]
    pub kind: KindName,
    pub values: Values,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Try {
    /// Nothing for every role that has no line of its own.
    pub role: Option<String>,
    pub sv: String,
    pub en: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Provider {
    pub name: String,
    pub registration_number: Option<String>,
    #[serde(default)]
    pub staff: Vec<Person>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Person {
    pub key: String,
    pub role: String,
    pub given_name: String,
    pub family_name: String,
    pub email: String,
    pub title: Option<String>,
    pub phone: Option<String>,
    pub personnummer: Option<String>,
    pub password: String,
    pub totp_secret: Option<String>,
    /// What the person's own record says besides.
    #[serde(default)]
    pub values: Values,
    /// The record that the account is of, for somebody whom the customer's records are about.
    pub of: Option<String>,
}

impl Person {
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }

    /// What a word in a user's record stands for.
    pub fn word(&self, word: &str) -> Option<String> {
        match word {
            "given-name" => Some(self.given_name.clone()),
            "family-name" => Some(self.family_name.clone()),
            "name" => Some(self.name()),
            "email" => Some(self.email.clone()),
            "role" => Some(self.role.clone()),
            "title" => self.title.clone(),
            "phone" => self.phone.clone(),
            "personnummer" => self.personnummer.clone(),
            other => self.values.get(other).cloned(),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Customer {
    pub name: String,
    pub registration_number: Option<String>,
    /// The customer's own file, from the service's folder.
    pub file: Option<String>,
    pub user: Vec<Person>,
    #[serde(default)]
    pub record: Vec<Record>,
    #[serde(default)]
    pub change: Vec<Change>,
    #[serde(default)]
    pub correction: Vec<Correction>,
    #[serde(default)]
    pub refusal: Vec<Refused>,
}

impl Customer {
    /// The text that people accept when they register: what the demo's people accept.
    pub const CONSENT: &str = "registration";

    /// The place of the record of that key.
    pub fn place(&self, key: &str) -> Option<usize> {
        self.record.iter().position(|one| one.key.as_deref() == Some(key))
    }
}

/// A record that somebody of the customer writes.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Record {
    pub key: Option<String>,
    #[serde(deserialize_with = "name")]
    pub kind: KindName,
    pub by: String,
    /// The record that it belongs to.
    pub of: Option<String>,
    #[serde(default, deserialize_with = "maybe_name")]
    pub purpose: Option<Purpose>,
    pub weekdays_ago: Option<usize>,
    #[serde(default, deserialize_with = "maybe_name")]
    pub at: Option<Time>,
    pub values: Values,
    /// Its files by field, from the service's folder.
    #[serde(default)]
    pub files: Values,
    /// The state that it is given afterwards.
    pub state: Option<String>,
    /// Who of the provider reads it, where it is a case; and what belongs to whom it is about, within it.
    pub read_by: Option<String>,
    #[serde(default, deserialize_with = "names")]
    pub reads: Vec<KindName>,
}

/// A record that is changed. Both versions stay where the kind keeps them.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Change {
    pub record: String,
    pub by: Option<String>,
    #[serde(default, deserialize_with = "maybe_name")]
    pub purpose: Option<Purpose>,
    pub weekdays_ago: usize,
    #[serde(default, deserialize_with = "maybe_name")]
    pub at: Option<Time>,
    #[serde(default)]
    pub values: Values,
    pub state: Option<String>,
}

/// A record of an ordinary day that was wrong (`was`) and is put right in the afternoon.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Correction {
    #[serde(deserialize_with = "name")]
    pub kind: KindName,
    pub of: String,
    pub weekdays_ago: usize,
    pub was: Values,
    pub values: Values,
}

/// What the agreement refuses.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Refused {
    pub record: String,
    pub by: String,
    pub weekdays_ago: usize,
    pub verb: String,
    #[serde(default, deserialize_with = "maybe_name")]
    pub purpose: Option<Purpose>,
    pub field: Option<String>,
}

/// What happens on every weekday.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Activity {
    /// How many days before the present the demo begins.
    #[serde(default)]
    pub days: i32,
    /// What chance is drawn from, the same for everybody.
    #[serde(default)]
    pub seed: u64,
    /// What is there once under each record of a kind.
    #[serde(default)]
    pub once: Vec<Once>,
    #[serde(default)]
    pub daily: Vec<Daily>,
    #[serde(default)]
    pub look: Vec<Look>,
}

/// A record under each record of a kind, its choices in turn. Whoever wrote that record writes this one.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Once {
    #[serde(deserialize_with = "name")]
    pub kind: KindName,
    #[serde(deserialize_with = "name")]
    pub under: KindName,
    /// When; what has none was there when the demo begins.
    pub weekdays_ago: Option<usize>,
    #[serde(default, deserialize_with = "maybe_name")]
    pub at: Option<Time>,
    pub choice: Vec<Turn>,
}

/// What one of them has, in its turn.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Turn {
    /// Nothing where it has none.
    #[serde(default)]
    pub values: Values,
    /// The states that it is given afterwards, one after the other.
    #[serde(default)]
    pub states: Vec<String>,
}

/// A record a weekday under each record of a kind, or under one in `every`. Whoever wrote that record writes this one.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Daily {
    #[serde(deserialize_with = "name")]
    pub kind: KindName,
    #[serde(deserialize_with = "name")]
    pub under: KindName,
    #[serde(deserialize_with = "name")]
    pub at: Time,
    /// The field that holds the day.
    pub day: String,
    #[serde(default = "one")]
    pub every: u64,
    /// Only on these days of the week, Monday being 1. Nothing for all.
    #[serde(default)]
    pub on: Vec<i8>,
    pub choice: Vec<Weighted>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Weighted {
    #[serde(default = "one")]
    pub weight: u64,
    pub values: Values,
}

/// Records of a kind that are read on a weekday, by whoever wrote them.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Look {
    #[serde(deserialize_with = "name")]
    pub kind: KindName,
    /// What belongs to them and is read with them.
    #[serde(default, deserialize_with = "names")]
    pub with: Vec<KindName>,
    #[serde(deserialize_with = "name")]
    pub at: Time,
    pub a_weekday: usize,
}

const fn one() -> u64 {
    1
}

fn name<'de, D: Deserializer<'de>, T: FromStr>(from: D) -> Result<T, D::Error>
where
    T::Err: core::fmt::Display,
{
    String::deserialize(from)?.parse().map_err(D::Error::custom)
}

fn maybe_name<'de, D: Deserializer<'de>, T: FromStr>(from: D) -> Result<Option<T>, D::Error>
where
    T::Err: core::fmt::Display,
{
    name(from).map(Some)
}

fn names<'de, D: Deserializer<'de>, T: FromStr>(from: D) -> Result<Vec<T>, D::Error>
where
    T::Err: core::fmt::Display,
{
    Vec::<String>::deserialize(from)?.iter().map(|text| text.parse().map_err(D::Error::custom)).collect()
}

impl DemoFile {
    /// Reads the file of a service. A service without one has no made-up people, and takes no part in the demo's month.
    pub fn read(folder: &Path) -> Result<Option<Self>, Told> {
        let file = folder.join("demo.toml");
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(format!("`{}` cannot be read: {cause}", file.display()).into()),
        };
        let read: Self =
            toml_edit::de::from_str(&text).map_err(|fault| format!("`{}` has a fault: {fault}", file.display()))?;
        let faults = read.names_without_meaning();
        if !faults.is_empty() {
            return Err(format!("`{}` has faults:\n  {}", file.display(), faults.join("\n  ")).into());
        }
        Ok(Some(read))
    }

    /// Keys that name nobody and nothing. A line that is silently left out would be missed by whoever wrote it.
    fn names_without_meaning(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let staff = |key: &str| self.provider.staff.iter().any(|one| one.key == key);
        for customer in &self.customer {
            let name = &customer.name;
            let user = |key: &str| customer.user.iter().any(|one| one.key == key);
            let mut person = |key: &str, fine: bool| {
                if !fine {
                    faults.push(format!("`{key}` of {name} is nobody's key"));
                }
            };
            for one in &customer.record {
                person(&one.by, user(&one.by));
                if let Some(reader) = &one.read_by {
                    person(reader, staff(reader));
                }
            }
            for one in &customer.change {
                if let Some(by) = &one.by {
                    person(by, user(by));
                }
            }
            for one in &customer.refusal {
                person(&one.by, user(&one.by) || staff(&one.by));
            }
            let records = customer.record.iter().filter_map(|one| one.of.as_ref());
            let records = records.chain(customer.change.iter().map(|one| &one.record));
            let records = records.chain(customer.correction.iter().map(|one| &one.of));
            let records = records.chain(customer.user.iter().filter_map(|one| one.of.as_ref()));
            for key in records.chain(customer.refusal.iter().map(|one| &one.record)) {
                if customer.place(key).is_none() && !customer.user.iter().any(|one| one.key == *key) {
                    faults.push(format!("`{key}` of {name} is no record's key"));
                }
            }
        }
        faults
    }

    /// What a role is good for trying.
    pub fn what_to_try(&self, role: &str) -> Label {
        let tries = &self.demo.tries;
        let own = tries.iter().find(|one| one.role.as_deref() == Some(role));
        let any = || tries.iter().find(|one| one.role.is_none());
        own.or_else(any).map_or_else(Label::default, |one| Label { sv: one.sv.clone(), en: one.en.clone() })
    }
}
