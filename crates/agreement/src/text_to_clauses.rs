//! Markdown → clauses and blocks. The prose is kept as it is written; the TOML inside the blocks is not looked at here.

use core::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::checks::{clause_id, fence, size};
use crate::reading::Reading;
use crate::term::Clause;

/// One fenced `toml` block.
pub(crate) struct Block {
    /// The clause it stands under, as an index; none above the first heading with an id.
    pub clause: Option<usize>,
    /// The heading for places in it.
    pub heading: usize,
    /// The TOML.
    pub content: String,
    /// Where the block lies in the file, fences included.
    pub range: Range<usize>,
    /// Pairs of an offset in `content` and the same character's offset in the file, ascending.
    pieces: Vec<(usize, usize)>,
}

impl Block {
    /// The stretch of the file that a stretch of the TOML was read from.
    pub fn in_file(&self, range: Range<usize>) -> Range<usize> {
        let at = |offset: usize| {
            let piece = self.pieces.partition_point(|(content, _)| *content <= offset).checked_sub(1);
            match piece.and_then(|piece| self.pieces.get(piece)) {
                Some((content, file)) => file + (offset - content),
                None => self.range.start,
            }
        };
        // The end lies just after the last character, which may be the last of its piece.
        let end = if range.end > range.start { at(range.end - 1) + 1 } else { at(range.start) };
        at(range.start)..end
    }
}

/// The clauses in the order of the text, and the blocks that belong to them.
pub(crate) struct Outline {
    pub clauses: Vec<Clause>,
    pub blocks: Vec<Block>,
    /// The place of each clause's heading.
    pub headings: Vec<Range<usize>>,
}

/// A heading while its words are gathered.
struct Heading {
    level: u8,
    id: Option<String>,
    words: String,
    range: Range<usize>,
}

/// Takes the text apart. What cannot be used is a fault and is left out.
pub(crate) fn read(reading: &mut Reading<'_>) -> Outline {
    let text = reading.text;
    let mut outline = Outline { clauses: Vec::new(), blocks: Vec::new(), headings: Vec::new() };
    // What is not prose: blocks and comments that name sources. Bodies: from the end of a heading to the next clause.
    let mut cuts: Vec<Range<usize>> = Vec::new();
    let mut bodies: Vec<usize> = Vec::new();
    let mut heading: Option<Heading> = None;
    let mut block: Option<Block> = None;
    let mut depth = 0_usize;

    let options = Options::ENABLE_HEADING_ATTRIBUTES | Options::ENABLE_TABLES;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(tag) => {
                depth += 1;
                if depth > size::MAX_NESTING {
                    size::too_deep(reading, range);
                    break;
                }
                match tag {
                    Tag::Heading { level, id, .. } => {
                        let id = id.map(|id| id.to_string());
                        heading = Some(Heading { level: number_of(level), id, words: String::new(), range });
                    }
                    Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                        let clause = outline.clauses.len().checked_sub(1);
                        let under = clause.map_or(0, |clause| clause + 1);
                        if fence::is_toml(reading, &info, &range, under) {
                            block = Some(Block {
                                clause,
                                heading: under,
                                content: String::new(),
                                range,
                                pieces: Vec::new(),
                            });
                        }
                    }
                    _ => {}
                }
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                match end {
                    TagEnd::Heading(_) => {
                        if let Some(heading) = heading.take()
                            && let Some(clause) = clause_id::clause(reading, &outline, heading_parts(heading))
                        {
                            bodies.push(range.end);
                            outline.headings.push(range);
                            outline.clauses.push(clause);
                            if outline.clauses.len() > size::MAX_CLAUSES {
                                size::too_many_clauses(reading);
                                break;
                            }
                        }
                    }
                    TagEnd::CodeBlock => {
                        if let Some(block) = block.take() {
                            fence::check(reading, &block);
                            cuts.push(block.range.clone());
                            if let Some(clause) = block.clause.and_then(|clause| outline.clauses.get_mut(clause)) {
                                clause.terms.push(block.content.clone());
                            }
                            outline.blocks.push(block);
                        }
                    }
                    _ => {}
                }
            }
            Event::Text(piece) => {
                if let Some(block) = &mut block {
                    block.pieces.push((block.content.len(), range.start));
                    block.content.push_str(&piece);
                } else if let Some(heading) = &mut heading {
                    heading.words.push_str(&piece);
                }
            }
            Event::Code(piece) => {
                if let Some(heading) = &mut heading {
                    heading.words.push_str(&piece);
                }
            }
            Event::Html(comment) | Event::InlineHtml(comment) => {
                if let Some(sources) = sources(&comment) {
                    cuts.push(range);
                    if let Some(clause) = outline.clauses.last_mut() {
                        clause.sources.extend(sources);
                    }
                }
            }
            _ => {}
        }
    }

    let ends: Vec<usize> = outline.headings.iter().skip(1).map(|range| range.start).chain([text.len()]).collect();
    for ((clause, start), end) in outline.clauses.iter_mut().zip(bodies).zip(ends) {
        clause.prose = prose(text, start..end, &cuts);
    }
    outline
}

/// `3.2 Kategorier` → number and title. The first word is the number when it holds a digit and nothing but letters, digits
/// dots and colons; so are `S.1`, `13.3` and `3:1.4`, but not `Bilaga`.
fn heading_parts(heading: Heading) -> clause_id::HeadingParts {
    let words = heading.words.trim();
    let (first, rest) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
    let numbers = first.chars().any(|c| c.is_ascii_digit())
        && first.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | ':'));
    let (number, title) = if numbers { (first.trim_end_matches(['.', ':']), rest.trim()) } else { ("", words) };
    clause_id::HeadingParts {
        level: heading.level,
        id: heading.id,
        number: number.to_owned(),
        title: title.to_owned(),
        range: heading.range,
    }
}

/// `<!-- M-3.2 M-3.3a -->` → the rows it names; any other comment is an ordinary comment.
fn sources(comment: &str) -> Option<Vec<String>> {
    let inner = comment.trim().strip_prefix("<!--")?.strip_suffix("-->")?;
    let is_row = |word: &str| {
        word.split_once('-').is_some_and(|(letters, row)| {
            !letters.is_empty()
                && letters.chars().all(|c| c.is_ascii_uppercase())
                && !row.is_empty()
                && row.chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
        })
    };
    let words = || inner.split([' ', ',', '\t', '\r', '\n']).filter(|word| !word.is_empty());
    (words().next().is_some() && words().all(is_row)).then(|| words().map(str::to_owned).collect())
}

fn prose(text: &str, body: Range<usize>, cuts: &[Range<usize>]) -> String {
    let mut kept = String::new();
    let mut from = body.start;
    let first = cuts.partition_point(|cut| cut.start < body.start);
    for cut in cuts.get(first..).unwrap_or(&[]).iter().take_while(|cut| cut.start < body.end) {
        kept.push_str(text.get(from..cut.start).unwrap_or(""));
        from = cut.end.max(from);
    }
    kept.push_str(text.get(from..body.end.max(from)).unwrap_or(""));
    // A block leaves an empty line on either side of it; one is enough.
    let mut prose = String::with_capacity(kept.len());
    let mut empty = 0;
    for line in kept.trim().lines() {
        empty = if line.trim().is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            prose.push_str(line.trim_end());
            prose.push('\n');
        }
    }
    prose
}

fn number_of(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
