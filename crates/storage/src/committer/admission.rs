//! Whether an item may be entered: checked by the one committer against the head, counting what earlier items of the same
//! generation did. What passes here cannot be refused later; applying never says no.

use std::collections::HashMap;

use terms::{AgreementHash, FieldName, Instant, KindName, PersonId, RecordId, RetentionClass, TenantId, Verb};

use super::pending::{Handed, Pending};
use super::{CommitError, Committer, MAX_PERMIT_AGE_SECONDS};
use crate::engine::StoreError;
use crate::erasing::{Erase, Reached, Restrict};
use crate::folder;
use crate::holding::{Hold, covering};
use crate::house_row::HouseRow;
use crate::letting_go::LetGo;
use crate::op::{Once, Op, PutAccount, PutRecord, Token};
use crate::remembered::ById;
use crate::setting_aside::SetAside;
use crate::watch::{Touched, Watch, touches};

/// What earlier items of the same generation did, since the state does not show it yet.
#[derive(Default)]
pub(super) struct Ahead {
    /// The versions that the items ask for, as the state has them, then as earlier items of the generation leave them.
    versions: ById<(TenantId, RecordId), u64>,
    /// Who carries a unique token.
    carriers: HashMap<(TenantId, KindName, FieldName, Token), RecordId>,
    /// The unique tokens that a record carries now; the state may still show others.
    carried: HashMap<(TenantId, RecordId, FieldName), Vec<Token>>,
    once: HashMap<(TenantId, [u8; 32]), Once>,
    logins: HashMap<[u8; 32], PersonId>,
    adopted: Vec<(TenantId, Instant, AgreementHash)>,
    /// What was written: which record of whom, under what.
    written: Vec<(TenantId, RecordId, PersonId, Option<RecordId>)>,
    /// Whose keys will be destroyed.
    erased: Vec<(TenantId, PersonId, RetentionClass)>,
    /// Of them those whose rows stay for a while, and are nobody's any more.
    leaving: Vec<(TenantId, PersonId, RetentionClass)>,
    /// Whose restriction begins, or ends.
    restricted: HashMap<(TenantId, PersonId), Option<Restrict>>,
    /// The holds that begin.
    held: Vec<Hold>,
    /// What is set aside.
    aside: Vec<SetAside>,
    /// What else was touched of what a plan may have been made from.
    touched: Vec<(TenantId, Option<Touched>)>,
}

/// How an item passes.
pub(super) enum Admitted {
    /// It gets an entry.
    New,
    /// Its idempotency key was answered before.
    Before(RecordId, u64),
}

impl Committer {
    /// Why nothing may be written now.
    pub(super) fn no_room(&self) -> Option<String> {
        folder::room(&self.folder, self.options.reserve_bytes)
    }

    /// Checks an item against the head.
    pub(super) fn admit(
        &self,
        item: &Pending,
        now: Instant,
        ahead: &mut Ahead,
        full: Option<&str>,
    ) -> Result<Admitted, CommitError> {
        if let Some(permit) = &item.permit {
            let age = now.micros().saturating_sub(permit.instant().micros());
            if age.abs() > MAX_PERMIT_AGE_SECONDS * 1_000_000 {
                return Err(CommitError::Stale);
            }
            if self.in_force_at(item.tenant, now, ahead) != Some(permit.agreement()) {
                return Err(CommitError::NotInForce);
            }
            for (record, version) in &item.about.rests_on {
                if self.head_version(item.tenant, *record, ahead)? != *version {
                    return Err(CommitError::Stale);
                }
            }
            // The door has told whoever asked; this is for a restriction that was entered in between.
            let by_law = matches!(permit.verb(), Verb::Retrieve | Verb::Restrict | Verb::Hold);
            if !by_law && item.about.persons.iter().any(|person| self.is_restricted(item.tenant, person, now, ahead)) {
                return Err(CommitError::Stale);
            }
            // Likewise for what was set aside in between. It can be brought back, held, and erased for good.
            let at_its_end = matches!(permit.verb(), Verb::Restrict | Verb::Hold | Verb::Erase);
            if !at_its_end && self.is_set_aside(item, ahead) {
                return Err(CommitError::Stale);
            }
        }
        if item.ops.is_empty() {
            return Ok(Admitted::New);
        }

        if let Some(why) = full {
            return Err(CommitError::Full(why.to_owned()));
        }
        for op in &item.ops {
            match op {
                Op::PutRecord(put) => {
                    if let Some((record, version)) = self.admit_record(item.tenant, put, ahead)? {
                        return Ok(Admitted::Before(record, version));
                    }
                }
                Op::PutAccount(account) => {
                    self.admit_person(account.home, account.person, ahead)?;
                    self.admit_account(account, ahead)?;
                }
                Op::PutSession(session) => self.admit_person(session.home, session.person, ahead)?,
                Op::SeeNotice(seen) => self.admit_person(seen.tenant, seen.person, ahead)?,
                Op::PutRow(row) => {
                    self.admit_row(row, ahead)?;
                    match row {
                        HouseRow::Hold(hold) => ahead.held.push(hold.clone()),
                        HouseRow::SetAside(one) => ahead.aside.push(one.clone()),
                        _ => {}
                    }
                }
                Op::AdoptAgreement { tenant, from, hash } => ahead.adopted.push((*tenant, (*from).max(now), *hash)),
                Op::PutTenant(_)
                | Op::EndAccount(_)
                | Op::UsedCode { .. }
                | Op::EndSession(_)
                | Op::EndSessionsOf(_)
                | Op::EndSessionsBefore(_)
                | Op::AdoptFile(_)
                | Op::PutFile(_)
                | Op::KeyUsed { .. }
                | Op::EndHold(_)
                | Op::BringBack(_)
                | Op::EndCredentialsOf(_)
                | Op::PutAgreement { .. }
                | Op::PutImport(_)
                | Op::PutBack(_)
                | Op::Withdraw(_)
                | Op::WentBack(_)
                | Op::UnusableEverywhere { .. }
                | Op::CompleteErasure { .. } => {}
                Op::Erase(erase) => match &item.watch {
                    Some(watch) => Self::admit_watched(item.tenant, erase, watch, ahead)?,
                    None => self.admit_erasure(item, erase, now, ahead)?,
                },
                Op::ErasePortion(_) => {}
                Op::LetGo(let_go) => self.admit_letting_go(item.tenant, let_go, now, ahead)?,
                Op::Restrict(restrict) => {
                    self.admit_person(item.tenant, restrict.person, ahead)?;
                    ahead.restricted.insert((item.tenant, restrict.person), Some(restrict.clone()));
                }
                Op::Lift(person) => {
                    ahead.restricted.insert((item.tenant, *person), None);
                }
            }
            // What is written is noted above with what it is.
            if !matches!(op, Op::PutRecord(_))
                && let Some(touched) = touches(op)
            {
                ahead.touched.push((item.tenant, touched));
            }
        }
        Ok(Admitted::New)
    }

    /// Reads at once the versions that a generation will ask for. Nobody else writes, so they hold until it is applied.
    pub(super) fn look_ahead(&self, items: &Handed) -> Result<Ahead, CommitError> {
        let mut asked: Vec<(TenantId, RecordId)> = Vec::new();
        for item in items {
            asked.extend(item.about.rests_on.iter().map(|(record, _)| (item.tenant, *record)));
            asked.extend(item.ops.iter().filter_map(|op| match op {
                Op::PutRecord(put) => Some((item.tenant, put.record)),
                _ => None,
            }));
            asked.extend(item.ops.iter().filter_map(|op| match op {
                Op::PutRecord(PutRecord { version: 1, parent: Some(parent), .. }) => Some((item.tenant, *parent)),
                _ => None,
            }));
        }
        if asked.is_empty() {
            return Ok(Ahead::default());
        }
        asked.sort_unstable();
        asked.dedup();
        // A group of readings rests mostly on a few records that are asked for again and again.
        let remembered = self.remembered.versions(&asked);
        let mut versions = ById::default();
        versions.reserve(asked.len());
        let mut others = Vec::new();
        for (place, version) in asked.into_iter().zip(remembered) {
            match version {
                Some(version) => drop(versions.insert(place, version)),
                None => others.push(place),
            }
        }
        if !others.is_empty() {
            let read = self.engine.versions(&others).map_err(unread)?;
            versions.extend(others.into_iter().zip(read));
        }
        Ok(Ahead { versions, ..Ahead::default() })
    }

    /// The version a record has, counting what earlier items of this generation did; 0 where there is none.
    fn head_version(&self, tenant: TenantId, record: RecordId, ahead: &Ahead) -> Result<u64, CommitError> {
        if self.leaves(tenant, record, ahead)? {
            return Ok(0);
        }
        match ahead.versions.get(&(tenant, record)) {
            Some(version) => Ok(*version),
            None => Ok(self.engine.record(&tenant, &record).map_err(unread)?.map_or(0, |record| record.version)),
        }
    }

    /// Whether a record is of somebody whose keys are gone, or go with this generation, and whose rows follow: for whoever writes it
    /// is not there any more.
    fn leaves(&self, tenant: TenantId, record: RecordId, ahead: &Ahead) -> Result<bool, CommitError> {
        let here = |place: &&(TenantId, PersonId, RetentionClass)| place.0 == tenant;
        if !self.leavers.any(&tenant) && !ahead.leaving.iter().any(|one| here(&one)) {
            return Ok(false);
        }
        let Some(found) = self.engine.record(&tenant, &record).map_err(unread)? else { return Ok(false) };
        let ahead_of_us = ahead.leaving.iter().filter(here).any(|one| one.1 == found.person && one.2 == found.class);
        Ok(ahead_of_us || self.leavers.hides(&tenant, &found.person, &found.class))
    }

    fn admit_record(
        &self,
        tenant: TenantId,
        put: &PutRecord,
        ahead: &mut Ahead,
    ) -> Result<Option<(RecordId, u64)>, CommitError> {
        if let Some(key) = put.once {
            let before = match ahead.once.get(&(tenant, key)) {
                Some(before) => Some(*before),
                None => self.engine.once(&tenant, &key).map_err(unread)?,
            };
            // Of who leaves nothing was ever answered, whatever comes with the key: a refusal would tell that somebody was there.
            if let Some(before) = before
                && !self.leaves(tenant, before.record, ahead)?
            {
                // An answer to other values would acknowledge a writing that was never made.
                if !before.fits(put.once_of) {
                    return Err(CommitError::Reused);
                }
                return Ok(Some((before.record, before.version)));
            }
        }
        let has = self.head_version(tenant, put.record, ahead)?;
        if has + 1 != put.version {
            return Err(CommitError::Conflict { version: has });
        }
        // What it is to belong to may have been erased since the caller found it.
        if put.version == 1
            && let Some(parent) = put.parent
            && self.head_version(tenant, parent, ahead)? == 0
        {
            return Err(CommitError::Conflict { version: 0 });
        }
        let goes = ahead.erased.iter().any(|gone| *gone == (tenant, put.person, put.class.clone()));
        if goes || !self.keys.has_person_key(&tenant, &put.person, &put.class).map_err(unread)? {
            return Err(CommitError::NoKey);
        }
        let unique = || put.tokens.iter().filter(|of| of.unique);
        for of in unique() {
            for token in of.tokens.iter().filter_map(|one| one.bare) {
                let place = (tenant, put.kind.clone(), of.field.clone(), token);
                let ahead_of_us = ahead.carriers.get(&place).is_some_and(|carrier| *carrier != put.record);
                let mut state = Vec::new();
                for other in self.engine.with_token(&tenant, &put.kind, &of.field, &token).map_err(unread)? {
                    if !self.leaves(tenant, other, ahead)? {
                        state.push(other);
                    }
                }
                let carries = |other: &RecordId| {
                    *other != put.record && !ahead.carried.contains_key(&(tenant, *other, of.field.clone()))
                };
                if ahead_of_us || state.iter().any(carries) {
                    return Err(CommitError::NotUnique);
                }
            }
        }
        for of in unique() {
            let tokens: Vec<Token> = of.tokens.iter().filter_map(|one| one.bare).collect();
            let place = |token| (tenant, put.kind.clone(), of.field.clone(), token);
            ahead.carriers.extend(tokens.iter().map(|token| (place(*token), put.record)));
            let dropped = ahead.carried.insert((tenant, put.record, of.field.clone()), tokens.clone());
            for token in dropped.into_iter().flatten().filter(|token| !tokens.contains(token)) {
                ahead.carriers.remove(&place(token));
            }
        }
        ahead.versions.insert((tenant, put.record), put.version);
        ahead.written.push((tenant, put.record, put.person, put.parent));
        if let Some(key) = put.once {
            let once = Once { record: put.record, version: put.version, of: put.once_of };
            ahead.once.insert((tenant, key), once);
        }
        Ok(None)
    }

    /// An erasure is done as its plan was shown, or not at all: whatever came to be meanwhile might belong to somebody whom the
    /// plan does not name.
    fn admit_erasure(&self, item: &Pending, erase: &Erase, now: Instant, ahead: &mut Ahead) -> Result<(), CommitError> {
        let tenant = item.tenant;
        let persons: Vec<PersonId> = erase.persons.iter().map(|goes| goes.person).collect();
        let mut reached = self.engine.reached(&tenant, &persons, &erase.records).map_err(unread)?;
        reached.retain(|one| !self.leavers.hides(&tenant, &one.person, &one.class));
        let saw = |record: &RecordId| item.saw.binary_search_by_key(record, |(one, _)| *one).is_ok();
        let meanwhile = ahead.written.iter().any(|(whose, record, person, parent)| {
            *whose == tenant && (persons.contains(person) || saw(record) || parent.is_some_and(|parent| saw(&parent)))
        });
        let gone =
            persons.iter().any(|person| ahead.erased.iter().any(|(whose, one, _)| *whose == tenant && one == person));
        if meanwhile || gone || !reached.iter().map(|one| (one.record, one.version)).eq(item.saw.iter().copied()) {
            return Err(CommitError::Stale);
        }
        let goes = |person: &PersonId, class: &RetentionClass| {
            erase.persons.iter().any(|one| one.person == *person && one.classes.contains(class))
        };
        let going: Vec<Reached> = reached
            .into_iter()
            .filter(|one| erase.records.contains(&one.record) || goes(&one.person, &one.class))
            .collect();
        // The door has told whoever asked; this is for a hold that was entered in between. One that is lifted in this generation
        // stands until the next.
        let mut holds = self.holding.standing(&tenant, now);
        holds.extend(ahead.held.iter().filter(|hold| hold.tenant == tenant).cloned());
        if !covering(&holds, &*self.engine, &tenant, &persons, &going).map_err(unread)?.is_empty() {
            return Err(CommitError::Stale);
        }
        for one in &going {
            ahead.versions.insert((tenant, one.record), 0);
        }
        for one in &erase.persons {
            ahead.erased.extend(one.classes.iter().map(|class| (tenant, one.person, class.clone())));
        }
        Ok(())
    }

    /// What only a hold kept goes where no hold covers its record, one that was entered in between neither.
    fn admit_letting_go(&self, tenant: TenantId, of: &LetGo, now: Instant, ahead: &Ahead) -> Result<(), CommitError> {
        let mut holds = self.holding.standing(&tenant, now);
        holds.extend(ahead.held.iter().filter(|hold| hold.tenant == tenant).cloned());
        if holds.is_empty() {
            return Ok(());
        }
        let mut records: Vec<RecordId> = of.versions.iter().map(|(record, _)| *record).collect();
        records.extend(of.files.iter().map(|file| file.record));
        records.sort_unstable();
        records.dedup();
        let mut reached = self.engine.reached(&tenant, &[], &records).map_err(unread)?;
        reached.retain(|one| records.binary_search(&one.record).is_ok());
        for one in &reached {
            let one = core::slice::from_ref(one);
            if !covering(&holds, &*self.engine, &tenant, &[], one).map_err(unread)?.is_empty() {
                return Err(CommitError::Stale);
            }
        }
        Ok(())
    }

    /// The same for a plan that was watched since before it was made, and that nothing stood against: nothing is read again, whatever
    /// there is of the persons.
    fn admit_watched(tenant: TenantId, erase: &Erase, watch: &Watch, ahead: &mut Ahead) -> Result<(), CommitError> {
        let ours = |whose: &TenantId| *whose == tenant;
        let written = ahead
            .written
            .iter()
            .any(|(whose, record, person, parent)| ours(whose) && watch.concerns(*record, *person, *parent));
        // The rest, as the watch notes it once it is applied. What stands against erasing is one thing for all: what begins in this
        // generation sends whoever confirms back once.
        let touched = ahead.touched.iter().any(|(whose, touched)| ours(whose) && watch.touched_by(*touched));
        if watch.changed() || written || touched {
            return Err(CommitError::Stale);
        }
        for record in &erase.records {
            ahead.versions.insert((tenant, *record), 0);
        }
        for one in &erase.persons {
            let places = || one.classes.iter().map(|class| (tenant, one.person, class.clone()));
            ahead.erased.extend(places());
            ahead.leaving.extend(places().filter(|_| erase.in_portions));
        }
        Ok(())
    }

    fn is_set_aside(&self, item: &Pending, ahead: &Ahead) -> bool {
        let tenant = item.tenant;
        let about = || {
            let persons = item.about.persons.iter().map(|person| (Some(person), None));
            persons.chain(item.about.records.iter().map(|(record, _)| (None, Some(record))))
        };
        about().any(|(person, record)| {
            ahead.aside.iter().any(|one| one.tenant == tenant && one.closes(person, record))
                || self.aside.closing(&tenant, person, record).is_some()
        })
    }

    fn is_restricted(&self, tenant: TenantId, person: &PersonId, now: Instant, ahead: &Ahead) -> bool {
        let place = (tenant, *person);
        match ahead.restricted.get(&place) {
            Some(just_now) => just_now.is_some(),
            None => self.restricted.read(&place).is_some_and(|restriction| restriction.holds(now)),
        }
    }

    /// A row about somebody is written while that person is here, and a row about a record while the record is: whoever read
    /// either a moment before it was erased would bring back what its certificate says is gone.
    fn admit_row(&self, row: &HouseRow, ahead: &Ahead) -> Result<(), CommitError> {
        if let Some(person) = row.person() {
            self.admit_person(row.tenant(), person, ahead)?;
        }
        if let HouseRow::LookedAt(found) = row
            && self.head_version(found.tenant, found.record, ahead)? == 0
        {
            return Err(CommitError::Conflict { version: 0 });
        }
        Ok(())
    }

    /// Whether a person is here: has a key of its own that no erasure of this generation destroys.
    fn admit_person(&self, home: TenantId, person: PersonId, ahead: &Ahead) -> Result<(), CommitError> {
        let own = RetentionClass::default();
        let goes = ahead.erased.iter().any(|gone| *gone == (home, person, own.clone()));
        if goes || !self.keys.has_person_key(&home, &person, &own).map_err(unread)? {
            return Err(CommitError::NoKey);
        }
        Ok(())
    }

    /// A log-in name is one person's in the whole installation: the state would otherwise give it to whoever came last.
    fn admit_account(&self, put: &PutAccount, ahead: &mut Ahead) -> Result<(), CommitError> {
        let Some(secrets) = &put.secrets.bare else { return Ok(()) };
        let holder = match ahead.logins.get(&secrets.login) {
            Some(person) => Some(*person),
            None => self.engine.account_by_login(&secrets.login).map_err(unread)?.map(|holder| holder.person),
        };
        if holder.is_some_and(|person| person != put.person) {
            return Err(CommitError::NotUnique);
        }
        ahead.logins.insert(secrets.login, put.person);
        Ok(())
    }

    fn in_force_at(&self, tenant: TenantId, now: Instant, ahead: &Ahead) -> Option<AgreementHash> {
        let applied = self.in_force.get(&tenant).map_or(&[][..], Vec::as_slice);
        let before = applied.iter().rev().find(|(from, _)| *from <= now);
        let just_now = ahead.adopted.iter().rev().find(|(whose, from, _)| *whose == tenant && *from <= now);
        // What was adopted in this generation begins now at the earliest, so later than anything before it.
        just_now.map(|(_, _, hash)| *hash).or(before.map(|(_, hash)| *hash))
    }
}

fn unread(error: StoreError) -> CommitError {
    CommitError::Stopped(error.to_string())
}
