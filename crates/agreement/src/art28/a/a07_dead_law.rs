//! A07: nothing rests on an act that is repealed or a mechanism that has ended, and authorities have their name of the day.

use terms::Sourced;

use crate::art28::ask::{Ask, both, phrase};
use crate::art28::limits::holds;
use crate::art28::{Check, Finding, Severity};
use crate::law::Standing;

pub(super) static CHECK: Check = Check {
    id: "A07",
    source: "GDPR Art. 5(1)(a), 94; CJEU C-362/14, C-311/18; (EU) 2021/914 Art. 4",
    severity: Severity::Major,
    title: phrase!("Ingen upphävd lag", "No repealed law"),
    run,
};

const REMEDY: crate::art28::Phrase = phrase!(
    "Byt mot det som gäller i dag: dataskyddsförordningen, standardavtalsklausulerna från 2021, Integritetsskyddsmyndigheten.",
    "Replace it with what holds today: the GDPR, the standard contractual clauses of 2021, the authority under its present name."
);

fn run(ask: &Ask<'_>) -> Finding {
    for term in ask.terms("law") {
        let Some(Standing::Ended(act, ended)) = term.text("act").map(|act| ask.law.act(act)) else { continue };
        let (sv, en) = (&act.name.sv, &act.name.en);
        return Finding::fail(both!(
            "Avtalet hänvisar till {sv}, som upphörde att gälla den {ended}.",
            "The agreement refers to {en}, which ceased to apply on {ended}."
        ))
        .at(term)
        .remedy(REMEDY);
    }
    for term in ask.terms("transfer") {
        let Some(Standing::Ended(basis, ended)) = term.text("basis").map(|basis| ask.law.basis(basis)) else {
            continue;
        };
        let (sv, en) = (&basis.name.sv, &basis.name.en);
        return Finding::fail(both!(
            "En överföring vilar på {sv}, som upphörde den {ended}.",
            "A transfer rests on {en}, which ended on {ended}."
        ))
        .at(term)
        .remedy(REMEDY);
    }
    names(ask).unwrap_or_else(|| {
        Finding::pass(both!(
            "Avtalet hänvisar inte till någon lag eller ordning som har upphört.",
            "The agreement refers to no act or mechanism that has ended."
        ))
    })
}

/// Names of things that have ended: in the terms about law and transfers, and in the prose.
fn names(ask: &Ask<'_>) -> Option<Finding> {
    let told = |written: &str, ended: jiff::civil::Date| {
        Finding::warn(both!(
            "Avtalet nämner «{written}», ett namn på något som upphörde den {ended}.",
            "The agreement mentions «{written}», a name of something that ended on {ended}."
        ))
        .remedy(REMEDY)
    };
    let dead: Vec<_> = ask.law.dead_names().collect();
    for (block, key) in [("law", "as-written"), ("transfers", "grounds")] {
        for term in ask.terms(block) {
            let Some(Sourced::Found { value, .. }) = term.sourced(key) else { continue };
            let value = value.to_string();
            if let Some(name) = dead.iter().find(|name| holds(&value, name.written)) {
                return Some(told(name.written, name.ended).at(term));
            }
        }
    }
    ask.prose().find_map(|(clause, line)| {
        let name = dead.iter().find(|name| holds(line, name.written))?;
        Some(told(name.written, name.ended).quoting(clause, line))
    })
}
