//! Traps of the end: periods that run in a circle or against each other, data that outlives the agreement or the promise.

use calendar::Period;

use super::{Action, Trap};
use crate::art28::ask::{Ask, both, phrase, said_period, said_text, said_words};
use crate::art28::limits::within;
use crate::value::Term;

pub(super) fn all(ask: &Ask<'_>) -> Vec<Trap> {
    let found = [circle(ask), gap(ask), evidence(ask), contradiction(ask), backups(ask), restorable(ask)];
    found.into_iter().flatten().collect()
}

/// The period for data after the end, where it stands in a number.
fn after_end<'a>(ask: &Ask<'a>, class: &str) -> Option<(&'a Term, &'a Period)> {
    let rules = ask.terms("retention").filter(|term| term.text("phase") == Some("after-end"));
    rules.filter(|term| term.text("of") == Some(class)).find_map(|term| Some((term, said_period(term, "keep")?)))
}

fn dpa_ends(ask: &Ask<'_>, how: &[&str]) -> bool {
    let duration = ask.term("duration", "dpa").and_then(|term| said_text(term, "end"));
    duration.is_some_and(|end| how.contains(&end))
}

/// T-27: the agreement lasts until data is gone, and data goes some days after the agreement has ended.
fn circle(ask: &Ask<'_>) -> Option<Trap> {
    let (rule, _) =
        after_end(ask, "content").filter(|(rule, _)| said_text(rule, "start") == Some("end-of-agreement"))?;
    // Where another agreement carries the service, its end is meant.
    let mut ends = ["agreement", "service"].into_iter().filter_map(|id| ask.term("duration", id));
    let no_other = ends.all(|term| said_text(term, "end") == Some("until-data-is-gone"));
    if !(dpa_ends(ask, &["until-data-is-gone"]) && no_other) {
        return None;
    }
    let says = both!(
        "Avtalet gäller tills uppgifterna är borta, och tiden för att ta bort dem räknas från att avtalet slutar: en cirkel.",
        "The agreement holds until the data is gone, and the time for taking it away counts from the agreement's end: a circle."
    );
    let remedy = phrase!(
        "Räkna tiden från tjänstens slut. (start = \"end-of-service\")",
        "Count the time from the end of the service. (start = \"end-of-service\")"
    );
    Some(Trap::computed("T-27", Action::Warn, rule, says, remedy))
}

/// T-30: the processing agreement ends with the service, and data is kept after that.
fn gap(ask: &Ask<'_>) -> Option<Trap> {
    let (rule, period) = after_end(ask, "content")?;
    if !dpa_ends(ask, &["both-end-together", "until-notice", "with-main-agreement"]) {
        return None;
    }
    let says = both!("Biträdesavtalet slutar med tjänsten, men uppgifter sparas {period} därefter, utan avtal.", "The processing agreement ends with the service, but data is kept for {period} after that, without an agreement."; period);
    let remedy = phrase!(
        "Låt avtalet gälla tills uppgifterna är borta. (end = \"until-data-is-gone\")",
        "Let the agreement hold until the data is gone. (end = \"until-data-is-gone\")"
    );
    Some(Trap::computed("T-30", Action::Warn, rule, says, remedy))
}

/// T-28: proof of who used the service is asked for after the data that shows it has been erased.
fn evidence(ask: &Ask<'_>) -> Option<Trap> {
    let (rule, long) = after_end(ask, "licence-evidence")?;
    let (_, short) = after_end(ask, "content")?;
    if within(long, short) {
        return None;
    }
    let says = both!("Underlag om användning sparas {long}, men uppgifterna som visar den raderas efter {short}.", "Evidence of use is kept for {long}, but the data that shows it is erased after {short}."; long, short);
    let remedy = phrase!(
        "Spara bara pseudonym, licens och dagar, med en egen grund.",
        "Keep only pseudonym, licence and days, on a ground of its own."
    );
    Some(Trap::computed("T-28", Action::Warn, rule, says, remedy))
}

/// T-31: another clause says something else about the end.
fn contradiction(ask: &Ask<'_>) -> Option<Trap> {
    let ending = ask.term("ending", "").filter(|term| !said_words(term, "contradicts").is_empty())?;
    let says = both!(
        "Två punkter säger olika om vad som sker med uppgifterna efter slutet.",
        "Two clauses say different things about what happens with data after the end."
    );
    let remedy = phrase!("Bestäm vilken som gäller.", "Decide which one holds.");
    Some(Trap::computed("T-31", Action::Warn, ending, says, remedy))
}

/// T-42: data is erased within a number of days, and backups have none: they may outlive the promise.
fn backups(ask: &Ask<'_>) -> Option<Trap> {
    let (_, period) = after_end(ask, "content")?;
    let backup = ask.term("backup", "")?;
    if said_period(backup, "keep").is_some() || after_end(ask, "backups").is_some() {
        return None;
    }
    let says = both!("Uppgifter raderas efter {period}, men säkerhetskopior har ingen tid och kan leva längre än löftet.", "Data is erased after {period}, but backups have no time and may outlive the promise."; period);
    let remedy = phrase!(
        "Ge säkerhetskopior en tid, eller förstör kundens nycklar vid slutet.",
        "Give backups a time, or destroy the customer's keys at the end."
    );
    Some(Trap::computed("T-42", Action::Warn, backup, says, remedy))
}

/// T-43: what is erased can be brought back for longer than erasing it may take.
fn restorable(ask: &Ask<'_>) -> Option<Trap> {
    let (rule, restorable, keep) = ask.terms("retention").find_map(|term| {
        let (restorable, keep) = (said_period(term, "restorable-within")?, said_period(term, "keep")?);
        (!within(restorable, keep)).then_some((term, restorable, keep))
    })?;
    let says = both!("Det som raderats går att återställa i {restorable}, men ska vara borta efter {keep}.", "What was erased can be brought back for {restorable}, but is to be gone after {keep}."; keep, restorable);
    let remedy = phrase!(
        "Låt tiden för återställning sluta före den för radering.",
        "Let the time for restoring end before the one for erasure."
    );
    Some(Trap::computed("T-43", Action::Flag, rule, says, remedy))
}
