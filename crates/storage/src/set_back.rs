//! A journal that was set back: an older copy lies in its place, or its end is lost. What was signed and published, and what the state
//! knows, tell; then nothing is started, since whoever goes on would write another course of things over one that was promised.
//!
//! Not here: a whole folder that was set back, which nothing in it tells (checkpoints that others hold do), and a restore, which
//! begins a folder anew.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use journal::{DamageKind, OpenError, Position};

use crate::distrusted;
use crate::engine::StoreError;
use crate::folder::Lock;

/// Lies in the folder from before anything of it is changed until it is entered in every log.
const TO_BE_ENTERED: &str = "set-back";

/// What shows that it was set back, in words.
pub(crate) fn after_reading(
    applied: Option<Position>,
    end: Option<Position>,
    published: Option<String>,
) -> Option<String> {
    match applied {
        Some(applied) if end.is_none_or(|end| applied >= end) => {
            Some(format!("the state knows what was entered at {applied}, and the journal ends before that"))
        }
        _ => published,
    }
}

/// What shows it where the journal was to be read from a place that it does not have.
pub(crate) fn while_reading(from: Option<Position>, error: &OpenError) -> Option<String> {
    let from = from?;
    match error {
        OpenError::Damage(damage) if damage.at == from && damage.kind == DamageKind::NoGroup => {
            Some(format!("what was entered at {from} is known here, and the journal has nothing there"))
        }
        _ => None,
    }
}

/// Makes it possible to go on from a journal that was set back, where nothing newer is left: what was published is moved aside, and the
/// next opening makes logs and state anew from what there is. Gives where the old logs lie now. Whoever holds a newer checkpoint sees
/// that entries are gone, and nothing here hides it.
///
/// If we die in between, the next opening refuses again, and the same can be done again; or it does not, and finds that it is to be
/// entered ([`is_to_be_entered`]).
///
/// # Errors
/// The world's.
pub fn go_on_from_set_back(folder: &Path, _held: &Lock) -> Result<PathBuf, StoreError> {
    let failed = |cause: std::io::Error| StoreError { doing: "written", cause: cause.to_string() };
    std::fs::File::create(folder.join(TO_BE_ENTERED)).and_then(|file| file.sync_all()).map_err(failed)?;
    synced(folder).map_err(failed)?;
    let state = folder.join("state.db");
    if state.exists() {
        std::fs::write(distrusted::mark(&state), b"").map_err(failed)?;
    }
    match std::fs::remove_file(folder.join("journal").join("published")) {
        Err(cause) if cause.kind() != ErrorKind::NotFound => return Err(failed(cause)),
        _ => {}
    }
    let aside = (1..u32::MAX)
        .map(|number| folder.join(format!("logs.set-back-{number}")))
        .find(|one| !one.exists())
        .unwrap_or_else(|| folder.join("logs.set-back"));
    match std::fs::rename(folder.join("logs"), &aside) {
        Err(cause) if cause.kind() != ErrorKind::NotFound => return Err(failed(cause)),
        _ => {}
    }
    Ok(aside)
}

/// Whether it was gone on from a journal that was set back, and not every log has its entry of it yet.
#[must_use]
pub fn is_to_be_entered(folder: &Path) -> bool {
    folder.join(TO_BE_ENTERED).exists()
}

/// That every log has its entry of it now.
///
/// # Errors
/// The world's; then it is entered once more by the next start.
pub fn is_entered(folder: &Path) -> Result<(), StoreError> {
    let failed = |cause: std::io::Error| StoreError { doing: "written", cause: cause.to_string() };
    std::fs::remove_file(folder.join(TO_BE_ENTERED)).and_then(|()| synced(folder)).map_err(failed)
}

/// That what was made or removed in a folder stays so.
fn synced(folder: &Path) -> std::io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_to_be_entered_from_before_anything_changes_until_it_is() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("logs")).unwrap();
        assert!(!is_to_be_entered(folder.path()));
        let lock = Lock::take(folder.path()).unwrap();
        let aside = go_on_from_set_back(folder.path(), &lock).unwrap();
        assert!(aside.exists() && is_to_be_entered(folder.path()), "whoever dies here leaves no sign of it");
        is_entered(folder.path()).unwrap();
        assert!(!is_to_be_entered(folder.path()));
    }
}
