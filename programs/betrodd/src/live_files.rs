//! Where live files lie: in the data folder, or, where the operator once said so (`serve --files`), in a place of whole objects. What was
//! said is kept in `files.toml`, so that every command of the program finds the same files.

use std::path::Path;
use std::sync::Arc;

use archive::LiveFiles;
use files::Place as _;
use terms::FileId;

use crate::Told;
use crate::archiving::place;

/// Sealed files in the data folder.
const FOLDER: &str = "files";
/// Where they lie otherwise.
const NAMED: &str = "files.toml";

/// Keeps where live files lie from now on. It is said before there are any: nothing is moved.
///
/// # Errors
/// A sentence for people; then nothing was changed.
pub fn choose(data: &Path, named: Option<&str>) -> Result<(), Told> {
    let Some(named) = named else { return Ok(()) };
    match chosen(data)? {
        Some(chosen) if chosen == named => return Ok(()),
        Some(chosen) => {
            return Err(format!(
                "live files of `{}` lie at `{chosen}`, and not at `{named}`: those of there would not be found. Say the same, or leave \
                 --files out. Nothing was started",
                data.display()
            )
            .into());
        }
        None => {}
    }
    let folder = data.join(FOLDER);
    if folder.is_dir() && !files::Folder::open(&folder)?.all()?.is_empty() {
        return Err(format!(
            "`{}` holds files already, and nothing moves them: another place for files is named before there are any. Leave --files \
             out. Nothing was started",
            folder.display()
        )
        .into());
    }
    // A place that cannot be used is said now and not at the first file.
    at(named)?;
    std::fs::create_dir_all(data)?;
    let told = format!(
        "# Written by the program: where live files lie. Said once, with `serve --files`.\nplace = {named:?}\n"
    );
    Ok(crate::whole_file::write(&data.join(NAMED), &told)?)
}

/// The live files of a data folder.
///
/// # Errors
/// A sentence for people.
pub fn open(data: &Path) -> Result<Arc<dyn files::Place>, Told> {
    match chosen(data)? {
        Some(named) => at(&named),
        None => Ok(Arc::new(files::Folder::open(&data.join(FOLDER))?)),
    }
}

/// The ids of all that lie there. Nothing is made where nothing is.
///
/// # Errors
/// A sentence for people.
pub fn lying(data: &Path) -> Result<Vec<FileId>, Told> {
    if chosen(data)?.is_none() && !data.join(FOLDER).is_dir() {
        return Ok(Vec::new());
    }
    Ok(open(data)?.all()?)
}

fn at(named: &str) -> Result<Arc<dyn files::Place>, Told> {
    Ok(Arc::new(LiveFiles::open(place(named)?)?))
}

fn chosen(data: &Path) -> Result<Option<String>, Told> {
    let file = data.join(NAMED);
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(format!("`{}` cannot be read: {cause}", file.display()).into()),
    };
    let said =
        text.parse::<toml_edit::DocumentMut>().ok().and_then(|said| Some(said.get("place")?.as_str()?.to_owned()));
    said.map(Some).ok_or_else(|| {
        format!("`{}` does not say where files lie; it has one line, `place = \"s3://BUCKET/UNDER\"`", file.display())
            .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_files_lie_is_said_once_and_before_there_are_any() {
        let folder = tempfile::tempdir().unwrap();
        let (data, other) = (folder.path().join("data"), folder.path().join("other"));
        let named = other.to_str().unwrap();
        choose(&data, None).unwrap();
        assert!(!data.exists());
        choose(&data, Some(named)).unwrap();
        choose(&data, Some(named)).unwrap();
        let told = |place: &str| choose(&data, Some(place)).map_or_else(|error| error.to_string(), |()| String::new());
        assert!(told("/elsewhere").contains("lie at"));
        let place = open(&data).unwrap();
        let file = FileId([1; 16]);
        let mut grows = place.begin(&file).unwrap();
        grows.append(b"sealed").unwrap();
        grows.finish().unwrap();
        assert!(open(&data).unwrap().open(&file).unwrap().is_some() && !data.join("files").exists());
        std::fs::write(data.join(NAMED), "place = 7\n").unwrap();
        assert!(told(named).contains("does not say where files lie"));
        // Files that are here are not left behind.
        std::fs::remove_file(data.join(NAMED)).unwrap();
        let place = open(&data).unwrap();
        place.begin(&file).unwrap().finish().unwrap();
        assert!(told(named).contains("holds files already") && !data.join(NAMED).exists());
    }
}
