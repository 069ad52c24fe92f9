//! A month of a kind that is kept by the day: the people down, the days across, a letter in each cell. Filled by keyboard and
//! without script; only cells that were changed are written, each against the version that its writer saw.
//!
//! INVARIANT (nothing is lost): one cell that cannot be read keeps all from being written, and all that was typed stays in the
//! form. One that somebody else was first with is shown with both marks, and the others are written.

use std::collections::BTreeMap;

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;
use service::{Change, Draft, FieldProblem, Grid, Kind, Listed, Narrowed, New, No, Page, Selection, Which};
use terms::{RecordId, Verb};

use crate::ctx::Signed;
use crate::form::Posted;
use crate::frame::{csrf, page_with};
use crate::html;
use crate::moment;
use crate::pages::month_cells::{Cell, Marks, Typed, Unreadable, letters};
use crate::pages::record_form::new_once;
use crate::pages::records::{base, kind};
use crate::pages::{answers, month_table};

/// People on one page.
const PAGE_PEOPLE: usize = 40;

/// Which month, which page of people.
#[derive(Deserialize, Default)]
pub struct MonthQuery {
    month: Option<String>,
    after: Option<String>,
    saved: Option<usize>,
}

/// A month of a page of people, opened.
pub(crate) struct Month<'s> {
    pub signed: &'s Signed,
    pub kind: &'s Kind,
    pub over: &'s Kind,
    pub grid: &'s Grid,
    pub days: Vec<Date>,
    pub today: Date,
    pub people: Vec<(RecordId, Markup)>,
    pub marks: Marks,
    pub after: Option<RecordId>,
    pub next: Option<RecordId>,
    pub may_write: bool,
}

/// A cell that somebody else was first with.
pub(crate) struct Clash {
    pub person: RecordId,
    pub day: Date,
    /// What was typed.
    pub yours: String,
}

/// `GET /{service}/{kind}/manad?month=2026-11`.
pub async fn show(
    signed: Signed,
    Path((_, path)): Path<(String, String)>,
    Query(query): Query<MonthQuery>,
) -> Response {
    let month = match Month::open(&signed, &path, query.month.as_deref(), query.after.as_deref()).await {
        Ok(month) => month,
        Err(answer) => return *answer,
    };
    month.page(StatusCode::OK, query.saved, &BTreeMap::new(), &[], &[])
}

/// `POST /{service}/{kind}/manad`: the cells that were changed.
pub async fn write(Path((_, path)): Path<(String, String)>, posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let opened = Month::open(&signed, &path, fields.get("_month"), fields.get("_after")).await;
    let month = match opened {
        Ok(month) => month,
        Err(answer) => return *answer,
    };
    let mut typed: BTreeMap<(RecordId, Date), Typed> = BTreeMap::new();
    for (name, text) in fields.iter() {
        if let Some(cell) = Typed::read(name, text) {
            typed.insert((cell.person, cell.day), cell);
        }
    }
    let language = signed.language;
    let mut unreadable = Vec::new();
    let mut changes = Vec::new();
    for cell in typed.values().filter(|cell| cell.differs()) {
        match letters(month.kind, month.grid, language, &cell.text) {
            Ok(mark) => changes.push((cell, mark)),
            Err(why) => unreadable.push((cell.person, cell.day, why)),
        }
    }
    if !unreadable.is_empty() {
        return month.page(StatusCode::UNPROCESSABLE_ENTITY, None, &typed, &unreadable, &[]);
    }
    let once = fields.get("_once").map_or_else(new_once, str::to_owned);
    let mut saved = 0;
    let mut clashes = Vec::new();
    for (cell, mark) in changes {
        match month.put(cell, &mark, &once).await {
            Ok(()) => saved += 1,
            Err(No::Conflict { .. }) => {
                clashes.push(Clash { person: cell.person, day: cell.day, yours: cell.text.clone() });
            }
            Err(No::Invalid(faults)) if faults.iter().any(|fault| fault.problem == FieldProblem::NotUnique) => {
                clashes.push(Clash { person: cell.person, day: cell.day, yours: cell.text.clone() });
            }
            Err(No::Invalid(_)) => unreadable.push((cell.person, cell.day, Unreadable::Day)),
            // What was written before stays written; the answer says what stood against the rest.
            Err(no) => return answers::no(&signed, &no),
        }
    }
    if clashes.is_empty() && unreadable.is_empty() {
        let after = month.after.map(|after| format!("&after={after}")).unwrap_or_default();
        let to = format!("{}/manad?month={}{after}&saved={saved}", base(&signed, month.kind), month.name());
        return Redirect::to(&to).into_response();
    }
    // What stands there now is read again, so that the form carries the version that is shown.
    let after = month.after.map(|after| after.to_string());
    match Month::open(&signed, &path, Some(&month.name()), after.as_deref()).await {
        Ok(now) => {
            let status = if clashes.is_empty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT };
            let only = |cell: &Typed| {
                clashes.iter().any(|clash| (clash.person, clash.day) == (cell.person, cell.day))
                    || unreadable.iter().any(|(person, day, _)| (*person, *day) == (cell.person, cell.day))
            };
            typed.retain(|_, cell| only(cell));
            now.page(status, Some(saved), &typed, &unreadable, &clashes)
        }
        Err(answer) => *answer,
    }
}

impl<'s> Month<'s> {
    /// Reads the month: the people through the door, then their marks in one selection.
    async fn open(
        signed: &'s Signed,
        path: &str,
        month: Option<&str>,
        after: Option<&str>,
    ) -> Result<Self, Box<Response>> {
        let missing = || Box::new(answers::missing(signed));
        let kinds = signed.shop.as_ref().map(|shop| &shop.kinds).ok_or_else(missing)?;
        let kind = kind(signed, path).ok_or_else(missing)?;
        let grid = kind.grid.as_ref().ok_or_else(missing)?;
        let over = kind.parent.as_ref().and_then(|parent| kinds.kind(parent)).ok_or_else(missing)?;
        let today = moment::civil(signed.now()).date();
        let first = first_of(month, today).ok_or_else(missing)?;
        let days: Vec<Date> = first.series(1.day()).take_while(|day| day.month() == first.month()).collect();
        let after = after.filter(|text| !text.is_empty()).map(str::parse::<RecordId>).transpose();
        let after = after.map_err(|_| missing())?;
        let door = &signed.portal.door;
        let choose = || Box::new(answers::choose_case(signed));
        let no = |no: No| Box::new(answers::no(signed, &no));
        let asked = signed.asked(Verb::Consult, over).ok_or_else(choose)?;
        // Who has left is not marked any more.
        let state = over.states.first().cloned();
        let page = Page { after, limit: PAGE_PEOPLE };
        let narrowed = Narrowed { state, page, ..Narrowed::default() };
        let Listed { opened, next } = door.narrow(&asked, &over.name, narrowed).await.map_err(no)?;
        let mut people: Vec<(RecordId, Markup)> =
            html::called(signed, opened.as_ref(), over).into_iter().map(|(head, name)| (head.record, name)).collect();
        people.sort_by_cached_key(|(_, name)| html::sorting_key(&name.0));
        let asked = signed.asked(Verb::Consult, kind).ok_or_else(choose)?;
        let which = Which::UnderWith {
            parents: people.iter().map(|(person, _)| *person).collect(),
            field: grid.day.clone(),
            values: days.iter().map(ToString::to_string).collect(),
        };
        let mut names = vec![grid.day.clone(), grid.status.clone()];
        names.extend(grid.reason.clone());
        let selection = Selection { kind: &kind.name, which: &which, fields: &names };
        let mut marks = Marks::of(grid);
        door.select(&asked, selection).await.map_err(no)?.render(&mut marks);
        let may_write = signed.may(Verb::Collect, kind) && signed.may(Verb::Alter, kind);
        Ok(Self { signed, kind, over, grid, days, today, people, marks, after, next, may_write })
    }

    /// The month's name in addresses.
    pub(crate) fn name(&self) -> String {
        self.days.first().map(|day| format!("{:04}-{:02}", day.year(), day.month())).unwrap_or_default()
    }

    /// Writes one cell: a new mark, or a new version of the one that its writer saw.
    async fn put(&self, typed: &Typed, mark: &(String, Option<String>), once: &str) -> Result<(), No> {
        let (signed, kind, grid) = (self.signed, self.kind, self.grid);
        let once = Some(format!("{once}-{}-{}", typed.person, typed.day));
        let mut draft = Draft::new().with(grid.status.as_str(), &mark.0);
        if let Some(reason) = &grid.reason {
            draft.set(reason.as_str(), mark.1.as_deref().unwrap_or(""));
        }
        let verb = if typed.seen.is_some() { Verb::Alter } else { Verb::Collect };
        let Some(asked) = signed.asked(verb, kind) else { return Err(No::Missing) };
        match typed.seen {
            Some((record, version)) => {
                let change = Change { kind: &kind.name, record, version, draft, state: None, once };
                signed.portal.door.alter(&asked, change).await.map(drop)
            }
            None => {
                draft.set(grid.day.as_str(), &typed.day.to_string());
                let new = New { kind: &kind.name, parent: Some(typed.person), draft, once };
                signed.portal.door.collect(&asked, new).await.map(drop)
            }
        }
    }

    fn page(
        &self,
        status: StatusCode,
        saved: Option<usize>,
        typed: &BTreeMap<(RecordId, Date), Typed>,
        unreadable: &[(RecordId, Date, Unreadable)],
        clashes: &[Clash],
    ) -> Response {
        let signed = self.signed;
        let (first, language) = (self.days.first().copied().unwrap_or(self.today), signed.language);
        let in_words = format!("{} {}", calendar::month_name(first.month(), language), first.year());
        let title = signed.t_with(
            "month-title",
            &[("kind", self.kind.label.text(language).to_owned().into()), ("month", in_words.into())],
        );
        let body = html! {
            h1 { (title) }
            @if let Some(saved) = saved { p.done role="status" { (signed.t_with("month-saved", &[("count", saved.into())])) } }
            (self.problems(unreadable))
            (self.clashes(clashes))
            (month_table::turning(self))
            @if self.people.is_empty() {
                p { (signed.t("service-none")) }
            } @else {
                (month_table::legend(self))
                @if self.may_write {
                    form method="post" action=(format!("{}/manad", base(signed, self.kind))) novalidate {
                        (csrf(signed))
                        input type="hidden" name="_once" value=(new_once());
                        input type="hidden" name="_month" value=(self.name());
                        @if let Some(after) = self.after { input type="hidden" name="_after" value=(after); }
                        (month_table::table(self, typed, unreadable))
                        div.actions { button type="submit" { (signed.t("month-save")) } }
                    }
                } @else {
                    (month_table::table(self, typed, unreadable))
                }
            }
            @if let Some(next) = self.next {
                p { a href=(format!("{}/manad?month={}&after={next}", base(signed, self.kind), self.name())) { (signed.t("service-next-page")) } }
            }
        };
        page_with(signed, status, &title, body)
    }

    fn problems(&self, unreadable: &[(RecordId, Date, Unreadable)]) -> Markup {
        let signed = self.signed;
        html! {
            @if !unreadable.is_empty() {
                div.problems role="alert" {
                    h2 { (signed.t_with("month-problems", &[("count", unreadable.len().into())])) }
                    ul {
                        @for (person, day, why) in unreadable {
                            li { a href=(format!("#{}", month_table::id(*person, *day))) { (self.called(*person)) ", " (moment::day_text(signed.language, *day)) ": " (signed.t(why.key())) } }
                        }
                    }
                }
            }
        }
    }

    fn clashes(&self, clashes: &[Clash]) -> Markup {
        let signed = self.signed;
        html! {
            @if !clashes.is_empty() {
                div.problems role="alert" {
                    h2 { (signed.t_with("month-clashes", &[("count", clashes.len().into())])) }
                    p { (signed.t("month-clashes-what")) }
                    table {
                        caption { (signed.t("month-clashes-both")) }
                        thead { tr {
                            th scope="col" { (self.over.label.text(signed.language)) }
                            th scope="col" { (signed.t("month-day")) }
                            th scope="col" { (signed.t("month-theirs")) }
                            th scope="col" { (signed.t("month-yours")) }
                        } }
                        tbody {
                            @for clash in clashes {
                                tr {
                                    th scope="row" { a href=(format!("#{}", month_table::id(clash.person, clash.day))) { (self.called(clash.person)) } }
                                    td { (moment::day_text(signed.language, clash.day)) }
                                    td { (self.said(self.marks.at(clash.person, clash.day))) }
                                    td { (self.said(letters(self.kind, self.grid, signed.language, &clash.yours).ok().map(Cell::of).as_ref())) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// What a person of the page is called.
    pub(crate) fn called(&self, person: RecordId) -> Markup {
        let found = self.people.iter().find(|(one, _)| *one == person);
        found.map_or_else(|| html! { (person.short()) }, |(_, name)| name.clone())
    }

    /// A mark in words.
    pub(crate) fn said(&self, cell: Option<&Cell>) -> String {
        match cell {
            Some(cell) => cell.words(self.kind, self.grid, self.signed.language),
            None => self.signed.t("month-unmarked"),
        }
    }
}

/// The first day of a month as addresses name it; this month where none is named.
fn first_of(month: Option<&str>, today: Date) -> Option<Date> {
    let Some(month) = month.filter(|month| !month.is_empty()) else { return Some(today.first_of_month()) };
    let (year, number) = month.split_once('-')?;
    if year.len() != 4 || number.len() != 2 {
        return None;
    }
    let first = Date::new(year.parse().ok()?, number.parse().ok()?, 1).ok()?;
    (1990..=2200).contains(&first.year()).then_some(first)
}
