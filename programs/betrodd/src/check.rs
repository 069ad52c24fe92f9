//! For authors of agreements: faults, and who may see what.

use std::path::Path;
use std::process::ExitCode;

use agreement::{Agreement, Faults};
use terms::Language;

use crate::Told;

fn read(file: &Path) -> Result<(String, Result<Agreement, Faults>), Told> {
    let text =
        std::fs::read_to_string(file).map_err(|cause| format!("`{}` cannot be read: {cause}", file.display()))?;
    let name = file.display().to_string();
    let read = Agreement::read(&name, &text);
    Ok((name, read))
}

fn code(read: &Result<Agreement, Faults>) -> ExitCode {
    if read.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Tells every fault, or what the check found.
pub fn check(file: &Path) -> Result<ExitCode, Told> {
    let (name, read) = read(file)?;
    print!("{}", agreement::explain::check_result(&name, &read));
    Ok(code(&read))
}

/// Prints who may see what, or every fault.
pub fn explain(file: &Path, language: Language) -> Result<ExitCode, Told> {
    let (_, read) = read(file)?;
    match &read {
        Ok(agreement) => print!("{}", agreement::explain::who_may_see_what(agreement, language)),
        Err(faults) => println!("{faults}"),
    }
    Ok(code(&read))
}
