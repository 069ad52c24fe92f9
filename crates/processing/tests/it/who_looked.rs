//! Every opening and every refusal has its entry, and the customer's administrator reads them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use journal::Outcome;
use processing::LogFilter;
use service::{Door, No, Page};
use terms::RecordId;

use crate::house::{House, asked, kind, refused};

#[tokio::test]
async fn only_the_roles_of_the_agreement_read_the_log_and_reading_it_is_entered() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let filter = LogFilter { limit: 10, ..LogFilter::default() };
    assert_eq!(refused(house.processing.who_looked(&worker, &filter).await).0, "no-rule");
    let administrator = asked(house.person(house.north, "administrator", "Birgitta").await, house.north, "provide");
    let first = house.log(&administrator).await.len();
    let second = house.log(&administrator).await;
    assert_eq!(second.len(), first + 1);
    assert_eq!(second[0].entry.detail.actor, Some(administrator.actor));
}

#[tokio::test]
async fn a_person_is_found_in_a_listing_of_many_and_after_a_restart() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let mut records = Vec::new();
    for place in 0..12 {
        records.push(house.participant(&worker, &format!("Namn{place}")).await);
    }
    house.processing.list(&worker, &kind("participant"), None, Page::default()).await.unwrap();
    let house = house.reopened();
    let administrator = asked(house.person(house.north, "administrator", "Birgitta").await, house.north, "provide");
    let filter = LogFilter { record: Some(records[11]), limit: 10, ..LogFilter::default() };
    let found = house.processing.who_looked(&administrator, &filter).await.unwrap();
    // The collecting and the listing; the listing's entry carries only a hash of its twelve persons.
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].entry.records.len(), found[0].entry.persons.len()), (12, 12));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_opened_without_an_entry_under_64_clients() {
    const CLIENTS: usize = 64;
    const ASKS: usize = 20;
    let house = Arc::new(House::new().await);
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let mut records = Vec::new();
    for place in 0..8 {
        records.push(house.participant(&worker, &format!("Namn{place}")).await);
    }
    let (opened, refusals, missing) =
        (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let tasks: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (house, records, worker) = (Arc::clone(&house), records.clone(), worker.clone());
            let (opened, refusals, missing) = (Arc::clone(&opened), Arc::clone(&refusals), Arc::clone(&missing));
            tokio::spawn(async move {
                for ask in 0..ASKS {
                    let record = records[(client + ask) % records.len()];
                    let asked = match ask % 4 {
                        3 => asked(worker.actor, worker.tenant, "marketing"),
                        _ => worker.clone(),
                    };
                    let record = if ask % 10 == 9 { RecordId([7; 16]) } else { record };
                    match house.processing.consult(&asked, &kind("participant"), record).await {
                        Ok(one) => opened.fetch_add(one.count() as u64, Ordering::SeqCst),
                        Err(No::Refused(_)) => refusals.fetch_add(1, Ordering::SeqCst),
                        Err(No::Missing) => missing.fetch_add(1, Ordering::SeqCst),
                        Err(other) => panic!("{other:?}"),
                    };
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let administrator = asked(house.person(house.north, "administrator", "Birgitta").await, house.north, "provide");
    let log = house.log(&administrator).await;
    let count = |outcome, verb: &str| {
        log.iter()
            .filter(|one| {
                one.entry.detail.outcome == outcome && one.entry.detail.verb.is_some_and(|v| v.as_str() == verb)
            })
            .filter(|one| one.entry.detail.actor == Some(worker.actor))
            .map(|one| one.entry.records.len().max(usize::from(outcome == Outcome::Refused)) as u64)
            .sum::<u64>()
    };
    assert_eq!(count(Outcome::Granted, "consult"), opened.load(Ordering::SeqCst));
    assert_eq!(count(Outcome::Refused, "consult"), refusals.load(Ordering::SeqCst));
    let asked = (CLIENTS * ASKS) as u64;
    let answers = opened.load(Ordering::SeqCst) + refusals.load(Ordering::SeqCst) + missing.load(Ordering::SeqCst);
    assert_eq!(answers, asked, "every ask has its answer");
}

#[tokio::test]
async fn a_missing_record_that_was_asked_for_is_entered_too() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    assert!(matches!(
        house.processing.consult(&worker, &kind("participant"), RecordId([7; 16])).await,
        Err(No::Missing)
    ));
    let administrator = asked(house.person(house.north, "administrator", "Birgitta").await, house.north, "provide");
    let log = house.log(&administrator).await;
    assert!(log.iter().any(|one| one.entry.detail.actor == Some(worker.actor) && one.entry.records.is_empty()));
}
