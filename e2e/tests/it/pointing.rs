//! A person points to what no rule found in a text: by plain forms and by a key, with what is refused, taken back, gone on with and
//! drafted; and `betrodd read --choices` makes the same of the same choices.

use e2e::{Browser, Folder, Visitor};

use crate::confirming::{TEXT, hand_in, run, unpacked, until};
use crate::people::{Demo, PRIVACY_LEAD, SUPPORT, enter};

/// A clause that states a notice period, in words that no rule knows.
const MORE: &str =
    "\n14 Till sist\n14.1 Den som vill gå skiljs från den andra när fyra månader\nhar gått efter ett brev om det.\n";

fn text() -> String {
    format!("{}{MORE}", std::fs::read_to_string(TEXT).expect("the text"))
}

fn line(words: &str) -> String {
    let at = text().lines().position(|line| line.contains(words)).expect("the line");
    (at + 1).to_string()
}

fn point(visitor: &mut Visitor, address: &str, from: &str, to: &str, value: &str) -> e2e::Answer {
    let token = visitor.token();
    let fields =
        [("csrf", token.as_str()), ("falt", "duration.notice"), ("fran", from), ("till", to), ("value", value)];
    visitor.post(&format!("{address}/peka"), &fields)
}

#[test]
fn what_no_rule_found_is_pointed_to_by_plain_forms_and_drafted_as_the_texts() {
    let demo = Demo::start();
    let mut lead = demo.enter(PRIVACY_LEAD);
    let page = hand_in(&mut lead, &[("file", "avtal.txt", text().as_bytes())]).with_status(200);
    page.says(&["Peka ut något som inte är läst", "slags värden hittades inte"]);
    let address = page.path.split(['?', '#']).next().unwrap_or_default().to_owned();
    let before = progress(&page);

    // First the lines, then the value in them.
    let first = lead.get(&format!("{address}/peka?falt=duration.notice")).with_status(200);
    first.says(&["Första raden", "Hittades inte", "Uppsägningstid"]);
    let (from, to) = (line("fyra månader"), line("har gått efter"));
    let second = lead.get(&format!("{address}/peka?falt=duration.notice&fran={from}&till={to}")).with_status(200);
    second.says(&["Det här står på raderna", "när fyra månader har gått efter ett brev om det.", "4 months"]);
    for (from, to, says) in [
        ("9999", "", "Det står ingen text på de raderna"),
        ("1", "400", "Det står ingen text"),
        ("x", "", "ingen text"),
    ] {
        let refused = lead.get(&format!("{address}/peka?falt=duration.notice&fran={from}&till={to}"));
        assert_eq!(refused.status, 422, "{from}–{to}");
        refused.says(&[says]);
    }
    // What the lines do not hold is refused, and what was written stays.
    for (value, says) in
        [("sex månader", "står inte på raderna"), ("snart", "Det här är ingen tid"), ("", "Skriv ett värde")]
    {
        let refused = point(&mut lead, &address, &from, &to, value);
        assert_eq!(refused.status, 422, "{value}");
        refused.says(&[says]);
        assert!(value.is_empty() || refused.body.contains(&format!("value=\"{value}\"")), "{}", refused.body);
    }
    assert_eq!(progress(&lead.get(&address)), before, "nothing is kept of what was refused");

    let pointed = point(&mut lead, &address, &from, &to, "fyra månader").with_status(200);
    pointed.says(&["utpekad i texten", "Valt av du", "när fyra månader har gått"]);
    assert_eq!(progress(&pointed), (before.0 + 1, before.1 + 1));
    let twice = point(&mut lead, &address, &from, &to, "fyra månader");
    assert_eq!(twice.status, 422);
    twice.says(&["redan föreslaget"]);

    // Taken back, and pointed to again; the agreement then states it under its clause, and it was the text that did.
    let revision = lead.get(&address).with_status(200);
    let seen = revision
        .body
        .split("name=\"revision\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_default();
    let token = lead.token();
    let undone = lead.post(&address, &[("csrf", &token), ("revision", seen), ("do", "undo")]).with_status(200);
    assert_eq!(progress(&undone), before);
    let again = point(&mut lead, &address, &from, &to, "fyra månader").with_status(200);
    assert_eq!(progress(&again), (before.0 + 1, before.1 + 1));
    let result = lead.get(&format!("{address}/avtal")).with_status(200);
    result.says(&["4 months"]);

    // In English too, and for nobody else.
    let mut english = demo.enter(PRIVACY_LEAD).speaking("en");
    english
        .get(&format!("{address}/peka?falt=duration.notice&fran={from}&till={to}"))
        .says(&["This stands on lines", "Point to it"]);
    assert_eq!(demo.enter(SUPPORT).get(&format!("{address}/peka")).status, 404);

    // What is taken along makes the same by the command, and a forged value is refused by both.
    let zip = lead.get_bytes(&format!("{address}/avtal.zip?tjanst=prov"));
    let to_folder = unpacked(&zip, &demo.folder.path()).join("prov");
    let choices = to_folder.join("confirmations.toml");
    let written = std::fs::read_to_string(to_folder.join("agreement.sv.md")).expect("an agreement");
    let clause = written.split("## 14.1").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("the clause");
    assert!(clause.contains("\"4 months\"") && !clause.contains("set by the operator"), "{clause}");
    let file = demo.folder.path().with_file_name("avtal.txt");
    std::fs::write(&file, text()).expect("the file");
    let drafted = demo.folder.path().with_file_name("by-command");
    let path = |path: &std::path::Path| path.to_str().expect("a path").to_owned();
    let arguments = |choices: &std::path::Path, to: &std::path::Path| {
        ["read", &path(&file), "--draft", &path(to), "--service", "prov", "--choices", &path(choices)]
            .map(str::to_owned)
    };
    let asked = arguments(&choices, &drafted);
    let read = run(&asked.each_ref().map(String::as_str));
    assert!(read.0.success(), "{}", read.1);
    assert_eq!(std::fs::read_to_string(drafted.join("agreement.sv.md")).expect("the command's agreement"), written);
    let forged = std::fs::read_to_string(&choices).expect("choices").replace("fyra månader", "nio månader");
    let other = demo.folder.path().with_file_name("forged.toml");
    std::fs::write(&other, &forged).expect("the file");
    let nothing = demo.folder.path().with_file_name("nothing");
    let asked = arguments(&other, &nothing);
    let refused = run(&asked.each_ref().map(String::as_str));
    assert!(!refused.0.success() && refused.1.contains("står inte på raderna") && !nothing.exists(), "{}", refused.1);
    let handed = hand_in(
        &mut lead,
        &[("file", "avtal.txt", text().as_bytes()), ("choices", "confirmations.toml", forged.as_bytes())],
    );
    assert_eq!(handed.status, 422);
    handed.says(&["Filen med val pekar på raderna", "står inte på raderna"]);
    let again = std::fs::read(&choices).expect("choices");
    let again =
        hand_in(&mut lead, &[("file", "avtal.txt", text().as_bytes()), ("choices", "confirmations.toml", &again)]);
    again.with_status(200).says(&["utpekad i texten"]);
    demo.end_well();
}

/// So many of so many, as the page says it.
fn progress(page: &e2e::Answer) -> (usize, usize) {
    let number = |name: &str| {
        let bar = page.body.split("<progress").nth(1).and_then(|rest| rest.split('>').next()).unwrap_or_default();
        let value = bar.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        value.and_then(|value| value.parse().ok()).expect("how far it has come")
    };
    (number("value"), number("max"))
}

#[tokio::test]
async fn a_key_opens_it_and_a_press_marks_the_lines() {
    let demo = Demo::start();
    let here = demo.address().to_owned();
    let folder = Folder::fresh();
    std::fs::create_dir_all(folder.path()).expect("a folder");
    let file = folder.path().join("avtal.txt");
    std::fs::write(&file, text()).expect("the text");
    let (language, confirm, begin) = ("sv", "Bekräfta avtal", "Läs och börja bekräfta");
    {
        let browser = Browser::start(language).await;
        enter(&browser, &here, PRIVACY_LEAD).await;
        browser.go(confirm).await;
        browser
            .hand_in(if language == "sv" { "Fil" } else { "File" }, &std::fs::canonicalize(&file).expect("the file"))
            .await;
        browser.go(begin).await;
        until(&browser, 0).await;
        assert!(browser.serious_faults().await.is_empty(), "{:?}", browser.serious_faults().await);
        browser.type_keys("p").await;
        let (from, to) = (line("fyra månader"), line("har gått efter"));
        let pressed = |number: &str| {
            format!("[...document.querySelectorAll('.lines a')].find(one => one.textContent === '{number}').click()")
        };
        browser.says(&[if language == "sv" { "Första raden" } else { "First line" }]).await;
        browser.run("document.getElementById('falt').value = 'duration.notice'; document.getElementById('falt').form.requestSubmit()", &[]).await;
        browser.says(&[if language == "sv" { "Det här står på raderna" } else { "This stands on lines" }]).await;
        browser.run(&pressed(&from), &[]).await;
        browser.says(&["fyra månader"]).await;
        browser.run(&pressed(&to), &[]).await;
        browser.says(&["när fyra månader har gått efter ett brev"]).await;
        assert!(browser.serious_faults().await.is_empty(), "{:?}", browser.serious_faults().await);
        let take = if language == "sv" {
            "Peka ut: uppsägningstid, 4 months"
        } else {
            "Point to: period of notice, 4 months"
        };
        browser.go(take).await;
        browser.says(&[if language == "sv" { "utpekad i texten" } else { "pointed to in the text" }]).await;
        until(&browser, 1).await;
        browser.type_keys("u").await;
        until(&browser, 0).await;
        browser.close().await;
    }
    demo.end_well();
}
