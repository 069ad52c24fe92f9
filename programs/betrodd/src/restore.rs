//! `betrodd backup`, `betrodd restore` and its drill: an installation back from its archive, into a folder that was not there.
//!
//! A restore cuts nothing off: the whole journal comes back, the state is made from the newest snapshot and what came after it, and then
//! content goes back to the instant that was asked for, by entries. It grows beside the folder and gets its name last, so that whoever dies in between
//! leaves nothing that could be taken for an installation.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use archive::Place;
use journal::{Detail, Outcome, SigningKey};
use service::No;
use storage::{BackError, HouseOp, Snapshot, Wanted};
use terms::{Clock, Instant, KindName, TenantId};

use crate::Told;
use crate::archiving::{Archiving, installation_hex, place};
use crate::clock::SystemClock;
use crate::installation::{self, Installation};
use crate::keys_offsite::{Keeping, KeptBy, OverPlace};
use crate::snapshots;

/// What is brought back, from where, to where.
#[derive(clap::Args)]
pub struct Restoring {
    #[command(flatten)]
    pub services: crate::Services,
    /// The archive: a folder, or `s3://BUCKET/UNDER`.
    #[arg(long, value_name = "PLACE")]
    pub from: String,
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
    pub root_key: PathBuf,
    /// A copy of the file of keys (`keys.db`), of now. Not needed where copies of it lie in the archive and a custodian keeps what opens
    /// them (`--custodian`).
    #[arg(long, value_name = "FILE", required_unless_present = "custodian")]
    pub keys: Option<PathBuf>,
    #[command(flatten)]
    kept: KeptBy,
    /// Only tries it: restores into a scratch folder, compares with what the archive's last mark says, writes the evidence, and
    /// takes the scratch away.
    #[arg(long, conflicts_with_all = ["to", "at", "customer"])]
    drill: bool,
    /// Restores though the file of keys lacks keys of records that the archive holds: nobody reads those any more. Without it such a
    /// restore is refused, since mostly the file of keys is an old copy.
    #[arg(long, conflicts_with = "drill")]
    lacking_keys: bool,
    /// For a drill: the folder that it is tried in. It must be empty, or left by a drill. Without it, one beside the file of keys' folder
    /// (or the root key's), under the same name with `.drill`.
    #[arg(long, value_name = "FOLDER", requires = "drill")]
    pub scratch: Option<PathBuf>,
    /// For a drill: where to write the evidence as JSON; it is printed otherwise.
    #[arg(long, value_name = "FILE", requires = "drill")]
    pub evidence: Option<PathBuf>,
}

impl Restoring {
    /// Everything that an archive holds, with a copy of the file of keys.
    pub const fn whole(services: crate::Services, from: String, to: PathBuf, root_key: PathBuf, keys: PathBuf) -> Self {
        Self {
            services,
            from,
            to: Some(to),
            at: None,
            customer: None,
            root_key,
            keys: Some(keys),
            kept: KeptBy { custodian: None, custodian_secret: None },
            drill: false,
            lacking_keys: false,
            scratch: None,
            evidence: None,
        }
    }
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
        return crate::drill::run(wanted).await;
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
            // Before it has its name, and before it is said: whoever cuts the power afterwards takes nothing of it.
            settle(&work)?;
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

/// Makes all that lies in a folder durable, with its names.
fn settle(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { settle(&path)? } else { std::fs::File::open(path)?.sync_all()? }
    }
    std::fs::File::open(folder)?.sync_all()
}

/// Takes away what a restore or a drill made, keys first and overwritten, the mark last: if we die in between, the next one goes on with
/// it. What neither made is left; an empty folder is taken for one that was just begun.
pub fn clear(work: &Path) -> std::io::Result<()> {
    if !work.join(MARK).exists() {
        let empty = std::fs::read_dir(work).is_ok_and(|mut entries| entries.next().is_none());
        return if empty { std::fs::remove_dir(work) } else { Ok(()) };
    }
    for name in ["root.key", "keys.db", "keys.db-wal", "keys.db-shm"] {
        let path = work.join(name);
        let mut file = match std::fs::OpenOptions::new().write(true).open(&path) {
            Ok(file) => file,
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => continue,
            Err(cause) => return Err(cause),
        };
        let length = file.metadata()?.len();
        std::io::copy(&mut std::io::Read::take(std::io::repeat(0), length), &mut file)?;
        file.sync_all()?;
        std::fs::remove_file(&path)?;
    }
    for entry in std::fs::read_dir(work)? {
        let path = entry?.path();
        if path.is_dir() {
            std::fs::remove_dir_all(&path)?;
        } else if path.file_name().is_none_or(|name| name != MARK) {
            std::fs::remove_file(&path)?;
        }
    }
    std::fs::remove_file(work.join(MARK))?;
    std::fs::remove_dir(work)
}

/// Fetches journal and keys into a new folder. Gives the installation that the archive says it is.
pub fn fetch(wanted: &Restoring, work: &Path) -> Result<String, Told> {
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
    archive::fetch_covered(&*archive, &journal)?;
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

/// The vault over the keys that were fetched. An archive of another installation than theirs is found out here, before the journal is
/// opened: what signs the log must be of the same installation.
pub fn vault_of(wanted: &Restoring, work: &Path, of: &str) -> Result<(vault::Vault, Arc<storage::KeyStore>), Told> {
    let root = vault::Root::open_or_begin(&work.join("root.key"))?;
    let keys = Arc::new(storage::KeyStore::open(&work.join("keys.db"))?);
    let vault = vault::Vault::open(&root, Arc::clone(&keys))?;
    let ours = installation_hex(&vault);
    if ours != of {
        return Err(archive::ArchiveError::Foreign { place: wanted.from.clone(), found: of.to_owned(), ours }.into());
    }
    Ok((vault, keys))
}

/// Fetches the newest snapshot for which `fits` holds and whose rows are whole. Where there is none, nothing: then the journal must
/// give all of it.
pub fn fetch_snapshot(
    archive: &dyn Place,
    work: &Path,
    vault: &vault::Vault,
    fits: &dyn Fn(&Snapshot) -> bool,
) -> Result<Option<Snapshot>, Told> {
    // Only what the installation itself signed: whoever can write to the place cannot make a state.
    let key = SigningKey::from_seed(&journal::key_name(&vault.installation()), vault.signing_seed())?.verifier();
    for one in archive::snapshots(archive, Some(&key))?.into_iter().filter(|one| fits(one)) {
        if one.note_in(work).exists() {
            return Ok(Some(one));
        }
        let mut bar = Bar::new("snapshot", one.bytes);
        archive::fetch_snapshot(archive, &one, work, &mut |bytes| bar.add(bytes))?;
        bar.end();
        if one.is_whole(work)? {
            return Ok(Some(one));
        }
        eprintln!("betrodd: snapshot {} in the archive is not whole; the one before is taken", one.name());
        one.remove(work)?;
    }
    Ok(None)
}

/// Opens what was fetched, with the snapshots that it needs.
fn open(wanted: &Restoring, work: &Path, of: &str, at: Option<Instant>) -> Result<Installation, Told> {
    let shelves = wanted.services.read()?.shelves;
    let clock = Arc::new(SystemClock) as Arc<dyn Clock>;
    {
        let (vault, _) = vault_of(wanted, work, of)?;
        let archive = place(&wanted.from)?;
        fetch_snapshot(&*archive, work, &vault, &|_| true)?;
        if let Some(at) = at {
            fetch_snapshot(&*archive, work, &vault, &|one| one.commit <= at)?;
        }
    }
    let installation = installation::open(work, shelves, clock, false)?;
    if let Some(at) = at {
        within(&work.join("journal"), at)?;
    }
    Ok(installation)
}

/// Refuses a file of keys that does not open what the archive holds.
fn keys_fit(wanted: &Restoring, installation: &Installation) -> Result<(), Told> {
    let lacking = installation.store.lacking()?;
    let records = lacking.keyless();
    if records == 0 {
        return Ok(());
    }
    let customers = lacking.keyless.len();
    if wanted.lacking_keys {
        println!("{records} records of {customers} customers have no key: nobody reads them any more.");
        return Ok(());
    }
    Err(format!(
        "the file of keys lacks the keys of {records} records of {customers} customers: it is older than what the archive holds, and \
         those records would be lost. Name a newer copy with --keys, or the custodian with --custodian. With --lacking-keys it is restored \
         without them. Nothing was restored"
    )
    .into())
}

/// Fetches the files that records name and that are not here. Gives how many the archive lacks.
fn fetch_files(wanted: &Restoring, installation: &Installation) -> Result<u64, Told> {
    let archive = place(&wanted.from)?;
    let named = installation.store.all_files()?;
    let mut bar = Bar::new("files", archive::file_bytes(&*archive)?);
    archive::fetch_files(&*archive, &*installation.kept, &|file| named.binary_search(file).is_ok(), &mut |bytes| {
        bar.add(bytes)
    })?;
    bar.end();
    let there = installation.kept.all()?;
    Ok(named.iter().filter(|file| !there.contains(file)).count() as u64)
}

async fn into(wanted: &Restoring, work: &Path, at: Option<Instant>) -> Result<String, Told> {
    // A bucket waits for its answers, which a task must not.
    let of = tokio::task::block_in_place(|| fetch(wanted, work))?;
    if let Some(at) = at {
        within(&work.join("journal"), at)?;
    }
    let installation = tokio::task::block_in_place(|| open(wanted, work, &of, at))?;
    keys_fit(wanted, &installation)?;
    let store = &installation.store;
    let customer = wanted.customer.as_deref().map(|name| one_customer(&installation, name)).transpose()?;
    let mut told = "Everything that the archive holds is there.".to_owned();
    if let Some(at) = at {
        let consents = consents(&installation);
        let stays = |tenant: &TenantId, kind: &KindName| consents.contains(&(*tenant, kind.clone()));
        let to = Wanted { to: at, tenant: customer, stays: &stays };
        let back =
            tokio::task::block_in_place(|| store.back_to(&to, &*installation.vault)).map_err(|no| outside(no, at))?;
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
    told.push_str(&beside(&store.lacking()?, at.is_some()));
    match tokio::task::block_in_place(|| fetch_files(wanted, &installation))? {
        0 => {}
        missing => told.push_str(&format!(
            " {missing} files that records name are in the archive no more: they were replaced or taken away, and copies of them lived no \
             longer."
        )),
    }
    drop(installation);
    Ok(told)
}

/// What is told of persons who have a key and nothing else, by customer and never who.
fn beside(lacking: &storage::Lacking, went_back: bool) -> String {
    if lacking.bare.is_empty() || !went_back {
        return String::new();
    }
    let each: Vec<String> = lacking.bare.iter().map(|(tenant, persons)| format!("{tenant}: {persons}")).collect();
    format!(
        " {} persons have a key and no record here: they came to be after that instant, or were begun and never written (by customer: {}). \
         Nobody is shown them. Their keys stay, so that going back to a later instant brings them back; whoever of them must be erased \
         is erased by restoring to a later instant and erasing there.",
        lacking.bare(),
        each.join(", ")
    )
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
pub fn moment(at: Instant) -> String {
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

/// `betrodd backup`: ships a folder that nobody serves until the archive holds all of it, and makes a snapshot, with the mark that a
/// drill compares with.
///
/// # Errors
/// A sentence for people.
pub async fn backup(
    data: &Path,
    services: &crate::Services,
    to: &str,
    keeping: &Keeping,
    restore_window: Option<u32>,
) -> Result<ExitCode, Told> {
    let archive = place(to)?;
    let shelves = services.read()?.shelves;
    let installation = installation::open(data, shelves, Arc::new(SystemClock), false)?;
    let archiving = Archiving::start(&installation, Arc::clone(&archive), keeping, restore_window)?;
    // Nobody else finishes what a program that was stopped had begun, and no snapshot is made while rows of it are left.
    if let Err(no) = installation.processing.finish_erasures().await {
        let why = match no {
            No::Unavailable(why) => why,
            other => format!("{other:?}"),
        };
        eprintln!(
            "betrodd: an erasure could not be finished: {why}. It has no certificate yet; the next start tries again"
        );
    }
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
    let kept = tokio::task::block_in_place(|| archiving.snapshot(&installation.store))?;
    snapshots::enter(&installation.store, &kept).await;
    archiving.end();
    if let Some(one) = &kept.newest {
        println!("A snapshot of {} bytes was made, tried, and put there.", one.bytes);
    }
    println!(
        "The archive at {} holds everything up to {}.",
        status.place,
        status.shipped.map(|at| at.to_string()).unwrap_or_default()
    );
    Ok(ExitCode::SUCCESS)
}

/// How far something is, where somebody looks.
pub struct Bar {
    what: &'static str,
    of: u64,
    done: u64,
    shown: u64,
    shows: bool,
}

impl Bar {
    pub fn new(what: &'static str, of: u64) -> Self {
        Self { what, of, done: 0, shown: u64::MAX, shows: std::io::stderr().is_terminal() }
    }

    pub fn add(&mut self, bytes: u64) {
        self.done += bytes;
        let percent = self.done.saturating_mul(100).checked_div(self.of).unwrap_or(100);
        if self.shows && percent != self.shown {
            self.shown = percent;
            let filled = (percent / 4) as usize;
            eprint!("\r{:<8} [{:<25}] {percent:>3} % of {} MiB", self.what, "#".repeat(filled), self.of >> 20);
        }
    }

    pub fn end(&self) {
        if self.shows && self.of > 0 {
            eprintln!();
        }
    }
}
