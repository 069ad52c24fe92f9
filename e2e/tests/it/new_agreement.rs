//! A service that `betrodd new agreement` has just written runs: a record is made, read and refused through the interface for
//! programs, in both languages.

use std::process::Command;

use e2e::{Folder, Program, Visitor, verify};
use serde_json::Value as Json;

#[test]
fn a_service_from_the_form_runs() {
    for (answers, service, kind, clause, language) in
        [("korskolan.toml", "korskolan", "pupil", "7.4", "sv"), ("choir.toml", "choir", "singer", "7.4", "en")]
    {
        let folder = Folder::fresh();
        let new = folder.path().with_file_name("new");
        let made = Command::new(e2e::built("BETRODD_BIN", "betrodd"))
            .args(["new", "agreement"])
            .arg(&new)
            .arg("--answers")
            .arg(e2e::repository().join("programs/betrodd/tests/answers").join(answers))
            .output()
            .expect("it runs");
        assert!(made.status.success(), "{made:?}");
        let program = Program::demo(&folder.path(), &["--service", new.to_str().expect("a path")]);
        let enter = |name: &str| {
            let mut visitor = Visitor::new(program.address()).speaking(language);
            let first = visitor.get("/").with_status(200);
            let (_, card) = first.body.split_once(&format!("<h4>{name}</h4>")).expect("a card with that name");
            let person = card.split("name=\"person\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
            assert_eq!(visitor.post("/demo/enter", &[("person", person.expect("a form"))]).status, 200);
            visitor
        };
        let mut writer = enter("Kim Påhittad");
        let base = format!("/api/v1/{service}/{kind}");
        let body = r#"{"fields":{"name":"Toni Ingen"}}"#;
        let made: Json =
            serde_json::from_str(&writer.api("POST", &base, &[], body).with_status(201).body).expect("JSON");
        let id = made["id"].as_str().expect("an id");
        writer.api("GET", &format!("{base}/{id}"), &[], "").with_status(200).says(&["Toni Ingen"]);
        // What the agreement does not let this role do is refused by the clause on access, and the administrator may.
        writer.api("GET", &format!("{base}/{id}/export"), &[], "").with_status(403).says(&["no-rule", clause]);
        enter("Alex Påhittad")
            .api("GET", &format!("{base}/{id}/export"), &[], "")
            .with_status(200)
            .says(&["Toni Ingen"]);
        let undeclared = r#"{"fields":{"name":"A","income":"1"}}"#;
        writer.api("POST", &base, &[], undeclared).with_status(403).says(&["field-not-declared"]);
        let said = program.said();
        assert!(!said.contains("skulle visa ett nej") && !said.contains("hoppades över"), "{said}");
        program.stop();
        assert!(verify(&folder.path()).status.success());
    }
}
