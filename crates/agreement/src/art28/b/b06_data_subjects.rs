//! B06: whose data it is, and which data of whom; the same words in the body and in the annex.

use std::collections::HashSet;

use terms::{Provenance, SubjectCategory};

use crate::art28::ask::{Ask, both, is_agreed, phrase};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "B06",
    source: "GDPR Art. 28(3)",
    severity: Severity::Block,
    title: phrase!("Vilka registrerade, med vilka uppgifter", "Which data subjects, with which data"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let agreement = ask.agreement;
    let subjects: Vec<_> = agreement.subjects().iter().filter(|it| is_agreed(&it.origin)).collect();
    if subjects.is_empty() {
        return Finding::silent(both!(
            "Avtalet säger inte vilka människor uppgifterna handlar om. Vilka är de?",
            "The agreement does not say whom the data is about. Who are they?"
        ))
        .remedy(phrase!("[subject.ID] för varje grupp", "[subject.ID] for each group"));
    }
    // Where only somebody's reading finds the people, the text does not contradict itself; the reader warns of them.
    let is_let_in = |id: SubjectCategory| {
        let mut stated = agreement.declares().iter().filter(|it| it.origin.provenance == Provenance::Stated);
        stated.any(|it| it.subject == id)
    };
    if let Some(subject) = subjects.iter().find(|it| !it.declared && is_let_in(it.id.clone())) {
        let (sv, en) = (&subject.label.sv, &subject.label.en);
        return Finding::warn(both!(
            "Uppgifter om {sv} får finnas, men de står inte bland de registrerade.",
            "Data about {en} may be there, but they are not among the data subjects."
        ))
        .under(&subject.clause)
        .remedy(phrase!("Ta upp gruppen bland de registrerade.", "List the group among the data subjects."));
    }
    let tied: HashSet<_> = agreement.declares().iter().flat_map(|it| &it.categories).collect();
    if let Some(category) = agreement.categories().iter().find(|it| is_agreed(&it.origin) && !tied.contains(&it.id)) {
        let (sv, en) = (&category.label.sv, &category.label.en);
        return Finding::warn(both!(
            "Avtalet säger inte vem uppgiften «{sv}» handlar om. Vem är det?",
            "The agreement does not say whom the data «{en}» is about. Who is it?"
        ))
        .asking()
        .under(&category.clause)
        .remedy(phrase!("[[declares]] med gruppen och uppgiften", "[[declares]] with the group and the data"));
    }
    let bare = subjects.iter().find(|it| agreement.declares().iter().all(|declared| declared.subject != it.id));
    match (bare, subjects.first()) {
        (Some(subject), _) => {
            let (sv, en) = (&subject.label.sv, &subject.label.en);
            Finding::warn(both!(
                "Avtalet säger inte vilka uppgifter om {sv} som får finnas. Vilka är det?",
                "The agreement does not say which data about {en} may be there. Which is it?"
            ))
            .asking()
            .under(&subject.clause)
            .remedy(phrase!("[[declares]] med gruppen och uppgifterna", "[[declares]] with the group and the data"))
        }
        (None, first) => {
            let pass = Finding::pass(both!(
                "Varje uppgift hör till en grupp av registrerade.",
                "All data belongs to a group of data subjects."
            ));
            match first {
                Some(subject) => pass.under(&subject.clause),
                None => pass,
            }
        }
    }
}
