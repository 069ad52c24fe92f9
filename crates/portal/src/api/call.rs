//! What every call of the interface begins with: who calls, in which service, about which kind and record, in which language and
//! under which condition. A call that lacks any of it is answered here, the same way for all.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::header::{ACCEPT, CONTENT_TYPE, IF_MATCH, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use service::{Asked, Kind, No};
use terms::{RecordId, Verb};

use super::problem::{Problem, of_no};
use crate::ctx::{Ctx, Signed, bearer};
use crate::form::same;
use crate::state::Portal;

/// Longest idempotency key that is taken, in characters.
const MAX_KEY_CHARACTERS: usize = 255;

/// Who calls, about what.
pub(crate) struct Call {
    /// Who, in which context.
    pub signed: Signed,
    /// The kind of the address.
    pub kind: Kind,
    /// The record of the address, where it names one.
    record: Option<RecordId>,
    headers: HeaderMap,
}

impl FromRequestParts<Arc<Portal>> for Call {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, portal: &Arc<Portal>) -> Result<Self, Response> {
        let signed = signed(parts, portal).await?;
        let path = RawPathParams::from_request_parts(parts, portal).await.map_err(|_| missing(&signed))?;
        let part = |wanted: &str| path.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.to_owned());
        let kind = part("kind").and_then(|path| signed.shop.as_ref()?.kinds.by_path(&path).cloned());
        let kind = kind.ok_or_else(|| missing(&signed))?;
        let record = part("id").map(|id| id.parse::<RecordId>()).transpose().map_err(|_| missing(&signed))?;
        Ok(Self { signed, kind, record, headers: parts.headers.clone() })
    }
}

/// Who calls, in a service of theirs; for addresses that name no kind.
///
/// # Errors
/// The problem to answer.
pub(crate) async fn signed(parts: &mut Parts, portal: &Arc<Portal>) -> Result<Signed, Response> {
    let Ok(ctx) = Ctx::from_request_parts(parts, portal).await;
    if !accepts(&parts.headers, &["application/json", "application/problem+json", "text/csv", "application/pdf"]) {
        return Err(Problem::new(ctx.language, "not-acceptable").into_response());
    }
    at_home(ctx)
}

/// Somebody who is signed in and whose service it is.
fn at_home(ctx: Ctx) -> Result<Signed, Response> {
    let Some(me) = ctx.me.clone() else {
        return Err(match ctx.wait_seconds {
            Some(seconds) => Problem::new(ctx.language, "too-many-attempts").after(seconds).into_response(),
            None => Problem::new(ctx.language, "not-signed-in").into_response(),
        });
    };
    // Somebody else's service is answered as one that does not exist: whether it does is nobody's business.
    if ctx.mine() { Ok(Signed { ctx, me }) } else { Err(missing(&ctx)) }
}

/// Who calls, at an address that has one form of answer, whatever is asked for.
pub struct Caller(pub Signed);

impl FromRequestParts<Arc<Portal>> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, portal: &Arc<Portal>) -> Result<Self, Response> {
        let Ok(ctx) = Ctx::from_request_parts(parts, portal).await;
        at_home(ctx).map(Self)
    }
}

fn missing(ctx: &Ctx) -> Response {
    Problem::new(ctx.language, "missing").into_response()
}

impl Call {
    /// What the door is asked with.
    pub(crate) fn asked(&self, verb: Verb) -> Result<Asked, Response> {
        let asked = self.signed.asked(verb, &self.kind);
        asked.ok_or_else(|| self.problem("no-customer-in-view").into_response())
    }

    /// The record of the address.
    pub(crate) fn record(&self) -> Result<RecordId, Response> {
        self.record.ok_or_else(|| missing(&self.signed))
    }

    /// A problem in the caller's language.
    pub(crate) fn problem(&self, code: &'static str) -> Problem {
        Problem::new(self.signed.language, code)
    }

    /// The answer to a *no* of the door.
    pub(crate) fn no(&self, no: &No) -> Response {
        of_no(&self.signed, Some(&self.kind), no)
    }

    /// A parameter of the address that cannot be taken.
    pub(crate) fn parameter(&self, name: &str) -> Response {
        // The name is the caller's; only one that could be a name is given back.
        let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(64).collect();
        self.problem("parameter").with("parameter", json!(name)).into_response()
    }

    /// The caller's key, so that the same call again does nothing again. Raw, or as the quoted text of a structured header.
    pub(crate) fn once(&self) -> Result<Option<String>, Response> {
        let Some(value) = self.headers.get("idempotency-key") else { return Ok(None) };
        let key = value.to_str().ok().map(str::trim).map(|key| {
            let quoted = key.strip_prefix('"').and_then(|key| key.strip_suffix('"'));
            quoted.unwrap_or(key).to_owned()
        });
        match key {
            Some(key) if !key.is_empty() && key.len() <= MAX_KEY_CHARACTERS => Ok(Some(key)),
            _ => Err(self.parameter("Idempotency-Key")),
        }
    }

    /// The version that the caller saw, as `If-Match` says it. `*` says none.
    pub(crate) fn seen(&self) -> Result<Option<u64>, Response> {
        let mut values = self.headers.get_all(IF_MATCH).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return if self.headers.contains_key(IF_MATCH) { Err(self.parameter("If-Match")) } else { Ok(None) };
        };
        let text = value.to_str().unwrap_or("").trim();
        if text == "*" {
            return Ok(None);
        }
        version(text).map(Some).ok_or_else(|| self.parameter("If-Match"))
    }

    /// Whether the caller has this version already.
    pub(crate) fn has(&self, present: u64) -> bool {
        let values = self.headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        let mut tags = values.flat_map(|value| value.split(',')).map(str::trim);
        tags.any(|tag| tag == "*" || version(tag.strip_prefix("W/").unwrap_or(tag)) == Some(present))
    }
}

fn version(tag: &str) -> Option<u64> {
    tag.trim_matches('"').parse().ok()
}

/// Whether the caller takes one of these. No `Accept` takes everything.
pub(crate) fn accepts(headers: &HeaderMap, offered: &[&str]) -> bool {
    let mut said = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).peekable();
    if said.peek().is_none() {
        return true;
    }
    let ranges = said.flat_map(|value| value.split(','));
    ranges.into_iter().any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or("").to_ascii_lowercase();
        let refused = parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        let fits = |offer: &&str| {
            kind == "*/*"
                || kind == **offer
                || kind.strip_suffix("/*").is_some_and(|of| offer.split('/').next() == Some(of))
        };
        !refused && (kind.is_empty() || offered.iter().any(fits))
    })
}

/// A call that writes: with the session's token or a key, and its body, whole.
pub(crate) struct Writing {
    /// Who, about what.
    pub call: Call,
    /// What was sent.
    pub body: Bytes,
}

impl FromRequest<Arc<Portal>> for Writing {
    type Rejection = Response;

    async fn from_request(request: Request, portal: &Arc<Portal>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let call = Call::from_request_parts(&mut parts, portal).await?;
        believed(&call.signed, &call.headers)?;
        let body = read(&call.signed, Request::from_parts(parts, body), portal).await?;
        Ok(Self { call, body })
    }
}

impl Writing {
    /// The body as JSON of this form.
    ///
    /// # Errors
    /// The problem to answer.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, Response> {
        json_of(&self.call.signed, &self.call.headers, &self.body)
    }
}

/// Whether a writing is believed to be the caller's own: a browser sends a session's cookie along with whatever any page asks,
/// so that it needs the session's token besides.
///
/// # Errors
/// The problem to answer.
pub(crate) fn believed(signed: &Signed, headers: &HeaderMap) -> Result<(), Response> {
    // A key is sent on purpose and by nobody's browser; it has no token.
    if signed.me.csrf.is_empty() && bearer(headers).is_some() {
        return Ok(());
    }
    let token = headers.get("x-csrf").and_then(|value| value.to_str().ok()).unwrap_or("");
    if same(token, &signed.me.csrf) {
        return Ok(());
    }
    Err(Problem::new(signed.language, "token-missing").into_response())
}

/// Reads a body whole, up to the route's limit.
///
/// # Errors
/// The problem to answer.
pub(crate) async fn read(ctx: &Ctx, request: Request, portal: &Arc<Portal>) -> Result<Bytes, Response> {
    Bytes::from_request(request, portal).await.map_err(|rejection| {
        let too_large = rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE;
        Problem::new(ctx.language, if too_large { "too-large" } else { "unreadable" }).into_response()
    })
}

/// A body as JSON. What names no media type is taken for JSON; what names another is not read.
///
/// # Errors
/// The problem to answer.
pub(crate) fn json_of<T: serde::de::DeserializeOwned>(
    ctx: &Ctx,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<T, Response> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("application/json");
    let kind = kind.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    if !(kind == "application/json" || kind.starts_with("application/") && kind.ends_with("+json")) {
        return Err(Problem::new(ctx.language, "media-type").into_response());
    }
    serde_json::from_slice(body).map_err(|_| Problem::new(ctx.language, "unreadable").into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn what_a_caller_accepts_is_read_by_its_ranges() {
        for (accept, fits) in [
            ("*/*", true),
            ("application/json", true),
            ("text/html, application/*;q=0.2", true),
            ("application/problem+json", true),
            ("text/html", false),
            ("image/*", false),
            ("application/json;q=0", false),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_str(accept).unwrap())]);
            assert_eq!(accepts(&headers, &["application/json", "application/problem+json"]), fits, "{accept}");
        }
        assert!(accepts(&HeaderMap::new(), &["application/json"]));
    }
}
