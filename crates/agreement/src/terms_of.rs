//! All terms of one agreement together, as the reader finds them and the table needs them.

use terms::ClauseId;

use crate::term::{
    Accounts, CaseTerm, CategoryTerm, Declaration, Document, InForce, Logging, Mentioned, Otherwise, Party, Precedence,
    PurposeTerm, RoleTerm, Rule, SubjectTerm, Subprocessor,
};
use crate::value::Term;

/// Lists in the order of the text; what stands at most once as an option, which the checks make sure of.
#[derive(Debug, Default, Clone)]
pub(crate) struct Terms {
    pub document: Option<Document>,
    pub parties: Vec<Party>,
    pub precedence: Option<Precedence>,
    pub in_force: Option<InForce>,
    pub purposes: Vec<PurposeTerm>,
    pub subjects: Vec<SubjectTerm>,
    pub categories: Vec<CategoryTerm>,
    pub declares: Vec<Declaration>,
    pub roles: Vec<RoleTerm>,
    pub rules: Vec<Rule>,
    pub cases: Vec<CaseTerm>,
    pub logging: Option<Logging>,
    pub accounts: Option<Accounts>,
    pub subprocessors: Vec<Subprocessor>,
    pub mentioned: Vec<Mentioned>,
    pub general: Vec<Term>,
    pub otherwise: OtherwiseFound,
}

impl Terms {
    /// Gives every term another clause id.
    pub fn each_clause(&mut self, to: impl Fn(&ClauseId) -> ClauseId) {
        macro_rules! each {
            ($($list:ident),*) => {
                $(for term in &mut self.$list {
                    term.clause = to(&term.clause);
                })*
            };
        }
        each!(
            parties,
            purposes,
            subjects,
            categories,
            declares,
            roles,
            rules,
            cases,
            subprocessors,
            mentioned,
            general
        );
    }

    /// Adds what a layer adds. General terms are not added here: they may contradict, see `layers`.
    pub fn add(&mut self, layer: &Self) {
        self.purposes.extend(layer.purposes.iter().cloned());
        self.subjects.extend(layer.subjects.iter().cloned());
        self.categories.extend(layer.categories.iter().cloned());
        self.declares.extend(layer.declares.iter().cloned());
        self.roles.extend(layer.roles.iter().cloned());
        self.rules.extend(layer.rules.iter().cloned());
        self.cases.extend(layer.cases.iter().cloned());
        self.subprocessors.extend(layer.subprocessors.iter().cloned());
        self.mentioned.extend(layer.mentioned.iter().cloned());
    }
}

/// The `otherwise` blocks as found.
#[derive(Debug, Default, Clone)]
pub(crate) struct OtherwiseFound {
    pub in_force: Option<Otherwise>,
    pub purposes: Option<Otherwise>,
    pub categories: Option<Otherwise>,
    pub access: Option<Otherwise>,
    pub subprocessors: Option<Otherwise>,
}

impl OtherwiseFound {
    /// All five, or nothing: without each of them some refusal would have no clause to name.
    pub fn complete(&self) -> Option<OtherwiseAll> {
        Some(OtherwiseAll {
            in_force: self.in_force.clone()?,
            purposes: self.purposes.clone()?,
            categories: self.categories.clone()?,
            access: self.access.clone()?,
            subprocessors: self.subprocessors.clone()?,
        })
    }
}

/// The `otherwise` blocks of a checked agreement.
#[derive(Debug, Clone)]
pub(crate) struct OtherwiseAll {
    pub in_force: Otherwise,
    pub purposes: Otherwise,
    pub categories: Otherwise,
    pub access: Otherwise,
    pub subprocessors: Otherwise,
}
