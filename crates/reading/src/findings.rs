//! What is odd about a text, told and never mended: numbers used twice, annexes that are missing, references to what is not there,
//! lists that are announced and do not follow, words that are broken.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::asides::pattern;
use crate::data::Both;
use crate::numbering::{self, Style};
use crate::places;
use crate::proposal::{Proposal, Value};
use crate::quantities::Quantity;
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

static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:punkt(?:en|erna|er)?|avsnitt(?:et)?|klausul|clauses?|sections?)\s+((?:\d{1,2}(?:\.\d{1,2})*)(?:(?:,\s*|\s+(?:och|eller|till|and|or|to)\s+)\d{1,2}(?:\.\d{1,2})*)*)",
    )
});
static ANNEX_REFERENCE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(under)?(?:bilaga|annex|appendix|schedule)\s+(\d{1,2}(?::\d{1,2})?|[A-H]\b)"));
static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\[\s*(?:\*+\.?|[åÅ]{2}[mM]{2}[dD]{2}|…|\.{2,}|_+|X+|infoga[^\]]{0,60}|insert[^\]]{0,60}|ange[^\]]{0,60}|datum|namn|name|date)\s*\]|_{5,}|\.{8,}|…{3,}",
    )
});
static EMPTY_LINK: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[[^\]\n]{1,120}\]\(\s*#?\s*\)"));
static OUTDATED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)personuppgiftslagen|\bPuL\b|1998:204|Datainspektionen\w*|95/46/EG|95/46/EC|Privacy Shield|modellklausul\w*",
    )
});
static OPEN_PLACES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:ytterligare länder|andra länder kan|andra länder än|fler länder|further countries|additional countries|such other countries|other countries as|any other country)\b",
    )
});
static BROKEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\bEU/ESS\b|\bunderbitråde\w*|\bpersonuppgifts incident\w*|\b\p{L}+ysteem\b|\bpersonuppgiftbiträde\w*")
});

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

    fn of_numbers(&mut self) {
        let clauses = &self.ground.structure.clauses;
        let mut told = Vec::new();
        for part in 0..self.ground.structure.parts.len() {
            let own: Vec<_> = clauses.iter().filter(|clause| clause.part == part && clause.number.is_some()).collect();
            let dotted: Vec<_> =
                own.iter().filter(|clause| numbering::path(clause.number.as_deref().unwrap_or("")).len() > 1).collect();
            let mut seen: Vec<&str> = Vec::new();
            for clause in &dotted {
                let Some(number) = clause.number.as_deref() else { continue };
                if seen.contains(&number) {
                    told.push((
                        FindingKind::TwiceNumbered,
                        clause.span,
                        format!("Numret {number} används mer än en gång i samma del."),
                        format!("The number {number} is used more than once in one part."),
                    ));
                }
                seen.push(number);
            }
            let tops: Vec<(u32, Span)> = own
                .iter()
                .filter_map(|clause| Some((*numbering::path(clause.number.as_deref()?).first()?, clause.span)))
                .collect();
            for pair in tops.windows(2) {
                if let [(before, _), (after, span)] = pair
                    && *after > before + 1
                    && *after < before + 8
                    && !dotted.is_empty()
                {
                    let (before, after) = (*before, *after);
                    told.push((
                        FindingKind::MissingNumber,
                        *span,
                        format!("Efter avsnitt {before} kommer avsnitt {after}; däremellan saknas nummer."),
                        format!("After section {before} comes section {after}; a number between is missing."),
                    ));
                }
            }
            let implied: Vec<_> =
                clauses.iter().filter(|clause| clause.part == part && clause.implied.is_some()).collect();
            if let Some(first) = implied.first() {
                let count = implied.iter().filter(|clause| clause.level == 1).count();
                told.push((
                    FindingKind::ImpliedNumbers,
                    first.span,
                    format!("{count} rubriker saknar nummer; numren här är de som ordningen ger, och hänvisningarna prövas mot dem."),
                    format!("{count} headings carry no number; the numbers shown are those that their order gives, and references are tried against them."),
                ));
            }
        }
        let mut last: Option<(usize, u32)> = None;
        for (at, placed) in self.ground.structure.units.iter().enumerate() {
            let Some(number) = placed.unit.number.as_ref().filter(|number| number.style == Style::Item) else {
                continue;
            };
            let Some(value) = numbering::item_value(&number.text) else { continue };
            let follows = last.is_some_and(|(before, last)| at - before <= 3 && value == last + 1);
            let before = at.checked_sub(1).and_then(|at| self.ground.structure.units.get(at));
            if value > 2 && !follows && before.is_some_and(|it| it.unit.bullet) {
                let text = number.text.clone();
                told.push((
                    FindingKind::LostNumbers,
                    self.ground.flow.span(&placed.unit.range),
                    format!("Listan börjar med punkter utan nummer och fortsätter med {text}; de första numren har gått förlorade."),
                    format!("The list begins with items without numbers and goes on with {text}; the first numbers are lost."),
                ));
            }
            last = Some((at, value));
        }
        for (kind, span, sv, en) in told {
            self.add(kind, span, sv, en);
        }
        self.of_annexes();
    }

    fn of_annexes(&mut self) {
        let ground = self.ground;
        let annexes: Vec<(String, Span)> = ground
            .structure
            .parts
            .iter()
            .filter_map(|part| part.annex.clone().map(|number| (number, part.span)))
            .collect();
        let mut mentioned: Vec<(String, Span)> = Vec::new();
        for found in ANNEX_REFERENCE.captures_iter(&ground.flow.text) {
            let (Some(whole), Some(number)) = (found.get(0), found.get(2)) else { continue };
            if !self.is_ours(&whole.range()) {
                continue;
            }
            mentioned.push((number.as_str().to_owned(), ground.flow.span(&whole.range())));
        }
        let mut seen = HashSet::new();
        let mut told = Vec::new();
        for (number, span) in &mentioned {
            let there = annexes.iter().any(|(known, _)| known == number) || !seen.insert(number.clone());
            if !there {
                told.push((
                    *span,
                    format!("Texten hänvisar till bilaga {number}, som inte finns i den."),
                    format!("The text refers to annex {number}, which is not in it."),
                ));
            }
        }
        let whole: Vec<u32> = annexes.iter().filter_map(|(number, _)| number.parse().ok()).collect();
        if let (Some(first), Some(last)) = (annexes.first(), whole.iter().max()) {
            for number in 1..*last {
                if !whole.contains(&number) && seen.insert(number.to_string()) {
                    told.push((
                        first.1,
                        format!("Bilagorna är numrerade till {last}, men bilaga {number} finns inte."),
                        format!("The annexes are numbered up to {last}, but there is no annex {number}."),
                    ));
                }
            }
        }
        for (span, sv, en) in told {
            self.add(FindingKind::MissingAnnex, span, sv, en);
        }
    }

    fn of_references(&mut self) {
        let ground = self.ground;
        let clauses = &ground.structure.clauses;
        let mut told: Vec<(Span, String)> = Vec::new();
        for found in REFERENCE.captures_iter(&ground.flow.text) {
            let (Some(whole), Some(numbers)) = (found.get(0), found.get(1)) else { continue };
            if !self.is_ours(&whole.range()) {
                continue;
            }
            // A reference into another document is none of ours: *punkt 7 i Avtalet*.
            let after = ground.flow.lower.get(whole.end()..).unwrap_or("");
            let elsewhere = [
                " i avtalet",
                " i huvudavtalet",
                " i tjänsteavtalet",
                " of the main",
                " of the agreement",
                " i biträdesavtalet",
                " i serviceavtalet",
            ]
            .iter()
            .any(|words| after.starts_with(words) && !words.contains("biträde"));
            if elsewhere {
                told.push((ground.flow.span(&whole.range()), format!("{} ", whole.as_str())));
                continue;
            }
            for number in
                numbers.as_str().split(|c: char| !(c.is_ascii_digit() || c == '.')).filter(|it| !it.is_empty())
            {
                let number = number.trim_end_matches('.');
                let there = clauses.iter().any(|clause| {
                    [clause.number.as_deref(), clause.implied.as_deref()].into_iter().flatten().any(|known| {
                        known == number || known.strip_prefix(number).is_some_and(|rest| rest.starts_with('.'))
                    })
                });
                if !there && !told.iter().any(|(_, known)| known == number) {
                    told.push((ground.flow.span(&whole.range()), number.to_owned()));
                }
            }
        }
        for (span, number) in told {
            let (sv, en) = match number.strip_suffix(' ') {
                Some(words) => (
                    format!("”{words}” pekar in i ett annat dokument, som inte finns här."),
                    format!("`{words}` points into another document, which is not here."),
                ),
                None => (
                    format!("Texten hänvisar till punkt {number}, som inte finns."),
                    format!("The text refers to clause {number}, which is not there."),
                ),
            };
            self.add(FindingKind::DanglingReference, span, sv, en);
        }
    }

    fn of_lists(&mut self, empty: &[usize]) {
        for at in empty {
            let Some(placed) = self.ground.structure.units.get(*at) else { continue };
            self.add(
                FindingKind::EmptyList,
                self.ground.flow.span(&placed.unit.range),
                "Här utlovas en lista över underbiträden, men ingen följer.".to_owned(),
                "A list of subprocessors is announced here, and none follows.".to_owned(),
            );
        }
        let pressed: HashSet<usize> = self
            .ground
            .structure
            .units
            .iter()
            .enumerate()
            .filter(|(_, it)| {
                let text = self.ground.flow.get(&it.unit.range);
                // Many items of a list or many prices inside one paragraph.
                let prices = text.matches(":-").count() + text.matches(" %").count();
                (it.unit.inline || text.len() > 400) && (prices >= 6 || text.contains("(i) (ii) (iii)"))
            })
            .map(|(at, _)| at)
            .collect();
        for at in pressed {
            let Some(placed) = self.ground.structure.units.get(at) else { continue };
            self.add(
                FindingKind::FlattenedTable,
                self.ground.flow.span(&placed.unit.range),
                "En tabell eller lista har tryckts ihop till löpande text; kolumnerna är borta.".to_owned(),
                "A table or list has been pressed into running text; its columns are gone.".to_owned(),
            );
        }
    }

    fn of_words(&mut self) {
        let ground = self.ground;
        let mut told = Vec::new();
        let tables: [(&LazyLock<Regex>, FindingKind, &str, &str); 3] = [
            (
                &BROKEN,
                FindingKind::BrokenWords,
                "ser ut som ett fel i texten; det rättas inte",
                "looks like an error in the text; it is not mended",
            ),
            (&PLACEHOLDER, FindingKind::Placeholder, "är en plats att fylla i", "is a place to be filled in"),
            (
                &OUTDATED,
                FindingKind::OutdatedName,
                "är ett namn eller en rättsakt som inte längre gäller så",
                "is a name or an act that no longer holds as written",
            ),
        ];
        let mut seen = HashSet::new();
        for (re, kind, sv, en) in tables {
            for found in re.find_iter(&ground.flow.text) {
                if self.is_ours(&found.range()) && seen.insert((kind.code(), found.as_str().to_lowercase())) {
                    let words = found.as_str();
                    told.push((
                        kind,
                        ground.flow.span(&found.range()),
                        format!("”{words}” {sv}."),
                        format!("`{words}` {en}."),
                    ));
                }
            }
        }
        for (range, like) in crate::slips::find(&ground.flow.lower) {
            let words = ground.flow.get(&range);
            if self.is_ours(&range) && seen.insert((FindingKind::BrokenWords.code(), words.to_lowercase())) {
                told.push((
                    FindingKind::BrokenWords,
                    ground.flow.span(&range),
                    format!("”{words}” står en gång och liknar ”{like}”; det rättas inte."),
                    format!("`{words}` stands once and looks like `{like}`; it is not mended."),
                ));
            }
        }
        // Links are looked for in the source: their marks are no words.
        for found in EMPTY_LINK.find_iter(ground.source.text()) {
            let words = found.as_str();
            told.push((
                FindingKind::EmptyLink,
                Span::of(found.range()),
                format!("Länken {words} leder ingenstans."),
                format!("The link {words} leads nowhere."),
            ));
        }
        for found in ground.quantities.iter().filter(|it| it.quantity == Quantity::Disagrees) {
            let words = ground.flow.get(&found.range);
            told.push((
                FindingKind::NumbersDisagree,
                ground.flow.span(&found.range),
                format!("”{words}”: ordet och siffran säger olika saker, så inget av dem föreslås."),
                format!("`{words}`: the word and the digits say different things, so neither is proposed."),
            ));
        }
        for (kind, span, sv, en) in told {
            self.add(kind, span, sv, en);
        }
    }

    fn of_parties(&mut self, verdict: Verdict, proposals: &[Proposal]) {
        let parts = &self.ground.structure.parts;
        let start = parts
            .first()
            .map_or(Span { start: 0, end: 0 }, |part| Span { start: part.span.start, end: part.span.start });
        let has = |field: &str| proposals.iter().any(|it| it.field() == field);
        if verdict == Verdict::Register {
            let called =
                parts.iter().find(|part| part.kind == "register").map(|part| part.title.clone()).unwrap_or_default();
            self.add(
                FindingKind::NoAgreement,
                start,
                format!("Texten (”{called}”) är ett register över mottagare; det som artikel 28.3 kräver av ett avtal saknas."),
                format!("The text (`{called}`) is a register of recipients; what Article 28(3) asks of an agreement is missing."),
            );
        }
        if !has("party.processor") {
            self.add(
                FindingKind::UnnamedParty,
                start,
                "Inget bolag nämns som personuppgiftsbiträde.".to_owned(),
                "No company is named as processor.".to_owned(),
            );
        } else if !has("party.number") {
            self.add(
                FindingKind::UnnamedParty,
                start,
                "Biträdets organisationsnummer står inte i texten.".to_owned(),
                "The processor's registration number does not stand in the text.".to_owned(),
            );
        }
        let controller = proposals.iter().find(|it| it.field() == "party.controller");
        if let Some(Value::Words(name)) = controller.map(Proposal::value) {
            let placeholder =
                ["kund", "customer", "client", "person", "uppdragsgivar", "förening", "kommun", "beställar"]
                    .iter()
                    .any(|word| name.to_lowercase().contains(word));
            if placeholder {
                let span = controller.map_or(start, Proposal::span);
                self.add(
                    FindingKind::UnnamedParty,
                    span,
                    format!("Den personuppgiftsansvarige är en platshållare, ”{name}”."),
                    format!("The controller is a placeholder, `{name}`."),
                );
            }
        }
        let agreements: Vec<&crate::structure::Part> =
            parts.iter().filter(|part| part.kind == "data-processing-agreement" && part.range.len() > 2500).collect();
        if let [_, second, ..] = agreements.as_slice() {
            let (span, count) = (second.span, agreements.len());
            self.add(
                FindingKind::SeveralAgreements,
                span,
                format!("Texten håller {count} personuppgiftsbiträdesavtal; läs dem var för sig."),
                format!("The text holds {count} data processing agreements; read them one by one."),
            );
        }
    }

    /// An agreement on personal data leans on one on the service: for prices, secrecy, disputes.
    fn of_what_it_leans_on(&mut self, verdict: Verdict) {
        let structure = self.ground.structure;
        let there = structure.parts.iter().any(|part| ["main-agreement", "terms"].contains(&part.kind.as_str()));
        if verdict != Verdict::Agreement || there {
            return;
        }
        let named = structure.parts.iter().filter(|part| part.kind == "data-processing-agreement").find_map(|part| {
            let hit = self.ground.hits.first(&part.range, crate::words::concept("main-agreement")?)?;
            Some(hit.start..hit.end)
        });
        if let Some(named) = named {
            self.add(
                FindingKind::NoMainAgreement,
                self.ground.flow.span(&named),
                "Avtalet hänvisar till ett huvudavtal som inte finns i texten; det som står där (priser, sekretess, tvist) går inte att läsa.".to_owned(),
                "The agreement refers to a main agreement that is not in the text; what stands there (prices, secrecy, disputes) cannot be read.".to_owned(),
            );
        }
    }

    fn of_places(&mut self, proposals: &[Proposal]) {
        let ground = self.ground;
        let open: Vec<core::ops::Range<usize>> = OPEN_PLACES
            .find_iter(&ground.flow.text)
            .map(|found| found.range())
            .filter(|range| self.is_ours(range))
            .collect();
        for range in open.into_iter().take(20) {
            let words = ground.flow.get(&range);
            let (sv, en) = (
                format!("”{words}” lämnar öppet var uppgifterna finns."),
                format!("`{words}` leaves open where the data is."),
            );
            self.add(FindingKind::OpenPlaces, ground.flow.span(&range), sv, en);
        }
        let outside: Vec<&Proposal> = proposals
            .iter()
            .filter(|it| it.field() == "subprocessing.recipient" && it.is_first())
            .filter(|it| match it.value() {
                Value::Recipient(who) => {
                    who.basis.is_none() && who.countries.iter().any(|country| !places::is_in_area(country))
                }
                _ => false,
            })
            .collect();
        if let Some(first) = outside.first() {
            let (span, count) = (first.span(), outside.len());
            self.add(
                FindingKind::NoTransferTool,
                span,
                format!("{count} mottagare finns utanför EU/EES utan att en överföringsgrund anges för dem."),
                format!("{count} recipients are outside the EU/EEA, and no basis for a transfer is given for them."),
            );
        }
    }

    fn of_values(&mut self, proposals: &[Proposal]) {
        let mut told = Vec::new();
        for first in proposals.iter().filter(|it| it.is_first()) {
            let Value::Quantity(value) = first.value() else { continue };
            let other = proposals.iter().find(|it| {
                !it.is_first()
                    && it.field() == first.field()
                    && it.rule() == first.rule()
                    && matches!(it.value(), Value::Quantity(other) if other != value)
            });
            if let Some(other) = other {
                let (a, b) = (first.lines().0, other.lines().0);
                let field = crate::read::field_label(first.field());
                let (sv, en) = field.map_or((first.field(), first.field()), |label| (&label.sv, &label.en));
                told.push((
                    other.span(),
                    format!("Texten säger två saker om {sv}: rad {a} och rad {b}."),
                    format!("The text says two things about {en}: line {a} and line {b}."),
                ));
            }
        }
        for (span, sv, en) in told {
            self.add(FindingKind::TwoValues, span, sv, en);
        }
    }
}
