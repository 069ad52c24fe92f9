//! `betrodd doctor`: says in plain words what of a data folder is not as it should be, and what to do. It may run while a program
//! serves the folder; it changes nothing. Each matter is looked at in a function of its own, and one that cannot be looked at is
//! itself a finding, never silence.

mod finding;
mod look;
mod second_place;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use terms::{Clock, Language};

use crate::archiving::SecondPlace;
use crate::clock::SystemClock;
use crate::settings::{MOST_HOURS, SettingsFile};
use crate::{Services, Told};
use finding::{Finding, Level};

/// What is asked for.
#[derive(Args)]
pub struct Wanted {
    /// The data folder.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    #[command(flatten)]
    services: Services,
    #[command(flatten)]
    second: SecondPlace,
    #[command(flatten)]
    settings: SettingsFile,
    /// Answer in JSON, in both languages.
    #[arg(long)]
    json: bool,
    /// In English instead of Swedish.
    #[arg(long)]
    english: bool,
    /// Do not read the whole journal. Quick, and says that it was not read.
    #[arg(long)]
    quick: bool,
}

/// Looks, tells, and answers 0 where nothing is wrong, 1 where something should be done, 2 where something must be.
pub fn run(wanted: &Wanted) -> Result<ExitCode, Told> {
    if !wanted.data.is_dir() {
        return Err(format!(
            "`{}` is no data folder; give the one that `demo` or `serve` was started with",
            wanted.data.display()
        )
        .into());
    }
    let now = SystemClock.now();
    let settings = wanted.settings.read(&wanted.data)?;
    let rotate_hours = settings.rotate_keys_hours.map_or(MOST_HOURS, i64::from);
    let second = settings.second(wanted.second.clone());
    let mut findings = look::folder(&wanted.data, now, rotate_hours, wanted.quick);
    findings.extend(second_place::look(&wanted.data, second.archive.as_deref(), now));
    findings.extend(look::services(&wanted.services, now));
    findings.sort_by_key(|one| core::cmp::Reverse(one.level));
    let language = if wanted.english { Language::En } else { Language::Sv };
    if wanted.json {
        println!("{}", finding::json(&findings)?);
    } else {
        print!("{}", finding::words(&findings, language));
    }
    Ok(match findings.iter().map(|one| one.level).max() {
        Some(Level::Wrong) => ExitCode::from(2),
        Some(Level::Care) => ExitCode::from(1),
        _ => ExitCode::SUCCESS,
    })
}

/// A finding in both languages: what is so, and what to do.
fn found(level: Level, code: &'static str, says: [String; 2], todo: [&str; 2]) -> Finding {
    let [sv, en] = says;
    Finding { level, code, says: terms::Label { sv, en }, todo: todo.map(str::to_owned) }
}
