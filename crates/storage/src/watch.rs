//! Whether anything changed of what a plan was made from. A plan of an erasure reads all that there is of a person; whoever confirms
//! it a minute later need not wait for the same to be read again where nothing of it was touched meanwhile.
//!
//! The committer notes what it applied. Not here: what is planned, and for how long plans are kept (`processing`).

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use terms::{PersonId, RecordId, TenantId};

use crate::engine::Batch;
use crate::house_row::HouseRow;
use crate::op::Op;

/// Most writings that are noted while a plan is being read; beyond that it is read again when it is confirmed.
const MAX_TOUCHED: usize = 100_000;

/// A record that was written or changed, or a person.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Touched {
    record: Option<RecordId>,
    person: Option<PersonId>,
    parent: Option<RecordId>,
}

/// What a plan saw.
struct Seen {
    /// Sorted.
    persons: Vec<PersonId>,
    /// In the versions in which they were seen; sorted.
    records: Vec<(RecordId, u64)>,
}

impl Seen {
    fn holds(&self, record: &RecordId) -> bool {
        self.records.binary_search_by_key(record, |(one, _)| *one).is_ok()
    }

    fn concerns(&self, touched: &Touched) -> bool {
        touched.person.is_some_and(|person| self.persons.binary_search(&person).is_ok())
            || touched.record.is_some_and(|record| self.holds(&record))
            || touched.parent.is_some_and(|parent| self.holds(&parent))
    }
}

/// What there is so far.
enum State {
    /// It is still being read: this was touched since.
    Reads(Vec<Touched>),
    /// This was seen.
    Saw(Seen),
}

/// Tells whether what a plan saw is as it was. Begun before anything is read.
pub struct Watch {
    tenant: TenantId,
    changed: AtomicBool,
    state: Mutex<State>,
}

impl Watch {
    /// From now on only changes of these count: all persons and all records that the plan speaks of, the records sorted.
    pub fn saw(&self, mut persons: Vec<PersonId>, records: Vec<(RecordId, u64)>) {
        persons.sort_unstable();
        persons.dedup();
        let seen = Seen { persons, records };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let State::Reads(touched) = &*state
            && touched.iter().any(|one| seen.concerns(one))
        {
            self.changed.store(true, Ordering::SeqCst);
        }
        *state = State::Saw(seen);
    }

    /// Whether anything of it was changed, or may have been.
    #[must_use]
    pub fn changed(&self) -> bool {
        self.changed.load(Ordering::SeqCst)
    }

    /// Whether a writing would change it.
    pub(crate) fn concerns(&self, record: RecordId, person: PersonId, parent: Option<RecordId>) -> bool {
        self.touched_by(Some(Touched { record: Some(record), person: Some(person), parent }))
    }

    /// Whether an operation that touches this would change it; nothing stands for what is one thing for all.
    pub(crate) fn touched_by(&self, touched: Option<Touched>) -> bool {
        match (&*self.state.lock().unwrap_or_else(PoisonError::into_inner), touched) {
            (_, None) | (State::Reads(_), Some(_)) => true,
            (State::Saw(seen), Some(one)) => seen.concerns(&one),
        }
    }

    fn touch(&self, touched: Option<Touched>) {
        // Nothing changes that back, and nothing more need be known.
        if self.changed() {
            return;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let concerned = match (&mut *state, touched) {
            (_, None) => true,
            (State::Reads(all), Some(one)) => {
                all.push(one);
                let many = all.len() > MAX_TOUCHED;
                if many {
                    *all = Vec::new();
                }
                many
            }
            (State::Saw(seen), Some(one)) => seen.concerns(&one),
        };
        if concerned {
            self.changed.store(true, Ordering::SeqCst);
        }
    }
}

/// What an operation touches of its tenant's: a record or a person, or what stands against erasing, which is one thing for all.
pub(crate) fn touches(op: &Op) -> Option<Option<Touched>> {
    let record = |record: &RecordId| Touched { record: Some(*record), ..Touched::default() };
    let person = |person: &PersonId| Touched { person: Some(*person), ..Touched::default() };
    Some(match op {
        Op::PutRecord(put) => Some(Touched { record: Some(put.record), person: Some(put.person), parent: put.parent }),
        Op::PutBack(back) => {
            let put = &back.put;
            Some(Touched { record: Some(put.record), person: Some(put.person), parent: put.parent })
        }
        Op::Withdraw(one) => Some(record(one)),
        Op::PutFile(file) => Some(record(&file.record)),
        Op::PutAccount(account) => Some(person(&account.person)),
        Op::EndAccount(one) => Some(person(one)),
        Op::Erase(_)
        | Op::Restrict(_)
        | Op::Lift(_)
        | Op::EndHold(_)
        | Op::BringBack(_)
        | Op::PutRow(HouseRow::Hold(_) | HouseRow::SetAside(_)) => None,
        _ => return None,
    })
}

/// The plans that are watched.
#[derive(Default)]
pub(crate) struct Watches(Mutex<Vec<Weak<Watch>>>);

impl Watches {
    /// Begins one.
    pub(crate) fn begin(&self, tenant: TenantId) -> Arc<Watch> {
        let state = Mutex::new(State::Reads(Vec::new()));
        let watch = Arc::new(Watch { tenant, changed: AtomicBool::new(false), state });
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|one| one.strong_count() > 0);
        all.push(Arc::downgrade(&watch));
        watch
    }

    pub(crate) fn note(&self, batch: &Batch) {
        let all: Vec<Arc<Watch>> = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if all.is_empty() {
                return;
            }
            all.retain(|one| one.strong_count() > 0);
            all.iter().filter_map(Weak::upgrade).collect()
        };
        for item in &batch.items {
            for touched in item.ops.iter().filter_map(touches) {
                for watch in all.iter().filter(|watch| watch.tenant == item.tenant) {
                    watch.touch(touched);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use journal::Position;
    use terms::Instant;

    use super::*;
    use crate::engine::Item;

    const TENANT: TenantId = TenantId([1; 16]);

    fn batch(tenant: TenantId, op: Op) -> Batch {
        let item = Item { tenant, index: 0, time: Instant(0), ops: vec![op] };
        Batch { position: Position { segment: 1, offset: 1 }, items: vec![item] }
    }

    fn record(n: u8) -> RecordId {
        RecordId([n; 16])
    }

    fn person(n: u8) -> PersonId {
        PersonId([n; 16])
    }

    #[test]
    fn what_was_touched_counts_whether_the_plan_was_still_being_read_or_not() {
        for read_first in [true, false] {
            for (op, tenant, changes) in [
                (Op::Withdraw(record(2)), TENANT, true),
                (Op::Withdraw(record(9)), TENANT, false),
                (Op::Withdraw(record(2)), TenantId([2; 16]), false),
                (Op::EndAccount(person(3)), TENANT, true),
                (Op::EndAccount(person(9)), TENANT, false),
                (Op::Lift(person(9)), TENANT, true),
            ] {
                let watches = Watches::default();
                let watch = watches.begin(TENANT);
                let see = || watch.saw(vec![person(3)], vec![(record(1), 1), (record(2), 4)]);
                if read_first {
                    see();
                }
                watches.note(&batch(tenant, op.clone()));
                if !read_first {
                    see();
                }
                assert_eq!(watch.changed(), changes, "{op:?}, {read_first}");
            }
        }
        for (op, changes) in
            [(Op::EndAccount(person(3)), true), (Op::EndAccount(person(9)), false), (Op::Lift(person(9)), true)]
        {
            let watches = Watches::default();
            let watch = watches.begin(TENANT);
            assert!(watch.touched_by(touches(&op).unwrap()), "what was not seen yet may be anything");
            watch.saw(vec![person(3)], vec![(record(1), 1)]);
            assert_eq!(watch.touched_by(touches(&op).unwrap()), changes, "{op:?}, before it is applied");
        }
        let watches = Watches::default();
        let watch = watches.begin(TENANT);
        assert!(watch.concerns(record(9), person(9), None), "what was not seen yet may be anything");
        watch.saw(vec![person(3)], vec![(record(1), 1)]);
        assert!(watch.concerns(record(9), person(9), Some(record(1))) && !watch.concerns(record(9), person(9), None));
    }

    #[test]
    fn a_plan_that_takes_too_long_to_read_remembers_no_more_of_what_was_touched() {
        let watch =
            Watch { tenant: TENANT, changed: AtomicBool::new(false), state: Mutex::new(State::Reads(Vec::new())) };
        let held = || match &*watch.state.lock().unwrap() {
            State::Reads(all) => (all.len(), all.capacity()),
            State::Saw(_) => panic!("it reads"),
        };
        for _ in 0..MAX_TOUCHED {
            watch.touch(Some(Touched { record: Some(record(9)), ..Touched::default() }));
        }
        assert_eq!((held().0, watch.changed()), (MAX_TOUCHED, false));
        for _ in 0..3 {
            watch.touch(Some(Touched { record: Some(record(9)), ..Touched::default() }));
            assert_eq!((held(), watch.changed()), ((0, 0), true));
        }
    }
}
