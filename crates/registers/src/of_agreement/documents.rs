//! Who the parties are, which documents belong together and which wins, what words mean, which law is named.

use agreement::language::{block_name, key_name, word_name};
use agreement::law::{Law, Standing};
use agreement::{How, PartySide};
use terms::{Label, Provenance};

use super::build::{Build, fact_columns, stated_name};
use super::words::{column, derived, label, list, same, stated};
use super::{Cell, Register, Row, Tone};

pub(super) fn parties(build: &Build<'_>) -> Register {
    let agreement = build.agreement;
    let mut rows = Vec::new();
    for party in agreement.parties() {
        let (id, side) = match party.side {
            PartySide::Controller => ("controller", label("Personuppgiftsansvarig", "Controller")),
            PartySide::Processor => ("processor", label("Personuppgiftsbiträde", "Processor")),
        };
        for (key, value) in [("name", &party.name), ("registration-number", &party.registration_number)] {
            rows.push(Row {
                id: format!("party.{id}.{key}"),
                clause: Some(party.clause.clone()),
                cells: vec![
                    stated(side.clone()),
                    stated_name(key_name("party", key)),
                    build.sourced(value, |text| same(text.clone())),
                ],
            });
        }
    }
    let document = agreement.document();
    let head = |key: &str, cell: Cell| Row {
        id: format!("agreement.{key}"),
        clause: Some(document.clause.clone()),
        cells: vec![stated(block_name("agreement")), stated_name(key_name("agreement", key)), cell],
    };
    rows.push(head("title", stated(document.title.clone())));
    rows.push(head("version", stated(same(document.version.clone()))));
    rows.push(head("published", build.sourced(&document.published, |text| same(text.clone()))));
    let force = agreement.in_force_terms();
    rows.push(Row {
        id: "in-force.from".to_owned(),
        clause: Some(force.clause.clone()),
        cells: vec![
            stated(block_name("in-force")),
            stated_name(key_name("in-force", "from")),
            build.sourced(&force.from, |text| same(text.clone())),
        ],
    });
    for block in ["duration", "acceptance", "contact"] {
        rows.extend(build.facts_of(block));
    }
    Register {
        id: "parties",
        title: label("Parter och avtalstid", "Parties and term"),
        note: None,
        columns: fact_columns(),
        rows,
    }
}

/// The bundle: each document, there or missing, and what cannot be settled without it.
pub(super) fn documents(build: &Build<'_>) -> Register {
    let agreement = build.agreement;
    let keys = ["part", "status", "needed-for", "version", "from"];
    let mut register = build.table(
        "documents",
        label("Dokument som hör till avtalet", "Documents of the bundle"),
        &["document"],
        &keys,
    );
    for (row, term) in register.rows.iter_mut().zip(agreement.terms_of("document")) {
        if let (Some("missing" | "empty" | "link-missing"), Some(Cell::Found { tone, .. })) =
            (term.text("status"), row.cells.get_mut(2))
        {
            *tone = Tone::Stop;
        }
    }
    let document = agreement.document();
    for name in document.requires.iter().filter(|name| agreement.term("document", name).is_none()) {
        let mut cells = vec![stated(same(name.clone())), Cell::Unsaid];
        cells.push(derived(word_name("document", "status", "missing"), Tone::Stop));
        cells.extend([Cell::Unsaid, Cell::Unsaid, Cell::Unsaid]);
        register.rows.push(Row { id: format!("document.{name}"), clause: Some(document.clause.clone()), cells });
    }
    register
}

pub(super) fn precedence(build: &Build<'_>) -> Register {
    let agreement = build.agreement;
    let document = |id: &str| {
        agreement.term("document", id).and_then(|term| term.label("label").cloned()).unwrap_or_else(|| same(id))
    };
    // `[precedence]` says it of the agreement as a whole; `[[precedes]]` of each document.
    let whole = agreement.precedence().map(|precedence| Row {
        id: "precedence".to_owned(),
        clause: Some(precedence.clause.clone()),
        cells: vec![
            if precedence.topic.is_empty() { Cell::Unsaid } else { stated(same(&precedence.topic)) },
            build.of_origin(agreement.title().clone(), &precedence.origin),
            stated(list(&precedence.over.iter().map(|id| document(id)).collect::<Vec<_>>(), ", ")),
            Cell::Unsaid,
            Cell::Unsaid,
        ],
    });
    // What the same clause leaves to the document that yields.
    let beside = agreement
        .terms_of("recorded")
        .filter(|recorded| agreement.terms_of("precedes").any(|term| term.clause == recorded.clause))
        .map(|term| Row {
            id: term.name(),
            clause: Some(term.clause.clone()),
            cells: vec![build.cell(term, "about"), build.what(term), Cell::Unsaid, Cell::Unsaid, Cell::Unsaid],
        });
    let rows = agreement
        .terms_of("precedes")
        .map(|term| {
            let over: Vec<Label> = term.words("over").iter().map(|id| document(id)).collect();
            Row {
                id: format!("precedes.{}", term.text("document").unwrap_or_default()),
                clause: Some(term.clause.clone()),
                cells: vec![
                    build.cell(term, "topic"),
                    build.of_origin(document(term.text("document").unwrap_or_default()), &term.origin),
                    if over.is_empty() { Cell::Unsaid } else { stated(list(&over, ", ")) },
                    build.cell(term, "stricter-wins"),
                    build.cell(term, "literally"),
                ],
            }
        })
        .chain(whole)
        .chain(beside)
        .collect();
    Register {
        id: "precedence",
        title: label("Vilket dokument som går före", "Which document prevails"),
        note: Some(label(
            "En läsning som är härledd eller satt av driften väntar på båda parters bekräftelse.",
            "A reading that is derived or set by the operator waits for both parties to confirm it.",
        )),
        columns: vec![
            column("topic", "Fråga", "Topic"),
            column("prevails", "Går före", "Prevails"),
            column("yields", "Viker", "Yields"),
            column("stricter-wins", "Den strängare regeln går före", "The stricter rule prevails"),
            column("literally", "Ordagrant", "Literally"),
        ],
        rows,
    }
}

/// Where layers say something else than the provider's text, and which value is in force.
pub(super) fn effective(build: &Build<'_>) -> Register {
    let agreement = build.agreement;
    let rows = agreement
        .won()
        .iter()
        .map(|won| {
            let clause_of = |layer: &str| won.said.iter().find(|(name, ..)| name == layer).map(|(_, _, clause)| clause);
            let value_of = |layer: &str| won.said.iter().find(|(name, ..)| name == layer).map(|(_, value, _)| value);
            let lost: Vec<Label> = won
                .said
                .iter()
                .filter(|(name, ..)| *name != won.winner)
                .map(|(name, value, clause)| {
                    let (number, by) =
                        (agreement.number(clause), clause_of(&won.winner).map_or("", |by| agreement.number(by)));
                    label(
                        format!("{name}: {value} ({number}), åsidosatt av {by}"),
                        format!("{name}: {value} ({number}), overridden by {by}"),
                    )
                })
                .collect();
            let (how, tone) = match &won.how {
                How::OnlyOne => (label("avtalet säger inget", "the agreement says nothing"), Tone::Plain),
                How::Stricter => (label("den strängare", "the stricter one"), Tone::Plain),
                How::Waits => (label("väntar på beslut", "waits for a decision"), Tone::Stop),
                How::Settled(_) => (label("avgjort av en person", "settled by a person"), Tone::Plain),
            };
            Row {
                id: format!("{}.{}", won.term, won.key),
                clause: clause_of(&won.winner).cloned(),
                cells: vec![
                    stated(same(format!("{}.{}", won.term, won.key))),
                    value_of(&won.winner).map_or(Cell::Unsaid, |value| stated(same(value.clone()))),
                    stated(same(won.winner.clone())),
                    derived(how, tone),
                    if lost.is_empty() { Cell::Unsaid } else { stated(list(&lost, "; ")) },
                ],
            }
        })
        .collect();
    Register {
        id: "effective-terms",
        title: label(
            "Villkor som ändrats av tillägg och instruktioner",
            "Terms changed by supplements and instructions",
        ),
        note: Some(label(
            "Grundversionen gäller, med de tillägg och instruktioner som räknas upp här.",
            "The base version governs, with the supplements and instructions listed here.",
        )),
        columns: vec![
            column("term", "Villkor", "Term"),
            column("value", "Gäller", "In force"),
            column("layer", "Från", "From"),
            column("how", "Därför", "Because"),
            column("overridden", "Åsidosatt", "Overridden"),
        ],
        rows,
    }
}

/// The agreement's words, and those of Article 4 for the rest.
pub(super) fn glossary(build: &Build<'_>) -> Register {
    let agreement = build.agreement;
    let source = label("avtalet", "the agreement");
    let mut rows: Vec<Row> = agreement
        .terms_of("definition")
        .map(|term| Row {
            id: term.name(),
            clause: Some(term.clause.clone()),
            cells: vec![
                build.what(term),
                build.cell(term, "means"),
                build.cell(term, "alias-of"),
                stated(source.clone()),
            ],
        })
        .collect();
    let defined: Vec<String> =
        agreement.terms_of("definition").filter_map(|term| term.text("word")).map(str::to_lowercase).collect();
    // The clause that makes the law's words the agreement's, where there is one.
    let by = agreement.terms_of("law").find(|term| term.text("act") == Some("gdpr")).map(|term| term.clause.clone());
    for (point, sv, en, means_sv, means_en) in ARTICLE_4 {
        if defined.iter().any(|word| word == sv) {
            continue;
        }
        let article = label(format!("GDPR, artikel 4.{point}"), format!("GDPR, Article 4({point})"));
        rows.push(Row {
            id: format!("gdpr-4-{point}"),
            clause: by.clone(),
            cells: vec![
                Cell::Found { said: label(*sv, *en), provenance: Provenance::Derived, why: None, tone: Tone::Plain },
                derived(label(*means_sv, *means_en), Tone::Plain),
                Cell::Unsaid,
                derived(article, Tone::Plain),
            ],
        });
    }
    for term in agreement.terms_of("recorded").filter(|term| term.text("about") == Some("definitions")) {
        rows.push(Row {
            id: term.name(),
            clause: Some(term.clause.clone()),
            cells: vec![
                stated(label("andra ord", "other words")),
                build.cell(term, "label"),
                stated(word_name("definition", "alias-of", "main-agreement")),
                stated(source.clone()),
            ],
        });
    }
    Register {
        id: "glossary",
        title: label("Ordlista", "Glossary"),
        note: Some(label(
            "Först avtalets egna ord, sedan förordningens, kort återgivna.",
            "First the agreement's own words, then the regulation's, briefly retold.",
        )),
        columns: vec![
            column("word", "Ord", "Word"),
            column("means", "Betyder", "Means"),
            column("alias-of", "Annat ord för", "Another word for"),
            column("source", "Källa", "Source"),
        ],
        rows,
    }
}

/// The words of GDPR Article 4 that agreements lean on: point, word and meaning, in our own short words.
const ARTICLE_4: &[(u8, &str, &str, &str, &str)] = &[
    (
        1,
        "personuppgifter",
        "personal data",
        "varje upplysning om en levande människa som går att identifiera, direkt eller indirekt",
        "any information on a living person who can be identified, directly or not",
    ),
    (
        2,
        "behandling",
        "processing",
        "varje åtgärd med personuppgifter, från insamling till förstöring",
        "anything done with personal data, from collecting to destroying it",
    ),
    (
        3,
        "begränsning av behandling",
        "restriction of processing",
        "uppgifter märks så att de i fortsättningen behandlas mindre",
        "data is marked so that less may be done with it from then on",
    ),
    (
        4,
        "profilering",
        "profiling",
        "automatisk bedömning av en människas egenskaper ur personuppgifter",
        "automatic assessment of a person's traits from personal data",
    ),
    (
        5,
        "pseudonymisering",
        "pseudonymisation",
        "uppgifter som inte kan knytas till någon utan upplysningar som hålls för sig",
        "data that cannot be tied to anybody without information kept apart",
    ),
    (
        6,
        "register",
        "filing system",
        "en ordnad samling personuppgifter som kan sökas efter bestämda kännetecken",
        "an ordered set of personal data that can be searched by set marks",
    ),
    (
        7,
        "personuppgiftsansvarig",
        "controller",
        "den som bestämmer varför och hur personuppgifter behandlas",
        "whoever decides why and how personal data is processed",
    ),
    (
        8,
        "personuppgiftsbiträde",
        "processor",
        "den som behandlar personuppgifter för den ansvariges räkning",
        "whoever processes personal data on the controller's behalf",
    ),
    (9, "mottagare", "recipient", "den som personuppgifter lämnas ut till", "whoever personal data is disclosed to"),
    (
        10,
        "tredje part",
        "third party",
        "någon annan än den registrerade, den ansvarige, biträdet och deras personal",
        "somebody other than the data subject, the controller, the processor and their staff",
    ),
    (
        11,
        "samtycke",
        "consent",
        "ett fritt, särskilt, upplyst och tydligt ja",
        "a free, specific, informed and clear yes",
    ),
    (
        12,
        "personuppgiftsincident",
        "personal data breach",
        "en säkerhetsbrist som gör att personuppgifter förstörs, förloras, ändras, röjs eller nås av obehöriga",
        "a failure of security by which personal data is destroyed, lost, changed, disclosed or reached without right",
    ),
    (
        13,
        "genetiska uppgifter",
        "genetic data",
        "uppgifter om ärvda eller förvärvade genetiska kännetecken",
        "data on inherited or acquired genetic traits",
    ),
    (
        14,
        "biometriska uppgifter",
        "biometric data",
        "uppgifter ur teknisk behandling av kroppens kännetecken som identifierar någon",
        "data from technical handling of bodily traits that identifies somebody",
    ),
    (
        15,
        "uppgifter om hälsa",
        "data concerning health",
        "uppgifter om en människas kropp eller psyke och den vård som ges",
        "data on a person's body or mind and the care that is given",
    ),
    (
        16,
        "huvudsakligt verksamhetsställe",
        "main establishment",
        "platsen för den centrala ledningen inom unionen",
        "the place of central administration in the Union",
    ),
    (
        17,
        "företrädare",
        "representative",
        "den som skriftligen utsetts i unionen för någon utanför den",
        "whoever is appointed in writing in the Union for somebody outside it",
    ),
    (
        20,
        "bindande företagsbestämmelser",
        "binding corporate rules",
        "en koncerns regler för överföring till tredje land",
        "a group's rules for transfers to third countries",
    ),
    (
        21,
        "tillsynsmyndighet",
        "supervisory authority",
        "den oberoende myndighet som en medlemsstat utsett",
        "the independent authority appointed by a member state",
    ),
    (
        23,
        "gränsöverskridande behandling",
        "cross-border processing",
        "behandling som rör mer än en medlemsstat",
        "processing that concerns more than one member state",
    ),
    (
        26,
        "internationell organisation",
        "international organisation",
        "en organisation under folkrätten",
        "an organisation under public international law",
    ),
];

/// The acts that the text names, and how each stands on the day.
pub(super) fn law(build: &Build<'_>) -> Register {
    let dated = Law::built_in().at(build.on);
    let rows = build
        .agreement
        .terms_of("law")
        .map(|term| {
            let id = term.text("act").unwrap_or_default();
            let (name, standing, tone) = match dated.act(id) {
                Standing::Holds(act) => (act.name.label(), label("gäller", "in force"), Tone::Plain),
                Standing::NotYet(act) => (act.name.label(), label("gäller inte än", "not in force yet"), Tone::Stop),
                Standing::Ended(act, day) => {
                    let next =
                        act.succeeded_by.as_deref().and_then(|id| Law::built_in().acts().iter().find(|it| it.id == id));
                    let next = next.map_or_else(|| same("–"), |next| next.name.label());
                    let said = label(
                        format!("upphävd sedan {day}; ersatt av {}", next.sv),
                        format!("repealed since {day}; replaced by {}", next.en),
                    );
                    (act.name.label(), said, Tone::Open)
                }
                Standing::Unknown => basis(&dated, id),
            };
            // A text may call an authority or an act by a name that has ended.
            let written = term.text("as-written");
            let dead = written.and_then(|written| {
                dated.dead_names().find(|dead| written.to_lowercase().contains(&dead.written.to_lowercase()))
            });
            let name_now = dead
                .map(|dead| label(format!("namnet upphörde {}", dead.ended), format!("the name ended {}", dead.ended)));
            Row {
                id: term.name(),
                clause: Some(term.clause.clone()),
                cells: vec![
                    build.of_origin(name, &term.origin),
                    build.cell(term, "as-written"),
                    build.cell(term, "role"),
                    derived(standing, tone),
                    name_now.map_or(Cell::Unsaid, |said| derived(said, Tone::Open)),
                ],
            }
        })
        .collect();
    Register {
        id: "law",
        title: label("Lagar som avtalet nämner", "Law that the agreement names"),
        note: None,
        columns: vec![
            column("act", "Lag", "Act"),
            column("as-written", "I texten", "In the text"),
            column("role", "Används som", "Used as"),
            column("standing", "På dagen", "On the day"),
            column("old-name", "Äldre namn", "Old name"),
        ],
        rows,
    }
}

/// A basis for transfers that the text names beside the acts.
fn basis(dated: &agreement::law::LawAt<'_>, id: &str) -> (Label, Label, Tone) {
    match dated.basis(id) {
        Standing::Holds(basis) => (basis.name.label(), label("gäller", "in force"), Tone::Plain),
        Standing::NotYet(basis) => (basis.name.label(), label("gäller inte än", "not in force yet"), Tone::Stop),
        Standing::Ended(basis, day) => {
            let said = label(format!("gäller inte sedan {day}"), format!("no longer in force since {day}"));
            (basis.name.label(), said, Tone::Stop)
        }
        Standing::Unknown => (same(id), label("finns inte bland lagarna", "not among the acts"), Tone::Stop),
    }
}

pub(super) fn disputes(build: &Build<'_>) -> Register {
    let mut register = build.facts("disputes", label("Lagval och tvist", "Governing law and disputes"), &["dispute"]);
    let agreement = build.agreement;
    // Where the text sends the reader to a document that is not here, that is said with its name.
    let silent =
        agreement.term("dispute", "").is_some_and(|term| term.value("law").is_none() && term.value("first").is_none());
    let main = agreement
        .terms_of("document")
        .find(|term| term.text("part") == Some("main-agreement") && term.text("status") != Some("present"));
    if let (true, Some(main)) = (silent, main) {
        register.rows.push(Row {
            id: "dispute.elsewhere".to_owned(),
            clause: agreement.term("dispute", "").map(|term| term.clause.clone()),
            cells: vec![
                stated(block_name("dispute")),
                stated_name(label("Enligt", "Per")),
                derived(
                    label(
                        format!("enligt {} (inte inläst)", lower(&build.what(main), true)),
                        format!("per {} (not loaded)", lower(&build.what(main), false)),
                    ),
                    Tone::Stop,
                ),
            ],
        });
    }
    register
}

fn lower(cell: &Cell, swedish: bool) -> String {
    match cell {
        Cell::Found { said, .. } => {
            if swedish {
                said.sv.to_lowercase()
            } else {
                said.en.to_lowercase()
            }
        }
        _ => String::new(),
    }
}
