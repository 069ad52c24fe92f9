//! Proofs out: what a customer may take away and keep, to check later that its log is still the same. Checkpoints, tiles and the
//! proof that a log continues itself are hashes, signatures and times, nobody's data; a proof of an entry opens that entry, and
//! is asked for and entered like every reading of the log.

use agreement::Act;
use journal::{Continuation, Proof};
use service::{Asked, No};
use storage::{About, PastHead};
use terms::{ClauseId, Extent, Reason, RecordId, Refusal, Verb};

use crate::Processing;
use crate::acting::Acting;
use crate::facts::{Gathered, Scope};
use crate::look_up::LogFilter;
use crate::refuse::{RefusedAct, failed};

/// What is published of a customer's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoints {
    /// The newest checkpoint, a signed note; none before the first.
    pub note: Option<String>,
    /// The key that signs, `name+id+base64`.
    pub key: String,
    /// Heads that the installation's log holds, newest first.
    pub past: Vec<PastHead>,
}

impl Processing {
    /// The proof of an entry, for whoever may read that entry. Who sees of the log only what is its own gets the proof without
    /// the detail, which may name others.
    ///
    /// # Errors
    /// As for every reading of the log; [`No::Missing`] where there is no such entry for this person.
    pub async fn proof(&self, asked: &Asked, index: u64, about: Option<terms::PersonId>) -> Result<Proof, No> {
        let before = Some(index.checked_add(1).ok_or(No::Missing)?);
        let filter = LogFilter { person: about, before, limit: 1, ..LogFilter::default() };
        let (found, only_own) = self.looked(asked, &filter).await?;
        if found.first().is_none_or(|one| one.entry.index != index) {
            return Err(No::Missing);
        }
        self.store.proof(&asked.tenant, index, !only_own).await.map_err(failed)?.ok_or(No::Missing)
    }

    /// The proof of the entry that a certificate rests on, for whoever may read the certificate. Its detail, which names who was
    /// erased and by whom, goes with it for whoever sees the log.
    ///
    /// # Errors
    /// As for the certificate.
    pub async fn certificate_proof(&self, asked: &Asked, id: RecordId) -> Result<Proof, No> {
        let certified = self.certificate_of(asked, id).await?;
        let index = certified.certificate.entry;
        let sees_log = self.log_clause(&self.acting(asked)?)?.is_some();
        self.store.proof(&asked.tenant, index, sees_log).await.map_err(failed)?.ok_or(No::Missing)
    }

    /// The newest checkpoint, and some of those before.
    ///
    /// # Errors
    /// A refusal where the agreement does not show the log to this role.
    pub async fn checkpoints(&self, asked: &Asked, past: usize) -> Result<Checkpoints, No> {
        self.may_see_log(asked).await?;
        let note = self.store.checkpoint(&asked.tenant).map_err(failed)?;
        let key = self.store.verifier_key().map_err(failed)?;
        Ok(Checkpoints { note, key, past: self.store.past_heads(&asked.tenant, past).map_err(failed)? })
    }

    /// A published file of the customer's log, by its C2SP name.
    ///
    /// # Errors
    /// As [`Processing::checkpoints`]; [`No::Missing`] where there is no such file.
    pub async fn log_file(&self, asked: &Asked, path: &str) -> Result<Vec<u8>, No> {
        self.may_see_log(asked).await?;
        if path == "verifier.key" {
            return Ok((self.store.verifier_key().map_err(failed)? + "\n").into_bytes());
        }
        self.store.log_file(&asked.tenant, path).map_err(failed)?.ok_or(No::Missing)
    }

    /// The proof that the customer's log continues itself from a size.
    ///
    /// # Errors
    /// As [`Processing::checkpoints`]; [`No::Missing`] where it never had so many entries.
    pub async fn continuation(&self, asked: &Asked, old: u64) -> Result<Continuation, No> {
        self.may_see_log(asked).await?;
        self.store.continuation(&asked.tenant, old).await.map_err(failed)?.ok_or(No::Missing)
    }

    /// Whether the agreement lets this person see the log. It is no entry where it does: nobody's data is read, and a log that grew
    /// by being checked would never come to its end. That it does not is one.
    async fn may_see_log(&self, asked: &Asked) -> Result<(), No> {
        let acting = self.acting(asked)?;
        let (act, decided) = self.log_decided(&acting)?;
        let Err(refusal) = decided else { return Ok(()) };
        let of = RefusedAct { categories: &act.categories, about: About::default() };
        Err(self.refused(&acting, None, &of, refusal).await)
    }

    /// The clause by which this person may see the customer's whole log; none where it may not, or there is no log. Nothing is
    /// entered.
    pub(crate) fn log_clause(&self, acting: &Acting<'_>) -> Result<Option<ClauseId>, No> {
        match self.log_decided(acting) {
            Ok((_, decided)) => Ok(decided.ok()),
            Err(No::Missing) => Ok(None),
            Err(no) => Err(no),
        }
    }

    /// The reading of the customer's whole log as the agreement is asked about it, and what it answers; [`No::Missing`] where it
    /// speaks of no log.
    fn log_decided(&self, acting: &Acting<'_>) -> Result<(Act, Result<ClauseId, Refusal>), No> {
        let logging = acting.agreement.logging();
        let held_as = logging.and_then(|logging| logging.held_as.as_ref()).ok_or(No::Missing)?;
        let shown = logging.is_some_and(|logging| logging.shown_to.contains(&acting.role));
        let Gathered { facts, .. } = self.facts(acting, Scope::All)?;
        let categories = vec![held_as.category.clone()];
        let act = acting.act(Verb::Consult, &held_as.subject, categories, Extent::AsPermitted, facts);
        let decided = match acting.decide(act.clone()) {
            Ok(permit) if shown && permit.allows(&held_as.category) => Ok(permit.clause().clone()),
            Ok(_) => Err(acting.agreement.refuse(&act, Reason::NoRule)),
            Err(refusal) => Err(refusal),
        };
        Ok((act, decided))
    }
}
