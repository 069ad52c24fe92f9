//! Blocks about money: prices, rates, caps, who answers for what.

use super::duties::PARTIES;
use super::{Block, Key, Of, Shape, Stricter, asked, each, may, must, once};

const RATE: &[Key] = &[
    must("label", Shape::Label, "The work that it is for."),
    asked("amount", Shape::Money, "What an hour costs, before VAT.").stricter(Stricter::Less),
    may(
        "standard",
        Shape::Word(&["by-agreement", "price-list", "reasonable"]),
        "The measure, where there is no amount.",
    ),
    may("smallest-unit", Shape::Period, "The smallest unit that is charged.").stricter(Stricter::Less),
];

const PRICE: &[Key] = &[
    must("label", Shape::Label, "What it is the price of."),
    asked("amount", Shape::Money, "The price, before VAT.").stricter(Stricter::Less),
    must("per", Shape::Word(&["licence", "month", "piece", "user-and-month"]), "For what."),
    may("at-most", Shape::Money, "The most that is charged.").stricter(Stricter::Less),
    may("at-most-per", Shape::Word(&["month", "user", "user-and-month"]), "For what the most is charged."),
    may("from", Shape::Date, "From when it holds."),
    may("whole-months", Shape::Flag, "Whether only whole months are charged."),
    may("includes", Shape::AnyWords, "What it holds."),
    may("excludes", Shape::AnyWords, "What is paid besides."),
];

const INDEXATION: &[Key] = &[
    must("on-day", Shape::Text, "The day of the year, as `01-01`."),
    must("indices", Shape::AnyWords, "The indices, as the text names them."),
    must("ceiling", Shape::Word(&["average", "highest", "lowest"]), "Which of the rises is the ceiling."),
    must("base", Shape::Text, "The month from which they count, as `2014-10`."),
    may("on-top", Shape::AnyWords, "What may be added on top."),
    may("on-top-ahead", Shape::Period, "How long ahead that is told.").stricter(Stricter::More),
];

const INVOICING: &[Key] = &[
    asked("every", Shape::Period, "How often."),
    may("in", Shape::Word(&["advance", "arrears"]), "Before or after the period."),
    asked("pay-within", Shape::Period, "When it is to be paid, from the day of the invoice.").stricter(Stricter::More),
    may("vat", Shape::Word(&["added", "included"]), "Whether VAT is added."),
    may("currency", Shape::Text, "The currency, ISO 4217."),
    may("retroactive", Shape::AnyWords, "For which costs a price may rise after the event."),
    may("refunds-prepaid", Shape::Flag, "Whether prepaid fees are given back.").stricter(Stricter::Yes),
    may(
        "beyond-licences",
        Shape::Word(&["price-list-at-once", "price-list-at-once-and-audit-cost"]),
        "What use beyond the \
        licences costs.",
    ),
];

const LATE: &[Key] = &[
    may("interest", Shape::Text, "The act that sets the interest, by its id in the dated law."),
    may("reminder-fee", Shape::Money, "The fee for a reminder.").stricter(Stricter::Less),
    may("on-demand", Shape::Flag, "Whether it is paid only on demand."),
];

const FEE: &[Key] = &[
    must("label", Shape::Label, "The work."),
    must("rate", Shape::Name(Of::Block("rate")), "The rate that it is paid by."),
    may("who", Shape::Word(PARTIES), "Who pays."),
    may("free-when", Shape::Words(&["own-breach", "self-service"]), "When it is free.").stricter(Stricter::Longer),
    may("by-agreement", Shape::Flag, "Whether the amount is agreed each time."),
];

const LIABILITY: &[Key] = &[
    must("who", Shape::Word(PARTIES), "Whose."),
    must("damage", Shape::Words(&["direct", "fines", "indirect", "recourse"]), "Which damage."),
    must(
        "answers",
        Shape::Word(&["bears-own", "full", "none", "only-gross-negligence-or-intent", "party-at-fault", "up-to-cap"]),
        "How \
        far.",
    ),
    may("cap-months", Shape::Count, "The cap, in months of the fee."),
    may("cap-of", Shape::Word(&["fees-paid-for-the-service", "subscription-fee-of-the-service"]), "Of which fee."),
    may("cap-since-first-order", Shape::Flag, "Whether a shorter time since the first order is the measure."),
    may(
        "not-for",
        Shape::Words(&["gross-negligence", "intellectual-property", "intent"]),
        "What the cap does not hold for.",
    ),
    may("claim-within", Shape::Period, "How soon it must be claimed."),
    may("only-between-parties", Shape::Flag, "Whether the data subject's right stays whole."),
];

const INSURANCE: &[Key] = &[
    must("who", Shape::Word(PARTIES), "Who is insured."),
    may("certificate", Shape::Word(&["always", "on-request"]), "When the certificate is shown."),
    asked("sum", Shape::Money, "The sum insured.").stricter(Stricter::More),
    asked("valid-to", Shape::Date, "Until when."),
];

pub(super) const BLOCKS: &[Block] = &[
    each("rate", "What an hour of work costs.", &[RATE]),
    each("price", "What the service or a part of it costs.", &[PRICE]),
    once("indexation", "How prices follow indices.", &[INDEXATION]),
    once("invoicing", "How it is invoiced.", &[INVOICING]),
    once("late", "What late payment costs.", &[LATE]),
    each("fee", "Work that is paid, where no duty says so.", &[FEE]),
    each("liability", "Who answers for which damage, how far.", &[LIABILITY]),
    once("insurance", "The insurance.", &[INSURANCE]),
];
