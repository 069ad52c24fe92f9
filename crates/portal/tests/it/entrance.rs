//! Log-in, the demo's first page, its clock, the choice of language.

use axum::http::StatusCode;

use crate::stand_in::Visitor;

#[test]
fn a_demo_folder_offers_one_click_per_person() {
    let visitor = Visitor::new(true, false);
    let first = visitor.get("/");
    assert_eq!(first.status, StatusCode::OK);
    for told in ["Hanna Ek", "Handledare", "Skriv en daganteckning.", "/matcha/underbitraden", "/demo/clock"] {
        assert!(first.body.contains(told), "{told}");
    }
    let person = first.between("name=\"person\" value=\"", "\"").to_owned();
    let entered = visitor.post_bare("/demo/enter", &[("person", &person)]);
    assert_eq!((entered.status, entered.header("location")), (StatusCode::SEE_OTHER, "/matcha/"));
    assert_eq!(entered.header("set-cookie"), "session=worker; Path=/; HttpOnly; SameSite=Lax");
}

#[test]
fn outside_a_demo_folder_there_are_no_clicks_and_no_clock() {
    let visitor = Visitor::new(false, false);
    assert_eq!(visitor.get("/").header("location"), "/login");
    assert_eq!(visitor.get("/demo/clock").status, StatusCode::NOT_FOUND);
    let entered = visitor.post_bare("/demo/enter", &[("person", &"01".repeat(16))]);
    assert_eq!(entered.status, StatusCode::NOT_FOUND);
    assert_eq!(entered.header("set-cookie"), "");
}

#[test]
fn a_wrong_log_in_says_not_what_was_wrong_and_never_repeats_the_password() {
    let visitor = Visitor::new(false, false);
    let wrong = visitor.post_bare("/login", &[("login", "worker"), ("password", "hemligt-fel")]);
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert!(wrong.body.contains("stämmer inte") && wrong.body.contains("value=\"worker\""));
    assert!(!wrong.body.contains("hemligt-fel"));
    let unknown = visitor.post_bare("/login", &[("login", "worker2"), ("password", "hemligt-fel")]);
    assert_eq!(unknown.body.replace("worker2", "worker"), wrong.body);
    let staff = visitor.post_bare("/login", &[("login", "support"), ("password", "right")]);
    assert!(staff.body.contains("engångskoden"));
}

#[test]
fn a_log_in_goes_on_to_where_it_was_meant_and_nowhere_else() {
    let visitor = Visitor::new(false, true);
    let meant = visitor.get("/matcha/deltagare?q=a%20b");
    assert_eq!(meant.header("location"), "/login?next=%2Fmatcha%2Fdeltagare%3Fq%3Da%2520b");
    let form = visitor.get(meant.header("location"));
    assert!(form.body.contains("value=\"/matcha/deltagare?q=a%20b\""));
    let right = [("login", "worker"), ("password", "right")];
    let inside = visitor.post_bare("/login", &[&right[..], &[("next", "/matcha/deltagare?q=a%20b")]].concat());
    assert_eq!(inside.header("location"), "/matcha/deltagare?q=a%20b");
    assert_eq!(inside.header("set-cookie"), "__Host-session=worker; Path=/; HttpOnly; SameSite=Lax; Secure");
    let outside = visitor.post_bare("/login", &[&right[..], &[("next", "//elsewhere.se/")]].concat());
    assert_eq!(outside.header("location"), "/matcha/");
}

#[test]
fn too_many_attempts_are_told_when_to_try_again() {
    let seen = Visitor::new(false, false).post_bare("/login", &[("login", "often"), ("password", "x")]);
    assert_eq!((seen.status, seen.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "90"));
    assert!(seen.body.contains("Vänta 2 minuter"));
}

#[test]
fn the_demos_clock_moves_forward_only() {
    let visitor = Visitor::new(true, false);
    assert!(visitor.get("/demo/clock").body.contains("21 november 2026 kl. 11.05"));
    let back = visitor.post_bare("/demo/clock", &[("to", "2026-11-20T08:00")]);
    assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(back.body.contains("bakåt går inte") && back.body.contains("value=\"2026-11-20T08:00\""));
    assert_eq!(visitor.post_bare("/demo/clock", &[("to", "i morgon")]).status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(visitor.post_bare("/demo/clock", &[("to", "2026-12-01T09:00")]).status, StatusCode::SEE_OTHER);
    assert!(visitor.get("/demo/clock").body.contains("1 december 2026 kl. 09.00"));
}

#[test]
fn the_language_is_remembered_and_every_page_says_its_own() {
    let mut visitor = Visitor::new(true, false);
    assert!(visitor.get("/").body.contains("<html lang=\"sv\">"));
    let chosen = visitor.post_bare("/language", &[("lang", "en"), ("next", "/matcha/avtal")]);
    assert_eq!(chosen.header("location"), "/matcha/avtal");
    assert!(chosen.header("set-cookie").starts_with("lang=en; Path=/; Max-Age=31536000"));
    visitor.cookie = "lang=en".to_owned();
    let english = visitor.get("/");
    assert!(english.body.contains("<html lang=\"en\">") && english.body.contains("Enter as Hanna Ek"));
}

#[test]
fn logging_out_needs_the_sessions_token() {
    let visitor = Visitor::signed_in("worker");
    assert_eq!(visitor.post_bare("/logout", &[]).status, StatusCode::FORBIDDEN);
    let out = visitor.post("/logout", &[]);
    assert!(out.header("set-cookie").starts_with("session=; Path=/; Max-Age=0"));
}
