//! The versions of a record side by side, and who signed which of them.

use maud::{Markup, html};
use service::{Kind, Opened};
use terms::{Category, ClauseId, FieldName, RecordHead, Render};

use crate::ctx::Signed;
use crate::html::{author, plain, state_word};
use crate::lists::Lists;
use crate::moment::moment;

/// Most versions side by side.
const BESIDE: usize = 4;

/// One version as it is shown.
struct Version {
    head: RecordHead,
    author: Option<Markup>,
    cells: Vec<(FieldName, Markup)>,
}

struct Versions<'a> {
    kind: &'a Kind,
    lists: Lists,
    language: terms::Language,
    all: Vec<Version>,
}

impl Render for Versions<'_> {
    fn begin(&mut self, head: &RecordHead) {
        self.all.push(Version { head: head.clone(), author: None, cells: Vec::new() });
    }
    fn author(&mut self, name: &str) {
        if let Some(version) = self.all.last_mut() {
            version.author = Some(html! { (name) });
        }
    }
    fn field(&mut self, name: &FieldName, _: &Category, value: &str) {
        if let (Some(version), Some(field)) = (self.all.last_mut(), self.kind.field(name.as_str())) {
            let text = plain(field, &self.lists, self.language, value);
            version.cells.push((name.clone(), html! { div.text { (text) } }));
        }
    }
    fn withheld(&mut self, _: &Category, _: &ClauseId) {}
    fn end(&mut self) {}
}

/// Signatures and the newest versions, of a kind whose records go from state to state. `opened` has the newest first.
#[must_use]
pub fn beside(signed: &Signed, kind: &Kind, opened: &dyn Opened) -> Markup {
    if kind.transitions.is_empty() {
        return html! {};
    }
    let language = signed.language;
    let mut versions = Versions { kind, lists: Lists::of(signed, kind), language, all: Vec::new() };
    opened.render(&mut versions);
    let all = versions.all;
    let signatures: Vec<&Version> = all
        .iter()
        .enumerate()
        .filter(|(at, version)| {
            let before = all.get(at + 1).and_then(|before| before.head.state.as_deref());
            let state = version.head.state.as_deref();
            state != before && state.is_some_and(|state| kind.signed_states().any(|one| one == state))
        })
        .map(|(_, version)| version)
        .collect();
    // A change of state alone is no version to compare; those in which a text differs are.
    let mut texts: Vec<&Version> = Vec::new();
    for version in &all {
        let same = |other: &&Version| {
            other
                .cells
                .iter()
                .map(|(name, cell)| (name, &cell.0))
                .eq(version.cells.iter().map(|(name, cell)| (name, &cell.0)))
        };
        match texts.last_mut() {
            // Of those that say the same the earliest stands for all.
            Some(last) if same(last) => *last = version,
            _ => texts.push(version),
        }
    }
    texts.truncate(BESIDE);
    let who = |version: &Version| author(signed, &version.head, version.author.as_ref());
    html! {
        @if !signatures.is_empty() {
            section aria-labelledby="signatures" {
                h2 #signatures { (signed.t("versions-signatures")) }
                table {
                    caption { (signed.t("versions-signatures-what")) }
                    thead { tr {
                        th scope="col" { (signed.t("service-state")) }
                        th scope="col" { (signed.t("versions-who")) }
                        th scope="col" { (signed.t("versions-when")) }
                        th scope="col" { (signed.t("versions-which")) }
                    } }
                    tbody {
                        @for version in &signatures {
                            tr {
                                th scope="row" { (state_word(signed, version.head.state.as_deref().unwrap_or(""))) }
                                td { (who(version)) }
                                td { (moment(language, version.head.written)) }
                                td { (version.head.version) }
                            }
                        }
                    }
                }
            }
        }
        @if texts.len() > 1 {
            section aria-labelledby="beside" {
                h2 #beside { (signed.t("versions-beside")) }
                div.scroll tabindex="0" role="region" aria-labelledby="beside" {
                    table {
                        caption { (signed.t("versions-beside-what")) }
                        thead { tr {
                            th scope="col" { (signed.t("versions-field")) }
                            @for version in &texts {
                                th scope="col" { (signed.t_with("service-version", &[("version", version.head.version.into())])) br; small { (moment(language, version.head.written)) ", " (who(version)) } }
                            }
                        } }
                        tbody {
                            @for field in &kind.fields {
                                tr {
                                    th scope="row" { (field.label.text(language)) }
                                    @for version in &texts {
                                        td { @if let Some((_, cell)) = version.cells.iter().find(|(name, _)| *name == field.name) { (cell) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
