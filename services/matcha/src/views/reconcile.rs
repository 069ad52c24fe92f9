//! The reconciliation of a self-invoice, pasted as CSV, with the frozen claims of its months: line by line, to the öre.

use std::collections::BTreeMap;

use jiff::civil::Date;
use service::{
    Cell, Column, Figure, Given, Line, Need, Parameter, ParameterForm, Proposal, Sheet, Sources, Table, Tone, View,
    Warning, both,
};
use terms::{Label, RecordId};

use super::{month_parameter, unit};
use crate::claims::{money, moving};
use crate::days::month_text;
use crate::reconcile::{Invoiced, Unread, read};
use crate::rows::{self, Claim, Facts};

pub(crate) struct Reconcile;

/// What is matched: period, unit, level, kind of pay and whose.
type Key = (Date, String, String, String, String);

impl View for Reconcile {
    fn path(&self) -> &'static str {
        "avstamning"
    }

    fn label(&self) -> Label {
        both("Avstämning av självfaktura", "Reconciliation of a self-invoice")
    }

    fn about(&self) -> Label {
        both(
            "Klistra in självfakturans rader som CSV: period;enhet;nivå;slag;referens;belopp. Referensen är den som står i tabellen nedan eller ordernumret. Texten sparas inte.",
            "Paste the self-invoice's lines as CSV: period;unit;level;what;reference;amount. The reference is the one in the table below or the order number. The text is not kept.",
        )
    }

    fn parameters(&self) -> Vec<Parameter> {
        vec![
            month_parameter(),
            Parameter {
                name: "invoice",
                label: both("Självfakturans rader", "The self-invoice's lines"),
                form: ParameterForm::Pasted,
            },
        ]
    }

    fn kind(&self) -> &'static str {
        "claim"
    }

    fn needs(&self, given: &Given<'_>) -> Vec<Need> {
        let months = months(given);
        let mut needs = vec![rows::with(rows::CLAIM, "period", months.iter().map(|one| month_text(*one)).collect())];
        if given.has("claim") {
            let mut participants = Vec::new();
            given.each("claim", |row| participants.extend(row.head.parent));
            participants.sort_unstable();
            participants.dedup();
            // Only the order numbers of those who have claims.
            let orders = Need::all("placement", &["order-number"]).which(service::Which::Under(participants.clone()));
            needs.push(Need { name: "orders", ..orders }.optional());
            needs.push(super::names_of(participants));
        }
        needs
    }

    fn sheet(&self, given: &Given<'_>) -> Result<Sheet, Label> {
        let facts = Facts::of(given);
        let mut orders: BTreeMap<String, RecordId> = BTreeMap::new();
        given.each("orders", |row| {
            let order = row.text("order-number").trim().to_lowercase();
            if let (false, Some(participant)) = (order.is_empty(), row.head.parent) {
                orders.insert(order, participant);
            }
        });
        let (invoiced, unread) = read(given.arguments.get("invoice").unwrap_or(""));
        let mut ours: BTreeMap<Key, Vec<&Claim>> = BTreeMap::new();
        for claim in facts.claims.iter().filter(|one| one.state != "waiting") {
            let whose = claim.participant.to_string();
            let key = (claim.period, claim.unit.clone(), claim.level.clone(), claim.what.clone(), whose);
            ours.entry(key).or_default().push(claim);
        }
        let shorts: BTreeMap<String, RecordId> =
            facts.claims.iter().map(|one| (one.participant.short(), one.participant)).collect();
        let mut theirs: BTreeMap<Key, (i64, Vec<usize>)> = BTreeMap::new();
        for one in &invoiced {
            let entry = theirs.entry(key_of(one, &orders, &shorts)).or_default();
            entry.0 += one.amount;
            entry.1.push(one.line);
        }
        let mut keys: Vec<&Key> = ours.keys().chain(theirs.keys()).collect();
        keys.sort();
        keys.dedup();
        let mut rows = Vec::new();
        let mut pay = Vec::new();
        let (mut paid, mut sums) = (0, [0_i64; 3]);
        for key in keys {
            let none = Vec::new();
            let claims = ours.get(key).unwrap_or(&none);
            let claimed: i64 = claims.iter().map(|one| one.amount).sum();
            let said = theirs.get(key);
            let amount = said.map_or(0, |(amount, _)| *amount);
            let difference = amount - claimed;
            for (sum, part) in sums.iter_mut().zip([claimed, amount, difference]) {
                *sum += part;
            }
            let (outcome, tone) = match (claims.is_empty(), said) {
                (false, Some(_)) if difference == 0 => (both("stämmer", "agrees"), Tone::Plain),
                (false, Some(_)) => (both("skiljer sig", "differs"), Tone::Late),
                (false, None) => (both("saknas på fakturan", "not on the invoice"), Tone::Soon),
                (true, _) => (both("saknas hos oss", "not among ours"), Tone::Late),
            };
            if difference == 0 && said.is_some() {
                for claim in claims.iter().filter(|one| matches!(one.state.as_str(), "verified" | "invoiced")) {
                    pay.push(moving(claim, "paid"));
                    paid += claim.amount;
                }
            }
            rows.push(line(key, claims, said, claimed, amount, outcome, tone));
        }
        let agreeing = rows.iter().filter(|row| row.tone == Tone::Plain).count();
        let mut total: Vec<Cell> = vec![Figure::from(both("Summa", "Total")).into()];
        total.extend((0..6).map(|_| Figure::Nothing.into()));
        total.extend(sums.map(|sum| Figure::Money(sum).into()));
        total.push(Figure::Nothing.into());
        Ok(Sheet {
            caption: both(
                format!("{agreeing} av {} rader stämmer; skillnaden är {} kr.", rows.len(), money(sums[2])),
                format!("{agreeing} of {} lines agree; the difference is {} kr.", rows.len(), money(sums[2])),
            ),
            warnings: unread.iter().map(told).collect(),
            tables: vec![Table {
                name: "lines",
                caption: both("Rad för rad", "Line by line"),
                columns: vec![
                    Column::new("participant", "Deltagare", "Participant"),
                    Column::new("reference", "Referens", "Reference"),
                    Column::new("period", "Period", "Period"),
                    Column::new("unit", "Enhet", "Unit"),
                    Column::new("level", "Nivå", "Level"),
                    Column::new("what", "Vad", "What"),
                    Column::new("line", "Fakturans rad", "Invoice line"),
                    Column::new("ours", "Vårt belopp", "Ours"),
                    Column::new("theirs", "Fakturans belopp", "The invoice's"),
                    Column::new("difference", "Skillnad", "Difference"),
                    Column::new("outcome", "Utfall", "Outcome"),
                ],
                rows,
                total: Some(Line { key: "total".to_owned(), tone: Tone::Plain, cells: total }),
            }],
            acts: vec![Proposal {
                name: "pay",
                label: both("Markera som betalt", "Mark as paid"),
                what: both(
                    format!("{} rader som stämmer, tillsammans {} kr, markeras som betalda.", pay.len(), money(paid)),
                    format!("{} lines that agree, {} kr together, are marked as paid.", pay.len(), money(paid)),
                ),
                writes: pay,
            }],
            ..Sheet::default()
        })
    }
}

/// The chosen month, and those that the pasted text names: a self-invoice may revise months long past.
fn months(given: &Given<'_>) -> Vec<Date> {
    let mut months: Vec<Date> = given.arguments.month("month").into_iter().collect();
    let (invoiced, _) = read(given.arguments.get("invoice").unwrap_or(""));
    months.extend(invoiced.iter().map(|one| one.period));
    months.sort_unstable();
    months.dedup();
    months
}

fn key_of(one: &Invoiced, orders: &BTreeMap<String, RecordId>, shorts: &BTreeMap<String, RecordId>) -> Key {
    let known = orders.get(&one.reference).or_else(|| shorts.get(&one.reference));
    // A reference that nobody has stands by itself, so that the line is seen.
    let whose = known.map_or_else(|| format!("?{}", one.line), ToString::to_string);
    (one.period, one.unit.clone(), one.level.clone(), one.what.clone(), whose)
}

fn told(unread: &Unread) -> Warning {
    let line = unread.line;
    Warning {
        text: both(format!("Rad {line}: {}.", unread.why.sv), format!("Line {line}: {}.", unread.why.en)),
        from: Sources::default(),
    }
}

fn line(
    key: &Key,
    claims: &[&Claim],
    said: Option<&(i64, Vec<usize>)>,
    claimed: i64,
    amount: i64,
    outcome: Label,
    tone: Tone,
) -> Line {
    let (period, unit_name, level, what, whose) = key;
    let participant = whose.parse::<RecordId>().ok();
    let from = Sources::of("claim", claims.iter().map(|one| one.seen.0));
    let lines = said
        .map_or_else(String::new, |(_, lines)| lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "));
    Line {
        key: format!("{}/{unit_name}/{level}/{what}/{whose}", month_text(*period)),
        tone,
        cells: vec![
            participant.map_or(Figure::Nothing, |record| Figure::Record { kind: "participant", record }).into(),
            participant.map_or(Figure::Nothing, |record| Figure::Code(record.short())).into(),
            Figure::Month(*period).into(),
            unit(unit_name).into(),
            super::level(level).into(),
            super::what(what).into(),
            Figure::Code(lines).into(),
            Cell::from(Figure::Money(claimed)).out_of(from),
            Figure::Money(amount).into(),
            Figure::Money(amount - claimed).into(),
            outcome.into(),
        ],
    }
}
