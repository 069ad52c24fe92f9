//! How things may change, what is odd, what runs and what waits, what is only text; and registers of recipients.

use agreement::WarningCode;
use agreement::language::word_name;
use agreement::law::Law;
use agreement::register::{Register as Recipients, Transfer, Treated};
use calendar::{Period, Unit};
use jiff::ToSpan;
use jiff::civil::Date;
use terms::{Label, Sourced};

use super::build::Build;
use super::words::{column, derived, label, list, same, stated};
use super::{Cell, Register, Row, Tone};

pub(super) fn changes(build: &Build<'_>) -> Register {
    let keys = ["by", "consent", "ahead", "through", "leave", "leave-within", "may-not-widen", "documented"];
    build.table("changes", label("Hur avtalet får ändras", "How the agreement may change"), &["change"], &keys)
}

/// Every function: it runs, it waits for a part of the platform, or it is off.
pub(super) fn functions(build: &Build<'_>) -> Register {
    let mut register =
        build.table("functions", label("Tjänstens funktioner", "Functions of the service"), &["function"], &["kinds"]);
    register.columns.push(column("now", "Läge", "Status"));
    for (row, term) in register.rows.iter_mut().zip(build.agreement.terms_of("function")) {
        let (said, tone) = if term.flag("off") == Some(true) {
            match term.text("waits-for") {
                Some(waits) => (
                    label(format!("avstängd; väntar på {waits}"), format!("switched off; waits for {waits}")),
                    Tone::Stop,
                ),
                None => (label("avstängd", "switched off"), Tone::Stop),
            }
        } else if let Some(waits) = term.text("waits-for") {
            (label(format!("väntar på {waits}"), format!("waits for {waits}")), Tone::Open)
        } else {
            (label("finns", "runs"), Tone::Plain)
        };
        row.cells.push(derived(said, tone));
    }
    register
}

pub(super) fn limits(build: &Build<'_>) -> Register {
    build.facts("limits", label("Gränser för användning", "Limits on use"), &["quota", "content"])
}

/// What was found odd on reading, what follows, and whether somebody has decided.
pub(super) fn oddities(build: &Build<'_>) -> Register {
    let keys = ["trap", "action", "by-reading", "decided"];
    let mut register =
        build.table("remarks", label("Anmärkningar vid inläsning", "Remarks on reading"), &["oddity"], &keys);
    for (row, term) in register.rows.iter_mut().zip(build.agreement.terms_of("oddity")) {
        if term.label("decided").is_none() {
            let tone = if matches!(term.text("action"), Some("refuse" | "block")) { Tone::Stop } else { Tone::Open };
            if let Some(cell) = row.cells.last_mut() {
                *cell = derived(label("inte avgjord", "undecided"), tone);
            }
        }
    }
    // A value that was not found is shown as such where it belongs; here stands what cannot be shown there.
    let told = build.agreement.warnings().iter().filter(|warning| warning.code != WarningCode::NotFound);
    for (at, warning) in told.enumerate() {
        register.rows.push(Row {
            id: format!("reader.{}.{at}", warning.code.code()),
            clause: warning.clause.clone(),
            cells: vec![
                derived(same(warning.message.clone()), Tone::Plain),
                Cell::Unsaid,
                derived(word_name("oddity", "action", "warn"), Tone::Open),
                Cell::Unsaid,
                derived(label("inte avgjord", "undecided"), Tone::Open),
            ],
        });
    }
    register
}

/// What is kept in view and from which nothing follows in the platform: with the text and the hash of what it stands in.
pub(super) fn legal_text(build: &Build<'_>) -> Register {
    let agreement = build.agreement;
    let title = label("Antecknat, inte tillämpat", "Recorded, not enforced");
    let mut register = build.table("legal-text", title, &["recorded"], &["about"]);
    register.columns.push(column("rows", "Rader i underlaget", "Rows of the source"));
    register.columns.push(column("text", "Text", "Text"));
    register.columns.push(column("hash", "Textens kontrollsumma", "Hash of the text"));
    for (row, term) in register.rows.iter_mut().zip(agreement.terms_of("recorded")) {
        let clause = agreement.clause(&term.clause);
        let rows = clause.map(|clause| clause.sources.join(", ")).unwrap_or_default();
        row.cells.push(if rows.is_empty() { Cell::Unsaid } else { stated(same(rows)) });
        row.cells.push(clause.map_or(Cell::Unsaid, |clause| stated(same(clause.prose.trim()))));
        row.cells.push(derived(same(agreement.hash().to_string()), Tone::Plain));
    }
    register
}

/// A register of recipients: what it is and how old, and each row with its ground and what carries its transfer on the day.
pub(super) fn of_recipients(register: &Recipients, on: Date) -> Vec<Register> {
    vec![about(register, on), rows(register, on)]
}

fn about(register: &Recipients, on: Date) -> Register {
    let first = register.clauses().first().map(|clause| clause.id.clone());
    let row = |id: &str, name: Label, cell: Cell| Row {
        id: id.to_owned(),
        clause: first.clone(),
        cells: vec![stated(name), cell],
    };
    let publisher = match register.publisher() {
        Some(Sourced::Found { value, .. }) => stated(same(value.to_string())),
        Some(Sourced::NotFound { note }) => Cell::NotFound { note: note.clone() },
        _ => Cell::Unsaid,
    };
    let countries: Vec<String> =
        register.countries().iter().map(|(country, rows)| format!("{country} {rows}")).collect();
    let mut rows = vec![
        row(
            "of",
            label("Utgivarens roll", "Role of the publisher"),
            stated(word_name("register", "of", register.of())),
        ),
        row("publisher", label("Utgivare", "Publisher"), publisher),
        row("says-it-is", label("Kallar sig", "Calls itself"), stated(same(register.calls_itself()))),
        row("published", label("Daterat", "Dated"), stated(same(register.published().to_string()))),
        row("rows", label("Rader", "Rows"), derived(same(register.rows().len().to_string()), Tone::Plain)),
        row(
            "suppliers",
            label("Leverantörer", "Suppliers"),
            derived(same(register.suppliers().to_string()), Tone::Plain),
        ),
        row("countries", label("Länder", "Countries"), derived(same(countries.join(", ")), Tone::Plain)),
    ];
    rows.push(row("age", label("Ålder", "Age"), age(register, on)));
    for term in register.general().iter().filter(|term| term.block == "document" || term.block == "oddity") {
        let name = term.label("label").cloned().unwrap_or_else(|| same(term.name()));
        let (sv, tone) = if term.block == "document" {
            let status = term.text("status").unwrap_or_default();
            let needed = term.words("needed-for").join(", ");
            let said = word_name("document", "status", status);
            let all = if needed.is_empty() { said } else { list(&[said, same(needed)], ": ") };
            (all, if status == "present" { Tone::Plain } else { Tone::Stop })
        } else {
            let said = word_name("oddity", "action", term.text("action").unwrap_or_default());
            let reading = term.text("by-reading").map(same);
            (list(&[Some(said), reading].into_iter().flatten().collect::<Vec<_>>(), ": "), Tone::Open)
        };
        rows.push(Row {
            id: term.name(),
            clause: Some(term.clause.clone()),
            cells: vec![stated(name), derived(sv, tone)],
        });
    }
    Register {
        id: "about",
        title: label("Om registret", "About the register"),
        note: Some(label(
            "Vi som personuppgiftsansvarig: mottagarna är utgivarens egna, och inga underbiträden åt någon kund.",
            "We as controller: the recipients are the publisher's own, and nobody's subprocessors.",
        )),
        columns: vec![column("fact", "Uppgift", "Fact"), column("value", "Så sägs det", "What is said")],
        rows,
    }
}

/// How old the register is, and whether it is older than whoever runs it lets it be without saying so.
fn age(register: &Recipients, on: Date) -> Cell {
    let published = register.published();
    let days = published.until(on).map_or(0, |span| span.get_days());
    let said = label(format!("{days} dagar på dagen {on}"), format!("{days} days on {on}"));
    let limit = register.stale_after().copied();
    let Some(Period::Counted(limit)) = limit else { return derived(said, Tone::Plain) };
    let count = i64::from(limit.count());
    let last = match limit.unit() {
        Unit::Days => published.checked_add(count.days()),
        Unit::Weeks => published.checked_add(count.weeks()),
        Unit::Months => published.checked_add(count.months()),
        Unit::Years => published.checked_add(count.years()),
        _ => return derived(said, Tone::Plain),
    };
    if last.is_ok_and(|last| on > last) {
        let limit = Period::Counted(limit).label();
        let old = label(
            format!("{}; äldre än {}, så raderna kan ha ändrats", said.sv, limit.sv),
            format!("{}; older than {}, so the rows may have changed", said.en, limit.en),
        );
        return derived(old, Tone::Open);
    }
    derived(said, Tone::Plain)
}

fn rows(register: &Recipients, on: Date) -> Register {
    let law = Law::built_in().at(on);
    let category = |id: &String| {
        let known = register.categories().iter().find(|category| category.id.as_str() == id);
        known.map_or_else(|| same(id.clone()), |category| category.label.clone())
    };
    let ground = |id: &String| match law.basis(id) {
        agreement::law::Standing::Holds(basis)
        | agreement::law::Standing::NotYet(basis)
        | agreement::law::Standing::Ended(basis, _) => basis.name.label(),
        agreement::law::Standing::Unknown => same(id.clone()),
    };
    let rows = register
        .rows()
        .iter()
        .map(|row| {
            let grounds: Vec<Label> = row.grounds().iter().map(ground).collect();
            let categories: Vec<Label> = row.categories().iter().map(category).collect();
            Row {
                id: row.id().to_owned(),
                clause: Some(row.clause().clone()),
                cells: vec![
                    stated(same(row.name())),
                    row.reason().map_or(Cell::Unsaid, |reason| stated(reason.clone())),
                    match row.sourced("data") {
                        Some(Sourced::Found { value, .. }) => stated(same(value.to_string())),
                        Some(Sourced::NotFound { note }) => Cell::NotFound { note: note.clone() },
                        _ if categories.is_empty() => Cell::Unsaid,
                        _ => stated(list(&categories, ", ")),
                    },
                    row.country().map_or(Cell::Unsaid, |country| stated(same(country))),
                    if grounds.is_empty() { Cell::Unsaid } else { stated(list(&grounds, ", ")) },
                    carried(row.judged(law)),
                    match row.treated() {
                        Treated::Open => derived(word_name("recipient", "treated", "open"), Tone::Plain),
                        Treated::Warned => derived(word_name("recipient", "treated", "warned"), Tone::Open),
                        Treated::Blocked => derived(word_name("recipient", "treated", "blocked"), Tone::Stop),
                    },
                    row.treated_role().map_or(Cell::Unsaid, |role| {
                        derived(word_name("recipient", "treated-role", role), Tone::Plain)
                    }),
                    row.flag().map_or(Cell::Unsaid, |flag| derived(same(flag), Tone::Open)),
                ],
            }
        })
        .collect();
    Register {
        id: "recipients",
        title: label("Mottagare", "Recipients"),
        note: None,
        columns: vec![
            column("supplier", "Leverantör", "Supplier"),
            column("reason", "Orsak", "Reason"),
            column("data", "Uppgifter", "Data"),
            column("country", "Land", "Country"),
            column("ground", "Laglig grund", "Legal ground"),
            column("transfer", "Grund för överföring på dagen", "Basis of transfer on the day"),
            column("treated", "Behandlas som", "Treated as"),
            column("role", "Roll hos oss", "Role as treated"),
            column("flag", "Anmärkning", "Remark"),
        ],
        rows,
    }
}

fn carried(transfer: Transfer<'_>) -> Cell {
    let of = |basis: &agreement::law::Basis, sv: String, en: String| {
        let name = basis.name.label();
        label(format!("{} {sv}", name.sv), format!("{} {en}", name.en))
    };
    let (said, tone) = match transfer {
        Transfer::NotNeeded => (label("inom EU/EES", "within the EU/EEA"), Tone::Plain),
        Transfer::NoBasis => (label("grund saknas", "ground missing"), Tone::Stop),
        Transfer::NotThere => {
            (label("det som anges är ingen grund dit", "what is stated is no basis there"), Tone::Stop)
        }
        Transfer::NotYet(basis) => (of(basis, "gäller inte än".to_owned(), "does not hold yet".to_owned()), Tone::Stop),
        Transfer::Ended(basis, day) => {
            (of(basis, format!("gäller inte sedan {day}"), format!("no longer holds since {day}")), Tone::Stop)
        }
        Transfer::Holds(basis) => (
            of(basis, "gäller, om mottagaren omfattas".to_owned(), "holds, if the recipient is covered".to_owned()),
            Tone::Open,
        ),
        Transfer::NoPlace => (label("landet är inte angivet", "the country is not stated"), Tone::Stop),
    };
    derived(said, tone)
}
