//! The matters that the doctor looks at, one function each.

use std::collections::HashSet;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::tz::TimeZone;
use journal::Knowledge;
use storage::{FolderError, Glance, KeyStore, Lock};
use terms::Instant;
use vault::{Root, RootError, Vault};

use super::finding::{Finding, Level};
use super::found;
use crate::Services;
use crate::archiving::ERASURE_LATE_SECONDS;
use crate::restore::moment;

/// Less free room than this is told. The store itself refuses to write with less than 64 MiB.
const LITTLE_ROOM_BYTES: u64 = 2 << 30;
const REFUSED_BYTES: u64 = 64 << 20;
/// An override that ends within so many days is told.
const SOON_DAYS: i64 = 30;
/// A rotation that is so much longer ago than the hours between two is late: that long it may take to make one.
const LATE_ROTATION_HOURS: i64 = 1;
/// Entries of the near future: clocks of machines differ by so much.
const AHEAD_SECONDS: i64 = 60;

/// Everything about the data folder.
pub fn folder(data: &Path, now: Instant, rotate_hours: i64, quick: bool) -> Vec<Finding> {
    let mut all = vec![closed(data), root_key(data), room(data)];
    let glance = Glance::at(data);
    match &glance {
        Ok(glance) => {
            all.extend(formats(glance));
            all.push(orphans(data, glance));
            all.extend(unfinished(glance, now));
            all.push(holds(glance, now));
        }
        Err(error) => all.push(found(
            Level::Wrong,
            "state",
            [format!("state.db kan inte läsas: {error}"), format!("state.db cannot be read: {error}")],
            [
                "Stoppa programmet, flytta undan state.db (inte journalen) och starta igen: den byggs om ur journalen.",
                "Stop the program, move state.db away (not the journal) and start again: it is rebuilt from the journal.",
            ],
        )),
    }
    all.push(keys_fit(data, glance.as_ref().ok()));
    all.extend(rotation(data, glance.as_ref().ok(), now, rotate_hours));
    all.push(journal_verifies(data, quick));
    all.push(clock(data, now));
    all
}

/// Who may look into the folder.
fn closed(data: &Path) -> Finding {
    match std::fs::metadata(data).map(|about| about.permissions().mode() & 0o077) {
        Ok(0) => found(
            Level::Fine,
            "folder",
            ["Datamappen är stängd för andra.".to_owned(), "The data folder is closed to others.".to_owned()],
            ["", ""],
        ),
        _ => found(
            Level::Care,
            "folder",
            [
                "Andra på maskinen kan se in i datamappen.".to_owned(),
                "Others on the machine can look into the data folder.".to_owned(),
            ],
            ["Kör `chmod 700` på den.", "Run `chmod 700` on it."],
        ),
    }
}

/// The root key: there, of its form, and nobody else's to read.
fn root_key(data: &Path) -> Finding {
    let file = data.join("root.key");
    let about = match std::fs::metadata(&file) {
        Ok(about) => about,
        Err(error) => {
            return found(
                Level::Wrong,
                "root-key",
                [format!("root.key går inte att läsa: {error}"), format!("root.key cannot be read: {error}")],
                [
                    "Lägg tillbaka den från där den förvaras, med rättigheterna 0600. Utan den öppnas ingenting.",
                    "Put it back from where it is kept, with mode 0600. Nothing opens without it.",
                ],
            );
        }
    };
    let mode = about.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return found(
            Level::Wrong,
            "root-key",
            [
                format!("root.key kan läsas av andra (rättigheter {mode:o})."),
                format!("root.key can be read by others (mode {mode:o})."),
            ],
            [
                "Kör `chmod 600` på den. Har någon läst den ska den anses röjd.",
                "Run `chmod 600` on it. If anybody has read it, it must be taken for known.",
            ],
        );
    }
    if about.size() != 32 {
        return found(
            Level::Wrong,
            "root-key",
            [
                format!("root.key är {} byte lång; den ska vara 32.", about.size()),
                format!("root.key is {} bytes long; it must be 32.", about.size()),
            ],
            ["Lägg tillbaka den rätta filen.", "Put the right file back."],
        );
    }
    found(
        Level::Fine,
        "root-key",
        ["root.key finns och är stängd för andra.".to_owned(), "root.key is there and closed to others.".to_owned()],
        ["", ""],
    )
}

/// Free disk.
fn room(data: &Path) -> Finding {
    let free = Glance::at(data).map(|glance| glance.free_bytes);
    let Ok(free) = free else {
        return found(
            Level::Care,
            "room",
            [
                "Hur mycket plats som är ledig kunde inte läsas.".to_owned(),
                "How much room is free could not be read.".to_owned(),
            ],
            ["", ""],
        );
    };
    let mib = free >> 20;
    let says = [format!("{mib} MiB lediga på disken."), format!("{mib} MiB free on the disk.")];
    let todo =
        ["Gör plats, eller flytta mappen till en större disk.", "Make room, or move the folder to a larger disk."];
    match free {
        free if free < REFUSED_BYTES => found(Level::Wrong, "room", says, todo),
        free if free < LITTLE_ROOM_BYTES => found(Level::Care, "room", says, todo),
        _ => found(Level::Fine, "room", says, ["", ""]),
    }
}

/// Files of a newer program.
fn formats(glance: &Glance) -> Vec<Finding> {
    let files =
        [("state.db", glance.state_format, Glance::STATE_FORMAT), ("keys.db", glance.keys_format, Glance::KEYS_FORMAT)];
    let newer = files
        .into_iter()
        .filter_map(|(file, found, known)| Some((file, found?, known)))
        .filter(|(_, found, known)| found > known);
    let told: Vec<Finding> = newer
        .map(|(file, format, known)| {
            found(
                Level::Wrong,
                "format",
                [
                    format!("{file} har format {format}, och det här programmet kan högst {known}."),
                    format!("{file} is of format {format}, and this program knows {known} at most."),
                ],
                [
                    "Starta det nyare program som skrev den. Ett äldre startar inte på den, och ändrar inget.",
                    "Start the newer program that wrote it. An older one does not start on it, and changes nothing.",
                ],
            )
        })
        .collect();
    if !told.is_empty() {
        return told;
    }
    vec![found(
        Level::Fine,
        "format",
        ["Filernas format är kända.".to_owned(), "The formats of the files are known.".to_owned()],
        ["", ""],
    )]
}

/// Whether the root key opens the file of keys. Only where no program has the folder: one that has it opened it with this key.
fn keys_fit(data: &Path, glance: Option<&Glance>) -> Finding {
    let fits = |sv: &str, en: &str| found(Level::Fine, "keys", [sv.to_owned(), en.to_owned()], ["", ""]);
    let wrong = |error: &dyn core::fmt::Display| {
        found(
            Level::Wrong,
            "keys",
            [format!("Nycklarna öppnas inte: {error}"), format!("The keys do not open: {error}")],
            [
                "Lägg tillbaka den root.key och den keys.db som hör ihop. Börja inte om med nya: de öppnar inget av det som finns.",
                "Put back the root.key and the keys.db that belong together. Do not begin new ones: they open nothing of what is there.",
            ],
        )
    };
    if !data.join("keys.db").exists() {
        return wrong(&"keys.db");
    }
    if glance.is_some_and(|glance| glance.keys_format.is_some_and(|format| format > Glance::KEYS_FORMAT)) {
        return wrong(&"keys.db");
    }
    let _lock = match Lock::take(data) {
        Ok(lock) => lock,
        Err(FolderError::InUse { .. }) => {
            return fits(
                "Ett program har mappen öppen, och har alltså öppnat nycklarna.",
                "A program has the folder open, so it has opened the keys.",
            );
        }
        Err(error) => return wrong(&error),
    };
    if !data.join("root.key").exists() {
        return wrong(&"root.key");
    }
    let opened =
        Root::open_or_begin(&data.join("root.key")).map_err(|error: RootError| error.to_string()).and_then(|root| {
            let keys = KeyStore::open(&data.join("keys.db")).map_err(|error| error.to_string())?;
            Vault::open(&root, Arc::new(keys)).map_err(|error| error.to_string())
        });
    match opened {
        Ok(_) => fits("root.key öppnar keys.db.", "root.key opens keys.db."),
        Err(error) => wrong(&error),
    }
}

/// When the archive key was last changed. Only where no program has the folder: the page *Operations* of one that has it tells more.
fn rotation(data: &Path, glance: Option<&Glance>, now: Instant, hours_between: i64) -> Option<Finding> {
    let known = glance.is_some_and(|glance| glance.keys_format.is_some_and(|format| format <= Glance::KEYS_FORMAT));
    if !known || !data.join("keys.db").exists() {
        return None;
    }
    let lock = match Lock::take(data) {
        Ok(lock) => lock,
        Err(FolderError::InUse { .. }) => {
            return Some(found(
                Level::Fine,
                "rotation",
                [
                    "Ett program har mappen öppen; dess sida Drift säger när arkivnyckeln ska bytas nästa gång.".to_owned(),
                    "A program has the folder open; its page Operations says when the archive key is due to be changed.".to_owned(),
                ],
                ["", ""],
            ));
        }
        Err(_) => return None,
    };
    let keys = KeyStore::open(&data.join("keys.db")).ok()?;
    let last = vault::offsite::last_rotation(&keys).ok()?;
    drop((keys, lock));
    let todo = [
        "Starta programmet med --archive och --custodian: det byter nyckel när det kör, och säger varför om det inte går.",
        "Start the program with --archive and --custodian: it changes the key while it serves, and says why where it cannot.",
    ];
    Some(match last {
        None => found(
            Level::Care,
            "rotation",
            [
                "Inga kopior av nycklarna har lagts på en andra plats.".to_owned(),
                "No copies of the keys were ever put at a second place.".to_owned(),
            ],
            [
                "Namnge en nyckelförvarare med --custodian, eller ha själv en kopia av keys.db på annan plats; se docs/guides/drift.md.",
                "Name a custodian with --custodian, or keep a copy of keys.db at another place yourself; see docs/guides/operate.md.",
            ],
        ),
        Some(None) => found(
            Level::Care,
            "rotation",
            [
                "Kopiorna av nycklarna har inte lästs tillbaka än.".to_owned(),
                "The copies of the keys were not read back yet.".to_owned(),
            ],
            todo,
        ),
        Some(Some(rotated)) => {
            let hours = now.micros().saturating_sub(rotated.finished.micros()) / 3_600_000_000;
            let due = minute(rotated.finished.plus_seconds(hours_between * 3600));
            let copy = rotated.generation;
            let says = [
                format!("Arkivnyckeln byttes för {hours} timmar sedan (kopia {copy}). Nästa byte ska ske {due}."),
                format!(
                    "The archive key was changed {hours} hours ago (copy {copy}). The next change is due at {due}."
                ),
            ];
            match hours > hours_between + LATE_ROTATION_HOURS {
                true => found(Level::Care, "rotation", says, todo),
                false => found(Level::Fine, "rotation", says, ["", ""]),
            }
        }
    })
}

/// Everything that can be recomputed of the journal is.
fn journal_verifies(data: &Path, quick: bool) -> Finding {
    if quick {
        return found(
            Level::Fine,
            "journal",
            ["Journalen lästes inte (--quick).".to_owned(), "The journal was not read (--quick).".to_owned()],
            ["", ""],
        );
    }
    match journal::verify(data, &Knowledge::default()) {
        Ok(report) => match report.fault {
            None => found(
                Level::Fine,
                "journal",
                [
                    format!(
                        "Journalen håller ihop: {} rader i {} loggar, {} kontrollpunkter.",
                        report.entries, report.logs, report.checkpoints
                    ),
                    format!(
                        "The journal holds together: {} entries in {} logs, {} checkpoints.",
                        report.entries, report.logs, report.checkpoints
                    ),
                ],
                ["", ""],
            ),
            Some(fault) => found(
                Level::Wrong,
                "journal",
                [
                    format!("Journalen är inte det som skrevs eller lovades: {fault}."),
                    format!("The journal is not what was written or promised: {fault}."),
                ],
                [
                    "Spara mappen som den är, och återställ från den andra platsen till en ny mapp. Ett program som startas på en skadad journal stannar och ändrar inget.",
                    "Keep the folder as it is, and restore from the second place into a new one. A program started on a damaged journal stops and changes nothing.",
                ],
            ),
        },
        Err(error) => found(
            Level::Wrong,
            "journal",
            [format!("Journalen kunde inte prövas: {error}"), format!("The journal could not be checked: {error}")],
            [
                "Pröva att det är rätt mapp och att den går att läsa.",
                "See that it is the right folder, and that it can be read.",
            ],
        ),
    }
}

/// The machine's clock against the newest signed checkpoint's file and the newest leaf.
fn clock(data: &Path, now: Instant) -> Finding {
    let newest = newest_entry(data);
    let Some(newest) = newest else {
        return found(
            Level::Fine,
            "clock",
            [
                "Ingen rad är skriven ännu, så klockan kan inte jämföras.".to_owned(),
                "No entry is written yet, so the clock cannot be compared.".to_owned(),
            ],
            ["", ""],
        );
    };
    let ahead = newest.micros().saturating_sub(now.micros()) / 1_000_000;
    // A demo's clock is moved on purpose.
    let level = if ahead <= AHEAD_SECONDS {
        Level::Fine
    } else if data.join("betrodd-demo-folder").exists() {
        Level::Care
    } else {
        Level::Wrong
    };
    let (sv, en) = if ahead <= AHEAD_SECONDS {
        (
            "Klockan ligger inte före eller efter det som är skrivet.".to_owned(),
            "The clock does not lie before what is written.".to_owned(),
        )
    } else {
        (
            format!("Klockan går {ahead} sekunder efter den senaste raden i loggen."),
            format!("The clock is {ahead} seconds behind the newest entry of the log."),
        )
    };
    let todo = match level {
        Level::Fine => ["", ""],
        _ => [
            "Ställ klockan. Tills den hunnit ikapp får nya rader den senaste radens tid: loggens tider går aldrig bakåt.",
            "Set the clock. Until it has caught up, new entries get the newest entry's time: times of a log never go back.",
        ],
    };
    found(level, "clock", [sv, en], todo)
}

/// The time of the newest published leaf of any log.
fn newest_entry(data: &Path) -> Option<Instant> {
    let logs = std::fs::read_dir(data.join("logs")).ok()?;
    let newest = logs.filter_map(|log| {
        let folder = log.ok()?.path();
        let reader = journal::TileReader::open(&folder).ok()??;
        reader.last_leaf().ok()?.map(|leaf| leaf.time)
    });
    newest.max()
}

/// Files of records that no record names.
fn orphans(data: &Path, glance: &Glance) -> Finding {
    let lying = match crate::live_files::lying(data) {
        Ok(lying) => lying,
        Err(error) => return unread_files(&error),
    };
    let named: HashSet<_> = glance.files.iter().collect();
    let orphans = lying.iter().filter(|file| !named.contains(file)).count();
    let there: HashSet<_> = lying.iter().collect();
    let missing = glance.files.iter().filter(|file| !there.contains(file)).count();
    if missing > 0 {
        return found(
            Level::Wrong,
            "files",
            [
                format!("{missing} filer som poster nämner saknas."),
                format!("{missing} files that records name are missing."),
            ],
            ["Lägg tillbaka mappen files, eller återställ.", "Put the folder files back, or restore."],
        );
    }
    if orphans > 0 {
        return found(
            Level::Care,
            "files",
            [format!("{orphans} filer tillhör ingen post."), format!("{orphans} files belong to no record.")],
            [
                "Sådana väntar på att en post sparas, eller blev kvar när programmet avbröts. Nästa start tar bort dem som ingen väntar på.",
                "Such files wait for a record to be saved, or were left when the program was stopped. The next start removes those that nobody waits for.",
            ],
        );
    }
    found(
        Level::Fine,
        "files",
        [format!("{} filer, var och en av en post.", lying.len()), format!("{} files, each of a record.", lying.len())],
        ["", ""],
    )
}

fn unread_files(error: &dyn core::fmt::Display) -> Finding {
    found(
        Level::Wrong,
        "files",
        [format!("Mappen files kan inte läsas: {error}"), format!("The folder files cannot be read: {error}")],
        ["", ""],
    )
}

/// Erasures that were entered and have no certificate. After hours something keeps them from it that does not go away by itself.
fn unfinished(glance: &Glance, now: Instant) -> Option<Finding> {
    let count = glance.unfinished_erasures;
    let late = glance.oldest_unfinished.is_some_and(|since| now >= since.plus_seconds(ERASURE_LATE_SECONDS));
    (count > 0).then(|| {
        found(
            if late { Level::Wrong } else { Level::Care },
            "erasures",
            [format!("{count} raderingar har inget intyg ännu."), format!("{count} erasures have no certificate yet.")],
            [
                "Programmet räknar om och intygar när det körs. Står det kvar efter en start, se i programmets utskrift varför.",
                "The program counts again and certifies while it runs. Should it remain after a start, its output says why.",
            ],
        )
    })
}

/// Legal holds that end soon: whoever placed them may want them to stand longer, and what they cover can be erased from then on.
fn holds(glance: &Glance, now: Instant) -> Finding {
    let by = now.plus_seconds(SOON_DAYS * 86_400);
    let soon: Vec<_> = glance.holds_end.iter().filter(|(until, _)| *until <= by).collect();
    let Some((first, tenant)) = soon.first() else {
        return found(
            Level::Fine,
            "holds",
            [
                format!("Inget raderingsstopp går ut inom {SOON_DAYS} dagar."),
                format!("No legal hold ends within {SOON_DAYS} days."),
            ],
            ["", ""],
        );
    };
    let name = glance.tenants.iter().find(|(id, _)| id == tenant).map_or_else(String::new, |(_, name)| name.clone());
    let (count, first) = (soon.len(), minute(*first));
    found(
        Level::Care,
        "holds",
        [
            format!("{count} raderingsstopp går ut inom {SOON_DAYS} dagar, det första {first} ({name})."),
            format!("{count} legal holds end within {SOON_DAYS} days, the first at {first} ({name})."),
        ],
        [
            "Säg till kunden: ska stoppet stå längre måste det läggas på nytt innan dess. Därefter kan det som omfattas raderas.",
            "Tell the customer: a hold that is to stand longer must be placed anew before. After that what it covers can be erased.",
        ],
    )
}

/// A moment for people: to the minute, in Swedish time.
fn minute(at: Instant) -> String {
    moment(at).chars().take(16).map(|sign| if sign == 'T' { ' ' } else { sign }).collect()
}

/// What of the services' texts ends soon, or has.
pub fn services(services: &Services, now: Instant) -> Vec<Finding> {
    let read = match services.read() {
        Ok(read) => read,
        Err(error) => {
            let first = error.to_string().lines().next().unwrap_or_default().to_owned();
            return vec![found(
                Level::Care,
                "services",
                [
                    format!("Tjänsternas texter lästes inte: {first}"),
                    format!("The services' texts were not read: {first}"),
                ],
                ["Ge mappen med --services.", "Name the folder with --services."],
            )];
        }
    };
    let today = jiff::Timestamp::from_microsecond(now.micros()).unwrap_or_default().to_zoned(TimeZone::UTC).date();
    let soon = today.checked_add(SOON_DAYS.days()).unwrap_or(today);
    let mut all = Vec::new();
    for shelf in &read.shelves {
        let service = shelf.kinds.service.as_str();
        for one in shelf.overrides.iter().filter(|one| one.until <= soon) {
            let (of, until) = (one.of.join(", "), one.until);
            let level = if until < today { Level::Wrong } else { Level::Care };
            all.push(found(
                level,
                "override",
                [
                    format!("{service}: undantaget för {of} gäller till och med {until}."),
                    format!("{service}: the override of {of} holds until {until}."),
                ],
                [
                    "Åtgärda det som blockerar i avtalet, eller besluta om undantaget igen med skäl och dag.",
                    "Mend what blocks in the agreement, or decide on the override anew, with a reason and a day.",
                ],
            ));
        }
    }
    if all.is_empty() {
        all.push(found(
            Level::Fine,
            "override",
            [
                "Inget undantag i avtalen går ut inom 30 dagar.".to_owned(),
                "No override of the agreements ends within 30 days.".to_owned(),
            ],
            ["", ""],
        ));
    }
    all
}
