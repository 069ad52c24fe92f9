//! Blocks about the documents: what belongs to the bundle, which wins, how it is accepted, when it begins and ends, what is
//! odd about it.

use super::{Block, Key, Of, Shape, Stricter, asked, each, list, may, must, once};

const DOCUMENT: &[Key] = &[
    must("label", Shape::Label, "What it is called."),
    must(
        "part",
        Shape::Word(&[
            "annex",
            "data-processing-agreement",
            "instructions",
            "main-agreement",
            "processing-basis",
            "price-list",
            "privacy-policy",
            "register",
            "security",
            "service-level",
            "specification",
            "subprocessor-list",
            "supplement",
            "terms",
        ]),
        "What it is in the bundle.",
    ),
    must("status", Shape::Word(&["empty", "link-missing", "missing", "present"]), "Whether the text is there."),
    may("needed-for", Shape::AnyWords, "What cannot be settled without it."),
    may("version", Shape::Text, "Its version, as printed."),
    may("from", Shape::Date, "From when it is valid."),
];

const PRECEDES: &[Key] = &[
    must("document", Shape::Name(Of::Block("document")), "The document that wins."),
    must("over", Shape::Names(Of::Block("document")), "The documents that yield."),
    must(
        "topic",
        Shape::Word(&["earlier-instructions", "everything", "liability", "personal-data", "secrecy"]),
        "About what.",
    ),
    may("stricter-wins", Shape::Flag, "The stricter rule wins, wherever it stands."),
    may("literally", Shape::Text, "What the words say, where they cannot be meant."),
];

const ACCEPTANCE: &[Key] = &[
    asked("by", Shape::Words(&["click", "login", "registration", "signature", "use"]), "How the customer accepts."),
    may("at", Shape::Text, "Where or when."),
    may("again-on-change", Shape::Flag, "It is asked for again when the terms change.").stricter(Stricter::Yes),
    may("granted-by-provider", Shape::Flag, "The provider is bound only after it has let the customer in."),
    may(
        "customer-acts-as",
        Shape::Words(&["controller", "processor"]),
        "In which role the customer accepts; one that is itself a processor needs the processor chain (Art. 28(4)).",
    ),
    may("others-may-join", Shape::Flag, "Whether others, as the companies of a group, may join later."),
];

const DURATION: &[Key] = &[
    asked("start", Shape::Word(super::duties::STARTS), "From what it runs."),
    asked(
        "end",
        Shape::Word(&["both-end-together", "until-data-is-gone", "until-notice", "with-main-agreement"]),
        "Until when it runs.",
    ),
    asked("notice", Shape::Period, "The period of notice."),
    may("notice-by", Shape::Word(super::duties::PARTIES), "Who may give notice."),
    may("notice-form", Shape::Word(&["any", "written"]), "The form of the notice."),
    may("survives", Shape::AnyWords, "What goes on after the end."),
];

const LAW: &[Key] = &[
    must("act", Shape::Text, "The act, by its id in the dated law of the platform, such as `gdpr` or `se-pul-1998`."),
    must("role", Shape::Word(&["court", "governs", "names", "or-its-successor"]), "What the text uses it for."),
    may("as-written", Shape::Text, "The name that the text uses, where it is another."),
];

const COURT: &[Key] = &[
    asked("law", Shape::Text, "The law of which country."),
    asked("first", Shape::Text, "The court, or what is tried before it."),
    may("sued-by-processor-at", Shape::Text, "Where the processor sues."),
    may("sued-by-controller-at", Shape::Text, "Where the controller sues."),
];

const DEFINITION: &[Key] = &[
    must("word", Shape::Text, "The word as the text uses it."),
    must("means", Shape::Label, "What it means, briefly."),
    may(
        "alias-of",
        Shape::Word(&[
            "controller",
            "data-protection-law",
            "dpa",
            "knowledge-of-incident",
            "main-agreement",
            "processor",
            "service",
            "supervisory-authority",
        ]),
        "The party, document or law that it is another word for.",
    ),
];

const CONTACT: &[Key] = &[
    asked("address", Shape::Text, "The address."),
    may("at", Shape::Word(super::duties::PARTIES), "Whose it is."),
    may("kept-by", Shape::Word(super::duties::PARTIES), "Who keeps it right."),
    may("function-address", Shape::Flag, "Whether it is a function's and not a person's."),
];

const ODDITY: &[Key] = &[
    must("trap", Shape::Text, "Its number in the list of traps."),
    must("label", Shape::Label, "What is odd."),
    must(
        "action",
        Shape::Word(&["block", "flag", "refuse", "warn"]),
        "refuse: that part is not activated; block: the flow of data is denied; warn: the operator decides, and the \
         decision is kept; flag: both parties are shown it.",
    ),
    may("decided", Shape::Label, "What the operator decided, in two languages. Nothing: undecided."),
    may("by-reading", Shape::Text, "The reading that the platform follows until somebody decides."),
];

const FUNCTION: &[Key] = &[
    must("label", Shape::Label, "What the service does for people."),
    may("kinds", Shape::AnyWords, "The kinds of record that carry it."),
    may("waits-for", Shape::Text, "The part of the platform that it waits for; nothing where it runs."),
    may("off", Shape::Flag, "It stays switched off, and the reason stands in `why`."),
];

const RECORDED: &[Key] = &[
    must("label", Shape::Label, "What the text says."),
    must(
        "about",
        Shape::Word(&[
            "assignment",
            "communication",
            "definitions",
            "force-majeure",
            "intellectual-property",
            "liability",
            "lawfulness",
            "severability",
            "warranty",
            "other",
        ]),
        "What it is about.",
    ),
];

pub(super) const BLOCKS: &[Block] = &[
    each("document", "A document of the bundle, there or missing.", &[DOCUMENT]).of_both(),
    list("precedes", "Which document wins over which, about what.", &[PRECEDES]),
    once("acceptance", "How the customer accepts.", &[ACCEPTANCE]),
    each("duration", "From when until when something runs.", &[DURATION]).ids(&["agreement", "dpa", "service"]),
    each("law", "An act that the text names.", &[LAW]).of_both(),
    once("dispute", "Which law and which court.", &[COURT]),
    each("definition", "A word and what it means.", &[DEFINITION]),
    each("contact", "An address that somebody must keep.", &[CONTACT]).ids(&[
        "administrators",
        "data-protection-officer",
        "incident",
        "notices",
        "support",
    ]),
    each("oddity", "A contradiction or a trap in the text, and what follows.", &[ODDITY]).of_both(),
    each("function", "A function of the service that the text promises or presupposes.", &[FUNCTION]).of_both(),
    each("recorded", "Purely legal text: kept in view, and nothing in the platform follows from it.", &[RECORDED])
        .of_both(),
];
