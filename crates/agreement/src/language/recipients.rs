//! Blocks about others who receive data: how subprocessors are authorised, and where data may go.

use super::processing::AREAS;
use super::{Block, Key, Of, Shape, Stricter, asked, list, may, must, once};

const SUBPROCESSING: &[Key] = &[
    asked("authorisation", Shape::Word(&["general", "specific"]), "How the controller authorises (Art. 28(2))."),
    asked("area", Shape::Word(AREAS), "Where subprocessors may be."),
    asked("listed", Shape::Flag, "Whether the text lists them."),
    may("list-is-approved", Shape::Flag, "Whether the list is approved at the start."),
    asked(
        "duties",
        Shape::Word(&["equivalent", "own-contract", "same"]),
        "Which duties they get by contract (Art. 28(4)); own-contract: a contract, and not which duties it holds.",
    ),
    asked("liable", Shape::Word(&["as-for-itself", "not-said"]), "Whether the processor answers for them."),
    may("may-sign-for-controller", Shape::Flag, "Whether the processor may sign clauses in the controller's name.")
        .stricter(Stricter::No),
    asked("right-to-object", Shape::Flag, "Whether the controller may object (Art. 28(2)).").stricter(Stricter::Yes),
    asked("copy-on-request", Shape::Flag, "Whether the contract is shown on request.").stricter(Stricter::Yes),
    asked("whole-chain", Shape::Flag, "Whether subprocessors of subprocessors are named.").stricter(Stricter::Yes),
    asked("third-party-beneficiary", Shape::Flag, "Whether the controller steps in when the processor is insolvent.")
        .stricter(Stricter::Yes),
    asked("emergency", Shape::Label, "What holds when one must be replaced at once."),
    asked("incident-notice", Shape::Period, "How soon a subprocessor must tell the processor of an incident.")
        .stricter(Stricter::Less),
    may("register", Shape::Words(&["contact", "data", "name", "place", "task"]), "What the register of them holds.")
        .stricter(Stricter::Longer),
];

const TRANSFERS: &[Key] = &[
    asked("area", Shape::Word(AREAS), "Where data may be without more."),
    asked(
        "beyond",
        Shape::Word(&["ground", "permitted", "refused", "written-approval", "written-approval-and-ground"]),
        "What \
        it takes to leave the area.",
    ),
    may("grounds", Shape::AnyWords, "Grounds that the text names, in its own words."),
    may("organisations-too", Shape::Flag, "Whether international organisations count as outside.")
        .stricter(Stricter::Yes),
    may("onward-access", Shape::Flag, "Whether access by a parent outside the area is declared.")
        .stricter(Stricter::Yes),
    may("impact-assessment", Shape::Flag, "Whether transfers are assessed first.").stricter(Stricter::Yes),
    may(
        "customer-abroad",
        Shape::Word(&["is-instruction", "not-said"]),
        "What the customer's own use from outside the area counts as.",
    ),
];

const TRANSFER: &[Key] = &[
    must("subprocessor", Shape::Name(Of::Subprocessor), "To whom."),
    must("basis", Shape::Text, "The basis, by its id in the dated law of the platform, such as `scc-2021-m3`."),
    may("module", Shape::Text, "The module of the clauses."),
    may("evidence", Shape::Text, "Where the signed clauses or the listing lie."),
    may("checked", Shape::Date, "When somebody last looked."),
];

const DISCLOSURE_RULE: &[Key] = &[
    must(
        "needs",
        Shape::Word(&["consent", "consent-of-the-other", "written-consent"]),
        "What a disclosure needs first.",
    ),
    may(
        "unless",
        Shape::Words(&["contracted-integration", "law-demands", "main-agreement"]),
        "When it may be without.",
    )
    .stricter(Stricter::Fewer),
    may("covers", Shape::Words(&["information-on-processing", "personal-data"]), "What may not be disclosed.")
        .stricter(Stricter::Longer),
    may("represents-controller", Shape::Flag, "Whether the processor may act in the controller's name.")
        .stricter(Stricter::No),
    may(
        "third-country-orders",
        Shape::Word(&["as-others", "international-agreement", "refused"]),
        "How an order of a third country's court or authority is met (Art. 48).",
    ),
    may("purpose-of-law", Shape::Text, "What law would have to demand."),
];

pub(super) const BLOCKS: &[Block] = &[
    once("subprocessing", "How subprocessors are authorised and bound (Art. 28(2), 28(4)).", &[SUBPROCESSING]),
    once("transfers", "Where data may go (Chapter V).", &[TRANSFERS]),
    list("transfer", "The basis on which one recipient outside the area receives data.", &[TRANSFER]),
    once("disclosures", "What a disclosure to others needs.", &[DISCLOSURE_RULE]),
];
