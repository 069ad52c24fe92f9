//! Certificates of erasures, opened again: by whoever may erase, and by whoever the agreement shows the log to. They hold
//! pseudonyms that lead to nobody any more; that they are read is an entry all the same.

use journal::{Detail, Outcome};
use service::{Asked, Certificate, Certified, No};
use storage::StoredErasure;
use terms::{Extent, RecordId, Verb};

use crate::everywhere::stage;

use crate::Processing;
use crate::facts::{Gathered, Scope};
use crate::refuse::{RefusedAct, failed, unavailable};

impl Processing {
    /// The certificates of a customer, newest first.
    pub(crate) async fn certificates_of(&self, asked: &Asked) -> Result<Vec<Certified>, No> {
        self.may_read_certificates(asked, None).await?;
        let stored = self.store.erasures(&asked.tenant).map_err(failed)?;
        let copies = self.copies_now()?;
        let certified = |one: &StoredErasure| {
            Some(Certified { certificate: read(one)?, everywhere: stage(one, copies.as_ref()), checkpoint: None })
        };
        Ok(stored.iter().filter_map(certified).collect())
    }

    /// One certificate.
    pub(crate) async fn certificate_of(&self, asked: &Asked, id: RecordId) -> Result<Certified, No> {
        let stored = self.store.erasures(&asked.tenant).map_err(failed)?.into_iter().find(|one| one.id == id);
        let certificate = stored.as_ref().and_then(read);
        self.may_read_certificates(asked, certificate.as_ref()).await?;
        let (Some(stored), Some(certificate)) = (stored, certificate) else { return Err(No::Missing) };
        let everywhere = stage(&stored, self.copies_now()?.as_ref());
        Ok(Certified { certificate, everywhere, checkpoint: self.store.checkpoint(&asked.tenant).map_err(failed)? })
    }

    async fn may_read_certificates(&self, asked: &Asked, one: Option<&Certificate>) -> Result<(), No> {
        let acting = self.acting(asked)?;
        let kinds = self.kinds(&acting.tenant.service).ok_or(No::Missing)?;
        let Gathered { facts, .. } = self.facts(&acting, Scope::All)?;
        let mut clause = None;
        let mut refused = None;
        for kind in &kinds.kinds {
            let act = acting.act(Verb::Erase, &kind.subject, kind.categories(), Extent::AsPermitted, facts.clone());
            match acting.decide(act) {
                Ok(permit) => {
                    clause = Some(permit.clause().clone());
                    break;
                }
                Err(refusal) => drop(refused.get_or_insert((kind, refusal))),
            }
        }
        let logging = acting.agreement.logging().filter(|logging| logging.shown_to.contains(&acting.role));
        let shown = logging.filter(|_| !acting.ended && !acting.not_yet).map(|logging| logging.clause.clone());
        let Some(clause) = clause.or(shown) else {
            let Some((kind, refusal)) = refused else { return Err(No::Missing) };
            let of = RefusedAct { categories: &kind.categories(), about: storage::About::default() };
            return Err(self.refused(&acting, Some(kind), &of, refusal).await);
        };
        let mut detail = Detail {
            outcome: Outcome::Happened,
            event: Some("erasure-certificates-read".to_owned()),
            actor: Some(asked.actor),
            role: Some(acting.role.clone()),
            purpose: Some(asked.purpose.clone()),
            agreement: Some(acting.agreement.hash()),
            clause: Some(clause),
            ..Detail::default()
        };
        let _lists = detail.name(one.map(|one| one.plan.person).into_iter().collect(), Vec::new());
        self.store.event(asked.tenant, detail, Vec::new()).await.map_err(|error| unavailable(&error))?;
        Ok(())
    }
}

pub(crate) fn read(stored: &StoredErasure) -> Option<Certificate> {
    stored.certificate.as_deref().and_then(Certificate::read)
}
