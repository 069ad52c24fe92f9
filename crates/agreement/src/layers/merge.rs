//! Agreement and layers → one agreement. Additions are added, contradictions are ordered.

use std::sync::Arc;

use terms::{ClauseId, Sourced};

use super::{AGREEMENT, How, Layer, Won, as_written, bundle, same, says};
use crate::agreement::{Agreement, Inner};
use crate::language::{self, Stricter};
use crate::table::Table;
use crate::value::{Term, Value};

pub(super) fn merge(agreement: &Agreement, layers: &[&Layer]) -> Agreement {
    let beneath = agreement.inner();
    let mut terms = beneath.terms.clone();
    let mut clauses = beneath.clauses.clone();
    let mut warnings = beneath.warnings.clone();
    let mut won = Vec::new();
    let settled: Vec<&Term> =
        layers.iter().flat_map(|layer| &layer.terms.general).filter(|term| term.block == "settles").collect();

    for layer in layers {
        clauses.extend(layer.clauses.iter().cloned());
        warnings.extend(layer.warnings.iter().cloned());
        terms.add(&layer.terms);
    }
    let all: Vec<(&str, &[Term])> = core::iter::once((AGREEMENT, beneath.terms.general.as_slice()))
        .chain(layers.iter().map(|layer| (layer.name.as_str(), layer.terms.general.as_slice())))
        .collect();
    terms.general = general(&all, &settled, &mut won);

    let index = clauses.iter().enumerate().map(|(at, clause)| (clause.id.clone(), at)).collect();
    let mut table = Table::compile(&terms);
    for (verb, clause) in waiting(&won) {
        table.wait(verb, clause);
    }
    let text = bundle(agreement, layers);
    Agreement::of(Arc::new(Inner {
        file_name: beneath.file_name.clone(),
        hash: crate::read::hash(text.as_bytes()),
        text,
        document: beneath.document.clone(),
        in_force: beneath.in_force.clone(),
        otherwise: beneath.otherwise.clone(),
        clauses,
        index,
        terms,
        table,
        warnings,
        won,
    }))
}

/// The general terms of all layers, each block and id once.
fn general(all: &[(&str, &[Term])], settled: &[&Term], won: &mut Vec<Won>) -> Vec<Term> {
    let mut merged: Vec<Term> = Vec::new();
    for (_, terms) in all {
        for term in *terms {
            if same(&merged, term).is_none() {
                merged.push(term.clone());
            }
        }
    }
    for term in &mut merged {
        if term.stands_in_list() {
            continue;
        }
        let stating: Vec<(&str, &Term)> =
            all.iter().filter_map(|(name, terms)| same(terms, term).map(|stated| (*name, stated))).collect();
        if stating.len() > 1 {
            one(term, &stating, settled, won);
        }
    }
    merged
}

/// One term that several layers state, key by key.
fn one(term: &mut Term, stating: &[(&str, &Term)], settled: &[&Term], won: &mut Vec<Won>) {
    let Some(block) = language::block(term.block) else { return };
    let mut values = Vec::new();
    let mut elsewhere = Vec::new();
    for key in block.each_key() {
        let said: Vec<(&str, &Sourced<Value>, &ClauseId)> = stating
            .iter()
            .filter_map(|(name, term)| term.sourced(key.name).map(|value| (*name, value, term.clause_of(key.name))))
            .collect();
        let Some(&first) = said.first() else { continue };
        let saying: Vec<_> = said.iter().copied().filter(|(_, value, _)| says(value)).collect();
        let differ = saying.iter().any(|(_, value, _)| saying.first().is_some_and(|(_, one, _)| value != one));
        let by_person =
            settled.iter().find(|it| it.text("term") == Some(term.name().as_str()) && it.text("key") == Some(key.name));
        let (winner, how) = match (saying.as_slice(), differ, by_person) {
            ([], _, _) => (first, None),
            ([only], _, _) => (*only, (only.0 != first.0).then_some(How::OnlyOne)),
            ([agreed, ..], false, _) => (*agreed, None),
            (saying, true, Some(decision)) => {
                let chosen = saying.iter().find(|(name, _, _)| decision.text("wins") == Some(name));
                match chosen {
                    Some(chosen) => (*chosen, Some(How::Settled(decision.clause.clone()))),
                    None => (saying.first().copied().unwrap_or(first), Some(How::Waits)),
                }
            }
            ([agreed, rest @ ..], true, None) => {
                let strictest = rest.iter().try_fold(*agreed, |strictest, other| {
                    match stricter(key.stricter, strictest.1, other.1)? {
                        Side::First => Some(strictest),
                        Side::Second => Some(*other),
                    }
                });
                match strictest {
                    Some(strictest) => (strictest, Some(How::Stricter)),
                    None => (*agreed, Some(How::Waits)),
                }
            }
        };
        if winner.2 != &term.clause {
            elsewhere.push((key.name, winner.2.clone()));
        }
        if let Some(how) = how {
            won.push(Won {
                term: term.name(),
                key: key.name,
                said: said
                    .iter()
                    .map(|(name, value, clause)| ((*name).to_owned(), as_written(value), (*clause).clone()))
                    .collect(),
                winner: winner.0.to_owned(),
                how,
            });
        }
        values.push((key.name, winner.1.clone()));
    }
    term.values = values;
    term.elsewhere = elsewhere;
}

enum Side {
    First,
    Second,
}

/// Which of two different values is the stricter; nothing where the key has no order or the two cannot be compared.
fn stricter(order: Stricter, one: &Sourced<Value>, other: &Sourced<Value>) -> Option<Side> {
    let (one, other) = (one.value()?, other.value()?);
    let first = match (order, one, other) {
        (Stricter::Unordered, _, _) => return None,
        (Stricter::Yes, Value::Flag(flag), Value::Flag(_)) => *flag,
        (Stricter::No, Value::Flag(flag), Value::Flag(_)) => !flag,
        (Stricter::Fewer, Value::Words(one), Value::Words(other)) => contained(one, other)?,
        (Stricter::Longer, Value::Words(one), Value::Words(other)) => !contained(one, other)?,
        (Stricter::Less, one, other) => less(one, other)?,
        (Stricter::More, one, other) => !less(one, other)?,
        _ => return None,
    };
    Some(if first { Side::First } else { Side::Second })
}

/// Whether the first is the lesser of two different values.
fn less(one: &Value, other: &Value) -> Option<bool> {
    match (one, other) {
        (Value::Count(one), Value::Count(other)) => Some(one < other),
        (Value::Percent(one), Value::Percent(other)) => Some(one < other),
        (Value::Date(one), Value::Date(other)) => Some(one < other),
        (Value::Time(one), Value::Time(other)) => Some(one < other),
        (Value::Money { amount: one, currency }, Value::Money { amount: other, currency: same }) => {
            (currency == same).then_some(one < other)
        }
        (Value::Period(one), Value::Period(other)) => one.is_shorter_than(other),
        _ => None,
    }
}

/// Whether the first list is contained in the second; nothing where neither contains the other.
fn contained(one: &[String], other: &[String]) -> Option<bool> {
    let within = |a: &[String], b: &[String]| a.iter().all(|word| b.contains(word));
    match (within(one, other), within(other, one)) {
        (true, _) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    }
}

/// The acts that wait, each with the clause of the term that two layers state differently.
fn waiting(won: &[Won]) -> impl Iterator<Item = (terms::Verb, ClauseId)> {
    won.iter().filter(|won| won.how == How::Waits).flat_map(|won| {
        let block = won.term.split('.').next().unwrap_or_default();
        let clause = won.said.last().map(|(_, _, clause)| clause.clone());
        language::governs(block).iter().filter_map(move |verb| clause.clone().map(|clause| (*verb, clause)))
    })
}
