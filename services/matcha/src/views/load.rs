//! The load of a unit's case workers, day by day: participants against the programme's limit, scaled by employment.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use service::{Cell, Column, Figure, Given, Line, Need, Parameter, Sheet, Sources, Table, Tone, View, Warning, both};
use terms::{Label, RecordId};

use super::{month_parameter, unit_parameter};
use crate::amounts::effective;
use crate::days::{between, later, month_text};
use crate::rows::{Facts, Placement, by_participant};

pub(crate) struct Load;

/// A time of an employment: how much of full time, or leave.
struct Employment {
    user: RecordId,
    from: Date,
    until: Option<Date>,
    percent: i64,
    leave: bool,
}

impl View for Load {
    fn path(&self) -> &'static str {
        "belastning"
    }

    fn label(&self) -> Label {
        both("Belastning", "Load")
    }

    fn about(&self) -> Label {
        both(
            "Deltagare per handledare och dag mot programmets gräns, efter tjänstgöringsgrad.",
            "Participants per case worker and day against the programme's limit, scaled by employment.",
        )
    }

    fn parameters(&self) -> Vec<Parameter> {
        vec![month_parameter(), unit_parameter()]
    }

    fn kind(&self) -> &'static str {
        "placement"
    }

    fn needs(&self, _: &Given<'_>) -> Vec<Need> {
        vec![
            Need::all("participant", &["case-worker"]),
            // Also those of other units: a placement elsewhere ends the one here.
            crate::rows::PLACEMENT,
            Need::all("user", &[]).named().optional(),
            Need::all("employment", &["from", "until", "rate", "leave"]).optional(),
        ]
    }

    fn sheet(&self, given: &Given<'_>) -> Result<Sheet, Label> {
        let Some(month) = given.arguments.month("month") else {
            return Err(both("Välj en månad.", "Choose a month."));
        };
        let programmes = super::programmes(given)?;
        let facts = Facts::of(given);
        let holding = holding(&facts, given);
        let mut workers: HashMap<RecordId, RecordId> = HashMap::new();
        given.each("participant", |row| {
            if let Some(worker) = row.record("case-worker") {
                workers.insert(row.head.record, worker);
            }
        });
        let employments = employments(given);
        let mut by_worker: BTreeMap<RecordId, Vec<&Placement>> = BTreeMap::new();
        let mut nobody: Vec<RecordId> = Vec::new();
        let last = month.last_of_month();
        for one in holding.iter().filter(|one| one.from <= last && one.until.is_none_or(|until| until >= month)) {
            match workers.get(&one.participant) {
                Some(worker) => by_worker.entry(*worker).or_default().push(one),
                None => nobody.push(one.participant),
            }
        }
        let mut rows = Vec::new();
        for (worker, placements) in &by_worker {
            let (mut most, mut most_on, mut over, mut first_over, mut leave) = (0_i64, month, 0_i64, None, 0_i64);
            let mut limit_then = None;
            for n in 0..between(month, last) {
                let day = later(month, n);
                let mut there: Vec<RecordId> = placements
                    .iter()
                    .filter(|one| one.from <= day && one.until.is_none_or(|until| until >= day))
                    .map(|one| one.participant)
                    .collect();
                there.sort_unstable();
                there.dedup();
                let count = there.len() as i64;
                let (percent, away) = employed(&employments, *worker, day);
                leave += i64::from(away);
                let full = placements
                    .iter()
                    .filter_map(|one| programmes.named(&one.programme)?.rules_at(day)?.participants_per_full_time)
                    .min();
                // In hundredths of a participant, so that nothing is rounded before it is compared.
                let limit = full.map(|full| full * percent);
                if count > most {
                    (most, most_on, limit_then) = (count, day, limit);
                }
                if limit.is_some_and(|limit| count * 100 > limit) {
                    over += 1;
                    first_over.get_or_insert(day);
                }
            }
            let from = Sources::of("placement", placements.iter().map(|one| one.seen.0));
            rows.push(Line {
                key: worker.to_string(),
                tone: if over > 0 { Tone::Late } else { Tone::Plain },
                cells: vec![
                    Figure::Record { kind: "user", record: *worker }.into(),
                    Cell::from(Figure::from(most)).out_of(from),
                    Figure::Date(most_on).into(),
                    limit_then.map_or(Figure::Nothing, |limit| Figure::Number { units: limit, decimals: 2 }).into(),
                    Figure::from(over).into(),
                    first_over.map_or(Figure::Nothing, Figure::Date).into(),
                    Figure::from(leave).into(),
                ],
            });
        }
        let mut warnings = Vec::new();
        if employments.is_empty() {
            warnings.push(Warning {
                text: both(
                    "Ingen tjänstgöringsgrad är angiven; alla räknas som heltid.",
                    "No employment rate is given; everybody is counted as full time.",
                ),
                from: Sources::default(),
            });
        }
        if !nobody.is_empty() {
            nobody.sort_unstable();
            nobody.dedup();
            let count = nobody.len();
            warnings.push(Warning {
                text: both(
                    format!("{count} deltagare har ingen handledare."),
                    format!("{count} participants have no case worker."),
                ),
                from: Sources::of("participant", nobody),
            });
        }
        let text = month_text(month);
        Ok(Sheet {
            caption: both(format!("Belastning i {text}"), format!("Load in {text}")),
            warnings,
            tables: vec![Table {
                name: "workers",
                caption: both("Per handledare", "By case worker"),
                columns: vec![
                    Column::new("case-worker", "Handledare", "Case worker"),
                    Column::new("most", "Flest deltagare", "Most participants"),
                    Column::new("on", "Den dagen", "On"),
                    Column::new("limit", "Gräns då", "Limit then"),
                    Column::new("over", "Dagar över gränsen", "Days above the limit"),
                    Column::new("first", "Första dagen över", "First day above"),
                    Column::new("leave", "Dagar ledig", "Days on leave"),
                ],
                rows,
                total: None,
            }],
            notes: super::sources_of(&programmes, month, last),
            ..Sheet::default()
        })
    }
}

/// The placements of the chosen unit, or all, each until its own end or the day before the participant's next begins.
fn holding(facts: &Facts, given: &Given<'_>) -> Vec<Placement> {
    let mut holding = Vec::new();
    for (_, mut stays) in by_participant(&facts.placements, |one: &Placement| one.participant) {
        stays.sort_by_key(|stay| (stay.from, stay.seen.0));
        for (place, stay) in stays.iter().enumerate().filter(|(_, stay)| super::of_unit(given, &stay.unit)) {
            if let Some(piece) = effective(&stays, place) {
                let until = (piece.until != Date::MAX).then_some(piece.until);
                holding.push(Placement { from: piece.from, until, ..(*stay).clone() });
            }
        }
    }
    holding.sort_by_key(|one| (one.participant, one.from));
    holding
}

fn employments(given: &Given<'_>) -> Vec<Employment> {
    let mut all = Vec::new();
    given.each("employment", |row| {
        if let (Some(user), Some(from)) = (row.head.parent, row.date("from")) {
            all.push(Employment {
                user,
                from,
                until: row.date("until"),
                percent: row.text("rate").parse().unwrap_or(100),
                leave: row.text("leave") == "yes",
            });
        }
    });
    all
}

/// How much of full time somebody works on a day, in per cent, and whether on leave. Who has no employment written counts as
/// full time; leave goes before.
fn employed(all: &[Employment], user: RecordId, day: Date) -> (i64, bool) {
    let holds = |one: &&Employment| one.user == user && one.from <= day && one.until.is_none_or(|until| until >= day);
    if all.iter().filter(holds).any(|one| one.leave) {
        return (0, true);
    }
    let last = all.iter().filter(holds).max_by_key(|one| one.from);
    (last.map_or(100, |one| one.percent), false)
}
