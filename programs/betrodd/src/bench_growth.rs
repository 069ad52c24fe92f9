//! What `bench --growth` measures: how long it takes to take out the records of one person, the more records the customer has, and how
//! long an erasure takes until the keys are unusable, the more records the person has.
//!
//! Every record is written through the door, and both are asked of it. Nothing is asserted: medians and growths are printed.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use service::{Asked, Door, Draft, New, No, ToErase, Whole};
use terms::{KindName, Purpose, RecordId};

use crate::Told;
use crate::clock::MovableClock;
use crate::demo::{Filled, fill};
use crate::installation::Installation;

/// The service that is measured.
const MEASURED: &str = "matcha";
/// Persons who are written at the same time, and records of each.
const TOGETHER: [usize; 2] = [8, 32];
/// Records of the person whose records are taken out, and of the first who is erased.
const FEW: usize = 10;
/// Records of each of the others.
const EACH: usize = 100;
/// Times that the records are taken out.
const ASKED: usize = 21;
/// Persons with so many records that are erased, of whom the median counts.
const ERASED: usize = 3;
/// Of persons with more records than this only one is erased.
const MANY: usize = 100_000;
/// How often is looked whether the keys are there still.
const LOOK_EVERY: Duration = Duration::from_micros(100);

/// Fills a folder that is thrown away with up to `most` records, and asks.
pub fn run(services: &Path, most: usize) -> Result<ExitCode, Told> {
    let folder = std::env::temp_dir().join(format!("betrodd-bench-growth-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let runtime = crate::runtime()?;
    let measured = runtime.block_on(measure(services, &folder, most));
    drop(runtime);
    std::fs::remove_dir_all(&folder)?;
    measured?;
    Ok(ExitCode::SUCCESS)
}

async fn measure(services: &Path, folder: &Path, most: usize) -> Result<(), Told> {
    let clock = Arc::new(MovableClock::open(folder.join("demo-clock")));
    let Filled { installation, worker, own } = fill(&services.join(MEASURED), folder, &clock).await?;
    let home = installation.store.account(&worker)?.ok_or("no account")?.home;
    let writer = Writer {
        door: Arc::clone(&installation.processing) as Arc<dyn Door>,
        asked: Asked { actor: worker, tenant: home, purpose: Purpose::new("provide")?, case: None },
        own,
        participant: KindName::new("participant")?,
        note: KindName::new("day-note")?,
    };
    println!("\n{:<48} {:>12} {:>12} {:>10}", "", "median ms", "slowest", "growth");
    let person = writer.person(FEW).await.map_err(unwritten)?;
    let answering = answering(&installation, &writer, person).await?;
    let (mut records, mut first) = (0, None);
    for size in [most / 100, most / 10, most].into_iter().filter(|size| *size >= EACH) {
        let missing = size.saturating_sub(records) / EACH;
        let all = stream::iter(0..missing).map(|_| writer.person(EACH)).buffer_unordered(TOGETHER[0]);
        all.collect::<Vec<_>>().await.into_iter().collect::<Result<Vec<_>, No>>().map_err(unwritten)?;
        records += missing * EACH;
        let mut each = Vec::with_capacity(ASKED);
        for _ in 0..ASKED {
            let begun = Instant::now();
            let got = writer.door.retrieve(&answering, &writer.participant, person, Whole::Person).await;
            got.map_err(|no| format!("the bench could not take out: {no:?}"))?;
            each.push(begun.elapsed());
        }
        print(&format!("{FEW} records taken out, of {records}"), each, &mut first);
    }
    let mut first = None;
    for size in [FEW, most / 1000, most / 100, most / 10, most] {
        if size < FEW || (size == FEW && first.is_some()) {
            continue;
        }
        let times = if size > MANY { 1 } else { ERASED };
        let mut each = Vec::with_capacity(times);
        for _ in 0..times {
            let person = writer.person(size).await.map_err(unwritten)?;
            each.push(erase(&installation, &writer, &answering, person).await?);
        }
        print(&format!("{size} records erased, until the keys are gone"), each, &mut first);
    }
    Ok(())
}

fn unwritten(no: No) -> Told {
    format!("the bench could not write: {no:?}").into()
}

/// Who writes, and what.
struct Writer {
    door: Arc<dyn Door>,
    asked: Asked,
    /// The record of who writes.
    own: RecordId,
    participant: KindName,
    note: KindName,
}

impl Writer {
    /// A person with so many records.
    async fn person(&self, records: usize) -> Result<RecordId, No> {
        let draft = Draft::new()
            .with("given-name", "Mätning")
            .with("family-name", "Nummer")
            .with("birth-date", "1990-01-12")
            .with("unit", "ka-1001")
            .with("case-worker", &self.own.to_string());
        let new = New { kind: &self.participant, parent: None, draft, once: None };
        let person = self.door.collect(&self.asked, new).await?;
        let notes = stream::iter(1..records).map(|_| async {
            let draft =
                Draft::new().with("date", "2026-11-02").with("text", "Kort avstämning på telefon. Planen följs.");
            self.door.collect(&self.asked, New { kind: &self.note, parent: Some(person), draft, once: None }).await
        });
        notes.buffer_unordered(TOGETHER[1]).collect::<Vec<_>>().await.into_iter().collect::<Result<Vec<_>, No>>()?;
        Ok(person)
    }
}

/// Somebody of the customer who may take out this person's records and erase them: the agreement says who.
async fn answering(installation: &Installation, writer: &Writer, person: RecordId) -> Result<Asked, Told> {
    for account in installation.store.accounts(&writer.asked.tenant)? {
        let asked = Asked { actor: account.person, ..writer.asked.clone() };
        let retrieved = writer.door.retrieve(&asked, &writer.participant, person, Whole::Person).await;
        if retrieved.is_ok() && writer.door.plan_erasure(&asked, &writer.participant, person).await.is_ok() {
            return Ok(asked);
        }
    }
    Err("nobody of the customer may take out and erase".into())
}

/// Erases a person; how long it took until the last of the keys was gone.
async fn erase(
    installation: &Installation,
    writer: &Writer,
    asked: &Asked,
    record: RecordId,
) -> Result<Duration, Told> {
    let failed = |no: No| format!("the bench could not erase: {no:?}");
    let (_, plan) = writer.door.plan_erasure(asked, &writer.participant, record).await.map_err(failed)?;
    let person = installation.store.head(&asked.tenant, &record)?.ok_or("no such person")?.person;
    let (door, store) = (Arc::clone(&writer.door), Arc::clone(&installation.store));
    let (by, kind, tenant) = (asked.clone(), writer.participant.clone(), asked.tenant);
    let begun = Instant::now();
    let erased = tokio::spawn(async move {
        door.erase(&by, ToErase { kind: &kind, record, plan, back_until: None }).await.map(drop).map_err(failed)
    });
    let gone = tokio::task::spawn_blocking(move || {
        while !erased.is_finished() && store.key_classes(&tenant, &person).is_ok_and(|kept| !kept.is_empty()) {
            std::thread::sleep(LOOK_EVERY);
        }
        (begun.elapsed(), erased)
    });
    let (took, erased) = gone.await?;
    erased.await??;
    Ok(took)
}

fn print(name: &str, mut each: Vec<Duration>, first: &mut Option<f64>) {
    let ms = |duration: &Duration| duration.as_secs_f64() * 1000.0;
    each.sort();
    let (median, slowest) = (each.get(each.len() / 2).map_or(0.0, ms), each.last().map_or(0.0, ms));
    let growth = median / *first.get_or_insert(median);
    println!("{name:<48} {median:>12.2} {slowest:>12.2} {growth:>10.2}");
}
