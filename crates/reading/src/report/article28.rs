//! What a text says against Article 28: the check of agreements, asked of the draft that the text would become.
//!
//! The check is made for agreement files and knows nothing of readings. What it finds is told here as what it is of a reading: said in
//! the text, with its quotation; worth a look; or *not found*, which is no verdict on the text. What the operator would add to run a
//! service says nothing about the text and is left out.

use std::ops::Range;

use agreement::Agreement;
use agreement::art28::{self, Check, Evidence, Finding, Report, Trap};
use jiff::civil::Date;
use terms::{ClauseId, Label};

use crate::draft::{Choice, Choices, draft_with_places};
use crate::read::{Reading, Verdict};

/// What a check of Article 28 comes to for a text that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comes {
    /// The text says it, and a person should look at how.
    ToLookAt,
    /// Nothing was found that says it.
    NotFound,
    /// The text says it.
    Says,
}

/// One check, and where the text answers it.
#[derive(Debug, Clone)]
pub struct Point {
    /// The check.
    pub check: &'static Check,
    /// What it comes to.
    pub comes: Comes,
    /// What that means.
    pub says: Label,
    /// The proposal that it rests on, by its place in [`Reading::proposals`].
    pub at: Option<usize>,
    /// The clause that it rests on, by its place in [`Reading::clauses`].
    pub clause: Option<usize>,
    /// What to write.
    pub remedy: Option<Label>,
}

/// Something in the text that stands against itself, the law or what can be done.
#[derive(Debug, Clone)]
pub struct Against {
    /// What.
    pub says: Label,
    /// The proposal that it rests on.
    pub at: Option<usize>,
    /// The clause that it rests on.
    pub clause: Option<usize>,
}

/// The check of a text.
#[derive(Debug, Clone)]
pub struct Article28 {
    /// By the law of this day.
    pub on: Date,
    /// Every check that the text could answer, in the order of the checklist.
    pub points: Vec<Point>,
    /// What stands against something.
    pub against: Vec<Against>,
    /// So many checks do not arise, or ask for what is no part of a text: registers, settings, people.
    pub not_asked: usize,
}

/// Why nothing was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotChecked {
    /// The text is no agreement; Article 28 asks nothing of it.
    NoAgreement,
    /// It is too long, or no draft can be made of it that the check could read.
    NoDraft,
}

impl Article28 {
    /// So many points come to this.
    #[must_use]
    pub fn count(&self, comes: Comes) -> usize {
        self.points.iter().filter(|point| point.comes == comes).count()
    }

    /// The letter of each group of the checklist, with how many of its points the text says and how many there are.
    #[must_use]
    pub fn groups(&self) -> Vec<(char, usize, usize)> {
        let mut groups: Vec<(char, usize, usize)> = Vec::new();
        for point in &self.points {
            let letter = point.check.id.chars().next().unwrap_or('?');
            let says = usize::from(point.comes == Comes::Says);
            match groups.last_mut() {
                Some((known, found, all)) if *known == letter => (*found, *all) = (*found + says, *all + 1),
                _ => groups.push((letter, says, 1)),
            }
        }
        groups
    }
}

/// Asks every check about the text.
pub(super) fn check(reading: &Reading, on: Date) -> Result<Article28, NotChecked> {
    if !matches!(reading.verdict, Verdict::Agreement | Verdict::OtherAgreement) {
        return Err(NotChecked::NoAgreement);
    }
    // Taken as read: the report says that nobody has confirmed it.
    let taken: Choices = (0..reading.proposals.len()).map(|at| (at, Choice::Confirmed)).collect();
    let (text, places) = draft_with_places(reading, "text", &taken).map_err(|_| NotChecked::NoDraft)?;
    let agreement = Agreement::read("draft", &text).map_err(|_| NotChecked::NoDraft)?;
    let report = art28::check(&agreement, &Evidence::default(), on);
    Ok(told(&report, &places))
}

fn told(report: &Report, places: &[(Range<usize>, usize)]) -> Article28 {
    let mut points = Vec::new();
    for (check, finding) in &report.findings {
        points.extend(point(check, finding, places));
    }
    let against = report.traps.iter().filter_map(|trap| against(trap, places)).collect();
    Article28 { on: report.on, not_asked: report.findings.len() - points.len(), points, against }
}

fn point(check: &'static Check, finding: &Finding, places: &[(Range<usize>, usize)]) -> Option<Point> {
    use art28::Verdict as Came;
    let at = proposal(finding.line, places);
    let clause = finding.clause.as_ref().and_then(clause_of);
    let of_text = at.is_some() || clause.is_some();
    let comes = match (finding.verdict, of_text) {
        (Came::NotApplicable, _) => return None,
        (Came::Pass, true) => Comes::Says,
        // It passes by what is not the text's, or because there is nothing to object to.
        (Came::Pass, false) => return None,
        (Came::Warn | Came::Fail, true) if !finding.asks => Comes::ToLookAt,
        // The operator's additions are not judged.
        (Came::Warn | Came::Fail, false) if !finding.asks && is_added(finding.clause.as_ref()) => return None,
        (Came::Warn | Came::Fail, _) => Comes::NotFound,
    };
    let remedy = if comes == Comes::Says { None } else { finding.remedy.clone() };
    let (at, clause) = if comes == Comes::NotFound { (None, None) } else { (at, clause) };
    Some(Point { check, comes, says: finding.says.clone(), at, clause, remedy })
}

fn against(trap: &Trap, places: &[(Range<usize>, usize)]) -> Option<Against> {
    let at = proposal(trap.line, places);
    let clause = clause_of(&trap.clause);
    (at.is_some() || clause.is_some()).then(|| Against { says: trap.says.clone(), at, clause })
}

/// The proposal from which the block on a line of the draft was made.
fn proposal(line: usize, places: &[(Range<usize>, usize)]) -> Option<usize> {
    let after = places.partition_point(|(lines, _)| lines.start <= line);
    let (lines, at) = places.get(after.checked_sub(1)?)?;
    lines.contains(&line).then_some(*at)
}

/// The clause of the text that a clause of the draft is.
fn clause_of(id: &ClauseId) -> Option<usize> {
    id.as_str().strip_prefix("c-")?.parse().ok()
}

/// Whether the draft and not the text has this clause.
fn is_added(clause: Option<&ClauseId>) -> bool {
    clause.is_some_and(|id| matches!(id.as_str(), "agreement" | "operator" | "otherwise"))
}
