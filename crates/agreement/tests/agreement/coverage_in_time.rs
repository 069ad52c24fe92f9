//! For every day of an agreement's life exactly one rule applies to each act: one version with its layers governs, and its
//! answer to each act names one clause. Answers change on the days on which a version or a layer begins or ends, and on no other.

use std::sync::Arc;

use agreement::{Act, Adoption, Agreement, Book, Facts, Layer};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use terms::{Extent, Instant, PersonId, TenantId, Verb};

use crate::golden::services;

const CUSTOMER: TenantId = TenantId([1; 16]);

fn midnight(day: Date) -> Instant {
    let zoned = day.to_zoned(TimeZone::get("Europe/Stockholm").unwrap()).unwrap();
    Instant(zoned.timestamp().as_microsecond())
}

/// A layer that forbids something to everybody for half a year, then another that lasts.
fn layers(agreement: &Agreement) -> [Layer; 2] {
    let category = agreement.declares().first().unwrap().categories.first().unwrap();
    let layer = |name: &str, kind: &str, days: &str, terms: &str| {
        let text = format!(
            "# Layer {{#head}}\n\n```toml\n[layer]\nname = \"{name}\"\nof = \"{}\"\nkind = \"{kind}\"\n\
             title = {{ sv = \"T\", en = \"S\" }}\nversion = \"1\"\nlanguage = \"sv\"\n{days}\n\
             accepted-by = [\"controller\", \"processor\"]\n\n{terms}\n```\n",
            agreement.service()
        );
        Layer::read("layer.md", &text, agreement).unwrap_or_else(|faults| panic!("{faults}"))
    };
    [
        layer(
            "half-year",
            "supplement",
            "from = \"2027-01-01\"\nuntil = \"2027-06-30\"",
            &format!("[[may-not]]\nverbs = [\"consult\"]\ncategories = [\"{category}\"]"),
        ),
        layer("lasting", "instruction", "from = \"2027-04-15\"", "[[may-not]]\nverbs = [\"alter\"]"),
    ]
}

/// Every act that the agreement can be asked about, on one category each.
fn acts(agreement: &Agreement) -> Vec<Act> {
    let mut acts = Vec::new();
    for role in agreement.roles() {
        for verb in [Verb::Collect, Verb::Consult, Verb::Alter, Verb::Erase] {
            for purpose in agreement.purposes() {
                for declares in agreement.declares() {
                    for category in &declares.categories {
                        acts.push(Act {
                            tenant: CUSTOMER,
                            actor: PersonId([2; 16]),
                            role: role.id.clone(),
                            verb,
                            purpose: purpose.id.clone(),
                            subject: declares.subject.clone(),
                            categories: vec![category.clone()],
                            extent: Extent::Exactly,
                            recipient: None,
                            country: None,
                            instant: Instant(0),
                            facts: Facts::default(),
                        });
                    }
                }
            }
        }
    }
    acts
}

/// One answer, with its one clause.
fn answer(book: &Book, act: &Act, instant: Instant) -> (bool, String) {
    let mut act = act.clone();
    act.instant = instant;
    match book.decide(act).expect("the customer has adopted an agreement") {
        Ok(permit) => {
            assert_eq!(permit.granted().len(), 1);
            (true, permit.clause().to_string())
        }
        Err(refusal) => (false, format!("{} {}", refusal.clause, refusal.reason.code())),
    }
}

#[test]
fn on_every_day_exactly_one_rule_applies_to_each_act() {
    let from: Date = "2026-06-01".parse().unwrap();
    let last: Date = "2028-03-01".parse().unwrap();
    for (path, text) in services() {
        let agreement = Agreement::read("agreement.md", &text).unwrap();
        // A year later a new version of the text itself.
        let second =
            Agreement::read("agreement.md", &format!("{text}\n## Z Ny version {{#new-version}}\n\nNy.\n")).unwrap();
        let change: Date = "2027-10-01".parse().unwrap();
        let mut book = Book::new();
        let mut boundaries = vec![from];
        for (day, version) in agreement.over_time(&layers(&agreement), from) {
            book.adopt(CUSTOMER, midnight(day), Arc::new(version));
            boundaries.push(day);
        }
        for (day, version) in second.over_time(&layers(&second), change) {
            book.adopt(CUSTOMER, midnight(day), Arc::new(version));
            boundaries.push(day);
        }
        let acts = acts(&agreement);
        assert!(acts.len() > 100, "{}: only {} acts", path.display(), acts.len());
        let mut day: Date = "2026-05-01".parse().unwrap();
        let mut before: Option<Vec<(bool, String)>> = None;
        let mut changes = Vec::new();
        while day <= last {
            let begun = |adoption: &&Adoption| adoption.from <= midnight(day);
            let governing = book.versions(CUSTOMER).iter().rfind(begun).map(|adoption| adoption.agreement.hash());
            assert_eq!(book.at(CUSTOMER, midnight(day)).map(|agreement| agreement.hash()), governing, "{day}");
            assert_eq!(governing.is_some(), day >= from, "{day}");
            // From the first moment of the day to its last one and the same version.
            let end = Instant(midnight(day.tomorrow().unwrap()).0 - 1);
            assert_eq!(book.at(CUSTOMER, end).map(|agreement| agreement.hash()), governing, "{day}");
            // Deciding each act on each of six hundred days would take minutes; a day within a stretch is like the day before.
            if before.is_none() || boundaries.contains(&day) || day.day() == 1 || day.day() == 17 {
                let answers: Vec<_> = acts.iter().map(|act| answer(&book, act, midnight(day))).collect();
                if day < from {
                    assert!(answers.iter().all(|(yes, why)| !yes && why.ends_with(" not-in-force")), "{day}");
                }
                if before.as_ref().is_some_and(|before| *before != answers) {
                    changes.push(day.to_string());
                }
                before = Some(answers);
            }
            day = day.tomorrow().unwrap();
        }
        assert_eq!(
            changes,
            ["2026-06-01", "2027-01-01", "2027-04-15", "2027-07-01"],
            "{}: answers change when a layer begins or ends, and not with a version that says the same",
            path.display()
        );
    }
}
