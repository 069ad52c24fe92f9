//! Two services that none of ours resembles, run from their folders with no crate of their own: a school photographer with data
//! on children, and a hotel whose agreement is in English. A person's record is made, read, refused and taken out under each,
//! through the pages and through the interface for programs.

use std::process::Command;

use e2e::{Folder, Program, Visitor, verify};
use serde_json::Value as Json;

use crate::people::{Demo, listed, number};

/// What the same walk is made of, in each service.
struct Walk {
    service: &'static str,
    /// Who may write, and who may take out.
    writer: &'static str,
    administrator: &'static str,
    /// The kind and what is written: a name and one more field.
    path: &'static str,
    fields: &'static [(&'static str, &'static str)],
    name: &'static str,
    /// A record that belongs to it.
    child: (&'static str, &'static [(&'static str, &'static str)], &'static str),
    /// Who may not read it, and the clause that says so.
    other: &'static str,
    /// The clause on roles, as it is printed.
    clause: &'static str,
    language: &'static str,
}

const SCHOOL: Walk = Walk {
    service: "fotograf",
    writer: "Omar Krita",
    administrator: "Karin Tavla",
    path: "elever",
    fields: &[("given-name", "Vilma"), ("family-name", "Provbild"), ("class", "4A"), ("consent", "given")],
    name: "Vilma",
    child: ("bestallningar", &[("product", "portrait"), ("copies", "3"), ("price", "1 350,50")], "1350.50"),
    other: "Omar Krita",
    clause: "4.2",
    language: "sv",
};

const HOTEL: Walk = Walk {
    service: "hotel",
    writer: "Sam Bell",
    administrator: "Alex Keys",
    path: "guests",
    fields: &[("name", "Toni Nobody"), ("citizenship", "FI"), ("document", "P0000001"), ("wish", "Late breakfast")],
    name: "Toni Nobody",
    child: (
        "stays",
        &[("arrives", "2026-12-24"), ("leaves", "2026-12-27"), ("room", "7"), ("bill", "3600")],
        "3600.00",
    ),
    other: "Sam Bell",
    clause: "4.2",
    language: "en",
};

fn demo(folder: &Folder) -> Program {
    Program::demo(&folder.path(), &["--services", "examples/services"])
}

pub(crate) fn enter(program: &Program, name: &str, language: &'static str) -> Visitor {
    let mut visitor = Visitor::new(program.address()).speaking(language);
    let first = visitor.get("/").with_status(200);
    let (_, card) = first.body.split_once(&format!("<h4>{name}</h4>")).expect("a card with that name");
    let (_, person) = card.split_once("name=\"person\" value=\"").expect("a form in the card");
    let person = person.split('"').next().unwrap_or_default();
    assert_eq!(visitor.post("/demo/enter", &[("person", person)]).status, 200);
    visitor
}

fn json(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|_| panic!("no JSON: {text}"))
}

#[test]
fn two_services_run_from_a_folder_of_data_alone() {
    let folder = Folder::fresh();
    let program = demo(&folder);
    for walk in [&SCHOOL, &HOTEL] {
        through_pages(&program, walk);
        through_the_interface(&program, walk);
    }
    let described = json(&Visitor::new(program.address()).get("/api/v1/openapi.json").with_status(200).body);
    assert_eq!(described["openapi"], "3.1.0");
    for address in ["/api/v1/fotograf/elever/{id}/export", "/api/v1/hotel/guests/{id}/person"] {
        assert!(described["paths"].get(address).is_some(), "{address} is not described");
    }
    let refusal = &described["components"]["schemas"]["Refusal"];
    assert!(refusal.to_string().contains("the clause's number as printed"), "{refusal}");
    let said = program.said();
    assert!(
        !said.contains("skulle visa ett nej") && !said.contains("hoppades över"),
        "the demo's story is whole:\n{said}"
    );
    program.stop();
    assert!(verify(&folder.path()).status.success());
}

fn through_pages(program: &Program, walk: &Walk) {
    let base = format!("/{}/{}", walk.service, walk.path);
    let mut writer = enter(program, walk.writer, walk.language);
    let form = writer.get(&format!("{base}/new")).with_status(200);
    writer.submit(&form, &format!("{base}/new"), walk.fields).with_status(200).says(&[walk.name]);
    let file = listed(&mut writer, &base)
        .into_iter()
        .find(|file| writer.get(file).body.contains(walk.name))
        .expect("it is in the list");
    // What belongs to it, from its own page.
    let (child, values, kept) = walk.child;
    let page = writer.get(&file).with_status(200);
    let filled = writer.submit(&page, &format!("/{}/{child}/new", walk.service), values).with_status(200);
    // An amount is shown as the language writes it, and kept in one form.
    let shown = if walk.language == "sv" { "1\u{a0}350,50" } else { "3,600.00" };
    filled.says(&[shown]);
    // Whoever may write it may not take it out, and is told by which clause.
    writer.get(&file).says_nothing_of(&["/export"]);
    writer.get(&format!("{file}/export")).with_status(403).says(&[walk.clause]);
    // The administrator may: the record, what belongs to it, and the log; as a page and as a file.
    let mut administrator = enter(program, walk.administrator, walk.language);
    let page = administrator.get(&file).with_status(200);
    page.says(&[&format!("{file}/export"), &format!("{file}/person")]);
    let export = administrator.get(&format!("{file}/export")).with_status(200);
    export.says(&[walk.name, shown, &format!("/api/v1{file}/export")]);
    administrator.get(&format!("{file}/person")).with_status(200).says(&[walk.name, shown]);
    // The refused attempt stands in the log that is taken out.
    export.says(&[walk.other]);
    let export = json(&administrator.get(&format!("/api/v1{file}/export")).with_status(200).body);
    assert_eq!(export["format"], "betrodd-export-1");
    assert_eq!(export["of"]["record"], number(&file));
    let parts = export["parts"].as_array().expect("parts");
    assert!(parts[0]["records"][0]["fields"].to_string().contains(walk.name), "{export}");
    assert!(parts.iter().any(|part| part["records"].to_string().contains(kept)), "{export}");
    let log = export["log"]["entries"].as_array().expect("a log").iter();
    let retrievals: Vec<&Json> =
        log.filter(|entry| entry["verb"] == "retrieve").map(|entry| &entry["outcome"]).collect();
    assert!(retrievals.contains(&&Json::from("granted")) && retrievals.contains(&&Json::from("refused")), "{export}");
}

fn through_the_interface(program: &Program, walk: &Walk) {
    let base = format!("/api/v1/{}/{}", walk.service, walk.path);
    let mut writer = enter(program, walk.writer, walk.language);
    let fields: serde_json::Map<String, Json> =
        walk.fields.iter().map(|(name, value)| ((*name).to_owned(), Json::from(*value))).collect();
    let made = writer.api("POST", &base, &[], &Json::from_iter([("fields", Json::Object(fields))]).to_string());
    let made = json(&made.with_status(201).body);
    let id = made["id"].as_str().expect("an id").to_owned();
    let read = json(&writer.api("GET", &format!("{base}/{id}"), &[], "").with_status(200).body);
    assert!(read["fields"].to_string().contains(walk.name), "{read}");
    let (child, values, kept) = walk.child;
    let fields: serde_json::Map<String, Json> =
        values.iter().map(|(name, value)| ((*name).to_owned(), Json::from(*value))).collect();
    let body = serde_json::json!({ "fields": fields, "parent": id });
    writer
        .api("POST", &format!("/api/v1/{}/{child}", walk.service), &[], &body.to_string())
        .with_status(201)
        .says(&["version"]);
    // A purpose that the agreement lacks, a field that nobody declared, and an export without a rule: each with its clause.
    for (method, path, more, body, reason) in [
        ("GET", format!("{base}/{id}"), &[("x-purpose", "marketing")][..], "", "purpose-not-agreed"),
        ("PUT", format!("{base}/{id}"), &[("if-match", "1")], r#"{"fields":{"income":"1"}}"#, "field-not-declared"),
        ("GET", format!("{base}/{id}/export"), &[], "", "no-rule"),
        ("GET", format!("{base}/{id}/person"), &[], "", "no-rule"),
    ] {
        let refused = json(&writer.api(method, &path, more, body).with_status(403).body);
        assert_eq!(refused["reason"], reason, "{refused}");
        assert!(refused["number"].as_str().is_some_and(|number| !number.is_empty()), "{refused}");
    }
    let mut administrator = enter(program, walk.administrator, walk.language);
    let whole = json(&administrator.api("GET", &format!("{base}/{id}/person"), &[], "").with_status(200).body);
    assert_eq!(whole["of"]["whole"], "person");
    assert!(whole["parts"].to_string().contains(kept), "{whole}");
    // Somebody of another service finds nothing there.
    let stranger = if walk.service == "hotel" { SCHOOL.administrator } else { HOTEL.administrator };
    enter(program, stranger, walk.language)
        .api("GET", &format!("{base}/{id}/export"), &[], "")
        .with_status(404)
        .says_nothing_of(&[walk.name]);
}

/// One of the services in the repository: who writes what, and who may take it out.
struct Ours {
    service: &'static str,
    writer: &'static str,
    path: &'static str,
    fields: &'static str,
    exporter: &'static str,
    refused: &'static str,
}

const OURS: [Ours; 5] = [
    Ours {
        service: "matcha",
        writer: "Örjan Malmqvist",
        path: "deltagare",
        fields: r#"{"given-name":"Prova","family-name":"Uttaget","unit":"ka-1001"}"#,
        exporter: "Örjan Malmqvist",
        refused: "Sara Nyberg",
    },
    Ours {
        service: "cling",
        writer: "Tage Roller",
        path: "slutkunder",
        fields: r#"{"name":"Prova Uttaget","property-designation":"Provet 1:1"}"#,
        exporter: "Vera Pensel",
        refused: "Tage Roller",
    },
    Ours {
        service: "senseworks",
        writer: "Elis Debet",
        path: "foretag",
        fields: r#"{"name":"Prova Uttaget enskild firma"}"#,
        exporter: "Elis Debet",
        refused: "Moa Attest",
    },
    Ours {
        service: "entre",
        writer: "Hilma Pärm",
        path: "kunder",
        fields: r#"{"name":"Prova Uttaget","mobile":"070-174 06 99"}"#,
        exporter: "Siv Verifikat",
        refused: "Roffe Tång",
    },
    Ours {
        service: "websupport",
        writer: "Vilgot Svar",
        path: "kunder",
        fields: r#"{"name":"Prova Uttaget","customer-number":"K-9"}"#,
        exporter: "Rut Namnserver",
        refused: "Vilgot Svar",
    },
];

#[test]
fn records_of_all_five_services_are_kept_read_refused_and_taken_out() {
    let demo = Demo::start();
    let first = demo.stranger().get("/").with_status(200);
    // Every service has a line of its own, and one of them is unfolded.
    assert_eq!(first.body.matches("<details class=\"service\"").count(), OURS.len());
    assert_eq!(first.body.matches("<details class=\"service\" open").count(), 1);
    for ours in &OURS {
        let Ours { service, path, .. } = ours;
        let base = format!("/api/v1/{service}/{path}");
        let mut writer = enter(&demo.program, ours.writer, "sv");
        let made = writer.api("POST", &base, &[], &format!(r#"{{"fields":{}}}"#, ours.fields)).with_status(201);
        let id = json(&made.body)["id"].as_str().expect("an id").to_owned();
        writer.get(&format!("/{service}/{path}/{id}")).with_status(200).says(&["Prova"]);
        let mut refused = enter(&demo.program, ours.refused, "sv");
        let no = json(&refused.api("GET", &format!("{base}/{id}/export"), &[], "").with_status(403).body);
        assert_eq!(no["reason"], "no-rule", "{service}: {no}");
        refused.get(&format!("/{service}/{path}/{id}?purpose=marketing")).with_status(403).says_nothing_of(&["Prova"]);
        let mut exporter = enter(&demo.program, ours.exporter, "sv");
        exporter.get(&format!("/{service}/{path}/{id}/export")).with_status(200).says(&["Prova"]);
        let whole = json(&exporter.api("GET", &format!("{base}/{id}/person"), &[], "").with_status(200).body);
        assert!(whole["parts"][0]["records"][0]["fields"].to_string().contains("Prova"), "{service}: {whole}");
        assert!(whole["agreement"]["hash"].as_str().is_some_and(|hash| hash.len() == 64), "{service}: {whole}");
    }
    // What the demo's story expects, the agreements allow; a line that they refuse is told when the demo is made.
    let said = demo.program.said();
    assert!(!said.contains("hoppades över"), "{said}");
    let folder = demo.folder.path();
    demo.program.stop();
    assert!(verify(&folder).status.success());
}

#[test]
fn an_installation_is_set_up_without_a_demo_once_the_parties_are_filled() {
    let folder = Folder::fresh();
    let open = |command: &str, more: &[&str]| {
        let mut program = Command::new(e2e::built("BETRODD_BIN", "betrodd"));
        program.current_dir(e2e::repository()).arg(command).arg("--data").arg(folder.path());
        program.args(["--service", "examples/services/hotel"]).args(more).output().expect("it runs")
    };
    let text = |output: &std::process::Output| {
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    };
    let admin = ["--administrator", "Kim Larsson", "--login", "kim@inn.example"];
    let customer =
        |more: &[&'static str]| open("open-customer", &[&admin[..], &["--from", "2026-07-01"], more].concat());
    let early = customer(&["--name", "Imaginary Inn", "--registration-number", "000000-0008"]);
    assert!(!early.status.success() && text(&early).contains("open-provider"), "{}", text(&early));
    let provider = open("open-provider", &["--administrator", "Lo Berg", "--login", "lo@frontdesk.example"]);
    assert!(provider.status.success(), "{}", text(&provider));
    // The agreement leaves places for the customer, and nothing is opened until they are filled.
    for more in [&[][..], &["--name", "Imaginary Inn"], &["--registration-number", "000000-0008"]] {
        let refused = customer(more);
        assert!(!refused.status.success() && text(&refused).contains("until it is filled"), "{}", text(&refused));
    }
    let opened = customer(&["--name", "Imaginary Inn", "--registration-number", "000000-0008"]);
    assert!(opened.status.success(), "{}", text(&opened));
    let said = text(&opened);
    let after = |word: &str| {
        let (_, rest) = said.split_once(word).unwrap_or_else(|| panic!("no {word} in {said}"));
        rest.split_whitespace().next().expect("a word").to_owned()
    };
    let (password, uri) = (after("password"), after("codes"));
    let secret = uri.split("secret=").nth(1).and_then(|rest| rest.split('&').next()).expect("a secret").to_owned();

    let program = Program::start("serve", &folder.path(), &["--service", "examples/services/hotel", "--plain-http"]);
    let mut visitor = Visitor::new(program.address()).speaking("en");
    visitor.get("/hotel/avtal").with_status(200).says(&["Made-up Front Desk Ltd", "when the stay is over"]);
    let form = visitor.get("/login").with_status(200);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time").as_secs();
    let code = crate::one_time_code::code(&secret, now);
    let home =
        visitor.submit(&form, "/login", &[("login", "kim@inn.example"), ("password", &password), ("code", &code)]);
    home.with_status(200).says(&["Imaginary Inn"]);
    let made = visitor.api("POST", "/api/v1/hotel/guests", &[], r#"{"fields":{"name":"First Guest"}}"#);
    made.with_status(201).says(&["version"]);
    program.stop();
    assert!(verify(&folder.path()).status.success());
}
