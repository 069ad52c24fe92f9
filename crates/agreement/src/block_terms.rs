//! One function a block of the language: its keys → its term.
//!
//! Each asks for every key before it gives up on one, so that all faults of a block are told at once.

use terms::{Changer, Relation, Relations, Sourced, Verb};

use crate::checks::clause_id::short;
use crate::checks::{unknown_key, wrong_type};
use crate::fields::{Fields, Spot};
use crate::reading::Sort;
use crate::term::{
    Accounts, CaseTerm, CategoryTerm, Clause, Declaration, Document, HeldAs, InForce, Logging, Mentioned, Otherwise,
    Party, PartySide, Precedence, PurposeTerm, RoleSide, RoleTerm, Rule, RuleCategories, SubjectTerm, Subprocessor,
    SubprocessorCategories,
};
use crate::toml_to_terms::{Found, RuleAt};

pub(crate) const CHANGERS: [&str; 5] =
    ["administrator", "both-parties", "controller", "controller-by-case", "processor"];
pub(crate) const REACHES: [&str; 3] = ["assigned", "own", "unit"];
pub(crate) const SIDES: [&str; 4] = ["controller", "platform", "processor", "subject"];
pub(crate) const VERBS: [&str; 10] =
    ["alter", "anonymise", "collect", "consult", "disclose", "erase", "hold", "restrict", "retrieve", "use"];

pub(crate) fn agreement(fields: &mut Fields<'_, '_, '_>, found: &mut Found, clause: &Clause) -> Option<()> {
    let service = fields.name("service");
    let title = fields.label("title");
    let version = fields.text("version");
    let language = fields.text("language");
    let published = fields.sourced_text("published");
    let requires = fields.maybe_words("requires", false).unwrap_or_default();
    found.document_at = Some(fields.at);
    found.terms.document = Some(Document {
        service: service?.0,
        title: title?,
        version: version?.0,
        language: language?.0,
        published: published?,
        requires: requires.into_iter().map(|(word, _)| word).collect(),
        clause: clause.id.clone(),
    });
    Some(())
}

pub(crate) fn party(fields: &mut Fields<'_, '_, '_>, found: &mut Found, clause: &Clause, id: &str) -> Option<()> {
    let side = match id {
        "controller" => Some(PartySide::Controller),
        "processor" => Some(PartySide::Processor),
        _ => {
            unknown_key::word(fields.reading, fields.at, id, "party", &["controller", "processor"]);
            None
        }
    };
    fields.reading.define(Sort::Block, &format!("party.{id}"), fields.at);
    let name = fields.sourced_text("name");
    let registration_number = fields.sourced_text("registration-number");
    let clause = clause.id.clone();
    let party = Party { side: side?, name: name?, registration_number: registration_number?, clause };
    found.terms.parties.push(party);
    Some(())
}

pub(crate) fn precedence(fields: &mut Fields<'_, '_, '_>, found: &mut Found, clause: &Clause) -> Option<()> {
    let over = fields.words("over", true);
    let topic = fields.maybe_text("topic").map(|(topic, _)| topic).unwrap_or_default();
    let origin = fields.origin();
    let over = over?.into_iter().map(|(word, _)| word).collect();
    found.terms.precedence = Some(Precedence { over, topic, origin: origin?, clause: clause.id.clone() });
    Some(())
}

pub(crate) fn in_force(fields: &mut Fields<'_, '_, '_>, found: &mut Found, clause: &Clause) -> Option<()> {
    let from = fields.sourced_text("from");
    let otherwise = otherwise(fields, clause);
    found.terms.in_force = Some(InForce { from: from?, clause: clause.id.clone() });
    found.terms.otherwise.in_force = Some(otherwise?);
    Some(())
}

pub(crate) fn otherwise(fields: &mut Fields<'_, '_, '_>, clause: &Clause) -> Option<Otherwise> {
    let refuses = refuse(fields, "otherwise");
    let changer = fields.text("changed-by").and_then(|word| changer(fields, word));
    refuses.then_some(())?;
    Some(Otherwise { clause: clause.id.clone(), changer: changer? })
}

/// The only word that `otherwise` and `shared` can be. It stands there so that a lawyer reads it.
fn refuse(fields: &mut Fields<'_, '_, '_>, key: &'static str) -> bool {
    let Some((word, at)) = fields.text(key) else { return false };
    if word != "refuse" {
        unknown_key::word(fields.reading, at, &word, &format!("answer for `{key}`"), &["refuse"]);
    }
    word == "refuse"
}

fn changer(fields: &mut Fields<'_, '_, '_>, (word, at): Spot<String>) -> Option<Changer> {
    Some(match word.as_str() {
        "controller" => Changer::Controller,
        "controller-by-case" => Changer::ControllerByCase,
        "both-parties" => Changer::BothParties,
        "processor" => Changer::Processor,
        "administrator" => Changer::Administrator,
        _ => {
            unknown_key::word(fields.reading, at, &word, "one who can change a refusal", &CHANGERS);
            return None;
        }
    })
}

pub(crate) fn purpose(fields: &mut Fields<'_, '_, '_>, found: &mut Found, clause: &Clause, id: &str) -> Option<()> {
    fields.reading.define(Sort::Purpose, id, fields.at);
    let id = fields.as_name(id, fields.at);
    let label = fields.label("label");
    let dpv = fields.maybe_text("dpv").map(|(dpv, _)| dpv);
    let origin = fields.origin();
    let term = PurposeTerm { id: id?, label: label?, dpv, origin: origin?, clause: clause.id.clone() };
    found.terms.purposes.push(term);
    Some(())
}

pub(crate) fn subject(fields: &mut Fields<'_, '_, '_>, found: &mut Found, clause: &Clause, id: &str) -> Option<()> {
    fields.reading.define(Sort::Subject, id, fields.at);
    let id = fields.as_name(id, fields.at);
    let label = fields.label("label");
    let alias = fields.maybe_words("alias", true).unwrap_or_default();
    let declared = fields.flag("declared", true);
    let origin = fields.origin();
    let origin = origin?;
    if !declared && origin.why.is_none() {
        fields.reading.fault(
            fields.at,
            "these data subjects are not declared, and nothing says why they stand here",
            "Add `why = \"…\"`: where the text speaks of them.",
        );
        return None;
    }
    found.terms.subjects.push(SubjectTerm {
        id: id?,
        label: label?,
        alias: alias.into_iter().map(|(word, _)| word).collect(),
        declared,
        why_undeclared: if declared { None } else { origin.why.clone() },
        origin,
        clause: clause.id.clone(),
    });
    Some(())
}

pub(crate) fn category(fields: &mut Fields<'_, '_, '_>, found: &mut Found, clause: &Clause, id: &str) -> Option<()> {
    fields.reading.define(Sort::Category, id, fields.at);
    let id = fields.as_name(id, fields.at);
    let label = fields.label("label");
    let dpv = fields.maybe_text("dpv").map(|(dpv, _)| dpv);
    let free_text = fields.flag("free-text", false);
    let origin = fields.origin();
    let term = CategoryTerm { id: id?, label: label?, dpv, free_text, origin: origin?, clause: clause.id.clone() };
    found.terms.categories.push(term);
    Some(())
}

pub(crate) fn declares(fields: &mut Fields<'_, '_, '_>, found: &mut Found, clause: &Clause) -> Option<()> {
    let subject = fields.name("subject");
    if let Some((name, at)) = &subject {
        let name: &terms::SubjectCategory = name;
        fields.reading.refer(Sort::Subject, name.as_str(), *at);
    }
    let categories = fields.references("categories", Sort::Category, false);
    let origin = fields.origin();
    let (categories, _) = categories?;
    let subject = subject?.0;
    found.terms.declares.push(Declaration { subject, categories, origin: origin?, clause: clause.id.clone() });
    found.declares_at.push(fields.at);
    Some(())
}

pub(crate) fn role(fields: &mut Fields<'_, '_, '_>, found: &mut Found, clause: &Clause, id: &str) -> Option<()> {
    fields.reading.define(Sort::Role, id, fields.at);
    let id = fields.as_name(id, fields.at);
    let label = fields.label("label");
    let side = fields.text("side").and_then(|word| side(fields, word));
    let administers = fields.flag("administers", false);
    let origin = fields.origin();
    let clause = clause.id.clone();
    found.terms.roles.push(RoleTerm { id: id?, label: label?, side: side?, administers, origin: origin?, clause });
    Some(())
}

fn side(fields: &mut Fields<'_, '_, '_>, (word, at): Spot<String>) -> Option<RoleSide> {
    Some(match word.as_str() {
        "controller" => RoleSide::Controller,
        "subject" => RoleSide::Subject,
        "processor" => RoleSide::Processor,
        "platform" => RoleSide::Platform,
        _ => {
            unknown_key::word(fields.reading, at, &word, "side of an agreement", &SIDES);
            return None;
        }
    })
}

pub(crate) fn may(fields: &mut Fields<'_, '_, '_>, found: &mut Found, clause: &Clause) -> Option<()> {
    let roles = fields.words("role", true).and_then(|words| fields.as_references(words, Sort::Role));
    let verbs = fields.words("verbs", true).and_then(|words| verbs(fields, words));
    let purposes = fields.references("purpose", Sort::Purpose, true);
    let subjects = fields.references("subject", Sort::Subject, true);
    let categories = fields.words("categories", true).and_then(|words| match words.as_slice() {
        [(word, _)] if word == "declared" => Some((RuleCategories::Declared, Vec::new())),
        _ => fields.as_references(words, Sort::Category).map(|(names, places)| (RuleCategories::Listed(names), places)),
    });
    let within = within(fields);
    let reach = reach(fields);
    let needs_consent = match fields.maybe_text("needs-consent") {
        Some((kind, at)) => fields.as_name::<terms::KindName>(&kind, at).map(Some),
        None => (!fields.table.contains_key("needs-consent")).then_some(None),
    };
    let origin = fields.origin();
    let (roles, roles_at) = roles?;
    let (purposes, purposes_at) = purposes?;
    let (categories, categories_at) = categories?;
    found.terms.rules.push(Rule {
        roles,
        verbs: verbs?,
        purposes,
        subjects: subjects?.0,
        categories,
        within: within?,
        reach: reach?,
        needs_consent: needs_consent?,
        origin: origin?,
        clause: clause.id.clone(),
    });
    found.rules_at.push(RuleAt { at: fields.at, roles: roles_at, purposes: purposes_at, categories: categories_at });
    Some(())
}

fn verbs(fields: &mut Fields<'_, '_, '_>, words: Vec<Spot<String>>) -> Option<Vec<Verb>> {
    let mut verbs = Vec::new();
    let mut whole = true;
    for (word, at) in words {
        match word.parse::<Verb>() {
            Ok(verb) if verbs.contains(&verb) => {}
            Ok(verb) => verbs.push(verb),
            Err(()) => {
                unknown_key::word(fields.reading, at, &word, "verb", &VERBS);
                whole = false;
            }
        }
    }
    whole.then_some(verbs)
}

/// The relations to which the rule is limited. At least one: a rule for no records at all would be no rule.
fn reach(fields: &mut Fields<'_, '_, '_>) -> Option<Relations> {
    let mut reach = Relations::NONE;
    if !fields.table.contains_key("reach") {
        fields.maybe_words("reach", true);
        return Some(reach);
    }
    let mut whole = true;
    for (word, at) in fields.words("reach", true)? {
        match word.parse::<Relation>() {
            Ok(relation) => reach = reach.with(relation),
            Err(()) => {
                unknown_key::word(fields.reading, at, &word, "reach of a rule", &REACHES);
                whole = false;
            }
        }
    }
    whole.then_some(reach)
}

/// The inner option is whether the rule demands a case; the outer whether it could be read.
#[expect(clippy::option_option, reason = "not demanded and not readable are two different answers")]
fn within(fields: &mut Fields<'_, '_, '_>) -> Option<Option<terms::CaseName>> {
    if !fields.table.contains_key("within") {
        fields.maybe_text("within");
        return Some(None);
    }
    let (word, at) = fields.maybe_text("within")?;
    let Some(name) = word.strip_prefix("case:") else {
        fields.reading.fault(
            at,
            format!("`{word}` does not name a case"),
            "Write `case:` and the id of a `[case.ID]`.",
        );
        return None;
    };
    let case = fields.as_name::<terms::CaseName>(name, at)?;
    fields.reading.refer(Sort::Case, name, at);
    Some(Some(case))
}

pub(crate) fn case(fields: &mut Fields<'_, '_, '_>, found: &mut Found, clause: &Clause, id: &str) -> Option<()> {
    fields.reading.define(Sort::Case, id, fields.at);
    let id = fields.as_name(id, fields.at);
    let label = fields.label("label");
    let opened_by = fields.references("opened-by", Sort::Role, true);
    let purpose = fields.name("purpose");
    if let Some((name, at)) = &purpose {
        let name: &terms::Purpose = name;
        fields.reading.refer(Sort::Purpose, name.as_str(), *at);
    }
    let kind = fields.name("kind");
    let origin = fields.origin();
    let (opened_by, opened_by_at) = opened_by?;
    found.terms.cases.push(CaseTerm {
        id: id?,
        label: label?,
        opened_by,
        purpose: purpose?.0,
        kind: kind?.0,
        origin: origin?,
        clause: clause.id.clone(),
    });
    found.cases_at.push(opened_by_at);
    Some(())
}

pub(crate) fn logging(fields: &mut Fields<'_, '_, '_>, found: &mut Found, clause: &Clause) -> Option<()> {
    let access = fields.text("access");
    if let Some((word, at)) = &access
        && word != "every request"
    {
        // Less than every request cannot be had: no reading is answered before its entry.
        unknown_key::word(fields.reading, *at, word, "extent of an access log", &["every request"]);
    }
    let shown_to = fields.references("shown-to", Sort::Role, true);
    let keep = fields.sourced("keep", |fields, item, at| match item.as_str() {
        Some(text) if is_period(text) => Some(text.to_owned()),
        Some(text) => {
            let message = format!("`{}` is no period", short(text));
            fields.reading.fault(at, message, "Write a number and a unit, such as `3 months`.");
            None
        }
        None => {
            wrong_type::fault(fields.reading, at, "keep", "a period, such as `3 months`", wrong_type::of_item(item));
            None
        }
    });
    let held_as = held_as(fields, found);
    let origin = fields.origin();
    found.terms.logging = Some(Logging {
        access: access?.0,
        shown_to: shown_to?.0,
        held_as: held_as?,
        keep: keep?,
        origin: origin?,
        clause: clause.id.clone(),
    });
    Some(())
}

/// `subject` and `category`: as which data of whom something counts that the platform itself keeps. Both or neither; the
/// outer option is whether they could be read.
#[expect(clippy::option_option, reason = "not there and not readable are two different answers")]
fn held_as(fields: &mut Fields<'_, '_, '_>, found: &mut Found) -> Option<Option<HeldAs>> {
    let there = ["subject", "category"].map(|key| fields.table.contains_key(key));
    let subject = fields.maybe_text("subject");
    let category = fields.maybe_text("category");
    match there {
        [false, false] => return Some(None),
        [true, true] => {}
        _ => {
            fields.reading.fault(
                fields.at,
                "`subject` and `category` belong together, and one of them is missing",
                "Write both: whose data it is, and of which category.",
            );
            return None;
        }
    }
    let ((subject, subject_at), (category, category_at)) = (subject?, category?);
    fields.reading.refer(Sort::Subject, &subject, subject_at);
    fields.reading.refer(Sort::Category, &category, category_at);
    let subject = fields.as_name(&subject, subject_at);
    let category = fields.as_name(&category, category_at);
    let held_as = HeldAs { subject: subject?, category: category? };
    found.held_as.push((held_as.clone(), category_at));
    Some(Some(held_as))
}

/// `30 days`, `5 working days`: a whole number and a unit, kept as the contract has it.
fn is_period(text: &str) -> bool {
    const UNITS: [&str; 6] = ["hour", "day", "working day", "week", "month", "year"];
    text.split_once(' ').is_some_and(|(number, unit)| {
        number.parse::<u32>().is_ok_and(|number| number > 0) && UNITS.contains(&unit.strip_suffix('s').unwrap_or(unit))
    })
}

pub(crate) fn accounts(fields: &mut Fields<'_, '_, '_>, found: &mut Found, clause: &Clause) -> Option<()> {
    let personal = fields.flag("personal", true);
    if !personal {
        fields.reading.fault(
            fields.at,
            "`personal = false` would let an account belong to nobody",
            "Write `personal = true`; every act has one person.",
        );
    }
    let refuses = refuse(fields, "shared");
    let second_factor = fields.sourced_words("second-factor");
    let second_factor = match second_factor {
        Some(Sourced::Found { value, provenance, why }) => {
            let count = value.len();
            let sides: Vec<RoleSide> = value.into_iter().filter_map(|word| side(fields, word)).collect();
            (sides.len() == count).then_some(Sourced::Found { value: sides, provenance, why })
        }
        Some(Sourced::None) => Some(Sourced::None),
        Some(Sourced::NotFound { note }) => Some(Sourced::NotFound { note }),
        None => None,
    };
    let changer = match fields.maybe_text("changed-by") {
        Some(word) => changer(fields, word),
        None => Some(Changer::Administrator),
    };
    let named_as = held_as(fields, found);
    let origin = fields.origin();
    (personal && refuses).then_some(())?;
    let clause = clause.id.clone();
    found.terms.accounts = Some(Accounts {
        personal,
        second_factor: second_factor?,
        named_as: named_as?,
        changer: changer?,
        origin: origin?,
        clause,
    });
    Some(())
}

pub(crate) fn subprocessor(fields: &mut Fields<'_, '_, '_>, found: &mut Found, clause: &Clause) -> Option<()> {
    let id = fields.name("id");
    if let Some((name, at)) = &id {
        let name: &terms::SubprocessorId = name;
        fields.reading.define(Sort::Subprocessor, name.as_str(), *at);
    }
    let name = fields.text("name");
    let task = fields.label("task");
    let country = fields.sourced("country", |fields, item, at| match item.as_str() {
        Some(code) if code.len() == 2 && code.chars().all(|c| c.is_ascii_uppercase()) => Some(code.to_owned()),
        Some(text) => {
            let message = format!("`{}` is no country code", short(text));
            fields.reading.fault(
                at,
                message,
                "Write two capitals, such as `SE`; the place in words goes into `place`.",
            );
            None
        }
        None => {
            let demanded = "a country code, such as `SE`";
            wrong_type::fault(fields.reading, at, "country", demanded, wrong_type::of_item(item));
            None
        }
    });
    let place = fields.sourced_text("place");
    let categories = fields.sourced_words("categories");
    let categories = match categories {
        Some(Sourced::Found { value, provenance, why }) => {
            let value = match value.as_slice() {
                [(word, _)] if word == "declared" => Some(SubprocessorCategories::Declared),
                _ => {
                    fields.as_references(value, Sort::Category).map(|(names, _)| SubprocessorCategories::Listed(names))
                }
            };
            value.map(|value| Sourced::Found { value, provenance, why })
        }
        Some(Sourced::None) => Some(Sourced::None),
        Some(Sourced::NotFound { note }) => Some(Sourced::NotFound { note }),
        None => None,
    };
    let purposes = match fields.maybe_words("purpose", true) {
        Some(words) => fields.as_references(words, Sort::Purpose).map(|(names, _)| names),
        None => Some(Vec::new()),
    };
    let if_chosen = fields.flag("if-chosen", false);
    let [data, parent_country, registration_number, address, contact] =
        ["data", "parent-country", "registration-number", "address", "contact"]
            .map(|key| fields.maybe_text(key).map(|(text, _)| text));
    let hosts = fields.maybe_words("hosts", true).unwrap_or_default();
    let flag = fields.maybe_text("flag").map(|(flag, _)| flag);
    let origin = fields.origin();
    found.terms.subprocessors.push(Subprocessor {
        id: id?.0,
        name: name?.0,
        task: task?,
        country: country?,
        place: place?,
        categories: categories?,
        purposes: purposes?,
        data,
        if_chosen,
        parent_country,
        registration_number,
        address,
        contact,
        hosts: hosts.into_iter().map(|(host, _)| host).collect(),
        flag,
        origin: origin?,
        clause: clause.id.clone(),
    });
    Some(())
}

pub(crate) fn mentioned(fields: &mut Fields<'_, '_, '_>, found: &mut Found, clause: &Clause) -> Option<()> {
    let organisation = fields.text("organisation");
    let flag = fields.text("flag");
    found.terms.mentioned.push(Mentioned { organisation: organisation?.0, flag: flag?.0, clause: clause.id.clone() });
    found.mentioned_at.push(fields.at);
    Some(())
}
