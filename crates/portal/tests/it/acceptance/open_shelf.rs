//! The services of this repository on an open shelf, each with its agreement as it stands or with words of it changed.

use std::sync::Arc;

use agreement::register::Register;
use agreement::{Adoption, Agreement};
use axum::http::StatusCode;
use portal::{Agreements, Customer, Shop};
use serde_json::Value as Json;
use service::Kinds;
use terms::{ServiceName, TenantId};

use crate::stand_in::Visitor;

struct Shelf {
    agreement: Arc<Agreement>,
    register: Option<Arc<Register>>,
}

impl Agreements for Shelf {
    fn at(&self, _: &TenantId) -> Option<Arc<Agreement>> {
        None
    }
    fn versions(&self, _: &TenantId) -> Vec<Adoption> {
        Vec::new()
    }
    fn current(&self, _: &ServiceName) -> Option<Arc<Agreement>> {
        Some(Arc::clone(&self.agreement))
    }
    fn customer(&self, _: &TenantId) -> Option<Customer> {
        None
    }
    fn customers(&self, _: &ServiceName) -> Vec<Customer> {
        Vec::new()
    }
    fn register(&self, _: &ServiceName) -> Option<Arc<Register>> {
        self.register.clone()
    }
}

/// The public pages of one service.
pub struct Pages {
    service: &'static str,
    visitor: Visitor,
}

fn file(service: &str, name: &str) -> String {
    std::fs::read_to_string(format!("{}/../../services/{service}/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The service as it stands.
pub fn of(service: &'static str) -> Pages {
    changed(service, &[])
}

/// The service with words of its agreement, or of its register, changed; each must stand there.
pub fn changed(service: &'static str, words: &[(&str, &str)]) -> Pages {
    let main = if service == "websupport" { "register.sv.md" } else { "agreement.sv.md" };
    let mut text = file(service, main);
    for (from, to) in words {
        assert!(text.contains(from), "`{from}` does not stand in {main}");
        text = text.replace(from, to);
    }
    let shelf = if service == "websupport" {
        let register = Register::read(main, &text).unwrap_or_else(|faults| panic!("{faults}"));
        let basis = register
            .read_under("basis.sv.md", &file(service, "basis.sv.md"))
            .unwrap_or_else(|faults| panic!("{faults}"));
        Shelf { agreement: Arc::new(basis), register: Some(Arc::new(register)) }
    } else {
        let agreement = Agreement::read(main, &text).unwrap_or_else(|faults| panic!("{faults}"));
        Shelf { agreement: Arc::new(agreement), register: None }
    };
    let kinds = Arc::new(Kinds::read("kinds.toml", &file(service, "kinds.toml")).unwrap());
    let shop = Arc::new(Shop { kinds, service: None });
    Pages { service, visitor: Visitor::open(Arc::new(shelf), vec![shop]) }
}

impl Pages {
    /// A page of the service, as people read it: without tags, white space as one space.
    pub fn page(&self, path: &str) -> String {
        let seen = self.visitor.get(&format!("/{}/{path}", self.service));
        assert_eq!(seen.status, StatusCode::OK, "{path}: {}", seen.body);
        let mut text = String::new();
        let mut inside = false;
        for letter in seen.body.chars() {
            match letter {
                '<' => inside = true,
                '>' => {
                    inside = false;
                    text.push(' ');
                }
                _ if !inside => text.push(letter),
                _ => {}
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// A page as it is sent.
    pub fn raw(&self, path: &str) -> String {
        self.visitor.get(&format!("/{}/{path}", self.service)).body
    }

    /// How a page is answered.
    pub fn status(&self, path: &str) -> u16 {
        self.visitor.get(&format!("/{}/{path}", self.service)).status.as_u16()
    }

    /// One register for people.
    pub fn register_page(&self, id: &str) -> String {
        self.page(&format!("avtal/register/{id}"))
    }

    /// One register for programs; what stands behind the `?` is added.
    pub fn register(&self, id: &str, query: &str) -> Table {
        let seen = self.visitor.get(&format!("/{}/avtal/register/{id}.json{query}", self.service));
        assert_eq!(seen.status, StatusCode::OK, "{id}: {}", seen.body);
        Table(serde_json::from_str(&seen.body).unwrap())
    }
}

/// A register as programs read it.
pub struct Table(pub Json);

impl Table {
    /// What a row says in a column: its Swedish text, or `none`, `not found`, `unsaid`.
    pub fn said(&self, row: &str, column: &str) -> String {
        said(&self.row(row)["cells"][column])
    }

    /// How a row's value came to be.
    pub fn provenance(&self, row: &str, column: &str) -> String {
        self.row(row)["cells"][column]["provenance"].as_str().unwrap_or("").to_owned()
    }

    /// The number of the row's clause, as printed.
    pub fn clause(&self, row: &str) -> String {
        self.row(row)["clause"]["number"].as_str().unwrap_or("").to_owned()
    }

    /// How a value is to be taken: plain, open or stop.
    pub fn standing(&self, row: &str, column: &str) -> String {
        self.row(row)["cells"][column]["standing"].as_str().unwrap_or("").to_owned()
    }

    /// The ids of the rows that begin so.
    pub fn ids(&self, start: &str) -> Vec<String> {
        let rows = self.0["rows"].as_array().unwrap().iter();
        rows.map(|row| row["id"].as_str().unwrap().to_owned()).filter(|id| id.starts_with(start)).collect()
    }

    /// All that a column says, row by row, for the rows that begin so.
    pub fn column(&self, start: &str, column: &str) -> Vec<String> {
        let rows = self.0["rows"].as_array().unwrap().iter();
        rows.filter(|row| row["id"].as_str().unwrap().starts_with(start))
            .map(|row| said(&row["cells"][column]))
            .collect()
    }

    pub fn row(&self, id: &str) -> &Json {
        let rows = self.0["rows"].as_array().unwrap();
        rows.iter().find(|row| row["id"] == id).unwrap_or_else(|| panic!("no row {id} in {:?}", self.ids("")))
    }

    /// What stands above the table.
    pub fn note(&self) -> &str {
        self.0["note"]["sv"].as_str().unwrap_or("")
    }
}

fn said(cell: &Json) -> String {
    match cell["is"].as_str().unwrap_or("") {
        "found" => cell["sv"].as_str().unwrap().to_owned(),
        "not-found" => "not found".to_owned(),
        other => other.to_owned(),
    }
}
