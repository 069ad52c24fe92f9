//! The JSON Schema of the terms: checked in for editors, and true to what the reader takes and refuses.

use std::fs;
use std::path::Path;

use agreement::language::{self, terms_schema};

#[test]
fn the_schema_in_docs_is_that_of_the_language() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schemas/agreement-terms.schema.json");
    let schema = format!("{}\n", serde_json::to_string_pretty(&terms_schema()).unwrap());
    if std::env::var_os("BETRODD_ACCEPT").is_some_and(|value| value == "1") {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, schema).unwrap();
        return;
    }
    assert!(
        fs::read_to_string(&path).unwrap_or_default() == schema,
        "docs/schemas/agreement-terms.schema.json is not that of the language; write it with BETRODD_ACCEPT=1"
    );
}

/// Whether a block that the reader took is described by the schema, key by key.
#[test]
fn every_block_and_key_of_the_agreements_stands_in_the_schema() {
    let schema = terms_schema();
    let services = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../services");
    let mut seen = 0;
    for folder in fs::read_dir(services).unwrap() {
        let file = folder.unwrap().path().join("agreement.sv.md");
        let Ok(text) = fs::read_to_string(&file) else { continue };
        for block in text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            let toml: toml_edit::DocumentMut = block.parse().unwrap();
            for (name, item) in toml.iter() {
                let known = &schema["properties"][name];
                assert!(known.is_object(), "{}: [{name}]", file.display());
                let form = language::block(name).unwrap().form;
                let tables: Vec<&dyn toml_edit::TableLike> = match (form, item) {
                    (language::Form::Once, item) => item.as_table_like().into_iter().collect(),
                    (language::Form::Each, item) => {
                        let table = item.as_table_like().unwrap();
                        table.iter().filter_map(|(_, item)| item.as_table_like()).collect()
                    }
                    (language::Form::List, toml_edit::Item::ArrayOfTables(tables)) => {
                        tables.iter().map(|table| table as &dyn toml_edit::TableLike).collect()
                    }
                    _ => panic!("{name}"),
                };
                let keys = match form {
                    language::Form::Once => &known["properties"],
                    language::Form::List => &known["items"]["properties"],
                    language::Form::Each if known["additionalProperties"].is_object() => {
                        &known["additionalProperties"]["properties"]
                    }
                    language::Form::Each => {
                        &known["properties"].as_object().unwrap().values().next().unwrap()["properties"]
                    }
                };
                for table in tables {
                    for (key, _) in table.iter() {
                        seen += 1;
                        assert!(keys[key].is_object(), "{}: `{key}` in [{name}]", file.display());
                    }
                }
            }
        }
    }
    assert!(seen > 500, "only {seen} keys were looked at");
}
