//! A rule names only categories that are declared for its data subjects; otherwise it promises what the specification forbids.
//! So does a block that says as what the platform's own data is held.

use std::collections::{HashMap, HashSet};

use terms::{Category, SubjectCategory};

use crate::checks::did_you_mean;
use crate::reading::{Reading, Sort};
use crate::term::RuleCategories;
use crate::toml_to_terms::Found;

pub(crate) fn check(reading: &mut Reading<'_>, found: &Found) {
    if found.declares_broken {
        return;
    }
    let mut declared: HashMap<&SubjectCategory, HashSet<&Category>> = HashMap::new();
    for declaration in &found.terms.declares {
        declared.entry(&declaration.subject).or_default().extend(&declaration.categories);
    }
    let none = HashSet::new();
    for (held_as, at) in &found.held_as {
        let (subject, category) = (&held_as.subject, &held_as.category);
        let known = reading.is_defined(Sort::Category, category.as_str())
            && reading.is_defined(Sort::Subject, subject.as_str());
        if known && !declared.get(subject).unwrap_or(&none).contains(category) {
            reading.fault(
                *at,
                format!("`{category}` is not declared for `{subject}`"),
                format!("Declare it with `[[declares]]` for `{subject}`, or name another category."),
            );
        }
    }
    for (rule, places) in found.terms.rules.iter().zip(&found.rules_at) {
        let RuleCategories::Listed(listed) = &rule.categories else { continue };
        for (category, at) in listed.iter().zip(&places.categories) {
            if reading.is_full() {
                return;
            }
            // An unknown category or data subject is another check's fault.
            if !reading.is_defined(Sort::Category, category.as_str()) {
                continue;
            }
            for subject in &rule.subjects {
                let known = declared.get(subject).unwrap_or(&none);
                if known.contains(category) || !reading.is_defined(Sort::Subject, subject.as_str()) {
                    continue;
                }
                let remedy = match did_you_mean::nearest(category.as_str(), known.iter().map(|name| name.as_str())) {
                    Some(near) => format!("Did you mean `{near}`?"),
                    None => format!("Declare it with `[[declares]]` for `{subject}`, or take it out of the rule."),
                };
                reading.fault(*at, format!("`{category}` is not declared for `{subject}`"), remedy);
            }
        }
    }
}
