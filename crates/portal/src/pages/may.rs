//! *Who may see what*, spelled out from an agreement's rules for people to read. `decide` does not use this; a rule is shown
//! with the categories that the agreement also declares, because that is what it comes to.

use agreement::{Agreement, Origin, RoleSide, Rule, RuleCategories};
use terms::{CaseName, Category, ClauseId, KindName, Purpose, Relations, Role, SubjectCategory, Verb};

/// One rule as it meets one role and one category of data subjects.
pub(crate) struct MayRow {
    /// Who may.
    pub role: Role,
    /// On whose side.
    pub side: RoleSide,
    /// What.
    pub verbs: Vec<Verb>,
    /// With data about whom.
    pub subject: SubjectCategory,
    /// Which data; never empty.
    pub categories: Vec<Category>,
    /// Whether the rule says *declared* instead of naming them.
    pub all_declared: bool,
    /// Why.
    pub purposes: Vec<Purpose>,
    /// Only within an open case of this kind.
    pub within: Option<CaseName>,
    /// Only for records to which the person stands so; none means all of the customer's.
    pub reach: Relations,
    /// Only where the data subject has given this consent.
    pub needs_consent: Option<KindName>,
    /// Whether the text says it, or somebody read it out of the text or chose it.
    pub origin: Origin,
    /// The clause of the rule.
    pub clause: ClauseId,
}

/// All rows, by role in the agreement's order and then in the order of the rules.
pub(crate) fn may_rows(agreement: &Agreement) -> Vec<MayRow> {
    let mut rows = Vec::new();
    for role in agreement.roles() {
        for rule in agreement.rules().iter().filter(|rule| rule.roles.contains(&role.id)) {
            for subject in &rule.subjects {
                let categories = categories(agreement, rule, subject);
                if categories.is_empty() {
                    continue;
                }
                rows.push(MayRow {
                    role: role.id.clone(),
                    side: role.side,
                    verbs: rule.verbs.clone(),
                    subject: subject.clone(),
                    categories,
                    all_declared: matches!(rule.categories, RuleCategories::Declared),
                    purposes: rule.purposes.clone(),
                    within: rule.within.clone(),
                    reach: rule.reach,
                    needs_consent: rule.needs_consent.clone(),
                    origin: rule.origin.clone(),
                    clause: rule.clause.clone(),
                });
            }
        }
    }
    rows
}

/// What the provider's people may do within an open case of this kind, by the same rules.
pub(crate) fn seen_within(agreement: &Agreement, case: &CaseName) -> Vec<MayRow> {
    may_rows(agreement)
        .into_iter()
        .filter(|row| row.side == RoleSide::Processor && row.within.as_ref() == Some(case))
        .collect()
}

fn categories(agreement: &Agreement, rule: &Rule, subject: &SubjectCategory) -> Vec<Category> {
    let mut declared: Vec<Category> = Vec::new();
    for category in agreement.declares().iter().filter(|one| one.subject == *subject).flat_map(|one| &one.categories) {
        if !declared.contains(category) {
            declared.push(category.clone());
        }
    }
    if let RuleCategories::Listed(listed) = &rule.categories {
        declared.retain(|category| listed.contains(category));
    }
    declared
}
