//! How the actor stands to records, and which consents their persons have given: found by blind tokens and by what may be known
//! of a record without opening it. Nothing is decided here; the agreement says what follows.
//!
//! A relation lies in a token of its own (`index.rs`), equal for equal values whatever the kind, so that a participant's unit
//! can be held against the actor's. What does not carry it itself is reached through its parent. Nobody's word is taken.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use agreement::{Act, Asks, Facts};
use service::{Field, Kind, No, Value, index_whole};
use storage::{About, Find, StoredRecord, Token};
use terms::{KindName, PersonId, RecordHead, RecordId, Relation, Relations, TenantId};

use crate::Processing;
use crate::acting::Acting;
use crate::refuse::{closed, failed};

/// Most records whose children are looked for one parent at a time. For more, walking through the kind costs less.
const MAX_BY_PARENT: usize = 64;
/// How far up a record's parents are followed. Kinds are nested three deep at most; a file of kinds that leads in a circle ends
/// here.
const MAX_PARENTS: usize = 8;

/// The tokens by which records are assigned to the records of those who ask, remembered: each is made of an id and a key that do
/// not change, and every reading by somebody who sees what is assigned asks for it.
#[derive(Default)]
pub(crate) struct AssignedTokens(RwLock<HashMap<(TenantId, RecordId), Token>>);

impl AssignedTokens {
    /// Most that are remembered; beyond that the memory begins anew.
    const MOST: usize = 10_000;

    fn of(&self, place: (TenantId, RecordId), make: impl FnOnce() -> Result<Token, No>) -> Result<Token, No> {
        if let Some(token) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&place) {
            return Ok(*token);
        }
        let token = make()?;
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= Self::MOST {
            known.clear();
        }
        known.insert(place, token);
        Ok(token)
    }

    /// Somebody is erased: nothing that was made of a person's record stays.
    pub(crate) fn forget(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// What was found of one record, and the records in the versions that it was read from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) relations: Relations,
    pub(crate) consents: Vec<KindName>,
    pub(crate) rests_on: Vec<(RecordId, u64)>,
}

impl Found {
    /// These facts, with what was found.
    pub(crate) fn facts(&self, before: &Facts) -> Facts {
        Facts { reached: self.relations, consents: self.consents.clone(), ..before.clone() }
    }
}

/// The actor's side of every relation, and what was found already, for as long as one act takes.
pub(crate) struct Reaching<'p> {
    processing: &'p Processing,
    tenant: TenantId,
    actor: PersonId,
    service: terms::ServiceName,
    asks: Asks,
    /// The actor's own record with this customer.
    own: Option<Arc<RecordHead>>,
    /// What a record of the actor's carries, by relation.
    mine: Vec<(Relation, Arc<[Token]>)>,
    /// By the record that carries it.
    carried: HashMap<(RecordId, Relation), bool>,
    given: HashMap<(RecordId, KindName), Option<(RecordId, u64)>>,
}

impl Processing {
    /// Whether a new record of this kind is a case that opens a record to others which its opener does not reach. Asked of whoever
    /// reaches only some of such records: the rules on the case's own kind do not ask it. An administrator, who reads none, may
    /// open a case about each.
    pub(crate) fn opens_beyond_reach(&self, acting: &Acting<'_>, kind: &Kind, above: &RecordHead) -> Result<bool, No> {
        if acting.agreement.cases().iter().all(|case| case.kind != kind.name) {
            return Ok(false);
        }
        let Some(opened) = self.kind(&acting.tenant.service, &above.kind) else { return Ok(false) };
        let acting = self.acting(acting.asked)?.on(opened);
        Ok(!acting.asks().relations.is_empty() && self.reaching(&acting)?.of(above)?.relations.is_empty())
    }

    /// The actor's side of what the rules for its role ask for.
    pub(crate) fn reaching(&self, acting: &Acting<'_>) -> Result<Reaching<'_>, No> {
        let tenant = acting.asked.tenant;
        let asks = acting.asks().clone();
        let own = match acting.own_record {
            Some(own) if !asks.is_empty() => self.store.head(&tenant, &own).map_err(failed)?,
            _ => None,
        };
        let mut mine = Vec::new();
        if let Some(own) = &own {
            for relation in asks.relations.each() {
                let tokens = match relation {
                    Relation::Own => continue,
                    Relation::Assigned => {
                        let make = || {
                            let text = index_whole(&own.record.to_string());
                            self.vault.token(&tenant, &crate::index::reach_place(relation), &text).map_err(closed)
                        };
                        [self.assigned.of((tenant, own.record), make)?].into()
                    }
                    Relation::Unit => {
                        let field = crate::index::reach_field(relation)?;
                        self.store.tokens_of(&tenant, &own.record, &field).map_err(failed)?
                    }
                };
                mine.push((relation, tokens));
            }
        }
        Ok(Reaching {
            processing: self,
            tenant,
            actor: acting.asked.actor,
            service: acting.tenant.service.clone(),
            asks,
            own,
            mine,
            carried: HashMap::new(),
            given: HashMap::new(),
        })
    }
}

impl<'p> Reaching<'p> {
    /// What is found of a record that there is.
    pub(crate) fn of(&mut self, head: &RecordHead) -> Result<Found, No> {
        let mut found = Found::default();
        if self.asks.is_empty() {
            return Ok(found);
        }
        // A version before the present one is reached as the present one is.
        let now = self.processing.store.head(&self.tenant, &head.record).map_err(failed)?;
        let head = now.as_deref().unwrap_or(head);
        if self.asks.relations.has(Relation::Own) && head.person == self.actor {
            found.relations = found.relations.with(Relation::Own);
        }
        self.through(head, &mut found)?;
        self.consents(head, &mut found)?;
        Ok(found)
    }

    /// What will be found of a record that is about to be made: by its own values where its kind carries a relation, otherwise
    /// through its parent.
    pub(crate) fn of_new(
        &mut self,
        kind: &Kind,
        person: Option<PersonId>,
        parent: Option<&RecordHead>,
        values: &[(&Field, Value)],
    ) -> Result<Found, No> {
        let mut found = Found::default();
        if let Some(parent) = parent {
            self.through(parent, &mut found)?;
            self.consents(parent, &mut found)?;
        }
        found.relations = found.relations.and([Relation::Assigned, Relation::Unit].into_iter().collect());
        for (relation, field) in &kind.reach {
            found.relations = without(found.relations, *relation);
            let value = values.iter().find(|(one, _)| one.name == *field).map(|(_, value)| value);
            let Some(value) = value.filter(|value| !value.is_empty()) else { continue };
            let place = crate::index::reach_place(*relation);
            let token = self.processing.vault.token(&self.tenant, &place, &index_whole(value)).map_err(closed)?;
            if self.mine.iter().any(|(one, tokens)| one == relation && tokens.contains(&token)) {
                found.relations = found.relations.with(*relation);
                self.rest_on_own(*relation, &mut found);
            }
        }
        if self.asks.relations.has(Relation::Own) && person == Some(self.actor) {
            found.relations = found.relations.with(Relation::Own);
        }
        Ok(found)
    }

    /// Whether the act is allowed for this record.
    pub(crate) fn allows(&mut self, acting: &Acting<'_>, act: &Act, head: &RecordHead) -> Result<bool, No> {
        let found = self.of(head)?;
        Ok(allowed(acting, act, &found))
    }

    /// The records of a kind to which the actor can stand in one of the relations, in order: a few too many at most, and none
    /// too few. Nothing where finding them would be a walk through the kind.
    pub(crate) fn candidates(&self, kind: &Kind) -> Result<Option<Vec<RecordId>>, No> {
        if let Some(all) = self.carrying(kind)? {
            return Ok(Some(all));
        }
        let above = kind.parent.as_ref().filter(|_| kind.reach.is_empty() && !kind.parent_optional);
        let Some(above) = above.and_then(|above| self.processing.kind(&self.service, above)) else { return Ok(None) };
        let by_parent = kind.of == service::Of::Parent || !self.asks.relations.has(Relation::Own);
        match self.carrying(above)? {
            Some(parents) if by_parent && parents.len() <= MAX_BY_PARENT => {
                let found = self.processing.store.under(&self.tenant, &kind.name, &parents, usize::MAX - 1);
                Ok(Some(found.map_err(failed)?.into_iter().map(|record| record.record).collect()))
            }
            _ => Ok(None),
        }
    }

    /// The records of a kind that carry one of the relations themselves; nothing where the kind does not carry all of them.
    fn carrying(&self, kind: &Kind) -> Result<Option<Vec<RecordId>>, No> {
        let mut all = Vec::new();
        for relation in self.asks.relations.each() {
            if relation == Relation::Own {
                if kind.of != service::Of::Itself {
                    return Ok(None);
                }
                // Of those who are persons of their own the actor is one, and its own record is the only one of it.
                let own = self.own.as_ref().filter(|own| own.person == self.actor && own.kind == kind.name);
                all.extend(own.map(|own| own.record));
                continue;
            }
            if kind.reached_by(relation).is_none() {
                return Ok(None);
            }
            let field = crate::index::reach_field(relation)?;
            for (_, tokens) in self.mine.iter().filter(|(one, _)| *one == relation) {
                for token in tokens.iter() {
                    let store = &self.processing.store;
                    all.extend(store.with_token(&self.tenant, &kind.name, &field, token).map_err(failed)?);
                }
            }
        }
        all.sort_unstable();
        all.dedup();
        Ok(Some(all))
    }

    /// Assignment and unit, of the record or of what it belongs to.
    fn through(&mut self, head: &RecordHead, found: &mut Found) -> Result<(), No> {
        for relation in self.asks.relations.each().filter(|relation| *relation != Relation::Own) {
            let Some(carrier) = self.carrier(head, relation)? else { continue };
            if self.holds(&carrier, relation)? {
                found.relations = found.relations.with(relation);
                found.rests_on.push((carrier.record, carrier.version));
                self.rest_on_own(relation, found);
            }
        }
        found.rests_on.sort_unstable();
        found.rests_on.dedup();
        Ok(())
    }

    /// The actor's own record says of which unit the actor is; of an assignment it says nothing.
    fn rest_on_own(&self, relation: Relation, found: &mut Found) {
        if let (Relation::Unit, Some(own)) = (relation, &self.own)
            && !found.rests_on.contains(&(own.record, own.version))
        {
            found.rests_on.push((own.record, own.version));
        }
    }

    /// The record that carries a relation: this one, or the nearest above it whose kind names a field for it.
    fn carrier(&self, head: &RecordHead, relation: Relation) -> Result<Option<RecordHead>, No> {
        self.above(head, |kind| kind.reached_by(relation).is_some())
    }

    fn above(&self, head: &RecordHead, wanted: impl Fn(&Kind) -> bool) -> Result<Option<RecordHead>, No> {
        let mut at = head.clone();
        for _ in 0..MAX_PARENTS {
            if self.processing.kind(&self.service, &at.kind).is_some_and(&wanted) {
                return Ok(Some(at));
            }
            let Some(parent) = at.parent else { return Ok(None) };
            let Some(above) = self.processing.store.head(&self.tenant, &parent).map_err(failed)? else {
                return Ok(None);
            };
            at = (*above).clone();
        }
        Ok(None)
    }

    fn holds(&mut self, carrier: &RecordHead, relation: Relation) -> Result<bool, No> {
        if let Some(known) = self.carried.get(&(carrier.record, relation)) {
            return Ok(*known);
        }
        let mine = self.mine.iter().find(|(one, _)| *one == relation).map_or(&[][..], |(_, tokens)| &tokens[..]);
        let holds = if mine.is_empty() {
            false
        } else {
            let field = crate::index::reach_field(relation)?;
            let its = self.processing.store.tokens_of(&self.tenant, &carrier.record, &field).map_err(failed)?;
            its.iter().any(|token| mine.contains(token))
        };
        self.carried.insert((carrier.record, relation), holds);
        Ok(holds)
    }

    /// The consents that are asked for and given: under the record that such a kind belongs to, the newest record of it is in its
    /// first state. An older one counts for nothing: whoever accepted twice withdraws once.
    fn consents(&mut self, head: &RecordHead, found: &mut Found) -> Result<(), No> {
        for name in self.asks.consents.clone() {
            let Some(kind) = self.processing.kind(&self.service, &name) else { continue };
            let (Some(of), Some(given)) = (&kind.parent, kind.states.first()) else { continue };
            let Some(whose) = self.above(head, |kind| kind.name == *of)? else { continue };
            let known = self.given.get(&(whose.record, name.clone())).copied();
            let consent = match known {
                Some(known) => known,
                None => {
                    let parent = Some(whose.record);
                    let find = Find { kind: name.clone(), parent, state: None, after: None, limit: usize::MAX };
                    let all = self.processing.store.find(&self.tenant, &find).map_err(failed)?;
                    let newest = all.last().filter(|one| one.state.as_ref() == Some(given));
                    let there = newest.map(|one| (one.record, one.version));
                    self.given.insert((whose.record, name.clone()), there);
                    there
                }
            };
            if let Some(consent) = consent {
                found.consents.push(name);
                found.rests_on.push(consent);
            }
        }
        Ok(())
    }
}

/// The records for which an act is allowed, in the groups for which it is decided alike: each with the facts of its group and
/// what they rest on, and the places of its records in the order in which they were found.
pub(crate) struct Group {
    pub(crate) facts: Facts,
    pub(crate) rests_on: Vec<(RecordId, u64)>,
    pub(crate) places: Vec<usize>,
}

impl Group {
    /// One of all that was found, on the facts that the act was decided on.
    pub(crate) fn of_all(act: &Act, found: &[StoredRecord], asked_about: &About) -> Self {
        let rests_on = asked_about.rests_on.clone();
        Self { facts: act.facts.clone(), rests_on, places: (0..found.len()).collect() }
    }
}

impl Reaching<'_> {
    /// Groups what was found. What the act is not allowed for is in no group.
    pub(crate) fn groups(&mut self, acting: &Acting<'_>, act: &Act, found: &[StoredRecord]) -> Result<Vec<Group>, No> {
        let mut groups: Vec<Group> = Vec::new();
        // What is alike is decided alike, and once.
        let mut refused: Vec<Facts> = Vec::new();
        for (place, record) in found.iter().enumerate() {
            let of = self.of(&record.head())?;
            let facts = of.facts(&act.facts);
            if refused.contains(&facts) {
                continue;
            }
            let group = match groups.iter_mut().position(|group| group.facts == facts) {
                Some(there) => groups.get_mut(there),
                None if allowed(acting, act, &of) => {
                    groups.push(Group { facts, rests_on: Vec::new(), places: Vec::new() });
                    groups.last_mut()
                }
                None => {
                    refused.push(facts);
                    None
                }
            };
            let Some(group) = group else { continue };
            group.places.push(place);
            group.rests_on.extend(of.rests_on);
        }
        for group in &mut groups {
            group.rests_on.sort_unstable();
            group.rests_on.dedup();
        }
        Ok(groups)
    }
}

/// Whether the act is allowed where this was found.
pub(crate) fn allowed(acting: &Acting<'_>, act: &Act, found: &Found) -> bool {
    acting.decide(Act { facts: found.facts(&act.facts), ..act.clone() }).is_ok()
}

fn without(relations: Relations, relation: Relation) -> Relations {
    relations.each().filter(|one| *one != relation).collect()
}
