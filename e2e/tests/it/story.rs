//! The story that a newcomer walks, in a real browser: a case worker writes, support reads within a case, support is refused,
//! the administrator sees both, the customer closes the case. And the real log-in, the languages, the demo's clock.
//!
//! The browser of the story lets no page run a script: the portal has none, and nobody needs one.

use std::time::{SystemTime, UNIX_EPOCH};

use e2e::{Browser, Visitor};

use crate::one_time_code::code;
use crate::people::{ADMINISTRATOR, Demo, SUPPORT, WORKER, enter, leave, listed, number};

#[tokio::test]
async fn what_support_reads_and_is_refused_the_administrator_sees() {
    let demo = Demo::start();
    let here = demo.address();
    let browser = Browser::start_without_scripts("sv").await;

    // The case worker finds a participant by name and writes a day note.
    enter(&browser, here, WORKER).await;
    browser.says(&["Handledare", "Påhittade Omställningsbyrån AB"]).await;
    browser.press("Deltagare").await;
    browser.write("Sök", "Söderberg").await;
    browser.press("Sök").await;
    browser.says(&["1 träff på «Söderberg»"]).await;
    browser.press("Göran Söderberg").await;
    browser
        .says(&["Göran Söderberg", "1981-12-17", "goran.soderberg@post.example", "Daganteckningar", "Närvaro"])
        .await;
    let participant = browser.path().await;
    unfold(&browser, "Lägg till daganteckning").await;
    let today = today(&browser, "daganteckningar-date").await;
    browser.set_date("Datum", &today).await;
    browser.write("Anteckning", "Provade truckkort. Nästa möte på tisdag.").await;
    save(&browser, "daganteckningar").await;
    browser.says(&["Sparat.", "Provade truckkort. Nästa möte på tisdag.", "du"]).await;

    // A mark of attendance is corrected; what stood there stays to be read.
    let mark = first_link(&browser, "#narvaro ~ .scroll tbody a").await;
    browser.open(&format!("{here}{mark}")).await;
    browser.says(&["Närvaro", "Tidigare versioner"]).await;
    browser.press("Ändra").await;
    browser.says(&["Det som stod förut finns kvar bland de tidigare versionerna."]).await;
    browser.choose("Närvaro", "Sen ankomst").await;
    browser.write("Anmärkning", "Rättat efter samtal med deltagaren.").await;
    browser.press("Spara").await;
    browser.says(&["Sparat.", "Sen ankomst", "Rättat efter samtal med deltagaren."]).await;
    browser.press("Tidigare versioner").await;
    browser.says(&["2 versioner, den nyaste först", "Rättat efter samtal med deltagaren."]).await;

    // A support case about this participant, and about nobody else.
    browser.open(&format!("{here}{participant}")).await;
    browser.press("Öppna supportärende om detta").await;
    browser.says(&["Öppna ett supportärende", "Göran Söderberg", "Namn, Kontaktuppgifter, Närvaro"]).await;
    browser.write("Ärendet i en mening", "Telefonnumret sparas inte").await;
    browser.press("Spara").await;
    browser.says(&["Telefonnumret sparas inte", "öppet", "en person"]).await;
    let case = case_of(&demo, "Telefonnumret sparas inte");
    let other = listed(&mut demo.enter(WORKER), "/matcha/deltagare")
        .into_iter()
        .find(|one| *one != participant)
        .expect("another");
    leave(&browser).await;

    // Support chooses the case and a purpose, and sees what the agreement lets support see.
    enter(&browser, here, SUPPORT).await;
    browser.says(&["Kundernas uppgifter är stängda"]).await;
    browser.press("Supportbordet").await;
    browser.says(&["Listan visar inga personuppgifter", &short(&case)]).await;
    let desk = browser.text().await;
    assert!(
        !desk.contains("Göran") && !desk.contains("Telefonnumret"),
        "the desk shows what nobody has chosen to see:\n{desk}"
    );
    browser.choose(&format!("Ändamål för ärende {}", short(&case)), "Lämna support").await;
    browser.press(&format!("Öppna ärende {}", short(&case))).await;
    browser
        .says(&[
            "Telefonnumret sparas inte",
            "Göran",
            "Söderberg",
            "goran.soderberg@post.example",
            "070-174 06 15",
            "visas inte för din roll",
            "punkt S.10",
        ])
        .await;
    let seen = browser.text().await;
    for closed in ["1981-12-17", "\nMan\n", "truckkort"] {
        assert!(!seen.contains(closed), "support sees {closed:?}:\n{seen}");
    }
    let at_case = browser.path().await;
    browser.press("Närvaro").await;
    browser.says(&["Sen ankomst", "Närvarande"]).await;

    // The day notes are refused, and the refusal tells by which clause and who can change it.
    browser.open(&format!("{here}{at_case}")).await;
    browser.press("Daganteckningar").await;
    browser
        .says(&[
            "Avtalet tillåter inte detta",
            "punkt S.10",
            "Ingen regel i avtalet",
            "Support",
            "Läsa",
            "Deltagare",
            "lämna support",
            "Vem kan ändra det?",
            "Kunden, det vill säga den personuppgiftsansvarige",
            "Vad som vore tillåtet",
        ])
        .await;
    assert!(!browser.text().await.contains("truckkort"));
    // So is another participant: the case does not cover her.
    let base = at_case.trim_end_matches("?purpose=support");
    browser.open(&format!("{here}{base}/deltagare/{}", number(&other))).await;
    browser
        .says(&[
            "Avtalet tillåter inte detta",
            "Ärendet som angavs är stängt, okänt eller gäller någon annan",
            "punkt S.10",
        ])
        .await;
    leave(&browser).await;

    // The administrator sees the reading and the refusals, for this participant alone, and takes them along as a file.
    enter(&browser, here, ADMINISTRATOR).await;
    browser.open(&format!("{here}{participant}")).await;
    browser.press("Vem har sett detta?").await;
    browser.says(&["Listan visar bara det som gäller en enda post"]).await;
    let log = browser.path().await;
    assert!(log.contains(&format!("record={}", number(&participant))), "{log}");
    browser
        .says(&[
            "Vem har sett?",
            SUPPORT,
            WORKER,
            "Support",
            "lämna support",
            &short(&case),
            "Tilläts",
            "S.10",
            "Telefon, Adress",
            "Undanhållet: Födelsedatum, Kön",
        ])
        .await;
    let person = person_of(&demo, &participant);
    browser.write("Vilken post", "").await;
    browser.write("Vem uppgifterna gäller", &person).await;
    browser.press("Visa").await;
    browser.says(&["Listan visar bara det som gäller en enda person", SUPPORT, WORKER, "Närvaro"]).await;
    browser.says(&["Nekades", "Ingen regel tillåter det", "Daganteckning"]).await;
    browser.says(&[&format!("Daganteckning, deltagare {}", short(number(&participant)))]).await;
    browser.open(&format!("{here}/matcha/vem-har-sett?outcome=refused&for=support")).await;
    browser
        .says(&[
            SUPPORT,
            "Nekades",
            "Ingen regel tillåter det",
            "Ärendet omfattar det inte",
            "Daganteckning",
            "lämna support",
            &short(&case),
            "S.10",
        ])
        .await;
    browser.open(&format!("{here}/matcha/vem-har-sett?person={person}")).await;
    let sheet = link_ending(&browser, ".csv").await;
    let mut administrator = demo.enter(ADMINISTRATOR);
    let sheet = administrator.get(&sheet).with_status(200);
    assert!(
        sheet.header("content-disposition").is_some_and(|text| text.contains("vem-har-sett.csv")),
        "{:?}",
        sheet.headers
    );
    sheet.says(&["\"Tid\",\"Vem\",\"Pseudonym\",\"Roll\"", SUPPORT, "lämna support", &case, "Deltagare", "S.10"]);
    sheet.says_nothing_of(&["goran.soderberg", "truckkort", "1981-12-17"]);
    leave(&browser).await;

    // The customer closes the case, and from then on support sees nothing of it.
    enter(&browser, here, WORKER).await;
    browser.press("Supportärenden").await;
    browser.press(&format!("Stäng ärende {}", short(&case))).await;
    browser.says(&["stängt"]).await;
    leave(&browser).await;
    enter(&browser, here, SUPPORT).await;
    browser.open(&format!("{here}{at_case}")).await;
    let refused = browser.text().await;
    assert!(!refused.contains("Göran") && !refused.contains("070-174 06 15"), "a closed case is open:\n{refused}");
    browser.says(&["Ärendet är inte öppet", "Bara kunden kan öppna"]).await;
    browser.press("Till supportbordet").await;
    assert!(!browser.text().await.contains(&short(&case)), "a closed case stands on the desk");
    browser.close().await;
    demo.end_well();
}

#[tokio::test]
async fn people_log_in_with_password_and_staff_with_a_code_too() {
    let demo = Demo::start();
    let here = demo.address();
    let browser = Browser::start_without_scripts("sv").await;
    let worker = demo.secrets(WORKER);
    // A page that was asked for before the log-in is the one that is shown after it.
    browser.open(&format!("{here}/matcha/deltagare")).await;
    assert!(browser.path().await.starts_with("/login?next="));
    browser.write("Användarnamn", &worker.login).await;
    browser.write("Lösenord", "fel").await;
    submit(&browser).await;
    browser.says(&["Användarnamn, lösenord eller engångskod stämmer inte"]).await;
    browser.write("Lösenord", &worker.password).await;
    submit(&browser).await;
    browser.says(&["Göran Söderberg"]).await;
    assert_eq!(browser.path().await, "/matcha/deltagare");
    leave(&browser).await;
    browser.open(&format!("{here}/matcha/deltagare")).await;
    assert!(browser.path().await.starts_with("/login"), "logged out is out");

    let support = demo.secrets(SUPPORT);
    let secret = support.totp.expect("staff have a second factor");
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    browser.open(&format!("{here}/login")).await;
    browser.write("Användarnamn", &support.login).await;
    browser.write("Lösenord", &support.password).await;
    submit(&browser).await;
    browser.says(&["Fyll i engångskoden också"]).await;
    assert!(browser.path().await.starts_with("/login"), "no code, no entry");
    let wrong = code(&secret, now() + 86_400);
    browser.write("Lösenord", &support.password).await;
    browser.write("Engångskod", &wrong).await;
    submit(&browser).await;
    browser.says(&["Användarnamn, lösenord eller engångskod stämmer inte"]).await;
    let right = code(&secret, now());
    browser.write("Lösenord", &support.password).await;
    browser.write("Engångskod", &right).await;
    submit(&browser).await;
    browser.says(&["Support", "Workbuster Matcha AB", "Kundernas uppgifter är stängda"]).await;
    // The same code is not taken a second time.
    let mut visitor = demo.stranger();
    let again = visitor.post("/login", &[("login", &support.login), ("password", &support.password), ("code", &right)]);
    assert_eq!(again.status, 401);
    browser.close().await;
    demo.end_well();
}

#[tokio::test]
async fn the_language_is_chosen_with_one_press_and_kept() {
    let demo = Demo::start();
    let here = demo.address();
    let browser = Browser::start_without_scripts("sv").await;
    enter(&browser, here, WORKER).await;
    browser.press("Deltagare").await;
    browser.says(&["7 poster"]).await;
    browser.press("English").await;
    browser.says(&["Log out"]).await;
    assert_eq!(browser.path().await, "/matcha/deltagare");
    browser.says(&["Participants", "Date of birth", "Log out", "The agreement"]).await;
    browser.press("Subprocessors").await;
    browser.says(&["Hetzner", "xternal backup", "Germany"]).await;
    browser.open(&format!("{here}/matcha/deltagare?purpose=marketing")).await;
    browser.says(&["The agreement does not", "3.3"]).await;
    browser.press("Svenska").await;
    browser.says(&["Avtalet tillåter inte detta", "punkt 3.3"]).await;
    browser.close().await;
    demo.end_well();
}

#[tokio::test]
async fn the_demos_clock_is_moved_on_its_page_and_never_back() {
    let demo = Demo::start();
    let here = demo.address();
    let browser = Browser::start_without_scripts("sv").await;
    browser.open(&format!("{here}/demo/clock")).await;
    browser.set_date("Flytta till", "2027-03-01T09:30").await;
    browser.press("Flytta klockan").await;
    browser.says(&["1 mars 2027 kl. 09.30"]).await;
    browser.set_date("Flytta till", "2026-01-01T00:00").await;
    browser.press("Flytta klockan").await;
    let page = browser.text().await;
    assert!(page.contains("1 mars 2027"), "time does not go back:\n{page}");
    // What is done now carries the new time, and the session of before is over.
    enter(&browser, here, WORKER).await;
    browser.press("Deltagare").await;
    browser.press("Göran Söderberg").await;
    unfold(&browser, "Lägg till daganteckning").await;
    browser.set_date("Datum", "2027-03-01").await;
    browser.write("Anteckning", "Efter vintern.").await;
    save(&browser, "daganteckningar").await;
    browser.says(&["Efter vintern.", "1 mars 2027 kl. 09."]).await;
    browser.close().await;
    demo.end_well();
}

/// Opens what a summary folds away.
async fn unfold(browser: &Browser, text: &str) {
    let path = format!("//summary[normalize-space()={text:?}]");
    let summary = browser.find(fantoccini::Locator::XPath(&path)).await;
    let Ok(summary) = summary else { panic!("nothing to unfold says {text:?}:\n{}", browser.text().await) };
    summary.click().await.expect("it can be pressed");
}

/// Presses the button of the form under a heading.
async fn save(browser: &Browser, section: &str) {
    let path = format!("//section[@aria-labelledby={section:?}]//form//button[normalize-space()='Spara']");
    browser.find(fantoccini::Locator::XPath(&path)).await.expect("a button").click().await.expect("it can be pressed");
}

/// Sends the form of the page, as the key Enter in its last field does.
async fn submit(browser: &Browser) {
    let button = browser.find(fantoccini::Locator::Css("main form button")).await.expect("a button");
    button.click().await.expect("it can be pressed");
}

/// The latest day that a date field takes: today by the demo's clock.
async fn today(browser: &Browser, id: &str) -> String {
    let day = browser.run("return document.getElementById(arguments[0]).max", &[id.into()]).await;
    day.as_str().filter(|day| day.len() == 10).expect("a day").to_owned()
}

async fn first_link(browser: &Browser, css: &str) -> String {
    let script = "const link = document.querySelector(arguments[0]); return link ? link.getAttribute('href') : ''";
    let link = browser.run(script, &[css.into()]).await;
    link.as_str().filter(|link| !link.is_empty()).unwrap_or_else(|| panic!("no {css}")).to_owned()
}

async fn link_ending(browser: &Browser, end: &str) -> String {
    let script = "return [...document.links].map(link => link.getAttribute('href')).find(to => to.split('?')[0].endsWith(arguments[0])) || ''";
    let link = browser.run(script, &[end.into()]).await;
    link.as_str().filter(|link| !link.is_empty()).expect("a link").to_owned()
}

/// The number of the case with this matter.
fn case_of(demo: &Demo, matter: &str) -> String {
    let mut worker = demo.enter(WORKER);
    let cases = listed(&mut worker, "/matcha/arenden");
    let of = |case: &&String| worker.get(case).body.contains(matter);
    number(cases.iter().rev().find(of).expect("the case")).to_owned()
}

/// The pseudonym of a participant, as the interface tells it.
fn person_of(demo: &Demo, participant: &str) -> String {
    let record = read(&mut demo.enter(WORKER), &format!("/api/v1/matcha/deltagare/{}", number(participant)));
    record["person"].as_str().expect("a pseudonym").to_owned()
}

fn read(visitor: &mut Visitor, path: &str) -> serde_json::Value {
    serde_json::from_str(&visitor.send("GET", path, &[], b"").with_status(200).body).expect("JSON")
}

/// The last eight digits, as pages show a number.
fn short(id: &str) -> String {
    id[24..].to_owned()
}
