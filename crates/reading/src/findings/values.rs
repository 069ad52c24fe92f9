//! Two values for one thing, places that are left open, and recipients outside the area without a basis.

use std::sync::LazyLock;

use regex::Regex;

use super::{FindingKind, Found};
use crate::data;
use crate::places;
use crate::proposal::{Proposal, Value};
use crate::words::Hits;

static OPEN_PLACES: LazyLock<Regex> = LazyLock::new(|| data::any_of(&data::finding_words().open_places));

/// What opens a way out of the area. A contract with the data subject, or consent to a letter, is none.
const TOOLS: [&str; 5] = ["scc", "privacy-shield", "dpf", "adequacy", "bcr"];

/// Whether a basis names what a transfer can rest on; whether that still holds is another finding.
fn names_a_tool(basis: &str) -> bool {
    let lower = basis.to_lowercase();
    let hits = Hits::of(&lower);
    TOOLS.iter().any(|tool| hits.has(&(0..lower.len()), tool))
}

impl Found<'_> {
    pub(super) fn of_places(&mut self, proposals: &[Proposal]) {
        let ground = self.ground;
        let open: Vec<core::ops::Range<usize>> = OPEN_PLACES
            .find_iter(&ground.flow.text)
            .map(|found| found.range())
            .filter(|range| self.is_ours(range))
            .collect();
        for range in open.into_iter().take(20) {
            let words = ground.flow.get(&range);
            let (sv, en) = (
                format!("”{words}” lämnar öppet var uppgifterna finns."),
                format!("`{words}` leaves open where the data is."),
            );
            self.add(FindingKind::OpenPlaces, ground.flow.span(&range), sv, en);
        }
        let outside: Vec<&Proposal> = proposals
            .iter()
            .filter(|it| it.field() == "subprocessing.recipient" && it.is_first())
            .filter(|it| match it.value() {
                Value::Recipient(who) => {
                    !who.basis.as_deref().is_some_and(names_a_tool)
                        && who.countries.iter().any(|country| !places::is_in_area(country))
                }
                _ => false,
            })
            .collect();
        if let Some(first) = outside.first() {
            let (span, count) = (first.span(), outside.len());
            self.add(
                FindingKind::NoTransferTool,
                span,
                format!("{count} mottagare finns utanför EU/EES utan att en överföringsgrund anges för dem."),
                format!("{count} recipients are outside the EU/EEA, and no basis for a transfer is given for them."),
            );
        }
    }

    pub(super) fn of_values(&mut self, proposals: &[Proposal]) {
        let mut told = Vec::new();
        for first in proposals.iter().filter(|it| it.is_first()) {
            let Value::Quantity(value) = first.value() else { continue };
            let other = proposals.iter().find(|it| {
                !it.is_first()
                    && it.field() == first.field()
                    && it.rule() == first.rule()
                    && matches!(it.value(), Value::Quantity(other) if other != value)
            });
            if let Some(other) = other {
                let (a, b) = (first.lines().0, other.lines().0);
                let field = crate::read::field_label(first.field());
                let (sv, en) = field.map_or((first.field(), first.field()), |label| (&label.sv, &label.en));
                told.push((
                    other.span(),
                    format!("Texten säger två saker om {sv}: rad {a} och rad {b}."),
                    format!("The text says two things about {en}: line {a} and line {b}."),
                ));
            }
        }
        for (span, sv, en) in told {
            self.add(FindingKind::TwoValues, span, sv, en);
        }
    }
}
