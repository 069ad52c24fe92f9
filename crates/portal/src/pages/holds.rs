//! Legal holds on pages: the register of them, one with its words, and the form by which a record or a person is held.
//!
//! Who may hold, and who may read the words, the door says. Not here: what a hold stands against, which each plan of an erasure
//! shows (`erasure.rs`).

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use service::{Asked, Held, HeldInFull, HeldScope, HoldGround, Kind, MAX_HOLD_WORDS, No, ToHold, ToHoldWhat, Value};
use terms::{KindName, RecordId, Verb};

use crate::ctx::Signed;
use crate::form::{Fields, Posted};
use crate::frame::{clause, csrf, page, page_with};
use crate::moment::{moment, moment_text};
use crate::pages::erasure::titled;
use crate::pages::restriction::until;
use crate::pages::{answers, records};
use crate::routes::HOLDS;

/// With what the door is asked for the register: as for holding the first kind that this role may hold, or else as a reading.
pub(crate) fn asked(signed: &Signed) -> Option<Asked> {
    let kinds = &signed.shop.as_ref()?.kinds.kinds;
    let kind = kinds.iter().find(|kind| signed.may(Verb::Hold, kind)).or_else(|| kinds.first())?;
    signed.asked(Verb::Hold, kind).or_else(|| signed.asked(Verb::Consult, kind))
}

/// What was filled in and cannot be taken as it is.
struct Again<'a> {
    fields: &'a Fields,
    wrong: &'static str,
}

/// `GET /{service}/raderingsstopp`: every hold, and a form to hold a kind or all that the customer has.
pub async fn register(signed: Signed) -> Response {
    listed(&signed, None).await
}

async fn listed(signed: &Signed, again: Option<Again<'_>>) -> Response {
    let Some(asked) = asked(signed) else { return answers::choose_case(signed) };
    let all = match signed.portal.door.holds(&asked).await {
        Ok(all) => all,
        Err(no) => return answers::no(signed, &no),
    };
    let now = signed.now();
    let title = signed.t("holds-title");
    let status = if again.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let body = html! {
        h1 { (title) }
        p.answer { (signed.t("holds-what")) }
        (wrong(signed, again.as_ref()))
        @if all.is_empty() { p { (signed.t("holds-none")) } } @else {
            table {
                caption { (signed.t_with("holds-caption", &[
                    ("standing", all.iter().filter(|one| one.stands(now)).count().into()),
                    ("count", all.len().into()),
                ])) }
                thead { tr {
                    @for key in ["holds-column-what", "holds-column-ground", "holds-column-since", "holds-column-until", "holds-column-how", "holds-column-clause"] {
                        th scope="col" { (signed.t(key)) }
                    }
                } }
                tbody {
                    @for one in &all {
                        tr {
                            th scope="row" { a href=(format!("/{}/{HOLDS}/{}", signed.service_path(), one.id)) { (what(signed, one)) } }
                            td { (ground(signed, one.ground)) }
                            td { (moment(signed.language, one.since)) }
                            td { (ends(signed, one)) }
                            td { (how(signed, one)) }
                            td { (number(signed, one)) }
                        }
                    }
                }
            }
        }
        (wide(signed, again.as_ref()))
    };
    page_with(signed, status, &title, body)
}

/// The form for a kind, or for all.
fn wide(signed: &Signed, again: Option<&Again<'_>>) -> Markup {
    let kinds: Vec<&Kind> =
        signed.shop.iter().flat_map(|shop| &shop.kinds.kinds).filter(|kind| signed.may(Verb::Hold, kind)).collect();
    if kinds.is_empty() {
        return html! {};
    }
    let chosen = again.and_then(|again| again.fields.get("scope")).unwrap_or("");
    html! {
        section aria-labelledby="new-hold" {
            h2 #new-hold { (signed.t("holds-new")) }
            p { (signed.t("holds-new-what")) }
            form method="post" action=(format!("/{}/{HOLDS}", signed.service_path())) {
                (csrf(signed))
                div.field {
                    label for="scope" { (signed.t("holds-scope")) }
                    select #scope name="scope" required {
                        @for kind in kinds {
                            option value=(kind.name) selected[chosen == kind.name.as_str()] { (kind.plural.text(signed.language)) }
                        }
                        option value=(EVERYTHING) selected[chosen == EVERYTHING] { (signed.t("holds-scope-customer")) }
                    }
                }
                (common(signed, again))
                button type="submit" { (signed.t("holds-do")) }
            }
        }
    }
}

/// In the form, in the place of a kind's name: all that the customer has. No kind is called so: names of kinds have no `*`.
const EVERYTHING: &str = "*";

/// `POST /{service}/raderingsstopp`.
pub async fn place_wide(posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let scope = fields.get("scope").unwrap_or("");
    let kind = if scope == EVERYTHING { None } else { KindName::new(scope).ok() };
    let what = match &kind {
        None if scope == EVERYTHING => ToHoldWhat::Customer,
        Some(name) if signed.shop.as_ref().is_some_and(|shop| shop.kinds.kind(name).is_some()) => {
            ToHoldWhat::Kind(name)
        }
        _ => return answers::page_of(&signed, StatusCode::BAD_REQUEST, "answer-form-unreadable"),
    };
    let Some(asked) = asked(&signed) else { return answers::choose_case(&signed) };
    match place(&signed, &asked, what, &fields).await {
        Placed::There(id) => there(&signed, id),
        Placed::Again(wrong) => listed(&signed, Some(Again { fields: &fields, wrong })).await,
        Placed::No(no) => answers::no(&signed, &no),
    }
}

/// `GET /{service}/{kind}/{id}/stoppa`: which holds stand for a record and its person, and a form for one more.
pub async fn form(signed: Signed, Path((_, path, id)): Path<(String, String, String)>) -> Response {
    let (Some(kind), Ok(record)) = (records::kind(&signed, &path), id.parse::<RecordId>()) else {
        return answers::missing(&signed);
    };
    of_record(&signed, kind, record, None).await
}

async fn of_record(signed: &Signed, kind: &Kind, record: RecordId, again: Option<Again<'_>>) -> Response {
    let Some(asked) = signed.asked(Verb::Hold, kind) else { return answers::choose_case(signed) };
    let standing = match signed.portal.door.holds_on(&asked, &kind.name, record).await {
        Ok(standing) => standing,
        Err(no) => return answers::no(signed, &no),
    };
    let title = titled(signed, "holds-on-title", kind, record);
    let base = records::base(signed, kind);
    let status = if again.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let alone = again.as_ref().and_then(|again| again.fields.get("scope")) == Some("record");
    let body = html! {
        h1 { (title) }
        p.answer { (signed.t("holds-on-what")) }
        (wrong(signed, again.as_ref()))
        @if !standing.is_empty() {
            section aria-labelledby="standing" {
                h2 #standing { (signed.t("holds-on-standing")) }
                ul { @for one in &standing { li {
                    a href=(format!("/{}/{HOLDS}/{}", signed.service_path(), one.id)) { (what(signed, one)) } ": " (sentence(signed, one))
                } } }
            }
        }
        form method="post" action=(format!("{base}/{record}/stoppa")) {
            (csrf(signed))
            fieldset {
                legend { (signed.t("holds-scope")) }
                p { label { input type="radio" name="scope" value="person" checked[!alone] required; " " (signed.t("holds-scope-person")) } }
                p { label { input type="radio" name="scope" value="record" checked[alone]; " " (signed.t("holds-scope-record")) } }
            }
            (common(signed, again.as_ref()))
            button type="submit" { (signed.t("holds-do")) }
        }
        p.actions { a.button.quiet href=(format!("{base}/{record}")) { (signed.t("service-back")) } }
    };
    page_with(signed, status, &title, body)
}

/// `POST /{service}/{kind}/{id}/stoppa`.
pub async fn place_on(Path((_, path, id)): Path<(String, String, String)>, posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let (Some(kind), Ok(record)) = (records::kind(&signed, &path), id.parse::<RecordId>()) else {
        return answers::missing(&signed);
    };
    let what = match fields.get("scope") {
        Some("person") => ToHoldWhat::Person(&kind.name, record),
        Some("record") => ToHoldWhat::Record(&kind.name, record),
        _ => return answers::page_of(&signed, StatusCode::BAD_REQUEST, "answer-form-unreadable"),
    };
    let Some(asked) = signed.asked(Verb::Hold, kind) else { return answers::choose_case(&signed) };
    match place(&signed, &asked, what, &fields).await {
        Placed::There(id) => there(&signed, id),
        Placed::Again(wrong) => of_record(&signed, kind, record, Some(Again { fields: &fields, wrong })).await,
        Placed::No(no) => answers::no(&signed, &no),
    }
}

enum Placed {
    There(RecordId),
    Again(&'static str),
    No(No),
}

async fn place(signed: &Signed, asked: &Asked, what: ToHoldWhat<'_>, fields: &Fields) -> Placed {
    let Some(ground) = fields.get("why").and_then(HoldGround::of) else { return Placed::Again("holds-wrong-ground") };
    let Ok(until) = until(fields.get("until").unwrap_or("")) else { return Placed::Again("restriction-until-wrong") };
    let words = fields.get("words").map(|words| Value::new(words.to_owned()));
    if words.as_ref().is_some_and(|words| words.chars().count() > MAX_HOLD_WORDS) {
        return Placed::Again("holds-wrong-words");
    }
    let untold = fields.get("untold").is_some();
    match signed.portal.door.hold(asked, ToHold { what, ground, until, words, untold }).await {
        Ok(id) => Placed::There(id),
        Err(No::Invalid(_)) => Placed::Again("restriction-until-wrong"),
        Err(no) => Placed::No(no),
    }
}

fn there(signed: &Signed, id: RecordId) -> Response {
    Redirect::to(&format!("/{}/{HOLDS}/{id}", signed.service_path())).into_response()
}

/// `GET /{service}/raderingsstopp/{id}`: one, with its words for whoever may hold what it covers.
pub async fn one(signed: Signed, Path((_, id)): Path<(String, String)>) -> Response {
    let Ok(id) = id.parse::<RecordId>() else { return answers::missing(&signed) };
    let Some(asked) = asked(&signed) else { return answers::choose_case(&signed) };
    let HeldInFull { held, words, withheld } = match signed.portal.door.one_hold(&asked, id).await {
        Ok(one) => one,
        Err(no) => return answers::no(&signed, &no),
    };
    let language = signed.language;
    let here = format!("/{}/{HOLDS}", signed.service_path());
    let (kind, record) = held.scope.pointed();
    let kind = kind.and_then(|kind| signed.shop.as_ref()?.kinds.kind(kind));
    let title = signed.t_with("holds-one-title", &[("number", held.id.short().into())]);
    let stands = held.stands(signed.now());
    let may_lift = kind.map_or_else(
        || signed.shop.iter().flat_map(|shop| &shop.kinds.kinds).all(|kind| signed.may(Verb::Hold, kind)),
        |kind| signed.may(Verb::Hold, kind),
    );
    let body = html! {
        h1 { (title) }
        p.answer { (what(&signed, &held)) ". " (signed.t(if stands { "holds-stands" } else { "holds-stands-no-more" })) }
        dl.sheet {
            dt { (signed.t("holds-column-ground")) } dd { (ground(&signed, held.ground)) }
            dt { (signed.t("holds-column-since")) } dd { (moment(language, held.since)) }
            dt { (signed.t("holds-column-until")) } dd { (ends(&signed, &held)) }
            @if let Some(end) = &held.ended { dt { (signed.t("holds-column-how")) } dd { (how(&signed, &held)) " " (moment(language, end.at)) } }
            dt { (signed.t("holds-fact-by")) } dd { code { (held.by) } }
            dt { (signed.t("holds-column-clause")) } dd { (clause(&signed, &held.clause)) }
            dt { (signed.t("holds-fact-told")) } dd { (signed.t(if held.untold { "holds-untold" } else { "holds-told" })) }
            @if let Some(words) = &words { dt { (signed.t("holds-words")) } dd.prose { (words.as_str()) } }
            @if withheld { dt { (signed.t("holds-words")) } dd { (signed.t("holds-words-withheld")) } }
        }
        @if stands && may_lift {
            form method="post" action=(format!("{here}/{id}/hav")) {
                (csrf(&signed))
                p #lift-what { (signed.t("holds-lift-what")) }
                button type="submit" aria-describedby="lift-what" { (signed.t("holds-lift")) }
            }
        }
        p.actions {
            @if let (Some(kind), Some(record)) = (kind, record) {
                a.button.quiet href=(format!("{}/{record}", records::base(&signed, kind))) { (kind.label.text(language)) " " (record.short()) }
            }
            a.button.quiet href=(here) { (signed.t("holds-title")) }
        }
    };
    page(&signed, &title, body)
}

/// `POST /{service}/raderingsstopp/{id}/hav`: lifts it.
pub async fn lift(Path((_, id)): Path<(String, String)>, posted: Posted) -> Response {
    let Posted { signed, .. } = posted;
    let Ok(id) = id.parse::<RecordId>() else { return answers::missing(&signed) };
    let Some(asked) = asked(&signed) else { return answers::choose_case(&signed) };
    match signed.portal.door.lift_hold(&asked, id).await {
        Ok(()) => there(&signed, id),
        Err(no) => answers::no(&signed, &no),
    }
}

fn wrong(signed: &Signed, again: Option<&Again<'_>>) -> Markup {
    html! { @if let Some(again) = again { div.problems role="alert" { p #hold-wrong { (signed.t(again.wrong)) } } } }
}

/// Ground, end, words, and whether the data subject is told.
fn common(signed: &Signed, again: Option<&Again<'_>>) -> Markup {
    let written = |name: &str| again.and_then(|again| again.fields.get(name)).unwrap_or("");
    let invalid = |key: &str| again.is_some_and(|again| again.wrong == key).then_some("true");
    html! {
        div.field {
            label for="why" { (signed.t("holds-why")) }
            p.help #why-help { (signed.t("holds-why-help")) }
            select #why name="why" aria-describedby="why-help" aria-invalid=[invalid("holds-wrong-ground")] required {
                @for one in HoldGround::ALL { option value=(one.code()) selected[written("why") == one.code()] { (ground(signed, one)) } }
            }
        }
        div.field {
            label for="until" { (signed.t("restriction-until")) }
            p.help #until-help { (signed.t("holds-until-help")) }
            input #until name="until" type="date" value=(written("until")) aria-describedby="until-help" aria-invalid=[invalid("restriction-until-wrong")];
        }
        div.field {
            label for="words" { (signed.t("holds-words-label")) }
            p.help #words-help { (signed.t("holds-words-help")) }
            textarea #words name="words" rows="4" maxlength=(MAX_HOLD_WORDS) aria-describedby="words-help" aria-invalid=[invalid("holds-wrong-words")] { "\n" (written("words")) }
        }
        p { label { input type="checkbox" name="untold" value="1" checked[!written("untold").is_empty()]; " " (signed.t("holds-untold-label")) } }
    }
}

pub(crate) fn ground(signed: &Signed, one: HoldGround) -> String {
    signed.t(&format!("holds-ground-{}", one.code()))
}

/// What is held, in a few words: never a name, since it goes into titles and lists.
pub(crate) fn what(signed: &Signed, one: &Held) -> String {
    let kind = |name: &KindName| signed.shop.as_ref().and_then(|shop| shop.kinds.kind(name));
    let label = |name: &KindName| {
        kind(name).map_or_else(|| name.to_string(), |kind| kind.label.text(signed.language).to_owned())
    };
    match &one.scope {
        HeldScope::Customer => signed.t("holds-of-customer"),
        HeldScope::Kind(name) => {
            let plural =
                kind(name).map_or_else(|| name.to_string(), |kind| kind.plural.text(signed.language).to_owned());
            signed.t_with("holds-of-kind", &[("kind", plural.into())])
        }
        HeldScope::Person { kind, record, .. } => signed.t_with(
            "holds-of-person",
            &[("kind", label(kind).to_lowercase().into()), ("number", record.short().into())],
        ),
        HeldScope::Record { kind, record } => {
            signed.t_with("holds-of-record", &[("kind", label(kind).into()), ("number", record.short().into())])
        }
    }
}

/// Why and until when, as one sentence.
pub(crate) fn sentence(signed: &Signed, one: &Held) -> String {
    let since = ("since", moment_text(signed.language, one.since).into());
    let why = ("why", ground(signed, one.ground).into());
    match one.until {
        Some(until) => {
            signed.t_with("holds-sentence-until", &[since, why, ("until", moment_text(signed.language, until).into())])
        }
        None => signed.t_with("holds-sentence", &[since, why]),
    }
}

fn ends(signed: &Signed, one: &Held) -> Markup {
    html! { @match one.until { Some(until) => (moment(signed.language, until)), None => (signed.t("restriction-fact-no-end")) } }
}

fn how(signed: &Signed, one: &Held) -> String {
    let key = match &one.ended {
        Some(end) if end.by.is_some() => "holds-lifted",
        Some(_) => "holds-ran-out",
        None if one.stands(signed.now()) => "holds-standing",
        None => "holds-ran-out",
    };
    signed.t(key)
}

fn number(signed: &Signed, one: &Held) -> Markup {
    html! { a href=(crate::frame::clause_address(signed, &one.clause)) { @if one.number.is_empty() { (one.clause.as_str()) } @else { (one.number) } } }
}
