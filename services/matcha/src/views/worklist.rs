//! The case worker's view: who must be met when, what is late, which rule breaks when, and what the next week leaves undone if all
//! goes as planned.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use service::{
    Cell, Column, Figure, Given, Line, Need, Parameter, ParameterForm, Sheet, Sources, Table, Tone, View, Warning,
    Which, both,
};
use terms::{Label, RecordId};

use super::unit_parameter;
use crate::caseload::{Case, DAYS_BACK, Due, Rule};
use crate::days::{distance, later, monday};
use crate::programme::Programmes;
use crate::rows::{self, Facts};

/// Days ahead within which something is soon to be done.
const SOON_DAYS: i64 = 7;
/// Days ahead that are shown.
const SHOWN_DAYS: i64 = 35;

pub(crate) struct Worklist;

impl View for Worklist {
    fn path(&self) -> &'static str {
        "arbetslista"
    }

    fn label(&self) -> Label {
        both("Att göra", "To do")
    }

    fn about(&self) -> Label {
        both(
            "Vem ska träffas när, vad är försenat och vilken regel bryts när. Varje rad öppnar de poster som den räknats ur.",
            "Who must be met when, what is late and which rule breaks when. Each line opens the records that it was computed from.",
        )
    }

    fn parameters(&self) -> Vec<Parameter> {
        vec![
            Parameter { name: "date", label: both("Dag", "Day"), form: ParameterForm::Date },
            unit_parameter(),
            Parameter {
                name: "case-worker",
                label: both("Handledare", "Case worker"),
                form: ParameterForm::Record("user"),
            },
        ]
    }

    fn kind(&self) -> &'static str {
        "activity"
    }

    fn needs(&self, given: &Given<'_>) -> Vec<Need> {
        let mut needs = vec![
            Need::all("participant", &["unit", "case-worker"]).named(),
            Need::all("user", &[]).named().optional(),
            Need::all("employment", &["from", "until", "rate", "leave"]).optional(),
        ];
        if given.has("participant") {
            let under = |need: Need| need.which(Which::Under(chosen(given)));
            needs.push(under(rows::PLACEMENT));
            needs.push(under(rows::ACTIVITY));
            needs.push(under(rows::REPORT));
            needs.push(under(rows::PAUSE));
            needs.push(under(Need::all("plan", &["date"])));
            needs.push(under(Need::all("deviation", &["date"])));
            let day = day(given);
            let days = (0..=DAYS_BACK).map(|back| later(day, -back).to_string()).collect();
            needs.push(rows::with(rows::ATTENDANCE, "date", days));
        }
        needs
    }

    fn sheet(&self, given: &Given<'_>) -> Result<Sheet, Label> {
        let programmes = super::programmes(given)?;
        let day = day(given);
        let facts = Facts::of(given);
        let cases = cases(given, &facts);
        let workers = workers(given);
        let away = away(given, day);
        let next_sunday = later(monday(day), 13);
        let mut now: Vec<(RecordId, Due)> = Vec::new();
        let mut breaks: Vec<(RecordId, Due)> = Vec::new();
        for (participant, case) in &cases {
            for due in case.due(&programmes, day, None) {
                if distance(day, due.by) <= SHOWN_DAYS {
                    now.push((*participant, due));
                }
            }
            let if_planned = case.due(&programmes, day, Some(next_sunday));
            breaks.extend(if_planned.into_iter().filter(|due| due.by <= next_sunday).map(|due| (*participant, due)));
        }
        // What is late already is no news of next week.
        breaks.retain(|(who, due)| {
            !now.iter().any(|(other, old)| other == who && old.rule == due.rule && old.by < day && old.by == due.by)
        });
        now.sort_by_key(|(who, due)| (due.by, due.rule, *who));
        breaks.sort_by_key(|(who, due)| (due.by, due.rule, *who));
        let late = now.iter().filter(|(_, due)| due.by < day).count();
        let soon = now.iter().filter(|(_, due)| (0..=SOON_DAYS).contains(&distance(day, due.by))).count();
        let mut warnings = Vec::new();
        let absent: Vec<RecordId> = workers.values().flatten().filter(|one| away.contains(one)).copied().collect();
        if !absent.is_empty() {
            let without: Vec<RecordId> = cases
                .keys()
                .filter(|one| workers.get(one).copied().flatten().is_some_and(|worker| away.contains(&worker)))
                .copied()
                .collect();
            let count = without.len();
            warnings.push(Warning {
                text: both(
                    format!("{count} deltagare har en handledare som är ledig den dagen. Någon annan behöver träffa dem."),
                    format!("{count} participants have a case worker who is on leave that day. Somebody else must meet them."),
                ),
                from: service::Sources::of("participant", without),
            });
        }
        let unplaced = unplaced(&cases, &programmes, day);
        if !unplaced.is_empty() {
            let count = unplaced.len();
            warnings.push(Warning {
                text: both(
                    format!("{count} deltagare har ingen placering i ett program vars regler är kända den dagen; för dem räknas inget."),
                    format!("{count} participants have no placement in a programme whose rules are known that day; nothing is counted for them."),
                ),
                from: service::Sources::of("participant", unplaced),
            });
        }
        let rows =
            |due: &[(RecordId, Due)]| due.iter().map(|(who, due)| line(*who, due, day, &workers)).collect::<Vec<_>>();
        Ok(Sheet {
            caption: both(
                format!("{day}: {late} försenade, {soon} inom {SOON_DAYS} dagar, {} deltagare", cases.len()),
                format!("{day}: {late} late, {soon} within {SOON_DAYS} days, {} participants", cases.len()),
            ),
            warnings,
            tables: vec![
                Table {
                    name: "due",
                    caption: both("Att göra, det mest brådskande först", "To do, the most pressing first"),
                    columns: columns(),
                    rows: rows(&now),
                    total: None,
                },
                Table {
                    name: "next-week",
                    caption: both(
                        format!("Bryts till och med {next_sunday}, om allt planerat hålls"),
                        format!("Breaks up to {next_sunday}, if all that is planned is held"),
                    ),
                    columns: columns(),
                    rows: rows(&breaks),
                    total: None,
                },
                by_rule(&now, day, cases.len()),
            ],
            notes: super::sources_of(&programmes, day, day),
            ..Sheet::default()
        })
    }
}

/// How many stand against each rule. A penalty is for failures that are systematic, which no single line shows; what each
/// occasion costs stands among the rules that the page is computed by.
fn by_rule(now: &[(RecordId, Due)], day: Date, participants: usize) -> Table {
    let mut rules: BTreeMap<Rule, (Vec<RecordId>, Vec<RecordId>, Sources)> = BTreeMap::new();
    for (who, due) in now {
        let (late, soon, from) = rules.entry(due.rule).or_default();
        if due.by < day {
            late.push(*who);
            *from = core::mem::take(from).and(&due.from);
        } else if distance(day, due.by) <= SOON_DAYS {
            soon.push(*who);
        }
    }
    let heads = |of: &mut Vec<RecordId>| {
        of.sort_unstable();
        of.dedup();
        of.len() as i64
    };
    let rows = rules.into_iter().map(|(rule, (mut late, mut soon, from))| {
        let (occasions, late, soon) = (late.len() as i64, heads(&mut late), heads(&mut soon));
        Line {
            key: rule.code().to_owned(),
            tone: if late > 0 { Tone::Late } else { Tone::Plain },
            cells: vec![
                rule.label().into(),
                Cell::from(Figure::from(occasions)).out_of(from),
                Figure::Share { part: late, of: participants as i64 }.into(),
                Figure::from(soon).into(),
            ],
        }
    });
    Table {
        name: "rules",
        caption: both(
            "Per regel: brister som återkommer kan ge vite",
            "By rule: failures that recur can cost a penalty",
        ),
        columns: vec![
            Column::new("rule", "Regel", "Rule"),
            Column::new("late", "Försenat", "Late"),
            Column::new("share", "Deltagare med något försenat", "Participants with something late"),
            Column::new("soon", "Deltagare inom kort", "Participants soon"),
        ],
        rows: rows.collect(),
        total: None,
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("participant", "Deltagare", "Participant"),
        Column::new("rule", "Regel", "Rule"),
        Column::new("by", "Senast", "By"),
        Column::new("left", "Dagar kvar", "Days left"),
        Column::new("found", "Vad underlaget säger", "What the records say"),
        Column::new("case-worker", "Handledare", "Case worker"),
    ]
}

fn line(who: RecordId, due: &Due, day: Date, workers: &HashMap<RecordId, Option<RecordId>>) -> Line {
    let left = distance(day, due.by);
    let tone = match left {
        ..0 => Tone::Late,
        0..=SOON_DAYS => Tone::Soon,
        _ => Tone::Plain,
    };
    let left_text = match left {
        ..0 => both(format!("{} dagar sen", -left), format!("{} days late", -left)),
        0 => both("i dag", "today"),
        _ => both(format!("{left}"), format!("{left}")),
    };
    let worker = workers.get(&who).copied().flatten();
    Line {
        key: format!("{who}/{}/{}", due.rule.code(), due.by),
        tone,
        cells: vec![
            Figure::Record { kind: "participant", record: who }.into(),
            due.rule.label().into(),
            Figure::Date(due.by).into(),
            left_text.into(),
            Cell::from(due.found.clone()).out_of(due.from.clone()),
            worker.map_or(Figure::Nothing, |record| Figure::Record { kind: "user", record }).into(),
        ],
    }
}

fn day(given: &Given<'_>) -> Date {
    given.arguments.date("date").unwrap_or(given.today)
}

/// The participants that are chosen: of the unit and the case worker, and open.
fn chosen(given: &Given<'_>) -> Vec<RecordId> {
    let (unit, worker) = (given.arguments.get("unit"), given.arguments.record("case-worker"));
    let mut chosen = Vec::new();
    given.each("participant", |row| {
        let of_unit = unit.is_none_or(|unit| row.text("unit") == unit);
        let of_worker = worker.is_none_or(|worker| row.record("case-worker") == Some(worker));
        if of_unit && of_worker && row.head.state.as_deref() != Some("closed") {
            chosen.push(row.head.record);
        }
    });
    chosen
}

fn workers(given: &Given<'_>) -> HashMap<RecordId, Option<RecordId>> {
    let mut workers = HashMap::new();
    given.each("participant", |row| {
        workers.insert(row.head.record, row.record("case-worker"));
    });
    workers
}

/// The case workers on leave on a day.
fn away(given: &Given<'_>, day: Date) -> Vec<RecordId> {
    let mut away = Vec::new();
    given.each("employment", |row| {
        let there =
            row.date("from").is_some_and(|from| from <= day) && row.date("until").is_none_or(|until| until >= day);
        if let (true, "yes", Some(user)) = (there, row.text("leave"), row.head.parent) {
            away.push(user);
        }
    });
    away
}

fn cases<'f>(given: &Given<'_>, facts: &'f Facts) -> HashMap<RecordId, Case<'f>> {
    let mut cases: HashMap<RecordId, Case<'f>> = chosen(given).into_iter().map(|one| (one, Case::default())).collect();
    for one in &facts.placements {
        if let Some(case) = cases.get_mut(&one.participant) {
            case.placements.push(one);
        }
    }
    for one in &facts.activities {
        if let Some(case) = cases.get_mut(&one.participant) {
            case.activities.push(one);
        }
    }
    for one in facts.attended.iter().filter(|one| !one.came) {
        if let Some(case) = cases.get_mut(&one.participant) {
            case.absences.push(one);
        }
    }
    for one in &facts.reports {
        if let Some(case) = cases.get_mut(&one.participant) {
            case.reports.push(one);
        }
    }
    for one in &facts.pauses {
        if let Some(case) = cases.get_mut(&one.participant) {
            case.pauses.push(one);
        }
    }
    given.each("plan", |row| {
        let proposed = row.head.state.as_deref().is_some_and(|state| state != "draft");
        if let Some(case) = row.head.parent.filter(|_| proposed).and_then(|of| cases.get_mut(&of)) {
            case.plans.push(row.head.record);
        }
    });
    given.each("deviation", |row| {
        let sent = row.head.state.as_deref().is_some_and(|state| state != "draft");
        let case = row.head.parent.filter(|_| sent).and_then(|of| cases.get_mut(&of));
        if let (Some(case), Some(date)) = (case, row.date("date")) {
            case.deviations.push((row.head.record, date));
        }
    });
    for case in cases.values_mut() {
        case.placements.sort_by_key(|one| (one.from, one.seen.0));
    }
    cases
}

/// Participants whose stay no known rules govern.
fn unplaced(cases: &HashMap<RecordId, Case<'_>>, programmes: &Programmes, day: Date) -> Vec<RecordId> {
    let governed = |case: &Case<'_>| {
        let placement = case.placed(day);
        placement.is_some_and(|one| programmes.named(&one.programme).and_then(|one| one.rules_at(day)).is_some())
    };
    cases.iter().filter(|(_, case)| !governed(case)).map(|(who, _)| *who).collect()
}
