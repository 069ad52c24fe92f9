//! The terms that an agreement states, each with the clause that states it. Plain data: nothing here decides or checks.

use terms::{
    CaseName, Category, Changer, ClauseId, KindName, Label, Provenance, Purpose, Relations, Role, ServiceName, Sourced,
    SubjectCategory, SubprocessorId, Verb,
};

/// How a block came to stand in the agreement: its own words, or somebody's reading of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Stated where the block does not say otherwise.
    pub provenance: Provenance,
    /// Why, where it is derived or set by the operator.
    pub why: Option<String>,
}

/// One clause: a heading with a stable id, its prose, and the terms under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The stable id in braces; it outlives renumbering.
    pub id: ClauseId,
    /// The number as printed, e.g. `3.2`; empty where the heading has none.
    pub number: String,
    /// The heading without number and id.
    pub title: String,
    /// 1 to 6, as many as the heading's `#`.
    pub level: u8,
    /// What a lawyer reads: Markdown, without the `toml` blocks and the comments that name sources.
    pub prose: String,
    /// The `toml` blocks as written.
    pub terms: Vec<String>,
    /// The line of the heading, from 1.
    pub line: usize,
    /// The rows of the source that this clause answers to, e.g. `M-3.2`.
    pub sources: Vec<String>,
}

/// `[agreement]`: the document itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The service whose processing it governs.
    pub service: ServiceName,
    /// Its title.
    pub title: Label,
    /// Its version as the parties name it.
    pub version: String,
    /// The language of the prose, a BCP 47 tag.
    pub language: String,
    /// Where or when it was published.
    pub published: Sourced<String>,
    /// Documents that belong to it but may be missing.
    pub requires: Vec<String>,
    /// The clause that states it.
    pub clause: ClauseId,
}

/// On which side of the agreement a party stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartySide {
    /// The controller (Art. 4(7)).
    Controller,
    /// The processor (Art. 4(8)).
    Processor,
}

/// `[party.*]`: who the parties are. A placeholder such as *the customer* is not found, and never a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Controller or processor.
    pub side: PartySide,
    /// The name.
    pub name: Sourced<String>,
    /// The registration number.
    pub registration_number: Sourced<String>,
    /// The clause that states it.
    pub clause: ClauseId,
}

/// `[precedence]`: over which documents this one wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Precedence {
    /// The documents that yield.
    pub over: Vec<String>,
    /// About what; empty means everything.
    pub topic: String,
    /// Whether the text says it, or somebody read it out of the text or chose it.
    pub origin: Origin,
    /// The clause that states it.
    pub clause: ClauseId,
}

/// `[in-force]`: from when it governs. A text, because agreements tie their start to other documents; the instant itself is
/// given at adoption, see [`Book`](crate::Book).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// The start as the agreement words it.
    pub from: Sourced<String>,
    /// The clause that states it.
    pub clause: ClauseId,
}

/// `[purpose.*]`: one purpose (Art. 28(3)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurposeTerm {
    /// Its name.
    pub id: Purpose,
    /// Its label.
    pub label: Label,
    /// The concept of the W3C Data Privacy Vocabulary, where one fits.
    pub dpv: Option<String>,
    /// Whether the text says it, or somebody read it out of the text or chose it.
    pub origin: Origin,
    /// The clause that states it.
    pub clause: ClauseId,
}

/// `[subject.*]`: a category of data subjects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectTerm {
    /// Its name.
    pub id: SubjectCategory,
    /// Its label.
    pub label: Label,
    /// Other words for the same people in the same agreement.
    pub alias: Vec<String>,
    /// Whether the agreement lists these people among its data subjects. Undeclared ones are warned of, not refused: the
    /// agreement lets their data be kept without naming them.
    pub declared: bool,
    /// Why it stands here though not declared.
    pub why_undeclared: Option<String>,
    /// Whether the text says it, or somebody read it out of the text or chose it.
    pub origin: Origin,
    /// The clause that states it.
    pub clause: ClauseId,
}

/// `[category.*]`: a category of personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryTerm {
    /// Its name.
    pub id: Category,
    /// Its label.
    pub label: Label,
    /// The concept of the W3C Data Privacy Vocabulary, where one fits.
    pub dpv: Option<String>,
    /// Whether it is written freely, so that anything may stand in it.
    pub free_text: bool,
    /// Whether the text says it, or somebody read it out of the text or chose it.
    pub origin: Origin,
    /// The clause that states it.
    pub clause: ClauseId,
}

/// `[[declares]]`: these categories of these data subjects may be processed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// The data subjects.
    pub subject: SubjectCategory,
    /// The categories.
    pub categories: Vec<Category>,
    /// Whether the text says it, or somebody read it out of the text or chose it.
    pub origin: Origin,
    /// The clause that states it.
    pub clause: ClauseId,
}

/// On which side a role stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RoleSide {
    /// The customer's people.
    Controller,
    /// The data subjects themselves: each is a person of the customer's house who reaches what is its own.
    Subject,
    /// The provider's people.
    Processor,
    /// The platform's own jobs; actors like any other.
    Platform,
}

/// `[role.*]`: what a person may be under the agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleTerm {
    /// Its name.
    pub id: Role,
    /// Its label.
    pub label: Label,
    /// Whose people have it.
    pub side: RoleSide,
    /// Whether it gives and ends accounts on its side.
    pub administers: bool,
    /// Whether the text says it, or somebody read it out of the text or chose it.
    pub origin: Origin,
    /// The clause that states it.
    pub clause: ClauseId,
}

/// The categories that a rule names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleCategories {
    /// All that are declared for the data subjects.
    Declared,
    /// These.
    Listed(Vec<Category>),
}

/// `[[may]]`: a rule. What no rule allows is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Who may.
    pub roles: Vec<Role>,
    /// What.
    pub verbs: Vec<Verb>,
    /// Why.
    pub purposes: Vec<Purpose>,
    /// About whom.
    pub subjects: Vec<SubjectCategory>,
    /// Which data.
    pub categories: RuleCategories,
    /// Only within an open case of this kind.
    pub within: Option<CaseName>,
    /// Only for records to which the actor stands so; none means all of the customer's.
    pub reach: Relations,
    /// Only where the person has given a consent of this kind of record.
    pub needs_consent: Option<KindName>,
    /// Whether the text says it, or somebody read it out of the text or chose it.
    pub origin: Origin,
    /// The clause that states it.
    pub clause: ClauseId,
}

/// `[case.*]`: a case that only the customer opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseTerm {
    /// Its name.
    pub id: CaseName,
    /// Its label.
    pub label: Label,
    /// The customer's roles that may open it.
    pub opened_by: Vec<Role>,
    /// The one purpose that acts within it have.
    pub purpose: Purpose,
    /// The kind of record that holds it.
    pub kind: KindName,
    /// Whether the text says it, or somebody read it out of the text or chose it.
    pub origin: Origin,
    /// The clause that states it.
    pub clause: ClauseId,
}

/// As which data of whom something counts that the platform itself keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldAs {
    /// The data subjects.
    pub subject: SubjectCategory,
    /// The category.
    pub category: Category,
}

/// `[logging]`: the access log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logging {
    /// Which access is logged, e.g. `every request`.
    pub access: String,
    /// The roles to whom the log is shown.
    pub shown_to: Vec<Role>,
    /// As which data of whom reading the log is decided; without it nobody may.
    pub held_as: Option<HeldAs>,
    /// How long it is kept, in the contract's unit.
    pub keep: Sourced<String>,
    /// Whether the text says it, or somebody read it out of the text or chose it.
    pub origin: Origin,
    /// The clause that states it.
    pub clause: ClauseId,
}

/// `[accounts]`: accounts are personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accounts {
    /// Whether each account belongs to one person.
    pub personal: bool,
    /// The sides whose people need a second factor.
    pub second_factor: Sourced<Vec<RoleSide>>,
    /// As which data of whom the name behind an account is decided, e.g. of the author of a note; without it nobody sees it.
    pub named_as: Option<HeldAs>,
    /// Who can give an account back.
    pub changer: Changer,
    /// Whether the text says it, or somebody read it out of the text or chose it.
    pub origin: Origin,
    /// The clause that states it.
    pub clause: ClauseId,
}

/// The categories that a subprocessor may receive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubprocessorCategories {
    /// All that the agreement declares.
    Declared,
    /// These.
    Listed(Vec<Category>),
}

/// `[[subprocessor]]`: a recipient in one task at one place (Art. 28(2), 28(4)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subprocessor {
    /// Its id; one organisation with two tasks has two.
    pub id: SubprocessorId,
    /// The organisation.
    pub name: String,
    /// What it does.
    pub task: Label,
    /// The country, ISO 3166-1 alpha-2. *Not found* where the agreement is vague, and then nothing may be sent there.
    pub country: Sourced<String>,
    /// The place in words.
    pub place: Sourced<String>,
    /// Which categories it may receive. *Not found* where the agreement is silent, and then it may receive none.
    pub categories: Sourced<SubprocessorCategories>,
    /// For which purposes it may receive; empty means every purpose.
    pub purposes: Vec<Purpose>,
    /// The data as the text words it.
    pub data: Option<String>,
    /// Only for customers who chose it, as in *if integrated*.
    pub if_chosen: bool,
    /// The country of the organisation behind it, where that is another, ISO 3166-1 alpha-2.
    pub parent_country: Option<String>,
    /// Its registration number.
    pub registration_number: Option<String>,
    /// Its address.
    pub address: Option<String>,
    /// How it is reached.
    pub contact: Option<String>,
    /// The host names that belong to it.
    pub hosts: Vec<String>,
    /// What a reader should be told about it.
    pub flag: Option<String>,
    /// Whether the text says it, or somebody read it out of the text or chose it.
    pub origin: Origin,
    /// The clause that states it.
    pub clause: ClauseId,
}

/// A block that says `otherwise = "refuse"`: the clause that a refusal names, and who can change it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Otherwise {
    /// The clause that stands against everything not allowed.
    pub clause: ClauseId,
    /// Who can change that.
    pub changer: Changer,
}

/// `[[mentioned]]`: an organisation that the text names and does not list as a recipient. It receives nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mentioned {
    /// The organisation.
    pub organisation: String,
    /// What a reader should be told about it.
    pub flag: String,
    /// The clause that mentions it.
    pub clause: ClauseId,
}
