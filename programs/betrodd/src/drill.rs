//! A drill: bringing an installation back is tried in a scratch folder, and what comes back is compared with what was there: rows by
//! count and hash, keys of persons, files. The evidence says what was compared with what, and names nobody.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use archive::Place;
use files::Place as _;
use storage::{Fingerprint, Snapshot};
use terms::Clock;

use crate::Told;
use crate::archiving::place;
use crate::clock::SystemClock;
use crate::restore::{Bar, Restoring, clear, fetch, fetch_snapshot, moment, vault_of};

/// What was found.
struct Tried {
    marked: archive::Mark,
    found: Fingerprint,
    /// From which snapshot the state was made; none where the journal gave all of it.
    from: Option<Snapshot>,
    /// Records that no key opens.
    keyless: u64,
    /// Files that records name, and how many of them did not come back whole.
    files: (u64, u64),
}

/// Where it is tried: beside the folder of the keys, under a name of its own, so that the next one finds and clears what one that died
/// left. Not in the system's folder for temporary files: keys lie in it for a while.
fn scratch(wanted: &Restoring) -> PathBuf {
    if let Some(named) = &wanted.scratch {
        return named.clone();
    }
    let beside = wanted.keys.as_ref().unwrap_or(&wanted.root_key);
    let folder = beside.canonicalize().ok().and_then(|file| file.parent().map(Path::to_owned)).unwrap_or_default();
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(".drill");
    folder.with_file_name(name)
}

/// Restores into a scratch folder, compares, and writes the evidence. The scratch goes in any case, its keys overwritten.
///
/// # Errors
/// A sentence for people.
pub async fn run(wanted: &Restoring) -> Result<ExitCode, Told> {
    let begun = SystemClock.now();
    let scratch = scratch(wanted);
    let tried = tokio::task::block_in_place(|| try_it(wanted, &scratch));
    let cleared = clear(&scratch);
    let Tried { marked, found, from, keyless, files: (files, missing) } = tried?;
    cleared?;
    let ended = SystemClock.now();
    let mut differs: Vec<String> = marked
        .counts
        .iter()
        .filter(|(table, count)| found.counts.iter().all(|(one, other)| one != table || other != count))
        .map(|(table, count)| {
            let there = found.counts.iter().find(|(one, _)| one == table).map_or(0, |(_, there)| *there);
            format!("{table}: {count} were marked, {there} came back")
        })
        .collect();
    if keyless > 0 {
        differs.push(format!("{keyless} records have no key"));
    }
    if missing > 0 {
        differs.push(format!("{missing} of {files} files did not come back"));
    }
    let holds = differs.is_empty() && found.hash == marked.hash;
    let evidence = serde_json::json!({
        "what": "restore-test",
        "installation": marked.installation,
        "archive": wanted.from,
        "begun": moment(begun),
        "ended": moment(ended),
        "seconds": (ended.micros() - begun.micros()) as f64 / 1e6,
        "compared-with": { "time": moment(marked.time), "place": marked.at.to_string() },
        "snapshot": from.map(|one| serde_json::json!({ "place": one.at.to_string(), "made": moment(one.made), "bytes": one.bytes })),
        "records-without-a-key": keyless,
        "files": { "named": files, "missing": missing },
        "rows": marked.counts.iter().map(|(table, count)| (table.clone(), (*count).into())).collect::<serde_json::Map<_, _>>(),
        "state-hash": { "marked": marked.hash.to_string(), "restored": found.hash.to_string() },
        "differs": differs,
        "holds": holds,
    });
    let text = serde_json::to_string_pretty(&evidence)?;
    let archive = place(&wanted.from)?;
    tokio::task::block_in_place(|| archive::put_drill(&*archive, ended, text.as_bytes()))?;
    match &wanted.evidence {
        Some(file) => std::fs::write(file, format!("{text}\n"))?,
        None => println!("{text}"),
    }
    if holds {
        println!(
            "The archive gives back what was there: every row, by count and hash. The evidence lies in the archive too."
        );
        Ok(ExitCode::SUCCESS)
    } else {
        println!(
            "What came back is not what was marked; see `differs`. If somebody was erased since the mark, take `betrodd backup` first."
        );
        Ok(ExitCode::from(1))
    }
}

fn try_it(wanted: &Restoring, scratch: &Path) -> Result<Tried, Told> {
    let of = fetch(wanted, scratch)?;
    let archive: Arc<dyn Place> = place(&wanted.from)?;
    let marked = archive::last_mark(&*archive)?.ok_or(
        "the archive holds no mark to compare with: take `betrodd backup`, or serve with --archive for some minutes",
    )?;
    let (vault, keys) = vault_of(wanted, scratch, &of)?;
    // Rather one from before the mark: so it is tried too that what came after a snapshot leads to where the mark was made.
    let from = match fetch_snapshot(&*archive, scratch, &vault, &|one| one.at < marked.at)? {
        Some(before) => Some(before),
        None => fetch_snapshot(&*archive, scratch, &vault, &|one| one.at == marked.at)?,
    };
    let (journal, state) = (scratch.join("journal"), scratch.join("state.db"));
    let rows = from.as_ref().map(|one| one.rows_in(scratch));
    let found = storage::rebuild(&journal, rows.as_deref(), Some(marked.at), &state, &vault)?;
    let (lacking, named) = storage::lacking(&state, &keys)?;
    let kept = files::Folder::open(&scratch.join("files"))?;
    let mut bar = Bar::new("files", archive::file_bytes(&*archive)?);
    archive::fetch_files(&*archive, &kept, &|file| named.binary_search(file).is_ok(), &mut |bytes| bar.add(bytes))?;
    bar.end();
    let there = kept.all()?;
    let missing = named.iter().filter(|file| !there.contains(file)).count() as u64;
    Ok(Tried { marked, found, from, keyless: lacking.keyless(), files: (named.len() as u64, missing) })
}
