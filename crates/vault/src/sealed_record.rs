//! A sealed record: its fields each sealed alone, with the commitment of the key that they lie under.

use minicbor::bytes::ByteSlice;
use minicbor::{Decode, Encode};
use storage::{Permit, StoredRecord};
use terms::{Category, ClauseId, FieldName};
use zeroize::Zeroizing;

use crate::released::{OpenedField, OpenedRecord};
use crate::seal::{Context, Key};
use crate::{VaultError, Whose};

/// A value on its way into the vault.
pub struct Plain<'a> {
    /// Its field.
    pub field: &'a FieldName,
    /// Its category.
    pub category: &'a Category,
    /// The value; empty removes the field.
    pub value: &'a str,
}

/// The form on disk, version 1.
#[derive(Encode, Decode)]
pub(crate) struct SealedRecord {
    #[n(0)]
    form: u8,
    #[cbor(n(1), with = "minicbor::bytes")]
    commitment: [u8; 32],
    #[n(2)]
    fields: Vec<SealedField>,
}

/// One field. `since` is the version that wrote it, so that an alteration leaves the others unopened.
#[derive(Encode, Decode)]
struct SealedField {
    #[n(0)]
    name: FieldName,
    #[n(1)]
    category: Category,
    #[n(2)]
    since: u64,
    #[cbor(n(3), with = "minicbor::bytes")]
    sealed: Vec<u8>,
}

/// The same form as it lies, borrowed: a reading copies nothing but what it opens.
#[derive(Decode)]
pub(crate) struct SealedView<'b> {
    #[n(0)]
    form: u8,
    #[cbor(n(1), with = "minicbor::bytes")]
    commitment: [u8; 32],
    #[b(2)]
    fields: Vec<FieldView<'b>>,
}

#[derive(Decode)]
struct FieldView<'b> {
    #[b(0)]
    name: &'b str,
    #[b(1)]
    category: &'b str,
    #[n(2)]
    since: u64,
    #[b(3)]
    sealed: &'b ByteSlice,
}

const FORM: u8 = 1;

impl SealedRecord {
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, VaultError> {
        let record: Self = minicbor::decode(bytes).map_err(|_| VaultError::Form)?;
        if record.form == FORM { Ok(record) } else { Err(VaultError::Form) }
    }

    pub(crate) fn write(&self) -> Vec<u8> {
        // Writing to a Vec cannot fail.
        minicbor::to_vec(self).unwrap_or_default()
    }

    pub(crate) fn seal(key: &Key, whose: &Whose<'_>, fields: &[Plain<'_>]) -> Result<Self, VaultError> {
        let mut record = Self { form: FORM, commitment: *key.commitment(), fields: Vec::with_capacity(fields.len()) };
        record.change(key, whose, fields)?;
        Ok(record)
    }

    pub(crate) fn change(&mut self, key: &Key, whose: &Whose<'_>, fields: &[Plain<'_>]) -> Result<(), VaultError> {
        if self.commitment != *key.commitment() {
            return Err(VaultError::DoesNotOpen { record: whose.record.to_string() });
        }
        for plain in fields {
            self.fields.retain(|field| field.name != *plain.field);
            if plain.value.is_empty() {
                continue;
            }
            let context = Context::Field {
                tenant: whose.tenant,
                person: whose.person,
                record: whose.record,
                since: whose.version,
                category: plain.category.as_str(),
                field: plain.field.as_str(),
            };
            self.fields.push(SealedField {
                name: plain.field.clone(),
                category: plain.category.clone(),
                since: whose.version,
                sealed: key.seal(&context, plain.value.as_bytes())?,
            });
        }
        Ok(())
    }

    pub(crate) fn into_names(self) -> Vec<(FieldName, Category)> {
        self.fields.into_iter().map(|field| (field.name, field.category)).collect()
    }
}

impl<'b> SealedView<'b> {
    pub(crate) fn read(bytes: &'b [u8]) -> Result<Self, VaultError> {
        let view: Self = minicbor::decode(bytes).map_err(|_| VaultError::Form)?;
        if view.form == FORM { Ok(view) } else { Err(VaultError::Form) }
    }

    /// Opens the fields whose category is granted, in the order of `order`; the others stay closed, and those that are
    /// withheld are told with their clause. With `only`, fields outside `order` stay closed and are not told of either: nobody
    /// asked for them.
    pub(crate) fn open(
        &self,
        key: &Key,
        record: &StoredRecord,
        permit: &Permit,
        order: &[&FieldName],
        only: bool,
    ) -> Result<OpenedRecord, VaultError> {
        let broken = || VaultError::DoesNotOpen { record: record.record.to_string() };
        if self.commitment != *key.commitment() {
            return Err(broken());
        }
        let mut fields: Vec<(usize, OpenedField)> = Vec::with_capacity(self.fields.len());
        let mut withheld: Vec<(Category, ClauseId)> = Vec::new();
        let mut next = 0;
        for field in &self.fields {
            // They mostly lie in that order.
            let here = order.get(next).is_some_and(|name| name.as_str() == field.name);
            let place = if here { Some(next) } else { order.iter().position(|name| name.as_str() == field.name) };
            next = place.map_or(next, |place| place + 1);
            if only && place.is_none() {
                continue;
            }
            let Some(category) = permit.granted().iter().find(|category| category.as_str() == field.category) else {
                let told = permit.withheld().iter().find(|(category, _)| category.as_str() == field.category);
                if let Some(one) = told
                    && !withheld.contains(one)
                {
                    withheld.push(one.clone());
                }
                continue;
            };
            let context = Context::Field {
                tenant: &record.tenant,
                person: &record.person,
                record: &record.record,
                since: field.since,
                category: field.category,
                field: field.name,
            };
            let mut plain = key.open(&context, field.sealed).ok_or_else(broken)?;
            let value = String::from_utf8(core::mem::take(&mut *plain)).map_err(|error| {
                // What is no text is wiped like any other value.
                drop(Zeroizing::new(error.into_bytes()));
                VaultError::Form
            })?;
            let name = match place.and_then(|place| order.get(place)) {
                Some(name) => (*name).clone(),
                None => FieldName::new(field.name).map_err(|_| VaultError::Form)?,
            };
            let opened = OpenedField { name, category: category.clone(), value: Zeroizing::new(value) };
            fields.push((place.unwrap_or(order.len()), opened));
        }
        fields.sort_by_key(|(place, _)| *place);
        Ok(OpenedRecord { head: record.head(), fields: fields.into_iter().map(|(_, field)| field).collect(), withheld })
    }
}
