//! Texts that the provider's people confirm: kept sealed over a restart, one choice on one state, and nobody else's.

use processing::{Chosen, ConfirmingNo, MAX_CONFIRMED_TEXT_BYTES, MAX_TEXTS};
use service::No;
use terms::RecordId;

use crate::house::House;

const CANARY: &str = "Avtalet som ingen annan ska se";

fn chosen(revision: u64, choices: &str) -> Chosen<'_> {
    Chosen { revision, choices: choices.as_bytes(), progress: (1, 9), what: "confirmed", place: "line:12" }
}

#[tokio::test]
async fn a_text_is_kept_sealed_over_a_restart_with_who_when_and_how_far() {
    let house = House::new().await;
    let lead = house.person(house.provider, "privacy-lead", "Vera").await;
    let other = house.person(house.provider, "privacy-lead", "Stina").await;
    let id = house.processing.begin_confirming(lead, CANARY.as_bytes(), b"none", (0, 9)).await.unwrap();
    house.later(60);
    assert_eq!(house.processing.write_choices(other, &id, chosen(0, CANARY)).await.unwrap(), 1);
    let house = house.reopened();
    let all = house.processing.confirmings(&lead).unwrap();
    let [one] = &all[..] else { panic!("{} under way", all.len()) };
    assert_eq!((one.id, one.by, one.last_by, one.progress, one.revision), (id, lead, other, (1, 9), 1));
    assert!(one.last > one.begun && one.choices == CANARY.as_bytes());
    assert_eq!(house.processing.confirming_text(&lead, &id).unwrap(), CANARY.as_bytes());
    let mut folders = vec![house.folder.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(bytes) = std::fs::read(&path) {
                let found = bytes.windows(CANARY.len()).any(|bytes| bytes == CANARY.as_bytes());
                assert!(!found, "the text lies in plain in {}", path.display());
            }
        }
    }
}

#[tokio::test]
async fn whoever_chose_on_an_older_state_is_told_and_nothing_is_written() {
    let house = House::new().await;
    let lead = house.person(house.provider, "privacy-lead", "Vera").await;
    let other = house.person(house.provider, "privacy-lead", "Stina").await;
    let id = house.processing.begin_confirming(lead, b"text", b"", (0, 9)).await.unwrap();
    house.processing.write_choices(other, &id, chosen(0, "hers")).await.unwrap();
    let late = house.processing.write_choices(lead, &id, chosen(0, "his")).await;
    assert!(matches!(late, Err(ConfirmingNo::Meanwhile { by, .. }) if by == other));
    assert!(matches!(house.processing.throw_away(lead, &id, 0).await, Err(ConfirmingNo::Meanwhile { .. })));
    assert_eq!(house.processing.confirming(&lead, &id).unwrap().choices, b"hers");
    house.processing.throw_away(lead, &id, 1).await.unwrap();
    assert!(matches!(house.processing.confirming(&lead, &id), Err(No::Missing)));
    assert!(matches!(house.processing.confirming_text(&lead, &id), Err(No::Missing)));
    assert!(house.processing.confirmings(&lead).unwrap().is_empty());
}

#[tokio::test]
async fn nobody_else_sees_one_and_there_is_an_end_to_how_many_and_how_long() {
    let house = House::new().await;
    let lead = house.person(house.provider, "privacy-lead", "Vera").await;
    let id = house.processing.begin_confirming(lead, b"text", b"", (0, 1)).await.unwrap();
    for (home, role) in [
        (house.provider, "support"),
        (house.north, "administrator"),
        (house.north, "case-worker"),
        (house.south, "administrator"),
    ] {
        let person = house.person(home, role, "Lars").await;
        assert!(matches!(house.processing.confirmings(&person), Err(No::Missing)), "{role}");
        assert!(matches!(house.processing.confirming_text(&person, &id), Err(No::Missing)), "{role}");
        let begun = house.processing.begin_confirming(person, b"text", b"", (0, 1)).await;
        assert!(matches!(begun, Err(ConfirmingNo::No(No::Missing))), "{role}");
        let written = house.processing.write_choices(person, &id, chosen(0, "")).await;
        assert!(matches!(written, Err(ConfirmingNo::No(No::Missing))), "{role}");
        assert!(matches!(house.processing.take_confirmed(person, &id).await, Err(No::Missing)), "{role}");
    }
    assert!(matches!(house.processing.confirming(&lead, &RecordId([7; 16])), Err(No::Missing)));
    let long = vec![b'a'; MAX_CONFIRMED_TEXT_BYTES + 1];
    assert!(matches!(house.processing.begin_confirming(lead, &long, b"", (0, 1)).await, Err(ConfirmingNo::TooLong)));
    for _ in 1..MAX_TEXTS {
        house.processing.begin_confirming(lead, b"text", b"", (0, 1)).await.unwrap();
    }
    assert!(matches!(house.processing.begin_confirming(lead, b"text", b"", (0, 1)).await, Err(ConfirmingNo::TooMany)));
    house.processing.throw_away(lead, &id, 0).await.unwrap();
    house.processing.begin_confirming(lead, b"text", b"", (0, 1)).await.unwrap();
}
