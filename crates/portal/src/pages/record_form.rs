//! The form of a record, new or changed, made from its kind: labels, help, the right keyboard, faults told at the top and at
//! the field, and what was written always kept.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::civil::Date;
use maud::{Markup, html};
use service::{Draft, Field, FieldFault, FieldProblem, FieldType, Kind, Opened, Value};
use terms::{Category, ClauseId, FieldName, Instant, RecordHead, RecordId, Render, Verb};
use zeroize::Zeroizing;

use crate::ctx::Signed;
use crate::form::Fields;
use crate::frame::csrf;
use crate::html::free_text_mark;
use crate::lists::{Lists, choices};
use crate::pages::files::FileInput;
use crate::pages::references::Offered;
use crate::{hint, moment};

/// Names of a form's fields that are the portal's own begin so; no field of a kind can.
pub const OWN: char = '_';

/// Before a field's name: what stood in it when the form was made.
const WAS: &str = "_was-";

/// The values that stand in a form, and what stood in the record when the form was made, so that only what was changed is
/// altered and no more stands in the log. No `Debug`: they are personal data.
#[derive(Default)]
pub struct Written {
    now: BTreeMap<String, Value>,
    was: BTreeMap<String, Value>,
}

impl Written {
    /// What a person wrote and sent.
    #[must_use]
    pub fn sent(fields: &Fields) -> Self {
        let owned = |name: &str, value: &str| (name.to_owned(), Zeroizing::new(value.to_owned()));
        Self {
            now: fields.iter().filter(|(name, _)| is_of_kind(name)).map(|(name, value)| owned(name, value)).collect(),
            was: fields.iter().filter_map(|(name, value)| Some(owned(name.strip_prefix(WAS)?, value))).collect(),
        }
    }

    /// What is proposed for a record that is not there yet.
    #[must_use]
    pub fn proposed(values: impl IntoIterator<Item = (impl Into<String>, Value)>) -> Self {
        let now = values.into_iter().map(|(name, value)| (name.into(), value)).collect();
        Self { now, was: BTreeMap::new() }
    }

    /// What stands in a record now.
    #[must_use]
    pub fn of(opened: &dyn Opened) -> Self {
        Self::default().over(opened)
    }

    /// The same text, to be saved over what stands in the record now. What was not written stays as it stands.
    #[must_use]
    pub fn over(mut self, opened: &dyn Opened) -> Self {
        self.was.clear();
        opened.render(&mut self);
        for (name, value) in &self.was {
            self.now.entry(name.clone()).or_insert_with(|| value.clone());
        }
        self
    }

    fn get(&self, name: &str) -> &str {
        self.now.get(name).map_or("", |value| value.as_str())
    }

    /// As a draft of what was changed. Fields that are unique together go together, because the door counts them so. What the
    /// kind does not declare goes along: the door refuses it by clause, and that is the answer wanted.
    #[must_use]
    pub fn changed(&self, kind: &Kind) -> Draft {
        // An empty field for a file says that none was chosen, and nothing of what lies there.
        let no_file = |name: &str| {
            let keeps = kind.field(name).is_some_and(|field| matches!(field.holds, FieldType::KeptFile(_)));
            keeps && self.get(name).is_empty() && !self.was.contains_key(name)
        };
        let differs =
            |name: &str| !no_file(name) && self.was.get(name).is_none_or(|was| !same_text(was, self.get(name)));
        let unique = kind.unique.iter().any(|name| self.now.contains_key(name.as_str()) && differs(name.as_str()));
        let goes = |name: &str| differs(name) || (unique && kind.unique.iter().any(|one| one.as_str() == name));
        let mut draft = Draft::new();
        for (name, value) in self.now.iter().filter(|(name, _)| goes(name)) {
            draft.set(name, value);
        }
        draft
    }
}

impl Render for Written {
    fn begin(&mut self, _: &RecordHead) {}
    fn field(&mut self, name: &FieldName, _: &Category, value: &str) {
        self.was.insert(name.to_string(), Zeroizing::new(value.to_owned()));
    }
    fn withheld(&mut self, _: &Category, _: &ClauseId) {}
    fn end(&mut self) {}
}

/// Whether a form's field is meant as a field of the kind, declared or not.
#[must_use]
pub fn is_of_kind(name: &str) -> bool {
    !name.starts_with(OWN) && name != "csrf" && !name.is_empty()
}

/// Whether two texts are the same but for the ends of lines, which browsers rewrite.
fn same_text(one: &str, other: &str) -> bool {
    one.lines().map(str::trim_end).eq(other.lines().map(str::trim_end))
}

/// A form to be shown.
pub struct RecordForm<'a> {
    /// Whose page.
    pub signed: &'a Signed,
    /// Of which kind.
    pub kind: &'a Kind,
    /// Collect or alter; it decides which fields are offered.
    pub verb: Verb,
    /// Where it is posted.
    pub action: String,
    /// The record it will belong to.
    pub parent: Option<RecordId>,
    /// The version that is being changed.
    pub version: Option<u64>,
    /// A key that makes a second press of the button harmless.
    pub once: String,
    /// What stands in it.
    pub written: &'a Written,
    /// What was wrong with it.
    pub faults: &'a [FieldFault],
    /// What fields that refer to other records offer.
    pub offered: &'a Offered,
    /// Makes the ids on a page with several forms differ.
    pub prefix: &'a str,
}

impl RecordForm<'_> {
    /// The form, with the summary of its faults before it.
    #[must_use]
    pub fn show(&self) -> Markup {
        let signed = self.signed;
        let carries_files = self.offered().any(|field| matches!(field.holds, FieldType::KeptFile(_)));
        html! {
            (self.summary())
            form.stack method="post" action=(self.action) enctype=[carries_files.then_some("multipart/form-data")] novalidate {
                (csrf(signed))
                input type="hidden" name="_once" value=(self.once);
                @if let Some(parent) = self.parent { input type="hidden" name="_parent" value=(parent); }
                @if let Some(version) = self.version { input type="hidden" name="_version" value=(version); }
                @for field in self.offered() {
                    (self.field(field))
                    @if let Some(was) = self.written.was.get(field.name.as_str()) {
                        input type="hidden" name=(format!("{WAS}{}", field.name)) value=(was.as_str());
                    }
                }
                div.actions { button type="submit" { (signed.t("service-save")) } }
            }
        }
    }

    /// The fields that the agreement will probably let this role write; the others would only make the door refuse the whole.
    fn offered(&self) -> impl Iterator<Item = &Field> {
        let purpose = self.signed.work.as_ref().map(|work| &work.purpose);
        self.kind.fields.iter().filter(move |field| {
            self.signed.agreement.as_ref().is_none_or(|agreement| {
                hint::may(agreement, &self.signed.me.role, self.verb, self.kind, &field.category, purpose)
            })
        })
    }

    fn summary(&self) -> Markup {
        let signed = self.signed;
        html! {
            @if !self.faults.is_empty() {
                div.problems role="alert" {
                    h2 { (signed.t_with("service-faults", &[("count", self.faults.len().into())])) }
                    ul {
                        @for fault in self.faults {
                            li {
                                a href=(format!("#{}", self.id(fault.field.as_str()))) {
                                    (self.label(&fault.field)) ": " (problem(signed, fault.problem))
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn label(&self, name: &FieldName) -> String {
        self.kind
            .field(name.as_str())
            .map_or_else(|| name.to_string(), |f| f.label.text(self.signed.language).to_owned())
    }

    fn id(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    fn field(&self, field: &Field) -> Markup {
        let (signed, language) = (self.signed, self.signed.language);
        let name = field.name.as_str();
        let id = self.id(name);
        let fault = self.faults.iter().find(|fault| fault.field == field.name);
        let mut described = Vec::new();
        if field.help.is_some() {
            described.push(format!("{id}-help"));
        }
        if field.free_text {
            described.push(format!("{id}-mark"));
        }
        if fault.is_some() {
            described.push(format!("{id}-wrong"));
        }
        let described = (!described.is_empty()).then(|| described.join(" "));
        let invalid = fault.map(|_| "true");
        let required = field.required.then_some("true");
        html! {
            div.field {
                label for=(id) {
                    (field.label.text(language))
                    @if !field.required { " " small { (signed.t("service-optional")) } }
                }
                @if let Some(help) = &field.help { p.help id=(format!("{id}-help")) { (help.text(language)) } }
                @if field.free_text { p.mark id=(format!("{id}-mark")) { (free_text_mark(signed, field)) } }
                @if let Some(fault) = fault { p.wrong id=(format!("{id}-wrong")) { (problem(signed, fault.problem)) } }
                @match &field.holds {
                    FieldType::LongText => {
                        textarea id=(id) name=(name) rows="7" aria-required=[required] aria-invalid=[invalid]
                            aria-describedby=[described] { "\n" (self.written.get(name)) }
                    }
                    FieldType::Reference { to } if self.offered.to(to).is_some() => {
                        select id=(id) name=(name) aria-required=[required] aria-invalid=[invalid] aria-describedby=[described] {
                            option value="" { (signed.t("service-choose")) }
                            @let now = self.written.get(name);
                            @let found = self.offered.to(to).unwrap_or_default();
                            @for (record, called) in found {
                                @let value = record.to_string();
                                option value=(value) selected[value == now] { (called) }
                            }
                            @if !now.is_empty() && !found.iter().any(|(record, _)| record.to_string() == now) {
                                option value=(now) selected { (now) }
                            }
                        }
                    }
                    FieldType::Choice(choices) => {
                        select id=(id) name=(name) aria-required=[required] aria-invalid=[invalid] aria-describedby=[described] {
                            option value="" { (signed.t("service-choose")) }
                            @for choice in choices {
                                option value=(choice.value) selected[choice.value == self.written.get(name)] {
                                    (choice.label.text(language))
                                }
                            }
                        }
                    }
                    FieldType::Listed { list } => {
                        @let (called, choices) = choices(signed, list);
                        @let now = self.written.get(name);
                        select id=(id) name=(name) aria-required=[required] aria-invalid=[invalid] aria-describedby=[described] {
                            option value="" { (signed.t("service-choose")) }
                            @for choice in &choices {
                                option value=(choice.value) selected[choice.value == now] { (choice.label.text(language)) }
                            }
                            @if !now.is_empty() && choices.iter().all(|choice| choice.value != now) {
                                option value=(now) selected {
                                    (Lists::of(signed, self.kind).label(list, now, language).unwrap_or(now))
                                    " (" (signed.t("list-value-gone")) ")"
                                }
                            }
                        }
                        @if called.is_none() { p.wrong { (signed.t_with("list-missing", &[("list", list.as_str().into())])) } }
                    }
                    FieldType::KeptFile(form) => {
                        (FileInput {
                            signed,
                            field,
                            form,
                            id: &id,
                            now: self.written.get(name),
                            was: self.written.was.get(name).map_or("", |was| was.as_str()),
                            described: described.as_deref(),
                            invalid,
                        }.show())
                    }
                    holds => {
                        @let (kind, mode) = keyboard(holds, self.written.get(name));
                        input id=(id) name=(name) type=(kind) inputmode=[mode] value=(self.written.get(name))
                            autocomplete="off" max=[latest(holds, signed.now())]
                            aria-required=[required] aria-invalid=[invalid] aria-describedby=[described];
                    }
                }
            }
        }
    }
}

/// Input type and keyboard. `autocomplete` is off everywhere: what a browser would offer is somebody else's data. What was
/// written as a date and is none stands in a field of text, because a date field would lose it.
fn keyboard(holds: &FieldType, written: &str) -> (&'static str, Option<&'static str>) {
    match holds {
        FieldType::Date { .. } if !written.is_empty() && written.parse::<Date>().is_err() => ("text", Some("numeric")),
        FieldType::Date { .. } => ("date", None),
        FieldType::Email => ("email", Some("email")),
        FieldType::Phone => ("tel", Some("tel")),
        FieldType::Personnummer | FieldType::OrganisationNumber => ("text", Some("numeric")),
        FieldType::Number(_) | FieldType::Money { .. } => ("text", Some("decimal")),
        FieldType::Text
        | FieldType::LongText
        | FieldType::Choice(_)
        | FieldType::Listed { .. }
        | FieldType::File
        | FieldType::KeptFile(_)
        | FieldType::Reference { .. } => ("text", None),
    }
}

fn latest(holds: &FieldType, now: Instant) -> Option<String> {
    matches!(holds, FieldType::Date { past: true }).then(|| moment::civil(now).date().to_string())
}

/// A key that no other form carries: random for the run of the program, counted within it. The demo's clock may stand still,
/// so time would not do.
#[must_use]
pub fn new_once() -> String {
    static RUN: LazyLock<u64> = LazyLock::new(|| RandomState::new().build_hasher().finish());
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("{:016x}-{}", *RUN, COUNT.fetch_add(1, Ordering::Relaxed))
}

/// What is wrong with a value, in one sentence.
#[must_use]
pub fn problem(signed: &Signed, problem: FieldProblem) -> String {
    let key = format!("problem-{}", problem.code());
    match problem {
        FieldProblem::TooLong { max, given } => signed.t_with(&key, &[("max", max.into()), ("given", given.into())]),
        FieldProblem::FileTooLarge { max_bytes } => {
            signed.t_with(&key, &[("max", service::bytes_in_words(max_bytes, signed.language).into())])
        }
        FieldProblem::DateInAnotherForm { meant } => {
            format!(
                "{} {}",
                signed.t(&key),
                signed.t_with("problem-date-meant", &[("meant", meant.0.to_string().into())])
            )
        }
        _ => signed.t(&key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::has;
    use service::FieldProblem as P;
    use terms::Language;

    #[test]
    fn only_what_was_changed_is_altered() {
        let map = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), Zeroizing::new((*value).to_owned()))).collect()
        };
        let kinds = include_str!("../../../../services/matcha/kinds.toml");
        let kinds = service::Kinds::read("kinds.toml", kinds).unwrap();
        let kind = kinds.by_path("narvaro").unwrap();
        let check = |now: &[(&str, &str)], expected: &[&str]| {
            let was = map(&[("date", "2026-11-20"), ("status", "late"), ("note", "två\nrader")]);
            let draft = Written { now: map(now), was }.changed(kind);
            let read = draft.read(kind, jiff::civil::date(2026, 11, 21), false).ok().unwrap();
            assert_eq!(read.iter().map(|(field, _)| field.name.as_str()).collect::<Vec<_>>(), expected, "{now:?}");
        };
        check(&[("date", "2026-11-20"), ("status", "late"), ("note", "två\r\nrader")], &[]);
        check(&[("date", "2026-11-20"), ("status", "present")], &["status"]);
        check(&[("date", "2026-11-19"), ("note", "")], &["date", "note"]);
    }

    #[test]
    fn every_problem_is_a_sentence_in_both_languages() {
        let all = [
            P::Required,
            P::Twice,
            P::TooLong { max: 1, given: 2 },
            P::NotADate,
            P::DateInAnotherForm { meant: service::MeantDay(jiff::civil::date(2026, 11, 21)) },
            P::DateUnclear,
            P::InTheFuture,
            P::NotAChoice,
            P::NotListed,
            P::NotAnEmail,
            P::NotAPhone,
            P::NotAPersonnummer,
            P::APersonnummer,
            P::NotAnOrganisationNumber,
            P::NotANumber,
            P::OutOfRange,
            P::NotAnAmount,
            P::NotAFile,
            P::FileTooLarge { max_bytes: 1 },
            P::FileEmpty,
            P::FileForm,
            P::NotAPicture,
            P::PictureTooLarge,
            P::FileActive,
            P::FileLocked,
            P::FileMacros,
            P::FileMalware,
            P::FileCutOff,
            P::FileGone,
            P::NotARecord,
            P::NotPlainText,
            P::NotUnique,
            P::NoSuchState,
            P::NoParent,
        ];
        for problem in all {
            let key = format!("problem-{}", problem.code());
            assert!(has(Language::Sv, &key) && has(Language::En, &key), "{key}");
        }
    }
}
