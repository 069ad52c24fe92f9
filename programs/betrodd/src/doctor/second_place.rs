//! The second place, as the doctor sees it: whether there is one, whose it is, how far behind, and when a restore was last tried.

use std::path::Path;

use archive::{ArchiveError, Place};
use journal::Position;
use terms::Instant;

use super::finding::{Finding, Level};
use super::found;
use crate::archiving::{held, place};
use crate::restore::moment;

/// A mark older than so many days says that nothing was shipped lately.
const OLD_MARK_DAYS: i64 = 2;
/// A drill is told as old after so many days. What the agreement asks for is the agreement's; this is only a reminder.
const OLD_DRILL_DAYS: i64 = 183;
const DAY_MICROS: i64 = 86_400_000_000;

/// Looks at the archive; without one that is a finding.
pub fn look(data: &Path, archive: Option<&str>, now: Instant) -> Vec<Finding> {
    let Some(name) = archive else {
        return vec![found(
            Level::Care,
            "second-place",
            [
                "Ingen andra plats nämndes: går disken förlorad är allt förlorat.".to_owned(),
                "No second place was named: if the disk is lost, everything is.".to_owned(),
            ],
            [
                "Starta programmet med --archive, och ge samma till doctor; se docs/guides/drift.md.",
                "Start the program with --archive, and give doctor the same; see docs/guides/operate.md.",
            ],
        )];
    };
    let told = place(name).map_err(|error| error.to_string()).and_then(|place| {
        let installation = archive::installation_of(&*place).map_err(|error: ArchiveError| error.to_string())?;
        Ok((place, installation))
    });
    let (place, installation) = match told {
        Ok(told) => told,
        Err(error) => {
            return vec![found(
                Level::Wrong,
                "second-place",
                [
                    format!("Den andra platsen går inte att läsa: {error}"),
                    format!("The second place cannot be read: {error}"),
                ],
                [
                    "Se över platsen. Tjänsten går vidare, men arkivet kommer efter.",
                    "See to the place. The service goes on, but the archive falls behind.",
                ],
            )];
        }
    };
    match installation {
        None => vec![found(
            Level::Care,
            "second-place",
            ["Den andra platsen är tom.".to_owned(), "The second place is empty.".to_owned()],
            [
                "Kör `betrodd backup`, eller starta `betrodd serve` med --archive.",
                "Run `betrodd backup`, or start `betrodd serve` with --archive.",
            ],
        )],
        Some(found_there) if ours(data).is_some_and(|ours| ours != found_there) => vec![found(
            Level::Wrong,
            "second-place",
            [
                "Den andra platsen är en annan installations.".to_owned(),
                "The second place is another installation's.".to_owned(),
            ],
            ["Namnge den plats som hör till mappen.", "Name the place that belongs to the folder."],
        )],
        Some(_) => vec![behind(&*place, data), mark(&*place, now), snapshot(&*place, data, now), drill(&*place, now)]
            .into_iter()
            .flatten()
            .collect(),
    }
}

/// The installation's id: the second part of the verifier key's name.
fn ours(data: &Path) -> Option<String> {
    let key = std::fs::read_to_string(data.join("journal/verifier.key")).ok()?;
    let name = key.split('+').next()?;
    name.split('/').nth(1).map(str::to_owned)
}

/// Whether the closed segments of the folder lie there.
fn behind(place: &dyn Place, data: &Path) -> Option<Finding> {
    // Beside them lies how far they may lack what a state is made from.
    let there = place.list("journal/").ok()?.iter().filter(|one| archive::is_segment(&one.name)).count();
    let tails = place.list("tail/").ok()?.len();
    let here = journal::segments(&data.join("journal"), &journal::RealDisk).ok()?;
    // The last of those here is being filled, or waits to be.
    let closed = here.len().saturating_sub(2);
    let says = [
        format!("Den andra platsen har {there} hela segment och {tails} stycken av det som fylls."),
        format!("The second place has {there} whole segments, and {tails} pieces of the one being filled."),
    ];
    Some(match closed > there {
        true => found(
            Level::Care,
            "archive-lag",
            says,
            [
                "Arkivet är efter. Se i programmets utskrift varför.",
                "The archive is behind. The program's output says why.",
            ],
        ),
        false => found(Level::Fine, "archive-lag", says, ["", ""]),
    })
}

fn days(since: Instant, now: Instant) -> i64 {
    now.micros().saturating_sub(since.micros()) / DAY_MICROS
}

fn mark(place: &dyn Place, now: Instant) -> Option<Finding> {
    let mark = archive::last_mark(place).ok()??;
    let old = days(mark.time, now);
    let Position { segment, offset } = mark.at;
    let says = [
        format!("Läget antecknades där för {old} dygn sedan (segment {segment}, plats {offset})."),
        format!("The state was noted there {old} days ago (segment {segment}, offset {offset})."),
    ];
    Some(match old > OLD_MARK_DAYS {
        true => found(
            Level::Care,
            "archive-mark",
            says,
            [
                "Starta programmet med --archive, eller kör `betrodd backup`.",
                "Start the program with --archive, or run `betrodd backup`.",
            ],
        ),
        false => found(Level::Fine, "archive-mark", says, ["", ""]),
    })
}

/// The newest snapshot there, and from when on an instant can be restored.
fn snapshot(place: &dyn Place, data: &Path, now: Instant) -> Option<Finding> {
    let todo = [
        "Starta programmet med --archive, eller kör `betrodd backup`.",
        "Start the program with --archive, or run `betrodd backup`.",
    ];
    let Some(newest) = archive::snapshots(place, None).ok()?.into_iter().next() else {
        return Some(found(
            Level::Care,
            "snapshot",
            [
                "Ingen ögonblicksbild ligger där: en återställning spelar upp hela journalen.".to_owned(),
                "No snapshot lies there: a restore replays the whole journal.".to_owned(),
            ],
            todo,
        ));
    };
    let old = days(newest.made, now);
    let from = storage::window(&data.join("journal")).map_or_else(|_| "?".to_owned(), |(first, _)| moment(first));
    let says = [
        format!("Den senaste ögonblicksbilden där är {old} dygn gammal. Ögonblick går att återställa från {from}."),
        format!("The newest snapshot there is {old} days old. Instants can be restored from {from} on."),
    ];
    // Where nothing was written since, there is nothing for another to hold.
    Some(found(Level::Fine, "snapshot", says, ["", ""]))
}

fn drill(place: &dyn Place, now: Instant) -> Option<Finding> {
    let todo = ["Kör `betrodd restore --drill`.", "Run `betrodd restore --drill`."];
    Some(match archive::last_drill(place).ok()? {
        None => found(
            Level::Care,
            "drill",
            ["Ingen återställning har prövats.".to_owned(), "No restore was ever tried.".to_owned()],
            todo,
        ),
        Some((_, evidence)) if !held(&evidence) => found(
            Level::Wrong,
            "drill",
            [
                "Den senaste återställningen som prövades höll inte.".to_owned(),
                "The last restore that was tried did not hold.".to_owned(),
            ],
            [
                "Läs vad som skilde i beviset som den skrev, och kör `betrodd restore --drill` igen.",
                "Read in the evidence that it wrote what differed, and run `betrodd restore --drill` again.",
            ],
        ),
        Some((ended, _)) => {
            let old = days(ended, now);
            let says = [
                format!("En återställning prövades för {old} dygn sedan."),
                format!("A restore was tried {old} days ago."),
            ];
            match old > OLD_DRILL_DAYS {
                true => found(Level::Care, "drill", says, todo),
                false => found(Level::Fine, "drill", says, ["", ""]),
            }
        }
    })
}
