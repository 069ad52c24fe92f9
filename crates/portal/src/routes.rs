//! Every route, on one page.
//!
//! A service must not be called `api`, `demo`, `language`, `login`, `logout` or `static`, and no kind may take the path of
//! a page below; [`router`] tells of one that does.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::ctx::Ctx;
use crate::form::MAX_BODY_BYTES;
use crate::guard::guard;
use crate::pages::answers;
use crate::state::Portal;

/// The sheet of styles.
pub const STYLE: &str = "/static/portal.css";
/// The picture of the tab.
pub const ICON: &str = "/static/icon.svg";
/// The demo's clock.
pub const CLOCK: &str = "/demo/clock";
/// The agreement, under the service.
pub const AGREEMENT: &str = "avtal";
/// The public list of subprocessors, under the service.
pub const SUBPROCESSORS: &str = "underbitraden";
/// Who looked, under the service: for the roles that the agreement shows the log to.
pub const WHO_LOOKED: &str = "vem-har-tittat";
/// The customer's support cases, under the service.
pub const CASES: &str = "arenden";
/// The provider's support desk, under the service.
pub const DESK: &str = "support";
/// Posting `customer`, `case`, `purpose` (and `next`) here puts a person of the provider into a case.
pub const TAKE_CASE: &str = "support/ga-in";
/// Posting here leaves it.
pub const LEAVE_CASE: &str = "support/lamna";

/// The portal as one router, ready to serve.
pub fn router(portal: Arc<Portal>) -> Router {
    Router::new()
        .route(STYLE, get(style))
        .route(ICON, get(icon))
        // Pages of a service. Public: agreement and subprocessors.
        // (who looked, support desk, agreement, subprocessors: see `pages`)
        .fallback(missing)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(middleware::from_fn_with_state(Arc::clone(&portal), guard))
        .with_state(portal)
}

async fn missing(ctx: Ctx) -> Response {
    answers::missing(&ctx)
}

async fn style() -> Response {
    let headers = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "public, max-age=600")];
    (headers, include_str!("../static/portal.css")).into_response()
}

async fn icon() -> Response {
    let headers = [(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "public, max-age=86400")];
    (headers, include_str!("../static/icon.svg")).into_response()
}
