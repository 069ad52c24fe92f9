//! B05: a closed list of categories. *Such as* opens it, and *user data* is no category.

use crate::art28::ask::{Ask, both, is_agreed, phrase, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "B05",
    source: "GDPR Art. 28(3)",
    severity: Severity::Block,
    title: phrase!("En sluten lista över uppgifter", "A closed list of data"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Räkna upp uppgifterna, en [category.ID] för var och en, utan «såsom» och «bland annat».",
        "List the data, one [category.ID] each, without «such as» and «among other things»."
    );
    let mut declared = ask.agreement.declares().iter().filter(|it| is_agreed(&it.origin)).peekable();
    if declared.peek().is_none() {
        return Finding::silent(both!(
            "Avtalet räknar inte upp några personuppgifter. Vilka är det?",
            "The agreement lists no personal data. Which is it?"
        ))
        .remedy(remedy);
    }
    let open = |word: &str| {
        Finding::warn(both!(
            "Listan över uppgifter är öppen: «{word}». Vad mer får finnas?",
            "The list of data is open: «{word}». What else may be there?"
        ))
        .asking()
        .remedy(remedy)
    };
    if let Some(processing) = ask.term("processing", "")
        && let Some(word) = said_words(processing, "open-ended").first()
    {
        return open(word).at(processing);
    }
    let of_recipients = ask
        .agreement
        .subprocessors()
        .iter()
        .filter(|it| is_agreed(&it.origin))
        .find_map(|it| Some((ask.limits.first_in("open-words", it.data.as_deref()?)?, &it.clause)));
    let of_categories = ask.agreement.categories().iter().filter(|it| is_agreed(&it.origin)).find_map(|it| {
        let (sv, en) = (it.label.sv.as_str(), it.label.en.as_str());
        let word = ask.limits.first_in("open-words", sv).or_else(|| ask.limits.first_in("open-words", en))?;
        Some((word, &it.clause))
    });
    match of_categories.or(of_recipients) {
        Some((word, clause)) => open(word).under(clause),
        None => {
            let clause = declared.peek().map(|it| &it.clause);
            let pass = Finding::pass(both!("Listan över uppgifter är sluten.", "The list of data is closed."));
            clause.map_or(pass.clone(), |clause| pass.under(clause))
        }
    }
}
