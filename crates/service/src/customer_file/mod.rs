//! The customer's file: a dated TOML text in which a customer says what is its own and no agreement says: its units and other
//! lists, the texts that people accept at registration, its additions to the Specification, and what the service itself reads
//! in it (the rules of a programme, prices). It holds no personal data.
//!
//! Not here: who may adopt one and from when (`processing`), and what a service reads beyond these tables
//! ([`crate::Service::check_file`]).

mod differences;
mod reader;

use core::ops::Range;

use reader::{Parts, Reader};
use terms::{Category, Hash, Instant, Label, ServiceName};
use toml_edit::{Document, Item};

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

impl ConsentText {
    /// What is accepted, as one text to be hashed: both languages are the text, whichever was shown.
    #[must_use]
    pub fn whole(&self) -> String {
        format!("{}\n{}\n{}", self.version, self.text.sv, self.text.en)
    }
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
}

fn line_at(text: &str, place: usize) -> usize {
    text.get(..place).unwrap_or(text).bytes().filter(|byte| *byte == b'\n').count() + 1
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
