//! Results that follow from jobs: work that lasts so many months gives the first result, and so many more the followed-up one.
//! How many is the customer's file's to say; without it no result follows from a job.
//!
//! What is found here is proposed or foreseen. A result is paid when it is a record of its own and approved (`amounts.rs`).

use std::collections::HashMap;

use jiff::civil::Date;
use terms::RecordId;

use crate::amounts::stay_of;
use crate::days::{later, months_later};
use crate::programme::Programmes;
use crate::rows::{Facts, Job, Outcome, Placement, Seen, by_participant};

/// How far a result of a job has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    /// Its day has come, and nobody has written it.
    Due,
    /// It is written and waits for approval.
    Waiting,
    /// Its day has not come.
    Coming,
    /// It is approved.
    Approved,
    /// The job ended before its day.
    Ended,
}

/// A result that a job gives, or would have given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OfJob<'f> {
    pub participant: RecordId,
    pub job: &'f Job,
    /// The placement that was the last to begin when the job did: its unit, programme and level are the result's.
    pub placement: &'f Placement,
    pub second: bool,
    /// The first day on which the job has lasted long enough.
    pub date: Date,
    pub stage: Stage,
    /// What it pays, where the customer's file says so.
    pub ore: Option<i64>,
    /// The record of the result, where there is one.
    pub outcome: Option<Seen>,
}

impl OfJob<'_> {
    /// The records that this rests on.
    pub fn from(&self) -> Vec<(&'static str, Seen)> {
        let mut from = vec![("job", self.job.seen), ("placement", self.placement.seen)];
        from.extend(self.outcome.map(|seen| ("result", seen)));
        from
    }
}

/// The results of all jobs as of a day. Each part is there once in a stay: of several jobs the first that lasts gives it, and of
/// those that ended only the last is told, so that it is seen why there is none.
pub(crate) fn of_jobs<'f>(facts: &'f Facts, programmes: &Programmes, today: Date) -> Vec<OfJob<'f>> {
    let jobs = by_participant(&facts.jobs, |one: &Job| one.participant);
    let placements = by_participant(&facts.placements, |one: &Placement| one.participant);
    let outcomes = by_participant(&facts.outcomes, |one: &Outcome| one.participant);
    let mut all: Vec<OfJob<'f>> = Vec::new();
    for (participant, mut jobs) in jobs {
        jobs.sort_by_key(|job| (job.start, job.seen.0));
        let Some(mut stays) = placements.get(&participant).cloned() else { continue };
        stays.sort_by_key(|stay| (stay.from, stay.seen.0));
        let written = outcomes.get(&participant).map(Vec::as_slice).unwrap_or_default();
        let mut found: HashMap<(usize, bool), OfJob<'f>> = HashMap::new();
        for job in jobs {
            let Some(place) = stays.iter().rposition(|stay| stay.from <= job.start) else { continue };
            let Some(placement) = stays.get(place).copied() else { continue };
            let stay = stay_of(&stays, place);
            let programme = programmes.named(&placement.programme);
            let Some(rules) = programme.and_then(|one| one.rules_at(job.start)) else { continue };
            for (second, months) in [(false, rules.first_result_months), (true, rules.second_result_months)] {
                let Some(months) = months else { continue };
                let key = (stay, second);
                // One that lasts is not replaced; one that ended is, by whatever came after it.
                if found.get(&key).is_some_and(|one| one.stage != Stage::Ended) {
                    continue;
                }
                let date = months_later(job.start, months);
                let lasts = job.until.is_none_or(|until| until >= later(date, -1));
                let outcome = written.iter().find(|one| {
                    let of = stays.iter().rposition(|stay| stay.from <= one.date).map(|place| stay_of(&stays, place));
                    one.second == second && of == Some(stay)
                });
                let stage = match outcome {
                    Some(one) if one.approved => Stage::Approved,
                    Some(_) => Stage::Waiting,
                    None if !lasts => Stage::Ended,
                    None if date <= today => Stage::Due,
                    None => Stage::Coming,
                };
                let price = programme.and_then(|one| one.result_at(&placement.level, date));
                let one = OfJob {
                    participant,
                    job,
                    placement,
                    second,
                    date,
                    stage,
                    ore: price.map(|price| if second { price.rr2 } else { price.rr1 }),
                    outcome: outcome.map(|one| one.seen),
                };
                found.insert(key, one);
            }
        }
        all.extend(found.into_values());
    }
    all.sort_by_key(|one| (one.date, one.participant, one.second));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up::FILE;
    use jiff::civil::date;

    fn placed(from: Date, until: Option<Date>) -> Placement {
        Placement {
            seen: (RecordId([2; 16]), 1),
            participant: RecordId([1; 16]),
            programme: "rusta-och-matcha".to_owned(),
            level: "A".to_owned(),
            unit: "ka-1001".to_owned(),
            from,
            until,
        }
    }

    fn job(byte: u8, start: Date, until: Option<Date>) -> Job {
        Job {
            seen: (RecordId([byte; 16]), 1),
            participant: RecordId([1; 16]),
            start,
            until,
            form: "permanent".to_owned(),
        }
    }

    fn stages(facts: &Facts, today: Date) -> Vec<(bool, Date, Stage)> {
        let programmes = Programmes::read(FILE).unwrap();
        of_jobs(facts, &programmes, today).iter().map(|one| (one.second, one.date, one.stage)).collect()
    }

    #[test]
    fn a_job_that_lasts_gives_the_first_result_and_then_the_followed_up_one() {
        let mut facts = Facts {
            placements: vec![placed(date(2025, 2, 1), None)],
            jobs: vec![job(5, date(2025, 5, 15), None)],
            ..Facts::default()
        };
        let (first, second) = (date(2025, 8, 15), date(2025, 11, 15));
        let coming = [(false, first, Stage::Coming), (true, second, Stage::Coming)];
        assert_eq!(stages(&facts, date(2025, 8, 14)), coming);
        assert_eq!(stages(&facts, first), [(false, first, Stage::Due), (true, second, Stage::Coming)]);
        let outcome = Outcome {
            seen: (RecordId([9; 16]), 1),
            participant: RecordId([1; 16]),
            second: false,
            date: first,
            approved: true,
        };
        facts.outcomes.push(outcome);
        assert_eq!(stages(&facts, second), [(false, first, Stage::Approved), (true, second, Stage::Due)]);
    }

    #[test]
    fn a_job_that_ended_the_day_before_counts_and_one_that_ended_earlier_gives_way_to_the_next() {
        let placements = vec![placed(date(2025, 2, 1), None)];
        // The last day of three months is the day before the same date.
        let lasted = Facts {
            placements: placements.clone(),
            jobs: vec![job(5, date(2025, 5, 15), Some(date(2025, 8, 14)))],
            ..Facts::default()
        };
        assert_eq!(stages(&lasted, date(2025, 9, 1)).first(), Some(&(false, date(2025, 8, 15), Stage::Due)));
        let short = Facts {
            placements,
            jobs: vec![
                job(5, date(2025, 5, 15), Some(date(2025, 8, 13))),
                job(6, date(2025, 8, 20), None),
                job(7, date(2025, 9, 20), None),
            ],
            ..Facts::default()
        };
        let expected = [(false, date(2025, 11, 20), Stage::Coming), (true, date(2026, 2, 20), Stage::Coming)];
        assert_eq!(stages(&short, date(2025, 9, 1)), expected);
    }

    #[test]
    fn a_job_before_the_programme_gives_nothing() {
        let facts = Facts {
            placements: vec![placed(date(2025, 6, 1), None)],
            jobs: vec![job(5, date(2025, 5, 15), None)],
            ..Facts::default()
        };
        assert!(stages(&facts, date(2026, 1, 1)).is_empty());
    }
}
