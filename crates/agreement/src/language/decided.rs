//! The blocks that `decide` runs on, which are read by hand. They stand here so that the schema, the reference and *did you
//! mean* know them; a test holds their keys against those that the reader asks for.

use super::{Block, Key, Of, Shape, Stricter, asked, each, list, may, must, once};
use crate::block_terms::{CHANGERS, REACHES, SIDES, VERBS};

const AGREEMENT: &[Key] = &[
    must("service", Shape::Text, "The service whose processing it governs."),
    must("title", Shape::Label, "Its title."),
    must("version", Shape::Text, "Its version as the parties name it."),
    must("language", Shape::Text, "The language of the prose, BCP 47."),
    asked("published", Shape::Text, "Where or when it was published."),
    may("requires", Shape::AnyWords, "Documents that belong to it but may be missing."),
];
const PARTY: &[Key] = &[
    asked("name", Shape::Text, "The name; a placeholder is not found."),
    asked("registration-number", Shape::Text, "The registration number."),
];
const PRECEDENCE: &[Key] = &[
    must("over", Shape::AnyWords, "The documents that yield."),
    may("topic", Shape::Text, "About what; nothing means everything."),
];
const OTHERWISE: &[Key] = &[
    must("otherwise", Shape::Word(&["refuse"]), "What is not allowed is refused."),
    must("changed-by", Shape::Word(&CHANGERS), "Who can change that."),
];
const IN_FORCE: &[Key] = &[asked("from", Shape::Text, "The start as the agreement words it.")];
const PURPOSE: &[Key] =
    &[must("label", Shape::Label, "Its label."), may("dpv", Shape::Concept, "The concept of the vocabulary.")];
const SUBJECT: &[Key] = &[
    must("label", Shape::Label, "Its label."),
    may("alias", Shape::AnyWords, "Other words for the same people."),
    may("declared", Shape::Flag, "Whether the agreement lists them."),
];
const CATEGORY: &[Key] = &[
    must("label", Shape::Label, "Its label."),
    may("dpv", Shape::Concept, "The concept of the vocabulary."),
    may("free-text", Shape::Flag, "Whether it is written freely."),
];
const DECLARES: &[Key] = &[
    must("subject", Shape::Name(Of::Subject), "The data subjects."),
    must("categories", Shape::Names(Of::Category), "The categories."),
];
const ROLE: &[Key] = &[
    must("label", Shape::Label, "Its label."),
    must("side", Shape::Word(&SIDES), "Whose people have it."),
    may("administers", Shape::Flag, "Whether it gives and ends accounts on its side."),
];
const MAY: &[Key] = &[
    must("role", Shape::Names(Of::Role), "Who may."),
    must("verbs", Shape::Words(&VERBS), "What."),
    must("purpose", Shape::Names(Of::Purpose), "Why."),
    must("subject", Shape::Names(Of::Subject), "About whom."),
    must("categories", Shape::AnyWords, "Which data; `declared` for all."),
    may("within", Shape::Text, "Only within an open case, as `case:ID`."),
    may("reach", Shape::Words(&REACHES), "Only records that are the actor's own, assigned to it, or of its unit.")
        .stricter(Stricter::Fewer),
    may(
        "needs-consent",
        Shape::Text,
        "Only where the person has given a consent, a record of this kind in its first state.",
    ),
];
const CASE: &[Key] = &[
    must("label", Shape::Label, "Its label."),
    must("opened-by", Shape::Names(Of::Role), "Who may open it."),
    must("purpose", Shape::Name(Of::Purpose), "The purpose of acts within it."),
    must("kind", Shape::Text, "The kind of record that holds it."),
];
const HELD_AS: &[Key] = &[
    may("subject", Shape::Name(Of::Subject), "As whose data it counts."),
    may("category", Shape::Name(Of::Category), "As which category."),
];
const LOGGING: &[Key] = &[
    must("access", Shape::Text, "Which access is logged."),
    must("shown-to", Shape::Names(Of::Role), "To whom the log is shown."),
    asked("keep", Shape::Text, "How long it is kept."),
];
const ACCOUNTS: &[Key] = &[
    must("personal", Shape::Flag, "Whether each account belongs to one person."),
    must("shared", Shape::Word(&["refuse"]), "Shared accounts are refused."),
    asked("second-factor", Shape::Words(&SIDES), "Whose people need a second factor."),
    must("changed-by", Shape::Word(&CHANGERS), "Who can give an account back."),
];
const SUBPROCESSOR: &[Key] = &[
    must("id", Shape::Text, "Its id; one organisation with two tasks has two."),
    must("name", Shape::Text, "The organisation."),
    must("task", Shape::Label, "What it does."),
    asked("country", Shape::Country, "The country."),
    asked("place", Shape::Text, "The place in words."),
    asked("categories", Shape::Names(Of::Category), "Which categories it may receive."),
    may("purpose", Shape::Names(Of::Purpose), "For which purposes; nothing means every purpose."),
    may("data", Shape::Text, "The data as the text words it."),
    may("if-chosen", Shape::Flag, "Only for customers who chose it."),
    may("parent-country", Shape::Text, "The country of the organisation behind it, where that is another."),
    may("registration-number", Shape::Text, "Its registration number."),
    may("address", Shape::Text, "Its address."),
    may("contact", Shape::Text, "How it is reached."),
    may("hosts", Shape::AnyWords, "The host names that belong to it."),
    may("flag", Shape::Text, "What a reader should be told."),
];
const MENTIONED: &[Key] = &[
    must("organisation", Shape::Text, "The organisation."),
    must("flag", Shape::Text, "What a reader should be told about it."),
];

pub(super) const BLOCKS: &[Block] = &[
    once("agreement", "The document itself.", &[AGREEMENT]).by_hand(),
    each("party", "A party.", &[PARTY]).ids(&["controller", "processor"]).by_hand(),
    once("precedence", "Over which documents this one wins.", &[PRECEDENCE]).by_hand(),
    once("in-force", "From when it governs.", &[IN_FORCE, OTHERWISE]).by_hand(),
    each("purpose", "One purpose (Art. 28(3)).", &[PURPOSE]).by_hand(),
    once("purposes", "Other purposes are refused.", &[OTHERWISE]).by_hand(),
    each("subject", "A category of data subjects.", &[SUBJECT]).of_both().by_hand(),
    each("category", "A category of personal data.", &[CATEGORY]).of_both().by_hand(),
    once("categories", "Other categories are refused.", &[OTHERWISE]).by_hand(),
    list("declares", "These categories of these data subjects may be processed.", &[DECLARES]).by_hand(),
    each("role", "What a person may be.", &[ROLE]).by_hand(),
    list("may", "A rule; what no rule allows is refused.", &[MAY]).by_hand(),
    once("access", "What no rule allows is refused.", &[OTHERWISE]).by_hand(),
    each("case", "A case that only the customer opens.", &[CASE]).by_hand(),
    once("logging", "The access log.", &[LOGGING, HELD_AS]).by_hand(),
    once("accounts", "Accounts are personal.", &[ACCOUNTS, HELD_AS]).by_hand(),
    list("subprocessor", "A recipient in one task at one place (Art. 28(2), 28(4)).", &[SUBPROCESSOR]).by_hand(),
    once("subprocessors", "Other recipients are refused.", &[OTHERWISE]).by_hand(),
    list("mentioned", "An organisation that the text names and does not list.", &[MENTIONED]).by_hand(),
];
