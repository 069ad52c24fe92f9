//! An agreement in two languages is one agreement: the same clauses, in the same order.

use super::{Fault, Rule, Tree};

pub const RULE: Rule = Rule {
    name: "agreement languages",
    why: "a refusal names a clause by its id; whoever reads the other language must find the same clause there",
    check,
};

fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, swedish) in tree.ending("/agreement.sv.md").filter(|(path, _)| path.starts_with("services/")) {
        let twin = path.replace(".sv.md", ".en.md");
        let Some(english) = tree.text(&twin) else { continue };
        let (here, there) = (clause_ids(swedish), clause_ids(english));
        for (id, line) in here.iter().filter(|(id, _)| !there.iter().any(|(other, _)| other == id)) {
            faults.push(Fault::new(path, *line, format!("`{{#{id}}}` is missing in `{twin}`")));
        }
        for (id, line) in there.iter().filter(|(id, _)| !here.iter().any(|(other, _)| other == id)) {
            faults.push(Fault::new(&twin, *line, format!("`{{#{id}}}` is missing in `{path}`")));
        }
        let same_set = faults.is_empty();
        let differs = here.iter().zip(&there).find(|((id, _), (other, _))| id != other);
        if let (true, Some(((id, _), (_, line)))) = (same_set, differs) {
            faults.push(Fault::new(&twin, *line, format!("here `{path}` has `{{#{id}}}`")));
        }
    }
    faults
}

/// The ids in the headings, in order, with their lines.
fn clause_ids(text: &str) -> Vec<(&str, usize)> {
    let headings = text.lines().enumerate().filter(|(_, line)| line.starts_with('#'));
    headings
        .filter_map(|(number, line)| Some((line.trim_end().strip_suffix('}')?.rsplit_once("{#")?.1, number + 1)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{check_clean, check_one};
    use super::*;

    const SV: (&str, &str) = ("services/a/agreement.sv.md", "# A {#a}\ntext {#no}\n## 1 B {#b}\n### utan\n");

    #[test]
    fn both_languages_have_the_same_clauses() {
        check_clean(&RULE, &[SV, ("services/a/agreement.en.md", "# A {#a}\n## 1 B {#b}")]);
        check_clean(&RULE, &[SV]);
        check_one(
            &RULE,
            &[SV, ("services/a/agreement.en.md", "# A {#a}")],
            "services/a/agreement.sv.md:3: `{#b}` is missing",
        );
        check_one(
            &RULE,
            &[SV, ("services/a/agreement.en.md", "# B {#b}\n# A {#a}")],
            "services/a/agreement.en.md:1: here",
        );
    }
}
