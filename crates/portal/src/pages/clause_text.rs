//! The text of clauses for reading: Markdown to HTML without raw HTML, and the agreement's reading in another language.
//!
//! A reading is a help and never decides; its clauses are found by the ids that they share with the agreement.

use maud::{Markup, PreEscaped};
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd};
use terms::ClauseId;

/// An agreement retold in another language, clause by clause.
pub(crate) struct Reading {
    clauses: Vec<ReadClause>,
}

/// One clause of a reading.
pub(crate) struct ReadClause {
    /// The id that it shares with the agreement's clause.
    pub id: ClauseId,
    /// Its title, without number and id.
    pub title: String,
    /// Its text, Markdown.
    pub prose: String,
}

impl Reading {
    /// Reads the text. What has no id is passed over, and `toml` blocks are left out: only the agreement itself has terms.
    pub fn read(text: &str) -> Self {
        let mut clauses: Vec<ReadClause> = Vec::new();
        let (mut fenced, mut dropped) = (false, false);
        for line in text.lines() {
            if let Some(fence) = line.strip_prefix("```") {
                dropped = if fenced { dropped } else { fence.trim_start().starts_with("toml") };
                fenced = !fenced;
                if dropped {
                    dropped = fenced;
                    continue;
                }
            }
            if dropped {
                continue;
            }
            match heading(line).filter(|_| !fenced) {
                Some((id, title)) => clauses.push(ReadClause { id, title, prose: String::new() }),
                None => {
                    if let Some(clause) = clauses.last_mut() {
                        clause.prose.push_str(line);
                        clause.prose.push('\n');
                    }
                }
            }
        }
        Self { clauses }
    }

    /// The clause with this id.
    pub fn clause(&self, id: &ClauseId) -> Option<&ReadClause> {
        self.clauses.iter().find(|clause| clause.id == *id)
    }
}

/// `## 3.2 Title {#id}` → id and title; the number is the agreement's own and is not taken from a reading.
fn heading(line: &str) -> Option<(ClauseId, String)> {
    let rest = line.strip_prefix('#')?.trim_start_matches('#').strip_prefix(' ')?.trim();
    let (title, id) = rest.strip_suffix('}')?.rsplit_once("{#")?;
    let title = title.trim();
    let is_number = |word: &str| {
        let parts = word.split('.').filter(|part| !part.is_empty());
        let digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
        word.contains(|c: char| c.is_ascii_digit())
            && parts.enumerate().all(|(at, part)| digits(part) || (at == 0 && part.len() == 1))
    };
    let numbered = title.split_once(' ').filter(|(first, _)| is_number(first));
    Some((ClauseId::new(id).ok()?, numbered.map_or(title, |(_, rest)| rest.trim()).to_owned()))
}

/// Markdown as HTML. Raw HTML and pictures are dropped, links lead only to web addresses, mail and places on the page, and
/// headings within a clause become strong lines, so that the page keeps its order of headings.
pub(crate) fn markdown(prose: &str) -> Markup {
    let mut hidden = 0_usize;
    let events = Parser::new_ext(prose, Options::ENABLE_STRIKETHROUGH).filter_map(move |event| match event {
        Event::Html(_) | Event::InlineHtml(_) => None,
        Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => None,
        Event::Start(Tag::Image { .. }) => {
            hidden += 1;
            None
        }
        Event::End(TagEnd::Image) => {
            hidden = hidden.saturating_sub(1);
            None
        }
        _ if hidden > 0 => None,
        Event::Start(Tag::Heading { .. }) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::Heading(_)) => Some(Event::End(TagEnd::Paragraph)),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = if leads_somewhere_safe(&dest_url) { dest_url } else { CowStr::Borrowed("#") };
            Some(Event::Start(Tag::Link { link_type, dest_url, title, id }))
        }
        other => Some(other),
    });
    let mut out = String::with_capacity(prose.len() + prose.len() / 4);
    pulldown_cmark::html::push_html(&mut out, events);
    PreEscaped(out)
}

fn leads_somewhere_safe(address: &str) -> bool {
    ["https://", "http://", "mailto:", "#"].iter().any(|start| address.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_html_and_dangerous_links_are_dropped() {
        let html = markdown(
            "a <script>alert(1)</script> <!-- M-1 --> b\n\n<div onclick=x>c</div>\n\n[d](javascript:e) ![f](g.png)",
        )
        .into_string();
        for wrong in ["<script", "<!--", "<div", "javascript", "<img", "f"] {
            assert!(!html.replace("href", "").contains(wrong), "{wrong}: {html}");
        }
        assert!(html.contains("<a href=\"#\">d</a>"));
    }

    #[test]
    fn a_reading_is_found_by_the_ids_it_shares() {
        let reading = Reading::read(
            "Preface\n\n# Title {#agreement}\n\n## 3.2 No other {#other}\n\nOnly *declared*.\n\n```toml\n[x]\n```\n\n## S.1 46elks {#s}\nText\n# A clause {#t}\n",
        );
        let clause = reading.clause(&ClauseId::new("other").unwrap()).unwrap();
        assert_eq!((clause.title.as_str(), clause.prose.trim()), ("No other", "Only *declared*."));
        assert_eq!(reading.clause(&ClauseId::new("s").unwrap()).unwrap().title, "46elks");
        assert_eq!(reading.clause(&ClauseId::new("t").unwrap()).unwrap().title, "A clause");
        assert!(reading.clause(&ClauseId::new("nothing").unwrap()).is_none());
    }

    #[test]
    fn the_english_reading_of_matcha_has_every_clause_and_no_number_in_a_title() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../services/matcha/");
        let file = |name: &str| std::fs::read_to_string(format!("{folder}{name}")).unwrap();
        let agreement = agreement::Agreement::read("agreement.sv.md", &file("agreement.sv.md")).unwrap();
        let reading = Reading::read(&file("agreement.en.md"));
        for clause in agreement.clauses() {
            let read = reading.clause(&clause.id).unwrap_or_else(|| panic!("no reading of {}", clause.id));
            assert!(clause.number.is_empty() || !read.title.starts_with(&clause.number), "{}", read.title);
            assert_eq!(read.prose.trim().is_empty(), clause.prose.trim().is_empty(), "{}", clause.id);
        }
    }
}
