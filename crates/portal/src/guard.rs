//! What stands around every handler: limits, headers, the refusal of other sites' forms, and an answer where a handler fails.

use core::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Poll;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderName, ORIGIN, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::api::problem::Problem;
use crate::ctx::Ctx;
use crate::pages::answers;
use crate::state::Portal;

/// Nothing is loaded but our own sheet and pictures, no script runs, no other site frames us or takes our forms.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The same for a page that has keys: besides, our own script runs, from a file and never from the page.
pub(crate) const POLICY_WITH_KEYS: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; \
     frame-ancestors 'none'; base-uri 'none'";

/// Goes around everything, outermost.
pub async fn guard(State(portal): State<Arc<Portal>>, request: Request, next: Next) -> Response {
    let here = request.uri().path_and_query().map_or_else(|| "/".to_owned(), |here| here.as_str().to_owned());
    let headers = request.headers().clone();
    let ctx = || Ctx::of(Arc::clone(&portal), &headers, here.clone(), None);
    let writes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let api = here.starts_with("/api/");
    let mut response = if writes && foreign(&headers) {
        if api {
            problem(&ctx(), "foreign-site")
        } else {
            answers::page_of(&ctx(), StatusCode::FORBIDDEN, "answer-foreign-form")
        }
    } else {
        match caught(next.run(request)).await {
            Some(response) if unanswered(&response) => match (api, writes) {
                (true, _) => problem(&ctx(), "unreadable"),
                (false, true) => answers::page_of(&ctx(), StatusCode::BAD_REQUEST, "answer-form-unreadable"),
                (false, false) => answers::missing(&ctx()),
            },
            Some(response) => response,
            // What went wrong stands in the program's log; a page that told it could tell personal data too.
            None if api => problem(&ctx(), "fault"),
            None => answers::page_of(&ctx(), StatusCode::INTERNAL_SERVER_ERROR, "answer-fault"),
        }
    };
    dress(response.headers_mut(), portal.settings.secure_cookies);
    response
}

fn problem(ctx: &Ctx, code: &'static str) -> Response {
    Problem::new(ctx.language, code).into_response()
}

/// Whether an address or query could not even be read, so that no handler was asked: then the answer is the framework's own
/// sentence in English, which is neither a page nor a problem that a program understands.
fn unanswered(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    response.status() == StatusCode::BAD_REQUEST && kind.starts_with("text/plain")
}

/// Whether a browser says that this request was made by another site. `Origin` is `null` under our own referrer policy, so
/// that alone says nothing; old browsers that send neither are held by `SameSite` and by the token of the session.
fn foreign(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match text(HeaderName::from_static("sec-fetch-site")) {
        Some("same-origin" | "none") => return false,
        Some(_) => return true,
        None => {}
    }
    match (text(ORIGIN), text(HOST)) {
        (None | Some("null"), _) => false,
        (Some(origin), Some(host)) => origin.split_once("://").is_none_or(|(_, origin_host)| origin_host != host),
        (Some(_), None) => true,
    }
}

fn dress(headers: &mut HeaderMap, secure: bool) {
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(REFERRER_POLICY, "no-referrer");
    set(X_FRAME_OPTIONS, "DENY");
    set(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if secure {
        set(STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    // A file has a stricter one.
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    // What does not say otherwise may hold personal data.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// The answer, or `None` if the handler panicked. Its task's state goes with it; what was acknowledged is in the journal.
async fn caught(answer: impl Future<Output = Response>) -> Option<Response> {
    let mut answer = Box::pin(answer);
    poll_fn(move |task| match catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(task))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(response)) => Poll::Ready(Some(response)),
        Err(_) => {
            tracing::error!("a page failed; the fault is in the lines above");
            Poll::Ready(None)
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(headers: &[(&'static str, &'static str)], expected: bool) {
        let map = headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        assert_eq!(foreign(&map.collect()), expected, "{headers:?}");
    }

    #[test]
    fn a_handler_that_fails_is_an_answer_and_not_a_broken_connection() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert!(runtime.block_on(caught(async { panic!("for the test") })).is_none());
        assert!(runtime.block_on(caught(async { Response::default() })).is_some());
    }

    #[test]
    fn a_form_of_another_site_is_known_as_one() {
        check(&[("sec-fetch-site", "same-origin"), ("origin", "null")], false);
        check(&[("sec-fetch-site", "cross-site")], true);
        check(&[("sec-fetch-site", "same-site")], true);
        check(&[("origin", "https://elsewhere.se"), ("host", "127.0.0.1:8080")], true);
        check(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")], false);
        check(&[("host", "127.0.0.1:8080")], false);
    }
}
