//! Rust text cut into what rules ask for: code without comments and literals, the string literals with their lines, and
//! both without the test modules. It is a reader of shapes, not a parser: enough to tell `"SELECT"` from `// SELECT`.

/// One file, cut.
pub struct RustSource {
    /// The text with comments and the insides of literals blanked, and test modules blanked. Lines stay where they were.
    pub code: String,
    /// String literals outside test modules: line and content as written, escapes untouched.
    pub strings: Vec<(usize, String)>,
}

impl RustSource {
    /// Cuts `text`.
    pub fn new(text: &str) -> Self {
        let (code, strings) = cut(text);
        let tests = test_lines(&code);
        let inside = |line: usize| tests.iter().any(|(from, to)| (*from..=*to).contains(&line));
        Self {
            strings: strings.into_iter().filter(|(line, _)| !inside(*line)).collect(),
            code: code
                .lines()
                .enumerate()
                .map(|(number, line)| if inside(number + 1) { "" } else { line })
                .collect::<Vec<_>>()
                .join("\n"),
        }
    }

    /// Cuts `text` and keeps its test modules.
    pub fn with_tests(text: &str) -> Self {
        let (code, strings) = cut(text);
        Self { code, strings }
    }

    /// Lines (from 1) on which `needle` stands in code as whole words.
    pub fn lines_with<'a>(&'a self, needle: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.code.lines().enumerate().filter(|(_, line)| has_word(line, needle)).map(|(number, _)| number + 1)
    }
}

/// Whether `needle` stands in `line` with no letter, digit or underscore at either side.
pub fn has_word(line: &str, needle: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let ends_in_word = needle.chars().next_back().is_some_and(part);
    line.match_indices(needle).any(|(at, _)| {
        let before = line[..at].chars().next_back().is_some_and(part);
        let after = ends_in_word && line[at + needle.len()..].chars().next().is_some_and(part);
        !before && !after
    })
}

fn cut(text: &str) -> (String, Vec<(usize, String)>) {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut strings = Vec::new();
    let (mut at, mut line) = (0, 1);
    let get = |at: usize| chars.get(at).copied().unwrap_or('\0');
    while at < chars.len() {
        let (now, next) = (get(at), get(at + 1));
        let before_is_word = at > 0 && (get(at - 1).is_alphanumeric() || get(at - 1) == '_');
        let end = if now == '/' && next == '/' {
            let end = (at..chars.len()).find(|&i| get(i) == '\n').unwrap_or(chars.len());
            blank(&mut code, &chars[at..end]);
            end
        } else if now == '/' && next == '*' {
            let end = comment_end(&chars, at);
            blank(&mut code, &chars[at..end]);
            end
        } else if let Some((start, hashes)) = raw_string(&chars, at).filter(|_| !before_is_word) {
            let close: Vec<char> = core::iter::once('"').chain(core::iter::repeat_n('#', hashes)).collect();
            let end = (start..chars.len()).find(|&i| chars[i..].starts_with(&close)).unwrap_or(chars.len());
            strings.push((line, chars[start..end].iter().collect()));
            code.push('"');
            blank(&mut code, &chars[start..end]);
            code.push('"');
            (end + close.len()).min(chars.len())
        } else if now == '"' {
            let mut end = at + 1;
            while end < chars.len() && get(end) != '"' {
                end += if get(end) == '\\' { 2 } else { 1 };
            }
            let end = end.min(chars.len());
            strings.push((line, chars[at + 1..end].iter().collect()));
            code.push('"');
            blank(&mut code, &chars[at + 1..end]);
            code.push('"');
            (end + 1).min(chars.len())
        } else if now == '\'' && (next == '\\' || get(at + 2) == '\'') {
            // A character, not a lifetime.
            let from = if next == '\\' { at + 3 } else { at + 2 };
            let end = (from..chars.len()).find(|&i| get(i) == '\'').map_or(chars.len(), |i| i + 1);
            code.push_str("' '");
            end
        } else {
            code.push(now);
            at + 1
        };
        line += chars[at..end].iter().filter(|c| **c == '\n').count();
        at = end;
    }
    (code, strings)
}

fn blank(code: &mut String, chars: &[char]) {
    code.extend(chars.iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
}

fn comment_end(chars: &[char], from: usize) -> usize {
    let (mut depth, mut at) = (0, from);
    while at < chars.len() {
        if chars[at..].starts_with(&['/', '*']) {
            depth += 1;
            at += 2;
        } else if chars[at..].starts_with(&['*', '/']) {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    chars.len()
}

/// Where the content of a raw string begins and how many `#` close it, if one begins at `at`.
fn raw_string(chars: &[char], at: usize) -> Option<(usize, usize)> {
    let after_letter = match (chars.get(at)?, chars.get(at + 1)?) {
        ('r', '#' | '"') => at + 1,
        ('b' | 'c', 'r') => at + 2,
        _ => return None,
    };
    let hashes = chars[after_letter..].iter().take_while(|c| **c == '#').count();
    let quote = after_letter + hashes;
    (chars.get(quote) == Some(&'"')).then_some((quote + 1, hashes))
}

/// First and last line of every item under `#[cfg(test)]`.
fn test_lines(code: &str) -> Vec<(usize, usize)> {
    const MARK: &str = "#[cfg(test)]";
    code.match_indices(MARK)
        .map(|(at, _)| {
            let line = |end: usize| code[..end].matches('\n').count() + 1;
            let (mut depth, mut end) = (0_i32, code.len());
            for (offset, c) in code[at + MARK.len()..].char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ';' => {}
                    _ => continue,
                }
                if depth == 0 {
                    end = at + MARK.len() + offset;
                    break;
                }
            }
            (line(at), line(end))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_no_code() {
        let source =
            RustSource::new("let a = \"now()\"; // now()\n/* now() /* now() */ */ now(); let c = '\"'; r#\"x\"y\"#;");
        assert_eq!(source.lines_with("now()").collect::<Vec<_>>(), [2]);
        assert_eq!(source.strings, [(1, "now()".to_owned()), (2, "x\"y".to_owned())]);
    }

    #[test]
    fn test_modules_are_left_out() {
        let source = RustSource::new("fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() { \"s\"; }\n}\nfn c() { \"t\"; }");
        assert_eq!(source.lines_with("fn").collect::<Vec<_>>(), [1, 6]);
        assert_eq!(source.strings, [(6, "t".to_owned())]);
    }

    #[test]
    fn lifetimes_are_no_characters() {
        let source = RustSource::new("fn a<'a>(x: &'a str) -> &'a str { \"s\" }");
        assert_eq!(source.strings, [(1, "s".to_owned())]);
    }

    #[test]
    fn a_word_is_whole() {
        assert!(has_word("use aead;", "aead"));
        assert!(!has_word("use caead;", "aead"));
        assert!(!has_word("use aeads;", "aead"));
    }
}
