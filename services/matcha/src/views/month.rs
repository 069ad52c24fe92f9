//! The month report: activities and amounts per participant, case worker, programme, level and unit, and what has changed since something was
//! verified.

use std::collections::BTreeMap;

use jiff::civil::Date;
use service::{
    Cell, Column, Figure, Given, Line, Need, Parameter, Plot, PlotForm, PlotUnit, Sheet, Sources, Table, Tone, View,
    Warning, both,
};
use terms::{Label, RecordId};

use super::{hours, month_parameter, unit, unit_parameter};
use crate::amounts::{Amount, Blocked, Held, What, amounts};
use crate::claims::{Standing, standings};
use crate::days::{days_of_month, month_text};
use crate::rows::{self, Facts};

pub(crate) struct Month;

impl View for Month {
    fn path(&self) -> &'static str {
        "manadsrapport"
    }

    fn label(&self) -> Label {
        both("Månadsrapport", "Month report")
    }

    fn about(&self) -> Label {
        both(
            "Aktiviteter och belopp per deltagare, handledare, program, nivå och enhet. Varje siffra öppnar de poster som den räknats ur.",
            "Activities and amounts per participant, case worker, programme, level and unit. Each figure opens the records that it was computed from.",
        )
    }

    fn parameters(&self) -> Vec<Parameter> {
        vec![month_parameter(), unit_parameter()]
    }

    fn kind(&self) -> &'static str {
        "placement"
    }

    fn needs(&self, given: &Given<'_>) -> Vec<Need> {
        let Some(month) = given.arguments.month("month") else { return Vec::new() };
        let mut needs = super::amount_needs(given, month);
        needs.push(rows::with(rows::ACTIVITY, "date", days_of_month(month)).optional());
        if given.has("placement") {
            let placed = super::names_of(super::placed_between(given, month, month.last_of_month()));
            needs.push(Need { fields: &["case-worker"], ..placed });
            needs.push(Need::all("user", &[]).named().optional());
        }
        needs
    }

    fn sheet(&self, given: &Given<'_>) -> Result<Sheet, Label> {
        let Some(month) = given.arguments.month("month") else {
            return Err(both("Välj en månad.", "Choose a month."));
        };
        let programmes = super::programmes(given)?;
        let mut facts = Facts::of(given);
        facts.claims.retain(|claim| super::of_unit(given, &claim.unit));
        let mut amounts = amounts(&facts, &programmes, month);
        amounts.retain(|one| super::of_unit(given, &one.unit));
        let held = held(&facts, month, given.today);
        let standings = standings(&facts, &amounts, &programmes, month);
        let mut lines: BTreeMap<Place, Sum<'_>> = BTreeMap::new();
        for (group, standing) in &standings {
            let place = Place {
                unit: group.unit.clone(),
                programme: group.programme.clone(),
                level: group.level.clone(),
                participant: Some(group.participant),
            };
            lines.entry(place).or_default().add(standing);
        }
        let mut groups: BTreeMap<Place, Sum<'_>> = BTreeMap::new();
        let mut of_groups: BTreeMap<Place, Vec<RecordId>> = BTreeMap::new();
        for (place, sum) in &lines {
            let whole = Place { participant: None, ..place.clone() };
            groups.entry(whole.clone()).or_default().merge(sum);
            of_groups.entry(whole).or_default().extend(place.participant);
        }
        let all: Sum<'_> = groups.values().fold(Sum::default(), |mut all, sum| {
            all.merge(sum);
            all
        });
        let participants = lines.iter().map(|(place, sum)| participant_line(place, sum, &held)).collect();
        let units = groups
            .iter()
            .map(|(place, sum)| unit_line(place, sum, of_groups.get(place).map_or(&[], Vec::as_slice), &held))
            .collect();
        let workers = workers(given, &lines);
        let of_workers = workers.iter().map(|(worker, (sum, of))| worker_line(*worker, sum, of, &held)).collect();
        let everybody: Vec<RecordId> = lines.keys().filter_map(|place| place.participant).collect();
        let total = total_line(&all, &everybody, &held);
        let text = month_text(month);
        Ok(Sheet {
            caption: both(format!("Månadsrapport för {text}"), format!("Month report for {text}")),
            warnings: warnings(&amounts, &standings),
            plots: vec![plot(&groups, &text)],
            tables: vec![
                Table {
                    name: "units",
                    caption: both("Per enhet, program och nivå", "By unit, programme and level"),
                    columns: columns(Of::Units),
                    rows: units,
                    total: Some(total),
                },
                Table {
                    name: "case-workers",
                    caption: both("Per handledare", "By case worker"),
                    columns: columns(Of::Workers),
                    rows: of_workers,
                    total: None,
                },
                Table {
                    name: "participants",
                    caption: both("Per deltagare", "By participant"),
                    columns: columns(Of::Participants),
                    rows: participants,
                    total: None,
                },
            ],
            notes: super::sources_of(&programmes, month, month.last_of_month()),
            acts: Vec::new(),
        })
    }
}

/// Where a line belongs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    unit: String,
    programme: String,
    level: String,
    participant: Option<RecordId>,
}

impl Place {
    fn key(&self) -> String {
        let participant = self.participant.map(|one| format!("/{one}")).unwrap_or_default();
        format!("{}/{}/{}{participant}", self.unit, self.programme, self.level)
    }
}

/// What a line adds up to.
#[derive(Default)]
struct Sum<'f> {
    days: i64,
    day_pay: i64,
    results: i64,
    blocked: i64,
    frozen: i64,
    difference: i64,
    changed: bool,
    standings: Vec<&'f Standing<'f>>,
}

impl<'f> Sum<'f> {
    fn add(&mut self, standing: &'f Standing<'f>) {
        let of = |what: fn(&What) -> bool| -> i64 {
            standing.computed.iter().filter(|one| what(&one.what)).map(|one| one.claimable()).sum()
        };
        self.days += standing.computed.iter().filter(|one| one.what == What::Day).map(|one| one.days).sum::<i64>();
        self.day_pay += of(|what| *what == What::Day);
        self.results += of(|what| *what != What::Day);
        self.blocked += standing.blocked();
        self.frozen += standing.frozen_amount();
        self.difference += standing.difference();
        self.changed |= standing.changed();
        self.standings.push(standing);
    }

    fn merge(&mut self, other: &Sum<'f>) {
        self.days += other.days;
        self.day_pay += other.day_pay;
        self.results += other.results;
        self.blocked += other.blocked;
        self.frozen += other.frozen;
        self.difference += other.difference;
        self.changed |= other.changed;
        self.standings.extend(other.standings.iter().copied());
    }

    fn from(&self, wanted: impl Fn(&Amount) -> bool) -> Sources {
        let mut all = Vec::new();
        for standing in &self.standings {
            for one in standing.computed.iter().filter(|one| wanted(one)) {
                all.extend(one.from.iter().copied());
            }
        }
        crate::amounts::sources(&all)
    }

    fn claims(&self) -> Sources {
        Sources::of("claim", self.standings.iter().flat_map(|one| one.frozen.iter().map(|claim| claim.seen.0)))
    }

    fn everything(&self) -> Sources {
        self.standings.iter().fold(Sources::default(), |all, one| all.and(&one.sources()))
    }
}

fn held(facts: &Facts, month: Date, today: Date) -> BTreeMap<RecordId, Held> {
    let mut held: BTreeMap<RecordId, Held> = BTreeMap::new();
    for activity in facts.activities.iter().filter(|one| one.date.first_of_month() == month) {
        held.entry(activity.participant).or_default().add(activity, today);
    }
    held
}

/// What the lines of a table are of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Units,
    Workers,
    Participants,
}

fn columns(of: Of) -> Vec<Column> {
    let unit = || Column::new("unit", "Enhet", "Unit");
    let count = || Column::new("count", "Deltagare", "Participants");
    let mut columns = match of {
        Of::Units => vec![unit(), count()],
        Of::Workers => vec![Column::new("case-worker", "Handledare", "Case worker"), count()],
        Of::Participants => vec![Column::new("participant", "Deltagare", "Participant"), unit()],
    };
    if of != Of::Workers {
        columns.push(Column::new("programme", "Program", "Programme"));
        columns.push(Column::new("level", "Nivå", "Level"));
    }
    columns.extend([
        Column::new("days", "Dagar", "Days"),
        Column::new("occasions", "Tillfällen", "Occasions"),
        Column::new("hours", "Timmar", "Hours"),
        Column::new("physical", "Fysiskt", "In person"),
        Column::new("day-pay", "Dagersättning", "Day pay"),
        Column::new("results", "Resultat", "Results"),
        Column::new("blocked", "Spärrat", "Blocked"),
        Column::new("frozen", "Verifierat", "Verified"),
        Column::new("difference", "Skillnad", "Difference"),
    ]);
    if of == Of::Participants {
        columns.push(Column::new("changed", "Ändrat efter verifiering", "Changed after verifying"));
    }
    columns
}

/// The figures that all tables have.
fn figures(sum: &Sum<'_>, of: &[&Held]) -> Vec<Cell> {
    let occasions: i64 = of.iter().map(|one| one.occasions).sum();
    let physical: i64 = of.iter().map(|one| one.physical).sum();
    let held = Sources::of("activity", of.iter().flat_map(|one| one.from.iter().copied()));
    let days = |one: &Amount| one.what == What::Day;
    vec![
        Cell::from(Figure::from(sum.days)).out_of(sum.from(days)),
        Cell::from(Figure::from(occasions)).out_of(held.clone()),
        Cell::from(hours(of.iter().map(|one| one.hours).sum())).out_of(held.clone()),
        Cell::from(Figure::Share { part: physical, of: occasions }).out_of(held),
        Cell::from(Figure::Money(sum.day_pay)).out_of(sum.from(|one| days(one) && one.blocked.is_none())),
        Cell::from(Figure::Money(sum.results)).out_of(sum.from(|one| !days(one))),
        Cell::from(Figure::Money(sum.blocked)).out_of(sum.from(|one| one.blocked.is_some())),
        Cell::from(Figure::Money(sum.frozen)).out_of(sum.claims()),
        Cell::from(Figure::Money(sum.difference)).out_of(if sum.difference == 0 {
            Sources::default()
        } else {
            sum.everything()
        }),
    ]
}

fn participant_line(place: &Place, sum: &Sum<'_>, held: &BTreeMap<RecordId, Held>) -> Line {
    let of: Vec<&Held> = place.participant.iter().filter_map(|one| held.get(one)).collect();
    let who = place.participant.map_or(Figure::Nothing, |record| Figure::Record { kind: "participant", record });
    let mut cells: Vec<Cell> = vec![
        who.into(),
        unit(&place.unit).into(),
        super::programme(&place.programme).into(),
        super::level(&place.level).into(),
    ];
    cells.extend(figures(sum, &of));
    let later = sum.standings.iter().fold(Sources::default(), |all, one| all.and(&crate::amounts::sources(&one.later)));
    cells.push(match sum.changed {
        true => {
            Cell::from(Figure::from(both("ja", "yes"))).out_of(if later.is_empty() { sum.everything() } else { later })
        }
        false => Figure::Nothing.into(),
    });
    let tone = if sum.difference != 0 || sum.changed {
        Tone::Late
    } else if sum.blocked != 0 {
        Tone::Soon
    } else {
        Tone::Plain
    };
    Line { key: place.key(), tone, cells }
}

fn unit_line(place: &Place, sum: &Sum<'_>, participants: &[RecordId], held: &BTreeMap<RecordId, Held>) -> Line {
    let of: Vec<&Held> = participants.iter().filter_map(|one| held.get(one)).collect();
    let mut cells: Vec<Cell> = vec![
        unit(&place.unit).into(),
        Figure::from(participants.len() as i64).into(),
        super::programme(&place.programme).into(),
        super::level(&place.level).into(),
    ];
    cells.extend(figures(sum, &of));
    Line { key: place.key(), tone: Tone::Plain, cells }
}

/// A case worker's sums, with the participants.
type OfWorker<'f> = (Sum<'f>, Vec<RecordId>);

/// The month by case worker: whose participants they are now, as their files say. Those of nobody stand last.
fn workers<'f>(given: &Given<'_>, lines: &BTreeMap<Place, Sum<'f>>) -> Vec<(Option<RecordId>, OfWorker<'f>)> {
    let mut worker_of: BTreeMap<RecordId, RecordId> = BTreeMap::new();
    given.each("participant", |row| {
        worker_of.extend(row.record("case-worker").map(|worker| (row.head.record, worker)));
    });
    let mut workers: BTreeMap<Option<RecordId>, OfWorker<'f>> = BTreeMap::new();
    for (place, sum) in lines {
        let Some(participant) = place.participant else { continue };
        let (all, of) = workers.entry(worker_of.get(&participant).copied()).or_default();
        all.merge(sum);
        of.push(participant);
    }
    let nobody = workers.remove(&None);
    workers.into_iter().chain(nobody.map(|of| (None, of))).collect()
}

fn worker_line(
    worker: Option<RecordId>,
    sum: &Sum<'_>,
    participants: &[RecordId],
    held: &BTreeMap<RecordId, Held>,
) -> Line {
    let mut once = participants.to_vec();
    once.sort_unstable();
    once.dedup();
    let of: Vec<&Held> = once.iter().filter_map(|one| held.get(one)).collect();
    let who = worker.map_or_else(
        || Figure::from(both("ingen handledare", "no case worker")),
        |record| Figure::Record { kind: "user", record },
    );
    let mut cells: Vec<Cell> = vec![who.into(), Figure::from(once.len() as i64).into()];
    cells.extend(figures(sum, &of));
    let key = worker.map_or_else(|| "nobody".to_owned(), |worker| worker.to_string());
    Line { key, tone: Tone::Plain, cells }
}

fn total_line(sum: &Sum<'_>, everybody: &[RecordId], held: &BTreeMap<RecordId, Held>) -> Line {
    let mut once = everybody.to_vec();
    once.sort_unstable();
    once.dedup();
    // Whoever changed unit or level in the month stands on two lines, and here once.
    let of: Vec<&Held> = once.iter().filter_map(|one| held.get(one)).collect();
    let mut cells: Vec<Cell> = vec![
        Figure::from(both("Summa", "Total")).into(),
        Figure::from(once.len() as i64).into(),
        Figure::Nothing.into(),
        Figure::Nothing.into(),
    ];
    cells.extend(figures(sum, &of));
    Line { key: "total".to_owned(), tone: Tone::Plain, cells }
}

fn warnings(amounts: &[Amount], standings: &BTreeMap<crate::claims::Group, Standing<'_>>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (why, sv, en) in [
        (
            Blocked::NoApprovedReport,
            "betalas inte förrän periodens rapport är godkänd",
            "are not paid before the period's report is approved",
        ),
        (Blocked::NotApproved, "är resultat som inte är godkända", "are results that are not approved"),
        (
            Blocked::Withheld,
            "betalas efter närvaro, som din roll inte får läsa",
            "are paid by attendance, which your role may not read",
        ),
        (
            Blocked::NoPrice,
            "saknar pris i kundens fil; lägg till det med datum och källa",
            "have no price in the customer's file; add it with date and source",
        ),
    ] {
        let of: Vec<&Amount> = amounts.iter().filter(|one| one.blocked == Some(why)).collect();
        if of.is_empty() {
            continue;
        }
        let from = of.iter().fold(Sources::default(), |all, one| all.and(&one.sources()));
        let count = of.len();
        let lines = |one: &'static str, more: &'static str| if count == 1 { one } else { more };
        let text = both(
            format!("{count} {} {sv}.", lines("rad", "rader")),
            format!("{count} {} {en}.", lines("line", "lines")),
        );
        warnings.push(Warning { text, from });
    }
    let changed: Vec<_> = standings.values().filter(|one| one.changed()).collect();
    if !changed.is_empty() {
        let difference: i64 = changed.iter().map(|one| one.difference()).sum();
        let (count, difference) = (changed.len(), crate::claims::money(difference));
        let from = changed.iter().fold(Sources::default(), |all, one| all.and(&one.sources()));
        let text = both(
            format!(
                "Underlaget har ändrats efter verifieringen för {count}; skillnaden är {difference} kr. Den blir en egen rad när den verifieras, och det verifierade står kvar."
            ),
            format!(
                "The sources have changed after verifying for {count}; the difference is {difference} kr. It becomes a line of its own when it is verified, and what was verified stays."
            ),
        );
        warnings.push(Warning { text, from });
    }
    warnings
}

fn plot(groups: &BTreeMap<Place, Sum<'_>>, month: &str) -> Plot {
    let mut units: BTreeMap<&str, i64> = BTreeMap::new();
    for (place, sum) in groups {
        *units.entry(&place.unit).or_default() += sum.day_pay + sum.results;
    }
    Plot {
        title: both(format!("Belopp per enhet, {month}"), format!("Amounts by unit, {month}")),
        description: both(
            "En stapel per enhet; samma belopp står i tabellen.",
            "A bar for each unit; the same amounts stand in the table.",
        ),
        table: "units",
        form: PlotForm::Bars,
        points: units.into_iter().map(|(unit, ore)| (both(unit, unit), ore)).collect(),
        unit: PlotUnit::Money,
    }
}
