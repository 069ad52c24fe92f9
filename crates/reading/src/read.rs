//! The whole reading of one source.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::columns::TableKind;
use crate::data::{self, Both};
use crate::findings::{self, Finding};
use crate::flow::Flow;
use crate::kinds;
use crate::proposal::Proposal;
use crate::quantities::{self, Quantity};
use crate::rules::{self, Ground};
use crate::source::{Source, Span};
use crate::structure::{self, Clause, Part, Skipped};
use crate::words::Hits;
use crate::{levels, lists, money, parties, recipients, sentences, units};

/// What a text is, as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// An agreement on the processing of personal data is among its parts.
    Agreement,
    /// Terms or another agreement, and none on personal data.
    OtherAgreement,
    /// A register of those who receive data, and no agreement.
    Register,
    /// A policy towards data subjects, and no agreement.
    PrivacyPolicy,
    /// Rows and columns without sentences.
    Table,
    /// It may be an agreement, in a language that the rules do not know.
    OtherLanguage(&'static str),
    /// None of these.
    None,
}

impl Verdict {
    /// A short name for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Agreement => "agreement",
            Self::OtherAgreement => "other-agreement",
            Self::Register => "register",
            Self::PrivacyPolicy => "privacy-policy",
            Self::Table => "table",
            Self::OtherLanguage(_) => "other-language",
            Self::None => "none",
        }
    }
}

/// A text, read.
#[derive(Debug, Clone)]
pub struct Reading {
    source: Source,
    /// The text as it is meant to be read: who points to lines of it asks for it again and again.
    flow: Arc<Flow>,
    /// What it is.
    pub verdict: Verdict,
    /// Its language, ISO 639-1, where one was recognised.
    pub language: Option<&'static str>,
    /// Its parts.
    pub parts: Vec<Part>,
    /// Its clauses.
    pub clauses: Vec<Clause>,
    /// What belongs to something else.
    pub skipped: Vec<Skipped>,
    /// What it states.
    pub proposals: Vec<Proposal>,
    /// What is odd about it.
    pub findings: Vec<Finding>,
}

impl Reading {
    /// Reads a source. Takes time in proportion to its length.
    #[must_use]
    pub fn of(source: Source) -> Self {
        let flow = Flow::of(&source);
        let hits = Hits::of(&flow.lower);
        let language = kinds::language(&flow.lower);
        let units = units::find(&flow);
        let mut structure = structure::find(&source, &flow, &hits, units);
        let verdict = verdict(&source, &flow, &hits, &structure, language);
        let known = matches!(verdict, Verdict::Agreement | Verdict::OtherAgreement | Verdict::Register);
        let quantities = if known { quantities::find(&flow.text) } else { Vec::new() };
        let sentences = if known { sentences::find(&flow, &structure) } else { Vec::new() };
        let mut proposals = Vec::new();
        let mut empty_lists = Vec::new();
        if known {
            let ground =
                Ground { source: &source, flow: &flow, hits: &hits, structure: &structure, quantities: &quantities };
            proposals.extend(title(&ground));
            proposals.extend(parties::find(&ground, &sentences));
            proposals.extend(rules::run(&ground, &sentences));
            proposals.extend(lists::find(&ground));
            proposals.extend(money::find(&ground, &sentences));
            proposals.extend(levels::find(&ground));
            let recipients = recipients::find(&ground, &sentences);
            proposals.extend(recipients.proposals);
            empty_lists = recipients.empty;
            settle(&mut proposals, &structure.parts);
        }
        let ground =
            Ground { source: &source, flow: &flow, hits: &hits, structure: &structure, quantities: &quantities };
        let findings = findings::find(&ground, verdict, &proposals, &empty_lists);
        let parts = core::mem::take(&mut structure.parts);
        let clauses = core::mem::take(&mut structure.clauses);
        let skipped = core::mem::take(&mut structure.skipped);
        Self { source, flow: Arc::new(flow), verdict, language, parts, clauses, skipped, proposals, findings }
    }

    /// The text that was read.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    pub(crate) fn flow(&self) -> &Flow {
        &self.flow
    }

    /// The same, under the hash of its text: for whoever has the text and only somebody's word for the file that it is from.
    #[must_use]
    pub fn under_the_hash_of_its_text(mut self) -> Self {
        self.source.hash_the_text();
        self
    }

    /// The text as it is handed on, to be read again without the file.
    #[must_use]
    pub fn handed_on(&self) -> Vec<u8> {
        crate::handed::hand_on(&Ok(self.source.clone()))
    }

    /// The proposals of a field, the one that is proposed first.
    pub fn of_field<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a Proposal> {
        self.proposals.iter().filter(move |it| it.field() == field)
    }

    /// The fields for which nothing was found.
    #[must_use]
    pub fn not_found(&self) -> Vec<&'static str> {
        fields().filter(|field| self.of_field(field).next().is_none()).collect()
    }
}

/// All fields that are looked for, in their order.
pub fn fields() -> impl Iterator<Item = &'static str> {
    data::fields().field.iter().map(|field| field.id.as_str())
}

/// A field's name for people.
#[must_use]
pub fn field_label(id: &str) -> Option<&'static Both> {
    data::fields().field.iter().find(|field| field.id == id).map(|field| &field.label)
}

/// A kind of part, for people.
#[must_use]
pub fn kind_label(code: &str) -> Option<&'static Both> {
    data::kinds().kind.iter().find(|kind| kind.code == code).map(|kind| &kind.label)
}

/// Keeps each statement once, and marks the one that is proposed for fields with one value: where an agreement on personal data is
/// among the parts, what it says comes before what others say.
fn settle(proposals: &mut Vec<Proposal>, parts: &[Part]) {
    let is_other = |it: &Proposal| {
        let kind = it.part().and_then(|part| parts.get(part)).map_or("", |part| part.kind.as_str());
        let ours = ["data-processing-agreement", "instructions", "specification", "security"].contains(&kind);
        let of_personal_data =
            ["incident", "subproc", "ending", "audit", "request", "authority", "instruction", "transfers"];
        of_personal_data.iter().any(|group| it.field().starts_with(group)) && !ours
    };
    proposals.sort_by_key(is_other);
    let mut kept: Vec<Proposal> = Vec::with_capacity(proposals.len());
    // What is kept already, by field and place: of its quotation, and of the words that its value was read from.
    let mut places: HashMap<(&'static str, bool, Span), Vec<usize>> = HashMap::with_capacity(proposals.len());
    let mut settled: HashSet<&'static str> = HashSet::new();
    for mut it in proposals.drain(..) {
        let at = [(it.field(), false, it.span()), (it.field(), true, it.written())];
        let known = at.iter().filter_map(|place| places.get(place)).flatten();
        if known.filter_map(|known| kept.get(*known)).any(|known| known.value() == it.value()) {
            continue;
        }
        for place in at {
            places.entry(place).or_default().push(kept.len());
        }
        let many = data::fields().field.iter().any(|field| field.id == it.field() && field.many);
        it.first = settled.insert(it.field()) || many;
        kept.push(it);
    }
    *proposals = kept;
}

fn title(ground: &Ground<'_>) -> Option<Proposal> {
    let field = rules::field("document.title")?;
    let units = &ground.structure.units;
    let headed = |it: &&crate::structure::Placed| it.heading.as_ref().is_some_and(|range| !range.is_empty());
    // Before the title there may stand of which case, or to what, the paper is.
    let titled = |it: &&crate::structure::Placed| kinds::title(ground.flow, &it.unit).is_some_and(kinds::is_strong);
    let placed = units.iter().take(6).filter(headed).find(titled).or_else(|| units.iter().take(4).find(headed));
    // A text that begins without a heading names itself in its first sentence, if anywhere.
    let first = units.first().filter(|it| it.heading.is_none());
    let opening = first.and_then(|it| sentences::split(ground.flow, &it.body).into_iter().next());
    let named = opening.filter(|range| range.len() <= 140 && ground.hits.has(range, "terms-word"));
    let (placed, range) = match (named, placed) {
        (Some(range), _) => (first?, range),
        (None, Some(placed)) => (placed, placed.heading.clone()?),
        (None, None) => return None,
    };
    let read = crate::proposal::Read::Words(range.clone());
    let mut it = Proposal::new(ground.source, ground.flow, field, "first-heading", &range, &read)?;
    (it.clause, it.part) = (placed.clause, Some(placed.part));
    Some(it)
}

fn verdict(
    source: &Source,
    flow: &Flow,
    hits: &Hits,
    structure: &structure::Structure,
    language: Option<&'static str>,
) -> Verdict {
    let has = |kind: &str| structure.parts.iter().any(|part| part.kind == kind);
    let rows = structure.units.iter().filter(|it| it.unit.row).count();
    let all = 0..flow.text.len();
    match language {
        Some("sv" | "en") | None => {}
        Some(other) => return Verdict::OtherLanguage(other),
    }
    if has("data-processing-agreement") {
        return Verdict::Agreement;
    }
    // The annexes of such an agreement alone, without the agreement.
    let annexes = has("instructions") && (has("security") || has("subprocessor-list"));
    if annexes && hits.count(&all, "personal-data") >= 3 {
        return Verdict::Agreement;
    }
    if has("register") {
        return Verdict::Register;
    }
    let headed = structure.headers.iter().map(|header| header.kind);
    let tables: Vec<TableKind> = headed.chain(structure::unheaded(source, flow, &all)).collect();
    // A list of subprocessors by itself, with the headings of such a list.
    if has("subprocessor-list") && tables.contains(&TableKind::Recipients) && kinds::duties(hits, &all) < 5 {
        return Verdict::Register;
    }
    // Prices and service levels by themselves: hardly a sentence, but amounts and what is promised.
    let amounts = structure.parts.iter().filter(|part| part.kind == "price-list").map(|part| &part.range);
    let priced = amounts.into_iter().any(|range| {
        let found = quantities::find(flow.get(range));
        found.iter().filter(|it| matches!(it.quantity, Quantity::Money(..))).count() >= 2
    });
    let levels = has("service-level") && tables.contains(&TableKind::Levels);
    if priced || levels {
        return Verdict::OtherAgreement;
    }
    if rows * 10 >= structure.units.len() * 7 && rows >= 3 {
        return Verdict::Table;
    }
    if has("privacy-policy") {
        return Verdict::PrivacyPolicy;
    }
    let contract = structure.parts.iter().any(|part| {
        ["main-agreement", "terms", "service-level", "price-list", "instructions", "specification", "subprocessor-list"]
            .contains(&part.kind.as_str())
    });
    let words = kinds::contract_words(hits, &all);
    if kinds::duties(hits, &all) >= 6 && hits.count(&all, "data-processor") >= 3 {
        return Verdict::Agreement;
    }
    if contract && (words >= 2 || hits.has(&all, "data-processor")) {
        return Verdict::OtherAgreement;
    }
    Verdict::None
}
