//! What people, programs and strangers send that cannot be taken: each gets a clear answer, nothing is half done, and the
//! program does not break.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use e2e::{Answer, Visitor};
use serde_json::Value as Json;

use crate::people::{ADMINISTRATOR, Demo, OTHER_WORKER, SUPPORT, WORKER, listed, number};

const API: &str = "/api/v1/matcha";
/// No record has this number, and it looks like one.
const NOBODY: &str = "01a161faf88070398888888888888888";

fn json(answer: &Answer) -> Json {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{}: {error}\n{}", answer.path, answer.body))
}

/// A problem of RFC 9457 with this status, whose members are these.
#[track_caller]
fn problem(answer: &Answer, status: u16, members: &[(&str, &str)]) -> Json {
    assert_eq!(answer.status, status, "{}\n{}", answer.path, answer.body);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{}", answer.path);
    let body = json(answer);
    for (name, value) in members {
        assert_eq!(body[*name], *value, "{name} of {body}");
    }
    body
}

#[test]
fn an_undeclared_field_is_refused_by_3_2_journalled_and_seen_by_the_administrator() {
    let demo = Demo::start();
    let mut worker = demo.enter(WORKER);
    let participant = listed(&mut worker, "/matcha/deltagare").swap_remove(0);
    let at = format!("{API}/deltagare/{}", number(&participant));
    let refused =
        [("type", "/problems/refused"), ("reason", "field-not-declared"), ("number", "3.2"), ("changer", "controller")];

    let answer = worker.api("PUT", &at, &[("if-match", "1")], r#"{"fields": {"halsa": "migrän"}}"#);
    assert_eq!(problem(&answer, 403, &refused)["field"], "halsa");
    answer.says_nothing_of(&["migrän"]);
    let new = r#"{"fields": {"given-name": "Prov", "family-name": "Provsson", "personnummer": "190001010000"}}"#;
    assert_eq!(
        problem(&worker.api("POST", &format!("{API}/deltagare"), &[], new), 403, &refused)["field"],
        "personnummer"
    );
    // As a form, the same answer as a page that a person can read.
    let form = worker.get("/matcha/deltagare/new");
    let fields = [("given-name", "Prov"), ("family-name", "Provsson"), ("facklig-tillhorighet", "ja")];
    let page = worker.submit(&form, "/matcha/deltagare/new", &fields).with_status(403);
    page.says(&["punkt 3.2", "facklig-tillhorighet", "Vem kan ändra det?", "Kunden", "tillägg till"]);

    // Nothing was written.
    worker.get("/matcha/deltagare?q=Provsson").with_status(200).says(&["Inget hittades"]);
    let record = worker.send("GET", &at, &[], b"").with_status(200);
    assert_eq!(json(&record)["version"], 1);

    let mut administrator = demo.enter(ADMINISTRATOR);
    let log = administrator.get("/matcha/vem-har-sett?outcome=refused").with_status(200);
    log.says(&[WORKER, "Handledare", "Nekades", "halsa", "personnummer", "facklig-tillhorighet", ">3.2<"]);
    log.says_nothing_of(&["migrän"]);
    demo.end_well();
}

#[test]
fn a_purpose_that_the_agreement_lacks_is_refused_by_3_3_and_journalled() {
    let demo = Demo::start();
    let mut worker = demo.enter(WORKER);
    let participant = listed(&mut worker, "/matcha/deltagare").swap_remove(0);
    let refused =
        [("reason", "purpose-not-agreed"), ("number", "3.3"), ("purpose", "marketing"), ("changer", "both-parties")];
    let at = format!("{API}/deltagare/{}", number(&participant));
    let marketing = [("x-purpose", "marketing")];
    let answers = [
        worker.send("GET", &at, &marketing, b""),
        worker.send("GET", &format!("{API}/deltagare"), &marketing, b""),
        worker.send("GET", &format!("{API}/deltagare?q=Lindqvist"), &marketing, b""),
        worker.api(
            "PUT",
            &at,
            &[("x-purpose", "marketing"), ("if-match", "1")],
            r#"{"fields": {"phone": "070-174 06 99"}}"#,
        ),
    ];
    for answer in &answers {
        let body = problem(answer, 403, &refused[..3]);
        assert!(body["changer"].is_string(), "{body}");
        answer.says_nothing_of(&["post.example"]);
    }
    let page = worker.get(&format!("{participant}?purpose=marketing")).with_status(403);
    page.says(&["punkt 3.3", "marketing", "Vem kan ändra det?", "Tillhandahålla tjänsten"])
        .says_nothing_of(&["post.example"]);
    let list = worker.get("/matcha/deltagare?purpose=marketing").with_status(403);
    list.says(&["punkt 3.3"]).says_nothing_of(&["post.example"]);

    let mut administrator = demo.enter(ADMINISTRATOR);
    let log = administrator.get("/matcha/vem-har-sett?for=marketing").with_status(200);
    log.says(&[WORKER, "marketing", "Nekades", "Ändamålet finns inte i avtalet", ">3.3<"]);
    let entries = log.body.matches("Nekades</strong>").count();
    assert!(entries >= 6, "six were refused, and the log shows {entries}");
    demo.end_well();
}

#[test]
fn another_customers_record_and_none_at_all_are_answered_alike() {
    let demo = Demo::start();
    let mut other = demo.enter(OTHER_WORKER);
    let theirs = listed(&mut other, "/matcha/deltagare").swap_remove(0);
    let their_file = other.get(&theirs).with_status(200);
    let their_mark =
        their_file.links().into_iter().find(|link| link.starts_with("/matcha/narvaro/")).expect("a mark of attendance");
    let their_case = other.get("/matcha/arenden").links().into_iter().find(|link| is_case(link)).expect("a case");

    let mut worker = demo.enter(WORKER);
    let mut administrator = demo.enter(ADMINISTRATOR);
    let alike = |visitor: &mut Visitor, method: &str, address: &str, foreign: &str, body: &str| {
        let mut ask = |id: &str| {
            let path = address.replace("{id}", id);
            let body = body.replace("{id}", id);
            let answer = if path.starts_with(API) {
                visitor.api(method, &path, &[("if-match", "1")], &body)
            } else if method == "GET" {
                visitor.send("GET", &path, &[], b"")
            } else {
                let token = visitor.token();
                let headers = [("content-type", "application/x-www-form-urlencoded")];
                visitor.send("POST", &path, &headers, format!("csrf={token}&{body}").as_bytes())
            };
            let headers: Vec<_> = answer
                .headers
                .iter()
                .filter(|(name, _)| name != "date" && (path.starts_with(API) || name != "content-length"))
                .cloned()
                .collect();
            (
                answer.status,
                headers,
                without_entry(without_clock(&answer.body)).replace(id, "{id}").replace(&id[24..], "{short}"),
            )
        };
        let (one, none) = (ask(foreign), ask(NOBODY));
        assert!(one == none, "{method} {address} tells that {foreign} is somebody's:\n{one:?}\n{none:?}");
        assert!(
            one.0 >= 400 || address.contains("parent=") || address.contains("record=") || address.contains("om="),
            "{method} {address}: {}\n{}",
            one.0,
            one.2
        );
    };
    let (person, mark, case) = (number(&theirs), number(&their_mark), number(&their_case));
    for (kind, id) in [("deltagare", person), ("narvaro", mark), ("supportarenden", case)] {
        for visitor in [&mut worker, &mut administrator] {
            alike(visitor, "GET", &format!("{API}/{kind}/{{id}}"), id, "");
            alike(visitor, "PUT", &format!("{API}/{kind}/{{id}}"), id, r#"{"fields": {}, "state": null}"#);
            alike(
                visitor,
                "PUT",
                &format!("{API}/{kind}/{{id}}"),
                id,
                r#"{"fields": {"given-name": "X", "status": "late", "matter": "X"}}"#,
            );
            alike(visitor, "GET", &format!("/matcha/{kind}/{{id}}"), id, "");
            alike(visitor, "GET", &format!("/matcha/{kind}/{{id}}/edit"), id, "");
            alike(visitor, "GET", &format!("/matcha/{kind}/{{id}}/history"), id, "");
            alike(
                visitor,
                "POST",
                &format!("/matcha/{kind}/{{id}}/edit"),
                id,
                "_version=1&given-name=X&status=late&matter=X",
            );
            alike(visitor, "POST", &format!("/matcha/{kind}/{{id}}/state"), id, "_version=1&_state=closed");
        }
    }
    for visitor in [&mut worker, &mut administrator] {
        let mark = r#"{"parent": "{id}", "fields": {"date": "2026-11-02", "status": "late"}}"#;
        alike(visitor, "POST", &format!("{API}/narvaro"), person, mark);
        alike(
            visitor,
            "POST",
            &format!("{API}/supportarenden"),
            person,
            r#"{"parent": "{id}", "fields": {"matter": "X"}}"#,
        );
        alike(
            visitor,
            "POST",
            &format!("{API}/daganteckningar"),
            person,
            r#"{"parent": "{id}", "fields": {"date": "2026-11-02", "text": "X"}}"#,
        );
        alike(visitor, "POST", "/matcha/arenden/nytt", person, "_parent={id}&matter=X");
        alike(visitor, "GET", "/matcha/arenden/nytt?om={id}", person, "");
        alike(visitor, "GET", &format!("{API}/narvaro?parent={{id}}"), person, "");
        alike(visitor, "GET", "/matcha/narvaro?parent={id}", person, "");
        alike(visitor, "GET", "/matcha/arenden/{id}", case, "");
        alike(visitor, "POST", "/matcha/arenden/{id}/stang", case, "_version=1");
    }
    alike(&mut administrator, "GET", "/matcha/vem-har-sett?record={id}", person, "");
    alike(&mut administrator, "GET", "/matcha/vem-har-sett.csv?record={id}", person, "");

    // Support, in a case of one customer, about a record of the other: as if it did not exist there either.
    let mut support = demo.enter(SUPPORT);
    let own = administrator.get("/matcha/arenden");
    let own = own.forms().into_iter().find(|form| form.action.ends_with("/stang")).expect("an open case").action;
    let own = own.split('/').nth(3).expect("a number").to_owned();
    alike(&mut support, "GET", &format!("/matcha/support/{own}/support/deltagare/{{id}}"), person, "");
    alike(&mut support, "GET", &format!("/matcha/support/{own}/support/narvaro?parent={{id}}"), person, "");
    alike(&mut support, "GET", "/matcha/support/{id}/support", person, "");

    // The owner still has everything, unchanged.
    let still = other.get(&theirs).with_status(200);
    assert_eq!(strip_keys(without_clock(&still.body)), strip_keys(without_clock(&their_file.body)));
    demo.end_well();
}

/// A page up to its foot, where the demo's clock stands and goes on between two pages.
fn without_clock(body: &str) -> &str {
    body.split("<footer>").next().unwrap_or(body)
}

/// A problem without the place of its entry, which every refusal has one of its own.
fn without_entry(body: &str) -> String {
    let Some((before, after)) = body.split_once("\"entry\":") else { return body.to_owned() };
    format!("{before}{}", after.trim_start_matches(|digit: char| digit.is_ascii_digit()))
}

fn is_case(link: &str) -> bool {
    link.strip_prefix("/matcha/arenden/").is_some_and(|id| id.len() == 32)
}

/// A page without the keys that make each of its forms one of its own.
fn strip_keys(body: &str) -> String {
    body.split("name=\"_once\" value=\"").map(|piece| piece.split_once('"').map_or(piece, |(_, rest)| rest)).collect()
}

#[test]
fn values_that_cannot_be_are_named_field_by_field_and_nothing_is_written() {
    let demo = Demo::start();
    let mut worker = demo.enter(WORKER);
    let long = "å".repeat(81);
    let cases = [
        (long.as_str(), "2026-02-30", "ingen adress", "ring mig", "too-long not-a-date not-an-email not-a-phone"),
        ("", "2999-01-01", "a@", "12345678901234567890123456789012345", "required in-the-future not-an-email too-long"),
        (
            "rad\u{7}klocka",
            "19850417",
            "å@example",
            "+",
            "not-plain-text date-in-another-form not-an-email not-a-phone",
        ),
    ];
    for (name, born, email, phone, expected) in cases {
        let fields = serde_json::json!({ "given-name": name, "family-name": "Felsson", "birth-date": born, "email": email, "phone": phone, "gender": "?" });
        let answer =
            worker.api("POST", &format!("{API}/deltagare"), &[], &serde_json::json!({ "fields": fields }).to_string());
        let body = problem(&answer, 422, &[("type", "/problems/invalid")]);
        let told = |field: &str| {
            let faults = body["faults"].as_array().expect("faults");
            let fault = faults.iter().find(|fault| fault["field"] == field);
            fault.and_then(|fault| fault["problem"].as_str()).unwrap_or("nothing").to_owned()
        };
        let all = ["given-name", "birth-date", "email", "phone"].map(told).join(" ");
        assert_eq!(all, expected, "{body}");
        assert_eq!(told("gender"), "not-a-choice");
    }
    let form = worker.get("/matcha/deltagare/new");
    let written =
        [("given-name", long.as_str()), ("family-name", "Felsson"), ("birth-date", "2999-12-31"), ("email", "fel")];
    let page = worker.submit(&form, "/matcha/deltagare/new", &written).with_status(422);
    page.says(&[
        "3 uppgifter behöver rättas",
        "högst 80",
        "ligger i framtiden",
        "är ingen e-postadress",
        "value=\"Felsson\"",
        "href=\"#birth-date\"",
    ]);
    worker.get("/matcha/deltagare?q=Felsson").with_status(200).says(&["Inget hittades"]);

    // The agreement allows no personal identity number of a participant, so none is taken where another value belongs.
    let answer = worker.api(
        "POST",
        &format!("{API}/deltagare"),
        &[],
        r#"{"fields": {"given-name": "A", "family-name": "B", "birth-date": "197607242380"}}"#,
    );
    assert_eq!(problem(&answer, 422, &[])["faults"][0]["field"], "birth-date");
    // A second mark of the same day, and a writing against a version that is no longer.
    let participant = listed(&mut worker, "/matcha/deltagare").swap_remove(0);
    let marks =
        worker.send("GET", &format!("{API}/narvaro?parent={}", number(&participant)), &[], b"").with_status(200);
    let mark = json(&marks)["items"][0].clone();
    let again = serde_json::json!({ "parent": number(&participant), "fields": { "date": mark["fields"]["date"], "status": "late" } });
    let answer = worker.api("POST", &format!("{API}/narvaro"), &[], &again.to_string());
    assert_eq!(problem(&answer, 422, &[])["faults"][0]["problem"], "not-unique");
    let at = format!("{API}/narvaro/{}", mark["id"].as_str().expect("an id"));
    let answer = worker.api("PUT", &at, &[("if-match", "\"9\"")], r#"{"fields": {"status": "absent"}}"#);
    assert_eq!(problem(&answer, 412, &[("type", "/problems/conflict")])["version"], mark["version"]);
    problem(&worker.api("PUT", &at, &[], r#"{"fields": {"status": "absent"}}"#), 428, &[]);
    demo.end_well();
}

#[test]
fn a_form_that_cannot_be_trusted_or_read_does_nothing() {
    let demo = Demo::start();
    let mut worker = demo.enter(WORKER);
    let token = worker.token();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let body = |token: &str| format!("csrf={token}&given-name=Falsk&family-name=Falsksson");
    let new = "/matcha/deltagare/new";

    for wrong in ["", "0", &"0".repeat(token.len()), &token[1..], &format!("{token}0")] {
        let answer = worker.send("POST", new, &form, body(wrong).as_bytes()).with_status(403);
        answer.says(&["Formuläret gäller inte längre"]);
        let answer = worker.send(
            "POST",
            &format!("{API}/deltagare"),
            &[("content-type", "application/json"), ("x-csrf", wrong)],
            b"{}",
        );
        problem(&answer, 403, &[("type", "/problems/token-missing")]);
    }
    // Another person's token is as good as none.
    let others = demo.enter(OTHER_WORKER).token();
    assert_eq!(worker.send("POST", new, &form, body(&others).as_bytes()).status, 403);
    for foreign in
        [("origin", "https://annan.example"), ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site")]
    {
        let answer = worker.send("POST", new, &[form[0], foreign], body(&token).as_bytes()).with_status(403);
        answer.says(&["Begäran kom från en annan webbplats"]);
        let answer = worker.send("POST", "/login", &[form[0], foreign], b"login=a&password=b");
        assert_eq!(answer.status, 403);
    }
    let large = format!("{}&family-name={}", body(&token), "a".repeat(300 * 1024));
    worker.send("POST", new, &form, large.as_bytes()).with_status(413).says(&["256 KiB"]);
    let large = format!("{{\"fields\": {{\"given-name\": \"{}\"}}}}", "a".repeat(300 * 1024));
    problem(&worker.api("POST", &format!("{API}/deltagare"), &[], &large), 413, &[("type", "/problems/too-large")]);
    let many: String = (0..2_001).map(|at| format!("&f{at}=x")).collect();
    assert_eq!(worker.send("POST", new, &form, format!("{}{many}", body(&token)).as_bytes()).status, 413);

    for unreadable in [
        "",
        "{",
        "[]",
        "null",
        "{\"fields\": 1}",
        "{\"fields\": {\"given-name\": 1}}",
        "{\"fields\": {}, \"x\": 1}",
        "{\"fields\": {\"given-name\": [\"a\"]}}",
        "\u{feff}{}",
    ] {
        problem(
            &worker.api("POST", &format!("{API}/deltagare"), &[], unreadable),
            400,
            &[("type", "/problems/unreadable")],
        );
    }
    let deep = "[".repeat(100_000);
    problem(&worker.api("POST", &format!("{API}/deltagare"), &[], &deep), 400, &[]);
    let bytes = worker.send(
        "POST",
        &format!("{API}/deltagare"),
        &[("x-csrf", &token)],
        b"{\"fields\": {\"given-name\": \"\xff\xfe\"}}",
    );
    assert_eq!(bytes.status, 400);
    for (kind, body) in [
        ("application/x-www-form-urlencoded", &b"csrf=%ff%fe&a=\xff"[..]),
        ("text/plain", b"csrf=1"),
        ("multipart/form-data", b"--"),
        ("", b"csrf=1"),
    ] {
        let answer = worker.send("POST", new, &[("content-type", kind)], body);
        assert!((400..500).contains(&answer.status), "{kind}: {}", answer.status);
    }
    worker.get("/matcha/deltagare?q=Falsksson").says(&["Inget hittades"]);
    demo.end_well();
}

#[test]
fn odd_addresses_are_answered_and_never_break_the_program() {
    let demo = Demo::start();
    let mut worker = demo.enter(WORKER);
    let participant = listed(&mut worker, "/matcha/deltagare").swap_remove(0);
    for missing in [
        "/finns-inte",
        "/matcha/finns-inte",
        "/matcha/deltagare/",
        "/matcha/deltagare/1",
        "/matcha/deltagare/new/new",
        "/annan/",
        "/annan/avtal",
        "/annan/underbitraden",
        "/matcha/deltagare/%00",
        "/matcha/deltagare/..%2f..%2fetc%2fpasswd",
        "/matcha/%ff",
        "/matcha/deltagare/0161FAF8807039AEF674DEDDDAE05E",
        "/matcha/arenden/x",
        "/matcha/support/x",
        "/static/",
        "/static/x",
        "/api/v1/matcha/finns-inte",
        "/api/v1/matcha/deltagare/x",
        "/api/v1/annan/deltagare",
        "/api/v2/matcha/deltagare",
        "/matcha/deltagare?after=x",
        "/matcha/deltagare?parent=%00",
        "/matcha/narvaro/new?parent=x",
    ] {
        let answer = worker.send("GET", missing, &[], b"");
        assert_eq!(answer.status, 404, "{missing}\n{}", answer.body);
        assert!(answer.header("content-security-policy").is_some(), "{missing}");
    }
    let long = "x".repeat(6000);
    for odd in [
        format!("/matcha/deltagare?q={long}"),
        "/matcha/deltagare?q=%ff%fe".to_owned(),
        "/matcha/deltagare?q=%00".to_owned(),
        "/matcha/deltagare?q=%27%3B+drop+table+records%3B--".to_owned(),
        "/matcha/deltagare?q=*".to_owned(),
        "/matcha/deltagare?".to_owned(),
        format!("/matcha/deltagare?{}", "a=b&".repeat(1500)),
        format!("/login?next={long}"),
        "/login?next=//annan.example".to_owned(),
        "/login?next=%0d%0aset-cookie:%20a=b".to_owned(),
        format!("{participant}?purpose={long}"),
        format!("{participant}?purpose=%00"),
        format!("{API}/deltagare?after=x"),
        format!("{API}/deltagare?limit=0"),
        format!("{API}/deltagare?limit=99999999999999999999"),
        format!("{API}/deltagare?limit=-1"),
        format!("{API}/deltagare?q=%f0%9f%92%a9"),
        "/matcha/avtal?version=x".to_owned(),
        format!("/matcha/avtal?version={long}"),
        "/matcha/avtal.md?version=%00".to_owned(),
        format!("{participant}?saved=%ff"),
        "/matcha/arenden/nytt?om=x".to_owned(),
        "/matcha/arenden/nytt?sok=%00".to_owned(),
        "/matcha/arenden?after=x".to_owned(),
    ] {
        let answer = worker.send("GET", &odd, &[], b"");
        assert!(answer.status < 500, "{odd}: {}\n{}", answer.status, answer.body);
    }
    let mut administrator = demo.enter(ADMINISTRATOR);
    for wrong in [
        "person=x",
        "record=1",
        "actor=%00",
        "outcome=x",
        "from=2026-13-01",
        "to=9999-12-31",
        "before=-1",
        "from=0000-00-00",
        "for=%ff",
    ] {
        let answer = administrator.send("GET", &format!("/matcha/vem-har-sett?{wrong}"), &[], b"");
        assert!(matches!(answer.status, 200 | 400), "{wrong}: {}", answer.status);
        let sheet = administrator.send("GET", &format!("/matcha/vem-har-sett.csv?{wrong}"), &[], b"");
        assert_eq!(sheet.status, answer.status, "{wrong}");
    }
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"] {
        let answer = worker.send(method, &participant, &[], b"");
        assert!(answer.status < 500, "{method}: {}", answer.status);
    }
    for weak in ["session", "betrodd", "lang"] {
        let mut stranger = demo.stranger();
        for value in ["x", &"f".repeat(64), &"f".repeat(7000)] {
            stranger.keep_cookie(weak, value);
            let answer = stranger.send("GET", "/matcha/", &[], b"");
            assert!(matches!(answer.status, 303 | 431), "{weak}: {}", answer.status);
        }
    }
    let cookie = worker.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    for bytes in [
        &b"GET / HTTP/1.1\r\n\r\n"[..],
        b"GET /matcha/deltagare\x00 HTTP/1.1\r\nhost: x\r\n\r\n",
        b"\x00\x01\x02\x03\r\n\r\n",
        b"GET /matcha/deltagare?q=\xff\xfe HTTP/1.1\r\nhost: x\r\nCOOKIE\r\n\r\n",
        b"GET /\xc3\xa5 HTTP/1.1\r\nhost: x\r\nCOOKIE\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\ncookie: \xff\xfe=\x80\r\n\r\n",
        b"GET /matcha/deltagare HTTP/1.1\r\nhost: x\r\nCOOKIE\r\nx-purpose: \xff\r\n\r\n",
        b"GET /matcha/deltagare HTTP/1.1\r\nhost: x\r\nCOOKIE\r\naccept-language: \xff, ;q=, *;q=9\r\n\r\n",
        b"POST /login HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999999999999\r\n\r\n",
        b"POST /login HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\na",
        b"PROPFIND /matcha/ HTTP/1.1\r\nhost: x\r\nCOOKIE\r\n\r\n",
        b"TRACE /matcha/ HTTP/1.1\r\nhost: x\r\nCOOKIE\r\n\r\n",
        b"POST /login HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    ] {
        let text: Vec<u8> = replace(bytes, b"COOKIE", format!("cookie: {cookie}").as_bytes());
        let status = raw(demo.address(), &text);
        assert!(status.is_none_or(|status| status < 500), "{:?}: {status:?}", String::from_utf8_lossy(bytes));
    }
    assert_eq!(worker.get(&participant).status, 200);
    demo.end_well();
}

/// Sends bytes as they are and gives the status, if there is an answer at all.
fn raw(address: &str, bytes: &[u8]) -> Option<u16> {
    let mut stream = TcpStream::connect(address.trim_start_matches("http://")).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_millis(300))).expect("a limit");
    stream.write_all(bytes).expect("it can be written");
    let mut answer = [0; 64];
    let read = stream.read(&mut answer).unwrap_or(0);
    String::from_utf8_lossy(&answer[..read]).split(' ').nth(1)?.parse().ok()
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    match bytes.windows(from.len()).position(|part| part == from) {
        Some(at) => [&bytes[..at], to, &bytes[at + from.len()..]].concat(),
        None => bytes.to_vec(),
    }
}

#[test]
fn a_session_that_was_logged_out_is_worth_nothing() {
    let demo = Demo::start();
    let mut worker = demo.enter(WORKER);
    let kept: Vec<(String, String)> =
        worker.cookies().iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let token = worker.token();
    let home = worker.get("/matcha/");
    worker.submit(&home, "/logout", &[]);
    assert!(!worker.cookies().keys().any(|name| name.contains("session")), "{:?}", worker.cookies().keys());
    let mut thief = demo.stranger();
    kept.iter().for_each(|(name, value)| thief.keep_cookie(name, value));
    assert_eq!(thief.send("GET", "/matcha/deltagare", &[], b"").status, 303);
    problem(&thief.send("GET", &format!("{API}/deltagare"), &[], b""), 401, &[]);
    let json = [("content-type", "application/json"), ("x-csrf", token.as_str())];
    problem(&thief.send("POST", &format!("{API}/deltagare"), &json, b"{\"fields\": {}}"), 401, &[]);
    demo.end_well();
}

#[test]
fn whoever_guesses_passwords_is_made_to_wait() {
    let demo = Demo::start();
    let secrets = demo.secrets(WORKER);
    let mut stranger = demo.stranger();
    let mut guess = |login: &str, password: &str| stranger.post("/login", &[("login", login), ("password", password)]);
    // Somebody unknown and somebody known are told the same words.
    let unknown = guess("nobody@nowhere.example", "x").with_status(401);
    let known = guess(&secrets.login, "x").with_status(401);
    known.says(&["Användarnamn, lösenord eller engångskod stämmer inte"]).says_nothing_of(&["value=\"x\""]);
    let (known, unknown) = (known.body.replace(&secrets.login, ""), unknown.body.replace("nobody@nowhere.example", ""));
    assert_eq!(without_clock(&known), without_clock(&unknown));
    let mut waited = None;
    for count in 0..60 {
        let answer = guess(&secrets.login, &format!("guess-{count}"));
        if answer.status == 429 {
            assert!(answer.header("retry-after").is_some_and(|seconds| seconds.parse::<u64>().is_ok()));
            answer.says(&["För många försök", "Inget konto har låsts"]);
            waited = Some(count);
            break;
        }
        assert_eq!(answer.status, 401);
    }
    assert!(waited.is_some_and(|count| count >= 3), "{waited:?}");
    // The right password has to wait too, or the wait would tell which guess was right.
    assert_eq!(guess(&secrets.login, &secrets.password).status, 429);
    demo.end_well();
}
