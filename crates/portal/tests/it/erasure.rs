//! Erasing and restricting on pages and for programs: the plan before the act, the certificate after it.

use axum::http::{Request, StatusCode};

use service::{Everywhere, RestsOn, Unusable};

use crate::stand_in::{CERTIFICATE, NOW, PLAN, Visitor};

#[test]
fn the_plan_comes_first_and_its_confirmation_leads_to_the_certificate() {
    let worker = Visitor::signed_in("worker");
    let file = worker.participant();
    let visitor = worker.also("administrator");
    let radera = format!("{file}/radera");
    let plan = visitor.get(&radera);
    assert_eq!(plan.status, StatusCode::OK, "{}", plan.body);
    for said in [
        "Inget är raderat ännu",
        "Personens egna uppgifter",
        "Tas bort ur det som är i drift",
        "1 av dem är öppen",
        "blir kvar utan namnet",
        "Har ett konto, som avslutas",
        "kan inte fås tillbaka",
        &format!("name=\"plan\" value=\"{PLAN}\""),
    ] {
        assert!(plan.body.contains(said), "{said}: {}", plan.body);
    }
    assert!(!plan.between("<title>", "</title>").contains("Åsa"));
    // Another plan than the one that is confirmed is shown again, and nothing is erased.
    let late = visitor.post(&radera, &[("plan", &"07".repeat(32))]);
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("Akten har ändrats sedan planen visades") && late.body.contains("role=\"alert\""));
    assert_eq!(visitor.post(&radera, &[("plan", "x")]).status, StatusCode::BAD_REQUEST);
    assert_eq!(visitor.post_bare(&radera, &[("plan", &PLAN.to_string())]).status, StatusCode::FORBIDDEN, "no token");
    let done = visitor.post(&radera, &[("plan", &PLAN.to_string())]);
    assert_eq!(done.header("location"), format!("/matcha/raderingar/{CERTIFICATE}"));
    let certificate = visitor.get(done.header("location"));
    for said in
        ["Oanvändbart här", "Oanvändbart överallt", "sägs inte (punkt S.8)", "betrodd/log", "Räknat efter raderingen"]
    {
        assert!(certificate.body.contains(said), "{said}: {}", certificate.body);
    }
    assert!(visitor.get("/matcha/raderingar").body.contains(&CERTIFICATE.to_string()));
    let json = visitor.get(&format!("/matcha/raderingar/{CERTIFICATE}.json"));
    assert!(json.body.contains("betrodd-erasure-certificate-1") && json.body.contains("\"keys\":0"), "{}", json.body);
    assert_eq!(visitor.get(&format!("/matcha/raderingar/{}", "00".repeat(16))).status, StatusCode::NOT_FOUND);
}

#[test]
fn the_second_stage_says_by_when_since_when_and_on_what_it_rests() {
    let visitor = Visitor::signed_in("administrator");
    let address = format!("/matcha/raderingar/{CERTIFICATE}");
    let unusable = Unusable {
        since: NOW,
        generation: 12,
        copy_began: NOW.plus_seconds(-30),
        deleted: 5,
        destroyed: 1,
        rests_on: RestsOn::PlainFile,
    };
    let by = |late| Everywhere::By { at: NOW, late, rests_on: RestsOn::Custodian };
    for (stage, page, json, list) in [
        (Everywhere::NoCopies, "lägger ingen kopia av nyckelfilen", "\"kept\":false", "Inga nyckelkopior förs"),
        (by(false), "på ett tredje ställe", "\"late\":false", "Inga nyckelkopior förs"),
        (by(true), "det är inte gjort", "\"late\":true", "Inga nyckelkopior förs"),
        (
            Everywhere::Since(unusable),
            "vanlig mapp hos driften",
            "\"rests_on\":\"plain-file\"",
            "Inga nyckelkopior förs",
        ),
    ] {
        *visitor.house.everywhere.lock().unwrap() = stage;
        let seen = visitor.get(&address);
        assert!(seen.body.contains(page), "{page}: {}", seen.body);
        let told = visitor.get(&format!("{address}.json"));
        assert!(told.body.contains(json), "{json}: {}", told.body);
        assert!(visitor.get("/matcha/raderingar").body.contains(list));
    }
}

#[test]
fn who_may_not_erase_is_answered_with_the_clause_and_sees_no_button() {
    let visitor = Visitor::signed_in("worker");
    let file = visitor.participant();
    assert!(!visitor.get(&file).body.contains("/radera\""));
    for address in [format!("{file}/radera"), "/matcha/raderingar".to_owned(), format!("{file}/begransa")] {
        let answer = visitor.get(&address);
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{address}");
        assert!(answer.body.contains("S.10"), "{}", answer.body);
    }
    assert!(visitor.also("administrator").get(&file).body.contains("/radera\""));
}

#[test]
fn what_is_restricted_says_since_when_why_and_until_when_and_can_be_lifted() {
    let worker = Visitor::signed_in("worker");
    let file = worker.participant();
    let visitor = worker.also("administrator");
    let address = format!("{file}/begransa");
    assert!(visitor.get(&address).body.contains("artikel 18.1"));
    let wrong = visitor.post(&address, &[("why", "legal-claims"), ("until", "31/1")]);
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("år-månad-dag") && wrong.body.contains("aria-invalid=\"true\""));
    let done = visitor.post(&address, &[("why", "legal-claims"), ("until", "2027-01-31")]);
    assert_eq!(done.header("location"), address);
    // The record's own page is that page too, for whoever may lift; and the plan of an erasure says what stands against it.
    for place in [&address, &file] {
        let closed = visitor.get(place);
        for said in ["Uppgifterna är begränsade", "rättsligt anspråk", "1 februari 2027", "Häv begränsningen"] {
            assert!(closed.body.contains(said), "{said}: {}", closed.body);
        }
    }
    let plan = visitor.get(&format!("{file}/radera"));
    assert!(plan.body.contains("Häv begränsningen först") && !plan.body.contains("name=\"plan\""));
    let lifted = visitor.post(&format!("{file}/hav"), &[]);
    assert_eq!(lifted.status, StatusCode::SEE_OTHER);
    assert!(visitor.get(&file).body.contains("Åsa Åkerlund"));
}

#[test]
fn a_program_erases_in_two_calls_and_restricts_in_one() {
    let worker = Visitor::signed_in("worker");
    let file = worker.participant();
    let visitor = worker.also("administrator");
    let api = format!("/api/v1{file}");
    let send = |method: &str, address: &str, body: &str| {
        let request = Request::builder().method(method).uri(address).header("x-csrf", "token");
        visitor.send(request.header("content-type", "application/json"), body.to_owned())
    };
    let planned = send("POST", &format!("{api}/erasure?preview"), "");
    assert_eq!(planned.status, StatusCode::OK, "{}", planned.body);
    assert!(planned.body.contains(&PLAN.to_string()) && planned.body.contains("\"keys_destroyed\":[\"service\"]"));
    let late = send("POST", &format!("{api}/erasure"), &format!("{{\"plan\":\"{}\"}}", "07".repeat(32)));
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(send("POST", &format!("{api}/erasure"), "{}").status, StatusCode::BAD_REQUEST);
    let put = send("PUT", &format!("{api}/restriction"), "{\"ground\":\"objected\",\"until\":null}");
    assert!(put.status == StatusCode::OK && put.body.contains("\"ground\":\"objected\""), "{}", put.body);
    assert_eq!(send("PUT", &format!("{api}/restriction"), "{\"ground\":\"because\"}").status, StatusCode::BAD_REQUEST);
    assert_eq!(send("DELETE", &format!("{api}/restriction"), "").status, StatusCode::NO_CONTENT);
    assert_eq!(send("GET", &format!("{api}/restriction"), "").status, StatusCode::NOT_FOUND);
    let done = send("POST", &format!("{api}/erasure"), &format!("{{\"plan\":\"{PLAN}\"}}"));
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.body);
    assert_eq!(done.header("location"), format!("/api/v1/matcha/erasures/{CERTIFICATE}"));
    assert!(send("GET", "/api/v1/matcha/erasures", "").body.contains("betrodd-erasure-certificate-1"));
    assert!(send("GET", done.header("location"), "").body.contains("\"copies\":{\"kept\":false}"));
}
