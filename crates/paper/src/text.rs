//! Text: the built-in fonts, how wide a text is, where its lines break, and its glyphs in the order in which they are drawn.
//!
//! The fonts are DejaVu Sans Condensed, which hold Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic. Right-to-left
//! text is set by the Unicode bidirectional algorithm (UAX 9), each line isolated from its neighbours.

use core::ops::Range;
use std::cell::RefCell;
use std::collections::HashMap;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, Face, UnicodeBuffer};
use unicode_bidi::{BidiInfo, Level};

/// What stands for a character that the fonts do not have.
const REPLACEMENT: char = '\u{fffd}';

/// Which font.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

/// The built-in fonts, opened.
pub(crate) struct Fonts {
    regular: Opened,
    bold: Opened,
}

struct Opened {
    face: Face<'static>,
    font: Font,
    widths: RefCell<HashMap<String, f32>>,
}

/// A line as it is drawn: a text in which what cannot be drawn is replaced, and its glyphs from left to right.
pub(crate) struct Shaped {
    pub(crate) text: String,
    pub(crate) glyphs: Vec<KrillaGlyph>,
    /// The text as it was, where something of it cannot be drawn.
    pub(crate) as_given: Option<String>,
}

impl Fonts {
    pub(crate) fn built_in() -> Option<Self> {
        Some(Self {
            regular: Opened::new(dejavu::sans_condensed::regular())?,
            bold: Opened::new(dejavu::sans_condensed::bold())?,
        })
    }

    fn of(&self, weight: Weight) -> &Opened {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    pub(crate) fn font(&self, weight: Weight) -> Font {
        self.of(weight).font.clone()
    }

    /// The width of a text in points.
    pub(crate) fn width(&self, text: &str, weight: Weight, size: f32) -> f32 {
        self.of(weight).width(text) * size
    }

    /// Breaks a text into lines of at most `width` points: at spaces, and in a word that is longer than a line. A line break of
    /// the text's own stays. There is at least one line.
    pub(crate) fn lines(&self, text: &str, weight: Weight, size: f32, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in text.split('\n') {
            let mut line = String::new();
            let mut used = 0.0;
            let space = self.width(" ", weight, size);
            for word in paragraph.split_whitespace() {
                for part in self.parts(word, weight, size, width) {
                    let wide = self.width(part, weight, size);
                    let glued = line.is_empty();
                    if !glued && used + space + wide > width {
                        lines.push(core::mem::take(&mut line));
                        used = 0.0;
                    }
                    if !line.is_empty() {
                        line.push(' ');
                        used += space;
                    }
                    line.push_str(part);
                    used += wide;
                }
            }
            lines.push(line);
        }
        lines
    }

    /// A word in parts that each fit into a line.
    fn parts<'w>(&self, word: &'w str, weight: Weight, size: f32, width: f32) -> Vec<&'w str> {
        if self.width(word, weight, size) <= width {
            return vec![word];
        }
        let mut parts = Vec::new();
        let (mut from, mut used) = (0, 0.0);
        for (at, letter) in word.char_indices() {
            let wide = self.width(letter.encode_utf8(&mut [0; 4]), weight, size);
            if at > from && used + wide > width {
                parts.extend(word.get(from..at));
                (from, used) = (at, 0.0);
            }
            used += wide;
        }
        parts.extend(word.get(from..));
        parts
    }

    /// The glyphs of one line.
    pub(crate) fn shape(&self, line: &str, weight: Weight) -> Shaped {
        self.of(weight).shape(line)
    }
}

impl Opened {
    fn new(data: &'static [u8]) -> Option<Self> {
        Some(Self {
            face: Face::from_slice(data, 0)?,
            font: Font::new(data.into(), 0)?,
            widths: RefCell::new(HashMap::new()),
        })
    }

    /// In ems. The words of a document come again, so their widths are kept while it is written.
    fn width(&self, text: &str) -> f32 {
        if let Some(width) = self.widths.borrow().get(text) {
            return *width;
        }
        let width = self.shape(text).glyphs.iter().map(|glyph| glyph.x_advance).sum();
        self.widths.borrow_mut().insert(text.to_owned(), width);
        width
    }

    /// Whether a font has the letter. What stands for no letter at all (private use) is none: its look would be anybody's.
    fn drawable(&self, letter: char) -> bool {
        let private = matches!(letter, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
        !private && self.face.glyph_index(letter).is_some_and(|glyph| glyph.0 != 0)
    }

    fn shape(&self, given: &str) -> Shaped {
        let text: String = given
            .chars()
            .filter(|letter| !turns(*letter))
            .map(|letter| if self.drawable(letter) { letter } else { REPLACEMENT })
            .collect();
        let mut glyphs = Vec::new();
        let bidi = BidiInfo::new(&text, Some(Level::ltr()));
        for paragraph in &bidi.paragraphs {
            let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for run in runs {
                let back = levels.get(run.start).is_some_and(Level::is_rtl);
                self.shape_run(&text, run, back, &mut glyphs);
            }
        }
        let as_given = (text != given).then(|| given.chars().filter(|letter| !turns(*letter)).collect());
        Shaped { text, glyphs, as_given }
    }

    fn shape_run(&self, text: &str, run: Range<usize>, back: bool, glyphs: &mut Vec<KrillaGlyph>) {
        let Some(part) = text.get(run.clone()) else { return };
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(part);
        buffer.guess_segment_properties();
        buffer.set_direction(if back { Direction::RightToLeft } else { Direction::LeftToRight });
        let shaped = rustybuzz::shape(&self.face, &[], buffer);
        let mut starts: Vec<usize> = shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
        starts.sort_unstable();
        starts.dedup();
        #[expect(clippy::cast_precision_loss, reason = "units of a font are small")]
        let em = |units: i32| units as f32 / self.font.units_per_em();
        for (info, place) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            let start = info.cluster as usize;
            let end = starts.iter().find(|other| **other > start).copied().unwrap_or(part.len());
            glyphs.push(KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                em(place.x_advance),
                em(place.x_offset),
                em(place.y_offset),
                em(place.y_advance),
                run.start + start..run.start + end,
                None,
            ));
        }
    }
}

/// Characters that turn the direction of text, so that a name can read as another; they have no look of their own. And control
/// characters, which have none either.
const fn turns(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}')
        || letter.is_ascii_control()
        || matches!(letter, '\u{80}'..='\u{9f}' | '\u{feff}' | '\u{ad}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fonts() -> Fonts {
        Fonts::built_in().unwrap()
    }

    #[test]
    fn lines_break_at_spaces_and_in_words_that_are_too_long() {
        let fonts = fonts();
        let lines = |text, width| fonts.lines(text, Weight::Regular, 10.0, width);
        assert_eq!(lines("Åsa Åkerlund", 1000.0), ["Åsa Åkerlund"]);
        assert_eq!(lines("Åsa Åkerlund", 45.0), ["Åsa", "Åkerlund"]);
        assert_eq!(lines("en\n\ntvå", 1000.0), ["en", "", "två"]);
        assert_eq!(lines("", 10.0), [""]);
        let long = "x".repeat(10_000);
        let broken = lines(&long, 100.0);
        assert!(broken.len() > 100);
        assert_eq!(broken.concat(), long);
        assert!(broken.iter().all(|line| fonts.width(line, Weight::Regular, 10.0) <= 100.5));
        // Narrower than any letter: one letter a line, and an end.
        assert_eq!(lines("abc", 0.1), ["a", "b", "c"]);
    }

    #[test]
    fn right_to_left_text_is_drawn_from_its_end_and_kept_in_its_order() {
        let shaped = fonts().shape("Sara שרה B", Weight::Regular);
        assert_eq!(shaped.text, "Sara שרה B");
        assert!(shaped.as_given.is_none());
        let starts: Vec<usize> = shaped.glyphs.iter().map(|glyph| glyph.text_range.start).collect();
        // The three letters of two bytes each stand the other way round; what is around them does not.
        assert_eq!(starts, [0, 1, 2, 3, 4, 9, 7, 5, 11, 12]);
    }

    #[test]
    fn what_turns_the_direction_is_not_drawn_and_what_no_font_has_is_marked() {
        let shaped = fonts().shape("a\u{202e}b 中", Weight::Bold);
        assert_eq!(shaped.text, "ab \u{fffd}");
        assert_eq!(shaped.as_given.as_deref(), Some("ab 中"));
        assert!(fonts().shape("", Weight::Regular).glyphs.is_empty());
    }
}
