//! A10: a number names one clause, numbers go up, and references lead somewhere.

use std::collections::HashSet;

use crate::art28::ask::{Ask, both, phrase};
use crate::art28::{Check, Finding, Severity};
use crate::term::Clause;

pub(super) static CHECK: Check = Check {
    id: "A10",
    source: "legal certainty; GDPR Art. 28(9)",
    severity: Severity::Minor,
    title: phrase!("Numreringen håller", "The numbering holds"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!("Numrera om, och rätta hänvisningarna.", "Number anew, and mend the references.");
    let numbered: Vec<_> = ask.agreement.clauses().iter().filter(|clause| !clause.number.is_empty()).collect();
    let mut seen = HashSet::new();
    if let Some(clause) = numbered.iter().find(|clause| !seen.insert((clause.number.as_str(), letter(clause)))) {
        let number = &clause.number;
        return Finding::fail(both!(
            "Två punkter heter {number}. En hänvisning dit kan betyda vilken som helst av dem.",
            "Two clauses are numbered {number}. A reference to it may mean either."
        ))
        .under(&clause.id)
        .remedy(remedy);
    }
    for pair in numbered.windows(2) {
        let [first, second] = pair else { continue };
        let ((group, before), (other, after)) = (parts(&first.number), parts(&second.number));
        if group == other && after < before {
            let number = &second.number;
            return Finding::warn(both!("Punkten {number} står i fel ordning.", "Clause {number} is out of order."))
                .under(&second.id)
                .remedy(remedy);
        }
    }
    let traps = ask.limits.words("numbering-traps");
    let oddity =
        ask.terms("oddity").find(|term| term.text("trap").is_some_and(|trap| traps.iter().any(|it| it == trap)));
    if let Some(oddity) = oddity {
        let label = oddity.label("label").cloned().unwrap_or_default();
        let (sv, en) = (label.sv, label.en);
        return Finding::warn(both!(
            "Originalets numrering håller inte: {sv}",
            "The numbering of the original does not hold: {en}"
        ))
        .at(oddity)
        .remedy(remedy);
    }
    Finding::pass(both!(
        "Varje nummer står för en punkt, och numren går uppåt.",
        "Each number stands for one clause, and the numbers go up."
    ))
}

/// A letter that stands apart from its number, as in `3:1.2 c`, belongs to it; the reader takes it for the title's first word.
fn letter(clause: &Clause) -> Option<&str> {
    let first = clause.title.split_whitespace().next()?;
    (first.len() == 1 && first.starts_with(|c: char| c.is_ascii_lowercase())).then_some(first)
}

/// The letters or the document before a number, and its whole numbers: `S.19.2` → `S` and 19, 2; `3:1.2` → `3:` and 1, 2.
fn parts(number: &str) -> (&str, Vec<u64>) {
    let after_document = number.rfind(':').map_or(0, |at| at + 1);
    let first = number.get(after_document..).and_then(|rest| rest.find(|c: char| c.is_ascii_digit()));
    let (group, rest) = number.split_at(after_document + first.unwrap_or(0));
    (group, rest.split('.').map(|part| part.trim_end_matches(char::is_alphabetic).parse().unwrap_or(0)).collect())
}
