//! Anonymising for programs: the same door as the pages, and what stays as figures.

use axum::body::Bytes;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use service::{AnonymisingPlan, Figures, FiguresKept, PlannedRecords, ToAnonymise};
use terms::{FieldName, Hash, KindName, Verb};

use crate::api::answer;
use crate::api::call::{Caller, believed, json_of};
use crate::api::problem::{Problem, of_no};
use crate::moment::rfc3339;
use crate::pages::{certificates, figures, restriction};

/// Figures for programs.
pub(crate) fn told(one: &Figures) -> Json {
    json!({
        "rule": one.rule,
        "clause": one.clause.as_str(),
        "number": one.number,
        "persons_at_least": one.at_least,
        "before": rfc3339(one.before),
        "by": one.by.iter().map(FieldName::as_str).collect::<Vec<_>>(),
        "groups": one.groups.iter().map(|group| json!({
            "values": group.values,
            "records": group.records,
            "persons": group.persons,
        })).collect::<Vec<_>>(),
        "withheld": one.withheld,
        "left_out": { "groups": one.small, "records": one.small_records },
    })
}

fn kept(one: &FiguresKept) -> Json {
    let mut all = told(&one.figures);
    all["id"] = json!(one.id.to_string());
    all["kind"] = json!(one.kind.as_str());
    all["made"] = json!(rfc3339(one.made));
    all
}

/// What anonymising would do, for programs.
fn would(plan: &AnonymisingPlan) -> Json {
    let totals = |all: &[PlannedRecords]| -> Json {
        let total = |one: &PlannedRecords| {
            json!({
                "kind": one.kind.as_str(),
                "subject": one.subject.as_str(),
                "why": one.why.code(),
                "count": one.count(),
            })
        };
        all.iter().map(total).collect()
    };
    json!({
        "kind": plan.kind.as_str(),
        "before": rfc3339(plan.before),
        "goes": totals(&plan.goes),
        "stays": totals(&plan.stays),
        "against": plan.against.iter().map(certificates::against_json).collect::<Vec<_>>(),
        "rule": plan.rule,
        "clause": plan.clause.as_str(),
        "number": plan.number,
        "persons_at_least": plan.at_least,
        "by": plan.by.iter().map(FieldName::as_str).collect::<Vec<_>>(),
    })
}

/// `GET /api/v1/{service}/figures`: every table, the newest first.
pub async fn list(Caller(signed): Caller) -> Result<Response, Response> {
    let asked = figures::asked(&signed).ok_or_else(|| Problem::new(signed.language, "missing").into_response())?;
    let all = signed.portal.door.figures(&asked).await.map_err(|no| of_no(&signed, None, &no))?;
    Ok(answer(StatusCode::OK, &json!({ "items": all.iter().map(kept).collect::<Vec<_>>() })))
}

/// What is to be anonymised, and the plan that was shown.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    kind: String,
    /// Records that were written last up to and with this day.
    until: String,
    plan: Option<String>,
}

/// `POST /api/v1/{service}/figures` with `{"kind": …, "until": day}` answers with the plan, which names no figure, and its hash; with `"plan": hash` it
/// anonymises as that plan said. 412 where it would be another plan by now.
pub async fn anonymise(Caller(signed): Caller, headers: HeaderMap, body: Bytes) -> Result<Response, Response> {
    believed(&signed, &headers)?;
    let wish: Wish = json_of(&signed, &headers, &body)?;
    let parameter =
        |name: &str| Problem::new(signed.language, "parameter").with("parameter", json!(name)).into_response();
    let name = KindName::new(&wish.kind).map_err(|_| parameter("kind"))?;
    let kind = signed.shop.as_ref().and_then(|shop| shop.kinds.kind(&name)).filter(|kind| kind.figures.is_some());
    let kind = kind.ok_or_else(|| parameter("kind"))?;
    let before = restriction::until(&wish.until).ok().flatten().ok_or_else(|| parameter("until"))?;
    let asked = signed.asked(Verb::Anonymise, kind);
    let asked = asked.ok_or_else(|| Problem::new(signed.language, "no-customer-in-view").into_response())?;
    let door = &signed.portal.door;
    let Some(plan) = &wish.plan else {
        let planned = door.plan_anonymising(&asked, &kind.name, before).await;
        let (plan, hash) = planned.map_err(|no| of_no(&signed, Some(kind), &no))?;
        let body = json!({ "plan": hash.to_string(), "would": would(&plan) });
        return Ok(answer(StatusCode::OK, &body));
    };
    let plan: Hash = plan.parse().map_err(|_| parameter("plan"))?;
    let to = ToAnonymise { kind: &kind.name, before, plan };
    let id = door.anonymise(&asked, to).await.map_err(|no| of_no(&signed, Some(kind), &no))?;
    let mut response = match certificates::certified(&signed, id).await {
        Ok(certified) => answer(StatusCode::CREATED, &certificates::as_json(&certified)),
        // It is done; who may anonymise and not read certificates is told its id.
        Err(_) => answer(StatusCode::CREATED, &json!({ "id": id.to_string() })),
    };
    if let Ok(at) = format!("/api/v1/{}/erasures/{id}", signed.service_path()).parse() {
        response.headers_mut().insert(LOCATION, at);
    }
    Ok(response)
}
