//! The table of a month: a row a person, a column a day, letters in the cells with full words for those that do not see them.

use std::collections::BTreeMap;

use calendar::{Day, holiday_names};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use maud::{Markup, html};
use terms::RecordId;

use crate::moment;
use crate::pages::month::Month;
use crate::pages::month_cells::{Cell, Typed, Unreadable, choices};
use crate::pages::records::base;

/// The id of a cell.
pub(crate) fn id(person: RecordId, day: Date) -> String {
    format!("c-{person}-{day}")
}

/// Links to the months before and after, and a field for any other.
pub(crate) fn turning(month: &Month<'_>) -> Markup {
    let signed = month.signed;
    let Some(first) = month.days.first() else { return html! {} };
    let to = |date: Date| format!("{}/manad?month={:04}-{:02}", base(signed, month.kind), date.year(), date.month());
    let before = first.checked_sub(1.month()).ok();
    let after = first.checked_add(1.month()).ok().filter(|after| *after <= month.today);
    html! {
        nav.here aria-label=(signed.t("month-other")) {
            ul {
                @if let Some(before) = before { li { a href=(to(before)) rel="prev" { (signed.t("month-before")) } } }
                @if let Some(after) = after { li { a href=(to(after)) rel="next" { (signed.t("month-after")) } } }
            }
        }
    }
}

/// What each letter and code means.
pub(crate) fn legend(month: &Month<'_>) -> Markup {
    let (signed, language) = (month.signed, month.signed.language);
    html! {
        details.legend open {
            summary { (signed.t("month-legend")) }
            p { (signed.t("month-legend-what")) }
            dl.letters {
                @for (value, label) in choices(month.kind, &month.grid.status) {
                    div { dt { (month.grid.letter(value, language)) } dd { (label.text(language)) } }
                }
            }
            @if let Some(reason) = &month.grid.reason {
                p { (signed.t("month-codes")) " " @for (at, (_, label)) in choices(month.kind, reason).iter().enumerate() { @if at > 0 { ", " } (label.text(language)) } "." }
            }
        }
    }
}

/// The grid itself.
pub(crate) fn table(
    month: &Month<'_>,
    typed: &BTreeMap<(RecordId, Date), Typed>,
    unreadable: &[(RecordId, Date, Unreadable)],
) -> Markup {
    let (signed, language) = (month.signed, month.signed.language);
    let parent = base(signed, month.over);
    let caption = signed.t_with("month-caption", &[("count", month.people.len().into())]);
    let mut of_day = vec![Count::default(); month.days.len()];
    html! {
        div.scroll tabindex="0" role="region" aria-label=(caption) {
            table.month {
                caption { (caption) }
                thead {
                    tr {
                        th scope="col" { (month.over.label.text(language)) }
                        @for day in &month.days {
                            @let free = free(*day, language);
                            th.free[free.is_some()] scope="col" title=[free.clone()] {
                                span aria-hidden="true" { (day.day()) br; small { (short(*day, language)) } }
                                span.unseen { (moment::day_text(language, *day)) @if let Some(free) = &free { ", " (free) } }
                            }
                        }
                        th scope="col" { (signed.t("month-sum")) }
                    }
                }
                tbody {
                    @for (person, name) in &month.people {
                        tr {
                            th scope="row" { a href=(format!("{parent}/{person}")) { (name) } }
                            @let mut of_person = Count::default();
                            @for (at, day) in month.days.iter().enumerate() {
                                @let cell = month.marks.at(*person, *day);
                                @let () = { of_person.add(month, cell); if let Some(sum) = of_day.get_mut(at) { sum.add(month, cell) } };
                                td.free[is_free(*day)] {
                                    (one(month, *person, name, *day, cell, typed.get(&(*person, *day)), unreadable))
                                }
                            }
                            td { (of_person.text()) }
                        }
                    }
                }
                tfoot {
                    tr {
                        th scope="row" { (signed.t("month-group")) }
                        @let mut whole = Count::default();
                        @for sum in &of_day { @let () = whole.all(sum); td { (sum.text()) } }
                        td { (whole.text()) }
                    }
                }
            }
        }
        p.help { (signed.t("month-sum-what")) }
    }
}

fn one(
    month: &Month<'_>,
    person: RecordId,
    name: &Markup,
    day: Date,
    cell: Option<&Cell>,
    typed: Option<&Typed>,
    unreadable: &[(RecordId, Date, Unreadable)],
) -> Markup {
    let language = month.signed.language;
    let letters = cell.map(|cell| cell.letters(month.grid, language)).unwrap_or_default();
    let said = month.said(cell);
    if !month.may_write || day > month.today {
        return html! {
            @if cell.is_some() { abbr title=(said) { (letters) } } @else { span.unseen { (said) } }
        };
    }
    let wrong = unreadable.iter().any(|(one, other, _)| *one == person && *other == day).then_some("true");
    let label = html! { (name) ", " (moment::day_text(language, day)) ": " (said) };
    html! {
        input id=(id(person, day)) name=(Typed::name(person, day, cell, &letters)) value=(typed.map_or(letters.as_str(), |typed| typed.text.as_str()))
            maxlength="8" size="3" autocomplete="off" autocapitalize="characters" spellcheck="false" aria-invalid=[wrong]
            aria-label=(label);
    }
}

/// Days that were attended, of those that were marked.
#[derive(Clone, Copy, Default)]
struct Count {
    attended: usize,
    marked: usize,
}

impl Count {
    fn add(&mut self, month: &Month<'_>, cell: Option<&Cell>) {
        let Some(cell) = cell else { return };
        self.marked += 1;
        // What asks for a reason is an absence; all else is having come.
        self.attended += usize::from(!month.grid.reason_for.contains(&cell.status));
    }

    fn all(&mut self, other: &Self) {
        self.attended += other.attended;
        self.marked += other.marked;
    }

    fn text(self) -> String {
        if self.marked == 0 { String::new() } else { format!("{}/{}", self.attended, self.marked) }
    }
}

fn is_free(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
        || Day::new(day.year(), day.month(), day.day()).is_ok_and(calendar::is_holiday)
}

/// Why a day is free: the holiday's name, or the weekday's.
fn free(day: Date, language: terms::Language) -> Option<String> {
    let known = Day::new(day.year(), day.month(), day.day()).ok()?;
    let holiday = holiday_names(known).map(|label| label.text(language).to_owned());
    holiday.or_else(|| is_free(day).then(|| known.weekday(language).to_owned()))
}

fn short(day: Date, language: terms::Language) -> String {
    let known = Day::new(day.year(), day.month(), day.day()).ok();
    known.map(|day| day.weekday(language).chars().take(2).collect()).unwrap_or_default()
}
