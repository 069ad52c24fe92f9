//! Duties as lines of text, for the terminal and for the page alike: who acts, by when with its calculation, by which clause,
//! and what was not found.

use core::fmt::Write;

use terms::{Label, Language, Provenance};

use super::side_by_side::{Answer, SideBySide};
use super::{Duty, Fee, Meaning, Standing, Time, event_label, label, word};
use crate::agreement::Agreement;

/// One line about a duty: what it is about, and what is said. The words in both languages.
pub type Line = (Label, Label);

/// The lines about a duty, without its calculation: who, to whom, how, and the rest. The moment is [`Time::answer`].
#[must_use]
pub fn duty_lines(agreement: &Agreement, duty: &Duty) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = |sv: &str, en: &str, said: Label| lines.push((label(sv, en), said));
    let who = word(&duty.who);
    line(
        "Vem",
        "Who",
        if duty.right { label(format!("{} har rätt", who.sv), format!("{} has the right", who.en)) } else { who },
    );
    let words = [
        (&duty.to, "Till", "To"),
        (&duty.by, "Genom", "Through"),
        (&duty.provides, "Innehåller", "Holds"),
        (&duty.unless, "Utom om", "Unless"),
        (&duty.evidence, "Bevisas av", "Proven by"),
    ];
    for (words, sv, en) in words {
        if !words.is_empty() {
            line(sv, en, all(words));
        }
    }
    let single = [
        (&duty.form, "Form", "Form"),
        (&duty.silence, "Om ingen svarar", "If nobody answers"),
        (&duty.standard, "Skäl som räknas", "Reasons that count"),
        (&duty.remedy, "Följd", "Consequence"),
    ];
    for (text, sv, en) in single {
        if let Some(text) = text {
            line(sv, en, word(text));
        }
    }
    if let Some(when) = &duty.when {
        line("När", "When", when.clone());
    }
    if let Some(leave) = &duty.leave_within {
        line("Rätten att lämna varar", "The right to leave lasts", leave.clone());
    }
    if let Some((receipt, clause)) = &duty.received {
        let (rule, number) = (receipt.label(), agreement.number(clause));
        line(
            "Räknas som mottaget",
            "Counts as received",
            label(format!("{} (punkt {number})", rule.sv), format!("{} (clause {number})", rule.en)),
        );
    }
    if let Some(fee) = &duty.fee {
        line("Ersättning", "Pay", fee_words(agreement, fee));
    }
    for (key, said) in &duty.more {
        let name = key_label(key);
        line(&name.sv, &name.en, said.clone());
    }
    line("Uppfylls", "Met", word(&duty.kind));
    for (provenance, why) in duty
        .origins
        .iter()
        .map(|(_, origin)| (origin.provenance, &origin.why))
        .chain([(duty.origin.provenance, &duty.origin.why)])
    {
        let why = why.as_deref().unwrap_or("–");
        match provenance {
            Provenance::Stated => {}
            Provenance::Derived => line("Härlett", "Derived", label(why, why)),
            Provenance::SetByOperator => line("Satt av driften", "Set by the operator", label(why, why)),
        }
    }
    // What the calculation has told is not told again.
    let told = |note: &str| duty.time.lines.iter().any(|line| line.sv.contains(note));
    for silent in duty.not_found.iter().filter(|silent| !told(&silent.note)) {
        line("Hittas inte", "Not found", label(silent.note.clone(), silent.note.clone()));
    }
    lines
}

impl Time {
    /// The moment in words, or why there is none, and whose it is.
    #[must_use]
    pub fn answer(&self) -> Label {
        let when = |language| self.due.when(language).unwrap_or_default();
        let (sv, en) = (when(Language::Sv), when(Language::En));
        let moment = match self.meaning {
            Meaning::Latest => label(format!("senast {sv}"), format!("at the latest {en}")),
            Meaning::Earliest => label(format!("tidigast {sv}"), format!("at the earliest {en}")),
        };
        let words = self.words.clone().unwrap_or_default();
        match self.standing {
            Standing::Promised => moment,
            Standing::Operators if self.words.is_some() => label(
                format!("{} ({}); dagen är driftens egen gräns: {}", words.sv, "avtalets ord", moment.sv),
                format!(
                    "{} ({}); the day is the operator's own limit: {}",
                    words.en, "the agreement's words", moment.en
                ),
            ),
            Standing::Operators => label(
                format!("ingen tid i avtalet; driftens egen gräns: {}", moment.sv),
                format!("no time in the agreement; the operator's own limit: {}", moment.en),
            ),
            Standing::Worded => label(
                format!("{} (avtalets ord; inget datum)", words.sv),
                format!("{} (the agreement's words; no date)", words.en),
            ),
            Standing::NotFound => label("hittas inte i avtalet", "not found in the agreement"),
            Standing::Untimed => label("ingen tid är satt", "no time is set"),
            Standing::Open if self.words.is_some() => label(
                format!("{}; dagen är inte känd ännu", words.sv),
                format!("{}; the day is not known yet", words.en),
            ),
            Standing::Open => label("dagen är inte känd ännu", "the day is not known yet"),
        }
    }
}

/// What several agreements demand, as text: a section for each act, and under it each agreement.
#[must_use]
pub fn in_text(side: &SideBySide, language: Language) -> String {
    let pick = |sv: &'static str, en: &'static str| if language == Language::Sv { sv } else { en };
    let mut text = String::new();
    let event = event_label(&side.event.kind);
    let zone = calendar::Zone::default();
    let at = zone.moment(side.event.at).map(|moment| moment.text(language)).unwrap_or_default();
    let _ = writeln!(text, "{}, {at}", event.text(language));
    let mut agreements = side.agreements.iter().map(|named| {
        format!("  {}: {}, {}", named.name, named.agreement.title().text(language), named.agreement.version())
    });
    let _ = writeln!(text, "\n{}", agreements.by_ref().collect::<Vec<_>>().join("\n"));
    for row in &side.rows {
        let _ = writeln!(text, "\n{} · {}", row.act, row.does.text(language));
        let mut missing = Vec::new();
        for (named, answer) in side.agreements.iter().zip(&row.answers) {
            match answer {
                Answer::NotFound => missing.push(named.name.as_str()),
                Answer::Demands(duty) => one(&mut text, &named.name, &named.agreement, duty, language),
            }
        }
        if !missing.is_empty() {
            let _ = writeln!(text, "\n  {}: {}", pick("Hittas inte", "Not found"), missing.join(", "));
        }
    }
    for register in &side.registers {
        let _ = writeln!(text, "\n{}: {}", register.name, register.title.text(language));
        for line in &register.lines {
            let _ = writeln!(text, "  {}", line.text(language));
        }
    }
    for named in side.silent() {
        let _ = writeln!(
            text,
            "\n{}: {}",
            named.name,
            pick("avtalet säger ingenting om en sådan händelse.", "the agreement says nothing of such an event.")
        );
    }
    text
}

fn one(text: &mut String, name: &str, agreement: &Agreement, duty: &Duty, language: Language) {
    let pick = |sv: &'static str, en: &'static str| if language == Language::Sv { sv } else { en };
    let number = agreement.number(&duty.clause);
    let _ = writeln!(text, "\n  {name}, {} {number}: {}", pick("punkt", "clause"), duty.does.text(language));
    let _ = writeln!(text, "    {}: {}", pick("När", "By when"), duty.time.answer().text(language));
    for line in &duty.time.lines {
        let _ = writeln!(text, "      {}", line.text(language));
    }
    for (about, said) in duty_lines(agreement, duty) {
        let _ = writeln!(text, "    {}: {}", about.text(language), said.text(language));
    }
}

fn fee_words(agreement: &Agreement, fee: &Fee) -> Label {
    let number = agreement.number(&fee.clause);
    let mut said = match (&fee.hour, &fee.standard) {
        (Some((amount, currency)), _) => {
            let money = crate::amounts::money_label(*amount, currency);
            label(format!("{}: {} i timmen", fee.label.sv, money.sv), format!("{}: {} an hour", fee.label.en, money.en))
        }
        (None, Some(standard)) => {
            let standard = word(standard);
            label(format!("{}: {}", fee.label.sv, standard.sv), format!("{}: {}", fee.label.en, standard.en))
        }
        (None, None) => label(
            format!("{}: beloppet hittas inte", fee.label.sv),
            format!("{}: the amount is not found", fee.label.en),
        ),
    };
    if !fee.free_when.is_empty() {
        let when = all(&fee.free_when);
        said = label(format!("{}; fritt vid {}", said.sv, when.sv), format!("{}; free when {}", said.en, when.en));
    }
    label(format!("{} (punkt {number})", said.sv), format!("{} (clause {number})", said.en))
}

fn all(words: &[String]) -> Label {
    let words: Vec<Label> = words.iter().map(|text| word(text)).collect();
    let join = |part: fn(&Label) -> &str| words.iter().map(part).collect::<Vec<_>>().join(", ");
    label(join(|word| &word.sv), join(|word| &word.en))
}

/// What a key is called; the key itself where it has no name for people.
fn key_label(key: &'static str) -> Label {
    let found = KEYS.iter().find(|(known, ..)| *known == key);
    found.map_or_else(|| label(key, key), |(_, sv, en)| label(*sv, *en))
}

const KEYS: &[(&str, &str, &str)] = &[
    ("in-stages", "I omgångar", "In stages"),
    ("includes-attempts", "Även försök", "Attempts too"),
    ("on-site", "På plats", "On site"),
    ("by-whom", "Utförs av", "Done by"),
    ("binds-secrecy", "Tystnadsplikt för dem som deltar", "Secrecy of those who take part"),
    ("erased-after", "Raderas efteråt", "Erased afterwards"),
    ("prevails", "Vad som går före", "What prevails"),
    ("every", "Hur ofta", "How often"),
    ("on-day", "Dag på året", "Day of the year"),
    ("consent", "Vad som gör ändringen bindande", "What makes the change bind"),
    ("leave", "Får den andra lämna avtalet", "May the other side leave"),
    ("may-not-widen", "Får inte utvidga", "May not widen"),
    ("documented", "Dokumenteras", "Documented"),
    ("choice", "Kunden väljer mellan", "The customer chooses between"),
    ("silence", "Om kunden inte väljer", "If the customer does not choose"),
    ("exception", "Undantag", "Exception"),
    ("certificate", "Intyg om radering", "Certificate of erasure"),
    ("format", "Form", "Format"),
    ("to", "Till", "To"),
    ("may-anonymise", "Avidentifiering i stället", "Anonymising instead"),
    ("legal-hold", "Vem som får stoppa en radering", "Who may stop an erasure"),
    ("contradicts", "Motsägs av", "Contradicted by"),
    ("only-documented", "Bara dokumenterade instruktioner", "Only documented instructions"),
    (
        "informs-before-exception",
        "Kunden får veta innan undantaget används",
        "The customer is told before the exception is used",
    ),
    ("tells-if-unlawful-about", "Säger till om olaglighet, om vad", "Says what is unlawful, about"),
    ("form", "Form", "Form"),
    ("who", "Vem", "Who"),
    ("covers-transfers", "Överföringar", "Transfers"),
    ("suspend", "Kunden får stoppa behandlingen", "The customer may stop the processing"),
    ("complete", "Avtalet är hela instruktionen", "The agreement is the whole instruction"),
    ("own-over-general", "Kundens egen instruktion går före", "The customer's own instruction prevails"),
    ("authorisation", "Slag av godkännande", "Kind of authorisation"),
    ("area", "Område", "Area"),
    ("listed", "Underbiträdena står i texten", "The text lists the subprocessors"),
    ("list-is-approved", "Listan är godkänd", "The list is approved"),
    ("duties", "Skyldigheter som de får", "Duties that they get"),
    ("liable", "Ansvar för dem", "Liability for them"),
    ("may-sign-for-controller", "Får skriva under i kundens namn", "May sign in the customer's name"),
    ("right-to-object", "Rätt att invända", "Right to object"),
    ("copy-on-request", "Kopia av deras avtal på begäran", "Copy of their contract on request"),
    ("whole-chain", "Hela kedjan redovisas", "The whole chain is named"),
    ("third-party-beneficiary", "Kunden träder in vid konkurs", "The customer steps in at insolvency"),
    ("emergency", "I nödläge", "In an emergency"),
    ("register", "Vad registret innehåller", "What the register holds"),
    ("beyond", "Utanför området krävs", "Outside the area it takes"),
    ("grounds", "Grunder", "Grounds"),
    ("organisations-too", "Även internationella organisationer", "International organisations too"),
    ("onward-access", "Moderbolags åtkomst redovisas", "Access by parent organisations is declared"),
    ("impact-assessment", "Bedöms i förväg", "Assessed first"),
    ("customer-abroad", "Kundens användning utomlands", "The customer's use from abroad"),
    ("needs", "Kräver", "Needs"),
    ("covers", "Omfattar", "Covers"),
    ("represents-controller", "Får företräda kunden", "May act in the customer's name"),
    ("purpose-of-law", "Vad lagen måste kräva", "What the law must demand"),
    ("at-least", "Perioden är ett minimum", "The period is a minimum"),
    ("or", "Eller i stället", "Or instead"),
    ("or-needs", "Det kräver", "That needs"),
    ("automatic", "Sker av sig självt", "Happens by itself"),
    ("restorable-within", "Går att återställa i", "Can be brought back within"),
    ("end", "Gäller till", "Runs until"),
    ("survives", "Gäller efter slutet", "Goes on after the end"),
    ("indices", "Index", "Indices"),
    ("ceiling", "Tak", "Ceiling"),
    ("base", "Basmånad", "Base month"),
    ("on-top", "Utöver detta", "On top of that"),
    ("answers", "Hur långt ansvaret går", "How far"),
    ("damage", "Skada", "Damage"),
    ("cap-months", "Tak i månader av avgiften", "Cap in months of the fee"),
    ("cap-of", "Avgiften som taket räknas på", "The fee that the cap counts"),
    ("not-for", "Taket gäller inte", "The cap does not hold for"),
    ("interest", "Ränta", "Interest"),
    ("reminder-fee", "Påminnelseavgift", "Fee for a reminder"),
    ("only-between-parties", "Bara mellan parterna", "Only between the parties"),
    (
        "cap-since-first-order",
        "Kortare tid sedan första beställningen räknas",
        "A shorter time since the first order counts",
    ),
    ("over", "Mäts över", "Measured over"),
    ("counts-from", "Avbrott räknas från", "An outage counts from"),
    (
        "report-outside-hours-counts-from",
        "Anmälan utanför supporttid räknas från",
        "A report outside support hours counts from",
    ),
    ("only-total-outage", "Bara totalt avbrott", "Only a total outage"),
    ("planned-stops-count", "Planerade stopp räknas", "Planned stops count"),
    ("on-claim", "Kunden måste begära avdraget", "The customer must claim it"),
    ("fee-base", "Avgiften som sänks", "The fee that is reduced"),
    ("excludes", "Räknas inte", "Does not count"),
    ("hours-a-day", "Timmar om dygnet", "Hours a day"),
    ("forbidden", "Förbjudet innehåll", "Forbidden content"),
    ("removed-by", "Tas bort av", "Removed by"),
    ("removal-needs", "Att ta bort kräver", "Removing needs"),
    ("on-demand", "Bara på begäran", "Only on demand"),
    ("binds", "Binder", "Binds"),
    ("instrument", "Genom", "By"),
    ("need-to-know", "Bara den som behöver", "Only those who need it"),
    ("except", "Utom", "Except"),
    ("first", "Första dagen", "The first day"),
    ("notice-form", "Uppsägningens form", "Form of the notice"),
    ("unless", "Utom om", "Unless"),
    ("evidence", "Bevisas av", "Proven by"),
    ("through", "Genom", "Through"),
    ("leave-within", "Rätten att lämna varar", "The right to leave lasts"),
    ("in", "Faktureras", "Invoiced"),
    ("vat", "Moms", "VAT"),
    ("currency", "Valuta", "Currency"),
    ("label", "Benämning", "Label"),
];
