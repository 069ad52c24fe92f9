//! The customer's lists: what a value is called on a page, and which values a form offers.
//!
//! Not here: whether a value may be written, which the door asks of the file in force.

use std::sync::Arc;

use service::{Choice, CustomerFile, FieldType, Kind};
use terms::Language;

use crate::ctx::Ctx;

/// What the values of a customer's lists are called. A value that the newest file no longer has keeps the name that it had last.
pub struct Lists(Vec<Arc<CustomerFile>>);

impl Lists {
    /// The lists of the customer in view, as far as the kind has fields of them.
    #[must_use]
    pub fn of(ctx: &Ctx, kind: &Kind) -> Self {
        let needed = kind.fields.iter().any(|field| matches!(field.holds, FieldType::Listed { .. }));
        let customer = needed.then(|| ctx.customer()).flatten();
        Self(customer.map(|customer| ctx.portal.customer_files.all(&customer.id)).unwrap_or_default())
    }

    /// All lists of the customer in view.
    #[must_use]
    pub fn all(ctx: &Ctx) -> Self {
        Self(ctx.customer().map(|customer| ctx.portal.customer_files.all(&customer.id)).unwrap_or_default())
    }

    /// What a value is called, if any file ever said.
    #[must_use]
    pub fn label(&self, list: &str, value: &str, language: Language) -> Option<&str> {
        let lists = self.0.iter().rev().filter_map(|file| file.list(list));
        let found = lists.flat_map(|list| &list.values).find(|choice| choice.value == value);
        found.map(|choice| choice.label.text(language))
    }
}

/// The values that a list has now, for a form; and the list's own name.
#[must_use]
pub fn choices(ctx: &Ctx, list: &str) -> (Option<String>, Vec<Choice>) {
    let file = ctx.customer().and_then(|customer| ctx.portal.customer_files.at(&customer.id, ctx.now()));
    match file.as_ref().and_then(|file| file.list(list)) {
        Some(list) => (Some(list.label.text(ctx.language).to_owned()), list.values.clone()),
        None => (None, Vec::new()),
    }
}
