//! Blocks about how long things are kept, and how they are copied.

use super::duties::STARTS;
use super::{Block, Key, Of, Shape, Stricter, asked, each, may, must, once};

const RETENTION: &[Key] = &[
    must("of", Shape::Word(CLASSES), "Which data."),
    must("phase", Shape::Word(&["after-end", "in-term"]), "While the agreement runs, or after it has ended."),
    asked("keep", Shape::Period, "How long, counted from `start`.").stricter(Stricter::Less),
    may("start", Shape::Word(STARTS), "From what it counts."),
    must("then", Shape::Word(&["anonymised", "erased", "kept", "limited-account", "returned"]), "What follows."),
    may("or", Shape::Words(&["anonymised", "erased", "returned"]), "What may be done instead."),
    may("or-needs", Shape::Word(&["consent", "instruction", "nothing"]), "What doing it instead needs."),
    may("at-least", Shape::Flag, "The period is a minimum, not a maximum."),
    may("automatic", Shape::Flag, "The platform does it by itself.").stricter(Stricter::Yes),
    may("restorable-within", Shape::Period, "How long erased data can be brought back.").stricter(Stricter::Less),
    may(
        "unless",
        Shape::Words(&["accounting-law", "law-demands", "tax-law", "union-or-member-state-law"]),
        "What keeps it longer.",
    )
    .stricter(Stricter::Fewer),
];

const CLASSES: &[&str] = &[
    "accounting",
    "backups",
    "content",
    "copies",
    "licence-evidence",
    "login-data",
    "logs",
    "security-logs",
    "statistics",
    "support-copies",
    "temporary-copies",
];

const ENDING: &[Key] = &[
    asked("choice", Shape::Words(&["erase", "return"]), "What the controller may choose (Art. 28(3)(g)).")
        .stricter(Stricter::Longer),
    asked(
        "silence",
        Shape::Word(&["anonymised", "erased", "kept", "limited-account"]),
        "What happens when it does not choose.",
    ),
    asked(
        "exception",
        Shape::Word(&["any-law", "none", "union-or-member-state-law"]),
        "What may be kept all the same.",
    ),
    asked("certificate", Shape::Word(&["always", "none", "on-request"]), "Whether erasure is certified."),
    asked("format", Shape::Text, "The form in which data is returned."),
    asked("to", Shape::Words(super::duties::ADDRESSEES), "To whom it is returned."),
    may(
        "may-anonymise",
        Shape::Word(&["freely", "on-instruction", "statistics-only", "where-possible"]),
        "Whether \
        anonymising may stand for erasing.",
    ),
    may("legal-hold", Shape::Label, "Who may stop an erasure, and for how long."),
    may("contradicts", Shape::AnyWords, "Other clauses that say something else about the same data."),
];

const LEGAL_HOLD: &[Key] = &[
    asked("grounds", Shape::Words(GROUNDS), "On which grounds of Art. 17(3) an erasure may be stopped.")
        .stricter(Stricter::Fewer),
    asked("at-most", Shape::Period, "How long a hold may stand at most.").stricter(Stricter::Less),
];

const ANONYMISING: &[Key] = &[
    must("label", Shape::Label, "What the figures tell."),
    must("for", Shape::Name(Of::Purpose), "For which purpose they are kept."),
    must("categories", Shape::Names(Of::Category), "The data that may be counted by.").stricter(Stricter::Fewer),
    must("persons-at-least", Shape::Count, "Of how many persons each figure is at least; a smaller group leaves none.")
        .stricter(Stricter::More),
    asked("shown-to", Shape::Names(Of::Role), "Who may read the figures.").stricter(Stricter::Fewer),
];

/// The grounds of Art. 17(3), (a) to (e).
const GROUNDS: &[&str] = &["archiving", "expression", "legal-claims", "legal-obligation", "public-health"];

const BACKUP: &[Key] = &[
    asked("every", Shape::Period, "How often a copy is taken.").stricter(Stricter::Less),
    asked("keep", Shape::Period, "How long a copy is kept.").stricter(Stricter::Less),
    may("apart", Shape::Flag, "Whether copies lie apart from the system.").stricter(Stricter::Yes),
    may("places", Shape::AnyWords, "Where copies lie."),
    asked("point-in-time", Shape::Period, "How far back any moment can be restored.").stricter(Stricter::More),
    may("granularity", Shape::Period, "How exactly.").stricter(Stricter::Less),
    asked("restore-test", Shape::Period, "How often restoring is tried.").stricter(Stricter::Less),
    may("mirrored", Shape::Flag, "Whether data is mirrored.").stricter(Stricter::Yes),
];

pub(super) const BLOCKS: &[Block] = &[
    each("retention", "How long one class of data is kept, in one phase.", &[RETENTION]),
    once("ending", "What happens with the data when the agreement ends (Art. 28(3)(g)).", &[ENDING]),
    once(
        "legal-hold",
        "That something is not erased though it would be (Art. 17(3)); who may, its rules say.",
        &[LEGAL_HOLD],
    ),
    each(
        "anonymising",
        "What may stay as figures when records of several persons are erased in one act; who may, its rules say.",
        &[ANONYMISING],
    ),
    once("backup", "Copies, and restoring from them.", &[BACKUP]),
];
