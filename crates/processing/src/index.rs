//! Under which tokens a record is found: those of its searchable fields, and one of its unique fields together.

use service::{Field, Kind, No, Search, Value, index_whole, index_words};
use storage::TokensOf;
use terms::{FieldName, KindName, RecordId, Relation};
use vault::Whose;

use crate::Processing;
use crate::refuse::closed;

/// The name under which the unique fields' one token stands; no kind can have a field of that name, since `:` leads to it.
const UNIQUE: &str = "unique:together";

/// Where an index key belongs: each kind and field has its own, so that equal words in different fields look different.
pub(crate) fn place(kind: &KindName, field: &FieldName) -> String {
    format!("{kind}/{field}")
}

/// The index key of a relation: one for all kinds, so that a participant's unit can be held against the actor's. It tells which
/// records of a customer are of the same unit or the same case worker, and nothing of which.
pub(crate) fn reach_place(relation: Relation) -> String {
    format!("reach/{relation}")
}

/// The name under which the token of a relation stands; no kind has such a field, for the same reason as above.
pub(crate) fn reach_field(relation: Relation) -> Result<FieldName, No> {
    FieldName::new(&format!("reach:{relation}")).map_err(|error| No::Unavailable(error.to_string()))
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
        for (relation, name) in &kind.reach {
            let Some((_, value)) = values.iter().find(|(field, _)| field.name == *name) else { continue };
            let texts = if value.is_empty() { Vec::new() } else { vec![index_whole(value)] };
            all.push(self.tokens_at(&reach_place(*relation), whose, &reach_field(*relation)?, false, &texts)?);
        }
        let unique: Vec<&Value> = kind
            .unique
            .iter()
            .filter_map(|name| values.iter().find(|(field, _)| field.name == *name).map(|(_, value)| value))
            .collect();
        if !kind.unique.is_empty() && unique.len() == kind.unique.len() {
            // A record that leaves one of them empty is like no other.
            let whole = unique.iter().all(|value| !value.is_empty());
            let mut together = Value::new(parent.map(|parent| parent.to_string()).unwrap_or_default());
            for value in unique {
                together.push('\u{1f}');
                together.push_str(&index_whole(value));
            }
            let name = FieldName::new(UNIQUE).map_err(|error| No::Unavailable(error.to_string()))?;
            let texts = if whole { vec![together] } else { Vec::new() };
            all.push(self.tokens_of(kind, whose, &name, true, &texts)?);
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
        self.tokens_at(&place(&kind.name, field), whose, field, unique, texts)
    }

    fn tokens_at(
        &self,
        place: &str,
        whose: &Whose<'_>,
        field: &FieldName,
        unique: bool,
        texts: &[Value],
    ) -> Result<TokensOf, No> {
        let tokens = texts
            .iter()
            .map(|text| {
                let token = self.vault.token(whose.tenant, place, text)?;
                self.vault.seal_token(whose, field, token)
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(closed)?;
        Ok(TokensOf { field: field.clone(), unique, tokens })
    }
}
