//! Records that refer to others: what those are called, which can be chosen in a form, and what refers to a record.
//!
//! Names of what is referred to are asked of the door in one selection a kind, and only where they are shown.

use std::collections::BTreeMap;

use maud::{Markup, html};
use service::{FieldType, Kind, Opened, Search, Selection, Which};
use terms::{Category, ClauseId, FieldName, KindName, RecordHead, RecordId, Render, Verb};

use crate::ctx::Signed;
use crate::html::called as names;
use crate::pages::records::base;

/// Most records that are listed as referring.
const OFFERED: usize = service::MAX_LISTED;
/// Most records that a form offers to choose from, by name.
const MAX_OFFERED: usize = 5_000;

/// What a form offers for its fields that refer, by the kind that they refer to.
#[derive(Default)]
pub struct Offered(BTreeMap<KindName, Vec<(RecordId, Markup)>>);

impl Offered {
    /// What can be chosen in the forms of a kind, by name. A kind that the agreement withholds is not among it.
    pub async fn of(signed: &Signed, kind: &Kind) -> Self {
        let mut offered = BTreeMap::new();
        for to in kind.fields.iter().filter_map(|field| refers_to(signed, &field.holds)) {
            if offered.contains_key(&to.name) || !signed.may(Verb::Consult, to) {
                continue;
            }
            let Some(asked) = signed.asked(Verb::Consult, to) else { continue };
            // Only what they are called is opened: a customer has more companies than stand on a page of a list.
            let selection = Selection { kind: &to.name, which: &Which::All, fields: &to.title };
            let Ok(opened) = signed.portal.door.select(&asked, selection).await else { continue };
            let mut found: Vec<(RecordId, Markup)> =
                names(signed, opened.as_ref(), to).into_iter().map(|(head, name)| (head.record, name)).collect();
            found.truncate(MAX_OFFERED);
            found.sort_by_cached_key(|(_, name)| crate::html::sorting_key(&name.0));
            offered.insert(to.name.clone(), found);
        }
        Self(offered)
    }

    /// The records of a kind.
    #[must_use]
    pub fn to(&self, kind: &KindName) -> Option<&[(RecordId, Markup)]> {
        self.0.get(kind).map(Vec::as_slice)
    }
}

fn refers_to<'s>(signed: &'s Signed, holds: &FieldType) -> Option<&'s Kind> {
    let FieldType::Reference { to } = holds else { return None };
    signed.shop.as_ref()?.kinds.kind(to)
}

/// Learns what the records are called that these refer to, so that they are shown by name.
pub async fn learn(signed: &Signed, kind: &Kind, opened: &dyn Opened) {
    let mut wanted = Wanted { kind, found: BTreeMap::new() };
    opened.render(&mut wanted);
    for (to, records) in wanted.found {
        let Some(to) = signed.shop.as_ref().and_then(|shop| shop.kinds.kind(&to)) else { continue };
        if !signed.may(Verb::Consult, to) || to.title.is_empty() {
            continue;
        }
        let Some(asked) = signed.asked(Verb::Consult, to) else { continue };
        let which = Which::These(records);
        let selection = Selection { kind: &to.name, which: &which, fields: &to.title };
        if let Ok(opened) = signed.portal.door.select(&asked, selection).await {
            let found = names(signed, opened.as_ref(), to);
            signed.learn(found.into_iter().map(|(head, name)| (head.record, name)));
        }
    }
}

/// The records that others refer to.
struct Wanted<'k> {
    kind: &'k Kind,
    found: BTreeMap<KindName, Vec<RecordId>>,
}

impl Render for Wanted<'_> {
    fn begin(&mut self, _: &RecordHead) {}
    fn field(&mut self, name: &FieldName, _: &Category, value: &str) {
        let holds = self.kind.field(name.as_str()).map(|field| &field.holds);
        if let (Some(FieldType::Reference { to }), Ok(record)) = (holds, value.parse()) {
            self.found.entry(to.clone()).or_default().push(record);
        }
    }
    fn withheld(&mut self, _: &Category, _: &ClauseId) {}
    fn end(&mut self) {}
}

/// What refers to a record, kind by kind: a company's contacts, jobs and internships.
pub async fn linked(signed: &Signed, kind: &Kind, record: RecordId) -> Markup {
    let Some(shop) = signed.shop.as_ref() else { return html! {} };
    let mut parts = Vec::new();
    for other in &shop.kinds.kinds {
        let points = |field: &&service::Field| {
            field.search == Some(Search::Exact)
                && matches!(&field.holds, FieldType::Reference { to } if *to == kind.name)
        };
        let Some(field) = other.fields.iter().find(points) else { continue };
        if other.title.is_empty() || !signed.may(Verb::Consult, other) {
            continue;
        }
        let Some(asked) = signed.asked(Verb::Consult, other) else { continue };
        let which = Which::With { field: field.name.clone(), values: vec![record.to_string()] };
        let selection = Selection { kind: &other.name, which: &which, fields: &other.title };
        let Ok(opened) = signed.portal.door.select(&asked, selection).await else { continue };
        let found = names(signed, opened.as_ref(), other);
        if found.is_empty() {
            continue;
        }
        let base = base(signed, other);
        parts.push(html! {
            section aria-labelledby=(format!("linked-{}", other.path)) {
                h2 id=(format!("linked-{}", other.path)) { (other.plural.text(signed.language)) }
                ul { @for (head, name) in found.iter().take(OFFERED) { li { a href=(format!("{base}/{}", head.record)) { (name) } } } }
            }
        });
    }
    html! { @for part in parts { (part) } }
}
