//! What `bench --restore` measures: how long it takes to have an installation back from its archive, beside copying the same bytes
//! with `cp -r` and syncing them. Both in turn, in one run; a ratio of 1 would be a restore that is as quick as the copy.
//!
//! Every record is written through the door, and archive and restore are those that people run. Nothing is asserted.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use service::{Asked, Door, Draft, New, No};
use terms::{KindName, Purpose, RecordId};

use crate::Told;
use crate::clock::MovableClock;
use crate::demo::{Filled, fill};
use crate::keys_offsite::{Keeping, KeptBy};
use crate::restore::{self, Restoring};

/// The service that is measured.
const MEASURED: &str = "matcha";
/// Rounds of both; the one that begins changes from round to round.
const ROUNDS: usize = 5;
/// Records that are written at the same time.
const TOGETHER: usize = 64;
/// Bytes of text in each.
const TEXT_BYTES: usize = 4000;
/// Notes of each participant.
const EACH: usize = 50;

/// Fills a folder that is thrown away until its archive holds `mebibytes` or a little more, and measures.
pub fn run(services: &Path, mebibytes: u64) -> Result<ExitCode, Told> {
    let folder = std::env::temp_dir().join(format!("betrodd-bench-restore-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let runtime = crate::runtime()?;
    let measured = runtime.block_on(measure(services, &folder, mebibytes << 20));
    drop(runtime);
    std::fs::remove_dir_all(&folder)?;
    measured?;
    Ok(ExitCode::SUCCESS)
}

async fn measure(services: &Path, folder: &Path, most: u64) -> Result<(), Told> {
    let (data, archive) = (folder.join("data"), folder.join("archive"));
    std::fs::create_dir_all(&data)?;
    // What is written lies in the journal and in a snapshot.
    let wanted = most / (2 * TEXT_BYTES as u64);
    write(services, &data, wanted as usize).await?;
    let named = crate::Services::of_one(&services.join(MEASURED));
    let kept = KeptBy::default();
    let keeping = Keeping { by: kept, rotate_keys_hours: None, rotate_after_erasure: false };
    restore::backup(&data, &named, &archive.display().to_string(), &keeping, None).await?;
    let bytes =
        files(&archive)?.iter().try_fold(0, |sum, file| Ok::<_, std::io::Error>(sum + file.metadata()?.len()))?;
    let (mut copied, mut restored) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        for copies in [round % 2 == 0, round % 2 != 0] {
            if copies {
                copied.push(copy(&archive, &folder.join("copy"))?);
            } else {
                let to = folder.join("restored");
                let restoring = Restoring::whole(
                    crate::Services::of_one(&services.join(MEASURED)),
                    archive.display().to_string(),
                    to.clone(),
                    data.join("root.key"),
                    data.join("keys.db"),
                );
                let begun = Instant::now();
                restore::run(&restoring).await?;
                restored.push(begun.elapsed());
                std::fs::remove_dir_all(to)?;
            }
        }
    }
    let (of_copy, of_restore) = (print("cp -r, synced", bytes, copied), print("restore", bytes, restored));
    println!("ratio (cp to restore)                            {:>12.2}", of_copy / of_restore);
    Ok(())
}

async fn write(services: &Path, data: &Path, records: usize) -> Result<(), Told> {
    let clock = Arc::new(MovableClock::open(data.join("demo-clock")));
    let Filled { installation, worker, own } = fill(&services.join(MEASURED), data, &clock).await?;
    let home = installation.store.account(&worker)?.ok_or("no account")?.home;
    let asked = Asked { actor: worker, tenant: home, purpose: Purpose::new("provide")?, case: None };
    let door = Arc::clone(&installation.processing) as Arc<dyn Door>;
    let (participant, note) = (KindName::new("participant")?, KindName::new("day-note")?);
    let text = "Kort avstämning på telefon. Planen följs och inget behöver ändras. ".repeat(TEXT_BYTES / 68);
    let unwritten = |no: No| format!("the bench could not write: {no:?}");
    let file = async || -> Result<(), No> {
        let draft = Draft::new()
            .with("given-name", "Mätning")
            .with("family-name", "Nummer")
            .with("birth-date", "1990-01-12")
            .with("unit", "ka-1001")
            .with("case-worker", &own.to_string());
        let new = New { kind: &participant, parent: None, draft, once: None };
        let person: RecordId = door.collect(&asked, new).await?;
        for _ in 0..EACH {
            let draft = Draft::new().with("date", "2026-11-02").with("text", &text);
            door.collect(&asked, New { kind: &note, parent: Some(person), draft, once: None }).await?;
        }
        Ok(())
    };
    let all = stream::iter(0..records.div_ceil(EACH)).map(|_| file()).buffer_unordered(TOGETHER);
    all.collect::<Vec<_>>().await.into_iter().collect::<Result<Vec<_>, No>>().map_err(unwritten)?;
    Ok(())
}

/// `cp -r`, and every file made durable, as a restore makes its own.
fn copy(from: &Path, to: &Path) -> Result<Duration, Told> {
    let begun = Instant::now();
    if !Command::new("cp").arg("-r").arg(from).arg(to).status()?.success() {
        return Err("`cp` could not copy the archive".into());
    }
    for file in files(to)? {
        std::fs::File::open(file)?.sync_all()?;
    }
    let took = begun.elapsed();
    std::fs::remove_dir_all(to)?;
    Ok(took)
}

/// Every file below a folder.
fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let (mut all, mut left) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = left.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() { left.push(path) } else { all.push(path) }
        }
    }
    Ok(all)
}

/// Prints median and spread; gives the median in seconds.
fn print(name: &str, bytes: u64, mut each: Vec<Duration>) -> f64 {
    each.sort();
    let of = |place: usize| each.get(place).map_or(0.0, Duration::as_secs_f64);
    let (least, median, most) = (of(0), of(each.len() / 2), of(each.len().saturating_sub(1)));
    let mebibytes = bytes >> 20;
    println!("{name:<24} {mebibytes:>6} MiB   median {median:>8.3} s, from {least:.3} to {most:.3} s");
    median
}
