//! A checked agreement: its text, its hash, its clauses and its terms. Immutable and cheap to share.

use std::collections::HashMap;
use std::sync::Arc;

use terms::{AgreementHash, ClauseId, Instant, Label, ServiceName, SubprocessorId};

use crate::fault::{Faults, Warning};
use crate::layers::Won;
use crate::table::Table;
use crate::term::{
    Accounts, CaseTerm, CategoryTerm, Clause, Declaration, Document, InForce, Logging, Mentioned, Party, Precedence,
    PurposeTerm, RoleTerm, Rule, SubjectTerm, Subprocessor,
};
use crate::terms_of::{OtherwiseAll, Terms};
use crate::value::Term;

/// An agreement that has been read and checked. Clones share one value.
#[derive(Clone)]
pub struct Agreement {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub file_name: String,
    pub text: String,
    pub hash: AgreementHash,
    pub document: Document,
    pub in_force: InForce,
    pub otherwise: OtherwiseAll,
    pub clauses: Vec<Clause>,
    pub index: HashMap<ClauseId, usize>,
    pub terms: Terms,
    pub table: Table,
    pub warnings: Vec<Warning>,
    /// Where layers over it say something else, and which won; empty without layers.
    pub won: Vec<Won>,
}

impl Agreement {
    /// Reads and checks the text of an agreement file. `file_name` is only printed, in faults and tables.
    ///
    /// # Errors
    /// All [`Faults`] at once, each with line, excerpt, heading and remedy.
    pub fn read(file_name: &str, text: &str) -> Result<Self, Faults> {
        if let Some(layered) = crate::layers::read_bundle(file_name, text) {
            return layered;
        }
        crate::read::read(file_name, text).map(|inner| Self { inner: Arc::new(inner) })
    }

    /// The SHA-256 hash of the exact bytes of the file: the version that every entry names.
    #[must_use]
    pub fn hash(&self) -> AgreementHash {
        self.inner.hash
    }

    /// The text as it was read.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.inner.text
    }

    /// The name of the file, as given to `read`.
    #[must_use]
    pub fn file_name(&self) -> &str {
        &self.inner.file_name
    }

    /// `[agreement]`.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.inner.document
    }

    /// The service whose processing it governs.
    #[must_use]
    pub fn service(&self) -> &ServiceName {
        &self.inner.document.service
    }

    /// Its title.
    #[must_use]
    pub fn title(&self) -> &Label {
        &self.inner.document.title
    }

    /// Its version as the parties name it; the hash is what binds.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.inner.document.version
    }

    /// The clauses in the order of the text.
    #[must_use]
    pub fn clauses(&self) -> &[Clause] {
        &self.inner.clauses
    }

    /// The clause with this id.
    #[must_use]
    pub fn clause(&self, id: &ClauseId) -> Option<&Clause> {
        self.inner.index.get(id).and_then(|&at| self.inner.clauses.get(at))
    }

    /// The clause's number as printed; its title where it has no number; the id itself where there is no such clause.
    #[must_use]
    pub fn number<'a>(&'a self, id: &'a ClauseId) -> &'a str {
        match self.clause(id) {
            Some(clause) if !clause.number.is_empty() => &clause.number,
            Some(clause) => &clause.title,
            None => id.as_str(),
        }
    }

    /// What a person should know though it is no fault: values not found, undeclared data subjects, vague places.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.inner.warnings
    }

    /// `[party.*]`.
    #[must_use]
    pub fn parties(&self) -> &[Party] {
        &self.inner.terms.parties
    }

    /// `[precedence]`.
    #[must_use]
    pub fn precedence(&self) -> Option<&Precedence> {
        self.inner.terms.precedence.as_ref()
    }

    /// `[in-force]`.
    #[must_use]
    pub fn in_force_terms(&self) -> &InForce {
        &self.inner.in_force
    }

    /// `[purpose.*]`.
    #[must_use]
    pub fn purposes(&self) -> &[PurposeTerm] {
        &self.inner.terms.purposes
    }

    /// `[subject.*]`.
    #[must_use]
    pub fn subjects(&self) -> &[SubjectTerm] {
        &self.inner.terms.subjects
    }

    /// `[category.*]`.
    #[must_use]
    pub fn categories(&self) -> &[CategoryTerm] {
        &self.inner.terms.categories
    }

    /// `[[declares]]`.
    #[must_use]
    pub fn declares(&self) -> &[Declaration] {
        &self.inner.terms.declares
    }

    /// `[role.*]`.
    #[must_use]
    pub fn roles(&self) -> &[RoleTerm] {
        &self.inner.terms.roles
    }

    /// `[[may]]`.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.inner.terms.rules
    }

    /// `[case.*]`.
    #[must_use]
    pub fn cases(&self) -> &[CaseTerm] {
        &self.inner.terms.cases
    }

    /// `[[subprocessor]]`.
    #[must_use]
    pub fn subprocessors(&self) -> &[Subprocessor] {
        &self.inner.terms.subprocessors
    }

    /// `[[mentioned]]`.
    #[must_use]
    pub fn mentioned(&self) -> &[Mentioned] {
        &self.inner.terms.mentioned
    }

    /// `[logging]`.
    #[must_use]
    pub fn logging(&self) -> Option<&Logging> {
        self.inner.terms.logging.as_ref()
    }

    /// `[accounts]`.
    #[must_use]
    pub fn accounts(&self) -> Option<&Accounts> {
        self.inner.terms.accounts.as_ref()
    }

    /// Every general term, in the order of the text.
    #[must_use]
    pub fn general(&self) -> &[Term] {
        &self.inner.terms.general
    }

    /// The general term `[block]` or `[block.id]`; the id is empty for a block that stands once.
    #[must_use]
    pub fn term(&self, block: &str, id: &str) -> Option<&Term> {
        self.general().iter().find(|term| term.block == block && term.id == id)
    }

    /// All general terms of one block.
    pub fn terms_of<'a>(&'a self, block: &'a str) -> impl Iterator<Item = &'a Term> {
        self.general().iter().filter(move |term| term.block == block)
    }

    /// Where layers over the provider's text say something else, and which won; empty without layers.
    #[must_use]
    pub fn won(&self) -> &[Won] {
        &self.inner.won
    }

    /// Whether data may go to where a subprocessor is, at an instant: the country is agreed and lies in the agreed area, or a
    /// basis for the transfer holds (Chapter V). `decide` answers by the same.
    #[must_use]
    pub fn may_reach(&self, subprocessor: &SubprocessorId, at: Instant) -> bool {
        self.table()
            .recipient(subprocessor)
            .is_some_and(|recipient| recipient.barred.is_none() && recipient.reachable(at))
    }

    pub(crate) fn of(inner: Arc<Inner>) -> Self {
        Self { inner }
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }

    pub(crate) fn otherwise(&self) -> &OtherwiseAll {
        &self.inner.otherwise
    }

    pub(crate) fn table(&self) -> &Table {
        &self.inner.table
    }
}

impl core::fmt::Debug for Agreement {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Agreement({} {} {})", self.service(), self.version(), self.hash())
    }
}
