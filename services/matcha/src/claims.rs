//! Claims: a computed line is waiting until somebody verifies it; then it is frozen as a record with the hash of the records that it
//! rests on. What changes afterwards stands as a difference in a line of its own, and a frozen line is never rewritten.
//!
//! Differences are taken over a participant's month in one unit, programme, level and kind of pay: all that was frozen there,
//! revisions too, against what the records say now.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use service::{At, Sources, Write};
use terms::{Instant, RecordId};

use crate::amounts::{Amount, hash_of, sources};
use crate::days::month_text;
use crate::programme::Programmes;
use crate::rows::{Claim, Facts, Seen};

/// What claims are summed over.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Group {
    pub unit: String,
    pub programme: String,
    pub level: String,
    pub participant: RecordId,
    pub what: String,
}

/// A group with what the records say and what is frozen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Standing<'f> {
    pub computed: Vec<&'f Amount>,
    pub frozen: Vec<&'f Claim>,
    /// The records that the figure rests on now.
    pub from: Vec<(&'static str, Seen)>,
    /// Occasions and attendance of the month that were written after the last line was frozen.
    pub later: Vec<(&'static str, Seen)>,
    /// Whether the reader may not read what it rests on. Nothing is then compared, and nothing written.
    pub withheld: bool,
    /// Whether the participant has no placement left anywhere: the file was erased, and what was frozen stands as it is. Nobody can
    /// compute it anew, so it differs from nothing.
    pub closed: bool,
    /// Whether nothing computes it: a penalty or a revision that somebody wrote down. It stands as it was written.
    pub by_hand: bool,
}

impl Standing<'_> {
    /// What may be claimed as the records stand.
    pub fn claimable(&self) -> i64 {
        self.computed.iter().map(|one| one.claimable()).sum()
    }

    /// What is held back.
    pub fn blocked(&self) -> i64 {
        self.computed.iter().filter(|one| one.blocked.is_some()).map(|one| one.full()).sum()
    }

    pub fn days(&self) -> i64 {
        self.computed.iter().filter(|one| one.blocked.is_none()).map(|one| one.days).sum()
    }

    /// What was frozen, revisions too.
    pub fn frozen_amount(&self) -> i64 {
        self.frozen.iter().map(|one| one.amount).sum()
    }

    pub fn frozen_days(&self) -> i64 {
        self.frozen.iter().map(|one| one.days).sum()
    }

    /// Whether there is nothing that it could be compared with.
    const fn stands(&self) -> bool {
        self.withheld || self.closed || self.by_hand
    }

    /// What is to be revised: nothing where nothing is frozen.
    pub fn difference(&self) -> i64 {
        if self.frozen.is_empty() || self.stands() { 0 } else { self.claimable() - self.frozen_amount() }
    }

    /// Whether a record that a frozen line rests on has changed since, whatever that does to the amount.
    pub fn changed(&self) -> bool {
        let newest = self.frozen.iter().max_by_key(|one| one.seen.0);
        let other = !self.stands()
            && newest.is_some_and(|claim| !claim.sources.is_empty() && claim.sources != hash_of(&self.from));
        other || !self.later.is_empty()
    }

    /// The state in which most of it stands, said by the least far line; waiting where nothing is frozen.
    pub fn state(&self) -> &str {
        let order =
            |state: &str| ["waiting", "verified", "invoiced", "paid", "revised"].iter().position(|one| *one == state);
        let least = self.frozen.iter().map(|one| one.state.as_str()).min_by_key(|state| order(state));
        least.unwrap_or("waiting")
    }

    /// The records behind it, the frozen lines among them.
    pub fn sources(&self) -> Sources {
        let mut all = sources(&self.from).and(&sources(&self.later));
        all.extend("claim", self.frozen.iter().map(|one| one.seen.0));
        all
    }
}

/// The standing of every group of a month.
pub(crate) fn standings<'f>(
    facts: &'f Facts,
    amounts: &'f [Amount],
    programmes: &Programmes,
    month: Date,
) -> BTreeMap<Group, Standing<'f>> {
    let mut all: BTreeMap<Group, Standing<'f>> = BTreeMap::new();
    for one in amounts {
        let group = Group {
            unit: one.unit.clone(),
            programme: one.programme.clone(),
            level: one.level.clone(),
            participant: one.participant,
            what: one.what.code().to_owned(),
        };
        let standing = all.entry(group).or_default();
        standing.from.extend(one.from.iter().copied());
        standing.computed.push(one);
    }
    for one in facts.claims.iter().filter(|one| one.period == month) {
        let group = Group {
            unit: one.unit.clone(),
            programme: one.programme.clone(),
            level: one.level.clone(),
            participant: one.participant,
            what: one.what.clone(),
        };
        all.entry(group).or_default().frozen.push(one);
    }
    // Occasions and attendance of the month are what its report rests on: one that is written after the freezing is told, whether
    // it changes the amount or not. They are not in the hash: not everybody who verifies may read them.
    let last = month.last_of_month();
    let mut beside: HashMap<RecordId, Vec<(&'static str, Seen, Instant)>> = HashMap::new();
    for one in facts.activities.iter().filter(|one| (month..=last).contains(&one.date)) {
        beside.entry(one.participant).or_default().push(("activity", one.seen, one.written));
    }
    for one in facts.attended.iter().filter(|one| (month..=last).contains(&one.date)) {
        beside.entry(one.participant).or_default().push(("attendance", one.seen, one.written));
    }
    for (group, standing) in &mut all {
        let by_attendance = || programmes.named(&group.programme).is_some_and(|one| one.pays_by_attendance());
        standing.withheld = facts.attendance_withheld && group.what == "day" && by_attendance();
        standing.by_hand = !["day", "rr1", "rr2"].contains(&group.what.as_str());
        if standing.by_hand {
            // What a penalty rests on is said by whoever wrote it.
        } else if standing.computed.is_empty() {
            // Nothing is paid there any more; where the participant is instead is what says so.
            let of = facts.placements.iter().filter(|one| one.participant == group.participant);
            standing.from.extend(of.map(|one| ("placement", one.seen)));
            standing.closed = standing.from.is_empty();
        }
        standing.from.sort_unstable();
        standing.from.dedup();
        let frozen = standing.frozen.iter().map(|one| one.made()).max();
        if let (Some(frozen), Some(beside)) = (frozen.filter(|_| group.what == "day"), beside.get(&group.participant)) {
            let after = beside.iter().filter(|(_, _, written)| *written > frozen);
            standing.later = after.map(|(kind, seen, _)| (*kind, *seen)).collect();
        }
    }
    all
}

/// Öre as a field of money takes it.
pub(crate) fn money(ore: i64) -> String {
    let sign = if ore < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", ore.unsigned_abs() / 100, ore.unsigned_abs() % 100)
}

/// What verifying a group writes: its lines, frozen; or the difference to what is frozen.
pub(crate) fn verifying(group: &Group, standing: &Standing<'_>, month: Date) -> Vec<Write> {
    let hash = hash_of(&standing.from);
    let mut writes = Vec::new();
    // Lines of a group are numbered in the order in which they are frozen, whatever stands in them: two people who verify the same
    // month at once both write its first line, and the second is refused, also where an attendance changed between the two.
    let line_of = |number: usize| {
        format!("{}/{}/{}/{}/{}/{number}", month_text(month), group.unit, group.programme, group.level, group.what)
    };
    let line = |number: usize, days: i64, price: i64, amount: i64, revises: Option<RecordId>, once: String| {
        let mut values = vec![
            ("period", month_text(month)),
            ("unit", group.unit.clone()),
            ("programme", group.programme.clone()),
            ("level", group.level.clone()),
            ("what", group.what.clone()),
            ("days", days.to_string()),
            ("price", money(price)),
            ("amount", money(amount)),
            ("sources", hash.clone()),
            ("line", line_of(number)),
        ];
        values.extend(revises.map(|record| ("revises", record.to_string())));
        values.retain(|(_, value)| !value.is_empty());
        Write { kind: "claim", at: At::Under(group.participant), values, state: Some("verified"), once }
    };
    let once = |rest: &str| {
        format!("claim/{}/{}/{}/{}/{}/{rest}", month_text(month), group.unit, group.programme, group.level, group.what)
    };
    if standing.frozen.is_empty() {
        let computed = standing.computed.iter().filter(|one| one.blocked.is_none() && one.full() != 0);
        for (number, one) in (1..).zip(computed) {
            let once = once(&format!("{}x{}", one.days, one.price));
            writes.push(line(number, one.days, one.price, one.full(), None, once));
        }
    } else if standing.difference() != 0 {
        let days = standing.days() - standing.frozen_days();
        let first = standing.frozen.iter().min_by_key(|one| one.seen.0).map(|one| one.seen.0);
        let once = once(&format!("revision/{}/{hash}", standing.frozen.len()));
        // A difference has no price of its own: it may come of another price, of other days, or of both.
        writes.push(line(standing.frozen.len() + 1, days, 0, standing.difference(), first, once));
    }
    // A line that waits as a record was entered by hand or by an interrupted verifying; it goes on as it stands.
    for one in standing.frozen.iter().filter(|one| one.state == "waiting") {
        writes.push(moving(one, "verified"));
    }
    writes
}

/// What moves a frozen line to another state. Its values stay.
pub(crate) fn moving(claim: &Claim, state: &'static str) -> Write {
    Write {
        kind: "claim",
        at: At::Record(claim.seen.0, claim.seen.1),
        values: Vec::new(),
        state: Some(state),
        once: format!("claim/{}/{}/{state}", claim.seen.0, claim.seen.1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn frozen(amount: i64) -> Claim {
        Claim {
            seen: (RecordId([7; 16]), 1),
            participant: RecordId([1; 16]),
            period: date(2026, 9, 1),
            unit: "ka-1001".to_owned(),
            programme: "rusta-och-matcha".to_owned(),
            level: "A".to_owned(),
            what: "day".to_owned(),
            days: 30,
            price: 4_137,
            amount,
            sources: "aa".to_owned(),
            revises: None,
            state: "paid".to_owned(),
        }
    }

    #[test]
    fn a_penalty_that_somebody_wrote_down_is_no_difference_to_be_taken_back() {
        let penalty = Claim { what: "penalty".to_owned(), amount: -5_000_000, sources: String::new(), ..frozen(0) };
        let placed = crate::rows::Placement {
            seen: (RecordId([3; 16]), 1),
            participant: RecordId([1; 16]),
            programme: "rusta-och-matcha".to_owned(),
            level: "A".to_owned(),
            unit: "ka-1001".to_owned(),
            from: date(2026, 1, 1),
            until: None,
        };
        let file = Facts { claims: vec![penalty], placements: vec![placed], ..Facts::default() };
        let programmes = Programmes(Vec::new());
        let all = standings(&file, &[], &programmes, date(2026, 9, 1));
        let (group, standing) = all.first_key_value().unwrap();
        assert_eq!((standing.frozen_amount(), standing.difference(), standing.changed()), (-5_000_000, 0, false));
        assert!(verifying(group, standing, date(2026, 9, 1)).is_empty());
    }

    #[test]
    fn what_was_paid_for_somebody_who_is_erased_stands_as_it_is() {
        let file = Facts { claims: vec![frozen(124_110)], ..Facts::default() };
        let programmes = Programmes(Vec::new());
        let all = standings(&file, &[], &programmes, date(2026, 9, 1));
        let (group, standing) = all.first_key_value().unwrap();
        assert_eq!((standing.difference(), standing.changed()), (0, false));
        assert!(verifying(group, standing, date(2026, 9, 1)).is_empty());
    }
}
