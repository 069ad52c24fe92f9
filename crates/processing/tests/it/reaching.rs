//! Who reaches which record: lists, searches and single readings agree, whatever the units, assignments and roles are.

use std::collections::BTreeSet;

use processing::LogFilter;
use proptest::prelude::*;
use service::{Asked, Begin, Change, Door, Draft, Imports, Narrowed, New, No, Page, Selection, Value, Whole};
use terms::{FieldName, PersonId, RecordId};

use crate::house::{House, asked, kind, refused, seen};

const KINDS: &str = r#"
[service]
name = "small"
label = { sv = "Liten", en = "Small" }
about = { sv = "Prov.", en = "A trial." }

[kind.user]
path = "anvandare"
label = { sv = "Användare", en = "User" }
plural = { sv = "Användare", en = "Users" }
subject = "user"
title = ["name"]
reach = { unit = "unit" }
[[kind.user.field]]
name = "name"
label = { sv = "Namn", en = "Name" }
category = "name"
type = "text"
[[kind.user.field]]
name = "unit"
label = { sv = "Enhet", en = "Unit" }
category = "place"
type = "text"

[kind.participant]
path = "deltagare"
label = { sv = "Deltagare", en = "Participant" }
plural = { sv = "Deltagare", en = "Participants" }
subject = "participant"
title = ["name"]
reach = { unit = "unit", assigned = "worker" }
[[kind.participant.field]]
name = "name"
label = { sv = "Namn", en = "Name" }
category = "name"
type = "text"
search = "words"
[[kind.participant.field]]
name = "unit"
label = { sv = "Enhet", en = "Unit" }
category = "place"
type = "text"
search = "exact"
[[kind.participant.field]]
name = "worker"
label = { sv = "Handledare", en = "Case worker" }
category = "place"
type = "reference"
to = "user"

[kind.note]
path = "anteckningar"
label = { sv = "Anteckning", en = "Note" }
plural = { sv = "Anteckningar", en = "Notes" }
subject = "participant"
parent = "participant"
of = "parent"
title = ["text"]
[[kind.note.field]]
name = "text"
label = { sv = "Text", en = "Text" }
category = "notes"
type = "text"
search = "words"

[kind.paper]
path = "papper"
label = { sv = "Papper", en = "Paper" }
plural = { sv = "Papper", en = "Papers" }
subject = "participant"
parent = "participant"
of = "parent"
title = ["title"]
[[kind.paper.field]]
name = "title"
label = { sv = "Titel", en = "Title" }
category = "papers"
type = "text"

[kind.consent]
path = "samtycken"
label = { sv = "Samtycke", en = "Consent" }
plural = { sv = "Samtycken", en = "Consents" }
subject = "participant"
parent = "participant"
of = "parent"
title = ["version"]
states = ["given", "withdrawn"]
[[kind.consent.field]]
name = "version"
label = { sv = "Version", en = "Version" }
category = "consent"
type = "text"
"#;

/// Every role may the same; they differ in what they reach.
fn agreement() -> String {
    let label = r#"label = { sv = "x", en = "x" }"#;
    let mut text = format!(
        "# Small {{#small}}\n```toml\n[agreement]\nservice = \"small\"\ntitle = {{ sv = \"m\", en = \"m\" }}\nversion = \"1\"\n\
         language = \"en\"\n\n[purpose.provide]\n{label}\n[subject.user]\n{label}\n[subject.participant]\n{label}\n"
    );
    for category in ["name", "place", "notes", "papers", "consent", "log"] {
        text += &format!("[category.{category}]\n{label}\n");
    }
    for role in ["administrator", "head", "worker", "floater", "namer"] {
        text += &format!("[role.{role}]\n{label}\nside = \"controller\"\n");
    }
    text += &format!("[role.candidate]\n{label}\nside = \"subject\"\n");
    for subject in ["user", "participant"] {
        text += &format!(
            "[[declares]]\nsubject = \"{subject}\"\ncategories = [\"name\", \"place\", \"notes\", \"papers\", \"consent\", \"log\"]\n"
        );
    }
    text += "```\n";
    for (number, block) in ["in-force", "purposes", "categories", "access", "subprocessors"].into_iter().enumerate() {
        let from = if block == "in-force" { "from = \"day one\"\n" } else { "" };
        text += &format!(
            "\n## {} {block} {{#{block}}}\n```toml\n[{block}]\n{from}otherwise = \"refuse\"\nchanged-by = \"controller\"\n```\n",
            number + 1
        );
    }
    text += "\n## 6 Log {#log}\n```toml\n[logging]\naccess = \"every request\"\nshown-to = [\"administrator\", \"candidate\"]\n\
             subject = \"user\"\ncategory = \"log\"\nkeep = \"1 year\"\n\n[accounts]\npersonal = true\nshared = \"refuse\"\n\
             subject = \"user\"\ncategory = \"name\"\nchanged-by = \"administrator\"\n```\n";
    let all = "[\"collect\", \"alter\", \"consult\", \"retrieve\"]";
    let mut rules = vec![
        ("user", "administrator", all, "\"declared\"", ""),
        ("participant", "administrator", all, "\"declared\"", ""),
        ("participant", "namer", "\"consult\"", "\"name\"", ""),
        ("participant", "namer", "\"consult\"", "[\"place\", \"notes\"]", "reach = \"unit\"\n"),
        ("participant", "candidate", "\"consult\"", "[\"name\", \"notes\", \"log\"]", "reach = \"own\"\n"),
        ("participant", "candidate", all, "\"consent\"", "reach = \"own\"\n"),
        ("participant", "candidate", all, "\"papers\"", "reach = \"own\"\nneeds-consent = \"consent\"\n"),
    ];
    for (role, reach) in [
        ("head", "reach = \"unit\"\n"),
        ("worker", "reach = \"assigned\"\n"),
        ("floater", "reach = [\"assigned\", \"unit\"]\n"),
    ] {
        rules.push(("participant", role, all, "[\"name\", \"place\", \"notes\", \"consent\"]", reach));
    }
    let papers = [("head", "unit"), ("worker", "assigned"), ("floater", "unit")];
    let papers: Vec<(&str, String)> = papers
        .into_iter()
        .map(|(role, reach)| (role, format!("reach = \"{reach}\"\nneeds-consent = \"consent\"\n")))
        .collect();
    rules.extend(papers.iter().map(|(role, limits)| ("participant", *role, all, "\"papers\"", limits.as_str())));
    for (number, (subject, role, verbs, categories, limits)) in rules.into_iter().enumerate() {
        text += &format!(
            "\n## R.{number} Rule {{#rule-{number}}}\n```toml\n[[may]]\nrole = \"{role}\"\nverbs = {verbs}\npurpose = \"provide\"\n\
             subject = \"{subject}\"\ncategories = {categories}\n{limits}```\n"
        );
    }
    text
}

struct Office {
    house: House,
    administrator: Asked,
}

/// A user of the customer's: who asks, and the record that is its own.
struct Worker {
    asked: Asked,
    own: RecordId,
}

impl Office {
    async fn new() -> Self {
        let house = House::of(&agreement(), KINDS).await;
        let administrator = asked(house.person(house.north, "administrator", "Birgitta").await, house.north, "provide");
        Self { house, administrator }
    }

    async fn worker(&self, role: &str, unit: &str) -> Worker {
        let draft = Draft::new().with("name", role).with("unit", unit);
        let own = self.house.collect(&self.administrator, "user", None, draft).await.unwrap();
        let person = self.person_of(own);
        self.house.account(self.house.north, person, role, role, Some(own)).await;
        Worker { asked: asked(person, self.house.north, "provide"), own }
    }

    fn person_of(&self, record: RecordId) -> PersonId {
        self.house.store.head(&self.house.north, &record).unwrap().unwrap().person
    }

    async fn participant(&self, name: &str, unit: &str, worker: Option<RecordId>) -> RecordId {
        let worker = worker.map(|worker| worker.to_string()).unwrap_or_default();
        let draft = Draft::new().with("name", name).with("unit", unit).with("worker", &worker);
        self.house.collect(&self.administrator, "participant", None, draft).await.unwrap()
    }

    async fn move_to(&self, record: RecordId, version: u64, unit: &str) {
        self.alter(&self.administrator, "participant", record, version, Draft::new().with("unit", unit), None)
            .await
            .unwrap();
    }

    async fn alter(
        &self,
        asked: &Asked,
        of: &str,
        record: RecordId,
        version: u64,
        draft: Draft,
        state: Option<&str>,
    ) -> Result<u64, No> {
        let state = state.map(str::to_owned);
        let change = Change { kind: &kind(of), record, version, draft, state, once: None };
        self.house.processing.alter(asked, change).await
    }

    async fn consult(&self, asked: &Asked, of: &str, record: RecordId) -> Result<Vec<(String, String)>, No> {
        let opened = self.house.processing.consult(asked, &kind(of), record).await?;
        Ok(seen(&*opened).remove(0).fields)
    }

    /// The records of a listing, page by page.
    async fn listed(&self, asked: &Asked, of: &str, parent: Option<RecordId>, limit: usize) -> Vec<RecordId> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = Page { after, limit };
            let part = self.house.processing.list(asked, &kind(of), parent, page).await.unwrap();
            let ids: Vec<RecordId> = seen(&*part.opened).into_iter().filter_map(|one| one.record).collect();
            assert!(ids.len() == limit || part.next.is_none(), "a page is full, or the last");
            all.extend(ids);
            let Some(next) = part.next else { return all };
            after = Some(next);
        }
    }
}

fn ids(opened: &dyn service::Opened) -> BTreeSet<RecordId> {
    seen(opened).into_iter().filter_map(|one| one.record).collect()
}

const ROLES: [&str; 4] = ["head", "worker", "floater", "administrator"];
const UNITS: [&str; 3] = ["", "a", "b"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lists_never_show_what_is_out_of_reach_and_single_readings_agree(
        workers in prop::collection::vec((0..ROLES.len(), 0..UNITS.len()), 1..5),
        participants in prop::collection::vec((0..UNITS.len(), prop::option::of(0..4_usize)), 0..9),
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let office = Office::new().await;
            let mut staff = Vec::new();
            for (role, unit) in &workers {
                staff.push((*role, *unit, office.worker(ROLES[*role], UNITS[*unit]).await));
            }
            let mut all = Vec::new();
            for (number, (unit, to)) in participants.iter().enumerate() {
                let to = to.filter(|to| *to < staff.len());
                let worker = to.map(|to| staff[to].2.own);
                let record = office.participant(&format!("Åsa N{number}"), UNITS[*unit], worker).await;
                let note = Draft::new().with("text", "En anteckning");
                let note = office.house.collect(&office.administrator, "note", Some(record), note).await.unwrap();
                all.push((record, note, *unit, to));
            }
            let door = &office.house.processing;
            for (number, (role, own_unit, worker)) in staff.iter().enumerate() {
                let reaches = |unit: usize, to: Option<usize>| {
                    let (assigned, of_unit) = (to == Some(number), unit != 0 && unit == *own_unit);
                    match ROLES[*role] {
                        "head" => of_unit,
                        "worker" => assigned,
                        "floater" => assigned || of_unit,
                        _ => true,
                    }
                };
                let mut reached: Vec<RecordId> =
                    all.iter().filter(|(_, _, unit, to)| reaches(*unit, *to)).map(|(record, ..)| *record).collect();
                // The clock of the house stands still, so that ids come in no order of making.
                reached.sort_unstable();
                let notes: BTreeSet<RecordId> =
                    all.iter().filter(|(_, _, unit, to)| reaches(*unit, *to)).map(|(_, note, ..)| *note).collect();
                let set: BTreeSet<RecordId> = reached.iter().copied().collect();
                let who = &worker.asked;
                for limit in [1, 2, 200] {
                    assert_eq!(office.listed(who, "participant", None, limit).await, reached);
                    assert_eq!(office.listed(who, "note", None, limit).await.into_iter().collect::<BTreeSet<_>>(), notes);
                }
                for text in ["åsa", "Åsa N1"] {
                    let found = ids(&*door.search(who, &kind("participant"), text).await.unwrap());
                    assert!(found.is_subset(&set) && (text != "åsa" || found == set), "{text}");
                }
                let narrowed = Narrowed {
                    parent: None,
                    state: None,
                    exactly: vec![(FieldName::new("unit").unwrap(), Value::new("a".to_owned()))],
                    page: Page::default(),
                };
                let in_a = ids(&*door.narrow(who, &kind("participant"), narrowed).await.unwrap().opened);
                let expected = all.iter().filter(|(_, _, unit, to)| *unit == 1 && reaches(*unit, *to));
                assert_eq!(in_a, expected.map(|(record, ..)| *record).collect());
                let fields = [FieldName::new("name").unwrap()];
                for which in [service::Which::All, service::Which::These(all.iter().map(|(record, ..)| *record).collect())] {
                    let selection = Selection { kind: &kind("participant"), which: &which, fields: &fields };
                    assert_eq!(ids(&*door.select(who, selection).await.unwrap()), set);
                }
                for (record, note, unit, to) in &all {
                    for (of, id) in [("participant", *record), ("note", *note)] {
                        let answer = office.consult(who, of, id).await;
                        if reaches(*unit, *to) {
                            assert!(answer.is_ok());
                        } else {
                            assert_eq!(refused(answer).0, "out-of-reach");
                            assert_eq!(refused(door.history(who, &kind(of), id).await.map(drop)).0, "out-of-reach");
                            let taken = door.retrieve(who, &kind(of), id, Whole::Record).await;
                            assert_eq!(refused(taken.map(drop)).0, "out-of-reach");
                            let draft = Draft::new().with(if of == "note" { "text" } else { "name" }, "Annat");
                            assert_eq!(refused(office.alter(who, of, id, 1, draft, None).await).0, "out-of-reach");
                        }
                    }
                    let drafts = [Draft::new().with("name", "Åsa").with("unit", UNITS[*unit])];
                    let alike = door.alike(who, &kind("participant"), &drafts).await.unwrap();
                    assert!(alike.iter().flatten().all(|one| set.contains(one)));
                }
            }
        });
    }
}

#[tokio::test]
async fn a_move_to_another_unit_is_followed_at_once_and_after_a_restart() {
    let mut office = Office::new().await;
    let head = office.worker("head", "a").await;
    let record = office.participant("Åsa", "b", None).await;
    assert_eq!(
        refused(office.consult(&head.asked, "participant", record).await),
        ("out-of-reach".into(), "R.7".into())
    );
    office.move_to(record, 1, "A").await;
    assert!(
        office.consult(&head.asked, "participant", record).await.is_ok(),
        "case does not matter in a list of units"
    );
    office.house = office.house.reopened();
    assert!(office.consult(&head.asked, "participant", record).await.is_ok());
    office.move_to(record, 2, "").await;
    assert_eq!(refused(office.consult(&head.asked, "participant", record).await).0, "out-of-reach");
    let gone = office.house.processing.consult(&head.asked, &kind("participant"), RecordId([9; 16])).await;
    assert!(matches!(gone, Err(No::Missing)), "what is not there is not out of reach either");
}

#[tokio::test]
async fn an_import_tells_of_no_record_that_the_reader_does_not_reach() {
    let office = Office::new().await;
    let (head, other) = (office.worker("head", "a").await, office.worker("head", "b").await);
    let participant = kind("participant");
    let door = &office.house.processing;
    let import = door.begin(&head.asked, Begin { kind: &participant, parent: None, rows: 2, once: "a" }).await.unwrap();
    let draft = |name: &str| Draft::new().with("name", name).with("unit", "a");
    for (row, name) in [(1, "Åsa"), (2, "Göran")] {
        let new = New { kind: &participant, parent: None, draft: draft(name), once: Some(import.key_of(row)) };
        door.collect(&head.asked, new).await.unwrap();
    }
    let rows = |who: &Asked| {
        let who = who.clone();
        async move { door.imported(&who, import.id).await.unwrap().1.into_iter().map(|one| one.row).collect::<Vec<_>>() }
    };
    assert_eq!(rows(&head.asked).await, [1, 2]);
    assert!(rows(&other.asked).await.is_empty(), "another unit's head learns of no record");
    office.move_to(door.imported(&head.asked, import.id).await.unwrap().1[1].head.record, 1, "b").await;
    assert_eq!((rows(&head.asked).await, rows(&other.asked).await), (vec![1], vec![2]));
    // Whose records were told is entered, as every reading.
    let log = office.house.log(&office.administrator).await;
    let told = log.iter().filter(|one| one.entry.detail.actor == Some(other.asked.actor));
    let named: usize =
        told.filter(|one| one.entry.kind == journal::EntryKind::Act).map(|one| one.entry.records.len()).sum();
    assert_eq!(named, 1);
    // One under a record out of reach is not told at all, but to whoever began it.
    let far = office.participant("Fjärran", "b", None).await;
    let notes = Begin { kind: &kind("note"), parent: Some(far), rows: 1, once: "b" };
    let below = door.begin(&other.asked, notes).await.unwrap();
    assert!(door.imports(&head.asked, &kind("note")).await.unwrap().is_empty());
    assert!(matches!(door.imported(&head.asked, below.id).await, Err(No::Missing)));
    assert_eq!(door.imports(&other.asked, &kind("note")).await.unwrap().len(), 1);
}

#[tokio::test]
async fn whoever_creates_a_record_must_reach_it_then() {
    let office = Office::new().await;
    let worker = office.worker("worker", "a").await;
    let other = office.worker("worker", "a").await;
    let head = office.worker("head", "a").await;
    let draft = |unit: &str, to: Option<RecordId>| {
        let to = to.map(|to| to.to_string()).unwrap_or_default();
        Draft::new().with("name", "Åsa").with("unit", unit).with("worker", &to)
    };
    let mine = office.house.collect(&worker.asked, "participant", None, draft("b", Some(worker.own))).await.unwrap();
    for to in [None, Some(other.own)] {
        let answer = office.house.collect(&worker.asked, "participant", None, draft("a", to)).await;
        assert_eq!(refused(answer).0, "out-of-reach");
    }
    office.house.collect(&head.asked, "participant", None, draft("a", None)).await.unwrap();
    assert_eq!(
        refused(office.house.collect(&head.asked, "participant", None, draft("b", None)).await).0,
        "out-of-reach"
    );
    // A handover is an alteration of what is reached before it; what comes after is the other's.
    let handing = Draft::new().with("worker", &other.own.to_string());
    office.alter(&worker.asked, "participant", mine, 1, handing, None).await.unwrap();
    assert_eq!(refused(office.consult(&worker.asked, "participant", mine).await).0, "out-of-reach");
    let under = office.house.collect(&worker.asked, "note", Some(mine), Draft::new().with("text", "För sent")).await;
    assert_eq!(refused(under).0, "out-of-reach");
    assert!(office.consult(&other.asked, "participant", mine).await.is_ok());
}

#[tokio::test]
async fn a_list_shows_of_each_record_what_is_allowed_of_that_one() {
    let office = Office::new().await;
    let namer = office.worker("namer", "a").await;
    let (near, far) = (office.participant("Nära", "a", None).await, office.participant("Fjärran", "b", None).await);
    let listed = office.house.processing.list(&namer.asked, &kind("participant"), None, Page::default()).await.unwrap();
    let mut all = seen(&*listed.opened);
    all.sort_by_key(|one| one.record != Some(near));
    let told: Vec<_> =
        all.iter().map(|one| (one.record.unwrap(), one.field("name").unwrap(), one.field("unit"))).collect();
    assert_eq!(told, [(near, "Nära", Some("a")), (far, "Fjärran", None)]);
    assert_eq!(all[1].withheld, ["place"]);
    let log = office.house.log(&office.administrator).await;
    let entries: Vec<_> = log.iter().filter(|one| one.entry.detail.actor == Some(namer.asked.actor)).collect();
    assert_eq!(entries.len(), 2, "one entry for each way in which it was decided");
    // A value that may not be seen of one is found of that one by nothing.
    let found = office.house.processing.search(&namer.asked, &kind("participant"), "b").await.unwrap();
    assert_eq!(found.count(), 0);
    let found = office.house.processing.search(&namer.asked, &kind("participant"), "a").await.unwrap();
    assert_eq!(ids(&*found), [near].into());
}

#[tokio::test]
async fn consent_withdrawn_stops_reading_and_writing_at_once() {
    let office = Office::new().await;
    let head = office.worker("head", "a").await;
    let record = office.participant("Åsa", "a", None).await;
    let person = office.person_of(record);
    office.house.account(office.house.north, person, "candidate", "Åsa", Some(record)).await;
    let candidate = asked(person, office.house.north, "provide");
    let paper = |title: &str| Draft::new().with("title", title);
    assert_eq!(refused(office.house.collect(&candidate, "paper", Some(record), paper("CV")).await).0, "no-consent");
    let consent = Draft::new().with("version", "3");
    let consent = office.house.collect(&candidate, "consent", Some(record), consent).await.unwrap();
    let cv = office.house.collect(&candidate, "paper", Some(record), paper("CV")).await.unwrap();
    assert_eq!(office.consult(&head.asked, "paper", cv).await.unwrap()[0].1, "CV");
    assert_eq!(office.listed(&head.asked, "paper", Some(record), 200).await, [cv]);

    office.alter(&candidate, "consent", consent, 1, Draft::new(), Some("withdrawn")).await.unwrap();
    let answer = office.house.processing.consult(&head.asked, &kind("paper"), cv).await;
    let Err(No::Refused(refusal)) = answer else { panic!("refused was expected") };
    assert_eq!((refusal.reason.code(), refusal.changer.code()), ("no-consent", "data-subject"));
    assert_eq!(refused(office.house.collect(&candidate, "paper", Some(record), paper("CV 2")).await).0, "no-consent");
    let listed = office.house.processing.list(&head.asked, &kind("paper"), Some(record), Page::default()).await;
    assert_eq!(refused(listed.map(drop)).0, "no-consent");
    assert_eq!(office.listed(&head.asked, "paper", None, 200).await, []);
    // Consented anew, all is as before.
    office.alter(&candidate, "consent", consent, 2, Draft::new(), Some("given")).await.unwrap();
    assert!(office.consult(&candidate, "paper", cv).await.is_ok());
}

#[tokio::test]
async fn a_data_subject_reaches_itself_and_its_log_and_nobody_else() {
    let office = Office::new().await;
    let head = office.worker("head", "a").await;
    let record = office.participant("Åsa", "a", None).await;
    let other = office.participant("Bo", "a", None).await;
    let person = office.person_of(record);
    office.house.account(office.house.north, person, "candidate", "Åsa", Some(record)).await;
    let candidate = asked(person, office.house.north, "provide");
    for of in [record, other] {
        let note = Draft::new().with("text", "En anteckning");
        office.house.collect(&head.asked, "note", Some(of), note).await.unwrap();
    }
    office.listed(&head.asked, "participant", None, 200).await;

    assert_eq!(office.listed(&candidate, "participant", None, 200).await, [record]);
    assert_eq!(office.listed(&candidate, "note", None, 200).await.len(), 1);
    assert_eq!(refused(office.consult(&candidate, "participant", other).await).0, "out-of-reach");
    let anew = Draft::new().with("version", "3");
    let answer = office.house.collect(&candidate, "consent", Some(other), anew).await;
    assert_eq!(refused(answer).0, "out-of-reach");

    let mine = LogFilter { person: Some(person), limit: 100, ..LogFilter::default() };
    let entries = office.house.processing.who_looked(&candidate, &mine).await.unwrap();
    let of_head: Vec<_> = entries.iter().filter(|one| one.entry.detail.actor == Some(head.asked.actor)).collect();
    assert!(!of_head.is_empty());
    for one in &entries {
        assert!(one.entry.persons.iter().all(|one| *one == person));
        assert!(one.entry.records.iter().all(|(id, _)| *id != other));
        assert!(one.actor_name.is_none(), "names are not this role's");
    }
    for filter in [LogFilter { person: None, ..mine.clone() }, LogFilter { person: Some(head.asked.actor), ..mine }] {
        let answer = office.house.processing.who_looked(&candidate, &filter).await;
        assert!(matches!(answer, Err(No::Refused(_))));
    }
}
