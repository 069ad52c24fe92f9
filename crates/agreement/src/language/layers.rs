//! Blocks of layers: a customer's supplement or single instruction over the provider's text. `[[may-not]]` may stand in the
//! provider's own text too.

use super::{Block, Key, Of, Shape, Stricter, list, may, must, once};
use crate::block_terms::VERBS;

const LAYER: &[Key] = &[
    must("name", Shape::Text, "Its own name, unique among the layers of a customer."),
    must("of", Shape::Text, "The service whose agreement it lies over."),
    must(
        "kind",
        Shape::Word(&["instruction", "supplement"]),
        "A supplement of the customer's, or a single instruction.",
    ),
    must("title", Shape::Label, "What it is called."),
    must("version", Shape::Text, "Its version."),
    must("language", Shape::Text, "The language of the prose, BCP 47."),
    must("from", Shape::Date, "From which day it holds."),
    may("until", Shape::Date, "The last day on which it holds."),
    must("accepted-by", Shape::Words(&["controller", "processor"]), "Who has accepted it.").stricter(Stricter::Longer),
];

const MAY_NOT: &[Key] = &[
    may("role", Shape::Names(Of::Role), "Who may not; nothing means nobody may."),
    may("verbs", Shape::Words(&VERBS), "What; nothing means everything."),
    may("purpose", Shape::Names(Of::Purpose), "For which purposes; nothing means every purpose."),
    may("subject", Shape::Names(Of::Subject), "About whom; nothing means anybody."),
    may("categories", Shape::Names(Of::Category), "Which data; nothing means all."),
];

const WITHOUT: &[Key] = &[must("subprocessor", Shape::Name(Of::Subprocessor), "The recipient that receives nothing.")];

const CHOSEN: &[Key] = &[must("subprocessor", Shape::Name(Of::Subprocessor), "The recipient that the customer chose.")];

const SETTLES: &[Key] = &[
    must("term", Shape::Text, "The term that two layers state differently, as `backup` or `retention.logs`."),
    must("key", Shape::Text, "The key of the term."),
    must("wins", Shape::Text, "The layer that wins, by its name; `agreement` for the provider's text."),
    must("decided-by", Shape::Text, "Who decided, as a function and not a person's name."),
    must("decided", Shape::Date, "When."),
];

pub(super) const BLOCKS: &[Block] = &[
    once("layer", "The layer itself.", &[LAYER]),
    list("may-not", "A prohibition; it beats every rule.", &[MAY_NOT]),
    list("without", "A recipient that gets nothing of this customer's, as after an objection.", &[WITHOUT]),
    list("chosen", "A recipient marked `if-chosen` that this customer chose.", &[CHOSEN]),
    list("settles", "A person's decision between two layers that have no order.", &[SETTLES]),
];
