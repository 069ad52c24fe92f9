//! What is done with whose data: the record of Art. 30(2), the instructions, sensitive data, and the measures of Art. 32.

use agreement::language::{block_name, key_name, word_name};
use agreement::{PartySide, PurposeTerm, RuleCategories, SubjectTerm, Term, Value};
use terms::Label;

use super::build::{Build, fact_columns, stated_name};
use super::words::{derived, label, list, same, stated};
use super::{Cell, Register, Row, Tone, recipients};

/// The record of processing, a fact a row, so that each has its own clause and origin.
pub(super) fn record(build: &Build<'_>) -> Register {
    let agreement = build.agreement;
    let mut rows: Vec<Row> = Vec::new();
    for party in agreement.parties() {
        let (id, side) = match party.side {
            PartySide::Controller => ("controller", label("Personuppgiftsansvarig", "Controller")),
            PartySide::Processor => ("processor", label("Personuppgiftsbiträde", "Processor")),
        };
        for (key, value) in [("name", &party.name), ("registration-number", &party.registration_number)] {
            rows.push(Row {
                id: format!("{id}.{key}"),
                clause: Some(party.clause.clone()),
                cells: vec![
                    stated(side.clone()),
                    stated_name(key_name("party", key)),
                    build.sourced(value, |text| same(text.clone())),
                ],
            });
        }
    }
    for term in agreement.terms_of("contact").filter(|term| term.text("at") == Some("processor")) {
        rows.push(Row {
            id: format!("{}.address", term.name()),
            clause: Some(term.clause.clone()),
            cells: vec![
                stated(label("Personuppgiftsbiträde", "Processor")),
                stated_name(word_name("", "", &term.id)),
                build.cell(term, "address"),
            ],
        });
    }
    rows.extend(elements(build));
    for term in agreement.terms_of("activity") {
        let said = match term.label("label") {
            Some(name) => name.clone(),
            None => same(term.id.clone()),
        };
        rows.push(Row {
            id: term.name(),
            clause: Some(term.clause.clone()),
            cells: vec![
                stated(block_name("activity")),
                build.of_origin(said, &term.origin),
                match (build.cell(term, "operations"), build.cell(term, "functions")) {
                    (Cell::Found { said: operations, provenance, why, tone }, Cell::Found { said: functions, .. }) => {
                        Cell::Found { said: list(&[operations, functions], "; "), provenance, why, tone }
                    }
                    (operations, _) => operations,
                },
            ],
        });
    }
    for term in agreement.terms_of("location") {
        let place = match build.cell(term, "country") {
            Cell::Found { .. } => build.cell(term, "country"),
            other => match build.cell(term, "area") {
                Cell::Unsaid => other,
                area => area,
            },
        };
        rows.push(Row {
            id: term.name(),
            clause: Some(term.clause.clone()),
            cells: vec![build.what(term), build.cell(term, "for"), place],
        });
    }
    for one in agreement.subprocessors() {
        rows.push(Row {
            id: format!("recipient.{}", one.id),
            clause: Some(one.clause.clone()),
            cells: vec![
                stated(label("Mottagare", "Recipient")),
                build.of_origin(list(&[same(one.name.clone()), one.task.clone()], ", "), &one.origin),
                recipients::basis(build, one),
            ],
        });
    }
    Register {
        id: "processing",
        title: label("Register över behandling, artikel 30.2", "Record of processing, Article 30(2)"),
        note: None,
        columns: fact_columns(),
        rows,
    }
}

/// Object, nature, duration, purposes, data subjects and categories: what Art. 28(3) demands that the agreement sets out.
fn elements(build: &Build<'_>) -> Vec<Row> {
    let agreement = build.agreement;
    let mut rows = Vec::new();
    let head = block_name("processing");
    let term = agreement.term("processing", "");
    for key in ["subject-matter", "duration", "nature", "collected-from", "open-ended"] {
        let cell = term.map_or(Cell::NotFound { note: String::new() }, |term| build.cell(term, key));
        if !(cell == Cell::Unsaid) {
            rows.push(Row {
                id: format!("processing.{key}"),
                clause: term.map(|term| term.clause_of(key).clone()),
                cells: vec![stated(head.clone()), stated_name(key_name("processing", key)), cell],
            });
        }
    }
    for purpose in agreement.purposes() {
        rows.push(Row {
            id: format!("purpose.{}", purpose.id),
            clause: Some(purpose.clause.clone()),
            cells: vec![
                stated(head.clone()),
                stated_name(block_name("purpose")),
                build.of_origin(purpose.label.clone(), &purpose.origin),
            ],
        });
    }
    for subject in agreement.subjects() {
        let mut said = subject.label.clone();
        if !subject.alias.is_empty() {
            let alias = subject.alias.join(", ");
            said = label(format!("{} (även {alias})", said.sv), format!("{} (also {alias})", said.en));
        }
        let mut cell = build.of_origin(said, &subject.origin);
        if let (false, Cell::Found { said, tone, .. }) = (subject.declared, &mut cell) {
            *said = label(
                format!("{} – står inte i avtalet", said.sv),
                format!("{} – not listed in the agreement", said.en),
            );
            *tone = Tone::Open;
        }
        rows.push(Row {
            id: format!("subject.{}", subject.id),
            clause: Some(subject.clause.clone()),
            cells: vec![stated(head.clone()), stated_name(block_name("subject")), cell],
        });
    }
    for purpose in agreement.purposes() {
        for subject in agreement.subjects() {
            rows.extend(used(build, purpose, subject));
        }
    }
    for declares in agreement.declares() {
        let whose = build.named(agreement::language::Of::Subject, declares.subject.as_str());
        for category in &declares.categories {
            let name = build.named(agreement::language::Of::Category, category.as_str());
            rows.push(Row {
                id: format!("declares.{}.{category}", declares.subject),
                clause: Some(declares.clause.clone()),
                cells: vec![
                    stated(whose.clone()),
                    stated_name(block_name("category")),
                    build.of_origin(name, &declares.origin),
                ],
            });
        }
    }
    rows
}

/// Which data about whom a purpose may use, by the rules; nothing where no rule says so.
fn used(build: &Build<'_>, purpose: &PurposeTerm, subject: &SubjectTerm) -> Option<Row> {
    let agreement = build.agreement;
    let rules = agreement
        .rules()
        .iter()
        .filter(|rule| rule.purposes.contains(&purpose.id) && rule.subjects.contains(&subject.id));
    let mut categories: Vec<&str> = Vec::new();
    for rule in rules {
        match &rule.categories {
            RuleCategories::Listed(listed) => categories.extend(listed.iter().map(|id| id.as_str())),
            RuleCategories::Declared => {
                let declared = agreement.declares().iter().filter(|declares| declares.subject == subject.id);
                categories.extend(declared.flat_map(|declares| &declares.categories).map(|id| id.as_str()));
            }
        }
    }
    categories.sort_unstable();
    categories.dedup();
    let names: Vec<Label> = categories.iter().map(|id| build.named(agreement::language::Of::Category, id)).collect();
    (!names.is_empty()).then(|| Row {
        id: format!("use.{}.{}", purpose.id, subject.id),
        clause: Some(purpose.clause.clone()),
        cells: vec![
            stated(subject.label.clone()),
            stated(purpose.label.clone()),
            derived(list(&names, ", "), Tone::Plain),
        ],
    })
}

/// The instructions: the six elements that the agreement fixes, and what holds for further ones.
pub(super) fn instructions(build: &Build<'_>) -> Register {
    let agreement = build.agreement;
    let term = agreement.term("processing", "");
    let mut rows = Vec::new();
    for key in ["subject-matter", "duration", "nature"] {
        rows.push(Row {
            id: format!("element.{key}"),
            clause: term.map(|term| term.clause_of(key).clone()),
            cells: vec![
                stated(label("Innehåll", "Element")),
                stated_name(key_name("processing", key)),
                term.map_or(Cell::NotFound { note: String::new() }, |term| build.cell(term, key)),
            ],
        });
    }
    let labels = |all: Vec<Label>| {
        if all.is_empty() { Cell::NotFound { note: String::new() } } else { stated(list(&all, ", ")) }
    };
    let purposes = agreement.purposes();
    let subjects: Vec<_> = agreement.subjects().iter().filter(|subject| subject.declared).collect();
    let categories = agreement.categories();
    for (id, name, cell, clause) in [
        (
            "purposes",
            block_name("purpose"),
            labels(purposes.iter().map(|it| it.label.clone()).collect()),
            purposes.first().map(|it| &it.clause),
        ),
        (
            "categories",
            block_name("category"),
            labels(categories.iter().map(|it| it.label.clone()).collect()),
            categories.first().map(|it| &it.clause),
        ),
        (
            "subjects",
            block_name("subject"),
            labels(subjects.iter().map(|it| it.label.clone()).collect()),
            subjects.first().map(|it| &it.clause),
        ),
    ] {
        rows.push(Row {
            id: format!("element.{id}"),
            clause: clause.cloned(),
            cells: vec![stated(label("Innehåll", "Element")), stated_name(name), cell],
        });
    }
    for block in ["instructions", "disclosures", "confidentiality"] {
        rows.extend(build.facts_of(block));
    }
    Register {
        id: "instructions",
        title: label("Instruktioner, utlämnande och tystnadsplikt", "Instructions, disclosure and confidentiality"),
        note: agreement
            .term("instructions", "")
            .and_then(|term| term.flag("complete"))
            .filter(|complete| *complete)
            .map(|_| {
                label(
                    "Avtalet är hela instruktionen: det som inte står här utförs inte.",
                    "The agreement is the complete instruction: what does not stand here is not carried out.",
                )
            }),
        columns: fact_columns(),
        rows,
    }
}

pub(super) fn sensitive(build: &Build<'_>) -> Register {
    let keys = ["stated", "categories", "subjects", "safeguards", "purpose", "treated-as"];
    let mut register = build.table(
        "sensitive",
        label("Uppgifter som lagen skyddar mer", "Data that the law protects more"),
        &["sensitive"],
        &keys,
    );
    for row in &mut register.rows {
        if let Some(Cell::Found { said, .. }) = row.cells.first_mut() {
            let id = row.id.rsplit('.').next().unwrap_or_default();
            *said = word_name("", "", id);
        }
    }
    register
}

/// Each measure, and what shows it on the day. What a person must prove has no proof here, and is never shown as done.
pub(super) fn measures(build: &Build<'_>) -> Register {
    let keys = ["area", "kind", "by", "every", "applies-to", "evidence"];
    let mut register = build.table("measures", label("Säkerhetsåtgärder", "Security measures"), &["measure"], &keys);
    register.columns.push(super::words::column("source", "Källa", "Source"));
    register.columns.push(super::words::column("now", "På dagen", "On the day"));
    for (row, term) in register.rows.iter_mut().zip(build.agreement.terms_of("measure")) {
        row.cells.push(stated(label("avtalet", "the agreement")));
        row.cells.push(shown(term));
    }
    register.rows.extend(build.facts_of("security").into_iter().map(|mut row| {
        // A general duty stands beside the measures: its fact in the first cell, its value in the last.
        let value = row.cells.pop().unwrap_or(Cell::Unsaid);
        let name = row.cells.pop().unwrap_or(Cell::Unsaid);
        let mut cells = vec![name];
        cells.resize(keys.len().saturating_add(1), Cell::Unsaid);
        cells.push(stated(label("avtalet", "the agreement")));
        cells.push(value);
        Row { cells, ..row }
    }));
    register
}

fn shown(term: &Term) -> Cell {
    let (said, tone) = match term.value("kind") {
        Some(Value::Text(kind)) if kind == "performed" => (
            label("utförs av tjänsten; varje gång antecknas", "performed by the service; each time is recorded"),
            Tone::Plain,
        ),
        Some(Value::Text(kind)) if kind == "checked" => {
            (label("tjänsten vägrar det som bryter mot den", "the service refuses what breaks it"), Tone::Plain)
        }
        Some(Value::Text(kind)) if kind == "evidenced" => (label("inget bevis ännu", "no evidence yet"), Tone::Open),
        _ => (label("antecknad; inget följer av den", "recorded; nothing follows from it"), Tone::Open),
    };
    derived(said, tone)
}
