//! Accounts over HTTP: invited by link, another level, ended with sessions and keys at once, and the keys of programs.

use e2e::{Answer, Visitor};

use crate::people::{ADMINISTRATOR, Demo, OTHER_ADMINISTRATOR, PRIVACY_LEAD, WORKER, listed};

const PASSWORD: &str = "en mening som ingen gissar";

/// The link that a page shows once.
fn link(page: &Answer) -> String {
    let (_, rest) = page.body.split_once("/inbjudan/").expect("a link on the page");
    format!("/inbjudan/{}", rest.split('"').next().expect("it ends"))
}

/// A row of the accounts with this name, as far as its forms go.
fn form_of(page: &Answer, name: &str, action: &str) -> String {
    let rows = page.body.split("<tr>").map(|row| row.split("</tr>").next().unwrap_or(row));
    let row = rows.filter(|row| row.contains(name) && row.contains("/roll\"")).last();
    let row = row.unwrap_or_else(|| panic!("nobody is called {name}"));
    let (before, _) = row.split_once(&format!("/{action}\"")).expect("such a form");
    let at = before.rfind("action=\"").expect("an action");
    format!("{}/{action}", &before[at + 8..])
}

fn key(page: &Answer) -> String {
    let (_, rest) = page.body.split_once("value=\"bk_").expect("a key on the page");
    format!("bk_{}", rest.split('"').next().expect("it ends"))
}

fn with_key(demo: &Demo, method: &str, path: &str, key: &str, body: &str) -> Answer {
    let bearer = format!("Bearer {key}");
    let mut program: Visitor = demo.stranger();
    program.send(method, path, &[("authorization", &bearer), ("content-type", "application/json")], body.as_bytes())
}

#[test]
fn a_leaver_is_out_at_once_with_every_key_and_loses_no_text() {
    let demo = Demo::start();
    let mut boss = demo.enter(ADMINISTRATOR);
    let mut worker = demo.enter(WORKER);
    let page = worker.get("/matcha/nycklar").with_status(200);
    worker.submit(&page, "/nycklar", &[("name", "Lön och sånt")]).with_status(422).says(&["ett ord med små bokstäver"]);
    worker.submit(&page, "/nycklar", &[("name", "lon"), ("days", "366")]).with_status(422).says(&["från 1 till 365"]);
    let made = worker.submit(&page, "/nycklar", &[("name", "lon"), ("days", "30")]).with_status(200);
    made.says(&["visas bara nu"]);
    let key = key(&made);
    worker.get("/matcha/nycklar").says_nothing_of(&[key.as_str()]);

    // The key does what its person may, without a session's token, and in its person's name.
    with_key(&demo, "GET", "/api/v1/matcha/deltagare", &key, "").with_status(200).says(&["\"items\""]);
    with_key(&demo, "GET", "/api/v1/matcha/deltagare", &format!("{key}x"), "")
        .with_status(401)
        .says(&["not-signed-in"]);
    with_key(&demo, "GET", "/api/v1/matcha/customer-file", &key, "").with_status(403).says(&["not-administrator"]);
    let body = "{\"name\": \"andra\", \"days\": 5}";
    // A key makes no key.
    with_key(&demo, "POST", "/api/v1/matcha/keys", &key, body).with_status(403).says(&["token-missing"]);
    let again = worker.get("/matcha/nycklar").with_status(200);
    let made = worker.submit(&again, "/nycklar", &[("name", "andra"), ("days", "5")]).with_status(200);
    let second = self::key(&made);
    with_key(&demo, "GET", "/api/v1/matcha/keys", &second, "").with_status(200).says(&["\"andra\"", "\"lon\""]);
    let id = second.split('_').nth(1).expect("an id");
    assert_eq!(with_key(&demo, "DELETE", &format!("/api/v1/matcha/keys/{id}"), &key, "").status, 204);
    with_key(&demo, "GET", "/api/v1/matcha/keys", &second, "").with_status(401).says(&["not-signed-in"]);
    // Pages are for people.
    let mut program = demo.stranger();
    let bearer = format!("Bearer {key}");
    assert_eq!(program.send("GET", "/matcha/deltagare", &[("authorization", &bearer)], b"").status, 303);

    let participant = listed(&mut worker, "/matcha/deltagare").remove(0);
    let accounts = boss.get("/matcha/inloggningar").with_status(200);
    accounts.says(&["Sara Nyberg", "Handledare"]);
    boss.post(&form_of(&accounts, WORKER, "avsluta"), &[("csrf", &boss_token(&accounts))])
        .with_status(200)
        .says(&["Avslutade konton"]);
    with_key(&demo, "GET", "/api/v1/matcha/deltagare", &key, "").with_status(401).says(&["not-signed-in"]);
    let text = "Det som skrevs i en timme.";
    let answer = worker.post("/matcha/daganteckningar/new", &[("_parent", &participant), ("text", text)]);
    answer.with_status(401).says(&["Du är inte inloggad", text, "inte sparat någonstans"]);
    boss.get("/matcha/vem-har-sett").says(&["Nyckel skapad"]);

    // The last administrator cannot go, and nobody of another customer's is there.
    boss.post(&form_of(&accounts, ADMINISTRATOR, "avsluta"), &[("csrf", &boss_token(&accounts))])
        .with_status(422)
        .says(&["den sista som administrerar"]);
    demo.enter(OTHER_ADMINISTRATOR).get("/matcha/inloggningar").with_status(200).says_nothing_of(&[WORKER]);
    demo.end_well();
}

fn boss_token(page: &Answer) -> String {
    let forms = page.forms();
    let mut fields = forms.iter().flat_map(|form| &form.fields);
    fields.find(|(name, _)| name == "csrf").map(|(_, value)| value.clone()).expect("a token")
}

#[test]
fn somebody_new_is_invited_and_a_changed_level_ends_sessions_and_keys() {
    let demo = Demo::start();
    let mut boss = demo.enter(ADMINISTRATOR);
    let page = boss.get("/matcha/anvandare/new").with_status(200);
    let made = boss.submit(
        &page,
        "/anvandare/new",
        &[
            ("given-name", "Nils"),
            ("family-name", "Nyman"),
            ("email", "nils@prov.example"),
            ("access-level", "case-worker"),
        ],
    );
    made.with_status(200).says(&["Nils"]);
    let accounts = boss.get("/matcha/inloggningar").with_status(200);
    accounts.says(&["Nils Nyman"]);
    let (before, _) = accounts.body.split_once(">Nils Nyman</option>").expect("Nils can be chosen");
    let record = before.rsplit("value=\"").next().expect("a value").trim_end_matches('"').to_owned();
    let fields = [("record", record.as_str()), ("role", "case-worker")];
    let invited = boss.submit(&accounts, "/inloggningar/bjud-in", &fields).with_status(200);
    invited.says(&["visas bara nu", "Tjänsten skickar den inte"]);
    let link = link(&invited);

    let mut nils = demo.stranger();
    let form = nils.get(&link).with_status(200);
    form.says(&["Påhittade Omställningsbyrån AB har bjudit in dig"]);
    let with = |login: &'static str, password: &'static str, again: &'static str| {
        [("login", login), ("password", password), ("again", again)]
    };
    nils.submit(&form, &link, &with("nils", "kort", "kort")).with_status(422).says(&["12 till 200 tecken"]);
    nils.submit(&form, &link, &with("nils", PASSWORD, "en annan")).with_status(422).says(&["inte lika"]);
    nils.submit(&form, &link, &with("birgitta.ekholm@omstallningsbyran.example", PASSWORD, PASSWORD))
        .with_status(422)
        .says(&["Välj något annat"]);
    let home = nils.submit(&form, &link, &with("nils", PASSWORD, PASSWORD)).with_status(200);
    assert_eq!(home.path, "/matcha/");
    demo.stranger().get(&link).with_status(404).says(&["Länken gäller inte"]);
    demo.stranger().get("/inbjudan/hittepå").with_status(404).says(&["Länken gäller inte"]);

    // Another password, and then another level.
    let account = nils.get("/matcha/konto").with_status(200);
    let change = |present: &'static str| {
        [("present", present), ("new", "en helt annan mening"), ("again", "en helt annan mening")]
    };
    nils.submit(&account, "/matcha/konto", &change("fel")).with_status(422).says(&["stämmer inte"]);
    nils.submit(&account, "/matcha/konto", &change(PASSWORD)).with_status(200).says(&["Lösenordet är bytt"]);
    let keys = nils.get("/matcha/nycklar").with_status(200);
    let made = nils.submit(&keys, "/nycklar", &[("name", "prov")]).with_status(200);
    let key = key(&made);
    let accounts = boss.get("/matcha/inloggningar").with_status(200);
    let role = form_of(&accounts, "Nils Nyman", "roll");
    boss.post(&role, &[("csrf", &boss_token(&accounts)), ("role", "support")])
        .with_status(422)
        .says(&["ingen sådan behörighet"]);
    boss.post(&role, &[("csrf", &boss_token(&accounts)), ("role", "unit-head")]).with_status(200).says(&["Nils Nyman"]);
    with_key(&demo, "GET", "/api/v1/matcha/deltagare", &key, "").with_status(401).says(&["not-signed-in"]);
    assert_eq!(nils.get("/matcha/konto").path, "/login?next=%2Fmatcha%2Fkonto");
    boss.get("/matcha/vem-har-sett").says(&["Behörighet ändrad", "Lösenord bytt", "Inbjudan antagen"]);

    // Not for case workers; the provider's staff has its own.
    demo.enter(WORKER).get("/matcha/inloggningar").with_status(403).says(&["Bara för administratörer"]);
    let mut lead = demo.enter(PRIVACY_LEAD);
    let own = lead.get("/matcha/inloggningar").with_status(200);
    own.says_nothing_of(&["Nils Nyman"]);
    let invited =
        lead.submit(&own, "/inloggningar/bjud-in", &[("name", "Ny Kollega"), ("role", "support")]).with_status(200);
    demo.stranger().get(&self::link(&invited)).with_status(200).says(&["Engångskoder"]);
    demo.end_well();
}
