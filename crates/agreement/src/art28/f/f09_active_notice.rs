//! F09: the notice is sent to somebody; a changed page on the web is none.

use super::notice;
use crate::art28::ask::{Ask, both, is_derived, phrase, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "F09",
    source: "EDPB Guidelines 07/2020 para 128",
    severity: Severity::Major,
    title: phrase!("Beskedet når fram", "The notice reaches somebody"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "by = [\"e-mail\"] och to = [\"controller.administrators\"] under [subprocessor-change.notice]",
        "by = [\"e-mail\"] and to = [\"controller.administrators\"] under [subprocessor-change.notice]"
    );
    let Some(notice) = notice(ask) else {
        return Finding::silent(both!(
            "Avtalet säger inte hur kunden får veta om nya underbiträden. Hur?",
            "The agreement does not say how the customer is told of new subprocessors. How?"
        ))
        .at_some(ask.term("subprocessing", ""))
        .remedy(remedy);
    };
    let ways = said_words(notice, "by");
    let is_sent = ways.iter().any(|way| ask.limits.is_word("push-channels", way));
    let is_named = said_words(notice, "to").iter().any(|to| to.starts_with("controller."));
    if !ways.is_empty() && ways.iter().all(|way| way == "website") {
        Finding::fail(both!(
            "Ett nytt underbiträde visas bara på webben. Det är inget besked.",
            "A new subprocessor is shown on the web alone. That is no notice."
        ))
        .remedy(remedy)
    } else if is_sent && is_named && !is_derived(notice, "by") {
        Finding::pass(both!(
            "Beskedet sänds till namngivna kontakter hos kunden.",
            "The notice is sent to named contacts at the customer."
        ))
    } else {
        Finding::warn(both!(
            "Avtalet säger inte rent ut att beskedet sänds, till vem och hur. Når det fram?",
            "The agreement does not say in so many words that the notice is sent, to whom and how. Does it arrive?"
        ))
        .asking()
        .remedy(remedy)
    }
    .at(notice)
}
