//! The pages that read a service's records, made from its kinds alone: list and search, the file with what belongs to it, and
//! the earlier versions.

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use service::{FieldType, Kind, Listed, No, Opened, Page};
use terms::{RecordId, Verb};

use crate::ctx::Signed;
use crate::form::encode;
use crate::frame::{csrf, page, page_with};
use crate::html::{self, Order, TableOf};
use crate::pages::record_form::{RecordForm, Written, new_once};
use crate::pages::references::{self, Offered};
use crate::pages::{answers, versions};

/// Records on one page of a list.
const PAGE_RECORDS: usize = 50;
/// Columns beside the name in a list: enough to tell two namesakes apart, and no more is shown of everybody at once.
const LIST_COLUMNS: usize = 3;

/// What a list can be asked for.
#[derive(Deserialize, Default)]
pub struct ListQuery {
    q: Option<String>,
    after: Option<String>,
    parent: Option<String>,
    saved: Option<String>,
}

/// `GET /{service}/{kind}`: the records of a kind, all or found by words, a page at a time.
pub async fn list(signed: Signed, Path((_, path)): Path<(String, String)>, Query(query): Query<ListQuery>) -> Response {
    let Some(kind) = kind(&signed, &path) else { return answers::missing(&signed) };
    let Some(asked) = signed.asked(Verb::Consult, kind) else { return answers::choose_case(&signed) };
    let words = query.q.as_deref().map(str::trim).filter(|words| !words.is_empty());
    let (Ok(after), Ok(parent)) = (id(query.after.as_deref()), id(query.parent.as_deref())) else {
        return answers::missing(&signed);
    };
    let found = match words {
        Some(words) => {
            signed.portal.door.search(&asked, &kind.name, words).await.map(|opened| Listed { opened, next: None })
        }
        None => signed.portal.door.list(&asked, &kind.name, parent, Page { after, limit: PAGE_RECORDS }).await,
    };
    let listed = match found {
        Ok(listed) => listed,
        Err(no) => return answers::no(&signed, &no),
    };
    references::learn(&signed, kind, listed.opened.as_ref()).await;
    let base = base(&signed, kind);
    let count = listed.opened.count();
    let caption = match words {
        Some(words) => signed.t_with("service-found", &[("count", count.into()), ("words", words.to_owned().into())]),
        None => signed.t_with("service-listed", &[("count", count.into())]),
    };
    // Only a list that is whole is put in order: the first page of several would look as if it were.
    let order = if after.is_none() && listed.next.is_none() { Order::ByName } else { Order::AsGiven };
    let of = TableOf { caption, columns: Some(LIST_COLUMNS), written: false, linked: true, order, base: &base };
    let title = kind.plural.text(signed.language).to_owned();
    let parent_query = parent.map(|parent| format!("&parent={parent}")).unwrap_or_default();
    let body = html! {
        h1 { (title) }
        (saved(&signed, query.saved.is_some()))
        @if kind.fields.iter().any(|field| field.search.is_some()) { (search_box(&signed, kind, &base, words)) }
        @if signed.may(Verb::Collect, kind) && (kind.parent.is_none() || kind.parent_optional) {
            p.actions {
                a.button href=(format!("{base}/new")) { (new_label(&signed, kind)) }
                " " a.button.quiet href=(format!("{base}/import")) { (signed.t("import-link")) }
            }
        }
        (ways_to_find(&signed, kind))
        @if count == 0 {
            p { (of.caption) }
            p { (signed.t(if words.is_some() { "service-none-found" } else { "service-none" })) }
        } @else {
            (html::table(&signed, kind, listed.opened.as_ref(), &of))
        }
        @if words.is_some() && count >= service::MAX_LISTED {
            p.notice { (signed.t_with("service-found-cut", &[("max", service::MAX_LISTED.into())])) }
        }
        @if after.is_some() || words.is_some() { p { a href=(base) { (signed.t("service-from-start")) } } }
        @if let Some(next) = listed.next {
            p { a href=(format!("{base}?after={next}{parent_query}")) { (signed.t("service-next-page")) } }
        }
    };
    page(&signed, &title, body)
}

/// Links to the month and to finding people by what belongs to them, from the list of those people.
fn ways_to_find(signed: &Signed, kind: &Kind) -> Markup {
    let children: Vec<&Kind> = signed.shop.iter().flat_map(|shop| shop.kinds.children(&kind.name)).collect();
    let shown = |child: &&&Kind| (child.grid.is_some() || !child.filter.is_empty()) && signed.may(Verb::Consult, child);
    let children: Vec<&&Kind> = children.iter().filter(shown).collect();
    html! {
        @if !children.is_empty() {
            p.actions {
                @for child in children {
                    @let base = base(signed, child);
                    @if child.grid.is_some() { a.button.quiet href=(format!("{base}/manad")) { (child.label.text(signed.language)) ": " (signed.t("month-open").to_lowercase()) } }
                    @if !child.filter.is_empty() { a.button.quiet href=(format!("{base}/urval")) { (signed.t_with("found-by", &[("kind", child.label.text(signed.language).to_lowercase().into())])) } }
                }
            }
        }
    }
}

fn search_box(signed: &Signed, kind: &Kind, base: &str, words: Option<&str>) -> Markup {
    let language = signed.language;
    let fields: Vec<&str> =
        kind.fields.iter().filter(|field| field.search.is_some()).map(|field| field.label.text(language)).collect();
    html! {
        search {
            form.search method="get" action=(base) {
                div.field {
                    label for="q" { (signed.t("service-search")) }
                    p.help #q-help { (signed.t_with("service-search-in", &[("fields", fields.join(", ").into())])) }
                    input #q name="q" type="search" value=(words.unwrap_or("")) autocomplete="off" aria-describedby="q-help";
                }
                button type="submit" { (signed.t("service-search")) }
            }
        }
    }
}

/// `GET /{service}/{kind}/{id}`: one record, what the service computes, and all that belongs to it.
pub async fn file(
    signed: Signed,
    Path((_, path, record)): Path<(String, String, String)>,
    Query(query): Query<ListQuery>,
) -> Response {
    let (Some(kind), Ok(record)) = (kind(&signed, &path), record.parse::<RecordId>()) else {
        return answers::missing(&signed);
    };
    let Some(asked) = signed.asked(Verb::Consult, kind) else { return answers::choose_case(&signed) };
    let opened = match signed.portal.door.consult(&asked, &kind.name, record).await {
        Ok(opened) => opened,
        Err(no) => return crate::pages::restriction::answer(&signed, kind, record, &no).await,
    };
    references::learn(&signed, kind, opened.as_ref()).await;
    let mut sections = Vec::new();
    if let Some(shop) = &signed.shop {
        for child in shop.kinds.children(&kind.name) {
            sections.push(section(&signed, kind, child, record).await);
        }
    }
    let linked = references::linked(&signed, kind, record).await;
    let language = signed.language;
    let seen = html::seen(opened.as_ref());
    let head = seen.heads.first();
    let base = base(&signed, kind);
    let number = [("kind", kind.label.text(language).to_owned().into()), ("number", record.short().into())];
    let body = html! {
        h1 { (html::heading(&signed, opened.as_ref(), kind)) }
        (saved(&signed, query.saved.is_some()))
        p.help {
            (kind.label.text(language)) " "
            @if let Some(head) = head {
                " · " (html::state(&signed, head.state.as_deref())) " "
                (signed.t("service-last-written")) " " (crate::moment::moment(language, head.written))
                @if kind.author_shown { ", " (html::author(&signed, head, seen.author.as_ref())) }
            }
        }
        (html::sheet(&signed, kind, opened.as_ref()))
        div.actions {
            @if signed.may(Verb::Alter, kind) {
                @if !kind.is_locked(head.and_then(|head| head.state.as_deref())) {
                    a.button href=(format!("{base}/{record}/edit")) { (signed.t("service-edit")) }
                }
                @if let Some(head) = head { (state_buttons(&signed, kind, head.state.as_deref(), head.version, &format!("{base}/{record}/state"))) }
            }
            @if kind.parent.is_some() { a.button.quiet href=(format!("{base}/{record}/pdf")) download { (signed.t("paper-pdf")) } }
            @if kind.history { a.button.quiet href=(format!("{base}/{record}/history")) { (signed.t("service-history")) } }
            @if crate::pages::support::can_be_about(&signed, kind) {
                a.button.quiet href=(format!("/{}/{}/nytt?om={record}", signed.service_path(), crate::routes::CASES)) {
                    (signed.t("cases-open-about"))
                }
            }
            @if signed.may(Verb::Retrieve, kind) {
                a.button.quiet href=(format!("{base}/{record}/export")) { (signed.t("export-record")) }
                a.button.quiet href=(format!("{base}/{record}/person")) { (signed.t("export-person")) }
            }
            @if signed.may(Verb::Restrict, kind) {
                a.button.quiet href=(format!("{base}/{record}/begransa")) { (signed.t("restriction-open")) }
            }
            @if signed.may(Verb::Hold, kind) {
                a.button.quiet href=(format!("{base}/{record}/stoppa")) { (signed.t("holds-open")) }
            }
            @if signed.may(Verb::Erase, kind) {
                a.button.quiet href=(format!("{base}/{record}/radera")) { (signed.t("erasure-open")) }
            }
            @if looked_at_shown(&signed) {
                a.button.quiet href=(format!("/{}/{}?record={record}", signed.service_path(), crate::routes::WHO_LOOKED)) {
                    (signed.t("service-who-looked"))
                }
            }
        }
        (crate::pages::accounts::invite_subject(&signed, kind, record))
        @if sections.len() > 1 { (on_this_page(&signed, kind)) }
        @for section in sections { (section) }
        (linked)
    };
    // The title goes into the browser's history, so it carries a number and never a name.
    page(&signed, &signed.t_with("service-title", &number), body)
}

/// Links to what belongs to a record, further down on its page.
fn on_this_page(signed: &Signed, kind: &Kind) -> Markup {
    let children = signed.shop.iter().flat_map(|shop| shop.kinds.children(&kind.name));
    html! {
        nav.here aria-label=(signed.t("service-on-this-page")) {
            ul { @for child in children { li { a href=(format!("#{}", child.path)) { (child.plural.text(signed.language)) } } } }
        }
    }
}

fn looked_at_shown(signed: &Signed) -> bool {
    let logging = signed.agreement.as_ref().and_then(|agreement| agreement.logging().cloned());
    !signed.me.provider && logging.is_some_and(|logging| logging.shown_to.contains(&signed.me.role))
}

fn state_buttons(signed: &Signed, kind: &Kind, now: Option<&str>, version: u64, action: &str) -> Markup {
    html! {
        @for (state, label) in kind.ways(now, &signed.me.role) {
            form method="post" action=(action) {
                (csrf(signed))
                input type="hidden" name="_version" value=(version);
                input type="hidden" name="_state" value=(state);
                button.quiet type="submit" {
                    @match label {
                        Some(label) => (label.text(signed.language)),
                        None => (signed.t_with("service-to-state", &[("state", html::state_word(signed, state).into())])),
                    }
                }
            }
        }
    }
}

/// What belongs to a record: what is computed over it, the records, and a form for one more.
async fn section(signed: &Signed, parent_kind: &Kind, kind: &Kind, parent: RecordId) -> Markup {
    let language = signed.language;
    let base = base(signed, kind);
    let heading = html! { h2 id=(kind.path) { (kind.plural.text(language)) } };
    let more = format!("{base}?parent={parent}");
    if !signed.may(Verb::Consult, kind) {
        // Asking on every visit would fill the customer's log with refusals nobody meant to provoke. Who wants the
        // agreement's own answer asks by the link.
        return html! {
            section aria-labelledby=(kind.path) {
                (heading)
                p { (signed.t("service-section-not-for-you")) " " a href=(more) { (signed.t("service-ask-anyway")) } }
            }
        };
    }
    let Some(asked) = signed.asked(Verb::Consult, kind) else { return html! {} };
    let answer = signed.portal.door.list(&asked, &kind.name, Some(parent), Page::default()).await;
    if let Ok(listed) = &answer {
        references::learn(signed, kind, listed.opened.as_ref()).await;
    }
    // What there is to choose from is asked for only where somebody is about to choose.
    let refers = kind.fields.iter().any(|field| matches!(field.holds, FieldType::Reference { .. }));
    let listed = match &answer {
        Ok(listed) => shown(signed, parent_kind, kind, listed, &base, &more),
        Err(no) => refused_part(signed, no),
    };
    html! {
        section aria-labelledby=(kind.path) {
            (heading)
            (listed)
            @if kind.grid.is_some() { p { a.button.quiet href=(format!("{base}/manad")) { (signed.t("month-open")) } } }
            @if signed.may(Verb::Collect, kind) && crate::pages::paper_of::is_composed(signed, kind) {
                p { a.button href=(format!("{base}/new?parent={parent}&draft=1")) { (signed.t("composed-make")) } }
            }
            @if signed.may(Verb::Collect, kind) && refers {
                p { a.button.quiet href=(format!("{base}/new?parent={parent}")) { (new_label(signed, kind)) } }
            } @else if signed.may(Verb::Collect, kind) {
                details {
                    summary { (new_label(signed, kind)) }
                    (RecordForm {
                        signed,
                        kind,
                        verb: Verb::Collect,
                        action: format!("{base}/new"),
                        parent: Some(parent),
                        version: None,
                        once: new_once(),
                        written: &Written::default(),
                        faults: &[],
                        offered: &Offered::default(),
                        prefix: &format!("{}-", kind.path),
                    }.show())
                }
            }
        }
    }
}

fn shown(signed: &Signed, parent_kind: &Kind, kind: &Kind, listed: &Listed, base: &str, more: &str) -> Markup {
    let opened = listed.opened.as_ref();
    let of = TableOf {
        caption: signed.t_with("service-listed", &[("count", opened.count().into())]),
        columns: None,
        written: kind.history || kind.author_shown,
        linked: true,
        order: if listed.next.is_none() { Order::NewestFirst } else { Order::AsGiven },
        base,
    };
    html! {
        (panels(signed, parent_kind, kind, opened))
        @if listed.next.is_some() { p.notice { (signed.t("service-only-first")) " " a href=(more) { (signed.t("service-all")) } } }
        @if opened.count() == 0 { p { (signed.t("service-none")) } } @else { (html::table(signed, kind, opened, &of)) }
    }
}

fn panels(signed: &Signed, on: &Kind, over: &Kind, opened: &dyn Opened) -> Markup {
    let service = signed.shop.as_ref().and_then(|shop| shop.service.clone());
    let Some(service) = service else { return html! {} };
    let panels =
        service.panels().iter().filter(|panel| panel.on == on.name.as_str() && panel.over == over.name.as_str());
    html! {
        @for panel in panels {
            @let summary = (panel.compute)(opened, signed.language);
            table.summary {
                caption { (summary.caption) }
                tbody { @for (name, value) in &summary.rows { tr { th scope="row" { (name) } td { (value) } } } }
            }
        }
    }
}

fn refused_part(signed: &Signed, no: &No) -> Markup {
    match no {
        No::Refused(refusal) => html! {
            p { (signed.t("service-section-not-for-you")) " (" (crate::frame::clause(signed, &refusal.clause)) ")" }
        },
        _ => html! { p.wrong { (signed.t("answer-unavailable")) } },
    }
}

/// `GET /{service}/{kind}/{id}/history`: every version, newest first.
pub async fn history(signed: Signed, Path((_, path, record)): Path<(String, String, String)>) -> Response {
    let (Some(kind), Ok(record)) = (kind(&signed, &path), record.parse::<RecordId>()) else {
        return answers::missing(&signed);
    };
    let Some(asked) = signed.asked(Verb::Consult, kind) else { return answers::choose_case(&signed) };
    let opened = match signed.portal.door.history(&asked, &kind.name, record).await {
        Ok(opened) => opened,
        Err(no) => return answers::no(&signed, &no),
    };
    let base = base(&signed, kind);
    let title = signed.t_with("service-history-of", &[("number", record.short().into())]);
    let of = TableOf {
        caption: signed.t_with("service-versions", &[("count", opened.count().into())]),
        columns: None,
        written: true,
        linked: false,
        order: Order::AsGiven,
        base: &base,
    };
    let body = html! {
        h1 { (title) }
        p { a href=(format!("{base}/{record}")) { (signed.t("service-back")) } }
        (versions::beside(&signed, kind, opened.as_ref()))
        (html::table(&signed, kind, opened.as_ref(), &of))
    };
    page_with(&signed, StatusCode::OK, &title, body)
}

/// The kind with that path in this service.
pub(crate) fn kind<'s>(signed: &'s Signed, path: &str) -> Option<&'s Kind> {
    signed.shop.as_ref()?.kinds.by_path(path)
}

/// Where the records of a kind live.
pub(crate) fn base(signed: &Signed, kind: &Kind) -> String {
    format!("/{}/{}", signed.service_path(), encode(&kind.path))
}

/// «Ny: Deltagare».
pub(crate) fn new_label(signed: &Signed, kind: &Kind) -> String {
    signed.t_with("service-new", &[("kind", kind.label.text(signed.language).to_lowercase().into())])
}

fn saved(signed: &Signed, saved: bool) -> Markup {
    html! { @if saved { p.done role="status" { (signed.t("service-saved")) } } }
}

fn id(text: Option<&str>) -> Result<Option<RecordId>, terms::IdError> {
    text.filter(|text| !text.is_empty()).map(str::parse).transpose()
}
