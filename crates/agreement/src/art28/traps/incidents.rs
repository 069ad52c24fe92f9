//! Traps of incidents: a letter that counts though it bounces, words weaker than the law's, floods of attempts.

use super::{Action, Trap};
use crate::art28::ask::{Ask, Said, both, of_processor, phrase, reaches, said, said_flag, said_text};
use crate::value::Term;

pub(super) fn all(ask: &Ask<'_>) -> Vec<Trap> {
    [deemed(ask), weaker(ask), attempts(ask)].into_iter().flatten().collect()
}

fn notices<'a>(ask: &Ask<'a>) -> impl Iterator<Item = &'a Term> + use<'a> {
    ask.duties(&["incident"]).filter(|term| of_processor(term) && reaches(term, "controller"))
}

/// T-59: the notice counts as received when it is sent.
fn deemed(ask: &Ask<'_>) -> Option<Trap> {
    let notice = notices(ask).find(|term| said_text(term, "received") == Some("on-sending"))?;
    let says = both!(
        "Beskedet räknas som mottaget när det sänds, även om det studsar.",
        "The notice counts as received when it is sent, even if it bounces."
    );
    let remedy = phrase!("Sänd igen det som studsar, och larma någon.", "Send again what bounces, and alert somebody.");
    Some(Trap::computed("T-59", Action::Flag, notice, says, remedy))
}

/// T-56: the words of the notice are weaker than the law's.
fn weaker(ask: &Ask<'_>) -> Option<Trap> {
    let weak = |term: &'_ Term| matches!(said(term, "within"), Said::This(value) if !ask.limits.is_word("undue-delay-words", &value.to_string()));
    let of_notice = |term: &&Term| said_text(term, "start") == Some("knowledge") && weak(term);
    let notice = notices(ask).find(of_notice)?;
    let period = notice.period("within").filter(|it| !it.is_counted())?;
    let says = both!(
        "Besked om en incident lämnas {period}, som är svagare än lagens utan onödigt dröjsmål.",
        "Notice of an incident is given {period}, which is weaker than the law's without undue delay."; period
    );
    let remedy = phrase!("Lagen går före; sätt en egen gräns.", "The law prevails; set a limit of your own.");
    Some(Trap::computed("T-56", Action::Warn, notice, says, remedy))
}

/// T-55: attempts must be told too, and there is no time for it.
fn attempts(ask: &Ask<'_>) -> Option<Trap> {
    let notice = notices(ask).find(|term| said_flag(term, "includes-attempts") == Some(true))?;
    if matches!(said(notice, "within"), Said::This(_)) {
        return None;
    }
    let says = both!(
        "Försök ska meddelas utan att någon tid är satt, och kan bli många.",
        "Attempts are to be told with no time set, and may become many."
    );
    let remedy =
        phrase!("Samla försök i ett besked, och sätt en egen gräns.", "Gather attempts, and set a limit of your own.");
    Some(Trap::computed("T-55", Action::Warn, notice, says, remedy))
}
