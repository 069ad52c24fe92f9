//! Layers: what a customer's supplement or instruction changes, and what waits for a person.

use agreement::{Act, Agreement, Facts, How, Layer};
use terms::{Category, Extent, Instant, PersonId, Purpose, Reason, Role, SubjectCategory, TenantId, Verb};

const DAY: &str = "2026-11-01";

/// The frame of the bad files with some general terms under it.
fn agreement() -> Agreement {
    let frame = include_str!("../bad/frame.md");
    let more = r#"
## 6 End {#end}

```toml
[retention.content-after-end]
of = "content"
phase = "after-end"
keep = "30 days"
then = "erased"

[retention.logs]
of = "logs"
phase = "after-end"
keep = "3 months"
then = "erased"

[backup]
every = "1 day"
keep = { not-found = "how long" }
point-in-time = "7 days"
restore-test = "6 months"
```
"#;
    Agreement::read("frame.md", &format!("{frame}{more}")).unwrap_or_else(|faults| panic!("{faults}"))
}

fn layer(kind: &str, accepted: &str, terms: &str) -> Layer {
    let text = format!(
        "# Supplement {{#head}}\n\n```toml\n[layer]\nname = \"own\"\nof = \"matcha\"\nkind = \"{kind}\"\n\
         title = {{ sv = \"Tillägg\", en = \"Supplement\" }}\nversion = \"1\"\nlanguage = \"en\"\nfrom = \"2026-10-01\"\n\
         accepted-by = [{accepted}]\n```\n\n## 1 What is agreed {{#agreed}}\n\n```toml\n{terms}\n```\n"
    );
    Layer::read("supplement.md", &text, &agreement()).unwrap_or_else(|faults| panic!("{faults}"))
}

fn supplement(terms: &str) -> Agreement {
    let layers = [layer("supplement", "\"controller\", \"processor\"", terms)];
    agreement().with_layers(&layers, DAY.parse().unwrap())
}

fn act(verb: Verb) -> Act {
    Act {
        tenant: TenantId([1; 16]),
        actor: PersonId([2; 16]),
        role: Role::new("case-worker").unwrap(),
        verb,
        purpose: Purpose::new("provide").unwrap(),
        subject: SubjectCategory::new("participant").unwrap(),
        categories: vec![Category::new("name").unwrap(), Category::new("day-notes").unwrap()],
        extent: Extent::AsPermitted,
        recipient: None,
        country: None,
        instant: Instant(1_795_000_000_000_000),
        facts: Facts::default(),
    }
}

fn said(agreement: &Agreement) -> Vec<String> {
    agreement.won().iter().map(|won| format!("{} {} {} {:?}", won.term, won.key, won.winner, won.how)).collect()
}

#[test]
fn the_stricter_of_two_values_is_in_force_wherever_it_stands() {
    let shorter = supplement(
        "[retention.content-after-end]\nof = \"content\"\nphase = \"after-end\"\nkeep = \"14 days\"\nthen = \"erased\"",
    );
    let term = shorter.term("retention", "content-after-end").unwrap();
    assert_eq!(term.period("keep").unwrap().to_string(), "14 days");
    assert_eq!(term.clause_of("keep").as_str(), "own:agreed");
    assert_eq!(said(&shorter), ["retention.content-after-end keep own Stricter"]);

    let longer = supplement(
        "[retention.content-after-end]\nof = \"content\"\nphase = \"after-end\"\nkeep = \"2 months\"\nthen = \"erased\"",
    );
    let term = longer.term("retention", "content-after-end").unwrap();
    assert_eq!(term.period("keep").unwrap().to_string(), "30 days");
    assert_eq!(term.clause_of("keep").as_str(), "end");
    assert_eq!(said(&longer), ["retention.content-after-end keep agreement Stricter"]);
}

#[test]
fn what_the_agreement_does_not_say_the_supplement_may() {
    let filled = supplement(
        "[backup]\nevery = \"1 day\"\nkeep = \"20 days\"\npoint-in-time = \"7 days\"\nrestore-test = \"6 months\"",
    );
    assert_eq!(filled.term("backup", "").unwrap().period("keep").unwrap().to_string(), "20 days");
    assert_eq!(said(&filled), ["backup keep own OnlyOne"]);
}

#[test]
fn two_values_without_an_order_wait_until_somebody_settles_them() {
    // 90 days and three months end on different days, now this first and now that.
    let terms = "[retention.logs]\nof = \"logs\"\nphase = \"after-end\"\nkeep = \"90 days\"\nthen = \"anonymised\"";
    let contradicting = supplement(terms);
    assert_eq!(said(&contradicting), ["retention.logs keep agreement Waits", "retention.logs then agreement Waits"]);
    let refusal = contradicting.decide(act(Verb::Erase)).unwrap_err();
    assert_eq!((refusal.reason, refusal.clause.as_str()), (Reason::WaitsForDecision, "own:agreed"));
    assert!(contradicting.decide(act(Verb::Consult)).is_ok(), "what the term does not govern goes on");

    let decided = |key| {
        format!(
            "\n[[settles]]\nterm = \"retention.logs\"\nkey = \"{key}\"\nwins = \"own\"\ndecided-by = \"privacy lead\"\ndecided = \"2026-10-20\"\n"
        )
    };
    let settled = supplement(&format!("{terms}\n{}{}", decided("keep"), decided("then")));
    assert!(settled.won().iter().all(|won| matches!(won.how, How::Settled(_)) && won.winner == "own"));
    assert_ne!(settled.decide(act(Verb::Erase)).unwrap_err().reason, Reason::WaitsForDecision);
}

#[test]
fn a_prohibition_beats_the_rule_and_names_its_own_clause() {
    let barred = supplement("[[may-not]]\nverbs = [\"consult\"]\ncategories = [\"day-notes\"]");
    let permit = barred.decide(act(Verb::Consult)).unwrap();
    assert_eq!(permit.granted(), [Category::new("name").unwrap()]);
    assert_eq!(permit.withheld()[0].1.as_str(), "own:agreed");
    assert_eq!(barred.decide(act(Verb::Alter)).unwrap().granted().len(), 2);

    let mut only_notes = act(Verb::Consult);
    only_notes.categories.remove(0);
    let refusal = barred.decide(only_notes).unwrap_err();
    assert_eq!((refusal.reason, refusal.clause.as_str()), (Reason::Prohibited, "own:agreed"));
}

#[test]
fn a_recipient_that_the_customer_does_without_gets_nothing() {
    let to_the_post = || {
        let mut act = act(Verb::Disclose);
        act.categories.truncate(1);
        act.recipient = Some(terms::SubprocessorId::new("post").unwrap());
        act.country = Some("SE".to_owned());
        act
    };
    assert!(agreement().decide(to_the_post()).is_ok());
    let refusal = supplement("[[without]]\nsubprocessor = \"post\"").decide(to_the_post()).unwrap_err();
    assert_eq!((refusal.reason, refusal.clause.as_str()), (Reason::RecipientNotAgreed, "own:agreed"));
}

#[test]
fn a_layer_holds_from_its_day_and_only_when_those_who_must_have_accepted_it() {
    let bar = "[[may-not]]\nverbs = [\"consult\"]";
    let on = |kind, accepted, day: &str| {
        let layers = [layer(kind, accepted, bar)];
        agreement().with_layers(&layers, day.parse().unwrap()).decide(act(Verb::Consult)).is_ok()
    };
    assert!(on("supplement", "\"controller\", \"processor\"", "2026-09-30"), "not begun");
    assert!(!on("supplement", "\"controller\", \"processor\"", "2026-10-01"));
    assert!(on("supplement", "\"controller\"", "2026-10-01"), "the processor has not accepted");
    assert!(!on("instruction", "\"controller\"", "2026-10-01"), "an instruction is the controller's own");
}

#[test]
fn every_layer_and_its_order_is_in_the_hash() {
    let one = supplement("[[may-not]]\nverbs = [\"consult\"]");
    let other = supplement("[[may-not]]\nverbs = [\"alter\"]");
    assert!(one.hash() != other.hash() && one.hash() != agreement().hash());
}

#[test]
fn an_agreement_with_its_layers_is_one_text_that_reads_as_it_was() {
    let merged = supplement("[[may-not]]\nverbs = [\"consult\"]\ncategories = [\"day-notes\"]");
    let again = Agreement::read("agreement", merged.text()).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(again.hash(), merged.hash());
    assert_eq!(again.base_text(), agreement().text());
    assert_eq!(again.layer_texts().iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["own"]);
    assert_eq!(again.decide(act(Verb::Consult)).unwrap().withheld().len(), 1);
    assert_eq!(agreement::differences(&merged, &again), []);
}

#[test]
fn a_layer_that_reaches_beyond_itself_is_told_so() {
    let told = |terms: &str| {
        let text = format!(
            "# Layer {{#head}}\n\n```toml\n[layer]\nname = \"own\"\nof = \"cling\"\nkind = \"supplement\"\n\
             title = {{ sv = \"T\", en = \"S\" }}\nversion = \"1\"\nlanguage = \"en\"\nfrom = \"2026-10-01\"\n\
             accepted-by = [\"controller\"]\n{terms}\n```\n"
        );
        Layer::read("layer.md", &text, &agreement()).unwrap_err().to_string()
    };
    assert!(told("").contains("the layer lies over `cling`"));
    assert!(
        told("[purposes]\notherwise = \"refuse\"\nchanged-by = \"processor\"").contains("belongs to the agreement")
    );
    assert!(told("[category.name]\nlabel = { sv = \"N\", en = \"N\" }").contains("has the category `name` already"));
    assert!(told("[[without]]\nsubprocessor = \"pots\"").contains("Did you mean `post`?"));
}
