//! For authors of agreements and those who review them: faults, what the check of Article 28 finds, and who may see what.
//!
//! Here files are read and the day is chosen; what is found is said in one of three forms, a file each: `people`, `json`, `sarif`.

mod json;
mod people;
mod sarif;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use agreement::art28::{self, Evidence, Report};
use agreement::{Agreement, Faults};
use clap::Args;
use jiff::civil::Date;
use terms::{Clock, Language};

use crate::Told;
use crate::clock::{SystemClock, day_of};

/// What is to be checked, and how it is told.
#[derive(Args)]
pub struct Wanted {
    /// The files, e.g. services/matcha/agreement.sv.md
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// As JSON: every check with its verdict, in both languages.
    #[arg(long, conflicts_with = "sarif")]
    json: bool,
    /// As SARIF 2.1.0, for code review.
    #[arg(long)]
    sarif: bool,
    /// By the law and the limits of this day, e.g. `2020-07-17`; today where nothing is said.
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// In English instead of Swedish.
    #[arg(long)]
    english: bool,
    /// Also what the reader found that a person should know: each value that the text does not state, vague places, and so on.
    #[arg(long)]
    warnings: bool,
}

/// One file, read and checked.
struct Checked {
    name: String,
    read: Result<(Agreement, Report), Faults>,
}

impl Checked {
    /// Whether the agreement may not go live as it is.
    fn blocks(&self) -> bool {
        self.read.as_ref().map_or(true, |(_, report)| report.blocks())
    }
}

fn read(file: &Path) -> Result<(String, Result<Agreement, Faults>), Told> {
    let text = crate::text_file::read(file)?;
    let name = file.display().to_string();
    let read = Agreement::read(&name, &text);
    Ok((name, read))
}

/// Tells every fault and every finding. The exit status says whether anything blocks.
pub fn check(wanted: &Wanted) -> Result<ExitCode, Told> {
    let on = wanted.on.unwrap_or_else(today);
    // At the command line there are no registers: what only they could answer is not applicable.
    let evidence = Evidence::default();
    let mut checked = Vec::new();
    for file in &wanted.files {
        let (name, read) = read(file)?;
        let read = read.map(|agreement| {
            let report = art28::check(&agreement, &evidence, on);
            (agreement, report)
        });
        checked.push(Checked { name, read });
    }
    let language = if wanted.english { Language::En } else { Language::Sv };
    let told = match (wanted.json, wanted.sarif) {
        (true, _) => json::told(&checked, on)?,
        (_, true) => sarif::told(&checked, language)?,
        _ => people::told(&checked, on, language, wanted.warnings),
    };
    print!("{told}");
    Ok(if checked.iter().any(Checked::blocks) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Today in Sweden.
pub fn today() -> Date {
    day_of(SystemClock.now())
}

/// A table of what an agreement comes to.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Table {
    /// Role by purpose by category, with the clause.
    WhoMaySeeWhat,
    /// Every event with its duties, dates and calculations.
    WhatFallsDue,
    /// The processor's record of processing (Art. 30(2)).
    RecordOfProcessing,
}

/// Prints one table, or every fault.
pub fn explain(file: &Path, table: Table, at: Option<&str>, language: Language) -> Result<ExitCode, Told> {
    let at = at.map(crate::clock::parse).transpose()?.unwrap_or_else(|| terms::Clock::now(&SystemClock));
    let (_, read) = read(file)?;
    match &read {
        Ok(agreement) => print!(
            "{}",
            match table {
                Table::WhoMaySeeWhat => agreement::explain::who_may_see_what(agreement, language),
                Table::WhatFallsDue => agreement::explain::what_falls_due(agreement, language, at),
                Table::RecordOfProcessing => {
                    agreement::explain::record_of_processing(agreement, language, day_of(at))
                }
            }
        ),
        Err(faults) => println!("{faults}"),
    }
    Ok(if read.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
