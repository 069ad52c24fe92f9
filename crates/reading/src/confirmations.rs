//! What people made of a reading's proposals, in a form that can be kept, taken along and read again: each choice with the field, the
//! place in the text and the value that was proposed, so that it is found again by what it was about and never by a number alone.
//!
//! The file names the text by its hashes; with another text it is refused. A choice whose proposal is no more (the rules have grown
//! since) is said to be without one and counts for nothing.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use terms::Language;

use crate::changing::{self, OtherValue};
use crate::data;
use crate::draft::{Choice, Choices};
use crate::pointing::{MAX_POINTED, NoPointing, Pointed, is_pointed};
use crate::proposal::Proposal;
use crate::read::Reading;
use crate::told;

/// The largest file of choices in bytes.
pub const MAX_CHOICES_BYTES: usize = 2 << 20;
/// The longest name of a file in characters.
const MAX_FILE_NAME: usize = 120;
/// Most choices in one.
const MAX_CHOICES: usize = 20_000;
/// So many choices can be undone.
const MAX_UNDONE: usize = 100;
/// The form in which the file is written, and the one in which it is where people pointed to values.
const FORM: u32 = 1;
const FORM_WITH_POINTED: u32 = 2;

/// What was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Made {
    /// It is right.
    Confirmed,
    /// It is there, with another value.
    Changed,
    /// The text does not state it here.
    NotHere,
}

impl Made {
    /// A short name for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Changed => "changed",
            Self::NotHere => "not-here",
        }
    }
}

/// From where a changed value comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ComesFrom {
    /// The quotation holds it.
    Text,
    /// The person set it.
    Person,
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Chosen {
    /// The field.
    pub field: String,
    /// The lines of the quotation, first and last.
    pub lines: (usize, usize),
    /// The words that the value was read from, in bytes of the text.
    pub bytes: (usize, usize),
    /// The value that was proposed.
    pub proposed: String,
    /// What was chosen.
    pub made: Made,
    /// The value in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// From where that comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<ComesFrom>,
    /// Who chose, as a pseudonym.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When, as RFC 3339 writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// What is undone: a choice, or that there was none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Before {
    field: String,
    bytes: (usize, usize),
    proposed: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    chosen: Option<Chosen>,
    /// The last one that was pointed to is none.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pointed: bool,
}

/// All that was chosen of one text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Confirmations {
    form: u32,
    /// SHA-256 of the file that was read.
    source: String,
    /// SHA-256 of the text in it: the same file can be taken apart in more than one way.
    text: String,
    /// The file's name.
    pub file: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    choice: Vec<Chosen>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pointed: Vec<Pointed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    undo: Vec<Before>,
}

/// Why choices are not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrongChoices {
    /// It is no file of choices.
    Form {
        /// What is wrong with it.
        why: String,
    },
    /// They were made of another file.
    OtherFile {
        /// Its name.
        file: String,
    },
    /// They were made of the same file, but its text was taken out in another way.
    OtherText,
}

/// What was chosen, as it applies to a reading.
pub struct Applied<'a> {
    /// By the place of each proposal.
    pub choices: Choices,
    /// Those whose proposal is no more.
    pub gone: Vec<&'a Chosen>,
}

/// How far it has come: so many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Chosen on.
    pub done: usize,
    /// Of these.
    pub of: usize,
}

/// A choice that a person wants to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// It is right.
    Confirm,
    /// With this value in its place.
    Change(OtherValue),
    /// The text does not state it here.
    NotHere,
}

type Key = (String, (usize, usize), String);

fn key_of(it: &Proposal) -> Key {
    let written = it.written();
    (it.field().to_owned(), (written.start, written.end), told::value(it.value(), Language::En))
}

impl Chosen {
    fn is(&self, key: &Key) -> bool {
        self.field == key.0 && self.bytes == key.1 && self.proposed == key.2
    }
}

impl Confirmations {
    /// None yet, of this reading.
    #[must_use]
    pub fn of(reading: &Reading) -> Self {
        let source = reading.source();
        Self {
            form: FORM,
            source: source.hash().to_owned(),
            text: source.text_hash(),
            file: source.file.clone(),
            choice: Vec::new(),
            pointed: Vec::new(),
            undo: Vec::new(),
        }
    }

    /// From a file, or as it was kept.
    ///
    /// # Errors
    /// [`WrongChoices::Form`].
    pub fn read(text: &str) -> Result<Self, WrongChoices> {
        let wrong = |why: String| WrongChoices::Form { why };
        if text.len() > MAX_CHOICES_BYTES {
            return Err(wrong(format!("it is larger than {MAX_CHOICES_BYTES} bytes")));
        }
        let mut read: Self = toml_edit::de::from_str(text).map_err(|error| wrong(error.message().to_owned()))?;
        if read.form != FORM && read.form != FORM_WITH_POINTED {
            return Err(wrong(format!("its form is {}, and {FORM} and {FORM_WITH_POINTED} are known", read.form)));
        }
        if read.choice.len() > MAX_CHOICES || read.undo.len() > MAX_UNDONE || read.pointed.len() > MAX_POINTED {
            return Err(wrong(format!("it holds more than {MAX_CHOICES} choices")));
        }
        // It is shown and may come from anywhere.
        read.file = read.file.chars().filter(|c| !c.is_control()).take(MAX_FILE_NAME).collect();
        Ok(read)
    }

    /// As choices that somebody handed in as a file: whoever hands them in stands for each of them from that moment on, whatever
    /// names and moments the file says, and nothing of what was undone there comes along.
    pub fn handed_in_by(&mut self, reading: &Reading, by: &str, at: &str) {
        for chosen in &mut self.choice {
            chosen.by = Some(by.to_owned());
            chosen.at = Some(at.to_owned());
        }
        for pointed in &mut self.pointed {
            pointed.by = Some(by.to_owned());
            pointed.at = Some(at.to_owned());
        }
        self.undo.clear();
        self.file = reading.source().file.clone();
    }

    /// As it is kept between two sittings, with what can be undone.
    #[must_use]
    pub fn kept(&self) -> String {
        toml_edit::ser::to_string(&Self { form: self.form(), ..self.clone() }).unwrap_or_default()
    }

    fn form(&self) -> u32 {
        if self.pointed.is_empty() { FORM } else { FORM_WITH_POINTED }
    }

    /// As it goes along with what came of it.
    #[must_use]
    pub fn taken_along(&self) -> String {
        let mut plain = Self { form: self.form(), undo: Vec::new(), ..self.clone() };
        plain.choice.sort_by(|one, other| one.bytes.cmp(&other.bytes).then_with(|| one.field.cmp(&other.field)));
        let head = "# What people made of the proposals of `betrodd read`: of which text, what, who (a pseudonym), when. With the same file\n\
                    # `betrodd read FILE --draft FOLDER --choices THIS` makes the same agreement.\n\n";
        format!("{head}{}", toml_edit::ser::to_string_pretty(&plain).unwrap_or_default())
    }

    /// What was chosen, applied to a reading of the same text; where people pointed to values, to [`Reading::with_pointed`].
    ///
    /// # Errors
    /// That they were made of another text.
    pub fn applied(&self, reading: &Reading) -> Result<Applied<'_>, WrongChoices> {
        let source = reading.source();
        if self.source != source.hash() {
            return Err(WrongChoices::OtherFile { file: self.file.clone() });
        }
        if self.text != source.text_hash() {
            return Err(WrongChoices::OtherText);
        }
        let places: HashMap<Key, usize> =
            reading.proposals.iter().enumerate().map(|(at, it)| (key_of(it), at)).collect();
        let mut applied = Applied { choices: Choices::new(), gone: Vec::new() };
        for chosen in &self.choice {
            let place = places.get(&(chosen.field.clone(), chosen.bytes, chosen.proposed.clone()));
            let proposal = place.and_then(|at| reading.proposals.get(*at));
            let (Some(at), Some(it)) = (place, proposal) else {
                applied.gone.push(chosen);
                continue;
            };
            let choice = match (chosen.made, &chosen.value) {
                (Made::Confirmed, _) => Choice::Confirmed,
                (Made::NotHere, _) => Choice::NotHere,
                // Looked at again, since a file may come from anywhere; one that is wrong counts for nothing.
                (Made::Changed, Some(value)) => match changing::other_value(it, value) {
                    Ok(other) => Choice::Changed(other.value),
                    Err(_) => {
                        applied.gone.push(chosen);
                        continue;
                    }
                },
                (Made::Changed, None) => {
                    applied.gone.push(chosen);
                    continue;
                }
            };
            applied.choices.insert(*at, choice);
        }
        // Whoever points to a value says that it is right.
        for (at, _) in reading.proposals.iter().enumerate().filter(|(_, it)| is_pointed(it)) {
            applied.choices.entry(at).or_insert(Choice::Confirmed);
        }
        Ok(applied)
    }

    /// Makes a choice, in the place of the one before.
    pub fn choose(&mut self, it: &Proposal, wanted: Wanted, by: Option<&str>, at: Option<&str>) {
        let key = key_of(it);
        let before = self.choice.iter().find(|chosen| chosen.is(&key)).cloned();
        self.choice.retain(|chosen| !chosen.is(&key));
        let (made, value, from) = match wanted {
            Wanted::Confirm => (Made::Confirmed, None, None),
            Wanted::NotHere => (Made::NotHere, None, None),
            Wanted::Change(other) => {
                let from = if other.from_text { ComesFrom::Text } else { ComesFrom::Person };
                (Made::Changed, Some(other.value), Some(from))
            }
        };
        let (field, bytes, proposed) = key;
        self.undo.push(Before {
            field: field.clone(),
            bytes,
            proposed: proposed.clone(),
            chosen: before,
            pointed: false,
        });
        self.undo_no_more_than_so_many();
        self.choice.push(Chosen {
            field,
            lines: it.lines(),
            bytes,
            proposed,
            made,
            value,
            from,
            by: by.map(str::to_owned),
            at: at.map(str::to_owned),
        });
    }

    fn undo_no_more_than_so_many(&mut self) {
        if self.undo.len() > MAX_UNDONE {
            self.undo.remove(0);
        }
    }

    /// Points to a value that no rule found.
    ///
    /// # Errors
    /// Why it is none ([`Reading::may_point`]).
    pub fn point(&mut self, reading: &Reading, pointed: Pointed) -> Result<Proposal, NoPointing> {
        let it = reading.may_point(self, &pointed)?;
        let (field, bytes, proposed) = key_of(&it);
        self.undo.push(Before { field, bytes, proposed, chosen: None, pointed: true });
        self.undo_no_more_than_so_many();
        self.pointed.push(pointed);
        Ok(it)
    }

    /// What people pointed to.
    #[must_use]
    pub fn pointed(&self) -> &[Pointed] {
        &self.pointed
    }

    /// Takes the last choice back; the place of its proposal in the reading before it, where there is one.
    pub fn undo(&mut self, reading: &Reading) -> Option<usize> {
        let before = self.undo.pop()?;
        if before.pointed {
            self.pointed.pop();
        }
        let key = (before.field, before.bytes, before.proposed);
        self.choice.retain(|chosen| !chosen.is(&key));
        self.choice.extend(before.chosen);
        reading.proposals.iter().position(|it| key_of(it) == key)
    }

    /// Whether there is something to undo.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// The choice on a proposal.
    #[must_use]
    pub fn on(&self, it: &Proposal) -> Option<&Chosen> {
        let key = key_of(it);
        self.choice.iter().find(|chosen| chosen.is(&key))
    }

    /// Every choice.
    #[must_use]
    pub fn choices(&self) -> &[Chosen] {
        &self.choice
    }
}

impl Reading {
    /// The proposals that a person is asked about, in the order of the text. Of a field with one value, the next one is asked about once
    /// those before it are turned down.
    #[must_use]
    pub fn asked(&self, choices: &Choices) -> Vec<usize> {
        let mut settled: Vec<&str> = Vec::new();
        let mut asked: Vec<usize> = Vec::new();
        // What somebody pointed to comes before what the rules found.
        let all = || self.proposals.iter().enumerate();
        for (at, it) in all().filter(|(_, it)| is_pointed(it)).chain(all().filter(|(_, it)| !is_pointed(it))) {
            let one = !data::fields().field.iter().any(|field| field.id == it.field() && field.many);
            if one && settled.contains(&it.field()) {
                continue;
            }
            if one && choices.get(&at) != Some(&Choice::NotHere) {
                settled.push(it.field());
            }
            asked.push(at);
        }
        asked.sort_by_key(|at| self.proposals.get(*at).map(|it| (it.span().start, it.written().start, *at)));
        asked
    }

    /// How many of some proposals have been chosen on.
    #[must_use]
    pub fn progress(&self, asked: &[usize], choices: &Choices) -> Progress {
        Progress { done: asked.iter().filter(|at| choices.contains_key(at)).count(), of: asked.len() }
    }
}
