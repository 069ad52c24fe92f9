//! Every route, on one page.
//!
//! What a service and its kinds may not be called stands in `TAKEN` and `TAKEN_BY_PAGES`.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use service::Kinds;

use crate::ctx::Ctx;
use crate::form::MAX_BODY_BYTES;
use crate::guard::guard;
use crate::pages::{
    accounts, administration, agreement, agreement_registers, answers, certificates, checkpoints, clock, confirm,
    confirm_point, confirm_result, consent, customer_file, data_quality, desk, erasure, export, figures, files, first,
    found, holds, home, import, import_undo, invitation, login, month, notices, operations, own_account, package,
    paper_of, problems, read, records, restriction, same_event, subprocessors, support, who_looked, writing,
};
use crate::state::Portal;
use crate::{
    api, api_customer_file, api_erasure, api_export, api_figures, api_files, api_holds, api_import, api_keys, api_log,
    openapi, views,
};

/// The sheet of styles.
pub const STYLE: &str = "/static/portal.css";
/// The picture of the tab.
pub const ICON: &str = "/static/icon.svg";
/// The keys of the page on which proposals are confirmed.
pub const KEYS_SCRIPT: &str = "/static/confirm.js";
/// The demo's clock.
pub const CLOCK: &str = "/demo/clock";
/// One event under every agreement.
pub const SAME_EVENT: &str = "/same-event";
/// A text from outside is read.
pub const READ: &str = "/read";
/// The report on one.
pub const READ_REPORT: &str = "/read/report";
/// The agreement, under the service.
pub const AGREEMENT: &str = "avtal";
/// The public list of subprocessors, under the service.
pub const SUBPROCESSORS: &str = "underbitraden";
/// Who looked, under the service: for the roles that the agreement shows the log to.
pub const WHO_LOOKED: &str = "vem-har-sett";
/// Checkpoints of the customer's log, under the service.
pub const CHECKPOINTS: &str = "kontrollpunkter";
/// The customer's log, for programs.
pub const LOG_API: &str = "log";
/// Erasures and their certificates, under the service.
pub const ERASURES: &str = "raderingar";
/// The same for programs.
pub const ERASURES_API: &str = "erasures";
/// Figures that stayed of what was anonymised, under the service.
pub const FIGURES: &str = "statistik";
/// The same for programs.
pub const FIGURES_API: &str = "figures";
/// Legal holds, under the service.
pub const HOLDS: &str = "raderingsstopp";
/// The same for programs.
pub const HOLDS_API: &str = "holds";
/// The customer's support cases, under the service.
pub const CASES: &str = "arenden";
/// What an administrator of a customer does there, under the service.
pub const ADMINISTRATION: &str = "administration";
/// The people of the customer, under the service.
pub const ACCOUNTS: &str = "inloggningar";
/// One's own account, under the service.
pub const ACCOUNT: &str = "konto";
/// Keys of programs, over the interface.
pub const KEYS_API: &str = "keys";
/// Keys of programs, under the service.
pub const KEYS: &str = "nycklar";
/// What a data subject is asked to accept, under the service.
pub const CONSENT: &str = "samtycke";
/// Notices from the provider, under the service.
pub const NOTICES: &str = "underrattelser";
/// How the installation stands, under the service.
pub const OPERATIONS: &str = "drift";
/// Texts from outside that the provider's people confirm, under the service.
pub const CONFIRM: &str = "bekrafta";
/// Free texts worth reading again, under the service.
pub const QUALITY: &str = "datakvalitet";
/// Links by which people are invited.
pub const INVITATION: &str = "/inbjudan";
/// The customer's own file, under the service.
pub const CUSTOMER_FILE: &str = "var-fil";
/// The customer's own file, for programs.
pub const CUSTOMER_FILE_API: &str = "customer-file";
/// What expires soon, under the service.
pub const SOON: &str = "snart";
/// The provider's support desk, under the service.
pub const DESK: &str = "support";
/// The service's computed pages, under the service.
pub const VIEWS: &str = "vy";
/// The same for programs.
pub const VIEWS_API: &str = "views";

/// Longest form that carries a file of rows: percent-encoding makes up to three signs of a byte.
const MAX_IMPORT_FORM_BYTES: usize = 3 * intake::MAX_BYTES + (64 << 10);

/// First parts of addresses that no service can have.
const TAKEN: [&str; 10] =
    ["inbjudan", "api", "demo", "language", "login", "logout", "problems", "read", "same-event", "static"];
/// Second parts that no kind can have.
const TAKEN_BY_PAGES: &[&str] = &[
    ACCOUNT,
    ACCOUNTS,
    ADMINISTRATION,
    AGREEMENT,
    CASES,
    CONFIRM,
    CONSENT,
    CUSTOMER_FILE,
    CUSTOMER_FILE_API,
    DESK,
    KEYS,
    KEYS_API,
    NOTICES,
    OPERATIONS,
    QUALITY,
    SOON,
    SUBPROCESSORS,
    VIEWS,
    VIEWS_API,
    WHO_LOOKED,
    ERASURES,
    ERASURES_API,
    FIGURES,
    FIGURES_API,
    HOLDS,
    HOLDS_API,
    CHECKPOINTS,
    LOG_API,
];

/// What of a service could not be reached, because its address is one of the portal's own: a sentence for whoever wrote it.
#[must_use]
pub fn taken(kinds: &Kinds) -> Option<String> {
    if TAKEN.contains(&kinds.service.as_str()) {
        return Some(format!(
            "the service's name `{}` is an address of the portal's own; give it another name",
            kinds.service
        ));
    }
    let kind = kinds.kinds.iter().find(|kind| TAKEN_BY_PAGES.contains(&kind.path.as_str()))?;
    Some(format!("the `path` of `kind.{}`, `{}`, is the address of a page; give it another", kind.name, kind.path))
}

/// The portal as one router, ready to serve. A service or kind that could not be reached under its address is told in the log;
/// a program asks [`taken`] before.
pub fn router(portal: Arc<Portal>) -> Router {
    for told in portal.services.iter().filter_map(|shop| taken(&shop.kinds)) {
        tracing::error!("{told}");
    }
    Router::new()
        .route(STYLE, get(style))
        .route(ICON, get(icon))
        .route(KEYS_SCRIPT, get(keys_script))
        // The entrance.
        .route("/", get(first::first))
        .route("/login", get(login::form).post(login::log_in))
        .route("/logout", post(login::log_out))
        .route("/language", post(login::language))
        // Only in a demo folder; elsewhere these answer that there is no such page.
        .route("/demo/enter", post(first::enter))
        .route(CLOCK, get(clock::show).post(clock::move_to))
        // Public, over all services: one event under every agreement.
        .route(SAME_EVENT, get(same_event::page))
        // A text from outside, read while one waits; it has a limit of its own.
        .route(READ, get(read::form).post(read::read).layer(DefaultBodyLimit::disable()))
        .route(READ_REPORT, get(read::form).post(read::report).layer(DefaultBodyLimit::disable()))
        // For programs: the same door, JSON.
        .route("/api/v1/openapi.json", get(openapi::document))
        .route("/api/v1/{service}/openapi.json", get(openapi::of_service))
        .route("/api/v1/{service}/keys", get(api_keys::list).post(api_keys::make))
        .route("/api/v1/{service}/keys/{id}", axum::routing::delete(api_keys::end))
        .route("/api/v1/{service}/customer-file", get(api_customer_file::read).put(api_customer_file::adopt))
        .route("/api/v1/{service}/{kind}", get(api::list).post(api::create))
        .route(
            "/api/v1/{service}/{kind}/import",
            get(api_import::all).post(api_import::bring).layer(DefaultBodyLimit::max(intake::MAX_BYTES + 1024)),
        )
        .route("/api/v1/{service}/{kind}/import/{id}", get(api_import::one))
        .route("/api/v1/{service}/{kind}/import/{id}/undo", get(api_import::plan_undo).post(api_import::undo))
        .route("/api/v1/{service}/{kind}/{id}", get(api::read).put(api::change))
        .route("/api/v1/{service}/{kind}/{id}/history", get(api::history))
        // Files have their own limits, which the kinds say.
        .route(
            "/api/v1/{service}/{kind}/{id}/files/{field}",
            get(api_files::read).put(api_files::put).layer(DefaultBodyLimit::disable()),
        )
        .route("/api/v1/{service}/{kind}/{id}/export", get(api_export::record))
        .route("/api/v1/{service}/{kind}/{id}/person", get(api_export::person))
        // The customer's log as others verify it.
        .route("/api/v1/{service}/log/checkpoint", get(api_log::checkpoint))
        .route("/api/v1/{service}/log/verifier.key", get(api_log::key))
        .route("/api/v1/{service}/log/checkpoints", get(api_log::checkpoints_of))
        .route("/api/v1/{service}/log/tile/{*path}", get(api_log::tile))
        .route("/api/v1/{service}/log/proof/{index}", get(api_log::proof))
        .route("/api/v1/{service}/log/consistency/{size}", get(api_log::consistency))
        .route("/api/v1/{service}/{kind}/{id}/export.zip", get(package::record_for_program))
        .route("/api/v1/{service}/{kind}/{id}/person.zip", get(package::person_for_program))
        .route("/api/v1/{service}/erasures", get(api_erasure::list))
        .route("/api/v1/{service}/erasures/set-aside", get(api_erasure::set_aside))
        .route("/api/v1/{service}/erasures/{id}", get(api_erasure::one))
        .route("/api/v1/{service}/erasures/{id}/bring-back", post(api_erasure::bring_back))
        .route("/api/v1/{service}/figures", get(api_figures::list).post(api_figures::anonymise))
        .route("/api/v1/{service}/holds", get(api_holds::list).post(api_holds::place))
        .route("/api/v1/{service}/holds/{id}", get(api_holds::one).delete(api_holds::lift))
        .route("/api/v1/{service}/{kind}/{id}/erasure", post(api_erasure::erase))
        .route(
            "/api/v1/{service}/{kind}/{id}/restriction",
            get(api_erasure::restriction_of).put(api_erasure::restrict).delete(api_erasure::lift),
        )
        // What a problem of the interface means, for people.
        .route("/problems", get(problems::all))
        .route("/problems/{code}", get(problems::one))
        .route("/api", any(api::unknown))
        .route("/api/", any(api::unknown))
        .route("/api/{*rest}", any(api::unknown))
        // Public: agreement and subprocessors.
        .route(&under(AGREEMENT), get(agreement::page))
        .route(&under("avtal.md"), get(agreement::file))
        .route(&under("avtal/register"), get(agreement_registers::index))
        .route(&under("avtal/register/{register}"), get(agreement_registers::page))
        .route(&under(SUBPROCESSORS), get(subprocessors::page))
        .route(&under("underbitraden.json"), get(subprocessors::json))
        .route(&under("underbitraden.csv"), get(subprocessors::csv))
        .route(&under(WHO_LOOKED), get(who_looked::page))
        .route(&under("vem-har-sett.csv"), get(who_looked::csv))
        .route(&under("vem-har-sett/{proof}"), get(checkpoints::proof))
        .route(&under(CHECKPOINTS), get(checkpoints::page_of))
        .route(&under("kontrollpunkter.checkpoint"), get(checkpoints::note))
        // Invited, and one's own account.
        .route("/inbjudan/{link}", get(invitation::form).post(invitation::accept))
        .route(&under(ACCOUNT), get(own_account::page_of).post(own_account::change_password))
        .route(&under(KEYS), get(own_account::keys).post(own_account::make_key))
        .route(&under("nycklar/{key}/dra-in"), post(own_account::end_key))
        .route(&under(CONSENT), get(consent::page_of).post(consent::accept))
        .route(&under("samtycke/aterkalla"), post(consent::withdraw))
        // Notices, and free texts worth reading again.
        .route(&under(NOTICES), get(notices::page_of).post(notices::send))
        .route(&under("underrattelser.csv"), get(notices::csv))
        .route(&under("underrattelser/{id}/last"), post(notices::read))
        .route(&under(OPERATIONS), get(operations::page_of))
        .route(&under("drift.json"), get(operations::json))
        .route(&under(QUALITY), get(data_quality::page_of))
        .route(&under("datakvalitet/granskad"), post(data_quality::looked))
        // What the customer's administrators do.
        .route(&under(ACCOUNTS), get(accounts::page_of))
        .route(&under("inloggningar/bjud-in"), post(accounts::invite))
        .route(&under("inloggningar/{person}/lank"), post(accounts::new_link))
        .route(&under("inloggningar/{person}/roll"), post(accounts::role))
        .route(&under("inloggningar/{person}/avsluta"), post(accounts::end))
        .route(&under(ADMINISTRATION), get(administration::page_of))
        .route(&under(CUSTOMER_FILE), get(customer_file::page_of).post(customer_file::preview))
        .route(&under("var-fil/anta"), post(customer_file::adopt))
        .route(&under("var-fil.toml"), get(customer_file::text))
        // What expires soon.
        .route(&under(SOON), get(found::soon))
        // The customer's cases, and the provider's desk, where case and purpose stand in the address.
        .route(&under(CASES), get(support::page))
        .route(&under("arenden/nytt"), get(support::new).post(support::open))
        .route(&under("arenden/{case}"), get(support::one))
        .route(&under("arenden/{case}/stang"), post(support::close))
        .route(&under(DESK), get(desk::page))
        .route(&under("support/{case}"), get(desk::purpose))
        .route(&under("support/{case}/{purpose}"), get(desk::case))
        .route(&under("support/{case}/{purpose}/{kind}"), get(desk::records))
        .route(&under("support/{case}/{purpose}/{kind}/{record}"), get(desk::record))
        .route(&under("support/{case}/{purpose}/{kind}/{record}/filer/{field}"), get(desk::file))
        // What the service computes.
        .route("/api/v1/{service}/views", get(views::api::index))
        .route("/api/v1/{service}/views/{view}", get(views::api::show))
        .route("/api/v1/{service}/views/{view}/pdf", get(views::api::pdf))
        .route("/api/v1/{service}/views/{view}/csv", get(views::api::csv))
        .route("/api/v1/{service}/views/{view}/{act}", post(views::api::carry_out))
        .route(&under(VIEWS), get(views::index))
        .route(&under("vy/{view}"), get(views::show).post(views::pasted))
        .route(&under("vy/{view}/underlag"), get(views::sources))
        .route(&under("vy/{view}/{act}"), post(views::carry_out))
        // A text from outside is confirmed; its upload has a limit of its own.
        .route(&under(CONFIRM), get(confirm::list).post(confirm::begin).layer(DefaultBodyLimit::disable()))
        .route(&under("bekrafta/{id}"), get(confirm::show).post(confirm::choose))
        .route(&under("bekrafta/{id}/peka"), get(confirm_point::show).post(confirm_point::point))
        .route(&under("bekrafta/{id}/kasta"), post(confirm::throw_away))
        .route(&under("bekrafta/{id}/avtal"), get(confirm_result::page_of))
        .route(&under("bekrafta/{id}/avtal.zip"), get(confirm_result::zip))
        // Erasures and their certificates.
        .route(&under(ERASURES), get(certificates::list))
        .route(&under("raderingar/{id}"), get(certificates::one))
        .route(&under("raderingar/{id}/aterta"), post(certificates::bring_back))
        // Anonymising, and what stays of it.
        .route(&under(FIGURES), get(figures::list))
        .route(&under("statistik.csv"), get(figures::csv))
        .route(&under("statistik/{kind}"), get(figures::plan).post(figures::anonymise))
        // Legal holds.
        .route(&under(HOLDS), get(holds::register).post(holds::place_wide))
        .route(&under("raderingsstopp/{id}"), get(holds::one))
        .route(&under("raderingsstopp/{id}/hav"), post(holds::lift))
        // The service: home, and the records of each kind.
        .route("/{service}", get(home::to_home))
        .route("/{service}/", get(home::home))
        .route("/{service}/{kind}", get(records::list))
        .route("/{service}/{kind}/new", get(writing::new).post(writing::create).layer(DefaultBodyLimit::disable()))
        .route(
            "/{service}/{kind}/import",
            get(import::start).post(import::upload).layer(DefaultBodyLimit::max(MAX_IMPORT_FORM_BYTES)),
        )
        .route("/{service}/{kind}/import/run", post(import::run).layer(DefaultBodyLimit::max(MAX_IMPORT_FORM_BYTES)))
        .route("/{service}/{kind}/import/{id}", get(import::one))
        .route("/{service}/{kind}/import/{id}/angra", get(import_undo::plan).post(import_undo::undo))
        .route("/{service}/{kind}/urval", get(found::by_values))
        .route("/{service}/{kind}/manad", get(month::show).post(month::write))
        .route("/{service}/{kind}/{id}", get(records::file))
        .route(
            "/{service}/{kind}/{id}/edit",
            get(writing::edit).post(writing::change).layer(DefaultBodyLimit::disable()),
        )
        .route("/{service}/{kind}/{id}/filer/{field}", get(files::file))
        .route("/{service}/{kind}/{id}/state", post(writing::state))
        .route("/{service}/{kind}/{id}/history", get(records::history))
        .route("/{service}/{kind}/{id}/pdf", get(paper_of::show))
        .route("/{service}/{kind}/{id}/export", get(export::record))
        .route("/{service}/{kind}/{id}/person", get(export::person))
        .route("/{service}/{kind}/{id}/export.zip", get(package::record))
        .route("/{service}/{kind}/{id}/person.zip", get(package::person))
        .route("/{service}/{kind}/{id}/radera", get(erasure::plan).post(erasure::erase))
        .route("/{service}/{kind}/{id}/begransa", get(restriction::page_of).post(restriction::restrict))
        .route("/{service}/{kind}/{id}/hav", post(restriction::lift))
        .route("/{service}/{kind}/{id}/stoppa", get(holds::form).post(holds::place_on))
        .fallback(missing)
        .method_not_allowed_fallback(api::no_such_method)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(middleware::from_fn_with_state(Arc::clone(&portal), guard))
        .with_state(portal)
}

/// An address under the service.
fn under(path: &str) -> String {
    format!("/{{service}}/{path}")
}

async fn missing(ctx: Ctx) -> Response {
    answers::missing(&ctx)
}

async fn style() -> Response {
    let headers = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "public, max-age=600")];
    (headers, include_str!("../static/portal.css")).into_response()
}

async fn keys_script() -> Response {
    let headers = [(CONTENT_TYPE, "text/javascript; charset=utf-8"), (CACHE_CONTROL, "public, max-age=600")];
    (headers, include_str!("../static/confirm.js")).into_response()
}

async fn icon() -> Response {
    let headers = [(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "public, max-age=86400")];
    (headers, include_str!("../static/icon.svg")).into_response()
}
