//! Blocks of a register: a list of those who receive personal data, as a controller or a processor publishes it. It allows
//! nothing and promises nothing of Art. 28; it says who may receive what, where, and on which ground.

use super::{Block, Key, Of, Shape, asked, list, may, must, once};

/// What an organisation is towards the data that it receives.
pub(crate) const ROLES: &[&str] = &["controller", "joint-controller", "processor"];

const REGISTER: &[Key] = &[
    must("service", Shape::Text, "The service whose people the register is about."),
    must("title", Shape::Label, "Its title."),
    must("language", Shape::Text, "The language of the prose, BCP 47."),
    must("published", Shape::Date, "The day it carries."),
    must("says-it-is", Shape::Text, "What the text calls itself, in its own words."),
    must("of", Shape::Word(ROLES), "In which role the publisher publishes it."),
    asked("publisher", Shape::Text, "Who publishes it."),
    asked("registration-number", Shape::Text, "The publisher's registration number."),
    may("audience", Shape::Label, "For whom it is published."),
    may("columns", Shape::AnyWords, "What is said of each recipient."),
    may("stale-after", Shape::Period, "How old it may be before its readers are told."),
];

const RECIPIENTS: &[Key] = &[
    must("otherwise", Shape::Word(&["refuse"]), "Who is not in the register receives nothing."),
    must(
        "unless",
        Shape::Word(&["nothing", "permission-of-the-controller", "permission-of-the-data-subject"]),
        "What opens the list to somebody else.",
    ),
    must("says", Shape::Word(&["may-be-used", "used"]), "Whether those in it are used, or may be."),
];

const RECIPIENT: &[Key] = &[
    must("id", Shape::Text, "Its id; one organisation with two tasks has two."),
    must("name", Shape::Text, "The organisation, as written."),
    may(
        "supplier",
        Shape::Name(Of::Block("recipient")),
        "The id of the organisation's first row, where it has several.",
    ),
    must("reason", Shape::Label, "Why it receives data, as the text has it."),
    must("data", Shape::Text, "The data as the text words it; where it words none, `{ not-found = \"…\" }`."),
    asked("categories", Shape::Names(Of::Category), "The categories that those words mean."),
    must("country", Shape::Country, "The country."),
    must("grounds", Shape::AnyWords, "The grounds as stated, by their ids in the dated law, such as `gdpr-6-1-b`."),
    may(
        "transfer",
        Shape::Text,
        "The basis for a transfer as stated, by its id in the dated law, such as `scc-2021-m3`.",
    ),
    asked("stated-role", Shape::Word(ROLES), "What the text says that it is."),
    asked("treated-role", Shape::Word(ROLES), "What the platform treats it as."),
    may("for", Shape::AnyWords, "For what alone, such as the top-level domains."),
    may("not-for", Shape::AnyWords, "For what not."),
    may("only-existing", Shape::Flag, "Whether it keeps what is there and takes nothing new."),
    must(
        "treated",
        Shape::Word(&["blocked", "open", "warned"]),
        "blocked: receives nothing until a person has recorded what is missing; warned: somebody must decide.",
    ),
    may("flag", Shape::Text, "What a reader should be told."),
];

pub(super) const BLOCKS: &[Block] = &[
    once("register", "The register itself.", &[REGISTER]).of_register(),
    once("recipients", "What holds for those who are not in it.", &[RECIPIENTS]).of_register(),
    list("recipient", "One who receives data, for one reason at one place (Art. 13(1)(e), 30(1)(d)).", &[RECIPIENT])
        .of_register(),
];
