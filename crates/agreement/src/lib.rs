//! The agreement: text → checked agreement → permit or refusal, and of an event the duties it brings; each with its clause.
//!
//! The language is laid down in `docs/decisions/0003-agreement-language.md`. This crate knows no database, no service and no
//! clock, and holds no number of any contract: what it answers, it answers from the text.

mod act;
mod agreement;
pub mod amounts;
pub mod arise;
pub mod art28;
mod block_terms;
mod changes;
mod checks;
mod decide;
pub mod explain;
mod fault;
mod fields;
mod general;
mod in_force;
mod keeping;
pub mod language;
pub mod law;
mod layers;
mod permit;
mod read;
mod reading;
pub mod register;
mod table;
mod term;
mod terms_of;
mod text_to_clauses;
mod toml_to_terms;
mod transfer;
mod value;

pub use act::{Act, CaseFact, Facts};
pub use agreement::Agreement;
pub use changes::{Change, Difference, Matter, differences};
pub use fault::{Fault, Faults, Warning, WarningCode};
pub use in_force::{Adoption, Book};
pub use keeping::{LogGoes, LogKept};
pub use layers::{AGREEMENT, How, Layer, LayerKind, Won};
pub use permit::Permit;
pub use table::Asks;
pub use term::{
    Accounts, CaseTerm, CategoryTerm, Clause, Declaration, Document, HeldAs, InForce, Logging, Mentioned, Origin,
    Otherwise, Party, PartySide, Precedence, PurposeTerm, RoleSide, RoleTerm, Rule, RuleCategories, SubjectTerm,
    Subprocessor, SubprocessorCategories,
};
pub use terms::CaseName;
pub use value::{Term, Value};
