//! A case worker's week with forty participants, by keyboard alone and in both languages: what is late is found, done, and gone.
//!
//! What the forty have done before is written over the interface; what the case worker does now is typed.

use fantoccini::key::Key;

use crate::desk::{Desk, day, state, write};
use crate::people::{Demo, WORKER, called, listed, number};

/// Participants of a case worker who works full time.
const FORTY: usize = 40;

/// Brings the case worker's participants to forty, one of whom has been left waiting. Gives that one's number.
fn forty(demo: &Demo) -> String {
    let mut worker = demo.enter(WORKER);
    let own = called(&mut worker, "/matcha/anvandare", WORKER);
    let own = number(&own);
    let there = listed(&mut worker, "/matcha/deltagare").len();
    assert!(there < FORTY, "the demo's own participants");
    let mut late = String::new();
    for n in there..FORTY {
        // The one who waits comes first in every list by name.
        let name = if n == there { "Aaro".to_owned() } else { format!("Prov{n}") };
        let fields = [
            ("given-name", name.as_str()),
            ("family-name", "Veckosson"),
            ("birth-date", "1990-01-12"),
            ("unit", "ka-1001"),
            ("case-worker", own),
        ];
        let one = write(&mut worker, "deltagare", None, &fields);
        let since = if n == there { day(-18) } else { day(-1) };
        let placed = [("programme", "rusta-och-matcha"), ("level", "a"), ("unit", "ka-1001"), ("from", since.as_str())];
        write(&mut worker, "placeringar", Some(&one), &placed);
        if n == there {
            // Each week had its hours, in a group and in person; nobody met Aaro alone.
            for before in [18, 17, 16, 9, 8, 2] {
                let held = [
                    ("date", day(-before)),
                    ("hours", "3".to_owned()),
                    ("form", "physical".to_owned()),
                    ("meeting", "group".to_owned()),
                    ("lead", "provider".to_owned()),
                    ("outcome", "held".to_owned()),
                ];
                let held: Vec<(&str, &str)> = held.iter().map(|(name, value)| (*name, value.as_str())).collect();
                write(&mut worker, "aktiviteter", Some(&one), &held);
            }
            // The reports of the months before are in, whatever the day of the month is.
            for back in ["1", "2"] {
                let month = months_back(back.parse().expect("a number"));
                let report = write(&mut worker, "periodrapporter", Some(&one), &[("month", &month)]);
                state(&mut worker, "periodrapporter", &report, 1, "sent");
            }
            late = one;
        }
    }
    late
}

fn months_back(months: i32) -> String {
    let mut month: (i32, i32) = {
        let today = day(0);
        let parts: Vec<i32> = today.split('-').map(|part| part.parse().expect("a number")).collect();
        (parts[0], parts[1])
    };
    for _ in 0..months {
        month = if month.1 == 1 { (month.0 - 1, 12) } else { (month.0, month.1 - 1) };
    }
    format!("{:04}-{:02}", month.0, month.1)
}

/// The rows of the work list that are about Aaro.
async fn rows(desk: &Desk) -> Vec<String> {
    let script =
        "return [...document.querySelectorAll('main tbody tr')].map(row => row.innerText.replace(/\\s+/g, ' '))
        .filter(text => text.includes('Aaro Veckosson'))";
    let rows = desk.run(script, &[]).await;
    rows.as_array().expect("rows").iter().filter_map(|row| row.as_str().map(str::to_owned)).collect()
}

async fn work_list(desk: &mut Desk) -> Vec<String> {
    desk.goes(desk.t("Uppföljning", "Follow-up"), &[desk.t("Belastning", "Load")]).await;
    desk.goes(desk.t("Att göra", "To do"), &[desk.t("försenade", "late")]).await;
    rows(desk).await
}

async fn week(language: &'static str) {
    let demo = Demo::start();
    let late = forty(&demo);
    let mut desk = Desk::of(&demo, language).await;
    let saved = desk.t("Sparat.", "Saved.");
    let save = desk.t("Spara", "Save");
    desk.log_in(&demo, WORKER).await;

    // Monday: the list says who waits, and for what.
    let waiting = work_list(&mut desk).await;
    let individual = desk.t("Individuellt möte", "Individual meeting");
    let plan = desk.t("Gemensam planering", "Joint plan");
    let deviation = desk.t("Avvikelserapport", "Deviation report");
    for rule in [individual, plan] {
        assert!(waiting.iter().any(|row| row.contains(rule)), "{rule} is not on the list: {waiting:?}");
    }

    // The month of forty, filled in the grid: the first row is Aaro's. An absence that nobody knows the reason of.
    desk.goes(desk.t("Deltagare", "Participants"), &["Aaro Veckosson"]).await;
    desk.goes(
        desk.t("Närvaro: månadsöversikt", "Attendance: month view"),
        &["Aaro Veckosson", desk.t("40 deltagare", "40 participants")],
    )
    .await;
    let marked = day(0);
    desk.tab_to_id(&format!("c-{late}-{marked}")).await;
    desk.type_keys(desk.t("F17", "A17")).await;
    desk.press_key(Key::Enter, 1).await;
    desk.says(&[desk.t("En markering sparades", "One mark was saved")]).await;
    desk.look().await;
    // Absent, and nobody has reported it yet.
    let waiting = work_list(&mut desk).await;
    assert!(waiting.iter().any(|row| row.contains(deviation)), "no deviation is asked for: {waiting:?}");

    // A day note.
    desk.goes(desk.t("Deltagare", "Participants"), &["Aaro Veckosson"]).await;
    desk.fill(desk.t("Sök", "Search"), "Aaro").await;
    desk.press_key(Key::Enter, 1).await;
    desk.says(&["Aaro Veckosson", desk.t("1 träff", "1 match")]).await;
    desk.goes("Aaro Veckosson", &[desk.t("Närmast anhöriga", "Next of kin")]).await;
    desk.go(desk.t("Lägg till daganteckning", "Add day note")).await;
    desk.fill_day(desk.t("Datum", "Date"), &day(0)).await;
    desk.fill(desk.t("Anteckning", "Note"), "Ringde och kom överens om ett möte.").await;
    desk.go(save).await;
    desk.says(&[saved, "Ringde och kom överens om ett möte."]).await;
    desk.look().await;

    // The meeting, held yesterday.
    desk.go(desk.t("Lägg till aktivitet", "Add activity")).await;
    desk.fill_day(desk.t("Datum", "Date"), &day(-1)).await;
    desk.fill(desk.t("Klockan", "Time"), "09:30").await;
    desk.fill(desk.t("Timmar", "Hours"), "1").await;
    desk.fill_choice(desk.t("Form", "Form"), desk.t("På plats", "In person")).await;
    desk.fill_choice(desk.t("Möte", "Meeting"), desk.t("Enskilt", "Individual")).await;
    desk.fill_choice(desk.t("Ledd av", "Led by"), desk.t("Handledare", "Case worker")).await;
    desk.fill_choice(desk.t("Utfall", "Outcome"), desk.t("Genomförd", "Held")).await;
    desk.go(save).await;
    desk.says(&[saved, "09:30"]).await;

    // The plan, written and put to the participant.
    desk.go(desk.t("Lägg till gemensam planering", "Add joint plan")).await;
    desk.fill_day(desk.t("Datum", "Date"), &day(0)).await;
    desk.fill(desk.t("Mål", "Goal"), "Arbete inom lager").await;
    desk.fill(desk.t("Steg", "Steps"), "Söka två arbeten i veckan.").await;
    desk.go(save).await;
    desk.says(&[saved, "Arbete inom lager"]).await;
    let written = record(&desk, "planeringar").await;
    desk.at(&written).await;
    desk.goes(desk.t("Lägg fram för deltagaren", "Put to the participant"), &[desk.t("föreslagen", "proposed")]).await;

    // The deviation, written and recorded as sent.
    desk.at(&format!("/matcha/deltagare/{late}")).await;
    desk.go(desk.t("Lägg till avvikelserapport", "Add deviation report")).await;
    desk.fill_choice(desk.t("Orsak", "Reason"), desk.t("17 Okänd orsak", "17 Unknown reason")).await;
    desk.fill_day(desk.t("Datum", "Date"), &marked).await;
    desk.fill(desk.t("Mottagare", "Recipient"), "Funktionsbrevlådan").await;
    desk.fill(desk.t("Vad som hände", "What happened"), "Kom inte och svarade inte.").await;
    desk.go(save).await;
    desk.says(&[saved, "Kom inte och svarade inte."]).await;
    let written = record(&desk, "avvikelser").await;
    desk.at(&written).await;
    desk.goes(desk.t("Anteckna som skickad", "Record as sent"), &[desk.t("skickad", "sent")]).await;

    // Friday: nothing of it is on the list.
    let waiting = work_list(&mut desk).await;
    for rule in [plan, deviation] {
        assert!(!waiting.iter().any(|row| row.contains(rule)), "{rule} is still on the list: {waiting:?}");
    }
    let late: Vec<_> = waiting.iter().filter(|row| row.contains(desk.t("sen ", "late"))).collect();
    assert!(late.is_empty(), "still late: {late:?}");
    desk.leaves().await;
    demo.end_well();
}

/// The address of the first record of a kind that the page links to.
async fn record(desk: &Desk, kind: &str) -> String {
    let script = "const link = [...document.links].map(link => link.getAttribute('href')).find(to => new RegExp('^/matcha/' + arguments[0] + '/[0-9a-f]{32}').test(to));
        return link || ''";
    let found = desk.run(script, &[kind.into()]).await;
    let link = found.as_str().filter(|link| !link.is_empty()).unwrap_or_else(|| panic!("no record of {kind}"));
    link.split(['?', '#']).next().unwrap_or(link).trim_end_matches("/history").trim_end_matches("/edit").to_owned()
}

// runs: M-SP.2d M-SP.2e M-SP.2k
#[tokio::test]
async fn a_case_workers_week_of_forty_participants_by_keyboard_in_swedish() {
    week("sv").await;
}

#[tokio::test]
async fn a_case_workers_week_of_forty_participants_by_keyboard_in_english() {
    week("en").await;
}
