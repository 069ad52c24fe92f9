//! Where everything stands: blocks become lines at places on pages, and a tree that says what each line is of.
//!
//! Lengths are points, from the upper left corner of an A4 page, upright or on its long side. Nothing is drawn here.

use crate::text::{Fonts, Weight};
use crate::{Block, Column, Document, Plot, Quotation, Table, plot};

const SHORT_SIDE: f32 = 595.28;
const LONG_SIDE: f32 = 841.89;
const MARGIN: f32 = 54.0;
pub(crate) const LEFT: f32 = MARGIN;
const TOP: f32 = MARGIN;
const BODY: f32 = 10.0;
const CELL: f32 = 8.5;
/// From one base line to the next, in sizes.
const LEADING: f32 = 1.4;
/// Between the sides of a cell and its text.
const PADDING: f32 = 4.0;
/// How far to the right quotations stand.
const SET_OFF: f32 = 16.0;
/// How much of a row of facts the name may take.
const NAME_SHARE: f32 = 0.36;

/// The size of every page of a document.
#[derive(Clone, Copy)]
pub(crate) struct Paper {
    pub(crate) width: f32,
    pub(crate) height: f32,
}

impl Paper {
    const fn of(document: &Document) -> Self {
        if document.landscape {
            Self { width: LONG_SIDE, height: SHORT_SIDE }
        } else {
            Self { width: SHORT_SIDE, height: LONG_SIDE }
        }
    }

    /// Where the text ends at the right.
    pub(crate) const fn right(self) -> f32 {
        self.width - MARGIN
    }

    /// From side to side of the text.
    pub(crate) const fn inner(self) -> f32 {
        self.right() - LEFT
    }

    /// Where the text ends; the foot stands below.
    const fn bottom(self) -> f32 {
        self.height - MARGIN - 12.0
    }
}

/// What a node of the tree is.
pub(crate) enum Is {
    Heading {
        level: u8,
        text: String,
    },
    Paragraph,
    /// Words of another text, and their language where it is not the document's.
    Quotation {
        language: Option<String>,
    },
    Table,
    Caption,
    Head,
    Body,
    Row,
    ColumnHead,
    RowHead,
    Cell,
    /// A plot, with what is said of it.
    Figure {
        said: String,
    },
}

/// A node: what it is, and what is in it.
pub(crate) struct Node {
    pub(crate) is: Is,
    pub(crate) children: Vec<Child>,
}

pub(crate) enum Child {
    Node(Node),
    /// A line, by its number in order of drawing.
    Line(usize),
}

/// What is drawn on a page.
pub(crate) enum Drawn {
    Line {
        x: f32,
        base: f32,
        text: String,
        weight: Weight,
        size: f32,
        /// Its number in the tree; none for what only decorates or repeats.
        number: Option<usize>,
    },
    /// A rule from side to side.
    Rule { y: f32, thick: bool },
    /// A plot: its shapes and texts are one thing in the tree.
    Plot {
        shapes: Vec<plot::Shape>,
        /// Its number in the tree.
        number: usize,
    },
}

/// Everything in its place.
pub(crate) struct Laid {
    pub(crate) paper: Paper,
    pub(crate) pages: Vec<Vec<Drawn>>,
    pub(crate) tree: Vec<Node>,
    /// How many lines have a number.
    pub(crate) lines: usize,
    /// Text, level, page and height of each heading.
    pub(crate) headings: Vec<(String, u8, usize, f32)>,
}

pub(crate) fn lay_out(document: &Document, fonts: &Fonts) -> Laid {
    let mut sheet = Sheet {
        fonts,
        laid: Laid {
            paper: Paper::of(document),
            pages: vec![Vec::new()],
            tree: Vec::new(),
            lines: 0,
            headings: Vec::new(),
        },
        y: TOP,
    };
    sheet.heading(1, &document.title);
    for block in &document.blocks {
        match block {
            Block::Heading { level, text } => sheet.heading((*level).clamp(2, 6), text),
            Block::Paragraph(text) => sheet.paragraph(text),
            Block::Quotation(quotation) => sheet.quotation(quotation),
            Block::Facts(facts) => sheet.facts(facts),
            Block::Table(table) => sheet.table(table),
            Block::Plot(plot) => sheet.plot(plot),
        }
    }
    sheet.laid
}

/// A heading's text. An empty one would be a place in the outline that says nothing, and PDF/UA wants none.
pub(crate) fn named(text: &str) -> &str {
    if text.trim().is_empty() { "–" } else { text }
}

struct Sheet<'f> {
    fonts: &'f Fonts,
    laid: Laid,
    y: f32,
}

/// Where a column stands: its left side, its width, and whether it holds figures.
type Place = (f32, f32, bool);

/// The head that a table takes along to the next page.
#[derive(Clone, Copy)]
struct Repeated<'t> {
    head: &'t Cells,
    columns: &'t [Place],
}

/// A row with its cells broken into lines.
struct Cells {
    lines: Vec<Vec<String>>,
}

impl Cells {
    fn height(&self) -> usize {
        self.lines.iter().map(Vec::len).max().unwrap_or(1)
    }
}

impl Sheet<'_> {
    fn heading(&mut self, level: u8, text: &str) {
        let (size, before) = match level {
            1 => (18.0, 0.0),
            2 => (13.0, 14.0),
            3 => (11.0, 10.0),
            _ => (BODY, 8.0),
        };
        let text = named(text);
        let lines = self.fonts.lines(text, Weight::Bold, size, self.laid.paper.inner());
        if self.y > TOP {
            self.y += before;
        }
        // A heading stays with what follows it.
        self.room(size * LEADING + 4.0 * BODY * LEADING);
        self.laid.headings.push((text.to_owned(), level, self.laid.pages.len() - 1, self.y));
        let children = self.lines(lines, Weight::Bold, size, LEFT);
        self.laid.tree.push(Node { is: Is::Heading { level, text: text.to_owned() }, children });
        self.y += 4.0;
    }

    fn paragraph(&mut self, text: &str) {
        let lines = self.fonts.lines(text, Weight::Regular, BODY, self.laid.paper.inner());
        let children = self.lines(lines, Weight::Regular, BODY, LEFT);
        self.laid.tree.push(Node { is: Is::Paragraph, children });
        self.y += 6.0;
    }

    /// Words set off to the right, and where they stand below them.
    fn quotation(&mut self, quotation: &Quotation) {
        let width = self.laid.paper.inner() - SET_OFF;
        let words = self.fonts.lines(&quotation.words, Weight::Regular, BODY, width);
        let words = self.lines(words, Weight::Regular, BODY, LEFT + SET_OFF);
        let is = Is::Quotation { language: quotation.language.clone() };
        let words = Node { is: Is::Paragraph, children: words };
        self.laid.tree.push(Node { is, children: vec![Child::Node(words)] });
        if !quotation.place.trim().is_empty() {
            let place = self.fonts.lines(&quotation.place, Weight::Regular, CELL, width);
            let place = self.lines(place, Weight::Regular, CELL, LEFT + SET_OFF);
            self.laid.tree.push(Node { is: Is::Paragraph, children: place });
        }
        self.y += 6.0;
    }

    /// Lines below one another, over pages where need be.
    fn lines(&mut self, lines: Vec<String>, weight: Weight, size: f32, x: f32) -> Vec<Child> {
        let mut children = Vec::new();
        for text in lines {
            self.room(size * LEADING);
            children.extend(self.line(x, text, weight, size));
            self.y += size * LEADING;
        }
        children
    }

    /// A line at the height of now.
    fn line(&mut self, x: f32, text: String, weight: Weight, size: f32) -> Option<Child> {
        if text.trim().is_empty() {
            return None;
        }
        let number = self.laid.lines;
        self.laid.lines += 1;
        let base = self.y + size;
        self.draw(Drawn::Line { x, base, text, weight, size, number: Some(number) });
        Some(Child::Line(number))
    }

    fn draw(&mut self, drawn: Drawn) {
        if let Some(page) = self.laid.pages.last_mut() {
            page.push(drawn);
        }
    }

    fn has_room(&self, height: f32) -> bool {
        self.y + height <= self.laid.paper.bottom()
    }

    /// Makes room for so much, on a new page where need be.
    fn room(&mut self, height: f32) {
        if !self.has_room(height) && self.y > TOP {
            self.new_page();
        }
    }

    fn new_page(&mut self) {
        self.laid.pages.push(Vec::new());
        self.y = TOP;
    }

    /// Facts are a table of two columns without a head.
    fn facts(&mut self, facts: &[(String, String)]) {
        let widest = facts.iter().map(|(name, _)| self.fonts.width(name, Weight::Bold, BODY)).fold(0.0, f32::max);
        let name = (widest + 12.0).min(self.laid.paper.inner() * NAME_SHARE);
        let mut rows = Vec::new();
        for (term, value) in facts {
            let cells = Cells {
                lines: vec![
                    self.fonts.lines(term, Weight::Bold, BODY, name - 12.0),
                    self.fonts.lines(value, Weight::Regular, BODY, self.laid.paper.inner() - name),
                ],
            };
            let columns = [(LEFT, name, false), (LEFT + name, self.laid.paper.inner() - name, false)];
            rows.push(Child::Node(self.row(&cells, &columns, BODY, Weight::Bold, None)));
            self.y += 2.0;
        }
        if !rows.is_empty() {
            let body = Node { is: Is::Body, children: rows };
            self.laid.tree.push(Node { is: Is::Table, children: vec![Child::Node(body)] });
        }
        self.y += 6.0;
    }

    fn table(&mut self, table: &Table) {
        let columns = self.columns(table);
        let head = Cells {
            lines: table
                .columns
                .iter()
                .zip(&columns)
                .map(|(column, (_, width, _))| {
                    self.fonts.lines(&column.label, Weight::Bold, CELL, width - 2.0 * PADDING)
                })
                .collect(),
        };
        let mut children = Vec::new();
        self.room(6.0 * CELL * LEADING);
        if !table.caption.trim().is_empty() {
            let lines = self.fonts.lines(&table.caption, Weight::Bold, BODY, self.laid.paper.inner());
            let lines = self.lines(lines, Weight::Bold, BODY, LEFT);
            children.push(Child::Node(Node { is: Is::Caption, children: lines }));
            self.y += 2.0;
        }
        let head_row = self.head(&head, &columns, true);
        children.push(Child::Node(Node { is: Is::Head, children: head_row.map(Child::Node).into_iter().collect() }));
        let repeated = Repeated { head: &head, columns: &columns };
        let mut rows = Vec::new();
        for row in &table.rows {
            let cells = Cells {
                lines: columns
                    .iter()
                    .enumerate()
                    .map(|(at, (_, width, _))| {
                        let text = row.get(at).map_or("", String::as_str);
                        self.fonts.lines(text, Weight::Regular, CELL, width - 2.0 * PADDING)
                    })
                    .collect(),
            };
            rows.push(Child::Node(self.row(&cells, &columns, CELL, Weight::Regular, Some(repeated))));
            self.draw(Drawn::Rule { y: self.y, thick: false });
        }
        if !rows.is_empty() {
            children.push(Child::Node(Node { is: Is::Body, children: rows }));
        }
        self.laid.tree.push(Node { is: Is::Table, children });
        self.y += 10.0;
    }

    /// A plot with its title above. It is never cut: it goes to the next page whole.
    fn plot(&mut self, plot: &Plot) {
        let width = self.laid.paper.inner();
        let shapes = plot::shapes(plot, self.fonts, width);
        if shapes.is_empty() {
            return;
        }
        let title = self.fonts.lines(&plot.title, Weight::Bold, BODY, width);
        #[expect(clippy::cast_precision_loss, reason = "lines of a title are few")]
        let above = title.len() as f32 * BODY * LEADING + 4.0;
        self.room(above + plot::HEIGHT);
        let title = self.lines(title, Weight::Bold, BODY, LEFT);
        self.laid.tree.push(Node { is: Is::Paragraph, children: title });
        self.y += 4.0;
        let number = self.laid.lines;
        self.laid.lines += 1;
        let shapes = shapes.into_iter().map(|shape| shape.moved(LEFT, self.y)).collect();
        self.draw(Drawn::Plot { shapes, number });
        let said = named(&plot.description).to_owned();
        self.laid.tree.push(Node { is: Is::Figure { said }, children: vec![Child::Line(number)] });
        self.y += plot::HEIGHT + 8.0;
    }

    /// The head of a table; in the tree the first time, an ornament after that.
    fn head(&mut self, head: &Cells, columns: &[Place], first: bool) -> Option<Node> {
        let mut cells: Vec<Node> = columns.iter().map(|_| Node { is: Is::ColumnHead, children: Vec::new() }).collect();
        self.y += 3.0;
        for at in 0..head.height() {
            for (cell, ((x, width, figures), lines)) in cells.iter_mut().zip(columns.iter().zip(&head.lines)) {
                let Some(text) = lines.get(at) else { continue };
                let x = self.side(*x, *width, *figures, text, Weight::Bold, CELL);
                if first {
                    cell.children.extend(self.line(x, text.clone(), Weight::Bold, CELL));
                } else {
                    let base = self.y + CELL;
                    self.draw(Drawn::Line {
                        x,
                        base,
                        text: text.clone(),
                        weight: Weight::Bold,
                        size: CELL,
                        number: None,
                    });
                }
            }
            self.y += CELL * LEADING;
        }
        self.y += 3.0;
        self.draw(Drawn::Rule { y: self.y, thick: true });
        first.then(|| Node { is: Is::Row, children: cells.into_iter().map(Child::Node).collect() })
    }

    /// A row. One that does not fit goes to the next page; one that is higher than a page is continued there.
    fn row(
        &mut self,
        cells: &Cells,
        columns: &[Place],
        size: f32,
        first: Weight,
        repeated: Option<Repeated<'_>>,
    ) -> Node {
        let height = |lines: usize| {
            #[expect(clippy::cast_precision_loss, reason = "lines of a row are few")]
            let lines = lines as f32;
            lines * size * LEADING + 4.0
        };
        let whole_page = self.laid.paper.bottom() - TOP - 40.0;
        let total = height(cells.height());
        let needed = if total <= whole_page { total } else { height(3) };
        if !self.has_room(needed) {
            self.next_page(repeated);
        }
        let mut nodes: Vec<Node> = (0..columns.len())
            .map(|at| Node { is: if at == 0 { Is::RowHead } else { Is::Cell }, children: Vec::new() })
            .collect();
        self.y += 2.0;
        for at in 0..cells.height() {
            if !self.has_room(size * LEADING) {
                self.next_page(repeated);
            }
            for (number, ((x, width, figures), lines)) in columns.iter().zip(&cells.lines).enumerate() {
                let Some(text) = lines.get(at) else { continue };
                let weight = if number == 0 { first } else { Weight::Regular };
                let x = if repeated.is_none() { *x } else { self.side(*x, *width, *figures, text, weight, size) };
                let line = self.line(x, text.clone(), weight, size);
                if let Some(node) = nodes.get_mut(number) {
                    node.children.extend(line);
                }
            }
            self.y += size * LEADING;
        }
        self.y += 2.0;
        Node { is: Is::Row, children: nodes.into_iter().map(Child::Node).collect() }
    }

    fn next_page(&mut self, repeated: Option<Repeated<'_>>) {
        self.new_page();
        if let Some(Repeated { head, columns }) = repeated {
            self.head(head, columns, false);
        }
    }

    /// Where a text begins in its cell.
    fn side(&self, x: f32, width: f32, figures: bool, text: &str, weight: Weight, size: f32) -> f32 {
        if figures { x + width - PADDING - self.fonts.width(text, weight, size) } else { x + PADDING }
    }

    /// Left side, width and side of the figures of each column: what its texts ask for, as far as the page has it.
    fn columns(&self, table: &Table) -> Vec<Place> {
        const LOOKED_AT_ROWS: usize = 400;
        let asked: Vec<(f32, f32)> = table
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| self.asked(table, at, column, LOOKED_AT_ROWS))
            .collect();
        let least: f32 = asked.iter().map(|(least, _)| least).sum();
        let most: f32 = asked.iter().map(|(_, most)| most).sum();
        let widths: Vec<f32> = if most <= self.laid.paper.inner() {
            let over = (self.laid.paper.inner() - most) / most.max(1.0);
            asked.iter().map(|(_, most)| most * (1.0 + over)).collect()
        } else if least <= self.laid.paper.inner() {
            let share = (self.laid.paper.inner() - least) / (most - least).max(1.0);
            asked.iter().map(|(least, most)| least + (most - least) * share).collect()
        } else {
            asked.iter().map(|(one, _)| one * self.laid.paper.inner() / least.max(1.0)).collect()
        };
        let mut x = LEFT;
        table
            .columns
            .iter()
            .zip(widths)
            .map(|(column, width)| {
                let left = x;
                x += width;
                (left, width, column.figures)
            })
            .collect()
    }

    /// The width of the longest word and of the longest line of a column.
    fn asked(&self, table: &Table, at: usize, column: &Column, rows: usize) -> (f32, f32) {
        const LONGEST_WORD: f32 = 110.0;
        const LONGEST_LINE: f32 = 260.0;
        let mut least: f32 = 0.0;
        let mut most: f32 = 0.0;
        let cells =
            table.rows.iter().take(rows).filter_map(|row| row.get(at)).map(|text| (text.as_str(), Weight::Regular));
        for (text, weight) in cells.chain([(column.label.as_str(), Weight::Bold)]) {
            for line in text.split('\n') {
                let mut wide = 0.0;
                for word in line.split_whitespace().take(60) {
                    let word = self.fonts.width(word, weight, CELL);
                    least = least.max(word);
                    wide += word + CELL * 0.32;
                }
                most = most.max(wide);
            }
        }
        let least = least.min(LONGEST_WORD) + 2.0 * PADDING + 0.5;
        (least, (most.min(LONGEST_LINE) + 2.0 * PADDING).max(least))
    }
}
