//! What the interface for programs answers when there is no answer: problem details (RFC 9457) in the caller's language.
//!
//! `type` is a page of ours that explains the problem, the same for all services. A refusal carries the clause, who can change
//! it, the agreement that answered and the place of its entry. Never a value of what was sent.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value as Json, json};
use service::{FieldFault, FieldProblem, Kind, No};
use terms::{Language, Reason, Refusal};

use crate::ctx::Ctx;
use crate::html::state_word;
use crate::pages::labels::Labels;
use crate::pages::refusal;
use crate::words::{t, t_with};

/// Where problems are explained.
pub const PROBLEMS: &str = "/problems";

/// The kinds of problem: the last part of `type`, and the status. The texts stand in `words/*/api.ftl` under the same word.
pub const KINDS: [(&str, StatusCode); 24] = [
    ("refused", StatusCode::FORBIDDEN),
    ("not-signed-in", StatusCode::UNAUTHORIZED),
    ("too-many-attempts", StatusCode::TOO_MANY_REQUESTS),
    ("no-customer-in-view", StatusCode::FORBIDDEN),
    ("token-missing", StatusCode::FORBIDDEN),
    ("foreign-site", StatusCode::FORBIDDEN),
    ("not-administrator", StatusCode::FORBIDDEN),
    ("missing", StatusCode::NOT_FOUND),
    ("no-such-address", StatusCode::NOT_FOUND),
    ("no-such-method", StatusCode::METHOD_NOT_ALLOWED),
    ("not-acceptable", StatusCode::NOT_ACCEPTABLE),
    ("conflict", StatusCode::PRECONDITION_FAILED),
    ("version-required", StatusCode::PRECONDITION_REQUIRED),
    ("too-large", StatusCode::PAYLOAD_TOO_LARGE),
    ("media-type", StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ("unreadable", StatusCode::BAD_REQUEST),
    ("parameter", StatusCode::BAD_REQUEST),
    ("invalid", StatusCode::UNPROCESSABLE_ENTITY),
    ("key-reused", StatusCode::UNPROCESSABLE_ENTITY),
    ("state", StatusCode::CONFLICT),
    ("cannot-compute", StatusCode::UNPROCESSABLE_ENTITY),
    ("bad-rows", StatusCode::UNPROCESSABLE_ENTITY),
    ("unavailable", StatusCode::SERVICE_UNAVAILABLE),
    ("fault", StatusCode::INTERNAL_SERVER_ERROR),
];

/// A program that is told to come again waits so long.
const RETRY_SECONDS: &str = "5";

/// A problem on its way out.
pub(crate) struct Problem {
    code: &'static str,
    status: StatusCode,
    language: Language,
    detail: Option<String>,
    more: Map<String, Json>,
    header: Option<(HeaderName, HeaderValue)>,
}

impl Problem {
    /// A problem of one of [`KINDS`].
    pub(crate) fn new(language: Language, code: &'static str) -> Self {
        let status = KINDS.iter().find(|(kind, _)| *kind == code).map(|(_, status)| *status);
        let header = match code {
            "not-signed-in" => Some((WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"betrodd\""))),
            "unavailable" => Some((RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS))),
            _ => None,
        };
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { code, status, language, detail: None, more: Map::new(), header }
    }

    /// With another sentence than the kind's own.
    pub(crate) fn detail(mut self, detail: String) -> Self {
        self.detail = Some(detail);
        self
    }

    /// To be tried again after so many seconds.
    pub(crate) fn after(mut self, seconds: u64) -> Self {
        self.header = Some((RETRY_AFTER, HeaderValue::from(seconds)));
        self
    }

    /// With a further member.
    pub(crate) fn with(mut self, name: &str, value: Json) -> Self {
        self.more.insert(name.to_owned(), value);
        self
    }

    fn all(mut self, members: Map<String, Json>) -> Self {
        self.more.extend(members);
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Self { code, status, language, detail, more, header } = self;
        let detail = detail.unwrap_or_else(|| t(language, &format!("api-{code}-detail")));
        let mut body = Map::from_iter([
            ("type".to_owned(), json!(format!("{PROBLEMS}/{code}"))),
            ("title".to_owned(), json!(t(language, &format!("api-{code}")))),
            ("status".to_owned(), json!(status.as_u16())),
            ("detail".to_owned(), json!(detail)),
        ]);
        body.extend(more);
        let body = Json::Object(body).to_string();
        let kind = HeaderValue::from_static("application/problem+json");
        let mut response = (status, [(CONTENT_TYPE, kind)], body).into_response();
        let headers = response.headers_mut();
        headers.insert("content-language", HeaderValue::from_static(language.tag()));
        headers.insert(VARY, HeaderValue::from_static("accept-language"));
        if let Some((name, value)) = header {
            headers.insert(name, value);
        }
        response
    }
}

/// The problem that a *no* of the door is. `kind` is the one that was asked about, for the labels of its fields.
pub(crate) fn of_no(ctx: &Ctx, kind: Option<&Kind>, no: &No) -> Response {
    let new = |code| Problem::new(ctx.language, code);
    match no {
        No::Refused(refusal) => {
            let (detail, members) = refusal_members(ctx, refusal);
            new("refused").detail(detail).all(members)
        }
        No::Missing => new("missing"),
        No::Invalid(faults) => {
            let faults = faults.iter().map(|fault| Json::Object(fault_members(ctx.language, kind, fault))).collect();
            new("invalid").with("faults", Json::Array(faults))
        }
        No::Reused => new("key-reused"),
        No::Conflict { version } => new("conflict")
            .detail(t_with(ctx.language, "api-conflict-now", &[("version", version.to_string().into())]))
            .with("version", json!(version)),
        No::State { state, why } => new("state")
            .detail(t_with(
                ctx.language,
                &format!("answer-state-{}", why.code()),
                &[("state", state.as_deref().map_or_else(String::new, |state| state_word(ctx, state)).into())],
            ))
            .with("state", json!(state))
            .with("why", json!(why.code())),
        No::Unavailable(why) => {
            tracing::error!(%why, "the door could not answer");
            new("unavailable")
        }
    }
    .into_response()
}

/// What is wrong with one field, without its value.
pub(crate) fn fault_members(language: Language, kind: Option<&Kind>, fault: &FieldFault) -> Map<String, Json> {
    let label = kind.and_then(|kind| kind.field(fault.field.as_str())).map(|field| field.label.text(language));
    let mut members = Map::from_iter([
        ("field".to_owned(), json!(fault.field.as_str())),
        ("label".to_owned(), json!(label)),
        ("problem".to_owned(), json!(fault.problem.code())),
        ("detail".to_owned(), json!(fault_sentence(language, label.unwrap_or(fault.field.as_str()), fault.problem))),
    ]);
    if let FieldProblem::TooLong { max, given } = fault.problem {
        members.insert("max".to_owned(), json!(max));
        members.insert("given".to_owned(), json!(given));
    }
    members
}

/// «Födelsedatum är inget datum. Skriv till exempel 2026-11-21.» Nothing of what was sent is in it.
pub(crate) fn fault_sentence(language: Language, label: &str, problem: FieldProblem) -> String {
    let key = format!("problem-{}", problem.code());
    let what = match problem {
        FieldProblem::TooLong { max, given } => t_with(language, &key, &[("max", max.into()), ("given", given.into())]),
        _ => t(language, &key),
    };
    format!("{label} {what}")
}

/// The members by which a refusal is told, in an answer of its own or as a part of an export.
pub(crate) fn refusal_members(ctx: &Ctx, refusal: &Refusal) -> (String, Map<String, Json>) {
    let language = ctx.language;
    let why = Labels::of(ctx).map_or_else(
        || t(language, &format!("refusal-reason-{}", refusal.reason.code())),
        |labels| refusal::reason(labels, &refusal.reason),
    );
    let changer = t(language, &format!("refusal-changer-{}", refusal.changer.code()));
    let clause = t_with(language, "api-refused-clause", &[("number", refusal.number.as_str().into())]);
    let mut more = Map::from_iter([
        ("reason".to_owned(), json!(refusal.reason.code())),
        ("clause".to_owned(), json!(refusal.clause.as_str())),
        ("number".to_owned(), json!(refusal.number)),
        ("changer".to_owned(), json!(refusal.changer.code())),
        ("role".to_owned(), json!(refusal.role.as_str())),
        ("verb".to_owned(), json!(refusal.verb.as_str())),
        ("purpose".to_owned(), json!(refusal.purpose.as_str())),
        ("subject".to_owned(), json!(refusal.subject.as_str())),
        ("entry".to_owned(), json!(refusal.entry)),
    ]);
    match &refusal.reason {
        Reason::CategoryNotDeclared(category) => {
            more.insert("category".to_owned(), json!(category.as_str()));
        }
        Reason::FieldNotDeclared(field) => {
            more.insert("field".to_owned(), json!(field));
        }
        _ => {}
    }
    if let Some(agreement) = &ctx.agreement {
        more.insert("agreement".to_owned(), json!(agreement.hash().to_string()));
    }
    (format!("{why} {clause} {changer}"), more)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::has;

    #[test]
    fn every_problem_has_its_title_detail_and_explanation_in_both_languages() {
        for (code, _) in KINDS {
            for part in ["", "-detail", "-what"] {
                for language in [Language::Sv, Language::En] {
                    assert!(has(language, &format!("api-{code}{part}")), "api-{code}{part} in {}", language.tag());
                }
            }
        }
    }
}
