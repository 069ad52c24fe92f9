//! One event, several agreements: what each demands, act by act, so that a silence stands beside a promise. A register that
//! somebody publishes stands beside them with what it says, and with the word that it is no agreement.

use terms::{Label, Sourced};

use super::{Duty, Event, event_label, label, word};
use crate::agreement::Agreement;
use crate::register::{Register, Treated};

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
    /// What registers say that are no agreements.
    pub registers: Vec<RegisterSays>,
}

/// What a register says of an event.
#[derive(Debug, Clone)]
pub struct RegisterSays {
    /// The name of the service.
    pub name: String,
    /// Its title.
    pub title: Label,
    /// What it says, a line each; the first says that it is no agreement.
    pub lines: Vec<Label>,
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
    SideBySide { event: event.clone(), agreements: agreements.to_vec(), rows, registers: Vec::new() }
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
    /// The same with a register beside the agreements.
    #[must_use]
    pub fn with_register(mut self, name: &str, register: &Register) -> Self {
        let lines = of_register(register, &self.event.kind);
        let title = register.title().cloned().unwrap_or_else(|| label(name, name));
        self.registers.push(RegisterSays { name: name.to_owned(), title, lines });
        self
    }
}

/// Whether this is a basis of the operator's own, read with the rows of a register, and no agreement of the parties
/// (`docs/decisions/0006-register-without-agreement.md`).
#[must_use]
pub fn is_basis(agreement: &Agreement) -> bool {
    agreement.terms_of("document").any(|term| term.text("part") == Some("processing-basis"))
}

impl SideBySide {
    /// The same with what stands in the place of an agreement: the rows of a register, on a basis of the operator's own.
    #[must_use]
    pub fn with_basis(mut self, name: &str, basis: &Agreement) -> Self {
        let rows = basis.subprocessors().len();
        let mut lines = vec![
            label(
                "Det är ett register och inget avtal. Vad tjänsten körs på är driftens eget ord och binder ingen annan.",
                "It is a register and no agreement. What the service runs on is the operator's own word and binds nobody else.",
            ),
            label(
                format!("Registret ger {rows} mottagare; den som inte står där får ingenting."),
                format!("The register gives {rows} recipients; whoever is not in it receives nothing."),
            ),
        ];
        lines.push(silence(&self.event.kind));
        self.registers.push(RegisterSays { name: name.to_owned(), title: basis.title().clone(), lines });
        self
    }
}

fn silence(kind: &str) -> Label {
    let event = event_label(kind);
    label(
        format!("Om vad någon ska göra, och när, vid denna händelse ({}): hittas inte.", event.sv.to_lowercase()),
        format!("What anybody must do, and by when, at this event ({}): not found.", event.en.to_lowercase()),
    )
}

fn of_register(register: &Register, kind: &str) -> Vec<Label> {
    let calls = register.calls_itself();
    let mut lines = vec![label(
        format!("Det är ett register och inget avtal, fast texten kallar sig ”{calls}”."),
        format!("It is a register and no agreement, though the text calls itself “{calls}” (in its language)."),
    )];
    let of = match register.of() {
        "controller" => label("personuppgiftsansvarig", "controller"),
        "processor" => label("personuppgiftsbiträde", "processor"),
        other => word(other),
    };
    let day = register.published();
    lines.push(match register.publisher() {
        Some(Sourced::NotFound { note }) => label(
            format!("Det bär dagen {day}. Utgivaren, i rollen {}, hittas inte: {note}.", of.sv),
            format!("It carries the day {day}. Its publisher, in the role of {}, is not found: {note}.", of.en),
        ),
        _ => label(
            format!("Det bär dagen {day}, och utgivarens roll är {}.", of.sv),
            format!("It carries the day {day}, and its publisher's role is {}.", of.en),
        ),
    });
    lines.push(label(
        format!("{} rader om {} organisationer.", register.rows().len(), register.suppliers()),
        format!("{} rows about {} organisations.", register.rows().len(), register.suppliers()),
    ));
    if matches!(kind, "subprocessor-change" | "third-country" | "disclosure") {
        let countries: Vec<String> = register
            .countries()
            .into_iter()
            .map(|(country, rows)| format!("{} {rows}", if country.is_empty() { "–" } else { country }))
            .collect();
        let countries = countries.join(", ");
        lines.push(label(format!("Rader per land: {countries}."), format!("Rows by country: {countries}.")));
        let count = |treated| register.rows().iter().filter(|row| row.treated() == treated).count();
        let (open, warned, blocked) = (count(Treated::Open), count(Treated::Warned), count(Treated::Blocked));
        lines.push(label(
            format!("Plattformen släpper fram {open}, varnar för {warned} och spärrar {blocked}."),
            format!("The platform lets {open} through, warns of {warned} and blocks {blocked}."),
        ));
        let number = register.clause(register.otherwise()).map_or("", |clause| clause.number.as_str());
        lines.push(label(
            format!("Den som inte står där får ingenting{}.", place(number, "punkt")),
            format!("Whoever is not in it receives nothing{}.", place(number, "clause")),
        ));
    }
    lines.push(silence(kind));
    lines
}

fn place(number: &str, clause: &str) -> String {
    if number.is_empty() { String::new() } else { format!(" ({clause} {number})") }
}
