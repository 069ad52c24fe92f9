//! What is decided, act by act, under the small agreement of the model.

use agreement::{Act, Agreement, CaseFact};
use terms::{Changer, Extent, Reason, RecordId, Relation, Relations, SubprocessorId};

use crate::model::{act, open_case, small};

/// What the answer comes to: `yes rule-0: name | withheld notes access`, or `no case-required rule-1 controller-by-case`.
fn answer(agreement: &Agreement, act: Act) -> String {
    match agreement.decide(act) {
        Ok(permit) => {
            let granted: Vec<_> = permit.granted().iter().map(|category| category.as_str()).collect();
            let withheld: Vec<_> =
                permit.withheld().iter().map(|(category, clause)| format!("{category} {clause}")).collect();
            let withheld =
                if withheld.is_empty() { String::new() } else { format!(" | withheld {}", withheld.join(", ")) };
            format!("yes {}: {}{withheld}", permit.clause(), granted.join(" "))
        }
        Err(refusal) => {
            assert_eq!(refusal.number, agreement.number(&refusal.clause));
            format!("no {} {} {}", refusal.reason.code(), refusal.clause, refusal.changer.code())
        }
    }
}

fn check(words: &str, expected: &str) {
    check_with(words, |_| {}, expected);
}

fn check_with(words: &str, change: impl FnOnce(&mut Act), expected: &str) {
    let mut act = act(words);
    change(&mut act);
    assert_eq!(answer(&small().read(), act), expected, "{words}");
}

fn to(act: &mut Act, recipient: &str, country: Option<&str>) {
    act.recipient = Some(SubprocessorId::new(recipient).unwrap());
    act.country = country.map(str::to_owned);
}

#[test]
fn what_a_rule_allows_is_allowed_under_its_clause() {
    check("case-worker consult provide participant: name notes", "yes rule-0: name notes");
    check("case-worker collect provide participant: name name", "yes rule-0: name");
}

#[test]
fn what_no_rule_allows_is_refused() {
    check("case-worker erase provide participant: name", "no no-rule access administrator");
    check("case-worker consult support participant: name", "no no-rule access administrator");
    check("case-worker consult provide user: name", "no no-rule access administrator");
    check("support consult provide participant: name", "no no-rule access administrator");
}

#[test]
fn an_act_on_nothing_is_refused() {
    check("case-worker consult provide participant:", "no no-rule access administrator");
    let nothing = "case-worker consult provide participant:";
    check_with(nothing, |act| act.extent = Extent::AsPermitted, "no no-rule access administrator");
}

#[test]
fn an_unknown_word_is_refused_by_the_clause_that_lists_the_known() {
    check("auditor consult sell stranger: shoe-size", "no role-not-agreed access administrator");
    check("case-worker consult sell stranger: shoe-size", "no purpose-not-agreed purposes both-parties");
    check("case-worker consult provide stranger: shoe-size", "no subject-not-declared categories controller");
    check("case-worker consult provide participant: shoe-size", "no category-not-declared categories controller");
}

#[test]
fn a_category_declared_for_others_is_not_declared() {
    check("case-worker consult provide participant: name password", "no category-not-declared categories controller");
}

#[test]
fn an_undeclared_category_is_named() {
    let refusal = small().read().decide(act("case-worker consult provide participant: name shoe-size")).unwrap_err();
    assert_eq!(refusal.reason, Reason::CategoryNotDeclared("shoe-size".parse().unwrap()));
    assert_eq!(refusal.number, "3.0");
}

#[test]
fn a_rule_within_a_case_needs_that_case() {
    let asks = "support consult support participant: name";
    check(asks, "no case-required rule-1 controller-by-case");
    check_with(asks, |act| act.facts.case = CaseFact::DoesNotCover, "no case-does-not-cover rule-1 controller-by-case");
    check_with(asks, |act| act.facts.case = open_case("audit"), "no case-does-not-cover rule-1 controller-by-case");
    check_with(asks, |act| act.facts.case = open_case("help"), "yes rule-1: name");
}

#[test]
fn a_permit_carries_its_case() {
    let mut asks = act("support consult support participant: name");
    asks.facts.case = open_case("help");
    let agreement = small().read();
    let permit = agreement.decide(asks).unwrap();
    assert_eq!(permit.case(), Some(RecordId([3; 16])));
    assert_eq!(permit.agreement(), agreement.hash());
    assert!(permit.allows(&"name".parse().unwrap()) && !permit.allows(&"notes".parse().unwrap()));
}

#[test]
fn as_permitted_withholds_what_fails_and_says_under_which_clause() {
    let asks = "support consult support participant: notes name password";
    let open = |act: &mut Act| {
        act.extent = Extent::AsPermitted;
        act.facts.case = open_case("help");
    };
    check_with(asks, open, "yes rule-1: name | withheld notes access, password categories");
    // Nothing is left without the case; the category that came furthest says what would help.
    check_with(asks, |act| act.extent = Extent::AsPermitted, "no case-required rule-1 controller-by-case");
}

#[test]
fn exactly_is_all_or_nothing() {
    let asks = "support consult support participant: name notes";
    check_with(asks, |act| act.facts.case = open_case("help"), "no no-rule access administrator");
}

#[test]
fn a_disclosure_needs_an_agreed_recipient_at_its_place() {
    let asks = "case-worker disclose provide participant: name";
    check(asks, "no recipient-not-agreed subprocessors processor");
    check_with(asks, |act| to(act, "pigeon", Some("SE")), "no recipient-not-agreed subprocessors processor");
    check_with(asks, |act| to(act, "post", Some("NO")), "no place-not-agreed subprocessors processor");
    check_with(asks, |act| to(act, "post", None), "no place-not-agreed subprocessors processor");
    check_with(asks, |act| to(act, "post", Some("SE")), "yes rule-0: name");
    check_with(asks, |act| act.country = Some("SE".to_owned()), "no recipient-not-agreed subprocessors processor");
}

#[test]
fn a_recipient_receives_only_its_categories() {
    let asks = "case-worker disclose provide participant: name notes";
    check_with(asks, |act| to(act, "post", Some("SE")), "no recipient-not-agreed recipient-0 processor");
    let some = |act: &mut Act| {
        to(act, "post", Some("SE"));
        act.extent = Extent::AsPermitted;
    };
    check_with(asks, some, "yes rule-0: name | withheld notes recipient-0");
}

#[test]
fn a_vague_place_and_silence_about_categories_are_no_permission() {
    use crate::model::Receives;
    for (country, categories, expected) in [
        (None, Receives::Declared, "no place-not-agreed subprocessors processor"),
        (Some("SE"), Receives::NotFound, "no recipient-not-agreed recipient-0 processor"),
        (Some("SE"), Receives::None, "no recipient-not-agreed recipient-0 processor"),
        (Some("SE"), Receives::Declared, "yes rule-0: name"),
    ] {
        let mut model = small();
        model.recipients[0].country = country.map(str::to_owned);
        model.recipients[0].categories = categories;
        let mut act = act("case-worker disclose provide participant: name");
        to(&mut act, "post", Some("SE"));
        assert_eq!(answer(&model.read(), act), expected);
    }
}

#[test]
fn taking_one_word_out_of_the_text_changes_the_answer() {
    let keeps = |model: &crate::model::Model, expected: &str| {
        let mut act = act("support consult support participant: name");
        act.facts.case = open_case("help");
        assert_eq!(answer(&model.read(), act), expected);
    };
    keeps(&small(), "yes rule-1: name");

    let mut model = small();
    model.purposes.retain(|purpose| purpose != "support");
    model.cases.clear();
    model.rules.truncate(1);
    keeps(&model, "no purpose-not-agreed purposes both-parties");

    let mut model = small();
    model.roles.retain(|role| role != "support");
    model.rules.truncate(1);
    keeps(&model, "no role-not-agreed access administrator");

    let mut model = small();
    model.declares[0].1.retain(|category| category != "name");
    model.rules[1].subjects.retain(|subject| subject != "participant");
    keeps(&model, "no category-not-declared categories controller");

    let mut model = small();
    model.rules[1].within = None;
    keeps(&model, "yes rule-1: name");

    let mut act = act("case-worker disclose provide participant: name");
    to(&mut act, "post", Some("SE"));
    assert_eq!(answer(&small().read(), act.clone()), "yes rule-0: name");
    let mut model = small();
    model.recipients.clear();
    assert_eq!(answer(&model.read(), act), "no recipient-not-agreed subprocessors processor");
}

#[test]
fn every_reason_found_elsewhere_has_its_clause_too() {
    let agreement = small().read();
    let act = act("support consult support participant: name");
    for (reason, clause, changer) in [
        (Reason::NotInForce, "in-force", Changer::BothParties),
        (Reason::PurposeNotAgreed, "purposes", Changer::BothParties),
        (Reason::FieldNotDeclared("x".repeat(200)), "categories", Changer::Controller),
        (Reason::SubjectNotDeclared, "categories", Changer::Controller),
        (Reason::RoleNotAgreed, "access", Changer::Administrator),
        (Reason::NoRule, "access", Changer::Administrator),
        (Reason::CaseDoesNotCover, "rule-1", Changer::ControllerByCase),
        (Reason::RecipientNotAgreed, "subprocessors", Changer::Processor),
        (Reason::PlaceNotAgreed, "subprocessors", Changer::Processor),
        (Reason::Restricted, "access", Changer::Controller),
        (Reason::AccountEnded, "access", Changer::Administrator),
    ] {
        let refusal = agreement.refuse(&act, reason);
        assert_eq!((refusal.clause.as_str(), refusal.changer), (clause, changer), "{:?}", refusal.reason);
        assert!(agreement.clause(&refusal.clause).is_some());
        if let Reason::FieldNotDeclared(field) = refusal.reason {
            assert_eq!(field.len(), 64, "only a little of what a stranger writes is kept");
        }
    }
}

/// A case worker reaches its own, assigned and unit's; a head its unit's; papers need consent.
fn reaching() -> Agreement {
    let mut model = small();
    model.rules[0].reach = [Relation::Assigned, Relation::Unit].into_iter().collect();
    model.rules[0].categories = Some(vec!["name".to_owned()]);
    let mut papers = model.rules[0].clone();
    papers.categories = Some(vec!["notes".to_owned()]);
    papers.reach = Relations::NONE;
    papers.consent = Some("consent".to_owned());
    model.rules.push(papers);
    model.read()
}

fn found(act: &mut Act, reached: &[Relation], consents: &[&str]) {
    act.facts.reached = reached.iter().copied().collect();
    act.facts.consents = consents.iter().map(|kind| kind.parse().unwrap()).collect();
}

#[test]
fn a_rule_with_a_reach_holds_for_what_is_reached_and_nothing_else() {
    let agreement = reaching();
    let reads = |reached: &[Relation]| {
        let mut act = act("case-worker consult provide participant: name");
        found(&mut act, reached, &[]);
        answer(&agreement, act)
    };
    let no = "no out-of-reach rule-0 controller-by-assignment";
    assert_eq!([&[][..], &[Relation::Own]].map(reads), [no, no]);
    let yes = "yes rule-0: name";
    assert_eq!([&[Relation::Unit][..], &[Relation::Assigned], &Relation::ALL].map(reads), [yes, yes, yes]);
}

#[test]
fn a_permit_says_which_reach_and_consent_it_rests_on() {
    let agreement = reaching();
    let mut act = act("case-worker consult provide participant: name notes");
    found(&mut act, &[Relation::Own, Relation::Unit], &["consent", "other"]);
    let permit = agreement.decide(act).unwrap();
    assert_eq!(permit.reach(), Relations::NONE.with(Relation::Unit));
    assert_eq!(permit.consents().iter().map(|kind| kind.as_str()).collect::<Vec<_>>(), ["consent"]);
    let asks = |words| {
        let act = crate::model::act(words);
        agreement.asks(&act.role, act.verb, &act.purpose, &act.subject)
    };
    assert_eq!(asks("case-worker consult provide participant:").relations.to_string(), "assigned unit");
    assert!(asks("support consult support participant:").is_empty());
    assert!(asks("nobody consult support participant:").is_empty());
}

#[test]
fn what_rules_ask_for_one_category_is_nothing_to_acts_on_another() {
    let agreement = reaching();
    let asks = |words| {
        let act = crate::model::act(words);
        let asks = agreement.asks_about(&act.role, &act.subject, act.categories.iter());
        let consents: Vec<_> = asks.consents.iter().map(ToString::to_string).collect();
        format!("{} {}", asks.relations, consents.join(" "))
    };
    assert_eq!(asks("case-worker consult provide participant: name"), "assigned unit ");
    assert_eq!(asks("case-worker consult provide participant: name notes"), "assigned unit consent");
    assert_eq!(asks("case-worker erase support participant: notes").trim_start(), "consent");
    for nothing in ["case-worker consult provide user: notes", "support consult support participant: name notes"] {
        assert_eq!(asks(nothing), " ", "{nothing}");
    }
}

#[test]
fn without_consent_the_data_subject_alone_can_change_it() {
    let agreement = reaching();
    let mut papers = act("case-worker consult provide participant: notes");
    found(&mut papers, &Relation::ALL, &["other"]);
    assert_eq!(answer(&agreement, papers), "no no-consent rule-2 data-subject");
    let mut both = act("case-worker consult provide participant: name notes");
    both.extent = Extent::AsPermitted;
    found(&mut both, &[Relation::Assigned], &[]);
    assert_eq!(answer(&agreement, both), "yes rule-0: name | withheld notes rule-2");
}

#[test]
fn a_data_subject_reaches_its_own_whatever_a_layers_rule_leaves_out() {
    let text =
        small().text().replacen("side = \"controller\"\n[role.support]", "side = \"subject\"\n[role.support]", 1);
    let text = text.replacen("categories = \"declared\"\n", "categories = \"declared\"\nreach = \"own\"\n", 1);
    let agreement = Agreement::read("model.md", &text).unwrap_or_else(|faults| panic!("{faults}"));
    let reads = |reached: &[Relation]| {
        let mut act = act("case-worker consult provide participant: name");
        found(&mut act, reached, &[]);
        answer(&agreement, act)
    };
    assert_eq!(reads(&[Relation::Assigned, Relation::Unit]), "no out-of-reach rule-0 administrator");
    assert_eq!(reads(&[Relation::Own]), "yes rule-0: name");
}
