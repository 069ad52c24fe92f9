//! Which version governs when, what a hash is of, and what differs between two versions.

use std::sync::Arc;

use agreement::{Agreement, Book, Change, Matter, differences};
use terms::{Instant, Language, TenantId};

use crate::model::{act, small};

const ONE: TenantId = TenantId([1; 16]);

#[test]
fn the_version_in_force_at_the_instant_governs() {
    let first = Arc::new(small().read());
    let mut changed = small();
    changed.rules.clear();
    let second = Arc::new(changed.read());
    let mut book = Book::new();
    // In any order of adopting.
    book.adopt(ONE, Instant(200), Arc::clone(&second));
    book.adopt(ONE, Instant(100), Arc::clone(&first));
    let at = |micros| book.at(ONE, Instant(micros)).map(|agreement| agreement.hash());
    assert_eq!(at(99), None);
    assert_eq!(at(100), Some(first.hash()));
    assert_eq!(at(199), Some(first.hash()));
    assert_eq!(at(200), Some(second.hash()));
    assert_eq!(book.versions(ONE).len(), 2);
    assert!(book.by_hash(&first.hash()).is_some());
    assert!(book.at(TenantId([2; 16]), Instant(500)).is_none());

    let answer = |micros| {
        let mut act = act("case-worker consult provide participant: name");
        act.instant = Instant(micros);
        match book.decide(act).unwrap() {
            Ok(permit) => permit.clause().to_string(),
            Err(refusal) => refusal.reason.code().to_owned(),
        }
    };
    assert_eq!(answer(99), "not-in-force");
    assert_eq!(answer(150), "rule-0");
    assert_eq!(answer(250), "no-rule");
    let mut stranger = act("case-worker consult provide participant: name");
    stranger.tenant = TenantId([2; 16]);
    assert!(book.decide(stranger).is_none(), "without any agreement there is no clause to name");
}

#[test]
fn the_hash_is_of_the_exact_bytes() {
    let text = small().text();
    let hash = |text: &str| Agreement::read("a.md", text).unwrap().hash();
    assert_eq!(hash(&text), hash(&text));
    assert_ne!(hash(&text), hash(&format!("{text} ")));
    let agreement = Agreement::read("a.md", &text).unwrap();
    assert_eq!(agreement.text(), text);
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    assert_eq!(agreement.hash().bytes().as_slice(), digest.as_ref());
}

#[test]
fn a_version_does_not_differ_from_itself_nor_by_its_prose() {
    let text = small().text();
    let other = text.replace("# Model", "# Another model");
    let read = |text: &str| Agreement::read("a.md", text).unwrap();
    assert_eq!(differences(&read(&text), &read(&text)), []);
    assert_eq!(differences(&read(&text), &read(&other)), []);
}

#[test]
fn each_difference_is_told_once_in_words_with_its_clause() {
    let mut new = small();
    new.purposes.push("sell".to_owned());
    new.roles.push("auditor".to_owned());
    new.rules[1].verbs.push(terms::Verb::Use);
    new.recipients[0].country = None;
    new.declares[1].1.retain(|category| category != "password");
    let told = differences(&small().read(), &new.read());
    let told: Vec<_> = told
        .iter()
        .map(|difference| (difference.change, difference.matter, difference.words.text(Language::En).to_owned()))
        .collect();
    let expected = [
        (Change::Added, Matter::Purpose, "the purpose `sell` was added: label: x / x (Model)"),
        (
            Change::Changed,
            Matter::Declaration,
            "the specification for `user` was changed: password: declared → nothing (Model)",
        ),
        (
            Change::Added,
            Matter::Role,
            "the role `auditor` was added: administers: false; label: x / x; side: controller (Model)",
        ),
        (
            Change::Changed,
            Matter::Rule,
            "the rule for `support · support · participant` was changed: name: consult (within help) → consult (within \
             help), use (within help) (R.1)",
        ),
        (
            Change::Changed,
            Matter::Rule,
            "the rule for `support · support · user` was changed: name: consult (within help) → consult (within help), \
             use (within help) (R.1)",
        ),
        (Change::Changed, Matter::Subprocessor, "the subprocessor `post` was changed: country: SE → not found (U.0)"),
    ];
    assert_eq!(told, expected.map(|(change, matter, words)| (change, matter, words.to_owned())));
}

#[test]
fn a_rule_written_otherwise_but_meaning_the_same_is_no_difference() {
    let mut split = small();
    let mut second = split.rules[0].clone();
    split.rules[0].verbs.truncate(2);
    second.verbs.drain(..2);
    second.categories = Some(vec!["name".to_owned(), "notes".to_owned()]);
    split.rules.push(second);
    assert_eq!(differences(&small().read(), &split.read()), []);
}
