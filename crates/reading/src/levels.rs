//! Tables of service levels: what is taken off the fee below which level, and how soon somebody answers.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::asides::pattern;
use crate::columns::TableKind;
use crate::proposal::{Proposal, Read};
use crate::quantities::Quantity;
use crate::rules::Ground;
use crate::structure::cells;

static BELOW: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)(?:^|\s)(?:under|below|lägre|mindre|less|lower|<|≤)(?:\s|$|\d)|^[<≤]"));

static FROM: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)(?:^|[^\d.,])(\d{1,3}(?:[.,]\d{1,4})?)\s*(?:[-–—]|till|to|och|and)\s*$"));

/// Each row under the headings of such a table.
pub(crate) fn find(ground: &Ground<'_>) -> Vec<Proposal> {
    let mut found = Vec::new();
    let mut over: Option<Range<usize>> = None;
    for placed in &ground.structure.units {
        let Some(header) = ground.structure.header(placed).filter(|header| header.kind == TableKind::Levels) else {
            continue;
        };
        if placed.heads {
            over = Some(placed.unit.range.clone());
            continue;
        }
        let row = &placed.unit.range;
        let cells = cells(ground.flow, row);
        let cell = |name: &str| cells.get(header.at(name)?).filter(|cell| !cell.is_empty());
        let mut add = |field: &str, rule: &str, read: &Read| {
            let it = crate::rules::field(field)
                .and_then(|field| Proposal::new(ground.source, ground.flow, field, rule, row, read));
            if let Some(mut it) = it {
                (it.clause, it.part) = (placed.clause, Some(placed.part));
                found.push(it);
            }
        };
        if let (Some(reduces), Some(level)) = (cell("reduces"), cell("level").or_else(|| cell("what"))) {
            let headings = over.as_ref().map_or("", |over| ground.flow.get(over));
            if let Some((below, above)) = bounds(ground, level, headings)
                && let Some(reduces) = percents(ground, reduces).first().cloned()
            {
                add("availability.reduction", "reductions-table", &Read::Reduction { below, above, reduces });
            }
        }
        // A row that says how soon for which matter: the soonest comes first in such tables, and the others are shown beside it.
        if let Some(response) = cell("response")
            && let [only] = ground.quantities(response)
            && matches!(only.quantity, Quantity::Period(_))
        {
            add("support.start", "response-table", &Read::Quantity(only.range.clone()));
        }
    }
    found
}

fn percents(ground: &Ground<'_>, cell: &Range<usize>) -> Vec<Range<usize>> {
    let all = ground.quantities(cell).iter();
    all.filter(|it| matches!(it.quantity, Quantity::Percent(_))).map(|it| it.range.clone()).collect()
}

/// Below which level and above which other; nothing where the words leave open on which side of a number they mean.
fn bounds(ground: &Ground<'_>, cell: &Range<usize>, headings: &str) -> Option<(Range<usize>, Option<Range<usize>>)> {
    let number = |range: &Range<usize>| match crate::quantities::one(ground.flow.get(range))? {
        Quantity::Percent(number) => number.parse::<rust_decimal::Decimal>().ok(),
        _ => None,
    };
    let percents = percents(ground, cell);
    // `99.0–99.5 %`: the sign stands once, after both.
    if let [only] = percents.as_slice()
        && let Some(from) = FROM.captures(ground.flow.get(&(cell.start..only.start))).and_then(|found| found.get(1))
    {
        return Some((only.clone(), Some(cell.start + from.start()..cell.start + from.end())));
    }
    match percents.as_slice() {
        [one, other] => {
            let (first, second) = (number(one)?, number(other)?);
            Some(if first < second { (other.clone(), Some(one.clone())) } else { (one.clone(), Some(other.clone())) })
        }
        [only] if BELOW.is_match(ground.flow.get(cell)) || BELOW.is_match(headings) => Some((only.clone(), None)),
        _ => None,
    }
}
