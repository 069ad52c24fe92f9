//! The demo: a folder of made-up customers and people, a month of work in it, and one click to enter as anybody.

mod answers;
mod file;
mod month;
mod seed;
mod words;

use std::path::Path;
use std::sync::Arc;

use portal::{Demo, DemoClock, DemoPerson};
use terms::{Clock, Instant, Language, PersonId};

use crate::Told;
use crate::clock::MovableClock;
use crate::installation::{self, Installation};
use crate::serve::Way;
use crate::services::Shelf;
use file::DemoFile;

/// Marks a folder as one that the demo made; only such a folder is ever removed.
const MARK: &str = "betrodd-demo-folder";
/// What the store holds a folder by.
const LOCK: &str = "lock";
/// Says that the month is there in full, and which made-up log-in name is which person.
const READY: &str = "demo-is-complete";

/// Makes the demo folder if it is not there, and serves it.
pub async fn run(
    data: &Path,
    place: &crate::Place,
    fresh: bool,
    now: Option<&str>,
) -> Result<std::process::ExitCode, Told> {
    let services = place.read()?;
    services.tell_registers();
    let shelves = services.shelves;
    let wanted = now.map(crate::clock::parse).transpose()?;
    prepare(data, fresh)?;
    let clock = Arc::new(MovableClock::open(data.join("demo-clock")));
    let complete = data.join(READY).exists();
    if let (Some(wanted), false) = (wanted, complete) {
        clock.set(wanted)?;
    }
    let present = clock.now();
    let files = read_files(&shelves)?;
    if !complete {
        clock.stand_at(month::beginning(present, &files));
    }
    let installation = installation::open(data, shelves, Arc::clone(&clock) as Arc<dyn Clock>, true)?;
    if complete {
        if let Some(wanted) = wanted {
            move_clock(&clock, &installation, wanted)?;
        }
        crate::agreements::adopt(&installation, installation.store.now()).await?;
    } else {
        println!("Gör en månads demo i {} …", data.display());
        let mut people = String::new();
        let peopled = peopled(&installation, &files);
        for (login, person) in month::months(&installation, &peopled, &clock, present).await? {
            people.push_str(&format!("{login} {person}\n"));
        }
        clock.run();
        // If we die before this, the month is begun anew.
        crate::whole_file::write(&data.join(READY), &people)?;
    }
    let persons = persons(&installation, &files, &std::fs::read_to_string(data.join(READY))?);
    let clock = Arc::new(ShownClock { clock, store: Arc::clone(&installation.store) });
    let demo = Demo { persons, clock };
    tell(&demo);
    let way = Way { go_on_from_set_back: false, plain_http: true, trusted_proxy: None };
    // A second place beside the first is none; it is there so that a newcomer sees one at work.
    let second = crate::archiving::place(&data.join("archive").display().to_string())?;
    // Nor is a custodian beside it one: certificates of the demo say so.
    let custodian = Some(format!("folder:{}", data.join("custodian").display()));
    let by = crate::keys_offsite::KeptBy { custodian, custodian_secret: None };
    let keeping = crate::keys_offsite::Keeping { by, rotate_keys_hours: None, rotate_after_erasure: false };
    let archiving = crate::archiving::Archiving::start(&installation, second, &keeping, None)?;
    crate::serve::serve(installation, place.listen(None), Some(demo), way, Some(archiving)).await
}

/// A demo folder, filled and open, for measuring.
pub struct Filled {
    /// The installation.
    pub installation: Installation,
    /// A case worker of the first customer.
    pub worker: PersonId,
    /// The case worker's own record, to which participants are assigned.
    pub own: terms::RecordId,
}

/// Fills an empty folder with the month of one service, without serving it.
pub async fn fill(service: &Path, folder: &Path, clock: &Arc<MovableClock>) -> Result<Filled, Told> {
    let shelves = vec![crate::services::read_one(service)?];
    let files = read_files(&shelves)?;
    let present = clock.now();
    clock.stand_at(month::beginning(present, &files));
    let installation = installation::open(folder, shelves, Arc::clone(clock) as Arc<dyn Clock>, true)?;
    let peopled = peopled(&installation, &files);
    let (_, file) = peopled.first().ok_or("no service with people")?;
    let people = month::months(&installation, &peopled, clock, present).await?;
    clock.run();
    let worker = file.customer.first().and_then(|customer| {
        let activity = file.activity.daily.first();
        let of = |one: &&file::Record| activity.is_none_or(|activity| activity.under == one.kind);
        let key = &customer.record.iter().find(of)?.by;
        let login = &customer.user.iter().find(|one| one.key == *key)?.email;
        people.iter().find(|(one, _)| one == login)
    });
    let worker = worker.ok_or("no case worker")?.1;
    let own = installation.store.account(&worker)?.and_then(|account| account.record).ok_or("no record of its own")?;
    Ok(Filled { installation, worker, own })
}

/// The services that have made-up people.
fn peopled<'a>(installation: &'a Installation, files: &'a [Option<DemoFile>]) -> Vec<(&'a Shelf, &'a DemoFile)> {
    let both = installation.shelves.iter().zip(files);
    both.filter_map(|(shelf, file)| Some((shelf, file.as_ref()?))).collect()
}

fn read_files(shelves: &[Shelf]) -> Result<Vec<Option<DemoFile>>, Told> {
    shelves.iter().map(|shelf| DemoFile::read(&shelf.folder)).collect()
}

/// Makes the folder, or begins it anew. What the demo did not make is never removed.
fn prepare(folder: &Path, fresh: bool) -> Result<(), Told> {
    let ours = folder.join(MARK).exists();
    // Whoever was killed while making the folder leaves nothing but the lock.
    let made = |entry: std::io::Result<std::fs::DirEntry>| entry.map_or(true, |entry| entry.file_name() != LOCK);
    let empty = std::fs::read_dir(folder).map_or(true, |mut entries| !entries.any(made));
    if !ours && !empty {
        return Err(format!(
            "`{}` holds something that the demo did not make; name another folder with --data, or serve it with `betrodd serve`",
            folder.display()
        )
        .into());
    }
    let lock = storage::Lock::take(folder)?;
    // A month that was interrupted is begun anew: half of it would be believed.
    if ours && (fresh || !folder.join(READY).exists()) {
        clear(folder)?;
    }
    std::fs::write(folder.join(MARK), "Made by `betrodd demo`. Everything in this folder is made up.\n")?;
    drop(lock);
    Ok(())
}

/// Removes all but mark and lock. What says that the month is complete goes first: whoever dies in the middle leaves a folder
/// that is known as the demo's, and as one to be begun anew.
fn clear(folder: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(folder.join(READY)) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => return Err(cause),
        _ => {}
    }
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name() == MARK || entry.file_name() == LOCK {
            continue;
        }
        if entry.file_type()?.is_dir() {
            std::fs::remove_dir_all(entry.path())?;
        } else {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn persons(installation: &Installation, files: &[Option<DemoFile>], people: &str) -> Vec<DemoPerson> {
    let made = |login: &str| {
        let of = |line: &str| line.strip_prefix(login)?.trim().parse().ok();
        people.lines().find_map(of)
    };
    let mut persons = Vec::new();
    for (shelf, file) in installation.shelves.iter().zip(files) {
        let Some(file) = file else { continue };
        let label = |role: &str| {
            let term = shelf.agreement.roles().iter().find(|term| term.id.as_str() == role);
            term.map(|term| term.label.clone()).unwrap_or_default()
        };
        let customers = file.customer.iter().map(|customer| (&customer.name, &customer.user, false));
        for (organisation, people, provider) in customers.chain([(&file.provider.name, &file.provider.staff, true)]) {
            for one in people {
                // Someone whom the demo file names and the folder does not know came later than the folder.
                let Some(person) = made(&one.email) else { continue };
                persons.push(DemoPerson {
                    service: shelf.kinds.service.clone(),
                    person,
                    name: one.name(),
                    role: label(&one.role),
                    organisation: organisation.clone(),
                    provider,
                    login: one.email.clone(),
                    password: one.password.clone(),
                    totp: one.totp_secret.clone(),
                    what_to_try: file.what_to_try(&one.role),
                });
            }
        }
    }
    persons
}

/// The same as the first page says.
fn tell(demo: &Demo) {
    for sentence in portal::introduction(Language::Sv) {
        println!("{sentence}");
    }
    println!();
    let mut organisation = "";
    let mut service = None;
    for person in &demo.persons {
        if service != Some(&person.service) {
            service = Some(&person.service);
            println!("{}", person.service);
        }
        if person.organisation != organisation {
            organisation = &person.organisation;
            println!("  {organisation}");
        }
        let code = if person.totp.is_some() { " + engångskod" } else { "" };
        println!("    {:<22} {:<22} {} / {}{code}", person.name, person.role.sv, person.login, person.password);
    }
    println!();
}

/// The demo's clock as the portal moves it: forward only, since the journal's time does not go back.
struct ShownClock {
    clock: Arc<MovableClock>,
    store: Arc<storage::Store>,
}

impl DemoClock for ShownClock {
    fn now(&self) -> Instant {
        self.store.now()
    }

    fn move_to(&self, to: Instant) -> Result<(), String> {
        forward(self.store.now(), to)?;
        self.clock.set(to).map_err(|cause| format!("the clock could not be kept: {cause}"))
    }
}

fn move_clock(clock: &MovableClock, installation: &Installation, to: Instant) -> Result<(), Told> {
    forward(installation.store.now(), to)?;
    Ok(clock.set(to)?)
}

/// Ten years, so that a slip of the hand does not end the demo.
const FARTHEST_SECONDS: i64 = 10 * 366 * 86_400;

fn forward(now: Instant, to: Instant) -> Result<(), String> {
    if to < now {
        return Err(
            "the demo's clock cannot go back: the journal already holds later entries. Begin anew with --fresh"
                .to_owned(),
        );
    }
    if to > now.plus_seconds(FARTHEST_SECONDS) {
        return Err("that is more than ten years ahead".to_owned());
    }
    Ok(())
}
