//! What the agreement will probably answer, so that pages can leave out links and propose a purpose. A courtesy and never a
//! decision: the door decides every act again and knows facts that are not known here.

use agreement::{Agreement, Rule, RuleCategories};
use service::Kind;
use terms::{Category, Purpose, Role, Verb};

/// The first purpose that the agreement gives this role for such an act; failing that, the first it gives the role at all,
/// so that the question can be asked and answered by clause.
#[must_use]
pub fn purpose(agreement: &Agreement, role: &Role, verb: Verb, kind: &Kind) -> Option<Purpose> {
    let fitting = agreement.rules().iter().find(|rule| fits(agreement, rule, role, verb, kind, None));
    let any = || agreement.rules().iter().find(|rule| rule.roles.contains(role));
    let first = |rule: &Rule| rule.purposes.first().cloned();
    fitting.or_else(any).and_then(first).or_else(|| agreement.purposes().first().map(|term| term.id.clone()))
}

/// Whether some rule lets the role do this to some category of the kind, for `purpose` if one is named.
#[must_use]
pub fn may_any(agreement: &Agreement, role: &Role, verb: Verb, kind: &Kind, purpose: Option<&Purpose>) -> bool {
    agreement.rules().iter().any(|rule| fits(agreement, rule, role, verb, kind, purpose))
}

/// Whether some rule lets the role do this to this category of the kind's data subjects.
#[must_use]
pub fn may(
    agreement: &Agreement,
    role: &Role,
    verb: Verb,
    kind: &Kind,
    category: &Category,
    purpose: Option<&Purpose>,
) -> bool {
    agreement.rules().iter().any(|rule| {
        speaks_of(rule, role, verb, kind, purpose) && categories(agreement, rule, kind).any(|one| one == category)
    })
}

fn fits(agreement: &Agreement, rule: &Rule, role: &Role, verb: Verb, kind: &Kind, purpose: Option<&Purpose>) -> bool {
    speaks_of(rule, role, verb, kind, purpose)
        && categories(agreement, rule, kind).any(|one| kind.fields.iter().any(|field| field.category == *one))
}

fn speaks_of(rule: &Rule, role: &Role, verb: Verb, kind: &Kind, purpose: Option<&Purpose>) -> bool {
    rule.roles.contains(role)
        && rule.verbs.contains(&verb)
        && rule.subjects.contains(&kind.subject)
        && purpose.is_none_or(|purpose| rule.purposes.contains(purpose))
}

fn categories<'a>(
    agreement: &'a Agreement,
    rule: &'a Rule,
    kind: &'a Kind,
) -> Box<dyn Iterator<Item = &'a Category> + 'a> {
    match &rule.categories {
        RuleCategories::Listed(listed) => Box::new(listed.iter()),
        RuleCategories::Declared => Box::new(
            agreement.declares().iter().filter(|one| one.subject == kind.subject).flat_map(|one| &one.categories),
        ),
    }
}
