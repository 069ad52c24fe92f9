//! Anonymising: records of many persons go in one act and figures stay that are of none of them; a plan of it names no figure; too few
//! persons are refused, and what is gone does not come back.

use service::{
    Against, AnonymisingPlan, Asked, Door, Draft, FiguresKept, HoldGround, Kinds, No, ToAnonymise, ToErase, ToHold,
    ToHoldWhat, Why,
};
use terms::{Instant, RecordId, Verb};

use crate::house::{House, asked, kind, refused};

const SENSEWORKS: &str = include_str!("../../../../services/senseworks/agreement.sv.md");
const KINDS: &str = include_str!("../../../../services/senseworks/kinds.toml");
/// What no file may hold afterwards, in plain: an address that somebody came from.
const CANARY: &str = "192.0.2.217";

async fn house() -> House {
    House::of(SENSEWORKS, KINDS).await
}

async fn administrator(house: &House, purpose: &str) -> Asked {
    asked(house.person(house.north, "administrator", "Astrid").await, house.north, purpose)
}

/// Somebody who used parts of the service on days: each a record.
async fn used(house: &House, by: &Asked, name: &str, parts: &[(&str, &str)]) -> (RecordId, Vec<RecordId>) {
    let draft = Draft::new()
        .with("given-name", name)
        .with("family-name", "Prov")
        .with("email", &format!("{}@prov.example", name.to_lowercase()));
    let user = house.collect(by, "user", None, draft).await.unwrap();
    let mut records = Vec::new();
    for (what, date) in parts {
        let draft = Draft::new().with("date", date).with("what", what).with("ip-address", CANARY);
        records.push(house.collect(by, "use-of-service", Some(user), draft).await.unwrap());
    }
    (user, records)
}

async fn planned(house: &House, by: &Asked, before: Instant) -> (AnonymisingPlan, terms::Hash) {
    house.processing.plan_anonymising(by, &kind("use-of-service"), before).await.ok().unwrap()
}

/// Anonymises what was written before now, as planned; gives the table that stayed.
async fn anonymised(house: &House, by: &Asked) -> FiguresKept {
    let before = house.store.now();
    let (_, plan) = planned(house, by, before).await;
    let to = ToAnonymise { kind: &kind("use-of-service"), before, plan };
    let id = house.processing.anonymise(by, to).await.unwrap();
    let kept = house.processing.figures(by).await.ok().unwrap();
    kept.into_iter().find(|one| one.id == id).unwrap()
}

/// Six people who logged in in May, two of whom reconciled, and one in June.
async fn six(house: &House) -> Vec<(RecordId, Vec<RecordId>)> {
    let by = administrator(house, "provide").await;
    let mut all = Vec::new();
    for (n, name) in ["Ada", "Bo", "Cia", "Dan", "Eva", "Finn"].into_iter().enumerate() {
        let day = format!("2026-05-{:02}", 10 + n);
        let parts: &[(&str, &str)] = match n {
            0 => &[("login", &day), ("reconciliation", "2026-05-10"), ("reconciliation", "2026-05-11")],
            1 => &[("login", &day), ("reconciliation", "2026-05-12")],
            2 => &[("login", &day), ("login", "2026-06-02")],
            _ => &[("login", &day)],
        };
        all.push(used(house, &by, name, parts).await);
    }
    all
}

// runs: S-B1.4a
#[tokio::test]
async fn figures_of_enough_persons_stay_and_everything_that_points_at_one_is_gone() {
    let house = house().await;
    let people = six(&house).await;
    house.later(3600);
    let by = administrator(&house, "develop").await;
    let before = house.store.now();
    let (plan, hash) = planned(&house, &by, before).await;
    assert_eq!((plan.at_least, plan.clause.as_str(), plan.count_going()), (5, "purpose-develop", 10));
    assert!(plan.against.is_empty() && plan.goes.iter().all(|one| one.why == Why::Deleted && one.records.is_empty()));

    // Three more who reconciled: then both groups are large enough, and what is left out is of one person, so the smaller goes with it.
    let writer = administrator(&house, "provide").await;
    for name in ["Gun", "Hal", "Isa"] {
        used(&house, &writer, name, &[("reconciliation", "2026-05-20"), ("reconciliation", "2026-05-21")]).await;
    }
    house.later(3600);
    let before = house.store.now();
    assert!(matches!(
        house.processing.anonymise(&by, ToAnonymise { kind: &kind("use-of-service"), before, plan: hash }).await,
        Err(No::Conflict { .. })
    ));
    let (plan, hash) = planned(&house, &by, before).await;
    let to = ToAnonymise { kind: &kind("use-of-service"), before, plan: hash };
    let id = house.processing.anonymise(&by, to).await.unwrap();
    // For another purpose than they are kept for, the certificate is shown without them.
    let certified = house.processing.certificate(&writer, id).await.ok().unwrap();
    let kept = certified.certificate.plan.figures.unwrap();
    assert!(kept.withheld && kept.groups.is_empty() && (kept.small, kept.small_records) == (0, 0));
    let listed = house.processing.certificates(&writer).await.ok().unwrap();
    assert!(listed.iter().all(|one| one.certificate.plan.figures.as_ref().is_some_and(|kept| kept.withheld)));
    // Whoever anonymised reads the certificate for that purpose, though nothing may be erased for it.
    let certified = house.processing.certificate(&by, id).await.ok().unwrap();
    assert_eq!(certified.certificate.left, service::Counted::default());
    let figures = certified.certificate.plan.figures.clone().unwrap();
    assert_eq!(certified.certificate.plan.count_going() as u64, plan.count_going());
    assert_eq!((figures.clause.as_str(), certified.certificate.plan.persons.len()), ("purpose-develop", 0));
    // The hash binds the figures, and tells whoever guesses them nothing.
    assert_eq!(certified.certificate.plan_hash, hash);
    assert_ne!(processing::plan_hash(&certified.certificate.plan), hash);
    let said: Vec<(Vec<&str>, u64, u64)> = figures
        .groups
        .iter()
        .map(|one| (one.values.iter().map(String::as_str).collect(), one.records, one.persons))
        .collect();
    assert_eq!(said, [(vec!["login", "2026-05"], 6, 6)]);
    assert_eq!((figures.small, figures.small_records), (2, 10));
    // The records are gone, also after a start; the people stay, and so do the figures.
    let house = house.reopened();
    for (user, records) in &people {
        assert!(house.processing.consult(&writer, &kind("user"), *user).await.is_ok());
        for record in records {
            assert!(matches!(
                house.processing.consult(&writer, &kind("use-of-service"), *record).await,
                Err(No::Missing)
            ));
        }
    }
    let kept = house.processing.figures(&by).await.ok().unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].id, &kept[0].figures), (id, &figures));
    // Figures hold no id, no address, no word of anybody's.
    let bytes = kept[0].figures.bytes();
    for (user, records) in &people {
        for id in records.iter().chain([user]) {
            assert!(!bytes.windows(16).any(|part| part == id.0));
        }
    }
    assert!(!bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes()));
    // Whoever reads them is entered, and so is the act, with everybody whom it was about.
    house.later(1);
    // Somebody who is erased afterwards takes no figure along: they are of nobody.
    let user = kind("user");
    let (_, plan) = house.processing.plan_erasure(&writer, &user, people[0].0).await.ok().unwrap();
    let erase = ToErase { kind: &user, record: people[0].0, plan, back_until: None };
    house.processing.erase(&writer, erase).await.unwrap();
    assert_eq!(house.processing.figures(&by).await.ok().unwrap()[0].figures, figures);
}

/// What two plans a day apart tell of the one who came between them and did that, on that day.
async fn two_plans_around(what: &str, date: &str) -> [AnonymisingPlan; 2] {
    let house = house().await;
    six(&house).await;
    house.later(86_400);
    let by = administrator(&house, "develop").await;
    let (first, hash) = planned(&house, &by, house.store.now()).await;
    used(&house, &administrator(&house, "provide").await, "Gun", &[(what, date)]).await;
    house.later(86_400);
    let (second, another) = planned(&house, &by, house.store.now()).await;
    assert_ne!(hash, another);
    [first, second]
}

#[tokio::test]
async fn two_plans_a_day_apart_tell_that_there_is_one_more_and_nothing_of_what_that_one_did() {
    let plans = two_plans_around("login", "2026-05-20").await;
    assert_eq!((plans[0].count_going(), plans[1].count_going()), (10, 11));
    assert_eq!(plans[0].goes.len(), 1);
    // In a group that is large, in one that is small, in one of its own: the plans are the same ones.
    for (what, date) in [("reconciliation", "2026-05-20"), ("login", "2026-06-20"), ("login", "2026-11-20")] {
        assert_eq!(two_plans_around(what, date).await, plans, "{what} {date}");
    }
}

#[tokio::test]
async fn an_act_a_day_after_another_leaves_a_table_of_its_own_records_and_adds_nothing_to_the_first() {
    let house = house().await;
    six(&house).await;
    house.later(3600);
    let by = administrator(&house, "develop").await;
    let first = anonymised(&house, &by).await;
    assert_eq!((first.figures.groups.len(), first.figures.small_records), (0, 10));
    // One who comes after it is one person alone, however many were before.
    let writer = administrator(&house, "provide").await;
    used(&house, &writer, "Gun", &[("login", "2026-05-20")]).await;
    house.later(86_400);
    let before = house.store.now();
    let (plan, hash) = planned(&house, &by, before).await;
    assert!(matches!(plan.against.as_slice(), [Against::TooFew(few)] if few.persons == 1));
    let to = ToAnonymise { kind: &kind("use-of-service"), before, plan: hash };
    assert_eq!(refused(house.processing.anonymise(&by, to).await).0.as_str(), "too-few");
    for name in ["Hal", "Isa", "Jon", "Kim"] {
        used(&house, &writer, name, &[("login", "2026-05-21")]).await;
    }
    house.later(86_400);
    let second = anonymised(&house, &by).await;
    let groups: Vec<(u64, u64)> = second.figures.groups.iter().map(|one| (one.records, one.persons)).collect();
    assert_eq!((groups, second.figures.small), (vec![(5, 5)], 0));
    let kept = house.processing.figures(&by).await.ok().unwrap();
    assert_eq!(kept, [second, first], "each table stands by itself");
}

#[tokio::test]
async fn what_is_anonymised_does_not_come_back_by_a_rebuilding_nor_by_going_back() {
    let house = house().await;
    let people = six(&house).await;
    house.later(3600);
    let then = house.store.now();
    house.later(3600);
    let by = administrator(&house, "develop").await;
    let (_, hash) = planned(&house, &by, then).await;
    let to = ToAnonymise { kind: &kind("use-of-service"), before: then, plan: hash };
    house.processing.anonymise(&by, to).await.unwrap();
    let writer = administrator(&house, "provide").await;
    let gone = |house: &House| {
        let (store, north) = (house.store.clone(), house.north);
        let records: Vec<RecordId> = people.iter().flat_map(|(_, records)| records.clone()).collect();
        move || records.iter().all(|record| store.head(&north, record).unwrap().is_none())
    };
    assert!(gone(&house)());
    // Going back to the instant before puts nothing of it back.
    let wanted = storage::Wanted { to: then, tenant: None, stays: &|_, _| false };
    let back = house.store.back_to(&wanted, &*house.vault).unwrap();
    house.store.go_back(then, back).await.unwrap();
    assert!(gone(&house)(), "going back brought records back that were anonymised");
    // Nor does a state that is made anew from the journal.
    let house = house.rebuilt();
    assert!(gone(&house)(), "a rebuilt state brought records back that were anonymised");
    assert_eq!(house.processing.figures(&by).await.ok().unwrap().len(), 1);
    assert!(house.processing.consult(&writer, &kind("user"), people[0].0).await.is_ok());
}

#[tokio::test]
async fn too_few_persons_are_refused_by_the_clause_that_says_how_many() {
    let house = house().await;
    let writer = administrator(&house, "provide").await;
    for name in ["Ada", "Bo", "Cia", "Dan"] {
        used(&house, &writer, name, &[("login", "2026-05-10"), ("login", "2026-05-11"), ("login", "2026-05-12")]).await;
    }
    house.later(3600);
    let by = administrator(&house, "develop").await;
    let before = house.store.now();
    let (plan, hash) = planned(&house, &by, before).await;
    let [Against::TooFew(few)] = plan.against.as_slice() else { panic!("{:?}", plan.against) };
    assert_eq!((few.persons, few.at_least), (4, 5));
    let to = ToAnonymise { kind: &kind("use-of-service"), before, plan: hash };
    let (reason, clause) = refused(house.processing.anonymise(&by, to).await);
    assert_eq!((reason.as_str(), clause.as_str()), ("too-few", "B1.1.3"));
    assert_eq!(house.processing.figures(&by).await.ok().unwrap().len(), 0);
}

// runs: S-B1.4b
#[tokio::test]
async fn development_reads_figures_and_nothing_else_and_whoever_has_no_rule_reads_neither() {
    let house = house().await;
    let people = six(&house).await;
    let developer = asked(house.person(house.provider, "operations", "Dev").await, house.north, "develop");
    assert_eq!(house.processing.figures(&developer).await.ok().unwrap().len(), 0);
    let (user, records) = &people[0];
    for (of, record) in [("use-of-service", records[0]), ("user", *user)] {
        assert!(matches!(
            house.processing.consult(&developer, &kind(of), record).await,
            Err(No::Refused(refusal)) if refusal.verb == Verb::Consult
        ));
    }
    let before = house.store.now();
    let of = kind("use-of-service");
    assert!(matches!(house.processing.plan_anonymising(&developer, &of, before).await, Err(No::Refused(_))));
    let economist = asked(house.person(house.north, "economist", "Elis").await, house.north, "develop");
    assert!(matches!(house.processing.figures(&economist).await, Err(No::Refused(_))));
    // Another customer's are behind a wall, and a purpose that they are not kept for reads none.
    let south = asked(house.person(house.south, "administrator", "Cia").await, house.north, "develop");
    assert!(matches!(house.processing.figures(&south).await, Err(No::Missing)));
    let other = asked(house.person(house.north, "administrator", "Astrid").await, house.north, "provide");
    assert!(matches!(house.processing.figures(&other).await, Err(No::Refused(_))));
    // A kind without figures is none that can be anonymised.
    let by = administrator(&house, "develop").await;
    assert!(matches!(house.processing.plan_anonymising(&by, &kind("comment"), before).await, Err(No::Missing)));
}

/// A legal hold on a person, for claims.
async fn hold(house: &House, person: RecordId) {
    let writer = administrator(house, "provide").await;
    let user = kind("user");
    let what = ToHoldWhat::Person(&user, person);
    let wish = ToHold { what, ground: HoldGround::LegalClaims, until: None, words: None, untold: false };
    house.processing.hold(&writer, wish).await.unwrap();
}

#[tokio::test]
async fn whoever_is_held_stays_out_of_it() {
    let house = house().await;
    let people = six(&house).await;
    house.later(3600);
    hold(&house, people[0].0).await;
    let by = administrator(&house, "develop").await;
    let (plan, _) = planned(&house, &by, house.store.now()).await;
    assert!(plan.against.is_empty());
    assert_eq!(plan.count_going(), 7);
    anonymised(&house, &by).await;
    for (held, (_, records)) in people.iter().enumerate().map(|(n, one)| (n == 0, one)) {
        for record in records {
            assert_eq!(house.store.head(&house.north, record).unwrap().is_some(), held);
        }
    }
}

/// Senseworks, where something belongs to records of use, of whoever wrote it.
fn with_remarks() -> &'static str {
    let remarks = r#"
[kind.remark]
path = "anmarkning"
label = { sv = "Anmärkning", en = "Remark" }
plural = { sv = "Anmärkningar", en = "Remarks" }
subject = "user"
parent = "use-of-service"
of = "author"
title = ["date"]
erasure = "goes"

[[kind.remark.field]]
name = "date"
label = { sv = "Dag", en = "Day" }
category = "user-data"
type = "date"
"#;
    Box::leak(format!("{KINDS}\n{remarks}").into_boxed_str())
}

#[tokio::test]
async fn a_record_stays_out_where_what_belongs_to_it_is_held_and_the_others_go() {
    let house = House::of(SENSEWORKS, with_remarks()).await;
    let people = six(&house).await;
    let writer = administrator(&house, "provide").await;
    let (kept, remark) = (people[5].1[0], kind("remark"));
    let draft = Draft::new().with("date", "2026-05-15");
    let under = house.collect(&writer, "remark", Some(kept), draft).await.unwrap();
    house.later(3600);
    let what = ToHoldWhat::Record(&remark, under);
    let wish = ToHold { what, ground: HoldGround::LegalClaims, until: None, words: None, untold: false };
    house.processing.hold(&writer, wish).await.unwrap();
    let by = administrator(&house, "develop").await;
    let (plan, _) = planned(&house, &by, house.store.now()).await;
    assert!(plan.against.is_empty(), "{:?}", plan.against);
    assert_eq!(plan.count_going(), 9);
    anonymised(&house, &by).await;
    assert!(house.store.head(&house.north, &kept).unwrap().is_some());
    assert!(house.store.head(&house.north, &people[4].1[0]).unwrap().is_none());
}

#[tokio::test]
async fn more_than_go_in_one_act_are_refused_whoever_of_them_stays_out() {
    let house = house().await.anonymising_at_most(8);
    let people = six(&house).await;
    house.later(3600);
    // Three of the ten are held: the seven others would be few enough, but who is behind them was not looked at.
    hold(&house, people[0].0).await;
    let by = administrator(&house, "develop").await;
    let planned = house.processing.plan_anonymising(&by, &kind("use-of-service"), house.store.now()).await;
    assert!(matches!(planned, Err(No::Unavailable(why)) if why.contains("more than 8")));
}

#[tokio::test]
async fn a_rule_that_lets_somebody_anonymise_some_records_lets_nobody_anonymise_all() {
    for reach in ["own", "assigned", "unit"] {
        let (from, to) = ("verbs = [\"anonymise\"]\n", format!("verbs = [\"anonymise\"]\nreach = \"{reach}\"\n"));
        let text = SENSEWORKS.replace(from, &to);
        assert_ne!(text, SENSEWORKS);
        let house = House::of(&text, KINDS).await;
        six(&house).await;
        let by = administrator(&house, "develop").await;
        let planned = house.processing.plan_anonymising(&by, &kind("use-of-service"), house.store.now()).await;
        assert!(matches!(planned, Err(No::Refused(_))), "{reach}");
    }
}

#[test]
fn a_kind_whose_records_are_of_another_than_whom_they_are_about_leaves_no_figures() {
    let of = |whose: &str| KINDS.replace("of = \"parent\"\ntitle = [\"date\", \"what\"]", whose);
    assert!(Kinds::read("kinds.toml", KINDS).is_ok());
    let text = of("of = \"author\"\ntitle = [\"date\", \"what\"]");
    assert_ne!(text, KINDS);
    let faults = Kinds::read("kinds.toml", &text).unwrap_err();
    assert!(faults.iter().any(|fault| fault.to_string().contains("can leave no `figures`")), "{faults:?}");
}

#[tokio::test]
async fn a_rule_that_lets_one_person_be_a_figure_is_no_rule() {
    for (from, to) in [
        ("persons-at-least = { value = 5", "persons-at-least = { value = 1"),
        ("categories = [\"user-data\"]\npersons-at-least", "categories = [\"comments\"]\npersons-at-least"),
    ] {
        let text = SENSEWORKS.replace(from, to);
        assert_ne!(text, SENSEWORKS);
        let house = House::of(&text, KINDS).await;
        let by = administrator(&house, "develop").await;
        let planned = house.processing.plan_anonymising(&by, &kind("use-of-service"), house.store.now()).await;
        assert!(matches!(planned, Err(No::Refused(refusal)) if refusal.clause.as_str() == "purpose-develop"));
    }
}
