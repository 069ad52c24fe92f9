//! What holds for every page: headers, structure, limits, walls between people.

use axum::http::{Request, StatusCode};

use crate::stand_in::Visitor;

#[test]
fn every_answer_carries_the_headers_of_the_house() {
    let visitor = Visitor::signed_in("worker");
    for address in ["/matcha/", "/matcha/deltagare", "/finns-inte", "/static/portal.css", "/api/v1/matcha/deltagare"] {
        let seen = visitor.get(address);
        assert!(
            seen.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'"),
            "{address}"
        );
        assert_eq!(seen.header("x-content-type-options"), "nosniff", "{address}");
        assert_eq!(seen.header("referrer-policy"), "no-referrer", "{address}");
        let cache = if address.starts_with("/static") { "public, max-age=600" } else { "no-store" };
        assert_eq!(seen.header("cache-control"), cache, "{address}");
    }
}

/// Headings begin at one and skip no level, ids are unique, labels name fields, tables have captions, nothing is inline script
/// or style (which the policy would stop).
pub fn check_structure(address: &str, html: &str) {
    let levels: Vec<u32> =
        html.match_indices("<h").filter_map(|(at, _)| html[at + 2..].chars().next()?.to_digit(10)).collect();
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{address}: one h1, got {levels:?}");
    for pair in levels.windows(2) {
        assert!(pair[1] <= pair[0] + 1, "{address}: headings in order, got {levels:?}");
    }
    let attribute = |name: &str| -> Vec<&str> {
        let opening = format!(" {name}=\"");
        html.match_indices(&opening).map(|(at, found)| html[at + found.len()..].split('"').next().unwrap()).collect()
    };
    let ids = attribute("id");
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), ids.len(), "{address}: ids are unique: {ids:?}");
    for named in attribute("for").into_iter().chain(attribute("aria-labelledby")) {
        assert!(ids.contains(&named), "{address}: {named} is an id");
    }
    for named in attribute("aria-describedby").iter().flat_map(|all| all.split(' ')) {
        assert!(ids.contains(&named), "{address}: {named} is an id");
    }
    assert_eq!(html.matches("<table").count(), html.matches("<caption").count(), "{address}: tables have captions");
    assert!(html.contains("class=\"skip\" href=\"#main\"") && html.contains("<main id=\"main\""), "{address}");
    for not in ["<script", "style=\"", "onclick"] {
        assert!(!html.contains(not), "{address}: {not}");
    }
}

#[test]
fn pages_are_built_so_that_everyone_can_read_them() {
    let visitor = Visitor::signed_in("worker");
    let file = visitor.participant();
    visitor.post(
        "/matcha/narvaro/new",
        &[("_parent", &file["/matcha/deltagare/".len()..]), ("date", "2026-11-20"), ("status", "late")],
    );
    let edit = format!("{file}/edit");
    for address in [
        "/matcha/",
        "/matcha/deltagare",
        "/matcha/deltagare?q=%C3%85sa",
        "/matcha/deltagare/new",
        &file,
        &edit,
        "/matcha/arbetsgivarkontakter",
        "/matcha/avtal",
        "/matcha/underbitraden",
        "/login",
        "/finns-inte",
    ] {
        check_structure(address, &visitor.get(address).body);
    }
    let faulty = visitor.post("/matcha/deltagare/new", &[("given-name", "")]);
    check_structure("a form with faults", &faulty.body);
    check_structure("the demo's first page", &Visitor::new(true, false).get("/").body);
}

#[test]
fn a_form_without_the_sessions_token_or_from_another_site_changes_nothing() {
    let visitor = Visitor::signed_in("worker");
    let fields = [("given-name", "Åsa"), ("family-name", "Åkerlund")];
    assert_eq!(visitor.post_bare("/matcha/deltagare/new", &fields).status, StatusCode::FORBIDDEN);
    let foreign = Request::post("/matcha/deltagare/new")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site");
    let seen = visitor.send(foreign, "csrf=token&given-name=a&family-name=b".to_owned());
    assert_eq!(seen.status, StatusCode::FORBIDDEN);
    assert!(visitor.get("/matcha/deltagare").body.contains("Här finns inget ännu."));
}

#[test]
fn too_much_at_once_is_a_clear_page() {
    let visitor = Visitor::signed_in("worker");
    let seen = visitor.post("/matcha/deltagare/new", &[("given-name", &"a".repeat(200_000))]);
    assert_eq!(seen.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(seen.body.contains("256 KiB"));
    assert_eq!(
        visitor.post("/matcha/deltagare/new", &[("given-name", &"a".repeat(2_000))]).status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[test]
fn what_does_not_exist_and_what_is_somebody_elses_look_the_same() {
    let visitor = Visitor::signed_in("worker");
    let nothing = visitor.get(&format!("/matcha/deltagare/{}", "ab".repeat(16)));
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    for address in ["/matcha/deltagare/hej", "/matcha/finns-inte", "/cling/deltagare", "/a/b/c/d/e/f"] {
        let other = visitor.get(address);
        assert_eq!(other.status, StatusCode::NOT_FOUND, "{address}");
        assert!(other.body.contains("Sidan finns inte"), "{address}");
    }
}

#[test]
fn who_is_signed_in_is_told_by_role_and_organisation() {
    let home = Visitor::signed_in("worker").get("/matcha/");
    assert!(home.body.contains("Handledare · Kunden AB") && home.body.contains("/matcha/deltagare"));
    assert!(!home.body.contains("/matcha/vem-har-sett"), "the log is shown to the administrator alone");
    let administrator = Visitor::signed_in("administrator").get("/matcha/");
    assert!(administrator.body.contains("/matcha/vem-har-sett"));
    let support = Visitor::signed_in("support");
    let home = support.get("/matcha/");
    assert!(home.body.contains("Support · Leverantören AB") && !home.body.contains("href=\"/matcha/deltagare\""));
    assert_eq!(support.get("/matcha/deltagare").status, StatusCode::FORBIDDEN);
}
