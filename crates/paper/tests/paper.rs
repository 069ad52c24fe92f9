//! What a reader of the paper finds: every text, in order, on numbered pages.

#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

use paper::{Block, Column, Document, PaperError, Plot, PlotForm, Table, write};
use terms::Language;

fn text(pdf: &[u8]) -> String {
    pdf_extract::extract_text_from_mem(pdf).unwrap()
}

fn words(pdf: &[u8]) -> String {
    text(pdf).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn pages(pdf: &[u8]) -> usize {
    pdf_extract::extract_text_from_mem_by_pages(pdf).unwrap().len()
}

fn report() -> Document {
    let mut document = Document::new("Slutrapport", Language::Sv);
    document.push(Block::Facts(vec![
        ("Deltagare".to_owned(), "Åsa Łukasz Șerban".to_owned()),
        ("Period".to_owned(), "2026-01-12 till 2026-11-20".to_owned()),
    ]));
    document.push(Block::Heading { level: 2, text: "Närvaro".to_owned() });
    document.push(Block::Paragraph("Deltagaren har kommit 118 av 124 dagar.\nÖvriga dagar var anmälda.".to_owned()));
    document.push(Block::Table(Table {
        caption: "Närvaro per månad".to_owned(),
        columns: vec![Column::text("Månad"), Column::figures("Dagar"), Column::text("")],
        rows: vec![
            vec!["januari".to_owned(), "14".to_owned()],
            vec!["februari".to_owned(), String::new(), "–".to_owned(), "utanför".to_owned()],
        ],
    }));
    document
}

#[test]
fn every_text_is_found_in_reading_order() {
    let pdf = write(&report()).unwrap();
    let words = words(&pdf);
    let mut from = 0;
    for expected in [
        "Slutrapport",
        "Deltagare",
        "Åsa Łukasz Șerban",
        "Närvaro",
        "118 av 124 dagar.",
        "Övriga dagar",
        "Närvaro per månad",
        "januari",
        "14",
        "februari",
        "Sida 1 av 1",
    ] {
        let at = words[from..].find(expected).unwrap_or_else(|| panic!("`{expected}` after {from} in {words}"));
        from += at;
    }
    assert!(!words.contains("utanför"));
}

#[test]
fn it_is_tagged_and_says_title_and_language() {
    let pdf = write(&report()).unwrap();
    let all = String::from_utf8_lossy(&pdf);
    for expected in ["/MarkInfo", "/StructTreeRoot", "/Lang", "(sv)", "pdfuaid", "Slutrapport", "/Outlines"] {
        assert!(all.contains(expected), "{expected}");
    }
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    assert!(write(&report()).unwrap() == write(&report()).unwrap());
}

#[test]
fn a_table_of_a_thousand_rows_runs_over_pages_with_its_head_on_each() {
    let mut document = Document::new("Attendance", Language::En);
    document.push(Block::Table(Table {
        caption: "All days".to_owned(),
        columns: vec![Column::text("Date"), Column::text("Status"), Column::figures("Hours")],
        rows: (0..1000).map(|row| vec![format!("row-{row:04}"), "Present".to_owned(), format!("{row}.5")]).collect(),
    }));
    let pdf = write(&document).unwrap();
    let each = pdf_extract::extract_text_from_mem_by_pages(&pdf).unwrap();
    assert!(each.len() > 10, "{}", each.len());
    for (at, page) in each.iter().enumerate() {
        assert!(page.contains("Status"), "the head on page {}", at + 1);
        let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(page.contains(&format!("Page {} of {}", at + 1, each.len())), "{page}");
    }
    let all = each.concat();
    assert!((0..1000).all(|row| all.contains(&format!("row-{row:04}"))));
}

#[test]
fn no_text_that_a_person_can_write_stops_the_paper() {
    let mut document = Document::new("", Language::Sv);
    for hard in [
        "",
        "שרה כהן",
        "محمد علي",
        "Sara שרה \u{202e}gnorw\u{202c} محمد 123",
        "中文名字 😀 ꙮ",
        "a\u{301}\u{301}\u{301}\u{0}\u{7f}\u{85}\u{ad}",
        "\u{e000}\u{f8ff}\u{10ffff}\u{fffe}",
        "\u{200b}\u{200d}\u{2028}\u{2029}",
        "\t\n\r\n",
    ] {
        document.push(Block::Heading { level: 9, text: hard.to_owned() });
        document.push(Block::Paragraph(hard.to_owned()));
        document.push(Block::Facts(vec![(hard.to_owned(), hard.to_owned())]));
        document.push(Block::Table(Table {
            caption: hard.to_owned(),
            columns: vec![Column::text(hard), Column::figures(hard)],
            rows: vec![vec![hard.to_owned(), hard.to_owned()], Vec::new()],
        }));
    }
    document.push(Block::Table(Table::default()));
    document.push(Block::Facts(Vec::new()));
    let pdf = write(&document).unwrap();
    assert!(pages(&pdf) >= 1);
}

#[test]
fn a_cell_that_is_higher_than_a_page_is_continued_on_the_next() {
    let long = (0..4000).map(|word| format!("ord{word}")).collect::<Vec<_>>().join(" ");
    let mut document = Document::new("Lång", Language::Sv);
    document.push(Block::Table(Table {
        caption: "Ett fält".to_owned(),
        columns: vec![Column::text("Dag"), Column::text("Anteckning")],
        rows: vec![vec!["2026-11-02".to_owned(), long], vec!["2026-11-03".to_owned(), "x".repeat(10_000)]],
    }));
    let pdf = write(&document).unwrap();
    let found = text(&pdf);
    assert!(pages(&pdf) > 2);
    assert!((0..4000).all(|word| found.contains(&format!("ord{word}"))));
    assert_eq!(found.matches('x').count(), 10_000);
}

#[test]
fn a_table_with_more_columns_than_a_page_has_room_for_stays_on_the_page() {
    let mut document = Document::new("Många", Language::Sv);
    document.push(Block::Table(Table {
        caption: "Månad".to_owned(),
        columns: (1..=40).map(|day| Column::text(format!("Dagnummer{day}"))).collect(),
        rows: vec![(1..=40).map(|day| format!("N{day}")).collect()],
    }));
    assert!(pages(&write(&document).unwrap()) >= 1);
}

#[test]
fn a_document_that_nobody_could_read_is_refused() {
    let mut document = Document::new("x", Language::Sv);
    document.push(Block::Paragraph("x".repeat(paper::MAX_CHARACTERS + 1)));
    assert!(matches!(write(&document), Err(PaperError::TooLong { .. })));
}

#[test]
fn a_plot_is_a_figure_with_its_description_and_moves_whole_to_the_next_page() {
    for form in [PlotForm::Bars, PlotForm::Line] {
        let mut document = Document::new("Månadsrapport", Language::Sv);
        document.landscape = true;
        for _ in 0..2 {
            document.push(Block::Plot(Plot {
                title: "Belopp per enhet".to_owned(),
                description: "En stapel per enhet".to_owned(),
                form,
                points: vec![("ka-1001".to_owned(), 1_200), ("ka-1002".to_owned(), -300)],
                grid: vec![(-300, "–300".to_owned()), (0, "0".to_owned()), (1_200, "1 200".to_owned())],
            }));
        }
        let pdf = write(&document).unwrap();
        let each = pdf_extract::extract_text_from_mem_by_pages(&pdf).unwrap();
        assert_eq!(each.iter().filter(|page| page.contains("ka-1002") && page.contains("1 200")).count(), each.len());
        let all = String::from_utf8_lossy(&pdf);
        assert!(all.contains("/Figure") && all.contains("/Alt"), "a screen reader is told of it");
        assert!(all.contains("841.89 595.28"), "the paper lies on its long side");
    }
}
