//! The report on a text that was read, as a document: the same blocks on the page, on paper and in a file of its own.
//!
//! What it says is `reading::report`; here it is put into words. Everything of the text stands in quotations, in its own language.

use fluent_bundle::FluentValue;
use paper::{Block, Column, Document, Plot, PlotForm, Quotation, Table};
use reading::report::{Article28, Comes, Compared, NotChecked, Point, Report, Said, Stands, Usual};
use reading::{Reading, Verdict, field_label, told};
use terms::Language;

use crate::moment::day_text;
use crate::pages::labels::capital;
use crate::words;

/// Rows of any table; a text may have thousands of findings.
const MAX_ROWS: usize = 200;
/// Fields that are drawn; more are no help.
const MAX_PLOTS: usize = 6;
/// The longest quotation, in characters.
const QUOTATION: usize = 600;

/// The report of a reading.
#[must_use]
pub fn document(reading: &Reading, report: &Report, language: Language) -> Document {
    let words = Words { reading, report, language };
    let file = reading.source().file.as_str();
    let mut document = Document::new(words.with("report-title", &[("file", file.into())]), language);
    words.head(&mut document);
    match &report.article28 {
        Ok(article) => {
            words.short(&mut document, article);
            words.compared(&mut document);
            words.article(&mut document, article);
        }
        Err(why) => words.not_checked(&mut document, *why),
    }
    words.findings(&mut document);
    words.says(&mut document);
    words.missing(&mut document);
    words.how(&mut document);
    document
}

struct Words<'r> {
    reading: &'r Reading,
    report: &'r Report,
    language: Language,
}

impl Words<'_> {
    fn t(&self, key: &str) -> String {
        words::t(self.language, key)
    }

    fn with(&self, key: &str, args: &[(&'static str, FluentValue<'_>)]) -> String {
        words::t_with(self.language, key, args)
    }

    fn heading(&self, document: &mut Document, level: u8, key: &str) {
        document.push(Block::Heading { level, text: self.t(key) });
    }

    fn columns(&self, keys: &[&str]) -> Vec<Column> {
        keys.iter().map(|key| Column::text(self.t(key))).collect()
    }

    fn label(&self, field: &str) -> String {
        field_label(field).map_or(field, |label| label.text(self.language)).to_owned()
    }

    fn head(&self, document: &mut Document) {
        let source = self.reading.source();
        let verdict = told::verdict(self.reading);
        document.push(Block::Paragraph(format!("{}.", capital(verdict.text(self.language)))));
        document.push(Block::Paragraph(self.t("report-unconfirmed")));
        let mut facts = vec![
            (self.t("report-file"), source.file.clone()),
            (self.t("report-lines"), source.line_count().to_string()),
            (self.t("report-language"), self.reading.language.unwrap_or("–").to_owned()),
            (self.t("report-hash"), source.hash().to_owned()),
        ];
        if let Ok(article) = &self.report.article28 {
            facts.push((self.t("report-law-of"), day_text(self.language, article.on)));
            let names = self.report.known.join(", ");
            let known = match self.report.known.len() {
                0 => self.t("report-known-none"),
                1 => self.with("report-known-one", &[("names", names.into())]),
                count => self.with("report-known-many", &[("count", count.into()), ("names", names.into())]),
            };
            facts.push((self.t("report-known"), known));
        }
        document.push(Block::Facts(facts));
    }

    fn short(&self, document: &mut Document, article: &Article28) {
        self.heading(document, 2, "report-short");
        let says = [
            ("says", article.count(Comes::Says).into()),
            ("look", article.count(Comes::ToLookAt).into()),
            ("missing", article.count(Comes::NotFound).into()),
        ];
        let stand = |all: &[Stands]| self.report.compared.iter().filter(|it| all.contains(&it.stands)).count();
        let compared = [
            ("strict", stand(&[Stands::Stricter, Stands::StricterThanAll, Stands::AsStrictest]).into()),
            ("usual", stand(&[Stands::Usual]).into()),
            ("weak", stand(&[Stands::Weaker]).into()),
            ("missing", stand(&[Stands::NotFound]).into()),
        ];
        document.push(Block::Facts(vec![
            (self.t("report-short-says"), self.with("report-short-says-value", &says)),
            (self.t("report-short-compared"), self.with("report-short-compared-value", &compared)),
            (self.t("report-short-findings"), self.reading.findings.len().to_string()),
        ]));
        let groups = article.groups();
        let percent = |says: usize, all: usize| i64::try_from(says * 100 / all.max(1)).unwrap_or(0);
        document.push(Block::Plot(Plot {
            title: self.t("report-plot-groups"),
            description: self.t("report-plot-groups-what"),
            form: PlotForm::Bars,
            points: groups.iter().map(|(letter, says, all)| (letter.to_string(), percent(*says, *all))).collect(),
            grid: [0, 50, 100].map(|value| (value, format!("{value} %"))).to_vec(),
        }));
        let count = |letter: char, comes: Comes| {
            let all = article.points.iter().filter(|point| point.check.id.starts_with(letter));
            all.filter(|point| point.comes == comes).count().to_string()
        };
        let row = |letter: char| {
            let name = format!("{letter} {}", self.t(&format!("report-group-{letter}")));
            vec![name, count(letter, Comes::Says), count(letter, Comes::ToLookAt), count(letter, Comes::NotFound)]
        };
        let figures = ["report-says", "report-look", "report-not-found"].map(|key| Column::figures(self.t(key)));
        document.push(Block::Table(Table {
            caption: self.t("report-groups"),
            columns: [Column::text(self.t("report-group"))].into_iter().chain(figures).collect(),
            rows: groups.iter().map(|(letter, ..)| row(*letter)).collect(),
        }));
    }

    fn compared(&self, document: &mut Document) {
        if self.report.compared.is_empty() || self.report.known.is_empty() {
            return;
        }
        self.heading(document, 2, "report-compared");
        document.push(Block::Paragraph(self.t("report-compared-how")));
        document.push(Block::Table(Table {
            caption: self.t("report-compared-caption"),
            columns: self.columns(&[
                "report-column-what",
                "report-column-here",
                "report-column-usual",
                "report-column-strictest",
                "report-column-stating",
                "report-column-stands",
            ]),
            rows: self.report.compared.iter().map(|it| self.row(it)).collect(),
        }));
        for plot in self.report.compared.iter().filter_map(|it| self.plot(it)).take(MAX_PLOTS) {
            document.push(Block::Plot(plot));
        }
        self.heading(document, 3, "report-quotations");
        for it in &self.report.compared {
            let Some(at) = it.at else { continue };
            document.push(Block::Heading { level: 4, text: self.label(it.field) });
            document.push(self.quotation(at));
        }
    }

    fn row(&self, it: &Compared) -> Vec<String> {
        let of = self.report.known.len();
        let text = |said: &Said| match said {
            Said::Yes => self.t("report-stands-said"),
            said => said.text(self.language),
        };
        let value = |said: &Said| FluentValue::from(said.text(self.language));
        let usual = match &it.usual {
            Usual::Nobody => self.t("report-nobody"),
            Usual::Differs => self.t("report-differs"),
            Usual::One(Said::Yes) | Usual::Commonest(Said::Yes, _) => "–".to_owned(),
            Usual::One(said) => self.with("report-usual-one", &[("value", value(said))]),
            Usual::Median(said) => self.with("report-usual-median", &[("value", value(said))]),
            Usual::Commonest(said, count) => {
                let args = [("value", value(said)), ("count", (*count).into()), ("of", of.into())];
                self.with("report-usual-commonest", &args)
            }
        };
        let here = match &it.here {
            None => self.t("report-not-found"),
            Some(Said::Yes) => self.t("report-here-said"),
            Some(said) => said.text(self.language),
        };
        vec![
            self.label(it.field),
            here,
            usual,
            it.strictest.as_ref().map_or_else(|| "–".to_owned(), text),
            self.with("report-stating", &[("count", it.others.len().into()), ("of", of.into())]),
            self.t(&format!("report-stands-{}", it.stands.code())),
        ]
    }

    /// A field that the text states and whose values have sizes, drawn where at least two of them differ.
    fn plot(&self, it: &Compared) -> Option<Plot> {
        let own = it.here.as_ref().and_then(|said| Some((self.t("report-this-text"), said.size()?, said)))?;
        let others =
            it.others.iter().filter_map(|(at, said)| Some((self.report.known.get(*at)?.clone(), said.size()?, said)));
        let all: Vec<(String, i64, &Said)> = [own].into_iter().chain(others).collect();
        let mut grid: Vec<(i64, String)> =
            all.iter().map(|(_, size, said)| (*size, said.text(self.language))).collect();
        grid.sort();
        grid.dedup_by_key(|(size, _)| *size);
        if grid.len() < 2 {
            return None;
        }
        Some(Plot {
            title: capital(&self.label(it.field)),
            description: self.t("report-plot-field-what"),
            form: PlotForm::Bars,
            points: all.into_iter().map(|(name, size, _)| (name, size)).collect(),
            grid,
        })
    }

    fn article(&self, document: &mut Document, article: &Article28) {
        self.heading(document, 2, "report-article");
        document.push(Block::Paragraph(self.with("report-article-what", &[("count", article.not_asked.into())])));
        let of = |comes: Comes| article.points.iter().filter(move |point| point.comes == comes);
        self.heading(document, 3, "report-article-look");
        if of(Comes::ToLookAt).next().is_none() {
            document.push(Block::Paragraph(self.t("report-article-look-none")));
        }
        for point in of(Comes::ToLookAt) {
            self.point(document, point);
            document.push(Block::Paragraph(point.says.text(self.language).to_owned()));
            if let Some(remedy) = &point.remedy {
                let remedy = FluentValue::from(remedy.text(self.language).to_owned());
                document.push(Block::Paragraph(self.with("report-remedy", &[("remedy", remedy)])));
            }
            document.blocks.extend(self.words_of(point.at, point.clause));
        }
        if !article.against.is_empty() {
            self.heading(document, 3, "report-against");
            for it in &article.against {
                document.push(Block::Paragraph(it.says.text(self.language).to_owned()));
                document.blocks.extend(self.words_of(it.at, it.clause));
            }
        }
        if of(Comes::NotFound).next().is_some() {
            self.heading(document, 3, "report-article-missing");
            let mut missing: Vec<&Point> = of(Comes::NotFound).collect();
            missing.sort_by_key(|point| point.check.severity);
            let rows = missing.iter().map(|point| {
                vec![
                    point.check.id.to_owned(),
                    point.check.title.label().text(self.language).to_owned(),
                    point.check.source_in(self.language),
                    self.t(&format!("report-weight-{}", point.check.severity.code())),
                ]
            });
            document.push(Block::Table(Table {
                caption: self.t("report-article-missing-caption"),
                columns: self.columns(&[
                    "report-column-number",
                    "report-column-what",
                    "report-column-demanded",
                    "report-column-weight",
                ]),
                rows: rows.collect(),
            }));
        }
        if of(Comes::Says).next().is_some() {
            self.heading(document, 3, "report-article-says");
            for point in of(Comes::Says) {
                self.point(document, point);
                document.blocks.extend(self.words_of(point.at, point.clause));
            }
        }
    }

    fn point(&self, document: &mut Document, point: &Point) {
        let title = point.check.title.label();
        let text =
            format!("{} {} ({})", point.check.id, title.text(self.language), point.check.source_in(self.language));
        document.push(Block::Heading { level: 4, text });
    }

    /// The words that something rests on: those of the proposal, or the beginning of the clause.
    fn words_of(&self, at: Option<usize>, clause: Option<usize>) -> Option<Block> {
        if let Some(at) = at {
            return Some(self.quotation(at));
        }
        let clause = self.reading.clauses.get(clause?)?;
        let mut place = self.with("report-place-line", &[("line", clause.lines.0.into())]);
        place.push_str(&self.number(clause.called()));
        Some(self.quoted(&self.reading.source().words(clause.span), place))
    }

    fn quotation(&self, at: usize) -> Block {
        let Some(it) = self.reading.proposals.get(at) else { return self.quoted("", String::new()) };
        let mut place = self.with("report-place-line", &[("line", it.lines().0.into())]);
        if let Some(page) = it.page() {
            place.push_str(&self.with("report-place-page", &[("page", page.into())]));
        }
        let clause = it.clause().and_then(|at| self.reading.clauses.get(at));
        place.push_str(&self.number(clause.and_then(|clause| clause.called())));
        self.quoted(it.quote(), place)
    }

    fn number(&self, number: Option<&str>) -> String {
        let number = number.map(|number| FluentValue::from(number.trim_end_matches('.').to_owned()));
        number.map_or_else(String::new, |number| self.with("report-place-clause", &[("number", number)]))
    }

    fn quoted(&self, words: &str, place: String) -> Block {
        let other = self.reading.language.filter(|language| *language != self.language.tag());
        Block::Quotation(Quotation { words: cut(words), place, language: other.map(str::to_owned) })
    }

    fn not_checked(&self, document: &mut Document, why: NotChecked) {
        if self.reading.verdict == Verdict::Register {
            let count = self.reading.of_field("subprocessing.recipient").filter(|it| it.is_first()).count();
            document.push(Block::Paragraph(self.with("report-register-what", &[("count", count.into())])));
            return;
        }
        let key = match why {
            NotChecked::NoAgreement => "report-no-agreement",
            NotChecked::NoDraft => "report-no-draft",
        };
        document.push(Block::Paragraph(self.t(key)));
    }

    fn findings(&self, document: &mut Document) {
        self.heading(document, 2, "report-findings");
        let findings = &self.reading.findings;
        if findings.is_empty() {
            document.push(Block::Paragraph(self.t("report-findings-none")));
            return;
        }
        let row = |finding: &reading::Finding| vec![finding.lines.0.to_string(), cut(finding.says.text(self.language))];
        document.push(Block::Table(Table {
            caption: self.t("report-findings-caption"),
            columns: vec![Column::figures(self.t("report-column-line")), Column::text(self.t("report-column-finding"))],
            rows: findings.iter().take(MAX_ROWS).map(row).collect(),
        }));
        if findings.len() > MAX_ROWS {
            let more = [("count", (findings.len() - MAX_ROWS).into())];
            document.push(Block::Paragraph(self.with("report-more", &more)));
        }
    }

    /// Everything that the text states, group by group, in its own words with their lines.
    fn says(&self, document: &mut Document) {
        let groups = told::found_by_group(self.reading);
        if groups.is_empty() {
            return;
        }
        self.heading(document, 2, "read-says");
        for (group, fields) in groups {
            let of = |field: &&'static str| {
                let what = self.label(field);
                self.reading.of_field(field).filter(|one| one.is_first()).map(move |one| {
                    let value = told::shown(one.value(), self.language);
                    let words = if value == one.quote() { String::new() } else { cut(one.quote()) };
                    vec![what.clone(), cut(&value), one.lines().0.to_string(), words]
                })
            };
            let mut columns = self.columns(&["report-column-what", "report-column-value"]);
            columns.push(Column::figures(self.t("report-column-line")));
            columns.push(Column::text(self.t("report-column-words")));
            document.push(Block::Table(Table {
                caption: group.text(self.language).to_owned(),
                columns,
                rows: fields.iter().flat_map(of).take(MAX_ROWS).collect(),
            }));
        }
    }

    fn missing(&self, document: &mut Document) {
        if self.report.article28.is_err() {
            return;
        }
        let missing: Vec<String> = self.reading.not_found().into_iter().map(|field| self.label(field)).collect();
        if missing.is_empty() {
            return;
        }
        self.heading(document, 2, "report-missing");
        document.push(Block::Paragraph(format!("{}.", capital(&missing.join(", ")))));
    }

    fn how(&self, document: &mut Document) {
        self.heading(document, 2, "report-how");
        for key in ["report-how-read", "report-how-check", "report-how-kept"] {
            document.push(Block::Paragraph(self.t(key)));
        }
    }
}

fn cut(words: &str) -> String {
    match words.char_indices().nth(QUOTATION) {
        Some((end, _)) => format!("{} …", words.get(..end).unwrap_or(words)),
        None => words.to_owned(),
    }
}
