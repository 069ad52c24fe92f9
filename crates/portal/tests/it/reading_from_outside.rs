//! A text from outside, read on a page: what it says with quotation and line, what is answered to what is no agreement, and who may.

use axum::http::{Request, StatusCode, header};
use paper::{Block, Document};
use terms::Language;

use crate::stand_in::{Seen, Visitor};

const AGREEMENT: &str = "Personuppgiftsbiträdesavtal\n\nParter\nPersonuppgiftsansvarig: Ekbacka kommun, 212000-0000\n\
    Personuppgiftsbiträde: Skolplattan AB, 556000-0001\n\n1 Incidenter\n1.1 Biträdet ska underrätta den personuppgiftsansvarige om en \
    personuppgiftsincident inom tolv timmar från upptäckt.\n\n2 Instruktioner\n2.1 Biträdet får bara behandla personuppgifter enligt den \
    personuppgiftsansvariges dokumenterade instruktioner.\n2.2 Personalen ska ha tystnadsplikt. <b>Fetstil</b> finns inte.\n\n3 Avslut\n3.1 Vid \
    avtalets upphörande ska biträdet radera eller återlämna personuppgifterna inom 30 dagar.\n\n4 Granskning\n4.1 Den \
    personuppgiftsansvarige får granska biträdet efter 20 dagars varsel.\n";

fn send(visitor: &Visitor, name: &str, bytes: &[u8]) -> Seen {
    send_to(visitor, "/read", name, bytes)
}

fn send_to(visitor: &Visitor, address: &str, name: &str, bytes: &[u8]) -> Seen {
    let mut body =
        format!("--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--b\r\ncontent-disposition: form-data; name=\"text\"\r\n\r\n\r\n--b--\r\n");
    let request = Request::post(address).header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    visitor.send_bytes(request, body)
}

/// The report on a text that came along in the form of its reading.
fn report_on(visitor: &Visitor, taken: &str, form: &str) -> Seen {
    let body = format!(
        "--b\r\ncontent-disposition: form-data; name=\"taken\"\r\n\r\n{taken}\r\n\
         --b\r\ncontent-disposition: form-data; name=\"form\"\r\n\r\n{form}\r\n--b--\r\n"
    );
    let request = Request::post("/read/report").header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    visitor.send_bytes(request, body.into_bytes())
}

fn taken(seen: &Seen) -> String {
    let from = seen.body.split("name=\"taken\" value=\"").nth(1).unwrap_or_default();
    from.split('"').next().unwrap_or_default().to_owned()
}

fn says(seen: &Seen, all: &[&str]) {
    for told in all {
        assert!(seen.body.contains(told), "`{told}` is not in {}", seen.body);
    }
}

#[test]
fn a_text_is_told_with_quotation_line_and_clause_and_what_it_does_not_say() {
    let visitor = Visitor::new(true, false);
    let seen = send(&visitor, "avtal.txt", AGREEMENT.as_bytes());
    assert_eq!(seen.status, StatusCode::OK);
    says(
        &seen,
        &[
            "Ett personuppgiftsbiträdesavtal finns i texten",
            "12 timmar",
            "rad 8, punkt 1.1",
            "inom tolv timmar från upptäckt",
            "Skolplattan AB",
            "radera eller återlämna",
            "tid att invända",
            "Hittas inte",
            "Personuppgiftsbiträdesavtal",
        ],
    );
    // What the text says is text, whatever marks it holds.
    assert!(!seen.body.contains("<b>Fetstil"), "{}", seen.body);
}

#[test]
fn a_paper_with_text_is_read_and_one_without_is_said_to_be_pictures() {
    let visitor = Visitor::new(true, false);
    let mut document = Document::new("Personuppgiftsbiträdesavtal", Language::Sv);
    for line in AGREEMENT.lines().filter(|line| !line.is_empty()).skip(1) {
        document.push(Block::Paragraph(line.to_owned()));
    }
    let seen = send(&visitor, "avtal.pdf", &paper::write(&document).unwrap());
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.body);
    says(&seen, &["Ett personuppgiftsbiträdesavtal finns i texten", "12 timmar", "Skolplattan AB"]);

    let pictures = paper::write(&Document::new("", Language::Sv)).unwrap();
    let seen = send(&visitor, "skannad.pdf", &pictures);
    assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", seen.body);
    says(&seen, &["den består av bilder", "role=\"alert\"", "aria-describedby=\"read-wrong read-file-help\""]);
}

#[test]
fn what_is_no_agreement_is_said_to_be_that_and_nothing_is_read_from_it() {
    let visitor = Visitor::new(true, false);
    let novel = "Det var en gång en räv. Hon gick över fälten i regn och tänkte på havet.\n".repeat(40);
    let seen = send(&visitor, "roman.txt", novel.as_bytes());
    assert_eq!(seen.status, StatusCode::OK);
    says(&seen, &["Ingenting som liknar ett avtal", "inga villkor lästa"]);
    for (name, bytes, told) in [
        ("tom.txt", &b""[..], "Filen är tom"),
        ("bild.png", b"\x89PNG\r\n\x1a\n....", "Det här är en bild"),
        ("gammal.doc", b"\xd0\xcf\x11\xe0....", "en äldre Office-fil"),
        ("trasig.pdf", b"%PDF-1.7 och inget mer", "skadad eller gjord för att skada"),
    ] {
        let seen = send(&visitor, name, bytes);
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        says(&seen, &[told]);
    }
    let seen = send(&visitor, "stor.txt", &vec![b'a'; 17 << 20]);
    assert_eq!(seen.status, StatusCode::PAYLOAD_TOO_LARGE);
    says(&seen, &["Dela upp den"]);
}

#[test]
fn no_part_of_the_form_is_taken_in_without_a_bound() {
    let visitor = Visitor::new(true, false);
    for (name, bytes) in [("form", 20 << 20), ("csrf", 1 << 10), ("choices", 3 << 20), ("text", 17 << 20)] {
        let mut body = format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n").into_bytes();
        body.resize(body.len() + bytes, b'a');
        body.extend_from_slice(b"\r\n--b--\r\n");
        let request = Request::post("/read").header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
        let seen = visitor.send_bytes(request, body);
        assert_eq!(seen.status, StatusCode::PAYLOAD_TOO_LARGE, "{name}: {}", seen.body);
    }
}

#[test]
fn only_a_demo_is_open_to_everybody_and_nobody_reads_without_end() {
    let closed = Visitor::new(false, false);
    assert_eq!(closed.get("/read").status, StatusCode::SEE_OTHER);
    assert_eq!(send(&closed, "avtal.txt", AGREEMENT.as_bytes()).status, StatusCode::SEE_OTHER);
    assert_eq!(closed.also("administrator").get("/read").status, StatusCode::OK);

    let demo = Visitor::new(true, false);
    says(&demo.get("/"), &["href=\"/read\""]);
    says(&demo.get("/read"), &["enctype=\"multipart/form-data\"", "Ingenting sparas"]);
    for _ in 1..30 {
        send(&demo, "tom.txt", b"");
    }
    let last = send(&demo, "tom.txt", b"");
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(last.header("retry-after"), "60");
}

#[test]
fn a_report_lays_the_text_beside_article_28_and_the_known_agreements_with_its_own_words() {
    let visitor = Visitor::new(true, false);
    let read = send(&visitor, "avtal.txt", AGREEMENT.as_bytes());
    let seen = report_on(&visitor, &taken(&read), "page");
    assert_eq!(seen.status, StatusCode::OK);
    says(
        &seen,
        &[
            "Rapport: avtal.txt",
            "Mot artikel 28",
            "Jämfört med kända avtal",
            "underrättelse om incident",
            "12 timmar",
            "inom tolv timmar från upptäckt",
            "rad 8, punkt 1.1",
            "tid att invända",
            "Hittas inte",
            "Ingenting av texten eller rapporten är sparat",
            "role=\"img\"",
        ],
    );
    assert!(!seen.body.contains("<b>Fetstil"), "{}", seen.body);
    // The same text in the report's own way in, without a reading before.
    let straight = send_to(&visitor, "/read/report", "avtal.txt", AGREEMENT.as_bytes());
    assert_eq!(straight.body, seen.body);
    let paper = report_on(&visitor, &taken(&read), "pdf");
    assert_eq!((paper.status, paper.body.starts_with("%PDF-1.7")), (StatusCode::OK, true));
}

#[test]
fn a_report_on_what_is_no_agreement_says_so_and_a_text_that_did_not_come_along_whole_is_refused() {
    let visitor = Visitor::new(true, false);
    let novel = "Det var en gång en kvarn vid en å. Mjölnaren gick ut om morgonen och såg att hjulet stod stilla. \
                 Han satte sig på stenen och väntade, och när solen kom över åsen hörde han vattnet igen.\n"
        .repeat(6);
    let seen = send_to(&visitor, "/read/report", "roman.txt", novel.as_bytes());
    assert_eq!(seen.status, StatusCode::OK);
    says(&seen, &["Texten är inget avtal", "Ingenting som liknar ett avtal"]);
    assert!(!seen.body.contains("Vanligt"), "nothing is compared: {}", seen.body);
    let whole = taken(&send(&visitor, "avtal.txt", AGREEMENT.as_bytes()));
    for broken in ["", "%%%", whole.get(..40).unwrap_or("")] {
        let seen = report_on(&visitor, broken, "page");
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY, "{broken}");
        says(&seen, &["role=\"alert\""]);
    }
}
