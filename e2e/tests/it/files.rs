//! Files as people and programs send them: seen, downloaded and logged; and what is no file that can be kept.

use e2e::{Answer, Visitor};

use crate::people::{ADMINISTRATOR, Demo, WORKER, listed, number};

/// A form with one file, as a browser sends it.
fn upload(visitor: &mut Visitor, page: &Answer, fields: &[(&str, &str)], file: (&str, &str, &[u8])) -> Answer {
    let form = page.form("/edit");
    let mut body = Vec::new();
    let mut part = |head: String, bytes: &[u8]| {
        body.extend_from_slice(
            format!("--canaryboundary\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    };
    for (name, value) in
        form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(fields.iter().copied())
    {
        if name != file.0 {
            part(format!("name=\"{name}\""), value.as_bytes());
        }
    }
    part(format!("name=\"{}\"; filename=\"{}\"\r\nContent-Type: image/jpeg", file.0, file.1), file.2);
    body.extend_from_slice(b"--canaryboundary--\r\n");
    let headers = [("content-type", "multipart/form-data; boundary=canaryboundary"), ("sec-fetch-site", "same-origin")];
    visitor.send("POST", &form.action, &headers, &body)
}

/// The smallest PNG: one point.
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 0,
    0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 10, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0x60, 0, 0, 0, 2, 0, 1,
    0x48, 0xaf, 0xa4, 0x71, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

#[test]
fn a_picture_is_seen_and_downloaded_and_the_administrator_sees_who_opened_it() {
    let demo = Demo::start();
    let mut worker = demo.enter(WORKER);
    let participant = listed(&mut worker, "/matcha/deltagare").swap_remove(0);
    let edit = worker.get(&format!("{participant}/edit")).with_status(200);
    edit.says(&["Tar emot: JPEG, PNG", "inte efter skadlig kod"]);
    let saved = upload(&mut worker, &edit, &[], ("picture", "../../Bild å.jpg", PNG));
    assert_eq!(saved.status, 303, "{}", saved.body);
    let page = worker.get(&participant);
    page.says(&["Bild å.png", "inte genomsökt", "liten=1"]);
    let file = worker.send("GET", &format!("{participant}/filer/picture"), &[], b"").with_status(200);
    assert_eq!(file.header("content-type"), Some("image/png"));
    assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
    assert!(file.header("content-disposition").unwrap().starts_with("attachment; filename="));
    assert!(file.header("content-security-policy").unwrap().contains("sandbox"));

    let mut administrator = demo.enter(ADMINISTRATOR);
    let log = administrator.get(&format!("/matcha/vem-har-sett?record={}", number(&participant)));
    log.with_status(200).says(&["Bild"]);
    // Nobody else's service, and nobody without a session.
    Visitor::new(demo.address()).get(&format!("{participant}/filer/picture")).says_nothing_of(&["PNG"]);
}

#[test]
fn what_cannot_be_kept_is_told_at_its_field_and_what_else_was_written_stays() {
    let demo = Demo::start();
    let mut worker = demo.enter(WORKER);
    let participant = listed(&mut worker, "/matcha/deltagare").swap_remove(0);
    let edit = worker.get(&format!("{participant}/edit"));
    let hundred = vec![0xff; 100_000_000];
    let long = "å".repeat(10_000);
    let mut large = PNG.to_vec();
    large.extend_from_slice(&hundred[..6_000_000]);
    for (name, bytes, told) in [
        ("bild.png", &b"\x89PNG\r\n\x1a\nno picture"[..], "går inte att läsa som en bild"),
        ("bild.png", &b"MZ\x90\0"[..], "av en sort som fältet inte tar emot"),
        ("bild.svg", &b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], "av en sort som fältet inte tar emot"),
        (long.as_str(), &b""[..], "är tom"),
        ("bild.png", &large[..], "större än vad fältet tar emot, 5 MB"),
        ("bild.png", &hundred[..], "fältet"),
    ] {
        let page = upload(&mut worker, &edit, &[("phone", "070-174 06 35")], ("picture", name, bytes));
        page.with_status(422).says(&[told, "070-174 06 35"]);
    }
    worker.get(&participant).says_nothing_of(&["Hämta: Bild"]);
}

#[test]
fn a_program_sends_and_fetches_raw_bytes() {
    let demo = Demo::start();
    let mut worker = demo.enter(WORKER);
    let participant = listed(&mut worker, "/matcha/deltagare").swap_remove(0);
    let at = format!("/api/v1/matcha/deltagare/{}/files/picture", number(&participant));
    let token = worker.token();
    let version = |version: &'static str| vec![("x-csrf", token.clone()), ("if-match", version.to_owned())];
    let mut put = |version: Vec<(&str, String)>, bytes: &[u8]| {
        let headers: Vec<(&str, &str)> = version.iter().map(|(name, value)| (*name, value.as_str())).collect();
        worker.send("PUT", &format!("{at}?name=cv.exe"), &headers, bytes)
    };
    put(version("1"), PNG).with_status(200).says(&["\"name\":\"cv.png\"", "not-scanned", "sha256"]);
    assert_eq!(put(version("1"), PNG).status, 412);
    put(version("2"), b"MZ\x90\0").with_status(422).says(&["file-form"]);
    let fetched = worker.send("GET", &at, &[], b"").with_status(200);
    assert_eq!(fetched.header("content-type"), Some("image/png"));
}
