//! `betrodd effective`: what governs when a customer's supplement or instructions lie over an agreement. Nothing is brought into
//! force here; `betrodd add-layer` does that for a customer of a data folder.

use std::path::PathBuf;
use std::process::ExitCode;

use agreement::{Agreement, How, Layer, Term, Won};
use clap::Args;
use jiff::civil::Date;
use terms::{ClauseId, Language};

use crate::Told;

/// What is asked.
#[derive(Args)]
pub struct Asked {
    /// The agreement, e.g. services/matcha/agreement.sv.md
    #[arg(value_name = "AGREEMENT")]
    agreement: PathBuf,
    /// The layers over it, in their order.
    #[arg(required = true, value_name = "LAYER")]
    layers: Vec<PathBuf>,
    /// On this day, e.g. `2026-12-01`; today where nothing is said.
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// In English instead of Swedish.
    #[arg(long)]
    english: bool,
}

/// Prints which layers hold, what they say otherwise, which won, by which clause, and what waits.
///
/// # Errors
/// A file that cannot be read. Faults of a text are told, and the exit status is 1.
pub fn run(asked: &Asked) -> Result<ExitCode, Told> {
    let on = asked.on.unwrap_or_else(crate::check::today);
    let agreement =
        match Agreement::read(&asked.agreement.display().to_string(), &crate::text_file::read(&asked.agreement)?) {
            Ok(agreement) => agreement,
            Err(faults) => {
                println!("{faults}");
                return Ok(ExitCode::FAILURE);
            }
        };
    let mut layers = Vec::new();
    for file in &asked.layers {
        match Layer::read(&file.display().to_string(), &crate::text_file::read(file)?, &agreement) {
            Ok(layer) => layers.push(layer),
            Err(faults) => {
                println!("{faults}");
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    let language = if asked.english { Language::En } else { Language::Sv };
    print!("{}", told(&agreement, &layers, on, language));
    Ok(ExitCode::SUCCESS)
}

fn told(agreement: &Agreement, layers: &[Layer], on: Date, language: Language) -> String {
    let say = |sv: &'static str, en: &'static str| if language == Language::Sv { sv } else { en };
    let label = |label: &terms::Label| if language == Language::Sv { label.sv.clone() } else { label.en.clone() };
    let effective = agreement.with_layers(layers, on);
    let mut text = format!("{} {} {on}\n", label(agreement.title()), say("den", "on"));
    for layer in layers {
        let holds = if layer.holds_on(on) { say("gäller", "holds") } else { say("gäller inte", "does not hold") };
        text.push_str(&format!("  {}: {}, {holds}\n", layer.name(), label(layer.title())));
    }
    let own = own_terms(&effective, layers);
    if effective.won().is_empty() && own.is_empty() {
        text.push_str(say("\nIngenting sägs olika.\n", "\nNothing is said differently.\n"));
    }
    for won in effective.won() {
        text.push_str(&format!("\n{} {}\n", won.term, won.key));
        for (layer, value, clause) in &won.said {
            let mark = if *layer == won.winner { "→" } else { " " };
            let whose = if layer == agreement::AGREEMENT {
                format!("{} {}", say("avtalet", "the agreement"), effective.number(clause))
            } else {
                place(clause, &effective)
            };
            text.push_str(&format!(
                "  {mark} {whose}: {value}
"
            ));
        }
        text.push_str(&format!("    {}\n", how(won, &effective, language)));
    }
    for term in own {
        let title = effective.clause(&term.clause).map_or("", |clause| clause.title.as_str());
        let name = if term.id.is_empty() { term.block.to_owned() } else { format!("{}.{}", term.block, term.id) };
        text.push_str(&format!("\n{name}\n  + {} {title}\n", place(&term.clause, &effective)));
    }
    text
}

/// Prohibitions and other terms that only a layer states.
fn own_terms<'a>(effective: &'a Agreement, layers: &[Layer]) -> Vec<&'a Term> {
    let told = |term: &Term| {
        let name = if term.id.is_empty() { term.block.to_owned() } else { format!("{}.{}", term.block, term.id) };
        effective.won().iter().any(|won| won.term == name)
    };
    let of_a_layer = |term: &&Term| layers.iter().any(|layer| is_of(term, layer));
    effective.general().iter().filter(of_a_layer).filter(|term| term.block != "settles" && !told(term)).collect()
}

/// Whether a layer states the term: its clauses carry its name.
fn is_of(term: &Term, layer: &Layer) -> bool {
    term.clause.as_str().strip_prefix(layer.name()).is_some_and(|rest| rest.starts_with(':'))
}

/// A clause by its layer's name and its printed number.
fn place(clause: &ClauseId, effective: &Agreement) -> String {
    let layer = clause.as_str().split_once(':').map_or("", |(layer, _)| layer);
    format!("{layer} {}", effective.number(clause)).trim().to_owned()
}

/// Why that one won.
fn how(won: &Won, effective: &Agreement, language: Language) -> String {
    let governed = || {
        let block = won.term.split('.').next().unwrap_or_default();
        let verbs = agreement::language::governs(block).iter().map(|verb| verb.as_str());
        verbs.collect::<Vec<_>>().join(", ")
    };
    match (&won.how, language) {
        (How::OnlyOne, Language::Sv) => "den enda som säger det".to_owned(),
        (How::OnlyOne, Language::En) => "the only one that says it".to_owned(),
        (How::Stricter, Language::Sv) => "den strängare gäller".to_owned(),
        (How::Stricter, Language::En) => "the stricter one holds".to_owned(),
        (How::Waits, Language::Sv) => {
            format!("ingen ordning: någon måste avgöra det; tills dess vilar {}", or(&governed(), "ingen handling"))
        }
        (How::Waits, Language::En) => {
            format!("no order: somebody must settle it; until then {} rests", or(&governed(), "no act"))
        }
        (How::Settled(clause), Language::Sv) => format!("avgjort: {}", place(clause, effective)),
        (How::Settled(clause), Language::En) => format!("settled: {}", place(clause, effective)),
    }
}

fn or<'a>(text: &'a str, nothing: &'a str) -> &'a str {
    if text.is_empty() { nothing } else { text }
}
