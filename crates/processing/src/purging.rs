//! Purging details of the logs: a job of the platform's own, and an act under a clause like any other.
//!
//! It may take what the agreement in force for the customer lets go by itself (`Agreement::log_goes`) and nothing else: where the text
//! is silent, states a minimum, or a legal hold stands, nothing goes, and that is told. The entry in the customer's log, with
//! clause and count, is durable before anything is taken; one entry in the installation's log follows with how many it was. Not here: what
//! an entry is and how it is taken out of a segment (`storage`, `journal`), and when the job runs (the program).

use agreement::LogKept;
use journal::{Detail, Outcome, Position};
use service::No;
use storage::{Going, HouseOp, HouseRow, PurgedLog, RowKind, ToPurge};
use terms::{AgreementHash, ClauseId, Instant, TenantId};

use crate::Processing;
use crate::refuse::{failed, unavailable};

/// Why nothing of a log goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stays {
    /// There is no agreement in force: the provider's own log, or a customer's whose first has not begun.
    NoAgreement,
    /// The agreement says nothing of it.
    Silent,
    /// The clause speaks of it and states no period.
    NotFound,
    /// The clause states a minimum, or lets something else than erasure follow.
    AtLeast,
    /// A legal hold stands.
    Held,
}

/// What a purge would do with one log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPlan {
    /// Whose.
    pub tenant: TenantId,
    /// The customer's name.
    pub customer: String,
    /// What the agreement says of how long it is kept.
    pub kept: LogKept,
    /// The number of the clause that says it; empty where none does.
    pub number: String,
    /// Why nothing goes; none where something may.
    pub stays: Option<Stays>,
    /// Entries of before this may go.
    pub before: Option<Instant>,
    /// Entries whose details go now.
    pub entries: u64,
    /// Entries that are old enough and wait until a snapshot covers what the state is built from.
    pub wait: u64,
    agreement: Option<AgreementHash>,
}

impl LogPlan {
    /// Whether an entry can say what goes, and anything does.
    fn is_of_something(&self) -> bool {
        self.entries > 0 && self.before.is_some() && self.agreement.is_some() && self.kept.clause().is_some()
    }
}

/// How a customer's log is kept, for those who read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogStands {
    /// What the agreement in force says.
    pub kept: LogKept,
    /// The number of its clause; empty where none says it.
    pub number: String,
    /// Why nothing goes; none where something may.
    pub stays: Option<Stays>,
    /// What was purged, oldest first.
    pub purged: Vec<Purge>,
}

/// A purge of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purge {
    /// When.
    pub at: Instant,
    /// Of entries before this.
    pub before: Instant,
    /// How many.
    pub entries: u64,
    /// Under which agreement.
    pub agreement: AgreementHash,
    /// By which clause.
    pub clause: ClauseId,
    /// Its number in the version that governed; empty where that is not known any more.
    pub number: String,
}

impl Processing {
    /// What a purge would take now, of every log that there is. It reads the journal and changes nothing.
    ///
    /// # Errors
    /// The world's.
    pub async fn plan_purge(&self) -> Result<Vec<LogPlan>, No> {
        Ok(self.planned_purge().await?.0)
    }

    /// The same, and up to where what the state is built from may go: asked once, so that nothing goes that was not planned.
    async fn planned_purge(&self) -> Result<(Vec<LogPlan>, Option<Position>), No> {
        let now = self.store.now();
        let mut all = Vec::new();
        for tenant in self.store.tenants().map_err(failed)? {
            let agreement = self.in_force(&tenant.id);
            let kept = agreement.as_ref().map_or(LogKept::Silent, |one| one.log_kept(now));
            let goes = agreement.as_ref().and_then(|one| one.log_goes(now));
            let number = kept.clause().and_then(|clause| Some(agreement.as_ref()?.number(clause).to_owned()));
            let stays = match &kept {
                _ if agreement.is_none() => Some(Stays::NoAgreement),
                LogKept::Silent => Some(Stays::Silent),
                LogKept::NotFound { .. } => Some(Stays::NotFound),
                LogKept::Stays { .. } => Some(Stays::AtLeast),
                LogKept::For { .. } => self.is_held_whole(&tenant.id, now).then_some(Stays::Held),
            };
            all.push(LogPlan {
                tenant: tenant.id,
                customer: tenant.name,
                before: goes.filter(|_| stays.is_none()).map(|goes| goes.before),
                kept,
                number: number.unwrap_or_default(),
                stays,
                entries: 0,
                wait: 0,
                agreement: agreement.map(|one| one.hash()),
            });
        }
        let covered = self.store.purgeable().map_err(failed)?;
        let found = self.store.plan_purge(&going(&all), covered).await.map_err(failed)?;
        for Going { tenant, entries, wait } in found {
            for plan in all.iter_mut().filter(|plan| plan.tenant == tenant) {
                (plan.entries, plan.wait) = (entries, wait);
            }
        }
        Ok((all, covered))
    }

    /// Purges what may go now, and enters it: in each customer's log before it is done, and in the installation's log what was done.
    /// Gives how many details went. If we die in the middle, the entries stand and the next call takes what is left, with entries
    /// of its own for that.
    ///
    /// # Errors
    /// The world's; it can be called again.
    pub async fn purge_details(&self) -> Result<u64, No> {
        let _turn = self.purging.lock().await;
        let (mut plan, covered) = self.planned_purge().await?;
        // Nothing goes of a log in which no entry says so.
        plan.retain(LogPlan::is_of_something);
        if plan.is_empty() {
            return Ok(0);
        }
        let mut going = going(&plan);
        self.store.prepare_purge(&going, covered).await.map_err(failed)?;
        for plan in &plan {
            // INVARIANT (entry before effect): the entry says what goes, by which clause, before it does.
            let (Some(before), Some(agreement), Some(clause)) = (plan.before, plan.agreement, plan.kept.clause())
            else {
                continue;
            };
            let clause = clause.clone();
            let detail = Detail {
                outcome: Outcome::Happened,
                event: Some(journal::DETAILS_PURGED.to_owned()),
                agreement: Some(agreement),
                clause: Some(clause.clone()),
                count: Some(plan.entries),
                ..Detail::default()
            };
            let row = PurgedLog {
                tenant: plan.tenant,
                at: self.store.now(),
                before,
                entries: plan.entries,
                agreement,
                clause,
            };
            let op = HouseOp::PutRow(HouseRow::Purged(row));
            self.store.event(plan.tenant, detail, vec![op]).await.map_err(|error| unavailable(&error))?;
        }
        // A hold may have been placed meanwhile.
        going.retain(|one| !self.is_held_whole(&one.tenant, self.store.now()));
        let purged = self.store.purge(&going, covered).await.map_err(failed)?;
        let detail = Detail {
            outcome: Outcome::Happened,
            event: Some("details-purged".to_owned()),
            count: Some(purged),
            ..Detail::default()
        };
        self.store.event(TenantId::INSTALLATION, detail, Vec::new()).await.map_err(|error| unavailable(&error))?;
        Ok(purged)
    }

    /// How a customer's log is kept, and what of it was purged. It says nothing of any entry.
    ///
    /// # Errors
    /// The world's.
    pub fn log_kept(&self, tenant: &TenantId) -> Result<LogStands, No> {
        let now = self.store.now();
        let agreement = self.in_force(tenant);
        let kept = agreement.as_ref().map_or(LogKept::Silent, |one| one.log_kept(now));
        let number = kept.clause().and_then(|clause| Some(agreement.as_ref()?.number(clause).to_owned()));
        let stays = match &kept {
            LogKept::For { .. } => self.is_held_whole(tenant, now).then_some(Stays::Held),
            LogKept::Silent => Some(Stays::Silent),
            LogKept::NotFound { .. } => Some(Stays::NotFound),
            LogKept::Stays { .. } => Some(Stays::AtLeast),
        };
        Ok(LogStands { kept, number: number.unwrap_or_default(), stays, purged: self.purges(tenant)? })
    }

    /// The purges of a log, oldest first.
    pub(crate) fn purges(&self, tenant: &TenantId) -> Result<Vec<Purge>, No> {
        let book = self.book();
        let of = |row| match row {
            HouseRow::Purged(PurgedLog { at, before, entries, agreement, clause, .. }) => {
                let number = book.by_hash(&agreement).map_or_else(String::new, |one| one.number(&clause).to_owned());
                Some(Purge { at, before, entries, agreement, clause, number })
            }
            _ => None,
        };
        Ok(self.store.rows(RowKind::Purged, tenant).map_err(failed)?.into_iter().filter_map(of).collect())
    }

    /// Whether a legal hold of the customer's stands: then nothing of its log goes, whatever it is about.
    fn is_held_whole(&self, tenant: &TenantId, now: Instant) -> bool {
        !self.store.holds(tenant, now).is_empty()
    }
}

/// What the store is told to look at.
fn going(plan: &[LogPlan]) -> Vec<ToPurge> {
    plan.iter().filter_map(|plan| Some(ToPurge { tenant: plan.tenant, before: plan.before? })).collect()
}

/// Which purge took an entry of this time: the first that reached it.
pub(crate) fn purged_by(purges: &[Purge], time: Instant) -> Option<&Purge> {
    purges.iter().find(|purge| time < purge.before)
}
