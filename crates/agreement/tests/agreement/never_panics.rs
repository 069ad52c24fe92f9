//! Whatever is done to a file, the reader answers with an agreement or with faults, and prints both.

use agreement::{Agreement, explain};
use proptest::prelude::*;
use terms::Language;

const MATCHA: &str = include_str!("../../../../services/matcha/agreement.sv.md");
const FORMS: &str = include_str!("../good/forms.md");
const FRAME: &str = include_str!("../bad/frame.md");

/// One way to spoil a text.
#[derive(Debug, Clone)]
enum Spoil {
    DropLine(usize),
    RepeatLine(usize),
    SwapLines(usize, usize),
    CutFrom(usize),
    DropChars(usize, usize),
    Insert(usize, String),
}

fn spoils() -> impl Strategy<Value = Spoil> {
    let pieces = prop::sample::select(vec![
        "```",
        "```toml\n",
        "[",
        "]]",
        "{",
        "}",
        "\"",
        "'''",
        "#",
        "{#start}",
        "\n",
        "\r\n",
        "> ",
        "- ",
        "= ",
        "\0",
        "å",
        "\u{feff}",
        "\u{202e}",
        "<!-- ",
        "-->",
        "[[may]]\n",
        "[agreement]\n",
        "categories = \"declared\"\n",
        "1e999",
        "\\",
        "|",
        "~~~",
        "not-found",
        ".",
        "=====\n",
    ]);
    let text = prop_oneof![pieces.prop_map(str::to_owned), "\\PC{0,6}"];
    prop_oneof![
        any::<usize>().prop_map(Spoil::DropLine),
        any::<usize>().prop_map(Spoil::RepeatLine),
        (any::<usize>(), any::<usize>()).prop_map(|(a, b)| Spoil::SwapLines(a, b)),
        any::<usize>().prop_map(Spoil::CutFrom),
        (any::<usize>(), 1..40_usize).prop_map(|(at, count)| Spoil::DropChars(at, count)),
        (any::<usize>(), text).prop_map(|(at, text)| Spoil::Insert(at, text)),
    ]
}

fn spoil(text: &str, spoil: &Spoil) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let chars = text.chars().count().max(1);
    let count = lines.len().max(1);
    match spoil {
        Spoil::DropLine(at) if !lines.is_empty() => {
            lines.remove(at % count);
            lines.concat()
        }
        Spoil::RepeatLine(at) if !lines.is_empty() => {
            lines.insert(at % count, lines[at % count]);
            lines.concat()
        }
        Spoil::SwapLines(a, b) if !lines.is_empty() => {
            lines.swap(a % count, b % count);
            lines.concat()
        }
        Spoil::CutFrom(at) => text.chars().take(at % chars).collect(),
        Spoil::DropChars(at, gone) => {
            let at = at % chars;
            text.chars().take(at).chain(text.chars().skip(at + gone)).collect()
        }
        Spoil::Insert(at, piece) => {
            let at = at % chars;
            let before: String = text.chars().take(at).collect();
            let after: String = text.chars().skip(at).collect();
            before + piece + &after
        }
        _ => text.to_owned(),
    }
}

fn read(text: &str) {
    let read = Agreement::read("spoilt.md", text);
    let shown = explain::check_result("spoilt.md", &read);
    assert!(!shown.is_empty());
    match read {
        Ok(agreement) => {
            assert!(!explain::who_may_see_what(&agreement, Language::En).is_empty());
            assert_eq!(agreement::differences(&agreement, &agreement), []);
        }
        Err(faults) => {
            assert!(!faults.as_slice().is_empty(), "no agreement and no fault");
            let lines = text.split('\n').count();
            for fault in &faults {
                assert!(fault.line >= 1 && fault.line <= lines && fault.column >= 1, "{fault}");
                assert!(!fault.message.is_empty() && !fault.remedy.is_empty());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_spoilt_small_file_is_answered(
        forms in any::<bool>(),
        ways in prop::collection::vec(spoils(), 1..5),
    ) {
        let text = ways.iter().fold(if forms { FORMS } else { FRAME }.to_owned(), |text, way| spoil(&text, way));
        read(&text);
    }

    #[test]
    fn any_text_is_answered(text in "(\\PC|\n|```toml\n|\\[|\\]|#|=){0,200}") {
        read(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_spoilt_agreement_of_matcha_is_answered(ways in prop::collection::vec(spoils(), 1..4)) {
        read(&ways.iter().fold(MATCHA.to_owned(), |text, way| spoil(&text, way)));
    }
}

#[test]
fn what_is_too_much_is_a_fault() {
    let one_fault = |text: &str, words: &str| {
        let faults = Agreement::read("much.md", text).unwrap_err();
        assert!(faults.iter().any(|fault| fault.message.contains(words)), "{faults}");
    };
    one_fault(&"x".repeat(2 * 1024 * 1024 + 1), "at most 2097152 are read");
    one_fault(&(0..10_002).map(|n| format!("# c {{#c{n}}}\n")).collect::<String>(), "more than 10000 clauses");
    let words = |prefix: &str, sort: &str, rest: &str| {
        (0..100)
            .map(|n| format!("[{sort}.{prefix}{n}]\nlabel = {{ sv = \"x\", en = \"x\" }}\n{rest}"))
            .collect::<String>()
    };
    let names = |prefix: &str| format!("{:?}", (0..100).map(|n| format!("{prefix}{n}")).collect::<Vec<_>>());
    let rules = format!(
        "{FRAME}\n## 9 Much {{#much}}\n```toml\n{}{}[[may]]\nrole = {}\nverbs = [\"consult\", \"alter\"]\npurpose = {}\n\
         subject = {}\ncategories = \"declared\"\n```\n",
        words("r", "role", "side = \"platform\"\n"),
        words("p", "purpose", ""),
        names("r"),
        names("p"),
        names("participant"),
    );
    one_fault(
        &rules.replace("[\"participant0\"", "[\"participant\", \"participant0\""),
        "permissions, and at most 500000",
    );
}
