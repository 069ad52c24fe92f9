//! The customer's own file over HTTP: seen, reviewed with faults or differences, adopted, and used by forms.

use crate::people::{ADMINISTRATOR, Demo, OTHER_ADMINISTRATOR, WORKER};

#[test]
fn an_administrator_reviews_a_file_and_adopts_it() {
    let demo = Demo::start();
    let mut boss = demo.enter(ADMINISTRATOR);
    boss.get("/matcha/administration").with_status(200).says(&["Vår fil"]);
    let page = boss.get("/matcha/var-fil").with_status(200);
    page.says(&[
        "2026-07-01",
        "Enheter: 2 värden",
        "registration, version 2",
        "Körkort och andra behörigheter",
        "gäller nu",
    ]);
    let text = field(&page, "text");

    let bad = text.replace("service = \"matcha\"", "service = \"cling\"").replace("[list.units]", "[lits.units]");
    boss.submit(&page, "/matcha/var-fil", &[("text", &bad)]).with_status(422).says(&[
        "fel i filen",
        "Rad 5",
        "filen är för tjänsten «cling»".replace(['«', '»'], "`").as_str(),
        "`lits` läses inte",
    ]);
    let silent = text.replace("när du vill", "efter en månad");
    boss.submit(&page, "/matcha/var-fil", &[("text", &silent)])
        .with_status(422)
        .says(&["är ändrad men heter fortfarande version 2"]);
    boss.submit(&page, "/matcha/var-fil", &[("text", &text), ("day", "1/12 2026")])
        .with_status(422)
        .says(&["som 2026-12-01"]);

    let good = text.replace("version = \"2026-07-01\"", "version = \"2026-12-01\"").replace(
        "  { value = \"ka-1002\"",
        "  { value = \"ka-1003\", label = { sv = \"Sala\", en = \"Sala\" } },\n  { value = \"ka-1002\"",
    );
    let review = boss.submit(&page, "/matcha/var-fil", &[("text", &good)]).with_status(200);
    review.says(&["Enheter: Sala (ka-1003) tillkommer.", "Anta filen"]);
    boss.get("/matcha/var-fil").says_nothing_of(&["Sala"]);
    boss.submit(&review, "/anta", &[]).with_status(200).says(&["Filen är antagen", "Sala", "Enheter: 3 värden"]);
    boss.get("/matcha/vem-har-sett").with_status(200).says(&["Kundens fil antogs"]);

    // By day, and by interface.
    let told = boss.api("GET", "/api/v1/matcha/customer-file", &[], "").with_status(200);
    assert!(told.body.contains("\"version\":\"2026-12-01\""), "{}", told.body);
    boss.api("PUT", "/api/v1/matcha/customer-file", &[], "[file]").with_status(422).says(&["\"remedy\""]);
    boss.api("PUT", "/api/v1/matcha/customer-file?from=2099-01-01", &[], &text)
        .with_status(200)
        .says(&["2098-12-31T23:00"]);
    boss.get("/matcha/var-fil").says(&["börjar senare", "Sala"]);

    // Nobody else.
    let mut worker = demo.enter(WORKER);
    worker.get("/matcha/var-fil").with_status(403).says(&["Bara för administratörer"]);
    worker
        .api("PUT", "/api/v1/matcha/customer-file", &[], &text)
        .with_status(403)
        .says(&["/problems/not-administrator"]);
    demo.enter(OTHER_ADMINISTRATOR).get("/matcha/var-fil").with_status(200).says(&["Umeå"]).says_nothing_of(&["Sala"]);
    demo.end_well();
}

/// What stands in a field of the page's forms.
fn field(page: &e2e::Answer, name: &str) -> String {
    let forms = page.forms();
    let mut fields = forms.iter().flat_map(|form| &form.fields);
    let found = fields.find(|(field, _)| field == name).map(|(_, value)| value.clone());
    // A browser leaves out the line end that a text field begins with.
    let found = found.map(|text| text.strip_prefix('\n').map_or(text.clone(), str::to_owned));
    found.unwrap_or_else(|| panic!("no field `{name}`"))
}
