//! Links between documents lead somewhere.

use super::{Fault, Rule, Tree};

pub const RULE: Rule = Rule { name: "links", why: "a reader who follows a link of ours must arrive", check };

fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending(".md") {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (number, line) in text.lines().enumerate() {
            for target in targets(line) {
                let target = target.split('#').next().unwrap_or_default();
                if target.is_empty()
                    || target.contains("://")
                    || target.starts_with("mailto:")
                    || target.starts_with('/')
                {
                    continue;
                }
                if !resolve(folder, target).is_some_and(|file| tree.exists(&file)) {
                    faults.push(Fault::new(path, number + 1, format!("`{target}` leads nowhere")));
                }
            }
        }
    }
    faults
}

/// What stands in the round brackets of `[text](target)`.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("](").filter_map(|(at, mark)| {
        let rest = &line[at + mark.len()..];
        rest.split([')', ' ']).next()
    })
}

fn resolve(folder: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            parts.pop()?;
        } else {
            parts.push(part);
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::super::{check_clean, check_one};
    use super::*;

    #[test]
    fn a_link_leads_somewhere() {
        check_one(&RULE, &[("docs/a.md", "see [b](../gone.md)")], "docs/a.md:1: `../gone.md`");
        check_clean(
            &RULE,
            &[("docs/a.md", "[b](../README.md#x), [c](https://example.com), [d](#here)"), ("README.md", "")],
        );
    }
}
