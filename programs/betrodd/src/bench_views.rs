//! What `bench --views` measures: the computed pages over a unit of so many participants, at the server and without a network.
//!
//! Every record is written through the door. Nothing is asserted: medians and the slowest are printed.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use futures_util::{StreamExt, stream};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use service::{Asked, Change, Door, Draft, New, No};
use terms::{KindName, Purpose, RecordId};
use tower::ServiceExt;

use crate::Told;
use crate::clock::MovableClock;
use crate::demo::{Filled, fill};

/// The service that is measured.
const MEASURED: &str = "matcha";
/// Writings under way at the same time.
const TOGETHER: usize = 256;
/// Occasions of each participant in the month.
const OCCASIONS: i64 = 5;
/// Days of attendance of each participant in the month.
const MARKS: i64 = 20;
/// Times that each page is asked for.
const ASKED: usize = 11;

/// Fills a folder that is thrown away with a unit, and asks for its pages.
pub fn run(services: &Path, participants: usize) -> Result<ExitCode, Told> {
    let folder = std::env::temp_dir().join(format!("betrodd-bench-views-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let runtime = crate::runtime()?;
    let measured = runtime.block_on(measure(services, &folder, participants));
    drop(runtime);
    std::fs::remove_dir_all(&folder)?;
    measured?;
    Ok(ExitCode::SUCCESS)
}

async fn measure(services: &Path, folder: &Path, participants: usize) -> Result<(), Told> {
    let clock = Arc::new(MovableClock::open(folder.join("demo-clock")));
    let Filled { installation, worker, own } = fill(&services.join(MEASURED), folder, &clock).await?;
    let cookie = installation.access.enter_demo(worker).await?;
    let signed_in = installation.access.session(&cookie.0).ok_or("no session")?;
    let asked = Asked { actor: worker, tenant: signed_in.home, purpose: Purpose::new("provide")?, case: None };
    let door: Arc<dyn Door> = Arc::clone(&installation.processing) as Arc<dyn Door>;
    let now = jiff::Timestamp::from_microsecond(installation.processing.now().micros())?;
    let today = now.to_zoned(TimeZone::get("Europe/Stockholm")?).date();
    let month = today.first_of_month().checked_sub(1.month())?;
    let begun = Instant::now();
    let written = stream::iter(0..participants)
        .map(|place| one(&door, &asked, own, place, month))
        .buffer_unordered(TOGETHER)
        .collect::<Vec<_>>()
        .await;
    for one in written {
        one.map_err(|no| format!("the bench could not write: {no:?}"))?;
    }
    println!(
        "{participants} participants with {OCCASIONS} occasions and {MARKS} days of attendance each, written in {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    let portal = crate::seams::portal_behind(installation, door, None, false);
    let router = portal::router(Arc::new(portal));
    let cookie = format!("{}={}", portal::SESSION_COOKIE, cookie.0);
    let text = format!("{:04}-{:02}", month.year(), month.month());
    println!("{:<44} {:>10} {:>10} {:>10} {:>9}", "", "median ms", "slowest", "first", "kB");
    for (name, path) in [
        ("month report, page", format!("/matcha/vy/manadsrapport?month={text}")),
        ("month report, JSON", format!("/matcha/vy/manadsrapport.json?month={text}")),
        ("claims, page", format!("/matcha/vy/ersattning?month={text}")),
        ("to do, page", "/matcha/vy/arbetslista".to_owned()),
        ("forecast, page", "/matcha/vy/prognos".to_owned()),
        ("month grid of forty, page", format!("/matcha/narvaro/manad?month={text}")),
        ("participants, page", "/matcha/deltagare".to_owned()),
        ("participants, all on a page", format!("/matcha/deltagare?limit={participants}")),
    ] {
        print(name, &ask(&router, &path, &cookie).await?);
    }
    Ok(())
}

/// One participant with what a month asks for.
async fn one(door: &Arc<dyn Door>, asked: &Asked, own: RecordId, place: usize, month: Date) -> Result<(), No> {
    let draft = Draft::new()
        .with("given-name", "Mätning")
        .with("family-name", &format!("Nummer {place}"))
        .with("birth-date", "1990-01-12")
        .with("unit", "ka-1001")
        .with("case-worker", &own.to_string());
    let participant = collect(door, asked, "participant", None, draft).await?;
    let level = ["a", "b", "c"].get(place % 3).copied().unwrap_or("a");
    let started = month.checked_sub((place as i64 % 11).months()).unwrap_or(month);
    let placement = Draft::new()
        .with("programme", "rusta-och-matcha")
        .with("level", level)
        .with("unit", if place.is_multiple_of(2) { "ka-1001" } else { "ka-1002" })
        .with("from", &started.to_string());
    collect(door, asked, "placement", Some(participant), placement).await?;
    let text = format!("{:04}-{:02}", month.year(), month.month());
    let report = collect(door, asked, "period-report", Some(participant), Draft::new().with("month", &text)).await?;
    let kind = kind("period-report")?;
    for (version, state) in [(1, "sent"), (2, "approved")] {
        let state = Some(state.to_owned());
        let change = Change { kind: &kind, record: report, version, draft: Draft::new(), state, once: None };
        door.alter(asked, change).await?;
    }
    for n in 0..OCCASIONS {
        let day = month.checked_add((n * 5 + place as i64 % 5).days()).unwrap_or(month);
        let activity = Draft::new()
            .with("date", &day.to_string())
            .with("hours", "1.5")
            .with("form", if n % 2 == 0 { "physical" } else { "remote" })
            .with("meeting", "individual")
            .with("lead", "provider")
            .with("outcome", "held");
        collect(door, asked, "activity", Some(participant), activity).await?;
    }
    for n in 0..MARKS {
        let day = month.checked_add(n.days()).unwrap_or(month).to_string();
        let mark = Draft::new().with("date", &day).with("status", "present");
        collect(door, asked, "attendance", Some(participant), mark).await?;
    }
    Ok(())
}

fn kind(name: &str) -> Result<KindName, No> {
    KindName::new(name).map_err(|error| No::Unavailable(error.to_string()))
}

async fn collect(
    door: &Arc<dyn Door>,
    asked: &Asked,
    name: &str,
    parent: Option<RecordId>,
    draft: Draft,
) -> Result<RecordId, No> {
    let kind = kind(name)?;
    door.collect(asked, New { kind: &kind, parent, draft, once: None }).await
}

/// How long each asking took, and how many bytes came.
struct Taken {
    each: Vec<Duration>,
    bytes: usize,
    status: u16,
}

async fn ask(router: &Router, path: &str, cookie: &str) -> Result<Taken, Told> {
    let mut taken = Taken { each: Vec::with_capacity(ASKED), bytes: 0, status: 0 };
    for _ in 0..ASKED {
        let request = Request::get(path).header("cookie", cookie).header("accept-language", "sv").body(Body::empty())?;
        let begun = Instant::now();
        let response = router.clone().oneshot(request).await?;
        taken.status = response.status().as_u16();
        taken.bytes = to_bytes(response.into_body(), usize::MAX).await?.len();
        taken.each.push(begun.elapsed());
    }
    Ok(taken)
}

fn print(name: &str, taken: &Taken) {
    let ms = |duration: &Duration| duration.as_secs_f64() * 1000.0;
    let first = taken.each.first().map_or(0.0, ms);
    let mut sorted = taken.each.clone();
    sorted.sort();
    let median = sorted.get(sorted.len() / 2).map_or(0.0, ms);
    let slowest = sorted.last().map_or(0.0, ms);
    let status = if taken.status == 200 { String::new() } else { format!("  answered {}", taken.status) };
    println!("{name:<44} {median:>10.1} {slowest:>10.1} {first:>10.1} {:>9}{status}", taken.bytes / 1000);
}
