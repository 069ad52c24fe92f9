//! The provider's support desk: which cases customers have open, and, within the one that is chosen for a stated purpose, what
//! the agreement lets this role see.
//!
//! Case and purpose stand in every address (`/{service}/support/{case}/{purpose}/…`) and are kept nowhere else, so that two
//! open pages never mix two customers. Neither proves anything: the door finds out whether the case is open and covers what
//! is asked, and refuses the rest by clause.

use std::sync::Arc;

use agreement::Agreement;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use service::{Kind, Kinds, No, Page};
use terms::{Purpose, RecordId, Verb};

use crate::ctx::{Signed, Work};
use crate::form::query_value;
use crate::frame;
use crate::html::{Order, TableOf, heading, sheet, table};
use crate::moment::moment;
use crate::pages::labels::{Labels, capital};
use crate::pages::refusal;
use crate::pages::{answers, files};
use crate::routes;
use crate::seams::OpenCase;

/// Records on one page of a list.
const PAGE_RECORDS: usize = 50;
/// Columns beside the name in a list of people: enough to tell two namesakes apart.
const LIST_COLUMNS: usize = 3;

/// `GET /{service}/support`
pub async fn page(signed: Signed) -> Response {
    if !signed.me.provider {
        return answers::missing(&signed);
    }
    let open = match signed.portal.registers.open_cases(signed.me.actor).await {
        Ok(open) => open,
        Err(no) => return answers::no(&signed, &no),
    };
    let open: Vec<OpenCase> = open.into_iter().filter(|case| of_this_service(&signed, case)).collect();
    let title = signed.t("desk-title");
    let body = html! {
        h1 { (title) }
        p.answer { (signed.t("desk-lead")) }
        (list(&signed, &open))
    };
    frame::page(&signed, &title, body)
}

/// `GET /{service}/support/{case}`: the purpose is chosen, or was chosen just now (`?purpose=`).
pub async fn purpose(signed: Signed, Path((_, case)): Path<(String, String)>) -> Response {
    let open = match find(&signed, &case).await {
        Ok(open) => open,
        Err(answer) => return answer,
    };
    if let Some(purpose) = query_value(&signed.here, "purpose").and_then(|text| Purpose::new(&text).ok()) {
        return Redirect::to(&format!("{}/{}/{purpose}", address(&signed), open.case)).into_response();
    }
    let title = signed.t("desk-purpose-title");
    let chosen = [("number", open.case.short().into()), ("customer", open.customer.as_str().into())];
    let body = html! {
        h1 { (title) }
        p { (signed.t_with("desk-purpose-lead", &chosen)) }
        (choose_purpose(&signed, &open, &signed.t("desk-purpose-button")))
        p { a href=(address(&signed)) { (signed.t("desk-case-other")) } }
    };
    frame::page(&signed, &title, body)
}

/// `GET /{service}/support/{case}/{purpose}`: the case, and whom it covers.
pub async fn case(signed: Signed, Path((_, case, purpose)): Path<(String, String, String)>) -> Response {
    let at = match enter(signed, &case, &purpose).await {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    let signed = &at.signed;
    let Some((kinds, kind)) = at.kinds().and_then(|kinds| Some((kinds, kinds.kind(&at.open.kind)?))) else {
        return answers::missing(signed);
    };
    let text = match at.shown(kind, at.open.case).await {
        Ok(text) => text,
        Err(answer) => return answer,
    };
    let person = kind.parent.as_ref().and_then(|parent| kinds.kind(parent));
    let covered = match (at.open.covers, person) {
        (Some(record), Some(person)) => match at.shown(person, record).await {
            Ok(shown) => Some((person, record, shown)),
            Err(answer) => return answer,
        },
        _ => None,
    };
    let number = at.open.case.short();
    let named = [("number", number.into()), ("customer", at.open.customer.as_str().into())];
    let title = signed.t_with("desk-case-title", &named);
    let body = html! {
        h1 { (title) }
        (at.chosen())
        section aria-labelledby="case-text" {
            h2 #case-text { (signed.t("desk-case-text")) }
            p { (signed.t("desk-opened")) " " (moment(signed.language, at.open.opened)) }
            (text)
        }
        section aria-labelledby="case-person" {
            h2 #case-person { (signed.t("desk-case-person")) }
            @match &covered {
                Some((person, record, shown)) => {
                    (shown)
                    p { a href=(format!("{}/{}/{record}", at.address(), person.path)) { (person.label.text(signed.language)) " " (record.short()) } }
                }
                None => {
                    p { (signed.t("desk-case-whole")) }
                    @if let Some(person) = person {
                        p { a href=(format!("{}/{}", at.address(), person.path)) { (person.plural.text(signed.language)) } }
                    }
                }
            }
        }
        @if let Some((person, record, _)) = &covered { (at.more(person, *record)) }
        p { a href=(address(signed)) { (signed.t("desk-case-other")) } }
    };
    frame::page(signed, &title, body)
}

/// `GET /{service}/support/{case}/{purpose}/{kind}`: the records of a kind that belong to whom the case covers.
pub async fn records(
    signed: Signed,
    Path((_, case, purpose, path)): Path<(String, String, String, String)>,
) -> Response {
    let at = match enter(signed, &case, &purpose).await {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    let signed = &at.signed;
    let Some(kind) = at.kinds().and_then(|kinds| kinds.by_path(&path)) else { return answers::missing(signed) };
    let Some(asked) = signed.asked(Verb::Consult, kind) else { return answers::missing(signed) };
    let query = |name: &str| query_value(&signed.here, name);
    let record_of = |name: &str| query(name).and_then(|text| text.parse::<RecordId>().ok());
    let parent = kind.parent.as_ref().and(record_of("parent").or(at.open.covers));
    let words = query("q").filter(|words| !words.trim().is_empty());
    let found = match &words {
        Some(words) => signed.portal.door.search(&asked, &kind.name, words).await.map(|opened| (opened, None)),
        None => {
            let part = Page { after: record_of("after"), limit: PAGE_RECORDS };
            let listed = signed.portal.door.list(&asked, &kind.name, parent, part).await;
            listed.map(|listed| (listed.opened, listed.next))
        }
    };
    let (opened, next) = match found {
        Ok(found) => found,
        Err(no) => return answers::no(signed, &no),
    };
    let base = format!("{}/{path}", at.address());
    let of_parent = parent.map(|parent| format!("&parent={parent}")).unwrap_or_default();
    let caption = signed.t_with(
        "desk-list-title",
        &[("kind", kind.plural.text(signed.language).into()), ("number", at.open.case.short().into())],
    );
    let columns = kind.parent.is_none().then_some(LIST_COLUMNS);
    let order = match (&next, kind.parent.is_none()) {
        (Some(_), _) => Order::AsGiven,
        (None, true) => Order::ByName,
        (None, false) => Order::NewestFirst,
    };
    let of =
        TableOf { caption: caption.clone(), columns, written: kind.author_shown, linked: true, order, base: &base };
    let body = html! {
        h1 { (caption) }
        (at.chosen())
        @if kind.parent.is_none() && kind.fields.iter().any(|field| field.search.is_some()) {
            form.find method="get" action=(base) role="search" {
                label for="q" { (signed.t("desk-find")) }
                input #q name="q" type="search" value=(words.as_deref().unwrap_or("")) maxlength="160" autocomplete="off";
                button type="submit" { (signed.t("case-new-find-button")) }
            }
        }
        @if opened.count() == 0 {
            p { (signed.t("desk-list-none")) }
        } @else {
            (table(signed, kind, opened.as_ref(), &of))
        }
        @if let Some(next) = next {
            p { a rel="next" href=(format!("{base}?after={next}{of_parent}")) { (signed.t("desk-list-more")) } }
        }
        (at.back())
    };
    frame::page(signed, &caption, body)
}

/// `GET /{service}/support/{case}/{purpose}/{kind}/{record}`: one record.
pub async fn record(
    signed: Signed,
    Path((_, case, purpose, path, record)): Path<(String, String, String, String, String)>,
) -> Response {
    let at = match enter(signed, &case, &purpose).await {
        Ok(at) => at,
        Err(answer) => return answer,
    };
    let signed = &at.signed;
    let (Some(kind), Ok(record)) = (at.kinds().and_then(|kinds| kinds.by_path(&path)), record.parse::<RecordId>())
    else {
        return answers::missing(signed);
    };
    let Some(asked) = signed.asked(Verb::Consult, kind) else { return answers::missing(signed) };
    match signed.portal.door.consult(&asked, &kind.name, record).await {
        Ok(opened) => {
            let title = format!("{} {}", kind.label.text(signed.language), record.short());
            let body = html! {
                h1 { (heading(signed, opened.as_ref(), kind)) }
                (at.chosen())
                (sheet(signed, kind, opened.as_ref()))
                (at.more(kind, record))
                (at.back())
            };
            frame::page(signed, &title, body)
        }
        Err(no) => answers::no(signed, &no),
    }
}

/// `GET /{service}/support/{case}/{purpose}/{kind}/{record}/filer/{field}`: a file of a record, in the case and for the purpose of
/// the address. The door decides it like any other opening, and enters it.
pub async fn file(
    signed: Signed,
    Path((_, case, purpose, path, record, field)): Path<(String, String, String, String, String, String)>,
    Query(query): Query<files::FileQuery>,
) -> Response {
    match enter(signed, &case, &purpose).await {
        Ok(at) => files::hand_out(&at.signed, &path, &record, &field, query).await,
        Err(answer) => answer,
    }
}

/// A person of the provider in a case that a customer has open, for a purpose.
struct AtCase {
    signed: Signed,
    open: OpenCase,
    purpose: Purpose,
}

/// Steps into the case of the address: from here on, the customer and its agreement are in view.
async fn enter(mut signed: Signed, case: &str, purpose: &str) -> Result<AtCase, Response> {
    let open = find(&signed, case).await?;
    let Ok(purpose) = Purpose::new(purpose) else { return Err(answers::missing(&signed)) };
    signed.ctx.agreement = signed.portal.agreements.at(&open.tenant);
    signed.ctx.work = Some(Work { customer: open.tenant, case: open.case, purpose: purpose.clone() });
    // The purpose of the address is the only one: a query may not name another.
    signed.ctx.purpose = None;
    Ok(AtCase { signed, open, purpose })
}

/// The open case of that number. Closed, unknown and another service's are answered alike.
async fn find(signed: &Signed, case: &str) -> Result<OpenCase, Response> {
    if !signed.me.provider {
        return Err(answers::missing(signed));
    }
    let Ok(case) = case.parse::<RecordId>() else { return Err(not_open(signed)) };
    match signed.portal.registers.open_cases(signed.me.actor).await {
        Ok(open) => open
            .into_iter()
            .find(|one| one.case == case && of_this_service(signed, one))
            .ok_or_else(|| not_open(signed)),
        Err(no) => Err(answers::no(signed, &no)),
    }
}

/// What is answered for a case that was closed, and for a number that is none: the two cannot be told apart.
fn not_open(signed: &Signed) -> Response {
    let title = signed.t("answer-case-not-open");
    let body = html! {
        h1 { (title) }
        p { (signed.t("answer-case-not-open-what")) }
        p { a href=(address(signed)) { (signed.t("frame-leave-case")) } }
    };
    frame::page_with(signed, StatusCode::NOT_FOUND, &title, body)
}

fn of_this_service(signed: &Signed, case: &OpenCase) -> bool {
    let customer = signed.portal.agreements.customer(&case.tenant);
    customer.is_some_and(|customer| customer.service.as_str() == signed.service_path())
}

fn address(signed: &Signed) -> String {
    format!("/{}/{}", signed.service_path(), routes::DESK)
}

impl AtCase {
    fn kinds(&self) -> Option<&Kinds> {
        self.signed.shop.as_ref().map(|shop| shop.kinds.as_ref())
    }

    fn address(&self) -> String {
        format!("{}/{}/{}", address(&self.signed), self.open.case, self.purpose)
    }

    /// One record opened, or the refusal in a line; what is missing or failed is a page of its own.
    async fn shown(&self, kind: &Kind, record: RecordId) -> Result<Markup, Response> {
        let signed = &self.signed;
        let Some(asked) = signed.asked(Verb::Consult, kind) else { return Err(answers::missing(signed)) };
        match signed.portal.door.consult(&asked, &kind.name, record).await {
            Ok(opened) => Ok(html! {
                h3 { (heading(signed, opened.as_ref(), kind)) }
                (sheet(signed, kind, opened.as_ref()))
            }),
            Err(No::Refused(no)) => match Labels::of(signed) {
                Some(labels) => Ok(refusal::inline(labels, &no)),
                None => Err(answers::refused(signed, &no)),
            },
            Err(no) => Err(answers::no(signed, &no)),
        }
    }

    /// In which case, why, and that it is logged.
    fn chosen(&self) -> Markup {
        let signed = &self.signed;
        let purpose = frame::purpose_label(signed, &self.purpose);
        let chosen = [("number", self.open.case.short().into()), ("purpose", purpose.into())];
        html! { p.notice { (signed.t_with("desk-case-chosen", &chosen)) } }
    }

    /// Links to what belongs to a record. Nothing of it is opened until somebody follows one.
    fn more(&self, kind: &Kind, record: RecordId) -> Markup {
        let signed = &self.signed;
        let belongs = self.kinds().into_iter().flat_map(|kinds| kinds.children(&kind.name));
        let belongs: Vec<&Kind> = belongs.filter(|child| child.name != self.open.kind).collect();
        html! {
            @if !belongs.is_empty() {
                section aria-labelledby="more" {
                    h2 #more { (signed.t("desk-case-more")) }
                    p { (signed.t("desk-case-more-lead")) }
                    ul {
                        @for child in belongs {
                            li {
                                a href=(format!("{}/{}?parent={record}", self.address(), child.path)) {
                                    (child.plural.text(signed.language))
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    fn back(&self) -> Markup {
        html! { p { a href=(self.address()) { (self.signed.t("desk-case-back")) } } }
    }
}

fn list(signed: &Signed, open: &[OpenCase]) -> Markup {
    let language = signed.language;
    let kinds = signed.shop.as_ref().map(|shop| shop.kinds.as_ref());
    html! {
        @if open.is_empty() {
            p { (signed.t("desk-none")) }
        } @else {
            div.scroll tabindex="0" role="region" aria-labelledby="desk-caption" {
                table {
                    caption #desk-caption { (signed.t("desk-caption")) }
                    thead {
                        tr {
                            @for key in ["desk-number", "desk-customer", "desk-kind", "desk-opened", "desk-covers", "desk-choose"] {
                                th scope="col" { (signed.t(key)) }
                            }
                        }
                    }
                    tbody {
                        @for case in open {
                            @let kind = kinds.and_then(|kinds| kinds.kind(&case.kind));
                            @let button = signed.t_with("desk-choose-button", &[("number", case.case.short().into())]);
                            tr {
                                th scope="row" { code { (case.case.short()) } }
                                td { (case.customer) }
                                td { (kind.map_or(case.kind.as_str(), |kind| kind.label.text(language))) }
                                td { (moment(language, case.opened)) }
                                td {
                                    @if case.covers.is_some() { (signed.t("cases-covers-person")) }
                                    @else { (signed.t("cases-covers-service")) }
                                }
                                td { (choose_purpose(signed, case, &button)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The purposes of the customer's own agreement. None is chosen beforehand: why somebody looks is for that person to say.
fn choose_purpose(signed: &Signed, case: &OpenCase, button: &str) -> Markup {
    let agreement: Option<Arc<Agreement>> = signed.portal.agreements.at(&case.tenant);
    let id = format!("purpose-{}", case.case);
    html! {
        form.inline method="get" action=(format!("{}/{}", address(signed), case.case)) {
            label for=(id) { (signed.t_with("desk-choose-for", &[("number", case.case.short().into())])) }
            select id=(id) name="purpose" required {
                option value="" { (signed.t("desk-choose-none")) }
                @for purpose in agreement.iter().flat_map(|agreement| agreement.purposes()) {
                    option value=(purpose.id) { (capital(purpose.label.text(signed.language))) }
                }
            }
            button type="submit" { (button) }
        }
    }
}
