//! Blocks that bring duties into the world: `[EVENT.ACT]`. When the event happens, each of its blocks is a duty.
//!
//! One shape for all: who does what, to whom, how soon, and what proves it. The period stands in the contract's own words;
//! where the contract is silent it is *not found*, and never a number of ours.

use super::{Block, Key, Of, Shape, Stricter, asked, each, may, must};

/// Who acts.
pub(super) const PARTIES: &[&str] = &["both", "controller", "either", "processor"];
/// Whom it reaches.
pub(super) const ADDRESSEES: &[&str] = &[
    "auditor",
    "controller",
    "controller.administrators",
    "controller.incident-contacts",
    "court",
    "data-subject",
    "designee",
    "processor",
    "processor.support",
    "staff",
    "subprocessor",
    "supervisory-authority",
    "third-party",
];
/// How it reaches them.
pub(super) const CHANNELS: &[&str] =
    &["courier", "e-mail", "in-service", "in-writing", "invoice", "letter", "login", "phone", "sms", "website"];
/// How a duty is met.
pub(super) const KINDS: &[&str] = &["checked", "evidenced", "performed", "recorded"];
/// What proves it.
pub(super) const EVIDENCE: &[&str] = &[
    "acceptance",
    "calculation",
    "certificate",
    "document",
    "journal-entry",
    "letter-received",
    "letter-sent",
    "measurement",
    "person-attests",
    "record-erased",
    "record-exported",
    "refusal",
    "signature",
];
/// From what the period counts.
pub(super) const STARTS: &[&str] = &[
    "after",
    "discovery",
    "effect",
    "end-of-agreement",
    "end-of-service",
    "engagement",
    "event",
    "invoice-date",
    "knowledge",
    "receipt",
    "registration",
    "report",
    "request",
    "sending",
];

const WORDS: &[Key] = &[
    must("does", Shape::Label, "What is to be done, in a few words."),
    must("who", Shape::Word(PARTIES), "Who has the duty, or the right."),
    must(
        "kind",
        Shape::Word(KINDS),
        "performed: the platform does it; checked: the platform refuses what breaks it; evidenced: a person's dated proof; \
         recorded: it is kept in view and nothing follows.",
    ),
    may("right", Shape::Flag, "It is a right that may be used until the period ends, not a duty."),
    may("to", Shape::Words(ADDRESSEES), "Whom it reaches.").stricter(Stricter::Longer),
    may("by", Shape::Words(CHANNELS), "Through which channels."),
    may("form", Shape::Word(&["any", "click", "signed", "written"]), "The form it must have."),
    may(
        "within",
        Shape::Period,
        "How soon, in the contract's words, after `start`. Where the contract sets no time: \
         `{ not-found = \"…\" }`.",
    )
    .stricter(Stricter::Less),
    may("ahead", Shape::Period, "How long before `of`, at least.").stricter(Stricter::More),
    may("of", Shape::Word(STARTS), "What it must be ahead of."),
    may("start", Shape::Word(STARTS), "From what the period counts; the event itself where nothing is said."),
    may("after", Shape::Text, "The duty whose end starts this one, as `incident.notice`; with `start = \"after\"`."),
    may("target", Shape::Period, "The operator's own clock; not a promise.").stricter(Stricter::Less),
    may(
        "received",
        Shape::Word(&["next-working-day", "on-sending", "on-signature", "same-day-before-cut-off"]),
        "When what is sent counts as received; where nothing is said, `[receipt.CHANNEL]` decides.",
    ),
    may("provides", Shape::Words(CONTENTS), "What is handed over or said.").stricter(Stricter::Longer),
    may(
        "silence",
        Shape::Word(&["acceptance", "anonymised", "erased", "forfeits", "kept", "nothing", "reminder"]),
        "What follows when the period ends and nobody has answered.",
    ),
    may("standard", Shape::Word(&["any", "objective", "reasonable", "subjective"]), "Which reasons count."),
    may(
        "remedy",
        Shape::Word(&[
            "leave-free",
            "leave-paying-in-full",
            "leave",
            "not-engaged",
            "price-reduction",
            "refund",
            "rescind",
            "suspend",
            "do-it-at-their-cost",
        ]),
        "What the other side may then do.",
    ),
    may("leave-within", Shape::Period, "How long the right to leave lasts.").stricter(Stricter::More),
    may(
        "fee",
        Shape::Name(Of::Block("rate")),
        "The rate that the work is paid by; without it the work is free or the text \
         does not say.",
    ),
    may("free-when", Shape::Words(&["own-breach", "self-service"]), "When the work is free all the same.")
        .stricter(Stricter::Longer),
    may(
        "unless",
        Shape::Words(&[
            "consent",
            "contracted-integration",
            "free-of-risk",
            "law-demands",
            "law-forbids",
            "own-breach",
            "public-interest",
        ]),
        "When the duty does not hold.",
    )
    .stricter(Stricter::Fewer),
    may("when", Shape::Label, "A condition that a person judges."),
    may("evidence", Shape::Words(EVIDENCE), "What proves that it was done.").stricter(Stricter::Longer),
    may("in-stages", Shape::Flag, "It may be done in stages.").stricter(Stricter::Yes),
    may("includes-attempts", Shape::Flag, "Attempts count too.").stricter(Stricter::Yes),
    may("on-site", Shape::Word(&["always", "never", "special-reasons"]), "Whether premises are entered."),
    may(
        "by-whom",
        Shape::Words(&["authority", "controller", "mandated-auditor", "independent-third-party"]),
        "Who may do it for them.",
    )
    .stricter(Stricter::Longer),
    may("helps-with", Shape::Words(MATTERS), "Which duties of the controller it helps with (Art. 28(3)(f)).")
        .stricter(Stricter::Longer),
    may("binds-secrecy", Shape::Flag, "Those who take part are bound by secrecy.").stricter(Stricter::Yes),
    may("erased-after", Shape::Flag, "What was gathered is erased afterwards.").stricter(Stricter::Yes),
    may("prevails", Shape::Text, "The document whose rule wins where two disagree about this."),
];

/// The duties of the controller that a processor helps with (Art. 32–36); *all-duties* where the text names none of them.
const MATTERS: &[&str] = &[
    "all-duties",
    "breach-communication",
    "breach-notification",
    "impact-assessment",
    "prior-consultation",
    "security",
];

/// What a message or a document can be about.
const CONTENTS: &[&str] = &[
    "accounts",
    "all-data",
    "categories",
    "comments",
    "consequences",
    "contact",
    "contact-details",
    "copy",
    "data-used",
    "documents",
    "file",
    "grounds",
    "inaccuracy",
    "information-at-hand",
    "legality-review",
    "list",
    "log",
    "measures",
    "name",
    "nature",
    "new-terms",
    "new-price",
    "numbers",
    "place",
    "scope",
    "secrecy-request",
    "security-documents",
    "task",
    "time",
    "type-of-processing",
];

const PERIODIC: &[Key] = &[
    asked("every", Shape::Period, "How often.").stricter(Stricter::Less),
    may("first", Shape::Date, "The first day."),
    may("on-day", Shape::Text, "A day of the year, as `01-01`, where the text names one."),
];

macro_rules! event {
    ($name:literal, $doc:literal) => {
        each($name, $doc, &[WORDS])
    };
}

/// The events of the language, and the two kinds of duty that no event starts.
pub(super) const BLOCKS: &[Block] = &[
    event!("incident", "A personal data breach becomes known (Art. 33)."),
    event!("subprocessor-change", "A subprocessor is to be added or replaced (Art. 28(2))."),
    event!("erasure", "The customer asks for erasure while the agreement runs."),
    event!("request", "A data subject uses a right (Chapter III), at the processor or through the customer."),
    event!("authority", "An authority asks for something (Art. 31, 58)."),
    event!("audit", "The customer, or someone for it, audits (Art. 28(3)(h))."),
    event!("instruction", "The customer instructs, or changes an instruction (Art. 28(3)(a))."),
    event!("termination", "The agreement or the service ends (Art. 28(3)(g))."),
    event!("price-change", "A price is to change."),
    event!("terms-change", "Terms are to change."),
    event!("disclosure", "Somebody else asks for data."),
    event!("third-country", "Data is to leave the agreed area (Chapter V)."),
    event!("misuse", "Accounts or the service are used wrongly, or somebody fears so."),
    event!("registration", "A customer or a user is registered."),
    event!("licence-change", "Licences or users are added or taken away."),
    event!("licence-audit", "The provider asks who used the service."),
    event!("late-payment", "An invoice is not paid in time."),
    event!("invoice", "A period is to be invoiced."),
    event!("outage", "The service does not answer."),
    event!("support-request", "A customer asks for support."),
    event!("error-report", "The service gave a wrong result."),
    event!("claim", "Somebody demands damages."),
    event!("infringement", "Somebody claims that the service infringes a right."),
    event!("force-majeure", "Something beyond control stops a party."),
    event!("staff-change", "Somebody joins, leaves or changes duties."),
    event!("breach", "A party breaks the agreement."),
    event!("upload", "Somebody uploads content."),
    event!("finding", "An automatic check finds something."),
    each("standing", "A duty that holds all the time.", &[WORDS]),
    each("periodic", "A duty that returns.", &[WORDS, PERIODIC]),
];

/// Whether blocks of this name are duties.
#[must_use]
pub fn is_event(name: &str) -> bool {
    BLOCKS.iter().any(|block| block.name == name)
}
