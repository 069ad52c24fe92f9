//! Layers over an agreement: the customer's supplement and its single instructions. Put over the provider's text they give
//! one agreement again, which decides, brings duties and is checked like any other, and which says which layer won where.
//!
//! Between two layers the stricter value is in force, as each key of the language declares it. Where a key has no order, the
//! value of the agreement stands, and the acts that it governs wait until a person has settled it.

mod merge;

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
    text: String,
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
            text: text.to_owned(),
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

    /// The first day on which it holds.
    #[must_use]
    pub fn from(&self) -> jiff::civil::Date {
        self.from
    }

    /// The last day on which it holds, where it has one.
    #[must_use]
    pub fn until(&self) -> Option<jiff::civil::Date> {
        self.until
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
    /// own, with all parts in its text and hash; without a layer that holds it is this one.
    #[must_use]
    pub fn with_layers(&self, layers: &[Layer], day: jiff::civil::Date) -> Self {
        let holding: Vec<&Layer> = layers.iter().filter(|layer| layer.holds_on(day)).collect();
        if holding.is_empty() { self.clone() } else { merge::merge(self, &holding) }
    }
}

impl Agreement {
    /// What governs on which days from `from` on: each day on which a layer begins or has ended, with the agreement as it is
    /// from that day. The first is `from` itself; days on which nothing changes are left out.
    #[must_use]
    pub fn over_time(&self, layers: &[Layer], from: jiff::civil::Date) -> Vec<(jiff::civil::Date, Self)> {
        let ends = layers.iter().filter_map(|layer| layer.until.and_then(|until| until.tomorrow().ok()));
        let mut days: Vec<_> = layers.iter().map(|layer| layer.from).chain(ends).filter(|day| *day > from).collect();
        days.push(from);
        days.sort_unstable();
        let mut versions: Vec<(jiff::civil::Date, Self)> = Vec::new();
        for day in days {
            let version = self.with_layers(layers, day);
            if versions.last().is_none_or(|(_, last)| last.hash() != version.hash()) {
                versions.push((day, version));
            }
        }
        versions
    }
}

/// How a layer begins in a text that holds an agreement with its layers; the rest of the line is the layer's name.
const BEGINS: &str = "<!-- betrodd layer ";
/// How that line ends.
const ENDS: &str = " -->";

/// The agreement and its layers as one text: what is kept with the hash that every entry names.
fn bundle(agreement: &Agreement, layers: &[&Layer]) -> String {
    let mut text = agreement.text().to_owned();
    for layer in layers {
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&format!("{BEGINS}{}{ENDS}\n{}", layer.name, layer.text));
    }
    text
}

/// The parts of such a text: the agreement, and each layer with its name. Nothing where it holds no layer.
fn parts(text: &str) -> Option<(&str, Vec<(&str, &str)>)> {
    let starts: Vec<usize> = text
        .match_indices(BEGINS)
        .map(|(at, _)| at)
        .filter(|at| *at == 0 || text.get(..*at).is_some_and(|before| before.ends_with('\n')))
        .collect();
    let base = text.get(..*starts.first()?)?;
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let layers = starts.iter().zip(ends).filter_map(|(start, end)| {
        let (head, rest) = text.get(start + BEGINS.len()..end)?.split_once('\n')?;
        Some((head.trim_end().strip_suffix(ENDS.trim_end())?.trim(), rest))
    });
    Some((base, layers.collect()))
}

/// Reads a text that holds an agreement with its layers, as [`Agreement::with_layers`] made it. Nothing where it holds none.
pub(crate) fn read_bundle(file_name: &str, text: &str) -> Option<Result<Agreement, Faults>> {
    let (base, named) = parts(text)?;
    Some((|| {
        let agreement = Agreement::read(file_name, base)?;
        let mut layers = Vec::new();
        for (name, text) in named {
            layers.push(Layer::read(&format!("{file_name}: {name}"), text, &agreement)?);
        }
        Ok(merge::merge(&agreement, &layers.iter().collect::<Vec<_>>()))
    })())
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

impl Agreement {
    /// The text of the provider's own part, without layers.
    #[must_use]
    pub fn base_text(&self) -> &str {
        parts(self.text()).map_or(self.text(), |(base, _)| base)
    }

    /// The layers in it: each name with its text.
    #[must_use]
    pub fn layer_texts(&self) -> Vec<(&str, &str)> {
        parts(self.text()).map(|(_, layers)| layers).unwrap_or_default()
    }
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
