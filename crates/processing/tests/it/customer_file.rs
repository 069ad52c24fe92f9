//! A customer's file: adopted by its administrator, with an entry, from an instant, and still there after a restart.

use journal::Outcome;
use processing::AdoptFileNo;
use terms::Instant;

use crate::house::{House, asked};

const FILE: &str = r#"
[file]
service = "matcha"
version = "1"
[list.units]
label = { sv = "Enheter", en = "Units" }
values = [ { value = "ka-1001", label = { sv = "Norr", en = "North" } } ]
"#;

#[tokio::test]
async fn a_file_is_adopted_by_an_administrator_with_an_entry_and_survives_a_restart() {
    let house = House::new().await;
    let boss = house.person(house.north, "administrator", "Birgitta").await;
    let now = house.store.now();
    let later = now.plus_seconds(86_400);
    let second = FILE.replace("version = \"1\"", "version = \"2\"");
    let first = house.processing.adopt_file(Some(boss), house.north, Instant(0), FILE).await.unwrap();
    house.processing.adopt_file(Some(boss), house.north, later, &second).await.unwrap();
    // The same text again is no other file.
    house.processing.adopt_file(Some(boss), house.north, now, FILE).await.unwrap();
    let log = house.log(&asked(boss, house.north, "provide")).await;
    let adopted: Vec<_> = log
        .iter()
        .filter(|one| one.entry.detail.event.as_deref() == Some("customer-file-adopted"))
        .map(|one| (one.entry.detail.actor, one.entry.detail.reason.clone().unwrap()))
        .collect();
    assert_eq!(adopted.len(), 2);
    assert!(adopted.contains(&(Some(boss), format!("sha256:{}", first.hash))));

    let house = house.reopened();
    assert_eq!(house.processing.customer_files(&house.north).len(), 2);
    let at = |instant| house.processing.customer_file_at(&house.north, instant).map(|file| file.version.clone());
    assert_eq!(at(now.plus_seconds(-1)), None, "no file governs the time before it was entered");
    assert_eq!(at(later.plus_seconds(-1)).as_deref(), Some("1"));
    assert_eq!(at(later).as_deref(), Some("2"));
    assert!(house.processing.customer_files(&house.south).is_empty(), "another customer has none");
}

#[tokio::test]
async fn nobody_else_adopts_it_and_a_faulty_one_is_not_adopted() {
    let house = House::new().await;
    let boss = house.person(house.north, "administrator", "Birgitta").await;
    let worker = house.person(house.north, "case-worker", "Sara").await;
    let stranger = house.person(house.south, "administrator", "Lars").await;
    let staff = house.person(house.provider, "support", "Malin").await;
    let adopt = async |by, text: &str| house.processing.adopt_file(Some(by), house.north, Instant(0), text).await;
    assert!(matches!(adopt(worker, FILE).await, Err(AdoptFileNo::NotAdministrator)));
    for by in [stranger, staff] {
        assert!(matches!(adopt(by, FILE).await, Err(AdoptFileNo::No(service::No::Missing))));
    }
    assert!(matches!(adopt(boss, "[file]").await, Err(AdoptFileNo::Faults(_))));
    assert!(house.processing.customer_files(&house.north).is_empty());
    let log = house.log(&asked(boss, house.north, "provide")).await;
    let refused = log.iter().filter(|one| one.entry.detail.outcome == Outcome::Refused).count();
    assert_eq!(refused, 1, "the refusal is entered; strangers find nothing there");
}
