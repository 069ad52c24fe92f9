//! A report for the curious: what a text says, against Article 28 and beside the agreements that an installation knows.
//!
//! It adds nothing to a reading: every value of the text is a proposal with its quotation, and what was not found is said to be that.
//! How it is shown is the portal's matter.

mod article28;
mod compare;

use jiff::civil::Date;

pub use article28::{Against, Article28, Comes, NotChecked, Point};
pub use compare::{Compared, Known, Said, Stands, Usual};

use crate::read::{Reading, Verdict};

/// A text, checked and compared.
pub struct Report {
    /// What it comes to against Article 28.
    pub article28: Result<Article28, NotChecked>,
    /// What the known agreements are called, in their order.
    pub known: Vec<String>,
    /// Each field that the text or one of them states; empty where the text is no agreement.
    pub compared: Vec<Compared>,
}

impl Report {
    /// Checks and compares. The day is the one whose law counts.
    #[must_use]
    pub fn of(reading: &Reading, known: &[Known<'_>], on: Date) -> Self {
        let is_agreement = matches!(reading.verdict, Verdict::Agreement | Verdict::OtherAgreement);
        Self {
            article28: article28::check(reading, on),
            known: known.iter().map(|known| known.name.clone()).collect(),
            compared: if is_agreement { compare::compare(reading, known) } else { Vec::new() },
        }
    }
}
