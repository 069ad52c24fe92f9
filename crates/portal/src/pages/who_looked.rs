//! Who looked: what the agreement promises about the log, and the log itself, for the customer's administrator. As a page and
//! as CSV, by the same filter.
//!
//! The register answers, and enters that it did. What is shown here is pseudonyms with their names, kinds, counts and clauses;
//! no value of a record ever stands in the log.

use agreement::{LogKept, Logging};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use processing::{LogStands, Stays};
use service::{Asked, Kind, Kinds, No};
use terms::{Label, PersonId, RecordId, Sourced, Verb};

use crate::ctx::Signed;
use crate::moment::{civil, moment, moment_text};
use crate::pages::answers;
use crate::pages::labels::Labels;
use crate::pages::may::{MayRow, may_rows};
use crate::pages::sheet::Sheet;
use crate::pages::who_looked_filter::{Wanted, word};
use crate::pages::who_looked_words::{did, fields, kind, outcome, reason_text, records};
use crate::seams::{Filter, Looked, Lookup, MAX_LOOKED, Outcome};
use crate::words::{t, t_with};
use crate::{frame, routes};

/// Entries on one page.
const PAGE_ROWS: usize = 50;
/// Most entries in one download.
const MAX_CSV_ROWS: usize = 10_000;

/// `/{service}/vem-har-sett`
pub async fn page(signed: Signed) -> Response {
    let mut wanted = Wanted::of(&signed.here);
    if signed.is_subject() {
        // A data subject asks about itself (Article 15), and the door answers nothing else.
        wanted.person = Some(signed.me.actor);
    }
    let Some(labels) = Labels::of(&signed) else { return answers::missing(&signed) };
    let kinds = signed.shop.as_ref().map(|shop| shop.kinds.as_ref());
    let title = t(signed.language, "who-looked-title");
    let show = |status: StatusCode, page: &Page<'_>| {
        frame::page_with(&signed, status, &title, html! { h1 { (title) } (view(page)) })
    };
    if !wanted.wrong.is_empty() {
        let page = Page { labels, kinds, wanted: &wanted, entries: &[], last: None, kept: None };
        return show(StatusCode::BAD_REQUEST, &page);
    }
    let Some(asked) = asked(&signed) else { return answers::missing(&signed) };
    match signed.portal.registers.who_looked(&asked, &wanted.filter(PAGE_ROWS)).await {
        Ok(found) => {
            let last = (found.len() >= PAGE_ROWS).then(|| found.last().map(|one| one.index)).flatten();
            let entries: Vec<&Looked> = found.iter().filter(|one| wanted.lets_through(labels, one)).collect();
            let kept = signed.portal.registers.log_kept(&asked.tenant);
            let page = Page { labels, kinds, wanted: &wanted, entries: &entries, last, kept: kept.as_ref() };
            show(StatusCode::OK, &page)
        }
        Err(no) => answers::no(&signed, &no),
    }
}

/// `/{service}/vem-har-sett.csv`
pub async fn csv(signed: Signed) -> Response {
    let mut wanted = Wanted::of(&signed.here);
    if signed.is_subject() {
        // A data subject asks about itself (Article 15), and the door answers nothing else.
        wanted.person = Some(signed.me.actor);
    }
    if !wanted.wrong.is_empty() {
        return page(signed).await;
    }
    let Some(labels) = Labels::of(&signed) else { return answers::missing(&signed) };
    let Some(asked) = asked(&signed) else { return answers::missing(&signed) };
    match all(&*signed.portal.registers, &asked, wanted.filter(MAX_LOOKED)).await {
        Ok((found, cut)) => {
            let entries: Vec<&Looked> = found.iter().filter(|one| wanted.lets_through(labels, one)).collect();
            let kinds = signed.shop.as_ref().map(|shop| &*shop.kinds);
            let bytes = sheet(labels, kinds, &entries, cut);
            let name = t(signed.language, "who-looked-file");
            let attachment = format!("attachment; filename=\"{name}.csv\"");
            ([(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, attachment)], bytes)
                .into_response()
        }
        Err(no) => answers::no(&signed, &no),
    }
}

/// Every entry that the filter lets through, up to [`MAX_CSV_ROWS`], and whether there are more. The register answers in
/// parts, and each part is a reading with an entry of its own.
async fn all(register: &dyn Lookup, asked: &Asked, mut filter: Filter) -> Result<(Vec<Looked>, bool), No> {
    let mut found = Vec::new();
    loop {
        let part = register.who_looked(asked, &filter).await?;
        let whole = part.len() >= filter.limit;
        filter.before = part.last().map(|one| one.index);
        found.extend(part);
        if found.len() > MAX_CSV_ROWS {
            found.truncate(MAX_CSV_ROWS);
            return Ok((found, true));
        }
        if !whole {
            return Ok((found, false));
        }
    }
}

/// Reading the log is an act of its own: its purpose is the one of the rule that lets the reader's role read what the agreement
/// holds the log as.
pub(crate) fn asked(signed: &Signed) -> Option<Asked> {
    let agreement = signed.agreement.as_ref()?;
    let held_as = agreement.logging().and_then(|logging| logging.held_as.as_ref());
    let allows = |row: &MayRow| {
        row.role == signed.me.role
            && row.verbs.contains(&Verb::Consult)
            && held_as.is_some_and(|held| row.subject == held.subject && row.categories.contains(&held.category))
    };
    let rule = || may_rows(agreement).into_iter().find(allows).and_then(|row| row.purposes.into_iter().next());
    // Without a rule the question is still asked, so that the refusal is journalled with its clause.
    let any = || agreement.purposes().first().map(|purpose| purpose.id.clone());
    let purpose = signed.purpose.clone().or_else(rule).or_else(any)?;
    let customer = signed.customer()?;
    Some(Asked { actor: signed.me.actor, tenant: customer.id, purpose, case: None })
}

/// A table of entries for another page; `about` is the query that the log's own page would have been asked with.
pub(crate) fn entries(signed: &Signed, entries: &[Looked], about: &str) -> Markup {
    let Some(labels) = Labels::of(signed) else { return html! {} };
    let kinds = signed.shop.as_ref().map(|shop| shop.kinds.as_ref());
    let (wanted, entries) = (Wanted::of(about), entries.iter().collect::<Vec<_>>());
    table(&Page { labels, kinds, wanted: &wanted, entries: &entries, last: None, kept: None })
}

/// Who stands as actor where nobody is known, e.g. for the failed log-ins of strangers.
const NOBODY: PersonId = PersonId([0; 16]);

/// What stands on the page.
pub(crate) struct Page<'a> {
    /// The labels of the agreement in force.
    pub labels: Labels<'a>,
    /// What the service keeps, for the names of kinds and fields.
    pub kinds: Option<&'a Kinds>,
    /// What was asked for.
    pub wanted: &'a Wanted,
    /// What was found, newest first.
    pub entries: &'a [&'a Looked],
    /// The last index that the register gave, where there may be more.
    pub last: Option<u64>,
    /// How the log is kept, and what of it was purged.
    pub kept: Option<&'a LogStands>,
}

/// The body of the page.
pub(crate) fn view(page: &Page<'_>) -> Markup {
    let language = page.labels.language;
    html! {
        (promise(page.labels))
        @if let Some(kept) = page.kept { (keeping(page.labels, kept)) }
        @if page.wanted.wrong.is_empty() {
            (narrowed(page))
            (filter(page))
            (table(page))
        } @else {
            @let fields = page.wanted.wrong.iter().map(|label| t(language, label)).collect::<Vec<_>>().join(", ");
            p.fault role="alert" { (t_with(language, "who-looked-filter-wrong", &[("fields", fields.into())])) }
            (filter(page))
        }
    }
}

/// What the agreement promises about logging, with its clause; where it promises nothing, nothing is said for it.
fn promise(labels: Labels<'_>) -> Markup {
    let language = labels.language;
    let kept = |logging: &Logging| match &logging.keep {
        Sourced::Found { value, .. } => t_with(language, "who-looked-kept", &[("keep", value.as_str().into())]),
        Sourced::None => t(language, "who-looked-kept-none"),
        Sourced::NotFound { .. } => t(language, "who-looked-kept-not-found"),
    };
    html! {
        p.answer {
            @if let Some(logging) = labels.agreement.and_then(|agreement| agreement.logging()) {
                @let what = match logging.access.as_str() {
                    "every request" => t(language, "who-looked-promise-every-request"),
                    other => other.to_owned(),
                };
                (t_with(language, "who-looked-promise", &[("what", what.into())]))
                " (" (labels.clause(&logging.clause)) "). "
                (kept(logging)) " "
            }
            (t(language, "who-looked-read-is-logged"))
        }
    }
}

/// Whether anything of the log goes by itself, by which clause, and what went last.
fn keeping(labels: Labels<'_>, stands: &LogStands) -> Markup {
    let language = labels.language;
    let keep = |label: &Label| [("keep", label.text(language).to_owned().into())];
    let sentence = match (&stands.kept, stands.stays) {
        (_, Some(Stays::Held)) => t(language, "who-looked-stays-held"),
        (LogKept::For { keep: label, .. }, _) => t_with(language, "who-looked-goes", &keep(label)),
        (LogKept::Stays { keep: label, .. }, _) => t_with(language, "who-looked-stays", &keep(label)),
        (LogKept::NotFound { .. } | LogKept::Silent, _) => t(language, "who-looked-stays-not-found"),
    };
    html! {
        p {
            (sentence)
            @if let Some(clause) = stands.kept.clause() { " (" (labels.clause(clause)) ")." }
            @if let Some(last) = stands.purged.last() {
                " " (t_with(language, "who-looked-purged-last", &[
                    ("count", last.entries.into()), ("before", moment_text(language, last.before).into()),
                    ("at", moment_text(language, last.at).into()), ("number", last.number.as_str().into()),
                ]))
            }
        }
    }
}

fn narrowed(page: &Page<'_>) -> Markup {
    let (language, wanted) = (page.labels.language, page.wanted);
    let here = format!("/{}/{}", page.labels.service, routes::WHO_LOOKED);
    html! {
        @if let Some(record) = wanted.record {
            p { (t_with(language, "who-looked-only-record", &[("record", record.short().into())])) " "
                a href={ (here) (wanted.query("record", None)) } { (t(language, "who-looked-show-all")) } }
        }
        @if let Some(person) = wanted.person {
            p { (t_with(language, "who-looked-only-person", &[("person", short(person).into())])) " "
                a href={ (here) (wanted.query("person", None)) } { (t(language, "who-looked-show-all")) } }
        }
        @if let Some(actor) = wanted.actor {
            p { (t_with(language, "who-looked-only-actor", &[("actor", short(actor).into())])) " "
                a href={ (here) (wanted.query("actor", None)) } { (t(language, "who-looked-show-all")) } }
        }
    }
}

fn filter(page: &Page<'_>) -> Markup {
    let (language, wanted) = (page.labels.language, page.wanted);
    let open = wanted.written.iter().any(|(name, _)| *name != "before");
    let pseudonym = |name: &'static str, label: &'static str| {
        html! {
            p.field {
                label for={ "filter-" (name) } { (t(language, label)) }
                input id={ "filter-" (name) } name=(name) value=(wanted.value(name)) maxlength="32" autocomplete="off" spellcheck="false";
            }
        }
    };
    html! {
        details.filter open[open] {
            summary { (t(language, "who-looked-filter")) }
            form method="get" action={ "/" (page.labels.service) "/" (routes::WHO_LOOKED) } {
                p.field {
                    label for="filter-outcome" { (t(language, "who-looked-filter-outcome")) }
                    select id="filter-outcome" name="outcome" {
                        option value="" { (t(language, "who-looked-filter-any")) }
                        @for one in [Outcome::Granted, Outcome::Refused, Outcome::Happened] {
                            option value=(word(one)) selected[wanted.outcome == Some(one)] { (outcome(page.labels, one)) }
                        }
                    }
                }
                p.field {
                    label for="filter-from" { (t(language, "who-looked-filter-from")) }
                    input id="filter-from" name="from" type="date" value=(wanted.value("from"));
                }
                p.field {
                    label for="filter-to" { (t(language, "who-looked-filter-to")) }
                    input id="filter-to" name="to" type="date" value=(wanted.value("to"));
                }
                p.field {
                    label for="filter-for" { (t(language, "who-looked-filter-purpose")) }
                    input id="filter-for" name="for" list="purposes" value=(wanted.value("for")) maxlength="64" autocomplete="off";
                    // A purpose that the agreement lacks can have been asked for, so any word may be written.
                    datalist #purposes {
                        @for purpose in page.labels.agreement.map(|agreement| agreement.purposes()).unwrap_or_default() {
                            option value=(purpose.id) { (purpose.label.text(language)) }
                        }
                    }
                }
                (pseudonym("actor", "who-looked-filter-actor"))
                (pseudonym("person", "who-looked-filter-person"))
                (pseudonym("record", "who-looked-filter-record"))
                p { button type="submit" { (t(language, "who-looked-filter-apply")) } }
            }
        }
    }
}

fn table(page: &Page<'_>) -> Markup {
    let (labels, language) = (page.labels, page.labels.language);
    let here = format!("/{}/{}", labels.service, routes::WHO_LOOKED);
    html! {
        @if page.entries.is_empty() {
            p { (t(language, "who-looked-empty")) }
        } @else {
            div.scroll tabindex="0" role="region" aria-labelledby="log-caption" {
                table.log {
                    caption #log-caption { (t_with(language, "who-looked-caption", &[("count", page.entries.len().into())])) }
                    thead {
                        tr {
                            @for key in [
                                "who-looked-time", "who-looked-person", "who-looked-role", "who-looked-did", "who-looked-what",
                                "who-looked-purpose", "who-looked-outcome", "who-looked-clause", "who-looked-proof",
                            ] {
                                th scope="col" { (t(language, key)) }
                            }
                        }
                    }
                    tbody { @for entry in page.entries { (row(page, entry)) } }
                }
            }
        }
        @if page.wanted.before.is_some() || page.last.is_some() { nav.paging aria-label=(t(language, "who-looked-paging")) {
            @if page.wanted.before.is_some() {
                a href={ (here) (page.wanted.query("before", None)) } { (t(language, "who-looked-newest")) } " "
            }
            @if let Some(last) = page.last {
                a rel="next" href={ (here) (page.wanted.query("before", Some(&last.to_string()))) } { (t(language, "who-looked-older")) }
            }
        } }
        p {
            a href={ (here) ".csv" (page.wanted.query("before", None)) } {
                (t_with(language, "who-looked-csv", &[("max", MAX_CSV_ROWS.into())]))
            }
        }
        p { a href={ "/" (labels.service) "/" (routes::CHECKPOINTS) } { (t(language, "checkpoints-link")) } }
    }
}

fn row(page: &Page<'_>, entry: &Looked) -> Markup {
    let (labels, language) = (page.labels, page.labels.language);
    let here = format!("/{}/{}", labels.service, routes::WHO_LOOKED);
    let pseudonym = short(entry.actor);
    let name = entry.actor_name.as_ref().map_or(pseudonym.as_str(), |name| name.as_str());
    let somebody = entry.actor != NOBODY;
    html! {
        tr.refused[entry.outcome == Outcome::Refused] {
            td { (moment(language, entry.time)) }
            th scope="row" {
                @if somebody {
                    a href={ (here) (page.wanted.query("actor", Some(&entry.actor.to_string()))) }
                        title=(t_with(language, "who-looked-just-this-actor", &[("name", name.into())])) { (name) }
                    @if entry.actor_name.is_some() { " " small { code { (pseudonym) } } }
                } @else if entry.purged.is_none() {
                    (t(language, "who-looked-nobody"))
                }
            }
            td { @if let Some(role) = &entry.role { (labels.role(role)) } }
            td { (did(labels, entry)) }
            td { (what(page, entry)) }
            td {
                @if let Some(purpose) = &entry.purpose { (labels.purpose(purpose)) }
                @if let Some(case) = entry.case {
                    br; (t(language, "who-looked-case")) " " code { (case.short()) }
                }
            }
            td {
                @if entry.purged.is_none() { strong { (outcome(labels, entry.outcome)) } }
                @if let Some(reason) = &entry.reason { br; (reason_text(labels, reason)) }
            }
            td { (clause(labels, entry)) }
            td {
                a href={ (here) "/" (entry.index) ".tlog-proof" } download
                    aria-label=(t_with(language, "who-looked-proof-of", &[("index", entry.index.into())])) {
                    (t(language, "who-looked-proof"))
                }
            }
        }
    }
}

/// Which kind and which records (with links), about how many persons, which fields, and what was withheld.
fn what(page: &Page<'_>, entry: &Looked) -> Markup {
    let (labels, language) = (page.labels, page.labels.language);
    let kind = kind(page.kinds, entry);
    // The names of who wrote are read by themselves, beside the records: an entry of no record and no field.
    let authors = entry.verb == Some(Verb::Consult)
        && entry.outcome == Outcome::Granted
        && kind.is_some_and(|kind| kind.author_shown)
        && entry.records.is_empty()
        && entry.of.is_none()
        && entry.fields.is_empty();
    html! {
        @if authors { (t(language, "who-looked-authors")) ": " }
        @if let Some(kind) = kind { (kind.label.text(language)) } @else if let Some(name) = &entry.kind { (name) }
        @if let Some(record) = entry.records.first() {
            " "
            @if let Some(kind) = kind {
                a href={ "/" (labels.service) "/" (kind.path) "/" (record) } { code { (record.short()) } }
            } @else {
                code { (record.short()) }
            }
            @let more = records(entry).count() - 1;
            @if more > 0 { " " (t_with(language, "who-looked-more-records", &[("count", more.into())])) }
        }
        @if let Some(of) = &entry.of { (belongs(page, kind, of)) }
        @if entry.kind.is_some() || entry.persons > 0 {
            ", " (t_with(language, "who-looked-about-persons", &[("count", entry.persons.into())]))
        }
        @if !entry.fields.is_empty() { br; (fields(labels, kind, entry)) }
        @if !entry.withheld.is_empty() {
            br; (t_with(language, "who-looked-withheld-these", &[("categories", labels.categories(&entry.withheld).into())]))
        }
    }
}

/// Of whom: the record that the others belong to, with a link to its file.
fn belongs(page: &Page<'_>, kind: Option<&Kind>, of: &RecordId) -> Markup {
    let parent = kind.and_then(|kind| page.kinds?.kind(kind.parent.as_ref()?));
    html! {
        ", "
        @match parent {
            Some(parent) => {
                (parent.label.text(page.labels.language).to_lowercase()) " "
                a href={ "/" (page.labels.service) "/" (parent.path) "/" (of) } { code { (of.short()) } }
            }
            None => code { (of.short()) },
        }
    }
}

/// The number is the one of the version that governed the act; the link goes to the clause by its id, which outlives it.
fn clause(labels: Labels<'_>, entry: &Looked) -> Markup {
    html! {
        @if let Some(id) = &entry.clause {
            @if labels.agreement.is_some_and(|agreement| agreement.clause(id).is_some()) {
                a.clause href=(labels.clause_address(id)) { (entry.number) }
            } @else {
                (entry.number)
            }
        }
    }
}

fn short(person: PersonId) -> String {
    let mut text = person.to_string();
    text.truncate(8);
    text
}

/// The same selection as CSV: every column of its own, the header in the reader's language.
pub(crate) fn sheet(labels: Labels<'_>, kinds: Option<&Kinds>, entries: &[&Looked], cut: bool) -> Vec<u8> {
    let language = labels.language;
    let header = [
        "who-looked-index",
        "who-looked-time",
        "who-looked-person",
        "who-looked-pseudonym",
        "who-looked-role",
        "who-looked-did",
        "who-looked-purpose",
        "who-looked-case",
        "who-looked-kind",
        "who-looked-records",
        "who-looked-persons",
        "who-looked-fields",
        "who-looked-withheld",
        "who-looked-outcome",
        "who-looked-reason",
        "who-looked-clause",
        "who-looked-clause-id",
    ];
    let mut sheet = Sheet::new(header.map(|key| t(language, key)));
    for entry in entries {
        let kind = kind(kinds, entry);
        let records = records(entry).chain(&entry.of).map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let kind_name = kind.map(|kind| kind.label.text(language).to_owned());
        let (index, time) = (entry.index.to_string(), civil(entry.time).strftime("%Y-%m-%d %H:%M:%S").to_string());
        let (actor, persons) = (entry.actor.to_string(), entry.persons.to_string());
        let role = entry.role.as_ref().map(|role| labels.role(role)).unwrap_or_default();
        let purpose = entry.purpose.as_ref().map(|purpose| labels.purpose(purpose)).unwrap_or_default();
        let case = entry.case.map(|case| case.to_string()).unwrap_or_default();
        let kind_name = kind_name.or_else(|| entry.kind.as_ref().map(ToString::to_string)).unwrap_or_default();
        let reason = entry.reason.as_ref().map(|reason| reason_text(labels, reason)).unwrap_or_default();
        sheet.row([
            index.as_str(),
            &time,
            entry.actor_name.as_ref().map_or("", |name| name.as_str()),
            &actor,
            &role,
            &did(labels, entry),
            &purpose,
            &case,
            &kind_name,
            &records,
            &persons,
            &fields(labels, kind, entry),
            &labels.categories(&entry.withheld),
            &if entry.purged.is_some() { String::new() } else { outcome(labels, entry.outcome) },
            &reason,
            &entry.number,
            entry.clause.as_ref().map_or("", |id| id.as_str()),
        ]);
    }
    if cut {
        sheet.row([t(language, "who-looked-csv-cut")]);
    }
    sheet.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::sample;
    use crate::words::t;
    use terms::{Category, ClauseId, FieldName, Instant, KindName, Language, Purpose, Role};
    use zeroize::Zeroizing;

    fn entry(outcome: Outcome) -> Looked {
        Looked {
            index: 7,
            time: Instant(1_795_255_541 * 1_000_000),
            actor: PersonId([0xab; 16]),
            actor_name: Some(Zeroizing::new("=Eva <Ek>".to_owned())),
            role: Some(Role::new("support").unwrap()),
            verb: Some(Verb::Consult),
            purpose: Some(Purpose::new("marketing").unwrap()),
            case: Some(RecordId([2; 16])),
            kind: Some(KindName::new("reader").unwrap()),
            records: vec![RecordId([1; 16]), RecordId([3; 16])],
            of: Some(RecordId([9; 16])),
            persons: 2,
            fields: vec![FieldName::new("name").unwrap()],
            withheld: vec![Category::new("loans").unwrap()],
            outcome,
            reason: (outcome == Outcome::Refused).then(|| "purpose-not-agreed".to_owned()),
            event: None,
            clause: Some(ClauseId::new("no-other").unwrap()),
            number: "3.2".to_owned(),
            purged: None,
        }
    }

    fn rendered(address: &str, language: Language) -> String {
        let agreement = sample::agreement();
        let entries = [entry(Outcome::Granted), entry(Outcome::Refused)];
        let wanted = Wanted::of(address);
        let entries: Vec<&Looked> = entries.iter().collect();
        let page = Page {
            labels: sample::labels(&agreement, language),
            kinds: None,
            wanted: &wanted,
            entries: &entries,
            last: Some(7),
            kept: None,
        };
        let html = view(&page).into_string();
        sample::check_clauses(&agreement, &html);
        sample::check_headings(&html);
        assert!(!html.contains("who-looked-"), "a key without words: {html}");
        html
    }

    #[test]
    fn a_row_says_who_did_what_why_and_by_which_clause() {
        for language in [Language::Sv, Language::En] {
            let html = rendered("/library/vem-har-sett", language);
            for said in ["=Eva &lt;Ek&gt;", "abababab", "Support", "marketing", "02020202", "01010101", ">3.2</a>"] {
                assert!(html.contains(said), "{said}: {html}");
            }
            assert!(html.contains(&t(language, "who-looked-reason-purpose-not-agreed")));
        }
    }

    #[test]
    fn a_log_whose_keeping_is_not_found_promises_no_keeping() {
        let html = rendered("/library/vem-har-sett", Language::Sv);
        assert!(html.contains("Avtalet säger inte hur länge loggen sparas."), "{html}");
        assert!(!html.contains("Loggen sparas:"));
        assert!(html.contains("punkt 5"));
    }

    #[test]
    fn what_was_purged_says_when_and_by_which_clause_and_nothing_else() {
        let agreement = sample::agreement();
        let clause = agreement.logging().unwrap().clause.clone();
        let at = Instant(1_790_000_000_000_000);
        let purge = processing::Purge {
            at,
            before: at,
            entries: 17,
            agreement: agreement.hash(),
            clause: clause.clone(),
            number: "5".to_owned(),
        };
        let keep = Label { sv: "90 dagar".to_owned(), en: "90 days".to_owned() };
        let period = "90 days".parse().unwrap();
        let kept = LogKept::For { keep, clause: clause.clone(), period };
        let stands = LogStands { kept, number: "5".to_owned(), stays: None, purged: vec![purge] };
        let held = LogStands { stays: Some(Stays::Held), purged: Vec::new(), ..stands.clone() };
        let gone = Looked {
            actor: NOBODY,
            actor_name: None,
            role: None,
            verb: None,
            event: Some("details-purged".to_owned()),
            outcome: Outcome::Happened,
            purged: Some(at),
            clause: Some(clause),
            number: "5".to_owned(),
            ..entry(Outcome::Granted)
        };
        let wanted = Wanted::of("/library/vem-har-sett");
        for (language, says, of_held) in [
            (Language::Sv, ["90 dagar", "17 rader", "Detaljerna rensades 2026-09-21"], "Inget rensas nu"),
            (Language::En, ["90 days", "17 entries", "The details were purged 2026-09-21"], "Nothing is purged now"),
        ] {
            let labels = sample::labels(&agreement, language);
            let page =
                Page { labels, kinds: None, wanted: &wanted, entries: &[&gone], last: None, kept: Some(&stands) };
            let html = view(&page).into_string();
            for said in says {
                assert!(html.contains(said), "{said}: {html}");
            }
            assert!(!html.contains("who-looked-"), "a key without words: {html}");
            sample::check_clauses(&agreement, &html);
            let html = view(&Page { kept: Some(&held), ..page }).into_string();
            assert!(html.contains(of_held), "{html}");
        }
        let csv = sheet(sample::labels(&agreement, Language::Sv), None, &[&gone], false);
        assert!(String::from_utf8(csv).unwrap().contains("Detaljerna rensades 2026-09-21"));
    }

    #[test]
    fn a_filter_that_cannot_be_read_shows_nothing() {
        for wrong in ["person=eva", "from=2026-13-01", "to=20261121", "outcome=maybe", "before=-1"] {
            let html = rendered_wrong(&format!("/library/vem-har-sett?{wrong}"));
            assert!(html.contains("role=\"alert\"") && !html.contains("<table"), "{wrong}: {html}");
        }
    }

    fn rendered_wrong(address: &str) -> String {
        let agreement = sample::agreement();
        let wanted = Wanted::of(address);
        let page = Page {
            labels: sample::labels(&agreement, Language::Sv),
            kinds: None,
            wanted: &wanted,
            entries: &[],
            last: None,
            kept: None,
        };
        view(&page).into_string()
    }

    #[test]
    fn a_long_log_is_whole_in_the_sheet_and_a_longer_one_says_that_it_is_cut() {
        struct Long(u64);
        impl Lookup for Long {
            fn who_looked<'a>(&'a self, _: &'a Asked, filter: &'a Filter) -> service::Answer<'a, Vec<Looked>> {
                let before = filter.before.unwrap_or(self.0);
                let part = (0..before).rev().take(filter.limit.min(MAX_LOOKED));
                let part = part.map(|index| Looked { index, ..entry(Outcome::Granted) }).collect();
                Box::pin(async { Ok(part) })
            }
        }
        let purpose = Purpose::new("lend").unwrap();
        let asked = Asked { actor: PersonId([1; 16]), tenant: terms::TenantId([1; 16]), purpose, case: None };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let found = |entries: u64| {
            let filter = Wanted::default().filter(MAX_LOOKED);
            let answer = runtime.block_on(all(&Long(entries), &asked, filter));
            answer.map(|(found, cut)| (found.len(), cut)).ok()
        };
        assert_eq!(found(0), Some((0, false)));
        assert_eq!(found(1_000), Some((1_000, false)));
        assert_eq!(found(1_207), Some((1_207, false)));
        assert_eq!(found(10_001), Some((10_000, true)));
    }

    #[test]
    fn the_sheet_runs_nothing_and_has_every_column() {
        let agreement = sample::agreement();
        let entry = entry(Outcome::Refused);
        let bytes = sheet(sample::labels(&agreement, Language::Sv), None, &[&entry], true);
        let csv = String::from_utf8(bytes).unwrap();
        assert!(csv.starts_with('\u{feff}') && csv.contains("\"'=Eva <Ek>\""), "{csv}");
        let mut lines = csv.lines();
        let columns = |line: &str| line.matches("\",\"").count() + 1;
        assert_eq!(lines.next().map(columns), Some(17));
        assert_eq!(lines.next().map(columns), Some(17));
        assert!(lines.next().is_some_and(|line| line.contains("Fler rader finns")));
    }
}
