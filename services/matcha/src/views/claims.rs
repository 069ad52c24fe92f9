//! Claims of a month: what may be verified, what was, and what differs since. Verifying, invoicing and revising are proposals that
//! are shown before they are done.

use service::{Cell, Column, Figure, Given, Line, Need, Parameter, Proposal, Sheet, Table, Tone, View, Write, both};
use terms::Label;

use super::{month_parameter, unit, unit_parameter};
use crate::amounts::amounts;
use crate::claims::{Group, Standing, money, moving, standings, verifying};
use crate::days::month_text;
use crate::rows::Facts;

pub(crate) struct Claims;

impl View for Claims {
    fn path(&self) -> &'static str {
        "ersattning"
    }

    fn label(&self) -> Label {
        both("Ersättning", "Claims")
    }

    fn about(&self) -> Label {
        both(
            "Vad månaden ger rätt till, vad som är verifierat, fakturerat och betalt, och vad som har ändrats sedan dess.",
            "What the month gives a right to, what is verified, invoiced and paid, and what has changed since.",
        )
    }

    fn parameters(&self) -> Vec<Parameter> {
        vec![month_parameter(), unit_parameter()]
    }

    fn kind(&self) -> &'static str {
        "claim"
    }

    fn needs(&self, given: &Given<'_>) -> Vec<Need> {
        let Some(month) = given.arguments.month("month") else { return Vec::new() };
        let mut needs = super::amount_needs(given, month);
        if given.has("placement") {
            let mut all = super::placed_between(given, month, month.last_of_month());
            given.each("claim", |row| all.extend(row.head.parent));
            all.sort_unstable();
            all.dedup();
            needs.push(super::names_of(all));
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
        let standings = standings(&facts, &amounts, &programmes, month);
        let mut new: Vec<Write> = Vec::new();
        let mut revisions: Vec<Write> = Vec::new();
        let (mut new_sum, mut revised_sum) = (0, 0);
        for (group, standing) in &standings {
            let writes = verifying(group, standing, month);
            if standing.frozen.is_empty() {
                new_sum += standing.claimable();
                new.extend(writes);
            } else {
                revised_sum += standing.difference();
                revisions.extend(writes);
            }
        }
        let in_state = |state: &str| {
            facts.claims.iter().filter(|one| one.period == month && one.state == state).collect::<Vec<_>>()
        };
        let invoiced: Vec<Write> = in_state("verified").into_iter().map(|one| moving(one, "invoiced")).collect();
        let to_invoice: i64 = in_state("verified").iter().map(|one| one.amount).sum();
        let text = month_text(month);
        let acts = vec![
            Proposal {
                name: "verify",
                label: both("Verifiera", "Verify"),
                what: both(
                    format!(
                        "{} rader om tillsammans {} kr fryses som de står, med underlagets fingeravtryck.",
                        new.len(),
                        money(new_sum)
                    ),
                    format!(
                        "{} lines of {} kr together are frozen as they stand, with the fingerprint of their sources.",
                        new.len(),
                        money(new_sum)
                    ),
                ),
                writes: new,
            },
            Proposal {
                name: "revise",
                label: both("Verifiera skillnader", "Verify differences"),
                what: both(
                    format!(
                        "{} rader om tillsammans {} kr läggs till som skillnader. Det som är verifierat ändras inte.",
                        revisions.len(),
                        money(revised_sum)
                    ),
                    format!(
                        "{} lines of {} kr together are added as differences. What is verified is not changed.",
                        revisions.len(),
                        money(revised_sum)
                    ),
                ),
                writes: revisions,
            },
            Proposal {
                name: "invoice",
                label: both("Markera som fakturerat", "Mark as invoiced"),
                what: both(
                    format!(
                        "{} verifierade rader om tillsammans {} kr markeras som fakturerade.",
                        invoiced.len(),
                        money(to_invoice)
                    ),
                    format!(
                        "{} verified lines of {} kr together are marked as invoiced.",
                        invoiced.len(),
                        money(to_invoice)
                    ),
                ),
                writes: invoiced,
            },
        ];
        let rows = standings.iter().map(|(group, standing)| line(group, standing)).collect();
        let sum =
            |of: &dyn Fn(&Standing<'_>) -> i64| Cell::from(Figure::Money(standings.values().map(of).sum::<i64>()));
        let mut total: Vec<Cell> = vec![Figure::from(both("Summa", "Total")).into()];
        total.extend((0..5).map(|_| Cell::from(Figure::Nothing)));
        total.push(sum(&|one| one.claimable()));
        total.push(sum(&|one| one.blocked()));
        total.push(sum(&|one| one.frozen_amount()));
        total.push(sum(&|one| one.difference()));
        total.push(Figure::Nothing.into());
        let columns = vec![
            Column::new("participant", "Deltagare", "Participant"),
            Column::new("unit", "Enhet", "Unit"),
            Column::new("programme", "Program", "Programme"),
            Column::new("level", "Nivå", "Level"),
            Column::new("what", "Vad", "What"),
            Column::new("days", "Dagar", "Days"),
            Column::new("claimable", "Enligt underlaget", "By the records"),
            Column::new("blocked", "Spärrat", "Blocked"),
            Column::new("frozen", "Verifierat", "Verified"),
            Column::new("difference", "Skillnad", "Difference"),
            Column::new("state", "Läge", "State"),
        ];
        Ok(Sheet {
            caption: both(format!("Ersättning för {text}"), format!("Claims for {text}")),
            tables: vec![
                Table {
                    name: "claims",
                    caption: both("Rader", "Lines"),
                    columns,
                    rows,
                    total: Some(Line { key: "total".to_owned(), tone: Tone::Plain, cells: total }),
                },
                states(&facts, month),
            ],
            acts,
            notes: super::sources_of(&programmes, month, month.last_of_month()),
            ..Sheet::default()
        })
    }
}

fn line(group: &Group, standing: &Standing<'_>) -> Line {
    let sources = standing.sources();
    let frozen = service::Sources::of("claim", standing.frozen.iter().map(|one| one.seen.0));
    let tone = match (standing.difference(), standing.blocked()) {
        (0, 0) => Tone::Plain,
        (0, _) => Tone::Soon,
        _ => Tone::Late,
    };
    let mut state = super::state(standing.state());
    if standing.changed() {
        state = both(format!("{}, underlaget ändrat", state.sv), format!("{}, sources changed", state.en));
    }
    Line {
        key: format!("{}/{}/{}/{}/{}", group.unit, group.programme, group.level, group.participant, group.what),
        tone,
        cells: vec![
            Figure::Record { kind: "participant", record: group.participant }.into(),
            unit(&group.unit).into(),
            super::programme(&group.programme).into(),
            super::level(&group.level).into(),
            super::what(&group.what).into(),
            Figure::from(standing.days()).into(),
            Cell::from(Figure::Money(standing.claimable())).out_of(sources.clone()),
            Figure::Money(standing.blocked()).into(),
            Cell::from(Figure::Money(standing.frozen_amount())).out_of(frozen),
            Cell::from(Figure::Money(standing.difference())).out_of(if standing.difference() == 0 {
                service::Sources::default()
            } else {
                sources
            }),
            state.into(),
        ],
    }
}

/// How much stands in each state.
fn states(facts: &Facts, month: jiff::civil::Date) -> Table {
    let rows = ["waiting", "verified", "invoiced", "paid", "revised"]
        .into_iter()
        .map(|state| {
            let of: Vec<_> = facts.claims.iter().filter(|one| one.period == month && one.state == state).collect();
            let from = service::Sources::of("claim", of.iter().map(|one| one.seen.0));
            Line {
                key: state.to_owned(),
                tone: Tone::Plain,
                cells: vec![
                    super::state(state).into(),
                    Figure::from(of.len() as i64).into(),
                    Cell::from(Figure::Money(of.iter().map(|one| one.amount).sum())).out_of(from),
                ],
            }
        })
        .collect();
    Table {
        name: "states",
        caption: both("Per läge", "By state"),
        columns: vec![
            Column::new("state", "Läge", "State"),
            Column::new("lines", "Rader", "Lines"),
            Column::new("amount", "Belopp", "Amount"),
        ],
        rows,
        total: None,
    }
}
