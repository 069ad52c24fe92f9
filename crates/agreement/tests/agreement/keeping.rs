//! How long the log is kept, which of its entries may go, and by when copies must be gone.

use agreement::{Agreement, LogGoes, LogKept};
use terms::Instant;

const FRAME: &str = include_str!("../bad/frame.md");

/// A small agreement that says this under clause 9.
fn paper(terms: &str) -> Agreement {
    let text = format!("{FRAME}\n\n## 9 Tried {{#tried}}\n\n```toml\n{terms}\n```\n");
    Agreement::read("paper.md", &text).unwrap_or_else(|faults| panic!("{faults}"))
}

fn at(day: &str, clock: &str) -> Instant {
    calendar::Calendar::default().zone.at(day.parse().unwrap(), clock.parse().unwrap()).unwrap()
}

fn logs(of: &str, keep: &str, more: &str) -> String {
    format!("[retention.{of}]\nof = \"{of}\"\nphase = \"in-term\"\nkeep = {keep}\nthen = \"erased\"\n{more}\n")
}

/// What may go on a Wednesday at ten.
fn goes(terms: &str) -> Option<Instant> {
    let agreement = paper(terms);
    let LogGoes { before, clause } = agreement.log_goes(at("2026-06-10", "10:00"))?;
    assert_eq!(clause.as_str(), "tried");
    Some(before)
}

#[test]
fn an_entry_goes_when_its_period_is_over_by_the_contracts_own_unit() {
    // Hours run from the entry itself.
    assert_eq!(goes(&logs("logs", "\"72 hours\"", "")), Some(Instant(at("2026-06-07", "10:00").micros() + 1)));
    // Days of a text that says nothing of how they are counted end at the entry's own time of day, through a change of the clock.
    let three = goes(&logs("logs", "\"3 days\"", "start = \"event\""));
    assert_eq!(three, Some(Instant(at("2026-06-07", "10:00").micros() + 1)));
    // Where two clauses speak of it, nothing goes before both let it.
    let both = format!("{}{}", logs("logs", "\"72 hours\"", ""), logs("security-logs", "\"90 days\"", ""));
    assert!(goes(&both).unwrap() <= at("2026-03-13", "00:00"));
}

#[test]
fn a_silence_a_minimum_and_another_end_let_nothing_go() {
    let now = at("2026-06-10", "10:00");
    assert!(matches!(paper("").log_kept(now), LogKept::Silent | LogKept::NotFound { .. }));
    for stays in [
        logs("logs", "{ not-found = \"how long\" }", ""),
        logs("logs", "\"90 days\"", "at-least = true"),
        logs("logs", "\"90 days\"", "start = \"end-of-agreement\""),
        logs("logs", "\"as long as needed\"", ""),
        logs("logs", "\"90 days\"", "").replace("erased", "kept"),
        logs("logs", "\"90 days\"", "").replace("in-term", "after-end"),
        logs("logs", "\"100 years\"", ""),
        logs("backups", "\"1 day\"", ""),
    ] {
        assert_eq!(goes(&stays), None, "{stays}");
    }
}

#[test]
fn copies_end_with_the_shortest_promise_and_a_word_for_haste_is_now() {
    let erased = at("2026-06-10", "10:00");
    let ends = |terms: &str| paper(terms).copies_end(erased).map(|(at, _)| at);
    assert_eq!(ends(""), None);
    assert_eq!(ends(&logs("backups", "\"6 hours\"", "")), Some(at("2026-06-10", "16:00")));
    let erasure = |within: &str| {
        format!(
            "[erasure.person]\ndoes = {{ sv = \"radera\", en = \"erase\" }}\nwho = \"processor\"\nkind = \"performed\"\nwithin = \"{within}\"\n"
        )
    };
    assert_eq!(ends(&erasure("at once")), Some(erased));
    let both = format!("{}{}", logs("backups", "\"6 hours\"", ""), erasure("2 hours"));
    assert_eq!(ends(&both), Some(at("2026-06-10", "12:00")));
    assert_eq!(ends(&erasure("within a reasonable time")), None);
}

#[test]
fn one_list_of_promises_answers_both_by_when_and_in_how_many_days() {
    let erased = at("2026-06-10", "10:00");
    let retention = |of: &str, phase: &str, keep: &str, more: &str| {
        format!("[retention.x]\nof = \"{of}\"\nphase = \"{phase}\"\nkeep = \"{keep}\"\nthen = \"erased\"\n{more}\n")
    };
    let erasure = |who: &str, within: &str| {
        format!(
            "[erasure.x]\ndoes = {{ sv = \"radera\", en = \"erase\" }}\nwho = \"{who}\"\nkind = \"performed\"\nwithin = \"{within}\"\n"
        )
    };
    // What promises, and for how many days; a day that begins at ten ends at ten.
    for (terms, days) in [
        (retention("backups", "in-term", "30 days", ""), Some(30)),
        (retention("backups", "after-end", "2 weeks", ""), Some(14)),
        (retention("copies", "in-term", "1 day", ""), Some(1)),
        (retention("content", "after-end", "90 days", ""), Some(90)),
        (retention("content", "in-term", "90 days", ""), None),
        (retention("backups", "in-term", "30 days", "at-least = true"), None),
        (retention("backups", "in-term", "30 days", "").replace("erased", "kept"), None),
        (retention("backups", "in-term", "30 days", "").replace("erased", "anonymised"), Some(30)),
        (erasure("processor", "3 days"), Some(3)),
        (erasure("processor", "1 month"), Some(28)),
        (erasure("controller", "3 days"), None),
        (String::new(), None),
    ] {
        let agreement = paper(&terms);
        let promise = agreement.erasure_promise();
        assert_eq!(promise.as_ref().map(|one| one.days), days, "{terms}");
        let ends = agreement.copies_end(erased);
        assert_eq!(ends.is_some(), days.is_some(), "one list, two answers: {terms}");
        if let (Some((ends, clause)), Some(promise)) = (ends, promise) {
            assert_eq!(clause, promise.clause);
            // In whole days it is never later than to the hour.
            assert!(erased.plus_seconds(i64::from(promise.days) * 86_400) <= ends, "{terms}");
        }
    }
    // A word for haste is kept by what can be done at once; what is made once a day cannot keep it, and goes by the numbers.
    let both = format!("{}{}", erasure("processor", "at once"), retention("backups", "in-term", "30 days", ""));
    let agreement = paper(&both);
    assert_eq!(agreement.copies_end(erased).map(|(at, _)| at), Some(erased));
    assert_eq!(agreement.erasure_promise().map(|one| one.days), Some(30));
}
