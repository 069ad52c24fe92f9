//! Tables for people: *who may see what*, and *what the check found*. The same text gives the same table, byte for byte.
//!
//! They are read off the decision table itself, so that they show what `decide` answers and not what we think it does.

mod article_28;
mod record_of_processing;
mod what_falls_due;

use core::fmt::Write;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use terms::{CaseName, Category, KindName, Language, Relation, Relations, Verb};

use crate::agreement::Agreement;
use crate::fault::Faults;
use crate::term::RoleSide;

pub use article_28::article_28;
pub use record_of_processing::record_of_processing;
pub use what_falls_due::what_falls_due;

/// Role × purpose × data subjects × category, with the verbs, the case that is demanded, and the clause; and at the end what
/// nobody may see.
#[must_use]
pub fn who_may_see_what(agreement: &Agreement, language: Language) -> String {
    let words = Words::of(language);
    let mut text = String::new();
    let _ = writeln!(text, "{}, {}", agreement.title().text(language), agreement.version());
    let mut rows = rows(agreement, &words);
    for (role, number) in agreement.roles().iter().zip(0..) {
        let side = match role.side {
            RoleSide::Controller => words.controller,
            RoleSide::Subject => words.subject,
            RoleSide::Processor => words.processor,
            RoleSide::Platform => words.platform,
        };
        let clause = agreement.number(&role.clause);
        let _ = writeln!(text, "\n{} ({}) · {side} · {clause}", role.label.text(language), role.id);
        match rows.remove(&number) {
            None => {
                let _ = writeln!(text, "  {}", words.nothing);
            }
            Some(mut rows) => {
                rows.insert(0, words.head.map(str::to_owned));
                table(&mut text, &rows);
            }
        }
    }
    nobody(agreement, &words, &mut text);
    text
}

/// Faults, or else warnings, of a file that was read. In English, the language of all messages about files.
#[must_use]
pub fn check_result(file_name: &str, read: &Result<Agreement, Faults>) -> String {
    let mut text = String::new();
    match read {
        Err(faults) => {
            let count = faults.as_slice().len();
            let noun = if count == 1 { "fault" } else { "faults" };
            let _ = writeln!(text, "{file_name}: {count} {noun}\n\n{faults}");
        }
        Ok(agreement) => {
            let (clauses, warnings) = (agreement.clauses().len(), agreement.warnings());
            let _ = writeln!(text, "{file_name}: {clauses} clauses, no faults, {} to know", warnings.len());
            for warning in warnings {
                let _ = writeln!(text, "\n{file_name}:{}  {}\n   {}", warning.line, warning.heading, warning.message);
            }
        }
    }
    text
}

type Row = [String; 6];

/// Under which conditions a grant holds: case, relations, consent.
type Limits<'a> = (Option<&'a CaseName>, Relations, Option<&'a KindName>);

/// The rows of each role, in the order of the text.
fn rows(agreement: &Agreement, words: &Words) -> BTreeMap<u32, Vec<Row>> {
    let order: HashMap<&Category, usize> =
        agreement.categories().iter().enumerate().map(|(at, category)| (&category.id, at)).collect();
    // Verbs gathered by everything else; the place of the clause keeps two rules for one category apart and in order.
    type Key<'a> = (u32, u32, u32, usize, Limits<'a>, usize);
    let mut gathered: BTreeMap<Key<'_>, BTreeSet<Verb>> = BTreeMap::new();
    for ((role, verb, purpose, subject), cell) in agreement.table().cells() {
        for (category, grants) in cell.each() {
            let Some(&category) = order.get(category) else { continue };
            for grant in grants {
                let line = agreement.clause(&grant.clause).map_or(0, |clause| clause.line);
                let limits = (grant.case.as_ref(), grant.reach, grant.consent.as_ref());
                let key = (role, purpose, subject, category, limits, line);
                gathered.entry(key).or_default().insert(verb);
            }
        }
    }
    let mut rows: BTreeMap<u32, Vec<Row>> = BTreeMap::new();
    for ((role, purpose, subject, category, limits, line), verbs) in gathered {
        let name = |name: Option<&str>| name.unwrap_or("").to_owned();
        let at = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let clause = agreement.clauses().iter().find(|clause| clause.line == line);
        rows.entry(role).or_default().push([
            name(agreement.purposes().get(at(purpose)).map(|term| term.id.as_str())),
            name(agreement.subjects().get(at(subject)).map(|term| term.id.as_str())),
            name(agreement.categories().get(category).map(|term| term.id.as_str())),
            verbs.iter().map(|verb| verb.as_str()).collect::<Vec<_>>().join(" "),
            words.only(limits),
            clause.map_or_else(String::new, |clause| agreement.number(&clause.id).to_owned()),
        ]);
    }
    rows
}

/// What is declared and nobody may consult or be told of.
fn nobody(agreement: &Agreement, words: &Words, text: &mut String) {
    let mut seen: HashSet<(u32, &Category)> = HashSet::new();
    for ((_, verb, _, subject), cell) in agreement.table().cells() {
        if matches!(verb, Verb::Consult | Verb::Disclose | Verb::Retrieve) {
            seen.extend(cell.categories().map(|category| (subject, category)));
        }
    }
    let _ = writeln!(text, "\n{}", words.nobody);
    let mut none = true;
    for declares in agreement.declares() {
        let Some(subject) = agreement.table().subject(&declares.subject) else { continue };
        for category in declares.categories.iter().filter(|category| !seen.contains(&(subject, *category))) {
            let number = agreement.number(&declares.clause);
            let _ = writeln!(text, "  {} · {category} ({number})", declares.subject);
            none = false;
        }
    }
    if none {
        let _ = writeln!(text, "  {}", words.nothing);
    }
}

/// Columns as wide as their widest cell, two spaces apart.
fn table<const N: usize>(text: &mut String, rows: &[[String; N]]) {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    for row in rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        let _ = writeln!(text, "  {}", line.trim_end());
    }
}

/// The few words that the tables need themselves; all others come from the agreement.
struct Words {
    head: [&'static str; 6],
    controller: &'static str,
    subject: &'static str,
    processor: &'static str,
    platform: &'static str,
    within: &'static str,
    /// For records that are own, assigned, of the unit.
    reach: [&'static str; 3],
    or: &'static str,
    consent: &'static str,
    nothing: &'static str,
    nobody: &'static str,
}

impl Words {
    /// The conditions in words; empty where there is none.
    fn only(&self, (case, reach, consent): Limits<'_>) -> String {
        let reached: Vec<&str> = Relation::ALL
            .into_iter()
            .zip(self.reach)
            .filter(|(one, _)| reach.has(*one))
            .map(|(_, word)| word)
            .collect();
        let parts = [
            case.map(|case| format!("{} {case}", self.within)),
            (!reached.is_empty()).then(|| reached.join(&format!(" {} ", self.or))),
            consent.map(|kind| format!("{} {kind}", self.consent)),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    const fn of(language: Language) -> Self {
        match language {
            Language::Sv => Self {
                head: ["ändamål", "registrerade", "kategori", "får", "bara", "punkt"],
                controller: "kundens",
                subject: "den registrerade själv",
                processor: "biträdets",
                platform: "plattformens",
                within: "i ärende",
                reach: ["egna", "tilldelade", "enhetens"],
                or: "eller",
                consent: "med samtycke",
                nothing: "inget",
                nobody: "Ingen får se",
            },
            Language::En => Self {
                head: ["purpose", "data subjects", "category", "may", "only", "clause"],
                controller: "the customer's",
                subject: "the data subject itself",
                processor: "the processor's",
                platform: "the platform's",
                within: "within case",
                reach: ["own", "assigned", "of the unit"],
                or: "or",
                consent: "with consent",
                nothing: "nothing",
                nobody: "Nobody may see",
            },
        }
    }
}
