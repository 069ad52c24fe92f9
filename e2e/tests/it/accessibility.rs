//! Whether the pages can be used by people who see, hear, point or type otherwise: WCAG 2.2 AA as far as a program can look,
//! with the browser's own measures of what is drawn.
//!
//! Not here: whether the words are understood, and how a screen reader reads them; people must try that.

use e2e::Browser;
use fantoccini::key::Key;
use serde_json::{Value as Json, json};

use crate::people::{ADMINISTRATOR, Demo, PRIVACY_LEAD, SUPPORT, WORKER, enter, listed};

/// Everything that is measured on one page. Gives a sentence for each fault.
const LOOK: &str = r#"
const faults = [];
const all = (css, root = document) => [...root.querySelectorAll(css)];
const shown = e => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().width > 0 && e.getBoundingClientRect().right > 0;
const name = e => `<${e.tagName.toLowerCase()}${e.id ? '#' + e.id : ''}${e.className ? '.' + e.className : ''}> «${e.textContent.trim().slice(0, 40)}»`;

// 1.3.1, 3.3.2, 4.1.2: what is filled in has a label that can be seen; what is pressed has a name.
for (const field of all('input:not([type=hidden]), select, textarea'))
  if (![...(field.labels || [])].some(label => label.textContent.trim())) faults.push(`no label: ${name(field)} ${field.name}`);
for (const pressed of all('a[href], button, summary'))
  if (!(pressed.textContent.trim() || pressed.getAttribute('aria-label'))) faults.push(`no name: ${pressed.outerHTML.slice(0, 100)}`);

// 1.3.1, 2.4.6: one heading of the first order, and none that leaves an order out.
const headings = all('h1, h2, h3, h4, h5, h6').filter(shown);
if (all('h1').length !== 1) faults.push(`${all('h1').length} headings of the first order`);
let before = 0;
for (const heading of headings) {
  const order = Number(heading.tagName[1]);
  if (order > before + 1) faults.push(`h${before} is followed by ${name(heading)}`);
  before = order;
}
for (const mark of ['main', 'header', 'footer']) if (all(mark).length !== 1) faults.push(`${all(mark).length} of <${mark}>`);
const unnamed = all('nav').filter(nav => !(nav.getAttribute('aria-label') || nav.getAttribute('aria-labelledby')));
if (all('nav').length > 1) for (const nav of unnamed) faults.push(`several navigations, and one has no name: ${name(nav)}`);

// 1.3.1: a table says what it is, and its headings say of what.
for (const table of all('table')) {
  if (!table.caption || !table.caption.textContent.trim()) faults.push(`a table without a caption: ${name(table)}`);
  for (const th of all('th', table)) if (!['col', 'row'].includes(th.scope)) faults.push(`a heading without a scope: ${name(th)}`);
}

// 2.5.8: what is pressed measures 24 pixels at least, unless it stands in a sentence.
const inSentence = e => { const p = e.closest('p, li, dd, td, th, caption'); return e.matches('a') && p && p.textContent.trim() !== e.textContent.trim(); };
for (const target of all('a[href], button, summary, input:not([type=hidden]), select')) {
  if (!shown(target) || target.matches('.skip') || inSentence(target)) continue;
  const { width, height } = target.getBoundingClientRect();
  if (width < 23.5 || height < 23.5) faults.push(`${Math.round(width)} by ${Math.round(height)} pixels: ${name(target)}`);
}

// 1.4.3: text against what lies behind it.
const colour = text => { const [r, g, b, a = 1] = (text.match(/[\d.]+/g) || []).map(Number); return { r, g, b, a }; };
const light = ({ r, g, b }) => { const part = v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b); };
const behind = e => { for (; e; e = e.parentElement) { const c = colour(getComputedStyle(e).backgroundColor); if (c.a === 1) return c; }
  return arguments[0] === 'dark' ? colour('rgb(18, 18, 18)') : colour('rgb(255, 255, 255)'); };
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const looked = new Set();
while (walker.nextNode()) {
  const e = walker.currentNode.parentElement;
  if (!walker.currentNode.textContent.trim() || looked.has(e) || !shown(e) || e.matches('option, script, style')) continue;
  looked.add(e);
  const style = getComputedStyle(e);
  const [one, two] = [light(colour(style.color)), light(behind(e))].sort((a, b) => b - a);
  const ratio = (one + 0.05) / (two + 0.05);
  const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
  if (ratio < (large ? 3 : 4.5)) faults.push(`contrast ${ratio.toFixed(2)}: ${name(e)} ${style.color}`);
}
if (looked.size < 5) faults.push(`only ${looked.size} texts were looked at`);

// 1.4.10: nothing is wider than the window, but what scrolls by itself.
const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
if (wide > 0) {
  const who = all('body *').filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !e.parentElement.closest('.scroll')).slice(0, 3).map(name);
  faults.push(`${wide} pixels too wide: ${who.join(', ')}`);
}
return faults;
"#;

/// How wide windows are: a common one, and a page at four hundred per cent.
const WIDTHS: [u32; 2] = [1200, 320];

#[tokio::test]
async fn the_main_pages_hold_in_light_and_dark_wide_and_narrow() {
    let demo = Demo::start();
    let here = demo.address().to_owned();
    let mut worker = demo.enter(WORKER);
    let participant = listed(&mut worker, "/matcha/deltagare").swap_remove(0);
    let file = worker.get(&participant).with_status(200);
    let mark = file.links().into_iter().find(|link| link.starts_with("/matcha/narvaro/")).expect("a mark");
    let mut support = demo.enter(SUPPORT);
    let desk = support.get("/matcha/support");
    let case = desk.forms().into_iter().map(|form| form.action).find(|to| to.contains("/support/")).expect("a case");

    let strangers: &[&str] = &[
        "/",
        "/login",
        "/matcha/avtal",
        "/matcha/underbitraden",
        "/demo/clock",
        "/read",
        "/read/report",
        "/finns-inte",
    ];
    let edit = format!("{participant}/edit");
    let history = format!("{mark}/history");
    let about = format!("/matcha/arenden/nytt?om={}", participant.rsplit('/').next().unwrap_or_default());
    let (erase, hold) = (format!("{participant}/radera"), format!("{participant}/stoppa"));
    let refused = format!("{participant}?purpose=marketing");
    let workers: &[&str] = &[
        "/matcha/",
        "/matcha/deltagare",
        "/matcha/deltagare/new",
        &participant,
        &edit,
        &history,
        "/matcha/arenden",
        &about,
        &refused,
    ];
    let administrators: &[&str] = &[
        "/matcha/vem-har-sett",
        "/matcha/vem-har-sett?outcome=refused",
        "/matcha/vem-har-sett?from=x",
        "/matcha/kontrollpunkter",
        "/matcha/raderingsstopp",
        &hold,
        &erase,
        &participant,
        "/matcha/anvandare",
    ];
    let (purpose, inside, list) = (case.clone(), format!("{case}/support"), format!("{case}/support/deltagare"));
    let supports: &[&str] = &["/matcha/", "/matcha/support", &purpose, &inside, &list];
    let leads: &[&str] = &["/matcha/bekrafta", "/matcha/drift"];
    let figures: &[&str] = &["/senseworks/statistik", "/senseworks/statistik/anvandning?day=2026-05-31"];

    let browser = Browser::start("sv").await;
    let mut told = Vec::new();
    for (who, pages) in [
        (None, strangers),
        (Some(WORKER), workers),
        (Some(ADMINISTRATOR), administrators),
        (Some(SUPPORT), supports),
        (Some(PRIVACY_LEAD), leads),
        (Some("Astrid Balans"), figures),
    ] {
        if let Some(name) = who {
            see(&browser, 1200, "light").await;
            enter(&browser, &here, name).await;
        }
        for page in pages {
            browser.open(&format!("{here}{page}")).await;
            told.extend(looked_at(&browser, page).await);
        }
    }
    browser.close().await;
    assert!(told.is_empty(), "{} faults:\n{}", told.len(), told.join("\n"));
    demo.end_well();
}

#[tokio::test]
async fn a_text_is_pasted_and_its_report_holds_as_well() {
    let demo = Demo::start();
    let browser = Browser::start_without_scripts("sv").await;
    browser.open(&format!("{}/read", demo.address())).await;
    browser.write("Eller texten", PASTED).await;
    browser.press("Läs texten").await;
    browser.says(&["Ett personuppgiftsbiträdesavtal finns i texten", "30 timmar"]).await;
    // The text comes along: nothing is sent a second time by hand.
    browser.press("Rapport som sida").await;
    browser.says(&["Mot artikel 28", "Jämfört med kända avtal", "30 timmar", "inom trettio timmar", "Matcha"]).await;
    browser.close().await;

    let browser = Browser::start("sv").await;
    browser.open(&format!("{}/read", demo.address())).await;
    browser.write("Eller texten", PASTED).await;
    browser.press("Skapa en rapport").await;
    browser.says(&["Mot artikel 28"]).await;
    let told = looked_at(&browser, "/read/report").await;
    browser.close().await;
    assert!(told.is_empty(), "{} faults:\n{}", told.len(), told.join("\n"));
    demo.end_well();
}

const PASTED: &str = "Personuppgiftsbiträdesavtal\n\nPersonuppgiftsansvarig: Ekbacka kommun\nPersonuppgiftsbiträde: Skolplattan AB\n\n\
    1 Incidenter\n1.1 Biträdet ska underrätta den personuppgiftsansvarige om en personuppgiftsincident inom trettio timmar från upptäckt.\n\n\
    2 Instruktioner\n2.1 Biträdet får bara behandla personuppgifter enligt den personuppgiftsansvariges dokumenterade instruktioner.\n\
    2.2 Personalen ska ha tystnadsplikt.\n\n3 Avslut\n3.1 Vid avtalets upphörande ska biträdet radera eller återlämna personuppgifterna inom \
    30 dagar.\n\n4 Granskning\n4.1 Den personuppgiftsansvarige får granska biträdet efter 20 dagars varsel.\n";

/// What is wrong with the page that the browser shows, in light and dark, wide and narrow.
async fn looked_at(browser: &Browser, page: &str) -> Vec<String> {
    let mut told = Vec::new();
    for (width, scheme) in [(WIDTHS[0], "light"), (WIDTHS[0], "dark"), (WIDTHS[1], "light")] {
        see(browser, width, scheme).await;
        browser.run("document.querySelectorAll('details').forEach(one => one.open = true)", &[]).await;
        let faults = browser.run(LOOK, &[scheme.into()]).await;
        let faults = faults.as_array().cloned().unwrap_or_default();
        let serious = browser.serious_faults().await;
        told.extend(serious.iter().map(|fault| format!("{page} ({width}, {scheme}): axe-core: {fault}")));
        told.extend(
            faults.iter().map(|fault| format!("{page} ({width}, {scheme}): {}", fault.as_str().unwrap_or("?"))),
        );
    }
    told
}

async fn see(browser: &Browser, width: u32, scheme: &str) {
    let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
    browser.ask("Emulation.setEmulatedMedia", features).await;
    let screen = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
    browser.ask("Emulation.setDeviceMetricsOverride", screen).await;
}

#[tokio::test]
async fn everything_can_be_done_with_the_keyboard_and_the_focus_is_seen() {
    let demo = Demo::start();
    let here = demo.address().to_owned();
    let browser = Browser::start("sv").await;
    let secrets = demo.secrets(WORKER);

    // The first press of Tab offers to skip what stands before the content.
    browser.open(&format!("{here}/login")).await;
    press(&browser, Key::Tab).await;
    let focus = focused(&browser).await;
    assert!(focus["text"] == "Till innehållet" && focus["seen"] == true, "{focus}");
    // Log in by typing alone, in the order in which the fields stand.
    reach(&browser, "id", "login").await;
    type_in(&browser, &secrets.login).await;
    press(&browser, Key::Tab).await;
    assert_eq!(focused(&browser).await["id"], "password");
    type_in(&browser, &secrets.password).await;
    press(&browser, Key::Enter).await;
    browser.says(&[WORKER, "Handledare"]).await;

    // Every stop on the way through the page shows where one is, and is where the eye is.
    browser.open(&format!("{here}/matcha/deltagare")).await;
    let mut order = Vec::new();
    for _ in 0..22 {
        press(&browser, Key::Tab).await;
        let focus = focused(&browser).await;
        assert_eq!(focus["outline"], true, "the focus is not seen at {focus}");
        assert_eq!(focus["seen"], true, "the focus is outside of what is seen: {focus}");
        order.push(focus["text"].as_str().unwrap_or_default().to_owned());
    }
    let place = |text: &str| {
        order.iter().position(|one| one == text).unwrap_or_else(|| panic!("{text:?} is not reached: {order:?}"))
    };
    assert!(place("Till innehållet") < place("Logga ut") && place("Logga ut") < place("Deltagare"), "{order:?}");
    assert!(place("Deltagare") < place("Lägg till deltagare"), "{order:?}");

    // Search, open and write with keys alone.
    browser.open(&format!("{here}/matcha/deltagare")).await;
    reach(&browser, "id", "q").await;
    type_in(&browser, "Söderberg").await;
    press(&browser, Key::Enter).await;
    browser.says(&["1 träff"]).await;
    reach(&browser, "text", "Göran Söderberg").await;
    press(&browser, Key::Enter).await;
    browser.says(&["Göran Söderberg", "Daganteckningar"]).await;
    reach(&browser, "text", "Lägg till närmast anhörig").await;
    press(&browser, Key::Enter).await;
    press(&browser, Key::Tab).await;
    assert_eq!(focused(&browser).await["id"], "anhoriga-name");
    type_in(&browser, "Tage Söderberg").await;
    press(&browser, Key::Enter).await;
    browser.says(&["Sparat.", "Tage Söderberg"]).await;
    browser.close().await;
    demo.end_well();
}

/// Presses a key where the focus is.
async fn press(browser: &Browser, key: Key) {
    type_in(browser, &String::from(char::from(key))).await;
}

async fn type_in(browser: &Browser, text: &str) {
    let before = browser.path().await;
    browser.active_element().await.expect("the focus is somewhere").send_keys(text).await.expect("it takes keys");
    let _ = before;
}

/// Goes on with Tab until the focus is where `what` is `value`.
async fn reach(browser: &Browser, what: &str, value: &str) {
    let mut order = Vec::new();
    for _ in 0..60 {
        let focus = focused(browser).await;
        if focus[what] == value {
            return;
        }
        order.push(focus[what].clone());
        press(browser, Key::Tab).await;
    }
    panic!("{value:?} is not reached by Tab: {order:?}");
}

/// What has the focus, and whether that can be seen.
async fn focused(browser: &Browser) -> Json {
    let script = "const e = document.activeElement; const style = getComputedStyle(e); const box = e.getBoundingClientRect();
        return { id: e.id, text: e.textContent.trim(), outline: e.matches(':focus-visible') && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
            seen: box.width > 0 && box.left >= 0 && box.top >= 0 && box.bottom <= innerHeight + 1 };";
    browser.run(script, &[]).await
}
