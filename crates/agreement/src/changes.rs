//! What one version of an agreement says otherwise than another, in words. Told at start and to the customer.
//!
//! It compares terms, not prose: a clause that is worded anew but runs the same is no difference here.

use std::collections::{BTreeMap, BTreeSet};

use terms::{ClauseId, Label, Sourced};

use crate::agreement::Agreement;
use crate::term::{HeldAs, Otherwise, RuleCategories, Subprocessor, SubprocessorCategories};

/// In which direction something differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Only the new version has it.
    Added,
    /// Only the old version has it.
    Removed,
    /// Both have it, and it says something else.
    Changed,
}

/// What differs. The order is the order in which differences are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matter {
    /// The document, its parties, start and precedence.
    Document,
    /// A purpose.
    Purpose,
    /// A category of data subjects.
    Subject,
    /// A category of personal data.
    Category,
    /// The categories declared for some data subjects.
    Declaration,
    /// A role.
    Role,
    /// What a role may do.
    Rule,
    /// A case.
    Case,
    /// A subprocessor.
    Subprocessor,
    /// Logging and accounts.
    Safeguard,
    /// Where a refusal rests, and who can change it.
    Refusal,
    /// A duty, period, price or other general term.
    Term,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// In which direction.
    pub change: Change,
    /// What.
    pub matter: Matter,
    /// Its id, e.g. that of a purpose; for a rule `role · purpose · data subjects`.
    pub id: String,
    /// The clause, of the new version, and of the old one where it was removed.
    pub clause: ClauseId,
    /// The clause's number as printed.
    pub number: String,
    /// A sentence without its full stop, the clause's number last.
    pub words: Label,
}

/// Something that can differ: parts by name, so that only those that differ are told.
struct Saying {
    parts: BTreeMap<String, String>,
    clause: ClauseId,
}

type Sayings = BTreeMap<(Matter, String), Saying>;

/// The differences from `old` to `new`, in the order of [`Matter`], then of id.
#[must_use]
pub fn differences(old: &Agreement, new: &Agreement) -> Vec<Difference> {
    let (before, after) = (sayings(old), sayings(new));
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let nothing = BTreeMap::new();
    let mut differences = Vec::new();
    for key in keys {
        let (change, agreement, saying, details) = match (before.get(key), after.get(key)) {
            (None, Some(added)) => (Change::Added, new, added, parts(&nothing, &added.parts)),
            (Some(removed), None) => (Change::Removed, old, removed, Vec::new()),
            (Some(was), Some(is)) if was.parts != is.parts => (Change::Changed, new, is, parts(&was.parts, &is.parts)),
            _ => continue,
        };
        let (matter, id) = key;
        let number = agreement.number(&saying.clause).to_owned();
        let words = words(change, *matter, id, &details, &number);
        differences.push(Difference {
            change,
            matter: *matter,
            id: id.clone(),
            clause: saying.clause.clone(),
            number,
            words,
        });
    }
    differences
}

/// The parts that differ, with what was and what is.
fn parts<'a>(
    was: &'a BTreeMap<String, String>,
    is: &'a BTreeMap<String, String>,
) -> Vec<(&'a str, Option<&'a str>, Option<&'a str>)> {
    let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let pairs = names
        .into_iter()
        .map(|name| (name.as_str(), was.get(name).map(String::as_str), is.get(name).map(String::as_str)));
    pairs.filter(|(_, was, is)| was != is).collect()
}

fn words(
    change: Change,
    matter: Matter,
    id: &str,
    details: &[(&str, Option<&str>, Option<&str>)],
    number: &str,
) -> Label {
    let (sv, en) = match matter {
        Matter::Document => ("dokumentet", "the document"),
        Matter::Purpose => ("ändamålet", "the purpose"),
        Matter::Subject => ("gruppen av registrerade", "the category of data subjects"),
        Matter::Category => ("kategorin", "the category"),
        Matter::Declaration => ("specifikationen för", "the specification for"),
        Matter::Role => ("rollen", "the role"),
        Matter::Rule => ("regeln för", "the rule for"),
        Matter::Case => ("ärendet", "the case"),
        Matter::Subprocessor => ("underbiträdet", "the subprocessor"),
        Matter::Safeguard => ("skyddet", "the safeguard"),
        Matter::Refusal => ("grunden för avslag", "the ground of refusal"),
        Matter::Term => ("villkoret", "the term"),
    };
    let (done_sv, done_en) = match change {
        Change::Added => ("har lagts till", "was added"),
        Change::Removed => ("har tagits bort", "was removed"),
        Change::Changed => ("har ändrats", "was changed"),
    };
    let detail = |none: &str| -> String {
        let told = details.iter().map(|(name, was, is)| match change {
            Change::Added => format!("{name}: {}", is.unwrap_or(none)),
            Change::Removed | Change::Changed => format!("{name}: {} → {}", was.unwrap_or(none), is.unwrap_or(none)),
        });
        told.collect::<Vec<_>>().join("; ")
    };
    let sentence = |noun: &str, done: &str, detail: String| {
        let colon = if detail.is_empty() { "" } else { ": " };
        format!("{noun} `{id}` {done}{colon}{detail} ({number})")
    };
    Label { sv: sentence(sv, done_sv, detail("inget")), en: sentence(en, done_en, detail("nothing")) }
}

/// Everything that an agreement says and that can differ.
fn sayings(agreement: &Agreement) -> Sayings {
    let mut sayings = Sayings::new();
    let mut say = |matter: Matter, id: &str, clause: &ClauseId, parts: &[(&str, String)]| {
        let saying = sayings
            .entry((matter, id.to_owned()))
            .or_insert_with(|| Saying { parts: BTreeMap::new(), clause: clause.clone() });
        saying.parts.extend(parts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    };
    let document = agreement.document();
    let title = ("title", label(&document.title));
    let version = ("version", document.version.clone());
    say(Matter::Document, "agreement", &document.clause, &[title, version, ("requires", document.requires.join(", "))]);
    let in_force = agreement.in_force_terms();
    say(Matter::Document, "in-force", &in_force.clause, &[("from", sourced(&in_force.from, String::clone))]);
    if let Some(precedence) = agreement.precedence() {
        let over = ("over", precedence.over.join(", "));
        say(Matter::Document, "precedence", &precedence.clause, &[over, ("topic", precedence.topic.clone())]);
    }
    for party in agreement.parties() {
        let id = format!("{:?}", party.side).to_lowercase();
        let number = ("registration-number", sourced(&party.registration_number, String::clone));
        say(Matter::Document, &id, &party.clause, &[("name", sourced(&party.name, String::clone)), number]);
    }
    for purpose in agreement.purposes() {
        say(Matter::Purpose, purpose.id.as_str(), &purpose.clause, &[("label", label(&purpose.label))]);
    }
    for subject in agreement.subjects() {
        let declared = ("declared", subject.declared.to_string());
        say(Matter::Subject, subject.id.as_str(), &subject.clause, &[("label", label(&subject.label)), declared]);
    }
    for category in agreement.categories() {
        let free_text = ("free-text", category.free_text.to_string());
        say(Matter::Category, category.id.as_str(), &category.clause, &[("label", label(&category.label)), free_text]);
    }
    for declares in agreement.declares() {
        for category in &declares.categories {
            let part = (category.as_str(), "declared".to_owned());
            say(Matter::Declaration, declares.subject.as_str(), &declares.clause, &[part]);
        }
    }
    for role in agreement.roles() {
        let side = ("side", format!("{:?}", role.side).to_lowercase());
        let administers = ("administers", role.administers.to_string());
        say(Matter::Role, role.id.as_str(), &role.clause, &[("label", label(&role.label)), side, administers]);
    }
    for case in agreement.cases() {
        let opened_by = case.opened_by.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ");
        let parts = [("opened-by", opened_by), ("purpose", case.purpose.to_string()), ("kind", case.kind.to_string())];
        say(Matter::Case, case.id.as_str(), &case.clause, &parts);
    }
    for subprocessor in agreement.subprocessors() {
        say(Matter::Subprocessor, subprocessor.id.as_str(), &subprocessor.clause, &recipient(subprocessor));
    }
    if let Some(logging) = agreement.logging() {
        let shown_to = logging.shown_to.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ");
        let keep = ("keep", sourced(&logging.keep, String::clone));
        let held_as = ("held as", held_as(logging.held_as.as_ref()));
        let parts = [("access", logging.access.clone()), ("shown-to", shown_to), held_as, keep];
        say(Matter::Safeguard, "logging", &logging.clause, &parts);
    }
    if let Some(accounts) = agreement.accounts() {
        let second_factor = sourced(&accounts.second_factor, |sides| format!("{sides:?}").to_lowercase());
        let parts = [
            ("personal", accounts.personal.to_string()),
            ("second-factor", second_factor),
            ("named as", held_as(accounts.named_as.as_ref())),
        ];
        say(Matter::Safeguard, "accounts", &accounts.clause, &parts);
    }
    let otherwise = agreement.otherwise();
    let grounds: [(&str, &Otherwise); 5] = [
        ("in-force", &otherwise.in_force),
        ("purposes", &otherwise.purposes),
        ("categories", &otherwise.categories),
        ("access", &otherwise.access),
        ("subprocessors", &otherwise.subprocessors),
    ];
    for (id, ground) in grounds {
        let parts = [("changed-by", ground.changer.code().to_owned()), ("clause", ground.clause.to_string())];
        say(Matter::Refusal, id, &ground.clause, &parts);
    }
    // A list has no ids; its rows count within their block.
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    for term in agreement.general() {
        let id = if term.stands_in_list() {
            let row = rows.entry(term.block).or_default();
            *row += 1;
            format!("{} {row}", term.block)
        } else {
            term.name()
        };
        // A block that only stands there, with every key left out, is still said.
        say(Matter::Term, &id, &term.clause, &[]);
        for (key, value) in &term.values {
            say(Matter::Term, &id, &term.clause, &[(key, sourced(value, ToString::to_string))]);
        }
    }
    rules(agreement, &mut sayings);
    sayings
}

/// What each role may do, spelled out, so that rules that are only ordered or grouped otherwise are no difference.
fn rules(agreement: &Agreement, sayings: &mut Sayings) {
    let mut spelled: BTreeMap<(String, String), (BTreeSet<String>, ClauseId)> = BTreeMap::new();
    for rule in agreement.rules() {
        let conditions = [
            rule.within.as_ref().map(|case| format!("within {case}")),
            (!rule.reach.is_empty()).then(|| format!("reach {}", rule.reach)),
            rule.needs_consent.as_ref().map(|kind| format!("needs {kind}")),
        ];
        let conditions: Vec<String> = conditions.into_iter().flatten().collect();
        let only = if conditions.is_empty() { String::new() } else { format!(" ({})", conditions.join(", ")) };
        for subject in &rule.subjects {
            let declared = || agreement.declares().iter().filter(|d| d.subject == *subject).flat_map(|d| &d.categories);
            let categories: Vec<_> = match &rule.categories {
                RuleCategories::Declared => declared().collect(),
                RuleCategories::Listed(listed) => listed.iter().collect(),
            };
            for role in &rule.roles {
                for purpose in &rule.purposes {
                    for category in &categories {
                        let key = (format!("{role} · {purpose} · {subject}"), category.to_string());
                        let (verbs, _) = spelled.entry(key).or_insert_with(|| (BTreeSet::new(), rule.clause.clone()));
                        verbs.extend(rule.verbs.iter().map(|verb| format!("{verb}{only}")));
                    }
                }
            }
        }
    }
    for ((id, category), (verbs, clause)) in spelled {
        let saying = sayings.entry((Matter::Rule, id)).or_insert_with(|| Saying { parts: BTreeMap::new(), clause });
        saying.parts.insert(category, verbs.into_iter().collect::<Vec<_>>().join(", "));
    }
}

fn recipient(subprocessor: &Subprocessor) -> [(&'static str, String); 12] {
    let categories = sourced(&subprocessor.categories, |categories| match categories {
        SubprocessorCategories::Declared => "declared".to_owned(),
        SubprocessorCategories::Listed(listed) => {
            listed.iter().map(|category| category.as_str()).collect::<Vec<_>>().join(", ")
        }
    });
    [
        ("name", subprocessor.name.clone()),
        ("task", label(&subprocessor.task)),
        ("country", sourced(&subprocessor.country, String::clone)),
        ("place", sourced(&subprocessor.place, String::clone)),
        ("categories", categories),
        ("hosts", subprocessor.hosts.join(", ")),
        ("purpose", subprocessor.purposes.iter().map(|purpose| purpose.as_str()).collect::<Vec<_>>().join(", ")),
        ("if-chosen", subprocessor.if_chosen.to_string()),
        ("parent-country", text(&subprocessor.parent_country)),
        ("registration-number", text(&subprocessor.registration_number)),
        ("address", text(&subprocessor.address)),
        ("contact", text(&subprocessor.contact)),
    ]
}

fn text(text: &Option<String>) -> String {
    text.clone().unwrap_or_else(|| "nothing".to_owned())
}

fn held_as(held_as: Option<&HeldAs>) -> String {
    held_as.map_or_else(|| "nothing".to_owned(), |held_as| format!("{} of {}", held_as.category, held_as.subject))
}

fn label(label: &Label) -> String {
    format!("{} / {}", label.sv, label.en)
}

fn sourced<T>(value: &Sourced<T>, text: impl Fn(&T) -> String) -> String {
    match value {
        Sourced::Found { value, provenance: terms::Provenance::Stated, .. } => text(value),
        Sourced::Found { value, provenance: terms::Provenance::Derived, .. } => format!("{} (derived)", text(value)),
        Sourced::Found { value, provenance: terms::Provenance::SetByOperator, .. } => {
            format!("{} (set by the operator)", text(value))
        }
        Sourced::None => "none".to_owned(),
        Sourced::NotFound { .. } => "not found".to_owned(),
    }
}
