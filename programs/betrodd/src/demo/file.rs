//! The demo's people and their month, as a service's `demo.toml` tells them. All of it is made up.

use std::path::Path;
use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use terms::{KindName, Label, Purpose};

use crate::Told;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct DemoFile {
    pub demo: Head,
    pub provider: Provider,
    pub customer: Vec<Customer>,
    pub activity: Activity,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Head {
    pub in_force_from: String,
    pub kinds: KindNames,
    pub purposes: Purposes,
    /// What each role is good for trying.
    #[serde(default, rename = "try")]
    pub tries: Vec<Try>,
}

/// Which of the service's kinds the month writes.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct KindNames {
    #[serde(deserialize_with = "name")]
    pub participant: KindName,
    #[serde(deserialize_with = "name")]
    pub next_of_kin: KindName,
    #[serde(deserialize_with = "name")]
    pub attendance: KindName,
    #[serde(deserialize_with = "name")]
    pub day_note: KindName,
    #[serde(deserialize_with = "name")]
    pub employer_contact: KindName,
    #[serde(deserialize_with = "name")]
    pub user: KindName,
    #[serde(deserialize_with = "name")]
    pub support_case: KindName,
}

/// For which of the agreement's purposes it is done.
#[derive(Deserialize)]
pub struct Purposes {
    #[serde(deserialize_with = "name")]
    pub ordinary: Purpose,
    #[serde(deserialize_with = "name")]
    pub support: Purpose,
}

#[derive(Deserialize)]
pub struct Try {
    /// Nothing for every role that has no line of its own.
    pub role: Option<String>,
    pub sv: String,
    pub en: String,
}

fn name<'de, D: Deserializer<'de>, T: FromStr>(from: D) -> Result<T, D::Error>
where
    T::Err: core::fmt::Display,
{
    String::deserialize(from)?.parse().map_err(D::Error::custom)
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Provider {
    pub name: String,
    pub staff: Vec<Person>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Person {
    pub key: String,
    pub role: String,
    pub given_name: String,
    pub family_name: String,
    pub title: String,
    pub email: String,
    pub phone: Option<String>,
    pub personnummer: Option<String>,
    pub password: String,
    pub totp_secret: Option<String>,
}

impl Person {
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Customer {
    pub key: String,
    pub name: String,
    pub registration_number: Option<String>,
    pub user: Vec<Person>,
    #[serde(default)]
    pub employer_contact: Vec<EmployerContact>,
    pub participant: Vec<Participant>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Participant {
    pub given_name: String,
    pub family_name: String,
    pub birth_date: String,
    pub gender: String,
    pub email: String,
    pub phone: String,
    pub address: String,
    pub case_worker: String,
    pub next_of_kin: Option<NextOfKin>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct EmployerContact {
    pub name: String,
    pub title: String,
    pub company: String,
    pub email: String,
    pub phone: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct NextOfKin {
    pub name: String,
    pub relation: String,
    pub phone: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Activity {
    pub days: i32,
    pub seed: u64,
    pub day_note_every: u64,
    pub openings_a_weekday: usize,
    pub day_notes: Vec<String>,
    pub attendance: Vec<Weighted>,
    #[serde(default)]
    pub correction: Vec<Correction>,
    #[serde(default)]
    pub support_case: Vec<SupportCase>,
    #[serde(default)]
    pub refusal: Vec<Refused>,
}

#[derive(Deserialize, Clone)]
#[serde(rename_all = "kebab-case")]
pub struct Weighted {
    #[serde(flatten)]
    pub mark: Mark,
    pub weight: u64,
}

#[derive(Deserialize, Clone, Default)]
#[serde(rename_all = "kebab-case")]
pub struct Mark {
    pub status: String,
    pub reason: Option<String>,
    pub note: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Correction {
    pub customer: String,
    pub participant: usize,
    pub weekdays_ago: usize,
    pub was: Mark,
    #[serde(flatten)]
    pub mark: Mark,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SupportCase {
    pub customer: String,
    pub by: String,
    pub participant: Option<usize>,
    pub weekdays_ago: usize,
    pub matter: String,
    pub description: String,
    pub read_by: String,
    pub state: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Refused {
    pub customer: String,
    pub by: String,
    pub participant: usize,
    pub weekdays_ago: usize,
    pub verb: String,
    #[serde(deserialize_with = "name")]
    pub purpose: Purpose,
    pub field: Option<String>,
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
        let read =
            toml_edit::de::from_str(&text).map_err(|fault| format!("`{}` has a fault: {fault}", file.display()))?;
        Ok(Some(read))
    }

    /// What a role is good for trying.
    pub fn what_to_try(&self, role: &str) -> Label {
        let tries = &self.demo.tries;
        let own = tries.iter().find(|one| one.role.as_deref() == Some(role));
        let any = || tries.iter().find(|one| one.role.is_none());
        own.or_else(any).map_or_else(Label::default, |one| Label { sv: one.sv.clone(), en: one.en.clone() })
    }
}
