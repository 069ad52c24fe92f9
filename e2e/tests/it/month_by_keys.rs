//! A unit head's month end, by keyboard alone and in both languages: the report and the records behind a figure, claims verified,
//! an attendance corrected that shows as a difference, and a final report that is sent as PDF.

use fantoccini::key::Key;

use crate::desk::{Desk, state, write};
use crate::people::{Demo, UNIT_HEAD};

/// A participant of the unit in a programme that pays for attended days, with three of them in the month. Gives its number.
fn paid_by_attendance(demo: &Demo, month: &str) -> String {
    let mut head = demo.enter(UNIT_HEAD);
    let person =
        [("given-name", "Aadel"), ("family-name", "Prövensjö"), ("birth-date", "1990-01-12"), ("unit", "ka-1001")];
    let participant = write(&mut head, "deltagare", None, &person);
    let first = format!("{month}-01");
    let placed = [("programme", "steg-till-arbete"), ("level", "a"), ("unit", "ka-1001"), ("from", first.as_str())];
    write(&mut head, "placeringar", Some(&participant), &placed);
    for day in 1..=3 {
        let date = format!("{month}-0{day}");
        write(&mut head, "narvaro", Some(&participant), &[("date", date.as_str()), ("status", "present")]);
    }
    let report = write(&mut head, "periodrapporter", Some(&participant), &[("month", month)]);
    state(&mut head, "periodrapporter", &report, 1, "sent");
    state(&mut head, "periodrapporter", &report, 2, "approved");
    participant
}

/// The month that the report proposes: the last that is over.
fn last_month(demo: &Demo) -> String {
    let page = demo.enter(UNIT_HEAD).get("/matcha/vy/manadsrapport").with_status(200);
    let (_, rest) = page.body.split_once("type=\"month\" value=\"").expect("a month");
    rest.split('"').next().expect("a month").to_owned()
}

/// The row of the participant in the first table that has one.
async fn row(desk: &Desk) -> String {
    let script = "const row = [...document.querySelectorAll('main tbody tr')].find(row => row.innerText.includes('Aadel Prövensjö'));
        return row ? row.innerText.replace(/\\s+/g, ' ') : ''";
    desk.run(script, &[]).await.as_str().unwrap_or_default().to_owned()
}

async fn month_end(language: &'static str) {
    let demo = Demo::start();
    let month = last_month(&demo);
    let participant = paid_by_attendance(&demo, &month);
    let mut desk = Desk::of(&demo, language).await;
    desk.log_in(&demo, UNIT_HEAD).await;

    // The report, and the records behind one of its figures.
    desk.goes(desk.t("Uppföljning", "Follow-up"), &[desk.t("Månadsrapport", "Month report")]).await;
    desk.goes(desk.t("Månadsrapport", "Month report"), &["Aadel Prövensjö"]).await;
    let amount = desk.t("637,50", "637.50");
    assert!(row(&desk).await.contains(amount), "{}", row(&desk).await);
    let link = desk.t("637,50 kr", "637.50 kr");
    desk.goes(link, &[desk.t("Underlag: Månadsrapport", "Sources: Month report"), desk.t("Närvaro", "Attendance")])
        .await;

    // Claims are verified: what stands there is frozen.
    desk.goes(desk.t("Uppföljning", "Follow-up"), &[desk.t("Ersättning", "Claims")]).await;
    desk.goes(desk.t("Ersättning", "Claims"), &["Aadel Prövensjö", desk.t("Verifiera", "Verify")]).await;
    let verify = button(&desk, desk.t("Verifiera (", "Verify (")).await;
    desk.goes(&verify, &[desk.t("verifierad", "verified")]).await;
    assert!(row(&desk).await.contains(amount), "{}", row(&desk).await);

    // One of the days is corrected in the month's grid.
    desk.at(&format!("/matcha/narvaro/manad?month={month}")).await;
    desk.tab_to_id(&format!("c-{participant}-{month}-02")).await;
    desk.select_all().await;
    desk.type_keys(desk.t("F", "A")).await;
    desk.press_key(Key::Enter, 1).await;
    desk.says(&[desk.t("En markering sparades", "One mark was saved")]).await;
    desk.look().await;

    // The claim says so, and the difference is a line of its own.
    desk.at(&format!("/matcha/vy/ersattning?month={month}")).await;
    desk.says(&[desk.t("underlaget ändrat", "sources changed")]).await;
    let difference = desk.t("-212,50", "-212.50");
    assert!(row(&desk).await.contains(difference) && row(&desk).await.contains(amount), "{}", row(&desk).await);
    let revise = button(&desk, desk.t("Verifiera skillnader (", "Verify differences (")).await;
    desk.goes(&revise, &[desk.t("425,00", "425.00")]).await;

    // The final report: drafted from the file, saved, sent, and then a paper.
    desk.at(&format!("/matcha/deltagare/{participant}")).await;
    desk.goes(
        desk.t("Ta fram ett utkast ur akten", "Make a draft from the file"),
        &[desk.t("Lägg till slutrapport", "Add final report")],
    )
    .await;
    desk.fill(desk.t("Mottagare", "Recipient"), "Arbetsförmedlingen").await;
    desk.press_key(Key::Enter, 1).await;
    desk.says(&[desk.t("Sparat.", "Saved."), "Arbetsförmedlingen"]).await;
    let mut head = demo.enter(UNIT_HEAD).speaking(language);
    let listed = head.get(&format!("/api/v1/matcha/slutrapporter?parent={participant}")).with_status(200);
    let listed: serde_json::Value = serde_json::from_str(&listed.body).expect("JSON");
    let report = listed["items"][0]["id"].as_str().expect("a report").to_owned();
    let at = format!("/matcha/slutrapporter/{report}");
    desk.at(&at).await;
    desk.goes(
        desk.t("Sätt läget «skickad»", "Set the state “sent”"),
        &[desk.t("skickad", "sent"), desk.t("Hämta som PDF", "Get as PDF")],
    )
    .await;
    let paper = head.get(&format!("{at}/pdf")).with_status(200);
    assert!(paper.body.starts_with("%PDF-"), "{:?}", paper.headers);
    desk.leaves().await;
    demo.end_well();
}

/// The whole text of the button that begins so: how many lines it is about stands in it.
async fn button(desk: &Desk, begins: &str) -> String {
    let script = "const found = [...document.querySelectorAll('main button')].map(e => e.textContent.trim().replace(/\\s+/g, ' ')).find(text => text.startsWith(arguments[0]));
        return found || ''";
    let found = desk.run(script, &[begins.into()]).await;
    let text = found.as_str().filter(|text| !text.is_empty());
    text.unwrap_or_else(|| panic!("no button begins with {begins:?}")).to_owned()
}

// runs: M-1.1b M-SP.2l
#[tokio::test]
async fn a_unit_heads_month_end_by_keyboard_in_swedish() {
    month_end("sv").await;
}

#[tokio::test]
async fn a_unit_heads_month_end_by_keyboard_in_english() {
    month_end("en").await;
}
