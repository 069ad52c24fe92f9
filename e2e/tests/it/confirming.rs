//! A person of the provider brings an agreement: reads it, confirms by keyboard alone, leaves, comes back after the program was started
//! anew, changes one thing, takes the service's folder along, checks it and serves it. Another at the same time loses nothing.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use e2e::{Browser, Folder, Program, Visitor};
use fantoccini::key::Key;

use crate::people::{Demo, PRIVACY_LEAD, SUPPORT, WORKER, enter};

pub const TEXT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/reading/tests/whole/helt-avtal.txt");

/// How the program ended, and all that it said.
pub fn run(arguments: &[&str]) -> (std::process::ExitStatus, String) {
    let out = Command::new(e2e::built("BETRODD_BIN", "betrodd")).args(arguments).output().expect("the program");
    let said = [out.stdout, out.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
    (out.status, said.concat())
}

/// A form with files as a browser sends it.
fn body(token: &str, parts: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = format!("--b\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n").into_bytes();
    for (field, name, bytes) in parts {
        let head = format!("--b\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b--\r\n");
    body
}

const FORM: [(&str, &str); 1] = [("content-type", "multipart/form-data; boundary=b")];

/// Hands a text in, and goes where that leads.
pub fn hand_in(visitor: &mut Visitor, parts: &[(&str, &str, &[u8])]) -> e2e::Answer {
    let token = visitor.token();
    let answer = visitor.send("POST", "/matcha/bekrafta", &FORM, &body(&token, parts));
    match answer.header("location") {
        Some(location) => visitor.get(location),
        None => answer,
    }
}

/// Chooses on what the page asks about now, as a browser without scripts does.
pub fn choose(visitor: &mut Visitor, page: &e2e::Answer, what: &str, value: &str) -> e2e::Answer {
    let hidden = |name: &str| -> String {
        let now = page.body.split("proposal now").nth(1).expect("a proposal to choose on");
        let (_, rest) = now.split_once(&format!("name=\"{name}\" value=\"")).expect("a hidden field");
        rest.split('"').next().unwrap_or_default().replace("&quot;", "\"").replace("&amp;", "&").to_owned()
    };
    let path = page.path.split(['?', '#']).next().unwrap_or_default().to_owned();
    let token = visitor.token();
    let (at, seen) = (hidden("at"), hidden("seen"));
    visitor.post(&path, &[("csrf", &token), ("at", &at), ("seen", &seen), ("do", what), ("value", value)])
}

/// Unpacks what was taken along beside the data folder.
pub fn unpacked(bytes: &[u8], folder: &Path) -> PathBuf {
    let to = folder.with_file_name("hamtat");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a ZIP");
    archive.extract(&to).expect("it can be unpacked");
    to
}

#[tokio::test]
async fn an_agreement_is_confirmed_by_keys_left_gone_on_with_taken_along_checked_and_served() {
    let demo = Demo::start();
    let here = demo.address().to_owned();
    let browser = Browser::start("sv").await;
    enter(&browser, &here, PRIVACY_LEAD).await;
    browser.go("Bekräfta avtal").await;
    browser.says(&["Ingen text ligger halvklar"]).await;
    browser.hand_in("Fil", &std::fs::canonicalize(TEXT).expect("the text")).await;
    browser.go("Läs och börja bekräfta").await;
    browser.says(&["Bekräfta: helt-avtal.txt", "0 av "]).await;
    let of: usize = progress(&browser).await.1;
    assert!(of > 20, "{of} proposals");
    // One key each: confirm, not here, undo.
    browser.type_keys("b").await;
    until(&browser, 1).await;
    browser.type_keys("i").await;
    until(&browser, 2).await;
    browser.type_keys("u").await;
    until(&browser, 1).await;
    // What is typed into the field is no key.
    let before = 6;
    for done in 2..=before {
        browser.type_keys("b").await;
        until(&browser, done).await;
    }
    assert!(browser.serious_faults().await.is_empty(), "{:?}", browser.serious_faults().await);

    // The program is started anew; what was chosen is there.
    let Demo { program, folder } = demo;
    program.stop();
    let demo = Demo { program: Program::demo(&folder.path(), &[]), folder };
    let here = demo.address().to_owned();
    enter(&browser, &here, PRIVACY_LEAD).await;
    browser.go("Bekräfta avtal").await;
    browser.says(&["helt-avtal.txt", &format!("{before} av {of} valda"), "du"]).await;
    browser.go("helt-avtal.txt").await;
    let mut done = before;
    until(&browser, done).await;
    // The incident's period is changed, by the person's own value.
    let mut changed = false;
    while done < of {
        let text = browser.run("return document.getElementById('now').textContent", &[]).await.to_string();
        if text.to_lowercase().contains("incident") && !changed {
            browser.type_keys("a").await;
            browser.type_keys("36 timmar").await;
            browser.press_key(Key::Enter, 1).await;
            changed = true;
        } else {
            browser.type_keys("b").await;
        }
        done += 1;
        until(&browser, done).await;
    }
    browser.says(&["Allt är valt"]).await;
    assert!(changed, "the incident's period was asked about");
    browser.go("Se avtalet som det blir").await;
    browser.says(&["Avtalsfilen går att läsa", "Kontroll mot artikel 28", "Vad avtalet innebär", "Hämta ZIP"]).await;
    assert!(browser.serious_faults().await.is_empty(), "{:?}", browser.serious_faults().await);
    let result = browser.path().await;
    browser.close().await;

    // What is taken along is checked and served.
    let mut lead = demo.enter(PRIVACY_LEAD);
    let base = result.split("/avtal").next().unwrap_or_default().to_owned();
    let zip = lead.get_bytes(&format!("{base}/avtal.zip?tjanst=Schema&prov=1"));
    let to = unpacked(&zip, &demo.folder.path());
    let service = to.join("schema");
    let agreement = service.join("agreement.sv.md");
    let written = std::fs::read_to_string(&agreement).expect("an agreement");
    assert!(written.contains("Bekräftat:") && written.contains("confirmations.toml"), "{written}");
    let checked = run(&["check", agreement.to_str().expect("a path")]);
    assert!(checked.0.code().is_some_and(|code| code < 2) && !checked.1.contains(" fault"), "{}", checked.1);
    let choices = service.join("confirmations.toml");
    let by_command = to.join("by-command");
    let read = run(&[
        "read",
        TEXT,
        "--draft",
        by_command.to_str().expect("a path"),
        "--service",
        "schema",
        "--choices",
        choices.to_str().expect("a path"),
        "--trial",
    ]);
    assert!(read.0.success(), "{}", read.1);
    let same = std::fs::read_to_string(by_command.join("agreement.sv.md")).expect("the command's agreement");
    assert_eq!(same, written, "page and command make one agreement");

    let folder = Folder::fresh();
    let program = Program::demo(&folder.path(), &["--service", service.to_str().expect("a path")]);
    let public = Visitor::new(program.address()).get("/schema/avtal").with_status(200);
    assert!(public.body.contains("36 timmar") || public.body.contains("36 hours"), "{}", public.body);
    program.stop();
    demo.end_well();
}

/// How many are chosen, of how many, as the page says it.
pub async fn progress(browser: &Browser) -> (usize, usize) {
    let script = "const one = document.querySelector('progress'); return one ? [one.value, one.max] : null";
    let said = browser.run(script, &[]).await;
    let number = |at: usize| said[at].as_u64().unwrap_or_default() as usize;
    (number(0), number(1))
}

/// Waits until so many are chosen and the keys are listened to.
pub async fn until(browser: &Browser, done: usize) {
    for _ in 0..200 {
        let ready = "return document.readyState === 'complete' && !document.querySelector('[data-keys]')?.hidden";
        if progress(browser).await.0 == done && browser.run(ready, &[]).await == true {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("not {done} chosen but {:?}:\n{}", progress(browser).await, browser.text().await);
}

#[test]
fn whoever_comes_second_sees_what_the_other_chose_and_keeps_what_was_written() {
    let demo = Demo::start();
    let (mut one, mut other) = (demo.enter(PRIVACY_LEAD), demo.enter(PRIVACY_LEAD));
    let text = std::fs::read(TEXT).expect("the text");
    let page = hand_in(&mut one, &[("file", "avtal.txt", &text)]).with_status(200);
    let address = page.path.split(['?', '#']).next().unwrap_or_default().to_owned();
    let of_other = other.get(&address).with_status(200);
    let after = choose(&mut one, &page, "confirm", "").with_status(200);
    assert!(after.body.contains("1 av "), "{}", after.body);
    let refused = choose(&mut other, &of_other, "change", "Ett annat värde");
    assert_eq!(refused.status, 409);
    refused.says(&["Någon annan", "Ditt val är inte sparat", "Ett annat värde"]);
    // On another proposal both go on.
    let first = other.get(&address).with_status(200);
    assert_eq!(choose(&mut other, &first, "not-here", "").status, 200);
    assert_eq!(choose(&mut one, &after, "confirm", "").status, 409, "the other was there first");
    let wrong = other.get(&address).with_status(200);
    let empty = choose(&mut other, &wrong, "change", "");
    assert_eq!(empty.status, 422);
    // Nobody else is told that there is such a page.
    for name in [SUPPORT, WORKER] {
        assert_eq!(demo.enter(name).get(&address).status, 404, "{name}");
        assert_eq!(demo.enter(name).get("/matcha/bekrafta").status, 404, "{name}");
    }
    assert!(demo.stranger().get(&address).path.starts_with("/login"));
    // Thrown away on what both saw, and gone for both.
    let last = one.get(&address).with_status(200);
    let form = last.form(&format!("{address}/kasta"));
    let revision = form.fields.into_iter().find(|(name, _)| name == "revision").expect("a revision").1;
    let token = one.token();
    let kept = one.post(&format!("{address}/kasta"), &[("csrf", &token), ("revision", "0")]);
    assert_eq!(kept.status, 409);
    let gone = one.post(&format!("{address}/kasta"), &[("csrf", &token), ("revision", &revision)]).with_status(200);
    gone.says(&["Ingen text ligger halvklar"]);
    assert_eq!(other.get(&address).status, 404);
    demo.end_well();
}

#[test]
fn what_cannot_become_an_agreement_is_refused_with_what_to_do_and_nothing_is_kept() {
    let demo = Demo::start();
    let mut lead = demo.enter(PRIVACY_LEAD);
    let text = std::fs::read(TEXT).expect("the text");
    let policy = "Integritetspolicy\n\nVi behandlar dina personuppgifter när du besöker vår webbplats. Du har rätt att få tillgång till dina uppgifter.\n".repeat(3);
    let cases: [(&str, &[u8], u16); 6] = [
        ("tom.txt", b"", 422),
        ("bild.png", b"\x89PNG\r\n\x1a\n....", 422),
        ("trasig.pdf", b"%PDF-1.4\n%%EOF", 422),
        ("roman.txt", "Det var en g\u{e5}ng en katt som gick till havet och kom hem igen.\n".as_bytes(), 422),
        ("policy.txt", policy.as_bytes(), 422),
        ("stor.txt", &vec![b'a'; 17 << 20], 413),
    ];
    for (name, bytes, status) in cases {
        let seen = hand_in(&mut lead, &[("file", name, bytes)]);
        assert_eq!(seen.status, status, "{name}: {}", seen.body);
        assert!(seen.body.contains("role=\"alert\"") && seen.body.contains("Ingen text ligger halvklar"), "{name}");
    }
    // Choices of another text, and no choices at all.
    let page = hand_in(&mut lead, &[("file", "avtal.txt", &text)]).with_status(200);
    let after = choose(&mut lead, &page, "confirm", "").with_status(200);
    let address = after.path.split(['?', '#']).next().unwrap_or_default().to_owned();
    let zip = lead.get_bytes(&format!("{address}/avtal.zip?tjanst=prov"));
    let choices = std::fs::read(unpacked(&zip, &demo.folder.path()).join("prov/confirmations.toml")).expect("choices");
    let again = hand_in(&mut lead, &[("file", "avtal.txt", &text), ("choices", "confirmations.toml", &choices)]);
    assert_eq!(again.status, 200);
    assert!(again.body.contains("1 av "), "gone on with what was chosen before");
    let changed = [&text[..], b"\nEn rad till.\n"].concat();
    let other = hand_in(&mut lead, &[("file", "avtal.txt", &changed), ("choices", "confirmations.toml", &choices)]);
    assert_eq!(other.status, 422);
    other.says(&["Valen är gjorda i en annan fil"]);
    let none = hand_in(&mut lead, &[("file", "avtal.txt", &text), ("choices", "x.toml", b"form = 7")]);
    assert_eq!(none.status, 422);
    none.says(&["ingen fil med val"]);
    // The command refuses it too, and writes nothing.
    let file = demo.folder.path().with_file_name("annan.txt");
    std::fs::File::create(&file).and_then(|mut file| file.write_all(&changed)).expect("a file");
    let made = demo.folder.path().with_file_name("hamtat").join("prov/confirmations.toml");
    let to = demo.folder.path().with_file_name("inget");
    let path = |path: &Path| path.to_str().expect("a path").to_owned();
    let refused = run(&["read", &path(&file), "--draft", &path(&to), "--choices", &path(&made)]);
    assert!(
        !refused.0.success() && refused.1.contains("Valen är gjorda i en annan fil") && !to.exists(),
        "{}",
        refused.1
    );
    // A token that is none.
    let foreign = lead.send("POST", "/matcha/bekrafta", &FORM, &body("x", &[("file", "avtal.txt", &text)]));
    assert_eq!(foreign.status, 403);
    demo.end_well();
}

#[test]
fn a_reading_is_told_to_programs_with_quotation_lines_and_hash() {
    let read = run(&["read", TEXT, "--json"]);
    assert!(read.0.success(), "{}", read.1);
    let told: serde_json::Value = serde_json::from_str(&read.1).expect("JSON");
    assert_eq!(told["verdict"], "agreement");
    let mut text = String::new();
    std::fs::File::open(TEXT).and_then(|mut file| file.read_to_string(&mut text)).expect("the text");
    let lines: Vec<&str> = text.lines().collect();
    let proposals = told["proposals"].as_array().expect("proposals");
    assert!(proposals.len() > 20);
    for one in proposals {
        let line = one["lines"][0].as_u64().expect("a line") as usize;
        let first: String = one["quote"].as_str().unwrap_or_default().split_whitespace().take(1).collect();
        let first = first.trim_matches('|');
        assert!(lines.get(line - 1).is_some_and(|line| line.contains(first)), "line {line} does not begin {one}");
    }
}
