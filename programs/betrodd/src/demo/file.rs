//! The demo's people and their month, as a service's `demo.toml` tells them. All of it is made up.

use std::path::Path;

use serde::Deserialize;
use terms::Label;

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

#[derive(Deserialize, Clone)]
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
    pub purpose: String,
    pub field: Option<String>,
}

impl DemoFile {
    /// Reads the file of a service.
    pub fn read(folder: &Path) -> Result<Self, Told> {
        let file = folder.join("demo.toml");
        let text =
            std::fs::read_to_string(&file).map_err(|cause| format!("`{}` cannot be read: {cause}", file.display()))?;
        toml_edit::de::from_str(&text).map_err(|fault| format!("`{}` has a fault: {fault}", file.display()).into())
    }
}

/// What each role is good for trying.
pub fn what_to_try(role: &str) -> Label {
    let (sv, en) = match role {
        "administrator" => (
            "Se vem som har sett vad, och vad avtalet tillåter.",
            "See who looked at what, and what the agreement allows.",
        ),
        "unit-head" => ("Öppna en deltagare, läs och skriv.", "Open a participant, read and write."),
        "case-worker" => (
            "Skriv en daganteckning, rätta en närvaro, öppna ett supportärende.",
            "Write a day note, correct an attendance, open a support case.",
        ),
        "support" => (
            "Välj ett ärende och se vad avtalet låter supporten se, och inte mer.",
            "Choose a case and see what the agreement lets support see, and no more.",
        ),
        _ => (
            "Se att avtalet inte låter den här rollen se någon deltagare.",
            "See that the agreement lets this role see no participant.",
        ),
    };
    Label { sv: sv.to_owned(), en: en.to_owned() }
}
