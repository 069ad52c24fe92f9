//! What a view needs is asked of the door, round by round; then the sheet is made.

use std::collections::HashMap;
use std::sync::Arc;

use maud::Markup;
use service::{Arguments, CustomerFile, Given, Need, No, Opened, Rulebook, Selection, Sheet, View};
use terms::{FieldName, KindName, Label, RecordId, Refusal, Verb};

use crate::ctx::Signed;
use crate::html;

/// Most rounds of needs: each rests on what the one before opened, and no view rests on more.
const MAX_ROUNDS: usize = 6;

/// A view with what it was given and what it made.
pub(super) struct Taken {
    pub view: &'static dyn View,
    pub arguments: Arguments,
    pub file: Option<Arc<CustomerFile>>,
    opened: Vec<(Need, Box<dyn Opened>)>,
    /// What the agreement refuses this reader and the view went on without.
    pub refused: Vec<(&'static str, Box<Refusal>)>,
    /// The sheet, or why there is none.
    pub sheet: Result<Sheet, Label>,
}

/// Asks, opens, computes.
pub(super) async fn take(signed: &Signed, view: &'static dyn View, arguments: Arguments) -> Result<Taken, No> {
    let customer = signed.customer();
    let file = customer.and_then(|customer| signed.portal.customer_files.at(&customer.id, signed.now()));
    let hash = file.as_ref().map(|file| file.hash.to_string()).unwrap_or_default();
    let rulebook = file.as_deref().map(|file| Rulebook { version: &file.version, hash: &hash, text: file.text() });
    let mut opened: Vec<(Need, Box<dyn Opened>)> = Vec::new();
    let mut refused = Vec::new();
    let mut asked: Vec<&'static str> = Vec::new();
    for _ in 0..MAX_ROUNDS {
        let needs = view.needs(&given(signed, &arguments, rulebook, &opened));
        let new: Vec<Need> = needs.into_iter().filter(|need| !asked.contains(&need.name)).collect();
        if new.is_empty() {
            break;
        }
        for need in new {
            asked.push(need.name);
            match select(signed, &need).await {
                Ok(records) => opened.push((need, records)),
                Err(No::Refused(refusal)) if need.optional => refused.push((need.kind, refusal)),
                // A service may keep less than its views could use.
                Err(No::Missing) if need.optional => {}
                Err(no) => return Err(no),
            }
        }
    }
    let sheet = view.sheet(&given(signed, &arguments, rulebook, &opened));
    Ok(Taken { view, arguments, file, opened, refused, sheet })
}

fn given<'a>(
    signed: &Signed,
    arguments: &'a Arguments,
    rulebook: Option<Rulebook<'a>>,
    opened: &'a [(Need, Box<dyn Opened>)],
) -> Given<'a> {
    Given {
        today: super::choices::today(signed),
        arguments,
        rulebook,
        opened: opened.iter().map(|(need, opened)| (need, opened.as_ref())).collect(),
    }
}

async fn select(signed: &Signed, need: &Need) -> Result<Box<dyn Opened>, No> {
    let kind = KindName::new(need.kind).map_err(|error| No::Unavailable(error.to_string()))?;
    let kind = signed.shop.as_ref().and_then(|shop| shop.kinds.kind(&kind)).ok_or_else(|| {
        tracing::warn!(kind = need.kind, "a view needs records that the service does not keep");
        No::Missing
    })?;
    let mut fields = Vec::with_capacity(need.fields.len());
    for name in need.fields {
        fields.push(FieldName::new(name).map_err(|error| No::Unavailable(error.to_string()))?);
    }
    if need.named {
        fields.extend(kind.title.iter().filter(|title| !need.fields.contains(&title.as_str())).cloned());
    }
    let asked = signed.asked(Verb::Consult, kind).ok_or(No::Missing)?;
    signed.portal.door.select(&asked, Selection { kind: &kind.name, which: &need.which, fields: &fields }).await
}

/// The names of records that a sheet refers to, ready to be written, and nothing else of them.
pub(super) struct Names(HashMap<RecordId, Markup>);

impl Names {
    /// The name of a record, where the reader may know it.
    pub fn of(&self, record: &RecordId) -> Option<&Markup> {
        self.0.get(record)
    }
}

impl Taken {
    /// Whether it was made of a text that was pasted in. That is kept nowhere, so that no address leads to the same sheet.
    pub fn pasted(&self) -> bool {
        let mut pasted = self.view.parameters().into_iter().filter(|one| one.form == service::ParameterForm::Pasted);
        pasted.any(|one| self.arguments.get(one.name).is_some())
    }

    /// The names, for a page.
    pub fn names(&self, signed: &Signed) -> Names {
        let mut names = HashMap::new();
        for (need, opened) in self.opened.iter().filter(|(need, _)| need.named) {
            if let Some(kind) = self.kind(signed, need.kind) {
                names.extend(html::names(signed, opened.as_ref(), kind));
            }
        }
        Names(names)
    }

    /// The records of a kind that the view's needs brought with their names: what can be chosen among.
    pub fn named_records(&self, kind: &str) -> Vec<RecordId> {
        let of_kind = self.opened.iter().filter(|(need, _)| need.named && need.kind == kind);
        of_kind.flat_map(|(_, opened)| html::seen(opened.as_ref()).heads).map(|head| head.record).collect()
    }

    /// The kind of that name.
    pub fn kind<'s>(&self, signed: &'s Signed, name: &str) -> Option<&'s service::Kind> {
        signed.shop.as_ref()?.kinds.kinds.iter().find(|kind| kind.name.as_str() == name)
    }

    /// What the customer's file calls a value of a list; the value itself where it does not know it any more.
    pub fn listed<'t>(&'t self, list: &str, value: &'t str, language: terms::Language) -> &'t str {
        let list = self.file.as_ref().and_then(|file| file.lists.iter().find(|one| one.name == list));
        let choice = list.and_then(|list| list.values.iter().find(|choice| choice.value == value));
        choice.map_or(value, |choice| choice.label.text(language))
    }
}
