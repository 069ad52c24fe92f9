//! The published result measure over the twelve months up to a day.

use std::collections::BTreeMap;

use service::{
    Cell, Column, Figure, Given, Line, Need, Parameter, ParameterForm, Sheet, Sources, Table, Tone, View, both,
};
use terms::{Label, RecordId};

use super::unit_parameter;
use crate::days::{later, months_later};
use crate::measure::{Level, measure};
use crate::rows::{self, Facts};

/// Months that the measure looks back over.
const WINDOW_MONTHS: i64 = 12;

pub(crate) struct Measure;

/// What a level adds, with the records.
#[derive(Default)]
struct Counted {
    participants: Vec<RecordId>,
    placements: Vec<RecordId>,
    rr1: Vec<RecordId>,
    rr2: Vec<RecordId>,
}

impl View for Measure {
    fn path(&self) -> &'static str {
        "resultatmatt"
    }

    fn label(&self) -> Label {
        both("Resultatmått", "Result measure")
    }

    fn about(&self) -> Label {
        both(
            "Summan över nivåer av (RR1 + RR2) gånger nivåns vikt, delad med två gånger antalet deltagare, för de senaste tolv månaderna.",
            "The sum over levels of (RR1 + RR2) times the level's weight, divided by twice the number of participants, over the last twelve months.",
        )
    }

    fn parameters(&self) -> Vec<Parameter> {
        vec![
            Parameter { name: "date", label: both("Till och med", "Up to"), form: ParameterForm::Date },
            unit_parameter(),
        ]
    }

    fn kind(&self) -> &'static str {
        "result"
    }

    fn needs(&self, _: &Given<'_>) -> Vec<Need> {
        // Also those of other units: whoever moved belongs to the unit of the last placement, and to no other.
        vec![rows::PLACEMENT, rows::RESULT]
    }

    fn sheet(&self, given: &Given<'_>) -> Result<Sheet, Label> {
        let programmes = super::programmes(given)?;
        let until = given.arguments.date("date").unwrap_or(given.today);
        let from = later(months_later(until, -WINDOW_MONTHS), 1);
        let facts = Facts::of(given);
        let mut rows: Vec<Line> = Vec::new();
        let mut notes = Vec::new();
        let mut captions: Vec<(String, String)> = Vec::new();
        for programme in &programmes.0 {
            let Some(weights) = programme.weights_at(until) else { continue };
            let mut levels: BTreeMap<&str, Counted> =
                programme.levels.iter().map(|level| (level.as_str(), Counted::default())).collect();
            let in_window: Vec<_> = facts
                .placements
                .iter()
                .filter(|one| one.programme == programme.name)
                .filter(|one| one.from <= until && one.until.is_none_or(|end| end >= from))
                .collect();
            let mut last: BTreeMap<RecordId, &rows::Placement> = BTreeMap::new();
            for one in &in_window {
                let newer =
                    last.get(&one.participant).is_none_or(|other| (other.from, other.seen.0) < (one.from, one.seen.0));
                if newer {
                    last.insert(one.participant, one);
                }
            }
            // Who moved away is counted where the last placement is: the units add up to the whole.
            last.retain(|_, one| super::of_unit(given, &one.unit));
            for (participant, placement) in &last {
                if let Some(counted) = levels.get_mut(placement.level.as_str()) {
                    counted.participants.push(*participant);
                    counted.placements.push(placement.seen.0);
                }
            }
            for outcome in facts.outcomes.iter().filter(|one| one.approved && (from..=until).contains(&one.date)) {
                let level = last.get(&outcome.participant).map(|one| one.level.as_str());
                let Some(counted) = level.and_then(|level| levels.get_mut(level)) else { continue };
                let of = if outcome.second { &mut counted.rr2 } else { &mut counted.rr1 };
                of.push(outcome.seen.0);
            }
            let counted: Vec<Level> = levels
                .iter()
                .map(|(level, one)| Level {
                    level: (*level).to_owned(),
                    participants: one.participants.len() as i64,
                    rr1: one.rr1.len() as i64,
                    rr2: one.rr2.len() as i64,
                })
                .collect();
            let result =
                measure(&counted, weights).map_or(Figure::Nothing, |units| Figure::Number { units, decimals: 3 });
            let said = match &result {
                Figure::Number { units, .. } => format!("{}.{:03}", units / 1000, units % 1000),
                _ => "–".to_owned(),
            };
            captions.push((
                format!("{}: {}", programme.label.sv, said.replace('.', ",")),
                format!("{}: {said}", programme.label.en),
            ));
            let everything = levels.values().fold(Sources::default(), |all, one| all.and(&of_level(one)));
            rows.extend(levels.iter().map(|(level, one)| {
                let weight = weights
                    .of
                    .iter()
                    .find(|(name, _)| name == level)
                    .map_or(Figure::Nothing, |(_, units)| Figure::Number { units: *units, decimals: 6 });
                Line {
                    key: format!("{}/{level}", programme.name),
                    tone: Tone::Plain,
                    cells: vec![
                        programme_of(programme).into(),
                        super::level(level).into(),
                        Cell::from(Figure::from(one.participants.len() as i64))
                            .out_of(Sources::of("placement", one.placements.iter().copied())),
                        Cell::from(Figure::from(one.rr1.len() as i64))
                            .out_of(Sources::of("result", one.rr1.iter().copied())),
                        Cell::from(Figure::from(one.rr2.len() as i64))
                            .out_of(Sources::of("result", one.rr2.iter().copied())),
                        weight.into(),
                    ],
                }
            }));
            let sum = |of: fn(&Level) -> i64| Cell::from(Figure::from(counted.iter().map(of).sum::<i64>()));
            rows.push(Line {
                key: format!("{}/total", programme.name),
                tone: Tone::Plain,
                cells: vec![
                    programme_of(programme).into(),
                    Figure::from(both("Resultatmått", "Result measure")).into(),
                    sum(|one| one.participants),
                    sum(|one| one.rr1),
                    sum(|one| one.rr2),
                    Cell::from(result).out_of(everything),
                ],
            });
            notes.push(both(
                format!("{}: vikter från {} ({})", programme.label.sv, weights.from, weights.source),
                format!("{}: weights from {} ({})", programme.label.en, weights.from, weights.source),
            ));
        }
        if rows.is_empty() {
            return Err(both(
                "Kundens fil har inga vikter för resultatmåttet vid den dagen. Lägg till [[programme.NAMN.weights]] med datum och källa.",
                "The customer's file has no weights for the result measure on that day. Add [[programme.NAME.weights]] with date and source.",
            ));
        }
        notes.push(both(
            "Den som bytt enhet eller nivå räknas en gång, där den senaste placeringen är.",
            "Whoever changed unit or level is counted once, where the last placement is.",
        ));
        let join = |of: fn(&(String, String)) -> &str| captions.iter().map(of).collect::<Vec<_>>().join("; ");
        Ok(Sheet {
            caption: both(
                format!("{from} till {until}. {}", join(|one| &one.0)),
                format!("{from} to {until}. {}", join(|one| &one.1)),
            ),
            tables: vec![Table {
                name: "levels",
                caption: both("Per program och nivå", "By programme and level"),
                columns: vec![
                    Column::new("programme", "Program", "Programme"),
                    Column::new("level", "Nivå", "Level"),
                    Column::new("participants", "Deltagare", "Participants"),
                    Column::new("rr1", "RR1", "RR1"),
                    Column::new("rr2", "RR2", "RR2"),
                    Column::new("weight", "Vikt", "Weight"),
                ],
                rows,
                total: None,
            }],
            notes,
            ..Sheet::default()
        })
    }
}

/// A programme as the customer's file calls it where it lays down its rules: placements may be of one that no list has any more.
fn programme_of(programme: &crate::programme::Programme) -> Figure {
    Figure::from(programme.label.clone())
}

fn of_level(one: &Counted) -> Sources {
    let mut all = Sources::of("placement", one.placements.iter().copied());
    all.extend("result", one.rr1.iter().chain(&one.rr2).copied());
    all
}
