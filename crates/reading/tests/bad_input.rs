//! Files that are no agreements, or are made to harm: a clear answer, never a panic, never a confident wrong answer.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::io::{Cursor, Write as _};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use reading::{MAX_TEXT_BYTES, Reading, Source, Unreadable, Verdict, told};
use terms::Language;
use zip::write::SimpleFileOptions;

fn unreadable(file: &str, bytes: &[u8]) -> &'static str {
    match Source::read(file, bytes) {
        Err(error) => error.code(),
        Ok(_) => "read",
    }
}

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn verdict(text: &str) -> Verdict {
    Reading::of(Source::read("a.txt", text.as_bytes()).unwrap()).verdict
}

#[test]
fn what_is_no_text_is_told_by_its_kind() {
    assert_eq!(unreadable("a.txt", b""), "empty");
    assert_eq!(unreadable("a.txt", b" \n \n"), "empty");
    assert_eq!(unreadable("a.png", b"\x89PNG\r\n\x1a\n...."), "picture");
    assert_eq!(unreadable("a.doc", b"\xd0\xcf\x11\xe0...."), "other-format");
    assert_eq!(unreadable("a.rtf", b"{\\rtf1 text}"), "other-format");
    assert_eq!(unreadable("a.pdf", b"%PDF-1.7 and nothing more"), "damaged");
    assert_eq!(unreadable("a.docx", b"PK\x03\x04 and nothing more"), "damaged");
    assert_eq!(unreadable("a.xlsx", &archive(&[("xl/workbook.xml", b"<x/>")])), "other-format");
    assert_eq!(unreadable("a.txt", &vec![b'a'; MAX_TEXT_BYTES * 2 + 1]), "too-large");
}

#[test]
fn fifty_megabytes_are_answered_at_once() {
    let begun = Instant::now();
    assert_eq!(unreadable("a.txt", &vec![b'a'; 50 * 1024 * 1024]), "too-large");
    assert!(begun.elapsed() < Duration::from_secs(1));
}

#[test]
fn what_cannot_be_read_is_told_in_both_languages_with_what_to_do() {
    let says = |file: &str, bytes: &[u8]| {
        let why = Source::read(file, bytes).err().unwrap();
        let says = told::unreadable(&why);
        (says.sv, says.en)
    };
    let (sv, en) = says("a.xlsx", &archive(&[("xl/workbook.xml", b"<x/>")]));
    assert!(sv.contains("Spara som text, DOCX eller PDF") && en.contains("spreadsheet"), "{sv} {en}");
    let (sv, en) = says("a.txt", &vec![b'a'; 50 * 1024 * 1024]);
    assert!(sv.contains("Dela upp den") && en.contains("more than"), "{sv} {en}");
    let (sv, en) = says("a.png", b"\x89PNG\r\n\x1a\n....");
    assert!(sv.contains("bild") && en.contains("picture"), "{sv} {en}");
    let bomb = archive(&[("word/document.xml", &vec![b' '; 80 * 1024 * 1024])]);
    let (sv, _) = says("a.docx", &bomb);
    assert!(sv.contains("skadad eller gjord för att skada"), "{sv}");
}

#[test]
fn a_language_that_the_rules_do_not_know_is_named_and_nothing_is_read() {
    let text = include_str!("texts/auftragsverarbeitung.txt");
    let reading = Reading::of(Source::read("a.txt", text.as_bytes()).unwrap());
    assert_eq!(reading.verdict, Verdict::OtherLanguage("de"));
    assert!(reading.proposals.is_empty());
    assert!(told::verdict(&reading).sv.contains("(de); inget är läst ur den"));
    let report = reading::report::Report::of(&reading, &[], jiff::civil::date(2026, 11, 21));
    assert!(report.article28.is_err() && report.compared.is_empty());
}

#[test]
fn a_pdf_of_pictures_is_said_to_be_one() {
    let pdf =
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
        3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 10]>>endobj\ntrailer<</Root 1 0 R/Size 4>>\n";
    let error = Source::read("a.pdf", pdf).err();
    // Without a table of its parts some readers give up before they see the page; either answer is clear.
    assert!(matches!(error, Some(Unreadable::OnlyPictures { pages: 1 } | Unreadable::Damaged { .. })), "{error:?}");
}

#[test]
fn a_docx_that_unpacks_to_a_gigabyte_is_refused() {
    let bomb = archive(&[("word/document.xml", &vec![b' '; 80 * 1024 * 1024])]);
    assert!(bomb.len() < 200_000);
    assert_eq!(unreadable("a.docx", &bomb), "damaged");
}

#[test]
fn a_docx_keeps_paragraphs_tables_lists_and_leaves_out_what_was_deleted() {
    let xml = r#"<w:document xmlns:w="w"><w:body>
        <w:p><w:r><w:t>Data Processing Agreement</w:t></w:r></w:p>
        <w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>Purpose</w:t></w:r></w:p>
        <w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t xml:space="preserve">The processor </w:t></w:r><w:del><w:r><w:delText>old</w:delText><w:t>old</w:t></w:r></w:del><w:r><w:t>acts &amp; helps.</w:t></w:r></w:p>
        <w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr></w:pPr><w:r><w:t>a point</w:t></w:r></w:p>
        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>Name</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Country</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
        </w:body></w:document>"#;
    let numbering = r#"<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>
        <w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num></w:numbering>"#;
    let docx = archive(&[("word/document.xml", xml.as_bytes()), ("word/numbering.xml", numbering.as_bytes())]);
    let source = Source::read("a.docx", &docx).unwrap();
    let lines: Vec<&str> = source.text().lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(
        lines,
        ["Data Processing Agreement", "1. Purpose", "1.1. The processor acts & helps.", "- a point", "Name \tCountry"]
    );
}

#[test]
fn a_spreadsheet_and_a_list_of_words_are_no_agreements() {
    let rows: String =
        (0..60).map(|at| format!("2024-01-{:02}\t{at}\tvara {at}\t{} kr\n", at % 28 + 1, at * 3)).collect();
    assert_eq!(verdict(&rows), Verdict::Table);
    assert_eq!(verdict("personuppgiftsbiträde incident radera underbiträde"), Verdict::None);
}

#[test]
fn marks_that_turn_text_do_not_turn_a_number() {
    let text = "Personuppgiftsbiträdesavtal\n\nBiträdet ska underrätta den personuppgiftsansvarige om en incident inom \u{202e}27\u{202c} timmar.\n";
    let reading = Reading::of(Source::read("a.txt", text.as_bytes()).unwrap());
    let values: Vec<String> =
        reading.of_field("incident.notice").map(|it| told::value(it.value(), Language::En)).collect();
    assert!(
        values.iter().all(|value| value == "27 hours"),
        "as it is stored, and not as it is shown turned: {values:?}"
    );
    assert!(reading.findings.iter().any(|finding| finding.kind.code() == "hidden-characters"));
}

#[test]
fn a_long_text_takes_time_in_proportion() {
    let clause = "4.1 Biträdet ska utan onödigt dröjsmål underrätta Kunden om en personuppgiftsincident. Uppgifterna raderas inom 30 dagar. Personuppgiftsbiträdet följer dokumenterade instruktioner från personuppgiftsansvarig, har sekretess och bistår vid revision; underbiträden anlitas.\n\n";
    let text = format!("Personuppgiftsbiträdesavtal\n\n{}", clause.repeat(2_000));
    let begun = Instant::now();
    let reading = Reading::of(Source::read("a.txt", text.as_bytes()).unwrap());
    assert!(reading.of_field("incident.notice").next().is_some());
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn a_text_of_lines_that_each_could_begin_a_table_takes_time_in_proportion() {
    for (head, line) in [
        ("", "Underbiträde 17 AB\nSverige\n"),
        ("", "Namn\nUppgift\nLand\n"),
        ("Namn\nUppgift\nLand\n", "Underbiträde 17 AB\nSverige\n"),
        ("Underbiträden\n\n", "Namn\nUppgift\nLand\n"),
    ] {
        let text = format!("Personuppgiftsbiträdesavtal\n\n{head}{}", line.repeat(8_000));
        let begun = Instant::now();
        let reading = Reading::of(Source::read("a.txt", text.as_bytes()).unwrap());
        assert!(begun.elapsed() < Duration::from_secs(20), "{line:?}: {:?}", begun.elapsed());
        // Who points to a line does not wait for the text to be read anew.
        let begun = Instant::now();
        for at in 0..200 {
            let lines = (at + 3, at + 4);
            assert!(reading.quotation(lines).is_ok() && reading.values_on("incident.notice", lines).is_ok());
        }
        assert!(begun.elapsed() < Duration::from_secs(2), "{line:?}: {:?}", begun.elapsed());
    }
}

/// What must hold for any bytes whatever.
fn holds(bytes: &[u8]) {
    for name in ["a.txt", "a.md", "a.html"] {
        let Ok(source) = Source::read(name, bytes) else { continue };
        let reading = Reading::of(source);
        let text = reading.source().text();
        for it in &reading.proposals {
            assert!(text.is_char_boundary(it.span().start) && text.is_char_boundary(it.span().end));
            assert!(it.span().contains(it.written()) && !it.quote().is_empty());
        }
        for clause in &reading.clauses {
            assert!(clause.span.end <= text.len() && text.is_char_boundary(clause.span.start));
        }
        let _ = told::people(&reading, Language::Sv);
        let _ = told::json(&reading);
        if let Ok(draft) = reading::draft(&reading, "x", &reading::Choices::new()) {
            let read = agreement::Agreement::read("draft.md", &draft);
            assert!(
                read.is_ok(),
                "{:?}",
                read.err().map(|faults| faults.iter().map(|fault| fault.message.clone()).collect::<Vec<_>>())
            );
        }
    }
}

/// Pieces of contracts, put together in any order.
const PIECES: [&str; 26] = [
    "Personuppgiftsbiträdesavtal\n\n",
    "4.1 ",
    "1. ",
    "\n",
    "\n\n",
    "\t",
    "• ",
    "Bilaga 1 till ",
    "Underbiträden:\n",
    "Firma AB, Sverige, drift\n",
    "Namn\tLand\tTjänst\n",
    "inom trettio (30) dagar ",
    "Kunden är personuppgiftsansvarig. ",
    "incident underrätta utan onödigt dröjsmål. ",
    "1200 kr per timme ",
    "**",
    "{#x}",
    "```toml\n",
    "<b>",
    "[här](#)",
    "iv. ",
    "§ 3 ",
    "12\n",
    "\u{c}",
    "personuppgiftsbiträde radera återlämna upphör. ",
    "å\u{308}\u{202e}–”",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        holds(&bytes);
    }

    #[test]
    fn any_pieces_of_contracts_are_answered(at in proptest::collection::vec(0..PIECES.len(), 0..80)) {
        let text: String = at.iter().map(|at| PIECES[*at]).collect();
        holds(text.as_bytes());
    }

    #[test]
    fn a_text_that_was_cut_repeated_and_overwritten_is_answered(
        which in 0usize..4,
        cuts in proptest::collection::vec((any::<u16>(), 0usize..300, 0u8..5), 1..6),
    ) {
        let texts = [
            include_str!("texts/svenska-punkter.txt"),
            include_str!("texts/wrapped-english.txt"),
            include_str!("texts/kommunformular.txt"),
            include_str!("texts/register.md"),
        ];
        let mut bytes = texts[which].as_bytes().to_vec();
        for (at, length, what) in cuts {
            let at = usize::from(at) % (bytes.len() + 1);
            let end = (at + length).min(bytes.len());
            let part = bytes[at..end].to_vec();
            match what {
                0 => drop(bytes.drain(at..end)),
                1 => drop(bytes.splice(at..at, part)),
                2 => bytes[at..end].iter_mut().for_each(|byte| *byte = if *byte == b'\n' { b' ' } else { *byte }),
                3 => bytes[at..end].iter_mut().for_each(|byte| *byte = if *byte == b' ' { b'\n' } else { *byte }),
                _ => drop(bytes.splice(at..at, part.repeat(3))),
            }
        }
        holds(&bytes);
    }

    #[test]
    fn a_damaged_archive_is_answered(at in 0usize..400, byte in any::<u8>()) {
        let mut docx = archive(&[("word/document.xml", b"<w:p><w:t>Avtal mellan parterna</w:t></w:p>")]);
        if let Some(place) = docx.get_mut(at) {
            *place = byte;
        }
        let _ = Source::read("a.docx", &docx).map(Reading::of);
    }
}
