//! `betrodd read --report`: the report on a text that was read, as a page or a PDF of its own.
//!
//! What it says is `crates/reading`, how it looks the portal's; here the agreements are found that it is laid beside, and a file is
//! written where none is.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use agreement::Agreement;
use reading::Reading;
use reading::report::{Known, Report};
use terms::{Clock as _, Language};

use crate::clock::{SystemClock, day_of};
use crate::{Told, services};

/// In which form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Html,
    Pdf,
}

/// Where services lie when nothing is said.
const SERVICES: &str = "services";

/// Writes the report; nothing that is there is written over.
pub fn write(reading: Reading, file: &Path, folder: Option<&PathBuf>, language: Language) -> Result<(), Told> {
    let form = form(file)?;
    let known = known(folder)?;
    let known: Vec<Known<'_>> = known.iter().map(|(name, agreement)| named(name, agreement, language)).collect();
    let reading = reading.under_the_hash_of_its_text();
    let report = Report::of(&reading, &known, day_of(SystemClock.now()));
    let document = portal::reading_report(&reading, &report, language);
    let bytes = match form {
        Form::Html => portal::alone(&document).into_bytes(),
        Form::Pdf => paper::write(&document)?,
    };
    let mut into = std::fs::File::create_new(file)
        .map_err(|cause| format!("`{}` cannot be written: {cause}; no report was written", file.display()))?;
    into.write_all(&bytes)?;
    Ok(())
}

/// Says beforehand what would only come out after the reading: that the file's name tells no form, or that it is there.
pub fn can_write(file: &Path) -> Result<(), Told> {
    form(file)?;
    if file.exists() {
        return Err(format!("`{}` is there already; nothing was read", file.display()).into());
    }
    Ok(())
}

fn form(file: &Path) -> Result<Form, Told> {
    let ending = file.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
    match ending.as_deref() {
        Some("html" | "htm") => Ok(Form::Html),
        Some("pdf") => Ok(Form::Pdf),
        _ => Err(format!("`{}`: a report is a page or a paper; end the name in .html or .pdf", file.display()).into()),
    }
}

type Name = (terms::Label, std::sync::Arc<Agreement>);

/// The agreements of the services in a folder. Without a folder there are none, and the report says so.
fn known(folder: Option<&PathBuf>) -> Result<Vec<Name>, Told> {
    let folder = match folder {
        Some(folder) => folder.clone(),
        None if Path::new(SERVICES).is_dir() => PathBuf::from(SERVICES),
        None => return Ok(Vec::new()),
    };
    let read = services::read(&folder)?;
    let agreed = read.shelves.into_iter().filter(|shelf| shelf.register.is_none());
    Ok(agreed.map(|shelf| (shelf.kinds.label.clone(), shelf.agreement)).collect())
}

fn named<'a>(name: &terms::Label, agreement: &'a Agreement, language: Language) -> Known<'a> {
    Known { name: name.text(language).to_owned(), agreement }
}
