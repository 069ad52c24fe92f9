//! G04: where an adequacy decision is only for those on a list, the recipient is on it, and somebody looked lately.

use super::{carried, listing_basis, standing_outside};
use crate::art28::ask::{Ask, both, is_agreed, phrase};
use crate::art28::limits::before;
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "G04",
    source: "GDPR Art. 45; (EU) 2023/1795",
    severity: Severity::Major,
    title: phrase!("Mottagaren står på listan", "The recipient is on the list"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "[[transfer]] med basis, evidence och checked, eller klausuler i stället",
        "[[transfer]] with basis, evidence and checked, or clauses instead"
    );
    let listed = || {
        ask.agreement.subprocessors().iter().filter(|it| is_agreed(&it.origin)).filter(|it| standing_outside(ask, it))
    };
    let needed = |it: &&crate::term::Subprocessor| listing_basis(ask, it);
    let Some(first) = listed().find(needed) else {
        return Finding::not_applicable(both!(
            "Ingen mottagare finns i ett land där en lista avgör.",
            "No recipient is in a country where a list decides."
        ));
    };
    let oldest = ask.limits.period("listing-checked-within").and_then(|period| before(ask.on, &period));
    for it in listed().filter(needed) {
        let name = &it.name;
        let on_list = ask
            .terms("transfer")
            .find(|term| term.text("subprocessor") == Some(it.id.as_str()) && super::needs_listing(ask, term));
        match on_list {
            None if carried(ask, it) => {}
            None => {
                return Finding::fail(both!(
                    "Att {name} står på listan är inte antecknat, och ingen annan grund gäller.",
                    "That {name} is on the list is not recorded, and no other basis holds."
                ))
                .under(&it.clause)
                .remedy(remedy);
            }
            Some(term) if term.date("checked").is_none_or(|day| oldest.is_some_and(|oldest| day < oldest)) => {
                return Finding::warn(both!(
                    "När såg någon senast att {name} står på listan?",
                    "When did somebody last see that {name} is on the list?"
                ))
                .asking()
                .at(term)
                .remedy(remedy);
            }
            Some(_) => {}
        }
    }
    Finding::pass(both!(
        "Var mottagare som en lista avgör för står på den, eller har en annan grund.",
        "Each recipient for whom a list decides is on it, or has another basis."
    ))
    .under(&first.clause)
}
