//! A made-up unit for tests: so many participants over so many months with everything that happens in one: changes of unit and
//! level in the middle of a month, gaps, pauses, returns, overlapping placements, late and missing reports, results with and
//! without approval, days that were attended and not. The same seed makes the same unit.

use jiff::civil::{Date, date};
use service::{Arguments, Given, MadeUp, Need, Opened, Rulebook, Sheet, View, Which};
use terms::{Instant, KindName, Label, PersonId, RecordHead, RecordId};

use crate::days::{between, later, month_text, months_later};
use crate::rows::{Activity, Attended, Facts, Outcome, Pause, Placement, Report};

pub(crate) const FIRST: Date = date(2025, 1, 1);

/// Two programmes: one pays for days in it, with prices that change in the middle of a month; the other for days attended.
pub(crate) const FILE: &str = r#"
[programme.rusta-och-matcha]
label = { sv = "Rusta och matcha", en = "Prepare and match" }
levels = ["A", "B", "C"]

[[programme.rusta-och-matcha.rules]]
from = "2024-01-01"
source = "påhittade villkor"
week-hours = [ { from-month = 1, hours = "1" }, { from-month = 7, hours = "2" } ]
physical-share-percent = 50
individual-meeting-days = 14
physical-meeting-days = 28
participants-per-full-time = 50
joint-plan-working-days = 10
month-report-working-days = 10
deviation-codes = ["17", "18"]
deviation-working-days = 1
longest-months = 12
first-result-months = 3
second-result-months = 6

[[programme.rusta-och-matcha.price]]
from = "2024-01-01"
source = "påhittad prislista"
level = "A"
per = "placed-day"
amount = "41.37"

[[programme.rusta-och-matcha.price]]
from = "2024-01-01"
source = "påhittad prislista"
level = "B"
per = "placed-day"
amount = "58.93"

[[programme.rusta-och-matcha.price]]
from = "2024-01-01"
source = "påhittad prislista"
level = "C"
per = "placed-day"
amount = "77.01"

[[programme.rusta-och-matcha.price]]
from = "2025-09-16"
source = "påhittad prislista 2"
level = "B"
per = "placed-day"
amount = "60.11"

[[programme.rusta-och-matcha.price]]
from = "2026-01-01"
source = "påhittad prislista 3"
level = "C"
per = "placed-day"
amount = "80"

[[programme.rusta-och-matcha.result]]
from = "2024-01-01"
source = "påhittad prislista"
level = "A"
rr1 = "10000"
rr2 = "10000.50"

[[programme.rusta-och-matcha.result]]
from = "2024-01-01"
source = "påhittad prislista"
level = "B"
rr1 = "15000"
rr2 = "15000"

[[programme.rusta-och-matcha.result]]
from = "2025-11-11"
source = "påhittad prislista 2"
level = "B"
rr1 = "15500.25"
rr2 = "15500"

[[programme.rusta-och-matcha.result]]
from = "2024-01-01"
source = "påhittad prislista"
level = "C"
rr1 = "22000"
rr2 = "22000"

[[programme.rusta-och-matcha.weights]]
from = "2025-01-01"
source = "påhittad"
A = "0.701797"
B = "0.957624"
C = "1.313708"

[programme.steg]
label = { sv = "Steg", en = "Steps" }
levels = ["1"]

[[programme.steg.price]]
from = "2024-01-01"
source = "påhittad"
level = "1"
per = "attended-day"
amount = "213.45"
"#;

/// A small generator (SplitMix64), for choosing only.
pub(crate) struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound.max(1)
    }

    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }
}

/// Identities in the order of making, as the house makes them.
pub(crate) struct Ids(pub u64);

impl Ids {
    pub fn next(&mut self) -> RecordId {
        self.0 += 1;
        let mut id = [0; 16];
        id[8..].copy_from_slice(&self.0.to_be_bytes());
        RecordId(id)
    }
}

/// The unit.
pub(crate) fn unit(participants: usize, months: i64, seed: u64) -> Facts {
    let (mut chance, mut ids) = (Chance(seed), Ids(0));
    let mut facts = Facts::default();
    let end = later(months_later(FIRST, months), -1);
    for _ in 0..participants {
        let participant = ids.next();
        let mut from = later(FIRST, chance.below(between(FIRST, end) as u64) as i64 - 40);
        loop {
            from = stay(&mut facts, &mut chance, &mut ids, participant, from, end);
            // Some come back after a while.
            if !chance.one_in(5) || from > end {
                break;
            }
            from = later(from, 20 + chance.below(120) as i64);
        }
    }
    facts
}

/// A stay of some placements; gives the day after it.
fn stay(facts: &mut Facts, chance: &mut Chance, ids: &mut Ids, participant: RecordId, begin: Date, end: Date) -> Date {
    let mut from = begin;
    let programme = if chance.one_in(8) { "steg" } else { "rusta-och-matcha" };
    let mut until = from;
    for _ in 0..=chance.below(3) {
        let length = 20 + chance.below(200) as i64;
        until = later(from, length);
        let open = chance.one_in(6);
        let level = if programme == "steg" { "1" } else { chance.pick(&["A", "B", "C"]) };
        facts.placements.push(Placement {
            seen: (ids.next(), 1 + chance.below(2)),
            participant,
            programme: programme.to_owned(),
            // Now and then a level that the file has no price for.
            level: if chance.one_in(150) { "X".to_owned() } else { level.to_owned() },
            unit: chance.pick(&["ka-1001", "ka-1002", "ka-1003"]).to_owned(),
            from,
            until: (!open).then_some(until),
        });
        // The next begins the day after, some days later, or before this one ends.
        from = match chance.below(6) {
            0 => later(until, 2 + chance.below(20) as i64),
            1 => later(until, -(chance.below(15) as i64)),
            _ => later(until, 1),
        };
        if chance.one_in(60) {
            // Somebody wrote it twice.
            let twice = Placement { seen: (ids.next(), 1), ..facts.placements.last().unwrap().clone() };
            facts.placements.push(twice);
        }
    }
    if chance.one_in(4) {
        let from = later(begin, chance.below(90) as i64);
        let until = (!chance.one_in(10)).then(|| later(from, chance.below(30) as i64));
        facts.pauses.push(Pause { seen: (ids.next(), 1), participant, from, until });
    }
    let mut month = begin.first_of_month();
    while month <= until && month <= end {
        if !facts.reports.iter().rev().take(40).any(|one| one.participant == participant && one.month == month) {
            let state = match chance.below(12) {
                0 => "draft",
                1 => "incomplete",
                2 => "sent",
                _ => "approved",
            };
            if !chance.one_in(15) {
                let report = Report { seen: (ids.next(), 2), participant, month, state: state.to_owned() };
                facts.reports.push(report);
            }
        }
        month = months_later(month, 1);
    }
    if chance.one_in(3) {
        let first = later(until, chance.below(40) as i64 - 20);
        for (second, date) in [(false, first), (true, months_later(first, 3)), (false, later(first, 9))] {
            if second && chance.one_in(3) || !second && date != first && !chance.one_in(9) {
                continue;
            }
            let approved = !chance.one_in(7);
            facts.outcomes.push(Outcome { seen: (ids.next(), 1), participant, second, date, approved });
        }
    }
    let mut day = begin;
    while day <= until && day <= end {
        if programme == "steg" && !chance.one_in(3) {
            let came = !chance.one_in(5);
            let (seen, reason) = ((ids.next(), 1), String::new());
            facts.attended.push(Attended { seen, participant, date: day, written: Instant(0), came, reason });
        }
        if chance.one_in(7) {
            facts.activities.push(Activity {
                seen: (ids.next(), 1),
                participant,
                date: day,
                written: Instant(0),
                hours: 50 * (1 + chance.below(4) as i64),
                physical: !chance.one_in(3),
                individual: chance.one_in(2),
                led: !chance.one_in(10),
                held: !chance.one_in(5),
                planned: false,
            });
        }
        day = later(day, 1);
    }
    later(until, 1)
}

/// Records as the house keeps them: each with its values.
pub(crate) type Kept = Vec<(RecordHead, Vec<(&'static str, String)>)>;

/// Facts as records of the kinds that views ask for.
pub(crate) fn kept(facts: &Facts) -> Kept {
    let head = |kind: &str, seen: (RecordId, u64), parent: RecordId, state: Option<&str>| RecordHead {
        record: seen.0,
        kind: KindName::new(kind).unwrap(),
        version: seen.1,
        person: PersonId(parent.0),
        parent: Some(parent),
        state: state.map(str::to_owned),
        written: Instant(0),
        author: PersonId([0; 16]),
    };
    let text = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let mut all: Kept = Vec::new();
    for one in &facts.placements {
        let values = vec![
            ("programme", one.programme.clone()),
            ("level", one.level.clone()),
            ("unit", one.unit.clone()),
            ("from", one.from.to_string()),
            ("until", text(one.until)),
            ("order-number", format!("O{}", one.participant.short())),
        ];
        all.push((head("placement", one.seen, one.participant, None), values));
    }
    for one in &facts.activities {
        let values = vec![
            ("date", one.date.to_string()),
            ("hours", format!("{}.{:02}", one.hours / 100, one.hours % 100)),
            ("form", if one.physical { "physical" } else { "remote" }.to_owned()),
            ("meeting", if one.individual { "individual" } else { "group" }.to_owned()),
            ("lead", if one.led { "provider" } else { "own" }.to_owned()),
            (
                "outcome",
                if one.held {
                    "held"
                } else if one.planned {
                    "planned"
                } else {
                    "cancelled"
                }
                .to_owned(),
            ),
        ];
        let head = RecordHead { written: one.written, ..head("activity", one.seen, one.participant, None) };
        all.push((head, values));
    }
    for one in &facts.attended {
        let status = if one.came { "present" } else { "absent" };
        let values =
            vec![("date", one.date.to_string()), ("status", status.to_owned()), ("reason", one.reason.clone())];
        let head = RecordHead { written: one.written, ..head("attendance", one.seen, one.participant, None) };
        all.push((head, values));
    }
    for one in &facts.reports {
        let values = vec![("month", month_text(one.month))];
        all.push((head("period-report", one.seen, one.participant, Some(&one.state)), values));
    }
    for one in &facts.outcomes {
        let state = if one.approved { "approved" } else { "waiting" };
        let which = if one.second { "rr2" } else { "rr1" };
        let values = vec![("which", which.to_owned()), ("date", one.date.to_string())];
        all.push((head("result", one.seen, one.participant, Some(state)), values));
    }
    for one in &facts.jobs {
        let values = vec![("start", one.start.to_string()), ("end", text(one.until)), ("type", one.form.clone())];
        all.push((head("job", one.seen, one.participant, None), values));
    }
    for one in &facts.pauses {
        let values = vec![("from", one.from.to_string()), ("until", text(one.until))];
        all.push((head("pause", one.seen, one.participant, None), values));
    }
    for one in &facts.claims {
        let values = vec![
            ("period", month_text(one.period)),
            ("unit", one.unit.clone()),
            ("programme", one.programme.clone()),
            ("level", one.level.clone()),
            ("what", one.what.clone()),
            ("days", one.days.to_string()),
            ("price", crate::claims::money(one.price)),
            ("amount", crate::claims::money(one.amount)),
            ("sources", one.sources.clone()),
            ("revises", one.revises.map(|one| one.to_string()).unwrap_or_default()),
        ];
        all.push((head("claim", one.seen, one.participant, Some(&one.state)), values));
    }
    let mut participants: Vec<RecordId> = facts.placements.iter().map(|one| one.participant).collect();
    participants.sort_unstable();
    participants.dedup();
    for one in participants {
        let head = RecordHead { parent: None, ..head("participant", (one, 1), one, Some("active")) };
        all.push((head, vec![("unit", "ka-1001".to_owned())]));
    }
    all
}

/// What a need brings.
fn bring(kept: &Kept, need: &Need) -> MadeUp {
    let mut brought = MadeUp::default();
    for (head, values) in kept.iter().filter(|(head, _)| head.kind.as_str() == need.kind) {
        let wanted = match &need.which {
            Which::All => true,
            Which::With { field, values: wanted } => {
                values.iter().any(|(name, value)| *name == field.as_str() && wanted.contains(value))
            }
            Which::Under(parents) => head.parent.is_some_and(|parent| parents.contains(&parent)),
            Which::UnderWith { parents, field, values: wanted } => {
                head.parent.is_some_and(|parent| parents.contains(&parent))
                    && values.iter().any(|(name, value)| *name == field.as_str() && wanted.contains(value))
            }
            Which::These(records) => records.contains(&head.record),
        };
        if wanted {
            let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            brought.add(head.clone(), &values);
        }
    }
    brought
}

/// A view over what is kept, as the portal asks it; with the needs that it named.
pub(crate) fn ask(
    view: &dyn View,
    kept: &Kept,
    arguments: &[(&'static str, &str)],
    today: Date,
) -> (Result<Sheet, Label>, Vec<Need>) {
    let mut chosen = Arguments::default();
    for (name, value) in arguments {
        chosen.set(name, value);
    }
    let mut needs: Vec<Need> = Vec::new();
    let mut opened: Vec<MadeUp> = Vec::new();
    let given = |needs: &[Need], opened: &[MadeUp], then: &mut dyn FnMut(&Given<'_>)| {
        let rulebook = Some(Rulebook { version: "1", hash: "", text: FILE });
        let opened = needs.iter().zip(opened).map(|(need, one)| (need, one as &dyn Opened)).collect();
        then(&Given { today, arguments: &chosen, rulebook, opened });
    };
    loop {
        let mut new = Vec::new();
        given(&needs, &opened, &mut |given| new = view.needs(given));
        new.retain(|need| needs.iter().all(|asked| asked.name != need.name));
        if new.is_empty() {
            break;
        }
        opened.extend(new.iter().map(|need| bring(kept, need)));
        needs.extend(new);
    }
    let mut sheet = None;
    given(&needs, &opened, &mut |given| sheet = Some(view.sheet(given)));
    (sheet.unwrap(), needs)
}
