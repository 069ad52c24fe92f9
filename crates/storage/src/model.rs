//! The judge of engines: the same port in plain maps. The conformance suite demands equal answers of every engine.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use journal::Position;
use terms::{AgreementHash, FieldName, FileId, Instant, KindName, PersonId, RecordId, TenantId};

use crate::engine::{AdoptedAgreement, Batch, Engine, Find, StoreError};
use crate::erasing::{Erase, Left, PersonGoes, Reached, Restriction, StoredErasure};
use crate::file::StoredFile;
use crate::fingerprint::Fingerprint;
use crate::going_back::PutBack;
use crate::house_row::{self, HouseRow, RowKind};
use crate::import::Import;
use crate::leaving::Leaving;
use crate::op::{Account, AdoptedFile, Once, Op, Session, StoredRecord, Tenant, Token};

#[derive(Default)]
struct State {
    applied: Option<Position>,
    sizes: BTreeMap<TenantId, u64>,
    records: BTreeMap<(TenantId, RecordId), StoredRecord>,
    past: BTreeMap<(TenantId, RecordId, u64), StoredRecord>,
    tokens: BTreeMap<(TenantId, RecordId, FieldName), (KindName, Vec<Token>)>,
    once: BTreeMap<(TenantId, [u8; 32]), Once>,
    kept_files: BTreeMap<(TenantId, RecordId, FieldName, u64), StoredFile>,
    tenants: BTreeMap<TenantId, Tenant>,
    accounts: BTreeMap<PersonId, Account>,
    sessions: BTreeMap<[u8; 32], Session>,
    agreements: BTreeMap<AgreementHash, String>,
    adopted: BTreeMap<(TenantId, Instant), AgreementHash>,
    imports: BTreeMap<(TenantId, RecordId), Import>,
    files: BTreeMap<(TenantId, Instant), AdoptedFile>,
    erasures: BTreeMap<(TenantId, RecordId), StoredErasure>,
    restrictions: BTreeMap<(TenantId, PersonId), Restriction>,
    rows: BTreeMap<(RowKind, Vec<u8>), HouseRow>,
}

/// The engine in memory.
#[derive(Default)]
pub struct Model {
    state: Mutex<State>,
}

impl Model {
    /// An empty state.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn state(&self) -> Result<MutexGuard<'_, State>, StoreError> {
        self.state.lock().map_err(|_| StoreError {
            doing: "read",
            cause: "another thread stopped while it held the state".to_owned(),
        })
    }
}

impl State {
    fn apply(&mut self, tenant: TenantId, index: u64, time: Instant, op: &Op) {
        match op {
            Op::PutRecord(put) => {
                let new = StoredRecord {
                    tenant,
                    record: put.record,
                    kind: put.kind.clone(),
                    version: put.version,
                    person: put.person,
                    parent: put.parent,
                    state: put.state.clone(),
                    written: time,
                    author: put.author,
                    sealed: put.sealed.clone(),
                    class: put.class.clone(),
                };
                if let Some(old) = self.records.insert((tenant, put.record), new)
                    && put.keep_past
                    && put.version > 1
                {
                    self.past.insert((tenant, old.record, old.version), old);
                }
                for of in &put.tokens {
                    let mut bare: Vec<Token> = of.tokens.iter().filter_map(|token| token.bare).collect();
                    let place = (tenant, put.record, of.field.clone());
                    if put.version == 1
                        && let Some((_, before)) = self.tokens.get(&place)
                    {
                        bare.extend(before);
                    }
                    self.tokens.insert(place, (put.kind.clone(), bare));
                }
                if let Some(key) = put.once {
                    let once = Once { record: put.record, version: put.version, of: put.once_of };
                    self.once.insert((tenant, key), once);
                }
            }
            Op::PutTenant(one) => {
                self.tenants.insert(one.id, one.clone());
            }
            Op::PutAccount(one) => {
                let Some(secrets) = &one.secrets.bare else { return };
                self.accounts.retain(|_, other| other.person == one.person || other.login != secrets.login);
                let before = self.accounts.get(&one.person);
                let new = Account {
                    person: one.person,
                    home: one.home,
                    login: secrets.login,
                    role: one.role.clone(),
                    password: secrets.password.clone(),
                    totp: one.totp.clone(),
                    used_step: before.map_or(0, |before| before.used_step),
                    record: one.record,
                    ended: None,
                };
                self.accounts.insert(one.person, new);
            }
            Op::EndAccount(person) => {
                if let Some(account) = self.accounts.get_mut(person) {
                    account.ended.get_or_insert(time);
                }
            }
            Op::UsedCode { person, step } => {
                if let Some(account) = self.accounts.get_mut(person) {
                    account.used_step = *step;
                }
            }
            Op::PutSession(one) => {
                self.sessions.insert(one.token, one.clone());
            }
            Op::EndSession(token) => {
                self.sessions.remove(token);
            }
            Op::EndSessionsOf(person) => self.sessions.retain(|_, session| session.person != *person),
            Op::EndSessionsBefore(instant) => self.sessions.retain(|_, session| session.ends > *instant),
            Op::PutFile(put) => {
                if !put.keep_past {
                    self.kept_files
                        .retain(|_, one| !(one.tenant == tenant && one.record == put.record && one.field == put.field));
                }
                let Some(file) = put.file else { return };
                let one = StoredFile {
                    tenant,
                    record: put.record,
                    person: put.person,
                    field: put.field.clone(),
                    version: put.version,
                    file,
                    small: put.small,
                };
                self.kept_files.insert((tenant, put.record, put.field.clone(), put.version), one);
            }
            Op::PutAgreement { hash, text } => {
                self.agreements.insert(*hash, text.clone());
            }
            Op::PutRow(row) => {
                self.rows.insert((row.kind(), row.key()), row.clone());
            }
            Op::EndCredentialsOf(person) => {
                for row in self.rows.values_mut().filter(|row| row.person() == Some(*person)) {
                    row.end(time);
                }
            }
            Op::KeyUsed { id, hour } => {
                if let Some(row) = self.rows.get_mut(&(RowKind::Key, id.to_vec())) {
                    row.use_key(*hour);
                }
            }
            Op::SeeNotice(seen) => {
                let place = (RowKind::NoticeSeen, seen.key());
                let before = self.rows.remove(&place);
                self.rows.insert(place, seen.after(before, time));
            }
            Op::BringBack(id) => {
                self.rows.remove(&(RowKind::SetAside, house_row::hold_key(&tenant, id)));
            }
            Op::LetGo(of) => {
                for (record, version) in &of.versions {
                    self.past.remove(&(tenant, *record, *version));
                }
                for one in &of.files {
                    self.kept_files.remove(&(tenant, one.record, one.field.clone(), one.version));
                }
            }
            Op::EndHold(end) => {
                let place = (RowKind::Hold, house_row::hold_key(&tenant, &end.id));
                if let Some(HouseRow::Hold(hold)) = self.rows.get_mut(&place) {
                    hold.end(end, time);
                }
            }
            Op::AdoptFile(file) => {
                let from = file.from.max(time);
                self.files.insert((file.tenant, from), AdoptedFile { from, ..file.clone() });
            }
            Op::AdoptAgreement { tenant, from, hash } => {
                self.adopted.insert((*tenant, (*from).max(time)), *hash);
            }
            Op::PutImport(one) => {
                self.imports.insert((tenant, one.id), one.clone());
            }
            Op::Erase(erase) => self.erase(tenant, index, time, erase),
            Op::ErasePortion(portion) => {
                for record in &portion.records {
                    self.delete_wholly(tenant, *record);
                }
                let place = (RowKind::Leaving, house_row::hold_key(&tenant, &portion.id));
                if let Some(HouseRow::Leaving(leaving)) = self.rows.remove(&place) {
                    self.rows.insert(place, HouseRow::Leaving(leaving.after(portion)));
                }
            }
            Op::CompleteErasure { id, certificate } => {
                self.rows.remove(&(RowKind::Leaving, house_row::hold_key(&tenant, id)));
                if let Some(erasure) = self.erasures.get_mut(&(tenant, *id)) {
                    erasure.certificate = Some(certificate.clone());
                }
            }
            Op::UnusableEverywhere { id, stage } => {
                if let Some(erasure) = self.erasures.get_mut(&(tenant, *id)) {
                    erasure.everywhere = Some(stage.clone());
                }
            }
            Op::Restrict(of) => {
                self.restrictions.insert((tenant, of.person), Restriction { of: of.clone(), since: time });
            }
            Op::Lift(person) => {
                self.restrictions.remove(&(tenant, *person));
            }
            Op::PutBack(back) => self.put_back(tenant, index, back),
            Op::Withdraw(record) => self.delete(tenant, *record),
            Op::WentBack(_) => {}
        }
    }

    fn delete_wholly(&mut self, tenant: TenantId, record: RecordId) {
        self.delete(tenant, record);
        let (from, until) = house_row::looked_at_in(&tenant, &record);
        self.rows.retain(|(kind, key), _| *kind != RowKind::LookedAt || !(&from..&until).contains(&key));
    }

    fn delete(&mut self, tenant: TenantId, record: RecordId) {
        self.records.remove(&(tenant, record));
        self.past.retain(|(whose, one, _), _| *whose != tenant || *one != record);
        self.tokens.retain(|(whose, one, _), _| *whose != tenant || *one != record);
        self.once.retain(|(whose, _), once| *whose != tenant || once.record != record);
        self.kept_files.retain(|(whose, one, ..), _| *whose != tenant || *one != record);
    }

    fn put_back(&mut self, tenant: TenantId, index: u64, back: &PutBack) {
        let record = back.put.record;
        self.tokens.retain(|(whose, one, _), _| *whose != tenant || *one != record);
        self.kept_files.retain(|(whose, one, ..), _| *whose != tenant || *one != record);
        self.apply(tenant, index, back.written, &Op::PutRecord(back.put.clone()));
        let Some(of) = self.records.get(&(tenant, record)).cloned() else { return };
        for past in &back.past {
            let old = StoredRecord {
                version: past.version,
                state: past.state.clone(),
                written: past.written,
                author: past.author,
                sealed: past.sealed.clone(),
                ..of.clone()
            };
            self.past.insert((tenant, record, past.version), old);
        }
        for file in &back.files {
            self.apply(tenant, index, back.written, &Op::PutFile(file.clone()));
        }
    }

    fn erase(&mut self, tenant: TenantId, index: u64, time: Instant, erase: &Erase) {
        let mut gone = erase.records.clone();
        for goes in &erase.persons {
            let of_class = self
                .records
                .values()
                .filter(|one| one.tenant == tenant && one.person == goes.person && goes.classes.contains(&one.class));
            gone.extend(of_class.filter(|_| !erase.in_portions).map(|one| one.record));
            if goes.wholly() {
                self.accounts.retain(|_, one| one.person != goes.person || one.home != tenant);
                self.sessions.retain(|_, one| one.person != goes.person || one.home != tenant);
                self.rows.retain(|_, row| row.person() != Some(goes.person) || row.tenant() != tenant);
                self.restrictions.remove(&(tenant, goes.person));
            }
        }
        for record in gone {
            self.delete_wholly(tenant, record);
        }
        if erase.in_portions {
            let row = HouseRow::Leaving(Leaving::of(tenant, erase));
            self.rows.insert((row.kind(), row.key()), row);
        }
        let of_record = |row: &HouseRow| match row {
            HouseRow::Hold(hold) if hold.tenant == tenant => {
                hold.scope.single().is_some_and(|record| erase.records.contains(&record))
            }
            HouseRow::SetAside(one) if one.tenant == tenant => erase.records.contains(&one.record),
            _ => false,
        };
        self.rows.retain(|_, row| !of_record(row));
        let plan = erase.plan.clone();
        let stored =
            StoredErasure { tenant, id: erase.id, entry: index, time, plan, certificate: None, everywhere: None };
        self.erasures.insert((tenant, erase.id), stored);
    }
}

impl State {
    fn reached(&self, tenant: &TenantId, persons: &[PersonId], records: &[RecordId]) -> Vec<Reached> {
        let mut all: BTreeMap<RecordId, Reached> = BTreeMap::new();
        loop {
            let new: Vec<&StoredRecord> = self
                .records
                .values()
                .filter(|one| one.tenant == *tenant && !all.contains_key(&one.record))
                .filter(|one| {
                    let belongs = one.parent.is_some_and(|parent| all.contains_key(&parent));
                    persons.contains(&one.person) || records.contains(&one.record) || belongs
                })
                .collect();
            if new.is_empty() {
                return all.into_values().collect();
            }
            all.extend(new.into_iter().map(|one| {
                let reached = Reached {
                    record: one.record,
                    version: one.version,
                    kind: one.kind.clone(),
                    person: one.person,
                    parent: one.parent,
                    state: one.state.clone(),
                    class: one.class.clone(),
                };
                (one.record, reached)
            }));
        }
    }
}

impl Engine for Model {
    fn apply_once_durable(
        &self,
        batch: &Batch,
        durable: &mut dyn FnMut() -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        durable()?;
        let mut state = self.state()?;
        for item in &batch.items {
            for op in &item.ops {
                state.apply(item.tenant, item.index, item.time, op);
            }
            state.sizes.insert(item.tenant, item.index + 1);
        }
        state.applied = Some(batch.position);
        Ok(())
    }

    /// There is nothing beside it.
    fn shorten(&self, _: u64) -> Result<(), StoreError> {
        Ok(())
    }

    fn applied(&self) -> Result<Option<Position>, StoreError> {
        Ok(self.state()?.applied)
    }

    fn sizes(&self) -> Result<Vec<(TenantId, u64)>, StoreError> {
        Ok(self.state()?.sizes.iter().map(|(tenant, size)| (*tenant, *size)).collect())
    }

    fn record(&self, tenant: &TenantId, record: &RecordId) -> Result<Option<StoredRecord>, StoreError> {
        Ok(self.state()?.records.get(&(*tenant, *record)).cloned())
    }

    fn versions(&self, of: &[(TenantId, RecordId)]) -> Result<Vec<u64>, StoreError> {
        let state = self.state()?;
        Ok(of.iter().map(|place| state.records.get(place).map_or(0, |record| record.version)).collect())
    }

    fn past(&self, tenant: &TenantId, record: &RecordId) -> Result<Vec<StoredRecord>, StoreError> {
        let state = self.state()?;
        Ok(state
            .past
            .range((*tenant, *record, 0)..=(*tenant, *record, u64::MAX))
            .rev()
            .map(|(_, one)| one.clone())
            .collect())
    }

    fn with_past(&self, tenant: &TenantId) -> Result<Vec<RecordId>, StoreError> {
        let state = self.state()?;
        let mut found: Vec<RecordId> =
            state.past.keys().filter(|(whose, ..)| whose == tenant).map(|(_, record, _)| *record).collect();
        found.dedup();
        Ok(found)
    }

    fn find(&self, tenant: &TenantId, find: &Find) -> Result<Vec<StoredRecord>, StoreError> {
        let state = self.state()?;
        Ok(state
            .records
            .values()
            .filter(|one| {
                one.tenant == *tenant
                    && one.kind == find.kind
                    && (find.parent.is_none() || one.parent == find.parent)
                    && (find.state.is_none() || one.state == find.state)
                    && find.after.is_none_or(|after| one.record > after)
            })
            .take(find.limit)
            .cloned()
            .collect())
    }

    fn with_token(
        &self,
        tenant: &TenantId,
        kind: &KindName,
        field: &FieldName,
        token: &Token,
    ) -> Result<Vec<RecordId>, StoreError> {
        let state = self.state()?;
        Ok(state
            .tokens
            .iter()
            .filter(|((whose, _, of), (what, tokens))| {
                whose == tenant && of == field && what == kind && tokens.contains(token)
            })
            .map(|((_, record, _), _)| *record)
            .collect())
    }

    fn with_tokens(
        &self,
        tenant: &TenantId,
        kind: &KindName,
        field: &FieldName,
        tokens: &[Token],
        limit: usize,
    ) -> Result<Vec<StoredRecord>, StoreError> {
        let mut ids: Vec<RecordId> = Vec::new();
        for token in tokens {
            ids.extend(self.with_token(tenant, kind, field, token)?);
        }
        let mut found = self.records(tenant, &ids)?;
        found.truncate(limit.saturating_add(1));
        Ok(found)
    }

    fn records(&self, tenant: &TenantId, of: &[RecordId]) -> Result<Vec<StoredRecord>, StoreError> {
        let state = self.state()?;
        let wanted: std::collections::BTreeSet<&RecordId> = of.iter().collect();
        Ok(wanted.into_iter().filter_map(|id| state.records.get(&(*tenant, *id)).cloned()).collect())
    }

    fn under(
        &self,
        tenant: &TenantId,
        kind: &KindName,
        parents: &[RecordId],
        limit: usize,
    ) -> Result<Vec<StoredRecord>, StoreError> {
        let state = self.state()?;
        let wanted = |one: &&StoredRecord| {
            one.tenant == *tenant && one.kind == *kind && one.parent.is_some_and(|parent| parents.contains(&parent))
        };
        Ok(state.records.values().filter(wanted).take(limit.saturating_add(1)).cloned().collect())
    }

    fn tokens_of(&self, tenant: &TenantId, record: &RecordId, field: &FieldName) -> Result<Vec<Token>, StoreError> {
        let found = self.state()?.tokens.get(&(*tenant, *record, field.clone())).map(|(_, tokens)| tokens.clone());
        let mut tokens = found.unwrap_or_default();
        tokens.sort_unstable();
        tokens.dedup();
        Ok(tokens)
    }

    fn once(&self, tenant: &TenantId, key: &[u8; 32]) -> Result<Option<Once>, StoreError> {
        Ok(self.state()?.once.get(&(*tenant, *key)).copied())
    }

    fn tenant(&self, tenant: &TenantId) -> Result<Option<Tenant>, StoreError> {
        Ok(self.state()?.tenants.get(tenant).cloned())
    }

    fn tenants(&self) -> Result<Vec<Tenant>, StoreError> {
        Ok(self.state()?.tenants.values().cloned().collect())
    }

    fn account(&self, person: &PersonId) -> Result<Option<Account>, StoreError> {
        Ok(self.state()?.accounts.get(person).cloned())
    }

    fn account_by_login(&self, login: &[u8; 32]) -> Result<Option<Account>, StoreError> {
        Ok(self.state()?.accounts.values().find(|one| one.login == *login).cloned())
    }

    fn accounts(&self, home: &TenantId) -> Result<Vec<Account>, StoreError> {
        Ok(self.state()?.accounts.values().filter(|one| one.home == *home).cloned().collect())
    }

    fn session(&self, token: &[u8; 32]) -> Result<Option<Session>, StoreError> {
        Ok(self.state()?.sessions.get(token).cloned())
    }

    fn sessions_over(&self, by: Instant) -> Result<u64, StoreError> {
        Ok(self.state()?.sessions.values().filter(|session| session.ends <= by).count() as u64)
    }

    fn imports(&self, tenant: &TenantId) -> Result<Vec<Import>, StoreError> {
        let state = self.state()?;
        Ok(state.imports.iter().filter(|((of, _), _)| of == tenant).map(|(_, one)| one.clone()).collect())
    }

    fn adopted(&self) -> Result<Vec<AdoptedAgreement>, StoreError> {
        let state = self.state()?;
        Ok(state
            .adopted
            .iter()
            .map(|((tenant, from), hash)| AdoptedAgreement { tenant: *tenant, from: *from, hash: *hash })
            .collect())
    }

    fn rows(&self, kind: RowKind, tenant: &TenantId) -> Result<Vec<HouseRow>, StoreError> {
        let state = self.state()?;
        Ok(state.rows.values().filter(|row| row.kind() == kind && row.tenant() == *tenant).cloned().collect())
    }

    fn row(&self, kind: RowKind, key: &[u8]) -> Result<Option<HouseRow>, StoreError> {
        Ok(self.state()?.rows.get(&(kind, key.to_vec())).cloned())
    }

    fn adopted_files(&self) -> Result<Vec<AdoptedFile>, StoreError> {
        Ok(self.state()?.files.values().cloned().collect())
    }

    fn reached(
        &self,
        tenant: &TenantId,
        persons: &[PersonId],
        records: &[RecordId],
    ) -> Result<Vec<Reached>, StoreError> {
        Ok(self.state()?.reached(tenant, persons, records))
    }

    fn leaving_rows(
        &self,
        tenant: &TenantId,
        goes: &PersonGoes,
        after: Option<&RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordId>, StoreError> {
        let of = |one: &&StoredRecord| {
            one.tenant == *tenant
                && one.person == goes.person
                && goes.classes.contains(&one.class)
                && after.is_none_or(|after| one.record > *after)
        };
        Ok(self.state()?.records.values().filter(of).map(|one| one.record).take(limit).collect())
    }

    fn traces(&self, _: &TenantId, _: &Erase) -> Result<Option<Vec<Vec<u8>>>, StoreError> {
        Ok(None)
    }

    fn clear(&self, _: Option<&[Vec<u8>]>) -> Result<(), StoreError> {
        Ok(())
    }

    fn left(&self, tenant: &TenantId, erase: &Erase, of: &[RecordId]) -> Result<Left, StoreError> {
        let state = self.state()?;
        let goes = |one: &StoredRecord| {
            let by_key =
                |goes: &crate::erasing::PersonGoes| goes.person == one.person && goes.classes.contains(&one.class);
            one.tenant == *tenant && (erase.records.contains(&one.record) || erase.persons.iter().any(by_key))
        };
        let mut left = Left {
            records: state.records.values().filter(|one| goes(one)).count() as u64,
            versions: state.past.values().filter(|one| goes(one)).count() as u64,
            ..Left::default()
        };
        for record in of.iter().filter(|record| !state.records.contains_key(&(*tenant, **record))) {
            let tokens = state.tokens.iter().filter(|((whose, one, _), _)| whose == tenant && one == record);
            left.tokens += tokens.map(|(_, (_, tokens))| tokens.len() as u64).sum::<u64>();
            let answers = state.once.iter().filter(|((whose, _), once)| whose == tenant && once.record == *record);
            left.answers += answers.count() as u64;
            let files = state.kept_files.keys().filter(|(whose, one, ..)| whose == tenant && one == record);
            left.files += files.count() as u64;
            let (from, until) = house_row::looked_at_in(tenant, record);
            let found =
                |(kind, key): &&(RowKind, Vec<u8>)| *kind == RowKind::LookedAt && (&from..&until).contains(&key);
            left.rows += state.rows.keys().filter(found).count() as u64;
        }
        let held = |row: &&HouseRow| match row {
            HouseRow::Hold(hold) if hold.tenant == *tenant => {
                hold.scope.single().is_some_and(|record| erase.records.contains(&record))
            }
            HouseRow::SetAside(one) if one.tenant == *tenant => erase.records.contains(&one.record),
            _ => false,
        };
        left.rows += state.rows.values().filter(held).count() as u64;
        for goes in erase.persons.iter().filter(|goes| goes.wholly()) {
            let accounts = state.accounts.values().filter(|one| one.person == goes.person && one.home == *tenant);
            left.accounts += accounts.count() as u64;
            let sessions = state.sessions.values().filter(|one| one.person == goes.person && one.home == *tenant);
            left.sessions += sessions.count() as u64;
            let rows = state.rows.values().filter(|row| row.person() == Some(goes.person) && row.tenant() == *tenant);
            left.rows += rows.count() as u64;
            left.restrictions += u64::from(state.restrictions.contains_key(&(*tenant, goes.person)));
        }
        Ok(left)
    }

    fn erasures(&self, tenant: &TenantId) -> Result<Vec<StoredErasure>, StoreError> {
        let state = self.state()?;
        let mut all: Vec<_> = state.erasures.values().filter(|one| one.tenant == *tenant).cloned().collect();
        all.sort_by_key(|one| core::cmp::Reverse(one.entry));
        Ok(all)
    }

    fn unfinished_erasures(&self) -> Result<Vec<StoredErasure>, StoreError> {
        let state = self.state()?;
        let mut all: Vec<_> = state.erasures.values().filter(|one| one.certificate.is_none()).cloned().collect();
        all.sort_by_key(|one| (one.time, one.tenant, one.entry));
        Ok(all)
    }

    fn erasures_here_alone(&self) -> Result<Vec<StoredErasure>, StoreError> {
        let state = self.state()?;
        let here = |one: &&StoredErasure| one.certificate.is_some() && one.everywhere.is_none();
        let mut all: Vec<_> = state.erasures.values().filter(here).cloned().collect();
        all.sort_by_key(|one| (one.time, one.tenant, one.entry));
        Ok(all)
    }

    fn restrictions(&self) -> Result<Vec<(TenantId, Restriction)>, StoreError> {
        Ok(self.state()?.restrictions.iter().map(|((tenant, _), one)| (*tenant, one.clone())).collect())
    }

    fn files_of_record(&self, tenant: &TenantId, record: &RecordId) -> Result<Vec<StoredFile>, StoreError> {
        let of = |one: &&StoredFile| one.tenant == *tenant && one.record == *record;
        Ok(self.state()?.kept_files.values().filter(of).cloned().collect())
    }

    fn files_of_person(&self, tenant: &TenantId, person: &PersonId) -> Result<Vec<StoredFile>, StoreError> {
        let of = |one: &&StoredFile| one.tenant == *tenant && one.person == *person;
        Ok(self.state()?.kept_files.values().filter(of).cloned().collect())
    }

    fn all_files(&self) -> Result<Vec<FileId>, StoreError> {
        let mut all: Vec<FileId> = self.state()?.kept_files.values().flat_map(StoredFile::files).collect();
        all.sort_unstable();
        Ok(all)
    }

    fn fingerprint(&self) -> Result<Fingerprint, StoreError> {
        Err(StoreError { doing: "read", cause: "the judge holds no tables".to_owned() })
    }

    fn snapshot(&self, _: &std::path::Path, _: &dyn crate::snapshot::Seals) -> Result<Fingerprint, StoreError> {
        Err(StoreError { doing: "read", cause: "the judge holds no tables".to_owned() })
    }

    fn agreement_text(&self, hash: &AgreementHash) -> Result<Option<String>, StoreError> {
        Ok(self.state()?.agreements.get(hash).cloned())
    }
}
