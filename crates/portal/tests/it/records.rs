//! Lists, files and forms made from the kinds of Matcha.

use axum::http::StatusCode;

use crate::stand_in::Visitor;

#[test]
fn a_record_is_written_found_read_and_changed() {
    let visitor = Visitor::signed_in("worker");
    let file = visitor.participant();
    let seen = visitor.get(&file);
    assert!(seen.body.contains("<h1>Åsa Åkerlund</h1>"), "{}", seen.body);
    assert!(seen.body.contains("<dd>Kvinna</dd>"), "a choice is shown as people call it");
    assert!(!seen.between("<title>", "</title>").contains("Åsa"), "the browser's history carries no name");
    assert!(visitor.get("/matcha/deltagare?q=%C3%85kerlund").body.contains(&file));
    assert!(visitor.get("/matcha/deltagare?q=Nilsson").body.contains("Inget hittades"));

    let form = visitor.get(&format!("{file}/edit"));
    assert!(form.body.contains("value=\"Åsa\"") && form.body.contains("name=\"_version\" value=\"1\""));
    let changed = visitor.post(&format!("{file}/edit"), &[("_version", "1"), ("given-name", "Åse")]);
    assert_eq!(changed.header("location"), format!("{file}?saved=1"));
    assert!(visitor.get(changed.header("location")).body.contains("Sparat."));
}

#[test]
fn a_fault_is_told_at_the_top_and_at_the_field_and_nothing_written_is_lost() {
    let visitor = Visitor::signed_in("worker");
    let seen = visitor.post(
        "/matcha/deltagare/new",
        &[("given-name", "<Åsa>"), ("family-name", ""), ("birth-date", "2027-01-01"), ("_once", "k1")],
    );
    assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(seen.body.contains("2 uppgifter behöver rättas"));
    assert!(seen.body.contains("href=\"#birth-date\"") && seen.body.contains("ligger i framtiden"));
    assert!(seen.body.contains("aria-invalid=\"true\"") && seen.body.contains("birth-date-wrong"));
    assert!(seen.body.contains("value=\"&lt;Åsa&gt;\""), "what was written is kept, escaped");
    assert!(seen.body.contains("name=\"_once\" value=\"k1\""), "the key of the form is kept");
    let date = visitor.post("/matcha/deltagare/new", &[("birth-date", "17 april 1985")]);
    assert!(date.body.contains("type=\"text\" inputmode=\"numeric\" value=\"17 april 1985\""), "{}", date.body);
}

#[test]
fn a_conflict_shows_both_and_loses_neither() {
    let visitor = Visitor::signed_in("worker");
    let file = visitor.participant();
    let edit = format!("{file}/edit");
    visitor.post(&edit, &[("_version", "1"), ("email", "ny@exempel.se")]);
    let late = visitor.post(&edit, &[("_version", "1"), ("email", "min@exempel.se")]);
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("<dd>ny@exempel.se</dd>") && late.body.contains("value=\"min@exempel.se\""));
    assert!(late.body.contains("name=\"_version\" value=\"2\""));
    assert_eq!(visitor.post(&edit, &[("_version", "2"), ("email", "min@exempel.se")]).status, StatusCode::SEE_OTHER);
}

#[test]
fn what_belongs_to_a_record_is_added_and_corrected_on_its_page() {
    let visitor = Visitor::signed_in("worker");
    let file = visitor.participant();
    let id = file.rsplit('/').next().unwrap().to_owned();
    let added = visitor.post(
        "/matcha/daganteckningar/new",
        &[("_parent", &id), ("date", "2026-11-20"), ("text", "Kom i tid.\nGick tidigt.")],
    );
    assert_eq!(added.header("location"), format!("{file}?saved=1#daganteckningar"));
    let seen = visitor.get(&file);
    assert!(seen.body.contains("Kom i tid.\nGick tidigt.") && seen.body.contains("id=\"daganteckningar\""));
    assert!(seen.body.contains(", du"), "the author is shown");
    let note = seen.between("/matcha/daganteckningar/0", "\"").to_owned();
    let note = format!("/matcha/daganteckningar/0{note}");
    visitor.post(&format!("{note}/edit"), &[("_version", "1"), ("text", "Kom sent.")]);
    let history = visitor.get(&format!("{note}/history"));
    assert!(history.body.contains("Kom i tid.") && history.body.contains("Kom sent."));
    assert!(history.body.contains("2 versioner, den nyaste först"));
    assert_eq!(visitor.get("/matcha/daganteckningar/new").status, StatusCode::NOT_FOUND);
}

#[test]
fn free_text_says_what_it_may_hold_with_its_clause() {
    let visitor = Visitor::signed_in("worker");
    let file = visitor.participant();
    let seen = visitor.get(&file);
    let mark = seen.between("id=\"daganteckningar-text-mark\"", "</p>");
    assert!(mark.contains("utanför de angivna kategorierna"));
    let clause = &visitor
        .house
        .agreement
        .categories()
        .iter()
        .find(|term| term.id.as_str() == "other-personal-data")
        .unwrap()
        .clause;
    assert!(mark.contains(&format!("href=\"/matcha/avtal#{clause}\"")), "{mark}");
    assert!(seen.body.contains("aria-describedby=\"daganteckningar-text-help daganteckningar-text-mark\""));
}

#[test]
fn what_is_withheld_is_said_with_its_clause() {
    let mut visitor = Visitor::signed_in("worker");
    let file = visitor.participant();
    visitor.cookie = "session=administrator".to_owned();
    let seen = visitor.get(&file);
    assert_eq!(seen.status, StatusCode::OK);
    assert!(seen.body.contains("Åsa Åkerlund") && !seen.body.contains("Kvinna"));
    assert!(seen.body.contains("visas inte för din roll") && seen.body.contains("href=\"/matcha/avtal#"));
    assert!(seen.body.contains("Fråga ändå"), "a section that is not shown can still be asked for");
}

#[test]
fn a_purpose_that_the_agreement_lacks_and_an_undeclared_field_are_refused_by_clause() {
    let visitor = Visitor::signed_in("worker");
    let file = visitor.participant();
    let marketing = visitor.get(&format!("{file}?purpose=marketing"));
    assert_eq!(marketing.status, StatusCode::FORBIDDEN);
    assert!(marketing.body.contains("href=\"/matcha/avtal#") && !marketing.body.contains("Åkerlund"));
    let religion =
        visitor.post("/matcha/deltagare/new", &[("given-name", "A"), ("family-name", "B"), ("religion", "x")]);
    assert_eq!(religion.status, StatusCode::FORBIDDEN);
    assert!(religion.body.contains("religion"));
}

#[test]
fn a_case_is_closed_by_a_button() {
    let visitor = Visitor::signed_in("worker");
    let opened = visitor.post("/matcha/supportarenden/new", &[("matter", "Rapporten går inte att skriva ut")]);
    let case = opened.header("location").split('?').next().unwrap().to_owned();
    assert!(visitor.get(&case).body.contains("öppet"));
    assert!(visitor.get("/matcha/").body.contains("1 ärende är öppet"));
    visitor.post(&format!("{case}/state"), &[("_version", "1"), ("_state", "closed")]);
    assert!(visitor.get(&case).body.contains("<span class=\"tag\">stängt</span>"));
    assert!(visitor.get("/matcha/").body.contains("Inga ärenden är öppna"));
}
