//! Going live. An agreement that fails what the law demands may be stored and shown, but governs a customer only with a
//! recorded override: for what, who decided it, why, and until when. The platform writes it in the journal and the customer
//! sees it.

use core::fmt;

use jiff::civil::Date;
use serde::Deserialize;
use terms::Label;

use super::{Evidence, check};
use crate::agreement::Agreement;
use crate::law::{Both, day};

/// Somebody decided that an agreement goes live in spite of something.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// In spite of what: numbers of checks and traps, as `B07` or `T-09`.
    pub of: Vec<String>,
    /// Who decided it, as a function.
    pub who: String,
    /// Why.
    pub why: Both,
    /// The last day on which it holds.
    #[serde(deserialize_with = "day")]
    pub until: Date,
}

impl Override {
    /// Whether it holds on the day, for this number.
    #[must_use]
    pub fn holds(&self, id: &str, on: Date) -> bool {
        on <= self.until && self.of.iter().any(|of| of == id)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "override")]
    overrides: Vec<Override>,
}

/// `overrides.toml` cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the overrides cannot be read: {0}")]
pub struct OverridesError(String);

/// Reads `overrides.toml`: `[[override]]` with `of`, `who`, `why` and `until`.
///
/// # Errors
/// What cannot be read, with its line; an override of nothing, by nobody or without a reason.
pub fn read_overrides(text: &str) -> Result<Vec<Override>, OverridesError> {
    let file: File = toml_edit::de::from_str(text).map_err(|error| OverridesError(error.to_string()))?;
    let is_bare = |text: &str| text.trim().is_empty();
    let half = |it: &Override| it.of.is_empty() || is_bare(&it.who) || is_bare(&it.why.sv) || is_bare(&it.why.en);
    match file.overrides.iter().position(half) {
        Some(at) => Err(OverridesError(format!("override {} says not of what, who or why", at + 1))),
        None => Ok(file.overrides),
    }
}

/// Something that keeps an agreement from going live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// The check or the trap.
    pub id: String,
    /// What it found.
    pub says: Label,
    /// The last day of the override that there was, where one has run out.
    pub expired: Option<Date>,
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.id, self.says.en)?;
        match self.expired {
            Some(last) => write!(f, " (overridden until {last}, and no longer)"),
            None => Ok(()),
        }
    }
}

/// Whether the agreement may begin to govern a customer on the day.
///
/// # Errors
/// Every open check that blocks and every undecided trap that refuses, where no override holds.
pub fn going_live(
    agreement: &Agreement,
    evidence: &Evidence,
    on: Date,
    overrides: &[Override],
) -> Result<(), Vec<Stop>> {
    let report = check(agreement, evidence, on);
    let findings = report.blocking().map(|(check, finding)| (check.id.to_owned(), finding.says.clone()));
    let traps = report.blocking_traps().map(|trap| (trap.id.clone(), trap.says.clone()));
    let open = findings.chain(traps).filter(|(id, _)| !overrides.iter().any(|it| it.holds(id, on)));
    let stops: Vec<Stop> = open
        .map(|(id, says)| {
            let expired = overrides.iter().filter(|it| it.of.contains(&id)).map(|it| it.until).max();
            Stop { id, says, expired }
        })
        .collect();
    if stops.is_empty() { Ok(()) } else { Err(stops) }
}
