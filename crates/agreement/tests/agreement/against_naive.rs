//! The decision table against a naive walk over the rules: random small agreements, random acts, one answer.
//!
//! The naive interpreter knows the model and decision page 0003, and nothing of the table.

use agreement::{Act, CaseFact};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use terms::{Extent, Reason, RecordId, Relation, Relations, SubprocessorId, Verb};

use crate::model::{Model, Receives, Recipient, Rule, act};

/// `Ok(granted, withheld with clause)` or `Err(reason, clause, changer)`.
type Answer = Result<(Vec<String>, Vec<(String, String)>), (String, String, String)>;

fn decided(model: &Model, act: Act) -> Answer {
    let agreement = model.read();
    match agreement.decide(act) {
        Ok(permit) => {
            assert!(agreement.clause(permit.clause()).is_some());
            let withheld =
                permit.withheld().iter().map(|(category, clause)| (category.to_string(), clause.to_string()));
            Ok((permit.granted().iter().map(ToString::to_string).collect(), withheld.collect()))
        }
        Err(refusal) => {
            let clause = agreement.clause(&refusal.clause).expect("a refusal names a clause of the agreement");
            assert_eq!(refusal.number, clause.number);
            let reason = match &refusal.reason {
                Reason::CategoryNotDeclared(category) => format!("category-not-declared {category}"),
                other => other.code().to_owned(),
            };
            Err((reason, refusal.clause.to_string(), refusal.changer.code().into()))
        }
    }
}

/// Walks the rules as the page says, in its order, for one category. `Err` is (stage, reason, clause, changer).
fn one(model: &Model, act: &Act, category: &str) -> Result<(), (u8, &'static str, String, &'static str)> {
    let subject = act.subject.as_str();
    let declared: Vec<&String> =
        model.declares.iter().filter(|(of, _)| of == subject).flat_map(|(_, categories)| categories).collect();
    if !declared.iter().any(|name| *name == category) {
        return Err((4, "category-not-declared", "categories".into(), "controller"));
    }
    let covers = |rule: &Rule| {
        rule.roles.iter().any(|role| role == act.role.as_str())
            && rule.verbs.contains(&act.verb)
            && rule.purposes.iter().any(|purpose| purpose == act.purpose.as_str())
            && rule.subjects.iter().any(|of| of == subject)
            && rule.categories.as_ref().is_none_or(|listed| listed.iter().any(|name| name == category))
    };
    let rules: Vec<(usize, &Rule)> = model.rules.iter().enumerate().filter(|(_, rule)| covers(rule)).collect();
    let Some((first, _)) = rules.first() else { return Err((5, "no-rule", "access".into(), "administrator")) };
    let holds = |rule: &Rule| match (&rule.within, &act.facts.case) {
        (None, _) => true,
        (Some(within), CaseFact::Open { case, .. }) => within == case.as_str(),
        (Some(_), _) => false,
    };
    if !rules.iter().any(|(_, rule)| holds(rule)) {
        let reason = if act.facts.case == CaseFact::None { "case-required" } else { "case-does-not-cover" };
        return Err((6, reason, format!("rule-{first}"), "controller-by-case"));
    }
    let reaches =
        |rule: &Rule| rule.reach.is_empty() || rule.reach.each().any(|relation| act.facts.reached.has(relation));
    let in_case = || rules.iter().filter(|(_, rule)| holds(rule));
    if !in_case().any(|(_, rule)| reaches(rule)) {
        let (first, _) = in_case().next().unwrap();
        return Err((7, "out-of-reach", format!("rule-{first}"), "controller-by-assignment"));
    }
    let consents = |rule: &Rule| {
        rule.consent.as_ref().is_none_or(|kind| act.facts.consents.iter().any(|given| given.as_str() == kind))
    };
    let reached = || in_case().filter(|(_, rule)| reaches(rule));
    if !reached().any(|(_, rule)| consents(rule)) {
        let (first, _) = reached().next().unwrap();
        return Err((8, "no-consent", format!("rule-{first}"), "data-subject"));
    }
    if act.recipient.is_none() && act.country.is_none() && act.verb != Verb::Disclose {
        return Ok(());
    }
    let no = |reason, clause: String| Err((9, reason, clause, "processor"));
    let recipient = act
        .recipient
        .as_ref()
        .and_then(|id| model.recipients.iter().enumerate().find(|(_, recipient)| recipient.id == id.as_str()));
    let Some((number, recipient)) = recipient else { return no("recipient-not-agreed", "subprocessors".into()) };
    if recipient.country.is_none() || recipient.country != act.country {
        return no("place-not-agreed", "subprocessors".into());
    }
    let receives = match &recipient.categories {
        Receives::Declared => true,
        Receives::Listed(listed) => listed.iter().any(|name| name == category),
        Receives::NotFound | Receives::None => false,
    };
    if receives { Ok(()) } else { no("recipient-not-agreed", format!("recipient-{number}")) }
}

fn naive(model: &Model, act: &Act) -> Answer {
    let no = |reason: &str, clause: &str, changer: &str| Err((reason.into(), clause.into(), changer.into()));
    if act.role.as_str() != "opener" && !model.roles.iter().any(|role| role == act.role.as_str()) {
        return no("role-not-agreed", "access", "administrator");
    }
    if !model.purposes.iter().any(|purpose| purpose == act.purpose.as_str()) {
        return no("purpose-not-agreed", "purposes", "both-parties");
    }
    if !model.subjects.iter().any(|subject| subject == act.subject.as_str()) {
        return no("subject-not-declared", "categories", "controller");
    }
    let (mut granted, mut failed) = (Vec::new(), Vec::new());
    let mut seen = Vec::new();
    for category in &act.categories {
        if seen.contains(&category) {
            continue;
        }
        seen.push(category);
        match one(model, act, category.as_str()) {
            Ok(()) => granted.push(category.to_string()),
            Err(why) => failed.push((category.to_string(), why)),
        }
    }
    let stages = failed.iter().map(|(_, (stage, ..))| *stage);
    let answering = match act.extent {
        Extent::Exactly => stages.min(),
        Extent::AsPermitted if granted.is_empty() => stages.max(),
        Extent::AsPermitted => None,
    };
    if let Some(stage) = answering {
        let (category, (_, reason, clause, changer)) = failed.iter().find(|(_, (of, ..))| *of == stage).unwrap();
        let category = if stage == 4 { format!(" {category}") } else { String::new() };
        return no(&format!("{reason}{category}"), clause, changer);
    }
    if granted.is_empty() {
        return no("no-rule", "access", "administrator");
    }
    Ok((granted, failed.into_iter().map(|(category, (_, _, clause, _))| (category, clause)).collect()))
}

const NAMES: [&str; 4] = ["a", "b", "c", "d"];
const CASES: [&str; 2] = ["x", "y"];
const CONSENTS: [&str; 2] = ["photo", "papers"];
const COUNTRIES: [&str; 2] = ["SE", "NO"];

fn some(at_least: usize) -> impl Strategy<Value = Vec<String>> {
    subsequence(NAMES[..3].to_vec(), at_least..=3).prop_map(|names| names.into_iter().map(str::to_owned).collect())
}

/// Often none, so that rules without a reach are tried as much.
fn relations() -> impl Strategy<Value = Relations> {
    prop_oneof![
        1 => Just(Relations::NONE),
        1 => subsequence(Relation::ALL.to_vec(), 0..=3).prop_map(Relations::from_iter),
    ]
}

fn models() -> impl Strategy<Value = Model> {
    let declares = prop::collection::vec((select(NAMES[..3].to_vec()), some(1)), 0..4);
    let rule = (
        some(1),
        subsequence(vec![Verb::Consult, Verb::Alter, Verb::Disclose], 1..=3),
        some(1),
        some(1),
        prop::option::of(some(1)),
        prop::option::of(select(CASES.to_vec())),
        relations(),
        prop::option::of(select(CONSENTS.to_vec())),
    );
    let receives = prop_oneof![
        Just(Receives::Declared),
        some(1).prop_map(Receives::Listed),
        Just(Receives::NotFound),
        Just(Receives::None)
    ];
    let recipient = (prop::option::of(select(COUNTRIES.to_vec())), receives);
    (declares, prop::collection::vec(rule, 0..5), prop::collection::vec(recipient, 0..3)).prop_map(
        |(declares, rules, recipients)| {
            let all: Vec<String> = NAMES[..3].iter().map(|name| (*name).to_owned()).collect();
            let declares: Vec<(String, Vec<String>)> =
                declares.into_iter().map(|(subject, categories)| (subject.to_owned(), categories)).collect();
            let is_declared = |subject: &String, category: &String| {
                declares.iter().any(|(of, categories)| of == subject && categories.contains(category))
            };
            let cases = vec![("x".to_owned(), "a".to_owned()), ("y".to_owned(), "b".to_owned())];
            let rules = rules
                .into_iter()
                .map(|(roles, verbs, purposes, subjects, categories, within, reach, consent)| {
                    // Keep to what the checks accept: declared categories, and the case's own purpose.
                    let categories = categories
                        .map(|mut listed| {
                            listed.retain(|category| subjects.iter().all(|subject| is_declared(subject, category)));
                            listed
                        })
                        .filter(|listed| !listed.is_empty());
                    let purposes = match within {
                        Some("x") => vec!["a".to_owned()],
                        Some(_) => vec!["b".to_owned()],
                        None => purposes,
                    };
                    let (within, consent) = (within.map(str::to_owned), consent.map(str::to_owned));
                    Rule { roles, verbs, purposes, subjects, categories, within, reach, consent }
                })
                .collect();
            let recipients = recipients
                .into_iter()
                .zip(NAMES)
                .map(|((country, categories), id)| Recipient {
                    id: id.to_owned(),
                    country: country.map(str::to_owned),
                    categories,
                })
                .collect();
            Model {
                purposes: all.clone(),
                roles: all.clone(),
                subjects: all.clone(),
                categories: all,
                declares,
                rules,
                cases,
                recipients,
            }
        },
    )
}

fn acts() -> impl Strategy<Value = Act> {
    // Mostly known words, sometimes one that the model lacks.
    let word = || prop_oneof![9 => select(NAMES[..3].to_vec()), 1 => Just("d")];
    let case = prop_oneof![
        Just(CaseFact::None),
        Just(CaseFact::DoesNotCover),
        select(vec!["x", "y", "z"])
            .prop_map(|case| CaseFact::Open { case: case.parse().unwrap(), id: RecordId([7; 16]) })
    ];
    let verb = select(vec![Verb::Consult, Verb::Alter, Verb::Disclose, Verb::Erase]);
    let categories = prop::collection::vec(select(NAMES.to_vec()), 0..5);
    let to = (prop::option::of(select(NAMES[..3].to_vec())), prop::option::of(select(COUNTRIES.to_vec())));
    let consents = subsequence(CONSENTS.to_vec(), 0..=2);
    (word(), verb, word(), word(), categories, any::<bool>(), (case, relations(), consents), to).prop_map(
        |(role, verb, purpose, subject, categories, exactly, (case, reached, consents), (recipient, country))| {
            let mut act = act(&format!("{role} {verb} {purpose} {subject}: {}", categories.join(" ")));
            act.extent = if exactly { Extent::Exactly } else { Extent::AsPermitted };
            act.facts.case = case;
            act.facts.reached = reached;
            act.facts.consents = consents.into_iter().map(|kind| kind.parse().unwrap()).collect();
            if verb == Verb::Disclose || country.is_some() {
                act.recipient = recipient.map(|id| SubprocessorId::new(id).unwrap());
                act.country = country.map(str::to_owned);
            }
            act
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_table_answers_as_the_rules_do(model in models(), acts in prop::collection::vec(acts(), 20)) {
        for act in acts {
            let expected = naive(&model, &act);
            prop_assert_eq!(decided(&model, act.clone()), expected, "{:?}", act);
        }
    }
}
