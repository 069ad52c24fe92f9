//! Two thousand participants from a file, thirty of whose rows are bad: seen first, brought in whole or in part, found again.

use std::time::Instant;

use std::process::{Command, Output};

use e2e::{Answer, Visitor, built, repository, verify};
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
    bad.says(&["\"31/12 1985\"", "Menade du 1985-12-31?"]);
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

#[test]
fn an_import_is_undone_with_a_plan_and_what_was_changed_since_stays() {
    let demo = Demo::start();
    let mut head = demo.enter(UNIT_HEAD);
    let page = head.get("/matcha/deltagare/import").with_status(200);
    let seen = upload(&mut head, &page, file(6).as_bytes()).with_status(200);
    let shown = head.submit(&seen, "/import/run", &[("do", "all")]).with_status(200);
    let shown = ended(&mut head, shown);
    let at = shown.path.clone();
    let record = |link: &String| link.strip_prefix("/matcha/deltagare/").is_some_and(|id| id.len() == 32);
    let first = shown.links().into_iter().find(record).expect("a record");
    let edit = head.get(&format!("{first}/edit")).with_status(200);
    let _ = head.submit(&edit, "/edit", &[("phone", "08-123 456 78")]).with_status(200);
    let plan = head.get(&format!("{at}/angra")).with_status(200);
    plan.says(&["5 poster raderas", "1 post är kvar", "Någon har ändrat den sedan dess."]);
    // Who may bring in and not erase is refused by the clause; another customer's administrator meets nothing.
    demo.enter(WORKER).get(&format!("{at}/angra")).with_status(403).says(&["S.10"]);
    let _ = demo.enter(OTHER_ADMINISTRATOR).get(&format!("{at}/angra")).with_status(404);
    let certificate = head.submit(&plan, "/angra", &[]).with_status(200);
    certificate.says(&["Intyg om radering", "Inläsning som ångrades"]);
    head.get(&at).with_status(200).says(&["1 poster av 6 rader", "Ångrad"]);
    assert_eq!(head.get(&first).status, 200);
    head.get("/matcha/deltagare?q=Radsson2").says_nothing_of(&["Prov2"]);
    // The form again does nothing again; a program reads the same.
    let _ = head.submit(&plan, "/angra", &[]).with_status(200);
    let api = at.replace("/matcha/", "/api/v1/matcha/");
    let read = json(&head.send("GET", &format!("{api}/undo"), &[("accept-language", "en")], b"").with_status(200));
    assert_eq!((read["goes"].as_u64(), read["kept"][0]["why"].as_str()), (Some(0), Some("changed")));
    assert!(read["import"]["undone"].is_string());
    demo.end_well();
}

fn import(folder: &std::path::Path, arguments: &[&str]) -> (i32, String) {
    let Output { status, stdout, stderr } = Command::new(built("BETRODD_BIN", "betrodd"))
        .args(["import", "--kind", "deltagare", "--english", "--data"])
        .arg(folder)
        .arg("--services")
        .arg(repository().join("services"))
        .args(arguments)
        .output()
        .expect("the program runs");
    let said = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    (status.code().unwrap_or(-1), said)
}

#[test]
fn the_command_brings_in_and_undoes_as_the_person_whose_key_it_has() {
    let demo = Demo::start();
    let key_of = |login: &str| {
        let mut person = demo.enter(login);
        let token = person.token();
        let headers = [("content-type", "application/json"), ("x-csrf", token.as_str())];
        let made = person.send("POST", "/api/v1/matcha/keys", &headers, br#"{"name": "robot", "days": 30}"#);
        json(&made.with_status(201))["key"].as_str().expect("a key").to_owned()
    };
    let (head, worker) = (key_of(UNIT_HEAD), key_of(WORKER));
    let folder = demo.folder;
    demo.program.stop();
    let place = folder.path();
    let beside = |name: &str, text: &str| {
        let file = place.with_extension(name);
        std::fs::write(&file, text).expect("a file");
        file.to_str().expect("a path").to_owned()
    };
    let (head, worker) = (beside("head", &format!("{head}\n")), beside("worker", &worker));
    let rows = beside("csv", &file(67));
    let with = |key: &str, more: &[&str]| import(&place, &[&["--key-file", key], more].concat());

    let (code, said) = with(&head, &[&rows, "--preview"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("67 rows, 66 good, 1 bad") && said.contains("Nothing is written."), "{said}");
    assert!(said.contains("Date of birth"), "{said}");
    let (code, said) = with(&head, &[&rows]);
    assert!(code == 1 && said.contains("--good-rows"), "{said}");
    let (code, said) = with(&head, &[&rows, "--good-rows"]);
    assert!(code == 1 && said.contains("Records brought in: 66"), "{said}");
    let id = said.rsplit('(').next().and_then(|rest| rest.split(')').next()).expect("an id").to_owned();
    // The same again writes nothing twice; without a key that holds nothing is done.
    let (_, said) = with(&head, &[&rows, "--good-rows", "--doubles-too"]);
    assert!(said.contains(&id), "the same import: {said}");
    let wrong = beside("wrong", "bk_00_00");
    let (code, said) = with(&wrong, &[&rows]);
    assert!(code == 2 && said.contains("does not hold"), "{said}");
    // Whoever may not erase may not undo, and is told the clause.
    let (code, said) = with(&worker, &["--undo", &id, "--yes"]);
    assert!(code == 2 && said.contains("S.10"), "{said}");
    let (code, said) = with(&head, &["--undo", &id]);
    assert!(code == 1 && said.contains("Records that are erased: 66") && said.contains("--yes"), "{said}");
    let (code, said) = with(&head, &["--undo", &id, "--yes"]);
    assert!(code == 0 && said.contains("Records erased: 66") && said.contains("Certificate"), "{said}");
    let checked = verify(&place);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    for file in [head, worker, rows, wrong] {
        std::fs::remove_file(file).expect("it is there");
    }
}
