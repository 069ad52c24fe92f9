//! The answer *no*: entered before it is given.

use agreement::Act;
use journal::{Detail, Outcome};
use service::{Kind, No};
use storage::{About, CommitError, StoreError};
use terms::{FieldName, Reason, Refusal};
use vault::VaultError;

use crate::Processing;
use crate::acting::Acting;

impl Processing {
    /// Enters a refusal and gives it. Where even that fails, the answer is that failure: nothing is answered unentered.
    pub(crate) async fn refused(
        &self,
        acting: &Acting<'_>,
        kind: Option<&Kind>,
        act: &RefusedAct<'_>,
        refusal: Refusal,
    ) -> No {
        // A case of another customer's is no case here, and its id does not cross.
        let case = match acting.asked.case {
            Some(case) => match self.store.record(&acting.asked.tenant, &case) {
                Ok(found) => found.map(|found| found.record),
                Err(error) => return failed(error),
            },
            None => None,
        };
        let detail = Detail {
            verb: Some(refusal.verb),
            actor: Some(acting.asked.actor),
            role: Some(refusal.role.clone()),
            purpose: Some(refusal.purpose.clone()),
            case,
            agreement: Some(acting.agreement.hash()),
            clause: Some(refusal.clause.clone()),
            kind: kind.map(|kind| kind.name.clone()),
            subject: Some(refusal.subject.clone()),
            categories: act.categories.to_vec(),
            outcome: Outcome::Refused,
            reason: Some(reason_text(&refusal.reason)),
            ..Detail::default()
        };
        match self.store.refusal(acting.asked.tenant, detail, act.about.clone()).await {
            Ok(entered) => No::Refused(Box::new(Refusal { entry: Some(entered.index()), ..refusal })),
            Err(error) => unavailable(&error),
        }
    }

    /// Answers where something stands against whatever this person asks.
    pub(crate) async fn barred(&self, acting: &Acting<'_>, kind: &Kind, act: &Act, about: &About) -> Option<No> {
        let refusal = acting.barred(act)?;
        let of = RefusedAct { categories: &act.categories, about: about.clone() };
        Some(self.refused(acting, Some(kind), &of, refusal).await)
    }
}

/// What of a refused act is entered.
pub(crate) struct RefusedAct<'a> {
    pub(crate) categories: &'a [terms::Category],
    pub(crate) about: About,
}

/// The code, with the category or field where it is a name. A field that a caller made up is kept only where it reads as the
/// name of one: it begins with a letter and holds no six digits in a row, since a date of birth or a number of a person in
/// its place would stand in the log for ever.
fn reason_text(reason: &Reason) -> String {
    let of = match reason {
        Reason::CategoryNotDeclared(category) => Some(category.to_string()),
        Reason::FieldNotDeclared(field) => {
            FieldName::new(field).ok().filter(|_| reads_as_a_name(field)).map(|field| field.to_string())
        }
        _ => None,
    };
    match of {
        Some(of) => format!("{}:{of}", reason.code()),
        None => reason.code().to_owned(),
    }
}

fn reads_as_a_name(text: &str) -> bool {
    let digits = text.split(|c: char| !c.is_ascii_digit() && c != '-' && c != '.');
    let longest = digits.map(|run| run.chars().filter(char::is_ascii_digit).count()).max().unwrap_or(0);
    text.starts_with(|c: char| c.is_ascii_lowercase()) && longest < 6
}

pub(crate) fn failed(error: StoreError) -> No {
    tracing::error!(%error, "the state could not be read");
    No::Unavailable(error.to_string())
}

pub(crate) fn closed(error: VaultError) -> No {
    tracing::error!(%error, "the vault stays closed");
    No::Unavailable(error.to_string())
}

pub(crate) fn unavailable(error: &CommitError) -> No {
    match error {
        CommitError::Conflict { version: 0 } => No::Missing,
        CommitError::Conflict { version } => No::Conflict { version: *version },
        CommitError::Reused => No::Reused,
        other => No::Unavailable(other.to_string()),
    }
}
