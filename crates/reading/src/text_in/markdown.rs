//! Markdown → text: the marks of headings, emphasis, links and tables go, the words, numbers and lines stay.
//!
//! Lines are kept one for one, so that a line's number in the text is its number in the file.

/// The text with as many lines as the file.
pub(super) fn text(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    for line in markdown.split_inclusive('\n') {
        let ends = line.ends_with('\n');
        let line = line.trim_end_matches('\n');
        text.push_str(&one_line(line));
        if ends {
            text.push('\n');
        }
    }
    text
}

fn one_line(line: &str) -> String {
    let bare = line.trim_start();
    let hashes = bare.chars().take_while(|c| *c == '#').count();
    if (1..=6).contains(&hashes) && bare.get(hashes..).is_some_and(|rest| rest.starts_with(' ')) {
        return unmarked(bare.get(hashes..).unwrap_or("").trim());
    }
    let is_rule = bare.contains('-') && bare.chars().all(|c| "|-: ".contains(c)) && bare.len() > 2;
    if is_rule {
        return String::new();
    }
    if bare.starts_with('|') && bare.trim_end().ends_with('|') && bare.len() > 2 {
        let cells: Vec<String> = bare.trim().trim_matches('|').split('|').map(|cell| unmarked(cell.trim())).collect();
        return cells.join("\t");
    }
    unmarked(line)
}

/// Without emphasis, code marks and the addresses of links; an address that is nothing stays, for it is a finding.
fn unmarked(text: &str) -> String {
    let mut plain = text.replace("**", "").replace("__", "").replace('`', "");
    while let Some(at) = plain.find("](") {
        let Some(open) = plain.get(..at).and_then(|before| before.rfind('[')) else { break };
        let Some(close) = plain.get(at..).and_then(|rest| rest.find(')')).map(|end| at + end) else { break };
        let words = plain.get(open + 1..at).unwrap_or("").to_owned();
        let address = plain.get(at + 2..close).unwrap_or("").to_owned();
        let said =
            if address.starts_with('#') || address.contains(&words) { words } else { format!("{words} <{address}>") };
        plain.replace_range(open..=close, &said);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_where_they_are() {
        let markdown = "# Avtal\n\n## 1 **Syfte**\nSe [här](#).\n| Namn | Land |\n|---|---|\n| A AB | SE |\n";
        assert_eq!(text(markdown), "Avtal\n\n1 Syfte\nSe här.\nNamn\tLand\n\nA AB\tSE\n");
    }
}
