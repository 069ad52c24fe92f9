//! The sinks for opened records: a definition list of one, a table of many, the fields of a form. Each value is escaped and
//! written at once, and nothing of it is kept.
//!
//! INVARIANT (opened values cannot leak by accident): pages get at values through these sinks alone.

use std::collections::BTreeMap;

use maud::{Markup, PreEscaped, html};
use service::{Choice, Field, FieldType, Kind, Opened, Value};
use terms::{Category, ClauseId, FieldName, Language, RecordHead, RecordId, Render};

use crate::ctx::{Ctx, Signed};
use crate::frame::clause;
use crate::lists::Lists;
use crate::moment::moment;
use crate::pages::files::links;
use crate::pages::labels::Labels;

/// What lists and files need to know of their records beside the values.
pub struct Seen {
    /// The heads in order.
    pub heads: Vec<RecordHead>,
    /// The categories that were withheld, each with its clause.
    pub withheld: BTreeMap<Category, ClauseId>,
    /// Who wrote the first, where the actor may know.
    pub author: Option<Markup>,
}

/// The heads and withheld categories of `opened`, without its values.
#[must_use]
pub fn seen(opened: &dyn Opened) -> Seen {
    struct Heads(Seen);
    impl Render for Heads {
        fn begin(&mut self, head: &RecordHead) {
            self.0.heads.push(head.clone());
        }
        fn author(&mut self, name: &str) {
            if self.0.heads.len() == 1 {
                self.0.author = Some(html! { (name) });
            }
        }
        fn field(&mut self, _: &FieldName, _: &Category, _: &str) {}
        fn withheld(&mut self, category: &Category, clause: &ClauseId) {
            self.0.withheld.insert(category.clone(), clause.clone());
        }
        fn end(&mut self) {}
    }
    let mut heads = Heads(Seen { heads: Vec::new(), withheld: BTreeMap::new(), author: None });
    opened.render(&mut heads);
    heads.0
}

/// One record as HTML.
struct Row {
    head: RecordHead,
    author: Option<Markup>,
    cells: Vec<(FieldName, Markup)>,
}

/// Hands on record by record.
struct Rows<'a, F: FnMut(&Row)> {
    signed: &'a Signed,
    kind: &'a Kind,
    lists: Lists,
    language: Language,
    row: Option<Row>,
    then: F,
}

impl<F: FnMut(&Row)> Render for Rows<'_, F> {
    fn begin(&mut self, head: &RecordHead) {
        self.row = Some(Row { head: head.clone(), author: None, cells: Vec::new() });
    }
    fn author(&mut self, name: &str) {
        if let Some(row) = &mut self.row {
            row.author = Some(html! { (name) });
        }
    }
    fn field(&mut self, name: &FieldName, _: &Category, text: &str) {
        let shown = match self.kind.field(name.as_str()) {
            Some(field) => match &field.holds {
                FieldType::Reference { to } if !text.is_empty() => reference(self.signed, to, text),
                _ => value(field, &self.lists, self.language, text),
            },
            None => html! { (text) },
        };
        if let Some(row) = &mut self.row {
            row.cells.push((name.clone(), shown));
        }
    }
    fn withheld(&mut self, _: &Category, _: &ClauseId) {}
    fn end(&mut self) {
        if let Some(row) = self.row.take() {
            (self.then)(&row);
        }
    }
}

fn each(signed: &Signed, opened: &dyn Opened, kind: &Kind, then: impl FnMut(&Row)) {
    opened.render(&mut Rows {
        signed,
        kind,
        lists: Lists::of(signed, kind),
        language: signed.language,
        row: None,
        then,
    });
}

/// A link to a record that another refers to, by its name where the page knows it.
fn reference(signed: &Signed, to: &terms::KindName, text: &str) -> Markup {
    let kind = signed.shop.as_ref().and_then(|shop| shop.kinds.kind(to));
    match (kind, text.parse::<terms::RecordId>()) {
        (Some(kind), Ok(record)) => {
            let name = signed.called(&record).unwrap_or_else(|| html! { code { (record.short()) } });
            html! { a href=(format!("{}/{record}", crate::pages::records::base(signed, kind))) { (name) } }
        }
        _ => html! { code { (text) } },
    }
}

fn cell<'c>(row: &'c Row, name: &FieldName) -> Option<&'c Markup> {
    row.cells.iter().find(|(one, markup)| one == name && !markup.0.is_empty()).map(|(_, markup)| markup)
}

/// One value as people read it.
fn value(field: &Field, lists: &Lists, language: Language, text: &str) -> Markup {
    match &field.holds {
        FieldType::Choice(choices) => html! { (choice(choices, language, text)) },
        FieldType::Listed { list } => html! { (lists.label(list, text, language).unwrap_or(text)) },
        FieldType::LongText if !text.is_empty() => {
            html! { div.text dir=[runs_back(text).then_some("auto")] { (text) } }
        }
        FieldType::Date { .. } if !text.is_empty() => html! { time datetime=(text) { (text) } },
        FieldType::Personnummer => match text.split_at_checked(8) {
            Some((day, number)) if number.len() == 4 => html! { (day) "-" (number) },
            _ => html! { (text) },
        },
        FieldType::Money { currency } if !text.is_empty() => html! { (amount(language, text)) "\u{a0}" (currency) },
        FieldType::Number(_) => html! { (amount(language, text)) },
        FieldType::File => match text.split("; ").collect::<Vec<_>>().as_slice() {
            [name, media, bytes, hash] => {
                html! { (name) " (" (media) ", " (bytes) " byte, " code { (hash.get(..12).unwrap_or(hash)) "…" } ")" }
            }
            _ => html! { (text) },
        },
        FieldType::KeptFile(_) => crate::pages::files::told(language, text),
        FieldType::Reference { .. } => html! { code { (text) } },
        _ => isolated(text),
    }
}

/// A text that may run from right to left, kept apart from what stands beside it: a name in Arabic or Hebrew would otherwise take
/// the signs and numbers next to it along. Other texts need no mark.
pub(crate) fn isolated(text: &str) -> Markup {
    if runs_back(text) {
        html! { bdi { (text) } }
    } else {
        html! { (text) }
    }
}

/// Whether a sign of a script that runs from right to left stands in it (Unicode's blocks of Hebrew, Arabic, Syriac and their like).
fn runs_back(text: &str) -> bool {
    text.chars().any(|sign| {
        matches!(sign, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    })
}

/// One value as people read it, as text: for paper and tables of other programs.
#[must_use]
pub fn plain(field: &Field, lists: &Lists, language: Language, text: &str) -> String {
    match &field.holds {
        FieldType::Choice(choices) => choice(choices, language, text).to_owned(),
        FieldType::Listed { list } => lists.label(list, text, language).unwrap_or(text).to_owned(),
        FieldType::Personnummer => match text.split_at_checked(8) {
            Some((day, number)) if number.len() == 4 => format!("{day}-{number}"),
            _ => text.to_owned(),
        },
        FieldType::Money { currency } if !text.is_empty() => format!("{}\u{a0}{currency}", amount(language, text)),
        FieldType::Number(_) => amount(language, text),
        FieldType::File | FieldType::KeptFile(_) => text.split("; ").next().unwrap_or("").to_owned(),
        _ => text.to_owned(),
    }
}

/// A number as it is written in the language: a comma for decimals, and in Swedish a space between thousands.
pub(crate) fn amount(language: Language, text: &str) -> String {
    let (sign, text) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, decimals) = text.split_once('.').map_or((text, None), |(whole, rest)| (whole, Some(rest)));
    let (space, point) = match language {
        Language::Sv => ('\u{a0}', ','),
        Language::En => (',', '.'),
    };
    let mut shown = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            shown.push(space);
        }
        shown.push(digit);
    }
    if let Some(decimals) = decimals {
        shown.push(point);
        shown.push_str(decimals);
    }
    shown
}

fn choice<'c>(choices: &'c [Choice], language: Language, text: &'c str) -> &'c str {
    choices.iter().find(|choice| choice.value == text).map_or(text, |choice| choice.label.text(language))
}

/// The name of a record in lists: its title fields, or its number where they are withheld or empty.
fn title(kind: &Kind, row: &Row) -> Markup {
    let parts: Vec<&str> = kind.title.iter().filter_map(|name| cell(row, name)).map(|part| part.0.as_str()).collect();
    if parts.is_empty() {
        html! { (row.head.record.short()) }
    } else {
        PreEscaped(parts.join(" "))
    }
}

/// The name of the first record, for a heading.
#[must_use]
pub fn heading(signed: &Signed, opened: &dyn Opened, kind: &Kind) -> Markup {
    let mut heading = None;
    each(signed, opened, kind, |row| {
        heading.get_or_insert_with(|| title(kind, row));
    });
    heading.unwrap_or_else(|| html! { (kind.label.text(signed.language)) })
}

/// The names of records, each as a list calls it. Where the reader may not know a name there is none.
#[must_use]
pub fn names(signed: &Signed, opened: &dyn Opened, kind: &Kind) -> Vec<(terms::RecordId, Markup)> {
    let mut names = Vec::with_capacity(opened.count());
    each(signed, opened, kind, |row| {
        if kind.title.iter().any(|name| cell(row, name).is_some()) {
            names.push((row.head.record, title(kind, row)));
        }
    });
    names
}

/// Each record with what it is called.
#[must_use]
pub fn called(signed: &Signed, opened: &dyn Opened, kind: &Kind) -> Vec<(RecordHead, Markup)> {
    let mut names = Vec::new();
    each(signed, opened, kind, |row| names.push((row.head.clone(), title(kind, row))));
    names
}

/// What each record is called, and what stands in its fields of lists, such as a unit.
#[must_use]
pub fn people_called(signed: &Signed, kind: &Kind, opened: &dyn Opened) -> BTreeMap<RecordId, (Markup, Vec<Markup>)> {
    let mut all = BTreeMap::new();
    let listed: Vec<&FieldName> = kind
        .fields
        .iter()
        .filter(|field| matches!(field.holds, FieldType::Listed { .. }))
        .map(|field| &field.name)
        .collect();
    each(signed, opened, kind, |row| {
        let of_lists = listed.iter().filter_map(|name| cell(row, name).cloned()).collect();
        all.insert(row.head.record, (title(kind, row), of_lists));
    });
    all
}

/// What the first record is called, in plain: to be sealed as the name behind an account, and for nothing else.
#[must_use]
pub fn plain_title(kind: &Kind, opened: &dyn Opened) -> Value {
    struct Title<'k> {
        kind: &'k Kind,
        records: usize,
        text: Value,
    }
    impl Render for Title<'_> {
        fn begin(&mut self, _: &RecordHead) {
            self.records += 1;
        }
        fn field(&mut self, name: &FieldName, _: &Category, value: &str) {
            if self.records == 1 && self.kind.title.contains(name) {
                if !self.text.is_empty() {
                    self.text.push(' ');
                }
                self.text.push_str(value);
            }
        }
        fn withheld(&mut self, _: &Category, _: &ClauseId) {}
        fn end(&mut self) {}
    }
    let mut title = Title { kind, records: 0, text: Value::default() };
    opened.render(&mut title);
    title.text
}

/// One record: each field with its label; a withheld one says so with the clause; free text says what it may hold.
#[must_use]
pub fn sheet(signed: &Signed, kind: &Kind, opened: &dyn Opened) -> Markup {
    let language = signed.language;
    let withheld = seen(opened).withheld;
    let mut sheet = html! {};
    each(signed, opened, kind, |row| {
        sheet = html! {
            dl.sheet {
                @for field in &kind.fields {
                    dt { (field.label.text(language)) }
                    dd {
                        @match (cell(row, &field.name), withheld.get(&field.category)) {
                            (Some(shown), _) => { (shown) (links(signed, kind, &row.head, field, true, false)) @if field.free_text { " " span.mark { (signed.t(free_mark(field, "service-free-text-read", "service-free-file-read"))) } } }
                            (None, Some(by)) => { (not_for_you(signed, by)) }
                            (None, None) => { span.unknown { (signed.t("service-empty")) } }
                        }
                    }
                }
            }
        };
    });
    sheet
}

/// How a table of records is made.
pub struct TableOf<'a> {
    /// What it shows, said to everyone.
    pub caption: String,
    /// The columns after the record's name; with `None`, all fields that are not part of the name.
    pub columns: Option<usize>,
    /// Whether to show when each version was written and by whom.
    pub written: bool,
    /// Whether the records' names are links to their files.
    pub linked: bool,
    /// In which order the records stand.
    pub order: Order,
    /// The first part of the addresses.
    pub base: &'a str,
}

/// In which order a table shows its records. It orders what is on the page, so it is for pages that hold all there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As the door gives them.
    AsGiven,
    /// By what the records are called, as a Swedish list has it.
    ByName,
    /// The other way round, so that of records that are called by their day the newest comes first.
    NewestFirst,
}

/// Many records. Beside the table, once, what is withheld and by which clause.
#[must_use]
pub fn table(signed: &Signed, kind: &Kind, opened: &dyn Opened, of: &TableOf<'_>) -> Markup {
    let language = signed.language;
    let withheld = seen(opened).withheld;
    let short = |field: &&Field| of.columns.is_none() || field.holds != FieldType::LongText;
    let columns: Vec<&Field> = kind
        .fields
        .iter()
        .filter(|field| !kind.title.contains(&field.name))
        .filter(short)
        // A column of which everything is withheld would only widen the table; the list below says it once.
        .filter(|field| !withheld.contains_key(&field.category))
        .take(of.columns.unwrap_or(usize::MAX))
        .collect();
    // What a record is called by stands in the column of names, and may be free text as well: a document's title.
    let called_by = kind.fields.iter().filter(|field| kind.title.contains(&field.name));
    let free: Vec<&Field> = called_by.chain(columns.iter().copied()).filter(|field| field.free_text).collect();
    let name: Vec<&str> =
        kind.title.iter().filter_map(|name| kind.field(name.as_str())).map(|f| f.label.text(language)).collect();
    // Where every field stands with when it was written, the lines are versions, and each has the file of its own.
    let whole = of.columns.is_none() && of.written;
    let mut rows: Vec<(String, Markup)> = Vec::new();
    each(signed, opened, kind, |row| {
        let head = &row.head;
        let line = html! {
            tr {
                th scope="row" {
                    @if of.linked { a href=(format!("{}/{}", of.base, head.record)) { (title(kind, row)) } }
                    @else { (title(kind, row)) }
                }
                @for field in &columns {
                    td data-label=(field.label.text(language)) {
                        @match cell(row, &field.name) {
                            Some(shown) => { (shown) (links(signed, kind, head, field, false, whole || !of.linked)) }
                            None => span.unknown { "–" },
                        }
                    }
                }
                @if !kind.states.is_empty() {
                    td data-label=(signed.t("service-state")) { (state(signed, head.state.as_deref())) }
                }
                @if of.written {
                    td.written data-label=(signed.t("service-written")) {
                        (moment(language, head.written))
                        @if kind.author_shown { ", " (author(signed, head, row.author.as_ref())) }
                        @if head.version > 1 { " " span.tag { (signed.t_with("service-version", &[("version", head.version.into())])) } }
                    }
                }
            }
        };
        rows.push((sorting_key(&title(kind, row).0), line));
    });
    if of.order != Order::AsGiven {
        rows.sort_by(|one, other| one.0.cmp(&other.0));
    }
    if of.order == Order::NewestFirst {
        rows.reverse();
    }
    html! {
        div.scroll {
            table.cards {
                caption { (of.caption) }
                thead {
                    tr {
                        th scope="col" { (name.join(", ")) }
                        @for field in &columns { th scope="col" { (field.label.text(language)) } }
                        @if !kind.states.is_empty() { th scope="col" { (signed.t("service-state")) } }
                        @if of.written { th scope="col" { (signed.t("service-written")) } }
                    }
                }
                tbody { @for (_, row) in &rows { (row) } }
            }
        }
        @for field in free { p.mark { (field.label.text(language)) ": " (signed.t(free_mark(field, "service-free-text-read", "service-free-file-read"))) @if let Some(by) = free_text_clause(signed, field) { " (" (clause(signed, &by)) ")" } } }
        (withheld_list(signed, &withheld))
    }
}

/// By what a name is sorted: small letters, and å, ä, ö after z.
pub(crate) fn sorting_key(name: &str) -> String {
    name.chars()
        .flat_map(char::to_lowercase)
        .map(|letter| match letter {
            'å' => '{',
            'ä' | 'æ' => '|',
            'ö' | 'ø' => '}',
            'é' | 'è' => 'e',
            'ü' => 'y',
            other => other,
        })
        .collect()
}

/// What is withheld from this role, each category with the clause that does so.
#[must_use]
pub fn withheld_list(signed: &Signed, withheld: &BTreeMap<Category, ClauseId>) -> Markup {
    html! {
        @if !withheld.is_empty() {
            div.notice {
                p { (signed.t("service-withheld")) }
                ul { @for (category, by) in withheld { li { (category_label(signed, category)) " (" (clause(signed, by)) ")" } } }
            }
        }
    }
}

/// What the agreement calls a category.
#[must_use]
pub fn category_label(signed: &Signed, category: &Category) -> String {
    match &signed.shop {
        Some(shop) => {
            Labels { language: signed.language, service: &shop.kinds.service, agreement: signed.agreement.as_deref() }
                .category(category)
        }
        None => category.to_string(),
    }
}

fn not_for_you(signed: &Signed, by: &ClauseId) -> Markup {
    html! { span.withheld { (signed.t("service-not-for-you")) } " (" (clause(signed, by)) ")" }
}

/// The visible mark of a free-text field: what is written there may lie outside the specified categories.
#[must_use]
pub fn free_text_mark(signed: &Signed, field: &Field) -> Markup {
    html! {
        (signed.t(free_mark(field, "service-free-text", "service-free-file")))
        @if let Some(by) = free_text_clause(signed, field) { " (" (clause(signed, &by)) ")" }
    }
}

/// The word for a text that is written, or for what a file holds.
const fn free_mark(field: &Field, text: &'static str, file: &'static str) -> &'static str {
    match field.holds {
        FieldType::KeptFile(_) => file,
        _ => text,
    }
}

/// The clause that speaks of what nobody foresaw: that of the agreement's free-text category which no field of the service is
/// of, or else the field's own category's.
fn free_text_clause(signed: &Signed, field: &Field) -> Option<ClauseId> {
    let categories = signed.agreement.as_ref()?.categories();
    let kinds = &signed.shop.as_ref()?.kinds.kinds;
    // What comes as a file, and what that is called, nobody foresaw either.
    let keeps_files = |kind: &Kind| kind.fields.iter().any(|field| matches!(field.holds, FieldType::KeptFile(_)));
    let foreseen = |id: &Category| {
        kinds.iter().any(|kind| !keeps_files(kind) && kind.fields.iter().any(|field| field.category == *id))
    };
    let other = categories.iter().find(|term| term.free_text && !foreseen(&term.id));
    other.or_else(|| categories.iter().find(|term| term.id == field.category)).map(|term| term.clause.clone())
}

/// Who wrote a version: «du», the name where the agreement lets one know, or the pseudonym.
#[must_use]
pub fn author(signed: &Signed, head: &RecordHead, name: Option<&Markup>) -> Markup {
    match name {
        _ if head.author == signed.me.actor => html! { (signed.t("service-you")) },
        Some(name) => html! { (name) },
        None => html! { code { (head.author.to_string().get(..8).unwrap_or("")) } },
    }
}

/// A state in words; one that has no words is shown as it is.
#[must_use]
pub fn state(signed: &Signed, state: Option<&str>) -> Markup {
    html! { @if let Some(state) = state { span.tag { (state_word(signed, state)) } } }
}

/// The word for a state.
#[must_use]
pub fn state_word(ctx: &Ctx, state: &str) -> String {
    let key = format!("state-{state}");
    if crate::words::has(ctx.language, &key) { ctx.t(&key) } else { state.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_the_language_writes_them() {
        assert_eq!(amount(Language::Sv, "-1234567.50"), "-1\u{a0}234\u{a0}567,50");
        assert_eq!(amount(Language::En, "1234.5"), "1,234.5");
        assert_eq!(amount(Language::Sv, "17"), "17");
    }

    #[test]
    fn names_stand_in_the_order_of_a_swedish_list() {
        let mut names = ["Örjan", "Åsa", "Ärla", "Zoë", "anna", "Émile", "Eva"];
        names.sort_by_key(|name| sorting_key(name));
        assert_eq!(names, ["anna", "Émile", "Eva", "Zoë", "Åsa", "Ärla", "Örjan"]);
    }
}
