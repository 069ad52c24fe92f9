//! What the agreement answers to the demo's month. The agreement is there to be edited, so an answer that the demo did not
//! count on is told in a line and the month goes on without that step. Only what is no answer stops it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use access::OpenAccountNo;
use agreement::{Agreement, RuleCategories};
use service::{Draft, Kind, Kinds, No};
use terms::{Category, KindName, Reason, RecordId, Refusal};

use crate::Told;
use crate::demo::file::{Person, Values};
use crate::demo::words::Words;

/// The values of a record that somebody of the demo writes. A draft is made of them for each attempt.
pub struct Sheet(Vec<(String, String)>);

impl Sheet {
    /// These values.
    pub fn of(values: &Values) -> Self {
        Self(values.iter().map(|(name, text)| (name.clone(), text.clone())).collect())
    }

    /// The values of a user's record, with the words of the user's line in the places of their names. What the line lacks is
    /// left out.
    pub fn of_user(values: &Values, one: &Person) -> Self {
        let filled = |text: &String| match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(word) => one.word(word),
            None => Some(text.clone()),
        };
        Self(values.iter().filter_map(|(name, text)| Some((name.clone(), filled(text)?))).collect())
    }

    /// With the ids of records where the values name them by key, as `@key`. What was not taken is not referred to.
    pub fn referring(mut self, id: impl Fn(&str) -> Option<RecordId>) -> Self {
        self.0.retain_mut(|(_, text)| match text.strip_prefix('@').map(&id) {
            None => true,
            Some(None) => false,
            Some(Some(id)) => {
                *text = id.to_string();
                true
            }
        });
        self
    }

    /// With every word said. A value whose word has no meaning is left out.
    pub fn saying(mut self, words: &Words<'_>) -> Self {
        self.0 = self.0.into_iter().filter_map(|(name, text)| Some((name, words.said(&text)?))).collect();
        self
    }

    /// With a value more.
    pub fn and(mut self, name: &str, text: &str) -> Self {
        self.0.push((name.to_owned(), text.to_owned()));
        self
    }

    /// As it is handed to the door.
    pub fn draft(&self) -> Draft {
        self.0.iter().fold(Draft::new(), |draft, (name, text)| draft.with(name, text))
    }
}

/// The answers so far.
pub struct Answers<'a> {
    agreement: &'a Agreement,
    kinds: &'a Kinds,
    lines: Mutex<BTreeMap<String, usize>>,
    left_out: Mutex<BTreeSet<(KindName, String)>>,
}

impl<'a> Answers<'a> {
    /// None yet.
    pub const fn new(agreement: &'a Agreement, kinds: &'a Kinds) -> Self {
        Self { agreement, kinds, lines: Mutex::new(BTreeMap::new()), left_out: Mutex::new(BTreeSet::new()) }
    }

    /// Takes an answer where the demo expected to be let through. Nothing, where the agreement says otherwise now.
    pub fn taken<T>(&self, what: &str, kind: &KindName, answer: Result<T, No>) -> Result<Option<T>, Told> {
        let why = match answer {
            Ok(done) => return Ok(Some(done)),
            Err(No::Refused(refusal)) => under(&refusal),
            Err(No::Missing) => "det finns inte".to_owned(),
            Err(No::Conflict { .. }) => "det har ändrats".to_owned(),
            Err(No::Reused) => "samma nyckel har använts för annat".to_owned(),
            Err(No::State { .. }) => "det är låst".to_owned(),
            Err(No::Invalid(faults)) => {
                let faults: Vec<_> = faults.iter().map(|one| format!("{} {}", one.field, one.problem.code())).collect();
                faults.join(", ")
            }
            Err(No::Unavailable(why)) => return Err(format!("the demo's month could not be made: {why}").into()),
        };
        self.say(format!("avtalet nekar nu {what} {} ({why}), så det steget hoppades över", self.label(kind)));
        Ok(None)
    }

    /// Takes an answer where the demo expected a refusal.
    pub fn refused<T>(&self, what: &str, kind: &KindName, answer: Result<T, No>) -> Result<(), Told> {
        match answer {
            Err(No::Refused(_)) => Ok(()),
            Ok(_) => {
                self.say(format!(
                    "avtalet tillåter nu {what} {}, så det steget hoppades över: det skulle visa ett nej",
                    self.label(kind)
                ));
                Ok(())
            }
            other => self.taken(what, kind, other).map(drop),
        }
    }

    /// Takes the answer to somebody's account.
    pub fn opened<T>(&self, who: &str, answer: Result<T, OpenAccountNo>) -> Result<Option<T>, Told> {
        match answer {
            Ok(done) => Ok(Some(done)),
            Err(
                no @ (OpenAccountNo::Role(_)
                | OpenAccountNo::SecondFactorNeeded
                | OpenAccountNo::NotAdministrator
                | OpenAccountNo::Missing),
            ) => {
                self.say(format!("avtalet nekar nu ett konto åt {who} ({no}), så det steget hoppades över"));
                Ok(None)
            }
            Err(no) => Err(format!("the account of {who} could not be opened: {no}").into()),
        }
    }

    /// Leaves out what was refused before.
    pub fn without_refused(&self, kind: &KindName, sheet: &mut Sheet) {
        let left_out = held(&self.left_out);
        sheet.0.retain(|(name, _)| !left_out.contains(&(kind.clone(), name.clone())));
    }

    /// Leaves out the fields that a refusal was about, now and from now on, so that a category taken from the agreement costs
    /// the demo that category and not the record. Says whether anything is left out and something left to write.
    pub fn leave_out(&self, kind: &KindName, sheet: &mut Sheet, refusal: &Refusal) -> bool {
        let Some(declared) = self.kinds.kind(kind) else { return false };
        let (out, rest): (Vec<_>, Vec<_>) =
            core::mem::take(&mut sheet.0).into_iter().partition(|(name, _)| self.is_about(refusal, declared, name));
        sheet.0 = rest;
        if out.is_empty() || sheet.0.is_empty() {
            return false;
        }
        for (name, _) in out {
            let label = declared.field(&name).map_or_else(|| name.clone(), |field| field.label.sv.clone());
            let why = under(refusal);
            // Of those who came at the same time, one tells it.
            if held(&self.left_out).insert((kind.clone(), name)) {
                let kind = &declared.label.sv;
                self.say(format!("avtalet nekar nu uppgiften {label} i {kind} ({why}), så den hoppades över"));
            }
        }
        true
    }

    fn is_about(&self, refusal: &Refusal, kind: &Kind, name: &str) -> bool {
        let category = kind.field(name).map(|field| &field.category);
        match (&refusal.reason, category) {
            (Reason::CategoryNotDeclared(refused), Some(category)) => refused == category,
            (Reason::FieldNotDeclared(_), None) => true,
            (Reason::NoRule, Some(category)) => !self.some_rule(refusal, category),
            _ => false,
        }
    }

    fn some_rule(&self, refusal: &Refusal, category: &Category) -> bool {
        self.agreement.rules().iter().any(|rule| {
            rule.roles.contains(&refusal.role)
                && rule.verbs.contains(&refusal.verb)
                && rule.purposes.contains(&refusal.purpose)
                && rule.subjects.contains(&refusal.subject)
                && match &rule.categories {
                    RuleCategories::Declared => true,
                    RuleCategories::Listed(listed) => listed.contains(category),
                }
        })
    }

    fn label<'b>(&'b self, kind: &'b KindName) -> &'b str {
        self.kinds.kind(kind).map_or_else(|| kind.as_str(), |kind| &kind.label.sv)
    }

    fn say(&self, line: String) {
        *held(&self.lines).entry(line).or_insert(0) += 1;
    }

    /// Everything, a line each, however often it happened.
    pub fn lines(&self) -> Vec<String> {
        let times = |count: &usize| if *count > 1 { format!(" ({count} gånger)") } else { String::new() };
        held(&self.lines).iter().map(|(line, count)| format!("{line}{}", times(count))).collect()
    }
}

/// Whoever panicked while holding these has stopped the month already.
pub fn held<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

fn under(refusal: &Refusal) -> String {
    format!("{}, punkt {}", refusal.reason.code(), refusal.number)
}
