//! People found by what belongs to them (a competence and its grade), and what expires soon.

use axum::extract::{Path, Query};
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use service::{Field, FieldType, Kind, Narrowed, No, Page, Search, Selection, Value, Which};
use terms::{Category, ClauseId, FieldName, RecordHead, RecordId, Render, Verb};

use crate::ctx::Signed;
use crate::frame::page;
use crate::html::called as names;
use crate::lists::choices;
use crate::moment;
use crate::pages::answers;
use crate::pages::records::{base, kind};

/// Most records that are looked through for one answer.
const MAX_FOUND: usize = 10_000;

/// `GET /{service}/{kind}/urval?competence=…&grade=…`: those who have records with just these values.
pub async fn by_values(
    signed: Signed,
    Path((_, path)): Path<(String, String)>,
    Query(asked_for): Query<Vec<(String, String)>>,
) -> Response {
    let Some(kind) = kind(&signed, &path).filter(|kind| !kind.filter.is_empty()) else {
        return answers::missing(&signed);
    };
    let kinds = signed.shop.as_ref().map(|shop| &shop.kinds);
    let Some(over) = kind.parent.as_ref().and_then(|over| kinds?.kind(over)) else { return answers::missing(&signed) };
    let given = |field: &Field| {
        let found = asked_for.iter().find(|(name, _)| name == field.name.as_str());
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    };
    let fields: Vec<&Field> = kind.filter.iter().filter_map(|name| kind.field(name.as_str())).collect();
    let exactly: Vec<(FieldName, Value)> =
        fields.iter().filter_map(|field| Some((field.name.clone(), Value::new(given(field)?.to_owned())))).collect();
    let found = match exactly.is_empty() {
        true => None,
        false => match people(&signed, kind, over, exactly).await {
            Ok(found) => Some(found),
            Err(no) => return answers::no(&signed, &no),
        },
    };
    let language = signed.language;
    let labels: Vec<&str> = fields.iter().map(|field| field.label.text(language)).collect();
    let title = signed.t_with(
        "found-title",
        &[("kind", over.plural.text(language).to_owned().into()), ("fields", labels.join(", ").to_lowercase().into())],
    );
    let to = base(&signed, over);
    let body = html! {
        h1 { (title) }
        search {
            form.stack method="get" action=(format!("{}/urval", base(&signed, kind))) {
                @for field in &fields { (select(&signed, field, given(field).unwrap_or(""))) }
                div.actions { button type="submit" { (signed.t("service-search")) } }
            }
        }
        @if let Some(found) = found {
            h2 { (signed.t_with("found-count", &[("count", found.len().into())])) }
            ul { @for (record, name) in found { li { a href=(format!("{to}/{record}")) { (name) } } } }
        }
    };
    page(&signed, &title, body)
}

/// Those under whom such records are, by name.
async fn people(
    signed: &Signed,
    kind: &Kind,
    over: &Kind,
    exactly: Vec<(FieldName, Value)>,
) -> Result<Vec<(RecordId, Markup)>, No> {
    let asked = signed.asked(Verb::Consult, kind).ok_or(No::Missing)?;
    let mut parents: Vec<RecordId> = Vec::new();
    let mut after = None;
    // All of them: who asks for everybody who can weld is not helped by the first two hundred.
    loop {
        let page = Page { after, limit: service::MAX_LISTED };
        let exactly = exactly.clone();
        let narrowed = Narrowed { exactly, page, ..Narrowed::default() };
        let listed = signed.portal.door.narrow(&asked, &kind.name, narrowed).await?;
        parents.extend(crate::html::seen(listed.opened.as_ref()).heads.iter().filter_map(|head| head.parent));
        after = listed.next;
        if after.is_none() || parents.len() >= MAX_FOUND {
            break;
        }
    }
    parents.sort_unstable();
    parents.dedup();
    if parents.is_empty() {
        return Ok(Vec::new());
    }
    called(signed, over, parents).await
}

/// What records are called, by name.
async fn called(signed: &Signed, kind: &Kind, records: Vec<RecordId>) -> Result<Vec<(RecordId, Markup)>, No> {
    let asked = signed.asked(Verb::Consult, kind).ok_or(No::Missing)?;
    let which = Which::These(records);
    let selection = Selection { kind: &kind.name, which: &which, fields: &kind.title };
    let opened = signed.portal.door.select(&asked, selection).await?;
    let mut found: Vec<(RecordId, Markup)> =
        names(signed, opened.as_ref(), kind).into_iter().map(|(head, name)| (head.record, name)).collect();
    found.sort_by_cached_key(|(_, name)| crate::html::sorting_key(&name.0));
    Ok(found)
}

fn select(signed: &Signed, field: &Field, now: &str) -> Markup {
    let values = match &field.holds {
        FieldType::Choice(choices) => choices.clone(),
        FieldType::Listed { list } => choices(signed, list).1,
        _ => Vec::new(),
    };
    let name = field.name.as_str();
    html! {
        div.field {
            label for=(name) { (field.label.text(signed.language)) }
            select id=(name) name=(name) {
                option value="" { (signed.t("service-choose")) }
                @for one in &values {
                    option value=(one.value) selected[one.value == now] { (one.label.text(signed.language)) }
                }
            }
        }
    }
}

/// What comes soon: a day that people are reminded of.
struct Coming {
    day: Date,
    head: RecordHead,
}

/// `GET /{service}/snart`: every dated field with a reminder whose day is near, the nearest first.
pub async fn soon(signed: Signed, _: Path<String>) -> Response {
    let Some(shop) = signed.shop.clone() else { return answers::missing(&signed) };
    let today = moment::civil(signed.now()).date();
    let mut coming: Vec<(Coming, &Kind, &Field)> = Vec::new();
    for kind in &shop.kinds.kinds {
        for field in kind.fields.iter().filter(|field| field.remind.is_some() && field.search == Some(Search::Exact)) {
            if !signed.may(Verb::Consult, kind) {
                continue;
            }
            let Some(asked) = signed.asked(Verb::Consult, kind) else { continue };
            let Some(last) = field.remind.as_deref().and_then(|period| after(today, period)) else { continue };
            let days = today.series(1.day()).take_while(|day| *day <= last).map(|day| day.to_string()).collect();
            let which = Which::With { field: field.name.clone(), values: days };
            let fields = [field.name.clone()];
            let selection = Selection { kind: &kind.name, which: &which, fields: &fields };
            match signed.portal.door.select(&asked, selection).await {
                Ok(opened) => {
                    let mut days = Days { found: Vec::new(), head: None };
                    opened.render(&mut days);
                    coming.extend(days.found.into_iter().map(|one| (one, kind, field)));
                }
                Err(No::Refused(_)) => {}
                Err(no) => return answers::no(&signed, &no),
            }
        }
    }
    coming.sort_by_key(|(one, ..)| one.day);
    let mut people: std::collections::BTreeMap<RecordId, Markup> = std::collections::BTreeMap::new();
    for over in &shop.kinds.kinds {
        let of = |(one, kind, _): &(Coming, &Kind, &Field)| {
            one.head.parent.filter(|_| kind.parent.as_ref() == Some(&over.name))
        };
        let parents: Vec<RecordId> = coming.iter().filter_map(of).collect();
        if !parents.is_empty() && signed.may(Verb::Consult, over) {
            people.extend(called(&signed, over, parents).await.unwrap_or_default());
        }
    }
    let (title, language) = (signed.t("soon-title"), signed.language);
    let body = html! {
        h1 { (title) }
        p { (signed.t("soon-what")) }
        @if coming.is_empty() { p { (signed.t("soon-none")) } } @else {
            div.scroll {
                table.cards {
                    caption { (signed.t_with("soon-count", &[("count", coming.len().into())])) }
                    thead { tr {
                        th scope="col" { (signed.t("soon-day")) }
                        th scope="col" { (signed.t("soon-left")) }
                        th scope="col" { (signed.t("soon-of")) }
                        th scope="col" { (signed.t("soon-record")) }
                    } }
                    tbody {
                        @for (one, kind, field) in &coming {
                            tr {
                                th scope="row" { time datetime=(one.day) { (moment::day_text(language, one.day)) } }
                                td { (signed.t_with("soon-days", &[("count", i64::from((one.day - today).get_days()).into())])) }
                                td { @if let Some(name) = one.head.parent.and_then(|parent| people.get(&parent)) { (name) } }
                                td { a href=(format!("{}/{}", base(&signed, kind), one.head.record)) { (kind.label.text(language)) ": " (field.label.text(language)) } }
                            }
                        }
                    }
                }
            }
        }
    };
    page(&signed, &title, body)
}

/// The last day that is reminded of today: `2 weeks` from now.
fn after(today: Date, period: &str) -> Option<Date> {
    let (count, unit) = period.split_once(' ')?;
    let count: i64 = count.parse().ok()?;
    let span = match unit.trim_end_matches('s') {
        "day" => count.days(),
        "week" => count.weeks(),
        _ => count.months(),
    };
    today.checked_add(span).ok()
}

struct Days {
    found: Vec<Coming>,
    head: Option<RecordHead>,
}

impl Render for Days {
    fn begin(&mut self, head: &RecordHead) {
        self.head = Some(head.clone());
    }
    fn field(&mut self, _: &FieldName, _: &Category, value: &str) {
        if let (Ok(day), Some(head)) = (value.parse(), self.head.take()) {
            self.found.push(Coming { day, head });
        }
    }
    fn withheld(&mut self, _: &Category, _: &ClauseId) {}
    fn end(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reminder_reaches_as_far_as_its_period() {
        let today = jiff::civil::date(2026, 1, 30);
        assert_eq!(after(today, "2 weeks"), Some(jiff::civil::date(2026, 2, 13)));
        assert_eq!(after(today, "1 day"), Some(jiff::civil::date(2026, 1, 31)));
        assert_eq!(after(today, "1 month"), Some(jiff::civil::date(2026, 2, 28)));
    }
}
