//! The check of the agreement against Article 28 and what belongs to it: is what the law demands there, and how is it said?
//!
//! One check a file, in a folder a group. A check is a pure function of agreement, evidence and day; it reads terms, and prose
//! only for placeholders, open words, dead names and numbering. What limits it goes by is data with days
//! (`data/limits.toml`, `data/law.toml`). This is not the reader: an agreement with a fault never comes here
//! (`crate::checks` finds those), and one that fails here can still be read, stored and shown.
//!
//! No check fails because a fact could not be read. Where the agreement is silent the answer is a question to a person
//! ([`Finding::asks`]), with the verdict that the silence has.

mod a;
mod ask;
mod b;
mod c;
mod d;
mod e;
mod evidence;
mod f;
mod g;
mod going_live;
mod h;
mod i;
mod j;
mod k;
mod l;
mod limits;
mod m;
mod sources;
mod traps;

use jiff::civil::Date;
use terms::{ClauseId, Label};

use crate::agreement::Agreement;
use crate::reading::plain;
use ask::Ask;
pub use evidence::{Acceptance, Evidence, IncidentContact};
pub use going_live::{Override, OverridesError, Stop, going_live, read_overrides};
pub use traps::{Action, Trap};

/// How much a check that fails weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Mandatory content of Art. 28(2)–(4), 28(9), 33(2) or Chapter V: the agreement goes live only with a recorded override.
    Block,
    /// The same, about what the systems do.
    BlockAtRunTime,
    /// Demanded by the Commission's clauses, EDPB or IMY practice, or a promise that cannot be kept as written.
    Major,
    /// The same, about what the systems do.
    MajorAtRunTime,
    /// Good practice.
    Minor,
    /// For information.
    Info,
}

impl Severity {
    /// Every severity, the heaviest first.
    pub const ALL: [Self; 6] =
        [Self::Block, Self::BlockAtRunTime, Self::Major, Self::MajorAtRunTime, Self::Minor, Self::Info];

    /// A stable word for JSON, SARIF and tests.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::BlockAtRunTime => "block-at-run-time",
            Self::Major => "major",
            Self::MajorAtRunTime => "major-at-run-time",
            Self::Minor => "minor",
            Self::Info => "info",
        }
    }

    /// Whether an agreement that fails such a check may not go live.
    #[must_use]
    pub const fn blocks(self) -> bool {
        matches!(self, Self::Block | Self::BlockAtRunTime)
    }
}

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// What is demanded is there.
    Pass,
    /// It is there in part, or in a way that a person should look at.
    Warn,
    /// It is not there, or says what it may not say.
    Fail,
    /// The question does not arise, or only a register could answer it that is not at hand.
    NotApplicable,
}

impl Verdict {
    /// A stable word for JSON, SARIF and tests.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::NotApplicable => "not-applicable",
        }
    }

    /// As in the checklist: P, W, F or -.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Pass => 'P',
            Self::Warn => 'W',
            Self::Fail => 'F',
            Self::NotApplicable => '-',
        }
    }
}

/// A text in both languages that stands in the program.
#[derive(Debug, Clone, Copy)]
pub struct Phrase {
    /// Swedish.
    pub sv: &'static str,
    /// English.
    pub en: &'static str,
}

impl Phrase {
    /// As a label.
    #[must_use]
    pub fn label(self) -> Label {
        Label { sv: self.sv.to_owned(), en: self.en.to_owned() }
    }
}

/// One check.
pub struct Check {
    /// Its number in the checklist, e.g. `B07`.
    pub id: &'static str,
    /// The articles and sources that demand it, in the short form of legal texts; for people, [`Check::source_in`].
    pub source: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// What it looks for, in a few words.
    pub title: Phrase,
    run: fn(&Ask<'_>) -> Finding,
}

impl core::fmt::Debug for Check {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Check({})", self.id)
    }
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it came to.
    pub verdict: Verdict,
    /// What that means, in a sentence or two for somebody who worries about it.
    pub says: Label,
    /// Whether it is a question to a person: the agreement is silent, or the check could not tell.
    pub asks: bool,
    /// The clause that it rests on. None where no clause says anything about it.
    pub clause: Option<ClauseId>,
    /// The line of the term or the heading, from 1; 1 where there is no clause.
    pub line: usize,
    /// A quotation of the clause; empty where there is none.
    pub excerpt: String,
    /// What to write, where something should be written.
    pub remedy: Option<Label>,
}

/// What every check found, in the order of the checklist.
#[derive(Debug, Clone)]
pub struct Report {
    /// The day on which it was asked.
    pub on: Date,
    /// Each check with its finding.
    pub findings: Vec<(&'static Check, Finding)>,
    /// What stands against itself, the law or what can be done: first what the agreement names, then what was computed.
    pub traps: Vec<Trap>,
}

impl Report {
    /// The findings that keep the agreement from going live.
    pub fn blocking(&self) -> impl Iterator<Item = &(&'static Check, Finding)> {
        self.findings.iter().filter(|(check, finding)| check.severity.blocks() && finding.verdict == Verdict::Fail)
    }

    /// The traps that keep the agreement from going live.
    pub fn blocking_traps(&self) -> impl Iterator<Item = &Trap> {
        self.traps.iter().filter(|trap| trap.blocks())
    }

    /// Whether anything keeps the agreement from going live.
    #[must_use]
    pub fn blocks(&self) -> bool {
        self.blocking().next().is_some() || self.blocking_traps().next().is_some()
    }

    /// What the check of this number found.
    #[must_use]
    pub fn finding(&self, id: &str) -> Option<&Finding> {
        self.findings.iter().find(|(check, _)| check.id == id).map(|(_, finding)| finding)
    }
}

/// Every check, in the order of the checklist.
pub fn checks() -> impl Iterator<Item = &'static Check> {
    let groups = [
        a::CHECKS,
        b::CHECKS,
        c::CHECKS,
        d::CHECKS,
        e::CHECKS,
        f::CHECKS,
        g::CHECKS,
        h::CHECKS,
        i::CHECKS,
        j::CHECKS,
        k::CHECKS,
        l::CHECKS,
        m::CHECKS,
    ];
    groups.into_iter().flatten().copied()
}

/// Asks every check about the agreement, by the law and the limits of the day.
#[must_use]
pub fn check(agreement: &Agreement, evidence: &Evidence, on: Date) -> Report {
    let ask = Ask::new(agreement, evidence, on);
    let findings = checks().map(|check| (check, quoted(agreement, (check.run)(&ask))));
    let traps = traps::all(&ask).into_iter().map(|trap| quoted_trap(agreement, trap));
    Report { on, findings: findings.collect(), traps: traps.collect() }
}

/// Longest quotation, in characters.
const MAX_EXCERPT_CHARS: usize = 240;

/// Adds the line and the quotation of the finding's clause, where the check has not chosen its own.
fn quoted(agreement: &Agreement, mut finding: Finding) -> Finding {
    let clause = finding.clause.as_ref().and_then(|id| agreement.clause(id));
    if let Some(clause) = clause {
        if finding.line == 0 {
            finding.line = clause.line;
        }
        if finding.excerpt.is_empty() {
            finding.excerpt = first_paragraph(&clause.prose);
        }
    }
    finding.line = finding.line.max(1);
    finding.excerpt = excerpt(&finding.excerpt);
    finding
}

/// Adds the line and the quotation of the trap's clause.
fn quoted_trap(agreement: &Agreement, mut trap: Trap) -> Trap {
    if let Some(clause) = agreement.clause(&trap.clause) {
        if trap.line == 0 {
            trap.line = clause.line;
        }
        trap.excerpt = excerpt(&first_paragraph(&clause.prose));
    }
    trap
}

/// The first paragraph of the clause's own words.
fn first_paragraph(prose: &str) -> String {
    let own = prose.split("\n\n").map(|paragraph| ask::own_words(paragraph).collect::<Vec<_>>().join(" "));
    own.into_iter().find(|paragraph| !paragraph.is_empty()).unwrap_or_default()
}

fn excerpt(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut cut: String = text.chars().take(MAX_EXCERPT_CHARS).map(plain).collect();
    if text.chars().count() > MAX_EXCERPT_CHARS {
        cut.push('…');
    }
    cut
}
