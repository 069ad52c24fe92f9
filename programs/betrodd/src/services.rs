//! The services, read from their folders: agreement, kinds, and what a crate adds. A fault in any of them is told in full,
//! and nothing is started.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use agreement::Agreement;
use service::{Kinds, Service};

/// A service, read and checked.
pub struct Shelf {
    /// Its folder.
    pub folder: PathBuf,
    /// What it keeps.
    pub kinds: Arc<Kinds>,
    /// Its agreement.
    pub agreement: Arc<Agreement>,
    /// The agreement retold in English, where somebody has done so.
    pub english: Option<Arc<str>>,
    /// What its crate adds.
    pub service: Option<Arc<dyn Service>>,
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
    /// A file cannot be read.
    #[error("`{}` cannot be read: {cause}", .file.display())]
    Unreadable {
        /// Which file.
        file: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// A file has faults.
    #[error("{0}\nNothing was started. Mend the file and start again.")]
    Faults(String),
}

/// The crates of this binary's services. A service without one runs on its data alone.
fn crates() -> Vec<Arc<dyn Service>> {
    vec![Arc::new(matcha::Matcha)]
}

/// Reads every folder of `folder` that holds a `kinds.toml`.
///
/// # Errors
/// See [`ServicesError`].
pub fn read(folder: &Path) -> Result<Vec<Shelf>, ServicesError> {
    let mut folders: Vec<PathBuf> = match std::fs::read_dir(folder) {
        Ok(entries) => entries
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .filter(|path| path.join("kinds.toml").is_file())
            .collect(),
        Err(_) => Vec::new(),
    };
    folders.sort();
    if folders.is_empty() {
        return Err(ServicesError::None(folder.to_owned()));
    }
    folders.iter().map(|folder| read_one(folder)).collect()
}

fn read_one(folder: &Path) -> Result<Shelf, ServicesError> {
    let text = |name: &str| {
        let file = folder.join(name);
        std::fs::read_to_string(&file).map_err(|cause| ServicesError::Unreadable { file, cause })
    };
    let shown = |name: &str| folder.join(name).display().to_string();
    let agreement = Agreement::read(&shown("agreement.sv.md"), &text("agreement.sv.md")?)
        .map_err(|faults| ServicesError::Faults(faults.to_string()))?;
    let kinds = Kinds::read(&shown("kinds.toml"), &text("kinds.toml")?)
        .map_err(|faults| ServicesError::Faults(faults.iter().map(|fault| format!("{fault}\n")).collect()))?;
    if kinds.service != *agreement.service() {
        return Err(ServicesError::Faults(format!(
            "`{}` is of the service `{}`, and the agreement beside it of `{}`: they must name the same",
            shown("kinds.toml"),
            kinds.service,
            agreement.service()
        )));
    }
    let service = crates().into_iter().find(|service| service.name() == kinds.service.as_str());
    Ok(Shelf {
        folder: folder.to_owned(),
        kinds: Arc::new(kinds),
        agreement: Arc::new(agreement),
        english: text("agreement.en.md").ok().map(Arc::from),
        service,
    })
}
