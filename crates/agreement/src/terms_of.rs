//! All terms of one agreement together, as the reader finds them and the table needs them.

use crate::term::{
    Accounts, CaseTerm, CategoryTerm, Declaration, Document, InForce, Logging, Mentioned, Otherwise, Party, Precedence,
    PurposeTerm, RoleTerm, Rule, SubjectTerm, Subprocessor,
};
use crate::value::Term;

/// Lists in the order of the text; what stands at most once as an option, which the checks make sure of.
#[derive(Debug, Default)]
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

/// The `otherwise` blocks as found.
#[derive(Debug, Default)]
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
#[derive(Debug)]
pub(crate) struct OtherwiseAll {
    pub in_force: Otherwise,
    pub purposes: Otherwise,
    pub categories: Otherwise,
    pub access: Otherwise,
    pub subprocessors: Otherwise,
}
