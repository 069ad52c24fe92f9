//! E01: all measures that Article 32 demands, and not only those that are listed.

use crate::art28::ask::{Ask, both, phrase, said_flag};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "E01",
    source: "GDPR Art. 28(3)(c), 32",
    severity: Severity::Block,
    title: phrase!("Alla åtgärder enligt artikel 32", "All measures under Article 32"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Biträdet vidtar alla åtgärder som krävs enligt artikel 32. (all-of-article-32 = true under [security])",
        "The processor takes all measures required under Article 32. (all-of-article-32 = true under [security])"
    );
    let security = ask.term("security", "");
    match (security.and_then(|term| said_flag(term, "all-of-article-32")), ask.terms("measure").next()) {
        (Some(true), _) => Finding::pass(both!(
            "Biträdet lovar alla åtgärder som lagen kräver.",
            "The processor promises all measures that the law demands."
        ))
        .at_some(security),
        (_, Some(measure)) => Finding::warn(both!(
            "Biträdet lovar de åtgärder som räknas upp, men inte alla som artikel 32 kräver. Menas också de?",
            "The processor promises the measures that are listed, but not all that Article 32 demands. Are those meant too?"
        ))
        .asking()
        .at(security.unwrap_or(measure))
        .remedy(remedy),
        (_, None) => Finding::silent(both!(
            "Avtalet lovar inga säkerhetsåtgärder. Vilka vidtas?",
            "The agreement promises no security measures. Which are taken?"
        ))
        .at_some(security)
        .remedy(remedy),
    }
}
