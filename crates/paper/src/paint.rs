//! Draws what is laid out, page by page, and ties each line to its place in the tree that screen readers follow.

use core::num::NonZeroU16;

use krilla::SerializeSettings;
use krilla::color::luma;
use krilla::configure::{Accessibility, Configuration, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point};
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

use crate::layout::{Child, Drawn, Is, LEFT, Laid, Node, PAGE_HEIGHT, PAGE_WIDTH, RIGHT, named};
use crate::text::{Fonts, Weight};
use crate::{Document, PaperError};

const FOOT: f32 = 8.0;
const FOOT_BASE: f32 = PAGE_HEIGHT - 36.0;

pub(crate) fn paint(document: &Document, laid: &Laid, fonts: &Fonts) -> Result<Vec<u8>, PaperError> {
    let settings = SerializeSettings { configuration: configuration()?, ..SerializeSettings::default() };
    let mut pdf = krilla::Document::new_with(settings);
    let mut lines: Vec<Option<Identifier>> = vec![None; laid.lines];
    let total = laid.pages.len();
    for (at, drawn) in laid.pages.iter().enumerate() {
        let size =
            PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT).ok_or(PaperError::Standard("no such size of page"))?;
        let mut page = pdf.start_page_with(size);
        let mut surface = page.surface();
        surface.set_fill(Some(Fill { paint: luma::Color::black().into(), ..Fill::default() }));
        for one in drawn {
            match one {
                Drawn::Line { x, base, text, weight, size, number } => {
                    let place = Point::from_xy(*x, *base);
                    let identifier = line(&mut surface, fonts, place, text, *weight, *size, number.is_some());
                    if let Some(slot) = number.and_then(|number| lines.get_mut(number)) {
                        *slot = identifier;
                    }
                }
                Drawn::Rule { y, thick } => rule(&mut surface, *y, *thick),
            }
        }
        foot(&mut surface, fonts, document, at + 1, total);
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

fn rule(surface: &mut Surface<'_>, y: f32, thick: bool) {
    let mut path = PathBuilder::new();
    path.move_to(LEFT, y);
    path.line_to(RIGHT, y);
    let Some(path) = path.finish() else { return };
    let grey = if thick { 0 } else { 170 };
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
    surface.set_stroke(Some(Stroke {
        paint: luma::Color::new(grey).into(),
        width: if thick { 0.8 } else { 0.4 },
        opacity: NormalizedF32::ONE,
        ..Stroke::default()
    }));
    surface.draw_path(&path);
    surface.set_stroke(None);
    surface.end_tagged();
}

/// The title and *page of pages* at the foot.
fn foot(surface: &mut Surface<'_>, fonts: &Fonts, document: &Document, page: usize, of: usize) {
    let number = match document.language {
        Language::Sv => format!("Sida {page} av {of}"),
        Language::En => format!("Page {page} of {of}"),
    };
    let width = fonts.width(&number, Weight::Regular, FOOT);
    let room = RIGHT - LEFT - width - 20.0;
    let title = fonts.lines(&document.title, Weight::Regular, FOOT, room);
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)));
    let mut draw = |x: f32, text: &str| {
        let shaped = fonts.shape(text, Weight::Regular);
        let place = Point::from_xy(x, FOOT_BASE);
        surface.draw_glyphs(place, &shaped.glyphs, fonts.font(Weight::Regular), &shaped.text, FOOT, false);
    };
    if let Some(title) = title.first() {
        draw(LEFT, title);
    }
    draw(RIGHT - width, &number);
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
        Is::Table => Tag::Table.into(),
        Is::Caption => Tag::Caption.into(),
        Is::Head => Tag::THead.into(),
        Is::Body => Tag::TBody.into(),
        Is::Row => Tag::TR.into(),
        Is::ColumnHead => Tag::TH(TableHeaderScope::Column).into(),
        Is::RowHead => Tag::TH(TableHeaderScope::Row).into(),
        Is::Cell => Tag::TD.into(),
    }
}
