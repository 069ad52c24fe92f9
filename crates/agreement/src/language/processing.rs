//! Blocks that describe the processing itself: what it is about, where, on whose instructions, behind which measures.

use super::duties::{EVIDENCE, KINDS, PARTIES};
use super::{Block, Key, Of, Shape, Stricter, asked, each, may, must, once};

const PROCESSING: &[Key] = &[
    asked("subject-matter", Shape::Label, "What the processing is about (Art. 28(3))."),
    asked("nature", Shape::Words(OPERATIONS), "What is done with the data."),
    asked("duration", Shape::Label, "How long, and what happens after the term."),
    may("collected-from", Shape::Names(Of::Subject), "From whom data is collected."),
    may("open-ended", Shape::AnyWords, "Words of the text that leave categories open, such as *such as*."),
    may("controller-rights-stated", Shape::Flag, "Whether the rights and duties of the controller are stated."),
];

const OPERATIONS: &[&str] = &[
    "adapt",
    "align",
    "alter",
    "analyse",
    "anonymise",
    "collect",
    "combine",
    "consult",
    "disclose",
    "erase",
    "organise",
    "record",
    "restrict",
    "retrieve",
    "store",
    "structure",
    "transmit",
    "use",
];

const ACTIVITY: &[Key] = &[
    must("label", Shape::Label, "What is done, as the text words it."),
    asked("operations", Shape::Words(OPERATIONS), "Which operations it consists of (Art. 4(2))."),
    may("functions", Shape::Names(Of::Block("function")), "The functions of the service that perform it."),
];

const LOCATION: &[Key] = &[
    must("label", Shape::Label, "The place."),
    must(
        "for",
        Shape::Words(&["access", "backup", "installation", "primary", "support"]),
        "What lies or happens there.",
    ),
    asked("country", Shape::Country, "The country."),
    may("area", Shape::Word(AREAS), "The area, where no country is named."),
    may("place", Shape::Text, "The place in words."),
    may("only", Shape::Flag, "Nowhere else.").stricter(Stricter::Yes),
];

/// Areas that agreements name.
pub(super) const AREAS: &[&str] = &["anywhere", "eu", "eu-eea", "europe", "further-countries", "se"];

const SENSITIVE: &[Key] = &[
    asked("stated", Shape::Word(&["may-occur", "none", "occurs"]), "What the text says."),
    may("categories", Shape::Names(Of::Category), "Which categories."),
    may("subjects", Shape::Names(Of::Subject), "Whose."),
    may("none-of", Shape::Names(Of::Subject), "About whom the text says that there are none."),
    may("safeguards", Shape::AnyWords, "What protects them beyond the rest.").stricter(Stricter::Longer),
    may("purpose", Shape::Name(Of::Purpose), "The one purpose they may be used for."),
    may("treated-as", Shape::Word(&["ordinary", "special-category"]), "How the platform treats them.")
        .stricter(Stricter::Unordered),
];

const INSTRUCTIONS: &[Key] = &[
    asked("only-documented", Shape::Flag, "Whether only documented instructions count (Art. 28(3)(a)).")
        .stricter(Stricter::Yes),
    asked(
        "exception",
        Shape::Word(&["any-law", "none", "union-or-member-state-law"]),
        "What may be done without an instruction.",
    ),
    asked("informs-before-exception", Shape::Flag, "Whether the controller is told before the exception is used.")
        .stricter(Stricter::Yes),
    asked("tells-if-unlawful", Shape::Period, "How soon the processor says that an instruction breaks the law.")
        .stricter(Stricter::Less),
    may("tells-if-unlawful-about", Shape::Word(&["everything", "security-measures"]), "About which instructions."),
    asked(
        "form",
        Shape::Word(&["documented", "electronic", "signed-by-both", "written"]),
        "The form of an instruction.",
    ),
    asked("who", Shape::Names(Of::Role), "Who may instruct."),
    may(
        "covers-transfers",
        Shape::Word(&["blanket-permission", "case-by-case", "not-said"]),
        "How far instructions cover \
        transfers.",
    ),
    may("suspend", Shape::Flag, "Whether the controller may suspend the processing.").stricter(Stricter::Yes),
    may("complete", Shape::Flag, "Whether the agreement is the complete instruction."),
    may("own-over-general", Shape::Flag, "Whether the customer's own instruction beats the general one."),
];

const CONFIDENTIALITY: &[Key] = &[
    must("binds", Shape::Words(&["auditors", "consultants", "controller", "staff", "subprocessors"]), "Who is bound.")
        .stricter(Stricter::Longer),
    may("instrument", Shape::Word(&["agreement", "employment-contract", "undertaking"]), "What binds them."),
    may("need-to-know", Shape::Flag, "Only those who need it see the data.").stricter(Stricter::Yes),
    asked("survives", Shape::Flag, "Whether it lasts after the end.").stricter(Stricter::Yes),
    may(
        "covers",
        Shape::Words(&["business-secrets", "information-on-processing", "login-data", "personal-data"]),
        "What it \
        covers.",
    )
    .stricter(Stricter::Longer),
    may("except", Shape::Words(&["known-facts", "law-demands"]), "What it does not cover."),
];

const MEASURE: &[Key] = &[
    must("label", Shape::Label, "The measure."),
    must("kind", Shape::Word(KINDS), "performed, checked, evidenced or recorded; see the duties."),
    may("concept", Shape::Concept, "The concept of the vocabulary."),
    may(
        "area",
        Shape::Word(&[
            "access-control",
            "backup",
            "encryption-at-rest",
            "encryption-in-transit",
            "evaluation",
            "firewall",
            "fire",
            "logging",
            "malware",
            "multi-factor",
            "organisation",
            "physical",
            "policies",
            "power",
            "redundancy",
            "separation",
            "training",
            "other",
        ]),
        "What it protects by.",
    ),
    may("every", Shape::Period, "How often it is done; asked for where the text says *regularly*.")
        .stricter(Stricter::Less),
    may("evidence", Shape::Words(EVIDENCE), "What proves it.").stricter(Stricter::Longer),
    may("applies-to", Shape::AnyWords, "To what it applies."),
    may("by", Shape::Word(PARTIES), "Whose measure it is; the processor's where nothing is said."),
];

const SECURITY: &[Key] = &[
    asked("all-of-article-32", Shape::Flag, "Whether all measures of Art. 32 are promised, not only those listed.")
        .stricter(Stricter::Yes),
    asked("may-not-lower", Shape::Flag, "Whether changes may not lower the level.").stricter(Stricter::Yes),
    may("approved-by-controller", Shape::Flag, "Whether the controller has approved the measures."),
    may("beyond-is-paid-by", Shape::Word(PARTIES), "Who pays for what goes beyond."),
];

const QUOTA: &[Key] = &[
    must("label", Shape::Label, "What is limited."),
    must("at-most", Shape::Count, "The limit.").stricter(Stricter::Less),
    must("unit", Shape::Word(&["accounts-per-person", "gigabytes", "licences-per-user", "users"]), "Its unit."),
    may("otherwise", Shape::Word(&["pay", "refuse"]), "What happens beyond it."),
];

const CONTENT: &[Key] = &[
    must(
        "forbidden",
        Shape::Words(&["continuous-streams", "films", "music", "programs", "unlawful"]),
        "What may not be stored.",
    )
    .stricter(Stricter::Longer),
    may("removed-by", Shape::Word(PARTIES), "Who may remove it."),
    may("removal-needs", Shape::Words(&["journal-entry", "notice", "reason"]), "What removing it needs.")
        .stricter(Stricter::Longer),
];

pub(super) const BLOCKS: &[Block] = &[
    once("processing", "What the processing is (Art. 28(3), first sentence).", &[PROCESSING]),
    each("activity", "A category of processing that is carried out (Art. 30(2)(b)).", &[ACTIVITY]),
    each("location", "A place where data lies or is reached from.", &[LOCATION]),
    each("sensitive", "Data that the law protects more.", &[SENSITIVE]).ids(&[
        "children",
        "criminal-offences",
        "free-text",
        "personal-identity-number",
        "sickness",
        "special-categories",
        "union-membership",
    ]),
    once("instructions", "The controller's instructions.", &[INSTRUCTIONS]),
    each("confidentiality", "Who keeps secrets.", &[CONFIDENTIALITY]),
    once("security", "The duty to protect (Art. 32).", &[SECURITY]),
    each("measure", "One technical or organisational measure.", &[MEASURE]),
    each("quota", "A limit on use.", &[QUOTA]),
    once("content", "What may be stored.", &[CONTENT]),
];
