//! The forecast of a unit: what the last months gave and what the coming ones will, if everybody who is placed stays until the
//! day that is written or the programme's longest time, every report is approved and every job lasts. Nobody is guessed to find
//! one: results to come are those of jobs that have begun.

use std::collections::BTreeMap;

use jiff::civil::Date;
use service::{
    Cell, Column, Figure, Given, Line, Need, Parameter, Plot, PlotForm, PlotUnit, Sheet, Table, Tone, View, both,
};
use terms::Label;

use super::{unit, unit_parameter};
use crate::amounts::{What, amounts, sources};
use crate::days::{later, month_text, months_later};
use crate::programme::{Per, Programmes};
use crate::results::{Stage, of_jobs};
use crate::rows::{self, Facts, Placement, Seen};

/// Months back and ahead.
const MONTHS: i64 = 6;

pub(crate) struct Forecast;

/// What a unit's month comes to, with the records.
#[derive(Default)]
struct Sum {
    day: i64,
    results: i64,
    day_from: Vec<(&'static str, Seen)>,
    results_from: Vec<(&'static str, Seen)>,
}

impl View for Forecast {
    fn path(&self) -> &'static str {
        "prognos"
    }

    fn label(&self) -> Label {
        both("Prognos", "Forecast")
    }

    fn about(&self) -> Label {
        both(
            "Dagersättning och resultat per enhet och månad: de senaste sex enligt underlaget, de kommande sex om alla blir kvar och jobben varar.",
            "Day pay and results by unit and month: the last six by the records, the coming six if everybody stays and the jobs last.",
        )
    }

    fn parameters(&self) -> Vec<Parameter> {
        vec![unit_parameter()]
    }

    fn kind(&self) -> &'static str {
        "placement"
    }

    fn needs(&self, given: &Given<'_>) -> Vec<Need> {
        let months: Vec<String> = past(given.today).map(month_text).collect();
        // Also those of other units: a placement elsewhere ends the one here.
        vec![
            rows::PLACEMENT,
            rows::PAUSE,
            rows::with(rows::REPORT, "month", months),
            // Not everybody who follows the accounts may read these; the forecast is then of day pay alone.
            rows::RESULT.optional(),
            rows::JOB.optional(),
        ]
    }

    fn sheet(&self, given: &Given<'_>) -> Result<Sheet, Label> {
        let programmes = super::programmes(given)?;
        let mut facts = Facts::of(given);
        // What is paid for attended days cannot be foreseen from placements; it is left out, and said.
        let attended: Vec<&str> =
            programmes.0.iter().filter(|one| one.pays_by_attendance()).map(|one| one.name.as_str()).collect();
        let this = given.today.first_of_month();
        let mut units: BTreeMap<String, BTreeMap<Date, Sum>> = BTreeMap::new();
        let mut add = |facts: &Facts, month: Date, ahead: bool| {
            for one in amounts(facts, &programmes, month).iter().filter(|one| super::of_unit(given, &one.unit)) {
                let pays = one.what != What::Day || by_placed_day(&programmes, &one.programme, &one.level, month);
                let amount = if !pays {
                    0
                } else if ahead {
                    one.full()
                } else {
                    one.claimable()
                };
                let sum = units.entry(one.unit.clone()).or_default().entry(month).or_default();
                if one.what == What::Day {
                    sum.day += amount;
                    sum.day_from.extend(one.from.iter().filter(|(kind, _)| *kind == "placement").copied());
                } else {
                    sum.results += amount;
                    sum.results_from.extend(one.from.iter().copied());
                }
            }
        };
        for month in past(given.today) {
            add(&facts, month, false);
        }
        bounded(&mut facts.placements, &programmes);
        for ahead in 0..MONTHS {
            add(&facts, months_later(this, ahead), true);
        }
        let end = months_later(this, MONTHS);
        for one in of_jobs(&facts, &programmes, given.today) {
            let unwritten = matches!(one.stage, Stage::Due | Stage::Coming);
            if unwritten && (this..end).contains(&one.date) && super::of_unit(given, &one.placement.unit) {
                let unit = units.entry(one.placement.unit.clone()).or_default();
                let sum = unit.entry(one.date.first_of_month()).or_default();
                sum.results += one.ore.unwrap_or(0);
                sum.results_from.extend(one.from());
            }
        }
        let months: Vec<Date> = (-MONTHS..MONTHS).map(|n| months_later(this, n)).collect();
        let mut sums: BTreeMap<Date, i64> = BTreeMap::new();
        let rows = units
            .iter()
            .flat_map(|(name, of)| months.iter().map(move |month| (name, *month, of.get(month))))
            .map(|(name, month, of)| {
                let none = Sum::default();
                let sum = of.unwrap_or(&none);
                *sums.entry(month).or_default() += sum.day + sum.results;
                let basis = if month < this {
                    both("enligt underlaget", "by the records")
                } else {
                    both("prognos", "forecast")
                };
                Line {
                    key: format!("{name}/{}", month_text(month)),
                    tone: Tone::Plain,
                    cells: vec![
                        unit(name).into(),
                        Figure::Month(month).into(),
                        basis.into(),
                        Cell::from(Figure::Money(sum.day)).out_of(sources(&sum.day_from)),
                        Cell::from(Figure::Money(sum.results)).out_of(sources(&sum.results_from)),
                        Figure::Money(sum.day + sum.results).into(),
                    ],
                }
            })
            .collect::<Vec<_>>();
        let mut notes = super::sources_of(&programmes, given.today, given.today);
        if !attended.is_empty() {
            let names = attended.join(", ");
            notes.push(both(
                format!("Ersättning per närvarodag ({names}) är inte med."),
                format!("Pay by attended day ({names}) is not included."),
            ));
        }
        Ok(Sheet {
            caption: both(format!("Prognos från {}", month_text(this)), format!("Forecast from {}", month_text(this))),
            plots: vec![Plot {
                title: both("Belopp per månad", "Amounts by month"),
                description: both(
                    "Sex månader enligt underlaget och sex i prognos; beloppen står i tabellen.",
                    "Six months by the records and six in forecast; the amounts stand in the table.",
                ),
                table: "months",
                form: PlotForm::Line,
                points: months
                    .iter()
                    .map(|month| (both(month_text(*month), month_text(*month)), sums.get(month).copied().unwrap_or(0)))
                    .collect(),
                unit: PlotUnit::Money,
            }],
            tables: vec![Table {
                name: "months",
                caption: both("Per enhet och månad", "By unit and month"),
                columns: vec![
                    Column::new("unit", "Enhet", "Unit"),
                    Column::new("month", "Månad", "Month"),
                    Column::new("basis", "Grund", "Basis"),
                    Column::new("amount", "Dagersättning", "Day pay"),
                    Column::new("results", "Resultat", "Results"),
                    Column::new("sum", "Tillsammans", "Together"),
                ],
                rows,
                total: None,
            }],
            notes,
            ..Sheet::default()
        })
    }
}

fn past(today: Date) -> impl Iterator<Item = Date> {
    let this = today.first_of_month();
    (-MONTHS..0).map(move |n| months_later(this, n))
}

fn by_placed_day(programmes: &Programmes, programme: &str, level: &str, month: Date) -> bool {
    let price = programmes.named(programme).and_then(|one| one.price_at(level, month.last_of_month()));
    price.is_some_and(|price| price.per == Per::PlacedDay)
}

/// Who has no last day is taken to stay as long as the programme lasts at most.
fn bounded(placements: &mut [Placement], programmes: &Programmes) {
    for placement in placements.iter_mut().filter(|one| one.until.is_none()) {
        let rules = programmes.named(&placement.programme).and_then(|one| one.rules.last());
        if let Some(months) = rules.and_then(|rules| rules.longest_months) {
            placement.until = Some(later(months_later(placement.from, months), -1));
        }
    }
}
