//! Taking out: a record with what belongs to it, and all that is kept of a person, under a rule of its own.

use journal::Outcome;
use service::{Change, Door, Draft, Exported, No, Part, Whole};
use terms::Verb;

use crate::house::{House, Seen, asked, kind, refused, seen};

fn part<'e>(exported: &'e Exported, of: &str) -> Option<&'e Part> {
    exported.parts.iter().find(|part| part.kind == kind(of))
}

fn shown(exported: &Exported, of: &str) -> Vec<Seen> {
    let part = part(exported, of).unwrap_or_else(|| panic!("nothing of {of}"));
    seen(&**part.answer.as_ref().ok().unwrap_or_else(|| panic!("{of} is refused")))
}

#[tokio::test]
async fn a_file_is_taken_out_with_its_versions_and_what_belongs_to_it() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let head = asked(house.person(house.north, "unit-head", "Örjan").await, house.north, "provide");
    let record = house.participant(&worker, "Åsa").await;
    let other = house.participant(&worker, "Göran").await;
    let day = |text: &str| Draft::new().with("date", "2026-11-20").with("text", text);
    let note = house.collect(&worker, "day-note", Some(record), day("Först så.")).await.unwrap();
    house.collect(&worker, "day-note", Some(other), day("Om någon annan.")).await.unwrap();
    let kin = Draft::new().with("name", "Anders");
    house.collect(&worker, "next-of-kin", Some(record), kin).await.unwrap();
    let draft = Draft::new().with("text", "Sedan så.");
    let change = Change { kind: &kind("day-note"), record: note, version: 1, draft, state: None, once: None };
    house.processing.alter(&worker, change).await.unwrap();

    let whole = house.processing.retrieve(&head, &kind("participant"), record, Whole::Record).await.ok().unwrap();
    assert_eq!(shown(&whole, "participant")[0].field("given-name"), Some("Åsa"));
    let notes: Vec<_> = shown(&whole, "day-note").iter().map(|one| one.field("text").map(str::to_owned)).collect();
    assert_eq!(notes, [Some("Sedan så.".to_owned()), Some("Först så.".to_owned())]);
    // The next of kin is another person, and no rule lets anybody take that one out: it is named, and not left out in silence.
    let kin = part(&whole, "next-of-kin").unwrap();
    assert!(kin.answer.as_ref().is_err_and(|refusal| refusal.number == "S.10" && refusal.verb == Verb::Retrieve));

    // The whole person is the file and the notes, and nothing of the next of kin's.
    let person = house.processing.retrieve(&head, &kind("day-note"), note, Whole::Person).await.ok().unwrap();
    assert_eq!(person.person, whole.person);
    assert_eq!(shown(&person, "participant").len(), 1);
    assert_eq!(shown(&person, "day-note").len(), 2);
    assert!(part(&person, "next-of-kin").is_none());

    let administrator = asked(house.person(house.north, "administrator", "Birgitta").await, house.north, "provide");
    let log = house.log(&administrator).await;
    let retrieved = |outcome| {
        let of = log.iter().filter(move |one| one.entry.detail.verb == Some(Verb::Retrieve));
        of.filter(move |one| one.entry.detail.outcome == outcome).count()
    };
    // File and notes twice; the next of kin refused once.
    assert_eq!((retrieved(Outcome::Granted), retrieved(Outcome::Refused)), (4, 1));
}

#[tokio::test]
async fn who_may_read_may_not_therefore_take_out() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let record = house.participant(&worker, "Åsa").await;
    for whole in [Whole::Record, Whole::Person] {
        let answer = house.processing.retrieve(&worker, &kind("participant"), record, whole).await;
        assert_eq!(refused(answer), ("no-rule".to_owned(), "S.10".to_owned()));
    }
    // Another customer's record is no record, for those who may take out as well.
    let head = asked(house.person(house.south, "unit-head", "Cecilia").await, house.south, "provide");
    let answer = house.processing.retrieve(&head, &kind("participant"), record, Whole::Person).await;
    assert!(matches!(answer, Err(No::Missing)));
    let administrator = asked(house.person(house.south, "administrator", "Lars").await, house.south, "provide");
    let log = house.log(&administrator).await;
    assert!(log.iter().all(|one| one.entry.records.iter().all(|(id, _)| *id != record)), "a foreign id crossed");
}
