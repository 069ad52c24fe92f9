//! What is odd about a text, told and never mended: numbers used twice, annexes that are missing, references to what is not there,
//! lists that are announced and do not follow, words that are broken. One matter a file; here what the file itself shows.

mod numbers;
mod parties;
mod references;
mod values;
mod words;

use crate::data::Both;
use crate::proposal::Proposal;
use crate::read::Verdict;
use crate::rules::Ground;
use crate::source::{AsideKind, Span};

/// What kind of oddity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingKind {
    /// Lines that belong to something else.
    OtherDocuments,
    /// Page numbers or running lines within the text.
    Pages,
    /// Sentences that break off and go on elsewhere.
    BrokenSentences,
    /// A table without its columns.
    FlattenedTable,
    /// Annexes that are not there.
    MissingAnnex,
    /// A number used twice in one part.
    TwiceNumbered,
    /// A number that is left out.
    MissingNumber,
    /// Numbers that are implied by place alone.
    ImpliedNumbers,
    /// A list that lost the numbers of its first items.
    LostNumbers,
    /// A reference to a clause that is not there.
    DanglingReference,
    /// A list that is announced and does not follow.
    EmptyList,
    /// A link without an address.
    EmptyLink,
    /// It calls itself an agreement, and is none.
    NoAgreement,
    /// A party without a name or number.
    UnnamedParty,
    /// A place where something was to be filled in.
    Placeholder,
    /// Words that look broken or misspelt.
    BrokenWords,
    /// Words and digits that say different numbers.
    NumbersDisagree,
    /// Two different values for one thing.
    TwoValues,
    /// An act that no longer holds, or a name that has changed.
    OutdatedName,
    /// The encoding was mended.
    Encoding,
    /// Characters that hide or turn text.
    HiddenCharacters,
    /// Several agreements in one file.
    SeveralAgreements,
    /// The agreement on the service, on which this one leans, is not in the file.
    NoMainAgreement,
    /// Places that are left open.
    OpenPlaces,
    /// Recipients outside the EU and the EEA, and no basis for any transfer.
    NoTransferTool,
}

impl FindingKind {
    /// A short name for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::OtherDocuments => "other-documents",
            Self::Pages => "pages",
            Self::BrokenSentences => "broken-sentences",
            Self::FlattenedTable => "flattened-table",
            Self::MissingAnnex => "missing-annex",
            Self::TwiceNumbered => "twice-numbered",
            Self::MissingNumber => "missing-number",
            Self::ImpliedNumbers => "implied-numbers",
            Self::LostNumbers => "lost-numbers",
            Self::DanglingReference => "dangling-reference",
            Self::EmptyList => "empty-list",
            Self::EmptyLink => "empty-link",
            Self::NoAgreement => "no-agreement",
            Self::UnnamedParty => "unnamed-party",
            Self::Placeholder => "placeholder",
            Self::BrokenWords => "broken-words",
            Self::NumbersDisagree => "numbers-disagree",
            Self::TwoValues => "two-values",
            Self::OutdatedName => "outdated-name",
            Self::Encoding => "encoding",
            Self::HiddenCharacters => "hidden-characters",
            Self::SeveralAgreements => "several-agreements",
            Self::NoMainAgreement => "no-main-agreement",
            Self::OpenPlaces => "open-places",
            Self::NoTransferTool => "no-transfer-tool",
        }
    }
}

/// One oddity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Of which kind.
    pub kind: FindingKind,
    /// What it is.
    pub says: Both,
    /// Where.
    pub span: Span,
    /// Its lines, first and last.
    pub lines: (usize, usize),
}

pub(crate) fn find(
    ground: &Ground<'_>,
    verdict: Verdict,
    proposals: &[Proposal],
    empty_lists: &[usize],
) -> Vec<Finding> {
    let mut found = Found { ground, findings: Vec::new() };
    found.of_the_file();
    if matches!(verdict, Verdict::Agreement | Verdict::OtherAgreement | Verdict::Register) {
        found.of_numbers();
        found.of_references();
        found.of_lists(empty_lists);
        found.of_words();
        found.of_parties(verdict, proposals);
        found.of_values(proposals);
        found.of_what_it_leans_on(verdict);
        found.of_places(proposals);
    }
    found.findings.sort_by_key(|finding| finding.span);
    found.findings
}

struct Found<'a> {
    ground: &'a Ground<'a>,
    findings: Vec<Finding>,
}

impl Found<'_> {
    fn add(&mut self, kind: FindingKind, span: Span, sv: String, en: String) {
        let lines = self.ground.source.lines_of(span);
        self.findings.push(Finding { kind, says: Both { sv, en }, span, lines });
    }

    /// Whether a stretch of the flow lies in a part and not in what belongs to something else.
    fn is_ours(&self, range: &core::ops::Range<usize>) -> bool {
        self.ground.structure.parts.iter().any(|part| part.range.start <= range.start && range.end <= part.range.end)
    }

    fn of_the_file(&mut self) {
        let source = self.ground.source;
        let whole = Span { start: 0, end: 0 };
        for skipped in &self.ground.structure.skipped {
            let ((first, last), titles) = (skipped.lines, skipped.titles);
            self.add(
                FindingKind::OtherDocuments,
                skipped.span,
                format!("Raderna {first}–{last} är korta rader med {titles} titlar på dokument och hör till något annat; de är överhoppade."),
                format!("Lines {first}–{last} are short lines with {titles} titles of documents and belong to something else; they are skipped."),
            );
        }
        let pages = source.asides().iter().filter(|aside| aside.kind == AsideKind::PageNumber).collect::<Vec<_>>();
        if let Some(first) = pages.first() {
            let count = pages.len();
            self.add(
                FindingKind::Pages,
                first.span,
                format!("{count} sidnummer står i texten och är lagda åt sidan."),
                format!("{count} page numbers stand in the text and are set aside."),
            );
        }
        let running = source.asides().iter().filter(|aside| aside.kind == AsideKind::RunningLine).collect::<Vec<_>>();
        if let Some(first) = running.first() {
            let count = running.len();
            self.add(
                FindingKind::Pages,
                first.span,
                format!("{count} återkommande sidhuvuden eller sidfötter är lagda åt sidan."),
                format!("{count} running headers or footers are set aside."),
            );
        }
        let decoded = &source.decoded;
        if decoded.other_lines + decoded.twice + decoded.lost > 0 {
            let count = decoded.other_lines + decoded.twice;
            let lost = decoded.lost;
            self.add(
                FindingKind::Encoding,
                whole,
                format!("{count} rader hade en annan teckenkodning än resten; {lost} tecken gick inte att läsa."),
                format!("{count} lines were in another encoding than the rest; {lost} characters could not be read."),
            );
        }
        if decoded.hidden > 0 {
            let count = decoded.hidden;
            self.add(
                FindingKind::HiddenCharacters,
                whole,
                format!("{count} osynliga tecken som kan dölja eller vända text är borttagna."),
                format!("{count} invisible characters that can hide or turn text are taken out."),
            );
        }
        let breaks: Vec<Span> = self
            .ground
            .flow
            .paras
            .iter()
            .filter(|para| !para.row)
            .map(|para| self.ground.flow.span(&para.range))
            .filter(|span| source.raw(*span).contains("\n\n"))
            .collect();
        if let Some(first) = breaks.first() {
            let count = breaks.len();
            let lines: Vec<String> = breaks.iter().take(8).map(|span| source.line_of(span.start).to_string()).collect();
            let lines = lines.join(", ");
            self.add(
                FindingKind::BrokenSentences,
                *first,
                format!("{count} meningar är brutna av tomma rader eller sidbyten (de börjar på rad {lines})."),
                format!("{count} sentences are broken by empty lines or page breaks (they begin on line {lines})."),
            );
        }
    }
}
