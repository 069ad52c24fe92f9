//! The agreement's words for roles, purposes, categories and people, and the link to a clause.
//!
//! A name that the agreement lacks is shown as it is and said to be unknown; nothing is guessed.

use agreement::{Agreement, Origin, RoleSide};
use maud::{Markup, html};
use terms::{
    CaseName, Category, ClauseId, Language, Provenance, Purpose, Relations, Role, ServiceName, Sourced,
    SubjectCategory, Verb,
};

use crate::ctx::Ctx;
use crate::words::{t, t_with};

/// The labels of one agreement in one language, for one service's pages.
#[derive(Clone, Copy)]
pub(crate) struct Labels<'a> {
    /// The language of the page.
    pub language: Language,
    /// The first part of the service's addresses.
    pub service: &'a ServiceName,
    /// The agreement; without one, names are shown as they are.
    pub agreement: Option<&'a Agreement>,
}

impl<'a> Labels<'a> {
    /// The labels of the agreement in view, where the request stands in a service.
    pub fn of(ctx: &'a Ctx) -> Option<Self> {
        let shop = ctx.shop.as_ref()?;
        Some(Self { language: ctx.language, service: &shop.kinds.service, agreement: ctx.agreement.as_deref() })
    }

    /// What the agreement calls a role.
    pub fn role(&self, id: &Role) -> String {
        let found = self.agreement.and_then(|agreement| agreement.roles().iter().find(|role| role.id == *id));
        self.found(found.map(|role| role.label.text(self.language)), id.as_str())
    }

    /// What the agreement calls a role, with whose it is.
    pub fn role_and_side(&self, id: &Role) -> String {
        let found = self.agreement.and_then(|agreement| agreement.roles().iter().find(|role| role.id == *id));
        let Some(role) = found else { return self.role(id) };
        let key = match role.side {
            RoleSide::Controller => "agreement-side-controller",
            RoleSide::Subject => "agreement-side-subject",
            RoleSide::Processor => "agreement-side-processor",
            RoleSide::Platform => "agreement-side-platform",
        };
        t_with(self.language, key, &[("role", role.label.text(self.language).into())])
    }

    /// What the agreement calls a purpose.
    pub fn purpose(&self, id: &Purpose) -> String {
        let found = self.agreement.and_then(|agreement| agreement.purposes().iter().find(|term| term.id == *id));
        self.found(found.map(|term| term.label.text(self.language)), id.as_str())
    }

    /// What the agreement calls a category of personal data.
    pub fn category(&self, id: &Category) -> String {
        let found = self.agreement.and_then(|agreement| agreement.categories().iter().find(|term| term.id == *id));
        self.found(found.map(|term| term.label.text(self.language)), id.as_str())
    }

    /// Several categories, with commas.
    pub fn categories<'c>(&self, ids: impl IntoIterator<Item = &'c Category>) -> String {
        ids.into_iter().map(|id| self.category(id)).collect::<Vec<_>>().join(", ")
    }

    /// Several purposes, with commas.
    pub fn purposes<'c>(&self, ids: impl IntoIterator<Item = &'c Purpose>) -> String {
        ids.into_iter().map(|id| self.purpose(id)).collect::<Vec<_>>().join(", ")
    }

    /// What the agreement calls a category of data subjects.
    pub fn subject(&self, id: &SubjectCategory) -> String {
        let found = self.agreement.and_then(|agreement| agreement.subjects().iter().find(|term| term.id == *id));
        self.found(found.map(|term| term.label.text(self.language)), id.as_str())
    }

    /// What the agreement calls a kind of case.
    pub fn case(&self, id: &CaseName) -> String {
        let found = self.agreement.and_then(|agreement| agreement.cases().iter().find(|term| term.id == *id));
        self.found(found.map(|term| term.label.text(self.language)), id.as_str())
    }

    /// To which records and on what else a rule is limited, besides a case, in a short sentence each; empty where it is not.
    pub fn limits(&self, reach: Relations, needs_consent: bool) -> Vec<String> {
        let words: Vec<String> =
            reach.each().map(|relation| t(self.language, &format!("agreement-reach-{relation}"))).collect();
        let or = format!(" {} ", t(self.language, "agreement-reach-or"));
        let reached = (!words.is_empty())
            .then(|| t_with(self.language, "agreement-may-reach", &[("what", words.join(&or).into())]));
        let consent = needs_consent.then(|| t(self.language, "agreement-may-with-consent"));
        reached.into_iter().chain(consent).collect()
    }

    /// The portal's word for a verb.
    pub fn verb(&self, verb: Verb) -> String {
        t(self.language, &format!("refusal-verb-{verb}"))
    }

    /// Several verbs, with commas.
    pub fn verbs(&self, verbs: &[Verb]) -> String {
        verbs.iter().map(|verb| self.verb(*verb)).collect::<Vec<_>>().join(", ")
    }

    /// The address of a clause on the agreement's page.
    pub fn clause_address(&self, id: &ClauseId) -> String {
        format!("/{}/avtal#{id}", self.service)
    }

    /// A link to a clause that the agreement has, with its number; nothing where it has no such clause, because a number that
    /// does not exist must not be printed.
    pub fn clause(&self, id: &ClauseId) -> Markup {
        let clause = self.agreement.and_then(|agreement| agreement.clause(id));
        html! {
            @if let Some(clause) = clause {
                a.clause href=(self.clause_address(id)) title=(clause.title) {
                    @if clause.number.is_empty() {
                        (t(self.language, "agreement-clause-unnumbered"))
                    } @else {
                        (t_with(self.language, "agreement-clause", &[("number", clause.number.as_str().into())]))
                    }
                }
            }
        }
    }

    /// The tag of the language that the agreement is written in, for `lang` on its own words.
    pub fn agreement_language(&self) -> &'a str {
        self.agreement.map_or("sv", |agreement| agreement.document().language.as_str())
    }

    /// A value with its origin in words. *Not found* is said as such, and never looks like a promise.
    pub fn sourced<T>(&self, value: &Sourced<T>, show: impl FnOnce(&T) -> Markup) -> Markup {
        html! {
            @match value {
                Sourced::Found { value, provenance, why } => {
                    (show(value))
                    (self.unstated(*provenance, why.as_deref()))
                }
                Sourced::None => { (t(self.language, "agreement-none")) }
                Sourced::NotFound { note } => { (self.not_found(note)) }
            }
        }
    }

    /// Where a whole block comes from, in words.
    pub fn provenance(&self, provenance: Provenance) -> String {
        match provenance {
            Provenance::Stated => t(self.language, "agreement-provenance-stated"),
            Provenance::Derived => t(self.language, "agreement-provenance-derived"),
            Provenance::SetByOperator => t(self.language, "agreement-provenance-set"),
        }
    }

    /// The same in a word or two, for a table whose caption says what it means.
    pub fn provenance_short(&self, provenance: Provenance) -> String {
        match provenance {
            Provenance::SetByOperator => t(self.language, "agreement-provenance-set-short"),
            other => self.provenance(other),
        }
    }

    /// That a block is somebody's reading or choice, and why; nothing where the text itself says it.
    pub fn origin(&self, origin: &Origin) -> Markup {
        self.unstated(origin.provenance, origin.why.as_deref())
    }

    fn unstated(&self, provenance: Provenance, why: Option<&str>) -> Markup {
        html! {
            @if provenance != Provenance::Stated {
                " " small.provenance {
                    "(" (self.provenance(provenance))
                    @if let Some(why) = why { ": " span lang=(self.agreement_language()) { (why) } }
                    ")"
                }
            }
        }
    }

    /// What is shown where the agreement is silent.
    pub fn not_found(&self, note: &str) -> Markup {
        html! {
            em.not-found { (t(self.language, "agreement-not-found")) }
            @if !note.is_empty() { " " small.why lang=(self.agreement_language()) { "(" (note) ")" } }
        }
    }

    fn found(&self, label: Option<&str>, id: &str) -> String {
        match label {
            Some(label) => label.to_owned(),
            None => t_with(self.language, "refusal-unknown-word", &[("name", id.into())]),
        }
    }
}

/// Text with its first letter large, as it begins a line.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
