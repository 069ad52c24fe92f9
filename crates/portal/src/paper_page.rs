//! A document as a page: the same blocks that go to paper, as HTML; and a page that stands alone, without the portal around it.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use paper::{Block, Document, Quotation, Table};

/// The sheet that a page without the portal takes along.
const STYLE: &str = include_str!("../static/portal.css");

/// The blocks of a document, without its title.
pub(crate) fn blocks(document: &Document) -> Markup {
    html! {
        @for (nth, block) in document.blocks.iter().enumerate() { (show(nth, block)) }
    }
}

/// The document as a page of its own, to be kept as a file: it asks for nothing outside itself.
#[must_use]
pub fn alone(document: &Document) -> String {
    let page = html! {
        (DOCTYPE)
        html lang=(document.language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (document.title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { h1 { (document.title) } (blocks(document)) } }
        }
    };
    page.into_string()
}

fn show(nth: usize, block: &Block) -> Markup {
    html! {
        @match block {
            Block::Heading { level, text } if *level <= 2 => h2 { (text) },
            Block::Heading { level, text } if *level == 3 => h3 { (text) },
            Block::Heading { text, .. } => h4 { (text) },
            Block::Paragraph(text) => p { (text) },
            Block::Quotation(quotation) => (quoted(quotation)),
            Block::Facts(facts) => dl.sheet { @for (name, value) in facts { dt { (name) } dd { (value) } } },
            Block::Table(rows) => (table(rows)),
            Block::Plot(plot) => (crate::svg::plot(&nth.to_string(), plot)),
        }
    }
}

fn quoted(quotation: &Quotation) -> Markup {
    html! {
        blockquote.quoted {
            p lang=[quotation.language.as_deref()] { (quotation.words) }
            @if !quotation.place.is_empty() { p { small { (quotation.place) } } }
        }
    }
}

fn table(table: &Table) -> Markup {
    html! {
        div.scroll {
            table.cards {
                @if !table.caption.is_empty() { caption { (table.caption) } }
                thead { tr { @for column in &table.columns { th scope="col" { (column.label) } } } }
                tbody {
                    @for row in &table.rows {
                        tr {
                            @for (cell, column) in row.iter().zip(&table.columns).take(1) {
                                th scope="row" data-label=(column.label) { (cell) }
                            }
                            @for (cell, column) in row.iter().zip(&table.columns).skip(1) {
                                td data-label=(column.label) { (cell) }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use paper::Column;
    use terms::Language;

    #[test]
    fn a_page_that_stands_alone_asks_for_nothing_outside_itself_and_escapes_what_it_is_given() {
        let mut document = Document::new("Rapport <b>", Language::Sv);
        document.push(Block::Heading { level: 3, text: "<i>".to_owned() });
        document.push(Block::Quotation(Quotation {
            words: "the <script>".to_owned(),
            place: "rad 3".to_owned(),
            language: Some("en".to_owned()),
        }));
        document.push(Block::Table(Table {
            caption: "T".to_owned(),
            columns: vec![Column::text("A"), Column::text("B")],
            rows: vec![vec!["<u>".to_owned()]],
        }));
        let page = alone(&document);
        assert!(page.contains("<html lang=\"sv\">") && page.contains("<p lang=\"en\">the &lt;script&gt;</p>"));
        for outside in ["<script", "href=", "src=", "@import", "url(", "<b>", "<i>", "<u>"] {
            assert!(!page.contains(outside), "{outside}");
        }
    }
}
