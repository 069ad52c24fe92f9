//! Under which tokens a record is found: those of its searchable fields, and one of its unique fields together.

use service::{Field, Kind, No, Search, Value, index_whole, index_words};
use storage::TokensOf;
use terms::{FieldName, KindName, RecordId};
use vault::Whose;

use crate::Processing;
use crate::refuse::closed;

/// The name under which the unique fields' one token stands; no kind can have a field of that name, since `:` leads to it.
const UNIQUE: &str = "unique:together";

/// Where an index key belongs: each kind and field has its own, so that equal words in different fields look different.
pub(crate) fn place(kind: &KindName, field: &FieldName) -> String {
    format!("{kind}/{field}")
}

impl Processing {
    /// The tokens of the fields that are written.
    pub(crate) fn tokens(
        &self,
        kind: &Kind,
        whose: &Whose<'_>,
        parent: Option<RecordId>,
        values: &[(&Field, Value)],
    ) -> Result<Vec<TokensOf>, No> {
        let mut all = Vec::new();
        for (field, value) in values {
            let texts = match field.search {
                None => continue,
                Some(Search::Words) => index_words(value),
                Some(Search::Exact) if value.is_empty() => Vec::new(),
                Some(Search::Exact) => vec![index_whole(value)],
            };
            all.push(self.tokens_of(kind, whose, &field.name, false, &texts)?);
        }
        let unique: Vec<&Value> = kind
            .unique
            .iter()
            .filter_map(|name| values.iter().find(|(field, _)| field.name == *name).map(|(_, value)| value))
            .collect();
        if !kind.unique.is_empty() && unique.len() == kind.unique.len() {
            let mut together = Value::new(parent.map(|parent| parent.to_string()).unwrap_or_default());
            for value in unique {
                together.push('\u{1f}');
                together.push_str(&index_whole(value));
            }
            let name = FieldName::new(UNIQUE).map_err(|error| No::Unavailable(error.to_string()))?;
            all.push(self.tokens_of(kind, whose, &name, true, &[together])?);
        }
        Ok(all)
    }

    fn tokens_of(
        &self,
        kind: &Kind,
        whose: &Whose<'_>,
        field: &FieldName,
        unique: bool,
        texts: &[Value],
    ) -> Result<TokensOf, No> {
        let tokens = texts
            .iter()
            .map(|text| {
                let token = self.vault.token(whose.tenant, &place(&kind.name, field), text)?;
                self.vault.seal_token(whose, field, token)
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(closed)?;
        Ok(TokensOf { field: field.clone(), unique, tokens })
    }
}
