//! One event, several agreements: what each demands, act by act, so that a silence stands beside a promise.

use terms::Label;

use super::{Duty, Event};
use crate::agreement::Agreement;

/// An agreement and what to call it.
#[derive(Debug, Clone)]
pub struct Named {
    /// The name of the service, as `matcha`.
    pub name: String,
    /// Its agreement.
    pub agreement: Agreement,
}

/// What several agreements demand at one event.
#[derive(Debug, Clone)]
pub struct SideBySide {
    /// The event.
    pub event: Event,
    /// The agreements, in the order that they were given.
    pub agreements: Vec<Named>,
    /// One row for each act that any of them knows; those that most of them know come first.
    pub rows: Vec<Row>,
}

/// One act, and each agreement's answer.
#[derive(Debug, Clone)]
pub struct Row {
    /// The act, as `notice`; of what follows from another term its name, as `change.prices`.
    pub act: String,
    /// What the first agreement that knows it calls it.
    pub does: Label,
    /// In the order of the agreements.
    pub answers: Vec<Answer>,
}

/// What one agreement says of one act.
#[derive(Debug, Clone)]
pub enum Answer {
    /// It demands this.
    Demands(Box<Duty>),
    /// It has no such act: *not found*.
    NotFound,
}

/// What each agreement demands at the event.
#[must_use]
pub fn compare(agreements: &[Named], event: &Event) -> SideBySide {
    let prefix = format!("{}.", event.kind);
    let mut rows: Vec<Row> = Vec::new();
    for (at, named) in agreements.iter().enumerate() {
        for duty in named.agreement.arise(event) {
            let act = duty.id.strip_prefix(&prefix).unwrap_or(&duty.id).to_owned();
            let free = |row: &&mut Row| row.act == act && matches!(row.answers.get(at), Some(Answer::NotFound));
            if let Some(row) = rows.iter_mut().find(free) {
                if let Some(answer) = row.answers.get_mut(at) {
                    *answer = Answer::Demands(Box::new(duty));
                }
            } else {
                let does = duty.does.clone();
                let mut answers = vec![Answer::NotFound; agreements.len()];
                if let Some(answer) = answers.get_mut(at) {
                    *answer = Answer::Demands(Box::new(duty));
                }
                rows.push(Row { act, does, answers });
            }
        }
    }
    rows.sort_by_key(|row| core::cmp::Reverse(row.known_to()));
    SideBySide { event: event.clone(), agreements: agreements.to_vec(), rows }
}

impl Row {
    /// How many agreements know it.
    #[must_use]
    pub fn known_to(&self) -> usize {
        self.answers.iter().filter(|answer| matches!(answer, Answer::Demands(_))).count()
    }
}

impl SideBySide {
    /// The agreements that say nothing at all of such an event, by their names.
    pub fn silent(&self) -> impl Iterator<Item = &Named> {
        self.agreements.iter().enumerate().filter_map(|(at, named)| {
            let says = self.rows.iter().any(|row| matches!(row.answers.get(at), Some(Answer::Demands(_))));
            (!says).then_some(named)
        })
    }
}
