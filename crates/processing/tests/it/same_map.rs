//! Access and erasure go by the same map: over generated kinds and generated records, what may be taken out of a person and what
//! an erasure speaks of are the same records. What one knew and the other forgot would be kept in secret, or lost unseen.

use std::collections::BTreeSet;
use std::fmt::Write;

use service::{Against, Asked, Door, Draft, HoldGround, ToHold, ToHoldWhat, Whole};
use terms::RecordId;

use crate::house::{AGREEMENT, House, asked, kind, seen};

/// Numbers that look drawn and are the same every time.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }
}

/// Kinds in a tree: each is its own person's or its parent's, goes or stays. The first may lie under itself.
fn kinds(drawn: &mut Drawn) -> (&'static str, Vec<(String, Option<String>)>) {
    let mut text = String::from(
        "[service]\nname = \"matcha\"\nlabel = { sv = \"M\", en = \"M\" }\nabout = { sv = \"M\", en = \"M\" }\n",
    );
    let mut tree: Vec<(String, Option<String>)> = Vec::new();
    for n in 0..2 + drawn.below(5) {
        let name = format!("kind-{}", char::from(b'a' + n as u8));
        let nested = n == 0 && drawn.below(2) == 0;
        let parent = if n == 0 { nested.then(|| name.clone()) } else { Some(tree[drawn.below(n)].0.clone()) };
        // Some are what a third person wrote about whoever they are of.
        let of = match drawn.below(8) {
            _ if n == 0 => "self",
            0 | 1 => "self",
            2 => "author",
            _ => "parent",
        };
        let stays = n > 0 && of == "parent" && drawn.below(4) == 0;
        writeln!(
            text,
            "[kind.{name}]\npath = \"{name}\"\nlabel = {{ sv = \"K\", en = \"K\" }}\nplural = {{ sv = \"K\", en = \"K\" }}\n\
             subject = \"participant\"\nof = \"{of}\"\ntitle = [\"text\"]\nerasure = \"{}\"",
            if stays { "stays-without-name" } else { "goes" }
        )
        .unwrap();
        if stays {
            writeln!(text, "retention = \"kept-{n}\"").unwrap();
        }
        if let Some(parent) = &parent {
            writeln!(text, "parent = \"{parent}\"").unwrap();
        }
        if of == "author" {
            writeln!(text, "about = \"parent\"").unwrap();
        }
        if nested {
            writeln!(text, "parent-optional = true").unwrap();
        }
        writeln!(
            text,
            "[[kind.{name}.field]]\nname = \"text\"\nlabel = {{ sv = \"T\", en = \"T\" }}\ncategory = \"name\"\ntype = \"text\"\nmax = 80\n\
             required = true"
        )
        .unwrap();
        tree.push((name, parent));
    }
    (Box::leak(text.into_boxed_str()), tree)
}

/// A hold covers what it is of and what belongs to that, whoever's it is: the plan says so of exactly those erasures that would take
/// any of it, and the package of what is covered shows the same holds.
async fn held_as_one(
    house: &House,
    head: &Asked,
    tree: &[(String, Option<String>)],
    records: &[(String, RecordId)],
    drawn: &mut Drawn,
) {
    let above = |record: RecordId| {
        let mut chain = vec![record];
        while let Some(parent) = chain.last().and_then(|one| house.store.head(&house.north, one).unwrap()?.parent) {
            chain.push(parent);
        }
        chain
    };
    assert!(!tree.is_empty());
    for _ in 0..3 {
        let (of, held) = &records[drawn.below(records.len())];
        let of = kind(of);
        let whole = drawn.below(2) == 0;
        let what = if whole { ToHoldWhat::Person(&of, *held) } else { ToHoldWhat::Record(&of, *held) };
        let wish = ToHold { what, ground: HoldGround::LegalClaims, until: None, words: None, untold: false };
        let id = house.processing.hold(head, wish).await.unwrap();
        let person = house.store.head(&house.north, held).unwrap().unwrap().person;
        let covers = |record: RecordId| {
            above(record).iter().any(|one| {
                one == held || (whole && house.store.head(&house.north, one).unwrap().unwrap().person == person)
            })
        };
        for (name, record) in records {
            let (plan, _) = house.processing.plan_erasure(head, &kind(name), *record).await.ok().unwrap();
            let goes = plan.goes.iter().flat_map(|one| one.records.iter().map(|(record, _)| *record));
            let should = goes.clone().any(covers) || (whole && plan.persons.iter().any(|one| one.person == person));
            let against = plan.against.iter().any(|one| matches!(one, Against::Held(held) if held.id == id));
            assert_eq!(against, should, "{name} {record} against a hold of {held}");
            let taken = house.processing.retrieve(head, &kind(name), *record, Whole::Record).await.ok().unwrap();
            if goes.clone().next().is_some() && should && !plan.whole {
                assert!(taken.holds.iter().any(|held| held.id == id), "the package tells of it too");
            }
        }
        house.processing.lift_hold(head, id).await.unwrap();
    }
}

async fn taken_out(house: &House, head: &Asked, of: &str, record: RecordId) -> BTreeSet<RecordId> {
    let mut all = BTreeSet::new();
    for whole in [Whole::Record, Whole::Person] {
        let exported = house.processing.retrieve(head, &kind(of), record, whole).await.ok().unwrap();
        for part in &exported.parts {
            let opened = part.answer.as_ref().unwrap_or_else(|refusal| panic!("{:?}", refusal.reason));
            all.extend(seen(&**opened).iter().filter_map(|one| one.record));
        }
    }
    all
}

#[tokio::test]
async fn what_may_be_taken_out_of_a_person_is_what_an_erasure_speaks_of() {
    let mut nested = 0;
    for seed in 0..12 {
        let mut drawn = Drawn(seed * 7919 + 17);
        let (text, tree) = kinds(&mut drawn);
        let house = House::of(&AGREEMENT, text).await;
        let head = asked(house.person(house.north, "unit-head", "Örjan").await, house.north, "provide");
        let draft = |n: usize| Draft::new().with("text", &format!("post {n}"));
        let mut records: Vec<(String, RecordId)> = Vec::new();
        for n in 0..2 {
            let root = house.collect(&head, &tree[0].0, None, draft(n)).await.unwrap();
            records.push((tree[0].0.clone(), root));
        }
        for n in 0..14 {
            let (name, parent) = &tree[drawn.below(tree.len())];
            let under: Vec<RecordId> =
                records.iter().filter(|(of, _)| Some(of) == parent.as_ref()).map(|(_, record)| *record).collect();
            if under.is_empty() {
                continue;
            }
            let parent = under[drawn.below(under.len())];
            nested += usize::from(*name == tree[0].0);
            let record = house.collect(&head, name, Some(parent), draft(n)).await.unwrap();
            records.push((name.clone(), record));
        }
        held_as_one(&house, &head, &tree, &records, &mut drawn).await;
        let mut covered = BTreeSet::new();
        for (of, root) in &records[..2] {
            let (plan, hash) = house.processing.plan_erasure(&head, &kind(of), *root).await.ok().unwrap();
            let planned: BTreeSet<RecordId> = plan
                .goes
                .iter()
                .chain(&plan.stays)
                .flat_map(|one| one.records.iter().map(|(record, _)| *record))
                .collect();
            assert_eq!(taken_out(&house, &head, of, *root).await, planned, "{seed}: {text}");
            covered.extend(planned);
            // And what goes is what cannot be found any more: no more, no less.
            let to = service::ToErase { kind: &kind(of), record: *root, plan: hash, back_until: None };
            house.processing.erase(&head, to).await.ok().unwrap();
            let gone: BTreeSet<RecordId> =
                plan.goes.iter().flat_map(|one| one.records.iter().map(|(record, _)| *record)).collect();
            for (_, record) in &records {
                let there = house.store.record(&house.north, record).unwrap().is_some();
                let before = covered.contains(record);
                if gone.contains(record) {
                    assert!(!there, "{seed}: {text}");
                } else if !before {
                    assert!(there, "{seed}: {text}");
                }
            }
        }
        assert_eq!(covered, records.iter().map(|(_, record)| *record).collect(), "{seed}: {text}");
    }
    assert!(nested > 0, "some kind lay under itself");
}
