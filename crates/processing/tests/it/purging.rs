//! Purging details of the logs: only what an entry in that customer's log says goes.

use service::{Door, HoldGround, ToHold, ToHoldWhat};
use storage::ToPurge;
use terms::Instant;

use crate::house::{AGREEMENT, House, asked, kind};

const DAY: i64 = 86_400;

#[tokio::test]
async fn nothing_goes_of_a_log_in_which_no_entry_says_so() {
    let silent = "keep = { not-found = \"hur länge åtkomstloggen sparas\" }";
    let ten = AGREEMENT.replace(silent, "keep = \"10 days\"");
    assert_ne!(ten, *AGREEMENT);
    let house = House::with(&ten).await;
    let head = asked(house.person(house.north, "unit-head", "Örjan").await, house.north, "provide");
    let record = house.participant(&head, "Åsa").await;
    let participant = kind("participant");
    house.processing.consult(&head, &participant, record).await.ok().unwrap();
    house.later(12 * DAY);
    // What the state is built from waits for a snapshot: of the second customer there is nothing else.
    let plan = house.processing.plan_purge().await.ok().unwrap();
    let of = |tenant| plan.iter().find(|plan| plan.tenant == tenant).map(|plan| (plan.entries > 0, plan.wait > 0));
    assert_eq!((of(house.north), of(house.south)), (Some((true, true)), Some((false, true))));
    // One that comes to cover it after the plan was made changes nothing about what goes by that plan.
    let (before, covers) = (Instant(house.store.now().micros() - 11 * DAY * 1_000_000), house.store.durable_end()());
    let south = [ToPurge { tenant: house.south, before }];
    house.store.cover(covers.unwrap()).unwrap();
    house.store.end_segment();
    assert_eq!(house.store.purge(&south, None).await.unwrap(), 0);
    // A hold stands against all of the first customer's log; the second's goes now, and its log says so.
    let what = ToHoldWhat::Person(&participant, record);
    let wish = ToHold { what, ground: HoldGround::LegalClaims, until: None, words: None, untold: false };
    house.processing.hold(&head, wish).await.unwrap();
    assert!(house.processing.purge_details().await.unwrap() > 0);
    let purged = |tenant| house.processing.log_kept(&tenant).ok().unwrap().purged.len();
    assert_eq!((purged(house.north), purged(house.south)), (0, 1));
    let north = [ToPurge { tenant: house.north, before }];
    assert!(
        house.store.plan_purge(&north, covers).await.unwrap().iter().any(|going| going.entries > 0),
        "all is there"
    );
    assert!(house.store.plan_purge(&south, covers).await.unwrap().is_empty(), "all is gone");
}
