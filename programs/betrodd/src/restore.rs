//! `betrodd backup`, `betrodd restore` and its drill: an installation back from its archive, into a folder that was not there.
//!
//! A restore cuts nothing off: the whole journal comes back, the state is built from it as it is now, and then content goes back to
//! the instant that was asked for, by entries. It grows beside the folder and gets its name last, so that whoever dies in between
//! leaves nothing that could be taken for an installation.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use archive::Place;
use journal::{Detail, Outcome};
use storage::{BackError, Fingerprint, HouseOp, Wanted};
use terms::{Clock, Instant, KindName, TenantId};

use crate::Told;
use crate::archiving::{Archiving, installation_hex, mark, place};
use crate::clock::SystemClock;
use crate::installation::{self, Installation};
use crate::keys_offsite::{Keeping, KeptBy, OverPlace};

/// What is brought back, from where, to where.
#[derive(clap::Args)]
pub struct Restoring {
    #[command(flatten)]
    pub services: crate::Services,
    /// The archive: a folder, or `s3://BUCKET/UNDER`.
    #[arg(long, value_name = "PLACE")]
    from: String,
    /// The new data folder. It must not be there yet.
    #[arg(long, value_name = "FOLDER", required_unless_present = "drill")]
    to: Option<PathBuf>,
    /// Content goes back to the last commit at or before this, e.g. `2026-12-01T09:30` in Swedish time. Without it, everything that
    /// the archive holds is there again.
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Only this customer's content goes back; the others' stays as it was last.
    #[arg(long, value_name = "NAME", requires = "at")]
    customer: Option<String>,
    /// The root key, from where you keep it: it is in no archive.
    #[arg(long, value_name = "FILE")]
    root_key: PathBuf,
    /// A copy of the file of keys (`keys.db`), of now. Not needed where copies of it lie in the archive and a custodian keeps what opens
    /// them (`--custodian`).
    #[arg(long, value_name = "FILE", required_unless_present = "custodian")]
    keys: Option<PathBuf>,
    #[command(flatten)]
    kept: KeptBy,
    /// Only tries it: restores into a scratch folder, compares with what the archive's last mark says, writes the evidence, and
    /// takes the scratch away.
    #[arg(long, conflicts_with_all = ["to", "at", "customer"])]
    drill: bool,
    /// For a drill: where to write the evidence as JSON; it is printed otherwise.
    #[arg(long, value_name = "FILE", requires = "drill")]
    evidence: Option<PathBuf>,
}

/// Under which name a restore grows.
fn growing(folder: &Path) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(".restoring");
    folder.with_file_name(name)
}

/// Marks a folder that a restore made and did not finish.
const MARK: &str = "betrodd-restoring";

/// Runs it.
///
/// # Errors
/// A sentence for people; then the folder is not there.
pub async fn run(wanted: &Restoring) -> Result<ExitCode, Told> {
    if wanted.drill {
        return drill(wanted).await;
    }
    let to = wanted.to.as_deref().ok_or("say where to with --to")?;
    if std::fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(format!(
            "`{}` is there and holds something: a restore goes into a new folder. Nothing was touched",
            to.display()
        )
        .into());
    }
    let at = wanted.at.as_deref().map(crate::clock::parse).transpose()?;
    let work = growing(to);
    let done = into(wanted, &work, at).await;
    match done {
        Ok(told) => {
            std::fs::remove_file(work.join(MARK))?;
            if to.exists() {
                std::fs::remove_dir(to)?;
            }
            std::fs::rename(&work, to)?;
            if let Some(above) = to.canonicalize()?.parent() {
                std::fs::File::open(above)?.sync_all()?;
            }
            println!("{told}");
            println!("It lies in {}. Serve it with `betrodd serve --data {}`.", to.display(), to.display());
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            clear(&work)?;
            Err(error)
        }
    }
}

/// Takes away what a restore made. What it did not make is left.
fn clear(work: &Path) -> std::io::Result<()> {
    if work.join(MARK).exists() { std::fs::remove_dir_all(work) } else { Ok(()) }
}

/// Fetches journal, keys and files into a new folder. Gives the installation that the archive says it is.
fn fetch(wanted: &Restoring, work: &Path) -> Result<String, Told> {
    let archive = place(&wanted.from)?;
    let readable = |file: &Path| {
        std::fs::metadata(file)
            .map_err(|cause| format!("`{}` cannot be read: {cause}. Nothing was touched", file.display()))
    };
    readable(&wanted.root_key)?;
    wanted.keys.as_deref().map(readable).transpose()?;
    let custodian = wanted.kept.custodian()?;
    clear(work)?;
    if work.exists() {
        return Err(format!(
            "`{}` is there, and no restore made it: move it away. Nothing was touched",
            work.display()
        )
        .into());
    }
    let journal = work.join("journal");
    make(work)?;
    std::fs::write(work.join(MARK), "A restore grows here. It can be removed when no restore runs.\n")?;
    make(&journal)?;
    let of = archive::installation_of(&*archive)?.ok_or_else(|| archive::ArchiveError::None(archive.called()))?;
    let mut bar = Bar::new("journal", archive::journal_bytes(&*archive)?);
    archive::fetch_journal(&*archive, &journal, &mut |bytes| bar.add(bytes))?;
    bar.end();
    private(&work.join("root.key"), &std::fs::read(&wanted.root_key)?)?;
    match (&wanted.keys, custodian) {
        (Some(file), _) => private(&work.join("keys.db"), &std::fs::read(file)?)?,
        (None, Some(custodian)) => {
            let root = vault::Root::open_or_begin(&work.join("root.key"))?;
            let copies = OverPlace(Arc::clone(&archive));
            let taken = vault::offsite::take_back(&root, &copies, &*custodian, &work.join("keys.db"))?;
            println!("keys: {} of copy {} and {} changes since.", taken.rows, taken.generation, taken.changes);
        }
        (None, None) => {
            return Err("name a copy of the file of keys with --keys, or the custodian with --custodian".into());
        }
    }
    let mut bar = Bar::new("files", archive::file_bytes(&*archive)?);
    let kept = files::Folder::open(&work.join("files"))?;
    archive::fetch_files(&*archive, &kept, &mut |bytes| bar.add(bytes))?;
    bar.end();
    Ok(of)
}

fn make(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// A file that nobody else reads.
fn private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Opens what was fetched. An archive of another installation than the keys' is found out here.
fn open(wanted: &Restoring, work: &Path, of: &str) -> Result<Installation, Told> {
    let shelves = wanted.services.read()?.shelves;
    let clock = Arc::new(SystemClock) as Arc<dyn Clock>;
    // The vault is asked before the journal is opened: what signs the log must be of the same installation.
    {
        let root = vault::Root::open_or_begin(&work.join("root.key"))?;
        let keys = Arc::new(storage::KeyStore::open(&work.join("keys.db"))?);
        let vault = vault::Vault::open(&root, keys)?;
        let ours = installation_hex(&vault);
        if ours != of {
            return Err(
                archive::ArchiveError::Foreign { place: wanted.from.clone(), found: of.to_owned(), ours }.into()
            );
        }
    }
    installation::open(work, shelves, clock, false)
}

async fn into(wanted: &Restoring, work: &Path, at: Option<Instant>) -> Result<String, Told> {
    // A bucket waits for its answers, which a task must not.
    let of = tokio::task::block_in_place(|| fetch(wanted, work))?;
    if let Some(at) = at {
        within(&work.join("journal"), at)?;
    }
    let installation = tokio::task::block_in_place(|| open(wanted, work, &of))?;
    let store = &installation.store;
    let customer = wanted.customer.as_deref().map(|name| one_customer(&installation, name)).transpose()?;
    let mut told = "Everything that the archive holds is there.".to_owned();
    if let Some(at) = at {
        let consents = consents(&installation);
        let stays = |tenant: &TenantId, kind: &KindName| consents.contains(&(*tenant, kind.clone()));
        let wanted = Wanted { to: at, tenant: customer, stays: &stays };
        let back = tokio::task::block_in_place(|| store.back_to(&wanted, &*installation.vault))
            .map_err(|no| outside(no, at))?;
        let went = store.go_back(at, back).await?;
        told = format!(
            "Content is as it was after the last commit at or before {}: that of {}. {} records were put back, and {} that came to \
             be since are no more. Keys, erasures, restrictions, consents, agreements, accounts and roles are those of now.",
            moment(at),
            moment(went.commit),
            went.put_back,
            went.withdrawn
        );
    }
    end_sessions(&installation, customer).await?;
    drop(installation);
    Ok(told)
}

/// Whoever was logged in logs in again: what they had open is not what is there now.
async fn end_sessions(installation: &Installation, customer: Option<TenantId>) -> Result<(), Told> {
    let store = &installation.store;
    let ops = match customer {
        None => vec![HouseOp::EndSessionsBefore(Instant(i64::MAX))],
        Some(customer) => {
            store.accounts(&customer)?.into_iter().map(|one| HouseOp::EndSessionsOf(one.person)).collect()
        }
    };
    let detail = Detail { event: Some("restored".to_owned()), outcome: Outcome::Happened, ..Detail::default() };
    store.event(customer.unwrap_or(TenantId::INSTALLATION), detail, ops).await?;
    Ok(())
}

fn within(journal: &Path, at: Instant) -> Result<(), Told> {
    let (first, last) = storage::window(journal)?;
    if at < first || at > last { Err(outside(BackError::Outside { first, last }, at)) } else { Ok(()) }
}

fn outside(no: BackError, at: Instant) -> Told {
    match no {
        BackError::Outside { first, last } => format!(
            "the archive cannot give {}: it goes from {} to {}. Name an instant in between, or leave --at out for the last. Nothing \
             was restored",
            moment(at),
            moment(first),
            moment(last)
        )
        .into(),
        other => other.into(),
    }
}

/// An instant in Swedish time, to the microsecond: so exactly it can be named again.
fn moment(at: Instant) -> String {
    let zone = jiff::tz::TimeZone::get("Europe/Stockholm").unwrap_or(jiff::tz::TimeZone::UTC);
    jiff::Timestamp::from_microsecond(at.micros())
        .map_or_else(|_| format!("{at:?}"), |at| at.to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S%.6f").to_string())
}

fn one_customer(installation: &Installation, name: &str) -> Result<TenantId, Told> {
    let found: Vec<TenantId> =
        installation.store.tenants()?.into_iter().filter(|one| one.name == name).map(|one| one.id).collect();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(format!("there is no customer `{name}` in the archive. Nothing was restored").into()),
        _ => Err(format!("there are several customers called `{name}`. Nothing was restored").into()),
    }
}

/// The kinds that hold consents, as the agreements' rules name them: what somebody withdrew is not given again by a restore.
fn consents(installation: &Installation) -> Vec<(TenantId, KindName)> {
    let mut all = Vec::new();
    for tenant in installation.store.tenants().unwrap_or_default() {
        let Some(agreement) = installation.processing.in_force(&tenant.id) else { continue };
        all.extend(agreement.rules().iter().filter_map(|rule| Some((tenant.id, rule.needs_consent.clone()?))));
    }
    all
}

/// `betrodd backup`: ships a folder that nobody serves until the archive holds all of it, and puts a mark that a drill compares
/// with.
///
/// # Errors
/// A sentence for people.
pub async fn backup(data: &Path, services: &crate::Services, to: &str, keeping: &Keeping) -> Result<ExitCode, Told> {
    let archive = place(to)?;
    let shelves = services.read()?.shelves;
    let installation = installation::open(data, shelves, Arc::new(SystemClock), false)?;
    let archiving = Archiving::start(&installation, Arc::clone(&archive), keeping)?;
    let durable = installation.store.durable_end();
    let status = loop {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        let status = archiving.status();
        if let Some(stopped) = status.stopped {
            return Err(stopped.into());
        }
        if let Some((failing, _)) = status.failing {
            return Err(failing.into());
        }
        if status.shipped.is_some() && status.shipped == durable() {
            break status;
        }
    };
    let marked = mark(&installation.store, &installation_hex(&installation.vault))?;
    tokio::task::block_in_place(|| archive::put_mark(&*archive, &marked))?;
    archiving.end();
    println!(
        "The archive at {} holds everything up to {}.",
        status.place,
        status.shipped.map(|at| at.to_string()).unwrap_or_default()
    );
    Ok(ExitCode::SUCCESS)
}

/// Restores into a scratch folder, compares, and writes the evidence. The scratch goes in any case.
async fn drill(wanted: &Restoring) -> Result<ExitCode, Told> {
    let begun = SystemClock.now();
    let scratch = std::env::temp_dir().join(format!("betrodd-drill-{}", std::process::id()));
    let tried = tokio::task::block_in_place(|| try_it(wanted, &scratch));
    let cleared = clear(&scratch);
    let (marked, found) = tried?;
    cleared?;
    let ended = SystemClock.now();
    let differs: Vec<String> = marked
        .counts
        .iter()
        .filter(|(table, count)| found.counts.iter().all(|(one, other)| one != table || other != count))
        .map(|(table, count)| {
            let there = found.counts.iter().find(|(one, _)| one == table).map_or(0, |(_, there)| *there);
            format!("{table}: {count} were marked, {there} came back")
        })
        .collect();
    let holds = differs.is_empty() && found.hash == marked.hash;
    let evidence = serde_json::json!({
        "what": "restore-test",
        "installation": marked.installation,
        "archive": wanted.from,
        "begun": moment(begun),
        "ended": moment(ended),
        "seconds": (ended.micros() - begun.micros()) as f64 / 1e6,
        "compared-with": { "time": moment(marked.time), "place": marked.at.to_string() },
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

fn try_it(wanted: &Restoring, scratch: &Path) -> Result<(archive::Mark, Fingerprint), Told> {
    let of = fetch(wanted, scratch)?;
    let archive: Arc<dyn Place> = place(&wanted.from)?;
    let marked = archive::last_mark(&*archive)?.ok_or(
        "the archive holds no mark to compare with: take `betrodd backup`, or serve with --archive for some minutes",
    )?;
    let root = vault::Root::open_or_begin(&scratch.join("root.key"))?;
    let vault = vault::Vault::open(&root, Arc::new(storage::KeyStore::open(&scratch.join("keys.db"))?))?;
    let ours = installation_hex(&vault);
    if ours != of {
        return Err(archive::ArchiveError::Foreign { place: wanted.from.clone(), found: of, ours }.into());
    }
    let found = storage::rebuild(&scratch.join("journal"), Some(marked.at), &scratch.join("state.db"), &vault)?;
    Ok((marked, found))
}

/// How far something is, where somebody looks.
struct Bar {
    what: &'static str,
    of: u64,
    done: u64,
    shown: u64,
    shows: bool,
}

impl Bar {
    fn new(what: &'static str, of: u64) -> Self {
        Self { what, of, done: 0, shown: u64::MAX, shows: std::io::stderr().is_terminal() }
    }

    fn add(&mut self, bytes: u64) {
        self.done += bytes;
        let percent = self.done.saturating_mul(100).checked_div(self.of).unwrap_or(100);
        if self.shows && percent != self.shown {
            self.shown = percent;
            let filled = (percent / 4) as usize;
            eprint!("\r{:<8} [{:<25}] {percent:>3} % of {} MiB", self.what, "#".repeat(filled), self.of >> 20);
        }
    }

    fn end(&self) {
        if self.shows && self.of > 0 {
            eprintln!();
        }
    }
}
