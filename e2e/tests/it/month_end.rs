//! A unit head's month end over HTTP: the report, the records behind a figure, verifying, a corrected attendance that the report tells
//! of, and the revision that leaves what was verified as it was.

use e2e::{Answer, Visitor};

use crate::people::{ADMINISTRATOR, Demo, OTHER_ADMINISTRATOR, UNIT_HEAD, number};

/// Writes a record over the interface and gives its id.
fn write(head: &mut Visitor, kind: &str, body: &str) -> String {
    let answer = head.api("POST", &format!("/api/v1/matcha/{kind}"), &[], body).with_status(201);
    let (_, rest) = answer.body.split_once("\"id\":\"").expect("an id");
    rest.split('"').next().expect("an id").to_owned()
}

fn alter(head: &mut Visitor, kind: &str, id: &str, version: u32, body: &str) -> Answer {
    let seen = format!("\"{version}\"");
    head.api("PUT", &format!("/api/v1/matcha/{kind}/{id}"), &[("if-match", &seen)], body)
}

/// The month that the report proposes: the last that is over.
fn month(page: &Answer) -> String {
    let (_, rest) = page.body.split_once("type=\"month\" value=\"").expect("a month");
    rest.split('"').next().expect("a month").to_owned()
}

/// The part of the page that is the row of this participant.
fn row<'a>(page: &'a Answer, participant: &str) -> &'a str {
    let (_, rows) = page.body.split_once("<tbody").expect("a table");
    let found = rows.split("<tr").find(|row| row.contains(&format!("/matcha/deltagare/{participant}\"")));
    found.unwrap_or_else(|| panic!("no row of {participant}:\n{}", page.body))
}

// runs: M-1.1b
#[test]
fn a_month_end_from_the_report_to_the_revision() {
    let demo = Demo::start();
    let mut head = demo.enter(UNIT_HEAD);
    head.get("/matcha/").says(&["Uppföljning"]);
    head.get("/matcha/vy").with_status(200).says(&["Månadsrapport", "Ersättning", "Att göra"]);
    let month = month(&head.get("/matcha/vy/manadsrapport").with_status(200));

    // A participant of the unit in a programme that pays for attended days.
    let participant = write(
        &mut head,
        "deltagare",
        r#"{"fields":{"given-name":"Vilma","family-name":"Prövensjö","birth-date":"1990-01-12","unit":"ka-1001"}}"#,
    );
    let under = |fields: &str| format!(r#"{{"parent":"{participant}","fields":{{{fields}}}}}"#);
    let placement = format!(r#""programme":"steg-till-arbete","level":"a","unit":"ka-1001","from":"{month}-01""#);
    write(&mut head, "placeringar", &under(&placement));
    let days: Vec<String> = (1..=3)
        .map(|day| {
            let fields = format!(r#""date":"{month}-0{day}","status":"present""#);
            write(&mut head, "narvaro", &under(&fields))
        })
        .collect();
    let report = write(&mut head, "periodrapporter", &under(&format!(r#""month":"{month}""#)));

    // Without an approved report nothing is paid, and the report says so.
    let address = format!("/matcha/vy/manadsrapport?month={month}");
    let page = head.get(&address).with_status(200);
    page.says(&["betalas inte förrän periodens rapport är godkänd"]);
    assert!(row(&page, &participant).contains("637,50"), "{}", row(&page, &participant));
    for (version, state) in [(1, "sent"), (2, "approved")] {
        drop(
            alter(&mut head, "periodrapporter", &report, version, &format!(r#"{{"state":"{state}"}}"#))
                .with_status(200),
        );
    }
    let page = head.get(&address).with_status(200);
    let figure = row(&page, &participant).split("href=\"").find(|link| link.contains(".day-pay")).expect("a figure");
    let figure = figure.split('"').next().expect("an address").replace("&amp;", "&");

    // A figure opens exactly the records that it was computed from.
    let sources = head.get(&figure).with_status(200);
    sources.says(&["Underlag: Månadsrapport", "637,50", "Placeringar", "Närvaro", "3 poster"]);
    for day in &days {
        assert!(sources.body.contains(day.as_str()), "{day}");
    }

    // Verifying freezes.
    let claims = format!("/matcha/vy/ersattning?month={month}");
    let offer = head.get(&claims).with_status(200);
    offer.says(&["Verifiera"]);
    let done = head.submit(&offer, "/verify", &[]).with_status(200);
    done.says(&["verifierad"]);
    assert!(row(&done, &participant).contains("637,50"));
    // The same form again: what was seen is no more, and nothing is written twice.
    head.submit(&offer, "/verify", &[]).with_status(409).says(&["Inget är skrivet"]);

    // An attendance is corrected; the report says so, and what was verified stays.
    drop(alter(&mut head, "narvaro", &days[1], 1, r#"{"fields":{"status":"absent"}}"#).with_status(200));
    let page = head.get(&address).with_status(200);
    page.says(&["Underlaget har ändrats efter verifieringen", "-212.50"]);
    assert!(row(&page, &participant).contains("-212,50") && row(&page, &participant).contains("637,50"));
    let page = head.get(&claims).with_status(200);
    let done = head.submit(&page, "/revise", &[]).with_status(200);
    assert!(row(&done, &participant).contains("425,00"), "{}", row(&done, &participant));

    // Two lines: the first as it was, and the difference that refers to it.
    let lines = head.get(&format!("/api/v1/matcha/ersattningar?parent={participant}")).with_status(200);
    lines.says(&["\"amount\":\"637.50\"", "\"amount\":\"-212.50\"", "\"revises\":\""]);

    // For spreadsheets and programs, in both languages.
    let csv = head.get(&format!("/matcha/vy/manadsrapport.csv?month={month}&table=participants")).with_status(200);
    csv.says(&["\"Deltagare\"", "\"Vilma Prövensjö\"", "\"425,00\""]);
    let json = head.get(&format!("/api/v1/matcha/views/ersattning?month={month}")).with_status(200);
    json.says(&["betrodd-view-1", "\"Vilma Prövensjö\"", "\"value\":\"425.00\""]);
    let mut english = demo.enter(UNIT_HEAD).speaking("en");
    english.get(&address).with_status(200).says(&["Month report", "Day pay", "425.00"]);

    // A choice that cannot be taken is told, a figure that is none is not there.
    head.get("/matcha/vy/manadsrapport?month=2026-13").with_status(422).says(&["2026-10"]);
    drop(head.get("/matcha/vy/ingenting").with_status(404));
    drop(head.get(&format!("/matcha/vy/manadsrapport/underlag?month={month}&figure=units.x.y")).with_status(404));
    drop(head.api("GET", "/api/v1/matcha/views/manadsrapport?month=x", &[], "").with_status(400));

    // Another customer's report knows nothing of this participant.
    let mut other = demo.enter(OTHER_ADMINISTRATOR);
    let answer = other.get(&address);
    assert!(!answer.body.contains(number(&participant)) && !answer.body.contains("Vilma"));
    demo.end_well();
}

// runs: M-1.1b
#[test]
fn whom_the_agreement_gives_no_part_of_it_is_refused_by_clause() {
    let demo = Demo::start();
    let mut support = demo.enter(crate::people::SUPPORT);
    let answer = support.get("/matcha/vy/manadsrapport");
    assert!(matches!(answer.status, 403 | 404), "{}", answer.status);
    // The administrator keeps accounts and sees no participant's attendance.
    let mut boss = demo.enter(ADMINISTRATOR);
    let answer = boss.get("/matcha/vy/arbetslista");
    assert!(answer.status == 200 || answer.body.contains("punkt S.10"), "{}", answer.body);
    demo.end_well();
}

#[test]
fn an_invoice_is_pasted_reconciled_and_marked_as_paid() {
    let demo = Demo::start();
    let mut head = demo.enter(UNIT_HEAD);
    let month = month(&head.get("/matcha/vy/manadsrapport").with_status(200));
    let participant = write(
        &mut head,
        "deltagare",
        r#"{"fields":{"given-name":"Alma","family-name":"Prövensjö","birth-date":"1990-01-12","unit":"ka-1001"}}"#,
    );
    let under = |fields: &str| format!(r#"{{"parent":"{participant}","fields":{{{fields}}}}}"#);
    let claim = format!(
        r#""period":"{month}","unit":"ka-1001","programme":"rusta-och-matcha","level":"b","what":"day","days":"10","price":"56.25","amount":"562.50""#
    );
    let id = write(&mut head, "ersattningar", &under(&claim));
    drop(alter(&mut head, "ersattningar", &id, 1, r#"{"state":"verified"}"#).with_status(200));
    let reference = &participant[24..];
    let page = head.get(&format!("/matcha/vy/avstamning?month={month}")).with_status(200);
    page.says(&["saknas på fakturan"]);
    let text = format!("period;enhet;nivå;slag;referens;belopp\n{month};ka-1001;b;dag;{reference};562,51\n");
    let differs = head.submit(&page, "/avstamning", &[("invoice", &text)]).with_status(200);
    differs.says(&["skiljer sig", "0,01"]);
    let text = text.replace("562,51", "562,50");
    let agrees = head.submit(&page, "/avstamning", &[("invoice", &text)]).with_status(200);
    agrees.says(&["stämmer"]);
    drop(head.submit(&agrees, "/pay", &[]).with_status(200));
    let line = head.get(&format!("/api/v1/matcha/ersattningar/{id}")).with_status(200);
    line.says(&["\"state\":\"paid\"", "\"amount\":\"562.50\""]);
    demo.end_well();
}
