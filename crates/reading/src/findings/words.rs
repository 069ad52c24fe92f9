//! Words that are broken, out of date, or places to be filled in; the words themselves are data (`data/findings.toml`).

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::{FindingKind, Found};
use crate::asides::pattern;
use crate::data;
use crate::quantities::Quantity;
use crate::source::Span;

static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\[\s*(?:\*+\.?|[åÅ]{2}[mM]{2}[dD]{2}|…|\.{2,}|_+|X+|infoga[^\]]{0,60}|insert[^\]]{0,60}|ange[^\]]{0,60}|datum|namn|name|date)\s*\]|_{5,}|\.{8,}|…{3,}",
    )
});
static EMPTY_LINK: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[[^\]\n]{1,120}\]\(\s*#?\s*\)"));
static OUTDATED: LazyLock<Regex> = LazyLock::new(|| data::any_of(&data::finding_words().outdated));
static BROKEN: LazyLock<Regex> = LazyLock::new(|| data::any_of(&data::finding_words().broken));

impl Found<'_> {
    pub(super) fn of_words(&mut self) {
        let ground = self.ground;
        let mut told = Vec::new();
        let tables: [(&LazyLock<Regex>, FindingKind, &str, &str); 3] = [
            (
                &BROKEN,
                FindingKind::BrokenWords,
                "ser ut som ett fel i texten; det rättas inte",
                "looks like an error in the text; it is not mended",
            ),
            (&PLACEHOLDER, FindingKind::Placeholder, "är en plats att fylla i", "is a place to be filled in"),
            (
                &OUTDATED,
                FindingKind::OutdatedName,
                "är ett namn eller en rättsakt som inte längre gäller så",
                "is a name or an act that no longer holds as written",
            ),
        ];
        let mut seen = HashSet::new();
        for (re, kind, sv, en) in tables {
            for found in re.find_iter(&ground.flow.text) {
                if self.is_ours(&found.range()) && seen.insert((kind.code(), found.as_str().to_lowercase())) {
                    let words = found.as_str();
                    told.push((
                        kind,
                        ground.flow.span(&found.range()),
                        format!("”{words}” {sv}."),
                        format!("`{words}` {en}."),
                    ));
                }
            }
        }
        for (range, like) in crate::slips::find(&ground.flow.lower) {
            let words = ground.flow.get(&range);
            if self.is_ours(&range) && seen.insert((FindingKind::BrokenWords.code(), words.to_lowercase())) {
                told.push((
                    FindingKind::BrokenWords,
                    ground.flow.span(&range),
                    format!("”{words}” står en gång och liknar ”{like}”; det rättas inte."),
                    format!("`{words}` stands once and looks like `{like}`; it is not mended."),
                ));
            }
        }
        // Links are looked for in the source: their marks are no words.
        for found in EMPTY_LINK.find_iter(ground.source.text()) {
            let words = found.as_str();
            told.push((
                FindingKind::EmptyLink,
                Span::of(found.range()),
                format!("Länken {words} leder ingenstans."),
                format!("The link {words} leads nowhere."),
            ));
        }
        for found in ground.quantities.iter().filter(|it| it.quantity == Quantity::Disagrees) {
            let words = ground.flow.get(&found.range);
            told.push((
                FindingKind::NumbersDisagree,
                ground.flow.span(&found.range),
                format!("”{words}”: ordet och siffran säger olika saker, så inget av dem föreslås."),
                format!("`{words}`: the word and the digits say different things, so neither is proposed."),
            ));
        }
        for (kind, span, sv, en) in told {
            self.add(kind, span, sv, en);
        }
    }
}
