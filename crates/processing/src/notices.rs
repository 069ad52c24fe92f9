//! Notices of the provider to its customers' administrators (Article 28(2) speaks of informing; agreements say where): written
//! once, shown until read. That one was shown, and that it was read, are entries in the customer's log, by whom and when.
//!
//! Not here: e-mail. A notice reaches whoever logs in.

use agreement::Agreement;
use aws_lc_rs::rand;
use journal::{Detail, Outcome};
use service::No;
use storage::{HouseOp, HouseRow, LookedAt, Notice, NoticeSeen, RowKind, SeeNotice};
use terms::{ClauseId, FieldName, Instant, Label, PersonId, RecordId, TenantId};

use crate::Processing;
use crate::refuse::{failed, unavailable};

/// A notice to be sent.
pub struct NewNotice {
    /// To one customer; without it, to all of the service.
    pub to: Option<TenantId>,
    /// From which day what it says is so, as `2026-12-01`.
    pub effective: Option<String>,
    /// What it is about.
    pub subject: Label,
    /// What it says.
    pub text: Label,
}

/// A notice as one reader has it.
pub struct NoticeFor {
    /// The notice.
    pub notice: Notice,
    /// Who has got it, of the reader's customer; of all customers for the provider.
    pub seen: Vec<NoticeSeen>,
}

impl NoticeFor {
    /// When it was read by a person.
    #[must_use]
    pub fn read_by(&self, person: &PersonId) -> Option<Instant> {
        self.seen.iter().find(|one| one.person == *person).and_then(|one| one.read)
    }
}

impl Processing {
    /// The agreement that says which roles the people of a home have: the customer's own, or for the provider the newest that any
    /// of its customers has.
    #[must_use]
    pub fn governing(&self, home: &TenantId) -> Option<std::sync::Arc<agreement::Agreement>> {
        if let Some(agreement) = self.in_force(home) {
            return Some(agreement);
        }
        let provider = self.store.tenant(home).ok()?.filter(|tenant| tenant.provider)?;
        let (book, now) = (self.book(), self.now());
        let all = self.store.tenants().ok()?;
        let customers = all.into_iter().filter(|one| !one.provider && one.service == provider.service);
        let newest = customers.filter_map(|one| {
            let begun = book.versions(one.id).iter().rfind(|adoption| adoption.from <= now)?;
            Some((begun.from, std::sync::Arc::clone(&begun.agreement)))
        });
        newest.max_by_key(|(from, _)| *from).map(|(_, agreement)| agreement)
    }

    /// Whether this person speaks for the provider to its customers: of its own people, whoever gives accounts.
    pub(crate) fn speaks(&self, person: &PersonId) -> Result<TenantId, No> {
        let account = self.store.account(person).map_err(failed)?.ok_or(No::Missing)?;
        let home = self.store.tenant(&account.home).map_err(failed)?.ok_or(No::Missing)?;
        let agreement = self.governing(&home.id).ok_or(No::Missing)?;
        let role = agreement.roles().iter().find(|role| role.id == account.role);
        let runs = account.ended.is_none_or(|ended| ended > self.now());
        if home.provider && runs && role.is_some_and(|role| role.administers) { Ok(home.id) } else { Err(No::Missing) }
    }

    pub(crate) fn entry(&self, event: &str, by: PersonId, tenant: &TenantId, reason: String) -> Result<Detail, No> {
        let account = self.store.account(&by).map_err(failed)?.ok_or(No::Missing)?;
        Ok(Detail {
            outcome: Outcome::Happened,
            event: Some(event.to_owned()),
            actor: Some(by),
            role: Some(account.role.clone()),
            agreement: self.in_force(tenant).map(|agreement| agreement.hash()),
            reason: Some(reason),
            ..Detail::default()
        })
    }

    /// Sends a notice: an entry in the provider's log and one in the log of each customer that it is for.
    ///
    /// # Errors
    /// [`No::Missing`] for whoever does not speak for the provider, and for a customer that is not its.
    pub async fn send_notice(&self, by: PersonId, new: NewNotice) -> Result<(), No> {
        let provider = self.speaks(&by)?;
        let governing = self.governing(&provider);
        let customers = self.customers_of(&provider)?;
        let to: Vec<TenantId> = match new.to {
            Some(one) if customers.contains(&one) => vec![one],
            Some(_) => return Err(No::Missing),
            None => customers,
        };
        let mut id = [0; 16];
        rand::fill(&mut id).map_err(|_| No::Unavailable("the system gave no random numbers".to_owned()))?;
        let notice = Notice {
            id,
            provider,
            by,
            to: new.to,
            made: self.now(),
            effective: new.effective,
            subject: (new.subject.sv, new.subject.en),
            text: (new.text.sv, new.text.en),
        };
        let reason = format!("notice:{}", RecordId(id));
        let mut detail = self.entry("notice-sent", by, &provider, reason.clone())?;
        detail.clause = governing.as_deref().and_then(clause_of_notices);
        let op = HouseOp::PutRow(HouseRow::Notice(notice));
        self.store.event(provider, detail, vec![op]).await.map_err(|error| unavailable(&error))?;
        // If we die here, some customers' logs lack that it was sent; that it was shown and read will stand there all the same.
        for tenant in to {
            let mut detail = self.entry("notice-sent", by, &tenant, reason.clone())?;
            detail.clause = self.in_force(&tenant).as_deref().and_then(clause_of_notices);
            self.store.event(tenant, detail, Vec::new()).await.map_err(|error| unavailable(&error))?;
        }
        Ok(())
    }

    fn customers_of(&self, provider: &TenantId) -> Result<Vec<TenantId>, No> {
        let service = self.store.tenant(provider).map_err(failed)?.ok_or(No::Missing)?.service.clone();
        let all = self.store.tenants().map_err(failed)?;
        Ok(all.into_iter().filter(|one| !one.provider && one.service == service).map(|one| one.id).collect())
    }

    /// The notices that concern a person, newest first: those to its customer for an administrator of one, and all that were sent
    /// for whoever speaks for the provider.
    ///
    /// # Errors
    /// [`No::Missing`] for everybody else.
    pub fn notices(&self, person: &PersonId) -> Result<Vec<NoticeFor>, No> {
        if let Ok(provider) = self.speaks(person) {
            let mut seen = Vec::new();
            for customer in self.customers_of(&provider)? {
                seen.extend(self.seen_at(&customer)?);
            }
            return self.notices_of(&provider, None, &seen);
        }
        let account = self.store.account(person).map_err(failed)?.ok_or(No::Missing)?;
        let home = account.home;
        if !self.administers(person, &home) {
            return Err(No::Missing);
        }
        let service = self.store.tenant(&home).map_err(failed)?.ok_or(No::Missing)?.service.clone();
        let all = self.store.tenants().map_err(failed)?;
        let Some(provider) = all.into_iter().find(|one| one.provider && one.service == service) else {
            return Ok(Vec::new());
        };
        self.notices_of(&provider.id, Some(home), &self.seen_at(&home)?)
    }

    fn seen_at(&self, tenant: &TenantId) -> Result<Vec<NoticeSeen>, No> {
        let rows = self.store.rows(RowKind::NoticeSeen, tenant).map_err(failed)?;
        Ok(rows
            .into_iter()
            .filter_map(|row| if let HouseRow::NoticeSeen(one) = row { Some(one) } else { None })
            .collect())
    }

    fn notices_of(&self, provider: &TenantId, to: Option<TenantId>, seen: &[NoticeSeen]) -> Result<Vec<NoticeFor>, No> {
        let rows = self.store.rows(RowKind::Notice, provider).map_err(failed)?;
        let mut all: Vec<NoticeFor> = rows
            .into_iter()
            .filter_map(|row| if let HouseRow::Notice(one) = row { Some(one) } else { None })
            .filter(|notice| to.is_none() || notice.to.is_none() || notice.to == to)
            .map(|notice| {
                let seen = seen.iter().filter(|one| one.notice == notice.id).cloned().collect();
                NoticeFor { notice, seen }
            })
            .collect();
        all.sort_by_key(|one| core::cmp::Reverse(one.notice.made));
        Ok(all)
    }

    /// The notices that an administrator has not read; that they are shown now is entered for those that never were.
    ///
    /// # Errors
    /// As [`Processing::notices`]; or the world's, and then nothing may be said to have been shown.
    pub async fn show_notices(&self, person: &PersonId) -> Result<Vec<NoticeFor>, No> {
        let unread: Vec<NoticeFor> =
            self.notices(person)?.into_iter().filter(|one| one.read_by(person).is_none()).collect();
        let home = self.store.account(person).map_err(failed)?.ok_or(No::Missing)?.home;
        if !self.administers(person, &home) {
            return Ok(Vec::new());
        }
        for one in unread.iter().filter(|one| one.seen.iter().all(|seen| seen.person != *person)) {
            let seen = SeeNotice { notice: one.notice.id, tenant: home, person: *person, read: false };
            self.enter_seen("notice-delivered", seen).await?;
        }
        Ok(unread)
    }

    async fn enter_seen(&self, event: &str, seen: SeeNotice) -> Result<(), No> {
        let tenant = seen.tenant;
        let mut detail = self.entry(event, seen.person, &tenant, format!("notice:{}", RecordId(seen.notice)))?;
        detail.clause = self.in_force(&tenant).as_deref().and_then(clause_of_notices);
        let op = HouseOp::SeeNotice(seen);
        self.store.event(tenant, detail, vec![op]).await.map_err(|error| unavailable(&error))?;
        Ok(())
    }

    /// That an administrator says that a notice is read. The first time stands.
    ///
    /// # Errors
    /// [`No::Missing`] where there is no such notice for this person.
    pub async fn read_notice(&self, person: &PersonId, notice: [u8; 16]) -> Result<(), No> {
        let home = self.store.account(person).map_err(failed)?.ok_or(No::Missing)?.home;
        let found = self.notices(person)?.into_iter().find(|one| one.notice.id == notice).ok_or(No::Missing)?;
        if !self.administers(person, &home) {
            return Err(No::Missing);
        }
        if found.read_by(person).is_some() {
            return Ok(());
        }
        self.enter_seen("notice-read", SeeNotice { notice, tenant: home, person: *person, read: true }).await
    }

    /// What was found in free texts of the customer and somebody has looked at.
    ///
    /// # Errors
    /// The world's.
    pub fn looked_at(&self, tenant: &TenantId) -> Result<Vec<LookedAt>, No> {
        let rows = self.store.rows(RowKind::LookedAt, tenant).map_err(failed)?;
        Ok(rows
            .into_iter()
            .filter_map(|row| if let HouseRow::LookedAt(one) = row { Some(one) } else { None })
            .collect())
    }

    /// Marks what was found in a field of a record as looked at, with an entry. A later version is looked at anew.
    ///
    /// # Errors
    /// [`No::Missing`] where the record is not of the person's own customer.
    pub async fn look_at(&self, by: PersonId, record: RecordId, version: u64, field: FieldName) -> Result<(), No> {
        let home = self.store.account(&by).map_err(failed)?.ok_or(No::Missing)?.home;
        let head = self.store.head(&home, &record).map_err(failed)?.ok_or(No::Missing)?;
        let mut detail = self.entry("finding-looked-at", by, &home, format!("field:{field}"))?;
        detail.kind = Some(head.kind.clone());
        let _none = detail.name(Vec::new(), vec![(record, version)]);
        let row = LookedAt { tenant: home, record, version, field, by, at: self.now() };
        let op = HouseOp::PutRow(HouseRow::LookedAt(row));
        self.store.event(home, detail, vec![op]).await.map_err(|error| unavailable(&error))?;
        Ok(())
    }
}

/// The clause by which the customer's administrators are told in the service; none where the agreement has no such term, and then
/// telling them is a courtesy.
fn clause_of_notices(agreement: &Agreement) -> Option<ClauseId> {
    let says = |term: &&agreement::Term, key: &str, word: &str| term.words(key).iter().any(|one| one == word);
    let to_them =
        |term: &&agreement::Term| says(term, "to", "controller.administrators") && says(term, "by", "in-service");
    // A change that is told in the service without naming to whom comes second.
    let of_change = |term: &&agreement::Term| term.block == "change" && says(term, "through", "in-service");
    let all = || agreement.general().iter();
    all().find(to_them).or_else(|| all().find(of_change)).map(|term| term.clause.clone())
}
