//! What a view makes: tables of typed cells, plots, warnings, and the writings that it proposes. Texts stand in both languages,
//! amounts are whole öre, and no cell can hold a name.

use jiff::civil::Date;
use terms::{Label, RecordId};

/// A computed page, without its looks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// What it shows, of which period and by which rules.
    pub caption: Label,
    /// What the reader should know before the figures.
    pub warnings: Vec<Warning>,
    /// The tables.
    pub tables: Vec<Table>,
    /// The plots. Each is drawn from a table of this sheet, so that it has its figures beside it.
    pub plots: Vec<Plot>,
    /// What the sheet proposes to write.
    pub acts: Vec<Proposal>,
    /// The rules that it was computed by, each with its source.
    pub notes: Vec<Label>,
}

/// Something that the reader should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What.
    pub text: Label,
    /// The records that it rests on.
    pub from: Sources,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name, stable, for addresses: letters, digits and `-`.
    pub name: &'static str,
    /// What it shows.
    pub caption: Label,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its lines. The first cell names the line.
    pub rows: Vec<Line>,
    /// The last line, where there are sums.
    pub total: Option<Line>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name, stable, for addresses and programs.
    pub name: &'static str,
    /// What people call it.
    pub label: Label,
}

impl Column {
    /// A column with its name and its labels.
    #[must_use]
    pub fn new(name: &'static str, sv: &str, en: &str) -> Self {
        Self { name, label: both(sv, en) }
    }
}

/// A line of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its name among the lines, stable between two computations of the same thing.
    pub key: String,
    /// How pressing it is.
    pub tone: Tone,
    /// Its cells, one a column.
    pub cells: Vec<Cell>,
}

/// How pressing a line is. It is said in words in one of the cells too; the tone only repeats it for the eye.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// As usual.
    #[default]
    Plain,
    /// Soon to be done.
    Soon,
    /// Late, or wrong.
    Late,
}

/// One figure, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The figure.
    pub figure: Figure,
    /// The records that it was computed from; none for what is no result.
    pub from: Sources,
}

impl Cell {
    /// With the records that it was computed from.
    #[must_use]
    pub fn out_of(self, from: Sources) -> Self {
        Self { from, ..self }
    }
}

impl<F: Into<Figure>> From<F> for Cell {
    fn from(figure: F) -> Self {
        Self { figure: figure.into(), from: Sources::default() }
    }
}

/// What can stand in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    /// Nothing: not known, or it does not apply.
    Nothing,
    /// Words.
    Text(Label),
    /// A word that is the same in both languages: a code, a level.
    Code(String),
    /// A value of one of the customer's lists, shown by its label.
    Listed {
        /// The list.
        list: &'static str,
        /// The value.
        value: String,
    },
    /// A number: `units` divided by ten to the power of `decimals`.
    Number {
        /// In the smallest unit shown.
        units: i64,
        /// Digits after the point.
        decimals: u8,
    },
    /// An amount in Swedish kronor, in öre.
    Money(i64),
    /// A day.
    Date(Date),
    /// A month, by its first day.
    Month(Date),
    /// A part of a whole, shown as per cent and as both numbers.
    Share {
        /// The part.
        part: i64,
        /// The whole; with nothing in it there is no share.
        of: i64,
    },
    /// A record, shown by its name where the reader may know that, and linked.
    Record {
        /// Its kind.
        kind: &'static str,
        /// Which.
        record: RecordId,
    },
}

impl From<Label> for Figure {
    fn from(text: Label) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Figure {
    fn from(units: i64) -> Self {
        Self::Number { units, decimals: 0 }
    }
}

impl From<Date> for Figure {
    fn from(day: Date) -> Self {
        Self::Date(day)
    }
}

/// The records that a figure was computed from, by kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sources(Vec<(&'static str, Vec<RecordId>)>);

impl Sources {
    /// Of one kind.
    #[must_use]
    pub fn of(kind: &'static str, records: impl IntoIterator<Item = RecordId>) -> Self {
        let mut sources = Self::default();
        sources.extend(kind, records);
        sources
    }

    /// Adds records of a kind.
    pub fn extend(&mut self, kind: &'static str, records: impl IntoIterator<Item = RecordId>) {
        let place = match self.0.iter().position(|(one, _)| *one == kind) {
            Some(place) => place,
            None => {
                self.0.push((kind, Vec::new()));
                self.0.len() - 1
            }
        };
        if let Some((_, all)) = self.0.get_mut(place) {
            all.extend(records);
        }
    }

    /// With the records of another figure.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        for (kind, records) in &other.0 {
            self.extend(kind, records.iter().copied());
        }
        self
    }

    /// Kind by kind, each record once, in order.
    #[must_use]
    pub fn by_kind(&self) -> Vec<(&'static str, Vec<RecordId>)> {
        let sorted = |records: &Vec<RecordId>| {
            let mut records = records.clone();
            records.sort_unstable();
            records.dedup();
            records
        };
        self.0.iter().map(|(kind, records)| (*kind, sorted(records))).filter(|(_, all)| !all.is_empty()).collect()
    }

    /// How many records, each once.
    #[must_use]
    pub fn count(&self) -> usize {
        match self.0.as_slice() {
            // The common case, and there are thousands of them on a page.
            [(_, records)] if records.len() < 2 => records.len(),
            _ => self.by_kind().iter().map(|(_, records)| records.len()).sum(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|(_, records)| records.is_empty())
    }
}

/// A plot of columns of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plot {
    /// What it shows.
    pub title: Label,
    /// What it says, in a sentence, for those who do not see it.
    pub description: Label,
    /// The table that its figures stand in.
    pub table: &'static str,
    /// Bars or a line.
    pub form: PlotForm,
    /// The points, each with what stands under it.
    pub points: Vec<(Label, i64)>,
    /// What the figures are.
    pub unit: PlotUnit,
}

/// How a plot is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlotForm {
    /// A bar a point.
    Bars,
    /// A line through the points.
    Line,
}

/// What the figures of a plot are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlotUnit {
    /// Whole numbers.
    Count,
    /// Öre.
    Money,
}

/// Something that a sheet proposes to write. It is shown first and done after; who does it sends back what was seen, and nothing
/// is written where the figures have changed in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its name, for addresses.
    pub name: &'static str,
    /// What its button says.
    pub label: Label,
    /// What will be written, in a sentence.
    pub what: Label,
    /// The writings.
    pub writes: Vec<Write>,
}

/// One writing of a proposal. Each goes through the door by itself, with a key of its own, so that doing it again after an
/// interruption writes nothing twice.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Write {
    /// Of which kind.
    pub kind: &'static str,
    /// Where.
    pub at: At,
    /// The values.
    pub values: Vec<(&'static str, String)>,
    /// The state afterwards.
    pub state: Option<&'static str>,
    /// What this writing is, so that it is made once.
    pub once: String,
}

/// Where something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum At {
    /// A new record under this one.
    Under(RecordId),
    /// This record, in the version that was seen.
    Record(RecordId, u64),
}

/// A text in both languages.
#[must_use]
pub fn both(sv: impl Into<String>, en: impl Into<String>) -> Label {
    Label { sv: sv.into(), en: en.into() }
}
