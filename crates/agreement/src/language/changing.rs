//! Blocks about change: how each object of the agreement may be changed.

use super::duties::{CHANNELS, PARTIES};
use super::{Block, Key, Shape, Stricter, asked, each, may, must};

const CHANGE: &[Key] = &[
    must("by", Shape::Word(PARTIES), "Who may change it."),
    asked(
        "consent",
        Shape::Word(&["agreement", "both-sign", "click", "notice", "none", "silence", "silence-or-use"]),
        "What makes the change bind: both agree in writing, both sign, a click, a notice alone, nothing at all, silence.",
    ),
    asked("ahead", Shape::Period, "How long before it takes effect it is told.").stricter(Stricter::More),
    may("through", Shape::Words(CHANNELS), "How it is told."),
    may(
        "leave",
        Shape::Word(&["free", "no", "paying-in-full", "yes"]),
        "Whether the other side may leave because of it.",
    ),
    may("leave-within", Shape::Period, "How long.").stricter(Stricter::More),
    may("may-not-widen", Shape::Words(&["categories", "places", "purposes", "recipients"]), "What it may not widen.")
        .stricter(Stricter::Longer),
    may("documented", Shape::Flag, "Whether the change is documented.").stricter(Stricter::Yes),
];

pub(super) const BLOCKS: &[Block] = &[each("change", "How one object may be changed.", &[CHANGE]).ids(&[
    "content",
    "data-processing-agreement",
    "instructions",
    "internal-rules",
    "prices",
    "security-rules",
    "service",
    "service-level",
    "specification",
    "subprocessors",
    "terms",
    "users",
])];
