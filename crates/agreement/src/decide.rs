//! *May this be done?* An act becomes a permit or a refusal, and both name their clause.
//!
//! The questions come in the order of decision page 0003. The agreement itself cannot say whether it is in force for a
//! customer; [`Book`](crate::Book) answers that first question. Nothing here reads a clock or looks anything up.

use terms::{Category, Changer, ClauseId, Extent, Purpose, Reason, Refusal, Role, SubjectCategory, Verb};

use crate::act::{Act, CaseFact, Facts};
use crate::agreement::Agreement;
use crate::permit::Permit;
use crate::table::{Asks, Grant, Recipient};
use crate::term::{RoleSide, Rule};

/// How far a category came, the last question that it met, and the clause that stands against it.
///
/// The order of the variants is the order of the questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stop {
    Declared,
    Rule,
    Case,
    Reach,
    Consent,
    Recipient,
}

/// Which categories may have come before: never wrong when it says *no*, so that only a likely repetition is looked for.
#[derive(Default)]
struct Seen(u64);

impl Seen {
    fn perhaps(&mut self, category: &Category) -> bool {
        let name = category.as_str().as_bytes();
        let byte = |at: usize| name.get(at).copied().map_or(0, usize::from);
        let mixed = name.len()
            ^ byte(0).wrapping_mul(7)
            ^ byte(name.len() / 2).wrapping_mul(13)
            ^ byte(name.len().wrapping_sub(1)) << 1;
        let bit = 1_u64 << (mixed % 64);
        let before = self.0 & bit != 0;
        self.0 |= bit;
        before
    }
}

/// A category that may not be, with its reason.
struct No<'a> {
    stop: Stop,
    category: &'a Category,
    reason: Reason,
    clause: &'a ClauseId,
}

impl Agreement {
    /// Decides the act.
    ///
    /// # Errors
    /// The [`Refusal`], with the clause that stands against the act and who can change that. Whatever is not allowed in so
    /// many words is refused.
    pub fn decide(&self, act: Act) -> Result<Permit, Refusal> {
        let table = self.table();
        let Some(role) = table.role(&act.role) else { return Err(self.refuse(&act, Reason::RoleNotAgreed)) };
        let Some(purpose) = table.purpose(&act.purpose) else {
            return Err(self.refuse(&act, Reason::PurposeNotAgreed));
        };
        let Some(subject) = table.subject(&act.subject) else {
            return Err(self.refuse(&act, Reason::SubjectNotDeclared));
        };
        if let Some(clause) = table.waits(act.verb) {
            return Err(self.refuse_under(&act, Reason::WaitsForDecision, clause));
        }
        let key = (role, act.verb, purpose, subject);
        let cell = table.cell(role, act.verb, purpose, subject);
        let recipient = self.recipient(&act);

        let mut granted: Vec<Category> = Vec::with_capacity(act.categories.len());
        let mut allowing: Option<&ClauseId> = None;
        let mut rests_on = Asks::default();
        let mut noes: Vec<No<'_>> = Vec::new();
        let mut seen = Seen::default();
        for category in &act.categories {
            if seen.perhaps(category) && (granted.contains(category) || noes.iter().any(|no| no.category == category)) {
                continue;
            }
            // What a rule grants is declared; only what no rule grants has to be asked.
            let grants = cell.map_or(&[][..], |cell| cell.grants(category));
            let answer = if !grants.is_empty() || table.declares(subject, category) {
                self.ask(&act, key, grants, category, &recipient)
            } else {
                let clause = &self.otherwise().categories.clause;
                Err(No {
                    stop: Stop::Declared,
                    category,
                    reason: Reason::CategoryNotDeclared(category.clone()),
                    clause,
                })
            };
            match answer {
                Ok(grant) => {
                    allowing.get_or_insert(&grant.clause);
                    granted.push(category.clone());
                    rests_on.relations = rests_on.relations.or(grant.reach.and(act.facts.reached));
                    if let Some(kind) = &grant.consent
                        && !rests_on.consents.contains(kind)
                    {
                        rests_on.consents.push(kind.clone());
                    }
                }
                Err(no) => noes.push(no),
            }
        }

        let against = match act.extent {
            // All or nothing: the first question that some category fails answers for the whole act.
            Extent::Exactly => noes.iter().min_by_key(|no| no.stop),
            // Nothing is left: the category that came furthest tells what would help.
            Extent::AsPermitted if granted.is_empty() => noes.iter().rev().max_by_key(|no| no.stop),
            Extent::AsPermitted => None,
        };
        if let Some(no) = against {
            return Err(self.refuse_under(&act, no.reason.clone(), no.clause));
        }
        // An act on no data at all meets no rule, and no rule is a refusal.
        let Some(clause) = allowing.cloned() else { return Err(self.refuse(&act, Reason::NoRule)) };
        let withheld = noes.into_iter().map(|no| (no.category.clone(), no.clause.clone())).collect();
        Ok(Permit::new(act, self.hash(), clause, granted, withheld, rests_on))
    }

    /// Which facts about single records an act with these names is decided on. Nobody needs to look for others.
    #[must_use]
    pub fn asks(&self, role: &Role, verb: Verb, purpose: &Purpose, subject: &SubjectCategory) -> Asks {
        let table = self.table();
        let cell = || table.cell(table.role(role)?, verb, table.purpose(purpose)?, table.subject(subject)?);
        cell().map_or_else(Asks::default, |cell| cell.asks().clone())
    }

    /// Which facts about single records acts of a role are decided on at all, whatever the act.
    #[must_use]
    pub fn asks_of(&self, role: &Role) -> Asks {
        let table = self.table();
        table.role(role).and_then(|role| table.asks_of(role)).cloned().unwrap_or_default()
    }

    /// Which facts about single records acts of a role on these categories of these data subjects are decided on, whatever the
    /// verb and the purpose. What rules ask for other categories is nothing to such an act.
    #[must_use]
    pub fn asks_about<'c>(
        &self,
        role: &Role,
        subject: &SubjectCategory,
        categories: impl Iterator<Item = &'c Category> + Clone,
    ) -> Asks {
        let table = self.table();
        let mut asks = Asks::default();
        if let (Some(role), Some(subject)) = (table.role(role), table.subject(subject)) {
            for (category, of_category) in table.asks_of_categories(role, subject) {
                if categories.clone().any(|one| one == category) {
                    asks.add(of_category);
                }
            }
        }
        asks
    }

    /// Rule, case and recipient for one declared category.
    fn ask<'a>(
        &'a self,
        act: &'a Act,
        key: (u32, Verb, u32, u32),
        grants: &'a [Grant],
        category: &'a Category,
        recipient: &Result<Option<&'a Recipient>, Reason>,
    ) -> Result<&'a Grant, No<'a>> {
        let otherwise = self.otherwise();
        let Some(first) = grants.first() else {
            if let Some(clause) = self.table().prohibits(key, category) {
                return Err(No { stop: Stop::Rule, category, reason: Reason::Prohibited, clause });
            }
            return Err(No { stop: Stop::Rule, category, reason: Reason::NoRule, clause: &otherwise.access.clause });
        };
        let Some(grant) = grants.iter().find(|grant| stopped(grant, &act.facts).is_none()) else {
            // The rule that came furthest answers, the first of them: what it lacks is what would help.
            let furthest = grants.iter().rev().max_by_key(|grant| stopped(grant, &act.facts)).unwrap_or(first);
            let stop = stopped(furthest, &act.facts).unwrap_or(Stop::Case);
            let reason = match (stop, &act.facts.case) {
                (Stop::Reach, _) => Reason::OutOfReach,
                (Stop::Consent, _) => Reason::NoConsent,
                (_, CaseFact::None) => Reason::CaseRequired,
                (_, CaseFact::Open { .. } | CaseFact::DoesNotCover) => Reason::CaseDoesNotCover,
            };
            return Err(No { stop, category, reason, clause: &furthest.clause });
        };
        match recipient {
            Err(reason) => {
                let clause = &otherwise.subprocessors.clause;
                Err(No { stop: Stop::Recipient, category, reason: reason.clone(), clause })
            }
            Ok(Some(Recipient { barred: Some(clause), .. })) => {
                Err(No { stop: Stop::Recipient, category, reason: Reason::RecipientNotAgreed, clause })
            }
            Ok(Some(recipient)) if !recipient.reachable(act.instant) => {
                let clause = recipient.transfers.as_ref().unwrap_or(&otherwise.subprocessors.clause);
                Err(No { stop: Stop::Recipient, category, reason: Reason::NoTransferBasis, clause })
            }
            Ok(Some(recipient)) if !recipient.receives(category) || !recipient.serves(&act.purpose) => {
                let clause = &recipient.clause;
                Err(No { stop: Stop::Recipient, category, reason: Reason::RecipientNotAgreed, clause })
            }
            Ok(_) => Ok(grant),
        }
    }

    /// To whom the data goes, if it leaves at all, or why it may not go there.
    fn recipient(&self, act: &Act) -> Result<Option<&Recipient>, Reason> {
        let Some(id) = &act.recipient else {
            // A disclosure to nobody named, or to a place alone, is to nobody agreed.
            let leaves = act.verb == Verb::Disclose || act.country.is_some();
            return if leaves { Err(Reason::RecipientNotAgreed) } else { Ok(None) };
        };
        let recipient = self.table().recipient(id).ok_or(Reason::RecipientNotAgreed)?;
        // A vague place in the agreement ("Europe") is no country, and matches none.
        if recipient.country.is_some() && recipient.country == act.country {
            Ok(Some(recipient))
        } else {
            Err(Reason::PlaceNotAgreed)
        }
    }

    /// A refusal for a reason found outside `decide`, such as an ended account or an undeclared field. The clause is the one
    /// that the agreement lays down for that reason.
    #[must_use]
    pub fn refuse(&self, act: &Act, reason: Reason) -> Refusal {
        let otherwise = self.otherwise();
        let clause = match &reason {
            Reason::NotInForce => &otherwise.in_force.clause,
            Reason::PurposeNotAgreed => &otherwise.purposes.clause,
            Reason::CategoryNotDeclared(_) | Reason::FieldNotDeclared(_) | Reason::SubjectNotDeclared => {
                &otherwise.categories.clause
            }
            Reason::RoleNotAgreed | Reason::NoRule => &otherwise.access.clause,
            Reason::CaseRequired | Reason::CaseDoesNotCover => {
                self.clause_of_rule(act, |rule| rule.within.is_some()).unwrap_or(&otherwise.access.clause)
            }
            Reason::OutOfReach => {
                self.clause_of_rule(act, |rule| !rule.reach.is_empty()).unwrap_or(&otherwise.access.clause)
            }
            Reason::NoConsent => {
                self.clause_of_rule(act, |rule| rule.needs_consent.is_some()).unwrap_or(&otherwise.access.clause)
            }
            Reason::RecipientNotAgreed | Reason::PlaceNotAgreed | Reason::NoTransferBasis => {
                &otherwise.subprocessors.clause
            }
            Reason::Prohibited
            | Reason::WaitsForDecision
            | Reason::Restricted
            | Reason::Held
            | Reason::SetAside
            | Reason::TooFew => &otherwise.access.clause,
            Reason::AccountEnded => self.accounts().map_or(&otherwise.access.clause, |accounts| &accounts.clause),
        };
        self.refuse_under(act, reason, clause)
    }

    /// The refusal of an act outside the time in force.
    #[must_use]
    pub fn not_in_force(&self, act: &Act) -> Refusal {
        self.refuse(act, Reason::NotInForce)
    }

    fn refuse_under(&self, act: &Act, reason: Reason, clause: &ClauseId) -> Refusal {
        let otherwise = self.otherwise();
        let changer = match &reason {
            Reason::NotInForce => otherwise.in_force.changer,
            Reason::PurposeNotAgreed => otherwise.purposes.changer,
            Reason::CategoryNotDeclared(_) | Reason::FieldNotDeclared(_) | Reason::SubjectNotDeclared => {
                otherwise.categories.changer
            }
            Reason::RoleNotAgreed | Reason::NoRule => otherwise.access.changer,
            // The rule is there; what lacks is the customer's case.
            Reason::CaseRequired | Reason::CaseDoesNotCover => Changer::ControllerByCase,
            // Likewise what lacks is somebody's doing, and not a rule. Who is only itself reaches others by nobody's doing.
            Reason::OutOfReach if self.is_itself(&act.role) => otherwise.access.changer,
            Reason::OutOfReach => Changer::ControllerByAssignment,
            Reason::NoConsent => Changer::DataSubject,
            Reason::RecipientNotAgreed | Reason::PlaceNotAgreed | Reason::NoTransferBasis => {
                otherwise.subprocessors.changer
            }
            // A prohibition is an instruction of the customer's; two layers are settled by both.
            Reason::Prohibited | Reason::Restricted | Reason::Held | Reason::SetAside | Reason::TooFew => {
                Changer::Controller
            }
            Reason::WaitsForDecision => Changer::BothParties,
            Reason::AccountEnded => self.accounts().map_or(Changer::Administrator, |accounts| accounts.changer),
        };
        let reason = match reason {
            Reason::FieldNotDeclared(field) => Reason::FieldNotDeclared(field.chars().take(64).collect()),
            other => other,
        };
        Refusal {
            role: act.role.clone(),
            verb: act.verb,
            purpose: act.purpose.clone(),
            subject: act.subject.clone(),
            reason,
            clause: clause.clone(),
            number: self.number(clause).to_owned(),
            changer,
            entry: None,
        }
    }

    /// Whether the role is the data subject itself.
    fn is_itself(&self, role: &Role) -> bool {
        self.roles().iter().any(|term| term.id == *role && term.side == RoleSide::Subject)
    }

    /// The clause of the rule that would allow such an act under a condition.
    fn clause_of_rule(&self, act: &Act, condition: impl Fn(&Rule) -> bool) -> Option<&ClauseId> {
        let covers = |rule: &&Rule| {
            condition(rule)
                && rule.roles.contains(&act.role)
                && rule.verbs.contains(&act.verb)
                && rule.purposes.contains(&act.purpose)
                && rule.subjects.contains(&act.subject)
        };
        self.rules().iter().find(covers).map(|rule| &rule.clause)
    }
}

/// What the facts lack for the grant to hold, the first of its questions; nothing where it holds.
fn stopped(grant: &Grant, facts: &Facts) -> Option<Stop> {
    if !within(grant, &facts.case) {
        Some(Stop::Case)
    } else if !grant.reach.is_empty() && grant.reach.and(facts.reached).is_empty() {
        Some(Stop::Reach)
    } else if grant.consent.as_ref().is_some_and(|kind| !facts.consents.contains(kind)) {
        Some(Stop::Consent)
    } else {
        None
    }
}

/// Whether the grant holds under what was found about the case.
fn within(grant: &Grant, fact: &CaseFact) -> bool {
    match (&grant.case, fact) {
        (None, _) => true,
        (Some(demanded), CaseFact::Open { case, .. }) => demanded == case,
        (Some(_), CaseFact::None | CaseFact::DoesNotCover) => false,
    }
}
