//! The second stage of certificates: what was erased is unusable everywhere, since a rotation of the off-site keys was finished whose
//! copy was begun after the erasure was complete here.
//!
//! The rotation is the platform's own deed; it touches nobody's data and needs no permit. Its entry stands in the installation's
//! log, and each certificate's second stage is an entry in its customer's. Not here: how keys are rotated (`vault::offsite`).

use std::sync::Arc;

use journal::{Detail, Outcome};
use service::{Everywhere, No, RestsOn, Unusable};
use storage::{HouseOp, StoredErasure};
use terms::{AgreementHash, Instant, TenantId};
use vault::custody::Assumption;
use vault::offsite::{KeysOffsite, Offsite, Rotated};

use crate::Processing;
use crate::certificates::read;
use crate::erase::governed_by;
use crate::refuse::{failed, unavailable};

/// The off-site copies of keys, and whether an erasure waits for the rotation that is due.
pub(crate) struct Copies {
    offsite: Arc<Offsite>,
    at_once: bool,
}

impl Processing {
    /// From now on certificates tell of the off-site copies of keys. The first call stands. `at_once`: no erasure waits for the
    /// rotation that is due, whatever its agreement says.
    pub fn keep_copies(&self, offsite: Arc<Offsite>, at_once: bool) {
        // Whoever comes second would tell of other copies than those that are rotated.
        drop(self.copies.set(Copies { offsite, at_once }));
    }

    /// How the off-site copies of keys are; none where the program keeps none.
    ///
    /// # Errors
    /// The file of keys.
    pub fn copies_now(&self) -> Result<Option<KeysOffsite>, No> {
        let Some(Copies { offsite, .. }) = self.copies.get() else { return Ok(None) };
        offsite.state().map(Some).map_err(|error| No::Unavailable(error.to_string()))
    }

    /// Enters the last rotation, if it has no entry yet, and writes the second stage of every certificate that it allows. Gives how
    /// many. If we die in the middle, what has its second stage keeps it, and the rest is done by the next call; the rotation's own
    /// entry may then be there twice, with the same number.
    ///
    /// # Errors
    /// The world's; it is tried again.
    pub async fn certify_everywhere(&self) -> Result<usize, No> {
        let Some(Copies { offsite, .. }) = self.copies.get() else { return Ok(0) };
        let unreadable = |error: vault::offsite::OffsiteError| No::Unavailable(error.to_string());
        let Some(rotated) = offsite.not_entered().map_err(unreadable)? else { return Ok(0) };
        let mut certified = 0;
        for stored in self.store.erasures_here_alone().map_err(failed)? {
            // Begun at the same instant may be begun before.
            let Some(one) = read(&stored).filter(|one| one.completed < rotated.copy_began) else { continue };
            let mut detail = Detail {
                outcome: Outcome::Happened,
                event: Some("erasure-everywhere".to_owned()),
                agreement: Some(one.agreement),
                clause: Some(one.clause.clone()),
                kind: Some(one.plan.kind.clone()),
                ..Detail::default()
            };
            let persons = one.plan.persons.iter().map(|goes| goes.person).take(journal::FEW).collect();
            let _lists = detail.name(persons, Vec::new());
            let op = HouseOp::UnusableEverywhere { id: stored.id, stage: unusable(&rotated).bytes() };
            self.store.event(stored.tenant, detail, vec![op]).await.map_err(|error| unavailable(&error))?;
            certified += 1;
        }
        let detail = Detail {
            outcome: Outcome::Happened,
            event: Some("keys-rotated".to_owned()),
            count: Some(rotated.generation),
            ..Detail::default()
        };
        let entered = self.store.event(TenantId::INSTALLATION, detail, Vec::new()).await;
        entered.map_err(|error| unavailable(&error))?;
        offsite.entered(rotated.generation).map_err(unreadable)?;
        Ok(certified)
    }
}

impl Processing {
    /// Asks for a rotation where an erasure is not to wait for the one that is due: because the operator says so of all, or because
    /// the agreement that governed it promises that copies are gone before. Gives whether it asked. It goes by what has no certificate
    /// yet, since its keys are gone from its entry on though its rows may follow for long, and by what is certified here and not
    /// everywhere yet; so a start asks again for what the program before was asked.
    ///
    /// # Errors
    /// The world's; it is tried again.
    pub fn hurry_rotation(&self) -> Result<bool, No> {
        let Some(Copies { offsite, at_once }) = self.copies.get() else { return Ok(false) };
        let begun = self.store.unfinished_erasures().map_err(failed)?;
        let stored = self.store.erasures_here_alone().map_err(failed)?;
        if begun.is_empty() && stored.is_empty() {
            return Ok(false);
        }
        let copies = offsite.state().map_err(|error| No::Unavailable(error.to_string()))?;
        let book = self.book();
        let waits = |since: Instant, agreement: &AgreementHash| {
            // Where the copy in force was begun after it, nothing of it is in there, and its second stage is on its way.
            let copied = copies.copy_began.is_some_and(|began| since < began);
            let promised = || book.by_hash(agreement)?.copies_end(since);
            !copied && (*at_once || promised().is_some_and(|(ends, _)| ends < copies.due))
        };
        // The entry of one that is begun comes a moment before its keys go. A copy that was begun in that moment is found out by the
        // certificate, which says when it was complete.
        let keyless = |one: &StoredErasure| governed_by(one).is_some_and(|agreement| waits(one.time, &agreement));
        let certified = |one: &StoredErasure| read(one).is_some_and(|one| waits(one.completed, &one.agreement));
        let hurries = begun.iter().any(keyless) || stored.iter().any(certified);
        if hurries {
            offsite.ask();
        }
        Ok(hurries)
    }
}

/// The second stage of an erasure's certificate, as of now.
pub(crate) fn stage(stored: &StoredErasure, copies: Option<&KeysOffsite>) -> Everywhere {
    if let Some(unusable) = stored.everywhere.as_deref().and_then(Unusable::read) {
        return Everywhere::Since(unusable);
    }
    match copies {
        None => Everywhere::NoCopies,
        Some(copies) => Everywhere::By { at: copies.due, late: copies.overdue, rests_on: rests_on(copies.assumption) },
    }
}

fn unusable(rotated: &Rotated) -> Unusable {
    Unusable {
        since: rotated.finished,
        generation: rotated.generation,
        copy_began: rotated.copy_began,
        deleted: rotated.deleted,
        destroyed: rotated.destroyed,
        rests_on: rests_on(rotated.assumption),
    }
}

const fn rests_on(assumption: Assumption) -> RestsOn {
    match assumption {
        Assumption::Custodian => RestsOn::Custodian,
        Assumption::PlainFile => RestsOn::PlainFile,
    }
}
