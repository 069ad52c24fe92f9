//! Proofs as a customer takes them home: from the page, over the interface, and checked by `verify` with the file and the key.

use std::path::Path;
use std::process::{Command, Output};

use e2e::{Answer, Visitor, built};

use crate::people::{ADMINISTRATOR, Demo, OTHER_ADMINISTRATOR, WORKER};

fn verify(place: &str, arguments: &[&str], token: &str) -> (Option<i32>, String) {
    let run = Command::new(built("VERIFY_BIN", "verify")).arg(place).args(arguments).env("BETRODD_KEY", token).output();
    let Output { status, stdout, stderr } = run.expect("verify starts");
    (status.code(), String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned())
}

fn keep(folder: &Path, name: &str, answer: &Answer) -> String {
    let file = folder.join(name);
    std::fs::write(&file, &answer.body).expect("written");
    file.display().to_string()
}

/// The text of the key, from the page of checkpoints.
fn verifier(page: &Answer) -> String {
    let parts = page.body.match_indices("betrodd/").map(|(at, _)| &page.body[at..]);
    let mut keys = parts.filter_map(|part| part.split(|c: char| c == '<' || c.is_whitespace() || c == '\'').next());
    keys.find(|part| part.contains('+')).expect("a key").to_owned()
}

#[test]
fn a_customer_takes_a_proof_home_and_checks_it_with_the_file_and_the_key() {
    let demo = Demo::start();
    let mut boss = demo.enter(ADMINISTRATOR);
    let log = boss.get("/matcha/vem-har-sett").with_status(200);
    let proof = log.links().into_iter().find(|link| link.ends_with(".tlog-proof")).expect("each row has its proof");
    let proof = boss.get(&proof).with_status(200);
    proof.says(&["c2sp.org/tlog-proof@v1", "index "]);
    assert!(proof.header("content-disposition").is_some_and(|said| said.contains(".tlog-proof")));
    let page = boss.get("/matcha/kontrollpunkter").with_status(200);
    page.says(&["Kontrollpunkter", "Den senaste kontrollpunkten"]);
    let note = boss.get("/matcha/kontrollpunkter.checkpoint").with_status(200);
    let key = verifier(&page);
    let folder = tempfile::tempdir().expect("a folder");
    let file = keep(folder.path(), "one.tlog-proof", &proof);

    // With the file and the key, and nothing else.
    let (code, text) = verify(&file, &["--key", &key], "");
    assert_eq!(code, Some(0), "{text}");
    assert!(text.starts_with("Sound") && text.contains("a proof: entry ") && text.contains("it says: "), "{text}");
    // Without a key nothing can be said.
    assert_eq!(verify(&file, &[], "").0, Some(2));
    // With another's entry under the same checkpoint it is false.
    let forged = proof.body.replacen("index ", "index 1", 1);
    std::fs::write(folder.path().join("two.tlog-proof"), forged).expect("written");
    let (code, text) = verify(&folder.path().join("two.tlog-proof").display().to_string(), &["--key", &key], "");
    assert_eq!(code, Some(1), "{text}");

    // The whole log over the network, with a key for programs; the next time it must continue.
    let keys = boss.get("/matcha/nycklar").with_status(200);
    let made = boss.submit(&keys, "/nycklar", &[("name", "revisor"), ("days", "5")]).with_status(200);
    let (_, rest) = made.body.split_once("value=\"bk_").expect("a key on the page");
    let token = format!("bk_{}", rest.split('"').next().expect("it ends"));
    let kept = keep(folder.path(), "kept.checkpoint", &note);
    let address = format!("{}/api/v1/matcha/log", demo.address());
    let seen = folder.path().join("seen").display().to_string();
    for _ in 0..2 {
        let (code, text) = verify(&address, &["--key", &key, "--seen", &seen, "--kept", &kept], &token);
        assert_eq!(code, Some(0), "{text}");
        assert!(
            text.contains("1 signed checkpoint: root and signature") && text.contains("1 checkpoint that you kept"),
            "{text}"
        );
    }
    let (code, text) = verify(&address, &["--key", &key], "");
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("BETRODD_KEY"), "{text}");

    // That it continues a checkpoint, as a file.
    let mut program = Visitor::new(demo.address());
    let bearer = format!("Bearer {token}");
    let mut ask = |path: &str| program.send("GET", path, &[("authorization", &bearer)], b"");
    ask("/api/v1/matcha/log/consistency/1").with_status(200).says(&["old 1\n"]);
    ask("/api/v1/matcha/log/checkpoints").with_status(200).says(&["\"checkpoint\"", "\"past\""]);
    for path in [
        "proof/99999999",
        "proof/x",
        "consistency/99999999",
        "tile/0/999",
        "tile/../../x",
        "tile/0/..%2f..%2fcheckpoint",
    ] {
        assert_eq!(ask(&format!("/api/v1/matcha/log/{path}")).status, 404, "{path}");
    }
}

#[test]
fn nobody_gets_anothers_log_and_a_role_that_may_not_see_it_is_refused_with_its_clause() {
    let demo = Demo::start();
    let mut worker = demo.enter(WORKER);
    for path in ["/matcha/kontrollpunkter", "/matcha/kontrollpunkter.checkpoint", "/matcha/vem-har-sett/0.tlog-proof"] {
        assert_eq!(worker.get(path).status, 403, "{path}");
    }
    worker.api("GET", "/api/v1/matcha/log/checkpoint", &[], "").with_status(403).says(&["\"clause\""]);
    let mut other = demo.enter(OTHER_ADMINISTRATOR);
    let mut boss = demo.enter(ADMINISTRATOR);
    let note = |answer: Answer| answer.body.lines().next().expect("an origin").to_owned();
    let path = "/matcha/kontrollpunkter.checkpoint";
    // A log's first checkpoint is signed a moment after the log has begun.
    let begun = std::time::Instant::now();
    while other.get(path).status == 404 && begun.elapsed().as_secs() < 20 {
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    assert_ne!(note(other.get(path).with_status(200)), note(boss.get(path).with_status(200)), "each its own log");
}
