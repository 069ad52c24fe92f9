//! What a form of a new record proposes of the actor's own: whoever writes a participant has it assigned, in the own unit. A
//! proposal only; the door asks whether what is written will be reached.

use service::{FieldType, Kind, Selection, Value, Which};
use terms::{Category, ClauseId, FieldName, RecordHead, RecordId, Relation, Render, Verb};
use zeroize::Zeroizing;

use crate::ctx::Signed;
use crate::hint;
use crate::pages::consent::own_record;

/// The values that a new record of this kind is proposed with. None for whoever has no record of its own with the customer, and
/// none of a field that the agreement lets this person not write.
pub(crate) async fn proposed(signed: &Signed, kind: &Kind) -> Vec<(String, Value)> {
    let Some(own) = own_record(signed).filter(|_| !signed.is_subject()) else { return Vec::new() };
    let assigned = kind.reached_by(Relation::Assigned).and_then(|name| kind.field(name.as_str()));
    let Some(assigned) = assigned else { return Vec::new() };
    let FieldType::Reference { to } = &assigned.holds else { return Vec::new() };
    let mut values = Vec::new();
    if written_by(signed, kind, &assigned.category) {
        values.push((assigned.name.to_string(), Zeroizing::new(own.to_string())));
    }
    let own_kind = signed.shop.as_ref().and_then(|shop| shop.kinds.kind(to));
    if let (Some(field), Some(own_kind)) = (kind.reached_by(Relation::Unit), own_kind)
        && kind.field(field.as_str()).is_some_and(|field| written_by(signed, kind, &field.category))
        && let Some(unit) = unit(signed, own_kind, own).await
    {
        values.push((field.to_string(), unit));
    }
    values
}

fn written_by(signed: &Signed, kind: &Kind, category: &Category) -> bool {
    let purpose = signed.work.as_ref().map(|work| &work.purpose);
    signed
        .agreement
        .as_ref()
        .is_some_and(|agreement| hint::may(agreement, &signed.me.role, Verb::Collect, kind, category, purpose))
}

/// The unit that the own record says, where it may be read: a reading of its own.
async fn unit(signed: &Signed, kind: &Kind, own: RecordId) -> Option<Value> {
    let field = kind.reached_by(Relation::Unit)?;
    let asked = signed.asked(Verb::Consult, kind)?;
    let which = Which::These(vec![own]);
    let fields = [field.clone()];
    let selection = Selection { kind: &kind.name, which: &which, fields: &fields };
    let opened = signed.portal.door.select(&asked, selection).await.ok()?;
    let mut found = Found { field, value: None };
    opened.render(&mut found);
    found.value
}

struct Found<'f> {
    field: &'f FieldName,
    value: Option<Value>,
}

impl Render for Found<'_> {
    fn begin(&mut self, _: &RecordHead) {}
    fn field(&mut self, name: &FieldName, _: &Category, value: &str) {
        if name == self.field && !value.is_empty() {
            self.value = Some(Zeroizing::new(value.to_owned()));
        }
    }
    fn withheld(&mut self, _: &Category, _: &ClauseId) {}
    fn end(&mut self) {}
}
