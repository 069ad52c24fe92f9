//! The interface for programs: the same door as the pages, as JSON, under `/api/v1/{service}/{kind}`.
//!
//! It is used with a session's cookie, and then writings carry the session's token in `X-CSRF`, or with a key. `X-Purpose` names a
//! purpose instead of the proposed one. What begins every call stands in `call.rs`, what is answered instead of an answer in
//! `problem.rs`; `/api/v1/{service}/openapi.json` describes it all (`openapi.rs`).

pub(crate) mod call;
pub(crate) mod problem;

use std::sync::Arc;

use axum::extract::{Query, Request, State};
use axum::http::header::{CONTENT_TYPE, ETAG, HeaderName, LINK, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use service::{
    Change, Draft, FieldFault, FieldProblem, Listed, MAX_LISTED, Narrowed, New, No, Opened, Page, Search, Value,
};
use terms::{Category, ClauseId, FieldName, RecordHead, RecordId, Render, Verb};

use crate::ctx::Ctx;
use crate::form::encode;
use crate::state::Portal;
use call::{Call, Writing};
use problem::Problem;

/// Records in one answer where the caller names no number.
const DEFAULT_RECORDS: usize = 50;

/// `GET /api/v1/{service}/{kind}`: `{"items": […], "next": id or null}`, narrowed by `parent`, `state`, and any field that is
/// found by its whole value; or found by the words of `q`.
pub async fn list(call: Call, Query(query): Query<Vec<(String, String)>>) -> Result<Response, Response> {
    let asked = call.asked(Verb::Consult)?;
    let wanted = Wanted::of(&call, &query)?;
    let door = &call.signed.portal.door;
    let limit = wanted.narrowed.page.limit;
    let listed = match &wanted.words {
        Some(words) => {
            let opened = door.search(&asked, &call.kind.name, words).await.map_err(|no| call.no(&no))?;
            Listed { opened, next: None }
        }
        None => door.narrow(&asked, &call.kind.name, wanted.narrowed).await.map_err(|no| call.no(&no))?,
    };
    let items = records(&call.signed, listed.opened.as_ref());
    let next = listed.next.map(|next| next.to_string());
    let mut response = answer(StatusCode::OK, &json!({ "items": items, "next": next }));
    if let Some(next) = next {
        // What was asked for, from the next record on.
        let kept = query.iter().filter(|(name, _)| !matches!(name.as_str(), "after" | "limit"));
        let kept: String = kept.map(|(name, value)| format!("&{}={}", encode(name), encode(value))).collect();
        let path = call.signed.here.split('?').next().unwrap_or("/");
        let link = format!("<{path}?after={next}&limit={limit}{kept}>; rel=\"next\"");
        insert(&mut response, LINK, &link);
    }
    Ok(response)
}

/// What a listing is asked for.
struct Wanted {
    words: Option<String>,
    narrowed: Narrowed,
}

impl Wanted {
    fn of(call: &Call, query: &[(String, String)]) -> Result<Self, Response> {
        let mut wanted = Self {
            words: None,
            narrowed: Narrowed { page: Page { after: None, limit: DEFAULT_RECORDS }, ..Narrowed::default() },
        };
        let mut met: Vec<&str> = Vec::new();
        for (name, value) in query {
            if met.contains(&name.as_str()) {
                return Err(call.parameter(name));
            }
            met.push(name);
            let id = || value.parse::<RecordId>().map(Some).map_err(|_| call.parameter(name));
            let narrowed = &mut wanted.narrowed;
            match name.as_str() {
                // Read with the context.
                "purpose" => {}
                "q" => wanted.words = Some(value.trim().to_owned()).filter(|words| !words.is_empty()),
                "after" => narrowed.page.after = id()?,
                "parent" => narrowed.parent = id()?,
                "state" if call.kind.states.contains(value) => narrowed.state = Some(value.clone()),
                "limit" => {
                    let limit = value.parse().ok().filter(|limit| (1..=MAX_LISTED).contains(limit));
                    narrowed.page.limit = limit.ok_or_else(|| call.parameter(name))?;
                }
                _ => {
                    let field = call.kind.field(name).filter(|field| field.search == Some(Search::Exact));
                    let field = field.ok_or_else(|| call.parameter(name))?;
                    narrowed.exactly.push((field.name.clone(), Value::new(value.clone())));
                }
            }
        }
        // Words are looked for in the whole kind.
        if wanted.words.is_some() && !(wanted.narrowed.is_plain() && wanted.narrowed.parent.is_none()) {
            return Err(call.parameter("q"));
        }
        Ok(wanted)
    }
}

/// `GET /api/v1/{service}/{kind}/{id}`: the record; its version is its `ETag`. With `If-None-Match` of the present version
/// there is no body; that the caller asked is a reading all the same, and entered, since it learns that nothing has changed.
pub async fn read(call: Call) -> Result<Response, Response> {
    let asked = call.asked(Verb::Consult)?;
    let record = call.record()?;
    let consulted = call.signed.portal.door.consult(&asked, &call.kind.name, record).await;
    let opened = consulted.map_err(|no| call.no(&no))?;
    let record = records(&call.signed, opened.as_ref()).into_iter().next();
    let record = record.ok_or_else(|| call.no(&No::Missing))?;
    let version = record.get("version").and_then(Json::as_u64).unwrap_or(0);
    if call.has(version) {
        return Ok(with_version(StatusCode::NOT_MODIFIED.into_response(), version));
    }
    Ok(with_version(answer(StatusCode::OK, &record), version))
}

/// `GET /api/v1/{service}/{kind}/{id}/history`: every version, newest first.
pub async fn history(call: Call) -> Result<Response, Response> {
    let asked = call.asked(Verb::Consult)?;
    let record = call.record()?;
    let opened = call.signed.portal.door.history(&asked, &call.kind.name, record).await;
    let opened = opened.map_err(|no| call.no(&no))?;
    Ok(answer(StatusCode::OK, &json!({ "items": records(&call.signed, opened.as_ref()) })))
}

/// What a program writes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    fields: Map<String, Json>,
    parent: Option<String>,
    state: Option<String>,
    version: Option<u64>,
}

/// `POST /api/v1/{service}/{kind}` with `{"fields": {…}, "parent": id}`: a record to be. `Idempotency-Key` makes it one.
pub async fn create(writing: Writing) -> Result<Response, Response> {
    let call = &writing.call;
    let asked = call.asked(Verb::Collect)?;
    let once = call.once()?;
    let written: Written = writing.json()?;
    let parent = written.parent.as_deref().map(str::parse::<RecordId>).transpose();
    let (Ok(parent), Ok(draft)) = (parent, draft(&written.fields)) else { return Err(unreadable_in(&call.signed)) };
    if written.state.is_some() || written.version.is_some() {
        return Err(unreadable_in(&call.signed));
    }
    let new = New { kind: &call.kind.name, parent, draft, once };
    let record = call.signed.portal.door.collect(&asked, new).await.map_err(|no| call.no(&no))?;
    let body = json!({ "id": record.to_string(), "version": 1 });
    let mut response = with_version(answer(StatusCode::CREATED, &body), 1);
    insert(&mut response, LOCATION, &format!("{}/{record}", base(call)));
    Ok(response)
}

/// `PUT /api/v1/{service}/{kind}/{id}` with `{"fields": {…}, "state": …}` and the version seen, as `If-Match` or `version`:
/// fields not named stay.
pub async fn change(writing: Writing) -> Result<Response, Response> {
    let call = &writing.call;
    let asked = call.asked(Verb::Alter)?;
    let (record, once, seen) = (call.record()?, call.once()?, call.seen()?);
    let written: Written = writing.json()?;
    if written.parent.is_some() || seen.zip(written.version).is_some_and(|(tag, body)| tag != body) {
        return Err(unreadable_in(&call.signed));
    }
    let version = seen.or(written.version).ok_or_else(|| call.problem("version-required").into_response())?;
    let draft = draft(&written.fields).map_err(|()| unreadable_in(&call.signed))?;
    if let Some(state) = &written.state
        && !call.kind.states.contains(state)
    {
        let field = call.kind.fields.first().map(|field| field.name.clone());
        let fault = field.map(|field| FieldFault { field, problem: FieldProblem::NoSuchState });
        return Err(call.no(&No::Invalid(fault.into_iter().collect())));
    }
    let change = Change { kind: &call.kind.name, record, version, draft, state: written.state, once };
    let version = call.signed.portal.door.alter(&asked, change).await.map_err(|no| call.no(&no))?;
    Ok(with_version(answer(StatusCode::OK, &json!({ "id": record.to_string(), "version": version })), version))
}

/// The address of the kind's records.
pub(crate) fn base(call: &Call) -> String {
    format!("/api/v1/{}/{}", call.signed.service_path(), call.kind.path)
}

/// The values as a draft. Each is a text, or `null` to clear the field.
fn draft(fields: &Map<String, Json>) -> Result<Draft, ()> {
    let mut draft = Draft::new();
    for (name, value) in fields {
        match value {
            Json::String(text) => draft.set(name, text),
            Json::Null => draft.set(name, ""),
            _ => return Err(()),
        }
    }
    Ok(draft)
}

/// The sink that writes records as JSON.
struct Records<'a> {
    ctx: &'a Ctx,
    done: Vec<Json>,
    head: Map<String, Json>,
    fields: Map<String, Json>,
    withheld: Vec<Json>,
}

impl Render for Records<'_> {
    fn begin(&mut self, head: &RecordHead) {
        self.head = Map::from_iter([
            ("id".to_owned(), json!(head.record.to_string())),
            ("kind".to_owned(), json!(head.kind.as_str())),
            ("version".to_owned(), json!(head.version)),
            ("person".to_owned(), json!(head.person.to_string())),
            ("parent".to_owned(), json!(head.parent.map(|parent| parent.to_string()))),
            ("state".to_owned(), json!(head.state)),
            ("written".to_owned(), json!(crate::moment::rfc3339(head.written))),
            ("author".to_owned(), json!(head.author.to_string())),
        ]);
        self.fields.clear();
        self.withheld.clear();
    }
    fn author(&mut self, name: &str) {
        self.head.insert("author_name".to_owned(), json!(name));
    }
    fn field(&mut self, name: &FieldName, _: &Category, value: &str) {
        self.fields.insert(name.to_string(), Json::String(value.to_owned()));
    }
    fn withheld(&mut self, category: &Category, clause: &ClauseId) {
        let number = self.ctx.agreement.as_ref().map(|agreement| agreement.number(clause).to_owned());
        self.withheld.push(json!({ "category": category.as_str(), "clause": clause.as_str(), "number": number }));
    }
    fn end(&mut self) {
        let mut record = core::mem::take(&mut self.head);
        record.insert("fields".to_owned(), Json::Object(core::mem::take(&mut self.fields)));
        record.insert("withheld".to_owned(), Json::Array(core::mem::take(&mut self.withheld)));
        self.done.push(Json::Object(record));
    }
}

pub(crate) fn records(ctx: &Ctx, opened: &dyn Opened) -> Vec<Json> {
    let mut sink = Records { ctx, done: Vec::new(), head: Map::new(), fields: Map::new(), withheld: Vec::new() };
    opened.render(&mut sink);
    sink.done
}

pub(crate) fn answer(status: StatusCode, body: &Json) -> Response {
    (status, [(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

pub(crate) fn with_version(mut response: Response, version: u64) -> Response {
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// Any other address under `/api`: a program gets no log-in page for a mistyped one.
pub async fn unknown(ctx: Ctx) -> Response {
    Problem::new(ctx.language, "no-such-address").into_response()
}

/// A method that an address does not have. Which ones it has stands in `Allow`.
pub async fn no_such_method(State(portal): State<Arc<Portal>>, request: Request) -> Response {
    let here = request.uri().path().to_owned();
    let ctx = Ctx::of(portal, request.headers(), here, None);
    if ctx.here.starts_with("/api/") {
        return Problem::new(ctx.language, "no-such-method").into_response();
    }
    crate::pages::answers::page_of(&ctx, StatusCode::METHOD_NOT_ALLOWED, "answer-no-such-method")
}

/// What was sent is no JSON of the kind that is read here, or an address that is no text.
pub(crate) fn unreadable_in(ctx: &Ctx) -> Response {
    Problem::new(ctx.language, "unreadable").into_response()
}

fn insert(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
