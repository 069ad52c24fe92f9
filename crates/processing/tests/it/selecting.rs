//! Many records at once, and of each only what is asked for.

use service::{Door, Draft, New, No, Selection, Which};
use terms::{FieldName, Purpose};

use crate::house::{House, asked, kind, seen};

fn fields(names: &[&str]) -> Vec<FieldName> {
    names.iter().map(|name| FieldName::new(name).unwrap()).collect()
}

/// Two participants with three days each, and a customer beside them who has one.
async fn filled(house: &House) -> (service::Asked, service::Asked, [terms::RecordId; 2]) {
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let other = asked(house.person(house.south, "case-worker", "Leo").await, house.south, "provide");
    let one = house.participant(&worker, "Åsa").await;
    let two = house.participant(&worker, "Bo").await;
    let foreign = house.participant(&other, "Cecilia").await;
    for (who, parent) in [(&worker, one), (&worker, two), (&other, foreign)] {
        for day in ["2026-10-01", "2026-10-02", "2026-11-02"] {
            let draft = Draft::new().with("date", day).with("status", "present").with("note", "hemlig anmärkning");
            let new = New { kind: &kind("attendance"), parent: Some(parent), draft, once: None };
            house.processing.collect(who, new).await.unwrap();
        }
    }
    (worker, other, [one, two])
}

#[tokio::test]
async fn records_are_selected_by_value_by_parent_and_by_id_and_never_anothers() {
    let house = House::new().await;
    let (worker, other, [one, two]) = filled(&house).await;
    let date = FieldName::new("date").unwrap();
    let with = |values: &[&str]| Which::With {
        field: date.clone(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    };
    let chosen = fields(&["date", "status"]);
    for (which, count) in [
        (Which::All, 6),
        (with(&["2026-10-01", "2026-10-02"]), 4),
        (with(&["2026-10-01", "2026-10-01"]), 2),
        (with(&["2026-12-24"]), 0),
        (with(&[]), 0),
        (Which::Under(vec![one]), 3),
        (Which::Under(vec![one, two, one]), 6),
        (Which::These(vec![one]), 0),
    ] {
        let selection = Selection { kind: &kind("attendance"), which: &which, fields: &chosen };
        let opened = house.processing.select(&worker, selection).await.unwrap();
        assert_eq!(opened.count(), count, "{which:?}");
        for record in seen(&*opened) {
            assert!(record.field("date").is_some() && record.field("status").is_some());
            assert_eq!(record.field("note"), None, "what is not asked for stays closed");
        }
        let ids: Vec<_> = seen(&*opened).iter().filter_map(|record| record.record).collect();
        let these = Which::These(ids);
        let selection = Selection { kind: &kind("attendance"), which: &these, fields: &chosen };
        assert_eq!(house.processing.select(&worker, selection.clone()).await.unwrap().count(), count);
        assert_eq!(house.processing.select(&other, selection).await.unwrap().count(), 0, "customers are walls");
    }
}

#[tokio::test]
async fn a_selection_is_one_entry_that_names_its_records_and_only_the_fields_that_were_opened() {
    let house = House::new().await;
    let (worker, _, _) = filled(&house).await;
    let administrator = asked(house.person(house.north, "administrator", "Birgitta").await, house.north, "provide");
    let before = house.log(&administrator).await.len();
    let selection = Selection { kind: &kind("attendance"), which: &Which::All, fields: &fields(&["date", "status"]) };
    house.processing.select(&worker, selection).await.unwrap();
    let after = house.log(&administrator).await;
    // The selection, and that the log was read before it.
    assert_eq!(after.len(), before + 2);
    assert_eq!(after[0].entry.detail.records.count(), 6);
    assert_eq!(after[0].entry.detail.fields, fields(&["date", "status"]));
}

#[tokio::test]
async fn a_field_that_nobody_declared_and_a_purpose_that_nobody_has_get_nothing() {
    let house = House::new().await;
    let (worker, _, _) = filled(&house).await;
    let all = Which::All;
    let select = |names: &[&str]| {
        let (worker, names, all) = (worker.clone(), fields(names), all.clone());
        let house = &house;
        async move {
            let selection = Selection { kind: &kind("attendance"), which: &all, fields: &names };
            house.processing.select(&worker, selection).await.map(|opened| opened.count())
        }
    };
    assert!(matches!(select(&["shoe-size"]).await, Err(No::Missing)));
    assert!(matches!(select(&[]).await, Err(No::Unavailable(_))));
    let strange = service::Asked { purpose: Purpose::new("curiosity").unwrap(), ..worker.clone() };
    let selection = Selection { kind: &kind("attendance"), which: &all, fields: &fields(&["date"]) };
    assert!(matches!(house.processing.select(&strange, selection).await, Err(No::Refused(_))));
}
