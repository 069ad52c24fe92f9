//! No faults, but what a person should know before relying on the agreement: silence, vagueness, people and data not declared.
//!
//! Values that are *not found* are warned of where they are read; here is what only the whole shows.

use std::collections::HashSet;

use crate::fault::WarningCode;
use crate::reading::{Reading, Sort};
use crate::term::RuleCategories;
use crate::toml_to_terms::Found;

pub(crate) fn check(reading: &mut Reading<'_>, found: &Found) {
    not_declared(reading, found);
    unused(reading, found);
    subprocessors(reading, found);
    for (mentioned, at) in found.terms.mentioned.iter().zip(&found.mentioned_at) {
        let name = &mentioned.organisation;
        reading.warn(
            *at,
            WarningCode::Mentioned,
            format!("`{name}` is mentioned and is no recipient: {}", mentioned.flag),
        );
    }
    if let (Some(document), Some(at)) = (&found.terms.document, found.document_at) {
        for required in &document.requires {
            reading.warn(
                at,
                WarningCode::Required,
                format!("`{required}` belongs to this agreement and is not part of this text"),
            );
        }
    }
}

fn not_declared(reading: &mut Reading<'_>, found: &Found) {
    for subject in &found.terms.subjects {
        if !subject.declared {
            let at = reading.place_of(Sort::Subject, subject.id.as_str());
            let why = subject.why_undeclared.as_deref().unwrap_or("");
            reading.warn(
                at,
                WarningCode::NotDeclared,
                format!("the agreement does not declare the data subjects `{}`: {why}", subject.id),
            );
        }
    }
}

fn unused(reading: &mut Reading<'_>, found: &Found) {
    let terms = &found.terms;
    let declared: HashSet<_> = terms.declares.iter().flat_map(|declares| &declares.categories).collect();
    for category in terms.categories.iter().filter(|category| !declared.contains(&category.id)) {
        let at = reading.place_of(Sort::Category, category.id.as_str());
        reading.warn(
            at,
            WarningCode::Unused,
            format!("the category `{}` is declared for no data subjects", category.id),
        );
    }
    let with_categories: HashSet<_> = terms.declares.iter().map(|declares| &declares.subject).collect();
    for subject in terms.subjects.iter().filter(|subject| !with_categories.contains(&subject.id)) {
        let at = reading.place_of(Sort::Subject, subject.id.as_str());
        reading.warn(
            at,
            WarningCode::Unused,
            format!("no category is declared for the data subjects `{}`", subject.id),
        );
    }
    let roles: HashSet<_> = terms.rules.iter().flat_map(|rule| &rule.roles).collect();
    for role in terms.roles.iter().filter(|role| !roles.contains(&role.id)) {
        let at = reading.place_of(Sort::Role, role.id.as_str());
        reading.warn(at, WarningCode::Unused, format!("no rule lets the role `{}` do anything", role.id));
    }
    let purposes: HashSet<_> = terms.rules.iter().flat_map(|rule| &rule.purposes).collect();
    for purpose in terms.purposes.iter().filter(|purpose| !purposes.contains(&purpose.id)) {
        let at = reading.place_of(Sort::Purpose, purpose.id.as_str());
        reading.warn(at, WarningCode::Unused, format!("no rule is for the purpose `{}`", purpose.id));
    }
    let reached = |subject: &terms::SubjectCategory, category: &terms::Category| {
        terms.rules.iter().filter(|rule| rule.subjects.contains(subject)).any(|rule| match &rule.categories {
            RuleCategories::Declared => true,
            RuleCategories::Listed(listed) => listed.contains(category),
        })
    };
    for (declares, at) in terms.declares.iter().zip(&found.declares_at) {
        for category in declares.categories.iter().filter(|category| !reached(&declares.subject, category)) {
            reading.warn(*at, WarningCode::Unused, format!("no rule reaches `{category}` of `{}`", declares.subject));
        }
    }
}

fn subprocessors(reading: &mut Reading<'_>, found: &Found) {
    for subprocessor in &found.terms.subprocessors {
        let at = reading.place_of(Sort::Subprocessor, subprocessor.id.as_str());
        if subprocessor.country.value().is_none() {
            let place = subprocessor.place.value().map_or("no place", String::as_str);
            reading.warn(
                at,
                WarningCode::VaguePlace,
                format!("the place of `{}` is vague ({place}), so nothing may go there", subprocessor.id),
            );
        }
        if let Some(flag) = &subprocessor.flag {
            reading.warn(at, WarningCode::Flagged, format!("`{}` is flagged: {flag}", subprocessor.id));
        }
    }
}
