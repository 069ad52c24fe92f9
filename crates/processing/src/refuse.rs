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
        let detail = Detail {
            verb: Some(refusal.verb),
            actor: Some(acting.asked.actor),
            role: Some(refusal.role.clone()),
            purpose: Some(refusal.purpose.clone()),
            case: acting.asked.case,
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
            Ok(_) => No::Refused(Box::new(refusal)),
            Err(error) => unavailable(&error),
        }
    }

    /// An ended account asks: the accounts clause stands against it.
    pub(crate) async fn ended(&self, acting: &Acting<'_>, kind: &Kind, act: &Act) -> Option<No> {
        if !acting.ended {
            return None;
        }
        let refusal = acting.agreement.refuse(act, Reason::AccountEnded);
        let of = RefusedAct { categories: &act.categories, about: About::default() };
        Some(self.refused(acting, Some(kind), &of, refusal).await)
    }
}

/// What of a refused act is entered.
pub(crate) struct RefusedAct<'a> {
    pub(crate) categories: &'a [terms::Category],
    pub(crate) about: About,
}

/// The code, with the category or field where it is a name. A field that a caller made up is kept only where it has the
/// form of a name, because anything else could be a value.
fn reason_text(reason: &Reason) -> String {
    let of = match reason {
        Reason::CategoryNotDeclared(category) => Some(category.to_string()),
        Reason::FieldNotDeclared(field) => FieldName::new(field).ok().map(|field| field.to_string()),
        _ => None,
    };
    match of {
        Some(of) => format!("{}:{of}", reason.code()),
        None => reason.code().to_owned(),
    }
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
        other => No::Unavailable(other.to_string()),
    }
}
