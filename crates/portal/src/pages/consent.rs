//! What a data subject is asked to accept: the customer's text in force, accepted or not, withdrawn with one button, and accepted
//! anew. Each acceptance is a record that names version and hash of the text; its time is the entry's.
//!
//! Not here: what needs the consent. The agreement says that, and the door asks.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use service::{Change, ConsentText, CustomerFile, Draft, Kind, New, No, Page};
use terms::{FieldName, RecordHead, RecordId, Render, Verb};

use crate::ctx::Signed;
use crate::form::Posted;
use crate::frame::{csrf, page};
use crate::html;
use crate::moment::moment;
use crate::pages::answers;
use crate::pages::record_form::new_once;
use crate::routes;

/// The text that is shown at registration, by its name in the customer's file.
const REGISTRATION: &str = "registration";

/// The kind that holds consents, as the agreement's rules name it.
fn consent_kind(signed: &Signed) -> Option<&Kind> {
    let agreement = signed.agreement.as_ref()?;
    let name = agreement.rules().iter().find_map(|rule| rule.needs_consent.clone())?;
    signed.shop.as_ref()?.kinds.kind(&name)
}

/// The person's own record, for somebody of the data subjects' side.
pub(crate) fn own_record(signed: &Signed) -> Option<RecordId> {
    signed.portal.people.as_ref()?.account(&signed.me.actor)?.record
}

/// One consent, newest last as they were written.
struct Consent {
    head: RecordHead,
    version: String,
}

#[derive(Default)]
struct Consents(Vec<Consent>);

impl Render for Consents {
    fn begin(&mut self, head: &RecordHead) {
        self.0.push(Consent { head: head.clone(), version: String::new() });
    }
    fn field(&mut self, name: &FieldName, _: &terms::Category, value: &str) {
        // The version of a text is the customer's own word and no personal data.
        if let Some(last) = self.0.last_mut()
            && name.as_str().contains("version")
        {
            value.clone_into(&mut last.version);
        }
    }
    fn withheld(&mut self, _: &terms::Category, _: &terms::ClauseId) {}
    fn end(&mut self) {}
}

async fn consents(signed: &Signed, kind: &Kind, of: RecordId) -> Result<Vec<Consent>, No> {
    let asked = signed.asked(Verb::Consult, kind).ok_or(No::Missing)?;
    let listed = signed.portal.door.list(&asked, &kind.name, Some(of), Page::default()).await?;
    let mut all = Consents::default();
    listed.opened.render(&mut all);
    Ok(all.0)
}

/// `GET /{service}/samtycke`.
pub async fn page_of(signed: Signed) -> Response {
    let (Some(kind), Some(record)) = (consent_kind(&signed), own_record(&signed)) else {
        return answers::missing(&signed);
    };
    let given = match consents(&signed, kind, record).await {
        Ok(given) => given,
        Err(no) => return answers::no(&signed, &no),
    };
    let file = signed.portal.customer_files.at(&signed.me.home, signed.now());
    let title = signed.t("consent-title");
    let stands = standing(kind, &given);
    let body = html! {
        h1 { (title) }
        @match (stands, file.as_deref().and_then(|file| file.consent(REGISTRATION))) {
            (Some(consent), text) => {
                div.notice role="status" {
                    p {
                        (signed.t_with("consent-stands", &[("version", consent.version.as_str().into())])) " "
                        (moment(signed.language, consent.head.written)) "."
                    }
                }
                @if let Some(text) = text {
                    @if text.version != consent.version {
                        p { (signed.t_with("consent-newer", &[("version", text.version.as_str().into())])) }
                        div.text { (text.text.text(signed.language).trim()) }
                        (form(&signed, "samtycke", "consent-accept-new", None, Some(text)))
                    } @else {
                        details { summary { (signed.t("consent-read-again")) } div.text { (text.text.text(signed.language).trim()) } }
                    }
                }
                h2 { (signed.t("consent-withdraw")) }
                p { (signed.t("consent-withdraw-what")) }
                (form(&signed, "samtycke/aterkalla", "consent-withdraw", Some(&consent.head), None))
            }
            (None, Some(text)) => {
                @if !given.is_empty() { div.notice { p { (signed.t("consent-withdrawn")) } } }
                p { (signed.t("consent-lead")) }
                div.text { (text.text.text(signed.language).trim()) }
                p { (signed.t_with("consent-version", &[("version", text.version.as_str().into())])) }
                (form(&signed, "samtycke", "consent-accept", None, Some(text)))
                p { a href=(format!("/{}/", signed.service_path())) { (signed.t("consent-not-now")) } }
                p.help { (signed.t("consent-not-now-what")) }
            }
            (None, None) => div.notice { p { (signed.t("consent-no-text")) } },
        }
        @if !given.is_empty() { (table(&signed, kind, &given)) }
    };
    page(&signed, &title, body)
}

/// The consent that holds: the newest, if it is in the state in which it was given.
fn standing<'c>(kind: &Kind, given: &'c [Consent]) -> Option<&'c Consent> {
    given.last().filter(|one| one.head.state.as_ref() == kind.states.first())
}

/// What is accepted, by its hash, so that the text is found again.
fn fingerprint(signed: &Signed, text: &ConsentText) -> String {
    signed.portal.customer_files.hash(&text.whole()).to_string()
}

fn form(signed: &Signed, to: &str, button: &str, of: Option<&RecordHead>, shown: Option<&ConsentText>) -> Markup {
    html! {
        form.stack method="post" action=(format!("/{}/{to}", signed.service_path())) {
            (csrf(signed))
            input type="hidden" name="_once" value=(new_once());
            @if let Some(text) = shown { input type="hidden" name="_text" value=(fingerprint(signed, text)); }
            @if let Some(head) = of {
                input type="hidden" name="_record" value=(head.record);
                input type="hidden" name="_version" value=(head.version);
            }
            div.actions { button type="submit" { (signed.t(button)) } }
        }
    }
}

fn table(signed: &Signed, kind: &Kind, given: &[Consent]) -> Markup {
    html! {
        h2 { (signed.t("consent-history")) }
        table {
            caption { (kind.plural.text(signed.language)) }
            thead {
                tr {
                    th scope="col" { (signed.t("file-version")) }
                    th scope="col" { (signed.t("service-state")) }
                    th scope="col" { (signed.t("service-written")) }
                }
            }
            tbody {
                @for one in given.iter().rev() {
                    tr {
                        th scope="row" { (one.version) }
                        td { (html::state(signed, one.head.state.as_deref())) }
                        td { (moment(signed.language, one.head.written)) }
                    }
                }
            }
        }
    }
}

/// The values of a consent record: version and hash of what was accepted.
fn draft(kind: &Kind, file: &CustomerFile, version: &str, hash: &str) -> Draft {
    let mut draft = Draft::new();
    for field in &kind.fields {
        let name = field.name.as_str();
        if name.contains("version") {
            draft.set(name, version);
        } else if name.contains("hash") {
            draft.set(name, hash);
        } else if name.contains("text") {
            draft.set(name, &file.version);
        }
    }
    draft
}

/// `POST /{service}/samtycke`: accepts the text in force.
pub async fn accept(posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let (Some(kind), Some(record)) = (consent_kind(&signed), own_record(&signed)) else {
        return answers::missing(&signed);
    };
    let file = signed.portal.customer_files.at(&signed.me.home, signed.now());
    let text = file.as_deref().and_then(|file| Some((file, file.consent(REGISTRATION)?)));
    let Some((file, text)) = text else {
        return answers::page_of(&signed, StatusCode::CONFLICT, "answer-no-consent-text");
    };
    let hash = fingerprint(&signed, text);
    // Nobody accepts what was not on the page: a text that was replaced meanwhile is shown first.
    if fields.get("_text") != Some(hash.as_str()) {
        return answers::page_of(&signed, StatusCode::CONFLICT, "answer-form-expired");
    }
    let Some(asked) = signed.asked(Verb::Collect, kind) else { return answers::missing(&signed) };
    let draft = draft(kind, file, &text.version, &hash);
    let once = fields.get("_once").map(str::to_owned);
    let new = New { kind: &kind.name, parent: Some(record), draft, once };
    match signed.portal.door.collect(&asked, new).await {
        Ok(_) => back(&signed),
        Err(no) => answers::no(&signed, &no),
    }
}

/// `POST /{service}/samtycke/aterkalla`: withdraws the consent that stands.
pub async fn withdraw(posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let Some(kind) = consent_kind(&signed) else { return answers::missing(&signed) };
    let record = fields.get("_record").and_then(|text| text.parse::<RecordId>().ok());
    let version = fields.get("_version").and_then(|text| text.parse::<u64>().ok());
    let (Some(record), Some(version), Some(withdrawn)) = (record, version, kind.states.get(1).cloned()) else {
        return answers::page_of(&signed, StatusCode::BAD_REQUEST, "answer-form-unreadable");
    };
    let Some(asked) = signed.asked(Verb::Alter, kind) else { return answers::missing(&signed) };
    let once = fields.get("_once").map(str::to_owned);
    let change = Change { kind: &kind.name, record, version, draft: Draft::new(), state: Some(withdrawn), once };
    match signed.portal.door.alter(&asked, change).await {
        Ok(_) => back(&signed),
        Err(no) => answers::no(&signed, &no),
    }
}

fn back(signed: &Signed) -> Response {
    Redirect::to(&format!("/{}/{}", signed.service_path(), routes::CONSENT)).into_response()
}
