//! Who else receives data, on which basis on the day, and where data lies.

use agreement::language::Of;
use agreement::law::{Law, Need, Standing};
use agreement::{Subprocessor, SubprocessorCategories, Term};
use jiff::tz::TimeZone;
use terms::{Instant, Label, Sourced};

use super::build::{Build, fact_columns};
use super::words::{column, derived, label, list, same, stated};
use super::{Cell, Register, Row, Tone};

/// How subprocessors are authorised, and what holds for transfers.
pub(super) fn engaging(build: &Build<'_>) -> Register {
    let mut rows = build.facts_of("subprocessing");
    rows.extend(build.facts_of("transfers"));
    Register {
        id: "subprocessing",
        title: label("Hur underbiträden godkänns", "How subprocessors are authorised"),
        note: approval(build),
        columns: fact_columns(),
        rows,
    }
}

/// The approval model in one sentence: the kind of authorisation, and the time to object where there is one.
fn approval(build: &Build<'_>) -> Option<Label> {
    let agreement = build.agreement;
    let kind = agreement.term("subprocessing", "")?;
    let Cell::Found { said, .. } = build.cell(kind, "authorisation") else { return None };
    let object = agreement
        .terms_of("subprocessor-change")
        .find(|term| term.flag("right") == Some(true) && term.text("who").is_some_and(|who| who != "processor"));
    let Some(Cell::Found { said: within, .. }) = object.map(|term| build.cell(term, "within")) else {
        return Some(label(format!("{}.", capital(&said.sv)), format!("{}.", capital(&said.en))));
    };
    Some(label(
        format!("{}, med {} att invända.", capital(&said.sv), within.sv),
        format!("{}, with {} to object.", capital(&said.en), within.en),
    ))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Every recipient with its basis on the day: open, or stopped with the reason.
pub(super) fn recipients(build: &Build<'_>) -> Register {
    let agreement = build.agreement;
    let mut rows: Vec<Row> = agreement
        .subprocessors()
        .iter()
        .map(|one| Row {
            id: one.id.to_string(),
            clause: Some(one.clause.clone()),
            cells: vec![
                build.of_origin(same(one.name.clone()), &one.origin),
                stated(one.task.clone()),
                build.sourced(&one.country, |text| same(text.clone())),
                build.sourced(&one.place, |text| same(text.clone())),
                one.data.as_ref().map_or(Cell::Unsaid, |data| stated(same(data.clone()))),
                build.sourced(&one.categories, |which| match which {
                    SubprocessorCategories::Declared => label("allt som är upptaget", "all that is declared"),
                    SubprocessorCategories::Listed(listed) => {
                        list(&listed.iter().map(|id| build.named(Of::Category, id.as_str())).collect::<Vec<_>>(), ", ")
                    }
                }),
                basis(build, one),
                one.flag.as_ref().map_or(Cell::Unsaid, |flag| {
                    let Cell::Found { said, provenance, why, .. } = stated(same(flag.clone())) else {
                        return Cell::Unsaid;
                    };
                    Cell::Found { said, provenance, why, tone: Tone::Open }
                }),
            ],
        })
        .collect();
    rows.extend(agreement.mentioned().iter().map(|one| Row {
        id: format!("mentioned.{}", one.organisation),
        clause: Some(one.clause.clone()),
        cells: vec![
            stated(same(one.organisation.clone())),
            Cell::Unsaid,
            Cell::Unsaid,
            Cell::Unsaid,
            Cell::Unsaid,
            derived(label("inga", "none"), Tone::Stop),
            derived(
                label("nämns men är inget underbiträde; får inget", "named but no subprocessor; receives nothing"),
                Tone::Stop,
            ),
            stated(same(one.flag.clone())),
        ],
    }));
    Register {
        id: "transfers",
        title: label("Mottagare och grund för överföring", "Recipients and bases for transfers"),
        note: rows.is_empty().then(|| {
            label(
                "Listan är tom: ingen utanför biträdet får uppgifter.",
                "The list is empty: nobody beyond the processor receives data.",
            )
        }),
        columns: vec![
            column("name", "Mottagare", "Recipient"),
            column("task", "Uppgift", "Task"),
            column("country", "Land", "Country"),
            column("place", "Plats", "Place"),
            column("data", "Uppgifter enligt texten", "Data as the text words it"),
            column("categories", "Slag av uppgifter", "Categories of data"),
            column("basis", "Grund på dagen", "Basis on the day"),
            column("flag", "Anmärkning", "Remark"),
        ],
        rows,
    }
}

/// On which ground a recipient may receive where it is, on the day, or why it may not.
pub(super) fn basis(build: &Build<'_>, one: &Subprocessor) -> Cell {
    let agreement = build.agreement;
    let law = Law::built_in().at(build.on);
    let Some(country) = one.country.value() else {
        return derived(
            label("landet är inte angivet; får inget", "the country is not stated; receives nothing"),
            Tone::Stop,
        );
    };
    let mut reasons: Vec<Label> = Vec::new();
    let mine = |term: &&Term| term.text("subprocessor") == Some(one.id.as_str());
    for term in agreement.terms_of("transfer").filter(mine) {
        let id = term.text("basis").unwrap_or_default();
        let on_paper = matches!(term.sourced("evidence"), Some(Sourced::Found { .. }));
        reasons.push(match law.basis(id) {
            Standing::Unknown => label(format!("{id} är ingen grund"), format!("{id} is no basis")),
            Standing::NotYet(basis) => said(&basis.name.label(), "gäller inte än", "does not hold yet"),
            Standing::Ended(basis, day) => {
                said(&basis.name.label(), &format!("gäller inte sedan {day}"), &format!("no longer holds since {day}"))
            }
            Standing::Holds(basis) if !basis.covers(country) => {
                said(&basis.name.label(), &format!("gäller inte {country}"), &format!("does not cover {country}"))
            }
            Standing::Holds(basis) if !basis.needs.is_empty() && !on_paper => {
                let needs: Vec<Label> = basis.needs.iter().map(|need| need_name(*need)).collect();
                let needs = list(&needs, ", ");
                said(&basis.name.label(), &format!("saknar {}", needs.sv), &format!("lacks {}", needs.en))
            }
            Standing::Holds(basis) => said(&basis.name.label(), "gäller", "holds"),
        });
    }
    let open = agreement.may_reach(&one.id, noon(build.on));
    let inside = law.lies_in(country, "eea");
    let reasons = if reasons.is_empty() { None } else { Some(list(&reasons, "; ")) };
    match (open, inside, reasons) {
        (true, true, _) => derived(label("inom EU/EES", "within the EU/EEA"), Tone::Plain),
        (true, false, Some(reasons)) => derived(reasons, Tone::Plain),
        (true, false, None) => derived(label("tillåtet", "permitted"), Tone::Plain),
        (false, true, _) => derived(
            label(
                "utanför avtalets område eller bortvald; får inget",
                "beyond the agreed area or opted out of; receives nothing",
            ),
            Tone::Stop,
        ),
        (false, false, Some(reasons)) => derived(
            label(format!("{}; får inget", reasons.sv), format!("{}; receives nothing", reasons.en)),
            Tone::Stop,
        ),
        (false, false, None) => derived(
            label("ingen grund för överföring; får inget", "no basis for a transfer; receives nothing"),
            Tone::Stop,
        ),
    }
}

fn said(name: &Label, sv: &str, en: &str) -> Label {
    label(format!("{} {sv}", name.sv), format!("{} {en}", name.en))
}

fn need_name(need: Need) -> Label {
    match need {
        Need::Listing => label("bevis att mottagaren är ansluten", "proof that the recipient is listed"),
        Need::Evidence => label("undertecknade klausuler", "signed clauses"),
        Need::Approval => label("en myndighets godkännande", "an authority's approval"),
        Need::CommercialOrganisation => {
            label("bevis att mottagaren är ett företag", "proof that the recipient is a business")
        }
    }
}

/// The middle of the day where the agreements are at home, so that a day's verdict is the day's.
fn noon(day: jiff::civil::Date) -> Instant {
    let zone = TimeZone::get("Europe/Stockholm").unwrap_or(TimeZone::UTC);
    day.at(12, 0, 0, 0).to_zoned(zone).map_or(Instant(i64::MAX), |zoned| Instant(zoned.timestamp().as_microsecond()))
}

pub(super) fn places(build: &Build<'_>) -> Register {
    let mut register =
        build.table("places", label("Platser", "Places"), &["location"], &["for", "country", "area", "place", "only"]);
    register.note = register.rows.is_empty().then(|| label("Inga platser är angivna.", "No places are stated."));
    register
}
