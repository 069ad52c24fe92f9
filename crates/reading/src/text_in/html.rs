//! A web page → text: a line for each block, cells parted by tabs, list items with a dash, headings and all else as they stand.
//!
//! Only the tokens are looked at, no tree is built: memory follows the text, however deep a page is nested.

use core::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

const SILENT: [&str; 8] = ["script", "style", "head", "template", "noscript", "svg", "nav", "select"];
const BLOCKS: [&str; 24] = [
    "p",
    "div",
    "br",
    "section",
    "article",
    "header",
    "footer",
    "main",
    "aside",
    "ul",
    "ol",
    "table",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "pre",
];

struct Sink(RefCell<State>);

#[derive(Default)]
struct State {
    text: String,
    silent: Vec<String>,
}

pub(super) fn text(page: &str) -> String {
    let tokenizer = Tokenizer::new(Sink(RefCell::default()), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(page));
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.0.into_inner().text
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(characters) if state.silent.is_empty() => state.say(&characters),
            Token::TagToken(tag) => state.tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn say(&mut self, characters: &str) {
        for c in characters.chars() {
            if c.is_whitespace() {
                if !self.text.is_empty() && !self.text.ends_with([' ', '\n', '\t']) {
                    self.text.push(' ');
                }
            } else {
                self.text.push(c);
            }
        }
    }

    fn tag(&mut self, tag: &Tag) {
        let name: &str = &tag.name;
        let opens = tag.kind == TagKind::StartTag;
        if SILENT.contains(&name) && !tag.self_closing {
            if opens && self.silent.len() < 64 {
                self.silent.push(name.to_owned());
            } else if let Some(at) = self.silent.iter().rposition(|open| open == name) {
                self.silent.truncate(at);
            }
            return;
        }
        // A head that is never closed ends where the body begins.
        if name == "body" && opens {
            self.silent.clear();
        }
        if !self.silent.is_empty() {
            return;
        }
        match name {
            "td" | "th" if opens && !self.text.ends_with('\n') && !self.text.is_empty() => {
                self.text.truncate(self.text.trim_end_matches(' ').len());
                self.text.push('\t');
            }
            "li" if opens => {
                self.end_line();
                self.text.push_str("- ");
            }
            "tr" => self.end_line(),
            "td" | "th" | "li" => {}
            // Blocks inside a cell stay in their row.
            _ if BLOCKS.contains(&name) => {
                self.end_line();
                if name != "br" && !self.text.ends_with("\n\n") && !self.text.is_empty() {
                    self.text.push('\n');
                }
            }
            _ => {}
        }
    }

    fn end_line(&mut self) {
        self.text.truncate(self.text.trim_end_matches([' ', '\t']).len());
        if !self.text.is_empty() && !self.text.ends_with('\n') && !self.text.ends_with("\n- ") {
            self.text.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_lines_and_cells_are_parted_by_tabs() {
        let page = "<html><head><title>x</title><script>var y</script></head><body><h1>Avtal</h1><p>Det <b>gäller</b>\n nu.</p>\
                    <ul><li>ett</li><li>två</li></ul><table><tr><th>Namn</th><th>Land</th></tr><tr><td>A AB</td><td>SE</td></tr></table>";
        assert_eq!(text(page).trim(), "Avtal\n\nDet gäller nu.\n\n- ett\n- två\n\nNamn\tLand\nA AB\tSE");
    }
}
