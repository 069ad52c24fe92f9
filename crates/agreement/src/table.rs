//! The decision table: the rules of an agreement, spelled out once on reading, so that `decide` only looks up.
//!
//! It holds no judgement of its own. What it says must be what a naive walk over the rules says; a test compares the two.

use core::borrow::Borrow;
use core::hash::Hash;
use std::collections::{HashMap, HashSet};

use rustc_hash::FxBuildHasher;
use terms::{
    CaseName, Category, ClauseId, Instant, KindName, Purpose, Relation, Relations, Role, SubjectCategory,
    SubprocessorId, Verb,
};

use crate::law::Law;
use crate::term::{RoleSide, Rule, RuleCategories, Subprocessor, SubprocessorCategories};
use crate::terms_of::Terms;
use crate::transfer::{self, Windows};
use crate::value::Term;

/// Most grants (role, verb, purpose, data subjects, category, rule) that an agreement may spell out to. A text of two
/// mebibytes could otherwise ask for more memory than any machine has.
pub(crate) const MAX_GRANTS: usize = 500_000;

// What is kept in the table comes from the agreement alone, so nobody who asks can fill it with names that collide; a hash that
// takes eight bytes at a time is right, and one that withstands an attacker is not needed.
type Map<K, V> = HashMap<K, V, FxBuildHasher>;
type Set<K> = HashSet<K, FxBuildHasher>;

/// One rule as it touches one category.
#[derive(Debug)]
pub(crate) struct Grant {
    /// The rule's clause.
    pub clause: ClauseId,
    /// The case that it demands.
    pub case: Option<CaseName>,
    /// The relations of which it demands one; empty is every record of the customer's.
    pub reach: Relations,
    /// The consent that it demands.
    pub consent: Option<KindName>,
}

/// What the rules allow for one role, verb, purpose and category of data subjects.
#[derive(Debug, Default)]
pub(crate) struct Cell {
    grants: Map<Category, Vec<Grant>>,
    /// What the grants ask about the records, all taken together.
    asks: Asks,
}

impl Cell {
    /// The grants for one category.
    pub fn grants(&self, category: &Category) -> &[Grant] {
        self.grants.get(category).map_or(&[][..], Vec::as_slice)
    }

    /// Every category with its grants.
    pub fn each(&self) -> impl Iterator<Item = (&Category, &[Grant])> {
        self.grants.iter().map(|(category, grants)| (category, grants.as_slice()))
    }

    /// The categories that some grant is for.
    pub fn categories(&self) -> impl Iterator<Item = &Category> {
        self.grants.keys()
    }

    pub const fn asks(&self) -> &Asks {
        &self.asks
    }
}

/// Which facts about single records an act of some role, verb, purpose and data subjects is decided on. Where there are none,
/// nobody needs to look for them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asks {
    /// The relations that rules ask for.
    pub relations: Relations,
    /// The kinds of consent that rules ask for.
    pub consents: Vec<KindName>,
}

impl Asks {
    fn with(&mut self, reach: Relations, consent: Option<&KindName>) {
        self.relations = self.relations.or(reach);
        if let Some(kind) = consent.filter(|kind| !self.consents.contains(kind)) {
            self.consents.push(kind.clone());
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.relations = self.relations.or(other.relations);
        for kind in &other.consents {
            self.with(Relations::NONE, Some(kind));
        }
    }

    /// Whether nothing about single records matters.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.relations.is_empty() && self.consents.is_empty()
    }
}

/// A recipient as `decide` needs it.
#[derive(Debug)]
pub(crate) struct Recipient {
    /// The one country that is agreed; none where the text is vague.
    pub country: Option<String>,
    /// The clause that lists it.
    pub clause: ClauseId,
    /// What it may receive; `None` is everything declared.
    limit: Option<Set<Category>>,
    /// For which purposes; empty is every purpose.
    purposes: Vec<Purpose>,
    /// When data may go where it is.
    windows: Windows,
    /// The clause that a transfer without a basis is refused under.
    pub transfers: Option<ClauseId>,
    /// The clause that bars it for this customer: an objection, or a choice that nobody made.
    pub barred: Option<ClauseId>,
}

impl Recipient {
    /// Whether data may go where it is, at this instant.
    pub fn reachable(&self, at: Instant) -> bool {
        self.windows.iter().any(|(from, to)| *from <= at && at < *to)
    }

    /// Whether it may receive for this purpose.
    pub fn serves(&self, purpose: &Purpose) -> bool {
        self.purposes.is_empty() || self.purposes.contains(purpose)
    }

    /// Whether it may receive this (declared) category.
    pub fn receives(&self, category: &Category) -> bool {
        self.limit.as_ref().is_none_or(|limit| limit.contains(category))
    }
}

/// See the file's comment.
#[derive(Debug, Default)]
pub(crate) struct Table {
    roles: Map<Role, u32>,
    purposes: Map<Purpose, u32>,
    subjects: Map<SubjectCategory, u32>,
    /// The roles that are the data subjects themselves.
    themselves: Set<u32>,
    /// What the rules for a role ask about single records, all taken together; nothing where they ask for nothing.
    asks: Map<u32, Asks>,
    /// The same for a role and data subjects, category by category: only those of which some rule asks something.
    asks_of_categories: Map<(u32, u32), Vec<(Category, Asks)>>,
    declared: Map<u32, Set<Category>>,
    cells: Map<(u32, Verb, u32, u32), Cell>,
    recipients: Map<SubprocessorId, Recipient>,
    /// What a prohibition took out of the cells.
    prohibited: Map<(u32, Verb, u32, u32), Map<Category, ClauseId>>,
    /// Acts that wait for a person to settle two layers.
    waiting: Vec<(Verb, ClauseId)>,
}

impl Table {
    /// Spells the terms out. Names that the terms do not know are skipped; the checks have reported them.
    pub fn compile(terms: &Terms) -> Self {
        let mut table = Self {
            roles: numbered(terms.roles.iter().map(|role| role.id.clone())),
            purposes: numbered(terms.purposes.iter().map(|purpose| purpose.id.clone())),
            subjects: numbered(terms.subjects.iter().map(|subject| subject.id.clone())),
            ..Self::default()
        };
        let themselves = terms.roles.iter().filter(|role| role.side == RoleSide::Subject);
        table.themselves = themselves.filter_map(|role| table.roles.get(&role.id).copied()).collect();
        for declaration in &terms.declares {
            if let Some(&subject) = table.subjects.get(&declaration.subject) {
                table.declared.entry(subject).or_default().extend(declaration.categories.iter().cloned());
            }
        }
        for rule in &terms.rules {
            table.add(rule);
        }
        for subprocessor in &terms.subprocessors {
            table.recipients.insert(subprocessor.id.clone(), recipient(subprocessor, &terms.general));
        }
        for term in terms.general.iter().filter(|term| term.block == "may-not") {
            table.prohibit(term);
        }
        table
    }

    /// Takes out of the cells what the prohibition names. What it leaves open it means whole.
    fn prohibit(&mut self, term: &Term) {
        let roles: Vec<u32> = term.words("role").iter().filter_map(|name| number_of(&self.roles, name)).collect();
        let purposes: Vec<u32> =
            term.words("purpose").iter().filter_map(|name| number_of(&self.purposes, name)).collect();
        let subjects: Vec<u32> =
            term.words("subject").iter().filter_map(|name| number_of(&self.subjects, name)).collect();
        let verbs: Vec<Verb> = term.words("verbs").iter().filter_map(|word| word.parse().ok()).collect();
        let categories = term.words("categories");
        let touches = |(role, verb, purpose, subject): &(u32, Verb, u32, u32)| {
            (roles.is_empty() || roles.contains(role))
                && (verbs.is_empty() || verbs.contains(verb))
                && (purposes.is_empty() || purposes.contains(purpose))
                && (subjects.is_empty() || subjects.contains(subject))
        };
        for (key, cell) in self.cells.iter_mut().filter(|(key, _)| touches(key)) {
            let named =
                |category: &Category| categories.is_empty() || categories.iter().any(|name| name == category.as_str());
            let barred: Vec<Category> = cell.categories().filter(|category| named(category)).cloned().collect();
            for category in barred {
                cell.grants.remove(&category);
                self.prohibited.entry(*key).or_default().insert(category, term.clause.clone());
            }
        }
    }

    /// From now on acts of this verb wait, until somebody settles what the clause says otherwise than the agreement.
    pub fn wait(&mut self, verb: Verb, clause: ClauseId) {
        if self.waits(verb).is_none() {
            self.waiting.push((verb, clause));
        }
    }

    /// The clause that an act of this verb waits for.
    pub fn waits(&self, verb: Verb) -> Option<&ClauseId> {
        self.waiting.iter().find(|(waiting, _)| *waiting == verb).map(|(_, clause)| clause)
    }

    /// The clause that prohibits what a rule would allow.
    pub fn prohibits(&self, key: (u32, Verb, u32, u32), category: &Category) -> Option<&ClauseId> {
        self.prohibited.get(&key).and_then(|categories| categories.get(category))
    }

    fn add(&mut self, rule: &Rule) {
        for role in rule.roles.iter().filter_map(|role| self.roles.get(role)) {
            // INVARIANT (a data subject reaches its own): also where a layer's rule says nothing of it.
            let reach = if self.themselves.contains(role) { Relations::NONE.with(Relation::Own) } else { rule.reach };
            if !reach.is_empty() || rule.needs_consent.is_some() {
                self.asks.entry(*role).or_default().with(reach, rule.needs_consent.as_ref());
            }
            for purpose in rule.purposes.iter().filter_map(|purpose| self.purposes.get(purpose)) {
                for subject in rule.subjects.iter().filter_map(|subject| self.subjects.get(subject)) {
                    let Some(declared) = self.declared.get(subject) else { continue };
                    if !reach.is_empty() || rule.needs_consent.is_some() {
                        let known = self.asks_of_categories.entry((*role, *subject)).or_default();
                        let mut asks = |category: &Category| {
                            let at = known.iter().position(|(one, _)| one == category).unwrap_or(known.len());
                            if at == known.len() {
                                known.push((category.clone(), Asks::default()));
                            }
                            if let Some((_, asks)) = known.get_mut(at) {
                                asks.with(reach, rule.needs_consent.as_ref());
                            }
                        };
                        match &rule.categories {
                            RuleCategories::Declared => declared.iter().for_each(&mut asks),
                            RuleCategories::Listed(listed) => listed.iter().for_each(&mut asks),
                        }
                    }
                    for verb in &rule.verbs {
                        let cell = self.cells.entry((*role, *verb, *purpose, *subject)).or_default();
                        cell.asks.with(reach, rule.needs_consent.as_ref());
                        let mut grant = |category: &Category| {
                            let grant = Grant {
                                clause: rule.clause.clone(),
                                case: rule.within.clone(),
                                reach,
                                consent: rule.needs_consent.clone(),
                            };
                            cell.grants.entry(category.clone()).or_default().push(grant);
                        };
                        match &rule.categories {
                            RuleCategories::Declared => declared.iter().for_each(&mut grant),
                            // INVARIANT (no rule is a permission for what is not declared): the checks refuse such a rule
                            // in an agreement; a layer's may name what nobody declared, and gets nothing.
                            RuleCategories::Listed(listed) => {
                                listed.iter().filter(|category| declared.contains(*category)).for_each(&mut grant);
                            }
                        }
                    }
                }
            }
        }
    }

    pub fn role(&self, role: &Role) -> Option<u32> {
        self.roles.get(role).copied()
    }

    pub fn asks_of(&self, role: u32) -> Option<&Asks> {
        self.asks.get(&role)
    }

    /// What the rules for a role ask about records of these data subjects, each with the category that they ask it for.
    pub fn asks_of_categories(&self, role: u32, subject: u32) -> &[(Category, Asks)] {
        self.asks_of_categories.get(&(role, subject)).map_or(&[][..], Vec::as_slice)
    }

    pub fn purpose(&self, purpose: &Purpose) -> Option<u32> {
        self.purposes.get(purpose).copied()
    }

    pub fn subject(&self, subject: &SubjectCategory) -> Option<u32> {
        self.subjects.get(subject).copied()
    }

    pub fn declares(&self, subject: u32, category: &Category) -> bool {
        self.declared.get(&subject).is_some_and(|categories| categories.contains(category))
    }

    pub fn cell(&self, role: u32, verb: Verb, purpose: u32, subject: u32) -> Option<&Cell> {
        self.cells.get(&(role, verb, purpose, subject))
    }

    /// Every cell with the numbers of its role, purpose and data subjects, which count in the order of the text.
    pub fn cells(&self) -> impl Iterator<Item = ((u32, Verb, u32, u32), &Cell)> {
        self.cells.iter().map(|(key, cell)| (*key, cell))
    }

    pub fn recipient(&self, id: &SubprocessorId) -> Option<&Recipient> {
        self.recipients.get(id)
    }
}

/// How many grants a table of these terms would hold, without making it; saturates.
pub(crate) fn grants(terms: &Terms) -> usize {
    let mut declared: HashMap<&SubjectCategory, HashSet<&Category>> = HashMap::new();
    for declaration in &terms.declares {
        declared.entry(&declaration.subject).or_default().extend(&declaration.categories);
    }
    let size = |rule: &Rule| {
        let categories = |subject: &SubjectCategory| match &rule.categories {
            RuleCategories::Declared => declared.get(subject).map_or(0, HashSet::len),
            RuleCategories::Listed(listed) => listed.len(),
        };
        // One more for the cell itself, which costs memory even when empty.
        let cells = rule.subjects.iter().map(|subject| categories(subject).saturating_add(1));
        cells
            .fold(0, usize::saturating_add)
            .saturating_mul(rule.roles.len())
            .saturating_mul(rule.purposes.len())
            .saturating_mul(rule.verbs.len())
    };
    terms.rules.iter().map(size).fold(0, usize::saturating_add)
}

fn recipient(subprocessor: &Subprocessor, general: &[Term]) -> Recipient {
    let named = |block: &str| {
        general.iter().find(|term| term.block == block && term.text("subprocessor") == Some(subprocessor.id.as_str()))
    };
    let barred = match (named("without"), subprocessor.if_chosen, named("chosen")) {
        (Some(without), _, _) => Some(without.clause.clone()),
        (None, true, None) => Some(subprocessor.clause.clone()),
        _ => None,
    };
    let limit = match subprocessor.categories.value() {
        Some(SubprocessorCategories::Declared) => None,
        Some(SubprocessorCategories::Listed(listed)) => Some(listed.iter().cloned().collect()),
        None => Some(Set::default()),
    };
    let country = subprocessor.country.value().cloned();
    Recipient {
        country,
        clause: subprocessor.clause.clone(),
        limit,
        purposes: subprocessor.purposes.clone(),
        windows: transfer::windows(subprocessor, general, Law::built_in()),
        transfers: general.iter().find(|term| term.block == "transfers").map(|term| term.clause.clone()),
        barred,
    }
}

fn number_of<T: Eq + Hash + Borrow<str>>(numbers: &Map<T, u32>, name: &str) -> Option<u32> {
    // The map hashes names as their type does; a name that is no such name is not in it.
    numbers.iter().find(|(known, _)| Borrow::<str>::borrow(*known) == name).map(|(_, number)| *number)
}

fn numbered<T: Eq + Hash>(names: impl Iterator<Item = T>) -> Map<T, u32> {
    names.zip(0..).collect()
}
