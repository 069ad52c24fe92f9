//! One figure as people read it, as a spreadsheet takes it, and as a program takes it.

use maud::{Markup, html};
use serde_json::{Value as Json, json};
use service::Figure;
use terms::Language;

use super::taking::{Names, Taken};
use crate::ctx::Signed;
use crate::html::amount;

/// As a page shows it. A record is linked by whoever calls.
pub(super) fn shown(signed: &Signed, taken: &Taken, names: &Names, figure: &Figure) -> Markup {
    let language = signed.language;
    match figure {
        Figure::Nothing => html! { span.unknown { "–" } },
        Figure::Text(label) => html! { (label.text(language)) },
        Figure::Code(code) => html! { (code) },
        Figure::Listed { list, value } => html! { (taken.listed(list, value, language)) },
        Figure::Number { .. } => html! { (amount(language, &plain(figure))) },
        Figure::Money(_) => html! { (amount(language, &plain(figure))) "\u{a0}kr" },
        Figure::Date(day) => html! { time datetime=(day) { (day) } },
        Figure::Month(_) => html! { (plain(figure)) },
        Figure::Share { part, of } => html! {
            @match percent(*part, *of) {
                Some(percent) => { (percent) "\u{a0}% (" (part) "/" (of) ")" }
                None => { span.unknown { "–" } }
            }
        },
        Figure::Record { kind, record } => {
            let name = names.of(record);
            let path = taken.kind(signed, kind).map(|kind| crate::pages::records::base(signed, kind));
            html! {
                @match path {
                    Some(base) => { a href=(format!("{base}/{record}")) { (name_of(name, record)) } }
                    None => { (name_of(name, record)) }
                }
            }
        }
    }
}

fn name_of(name: Option<&Markup>, record: &terms::RecordId) -> Markup {
    match name {
        Some(name) if !name.0.is_empty() => name.clone(),
        _ => html! { code { (record.short()) } },
    }
}

/// As plain text: numbers with a point and without spaces.
pub(super) fn plain(figure: &Figure) -> String {
    match figure {
        Figure::Nothing | Figure::Text(_) => String::new(),
        Figure::Code(code) => code.clone(),
        Figure::Listed { value, .. } => value.clone(),
        Figure::Number { units, decimals } => decimal(*units, usize::from(*decimals)),
        Figure::Money(ore) => decimal(*ore, 2),
        Figure::Date(day) => day.to_string(),
        Figure::Month(first) => format!("{:04}-{:02}", first.year(), first.month()),
        Figure::Share { part, of } => percent(*part, *of).map_or_else(String::new, |percent| percent.to_string()),
        Figure::Record { record, .. } => record.to_string(),
    }
}

/// As a cell of a spreadsheet in that language, and whether it is a number of ours, which needs no guard.
pub(super) fn for_sheet(language: Language, taken: &Taken, names: &Names, figure: &Figure) -> (String, bool) {
    let comma = |text: String| match language {
        Language::Sv => text.replace('.', ","),
        Language::En => text,
    };
    match figure {
        Figure::Text(label) => (label.text(language).to_owned(), false),
        Figure::Listed { list, value } => (taken.listed(list, value, language).to_owned(), false),
        Figure::Record { record, .. } => {
            (names.of(record).map_or_else(|| record.to_string(), |name| unescaped(&name.0)), false)
        }
        Figure::Number { .. } | Figure::Money(_) | Figure::Share { .. } => (comma(plain(figure)), true),
        _ => (plain(figure), false),
    }
}

/// As a program takes it.
pub(super) fn for_program(figure: &Figure) -> Json {
    match figure {
        Figure::Nothing => Json::Null,
        Figure::Text(label) => json!({ "type": "text", "sv": label.sv, "en": label.en }),
        Figure::Code(code) => json!({ "type": "code", "value": code }),
        Figure::Listed { list, value } => json!({ "type": "listed", "list": list, "value": value }),
        Figure::Number { .. } => json!({ "type": "number", "value": plain(figure) }),
        Figure::Money(_) => json!({ "type": "money", "currency": "SEK", "value": plain(figure) }),
        Figure::Date(_) => json!({ "type": "date", "value": plain(figure) }),
        Figure::Month(_) => json!({ "type": "month", "value": plain(figure) }),
        Figure::Share { part, of } => json!({ "type": "share", "part": part, "of": of }),
        Figure::Record { kind, record } => json!({ "type": "record", "kind": kind, "id": record.to_string() }),
    }
}

/// Whether it stands to the right of its column.
pub(super) const fn is_number(figure: &Figure) -> bool {
    matches!(figure, Figure::Number { .. } | Figure::Money(_) | Figure::Share { .. })
}

/// Whole per cent, halves upwards.
fn percent(part: i64, of: i64) -> Option<i64> {
    (of > 0).then(|| part.saturating_mul(200).saturating_add(of) / of.saturating_mul(2))
}

fn decimal(units: i64, decimals: usize) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", units.unsigned_abs(), width = decimals + 1);
    let (whole, rest) = digits.split_at(digits.len() - decimals);
    if decimals == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

/// A name that was made ready for a page, as text again.
pub(super) fn unescaped(markup: &str) -> String {
    let text = markup.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ore_and_hundredths_are_written_without_floating() {
        for (units, decimals, expected) in
            [(0, 2, "0.00"), (5, 2, "0.05"), (-5, 2, "-0.05"), (123_456, 2, "1234.56"), (7, 0, "7"), (271, 3, "0.271")]
        {
            assert_eq!(decimal(units, decimals), expected);
        }
    }

    #[test]
    fn a_share_of_nothing_is_none() {
        assert_eq!((percent(1, 2), percent(1, 3), percent(2, 3), percent(0, 0)), (Some(50), Some(33), Some(67), None));
    }
}
