//! Layers over an agreement: the customer's supplement and its single instructions. Put over the provider's text they give
//! one agreement again, which decides, brings duties and is checked like any other, and which says which layer won where.
//!
//! Between two layers the stricter value is in force, as each key of the language declares it. Where a key has no order, the
//! value of the agreement stands, and the acts that it governs wait until a person has settled it.

mod merge;

use aws_lc_rs::digest;
use terms::{AgreementHash, ClauseId, Label, Sourced};

use crate::agreement::Agreement;
use crate::checks::{self, size};
use crate::fault::{Faults, Warning};
use crate::reading::{Reading, Sort};
use crate::term::Clause;
use crate::terms_of::Terms;
use crate::value::{Term, Value};
use crate::{text_to_clauses, toml_to_terms};

/// What a layer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LayerKind {
    /// A supplement that the customer agreed on.
    Supplement,
    /// A single instruction of the controller (Art. 28(3)(a)).
    Instruction,
}

/// A layer that has been read and checked against the agreement that it lies over.
#[derive(Debug)]
pub struct Layer {
    name: String,
    kind: LayerKind,
    title: Label,
    from: jiff::civil::Date,
    until: Option<jiff::civil::Date>,
    accepted_by: Vec<String>,
    hash: AgreementHash,
    clauses: Vec<Clause>,
    terms: Terms,
    warnings: Vec<Warning>,
}

/// One term that more than one layer states, and how that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Won {
    /// The term, as `retention.content-after-end`.
    pub term: String,
    /// The key of the term.
    pub key: &'static str,
    /// What every layer says, the agreement first: the layer's name, the value as written, and the clause.
    pub said: Vec<(String, String, ClauseId)>,
    /// The name of the layer whose value is in force.
    pub winner: String,
    /// Why that one.
    pub how: How,
}

/// Why one layer's value is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// The agreement says nothing, and the layer does.
    OnlyOne,
    /// It is the stricter one.
    Stricter,
    /// There is no order; this one stands until a person decides, and what it governs waits.
    Waits,
    /// A person decided; the clause says so.
    Settled(ClauseId),
}

/// The name under which the provider's own text stands among the layers.
pub const AGREEMENT: &str = "agreement";

impl Layer {
    /// Reads a layer over `agreement`. It may refer to what the agreement defines.
    ///
    /// # Errors
    /// All [`Faults`] at once, as for an agreement.
    pub fn read(file_name: &str, text: &str, agreement: &Agreement) -> Result<Self, Faults> {
        let mut reading = Reading::new(file_name, text);
        if !size::file(&mut reading) {
            return Err(Faults::new(reading.faults));
        }
        reading.beneath = defined(agreement);
        let mut outline = text_to_clauses::read(&mut reading);
        let mut found = toml_to_terms::read(&mut reading, &outline);
        if size::counts(&mut reading, &found) {
            checks::of_layer(&mut reading, &found);
        }
        let head = found.terms.general.iter().position(|term| term.block == "layer");
        let head = head.map(|at| found.terms.general.remove(at));
        let Some(head) = head else {
            let at = reading.nowhere();
            if reading.faults.is_empty() {
                reading.fault(
                    at,
                    "there is no `[layer]` block: the text does not say over which agreement it lies",
                    "Add one, with `name`, `of`, `kind`, `title`, `version`, `language`, `from` and `accepted-by`.",
                );
            }
            return Err(Faults::new(reading.faults));
        };
        let text_of = |key| head.text(key).unwrap_or_default().to_owned();
        let at = reading.nowhere();
        if text_of("of") != agreement.service().as_str() {
            let message = format!(
                "the layer lies over `{}`, and the agreement is that of `{}`",
                text_of("of"),
                agreement.service()
            );
            reading.fault(at, message, "Name the agreement's service in `of`, or choose the right agreement.");
        }
        let name = text_of("name");
        if name.parse::<ClauseId>().is_err() || name == AGREEMENT {
            reading.fault(
                at,
                format!("`{name}` is no name for a layer"),
                format!("Use letters a-z, digits and `-`, and another word than `{AGREEMENT}`."),
            );
        }
        let (Some(title), Some(from), true) =
            (head.label("title").cloned(), head.date("from"), reading.faults.is_empty())
        else {
            return Err(Faults::new(reading.faults));
        };
        // Clauses of a layer get its name before their id, so that no two layers can say the same id.
        let own = |id: &ClauseId| ClauseId::new(&format!("{name}:{id}")).unwrap_or_else(|_| id.clone());
        for clause in &mut outline.clauses {
            clause.id = own(&clause.id);
        }
        found.terms.each_clause(own);
        Ok(Self {
            kind: if text_of("kind") == "instruction" { LayerKind::Instruction } else { LayerKind::Supplement },
            name,
            title,
            from,
            until: head.date("until"),
            accepted_by: head.words("accepted-by").to_vec(),
            hash: crate::read::hash(text.as_bytes()),
            clauses: outline.clauses,
            terms: found.terms,
            warnings: reading.warnings,
        })
    }

    /// Its name among the layers.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Supplement or instruction.
    #[must_use]
    pub fn kind(&self) -> LayerKind {
        self.kind
    }

    /// Its title.
    #[must_use]
    pub fn title(&self) -> &Label {
        &self.title
    }

    /// The SHA-256 hash of the exact bytes of its file.
    #[must_use]
    pub fn hash(&self) -> AgreementHash {
        self.hash
    }

    /// Whether it holds on a day, and the sides that must accept it have: a supplement needs both, an instruction is the
    /// controller's own.
    #[must_use]
    pub fn holds_on(&self, day: jiff::civil::Date) -> bool {
        let begun = day >= self.from && self.until.is_none_or(|until| day <= until);
        let accepted = |side: &str| self.accepted_by.iter().any(|by| by == side);
        begun && accepted("controller") && (self.kind == LayerKind::Instruction || accepted("processor"))
    }
}

impl Agreement {
    /// This agreement with those of the layers over it that hold on `day`, in their order. The result is an agreement of its
    /// own with a hash over all parts; without a layer that holds it is this one.
    #[must_use]
    pub fn with_layers(&self, layers: &[Layer], day: jiff::civil::Date) -> Self {
        let holding: Vec<&Layer> = layers.iter().filter(|layer| layer.holds_on(day)).collect();
        if holding.is_empty() { self.clone() } else { merge::merge(self, &holding) }
    }
}

/// The hash over the agreement and its layers, in their order.
fn hash_of(agreement: &Agreement, layers: &[&Layer]) -> AgreementHash {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(b"betrodd agreement with layers v1");
    context.update(&agreement.hash().0);
    for layer in layers {
        context.update(&layer.hash.0);
    }
    let mut hash = [0; 32];
    for (to, from) in hash.iter_mut().zip(context.finish().as_ref()) {
        *to = *from;
    }
    AgreementHash(hash)
}

/// Everything that the agreement defines and a layer may refer to.
fn defined(agreement: &Agreement) -> Vec<(Sort, String)> {
    let mut defined: Vec<(Sort, String)> = Vec::new();
    defined.extend(agreement.purposes().iter().map(|it| (Sort::Purpose, it.id.to_string())));
    defined.extend(agreement.subjects().iter().map(|it| (Sort::Subject, it.id.to_string())));
    defined.extend(agreement.categories().iter().map(|it| (Sort::Category, it.id.to_string())));
    defined.extend(agreement.roles().iter().map(|it| (Sort::Role, it.id.to_string())));
    defined.extend(agreement.cases().iter().map(|it| (Sort::Case, it.id.to_string())));
    defined.extend(agreement.subprocessors().iter().map(|it| (Sort::Subprocessor, it.id.to_string())));
    let general = agreement.general().iter().filter(|term| !term.id.is_empty());
    defined.extend(general.map(|term| (Sort::Term(term.block), term.id.clone())));
    defined
}

/// Whether a value says something: found, or *none*.
fn says(value: &Sourced<Value>) -> bool {
    !matches!(value, Sourced::NotFound { .. })
}

/// As a person reads it in a comparison.
fn as_written(value: &Sourced<Value>) -> String {
    match value {
        Sourced::Found { value, .. } => value.to_string(),
        Sourced::None => "none".to_owned(),
        Sourced::NotFound { note } => format!("not found: {note}"),
    }
}

/// A term of the same block and id.
fn same<'t>(terms: &'t [Term], term: &Term) -> Option<&'t Term> {
    terms.iter().find(|other| other.block == term.block && other.id == term.id && !term.stands_in_list())
}
