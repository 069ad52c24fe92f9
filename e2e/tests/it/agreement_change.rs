//! The agreement's file is changed, the program starts again, and pages and decisions follow. Nothing is compiled.

use std::path::Path;

use e2e::{Folder, Program};
use serde_json::Value as Json;

use crate::people::{ADMINISTRATOR, Demo, PRIVACY_LEAD, SUPPORT, UNIT_HEAD, WORKER, called, listed, number};

/// Changes the copied agreement: each text is replaced by another, and must have stood there.
fn change(services: &Path, replacements: &[(&str, &str)]) {
    let file = services.join("matcha/agreement.sv.md");
    let mut text = std::fs::read_to_string(&file).expect("the agreement");
    for (from, to) in replacements {
        assert!(text.contains(from), "the agreement does not say {from:?}");
        text = text.replace(from, to);
    }
    std::fs::write(&file, text).expect("it can be written");
}

#[test]
fn a_category_that_is_taken_away_is_neither_shown_nor_taken() {
    let (demo, services) = Demo::start_on_a_copy();
    let mut worker = demo.enter(WORKER);
    let participant = listed(&mut worker, "/matcha/deltagare").swap_remove(0);
    let before = worker.get(&participant).with_status(200);
    before.says(&["<dt>Kön</dt><dd>"]).says_nothing_of(&["<dt>Kön</dt><dd><span"]);
    demo.stranger().get("/matcha/avtal").says(&["Kön"]);
    let at = format!("/api/v1/matcha/deltagare/{}", number(&participant));
    worker
        .api("PUT", &at, &[("if-match", "1")], r#"{"fields": {"gender": "not-stated"}}"#)
        .with_status(200)
        .says(&["2"]);

    let demo = demo.after(&services, || change(&services, &[("\"gender\", ", "")]));
    let mut worker = demo.enter(WORKER);
    let file = worker.get(&participant).with_status(200);
    file.says(&["<dt>Förnamn</dt><dd>", "<dt>Kön</dt><dd><span class=\"withheld\">"]).says_nothing_of(&["Anges inte"]);
    worker.get(&format!("{participant}/edit")).with_status(200).says_nothing_of(&["name=\"gender\""]);
    worker.get("/matcha/deltagare").says_nothing_of(&["<td data-label=\"Kön\">Man"]);
    let refused = worker.api("PUT", &at, &[("if-match", "2")], r#"{"fields": {"gender": "man"}}"#).with_status(403);
    let refused: Json = serde_json::from_str(&refused.body).expect("JSON");
    assert_eq!(
        (&refused["reason"], &refused["number"], &refused["category"]),
        (&"category-not-declared".into(), &"3.2".into(), &"gender".into())
    );
    // The rest of the record goes on as before.
    worker
        .api("PUT", &at, &[("if-match", "2")], r#"{"fields": {"phone": "070-174 06 99"}}"#)
        .with_status(200)
        .says(&["3"]);
    let log = demo.enter(ADMINISTRATOR).get("/matcha/vem-har-sett?outcome=refused");
    log.says(&["Uppgiftens slag anges inte i avtalet: Kön", ">3.2<"]);
    demo.end_well();
}

/// Makes the demo for the first time under an agreement that was edited before.
fn begun_under(replacements: &[(&str, &str)], tells: &[&str]) -> Demo {
    let folder = Folder::fresh();
    let services = folder.services("matcha");
    change(&services, replacements);
    let services = services.to_str().expect("a path in UTF-8");
    let program = Program::demo(&folder.path(), &["--fresh", "--services", services]);
    let said = program.said();
    for line in tells {
        assert_eq!(said.matches(line).count(), 1, "it should say {line:?} once:\n{said}");
    }
    Demo { program, folder }
}

#[test]
fn a_demo_begun_without_a_category_has_everything_but_that_category() {
    let demo = begun_under(&[("\"gender\", ", "")], &["avtalet nekar nu uppgiften Kön i Deltagare"]);
    let mut worker = demo.enter(WORKER);
    let participants = listed(&mut worker, "/matcha/deltagare");
    assert!(participants.len() > 5, "{participants:?}");
    let file = worker.get(&participants[0]).with_status(200);
    file.says(&["<dt>Förnamn</dt><dd>"]).says_nothing_of(&["<dt>Kön</dt><dd>Man", "<dt>Kön</dt><dd>Kvinna"]);
    demo.end_well();
    // A kind of record that is nothing but the category is missed as a whole.
    let demo = begun_under(&[("\"day-notes\", ", "")], &["avtalet nekar nu insamling av Daganteckning"]);
    assert!(!listed(&mut demo.enter(WORKER), "/matcha/deltagare").is_empty());
    demo.end_well();
}

#[test]
fn a_demo_begun_with_a_purpose_that_it_counted_on_being_refused_goes_on_without_that_refusal() {
    let purpose = "[purpose.marketing]\nlabel = { sv = \"marknadsföring\", en = \"marketing\" }\ndpv = \"dpv:Marketing\"\n\n[purposes]\n";
    let added = ("[purposes]\n", purpose);
    // No rule speaks of the purpose yet, so the refusal is one still.
    begun_under(&[added], &[]).end_well();
    let rule = (
        "purpose = \"provide\"\nsubject = \"participant\"",
        "purpose = [\"provide\", \"marketing\"]\nsubject = \"participant\"",
    );
    let told = ["avtalet tillåter nu läsning med ändamålet marketing av Deltagare"];
    begun_under(&[added, rule], &told).end_well();
}

#[test]
fn subprocessors_follow_the_file_on_the_public_page() {
    let (demo, services) = Demo::start_on_a_copy();
    let added = "#### S.19.8 Hetzner {#subprocessor-hetzner}";
    let ninth = "#### S.19.9 Påhittad Molntjänst {#subprocessor-ninth}\n\nFör provet.\n\n```toml\n[[subprocessor]]\nid = \"ninth\"\nname = \"Påhittad Molntjänst\"\ntask = { sv = \"ett prov\", en = \"a test\" }\ncountry = \"FI\"\nplace = \"Esbo\"\ncategories = [\"name\"]\nhosts = []\n```\n\n";
    demo.stranger()
        .get("/matcha/underbitraden")
        .with_status(200)
        .says(&["Eniro", "8 underbiträden"])
        .says_nothing_of(&["Molntjänst"]);
    let demo = demo.after(&services, || {
        change(&services, &[(added, &format!("{ninth}{added}")), ("Eniro", "Bolagskollen Prov AB")]);
    });
    let mut stranger = demo.stranger();
    for path in ["/matcha/underbitraden", "/matcha/underbitraden.json", "/matcha/underbitraden.csv"] {
        let answer = stranger.get(path).with_status(200);
        answer.says(&["Påhittad Molntjänst", "Bolagskollen Prov AB"]).says_nothing_of(&["Eniro"]);
    }
    stranger.get("/matcha/underbitraden").says(&["9 underbiträden", "Finland", "Esbo", "punkt S.19.9", "Namn"]);
    stranger.get("/matcha/avtal").says(&["Påhittad Molntjänst"]);
    demo.enter(WORKER).get("/matcha/avtal").with_status(200).says(&["Påhittad Molntjänst"]);
    demo.end_well();
}

#[test]
fn a_purpose_that_is_taken_away_closes_the_support_desk() {
    let (demo, services) = Demo::start_on_a_copy();
    let mut support = demo.enter(SUPPORT);
    let desk = support.get("/matcha/support").with_status(200);
    let case = desk.forms().into_iter().map(|form| form.action).find(|to| to.contains("/support/")).expect("a case");
    let at = format!("{case}/support");
    support.get(&at).with_status(200).says(&["Ändamål: lämna support", "Ärendet i en mening"]);
    let demo = demo.after(&services, || {
        let file = services.join("matcha/agreement.sv.md");
        let text = std::fs::read_to_string(&file).expect("the agreement");
        let without = without_blocks(&text, |block| {
            block.starts_with("[purpose.support]")
                || block.starts_with("[case.support]")
                || block.starts_with("[[may]]") && block.contains("role = \"support\"")
        });
        let without = without.replace("purpose = [\"provide\", \"support\"]", "purpose = \"provide\"");
        std::fs::write(&file, without).expect("it can be written");
    });
    let mut support = demo.enter(SUPPORT);
    let refused = support.get(&at);
    assert!(matches!(refused.status, 403 | 404), "{}", refused.status);
    refused.says_nothing_of(&["post.example", "070-174"]);
    // The purpose as such: whoever names it is refused by the clause of purposes.
    let mut worker = demo.enter(WORKER);
    let answer = worker.send("GET", "/api/v1/matcha/deltagare", &[("x-purpose", "support")], b"").with_status(403);
    let problem: Json = serde_json::from_str(&answer.body).expect("JSON");
    assert_eq!((&problem["reason"], &problem["number"]), (&"purpose-not-agreed".into(), &"3.3".into()));
    demo.stranger()
        .get("/matcha/avtal")
        .with_status(200)
        .says(&["illhandahålla tjänsten"])
        .says_nothing_of(&["Lämna support <"]);
    demo.end_well();
}

#[test]
fn a_rule_that_is_taken_away_from_a_role_refuses_it() {
    let (demo, services) = Demo::start_on_a_copy();
    let mut head = demo.enter(UNIT_HEAD);
    let name = "Göran Söderberg";
    let participant = called(&mut head, "/matcha/deltagare", name);
    head.get(&participant).with_status(200).says(&[name]);
    let demo = demo.after(&services, || {
        let of = |role: &str| format!("role = \"{role}\"\nverbs = [\"collect\", \"alter\", \"consult\"]\npurpose");
        change(&services, &[(&of("unit-head"), &of("case-worker"))]);
    });
    let mut head = demo.enter(UNIT_HEAD);
    head.get(&participant).with_status(403).says(&["punkt S.10", "Ingen regel"]).says_nothing_of(&[name]);
    head.get("/matcha/").with_status(200).says_nothing_of(&[">Deltagare<"]);
    demo.enter(WORKER).get(&participant).with_status(200).says(&[name]);
    assert_eq!(demo.enter(PRIVACY_LEAD).get(&participant).status, 403);
    demo.end_well();
}

#[test]
fn older_entries_keep_the_number_of_the_version_that_governed() {
    let (demo, services) = Demo::start_on_a_copy();
    demo.enter(WORKER).get("/matcha/deltagare?purpose=marketing").with_status(403).says(&["punkt 3.3"]);
    let before = demo.stranger().get("/matcha/avtal.md").body;
    let demo = demo.after(&services, || change(&services, &[("### 3.3 ", "### 3.33 ")]));
    demo.enter(WORKER).get("/matcha/deltagare?purpose=marketing").with_status(403).says(&["punkt 3.33"]);
    let mut administrator = demo.enter(ADMINISTRATOR);
    let log = administrator.get("/matcha/vem-har-sett?for=marketing").with_status(200);
    log.says(&[">3.33<", ">3.3<"]);
    assert!(log.body.find(">3.33<") < log.body.find(">3.3<"), "the newest comes first");
    assert!(demo.said_of_the_change(), "the program tells what changed:\n{}", demo.program.said());
    let after = administrator.get("/matcha/avtal.md").body;
    assert!(before.contains("### 3.3 ") && after.contains("### 3.33 "));
    demo.end_well();
}

#[test]
fn a_broken_agreement_is_told_line_by_line_and_nothing_starts() {
    let (demo, services) = Demo::start_on_a_copy();
    demo.program.stop();
    change(
        &services,
        &[("purpose = \"maintain\"", "purpose = \"maintian\""), ("side = \"processor\"", "side = \"prosessor\"")],
    );
    let arguments = ["--services", services.to_str().expect("a path")];
    let Err(said) = e2e::Program::try_start("demo", &demo.folder.path(), &arguments) else { panic!("it started") };
    for word in ["agreement.sv.md:", "maintian", "maintain", "prosessor", "Nothing was started"] {
        assert!(said.contains(word), "it does not say {word:?}:\n{said}");
    }
    change(&services, &[("maintian", "maintain"), ("prosessor", "processor")]);
    e2e::Program::demo(&demo.folder.path(), &arguments).stop();
}

#[test]
fn a_second_program_on_the_same_folder_is_told_so() {
    let demo = Demo::start();
    let Err(said) = e2e::Program::try_start("demo", &demo.folder.path(), &[]) else { panic!("two run on one folder") };
    assert!(said.contains("betrodd:") && said.len() < 1000, "{said}");
    demo.enter(WORKER).get("/matcha/deltagare").with_status(200).says(&["Göran"]);
    demo.end_well();
}

/// The agreement without the terms that `gone` picks. A term begins with a line in brackets and ends at an empty line or fence.
fn without_blocks(text: &str, gone: impl Fn(&str) -> bool) -> String {
    let mut kept = String::new();
    let mut block = String::new();
    for line in text.split_inclusive('\n') {
        if line.starts_with('[') || !block.is_empty() && (line.trim().is_empty() || line.starts_with("```")) {
            if !gone(&block) {
                kept.push_str(&block);
            }
            block.clear();
        }
        if line.starts_with('[') || !block.is_empty() {
            block.push_str(line);
        } else {
            kept.push_str(line);
        }
    }
    kept + &block
}
