//! The services, read from their folders: agreement, kinds, and what a crate adds. A fault in any of them is told in full,
//! and nothing is started.
//!
//! A folder with `kinds.toml` and an agreement is a service, and runs on that data alone. A folder with `register.sv.md` and no
//! agreement is a register that somebody publishes; it runs only where the operator answers for it with `basis.sv.md` (decision
//! 0006), and is otherwise only told of.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use agreement::Agreement;
use agreement::art28::{Override, read_overrides};
use agreement::register::Register;
use service::{Kinds, Service};

/// A service, read and checked.
pub struct Shelf {
    /// Its folder.
    pub folder: PathBuf,
    /// What it keeps.
    pub kinds: Arc<Kinds>,
    /// Its agreement.
    pub agreement: Arc<Agreement>,
    /// The agreement retold in the other language, where somebody has done so.
    pub reading: Option<Arc<str>>,
    /// What its crate adds.
    pub service: Option<Arc<dyn Service>>,
    /// In spite of what its agreement goes live.
    pub overrides: Vec<Override>,
    /// The register, where there is one in the place of an agreement. Nobody has agreed to its basis, so it is run for made-up
    /// customers only.
    pub register: Option<Arc<Register>>,
}

/// Why the services cannot be hung up.
#[derive(Debug, thiserror::Error)]
pub enum ServicesError {
    /// There are none.
    #[error(
        "no service found in `{}`: it should hold a folder for each service, with agreement.sv.md and kinds.toml. Run this \
         in the repository's top folder, or name the folder with --services", .0.display()
    )]
    None(PathBuf),
    /// A file cannot be read, or is no text.
    #[error("{0}")]
    Unreadable(String),
    /// Part of a service is there and part of it is not.
    #[error(
        "`{}` is missing, though `{}` is there: a service is a folder with kinds.toml and agreement.sv.md (or agreement.en.md, \
         where the agreement is in English). Nothing was started", .missing.display(), .there.display()
    )]
    Half {
        /// What is missing.
        missing: PathBuf,
        /// What is there.
        there: PathBuf,
    },
    /// A file has faults.
    #[error("{0}\nNothing was started. Mend the file and start again.")]
    Faults(String),
}

/// The crates of this binary's services. A service without one runs on its data alone.
fn crates() -> Vec<Arc<dyn Service>> {
    vec![Arc::new(matcha::Matcha)]
}

const KINDS: &str = "kinds.toml";
const SWEDISH: &str = "agreement.sv.md";
const ENGLISH: &str = "agreement.en.md";
/// A register that is no agreement, and what the operator answers for in its place.
const REGISTER: &str = "register.sv.md";
const BASIS: &str = "basis.sv.md";
/// What keeps the agreement from going live and somebody has overridden; missing where nothing is.
const OVERRIDES: &str = "overrides.toml";

/// What the folders of services hold.
#[derive(Default)]
pub struct Read {
    /// The services, by their folders' names.
    pub shelves: Vec<Shelf>,
    /// Registers with nothing under which a service could run.
    pub registers: Vec<Register>,
}

impl Read {
    /// Says which folders hold a register and no service, so that nobody waits for pages of it.
    pub fn tell_registers(&self) {
        for register in &self.registers {
            let (rows, countries) = (register.rows().len(), register.countries().len());
            println!(
                "`{}` is a register of {rows} recipients in {countries} countries and no agreement: nothing is processed under it",
                register.service()
            );
        }
    }

    /// Adds those of another folder.
    ///
    /// # Errors
    /// Where two of them have one name.
    pub fn add(&mut self, other: Self) -> Result<(), ServicesError> {
        self.shelves.extend(other.shelves);
        self.registers.extend(other.registers);
        one_of_each(&self.shelves)
    }
}

/// Reads every folder of `folder` that holds anything of a service.
///
/// # Errors
/// See [`ServicesError`].
pub fn read(folder: &Path) -> Result<Read, ServicesError> {
    let unreadable = |cause| ServicesError::Unreadable(format!("`{}` cannot be read: {cause}", folder.display()));
    let mut folders: Vec<PathBuf> = match std::fs::read_dir(folder) {
        Ok(entries) => {
            entries.map(|entry| entry.map(|entry| entry.path()).map_err(unreadable)).collect::<Result<_, _>>()?
        }
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(cause) => return Err(unreadable(cause)),
    };
    folders.retain(|folder| [KINDS, SWEDISH, REGISTER].iter().any(|name| folder.join(name).exists()));
    folders.sort();
    let mut read = Read::default();
    for folder in folders {
        if is_register(&folder) {
            read.registers.push(read_register(&folder)?);
        } else {
            read.shelves.push(read_one(&folder)?);
        }
    }
    if read.shelves.is_empty() {
        return Err(ServicesError::None(folder.to_owned()));
    }
    one_of_each(&read.shelves)?;
    Ok(read)
}

/// Reads these folders, each of them one service.
///
/// # Errors
/// See [`ServicesError`].
pub fn read_each(folders: &[PathBuf]) -> Result<Read, ServicesError> {
    let shelves = folders.iter().map(|folder| read_one(folder)).collect::<Result<Vec<_>, _>>()?;
    one_of_each(&shelves)?;
    Ok(Read { shelves, registers: Vec::new() })
}

fn read_register(folder: &Path) -> Result<Register, ServicesError> {
    let file = folder.join(REGISTER);
    let shown = file.display().to_string();
    let text = crate::text_file::read(&file).map_err(|told| ServicesError::Unreadable(told.to_string()))?;
    Register::read(&shown, &text).map_err(|faults| ServicesError::Faults(faults.to_string()))
}

/// Whether the folder holds a register and nothing that would make it a service.
fn is_register(folder: &Path) -> bool {
    folder.join(REGISTER).is_file() && ![SWEDISH, ENGLISH, BASIS].iter().any(|name| folder.join(name).exists())
}

/// Two services of one name would have one address.
fn one_of_each(shelves: &[Shelf]) -> Result<(), ServicesError> {
    for (place, shelf) in shelves.iter().enumerate() {
        if let Some(other) = shelves.iter().take(place).find(|other| other.kinds.service == shelf.kinds.service) {
            return Err(ServicesError::Faults(format!(
                "`{}` and `{}` are both of the service `{}`: give one of them another name",
                other.folder.display(),
                shelf.folder.display(),
                shelf.kinds.service
            )));
        }
    }
    Ok(())
}

/// Reads one service's folder.
///
/// # Errors
/// See [`ServicesError`].
pub fn read_one(folder: &Path) -> Result<Shelf, ServicesError> {
    let text = |name: &str| {
        crate::text_file::read(&folder.join(name)).map_err(|told| ServicesError::Unreadable(told.to_string()))
    };
    let shown = |name: &str| folder.join(name).display().to_string();
    // The Swedish file runs where there is one; an English file beside it is a reading. By itself, the English file runs. A
    // register has no agreement beside it, and then its basis runs.
    let there = |name: &str| folder.join(name).exists();
    let (running, other) = match (there(SWEDISH), there(BASIS) && there(REGISTER), there(ENGLISH)) {
        (false, true, _) => (BASIS, ENGLISH),
        (false, false, true) => (ENGLISH, SWEDISH),
        _ => (SWEDISH, ENGLISH),
    };
    for (name, beside) in [(running, KINDS), (KINDS, running)] {
        if !there(name) && there(beside) {
            return Err(ServicesError::Half { missing: folder.join(name), there: folder.join(beside) });
        }
    }
    let faults = |faults: agreement::Faults| ServicesError::Faults(faults.to_string());
    let (agreement, register) = if running == BASIS {
        let register = Register::read(&shown(REGISTER), &text(REGISTER)?).map_err(faults)?;
        (register.read_under(&shown(BASIS), &text(BASIS)?).map_err(faults)?, Some(Arc::new(register)))
    } else {
        (Agreement::read(&shown(running), &text(running)?).map_err(faults)?, None)
    };
    let kinds = Kinds::read(&shown(KINDS), &text(KINDS)?)
        .map_err(|faults| ServicesError::Faults(faults.iter().map(|fault| format!("{fault}\n")).collect()))?;
    if kinds.service != *agreement.service() {
        return Err(ServicesError::Faults(format!(
            "`{}` is of the service `{}`, and the agreement beside it of `{}`: they must name the same",
            shown(KINDS),
            kinds.service,
            agreement.service()
        )));
    }
    if let Some(told) = portal::taken(&kinds) {
        return Err(ServicesError::Faults(format!("`{}`: {told}", shown(KINDS))));
    }
    let language = if running == ENGLISH { "en" } else { "sv" };
    if agreement.document().language != language {
        return Err(ServicesError::Faults(format!(
            "`{}` says that it is written in `{}`, and its name says `{language}`: the file that runs is named for its language",
            shown(running),
            agreement.document().language
        )));
    }
    let service = crates().into_iter().find(|service| service.name() == kinds.service.as_str());
    let overrides = match folder.join(OVERRIDES).exists() {
        true => read_overrides(&text(OVERRIDES)?)
            .map_err(|error| ServicesError::Faults(format!("`{}`: {error}", shown(OVERRIDES))))?,
        false => Vec::new(),
    };
    Ok(Shelf {
        overrides,
        folder: folder.to_owned(),
        kinds: Arc::new(kinds),
        agreement: Arc::new(agreement),
        reading: text(other).ok().map(Arc::from),
        service,
        register,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(path: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
    }

    fn told(files: &[(&str, &str)]) -> String {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        read(folder.path()).err().map(|told| told.to_string()).unwrap_or_default()
    }

    #[test]
    fn half_a_service_is_told_by_the_file_that_is_missing() {
        assert!(told(&[("a/kinds.toml", "")]).contains("agreement.sv.md` is missing"));
        assert!(told(&[("a/agreement.sv.md", "")]).contains("kinds.toml` is missing"));
        assert!(told(&[]).contains("no service found"));
    }

    #[test]
    fn a_register_alone_is_no_service_and_one_with_a_fault_stops_the_start() {
        let text = std::fs::read_to_string(repository("services/websupport/register.sv.md")).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("a")).unwrap();
        std::fs::write(folder.path().join("a/register.sv.md"), &text).unwrap();
        assert!(read(folder.path()).is_err_and(|told| told.to_string().contains("no service found")));
        let register = read_register(&folder.path().join("a")).unwrap();
        assert_eq!((register.rows().len(), register.service().as_str()), (38, "websupport"));
        assert!(told(&[("a/register.sv.md", &text.replace("[register]", "[registre]"))]).contains("register.sv.md:"));
        // With the operator's basis beside it, it runs, and says of itself that nobody has agreed.
        let shelf = read_one(&repository("services/websupport")).unwrap();
        assert!(shelf.register.is_some_and(|register| register.rows().len() == shelf.agreement.subprocessors().len()));
    }

    #[test]
    fn an_agreement_in_english_runs_by_itself_and_is_a_reading_beside_a_swedish_one() {
        let hotel = read_one(&repository("examples/services/hotel")).unwrap();
        assert_eq!(hotel.agreement.document().language, "en");
        assert!(hotel.reading.is_none());
        let matcha = read_one(&repository("services/matcha")).unwrap();
        assert_eq!(matcha.agreement.document().language, "sv");
        assert!(matcha.reading.is_some());
    }
}
