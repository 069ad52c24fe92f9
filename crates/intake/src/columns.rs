//! Columns to fields: by the field's name or its label in either language, whatever the case; or as somebody has said.

use service::{Field, Kind, Value};
use terms::FieldName;

/// What stands in each column.
pub struct Columns {
    /// For each column the field that it fills; none where it is not read.
    pub fields: Vec<Option<FieldName>>,
    /// What is wrong with them together.
    pub faults: Vec<ColumnsNo>,
}

/// What is wrong with the columns as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnsNo {
    /// A field that must be filled has no column.
    Missing(FieldName),
    /// A field has two columns.
    Twice(FieldName),
    /// No column fills a field.
    None,
}

/// What somebody has said of the columns: for each, a field's name, or nothing for one that is not read. A column beyond the
/// last is matched by its heading.
pub type Mapping = Vec<Option<String>>;

impl Columns {
    /// Matches the columns of a heading.
    #[must_use]
    pub fn of(kind: &Kind, headings: &[Value], said: &Mapping) -> Self {
        let fields: Vec<Option<FieldName>> = headings
            .iter()
            .enumerate()
            .map(|(at, heading)| match said.get(at) {
                Some(Some(name)) => kind.field(name).map(|field| field.name.clone()),
                Some(None) => None,
                None => kind.fields.iter().find(|field| is_called(field, heading)).map(|field| field.name.clone()),
            })
            .collect();
        let mut faults = Vec::new();
        let count = |name: &FieldName| fields.iter().flatten().filter(|one| *one == name).count();
        for field in &kind.fields {
            match count(&field.name) {
                0 if field.required => faults.push(ColumnsNo::Missing(field.name.clone())),
                0 | 1 => {}
                _ => faults.push(ColumnsNo::Twice(field.name.clone())),
            }
        }
        if fields.iter().all(Option::is_none) {
            faults.insert(0, ColumnsNo::None);
        }
        Self { fields, faults }
    }
}

/// Whether a heading is the field's name or label.
fn is_called(field: &Field, heading: &str) -> bool {
    let heading = plain(heading);
    [field.name.as_str(), &field.label.sv, &field.label.en].into_iter().any(|name| plain(name) == heading)
}

/// Lower case, letters and digits only: `E-post`, `e post` and `EPOST` are one heading.
pub(crate) fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
