//! `betrodd read`: a file as it lies in the world, told to people or programs, and drafted as an agreement file.
//!
//! What is read out of the text is `crates/reading`, and the text comes from a process of its own (`take_text.rs`); here files are
//! opened and written.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use reading::{Choice, Choices, Confirmations, MAX_CHOICES_BYTES, MAX_FILE_BYTES, Reading, Verdict, told};
use terms::Language;

use crate::{Told, read_report, take_text};

/// How an agreement is brought, for those who ask.
const HELP: &str = "\
An agreement is brought in three steps.
  betrodd read avtal.pdf                                   what it is, what it says, what it does not say
  betrodd read avtal.pdf --draft utkast --service min      a draft; every term is marked as not confirmed
  betrodd read avtal.pdf --draft min --service min --choices confirmations.toml
                                                           the same, with what people confirmed on the page `Bekräfta avtal`
`betrodd check min/agreement.sv.md` says what the text lacks; with --trial, `betrodd demo --service min` serves it to made-up people.";

/// What is to be read, and how it is told.
#[derive(Args)]
#[command(after_help = HELP)]
pub struct Wanted {
    /// The file.
    file: PathBuf,
    /// As JSON, with every place as lines and bytes.
    #[arg(long)]
    json: bool,
    /// In English instead of Swedish.
    #[arg(long)]
    english: bool,
    /// Also writes a service's folder with an agreement file of the text and kinds of record, every term marked as not confirmed.
    #[arg(long, value_name = "FOLDER")]
    draft: Option<PathBuf>,
    /// With `--draft`: whoever gives the command has read the text beside the reading, and confirms all of it.
    #[arg(long, requires = "draft")]
    confirmed: bool,
    /// With `--draft`: what people confirmed, changed and turned down, as it was taken along from the page where they did
    /// (`confirmations.toml`). Of another file's text it is refused.
    #[arg(long, value_name = "FILE", requires = "draft", conflicts_with = "confirmed")]
    choices: Option<PathBuf>,
    /// With `--draft`: adds a demo with made-up people, and overrides what the check finds for a trial of sixty days. Not what is
    /// unconfirmed.
    #[arg(long, requires = "draft")]
    trial: bool,
    /// Also writes a report, as FILE.html or FILE.pdf: the text against Article 28, and beside the agreements of the services in
    /// `--services`.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// With `--report`: where the services lie whose agreements are known. `services`, where nothing is said and there is one.
    #[arg(long, value_name = "FOLDER", requires = "report")]
    services: Option<PathBuf>,
    /// The service that the draft is for.
    #[arg(long, value_name = "NAME", default_value = "service")]
    service: String,
}

/// A larger file takes long enough for somebody to wonder.
const LARGE: usize = 1024 * 1024;

/// Reads, tells, drafts.
pub fn run(wanted: &Wanted) -> Result<ExitCode, Told> {
    let name = wanted.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if let Some(report) = &wanted.report {
        read_report::can_write(report)?;
    }
    let language = if wanted.english { Language::En } else { Language::Sv };
    let bytes = open(&wanted.file, MAX_FILE_BYTES)?;
    let begun = Instant::now();
    if bytes.len() > LARGE {
        eprintln!("{name}: {} MB …", bytes.len() / LARGE);
    }
    let source = match take_text::take(&name, &bytes) {
        Ok(source) => source,
        Err(unreadable) if wanted.json => {
            let told = serde_json::json!({ "file": name, "unreadable": unreadable.code(), "says": told::unreadable(&unreadable).en });
            println!("{}", serde_json::to_string_pretty(&told)?);
            return Ok(ExitCode::from(2));
        }
        Err(unreadable) => {
            let says = told::unreadable(&unreadable);
            return Err(format!("{name}: {}", says.text(language)).into());
        }
    };
    let reading = Reading::of(source);
    if bytes.len() > LARGE {
        eprintln!("{name}: {:.1} s", begun.elapsed().as_secs_f64());
    }
    if wanted.json {
        println!("{}", serde_json::to_string_pretty(&told::json(&reading))?);
    } else {
        print!("{}", told::people(&reading, language));
    }
    if let Some(folder) = &wanted.draft {
        write_draft(&reading, folder, wanted)?;
    }
    let read = matches!(reading.verdict, Verdict::Agreement | Verdict::OtherAgreement | Verdict::Register);
    if let Some(report) = &wanted.report {
        read_report::write(reading, report, wanted.services.as_ref(), language)?;
        eprintln!("`{}`: the report", report.display());
    }
    Ok(if read { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// No more than may be read is taken into memory, whatever the file is.
fn open(file: &Path, most: usize) -> Result<Vec<u8>, Told> {
    let cannot = |cause| format!("`{}` cannot be read: {cause}", file.display());
    if file.is_dir() {
        return Err(format!("`{}` is a folder; name a file", file.display()).into());
    }
    let opened = std::fs::File::open(file).map_err(cannot)?;
    let mut bytes = Vec::new();
    opened.take(most as u64 + 1).read_to_end(&mut bytes).map_err(cannot)?;
    Ok(bytes)
}

/// What people made of the proposals of this text; of another text it is refused, and nothing is written.
fn made(reading: &Reading, file: &Path, wanted: &Wanted) -> Result<Confirmations, Told> {
    let language = if wanted.english { Language::En } else { Language::Sv };
    let refused =
        |why| -> Told { format!("`{}`: {}", file.display(), told::wrong_choices(&why).text(language)).into() };
    let bytes = open(file, MAX_CHOICES_BYTES)?;
    let text = core::str::from_utf8(&bytes).map_err(|_| format!("`{}` is no UTF-8 text", file.display()))?;
    let made = Confirmations::read(text).map_err(refused)?;
    made.applied(reading).map_err(refused)?;
    // A value that somebody points to and could not point to on the page is no slip to go on after.
    if let Some((pointed, why)) = reading.wrong_in(&made) {
        let (first, last) = pointed.lines;
        let says = told::no_pointing(&why);
        let at = match language {
            Language::Sv => format!("utpekat på rad {first}–{last}, `{}`", pointed.field),
            Language::En => format!("pointed to on lines {first}–{last}, `{}`", pointed.field),
        };
        return Err(format!("`{}`: {at}: {}", file.display(), says.text(language)).into());
    }
    let reading = &reading.with_pointed(&made).reading;
    let applied = made.applied(reading).map_err(refused)?;
    for chosen in &applied.gone {
        eprintln!(
            "line {}: `{}` is not proposed any more, and the choice on it counts for nothing; confirm it again",
            chosen.lines.0, chosen.field
        );
    }
    let left = reading.asked(&applied.choices).iter().filter(|at| !applied.choices.contains_key(at)).count();
    if left > 0 {
        eprintln!("{left} proposals are not chosen on; as long as they are not, the agreement cannot go live");
    }
    Ok(made)
}

/// The folder of a service with the draft in it; nothing that is there is written over.
fn write_draft(reading: &Reading, folder: &Path, wanted: &Wanted) -> Result<(), Told> {
    let every = 0..reading.proposals.len();
    let choices: Choices =
        if wanted.confirmed { every.map(|at| (at, Choice::Confirmed)).collect() } else { Choices::new() };
    let today = jiff::Zoned::now().date();
    let trial = wanted.trial.then_some(today);
    let files = match &wanted.choices {
        Some(file) => reading::confirmed_folder(reading, &wanted.service, &made(reading, file, wanted)?, trial)?,
        None => reading::folder(reading, &wanted.service, &choices, trial)?,
    };
    if let Some(there) = files.iter().map(|file| folder.join(&file.name)).find(|file| file.exists()) {
        return Err(format!("`{}` is there already; nothing was written", there.display()).into());
    }
    std::fs::create_dir_all(folder)?;
    for file in &files {
        std::fs::write(folder.join(&file.name), &file.text)?;
    }
    let Some(agreement) = files.first() else { return Ok(()) };
    let path = folder.join(&agreement.name).display().to_string();
    match agreement::Agreement::read(&path, &agreement.text) {
        Ok(_) if wanted.confirmed && wanted.trial => {
            eprintln!("`{path}`: try it with `betrodd demo --service {}`", folder.display());
        }
        Ok(_) if wanted.confirmed => eprintln!("`{path}`: `betrodd check {path}` says what the text lacks"),
        Ok(_) if wanted.choices.is_some() && wanted.trial => {
            eprintln!("`{path}`: try it with `betrodd demo --service {}`", folder.display());
        }
        Ok(_) if wanted.choices.is_some() => eprintln!("`{path}`: `betrodd check {path}` says what the text lacks"),
        Ok(_) => eprintln!("`{path}`: every term is unconfirmed; `betrodd check {path}` says what is missing"),
        Err(faults) => {
            for fault in faults.iter() {
                eprintln!("{path}:{}: {}", fault.line, fault.message);
            }
        }
    }
    Ok(())
}
