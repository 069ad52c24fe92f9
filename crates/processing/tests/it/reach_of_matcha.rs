//! Who reaches whom under the agreement of Matcha as it is: the case worker what is assigned to it, the unit head its unit, and
//! with a participant everything that belongs to it.

use service::{Begin, Change, Door, Draft, Imports, New, No, Page, ToErase, Whole};
use terms::{Instant, RecordId};

use crate::house::{House, MATCHA, asked, kind, refused, seen};

const FILE: &str = r#"
[file]
service = "matcha"
version = "1"
[list.units]
label = { sv = "Enheter", en = "Units" }
values = [
  { value = "ka-1001", label = { sv = "Norr", en = "North" } },
  { value = "ka-1002", label = { sv = "Söder", en = "South" } },
]
"#;

struct Office {
    house: House,
    boss: service::Asked,
}

struct Staff {
    asked: service::Asked,
    own: RecordId,
}

impl Office {
    async fn new() -> Self {
        let house = House::with(MATCHA).await;
        let boss = asked(house.person(house.north, "administrator", "Birgitta").await, house.north, "provide");
        house.processing.adopt_file(Some(boss.actor), house.north, Instant(0), FILE).await.unwrap();
        Self { house, boss }
    }

    async fn staff(&self, role: &str, name: &str, unit: &str) -> Staff {
        let draft = Draft::new()
            .with("given-name", name)
            .with("family-name", "Prov")
            .with("email", "prov@kund.example")
            .with("access-level", role)
            .with("unit", unit);
        let own = self.house.collect(&self.boss, "user", None, draft).await.unwrap();
        let person = self.house.store.head(&self.house.north, &own).unwrap().unwrap().person;
        self.house.account(self.house.north, person, role, name, Some(own)).await;
        Staff { asked: asked(person, self.house.north, "provide"), own }
    }

    fn draft(name: &str, unit: &str, worker: RecordId) -> Draft {
        Draft::new()
            .with("given-name", name)
            .with("family-name", "Deltagare")
            .with("unit", unit)
            .with("case-worker", &worker.to_string())
    }

    /// The given names that this person finds in the list of participants, in order.
    async fn names(&self, of: &Staff) -> Vec<String> {
        let listed = self.house.processing.list(&of.asked, &kind("participant"), None, Page::default()).await.unwrap();
        let mut names: Vec<String> =
            seen(&*listed.opened).iter().filter_map(|one| one.field("given-name").map(str::to_owned)).collect();
        names.sort();
        names
    }

    async fn hand_over(&self, by: &Staff, record: RecordId, version: u64, to: RecordId) -> Result<u64, service::No> {
        let draft = Draft::new().with("case-worker", &to.to_string());
        let change = Change { kind: &kind("participant"), record, version, draft, state: None, once: None };
        self.house.processing.alter(&by.asked, change).await
    }
}

// runs: M-SP.10a
#[tokio::test]
async fn a_case_worker_reaches_what_is_assigned_to_it_and_a_unit_head_the_unit() {
    let office = Office::new().await;
    let sara = office.staff("case-worker", "Sara", "ka-1001").await;
    let leyla = office.staff("case-worker", "Leyla", "ka-1002").await;
    let orjan = office.staff("unit-head", "Örjan", "ka-1001").await;
    let house = &office.house;
    let asa = house.collect(&sara.asked, "participant", None, Office::draft("Åsa", "ka-1001", sara.own)).await.unwrap();
    let bo = house.collect(&leyla.asked, "participant", None, Office::draft("Bo", "ka-1002", leyla.own)).await.unwrap();
    assert_eq!(office.names(&sara).await, ["Åsa"]);
    assert_eq!(office.names(&leyla).await, ["Bo"]);
    assert_eq!(office.names(&orjan).await, ["Åsa"]);

    // Nobody writes a participant that it will not reach, or writes it away.
    let out = ("out-of-reach".to_owned(), "S.10".to_owned());
    for (by, draft) in [
        (&sara, Office::draft("Cia", "ka-1001", leyla.own)),
        (&sara, Draft::new().with("given-name", "Cia").with("family-name", "Utan")),
        (&orjan, Office::draft("Cia", "ka-1002", sara.own)),
    ] {
        assert_eq!(refused(house.collect(&by.asked, "participant", None, draft).await), out);
    }

    // What belongs to a participant goes with it, next of kin too.
    let note = Draft::new().with("date", "2026-11-20").with("text", "Kort avstämning.");
    let note = house.collect(&leyla.asked, "day-note", Some(bo), note).await.unwrap();
    let kin = house.collect(&leyla.asked, "next-of-kin", Some(bo), Draft::new().with("name", "Eva")).await.unwrap();
    for (of, record) in [("participant", bo), ("day-note", note), ("next-of-kin", kin)] {
        assert_eq!(refused(house.processing.consult(&sara.asked, &kind(of), record).await.map(drop)), out, "{of}");
        assert!(house.processing.consult(&leyla.asked, &kind(of), record).await.is_ok(), "{of}");
    }
    let listed = house.processing.list(&orjan.asked, &kind("day-note"), Some(bo), Page::default()).await;
    assert_eq!(refused(listed.map(drop)), out);
    let taken = house.processing.retrieve(&orjan.asked, &kind("participant"), bo, Whole::Person).await;
    assert_eq!(refused(taken.map(drop)), out);
    assert!(house.processing.retrieve(&orjan.asked, &kind("participant"), asa, Whole::Person).await.is_ok());
    let planned = house.processing.plan_erasure(&orjan.asked, &kind("participant"), bo).await;
    assert_eq!(refused(planned.map(drop)).0, "out-of-reach");
    assert!(house.processing.plan_erasure(&office.boss, &kind("participant"), bo).await.is_ok());
}

// runs: M-SP.7c
#[tokio::test]
async fn a_participant_that_is_handed_over_is_the_new_case_workers_and_no_longer_the_earlier_ones() {
    let office = Office::new().await;
    let sara = office.staff("case-worker", "Sara", "ka-1001").await;
    let mattias = office.staff("case-worker", "Mattias", "ka-1001").await;
    let orjan = office.staff("unit-head", "Örjan", "ka-1001").await;
    let gunnel = office.staff("unit-head", "Gunnel", "ka-1002").await;
    let asa = office
        .house
        .collect(&sara.asked, "participant", None, Office::draft("Åsa", "ka-1001", sara.own))
        .await
        .unwrap();
    assert_eq!(refused(office.hand_over(&mattias, asa, 1, mattias.own).await).0, "out-of-reach");
    assert_eq!(refused(office.hand_over(&gunnel, asa, 1, mattias.own).await).0, "out-of-reach");
    office.hand_over(&orjan, asa, 1, mattias.own).await.unwrap();
    assert_eq!(office.names(&mattias).await, ["Åsa"]);
    assert!(office.names(&sara).await.is_empty());
    assert_eq!(refused(office.hand_over(&sara, asa, 2, sara.own).await).0, "out-of-reach");
    // Whoever has it may hand it on.
    office.hand_over(&mattias, asa, 2, sara.own).await.unwrap();
    assert_eq!(office.names(&sara).await, ["Åsa"]);
}

#[tokio::test]
async fn one_sees_ones_own_level_unit_and_employment_and_nobody_elses() {
    let office = Office::new().await;
    let sara = office.staff("case-worker", "Sara", "ka-1001").await;
    let mattias = office.staff("case-worker", "Mattias", "ka-1001").await;
    let unit = async |of: &Staff, record| {
        let opened = office.house.processing.consult(&of.asked, &kind("user"), record).await.unwrap();
        seen(&*opened).remove(0).field("unit").map(str::to_owned)
    };
    assert_eq!(unit(&sara, sara.own).await.as_deref(), Some("ka-1001"));
    assert_eq!(unit(&sara, mattias.own).await, None);
    for of in [&sara, &mattias] {
        let rate = Draft::new().with("from", "2026-01-01").with("rate", "80");
        office.house.collect(&office.boss, "employment", Some(of.own), rate).await.unwrap();
    }
    let listed = office.house.processing.list(&sara.asked, &kind("employment"), None, Page::default()).await.unwrap();
    assert_eq!(seen(&*listed.opened).len(), 1);
}

/// Erases a participant, and gives the certificate's id.
async fn erased(office: &Office, by: &service::Asked, record: RecordId) -> RecordId {
    let processing = &office.house.processing;
    let (_, plan) = processing.plan_erasure(by, &kind("participant"), record).await.ok().unwrap();
    processing.erase(by, ToErase { kind: &kind("participant"), record, plan, back_until: None }).await.ok().unwrap()
}

#[tokio::test]
async fn certificates_are_read_by_whoever_erased_may_erase_all_or_sees_the_log_and_by_no_candidate() {
    let office = Office::new().await;
    let house = &office.house;
    let sara = office.staff("case-worker", "Sara", "ka-1001").await;
    let orjan = office.staff("unit-head", "Örjan", "ka-1001").await;
    let gunnel = office.staff("unit-head", "Gunnel", "ka-1002").await;
    let mut made = Vec::new();
    for name in ["Åsa", "Bo"] {
        made.push(
            house.collect(&sara.asked, "participant", None, Office::draft(name, "ka-1001", sara.own)).await.unwrap(),
        );
    }
    let by_head = erased(&office, &orjan.asked, made[0]).await;
    let by_boss = erased(&office, &office.boss, made[1]).await;
    let of = async |who: &service::Asked| {
        let mut ids: Vec<RecordId> =
            house.processing.certificates(who).await.ok().unwrap().iter().map(|one| one.certificate.id).collect();
        ids.sort_unstable();
        ids
    };
    let mut both = vec![by_head, by_boss];
    both.sort_unstable();
    assert_eq!(of(&office.boss).await, both);
    assert_eq!(of(&orjan.asked).await, [by_head]);
    assert!(of(&gunnel.asked).await.is_empty());
    assert!(house.processing.certificate(&orjan.asked, by_head).await.is_ok());
    for (head, id) in [(&orjan, by_boss), (&gunnel, by_head), (&gunnel, by_boss)] {
        assert!(matches!(house.processing.certificate(&head.asked, id).await, Err(No::Missing)));
        assert!(matches!(house.processing.certificate_proof(&head.asked, id).await, Err(No::Missing)));
    }

    let candidate = asked(house.person(house.north, "candidate", "Cia").await, house.north, "provide");
    assert_eq!(refused(house.processing.certificates(&candidate).await.map(drop)).0, "no-rule");
    assert_eq!(refused(house.processing.certificate(&candidate, by_head).await.map(drop)).0, "no-rule");
    assert_eq!(refused(house.processing.certificate_proof(&candidate, by_head).await.map(drop)).0, "no-rule");
}

#[tokio::test]
async fn a_support_case_opens_no_participant_that_its_opener_does_not_reach() {
    let office = Office::new().await;
    let house = &office.house;
    let sara = office.staff("case-worker", "Sara", "ka-1001").await;
    let leyla = office.staff("case-worker", "Leyla", "ka-1002").await;
    let bo = house.collect(&leyla.asked, "participant", None, Office::draft("Bo", "ka-1002", leyla.own)).await.unwrap();
    let opens = async |by: &Staff, parent| {
        let draft = Draft::new().with("matter", "Fel summa");
        let new = New { kind: &kind("support-case"), parent, draft, once: None };
        house.processing.collect(&by.asked, new).await
    };
    assert!(matches!(opens(&sara, Some(bo)).await, Err(No::Missing)));
    let log = house.log(&office.boss).await;
    assert!(log.iter().any(|one| {
        one.entry.detail.actor == Some(sara.asked.actor) && one.entry.detail.reason.as_deref() == Some("out-of-reach")
    }));
    assert!(opens(&sara, None).await.is_ok());
    assert!(opens(&leyla, Some(bo)).await.is_ok());
}

#[tokio::test]
async fn the_undoing_of_an_import_under_a_parent_out_of_reach_tells_nothing_of_it() {
    let office = Office::new().await;
    let house = &office.house;
    let leyla = office.staff("case-worker", "Leyla", "ka-1002").await;
    let orjan = office.staff("unit-head", "Örjan", "ka-1001").await;
    let gunnel = office.staff("unit-head", "Gunnel", "ka-1002").await;
    let bo = house.collect(&leyla.asked, "participant", None, Office::draft("Bo", "ka-1002", leyla.own)).await.unwrap();
    let begin = Begin { kind: &kind("day-note"), parent: Some(bo), rows: 1, once: "fil" };
    let import = house.processing.begin(&leyla.asked, begin).await.unwrap();
    assert!(matches!(house.processing.plan_undo(&orjan.asked, import.id).await, Err(No::Missing)));
    assert!(house.processing.plan_undo(&gunnel.asked, import.id).await.is_ok());
}
