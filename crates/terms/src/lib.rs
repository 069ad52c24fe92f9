//! The words that every room shares: who, what, why, when and under which clause.
//!
//! Names follow the GDPR: a [`Verb`] is one of Article 4(2), a [`Purpose`] one of Article 5(1)(b), a [`Category`] one of
//! Article 28(3). Nothing here reads a clock, opens a file or knows a service.

mod category;
mod id;
mod instant;
mod name;
mod provenance;
mod refusal;
mod relation;
mod render;
mod verb;

pub use category::Extent;
pub use id::{AgreementHash, FileId, Hash, IdError, PersonId, RecordId, TenantId};
pub use instant::{Clock, Instant};
pub use name::{
    CaseName, Category, ClauseId, FieldName, KindName, NameError, Purpose, RetentionClass, Role, ServiceName,
    SubjectCategory, SubprocessorId,
};
pub use provenance::{Provenance, Sourced};
pub use refusal::{Changer, Reason, Refusal};
pub use relation::{Relation, Relations};
pub use render::{RecordHead, Render};
pub use verb::Verb;

/// The two languages that the portal speaks. Swedish is the first and the language of the agreements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Swedish, the default.
    #[default]
    Sv,
    /// English.
    En,
}

impl Language {
    /// The BCP 47 tag, as in `<html lang>`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Sv => "sv",
            Self::En => "en",
        }
    }
}

/// A short text in both languages, as agreements and services write their labels.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Label {
    /// Swedish.
    pub sv: String,
    /// English.
    pub en: String,
}

impl Label {
    /// The text in `language`.
    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Sv => &self.sv,
            Language::En => &self.en,
        }
    }
}
