//! Two thousand participants from a file, thirty of whose rows are bad: seen first, brought in whole or in part, found again.

use std::time::Instant;

use e2e::{Answer, Visitor, verify};
use serde_json::Value as Json;

use crate::people::{Demo, OTHER_ADMINISTRATOR, UNIT_HEAD, WORKER};

const API: &str = "/api/v1/matcha/deltagare/import";

/// A file of so many rows as a spreadsheet in Sweden writes it. Every seventieth birth date is none.
fn file(rows: usize) -> String {
    let mut text = String::from("Förnamn;Efternamn;Födelsedatum;E-post;Adress;Kön\r\n");
    for n in 1..=rows {
        let born = if n % 66 == 0 {
            "31/12 1985".to_owned()
        } else {
            format!("19{:02}-0{}-1{}", 50 + n % 50, 1 + n % 9, n % 9)
        };
        let address = if n == 2 { "\"Storgatan 1;\nVästerås\"" } else { "Ågatan 2" };
        text.push_str(&format!("Prov{n};Radsson{n};{born};prov{n}@import.example;{address};Kvinna\r\n"));
    }
    text
}

fn json(answer: &Answer) -> Json {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{}: {error}\n{}", answer.path, answer.body))
}

/// Sends a file as a browser does.
fn upload(visitor: &mut Visitor, page: &Answer, bytes: &[u8]) -> Answer {
    let form = page.form("/import");
    let mut body = Vec::new();
    for (name, value) in form.fields.iter().filter(|(name, _)| !matches!(name.as_str(), "file" | "text")) {
        body.extend(format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    let head = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"deltagare.csv\"\r\ncontent-type: text/csv\r\n\r\n";
    body.extend(head.bytes());
    body.extend(bytes);
    body.extend(b"\r\n--b--\r\n");
    visitor.send("POST", &form.action, &[("content-type", "multipart/form-data; boundary=b")], &body)
}

/// The page of an import when it is done: until then it shows how far it is, and asks again by itself.
fn ended(visitor: &mut Visitor, mut shown: Answer) -> Answer {
    let at = shown.path.clone();
    while shown.body.contains("<progress") {
        assert!(shown.header("refresh").is_some());
        std::thread::sleep(std::time::Duration::from_millis(100));
        shown = visitor.get(&at);
    }
    shown
}

#[test]
fn two_thousand_rows_with_thirty_bad_ones_are_seen_first_and_the_good_ones_brought_in() {
    let demo = Demo::start();
    let mut worker = demo.enter(UNIT_HEAD);
    let page = worker.get("/matcha/deltagare/import").with_status(200);
    page.says(&["Förnamn", "Ingenting skrivs förrän du har valt det"]);
    // As a spreadsheet writes it: Windows-1252.
    let text = file(2_000);
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin letters")).collect();
    let seen = upload(&mut worker, &page, &bytes).with_status(422);
    seen.says(&[
        "2000 rader: 1970 kan läsas in och 30 är felaktiga",
        "Windows-1252",
        "semikolon",
        "Kolumn 3",
        "Födelsedatum",
    ]);
    seen.says_nothing_of(&["Läs in alla"]);
    // The bad rows with their reasons, to be mended.
    let bad = worker.submit(&seen, "/import/run", &[("do", "bad")]).with_status(200);
    assert_eq!(bad.body.lines().count(), 31, "a heading and thirty rows");
    bad.says(&["\"31/12 1985\"", "är inget datum"]);
    // All, where some are bad, is nothing; the good ones are the good ones.
    let _ = worker.submit(&seen, "/import/run", &[("do", "all")]).with_status(422);
    let began = Instant::now();
    let shown = worker.submit(&seen, "/import/run", &[("do", "good")]).with_status(200);
    let at = shown.path.clone();
    let shown = ended(&mut worker, shown);
    println!("1,970 records after {:.1} s", began.elapsed().as_secs_f64());
    shown.says(&["1970 poster av 2000 rader", "Avslutad"]);
    // The form again is the same import: nothing is there twice.
    let again = worker.submit(&seen, "/import/run", &[("do", "good"), ("doubles", "1")]).with_status(200);
    ended(&mut worker, again).says(&["1970 poster av 2000"]);
    // As another file it would be doubles.
    let seen = upload(&mut worker, &page, &bytes).with_status(422);
    seen.says(&["1970 av de goda finns kanske redan"]);
    worker.get("/matcha/deltagare?q=Radsson2").says(&["Radsson2"]);
    let _ = demo.enter(OTHER_ADMINISTRATOR).get(&at).with_status(404);
    let folder = demo.folder;
    demo.program.stop();
    let checked = verify(&folder.path());
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

#[test]
fn a_program_brings_in_a_file_whole_or_not_at_all_and_goes_on_under_its_key() {
    let demo = Demo::start();
    let mut worker = demo.enter(UNIT_HEAD);
    let token = worker.token();
    let mut send = |query: &str, key: &str, body: &[u8]| {
        let headers = [
            ("content-type", "text/csv"),
            ("x-csrf", token.as_str()),
            ("idempotency-key", key),
            ("accept-language", "en"),
        ];
        worker.send("POST", &format!("{API}{query}"), &headers, body)
    };
    let text = file(70);
    let previewed = json(&send("?preview=true", "a", text.as_bytes()).with_status(200));
    assert_eq!((previewed["rows"].as_u64(), previewed["good"].as_u64()), (Some(70), Some(69)));
    assert_eq!(previewed["encoding"], "UTF-8");
    let bad = &previewed["bad"][0];
    // The second row's address has a line break of its own.
    assert_eq!((bad["line"].as_u64(), bad["faults"][0]["column"].as_u64()), (Some(68), Some(3)), "{bad}");
    assert!(bad["detail"].as_str().is_some_and(|detail| detail.contains("Date of birth")), "{bad}");
    assert!(!previewed.to_string().contains("31/12"), "values are not repeated");
    let none = json(&send("", "a", text.as_bytes()).with_status(422));
    assert_eq!((none["type"].as_str(), none["bad"].as_array().map(Vec::len)), (Some("/problems/bad-rows"), Some(1)));
    let made = send("?choose=good", "a", text.as_bytes()).with_status(201);
    let at = made.header("location").expect("a place").to_owned();
    let first = json(&made);
    assert_eq!((first["written"].as_u64(), first["whole"].as_bool()), (Some(69), Some(true)), "{first}");
    // The same call again: the same import, and nobody is there twice.
    let again = json(&send("?choose=good&doubles=take", "a", text.as_bytes()).with_status(201));
    assert_eq!((again["import"].as_str(), again["written"].as_u64()), (first["import"].as_str(), Some(69)));
    assert_eq!(json(&send("?choose=good", "a", file(3).as_bytes()).with_status(422))["type"], "/problems/key-reused");
    // Doubles are skipped, unless they are wanted.
    let twice = json(&send("?choose=good", "b", text.as_bytes()).with_status(201));
    assert_eq!((twice["written"].as_u64(), twice["doubles"].as_array().map(Vec::len)), (Some(0), Some(69)));
    for (query, body, status, reason) in [
        ("", &b"\x89PNG\0"[..], 422, "not-text"),
        ("", b"", 422, "empty"),
        ("", "Förnamn;Efternamn".as_bytes(), 422, "no-rows"),
        ("?x=1", b"a", 400, "x"),
        ("?columns=no-such-field", b"a", 400, "columns"),
        ("?parent=1", b"a", 400, "parent"),
    ] {
        let answer = send(query, "c", body);
        assert_eq!(answer.status, status, "{query}: {}", answer.body);
        answer.says(&[reason]);
    }
    let unknown = json(&send("", "c", b"x,y\n1,2\n").with_status(422));
    assert_eq!(unknown["column_faults"][0]["problem"], "none");
    assert_eq!(send("?columns=given-name,family-name", "d", b"x,y\nProva,Namnsson\n").status, 201);
    let too_large = send("", "e", &vec![b'a'; (4 << 20) + 2048]);
    assert_eq!(too_large.status, 413);
    let listed = json(&worker.send("GET", API, &[], b"").with_status(200));
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(3), "{listed}");
    let one = json(&worker.send("GET", &at, &[], b"").with_status(200));
    assert_eq!(one["records"].as_array().map(Vec::len), Some(69));
    assert!(one["ended"].is_string() && one["undone"].is_null());
    // Somebody who may write no participants may not bring in any either; a stranger not even ask.
    let _ = demo.stranger().send("GET", API, &[], b"").with_status(401);
    let _ = demo.enter(WORKER).get("/matcha/deltagare/import").with_status(200);
    demo.end_well();
}
