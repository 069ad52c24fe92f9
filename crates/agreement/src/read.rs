//! Text → clauses and blocks → terms → checks → table. Nothing is an agreement before every check has passed.

use std::collections::HashMap;

use aws_lc_rs::digest::{SHA256, digest};
use terms::AgreementHash;

use crate::agreement::Inner;
use crate::checks::{self, no_agreement, size};
use crate::fault::Faults;
use crate::reading::Reading;
use crate::table::Table;
use crate::{text_to_clauses, toml_to_terms};

pub(crate) fn read(file_name: &str, text: &str) -> Result<Inner, Faults> {
    let mut reading = Reading::new(file_name, text);
    if !size::file(&mut reading) {
        return Err(Faults::new(reading.faults));
    }
    let outline = text_to_clauses::read(&mut reading);
    if no_agreement::check(&mut reading, &outline) {
        return Err(Faults::new(reading.faults));
    }
    let mut found = toml_to_terms::read(&mut reading, &outline);
    if size::counts(&mut reading, &found) {
        checks::all(&mut reading, &found);
    }
    let terms = &mut found.terms;
    let (document, in_force, otherwise) = (terms.document.take(), terms.in_force.take(), terms.otherwise.complete());
    let (Some(document), Some(in_force), Some(otherwise), true) =
        (document, in_force, otherwise, reading.faults.is_empty())
    else {
        // Whatever kept a required block from being read has left its fault.
        return Err(Faults::new(reading.faults));
    };
    let clauses = outline.clauses;
    let index = clauses.iter().enumerate().map(|(at, clause)| (clause.id.clone(), at)).collect::<HashMap<_, _>>();
    let mut warnings = reading.warnings;
    warnings.sort_by_key(|warning| warning.line);
    Ok(Inner {
        file_name: file_name.to_owned(),
        text: text.to_owned(),
        hash: hash(text.as_bytes()),
        document,
        in_force,
        otherwise,
        clauses,
        index,
        table: Table::compile(&found.terms),
        terms: found.terms,
        warnings,
        won: Vec::new(),
    })
}

pub(crate) fn hash(bytes: &[u8]) -> AgreementHash {
    let mut hash = [0; 32];
    for (to, from) in hash.iter_mut().zip(digest(&SHA256, bytes).as_ref()) {
        *to = *from;
    }
    AgreementHash(hash)
}
