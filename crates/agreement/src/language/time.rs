//! Blocks about time: how the contract counts, when people are there, how available the service is.

use super::duties::CHANNELS;
use super::{Block, Key, Of, Shape, Stricter, asked, each, list, may, must, once};

const CALENDAR: &[Key] = &[
    may("zone", Shape::Text, "The time zone; Europe/Stockholm where nothing is said."),
    asked(
        "counting",
        Shape::Word(&["lagen-1930-173", "plain", "regulation-1182-71"]),
        "By which rules a period is counted and a last day moved.",
    ),
    asked("saturday-is-working-day", Shape::Flag, "Whether Saturday is a *helgfri vardag*."),
    asked("eves-are-free", Shape::Flag, "Whether Midsummer Eve, Christmas Eve and New Year's Eve count as holidays."),
];

const SUPPORT_HOURS: &[Key] = &[
    must("opens", Shape::Time, "When support opens on working days.").stricter(Stricter::Less),
    must("closes", Shape::Time, "When it closes.").stricter(Stricter::More),
    may("lunch-from", Shape::Time, "When lunch begins."),
    may("lunch-to", Shape::Time, "When lunch ends."),
    may("closes-before-holiday", Shape::Time, "When it closes on the day before a holiday.").stricter(Stricter::More),
    may("lunch-before-holiday", Shape::Flag, "Whether lunch is kept on such a day."),
    may(
        "otherwise-counts-from",
        Shape::Word(&["next-opening", "next-working-day"]),
        "From when a message at another time \
        counts.",
    ),
    may("starts-within", Shape::Period, "How soon work on a case begins.").stricter(Stricter::Less),
    may("free-days", Shape::Count, "How many weekdays a year may be without support.").stricter(Stricter::Less),
    may("free-days-ahead", Shape::Period, "How long ahead such a day is announced.").stricter(Stricter::More),
    may("free-days-by", Shape::Words(CHANNELS), "How it is announced."),
    may("excludes", Shape::AnyWords, "What support does not do."),
    may("channels", Shape::Words(CHANNELS), "How support is reached."),
];

const RECEIPT: &[Key] = &[
    must(
        "received",
        Shape::Word(&["next-working-day", "on-sending", "on-signature", "same-day-before-cut-off"]),
        "When what is sent counts as received.",
    ),
    may("cut-off", Shape::Time, "Before which time proven receipt counts the same day."),
    may("proof", Shape::Flag, "Whether the earlier day needs proof of receipt."),
    may("language", Shape::Text, "The language it must be in."),
];

const AVAILABILITY: &[Key] = &[
    asked("at-least", Shape::Percent, "The promised level.").stricter(Stricter::More),
    must("over", Shape::Period, "The period over which it is measured."),
    may("counts-from", Shape::Word(&["outage", "report"]), "From when an outage counts."),
    may(
        "report-outside-hours-counts-from",
        Shape::Word(&["next-opening", "report"]),
        "From when a report outside support \
        hours counts.",
    ),
    may("only-total-outage", Shape::Flag, "Whether only a total outage counts.").stricter(Stricter::No),
    may("planned-stops-count", Shape::Flag, "Whether planned stops count.").stricter(Stricter::Yes),
    may("on-claim", Shape::Flag, "Whether the customer must claim the reduction.").stricter(Stricter::No),
    asked("fee-base", Shape::Word(&["month", "quarter", "year"]), "The fee that is reduced."),
    may("excludes", Shape::AnyWords, "What does not count."),
    may("hours-a-day", Shape::Count, "How many hours a day the service is open."),
];

const REDUCTION: &[Key] = &[
    may("from", Shape::Percent, "The row holds from this level."),
    may("above", Shape::Percent, "The row holds above this level."),
    may("below", Shape::Percent, "The row holds below this level."),
    may("up-to", Shape::Percent, "The row holds up to and with this level."),
    must("reduces", Shape::Percent, "How much of the fee is given back.").stricter(Stricter::More),
];

const PLANNED_STOP: &[Key] = &[
    must(
        "weekday",
        Shape::Word(&["friday", "monday", "saturday", "sunday", "thursday", "tuesday", "wednesday"]),
        "The weekday.",
    ),
    must("which", Shape::Word(&["every", "first", "last"]), "Which one of the month."),
    must("from", Shape::Time, "When it begins."),
    must("to", Shape::Time, "When it ends."),
    may("else-announced", Shape::Flag, "Other times are announced."),
];

const PROGRAM: &[Key] = &[
    must("label", Shape::Label, "What it is called."),
    may("price", Shape::Names(Of::Block("price")), "What it costs."),
];

pub(super) const BLOCKS: &[Block] = &[
    once("calendar", "How days are counted.", &[CALENDAR]),
    once("support-hours", "When support is there.", &[SUPPORT_HOURS]),
    each("receipt", "When a message through one channel counts as received.", &[RECEIPT]).ids(CHANNELS),
    once("availability", "How much of the time the service answers.", &[AVAILABILITY]),
    list("reduction", "One row of the table of reductions. The edges say to which row a level belongs.", &[REDUCTION]),
    list("planned-stop", "A stop that is planned.", &[PLANNED_STOP]),
    each("program", "A program of the service that is sold by itself.", &[PROGRAM]),
];
