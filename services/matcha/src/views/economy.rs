//! The economy of twelve months: amounts by unit, programme and month, by the records and as they were frozen, invoiced and paid.

use std::collections::BTreeMap;

use jiff::civil::Date;
use service::{
    Cell, Column, Figure, Given, Line, Need, Parameter, ParameterForm, Plot, PlotForm, PlotUnit, Sheet, Sources, Table,
    Tone, View, both,
};
use terms::{Label, RecordId};

use super::{month_parameter, unit, unit_parameter};
use crate::amounts::{What, amounts, sources};
use crate::days::{days_of_month, month_text, months_later};
use crate::rows::{self, Facts, Seen};

/// Months that are shown.
const MONTHS: i64 = 12;

pub(crate) struct Economy;

/// What a unit's month in a programme comes to, with the records.
#[derive(Default)]
struct Sum {
    participants: Vec<RecordId>,
    day: i64,
    results: i64,
    blocked: i64,
    /// By the state of claims: verified, invoiced, paid.
    claimed: [i64; 3],
    from: Vec<(&'static str, Seen)>,
    claims: [Vec<RecordId>; 3],
}

impl View for Economy {
    fn path(&self) -> &'static str {
        "ekonomi"
    }

    fn label(&self) -> Label {
        both("Ekonomi över tid", "Economy over time")
    }

    fn about(&self) -> Label {
        both(
            "Belopp per enhet, program och månad under tolv månader: enligt underlaget, och vad som är verifierat, fakturerat och betalt.",
            "Amounts by unit, programme and month over twelve months: by the records, and what is verified, invoiced and paid.",
        )
    }

    fn parameters(&self) -> Vec<Parameter> {
        let programme = Parameter {
            name: "programme",
            label: both("Program", "Programme"),
            form: ParameterForm::List("programmes"),
        };
        vec![Parameter { label: both("Till och med", "Up to"), ..month_parameter() }, unit_parameter(), programme]
    }

    fn kind(&self) -> &'static str {
        "claim"
    }

    fn needs(&self, given: &Given<'_>) -> Vec<Need> {
        let months: Vec<String> = months(given).into_iter().map(month_text).collect();
        // Also those of other units: a placement elsewhere ends the one here.
        let mut needs = vec![rows::PLACEMENT, rows::RESULT, rows::PAUSE];
        needs.push(rows::with(rows::REPORT, "month", months.clone()));
        needs.push(rows::with(rows::CLAIM, "period", months));
        if super::pays_by_attendance(given) {
            let days = self::months(given).into_iter().flat_map(days_of_month).collect();
            needs.push(rows::with(rows::ATTENDANCE, "date", days).optional());
        }
        needs
    }

    fn sheet(&self, given: &Given<'_>) -> Result<Sheet, Label> {
        let programmes = super::programmes(given)?;
        let facts = Facts::of(given);
        let months = months(given);
        let (Some(first), Some(last)) = (months.first().copied(), months.last().copied()) else {
            return Err(both("Välj en månad.", "Choose a month."));
        };
        let chosen = given.arguments.get("programme");
        let wanted = |unit: &str, programme: &str| {
            super::of_unit(given, unit) && chosen.is_none_or(|chosen| chosen == programme)
        };
        let mut places: BTreeMap<(String, String, Date), Sum> = BTreeMap::new();
        for month in &months {
            for one in amounts(&facts, &programmes, *month).iter().filter(|one| wanted(&one.unit, &one.programme)) {
                let sum = places.entry((one.unit.clone(), one.programme.clone(), *month)).or_default();
                sum.participants.push(one.participant);
                match one.what {
                    What::Day => sum.day += one.claimable(),
                    What::Rr1 | What::Rr2 => sum.results += one.claimable(),
                }
                sum.blocked += one.full() - one.claimable();
                sum.from.extend(one.from.iter().copied());
            }
        }
        for claim in facts.claims.iter().filter(|one| months.contains(&one.period) && wanted(&one.unit, &one.programme))
        {
            let state = match claim.state.as_str() {
                "verified" => 0,
                "invoiced" => 1,
                "paid" | "revised" => 2,
                _ => continue,
            };
            let sum = places.entry((claim.unit.clone(), claim.programme.clone(), claim.period)).or_default();
            if let (Some(amount), Some(claims)) = (sum.claimed.get_mut(state), sum.claims.get_mut(state)) {
                *amount += claim.amount;
                claims.push(claim.seen.0);
            }
        }
        let by_month = by_month(&months, &places);
        let points = by_month.iter().map(|(month, sum)| {
            let under = month_text(*month);
            (both(under.clone(), under), sum.day + sum.results)
        });
        let (from, until) = (month_text(first), month_text(last));
        Ok(Sheet {
            caption: both(format!("{from} till {until}"), format!("{from} to {until}")),
            plots: vec![Plot {
                title: both("Belopp enligt underlaget, per månad", "Amounts by the records, by month"),
                description: both(
                    "En stapel per månad: dagersättning och resultat; beloppen står i tabellen.",
                    "A bar for each month: day pay and results; the amounts stand in the table.",
                ),
                table: "months",
                form: PlotForm::Bars,
                points: points.collect(),
                unit: PlotUnit::Money,
            }],
            tables: vec![
                Table {
                    name: "months",
                    caption: both("Per månad", "By month"),
                    columns: columns(false),
                    rows: by_month.iter().map(|(month, sum)| month_line(*month, sum)).collect(),
                    total: Some(total(by_month.values())),
                },
                Table {
                    name: "programmes",
                    caption: both("Per enhet, program och månad", "By unit, programme and month"),
                    columns: columns(true),
                    rows: places.iter().map(|(place, sum)| place_line(place, sum)).collect(),
                    total: None,
                },
            ],
            notes: super::sources_of(&programmes, first, last.last_of_month()),
            ..Sheet::default()
        })
    }
}

/// The chosen month and those before it, the oldest first.
fn months(given: &Given<'_>) -> Vec<Date> {
    let Some(last) = given.arguments.month("month") else { return Vec::new() };
    (1 - MONTHS..=0).map(|n| months_later(last, n)).collect()
}

fn by_month(months: &[Date], places: &BTreeMap<(String, String, Date), Sum>) -> BTreeMap<Date, Sum> {
    let mut all: BTreeMap<Date, Sum> = months.iter().map(|month| (*month, Sum::default())).collect();
    for ((_, _, month), sum) in places {
        all.entry(*month).or_default().merge(sum);
    }
    all
}

impl Sum {
    fn merge(&mut self, other: &Self) {
        self.participants.extend(&other.participants);
        self.day += other.day;
        self.results += other.results;
        self.blocked += other.blocked;
        self.from.extend(&other.from);
        for (to, from) in self.claimed.iter_mut().zip(other.claimed) {
            *to += from;
        }
        for (to, from) in self.claims.iter_mut().zip(&other.claims) {
            to.extend(from);
        }
    }

    /// Each participant once, whatever they are paid for.
    fn heads(&self) -> i64 {
        let mut once = self.participants.clone();
        once.sort_unstable();
        once.dedup();
        once.len() as i64
    }

    fn figures(&self) -> Vec<Cell> {
        let mut cells = vec![
            Figure::from(self.heads()).into(),
            Figure::Money(self.day).into(),
            Figure::Money(self.results).into(),
            Figure::Money(self.blocked).into(),
            Cell::from(Figure::Money(self.day + self.results)).out_of(sources(&self.from)),
        ];
        for (amount, claims) in self.claimed.iter().zip(&self.claims) {
            cells.push(Cell::from(Figure::Money(*amount)).out_of(Sources::of("claim", claims.iter().copied())));
        }
        cells
    }
}

fn month_line(month: Date, sum: &Sum) -> Line {
    let mut cells: Vec<Cell> = vec![Figure::Month(month).into()];
    cells.extend(sum.figures());
    Line { key: month_text(month), tone: Tone::Plain, cells }
}

fn place_line((name, programme, month): &(String, String, Date), sum: &Sum) -> Line {
    let mut cells: Vec<Cell> =
        vec![unit(name).into(), super::programme(programme).into(), Figure::Month(*month).into()];
    cells.extend(sum.figures());
    Line { key: format!("{name}/{programme}/{}", month_text(*month)), tone: Tone::Plain, cells }
}

fn total<'s>(months: impl Iterator<Item = &'s Sum>) -> Line {
    let all = months.fold(Sum::default(), |mut all, sum| {
        all.merge(sum);
        all
    });
    let mut cells: Vec<Cell> = vec![Figure::from(both("Summa", "Total")).into()];
    cells.extend(all.figures());
    Line { key: "total".to_owned(), tone: Tone::Plain, cells }
}

fn columns(places: bool) -> Vec<Column> {
    let mut columns = Vec::new();
    if places {
        columns.push(Column::new("unit", "Enhet", "Unit"));
        columns.push(Column::new("programme", "Program", "Programme"));
    }
    columns.extend([
        Column::new("month", "Månad", "Month"),
        Column::new("count", "Deltagare", "Participants"),
        Column::new("day-pay", "Dagersättning", "Day pay"),
        Column::new("results", "Resultat", "Results"),
        Column::new("blocked", "Spärrat", "Blocked"),
        Column::new("sum", "Enligt underlaget", "By the records"),
        Column::new("verified", "Verifierat", "Verified"),
        Column::new("invoiced", "Fakturerat", "Invoiced"),
        Column::new("paid", "Betalt", "Paid"),
    ]);
    columns
}
