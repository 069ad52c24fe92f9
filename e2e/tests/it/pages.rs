//! Every page that a person of each role can reach by following links, in both languages: it answers as it should, in the right
//! language, in strict headers, with words and not with their keys. And the pages that are open to everybody.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use e2e::{Answer, Visitor};

use crate::people::{
    ADMINISTRATOR, Demo, OPERATIONS, OTHER_ADMINISTRATOR, PRIVACY_LEAD, SUPPORT, UNIT_HEAD, WORKER, listed, number,
};

/// How many pages of one shape are opened (`/matcha/deltagare/…` is one shape).
const MAX_OF_A_SHAPE: usize = 3;
/// Nothing but our own sheet and pictures; no script at all, no other site's frame, no other site's form.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
/// The eight subprocessors of the agreement: name, and the task in Swedish.
const SUBPROCESSORS: [(&str, &str); 8] = [
    ("Amazon Web Services", "pplikation och databas, e-post, dokumentlager"),
    ("Amazon Web Services", "AI-modeller"),
    ("CloudConvert", "onvertering av dokument"),
    ("46elks", "ms"),
    ("Eniro", "olagssökning"),
    ("Qvalia", "Peppolleverantör"),
    ("Sentry", "elövervakning"),
    ("Hetzner", "xtern säkerhetskopia"),
];

#[test]
fn every_page_of_every_role_answers_in_both_languages() {
    let demo = Demo::start();
    let mut shapes = BTreeMap::new();
    for name in [WORKER, UNIT_HEAD, ADMINISTRATOR, OTHER_ADMINISTRATOR, SUPPORT, OPERATIONS, PRIVACY_LEAD] {
        for language in ["sv", "en"] {
            let visitor = demo.enter(name).speaking(language);
            for shape in follow(visitor, language, "/matcha/") {
                *shapes.entry(shape).or_insert(0) += 1;
            }
        }
    }
    // The walk is worth nothing when it misses the rooms: these shapes must have been among those that it found.
    for shape in [
        "/matcha/",
        "/matcha/deltagare",
        "/matcha/deltagare/{id}",
        "/matcha/deltagare/{id}/edit",
        "/matcha/deltagare/new",
        "/matcha/narvaro/{id}",
        "/matcha/narvaro/{id}/history",
        "/matcha/daganteckningar/{id}/edit",
        "/matcha/arenden",
        "/matcha/arenden/nytt",
        "/matcha/arenden/{id}",
        "/matcha/vem-har-sett",
        "/matcha/vem-har-sett.csv",
        "/matcha/avtal",
        "/matcha/underbitraden",
        "/matcha/support",
        "/demo/clock",
        "/",
    ] {
        assert!(shapes.contains_key(shape), "no page of the shape {shape} was found: {shapes:?}");
    }
    demo.end_well();
}

#[test]
fn strangers_see_the_public_pages_and_no_others() {
    let demo = Demo::start();
    for language in ["sv", "en"] {
        follow(demo.stranger().speaking(language), language, "/");
    }
    for closed in [
        "/matcha/",
        "/matcha/deltagare",
        "/matcha/vem-har-sett",
        "/matcha/vem-har-sett.csv",
        "/matcha/arenden",
        "/matcha/support",
    ] {
        let answer = demo.stranger().send("GET", closed, &[], b"");
        assert_eq!((answer.status, answer.body.len()), (303, 0), "{closed}");
        assert!(answer.header("location").is_some_and(|to| to.starts_with("/login?next=")), "{closed}");
    }
    let answer = demo.stranger().send("GET", "/api/v1/matcha/deltagare", &[], b"");
    assert_eq!((answer.status, answer.header("content-type")), (401, Some("application/problem+json")));
    demo.end_well();
}

#[test]
fn everybody_can_read_the_agreement_and_all_eight_subprocessors() {
    let demo = Demo::start();
    let mut stranger = demo.stranger();
    let get = |stranger: &mut Visitor, path: &str, kind: &str| {
        let answer = stranger.get(path).with_status(200);
        assert!(
            answer.header("content-type").is_some_and(|text| text.starts_with(kind)),
            "{path}: {:?}",
            answer.headers
        );
        answer
    };
    let page = get(&mut stranger, "/matcha/underbitraden", "text/html");
    let json = get(&mut stranger, "/matcha/underbitraden.json", "application/json");
    let csv = get(&mut stranger, "/matcha/underbitraden.csv", "text/csv");
    let agreement = get(&mut stranger, "/matcha/avtal", "text/html");
    let file = get(&mut stranger, "/matcha/avtal.md", "text/markdown");
    for (name, task) in SUBPROCESSORS {
        for answer in [&page, &json, &csv, &file] {
            answer.says(&[name, task]);
        }
        agreement.says(&[name]);
    }
    let parsed: serde_json::Value = serde_json::from_str(&json.body).expect("JSON");
    let list = parsed.as_array().or_else(|| parsed.get("subprocessors").and_then(|list| list.as_array()));
    assert_eq!(list.map(Vec::len), Some(8), "{parsed}");
    // The header's line, and one for each; a quoted line break would show as more.
    assert_eq!(csv.body.trim_end().lines().count(), 9, "{}", csv.body);
    // The file is the one that the program read, byte for byte.
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the root");
    let read = std::fs::read_to_string(root.join("services/matcha/agreement.sv.md")).expect("the agreement");
    assert!(file.body == read, "the file that is handed out is not the one that was read");
    demo.end_well();
}

#[test]
fn within_a_case_every_page_of_the_desk_answers() {
    let demo = Demo::start();
    let mut worker = demo.enter(WORKER);
    let participant = listed(&mut worker, "/matcha/deltagare").swap_remove(0);
    let action = format!("/matcha/arenden/nytt?om={}", number(&participant));
    let form = worker.get(&action).with_status(200);
    let cases = worker.submit(&form, &action, &[("matter", "Närvaron visas inte")]).with_status(200);
    cases.says(&["Närvaron visas inte"]);
    for language in ["sv", "en"] {
        let mut support = demo.enter(SUPPORT).speaking(language);
        let desk = support.get("/matcha/support").with_status(200);
        let forms: Vec<String> =
            desk.forms().into_iter().map(|form| form.action).filter(|to| to.contains("/support/")).collect();
        assert_eq!(forms.len(), 3, "two cases of the demo and this one");
        for case in forms {
            let found = follow(demo.enter(SUPPORT).speaking(language), language, &format!("{case}?purpose=support"));
            assert!(found.contains("/matcha/support/{id}/support"), "{found:?}");
        }
    }
    demo.end_well();
}

/// Opens a page and everything that it leads to, some of each shape, and looks at each. Gives the shapes that were opened.
fn follow(mut visitor: Visitor, language: &str, from: &str) -> BTreeSet<String> {
    let mut opened: BTreeMap<String, usize> = BTreeMap::new();
    let mut seen = BTreeSet::from([from.to_owned()]);
    let mut waiting = VecDeque::from([(from.to_owned(), "the test".to_owned())]);
    while let Some((path, by)) = waiting.pop_front() {
        let count = opened.entry(shape(&path)).or_insert(0);
        *count += 1;
        if *count > MAX_OF_A_SHAPE {
            continue;
        }
        let answer = visitor.get(&path);
        let may_refuse = path.contains("?parent=") || answer.status == 403 && answer.body.contains("avtal#");
        assert!(
            answer.status == 200 || answer.status == 403 && may_refuse,
            "{path}, linked from {by}: {}\n{}",
            answer.status,
            answer.body
        );
        // Files have stricter headers of their own (`files.rs`).
        if path.contains("/filer/") {
            continue;
        }
        headers(&answer);
        if answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
            page(&answer, language);
            for link in answer.links() {
                let link = link.split('#').next().unwrap_or_default().to_owned();
                if link.starts_with('/') && seen.insert(link.clone()) {
                    waiting.push_back((link, answer.path.clone()));
                }
            }
        }
    }
    opened.into_keys().collect()
}

/// An address without its numbers, and of its query only the names.
fn shape(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let parts: Vec<&str> = path.split('/').map(|part| if part.len() == 32 { "{id}" } else { part }).collect();
    let names: BTreeSet<&str> =
        query.split('&').filter_map(|pair| pair.split('=').next()).filter(|name| !name.is_empty()).collect();
    let names: Vec<&str> = names.into_iter().collect();
    if names.is_empty() { parts.join("/") } else { format!("{}?{}", parts.join("/"), names.join("&")) }
}

fn headers(answer: &Answer) {
    let path = &answer.path;
    assert_eq!(answer.header("content-security-policy"), Some(POLICY), "{path}");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
    assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
    let public = path.contains("/avtal") || path.contains("/underbitraden");
    assert!(
        public || answer.header("cache-control") == Some("no-store"),
        "{path}: {:?}",
        answer.header("cache-control")
    );
}

fn page(answer: &Answer, language: &str) {
    let (path, body) = (&answer.path, answer.body.as_str());
    assert!(body.starts_with("<!DOCTYPE html>"), "{path}");
    assert!(body.contains(&format!("<html lang=\"{language}\">")), "{path} is not in {language}");
    assert_eq!(body.matches("<h1").count(), 1, "{path} has one heading of the first order");
    assert_eq!(body.matches("<main").count(), 1, "{path}");
    let title = between(body, "<title>", "</title>");
    assert!(title.is_some_and(|title| title.trim_matches([' ', '·']).len() > 3), "{path}: {title:?}");
    for forbidden in ["<script", "<style", " style=\"", "javascript:", "{ $", "{$", "\u{2068}"] {
        assert!(!body.contains(forbidden), "{path} contains {forbidden:?}");
    }
    for tag in body.split('<').skip(1).filter_map(|piece| piece.split('>').next()) {
        let handler = tag.split_whitespace().skip(1).any(|part| part.starts_with("on") && part.contains("=\""));
        assert!(!handler, "{path} has a handler: <{tag}>");
        for external in ["src=\"http", "action=\"http", "href=\"//", "src=\"//"] {
            assert!(!tag.contains(external), "{path}: <{tag}>");
        }
    }
    let ids: Vec<&str> = body.split(" id=\"").skip(1).filter_map(|piece| piece.split('"').next()).collect();
    let different: BTreeSet<&&str> = ids.iter().collect();
    assert_eq!(ids.len(), different.len(), "{path}: an id stands twice: {ids:?}");
    for used in ["for", "aria-labelledby", "aria-describedby"] {
        for names in body.split(&format!(" {used}=\"")).skip(1).filter_map(|piece| piece.split('"').next()) {
            for name in names.split_whitespace() {
                assert!(ids.contains(&name), "{path}: {used} names {name:?}, which is not there");
            }
        }
    }
    for word in words(body) {
        assert!(!is_key(&word), "{path} shows the key {word:?} instead of its words");
    }
}

/// What a person reads or hears: the text between the tags, and the attributes that are read out.
fn words(body: &str) -> Vec<String> {
    let mut text = String::new();
    for piece in body.split('<').skip(1) {
        let (tag, after) = piece.split_once('>').unwrap_or((piece, ""));
        // Code, and what people wrote themselves, are no words of ours.
        if !tag.starts_with("code") && !tag.starts_with("textarea") {
            text.push(' ');
            text.push_str(after);
        }
        for attribute in ["title", "aria-label", "placeholder", "data-label", "alt"] {
            text.push(' ');
            text.push_str(between(tag, &format!(" {attribute}=\""), "\"").unwrap_or_default());
        }
    }
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).map(str::to_owned).collect()
}

/// Whether a word is a key of the portal's words, or would be one if it were there.
fn is_key(word: &str) -> bool {
    const BEGIN: [&str; 17] = [
        "agreement-",
        "answer-",
        "login-",
        "first-",
        "clock-",
        "frame-",
        "refusal-",
        "service-",
        "state-",
        "problem-",
        "home-",
        "subprocessors-",
        "country-",
        "cases-",
        "case-new-",
        "desk-",
        "who-looked-",
    ];
    word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        && BEGIN.iter().any(|begin| word.starts_with(begin))
}

fn between<'t>(text: &'t str, begin: &str, end: &str) -> Option<&'t str> {
    text.split_once(begin)?.1.split_once(end).map(|(found, _)| found)
}
