//! A09: nothing is left to fill in.

use crate::art28::ask::{Ask, both, phrase};
use crate::art28::limits::holds;
use crate::art28::{Check, Finding, Severity};
use crate::term::Clause;

pub(super) static CHECK: Check = Check {
    id: "A09",
    source: "GDPR Art. 28(3); (EU) 2021/915, its brackets",
    severity: Severity::Block,
    title: phrase!("Inget är kvar att fylla i", "Nothing is left to fill in"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let marks = ask.limits.words("placeholders").iter().chain(ask.limits.words("placeholder-words"));
    let marks: Vec<_> = marks.map(String::as_str).collect();
    let mut lines = ask.agreement.clauses().iter().flat_map(lines);
    let open = lines.find_map(|(clause, line)| {
        let mark = marks.iter().find(|mark| holds(line, mark))?;
        Some((clause, line, *mark))
    });
    match open {
        Some((clause, line, mark)) => {
            Finding::fail(both!("Något är kvar att fylla i: «{mark}».", "Something is left to fill in: «{mark}»."))
                .quoting(clause, line)
                .remedy(phrase!("Fyll i, eller stryk meningen.", "Fill it in, or strike the sentence."))
        }
        None => Finding::pass(both!("Inget är kvar att fylla i.", "Nothing is left to fill in.")),
    }
}

/// Title, prose and terms: a template is as often left open in a value as in a sentence.
fn lines(clause: &Clause) -> impl Iterator<Item = (&Clause, &str)> {
    let terms = clause.terms.iter().flat_map(|block| block.lines());
    let lines = core::iter::once(clause.title.as_str()).chain(clause.prose.lines()).chain(terms);
    lines.map(move |line| (clause, line.trim()))
}
