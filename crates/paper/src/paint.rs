//! Draws what is laid out, page by page, and ties each line to its place in the tree that screen readers follow.

use core::num::NonZeroU16;

use krilla::SerializeSettings;
use krilla::color::luma;
use krilla::configure::{Accessibility, Configuration, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup, TagKind, TagTree,
};
use terms::Language;

use crate::layout::{Child, Drawn, Is, LEFT, Laid, Node, Paper, named};
use crate::plot::Shape;
use crate::text::{Fonts, Weight};
use crate::{Document, PaperError};

const FOOT: f32 = 8.0;
/// The grey of rules.
const GREY: u8 = 170;
/// The grey of bars and lines of plots.
const DARK: u8 = 70;
/// From the lower side of the page to the base line of its foot.
const FOOT_ABOVE: f32 = 36.0;

pub(crate) fn paint(document: &Document, laid: &Laid, fonts: &Fonts) -> Result<Vec<u8>, PaperError> {
    let settings = SerializeSettings { configuration: configuration()?, ..SerializeSettings::default() };
    let mut pdf = krilla::Document::new_with(settings);
    let mut lines: Vec<Option<Identifier>> = vec![None; laid.lines];
    let total = laid.pages.len();
    let paper = laid.paper;
    for (at, drawn) in laid.pages.iter().enumerate() {
        let size =
            PageSettings::from_wh(paper.width, paper.height).ok_or(PaperError::Standard("no such size of page"))?;
        let mut page = pdf.start_page_with(size);
        let mut surface = page.surface();
        surface.set_fill(Some(black()));
        for one in drawn {
            match one {
                Drawn::Line { x, base, text, weight, size, number } => {
                    let place = Point::from_xy(*x, *base);
                    let identifier = line(&mut surface, fonts, place, text, *weight, *size, number.is_some());
                    if let Some(slot) = number.and_then(|number| lines.get_mut(number)) {
                        *slot = identifier;
                    }
                }
                Drawn::Rule { y, thick } => rule(&mut surface, paper, *y, *thick),
                Drawn::Plot { shapes, number } => {
                    let identifier = plot(&mut surface, fonts, shapes);
                    if let Some(slot) = lines.get_mut(*number) {
                        *slot = Some(identifier);
                    }
                }
            }
        }
        foot(&mut surface, fonts, document, paper, (at + 1, total));
        surface.finish();
        page.finish();
    }
    pdf.set_outline(outline(laid));
    pdf.set_metadata(
        Metadata::new()
            .title(named(&document.title).to_owned())
            .language(document.language.tag().to_owned())
            .producer("Betrodd".to_owned()),
    );
    let mut tree = TagTree::new().with_lang(Some(document.language.tag().to_owned()));
    for node in &laid.tree {
        if let Some(group) = group(node, &mut lines) {
            tree.push(group);
        }
    }
    pdf.set_tag_tree(tree);
    pdf.finish().map_err(|error| PaperError::Standard(refused(&error)))
}

fn configuration() -> Result<Configuration, PaperError> {
    ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|_| PaperError::Standard("PDF/UA-1 cannot be asked for"))
}

/// What is wrong, without a text of the document.
fn refused(error: &krilla::error::KrillaError) -> &'static str {
    match error {
        krilla::error::KrillaError::Font(..) => "a font cannot be written",
        krilla::error::KrillaError::Validation(_) => "it is against PDF/UA-1",
        _ => "the writer refused it",
    }
}

fn line(
    surface: &mut Surface<'_>,
    fonts: &Fonts,
    place: Point,
    text: &str,
    weight: Weight,
    size: f32,
    told: bool,
) -> Option<Identifier> {
    let shaped = fonts.shape(text, weight);
    let tag = if told {
        ContentTag::Span(SpanTag::empty().with_actual_text(shaped.as_given.as_deref()))
    } else {
        ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther))
    };
    let identifier = surface.start_tagged(tag);
    surface.draw_glyphs(place, &shaped.glyphs, fonts.font(weight), &shaped.text, size, false);
    surface.end_tagged();
    told.then_some(identifier)
}

fn rule(surface: &mut Surface<'_>, paper: Paper, y: f32, thick: bool) {
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
    let (grey, width) = if thick { (0, 0.8) } else { (GREY, 0.4) };
    lines(surface, &[(LEFT, y), (paper.right(), y)], grey, width);
    surface.end_tagged();
}

/// A line through these points.
fn lines(surface: &mut Surface<'_>, points: &[(f32, f32)], grey: u8, width: f32) {
    let mut path = PathBuilder::new();
    let mut points = points.iter();
    let Some((x, y)) = points.next() else { return };
    path.move_to(*x, *y);
    points.for_each(|(x, y)| path.line_to(*x, *y));
    let Some(path) = path.finish() else { return };
    surface.set_stroke(Some(Stroke {
        paint: luma::Color::new(grey).into(),
        width,
        opacity: NormalizedF32::ONE,
        ..Stroke::default()
    }));
    // What has a stroke and a fill is filled too, and a line through many points is no area.
    surface.set_fill(None);
    surface.draw_path(&path);
    surface.set_stroke(None);
    surface.set_fill(Some(black()));
}

fn black() -> Fill {
    Fill { paint: luma::Color::black().into(), ..Fill::default() }
}

/// A plot as one thing: whoever does not see it is told the description that its place in the tree has.
fn plot(surface: &mut Surface<'_>, fonts: &Fonts, shapes: &[Shape]) -> Identifier {
    let identifier = surface.start_tagged(ContentTag::Other);
    for shape in shapes {
        match shape {
            Shape::Bar { x, y, width, height } => {
                let Some(rectangle) = Rect::from_xywh(*x, *y, *width, *height) else { continue };
                let mut path = PathBuilder::new();
                path.push_rect(rectangle);
                if let Some(path) = path.finish() {
                    surface.set_fill(Some(Fill { paint: luma::Color::new(DARK).into(), ..Fill::default() }));
                    surface.draw_path(&path);
                    surface.set_fill(Some(black()));
                }
            }
            Shape::Line { points, thick } => {
                let (grey, width) = if *thick { (DARK, 1.6) } else { (GREY, 0.4) };
                lines(surface, points, grey, width);
            }
            Shape::Text { x, base, text, size } => {
                let shaped = fonts.shape(text, Weight::Regular);
                let place = Point::from_xy(*x, *base);
                surface.draw_glyphs(place, &shaped.glyphs, fonts.font(Weight::Regular), &shaped.text, *size, false);
            }
        }
    }
    surface.end_tagged();
    identifier
}

/// The title and *page of pages* at the foot.
fn foot(surface: &mut Surface<'_>, fonts: &Fonts, document: &Document, paper: Paper, (page, of): (usize, usize)) {
    let number = match document.language {
        Language::Sv => format!("Sida {page} av {of}"),
        Language::En => format!("Page {page} of {of}"),
    };
    let width = fonts.width(&number, Weight::Regular, FOOT);
    let room = paper.inner() - width - 20.0;
    let title = fonts.lines(&document.title, Weight::Regular, FOOT, room);
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)));
    let mut draw = |x: f32, text: &str| {
        let shaped = fonts.shape(text, Weight::Regular);
        let place = Point::from_xy(x, paper.height - FOOT_ABOVE);
        surface.draw_glyphs(place, &shaped.glyphs, fonts.font(Weight::Regular), &shaped.text, FOOT, false);
    };
    if let Some(title) = title.first() {
        draw(LEFT, title);
    }
    draw(paper.right() - width, &number);
    surface.end_tagged();
}

/// The headings as bookmarks: the document's title, and below it those of its parts.
fn outline(laid: &Laid) -> Outline {
    let mut outline = Outline::new();
    let mut root: Option<OutlineNode> = None;
    let mut open: Option<OutlineNode> = None;
    for (text, level, page, y) in &laid.headings {
        let node = OutlineNode::new(text.clone(), XyzDestination::new(*page, Point::from_xy(LEFT, *y)));
        match (level, &mut root, &mut open) {
            (1, ..) => root = Some(node.with_open(true)),
            (3.., _, Some(above)) => above.push_child(node),
            (_, Some(root), _) => {
                if let Some(done) = open.replace(node) {
                    root.push_child(done);
                }
            }
            _ => {}
        }
    }
    if let Some(mut root) = root {
        if let Some(done) = open {
            root.push_child(done);
        }
        outline.push_child(root);
    }
    outline
}

/// A node with what is in it; none where nothing is.
fn group(node: &Node, lines: &mut [Option<Identifier>]) -> Option<TagGroup> {
    let mut group = TagGroup::new(kind(node));
    let mut filled = false;
    for child in &node.children {
        match child {
            Child::Node(child) => {
                if let Some(child) = self::group(child, lines) {
                    group.push(child);
                    filled = true;
                }
            }
            Child::Line(number) => {
                if let Some(identifier) = lines.get_mut(*number).and_then(Option::take) {
                    group.push(identifier);
                    filled = true;
                }
            }
        }
    }
    // An empty cell keeps its place, or the cells after it would stand under another head.
    let cell = matches!(node.is, Is::Cell | Is::RowHead | Is::ColumnHead);
    (filled || cell).then_some(group)
}

fn kind(node: &Node) -> TagKind {
    match &node.is {
        Is::Heading { level, text } => {
            let level = NonZeroU16::new(u16::from(*level)).unwrap_or(NonZeroU16::MIN);
            Tag::Hn(level, Some(text.clone())).into()
        }
        Is::Paragraph => Tag::P.into(),
        Is::Quotation { language } => Tag::BlockQuote.with_lang(language.clone()).into(),
        Is::Table => Tag::Table.into(),
        Is::Caption => Tag::Caption.into(),
        Is::Head => Tag::THead.into(),
        Is::Body => Tag::TBody.into(),
        Is::Row => Tag::TR.into(),
        Is::ColumnHead => Tag::TH(TableHeaderScope::Column).into(),
        Is::RowHead => Tag::TH(TableHeaderScope::Row).into(),
        Is::Cell => Tag::TD.into(),
        Is::Figure { said } => Tag::Figure(Some(said.clone())).into(),
    }
}
