//! `betrodd new agreement`: a service's folder from a form. The form asks in the order of the Commission's standard clauses for
//! processors; what is written is in our own words, and passes every check that blocks before it is written.

mod answers;
mod ask;
mod folder;
mod form;
mod template;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use jiff::civil::Date;
use terms::Language;

use self::answers::{Answers, empty_form};
use self::ask::Ended;
use self::form::Form;
use crate::Told;

/// What is wanted.
#[derive(Args)]
pub struct Wanted {
    /// The new folder. One that holds only answers.toml, from an earlier time, is gone on with.
    #[arg(required_unless_present = "form", value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Asks and writes in English instead of Swedish.
    #[arg(long)]
    english: bool,
    /// Takes the answers from this file and asks nothing.
    #[arg(long, value_name = "FILE", conflicts_with = "form")]
    answers: Option<PathBuf>,
    /// Prints the empty form as a file of answers, with every question.
    #[arg(long)]
    form: bool,
}

/// The file of answers in the folder.
const ANSWERS: &str = "answers.toml";

/// Makes the folder, or prints the form.
///
/// # Errors
/// The world's, and a folder that holds something else.
pub fn run(wanted: &Wanted) -> Result<ExitCode, Told> {
    let form = Form::built_in()?;
    let chosen = if wanted.english { Language::En } else { Language::Sv };
    let Some(folder) = wanted.folder.as_deref().filter(|_| !wanted.form) else {
        print!("{}", empty_form(&form, chosen));
        return Ok(ExitCode::SUCCESS);
    };
    free(folder)?;
    let today = crate::check::today();
    let kept = folder.join(ANSWERS);
    let mut answers = match (&wanted.answers, kept.exists()) {
        (Some(_), true) => {
            return Err(format!("`{}` is there already: go on with it by leaving out --answers", kept.display()).into());
        }
        (Some(file), false) => read(file)?,
        (None, true) => read(&kept)?,
        (None, false) => Answers { language: chosen, all: serde_json::Map::new() },
    };
    if wanted.english {
        answers.language = Language::En;
    }
    if wanted.answers.is_none() && asked(&form, &mut answers, &kept, today)? == Ended::Before {
        let file = kept.display();
        println!(
            "\n\n{}",
            match answers.language {
                Language::Sv => format!("Svaren så långt ligger i `{file}`. Samma kommando igen fortsätter där."),
                Language::En =>
                    format!("The answers so far lie in `{file}`. The same command again goes on from there."),
            }
        );
        return Ok(ExitCode::FAILURE);
    }
    let faults = answers::check(&form, &mut answers, today);
    if !faults.is_empty() {
        println!("{}", faults.join("\n"));
        return Ok(ExitCode::FAILURE);
    }
    let made = folder::make(&answers, today)?;
    if let Err(told) = folder::check(&made, answers.language, today) {
        println!("{told}");
        return Ok(ExitCode::FAILURE);
    }
    folder::write(folder, &made)?;
    crate::whole_file::write(&kept, &answers.written(&form))?;
    let place = folder.display();
    println!(
        "{}",
        match answers.language {
            Language::Sv => format!(
                "Tjänsten ligger i `{place}`. Läs README.md där, och avtalet; prova med: betrodd demo --service {place}"
            ),
            Language::En => format!(
                "The service lies in `{place}`. Read README.md there, and the agreement; try it with: betrodd demo --service {place}"
            ),
        }
    );
    Ok(ExitCode::SUCCESS)
}

fn asked(form: &Form, answers: &mut Answers, kept: &Path, today: Date) -> Result<Ended, Told> {
    if let Some(folder) = kept.parent() {
        std::fs::create_dir_all(folder)?;
    }
    println!(
        "{}",
        match answers.language {
            Language::Sv =>
                "Ett svar i taget. Ett tomt svar tar det som står inom [ ]. Varje svar sparas genast; avbryt när du vill.",
            Language::En =>
                "One answer at a time. An empty one takes what stands in [ ]. Each is kept at once; stop when you like.",
        }
    );
    ask::ask(form, answers, kept, today, &mut std::io::stdin().lock(), &mut std::io::stdout().lock())
}

fn read(file: &Path) -> Result<Answers, Told> {
    let text =
        std::fs::read_to_string(file).map_err(|cause| format!("`{}` cannot be read: {cause}", file.display()))?;
    Answers::read(&text).map_err(|fault| format!("`{}` has a fault: {fault}", file.display()).into())
}

/// Whether the folder may be filled: it is not there, or it holds answers and nothing else.
fn free(folder: &Path) -> Result<(), Told> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(cause) => return Err(format!("`{}` cannot be read: {cause}", folder.display()).into()),
    };
    for entry in entries {
        let name = entry?.file_name();
        if name != ANSWERS {
            return Err(
                format!("`{}` holds `{}` already; nothing is written over", folder.display(), name.display()).into()
            );
        }
    }
    Ok(())
}
