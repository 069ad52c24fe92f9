//! Blocks → terms: which block is which, and where it stands. What each one holds is read in `block_terms`.
//!
//! A block with a fault gives no term, but what it defines is registered first, so that one slip does not turn every
//! reference to it into another fault.

use toml_edit::{Document as Toml, Item, TableLike};

use crate::checks::{other_document, unknown_key, wrong_type};
use crate::fields::Fields;
use crate::language::{self, Form};
use crate::reading::{Place, Reading, Sort};
use crate::term::{Clause, HeldAs};
use crate::terms_of::Terms;
use crate::text_to_clauses::{Block, Outline};
use crate::{block_terms, general};

/// The terms, and the places that later checks point to. Lists of places run beside the lists of terms.
#[derive(Default)]
pub(crate) struct Found {
    pub terms: Terms,
    pub document_at: Option<Place>,
    pub declares_at: Vec<Place>,
    /// Whether some `[[declares]]` could not be used; what is declared is then not known.
    pub declares_broken: bool,
    pub rules_at: Vec<RuleAt>,
    /// The roles that open each case.
    pub cases_at: Vec<Vec<Place>>,
    pub mentioned_at: Vec<Place>,
    /// Beside the general terms.
    pub general_at: Vec<Place>,
    /// As what the platform's own data is held, with the place of the category.
    pub held_as: Vec<(HeldAs, Place)>,
}

/// Where the parts of a rule stand.
pub(crate) struct RuleAt {
    pub at: Place,
    pub roles: Vec<Place>,
    pub purposes: Vec<Place>,
    pub categories: Vec<Place>,
}

/// The name of every block of such a document, for *did you mean*.
fn block_names(reading: &Reading<'_>) -> Vec<&'static str> {
    language::blocks().filter(|block| block.documents.contains(&reading.document)).map(|block| block.name).collect()
}

/// Reads every block of the outline.
pub(crate) fn read(reading: &mut Reading<'_>, outline: &Outline) -> Found {
    let mut found = Found::default();
    for block in &outline.blocks {
        let Some(clause) = block.clause.and_then(|clause| outline.clauses.get(clause)) else { continue };
        match Toml::parse(block.content.as_str()) {
            Ok(toml) => whole(reading, &mut found, block, clause, toml.as_table()),
            Err(error) => {
                reading.unreadable = true;
                let range = error.span().map_or(block.range.clone(), |span| block.in_file(span));
                let at = reading.place(range, block.heading);
                let message = error.message().trim().replace('\n', "; ");
                reading.fault(
                    at,
                    format!("this is no TOML: {}", message.trim_end_matches('.')),
                    "Write `key = value`, texts in double quotes, lists in brackets.",
                );
            }
        }
    }
    found
}

fn whole(reading: &mut Reading<'_>, found: &mut Found, block: &Block, clause: &Clause, toml: &dyn TableLike) {
    let mut entries: Vec<(&str, &Item)> = toml.iter().collect();
    // In the order of the text, which TOML's own order is not where headers of one name stand apart.
    entries.sort_by_key(|(key, item)| toml.key(key).and_then(toml_edit::Key::span).or(item.span()).map(|s| s.start));
    for (name, item) in entries {
        let span = toml.key(name).and_then(toml_edit::Key::span).or(item.span());
        let range = span.map_or(block.range.clone(), |span| block.in_file(span));
        let at = reading.place(range, block.heading);
        let Some(known) = language::block(name) else {
            let names = block_names(reading);
            unknown_key::block(reading, at, name, &names);
            continue;
        };
        if !known.documents.contains(&reading.document) {
            other_document::block(reading, at, known);
            continue;
        }
        match (known.form, item) {
            (Form::Once, item) if item.is_table_like() => {
                reading.define(Sort::Block, name, at);
                one(reading, found, block, clause, (known, None), item, at);
            }
            (Form::Each, item) if item.is_table_like() => {
                let Some(table) = item.as_table_like() else { continue };
                for (id, item) in table.iter() {
                    let range = table.key(id).and_then(toml_edit::Key::span).map(|span| block.in_file(span));
                    let at = range.map_or(at, |range| reading.place(range, block.heading));
                    if item.is_table_like() && id != "label" {
                        one(reading, found, block, clause, (known, Some(id)), item, at);
                    } else {
                        reading.fault(
                            at,
                            format!("`{id}` stands in `[{name}]`, which needs an id"),
                            format!("Write `[{name}.ID]` with an id of your choice."),
                        );
                    }
                }
            }
            (Form::List, Item::ArrayOfTables(tables)) => {
                for table in tables {
                    let range = table.span().map_or(block.range.clone(), |span| block.in_file(span));
                    let at = reading.place(range, block.heading);
                    one_table(reading, found, block, clause, (known, None), table, at);
                }
            }
            (form, item) => {
                let (demanded, declares) = match form {
                    Form::Once => (format!("a block `[{name}]`"), false),
                    Form::Each => (format!("blocks `[{name}.ID]`"), false),
                    Form::List => (format!("blocks `[[{name}]]`, with two brackets"), name == "declares"),
                };
                found.declares_broken |= declares;
                wrong_type::fault(reading, at, name, &demanded, wrong_type::of_item(item));
            }
        }
    }
}

/// The kind of block and, where it has one, its id.
type Which<'n> = (&'static language::Block, Option<&'n str>);

fn one(
    reading: &mut Reading<'_>,
    found: &mut Found,
    block: &Block,
    clause: &Clause,
    which: Which<'_>,
    item: &Item,
    at: Place,
) {
    if let Some(table) = item.as_table_like() {
        one_table(reading, found, block, clause, which, table, at);
    }
}

fn one_table(
    reading: &mut Reading<'_>,
    found: &mut Found,
    block: &Block,
    clause: &Clause,
    (known, id): Which<'_>,
    table: &dyn TableLike,
    at: Place,
) {
    let name = known.name;
    let words = reading.heading_words(block.heading);
    let words = match id {
        Some(id) => format!("{words} › [{name}.{id}]"),
        None if known.form == Form::List => format!("{words} › [[{name}]]"),
        None => format!("{words} › [{name}]"),
    };
    let heading = reading.heading(Some(clause.id.clone()), words);
    let at = Place { heading, ..at };
    let mut fields = Fields::new(reading, block, table, at);
    let id = id.unwrap_or("");
    let read = match name {
        "agreement" => block_terms::agreement(&mut fields, found, clause),
        "party" => block_terms::party(&mut fields, found, clause, id),
        "precedence" => block_terms::precedence(&mut fields, found, clause),
        "in-force" => block_terms::in_force(&mut fields, found, clause),
        "purpose" => block_terms::purpose(&mut fields, found, clause, id),
        "subject" => block_terms::subject(&mut fields, found, clause, id),
        "category" => block_terms::category(&mut fields, found, clause, id),
        "declares" => block_terms::declares(&mut fields, found, clause),
        "role" => block_terms::role(&mut fields, found, clause, id),
        "may" => block_terms::may(&mut fields, found, clause),
        "case" => block_terms::case(&mut fields, found, clause, id),
        "logging" => block_terms::logging(&mut fields, found, clause),
        "accounts" => block_terms::accounts(&mut fields, found, clause),
        "subprocessor" => block_terms::subprocessor(&mut fields, found, clause),
        "mentioned" => block_terms::mentioned(&mut fields, found, clause),
        "purposes" => block_terms::otherwise(&mut fields, clause).map(|it| found.terms.otherwise.purposes = Some(it)),
        "categories" => {
            block_terms::otherwise(&mut fields, clause).map(|it| found.terms.otherwise.categories = Some(it))
        }
        "access" => block_terms::otherwise(&mut fields, clause).map(|it| found.terms.otherwise.access = Some(it)),
        "subprocessors" => {
            block_terms::otherwise(&mut fields, clause).map(|it| found.terms.otherwise.subprocessors = Some(it))
        }
        _ => general::read(&mut fields, found, clause, known, id),
    };
    fields.finish();
    found.declares_broken |= name == "declares" && read.is_none();
}
