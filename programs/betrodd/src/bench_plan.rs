//! What the bench measures: two portals over the same kind of installation, one with the real door and one without it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use bench::{Plan, Request, Subject, Unprotected};
use service::{Asked, Door, Draft, New};
use terms::{Clock, KindName, Purpose, RecordId};

use crate::Told;
use crate::clock::{MovableClock, SystemClock};
use crate::demo::{Filled, fill};

/// The service that is measured: the one whose kinds and fields stand below.
const MEASURED: &str = "matcha";
/// Participants that are read in turn.
const READ: usize = 40;

/// Makes both portals in a folder that is thrown away, and measures.
pub fn run(services: PathBuf, rounds: usize, seconds: f64, connections: usize) -> Result<ExitCode, Told> {
    let folder = std::env::temp_dir().join(format!("betrodd-bench-portals-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let runtime = crate::runtime()?;
    let measured = runtime.block_on(measure(services, &folder, rounds, seconds, connections));
    // The portals end with the runtime that serves them, and only then is nobody writing to the folder.
    drop(runtime);
    std::fs::remove_dir_all(&folder)?;
    measured?;
    Ok(ExitCode::SUCCESS)
}

async fn measure(
    services: PathBuf,
    folder: &Path,
    rounds: usize,
    seconds: f64,
    connections: usize,
) -> Result<(), Told> {
    let plan = Plan {
        protected: subject(&services, &folder.join("protected"), false).await?,
        unprotected: subject(&services, &folder.join("unprotected"), true).await?,
        rounds,
        each: Duration::from_secs_f64(seconds.clamp(0.1, 60.0)),
        connections: connections.clamp(1, 1024),
        program: std::env::current_exe().ok(),
        services,
    };
    Ok(bench::run(plan).await?)
}

async fn subject(services: &Path, folder: &Path, unprotected: bool) -> Result<Subject, Told> {
    std::fs::create_dir_all(folder)?;
    let clock = Arc::new(MovableClock::open(folder.join("demo-clock")));
    let Filled { installation, worker, own } = fill(&services.join(MEASURED), folder, &clock).await?;
    let kinds = Arc::clone(&installation.shelves.first().ok_or("no service")?.kinds);
    let service = kinds.service.clone();
    let (participant, note) = (KindName::new("participant")?, KindName::new("day-note")?);
    let cookie = installation.access.enter_demo(worker).await?;
    let signed_in = installation.access.session(&cookie.0).ok_or("no session")?;
    let asked = Asked { actor: worker, tenant: signed_in.home, purpose: Purpose::new("provide")?, case: None };
    let door: Arc<dyn Door> = if unprotected {
        let clock = Arc::new(SystemClock) as Arc<dyn Clock>;
        Arc::new(Unprotected::open(&folder.join("plain.db"), Arc::clone(&kinds), clock)?)
    } else {
        Arc::clone(&installation.processing) as Arc<dyn Door>
    };
    let mut records = Vec::new();
    for place in 0..READ {
        let draft = Draft::new()
            .with("given-name", "Mätning")
            .with("family-name", &format!("Nummer {place}"))
            .with("birth-date", "1990-01-12")
            .with("gender", "not-stated")
            .with("email", "matning@post.example")
            .with("phone", "070-174 06 99")
            .with("address", "Provgatan 1, 000 01 Påhittestad")
            .with("case-worker", &own.to_string());
        let new = New { kind: &participant, parent: None, draft, once: None };
        records.push(door.collect(&asked, new).await.map_err(|no| format!("the bench could not write: {no:?}"))?);
    }
    let path =
        |kind: &KindName| kinds.kind(kind).map(|kind| format!("/api/v1/{service}/{}", kind.path)).ok_or("no such kind");
    let cookies = format!("{}={}", portal::SESSION_COOKIE, cookie.0);
    let headers = [("Cookie", cookies.as_str()), ("X-CSRF", signed_in.csrf.as_str()), ("Accept", "application/json")];
    let (files, notes) = (path(&participant)?, path(&note)?);
    let reading = |record: &RecordId| Request::new("GET", &format!("{files}/{record}"), &headers, "", 200);
    let writing = |record: &RecordId| {
        let text = "Kort avstämning på telefon. Planen följs och inget behöver ändras. ".repeat(3);
        let body = format!(r#"{{"parent":"{record}","fields":{{"date":"2026-11-02","text":"{text}"}}}}"#);
        Request::new("POST", &notes, &headers, &body, 201)
    };
    let (readings, writings) = (records.iter().map(reading).collect(), records.iter().map(writing).collect());
    let portal = crate::seams::portal_behind(installation, door, None, false);
    Ok(Subject { router: portal::router(Arc::new(portal)), readings, writings })
}
