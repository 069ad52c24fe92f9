//! The judge of engines: the same port in plain maps. The conformance suite demands equal answers of every engine.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use journal::Position;
use terms::{AgreementHash, FieldName, Instant, KindName, PersonId, RecordId, TenantId};

use crate::engine::{AdoptedAgreement, Batch, Engine, Find, StoreError};
use crate::import::Import;
use crate::op::{Account, AdoptedFile, Once, Op, Session, StoredRecord, Tenant, Token};

#[derive(Default)]
struct State {
    applied: Option<Position>,
    sizes: BTreeMap<TenantId, u64>,
    records: BTreeMap<(TenantId, RecordId), StoredRecord>,
    past: BTreeMap<(TenantId, RecordId, u64), StoredRecord>,
    tokens: BTreeMap<(TenantId, RecordId, FieldName), (KindName, Vec<Token>)>,
    once: BTreeMap<(TenantId, [u8; 32]), Once>,
    tenants: BTreeMap<TenantId, Tenant>,
    accounts: BTreeMap<PersonId, Account>,
    sessions: BTreeMap<[u8; 32], Session>,
    agreements: BTreeMap<AgreementHash, String>,
    adopted: BTreeMap<(TenantId, Instant), AgreementHash>,
    imports: BTreeMap<(TenantId, RecordId), Import>,
    files: BTreeMap<(TenantId, Instant), AdoptedFile>,
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
    fn apply(&mut self, tenant: TenantId, time: Instant, op: &Op) {
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
                    self.once.entry((tenant, key)).or_insert(once);
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
            Op::PutAgreement { hash, text } => {
                self.agreements.insert(*hash, text.clone());
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
        }
    }
}

impl Engine for Model {
    fn apply(&self, batch: &Batch) -> Result<(), StoreError> {
        let mut state = self.state()?;
        for item in &batch.items {
            for op in &item.ops {
                state.apply(item.tenant, item.time, op);
            }
            state.sizes.insert(item.tenant, item.index + 1);
        }
        state.applied = Some(batch.position);
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

    fn adopted_files(&self) -> Result<Vec<AdoptedFile>, StoreError> {
        Ok(self.state()?.files.values().cloned().collect())
    }

    fn agreement_text(&self, hash: &AgreementHash) -> Result<Option<String>, StoreError> {
        Ok(self.state()?.agreements.get(hash).cloned())
    }
}
