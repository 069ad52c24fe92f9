//! Notices over HTTP: written by the privacy lead, shown until read, with both times for both sides; and free texts worth reading
//! again.

use crate::people::{ADMINISTRATOR, Demo, OTHER_ADMINISTRATOR, PRIVACY_LEAD, SUPPORT, UNIT_HEAD, WORKER, listed};

#[test]
fn a_notice_is_pinned_until_somebody_says_that_it_is_read() {
    let demo = Demo::start();
    let mut lead = demo.enter(PRIVACY_LEAD);
    let page = lead.get("/matcha/underrattelser").with_status(200);
    lead.submit(&page, "/underrattelser", &[("subject-sv", "Bara svenska")])
        .with_status(422)
        .says(&["båda språken", "Bara svenska"]);
    let texts = [
        ("subject-sv", "Nya säkerhetsregler"),
        ("text-sv", "Reglerna ändras."),
        ("subject-en", "New security rules"),
        ("text-en", "The rules change."),
    ];
    let mut bad = texts.to_vec();
    bad.push(("effective", "1/12"));
    lead.submit(&page, "/underrattelser", &bad).with_status(422).says(&["som 2026-12-01"]);
    let mut good = texts.to_vec();
    good.push(("effective", "2026-12-15"));
    lead.submit(&page, "/underrattelser", &good).with_status(200).says(&[
        "Nya säkerhetsregler",
        "alla kunder",
        "Ingen har fått",
    ]);

    let mut boss = demo.enter(ADMINISTRATOR);
    // Entering led to the first page, and so it was shown; it stays until somebody says that it is read.
    for _ in 0..2 {
        boss.get("/matcha/").with_status(200).says(&["Nya säkerhetsregler", "15 december 2026"]);
    }
    lead.get("/matcha/underrattelser").says(&["Påhittade Omställningsbyrån AB", "inte ännu"]);
    let pinned = boss.get("/matcha/").with_status(200);
    boss.submit(&pinned, "/last", &[]).with_status(200).says(&["Meddelanden"]).says_nothing_of(&["inte ännu"]);
    boss.get("/matcha/").says_nothing_of(&["Nya säkerhetsregler"]);
    boss.get("/matcha/vem-har-sett").says(&["Meddelande visat", "Meddelande läst"]);
    let csv = lead.get("/matcha/underrattelser.csv").with_status(200);
    assert_eq!(csv.body.lines().count(), 2, "{}", csv.body);

    // Others: another customer has its own, case workers and support have none.
    demo.enter(OTHER_ADMINISTRATOR).get("/matcha/").says(&["Nya säkerhetsregler"]);
    demo.enter(WORKER).get("/matcha/").says_nothing_of(&["Nya säkerhetsregler"]);
    for name in [WORKER, SUPPORT] {
        assert_eq!(demo.enter(name).get("/matcha/underrattelser").status, 404, "{name}");
    }
    demo.end_well();
}

#[test]
fn free_text_outside_the_specification_is_shown_by_place_and_word() {
    let demo = Demo::start();
    let mut worker = demo.enter(WORKER);
    let participant = listed(&mut worker, "/matcha/deltagare").remove(0);
    let new = format!("/matcha/daganteckningar/new?parent={}", crate::people::number(&participant));
    let form = worker.get(&new).with_status(200);
    let text = "Varit sjukskriven, ring 070-174 06 05 om hemliga Berit.";
    worker
        .submit(&form, "/daganteckningar/new", &[("date", "2026-11-20"), ("text", text)])
        .with_status(200)
        .says(&["Berit"]);

    let page = worker.get("/matcha/datakvalitet?kind=daganteckningar").with_status(200);
    page.says(&["hälsa: sjukskriven", "telefonnummer", "Körkort och andra behörigheter", "Jag har granskat"]);
    page.says_nothing_of(&["Berit", "174 06 05"]);
    let before = page.body.matches("Jag har granskat").count();
    let marked = worker.submit(&page, "/granskad", &[]).with_status(200);
    assert_eq!(marked.body.matches("Jag har granskat").count(), before - 1);
    let _ = demo.enter(UNIT_HEAD).get("/matcha/datakvalitet").with_status(200);
    demo.end_well();
}
