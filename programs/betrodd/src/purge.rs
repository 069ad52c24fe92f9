//! `betrodd purge`: what of the logs the agreements let go, shown first; carried out where that is said. A program that serves does the
//! same by itself once a day, so this is for whoever looks first, or runs a folder that nobody serves.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use agreement::LogKept;
use processing::{LogPlan, Stays};
use service::No;
use terms::Language;

use crate::Told;
use crate::clock::{SystemClock, day_of};

/// What is asked for.
#[derive(clap::Args)]
pub struct Wanted {
    /// The data folder. No program may be serving it.
    #[arg(long, value_name = "FOLDER")]
    data: std::path::PathBuf,
    #[command(flatten)]
    services: crate::Services,
    /// Carries it out. Without it nothing is changed.
    #[arg(long)]
    carry_out: bool,
    /// In English instead of Swedish.
    #[arg(long)]
    english: bool,
}

/// Shows the plan, and carries it out where that is asked.
///
/// # Errors
/// A sentence for people.
pub async fn run(wanted: &Wanted) -> Result<ExitCode, Told> {
    let language = if wanted.english { Language::En } else { Language::Sv };
    let sv = language == Language::Sv;
    let installation = open(&wanted.data, &wanted.services)?;
    let failed = |no: No| format!("the log could not be read: {no:?}");
    let plan = installation.processing.plan_purge().await.map_err(failed)?;
    for log in &plan {
        println!("{}", line(log, language));
    }
    let goes: u64 = plan.iter().map(|log| log.entries).sum();
    if !wanted.carry_out {
        println!(
            "{}",
            match (goes, sv) {
                (0, true) => "Inget rensas nu.",
                (0, false) => "Nothing is purged now.",
                (_, true) =>
                    "Inget är rensat ännu: det sker med --carry-out, och en gång per dygn medan programmet kör.",
                (_, false) => "Nothing is purged yet: --carry-out does it, and a program that serves, once a day.",
            }
        );
        return Ok(ExitCode::SUCCESS);
    }
    let purged =
        installation.processing.purge_details().await.map_err(|no| format!("it could not be purged: {no:?}"))?;
    if sv {
        println!("{purged} rader är rensade. Det står i varje kunds logg, och i installationens.");
    } else {
        println!("{purged} entries are purged. It stands in each customer's log, and in the installation's.");
    }
    Ok(ExitCode::SUCCESS)
}

fn open(data: &Path, services: &crate::Services) -> Result<crate::installation::Installation, Told> {
    if !data.is_dir() {
        return Err(format!("`{}` is no data folder", data.display()).into());
    }
    let shelves = services.read()?.shelves;
    crate::installation::open(data, shelves, Arc::new(SystemClock), false)
}

/// One log: what its agreement says, and what goes.
fn line(log: &LogPlan, language: Language) -> String {
    let sv = language == Language::Sv;
    let by = if log.number.is_empty() {
        String::new()
    } else if sv {
        format!(" (punkt {})", log.number)
    } else {
        format!(" (clause {})", log.number)
    };
    let kept = match &log.kept {
        LogKept::For { keep, .. } | LogKept::Stays { keep, .. } => keep.text(language).to_owned(),
        LogKept::Silent | LogKept::NotFound { .. } => String::new(),
    };
    let said = match (log.stays, sv) {
        (Some(Stays::NoAgreement), true) => "inget avtal gäller, så inget rensas".to_owned(),
        (Some(Stays::NoAgreement), false) => "no agreement is in force, so nothing is purged".to_owned(),
        (Some(Stays::Silent | Stays::NotFound), true) => format!("avtalet säger ingen tid{by}, så inget rensas"),
        (Some(Stays::Silent | Stays::NotFound), false) => {
            format!("the agreement states no period{by}, so nothing is purged")
        }
        (Some(Stays::AtLeast), true) => {
            format!("avtalet säger {kept}{by} och ingen tid när det ska bort, så inget rensas")
        }
        (Some(Stays::AtLeast), false) => {
            format!("the agreement says {kept}{by} and no time when it goes, so nothing is purged")
        }
        (Some(Stays::Held), true) => {
            format!("sparas {kept}{by}, men ett raderingsstopp gäller, så inget rensas")
        }
        (Some(Stays::Held), false) => {
            format!("kept {kept}{by}, but a legal hold stands, so nothing is purged")
        }
        (None, sv) => {
            let day = log.before.map(|before| day_of(before).to_string()).unwrap_or_default();
            let mut said = if sv {
                format!("sparas {kept}{by}: {} rader från före {day} rensas", log.entries)
            } else {
                format!("kept {kept}{by}: {} entries of before {day} go", log.entries)
            };
            if log.wait > 0 {
                said.push_str(&if sv {
                    format!(", och {} väntar på en ögonblicksbild", log.wait)
                } else {
                    format!(", and {} wait for a snapshot", log.wait)
                });
            }
            said
        }
    };
    format!("{}: {said}.", log.customer)
}
