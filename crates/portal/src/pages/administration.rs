//! What an administrator of a customer does: the way to each page, with a sentence on what it is for.

use axum::http::StatusCode;
use axum::response::Response;
use maud::html;

use crate::ctx::Signed;
use crate::frame::page;
use crate::pages::answers;
use crate::routes;

/// `GET /{service}/administration`.
pub async fn page_of(signed: Signed) -> Response {
    if !signed.administers() {
        return only_administrators(&signed);
    }
    let service = signed.service_path().to_owned();
    let mut links = vec![
        (routes::ACCOUNTS, "accounts-title"),
        (routes::KEYS, "keys-title"),
        (routes::CUSTOMER_FILE, "administration-file"),
        (routes::NOTICES, "notices-title"),
        (routes::CHECKPOINTS, "checkpoints-title"),
    ];
    // Who may read free texts is not always who administers; whoever may finds the page in the navigation.
    if crate::pages::data_quality::is_open_to(&signed) {
        links.push((routes::QUALITY, "quality-title"));
    }
    let title = signed.t("administration-title");
    let body = html! {
        h1 { (title) }
        p { (signed.t("administration-lead")) }
        dl.sheet {
            @for (path, key) in links {
                dt { a href=(format!("/{service}/{path}")) { (signed.t(key)) } }
                dd { (signed.t(&format!("{key}-what"))) }
            }
        }
    };
    page(&signed, &title, body)
}

/// What anybody else is answered. Nothing of it is personal data, so it is no refusal of the agreement.
pub(crate) fn only_administrators(signed: &Signed) -> Response {
    answers::page_of(signed, StatusCode::FORBIDDEN, "answer-only-administrator")
}
