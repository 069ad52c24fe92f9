//! The customer's support cases: which there are, what the provider's people can see while one is open, opening and closing.
//!
//! Only the customer opens a case; the provider's side of it is `desk`. What a case lets the provider see is computed from the
//! agreement's rules, by `may`.

use agreement::{Agreement, CaseTerm};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, PreEscaped, html};
use service::{Change, Draft, FieldFault, Kind, Kinds, New, No, Opened, Page};
use terms::{Category, ClauseId, FieldName, RecordHead, RecordId, Render, Role, Verb};

use crate::ctx::Signed;
use crate::form::{Posted, query_value};
use crate::frame::{self, csrf};
use crate::html::{heading, sheet, state_word};
use crate::moment::moment;
use crate::pages::answers;
use crate::pages::labels::Labels;
use crate::pages::may::seen_within;
use crate::pages::record_form::{RecordForm, Written, is_of_kind, new_once};
use crate::pages::refusal;
use crate::routes;
use crate::words::{t, t_with};

/// `GET /{service}/arenden`
pub async fn page(signed: Signed) -> Response {
    let Some((agreement, kinds)) = both(&signed) else { return answers::missing(&signed) };
    let title = signed.t("cases-title");
    let labels = Labels { language: signed.language, service: &kinds.service, agreement: Some(agreement) };
    let after = query_value(&signed.here, "after").and_then(|text| text.parse().ok());
    let mut lists = Vec::new();
    for (case, kind) in cases(agreement, kinds) {
        let Some(asked) = signed.asked(Verb::Consult, kind) else { return answers::missing(&signed) };
        let list = match signed.portal.door.list(&asked, &kind.name, None, Page { after, ..Page::default() }).await {
            Ok(listed) => table(&signed, case, kind, listed.opened.as_ref(), listed.next),
            Err(No::Refused(no)) => refusal::inline(labels, &no),
            Err(no) => return answers::no(&signed, &no),
        };
        lists.push((case, list));
    }
    let body = html! {
        h1 { (title) }
        p.answer { (signed.t("cases-lead")) }
        @for (case, list) in &lists {
            section {
                (list)
                @if case.opened_by.contains(&signed.me.role) {
                    p { a.button href=(format!("{}/nytt", address(&signed))) { (signed.t("cases-open-new")) } }
                } @else {
                    (not_yours(labels, &signed.me.role, case))
                }
            }
            (seen(labels, agreement, case))
        }
    };
    frame::page(&signed, &title, body)
}

/// `GET /{service}/arenden/nytt`, with `?om=` the record that it is about and `?sok=` a name to find one by.
pub async fn new(signed: Signed) -> Response {
    form(&signed, &Written::default(), &[], about(&signed), StatusCode::OK).await
}

/// `POST /{service}/arenden/nytt`
pub async fn open(Posted { signed, fields }: Posted) -> Response {
    let Some((agreement, kinds)) = both(&signed) else { return answers::missing(&signed) };
    let Some((_, kind)) = cases(agreement, kinds).next() else { return answers::missing(&signed) };
    let Some(asked) = signed.asked(Verb::Collect, kind) else { return answers::missing(&signed) };
    let parent = match fields.get("_parent").map(str::parse) {
        None => None,
        Some(Ok(parent)) => Some(parent),
        Some(Err(_)) => return answers::missing(&signed),
    };
    let mut draft = Draft::new();
    for (name, value) in fields.iter().filter(|(name, _)| is_of_kind(name)) {
        draft.set(name, value);
    }
    let once = fields.get("_once").map(str::to_owned);
    match signed.portal.door.collect(&asked, New { kind: &kind.name, parent, draft, once }).await {
        Ok(_) => Redirect::to(&address(&signed)).into_response(),
        Err(No::Invalid(faults)) => {
            form(&signed, &Written::sent(&fields), &faults, parent, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(no) => answers::no(&signed, &no),
    }
}

/// `GET /{service}/arenden/{case}`
pub async fn one(signed: Signed, Path((_, case)): Path<(String, String)>) -> Response {
    let (Some((agreement, kinds)), Ok(record)) = (both(&signed), case.parse::<RecordId>()) else {
        return answers::missing(&signed);
    };
    let labels = Labels { language: signed.language, service: &kinds.service, agreement: Some(agreement) };
    let Some((case, kind)) = cases(agreement, kinds).next() else { return answers::missing(&signed) };
    let Some(asked) = signed.asked(Verb::Consult, kind) else { return answers::missing(&signed) };
    match signed.portal.door.consult(&asked, &kind.name, record).await {
        Ok(opened) => {
            let head = crate::html::seen(opened.as_ref()).heads.into_iter().next();
            let title = format!("{} {}", kind.label.text(signed.language), record.short());
            let body = html! {
                h1 { (title) }
                (sheet(&signed, kind, opened.as_ref()))
                @if let Some(head) = &head {
                    p { (covers(&signed, head)) }
                    @if is_open(kind, head) { (close_form(&signed, case, head)) }
                }
                (seen(labels, agreement, case))
                p { a href=(address(&signed)) { (signed.t("cases-title")) } }
            };
            frame::page(&signed, &title, body)
        }
        Err(no) => answers::no(&signed, &no),
    }
}

/// `POST /{service}/arenden/{case}/stang`
pub async fn close(Path((_, case)): Path<(String, String)>, Posted { signed, fields }: Posted) -> Response {
    let (Some((agreement, kinds)), Ok(record)) = (both(&signed), case.parse::<RecordId>()) else {
        return answers::missing(&signed);
    };
    let Some((_, kind)) = cases(agreement, kinds).next() else { return answers::missing(&signed) };
    let Some(asked) = signed.asked(Verb::Alter, kind) else { return answers::missing(&signed) };
    let (Some(version), Some(closed)) = (fields.get("_version").and_then(|text| text.parse().ok()), kind.states.last())
    else {
        return answers::missing(&signed);
    };
    let change =
        Change { kind: &kind.name, record, version, draft: Draft::new(), state: Some(closed.clone()), once: None };
    match signed.portal.door.alter(&asked, change).await {
        Ok(_) => Redirect::to(&address(&signed)).into_response(),
        Err(no) => answers::no(&signed, &no),
    }
}

fn address(signed: &Signed) -> String {
    format!("/{}/{}", signed.service_path(), routes::CASES)
}

/// The agreement and the kinds, for a customer's own people; nobody else has cases of their own.
fn both(signed: &Signed) -> Option<(&Agreement, &Kinds)> {
    if signed.me.provider {
        return None;
    }
    Some((signed.agreement.as_deref()?, &signed.shop.as_ref()?.kinds))
}

/// The agreement's cases that the service has a kind for.
fn cases<'a>(agreement: &'a Agreement, kinds: &'a Kinds) -> impl Iterator<Item = (&'a CaseTerm, &'a Kind)> {
    agreement.cases().iter().filter_map(|case| kinds.kind(&case.kind).map(|kind| (case, kind)))
}

/// Whether this person may open a case about records of that kind, so that a file can offer it.
pub(crate) fn can_be_about(signed: &Signed, kind: &Kind) -> bool {
    let Some((agreement, kinds)) = both(signed) else { return false };
    cases(agreement, kinds)
        .any(|(case, held)| held.parent.as_ref() == Some(&kind.name) && case.opened_by.contains(&signed.me.role))
}

fn about(signed: &Signed) -> Option<RecordId> {
    query_value(&signed.here, "om").and_then(|text| text.parse().ok())
}

/// A case is open in the state in which its kind begins.
fn is_open(kind: &Kind, head: &RecordHead) -> bool {
    head.state.as_ref() == kind.states.first()
}

fn covers(signed: &Signed, head: &RecordHead) -> Markup {
    html! {
        (signed.t("cases-covers")) ": "
        @if head.parent.is_some() { (signed.t("cases-covers-person")) } @else { (signed.t("cases-covers-service")) }
    }
}

fn close_form(signed: &Signed, case: &CaseTerm, head: &RecordHead) -> Markup {
    html! {
        @if case.opened_by.contains(&signed.me.role) {
            form method="post" action=(format!("{}/{}/stang", address(signed), head.record)) {
                (csrf(signed))
                input type="hidden" name="_version" value=(head.version);
                button.quiet type="submit" { (signed.t_with("cases-close", &[("number", head.record.short().into())])) }
            }
        }
    }
}

fn not_yours(labels: Labels<'_>, role: &Role, case: &CaseTerm) -> Markup {
    let roles = case.opened_by.iter().map(|role| labels.role(role)).collect::<Vec<_>>().join(", ");
    html! {
        p {
            (t_with(labels.language, "cases-not-yours", &[("role", labels.role(role).into()), ("roles", roles.into())]))
            " (" (labels.clause(&case.clause)) ")"
        }
    }
}

/// The rows of the list, written as they are handed over.
struct Rows<'a> {
    signed: &'a Signed,
    case: &'a CaseTerm,
    kind: &'a Kind,
    head: Option<RecordHead>,
    matter: String,
    out: String,
}

impl Render for Rows<'_> {
    fn begin(&mut self, head: &RecordHead) {
        self.head = Some(head.clone());
        self.matter.clear();
    }
    fn field(&mut self, name: &FieldName, _: &Category, value: &str) {
        if self.kind.title.contains(name) {
            self.matter.push_str(&html! { (value) " " }.0);
        }
    }
    fn withheld(&mut self, _: &Category, _: &ClauseId) {}
    fn end(&mut self) {
        let Some(head) = self.head.take() else { return };
        let signed = self.signed;
        let row = html! {
            tr {
                th scope="row" { a href=(format!("{}/{}", address(signed), head.record)) { (head.record.short()) } }
                td { (PreEscaped(&self.matter)) }
                td { @if head.parent.is_some() { (signed.t("cases-covers-person")) } @else { (signed.t("cases-covers-service")) } }
                td { @if let Some(state) = &head.state { span.tag.good[is_open(self.kind, &head)] { (state_word(signed, state)) } } }
                td { (moment(signed.language, head.written)) }
                td { @if is_open(self.kind, &head) { (close_form(signed, self.case, &head)) } }
            }
        };
        self.out.push_str(&row.0);
    }
}

fn table(signed: &Signed, case: &CaseTerm, kind: &Kind, opened: &dyn Opened, next: Option<RecordId>) -> Markup {
    if opened.count() == 0 {
        return html! { p { (signed.t("cases-none")) } };
    }
    let mut rows = Rows { signed, case, kind, head: None, matter: String::new(), out: String::new() };
    opened.render(&mut rows);
    html! {
        div.scroll tabindex="0" role="region" aria-labelledby="cases-caption" {
            table {
                caption #cases-caption { (signed.t("cases-caption")) }
                thead {
                    tr {
                        @for key in ["cases-number", "cases-matter", "cases-covers", "cases-state", "cases-changed", "cases-do"] {
                            th scope="col" { (signed.t(key)) }
                        }
                    }
                }
                tbody { (PreEscaped(rows.out)) }
            }
        }
        @if let Some(next) = next {
            p { a rel="next" href=(format!("{}?after={next}", address(signed))) { (signed.t("cases-older")) } }
        }
    }
}

/// What the provider's people can see within an open case of this kind, by which clause. Computed, never written by hand.
pub(crate) fn seen(labels: Labels<'_>, agreement: &Agreement, case: &CaseTerm) -> Markup {
    let language = labels.language;
    let rows = seen_within(agreement, &case.id);
    let id = format!("seen-{}", case.id);
    html! {
        section aria-labelledby=(id) {
            h2 id=(id) { (t(language, "cases-seen-heading")) }
            @if rows.is_empty() {
                p { (t(language, "cases-seen-nothing")) }
            } @else {
                p { (t(language, "cases-seen-only")) }
                div.scroll tabindex="0" role="region" aria-labelledby=(format!("{id}-caption")) { table {
                    caption id=(format!("{id}-caption")) { (t_with(language, "cases-seen-caption", &[("case", case.label.text(language).into())])) }
                    thead {
                        tr {
                            @for key in [
                                "cases-seen-role", "cases-seen-verbs", "cases-seen-subject", "cases-seen-data",
                                "cases-seen-purpose", "cases-seen-clause",
                            ] {
                                th scope="col" { (t(language, key)) }
                            }
                        }
                    }
                    tbody {
                        @for row in &rows {
                            tr {
                                th scope="row" { (labels.role(&row.role)) }
                                td { (labels.verbs(&row.verbs)) }
                                td { (labels.subject(&row.subject)) }
                                td { (labels.categories(&row.categories)) }
                                td { (labels.purposes(&row.purposes)) }
                                td { (labels.clause(&row.clause)) }
                            }
                        }
                    }
                } }
                p { (t(language, "cases-seen-until")) }
            }
            p { (t(language, "cases-opened-by-clause")) " (" (labels.clause(&case.clause)) ")" }
        }
    }
}

async fn form(
    signed: &Signed,
    written: &Written,
    faults: &[FieldFault],
    about: Option<RecordId>,
    status: StatusCode,
) -> Response {
    let Some((agreement, kinds)) = both(signed) else { return answers::missing(signed) };
    let Some((case, kind)) = cases(agreement, kinds).next() else { return answers::missing(signed) };
    let labels = Labels { language: signed.language, service: &kinds.service, agreement: Some(agreement) };
    let parent = kind.parent.as_ref().and_then(|parent| kinds.kind(parent));
    let chooser = match parent {
        Some(parent) => match choose(signed, parent, about).await {
            Ok(chooser) => chooser,
            Err(no) => return answers::no(signed, &no),
        },
        None => html! {},
    };
    let action = about
        .map_or_else(|| format!("{}/nytt", address(signed)), |about| format!("{}/nytt?om={about}", address(signed)));
    let form = RecordForm {
        signed,
        kind,
        verb: Verb::Collect,
        action,
        parent: about,
        version: None,
        once: new_once(),
        written,
        faults,
        offered: &crate::pages::references::Offered::default(),
        prefix: "",
    };
    let title = signed.t("case-new-title");
    let body = html! {
        h1 { (title) }
        @if case.opened_by.contains(&signed.me.role) {
            (chooser)
            (form.show())
        } @else {
            (not_yours(labels, &signed.me.role, case))
        }
        (seen(labels, agreement, case))
    };
    frame::page_with(signed, status, &title, body)
}

/// What the case is about: the service, or one record of the kind that cases belong to, found by name.
async fn choose(signed: &Signed, parent: &Kind, about: Option<RecordId>) -> Result<Markup, No> {
    let here = format!("{}/nytt", address(signed));
    let language = signed.language;
    let chosen = match (about, signed.asked(Verb::Consult, parent)) {
        (Some(record), Some(asked)) => match signed.portal.door.consult(&asked, &parent.name, record).await {
            Ok(opened) => Some(heading(signed, opened.as_ref(), parent)),
            // The case can be opened by somebody who may not read the file; it is then named by its number.
            Err(No::Refused(_)) => {
                let number = record.short();
                Some(html! { (signed.t_with("case-new-about-chosen", &[("number", number.into())])) })
            }
            Err(no) => return Err(no),
        },
        _ => None,
    };
    let wanted = query_value(&signed.here, "sok").filter(|text| !text.trim().is_empty());
    let found = match (&wanted, signed.asked(Verb::Consult, parent)) {
        (Some(text), Some(asked)) => match signed.portal.door.search(&asked, &parent.name, text).await {
            Ok(opened) if opened.count() == 0 => html! { p role="status" { (signed.t("case-new-find-none")) } },
            Ok(opened) => {
                let mut links =
                    Links { kind: parent, here: &here, head: None, name: String::new(), out: String::new() };
                opened.render(&mut links);
                html! { ul.found { (PreEscaped(links.out)) } }
            }
            Err(No::Refused(no)) => match both(signed) {
                Some((agreement, kinds)) => {
                    refusal::inline(Labels { language, service: &kinds.service, agreement: Some(agreement) }, &no)
                }
                None => html! {},
            },
            Err(no) => return Err(no),
        },
        _ => html! {},
    };
    Ok(html! {
        section aria-labelledby="about" {
            h2 #about { (signed.t("case-new-about")) }
            @if let Some(name) = &chosen {
                p { strong { (name) } ". " (signed.t("case-new-about-only")) }
                p { a href=(here) { (signed.t("case-new-about-service-instead")) } }
            } @else {
                p { strong { (signed.t("case-new-about-service")) } }
            }
            // Who has come from a file has chosen already.
            @if chosen.is_none() || wanted.is_some() { form.find method="get" action=(here) role="search" {
                p { (signed.t("case-new-find")) }
                p.field {
                    label for="sok" { (signed.t_with("case-new-find-label", &[("kind", parent.label.text(language).into())])) }
                    input #sok name="sok" value=(wanted.as_deref().unwrap_or("")) maxlength="160" autocomplete="off";
                }
                p { button type="submit" { (signed.t("case-new-find-button")) } }
            } }
            (found)
        }
    })
}

/// The records that were found, each a link that chooses it.
struct Links<'a> {
    kind: &'a Kind,
    here: &'a str,
    head: Option<RecordId>,
    name: String,
    out: String,
}

impl Render for Links<'_> {
    fn begin(&mut self, head: &RecordHead) {
        self.head = Some(head.record);
        self.name.clear();
    }
    fn field(&mut self, name: &FieldName, _: &Category, value: &str) {
        if self.kind.title.contains(name) {
            self.name.push_str(&html! { (crate::html::isolated(value)) " " }.0);
        }
    }
    fn withheld(&mut self, _: &Category, _: &ClauseId) {}
    fn end(&mut self) {
        let Some(record) = self.head.take() else { return };
        let name = if self.name.is_empty() { record.short() } else { self.name.clone() };
        let row = html! { li { a href=(format!("{}?om={record}", self.here)) { (PreEscaped(name.trim())) } } };
        self.out.push_str(&row.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::sample;
    use terms::Language;

    #[test]
    fn what_a_case_lets_the_provider_see_is_computed_from_the_rules() {
        let agreement = sample::agreement();
        let case = &agreement.cases()[0];
        let html = seen(sample::labels(&agreement, Language::Sv), &agreement, case).into_string();
        assert!(html.contains("<td>Namn</td>") && !html.contains("Namn, Lån"), "{html}");
        sample::check_clauses(&agreement, &html);

        let text =
            sample::TEXT.replace("categories = [\"name\"]\nwithin", "categories = [\"name\", \"loans\"]\nwithin");
        let wider = Agreement::read("wider.sv.md", &text).unwrap();
        let html = seen(sample::labels(&wider, Language::Sv), &wider, &wider.cases()[0]).into_string();
        assert!(html.contains("<td>Namn, Lån</td>"), "{html}");
    }
}
