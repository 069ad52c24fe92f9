//! `betrodd same-event`: one event under every agreement of a folder, side by side: who acts, by when with its calculation, by
//! which clause, and *not found* where an agreement is silent. Nothing is kept and nothing is done; files are read and shown.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use agreement::Agreement;
use agreement::arise::{
    ASKED_EVENTS, Answer, Duty, Event, Meaning, Named, SideBySide, Standing, compare, event_kind, event_label, in_text,
};
use agreement::register::Register;
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};
use serde_json::{Value, json};
use terms::{Label, Language};

use crate::{Told, clock};

/// Which event, and how it is shown.
#[derive(Args)]
pub struct Asked {
    /// The event.
    #[arg(value_parser = PossibleValuesParser::new(events()))]
    event: String,
    /// When it happens, e.g. `2026-12-01` or `2026-12-01T09:30` in Swedish time.
    #[arg(long, value_name = "TIME")]
    at: String,
    /// When what is told of takes effect (the new price holds, the subprocessor begins), where that is set.
    #[arg(long, value_name = "TIME")]
    effect: Option<String>,
    /// Where services lie: a folder each, with agreement.sv.md, agreement.en.md or register.sv.md.
    #[arg(long, default_value = "services", value_name = "FOLDER")]
    services: PathBuf,
    /// In English instead of Swedish.
    #[arg(long)]
    english: bool,
    /// As JSON, in both languages.
    #[arg(long)]
    json: bool,
}

/// Every event that can be asked for, those that people ask about most first.
fn events() -> impl Iterator<Item = PossibleValue> {
    let rest = agreement::language::blocks().filter_map(|block| event_kind(block.name));
    let all = ASKED_EVENTS.into_iter().chain(rest.filter(|kind| !ASKED_EVENTS.contains(kind)));
    all.map(|kind| {
        let value = match kind {
            "subprocessor-change" => PossibleValue::new("new-subprocessor").alias(kind),
            kind => PossibleValue::new(kind),
        };
        value.help(event_label(kind).en)
    })
}

/// Prints what each agreement demands.
pub fn run(asked: &Asked) -> Result<ExitCode, Told> {
    let kind = event_kind(&asked.event).ok_or_else(|| format!("`{}` is no event", asked.event))?;
    let mut event = Event::new(kind, clock::parse(&asked.at)?);
    let effect = asked.effect.as_deref().map(clock::parse).transpose()?;
    (event.facts.effect, event.facts.engagement) = (effect, effect);
    let side = side_by_side(&asked.services, &event)?;
    if asked.json {
        println!("{:#}", as_json(&side));
    } else {
        print!("{}", in_text(&side, if asked.english { Language::En } else { Language::Sv }));
    }
    Ok(ExitCode::SUCCESS)
}

/// Every agreement and register below a folder, at one event.
fn side_by_side(services: &Path, event: &Event) -> Result<SideBySide, Told> {
    let entries = std::fs::read_dir(services).map_err(|cause| {
        format!("`{}` cannot be read: {cause}; name the folder with --services", services.display())
    })?;
    let mut folders: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    folders.sort();
    let (mut agreements, mut registers) = (Vec::new(), Vec::new());
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let found = ["agreement.sv.md", "agreement.en.md", "register.sv.md"]
            .into_iter()
            .find(|file| folder.join(file).is_file());
        let Some(file) = found.map(|file| folder.join(file)) else { continue };
        let text = crate::text_file::read(&file)?;
        let shown = file.display().to_string();
        if found == Some("register.sv.md") {
            registers.push((name, Register::read(&shown, &text).map_err(|faults| faults.to_string())?));
        } else {
            let agreement = Agreement::read(&shown, &text).map_err(|faults| faults.to_string())?;
            agreements.push(Named { name, agreement });
        }
    }
    if agreements.is_empty() && registers.is_empty() {
        return Err(
            format!("no agreement found below `{}`; name the folder with --services", services.display()).into()
        );
    }
    let side = compare(&agreements, event);
    Ok(registers.iter().fold(side, |side, (name, register)| side.with_register(name, register)))
}

fn as_json(side: &SideBySide) -> Value {
    let agreements = side.agreements.iter().map(|named| {
        json!({
            "service": named.name,
            "title": both(named.agreement.title()),
            "version": named.agreement.version(),
            "hash": named.agreement.hash().to_string(),
        })
    });
    let acts = side.rows.iter().map(|row| {
        let answers = side.agreements.iter().zip(&row.answers).map(|(named, answer)| match answer {
            Answer::NotFound => json!({ "service": named.name, "found": false }),
            Answer::Demands(duty) => of_duty(named, duty),
        });
        json!({ "act": row.act, "does": both(&row.does), "answers": answers.collect::<Vec<_>>() })
    });
    let registers = side.registers.iter().map(|register| {
        json!({
            "service": register.name,
            "title": both(&register.title),
            "agreement": false,
            "says": register.lines.iter().map(both).collect::<Vec<_>>(),
        })
    });
    json!({
        "event": side.event.kind,
        "label": both(&event_label(&side.event.kind)),
        "at": instant(side.event.at),
        "agreements": agreements.collect::<Vec<_>>(),
        "acts": acts.collect::<Vec<_>>(),
        "registers": registers.collect::<Vec<_>>(),
        "silent": side.silent().map(|named| named.name.as_str()).collect::<Vec<_>>(),
    })
}

fn of_duty(named: &Named, duty: &Duty) -> Value {
    let time = &duty.time;
    json!({
        "service": named.name,
        "found": true,
        "id": duty.id,
        "clause": { "id": duty.clause.as_str(), "number": named.agreement.number(&duty.clause) },
        "does": both(&duty.does),
        "who": duty.who,
        "right": duty.right,
        "kind": duty.kind,
        "to": duty.to,
        "by": duty.by,
        "time": {
            "at": time.due.at.map(instant),
            "meaning": match time.meaning { Meaning::Latest => "latest", Meaning::Earliest => "earliest" },
            "standing": match time.standing {
                Standing::Promised => "promised",
                Standing::Operators => "set-by-the-operator",
                Standing::Worded => "a-word-and-no-date",
                Standing::NotFound => "not-found",
                Standing::Untimed => "no-time-set",
                Standing::NoneSaid => "none",
                Standing::Open => "not-known-yet",
            },
            "words": time.words.as_ref().map(both),
            "answer": both(&time.answer()),
            "calculation": time.lines.iter().map(both).collect::<Vec<_>>(),
        },
        "silence": duty.silence,
        "remedy": duty.remedy,
        "fee": duty.fee.as_ref().map(|fee| json!({
            "rate": fee.rate,
            "hour": fee.hour.as_ref().map(|(amount, currency)| format!("{amount} {currency}")),
            "standard": fee.standard,
            "free-when": fee.free_when,
            "clause": named.agreement.number(&fee.clause),
        })),
        "provides": duty.provides,
        "unless": duty.unless,
        "evidence": duty.evidence,
        "not-found": duty.not_found.iter().map(|silent| json!({ "key": silent.key, "note": silent.note })).collect::<Vec<_>>(),
    })
}

fn both(label: &Label) -> Value {
    json!({ "sv": label.sv, "en": label.en })
}

/// An instant as RFC 3339, in UTC.
fn instant(at: terms::Instant) -> Value {
    jiff::Timestamp::from_microsecond(at.micros()).map_or(Value::Null, |at| json!(at.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn services() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../services")
    }

    #[test]
    fn every_asked_event_is_answered_by_every_service_of_the_repository() {
        let at = clock::parse("2026-12-23T16:45").unwrap();
        for kind in ASKED_EVENTS {
            let side = side_by_side(&services(), &Event::new(kind, at)).unwrap();
            let json = as_json(&side);
            assert_eq!(json["event"], kind);
            assert_eq!(json["agreements"].as_array().unwrap().len(), side.agreements.len());
            assert!(json["registers"].as_array().unwrap().iter().all(|register| register["agreement"] == false));
        }
    }

    #[test]
    fn every_event_that_is_offered_is_one() {
        let events: Vec<_> = events().collect();
        assert!(events.len() >= ASKED_EVENTS.len());
        assert!(events.iter().all(|event| event.get_name_and_aliases().all(|name| event_kind(name).is_some())));
    }

    #[test]
    fn changing_one_period_in_a_file_changes_what_is_shown() {
        let folder = tempfile::tempdir().unwrap();
        let service = folder.path().join("matcha");
        std::fs::create_dir(&service).unwrap();
        let text = std::fs::read_to_string(services().join("matcha/agreement.sv.md")).unwrap();
        let event = Event::new("incident", clock::parse("2026-12-23T16:45").unwrap());
        let shown = |text: &str| {
            std::fs::write(service.join("agreement.sv.md"), text).unwrap();
            in_text(&side_by_side(folder.path(), &event).unwrap(), Language::En)
        };
        let before = shown(&text);
        assert!(before.contains("without undue delay"));
        let edited = text.replacen("target = \"24 hours\"", "target = \"6 hours\"", 1);
        let after = shown(&edited);
        assert!(before != after && after.contains("The operator's own limit is 6 hours"), "{after}");
    }
}
