//! The interface for programs: the same door as the pages, as JSON, under `/api/v1/{service}/{kind}`.
//!
//! It is used with a session's cookie; writings carry the session's token in `X-CSRF`. `X-Purpose` names a purpose instead of
//! the proposed one. Errors are RFC 9457 problem details with `clause`, `number`, `reason` where the agreement refused.
//! `/api/v1/openapi.json` describes it (`openapi.rs`). Keys for programs without a person's session come later.

use core::fmt::Write as _;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_TYPE, ETAG, IF_MATCH, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use service::{Asked, Change, Draft, FieldProblem, Kind, MAX_LISTED, New, No, Opened, Page};
use terms::{Category, ClauseId, FieldName, Reason, RecordHead, RecordId, Refusal, Render, Verb};

use crate::ctx::{Ctx, Signed};
use crate::form::same;
use crate::state::Portal;

/// Records in one answer where the caller names no number.
const DEFAULT_RECORDS: usize = 50;

/// What a listing can be asked for.
#[derive(Deserialize, Default)]
pub struct ListQuery {
    q: Option<String>,
    after: Option<String>,
    parent: Option<String>,
    limit: Option<usize>,
}

/// `GET /api/v1/{service}/{kind}`: `{"items": […], "next": id or null}`.
pub async fn list(
    State(portal): State<Arc<Portal>>,
    uri: Uri,
    headers: HeaderMap,
    Path((service, path)): Path<(String, String)>,
    Query(query): Query<ListQuery>,
) -> Response {
    let caller = match Caller::of(portal, &uri, &headers, &service, &path, Verb::Consult) {
        Ok(caller) => caller,
        Err(problem) => return problem,
    };
    let Caller { signed, asked, kind } = &caller;
    let (Ok(after), Ok(parent)) = (id(query.after.as_deref()), id(query.parent.as_deref())) else {
        return missing();
    };
    let limit = query.limit.unwrap_or(DEFAULT_RECORDS).clamp(1, MAX_LISTED);
    let door = &signed.portal.door;
    let (opened, next) = match query.q.as_deref().map(str::trim).filter(|words| !words.is_empty()) {
        Some(words) => match door.search(asked, &kind.name, words).await {
            Ok(opened) => (opened, None),
            Err(no) => return problem_of(signed, &no),
        },
        None => match door.list(asked, &kind.name, parent, Page { after, limit }).await {
            Ok(listed) => (listed.opened, listed.next),
            Err(no) => return problem_of(signed, &no),
        },
    };
    let body = json!({ "items": records(signed, opened.as_ref()), "next": next.map(|next| next.to_string()) });
    answer(StatusCode::OK, &body)
}

/// `GET /api/v1/{service}/{kind}/{id}`: the record; its version is its `ETag`.
pub async fn read(
    State(portal): State<Arc<Portal>>,
    uri: Uri,
    headers: HeaderMap,
    Path((service, path, record)): Path<(String, String, String)>,
) -> Response {
    let caller = match Caller::of(portal, &uri, &headers, &service, &path, Verb::Consult) {
        Ok(caller) => caller,
        Err(problem) => return problem,
    };
    let Caller { signed, asked, kind } = &caller;
    let Ok(record) = record.parse::<RecordId>() else { return missing() };
    match signed.portal.door.consult(asked, &kind.name, record).await {
        Ok(opened) => match records(signed, opened.as_ref()).into_iter().next() {
            Some(record) => {
                let version = record.get("version").and_then(Json::as_u64).unwrap_or(0);
                with_version(answer(StatusCode::OK, &record), version)
            }
            None => missing(),
        },
        Err(no) => problem_of(signed, &no),
    }
}

/// `GET /api/v1/{service}/{kind}/{id}/history`: every version, newest first.
pub async fn history(
    State(portal): State<Arc<Portal>>,
    uri: Uri,
    headers: HeaderMap,
    Path((service, path, record)): Path<(String, String, String)>,
) -> Response {
    let caller = match Caller::of(portal, &uri, &headers, &service, &path, Verb::Consult) {
        Ok(caller) => caller,
        Err(problem) => return problem,
    };
    let Caller { signed, asked, kind } = &caller;
    let Ok(record) = record.parse::<RecordId>() else { return missing() };
    match signed.portal.door.history(asked, &kind.name, record).await {
        Ok(opened) => answer(StatusCode::OK, &json!({ "items": records(signed, opened.as_ref()) })),
        Err(no) => problem_of(signed, &no),
    }
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
pub async fn create(
    State(portal): State<Arc<Portal>>,
    uri: Uri,
    headers: HeaderMap,
    Path((service, path)): Path<(String, String)>,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Response {
    let (caller, written) = match writer(portal, &uri, &headers, &service, &path, Verb::Collect, body) {
        Ok(both) => both,
        Err(problem) => return problem,
    };
    let Caller { signed, asked, kind } = &caller;
    let (Ok(parent), Ok(draft)) = (id(written.parent.as_deref()), draft(&written.fields)) else {
        return unreadable();
    };
    let new = New { kind: &kind.name, parent, draft, once: once(&headers) };
    match signed.portal.door.collect(asked, new).await {
        Ok(record) => {
            let mut response = answer(StatusCode::CREATED, &json!({ "id": record.to_string(), "version": 1 }));
            if let Ok(at) = HeaderValue::from_str(&format!("/api/v1/{service}/{path}/{record}")) {
                response.headers_mut().insert(LOCATION, at);
            }
            response
        }
        Err(no) => problem_of(signed, &no),
    }
}

/// `PUT /api/v1/{service}/{kind}/{id}` with `{"fields": {…}, "state": …}` and the version seen, as `If-Match` or `version`:
/// fields not named stay.
pub async fn change(
    State(portal): State<Arc<Portal>>,
    uri: Uri,
    headers: HeaderMap,
    Path((service, path, record)): Path<(String, String, String)>,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Response {
    let (caller, written) = match writer(portal, &uri, &headers, &service, &path, Verb::Alter, body) {
        Ok(both) => both,
        Err(problem) => return problem,
    };
    let Caller { signed, asked, kind } = &caller;
    let Ok(record) = record.parse::<RecordId>() else { return missing() };
    let matched = headers.get(IF_MATCH).and_then(|value| value.to_str().ok());
    let matched = matched.and_then(|tag| tag.trim().trim_matches('"').parse::<u64>().ok());
    let Some(version) = matched.or(written.version) else {
        return problem(
            StatusCode::PRECONDITION_REQUIRED,
            "version-required",
            "say which version you saw, in If-Match or `version`",
        );
    };
    let Ok(draft) = draft(&written.fields) else { return unreadable() };
    let change = Change { kind: &kind.name, record, version, draft, state: written.state, once: once(&headers) };
    match signed.portal.door.alter(asked, change).await {
        Ok(version) => {
            with_version(answer(StatusCode::OK, &json!({ "id": record.to_string(), "version": version })), version)
        }
        Err(no) => problem_of(signed, &no),
    }
}

/// Who calls, and what the door is asked with.
pub(crate) struct Caller {
    pub signed: Signed,
    pub asked: Asked,
    pub kind: Kind,
}

impl Caller {
    #[expect(clippy::result_large_err, reason = "the error is the answer itself and is made once a request")]
    pub(crate) fn of(
        portal: Arc<Portal>,
        uri: &Uri,
        headers: &HeaderMap,
        service: &str,
        path: &str,
        verb: Verb,
    ) -> Result<Self, Response> {
        let here = uri.path_and_query().map_or("/", |here| here.as_str()).to_owned();
        let ctx = Ctx::of(portal, headers, here, Some(service));
        let Some(me) = ctx.me.clone() else {
            return Err(problem(StatusCode::UNAUTHORIZED, "not-signed-in", "log in and send the session's cookie"));
        };
        if ctx.home.as_ref().is_none_or(|home| home.service.as_str() != service) {
            return Err(missing());
        }
        let signed = Signed { ctx, me };
        let kind = signed.shop.as_ref().and_then(|shop| shop.kinds.by_path(path)).cloned().ok_or_else(missing)?;
        let asked = signed
            .asked(verb, &kind)
            .ok_or_else(|| problem(StatusCode::FORBIDDEN, "no-customer-in-view", "choose a support case first"))?;
        Ok(Self { signed, asked, kind })
    }
}

#[expect(clippy::result_large_err, reason = "the error is the answer itself and is made once a request")]
fn writer(
    portal: Arc<Portal>,
    uri: &Uri,
    headers: &HeaderMap,
    service: &str,
    path: &str,
    verb: Verb,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<(Caller, Written), Response> {
    let caller = Caller::of(portal, uri, headers, service, path, verb)?;
    let token = headers.get("x-csrf").and_then(|value| value.to_str().ok()).unwrap_or("");
    if !same(token, &caller.signed.me.csrf) {
        return Err(problem(StatusCode::FORBIDDEN, "token-missing", "send the session's token in X-CSRF"));
    }
    let body = body.map_err(|rejection| match rejection.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            problem(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "at most 262144 bytes are read")
        }
        _ => unreadable(),
    })?;
    let written = serde_json::from_slice(&body).map_err(|_| unreadable())?;
    Ok((caller, written))
}

fn once(headers: &HeaderMap) -> Option<String> {
    let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok())?.trim();
    (!key.is_empty()).then(|| key.to_owned())
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

fn id(text: Option<&str>) -> Result<Option<RecordId>, terms::IdError> {
    text.map(str::parse).transpose()
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

fn with_version(mut response: Response, version: u64) -> Response {
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// A problem (RFC 9457) whose type is one word of ours.
fn problem(status: StatusCode, kind: &str, detail: &str) -> Response {
    problem_with(status, kind, detail, Map::new())
}

fn problem_with(status: StatusCode, kind: &str, detail: &str, more: Map<String, Json>) -> Response {
    let mut body = Map::from_iter([
        ("type".to_owned(), json!(format!("urn:betrodd:{kind}"))),
        ("title".to_owned(), json!(status.canonical_reason().unwrap_or(""))),
        ("status".to_owned(), json!(status.as_u16())),
        ("detail".to_owned(), json!(detail)),
    ]);
    body.extend(more);
    (status, [(CONTENT_TYPE, "application/problem+json")], Json::Object(body).to_string()).into_response()
}

pub(crate) fn missing() -> Response {
    problem(StatusCode::NOT_FOUND, "missing", "there is no such record, or none of yours")
}

/// Any other address under `/api`: a program gets no log-in page for a mistyped one.
pub async fn unknown() -> Response {
    problem(StatusCode::NOT_FOUND, "missing", "there is no such address; /api/v1/openapi.json tells which there are")
}

/// What was sent is no JSON of the kind that is read here, or an address that is no text.
pub(crate) fn unreadable() -> Response {
    problem(StatusCode::BAD_REQUEST, "unreadable", "expected {\"fields\": {name: text or null}}")
}

pub(crate) fn problem_of(ctx: &Ctx, no: &No) -> Response {
    match no {
        No::Refused(refusal) => refused(ctx, refusal),
        No::Missing => missing(),
        No::Invalid(faults) => {
            let faults: Vec<Json> = faults
                .iter()
                .map(|fault| match fault.problem {
                    FieldProblem::TooLong { max, given } => {
                        json!({ "field": fault.field.as_str(), "problem": fault.problem.code(), "max": max, "given": given })
                    }
                    _ => json!({ "field": fault.field.as_str(), "problem": fault.problem.code() }),
                })
                .collect();
            let more = Map::from_iter([("faults".to_owned(), Json::Array(faults))]);
            problem_with(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "nothing was written; see `faults`", more)
        }
        No::Conflict { version } => {
            let more = Map::from_iter([("version".to_owned(), json!(version))]);
            problem_with(
                StatusCode::PRECONDITION_FAILED,
                "conflict",
                "the record has another version now; nothing was written",
                more,
            )
        }
        No::Unavailable(why) => {
            tracing::error!(%why, "the door could not answer");
            problem(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "nothing was half done; try again")
        }
    }
}

/// The agreement says no: which clause, why, and who can change that.
fn refused(ctx: &Ctx, refusal: &Refusal) -> Response {
    let (detail, more) = refusal_members(ctx, refusal);
    problem_with(StatusCode::FORBIDDEN, "refused", &detail, more)
}

/// The members by which a refusal is told, in an answer of its own or as a part of an export.
pub(crate) fn refusal_members(ctx: &Ctx, refusal: &Refusal) -> (String, Map<String, Json>) {
    let mut detail = format!("clause {} of the agreement stands against it", refusal.number);
    let mut more = Map::from_iter([
        ("reason".to_owned(), json!(refusal.reason.code())),
        ("clause".to_owned(), json!(refusal.clause.as_str())),
        ("number".to_owned(), json!(refusal.number)),
        ("changer".to_owned(), json!(refusal.changer.code())),
        ("role".to_owned(), json!(refusal.role.as_str())),
        ("verb".to_owned(), json!(refusal.verb.as_str())),
        ("purpose".to_owned(), json!(refusal.purpose.as_str())),
        ("subject".to_owned(), json!(refusal.subject.as_str())),
    ]);
    match &refusal.reason {
        Reason::CategoryNotDeclared(category) => {
            let _ = write!(detail, "; the category `{category}` is not declared");
            more.insert("category".to_owned(), json!(category.as_str()));
        }
        Reason::FieldNotDeclared(field) => {
            let _ = write!(detail, "; the field `{field}` is of no declared category");
            more.insert("field".to_owned(), json!(field));
        }
        _ => {}
    }
    if let Some(agreement) = &ctx.agreement {
        more.insert("agreement".to_owned(), json!(agreement.hash().to_string()));
    }
    (detail, more)
}
