//! The result report: what each job has given or will give, what is written and approved of it, and the results that can be
//! written now.

use std::collections::BTreeMap;

use jiff::civil::Date;
use service::{
    At, Cell, Column, Figure, Given, Line, Need, Parameter, ParameterForm, Proposal, Sheet, Table, Tone, View, Write,
    both,
};
use terms::{Label, RecordId};

use super::{unit, unit_parameter};
use crate::amounts::sources;
use crate::claims::money;
use crate::results::{OfJob, Stage, of_jobs};
use crate::rows::{self, Facts};

pub(crate) struct Results;

impl View for Results {
    fn path(&self) -> &'static str {
        "resultatrapport"
    }

    fn label(&self) -> Label {
        both("Resultatrapport", "Result report")
    }

    fn about(&self) -> Label {
        both(
            "Vad varje jobb har gett eller kommer att ge i resultat, och de resultat som kan skrivas in nu.",
            "What each job has given or will give as a result, and the results that can be written now.",
        )
    }

    fn parameters(&self) -> Vec<Parameter> {
        vec![Parameter { name: "date", label: both("Dag", "Day"), form: ParameterForm::Date }, unit_parameter()]
    }

    fn kind(&self) -> &'static str {
        "result"
    }

    fn needs(&self, given: &Given<'_>) -> Vec<Need> {
        let mut needs = vec![rows::PLACEMENT, rows::RESULT, rows::JOB];
        if given.has("job") {
            let mut participants: Vec<RecordId> = Vec::new();
            let mut of_unit: BTreeMap<RecordId, bool> = BTreeMap::new();
            // Nobody's name is opened who is not shown: of a chosen unit those that were ever placed there.
            given.each("placement", |row| {
                if let Some(participant) = row.head.parent {
                    *of_unit.entry(participant).or_default() |= super::of_unit(given, row.text("unit"));
                }
            });
            given.each("job", |row| {
                participants.extend(row.head.parent.filter(|one| of_unit.get(one).copied().unwrap_or(false)));
            });
            participants.sort_unstable();
            participants.dedup();
            needs.push(super::names_of(participants));
        }
        needs
    }

    fn sheet(&self, given: &Given<'_>) -> Result<Sheet, Label> {
        let programmes = super::programmes(given)?;
        let day = given.arguments.date("date").unwrap_or(given.today);
        let knows = |one: &crate::programme::Programme| one.rules.iter().any(|row| row.first_result_months.is_some());
        if !programmes.0.iter().any(knows) {
            return Err(both(
                "Kundens fil säger inte hur länge ett jobb ska vara för att ge ett resultat. Lägg till first-result-months och second-result-months bland programmets regler.",
                "The customer's file does not say how long a job must last to give a result. Add first-result-months and second-result-months to the programme's rules.",
            ));
        }
        let facts = Facts::of(given);
        let all: Vec<OfJob<'_>> = of_jobs(&facts, &programmes, day)
            .into_iter()
            .filter(|one| super::of_unit(given, &one.placement.unit))
            .collect();
        // Only what has come by the real day is written, whatever day is looked at.
        let due: Vec<&OfJob<'_>> =
            all.iter().filter(|one| one.stage == Stage::Due && one.date <= given.today).collect();
        let sum: i64 = due.iter().filter_map(|one| one.ore).sum();
        let count = due.len();
        let write = Proposal {
            name: "write",
            label: both("Skriv in resultaten", "Write the results"),
            what: both(
                format!(
                    "{count} resultat som jobben har gett skrivs in och väntar på godkännande, tillsammans {} kr. Underlaget läggs till på vart och ett.",
                    money(sum)
                ),
                format!(
                    "{count} results that jobs have given are written and wait for approval, {} kr together. Evidence is added to each.",
                    money(sum)
                ),
            ),
            writes: due.iter().map(|one| writing(one)).collect(),
        };
        let mut lines: Vec<&OfJob<'_>> = all.iter().collect();
        lines.sort_by_key(|one| (one.stage, one.date, one.participant, one.second));
        let in_stage = |stage: Stage| all.iter().filter(|one| one.stage == stage).count();
        let (waiting, approved, coming) =
            (in_stage(Stage::Waiting), in_stage(Stage::Approved), in_stage(Stage::Coming));
        Ok(Sheet {
            caption: both(
                format!(
                    "{day}: {} kan skrivas in, {waiting} väntar, {approved} är godkända, {coming} kommer",
                    in_stage(Stage::Due)
                ),
                format!(
                    "{day}: {} can be written, {waiting} wait, {approved} are approved, {coming} are to come",
                    in_stage(Stage::Due)
                ),
            ),
            tables: vec![of_units(&all), table(&lines)],
            acts: vec![write],
            notes: notes(&programmes, day),
            ..Sheet::default()
        })
    }
}

fn writing(one: &OfJob<'_>) -> Write {
    let which = code(one.second);
    Write {
        kind: "result",
        at: At::Under(one.participant),
        values: vec![("which", which.to_owned()), ("date", one.date.to_string()), ("kind", "job".to_owned())],
        state: None,
        once: format!("result/{}/{which}/{}", one.job.seen.0, one.date),
    }
}

const fn code(second: bool) -> &'static str {
    if second { "rr2" } else { "rr1" }
}

fn table(lines: &[&OfJob<'_>]) -> Table {
    let rows = lines.iter().map(|one| {
        let price = one.ore.map_or(Figure::Nothing, Figure::Money);
        Line {
            key: format!("{}/{}", one.job.seen.0, code(one.second)),
            tone: match one.stage {
                Stage::Due => Tone::Late,
                Stage::Waiting => Tone::Soon,
                _ => Tone::Plain,
            },
            cells: vec![
                Figure::Record { kind: "participant", record: one.participant }.into(),
                unit(&one.placement.unit).into(),
                super::programme(&one.placement.programme).into(),
                super::level(&one.placement.level).into(),
                Figure::Date(one.job.start).into(),
                employment(&one.job.form).into(),
                super::what(code(one.second)).into(),
                Cell::from(Figure::Date(one.date)).out_of(sources(&one.from())),
                said(one.stage).into(),
                price.into(),
            ],
        }
    });
    Table {
        name: "results",
        caption: both("Per jobb", "By job"),
        columns: vec![
            Column::new("participant", "Deltagare", "Participant"),
            Column::new("unit", "Enhet", "Unit"),
            Column::new("programme", "Program", "Programme"),
            Column::new("level", "Nivå", "Level"),
            Column::new("start", "Jobbets första dag", "First day of the job"),
            Column::new("employment", "Anställning", "Employment"),
            Column::new("what", "Resultat", "Result"),
            Column::new("date", "Uppfyllt", "Fulfilled"),
            Column::new("stage", "Läge", "State"),
            Column::new("amount", "Belopp", "Amount"),
        ],
        rows: rows.collect(),
        total: None,
    }
}

/// How much of each there is, by unit, programme and level.
fn of_units(all: &[OfJob<'_>]) -> Table {
    let stages = [Stage::Due, Stage::Waiting, Stage::Approved, Stage::Coming];
    let mut places: BTreeMap<(&str, &str, &str), Vec<&OfJob<'_>>> = BTreeMap::new();
    for one in all {
        let placement = one.placement;
        places.entry((&placement.unit, &placement.programme, &placement.level)).or_default().push(one);
    }
    let figures = |of: &[&OfJob<'_>]| -> Vec<Cell> {
        let mut cells = Vec::new();
        for stage in stages {
            let there: Vec<_> = of.iter().filter(|one| one.stage == stage).collect();
            let from: Vec<_> = there.iter().flat_map(|one| one.from()).collect();
            cells.push(Cell::from(Figure::from(there.len() as i64)).out_of(sources(&from)));
            cells.push(Figure::Money(there.iter().filter_map(|one| one.ore).sum()).into());
        }
        cells
    };
    let rows = places
        .iter()
        .map(|((name, programme, level), of)| {
            let mut cells = vec![unit(name).into(), super::programme(programme).into(), super::level(level).into()];
            cells.extend(figures(of));
            Line { key: format!("{name}/{programme}/{level}"), tone: Tone::Plain, cells }
        })
        .collect::<Vec<_>>();
    let mut total: Vec<Cell> = vec![Figure::from(both("Summa", "Total")).into()];
    total.extend((0..2).map(|_| Cell::from(Figure::Nothing)));
    total.extend(figures(&all.iter().collect::<Vec<_>>()));
    Table {
        name: "units",
        caption: both("Per enhet, program och nivå", "By unit, programme and level"),
        columns: vec![
            Column::new("unit", "Enhet", "Unit"),
            Column::new("programme", "Program", "Programme"),
            Column::new("level", "Nivå", "Level"),
            Column::new("due", "Kan skrivas in", "Can be written"),
            Column::new("due-amount", "Belopp", "Amount"),
            Column::new("waiting", "Väntar", "Waiting"),
            Column::new("waiting-amount", "Belopp", "Amount"),
            Column::new("approved", "Godkända", "Approved"),
            Column::new("approved-amount", "Belopp", "Amount"),
            Column::new("coming", "Kommer", "To come"),
            Column::new("coming-amount", "Belopp", "Amount"),
        ],
        total: (!rows.is_empty()).then(|| Line { key: "total".to_owned(), tone: Tone::Plain, cells: total }),
        rows,
    }
}

fn said(stage: Stage) -> Label {
    match stage {
        Stage::Due => both("kan skrivas in", "can be written"),
        Stage::Waiting => both("väntar på godkännande", "waits for approval"),
        Stage::Coming => both("kommer, om jobbet varar", "to come, if the job lasts"),
        Stage::Approved => both("godkänt", "approved"),
        Stage::Ended => both("jobbet slutade innan", "the job ended before"),
    }
}

fn employment(form: &str) -> Label {
    match form {
        "permanent" => both("tillsvidare", "permanent"),
        "fixed-term" => both("tidsbegränsad", "fixed term"),
        "hourly" => both("timanställning", "by the hour"),
        "subsidised" => both("med anställningsstöd", "subsidised"),
        "own-firm" => both("eget företag", "own firm"),
        other => both(other, other),
    }
}

fn notes(programmes: &crate::programme::Programmes, day: Date) -> Vec<Label> {
    let mut notes = super::sources_of(programmes, day, day);
    for programme in &programmes.0 {
        let Some(rules) = programme.rules_at(day) else { continue };
        let (Some(first), Some(second)) = (rules.first_result_months, rules.second_result_months) else { continue };
        notes.push(both(
            format!(
                "{}: första resultatet efter {first} månader i jobbet, det uppföljda efter {second} ({})",
                programme.label.sv, rules.source
            ),
            format!(
                "{}: the first result after {first} months in the job, the followed-up one after {second} ({})",
                programme.label.en, rules.source
            ),
        ));
    }
    notes.push(both(
        "Ett jobb hör till den enhet och nivå som gällde när det började. Flera jobb i samma tid i programmet ger varje resultat en gång. Studier skrivs in för hand.",
        "A job belongs to the unit and level that held when it began. Several jobs in one stay give each result once. Studies are written by hand.",
    ));
    notes
}
