//! Legal holds: what is held is not erased by anything, whoever asks, until the day or until somebody who may lifts it.

use agreement::Agreement;
use processing::{LogFilter, LoggedAccess};
use service::{
    Against, Asked, Begin, Change, Door, Draft, HeldScope, HoldGround, Imports, KeptWhy, New, No, Page, ToErase,
    ToHold, ToHoldWhat, Value, Whole,
};
use storage::{Hold, HoldScope, HouseOp, LetGo};
use terms::{Instant, RecordId, Verb};

use crate::house::{AGREEMENT, House, MATCHA, asked, kind, refused, seen};

const WORDS: &str = "Kanarietvisten vid tingsrätten";

fn to(what: ToHoldWhat<'_>) -> ToHold<'_> {
    ToHold { what, ground: HoldGround::LegalClaims, until: None, words: None, untold: false }
}

async fn of(house: &House, role: &str, name: &str) -> Asked {
    asked(house.person(house.north, role, name).await, house.north, "provide")
}

fn named(name: &str) -> Draft {
    Draft::new().with("given-name", name).with("family-name", "Prov")
}

async fn erased(house: &House, by: &Asked, of: &str, record: RecordId) -> Result<RecordId, No> {
    let kind = kind(of);
    let (_, plan) = house.processing.plan_erasure(by, &kind, record).await?;
    house.processing.erase(by, ToErase { kind: &kind, record, plan, back_until: None }).await
}

#[tokio::test]
async fn what_is_held_is_not_erased_until_somebody_who_may_lifts_it() {
    let house = House::new().await;
    let (head, worker) = (of(&house, "unit-head", "Örjan").await, of(&house, "case-worker", "Sara").await);
    let administrator = of(&house, "administrator", "Birgitta").await;
    let participant = kind("participant");
    let held = house.collect(&head, "participant", None, named("Åsa")).await.unwrap();
    let other = house.collect(&head, "participant", None, named("Göran")).await.unwrap();
    let note = Draft::new().with("date", "2026-11-20").with("text", "Ringde.");
    let note = house.collect(&head, "day-note", Some(held), note).await.unwrap();
    let wish = || ToHold { words: Some(Value::new(WORDS.to_owned())), ..to(ToHoldWhat::Person(&participant, held)) };
    assert_eq!(refused(house.processing.hold(&worker, wish()).await), ("no-rule".to_owned(), "S.10".to_owned()));
    let past = ToHold { until: Some(Instant(0)), ..wish() };
    assert!(matches!(house.processing.hold(&head, past).await, Err(No::Invalid(_))));
    let id = house.processing.hold(&head, wish()).await.unwrap();

    // It outlives a start, and is shown in the plan with its clause; all else of the person's goes on as before.
    let house = house.reopened();
    let by_clause = || ("held".to_owned(), "7.1".to_owned());
    let (plan, hash) = house.processing.plan_erasure(&head, &participant, held).await.ok().unwrap();
    let [Against::Held(against)] = plan.against.as_slice() else { panic!("{:?}", plan.against) };
    assert_eq!((against.id, against.ground, against.until), (id, HoldGround::LegalClaims, None));
    let erase = ToErase { kind: &participant, record: held, plan: hash, back_until: None };
    assert_eq!(refused(house.processing.erase(&head, erase).await), by_clause());
    assert_eq!(refused(erased(&house, &administrator, "participant", held).await), by_clause());
    // What belongs to the person's file is held with it, also when it alone is to go.
    assert_eq!(refused(erased(&house, &head, "day-note", note).await), by_clause());
    let read = house.processing.consult(&head, &participant, held).await.ok().unwrap();
    assert_eq!(seen(&*read)[0].field("given-name"), Some("Åsa"));
    assert!(erased(&house, &head, "participant", other).await.is_ok(), "nobody else is held");

    // The register, and the words for whoever may hold.
    let register = house.processing.holds(&administrator).await.unwrap();
    assert_eq!((register.len(), register[0].id, register[0].by), (1, id, head.actor));
    assert!(matches!(&register[0].scope, HeldScope::Person { record, .. } if *record == held));
    let full = house.processing.one_hold(&administrator, id).await.ok().unwrap();
    assert_eq!(full.words.as_ref().map(|words| words.as_str()), Some(WORDS));
    assert_eq!(refused(house.processing.holds(&worker).await).0, "no-rule");
    assert!(house.processing.one_hold(&worker, id).await.is_err());
    let south = asked(house.person(house.south, "administrator", "Cecilia").await, house.south, "provide");
    assert!(matches!(house.processing.one_hold(&south, id).await, Err(No::Missing)));
    assert!(house.processing.holds(&south).await.unwrap().is_empty());
    assert!(matches!(house.processing.lift_hold(&south, id).await, Err(No::Missing)));

    assert_eq!(refused(house.processing.lift_hold(&worker, id).await).0, "no-rule");
    house.processing.lift_hold(&administrator, id).await.unwrap();
    assert!(matches!(house.processing.lift_hold(&administrator, id).await, Err(No::Missing)));
    let ended = house.processing.holds(&head).await.unwrap()[0].ended.clone().unwrap();
    assert_eq!(ended.by, Some(administrator.actor));
    assert!(erased(&house, &head, "participant", held).await.is_ok());
    assert!(house.processing.holds(&administrator).await.unwrap().is_empty(), "its row goes with the person");
}

#[tokio::test]
async fn words_lie_sealed_and_go_with_the_person() {
    let house = House::new().await;
    let head = of(&house, "unit-head", "Örjan").await;
    let participant = kind("participant");
    let record = house.collect(&head, "participant", None, named("Åsa")).await.unwrap();
    let wish = to(ToHoldWhat::Person(&participant, record));
    let wish = ToHold { words: Some(Value::new(WORDS.to_owned())), ..wish };
    let id = house.processing.hold(&head, wish).await.unwrap();
    fn files(folder: &std::path::Path, all: &mut Vec<Vec<u8>>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { files(&path, all) } else { all.push(std::fs::read(path).unwrap_or_default()) }
        }
    }
    let found = |bytes: &[u8]| {
        let mut all = Vec::new();
        files(house.folder.path(), &mut all);
        all.iter().any(|file| file.windows(bytes.len()).any(|window| window == bytes))
    };
    assert!(!found(WORDS.as_bytes()));
    let hold = house.store.all_holds(&house.north).unwrap().remove(0);
    let sealed = hold.words.unwrap().sealed;
    assert!(found(&sealed), "it is there, sealed");
    house.processing.lift_hold(&head, id).await.unwrap();
    let certificate = erased(&house, &head, "participant", record).await.unwrap();
    let certificate = house.processing.certificate(&head, certificate).await.ok().unwrap().certificate;
    assert_eq!(certificate.left.rows, 0);
    assert!(house.store.all_holds(&house.north).unwrap().is_empty());
}

#[tokio::test]
async fn a_hold_ends_by_its_day_and_that_is_entered_once() {
    let house = House::new().await;
    let administrator = of(&house, "administrator", "Birgitta").await;
    let participant = kind("participant");
    let head = of(&house, "unit-head", "Örjan").await;
    let record = house.collect(&head, "participant", None, named("Åsa")).await.unwrap();
    let until = Instant(house.processing.now().micros() + 3_600_000_000);
    let wish = ToHold {
        until: Some(until),
        ground: HoldGround::LegalObligation,
        ..to(ToHoldWhat::Record(&participant, record))
    };
    house.processing.hold(&administrator, wish).await.unwrap();
    assert_eq!(refused(erased(&house, &head, "participant", record).await).0, "held");
    assert_eq!(house.processing.end_holds().await.unwrap(), 0);
    house.later(3_600);
    let house = house.reopened();
    assert_eq!((house.processing.end_holds().await.unwrap(), house.processing.end_holds().await.unwrap()), (1, 0));
    let ended = house.processing.holds(&administrator).await.unwrap()[0].ended.clone().unwrap();
    assert_eq!((ended.by, ended.at), (None, until));
    let log = house.log(&administrator).await;
    let entered = log.iter().filter(|one| one.entry.detail.event.as_deref() == Some("hold-ended"));
    assert_eq!(entered.count(), 1);
    assert!(erased(&house, &head, "participant", record).await.is_ok());
}

#[tokio::test]
async fn a_kind_or_all_that_a_customer_has_is_held_by_whoever_reaches_all_of_it() {
    let house = House::with(MATCHA).await;
    let (head, administrator) = (of(&house, "unit-head", "Örjan").await, of(&house, "administrator", "Birgitta").await);
    let participant = kind("participant");
    let of_kind = || to(ToHoldWhat::Kind(&participant));
    assert_eq!(refused(house.processing.hold(&head, of_kind()).await).0, "out-of-reach");
    assert_eq!(refused(house.processing.hold(&head, to(ToHoldWhat::Customer)).await).0, "out-of-reach");
    let none = kind("no-such-kind");
    assert!(matches!(house.processing.hold(&administrator, to(ToHoldWhat::Kind(&none))).await, Err(No::Missing)));
    let id = house.processing.hold(&administrator, of_kind()).await.unwrap();
    let all = house.processing.hold(&administrator, to(ToHoldWhat::Customer)).await.unwrap();
    let holds = house.store.holds(&house.north, house.processing.now());
    assert_eq!(holds.len(), 2);
    assert!(house.store.holds(&house.south, house.processing.now()).is_empty(), "customers are walls");
    // The unit's head knows of holds, and not of this one: it is answered as one that is not there, and not entered as read.
    for unknown in [all, RecordId([9; 16])] {
        assert!(matches!(house.processing.one_hold(&head, unknown).await, Err(No::Missing)));
    }
    let log = house.log(&administrator).await;
    assert!(log.iter().all(|one| one.entry.detail.event.as_deref() != Some("holds-read")));
    assert!(house.processing.one_hold(&administrator, all).await.is_ok());
    for id in [id, all] {
        house.processing.lift_hold(&administrator, id).await.unwrap();
    }
    assert!(house.store.holds(&house.north, house.processing.now()).is_empty());
}

#[tokio::test]
async fn an_undone_import_leaves_what_is_held_and_says_so() {
    let house = House::new().await;
    let head = of(&house, "unit-head", "Örjan").await;
    let participant = kind("participant");
    let begin = Begin { kind: &participant, parent: None, rows: 2, once: "held" };
    let import = house.processing.begin(&head, begin).await.unwrap();
    let mut records = Vec::new();
    for (row, name) in [(1, "Åsa"), (2, "Göran")] {
        let new = New { kind: &participant, parent: None, draft: named(name), once: Some(import.key_of(row)) };
        records.push(house.processing.collect(&head, new).await.unwrap());
    }
    house.processing.end(&head, import.id).await.unwrap();
    house.processing.hold(&head, to(ToHoldWhat::Record(&participant, records[0]))).await.unwrap();
    let undoing = house.processing.plan_undo(&head, import.id).await.unwrap();
    let kept: Vec<_> = undoing.kept.iter().map(|one| (one.row, one.why)).collect();
    assert_eq!((undoing.goes, kept), (1, vec![(1, KeptWhy::Held)]));
    house.processing.undo(&head, import.id, undoing.plan).await.unwrap();
    assert!(house.store.record(&house.north, &records[0]).unwrap().is_some());
}

#[tokio::test]
async fn an_alteration_is_no_way_round_a_hold() {
    let house = House::new().await;
    let head = of(&house, "unit-head", "Örjan").await;
    let record = house.collect(&head, "participant", None, named("Åsa")).await.unwrap();
    let kin = house.collect(&head, "next-of-kin", Some(record), Draft::new().with("name", "Anders")).await.unwrap();
    let of_kin = kind("next-of-kin");
    let alter = |version, name: &str| {
        let draft = Draft::new().with("name", name);
        Change { kind: &of_kin, record: kin, version, draft, state: None, once: None }
    };
    house.processing.alter(&head, alter(1, "Anders B")).await.unwrap();
    let before = house.store.past(&house.north, &kin).unwrap().len();
    let participant = kind("participant");
    house.processing.hold(&head, to(ToHoldWhat::Person(&participant, record))).await.unwrap();
    house.processing.alter(&head, alter(2, "Någon annan")).await.unwrap();
    assert_eq!(house.store.past(&house.north, &kin).unwrap().len(), before + 1, "what it said is kept");
}

#[tokio::test]
async fn what_the_agreement_says_of_holds_limits_them_under_its_clause() {
    let limited = AGREEMENT.replace(
        "grounds = { not-found = \"på vilken grund en radering får stoppas; artikel 17.3 gäller\" }\nat-most = { not-found = \"hur länge en radering får stoppas\" }",
        "grounds = [\"legal-claims\"]\nat-most = \"30 days\"",
    );
    assert_ne!(limited, *AGREEMENT);
    Agreement::read("agreement.sv.md", &limited).unwrap();
    let house = House::with(&limited).await;
    let head = of(&house, "unit-head", "Örjan").await;
    let participant = kind("participant");
    let record = house.collect(&head, "participant", None, named("Åsa")).await.unwrap();
    let wish = || to(ToHoldWhat::Person(&participant, record));
    let by_clause = || ("prohibited".to_owned(), "14.2".to_owned());
    let archiving = ToHold { ground: HoldGround::Archiving, ..wish() };
    assert_eq!(refused(house.processing.hold(&head, archiving).await), by_clause());
    let day = 86_400_000_000;
    let long = ToHold { until: Some(Instant(house.processing.now().micros() + 40 * day)), ..wish() };
    assert_eq!(refused(house.processing.hold(&head, long).await), by_clause());
    house.processing.hold(&head, wish()).await.unwrap();
    let until = house.processing.holds(&head).await.unwrap()[0].until.unwrap().micros();
    let days = (until - house.processing.now().micros()) / day;
    assert!((29..=31).contains(&days), "without a day it stands as long as the agreement lets it: {days}");
}

#[tokio::test]
async fn the_data_subject_is_told_of_it_unless_a_law_forbids_that() {
    let house = House::new().await;
    let head = of(&house, "unit-head", "Örjan").await;
    let participant = kind("participant");
    let record = house.collect(&head, "participant", None, named("Åsa")).await.unwrap();
    for untold in [false, true] {
        let wish = ToHold { untold, ..to(ToHoldWhat::Person(&participant, record)) };
        house.processing.hold(&head, wish).await.unwrap();
    }
    let taken = house.processing.retrieve(&head, &participant, record, Whole::Person).await.ok().unwrap();
    assert_eq!(taken.holds.len(), 1);
    assert!(!taken.holds[0].untold);
    assert_eq!(house.processing.holds_on(&head, &participant, record).await.unwrap().len(), 2);
    // Nor does the log that goes along tell of it, while there is one that must not be told: not that it was placed or read, nor
    // that an erasure met it. Everything else stands there.
    assert_eq!(refused(erased(&house, &head, "participant", record).await).0, "held");
    assert!(taken.conceals);
    let administrator = of(&house, "administrator", "Birgitta").await;
    let whole = LogFilter { person: Some(taken.person), limit: 100, ..LogFilter::default() };
    let whole = house.processing.who_looked(&administrator, &whole).await.unwrap();
    let given = LogFilter { person: Some(taken.person), limit: 100, conceals: true, ..LogFilter::default() };
    let given = house.processing.who_looked(&administrator, &given).await.unwrap();
    let tells = |one: &LoggedAccess| {
        let detail = &one.entry.detail;
        detail.verb == Some(Verb::Hold)
            || detail.event.as_deref() == Some("holds-read")
            || detail.reason.as_deref() == Some("held")
    };
    assert_eq!(whole.iter().filter(|one| tells(one)).count(), 4, "placed twice, read, met");
    assert!(!given.iter().any(tells));
    assert_eq!(given.len() + 4, whole.len());
    // A restriction does not keep anybody from holding: the law lets restricted data be kept for legal claims.
    let why = service::Ground::LegalClaims;
    let restrict = service::ToRestrict { kind: &participant, record, why, until: None };
    house.processing.restrict(&head, restrict).await.unwrap();
    house.processing.hold(&head, to(ToHoldWhat::Person(&participant, record))).await.unwrap();
    let listed = house.processing.list(&head, &participant, None, Page::default()).await.ok().unwrap();
    assert!(seen(&*listed.opened)[0].fields.is_empty(), "and it is restricted still");
}

#[tokio::test]
async fn a_hold_that_comes_between_decision_and_deed_stops_the_deed() {
    let house = House::new().await;
    let head = of(&house, "unit-head", "Örjan").await;
    let participant = kind("participant");
    let record = house.collect(&head, "participant", None, named("Åsa")).await.unwrap();
    let (_, plan) = house.processing.plan_erasure(&head, &participant, record).await.ok().unwrap();
    let hold = house.processing.hold(&head, to(ToHoldWhat::Person(&participant, record)));
    let erase = house.processing.erase(&head, ToErase { kind: &participant, record, plan, back_until: None });
    let (held, erased) = tokio::join!(hold, erase);
    // Whichever came first: both cannot be.
    assert!(held.is_err() || erased.is_err());
    let there = house.store.record(&house.north, &record).unwrap().is_some();
    assert_eq!(there, erased.is_err());
}

#[test]
fn a_hold_is_read_back_from_the_journal_as_it_was_written() {
    let hold = Hold {
        id: RecordId([1; 16]),
        tenant: terms::TenantId([2; 16]),
        scope: HoldScope::Record {
            record: RecordId([3; 16]),
            kind: kind("day-note"),
            person: terms::PersonId([4; 16]),
        },
        by: terms::PersonId([5; 16]),
        clause: terms::ClauseId::new("rights-help").unwrap(),
        agreement: terms::AgreementHash([6; 32]),
        ground: "legal-claims".to_owned(),
        since: Instant(7),
        until: Some(Instant(8)),
        untold: true,
        words: None,
        ended: None,
    };
    let op = storage::Op::PutRow(storage::HouseRow::Hold(hold));
    assert_eq!(minicbor::decode::<storage::Op>(&minicbor::to_vec(&op).unwrap()).unwrap(), op);
}

#[tokio::test]
async fn versions_that_only_a_hold_kept_go_when_it_ends_and_others_stay() {
    let house = House::new().await;
    let head = of(&house, "unit-head", "Örjan").await;
    let administrator = of(&house, "administrator", "Birgitta").await;
    let participant = kind("participant");
    let record = house.collect(&head, "participant", None, named("Åsa")).await.unwrap();
    let alter = async |version: u64, name: &str| {
        house.later(60);
        let draft = Draft::new().with("given-name", name);
        let change = Change { kind: &participant, record, version, draft, state: None, once: None };
        house.processing.alter(&head, change).await.unwrap();
    };
    let kept =
        || house.store.past(&house.north, &record).unwrap().into_iter().map(|one| one.version).collect::<Vec<_>>();
    // Before the hold an earlier version is not kept: the kind keeps the present one alone.
    alter(1, "Åse").await;
    assert!(kept().is_empty());
    house.later(60);
    let place = || house.processing.hold(&administrator, to(ToHoldWhat::Person(&participant, record)));
    let (first, second) = (place().await.unwrap(), place().await.unwrap());
    alter(2, "Asta").await;
    alter(3, "Astrid").await;
    assert_eq!(kept(), [3, 2]);
    // Nor does anything go that was to go before the hold was entered.
    let late = LetGo { versions: vec![(record, 2)], files: Vec::new() };
    let late = house.store.event(house.north, journal::Detail::default(), vec![HouseOp::LetGo(late)]).await;
    assert!(matches!(late, Err(storage::CommitError::Stale)));
    assert_eq!(kept(), [3, 2]);
    // As long as one of the two stands nothing goes.
    house.later(60);
    house.processing.lift_hold(&administrator, first).await.unwrap();
    assert_eq!(kept(), [3, 2]);
    house.later(60);
    house.processing.lift_hold(&administrator, second).await.unwrap();
    assert!(kept().is_empty(), "what only the holds kept is still there");
    let read = house.processing.consult(&head, &participant, record).await.ok().unwrap();
    assert_eq!(seen(&*read)[0].field("given-name"), Some("Astrid"));
    // It is entered how many, and nothing is done twice.
    let told = |one: &LoggedAccess| one.entry.detail.event.as_deref() == Some("held-versions-gone");
    let log = house.log(&administrator).await;
    let gone: Vec<_> = log.iter().filter(|one| told(one)).collect();
    assert_eq!((gone.len(), gone[0].entry.detail.count), (1, Some(2)));
    assert_eq!(house.processing.let_go_after_holds().await.unwrap(), 0);
    // A rebuilt state does not have them either.
    let house = house.rebuilt();
    assert!(house.store.past(&house.north, &record).unwrap().is_empty());
}

#[tokio::test]
async fn a_hold_that_ends_by_its_day_lets_go_what_it_kept_and_a_kind_that_keeps_history_keeps_it() {
    let house = House::new().await;
    let head = of(&house, "unit-head", "Örjan").await;
    let administrator = of(&house, "administrator", "Birgitta").await;
    let (participant, note) = (kind("participant"), kind("day-note"));
    let record = house.collect(&head, "participant", None, named("Åsa")).await.unwrap();
    let draft = Draft::new().with("date", "2026-11-20").with("text", "Ringde.");
    let noted = house.collect(&head, "day-note", Some(record), draft).await.unwrap();
    house.later(60);
    let until = Some(Instant(house.store.now().micros() + 3_600_000_000));
    let wish = ToHold { until, ..to(ToHoldWhat::Person(&participant, record)) };
    house.processing.hold(&administrator, wish).await.unwrap();
    house.later(60);
    for (kind, record, draft) in [
        (&participant, record, Draft::new().with("given-name", "Åse")),
        (&note, noted, Draft::new().with("text", "Ringde igen.")),
    ] {
        let change = Change { kind, record, version: 1, draft, state: None, once: None };
        house.processing.alter(&head, change).await.unwrap();
    }
    let kept = |record| house.store.past(&house.north, &record).unwrap().len();
    assert_eq!((kept(record), kept(noted)), (1, 1));
    // After a start that finds it over.
    house.later(7200);
    assert_eq!(house.processing.end_holds().await.unwrap(), 1);
    house.processing.let_go_after_holds().await.unwrap();
    let keeps_history = usize::from(
        house.processing.kinds(&terms::ServiceName::new("matcha").unwrap()).unwrap().kind(&note).unwrap().history,
    );
    assert_eq!((kept(record), kept(noted)), (0, keeps_history));
}

#[tokio::test]
async fn whoever_may_know_of_no_hold_is_answered_alike_whether_there_is_one_or_not() {
    let house = House::new().await;
    let head = of(&house, "unit-head", "Örjan").await;
    let worker = of(&house, "case-worker", "Sara").await;
    let participant = kind("participant");
    let record = house.collect(&head, "participant", None, named("Åsa")).await.unwrap();
    let there = house.processing.hold(&head, to(ToHoldWhat::Person(&participant, record))).await.unwrap();
    let never = RecordId([7; 16]);
    let read = async |id| refused(house.processing.one_hold(&worker, id).await);
    assert_eq!(read(there).await, read(never).await);
    let lifted = async |id| refused(house.processing.lift_hold(&worker, id).await);
    assert_eq!(lifted(there).await, lifted(never).await);
    // Whoever may know of holds is told that there is none.
    assert!(matches!(house.processing.one_hold(&head, never).await, Err(No::Missing)));
    assert!(matches!(house.processing.lift_hold(&head, never).await, Err(No::Missing)));
    house.processing.lift_hold(&head, there).await.unwrap();
}
