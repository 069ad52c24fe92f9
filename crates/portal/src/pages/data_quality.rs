//! Free texts that look like data outside the Specification: which field of which record, what kind of thing, and the way there.
//! The texts are read through the door like any others; nothing of them is repeated but a single word, and nobody is summed up.

use std::collections::BTreeMap;

use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use service::{Field, FieldType, Finding, Kind, MAX_LISTED, Page, finding_label, findings};
use terms::{Category, ClauseId, FieldName, RecordHead, RecordId, Render, Verb};

use crate::ctx::{Ctx, Signed};
use crate::form::Posted;
use crate::frame::{csrf, page};
use crate::hint;
use crate::moment::moment;
use crate::pages::answers;
use crate::routes;

/// One place worth reading again.
struct Place {
    head: RecordHead,
    field: FieldName,
    found: Vec<Finding>,
}

/// Whether people write anything in it. What a file holds is not looked through.
fn is_text(field: &Field) -> bool {
    field.free_text && !matches!(field.holds, FieldType::KeptFile(_))
}

/// Looks through the free texts of opened records and keeps only places.
struct Look<'a> {
    kind: &'a Kind,
    added: &'a [Category],
    head: Option<RecordHead>,
    places: Vec<Place>,
    last: Option<RecordId>,
}

impl Render for Look<'_> {
    fn begin(&mut self, head: &RecordHead) {
        self.head = Some(head.clone());
        self.last = Some(head.record);
    }
    fn field(&mut self, name: &FieldName, _: &Category, value: &str) {
        let free = self.kind.field(name.as_str()).is_some_and(is_text);
        let found = if free { findings(value, self.added) } else { Vec::new() };
        if let (false, Some(head)) = (found.is_empty(), &self.head) {
            self.places.push(Place { head: head.clone(), field: name.clone(), found });
        }
    }
    fn withheld(&mut self, _: &Category, _: &ClauseId) {}
    fn end(&mut self) {}
}

/// Which part, and of which kind.
#[derive(Deserialize)]
pub struct QualityQuery {
    kind: Option<String>,
    after: Option<String>,
}

/// Whether the page has anything for whoever is signed in: of the customer's own people, a role that may read free texts.
pub(crate) fn is_open_to(ctx: &Ctx) -> bool {
    let (Some(shop), Some(me), Some(agreement)) = (&ctx.shop, &ctx.me, &ctx.agreement) else { return false };
    let with_text = |kind: &&Kind| kind.fields.iter().any(|field| field.free_text);
    !me.provider
        && ctx.mine()
        && !ctx.is_subject()
        && shop.kinds.kinds.iter().filter(with_text).any(|kind| {
            // Of the free texts themselves, and not of whatever else stands in such a record.
            let texts = kind.fields.iter().filter(|field| field.free_text);
            let may = |field: &Field| hint::may(agreement, &me.role, Verb::Consult, kind, &field.category, None);
            texts.into_iter().any(may)
        })
}

/// `GET /{service}/datakvalitet`.
pub async fn page_of(signed: Signed, Query(query): Query<QualityQuery>) -> Response {
    let Some(shop) = signed.shop.clone().filter(|_| !signed.me.provider && !signed.is_subject()) else {
        return answers::missing(&signed);
    };
    let with_text = |kind: &&Kind| kind.fields.iter().any(is_text) && signed.may(Verb::Consult, kind);
    let kinds: Vec<&Kind> = shop.kinds.kinds.iter().filter(with_text).collect();
    let file = signed.portal.customer_files.at(&signed.me.home, signed.now());
    let additions = file.as_ref().map(|file| file.additions.clone()).unwrap_or_default();
    let added: Vec<Category> = additions.iter().map(|one| one.category.clone()).collect();
    let title = signed.t("quality-title");
    let chosen = query.kind.as_deref().and_then(|path| kinds.iter().find(|kind| kind.path == path));
    let listed = match chosen {
        Some(kind) => match list(&signed, kind, &added, query.after.as_deref()).await {
            Ok(listed) => Some(listed),
            Err(answer) => return answer,
        },
        None => None,
    };
    let base = format!("/{}/{}", signed.service_path(), routes::QUALITY);
    let body = html! {
        h1 { (title) }
        p { (signed.t("quality-lead")) }
        @if !additions.is_empty() {
            p { (signed.t("quality-added")) }
            ul { @for one in &additions { li { (one.label.text(signed.language)) ": " (one.why.text(signed.language)) } } }
        }
        h2 { (signed.t("quality-choose")) }
        @if kinds.is_empty() { p { (signed.t("quality-no-kinds")) } }
        ul {
            @for kind in &kinds {
                @let current = chosen.is_some_and(|chosen| chosen.name == kind.name).then_some("true");
                li { a href=(format!("{base}?kind={}", kind.path)) aria-current=[current] { (kind.plural.text(signed.language)) } }
            }
        }
        @if let Some(listed) = listed { (listed) }
    };
    page(&signed, &title, body)
}

async fn list(signed: &Signed, kind: &Kind, added: &[Category], after: Option<&str>) -> Result<Markup, Response> {
    let Some(asked) = signed.asked(Verb::Consult, kind) else { return Err(answers::missing(signed)) };
    let after = after.and_then(|after| after.parse::<RecordId>().ok());
    let listed = signed.portal.door.list(&asked, &kind.name, None, Page { after, limit: MAX_LISTED }).await;
    let listed = listed.map_err(|no| answers::no(signed, &no))?;
    let mut look = Look { kind, added, head: None, places: Vec::new(), last: None };
    listed.opened.render(&mut look);
    let seen = signed.portal.house.as_ref().and_then(|house| house.looked_at(&signed.me.home).ok()).unwrap_or_default();
    let seen: BTreeMap<(RecordId, FieldName), _> =
        seen.into_iter().map(|one| ((one.record, one.field.clone()), one)).collect();
    let count = look.places.len();
    let read = listed.opened.count();
    let more = listed
        .next
        .map(|next| format!("/{}/{}?kind={}&after={next}", signed.service_path(), routes::QUALITY, kind.path));
    Ok(html! {
        h2 { (kind.plural.text(signed.language)) }
        p { (signed.t_with("quality-count", &[("count", count.into()), ("read", read.into())])) }
        @if count > 0 {
            div.scroll {
                table.cards {
                    caption { (signed.t("quality-caption")) }
                    thead {
                        tr {
                            @for key in ["quality-record", "quality-field", "quality-found", "quality-looked"] { th scope="col" { (signed.t(key)) } }
                        }
                    }
                    tbody {
                        @for place in &look.places {
                            @let looked = seen.get(&(place.head.record, place.field.clone())).filter(|one| one.version == place.head.version);
                            (row(signed, kind, place, looked.map(|one| one.at)))
                        }
                    }
                }
            }
        }
        @if let Some(more) = more { p { a href=(more) { (signed.t("quality-more")) } } }
    })
}

fn row(signed: &Signed, kind: &Kind, place: &Place, looked: Option<terms::Instant>) -> Markup {
    let language = signed.language;
    let field = kind.field(place.field.as_str()).map_or("", |field: &Field| field.label.text(language));
    html! {
        tr {
            th scope="row" {
                a href=(format!("/{}/{}/{}", signed.service_path(), kind.path, place.head.record)) {
                    (kind.label.text(language)) " " (place.head.record.short())
                }
            }
            td data-label=(signed.t("quality-field")) { (field) }
            td data-label=(signed.t("quality-found")) {
                ul { @for one in &place.found { li { (found(signed, one)) } } }
            }
            td data-label=(signed.t("quality-looked")) {
                @if let Some(at) = looked { (moment(language, at)) } @else {
                    form method="post" action=(format!("/{}/datakvalitet/granskad", signed.service_path())) {
                        (csrf(signed))
                        input type="hidden" name="record" value=(place.head.record);
                        input type="hidden" name="version" value=(place.head.version);
                        input type="hidden" name="field" value=(place.field.as_str());
                        input type="hidden" name="kind" value=(kind.path);
                        button.quiet type="submit" {
                            (signed.t("quality-mark")) " " span.visually-hidden { (place.head.record.short()) }
                        }
                    }
                }
            }
        }
    }
}

fn found(signed: &Signed, one: &Finding) -> String {
    let kind = match finding_label(one.kind) {
        Some(label) => label.text(signed.language).to_owned(),
        None => signed.t(&format!("quality-{}", one.kind)),
    };
    match &one.word {
        Some(word) => format!("{kind}: {word}"),
        None => kind,
    }
}

/// `POST /{service}/datakvalitet/granskad`: somebody has looked at a place. Who may not read the record may not mark it either.
pub async fn looked(posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let record = fields.get("record").and_then(|text| text.parse::<RecordId>().ok());
    let version = fields.get("version").and_then(|text| text.parse::<u64>().ok());
    let field = fields.get("field").and_then(|text| FieldName::new(text).ok());
    let kind = fields.get("kind").and_then(|path| signed.shop.as_ref()?.kinds.by_path(path));
    let (Some(house), Some(record), Some(version), Some(field), Some(kind)) =
        (&signed.portal.house, record, version, field, kind)
    else {
        return answers::missing(&signed);
    };
    let Some(asked) = signed.asked(Verb::Consult, kind) else { return answers::missing(&signed) };
    if let Err(no) = signed.portal.door.consult(&asked, &kind.name, record).await {
        return answers::no(&signed, &no);
    }
    match house.look_at(signed.me.actor, record, version, field).await {
        Ok(()) => {
            let to = format!("/{}/{}?kind={}", signed.service_path(), routes::QUALITY, kind.path);
            Redirect::to(&to).into_response()
        }
        Err(no) => answers::no(&signed, &no),
    }
}
