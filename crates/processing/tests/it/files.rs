//! Files through the door: saved with their record, opened under an entry, gone with their record, and nothing half done.

use std::sync::Arc;

use files::{Files, Folder, Scanner};
use service::{
    Asked, Change, CutOff, Door, Draft, FieldProblem, FileFacts, FileOf, FileTo, Incoming, New, No, Piece, ToErase,
    Value,
};
use terms::{FieldName, RecordId};

use crate::house::{House, asked, kind, refused, seen};

/// A kind that keeps files beside those of Matcha, with its earlier versions and without.
pub const PAPERS: &str = r#"
[kind.paper]
path = "prov-papper"
label = { sv = "Papper", en = "Paper" }
plural = { sv = "Papper", en = "Papers" }
subject = "participant"
parent = "participant"
of = "parent"
[[kind.paper.field]]
name = "title"
label = { sv = "Rubrik", en = "Title" }
category = "decision-information"
type = "text"
[[kind.paper.field]]
name = "file"
label = { sv = "Fil", en = "File" }
category = "decision-information"
type = "file"
accept = ["application/pdf", "text/plain", "image/png"]
max-bytes = 300_000
required = true
[kind.kept-paper]
path = "prov-sparade"
label = { sv = "Papper", en = "Paper" }
plural = { sv = "Papper", en = "Papers" }
subject = "participant"
parent = "participant"
of = "parent"
history = "kept"
[[kind.kept-paper.field]]
name = "file"
label = { sv = "Fil", en = "File" }
category = "decision-information"
type = "file"
accept = ["text/plain"]
max-bytes = 1000
"#;

/// Bytes in pieces, to the end or until the sender goes away.
pub(crate) struct Pieces {
    left: Vec<Vec<u8>>,
    cut: bool,
}

impl Incoming for Pieces {
    fn next(&mut self) -> Piece<'_, Vec<u8>, CutOff> {
        let next = if self.left.is_empty() { None } else { Some(self.left.remove(0)) };
        let cut = next.is_none() && self.cut;
        Box::pin(async move { if cut { Err(CutOff) } else { Ok(next) } })
    }
}

pub(crate) fn whole(bytes: &[u8]) -> Pieces {
    Pieces { left: bytes.chunks(10_000).map(<[u8]>::to_vec).collect(), cut: false }
}

fn file_field() -> FieldName {
    FieldName::new("file").unwrap()
}

pub(crate) async fn send(house: &House, who: &Asked, of: &str, bytes: &mut Pieces) -> Result<Value, No> {
    send_to(house, who, of, None, bytes).await
}

async fn send_to(
    house: &House,
    who: &Asked,
    of: &str,
    record: Option<RecordId>,
    bytes: &mut Pieces,
) -> Result<Value, No> {
    let (kind, field) = (kind(of), file_field());
    let to = FileTo { kind: &kind, field: &field, record, parent: None, name: "../../CV Åsa.exe" };
    house.processing.receive(who, to, bytes).await.map(|waiting| waiting.value)
}

async fn open(house: &House, who: &Asked, of: &str, record: RecordId, version: Option<u64>) -> Result<Vec<u8>, No> {
    let (kind, field) = (kind(of), file_field());
    let of = FileOf { kind: &kind, record, field: &field, version, small: false, taken_out: false };
    let mut opened = house.processing.open_file(who, of).await?;
    let mut all = Vec::new();
    while let Some(piece) = opened.next().await? {
        all.extend_from_slice(&piece);
    }
    assert_eq!(opened.bytes(), Some(all.len() as u64));
    Ok(all)
}

pub(crate) async fn save(house: &House, who: &Asked, of: &str, parent: RecordId, value: &str) -> Result<RecordId, No> {
    house.collect(who, of, Some(parent), Draft::new().with("file", value)).await
}

async fn put(house: &House, who: &Asked, of: &str, record: RecordId, version: u64, value: &str) -> Result<u64, No> {
    let (kind, draft) = (kind(of), Draft::new().with("file", value));
    let change = Change { kind: &kind, record, version, draft, state: None, once: None };
    house.processing.alter(who, change).await
}

fn problem<T>(answer: Result<T, No>) -> FieldProblem {
    match answer {
        Err(No::Invalid(faults)) => faults[0].problem,
        Err(other) => panic!("a problem was expected, not {other:?}"),
        Ok(_) => panic!("a problem was expected"),
    }
}

/// Everything below the folder of files, by name.
pub(crate) fn lying(house: &House) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for shelf in std::fs::read_dir(house.folder.path().join("files")).unwrap() {
        for file in std::fs::read_dir(shelf.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            all.push((path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap()));
        }
    }
    all.sort();
    all
}

pub(crate) async fn case_worker() -> (House, Asked, RecordId) {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let participant = house.participant(&worker, "Åsa").await;
    (house, worker, participant)
}

#[tokio::test]
async fn a_file_is_saved_sealed_opened_under_an_entry_and_named_by_nobody_on_disk() {
    let (house, worker, participant) = case_worker().await;
    let text: Vec<u8> = (0..20_000).flat_map(|n| format!("canary {n}\n").into_bytes()).take(200_000).collect();
    let value = send(&house, &worker, "paper", &mut whole(&text)).await.unwrap();
    let paper = save(&house, &worker, "paper", participant, &value).await.unwrap();
    assert_eq!(open(&house, &worker, "paper", paper, None).await.unwrap(), text);

    let opened = house.processing.consult(&worker, &kind("paper"), paper).await.unwrap();
    let told = seen(opened.as_ref())[0].field("file").unwrap().to_owned();
    let facts = FileFacts::read(&told).unwrap();
    assert_eq!((facts.name, facts.bytes, facts.media.extension), ("CV Åsa.txt", 200_000, "txt"));

    let on_disk = lying(&house);
    assert_eq!(on_disk.len(), 2, "the file and its key");
    for (name, bytes) in &on_disk {
        assert!(name.starts_with(&facts.file.to_string()));
        assert!(!bytes.windows(6).any(|window| window == b"canary"));
    }
    let administrator = asked(house.person(house.north, "administrator", "Adam").await, house.north, "provide");
    let log = house.log(&administrator).await;
    let opening = log
        .iter()
        .find(|one| one.entry.detail.fields.len() == 1 && one.entry.detail.verb == Some(terms::Verb::Consult));
    assert_eq!(opening.unwrap().entry.detail.fields[0], file_field());

    let house = house.reopened();
    assert_eq!(open(&house, &worker, "paper", paper, None).await.unwrap(), text, "after a restart too");
}

#[tokio::test]
async fn a_file_is_carried_away_by_the_rule_for_taking_out_and_by_no_other() {
    let (house, worker, participant) = case_worker().await;
    let value = send(&house, &worker, "paper", &mut whole(b"hej")).await.unwrap();
    let paper = save(&house, &worker, "paper", participant, &value).await.unwrap();
    let head = asked(house.person(house.north, "unit-head", "Örjan").await, house.north, "provide");
    let (kind, field) = (kind("paper"), file_field());
    let of = || FileOf { kind: &kind, record: paper, field: &field, version: Some(1), small: false, taken_out: true };
    // Who may read it may not therefore carry it away.
    assert_eq!(open(&house, &worker, "paper", paper, None).await.unwrap(), b"hej");
    assert_eq!(refused(house.processing.open_file(&worker, of()).await).0, "no-rule");
    let mut opened = house.processing.open_file(&head, of()).await.ok().unwrap();
    assert_eq!(opened.next().await.ok().unwrap().unwrap().as_slice(), b"hej");
    let administrator = asked(house.person(house.north, "administrator", "Adam").await, house.north, "provide");
    let log = house.log(&administrator).await;
    let taken = log.iter().find(|one| {
        one.entry.detail.verb == Some(terms::Verb::Retrieve) && one.entry.detail.outcome == journal::Outcome::Granted
    });
    assert_eq!(taken.unwrap().entry.detail.fields, [file_field()], "entered with its field");
}

#[tokio::test]
async fn who_may_not_write_or_read_the_field_may_not_send_or_open_its_file() {
    let (house, worker, participant) = case_worker().await;
    let value = send(&house, &worker, "paper", &mut whole(b"hej")).await.unwrap();
    let paper = save(&house, &worker, "paper", participant, &value).await.unwrap();
    let administrator = asked(house.person(house.north, "administrator", "Adam").await, house.north, "provide");
    refused(send(&house, &administrator, "paper", &mut whole(b"hej")).await);
    refused(open(&house, &administrator, "paper", paper, None).await);
    // Another customer's worker finds no such record, by the same path as for one that never was.
    let south = asked(house.person(house.south, "case-worker", "Leo").await, house.south, "provide");
    assert!(matches!(open(&house, &south, "paper", paper, None).await, Err(No::Missing)));
    // A file waits for whoever sent it, and for the field that it was sent for.
    let value = send(&house, &worker, "paper", &mut whole(b"hej")).await.unwrap();
    let other = asked(house.person(house.north, "case-worker", "Moa").await, house.north, "provide");
    assert_eq!(problem(save(&house, &other, "paper", participant, &value).await), FieldProblem::FileGone);
    assert_eq!(problem(save(&house, &worker, "kept-paper", participant, &value).await), FieldProblem::FileGone);
    let renamed = value.replace("CV", "AB");
    assert_eq!(problem(save(&house, &worker, "paper", participant, &renamed).await), FieldProblem::FileGone);
    save(&house, &worker, "paper", participant, &value).await.unwrap();
    // One file is one record's.
    assert_eq!(problem(save(&house, &worker, "paper", participant, &value).await), FieldProblem::FileGone);
}

#[tokio::test]
async fn what_is_wrong_is_told_and_nothing_of_it_is_kept() {
    let (house, worker, participant) = case_worker().await;
    let active = b"%PDF-1.7\n1 0 obj\n<</OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>\nendobj\n%%EOF";
    let limit = FieldProblem::FileTooLarge { max_bytes: 300_000 };
    let hundred = Pieces { left: std::iter::repeat_n(vec![b'a'; 1_000_000], 100).collect(), cut: false };
    let cut = Pieces { left: vec![vec![b'a'; 290_000]], cut: true };
    for (mut bytes, expected) in [
        (whole(active), FieldProblem::FileActive),
        (whole(b"\x89PNG\r\n\x1a\n no picture at all"), FieldProblem::NotAPicture),
        (whole(b"MZ\x90\0\x03\0\0\0"), FieldProblem::FileForm),
        (whole(b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>"), FieldProblem::FileForm),
        (whole(b""), FieldProblem::FileEmpty),
        (hundred, limit),
        (cut, FieldProblem::FileCutOff),
    ] {
        assert_eq!(problem(send(&house, &worker, "paper", &mut bytes).await), expected);
        assert!(lying(&house).is_empty(), "{expected:?}");
    }
    assert_eq!(problem(save(&house, &worker, "paper", participant, "").await), FieldProblem::Required);
    assert_eq!(problem(save(&house, &worker, "paper", participant, "cv.pdf").await), FieldProblem::NotAFile);
}

#[tokio::test]
async fn a_replaced_file_is_gone_where_no_versions_are_kept_and_stays_where_they_are() {
    let (house, worker, participant) = case_worker().await;
    for (of, files) in [("paper", 1), ("kept-paper", 2)] {
        let one = send(&house, &worker, of, &mut whole(b"ett")).await.unwrap();
        let record = save(&house, &worker, of, participant, &one).await.unwrap();
        let before = lying(&house).len();
        let two = send_to(&house, &worker, of, Some(record), &mut whole(b"tva")).await.unwrap();
        assert_eq!(put(&house, &worker, of, record, 1, &two).await.unwrap(), 2);
        // What stands there, sent back, changes nothing of the file.
        assert_eq!(put(&house, &worker, of, record, 2, &two).await.unwrap(), 3);
        assert_eq!(open(&house, &worker, of, record, None).await.unwrap(), b"tva");
        assert_eq!(lying(&house).len() - before, (files - 1) * 2);
        match files {
            1 => assert!(matches!(open(&house, &worker, of, record, Some(1)).await, Err(No::Missing))),
            _ => assert_eq!(open(&house, &worker, of, record, Some(1)).await.unwrap(), b"ett"),
        }
    }
    let emptied = send(&house, &worker, "kept-paper", &mut whole(b"bort")).await.unwrap();
    let record = save(&house, &worker, "kept-paper", participant, &emptied).await.unwrap();
    put(&house, &worker, "kept-paper", record, 1, "").await.unwrap();
    assert!(open(&house, &worker, "kept-paper", record, None).await.is_err());
    assert_eq!(open(&house, &worker, "kept-paper", record, Some(1)).await.unwrap(), b"bort");
}

/// A sender that has begun and says nothing more.
struct Held;

impl Incoming for Held {
    fn next(&mut self) -> Piece<'_, Vec<u8>, CutOff> {
        Box::pin(core::future::pending())
    }
}

#[tokio::test]
async fn so_many_files_arrive_at_once_and_no_more_and_none_where_the_reserve_would_be_touched() {
    let (house, worker, _) = case_worker().await;
    let mut held = Vec::new();
    for _ in 0..4 {
        let (processing, worker) = (Arc::clone(&house.processing), worker.clone());
        held.push(tokio::spawn(async move {
            let (kind, field) = (kind("paper"), file_field());
            // The file that is tried below may have come first and have one of the four places for a moment.
            loop {
                let to = FileTo { kind: &kind, field: &field, record: None, parent: None, name: "a.txt" };
                drop(processing.receive(&worker, to, &mut Held).await);
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
        }));
    }
    let mut refused = false;
    for _ in 0..200 {
        refused = matches!(send(&house, &worker, "paper", &mut whole(b"Plan")).await, Err(No::Unavailable(_)));
        if refused {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert!(refused, "the fifth of one person waits");
    let other = asked(house.person(house.north, "case-worker", "Leo").await, house.north, "provide");
    send(&house, &other, "paper", &mut whole(b"Plan")).await.unwrap();
    for one in held {
        one.abort();
        drop(one.await);
    }
    send(&house, &worker, "paper", &mut whole(b"Plan")).await.unwrap();
    // A disk that is nearly full: readings go on, and what would eat the reserve is refused before a byte of it is kept.
    let house = house.with_reserve(u64::MAX - (1 << 40));
    let lay = lying(&house).len();
    assert!(matches!(send(&house, &worker, "paper", &mut whole(b"Plan")).await, Err(No::Unavailable(_))));
    assert_eq!(lying(&house).len(), lay);
}

#[tokio::test]
async fn an_erasure_is_not_certified_while_the_room_that_holds_its_files_is_away() {
    let (house, worker, participant) = case_worker().await;
    let value = send(&house, &worker, "paper", &mut whole(b"Plan")).await.unwrap();
    save(&house, &worker, "paper", participant, &value).await.unwrap();
    let lay = lying(&house).len();
    assert!(lay > 0);
    let head = asked(house.person(house.north, "unit-head", "Örjan").await, house.north, "provide");
    let (_, hash) = house.processing.plan_erasure(&head, &kind("participant"), participant).await.ok().unwrap();
    let house = house.without_files();
    let to = ToErase { kind: &kind("participant"), record: participant, plan: hash, back_until: None };
    assert!(matches!(house.processing.erase(&head, to).await, Err(No::Unavailable(_))));
    assert!(house.processing.certificates(&head).await.ok().unwrap().is_empty(), "nobody says that it is done");
    assert_eq!(lying(&house).len(), lay);
    let place = Arc::new(Folder::open(&house.folder.path().join("files")).unwrap());
    let house = house.with_files(Files::new(place, None));
    assert_eq!(house.processing.finish_erasures().await.ok(), Some(1));
    assert_eq!(house.processing.certificates(&head).await.ok().unwrap().len(), 1);
    assert_eq!(lying(&house).len(), 0);
}

#[tokio::test]
async fn a_file_that_is_never_saved_is_swept_and_one_that_was_saved_is_not() {
    let (house, worker, participant) = case_worker().await;
    let value = send(&house, &worker, "paper", &mut whole(b"sparad")).await.unwrap();
    let paper = save(&house, &worker, "paper", participant, &value).await.unwrap();
    send(&house, &worker, "paper", &mut whole(b"aldrig sparad")).await.unwrap();
    assert_eq!(lying(&house).len(), 3);
    let house = house.reopened();
    assert_eq!(lying(&house).len(), 2);
    assert_eq!(open(&house, &worker, "paper", paper, None).await.unwrap(), b"sparad");
    // Nor does it wait for ever while the program runs.
    let value = send(&house, &worker, "paper", &mut whole(b"vantar")).await.unwrap();
    house.later(61 * 60);
    house.processing.tick_files().await;
    assert_eq!(lying(&house).len(), 2);
    assert_eq!(problem(save(&house, &worker, "paper", participant, &value).await), FieldProblem::FileGone);
}

#[tokio::test]
async fn the_same_writing_asked_for_again_makes_no_second_record_of_the_file() {
    let (house, worker, participant) = case_worker().await;
    let value = send(&house, &worker, "paper", &mut whole(b"en gang")).await.unwrap();
    let of = kind("paper");
    let ask = || New {
        kind: &of,
        parent: Some(participant),
        draft: Draft::new().with("file", &value),
        once: Some("knappen".to_owned()),
    };
    let (one, again) = (
        house.processing.collect(&worker, ask()).await.unwrap(),
        house.processing.collect(&worker, ask()).await.unwrap(),
    );
    assert_eq!(one, again);
    assert_eq!(open(&house, &worker, "paper", one, None).await.unwrap(), b"en gang");
}

#[tokio::test]
async fn two_files_sent_at_once_are_two_files() {
    let (house, worker, participant) = case_worker().await;
    let (mut a, mut b) = (whole(&[b'a'; 150_000]), whole(&[b'b'; 150_000]));
    let (one, other) = tokio::join!(send(&house, &worker, "paper", &mut a), send(&house, &worker, "paper", &mut b));
    let one = save(&house, &worker, "paper", participant, &one.unwrap()).await.unwrap();
    let other = save(&house, &worker, "paper", participant, &other.unwrap()).await.unwrap();
    assert_eq!(open(&house, &worker, "paper", one, None).await.unwrap(), [b'a'; 150_000]);
    assert_eq!(open(&house, &worker, "paper", other, None).await.unwrap(), [b'b'; 150_000]);
}

#[tokio::test]
async fn a_file_changed_on_disk_does_not_open() {
    let (house, worker, participant) = case_worker().await;
    let value = send(&house, &worker, "paper", &mut whole(&[b'a'; 150_000])).await.unwrap();
    let paper = save(&house, &worker, "paper", participant, &value).await.unwrap();
    let file = FileFacts::read(&value).unwrap().file.to_string();
    let path = house.folder.path().join("files").join(&file[..2]).join(&file);
    let bytes = std::fs::read(&path).unwrap();
    // Cut at the end of a piece: each piece that is left opens, but none of them was sealed as the last.
    std::fs::write(&path, &bytes[..2 * (64 * 1024 + 28)]).unwrap();
    assert!(matches!(open(&house, &worker, "paper", paper, None).await, Err(No::Unavailable(_))));
    std::fs::write(&path, &bytes).unwrap();
    assert!(open(&house, &worker, "paper", paper, None).await.is_ok());
}

#[tokio::test]
async fn a_scanner_that_does_not_answer_lets_nothing_through() {
    let (house, worker, _) = case_worker().await;
    let folder = house.folder.path().join("files");
    let away = Scanner::Unix(house.folder.path().join("no-such-socket"));
    let house = house.with_files(Files::new(Arc::new(Folder::open(&folder).unwrap()), Some(away)));
    assert!(matches!(send(&house, &worker, "paper", &mut whole(b"hej")).await, Err(No::Unavailable(_))));
    assert!(lying(&house).is_empty());
}
