//! A text as it lies in the world, through the program as users run it: told, drafted, checked, served; and files that are made to harm.

use std::path::Path;
use std::process::Command;

use e2e::{Folder, Program, Visitor};

use crate::people::Demo;

const TEXT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/reading/tests/whole/helt-avtal.txt");

/// How the program ended, and all that it said.
fn run(arguments: &[&str]) -> (std::process::ExitStatus, String) {
    let out = Command::new(e2e::built("BETRODD_BIN", "betrodd")).args(arguments).output().expect("the program");
    let said = [out.stdout, out.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
    (out.status, said.concat())
}

/// A file that is sent as a browser sends it.
fn body(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut body =
        format!("--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--b--\r\n");
    body
}

#[test]
fn a_text_is_read_drafted_checked_and_served() {
    let folder = Folder::fresh();
    let service = folder.path().with_file_name("schema");
    let at = service.to_str().expect("a path");
    let read = run(&["read", TEXT, "--draft", at, "--service", "schema", "--confirmed", "--trial"]);
    assert!(read.0.success(), "{}", read.1);
    for told in ["ett personuppgiftsbiträdesavtal finns i texten", "utan onödigt dröjsmål", "Lindkvarn Schema AB"] {
        assert!(read.1.contains(told), "`{told}` is not in {}", read.1);
    }
    let again = run(&["read", TEXT, "--draft", at, "--service", "schema"]);
    assert!(!again.0.success() && again.1.contains("is there already; nothing was written"), "{}", again.1);
    let agreement = service.join("agreement.sv.md");
    let checked = run(&["check", agreement.to_str().expect("a path")]);
    assert!(checked.1.contains("incident.notice") || checked.0.code().is_some_and(|code| code < 2), "{}", checked.1);

    let program = Program::demo(&folder.path(), &["--service", at]);
    let mut visitor = Visitor::new(program.address());
    let public = visitor.get("/schema/avtal").with_status(200);
    assert!(
        public.body.contains("schemaläggning och tidrapportering"),
        "the provider's own text is what customers see"
    );
    program.stop();
}

#[test]
fn the_page_reads_in_a_process_of_its_own_and_survives_what_is_made_to_harm() {
    let demo = Demo::start();
    let mut visitor = demo.stranger();
    let headers = [("content-type", "multipart/form-data; boundary=b"), ("sec-fetch-site", "same-origin")];
    let text = std::fs::read(Path::new(TEXT)).expect("the text");
    let seen = visitor.send("POST", "/read", &headers, &body("avtal.txt", &text));
    assert_eq!(seen.status, 200);
    assert!(seen.body.contains("Lindkvarn Schema AB") && seen.body.contains("rad "), "{}", seen.body);

    // A PDF whose parts refer to one another without end, and one that is cut in the middle.
    let endless = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1000000>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF";
    for (name, bytes) in [("evig.pdf", &endless[..]), ("bild.png", b"\x89PNG\r\n\x1a\n....")] {
        let seen = visitor.send("POST", "/read", &headers, &body(name, bytes));
        assert_eq!(seen.status, 422, "{name}: {}", seen.body);
        assert!(seen.body.contains("role=\"alert\""), "{name}");
    }
    let foreign = [("content-type", "multipart/form-data; boundary=b"), ("sec-fetch-site", "cross-site")];
    assert_eq!(visitor.send("POST", "/read", &foreign, &body("avtal.txt", &text)).status, 403);
    assert_eq!(visitor.get("/read").status, 200, "and the page goes on");
}

#[test]
fn a_report_is_a_page_or_a_paper_of_its_own_and_writes_over_nothing() {
    let folder = Folder::fresh();
    let file = |name: &str| folder.path().with_file_name(name).to_str().expect("a path").to_owned();
    let services = concat!(env!("CARGO_MANIFEST_DIR"), "/../services");
    let (page, paper) = (file("rapport.html"), file("rapport.pdf"));
    for into in [&page, &paper] {
        let made = run(&["read", TEXT, "--report", into, "--services", services]);
        assert!(made.0.success(), "{}", made.1);
    }
    let text = std::fs::read_to_string(&page).expect("the page");
    for told in ["Mot artikel 28", "Jämfört med kända avtal", "Lindkvarn Schema AB", "Matcha", "lang=\"sv\""] {
        assert!(text.contains(told), "`{told}` is not in {text}");
    }
    assert!(!text.contains("href=") && !text.contains("<script"), "it stands alone");
    assert!(std::fs::read(&paper).expect("the paper").starts_with(b"%PDF-1.7"));

    let again = run(&["read", TEXT, "--report", &page, "--services", services]);
    assert!(!again.0.success() && again.1.contains("is there already; nothing was read"), "{}", again.1);
    let other = run(&["read", TEXT, "--report", &file("rapport.odt"), "--services", services]);
    assert!(!other.0.success() && other.1.contains("end the name in .html or .pdf"), "{}", other.1);
    let english = file("report.html");
    let alone = run(&["read", TEXT, "--english", "--report", &english, "--services", &file("nothing-here")]);
    assert!(!alone.0.success(), "a folder that is named must be there: {}", alone.1);
}
