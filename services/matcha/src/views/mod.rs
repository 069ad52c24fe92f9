//! The computed pages of Matcha, one a file, and what they share.

mod claims;
mod economy;
mod forecast;
mod load;
mod measure;
mod month;
mod reconcile;
mod results;
mod worklist;

use jiff::civil::Date;
use service::{Figure, Given, Need, Parameter, ParameterForm, View, Which, both};
use terms::{Label, RecordId};

use crate::days::days_of_month;
use crate::programme::Programmes;
use crate::rows;

/// All of them, in the order in which they are offered.
pub(crate) static ALL: [&dyn View; 9] = [
    &worklist::Worklist,
    &load::Load,
    &month::Month,
    &claims::Claims,
    &reconcile::Reconcile,
    &economy::Economy,
    &forecast::Forecast,
    &results::Results,
    &measure::Measure,
];

pub(crate) fn month_parameter() -> Parameter {
    Parameter { name: "month", label: both("Månad", "Month"), form: ParameterForm::Month }
}

pub(crate) fn unit_parameter() -> Parameter {
    Parameter { name: "unit", label: both("Enhet", "Unit"), form: ParameterForm::List("units") }
}

/// The programmes of the customer's file.
///
/// # Errors
/// What is missing or wrong, and what to do.
pub(crate) fn programmes(given: &Given<'_>) -> Result<Programmes, Label> {
    let Some(rulebook) = given.rulebook else {
        return Err(both(
            "Kundens fil är inte antagen, så programmets regler och priser är okända. Administratören antar den under Vår fil.",
            "The customer's file is not adopted, so the programme's rules and prices are not known. The administrator adopts it under Our file.",
        ));
    };
    match Programmes::read(rulebook.text) {
        Ok(programmes) if programmes.0.is_empty() => Err(both(
            "Kundens fil säger inget om något program. Lägg till [programme.NAMN] med regler och priser.",
            "The customer's file says nothing of any programme. Add [programme.NAME] with rules and prices.",
        )),
        Ok(programmes) => Ok(programmes),
        Err(faults) => {
            let first = faults.first();
            let line = first.map_or(0, |fault| fault.line);
            let text = |language| {
                first.map_or_else(String::new, |fault| {
                    format!("{}: {}", fault.what.text(language), fault.remedy.text(language))
                })
            };
            let (sv, en) = (text(terms::Language::Sv), text(terms::Language::En));
            Err(both(format!("Kundens fil, rad {line}: {sv}"), format!("The customer's file, line {line}: {en}")))
        }
    }
}

/// Whether attendance is needed for amounts.
pub(crate) fn pays_by_attendance(given: &Given<'_>) -> bool {
    given
        .rulebook
        .and_then(|rulebook| Programmes::read(rulebook.text).ok())
        .is_some_and(|programmes| programmes.0.iter().any(|one| one.pays_by_attendance()))
}

/// What a month's amounts need: placements, then what belongs to the participants that were placed in the month.
pub(crate) fn amount_needs(given: &Given<'_>, month: Date) -> Vec<Need> {
    // Also those of other units: a placement elsewhere ends the one here. `of_unit` leaves them out again, when all is computed.
    let mut needs = vec![rows::PLACEMENT, rows::RESULT, rows::PAUSE];
    let text = crate::days::month_text(month);
    needs.push(rows::with(rows::REPORT, "month", vec![text.clone()]));
    needs.push(rows::with(rows::CLAIM, "period", vec![text]));
    if pays_by_attendance(given) {
        // Not everybody who follows the accounts may read attendance; what is paid by it is then shown as not known.
        needs.push(rows::with(rows::ATTENDANCE, "date", days_of_month(month)).optional());
    }
    needs
}

/// Whether something of that unit is asked for.
pub(crate) fn of_unit(given: &Given<'_>, unit: &str) -> bool {
    given.arguments.get("unit").is_none_or(|asked| asked == unit)
}

/// The names of these participants, for the portal.
pub(crate) fn names_of(participants: Vec<RecordId>) -> Need {
    Need::all("participant", &[]).which(Which::These(participants)).named()
}

/// Who was placed on some day from one to another.
pub(crate) fn placed_between(given: &Given<'_>, from: Date, until: Date) -> Vec<RecordId> {
    let mut all = Vec::new();
    given.each("placement", |row| {
        let begins = row.date("from").is_some_and(|from| from <= until);
        let ends = row.date("until").is_none_or(|until| until >= from);
        // Nobody's name is opened who is not shown.
        if let (true, true, true, Some(participant)) = (begins, ends, of_unit(given, row.text("unit")), row.head.parent)
        {
            all.push(participant);
        }
    });
    all.sort_unstable();
    all.dedup();
    all
}

/// A unit as the customer's file calls it.
pub(crate) fn unit(value: &str) -> Figure {
    Figure::Listed { list: "units", value: value.to_owned() }
}

/// A programme as the customer's file calls it.
pub(crate) fn programme(value: &str) -> Figure {
    Figure::Listed { list: "programmes", value: value.to_owned() }
}

/// A level as the customer's file calls it.
pub(crate) fn level(value: &str) -> Figure {
    Figure::Listed { list: "levels", value: value.to_owned() }
}

/// Hours, from hundredths.
pub(crate) const fn hours(hundredths: i64) -> Figure {
    Figure::Number { units: hundredths, decimals: 2 }
}

/// By which rules a sheet was computed, each with its source.
pub(crate) fn sources_of(programmes: &Programmes, from: Date, until: Date) -> Vec<Label> {
    let mut notes = Vec::new();
    for programme in &programmes.0 {
        let (sv, en) = (&programme.label.sv, &programme.label.en);
        let prices = programme.prices.iter().filter(|one| one.from <= until);
        for price in prices {
            let ore = crate::claims::money(price.ore);
            notes.push(both(
                format!("{sv}, nivå {}: {ore} kr per dag från {} ({})", price.level, price.from, price.source),
                format!("{en}, level {}: {ore} kr a day from {} ({})", price.level, price.from, price.source),
            ));
        }
        if let Some(rules) = programme.rules_at(until).or_else(|| programme.rules_at(from)) {
            notes.push(both(
                format!("{sv}: regler från {} ({})", rules.from, rules.source),
                format!("{en}: rules from {} ({})", rules.from, rules.source),
            ));
        }
        if let Some(penalty) = programme.penalty_at(until) {
            let ore = crate::claims::money(penalty.ore);
            notes.push(both(
                format!("{sv}: vite {ore} kr per tillfälle från {} ({})", penalty.from, penalty.source),
                format!("{en}: penalty {ore} kr an occasion from {} ({})", penalty.from, penalty.source),
            ));
        }
    }
    notes
}

/// The state of a claim in words.
pub(crate) fn state(state: &str) -> Label {
    match state {
        "waiting" => both("väntar", "waiting"),
        "verified" => both("verifierad", "verified"),
        "invoiced" => both("fakturerad", "invoiced"),
        "paid" => both("betald", "paid"),
        "revised" => both("reviderad", "revised"),
        other => both(other, other),
    }
}

/// What is paid, in words.
pub(crate) fn what(code: &str) -> Label {
    match code {
        "day" => both("dagersättning", "day pay"),
        "rr1" => both("första resultatet", "first result"),
        "rr2" => both("uppföljt resultat", "followed-up result"),
        "revision" => both("revidering", "revision"),
        "penalty" => both("vite", "penalty"),
        other => both(other, other),
    }
}

#[cfg(test)]
mod tests;
