//! The documents hold together, describe every route, and lie as they are in `docs/openapi`.

use std::path::{Path, PathBuf};

use super::*;

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Every service that lies in the repository.
fn services() -> Vec<Kinds> {
    let mut found = Vec::new();
    for folder in ["services", "examples/services"] {
        for entry in std::fs::read_dir(repository(folder)).unwrap() {
            let file = entry.unwrap().path().join("kinds.toml");
            if let Ok(text) = std::fs::read_to_string(&file) {
                found.push(Kinds::read("kinds.toml", &text).unwrap());
            }
        }
    }
    found.sort_by(|one, other| one.service.as_str().cmp(other.service.as_str()));
    assert!(found.len() >= 7);
    found
}

/// Every `$ref` of the document, for a look at whether it leads somewhere.
fn references<'j>(json: &'j Json, found: &mut Vec<&'j str>) {
    match json {
        Json::Object(members) => {
            found.extend(members.get("$ref").and_then(Json::as_str));
            members.values().for_each(|member| references(member, found));
        }
        Json::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_operation_is_whole() {
    for kinds in services() {
        let document = describe(&[&kinds], false, Language::En);
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 50);
        for reference in found {
            assert!(document.pointer(reference.strip_prefix('#').unwrap()).is_some(), "{reference} leads nowhere");
        }
        let mut ids = Vec::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let said = format!("{method} {path}");
                ids.push(operation["operationId"].as_str().unwrap().to_owned());
                assert!(operation["summary"].is_string(), "{said}");
                let responses = operation["responses"].as_object().unwrap();
                assert!(responses.keys().any(|status| status.starts_with('2')), "{said}");
                for (status, response) in responses {
                    assert!(response["description"].is_string() || response["$ref"].is_string(), "{said} {status}");
                }
                // Each part of the path that stands for something is a parameter.
                let resolved = |one: &Json| match one["$ref"].as_str() {
                    Some(reference) => document.pointer(&reference[1..]).unwrap().clone(),
                    None => one.clone(),
                };
                let parameters: Vec<Json> = operation["parameters"].as_array().unwrap().iter().map(resolved).collect();
                let mut names: Vec<_> =
                    parameters.iter().map(|one| (one["in"].to_string(), one["name"].to_string())).collect();
                for part in path.split('/').filter_map(|part| part.strip_prefix('{')) {
                    let name = format!("\"{}\"", part.trim_end_matches('}'));
                    assert!(names.contains(&("\"path\"".to_owned(), name)), "{said}: {part}");
                }
                let count = names.len();
                names.sort();
                names.dedup();
                assert_eq!(names.len(), count, "{said}: a parameter twice");
            }
        }
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count, "an operation twice");
    }
}

#[test]
fn every_route_of_the_interface_is_described() {
    let routes = include_str!("../routes.rs");
    let kinds = services().into_iter().find(|kinds| kinds.service.as_str() == "matcha").unwrap();
    let document = describe(&[&kinds], false, Language::En);
    let mut looked_for = 0;
    for address in routes.split('"').filter_map(|text| text.strip_prefix("/api/v1/{service}")) {
        let path = format!("/api/v1/matcha{}", address.replace("/{kind}", "/deltagare").replace("{*", "{"));
        assert!(
            document["paths"].get(&path).is_some(),
            "{path} is not described: add its line in openapi/addresses.rs"
        );
        looked_for += 1;
    }
    assert!(looked_for >= 8, "the search finds what it looks for");
}

#[test]
fn the_documents_in_docs_are_those_that_are_served() {
    let accept = std::env::var_os("BETRODD_ACCEPT").is_some_and(|value| value == "1");
    for kinds in services() {
        let path = repository(&format!("docs/openapi/{}.json", kinds.service));
        let document = format!("{}\n", serde_json::to_string_pretty(&describe(&[&kinds], true, Language::En)).unwrap());
        if accept {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, document).unwrap();
            continue;
        }
        assert!(
            std::fs::read_to_string(&path).unwrap_or_default() == document,
            "docs/openapi/{}.json is not what is served; write it with BETRODD_ACCEPT=1 cargo test -p portal openapi",
            kinds.service
        );
    }
}

#[test]
fn labels_are_in_the_callers_language() {
    let kinds = services().into_iter().find(|kinds| kinds.service.as_str() == "matcha").unwrap();
    for (language, label) in [(Language::Sv, "Förnamn"), (Language::En, "Given name")] {
        let document = describe(&[&kinds], false, language);
        let field = &document["components"]["schemas"]["matcha.participant.fields"]["properties"]["given-name"];
        assert_eq!(field["title"], label);
    }
}
