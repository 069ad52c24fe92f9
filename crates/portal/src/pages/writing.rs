//! The pages that write a service's records: new, changed, another state. A fault keeps what was written and says what is
//! wrong; a conflict shows both texts and loses neither.

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use service::{Change, Draft, FieldFault, Kind, New, No};
use terms::{RecordId, Verb};

use crate::ctx::Signed;
use crate::form::{Fields, Posted};
use crate::form_files::Sent;
use crate::frame::page_with;
use crate::html;
use crate::pages::record_form::{RecordForm, Written, is_of_kind, new_once};
use crate::pages::records::{base, kind, new_label};
use crate::pages::references::Offered;
use crate::pages::{answers, own, paper_of};

/// Under which record.
#[derive(Deserialize)]
pub struct NewQuery {
    parent: Option<String>,
    /// Filled with what the service makes of the file.
    draft: Option<String>,
}

/// `GET /{service}/{kind}/new`: an empty form.
pub async fn new(signed: Signed, Path((_, path)): Path<(String, String)>, Query(query): Query<NewQuery>) -> Response {
    let Some(kind) = kind(&signed, &path) else { return answers::missing(&signed) };
    let parent = query.parent.as_deref().map(str::parse::<RecordId>).transpose();
    let Ok(parent) = parent else { return answers::missing(&signed) };
    if parent.is_none() && kind.parent.is_some() && !kind.parent_optional {
        return answers::page_of(&signed, StatusCode::NOT_FOUND, "answer-needs-parent");
    }
    let written = match (parent, query.draft) {
        (Some(parent), Some(_)) => match paper_of::compose(&signed, kind, parent).await {
            Ok(values) => Written::proposed(values),
            Err(no) => return answers::no(&signed, &no),
        },
        _ => Written::proposed(own::proposed(&signed, kind).await),
    };
    new_page(&signed, kind, parent, new_once(), &written, &[]).await
}

async fn new_page(
    signed: &Signed,
    kind: &Kind,
    parent: Option<RecordId>,
    once: String,
    written: &Written,
    faults: &[FieldFault],
) -> Response {
    let title = new_label(signed, kind);
    let offered = Offered::of(signed, kind).await;
    let form = RecordForm {
        signed,
        kind,
        verb: Verb::Collect,
        action: format!("{}/new", base(signed, kind)),
        parent,
        version: None,
        once,
        written,
        faults,
        offered: &offered,
        prefix: "",
    };
    let from_file = parent.filter(|_| faults.is_empty() && paper_of::is_composed(signed, kind));
    let body = html! {
        h1 { (title) }
        @if let Some(parent) = from_file {
            p { a.button.quiet href=(format!("{}/new?parent={parent}&draft=1", base(signed, kind))) { (signed.t("composed-fill")) } }
        }
        (form.show())
    };
    page_with(signed, status(faults), &title, body)
}

fn status(faults: &[FieldFault]) -> StatusCode {
    if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// `POST /{service}/{kind}/new`: a record to be.
pub async fn create(Path((_, path)): Path<(String, String)>, sent: Sent) -> Response {
    let Sent { signed, fields, faults } = sent;
    let Some(kind) = kind(&signed, &path) else { return answers::missing(&signed) };
    let Some(asked) = signed.asked(Verb::Collect, kind) else { return answers::choose_case(&signed) };
    let Ok(parent) = fields.get("_parent").map(str::parse::<RecordId>).transpose() else {
        return answers::missing(&signed);
    };
    let once = fields.get("_once").map(str::to_owned);
    if !faults.is_empty() {
        return new_page(&signed, kind, parent, once.unwrap_or_else(new_once), &Written::sent(&fields), &faults).await;
    }
    let new = New { kind: &kind.name, parent, draft: draft(&fields), once: once.clone() };
    match signed.portal.door.collect(&asked, new).await {
        Ok(record) => Redirect::to(&after_saving(&signed, kind, parent, record)).into_response(),
        Err(No::Invalid(faults)) => {
            new_page(&signed, kind, parent, once.unwrap_or_else(new_once), &Written::sent(&fields), &faults).await
        }
        Err(no) => answers::no(&signed, &no),
    }
}

/// A record that belongs to another is seen on that one's page; one of its own has its own.
fn after_saving(signed: &Signed, kind: &Kind, parent: Option<RecordId>, record: RecordId) -> String {
    let kinds = signed.shop.as_ref().map(|shop| &shop.kinds);
    let over = kind.parent.as_ref().and_then(|name| kinds?.kind(name));
    match (over, parent) {
        (Some(over), Some(parent)) => format!("{}/{parent}?saved=1#{}", base(signed, over), kind.path),
        _ => format!("{}/{record}?saved=1", base(signed, kind)),
    }
}

fn draft(fields: &Fields) -> Draft {
    let mut draft = Draft::new();
    // Names that the kind does not declare go along: the door refuses them by clause, and that is the answer wanted.
    for (name, value) in fields.iter().filter(|(name, _)| is_of_kind(name)) {
        draft.set(name, value);
    }
    draft
}

/// `GET /{service}/{kind}/{id}/edit`: the form with what stands there now.
pub async fn edit(signed: Signed, Path((_, path, record)): Path<(String, String, String)>) -> Response {
    let (Some(kind), Ok(record)) = (kind(&signed, &path), record.parse::<RecordId>()) else {
        return answers::missing(&signed);
    };
    let Some(asked) = signed.asked(Verb::Consult, kind) else { return answers::choose_case(&signed) };
    let opened = match signed.portal.door.consult(&asked, &kind.name, record).await {
        Ok(opened) => opened,
        Err(no) => return answers::no(&signed, &no),
    };
    let Some(head) = html::seen(opened.as_ref()).heads.into_iter().next() else { return answers::missing(&signed) };
    let stands = Written::of(opened.as_ref());
    let edit = Edit { kind, record, version: head.version, once: new_once(), written: &stands, faults: &[] };
    edit.page(&signed).await
}

/// A change that somebody is about to make.
struct Edit<'a> {
    kind: &'a Kind,
    record: RecordId,
    version: u64,
    once: String,
    written: &'a Written,
    faults: &'a [FieldFault],
}

impl Edit<'_> {
    async fn form(&self, signed: &Signed) -> Markup {
        let offered = Offered::of(signed, self.kind).await;
        RecordForm {
            signed,
            kind: self.kind,
            verb: Verb::Alter,
            action: format!("{}/{}/edit", base(signed, self.kind), self.record),
            parent: None,
            version: Some(self.version),
            once: self.once.clone(),
            written: self.written,
            faults: self.faults,
            offered: &offered,
            prefix: "",
        }
        .show()
    }

    async fn page(&self, signed: &Signed) -> Response {
        let form = self.form(signed).await;
        let kind = self.kind.label.text(signed.language).to_lowercase();
        let title =
            signed.t_with("service-edit-title", &[("kind", kind.into()), ("number", self.record.short().into())]);
        let body = html! {
            h1 { (title) }
            @if self.kind.history { p { (signed.t("service-history-kept")) } }
            (form)
            p { a href=(format!("{}/{}", base(signed, self.kind), self.record)) { (signed.t("service-cancel")) } }
        };
        page_with(signed, status(self.faults), &title, body)
    }
}

/// `POST /{service}/{kind}/{id}/edit`: the change, against the version that the writer saw.
pub async fn change(Path((_, path, record)): Path<(String, String, String)>, sent: Sent) -> Response {
    let Sent { signed, fields, faults } = sent;
    let (Some(kind), Ok(record)) = (kind(&signed, &path), record.parse::<RecordId>()) else {
        return answers::missing(&signed);
    };
    let Some(version) = fields.get("_version").and_then(|text| text.parse::<u64>().ok()) else {
        return answers::page_of(&signed, StatusCode::BAD_REQUEST, "answer-form-unreadable");
    };
    let Some(asked) = signed.asked(Verb::Alter, kind) else { return answers::choose_case(&signed) };
    let written = Written::sent(&fields);
    if !faults.is_empty() {
        return Edit { kind, record, version, once: new_once(), written: &written, faults: &faults }
            .page(&signed)
            .await;
    }
    let draft = written.changed(kind);
    if draft.is_empty() {
        // Nothing differs, so nothing is altered and no version is made.
        return Redirect::to(&format!("{}/{record}", base(&signed, kind))).into_response();
    }
    let once = fields.get("_once").map(str::to_owned);
    let change = Change { kind: &kind.name, record, version, draft, state: None, once: once.clone() };
    match signed.portal.door.alter(&asked, change).await {
        Ok(_) => Redirect::to(&format!("{}/{record}?saved=1", base(&signed, kind))).into_response(),
        Err(No::Invalid(faults)) => {
            let once = once.unwrap_or_else(new_once);
            Edit { kind, record, version, once, written: &written, faults: &faults }.page(&signed).await
        }
        Err(No::Conflict { version }) => conflict(&signed, kind, record, version, written).await,
        Err(no) => answers::no(&signed, &no),
    }
}

/// Somebody else was first: what stands there now beside what was written, which can be saved over it on purpose.
async fn conflict(signed: &Signed, kind: &Kind, record: RecordId, version: u64, written: Written) -> Response {
    let Some(asked) = signed.asked(Verb::Consult, kind) else { return answers::choose_case(signed) };
    let theirs = signed.portal.door.consult(&asked, &kind.name, record).await;
    let written = match &theirs {
        Ok(opened) => written.over(opened.as_ref()),
        Err(_) => written,
    };
    let title = signed.t("answer-conflict");
    let edit = Edit { kind, record, version, once: new_once(), written: &written, faults: &[] };
    let yours = edit.form(signed).await;
    let body = html! {
        h1 { (title) }
        div.problems role="alert" { p { (signed.t("service-conflict")) } }
        div.both {
            section aria-labelledby="theirs" {
                h2 #theirs { (signed.t("service-conflict-theirs")) }
                @match &theirs {
                    Ok(opened) => (html::sheet(signed, kind, opened.as_ref())),
                    Err(_) => p { (signed.t("answer-missing")) },
                }
            }
            section aria-labelledby="yours" {
                h2 #yours { (signed.t("service-conflict-yours")) }
                (yours)
            }
        }
    };
    page_with(signed, StatusCode::CONFLICT, &title, body)
}

/// `POST /{service}/{kind}/{id}/state`: another state, e.g. a case that is closed.
pub async fn state(Path((_, path, record)): Path<(String, String, String)>, posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let (Some(kind), Ok(record)) = (kind(&signed, &path), record.parse::<RecordId>()) else {
        return answers::missing(&signed);
    };
    let version = fields.get("_version").and_then(|text| text.parse::<u64>().ok());
    let (Some(version), Some(state)) = (version, fields.get("_state")) else {
        return answers::page_of(&signed, StatusCode::BAD_REQUEST, "answer-form-unreadable");
    };
    let Some(asked) = signed.asked(Verb::Alter, kind) else { return answers::choose_case(&signed) };
    let draft = match paper_of::fingerprint(&signed, &asked, kind, record, version, state).await {
        Ok(draft) => draft,
        Err(no) => return answers::no(&signed, &no),
    };
    let state = Some(state.to_owned());
    let change = Change { kind: &kind.name, record, version, draft, state, once: None };
    match signed.portal.door.alter(&asked, change).await {
        Ok(_) => Redirect::to(&format!("{}/{record}?saved=1", base(&signed, kind))).into_response(),
        Err(no) => answers::no(&signed, &no),
    }
}
