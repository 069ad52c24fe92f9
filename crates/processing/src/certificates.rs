//! Certificates of erasures, opened again: by whoever carried the erasure out, by whoever may erase all records of its kind, and
//! by whoever may see the customer's whole log. What was erased has no unit and no case worker any more, so that who erases within
//! its reach reads what it erased itself. They hold pseudonyms that lead to nobody any more; that they are read is an entry all
//! the same.

use std::collections::BTreeSet;

use agreement::Facts;
use journal::{Detail, Outcome};
use service::{Asked, Certificate, Certified, No};
use storage::StoredErasure;
use terms::{ClauseId, Extent, KindName, RecordId, Verb};

use crate::everywhere::stage;

use crate::Processing;
use crate::acting::Acting;
use crate::anonymise::shown_to;
use crate::facts::Scope;
use crate::refuse::{RefusedAct, failed, unavailable};

/// What a person may read of what was done: certificates of whoever erases, holds of whoever holds.
pub(crate) struct Readable {
    /// By which clause.
    pub(crate) clause: ClauseId,
    /// The whole log is this person's to see, and with it all of them.
    pub(crate) log: bool,
    /// The kinds of which this person may do that to every record.
    pub(crate) whole: BTreeSet<KindName>,
}

impl Readable {
    fn allows(&self, asked: &Asked, certificate: &Certificate) -> bool {
        self.log || certificate.by == asked.actor || self.whole.contains(&certificate.plan.kind)
    }
}

impl Processing {
    /// The certificates of a customer that this person may read, newest first.
    pub(crate) async fn certificates_of(&self, asked: &Asked) -> Result<Vec<Certified>, No> {
        let acting = self.acting(asked)?;
        let readable = self.readable(&acting, Verb::Erase).await?;
        self.enter_reading(&acting, &readable, None).await?;
        let stored = self.store.erasures(&asked.tenant).map_err(failed)?;
        let copies = self.copies_now()?;
        let certified = |one: &StoredErasure| {
            let certificate = read(one).filter(|certificate| readable.allows(asked, certificate))?;
            let certificate = as_shown(&acting, certificate);
            Some(Certified { certificate, everywhere: stage(one, copies.as_ref()), checkpoint: None })
        };
        Ok(stored.iter().filter_map(certified).collect())
    }

    /// One certificate. One that is not this person's to read and none are answered alike.
    pub(crate) async fn certificate_of(&self, asked: &Asked, id: RecordId) -> Result<Certified, No> {
        let acting = self.acting(asked)?;
        let stored = self.store.erasures(&asked.tenant).map_err(failed)?.into_iter().find(|one| one.id == id);
        let certificate = stored.as_ref().and_then(read);
        // Whoever anonymised and may not erase reads by the rule by which it was done.
        let own = |one: &Certificate| one.by == asked.actor && one.plan.figures.is_some();
        let by_own = certificate.as_ref().is_some_and(own) && !self.reads_some(&acting, Verb::Erase)?;
        let verb = if by_own { Verb::Anonymise } else { Verb::Erase };
        let readable = self.readable(&acting, verb).await?;
        let certificate = certificate.filter(|one| readable.allows(asked, one)).map(|one| as_shown(&acting, one));
        self.enter_reading(&acting, &readable, certificate.as_ref()).await?;
        let (Some(stored), Some(certificate)) = (stored, certificate) else { return Err(No::Missing) };
        let everywhere = stage(&stored, self.copies_now()?.as_ref());
        Ok(Certified { certificate, everywhere, checkpoint: self.store.checkpoint(&asked.tenant).map_err(failed)? })
    }

    /// Of what this person may read that it was done, by what it may do itself; a refusal, entered, where there can be none.
    pub(crate) async fn readable(&self, acting: &Acting<'_>, verb: Verb) -> Result<Readable, No> {
        let kinds = self.kinds(&acting.tenant.service).ok_or(No::Missing)?;
        let log = self.log_clause(acting)?;
        let all = self.facts(acting, Scope::All)?.facts;
        let filtered = self.facts(acting, Scope::Filtered)?.facts;
        let (mut whole, mut clause, mut refused) = (BTreeSet::new(), log.clone(), None);
        for kind in &kinds.kinds {
            let may = |facts: &Facts| {
                let extent = Extent::AsPermitted;
                acting.decide(acting.act(verb, &kind.subject, kind.categories(), extent, facts.clone()))
            };
            if may(&all).is_ok() {
                whole.insert(kind.name.clone());
            }
            match may(&filtered) {
                Ok(permit) => drop(clause.get_or_insert_with(|| permit.clause().clone())),
                Err(refusal) => drop(refused.get_or_insert((kind, refusal))),
            }
        }
        if let Some(clause) = clause {
            return Ok(Readable { clause, log: log.is_some(), whole });
        }
        let Some((kind, refusal)) = refused else { return Err(No::Missing) };
        let of = RefusedAct { categories: &kind.categories(), about: storage::About::default() };
        Err(self.refused(acting, Some(kind), &of, refusal).await)
    }

    /// Whether there is anything that this person may read by that verb. Nothing is entered.
    fn reads_some(&self, acting: &Acting<'_>, verb: Verb) -> Result<bool, No> {
        let kinds = self.kinds(&acting.tenant.service).ok_or(No::Missing)?;
        let facts = self.facts(acting, Scope::Filtered)?.facts;
        let may = |kind: &service::Kind| {
            let act = acting.act(verb, &kind.subject, kind.categories(), Extent::AsPermitted, facts.clone());
            acting.decide(act).is_ok()
        };
        Ok(self.log_clause(acting)?.is_some() || kinds.kinds.iter().any(may))
    }

    async fn enter_reading(
        &self,
        acting: &Acting<'_>,
        readable: &Readable,
        one: Option<&Certificate>,
    ) -> Result<(), No> {
        let asked = acting.asked;
        let mut detail = Detail {
            outcome: Outcome::Happened,
            event: Some("erasure-certificates-read".to_owned()),
            actor: Some(asked.actor),
            role: Some(acting.role.clone()),
            purpose: Some(asked.purpose.clone()),
            agreement: Some(acting.agreement.hash()),
            clause: Some(readable.clause.clone()),
            ..Detail::default()
        };
        let _lists = detail.name(one.map(|one| one.plan.person).into_iter().collect(), Vec::new());
        self.store.event(asked.tenant, detail, Vec::new()).await.map_err(|error| unavailable(&error))?;
        Ok(())
    }
}

/// A certificate as it is shown to whoever asks: its figures only where the agreement shows them to that role for that purpose.
fn as_shown(acting: &Acting<'_>, mut one: Certificate) -> Certificate {
    let rules: Vec<String> = shown_to(acting).iter().map(|term| term.name()).collect();
    one.plan.figures = one.plan.figures.map(|figures| match rules.contains(&figures.rule) {
        true => figures,
        false => figures.without_counts(),
    });
    one
}

pub(crate) fn read(stored: &StoredErasure) -> Option<Certificate> {
    stored.certificate.as_deref().and_then(Certificate::read)
}
