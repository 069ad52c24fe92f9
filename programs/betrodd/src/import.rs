//! `betrodd import`: records from a file, and the undoing of an import, for whoever sits at the machine with a key of theirs.
//!
//! It asks the interface for programs, in this process and with that key, so that there is one way in and one way to be refused.
//! Nothing is done here in the operator's own name: the operator is nobody whom an agreement lets write participants.

use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use serde_json::Value as Json;
use service::Value;
use tower::ServiceExt as _;

use crate::Told;
use crate::clock::SystemClock;
use crate::installation;

/// Longest answer that is read: five thousand rows with what is wrong with each.
const MAX_ANSWER_BYTES: usize = 64 << 20;
/// Width of the bar, in signs.
const BAR: u64 = 30;
/// How often the bar is drawn.
const REDRAWN: Duration = Duration::from_millis(200);

/// What is wanted.
#[derive(clap::Args)]
pub struct Wanted {
    /// The file: a row of headings, then a row a record. Comma, semicolon or tab; UTF-8 or Windows-1252.
    #[arg(value_name = "FILE", required_unless_present = "undo", conflicts_with = "undo")]
    file: Option<PathBuf>,
    /// The data folder.
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    #[command(flatten)]
    services: crate::Services,
    /// Records of which kind: its name or its address, as `participant` or `deltagare`.
    #[arg(long, value_name = "KIND")]
    kind: String,
    /// A file that holds the key of the person for whom this is done, made on that person's page of keys; `-` reads it from the
    /// standard input.
    #[arg(long, value_name = "FILE")]
    key_file: PathBuf,
    /// The record under which all of them stand.
    #[arg(long, value_name = "ID")]
    parent: Option<String>,
    /// Names of fields for the columns, with commas between; empty for one that is not read. Found by the headings, where nothing
    /// is said.
    #[arg(long, value_name = "FIELDS")]
    columns: Option<String>,
    /// Only tells what the file holds and what is wrong. Nothing is written.
    #[arg(long)]
    preview: bool,
    /// Brings in the good rows though others are bad.
    #[arg(long)]
    good_rows: bool,
    /// Brings in those too that may be there already.
    #[arg(long)]
    doubles_too: bool,
    /// Undoes the import of that id: tells what would be erased and what stays. With `--yes` it is done.
    #[arg(long, value_name = "ID")]
    undo: Option<String>,
    /// Does what was planned.
    #[arg(long, requires = "undo")]
    yes: bool,
    /// In English instead of Swedish.
    #[arg(long)]
    english: bool,
}

/// The interface, asked with a key.
struct Interface {
    app: Router,
    key: Value,
    english: bool,
    /// Where the records of the kind lie.
    base: String,
}

/// `betrodd import`.
///
/// # Errors
/// A sentence for people; then nothing was begun, or what was begun goes on with the same call.
pub async fn run(wanted: &Wanted) -> Result<ExitCode, Told> {
    let key = read_key(&wanted.key_file)?;
    let bytes = match &wanted.file {
        Some(file) => std::fs::read(file).map_err(|cause| format!("`{}` cannot be read: {cause}", file.display()))?,
        None => Vec::new(),
    };
    let installation = installation::open(&wanted.data, wanted.services.read()?.shelves, Arc::new(SystemClock), false)?;
    let no_key = "the key does not hold: it may have expired, been revoked, or ended when the person got another role";
    let home = installation.access.by_key(&key).ok_or(no_key)?.home;
    let service = installation.store.tenant(&home)?.ok_or(no_key)?.service.clone();
    let shelf = installation.shelves.iter().find(|shelf| shelf.kinds.service == service);
    let shelf = shelf.ok_or_else(|| format!("the service `{service}` is not among those given"))?;
    let named = |kind: &&service::Kind| kind.name.as_str() == wanted.kind || kind.path == wanted.kind;
    let kind = shelf.kinds.kinds.iter().find(named);
    let kind = kind.ok_or_else(|| format!("`{service}` has no kind `{}`", wanted.kind))?;
    let base = format!("/api/v1/{service}/{}/import", kind.path);
    let (store, access) = (Arc::clone(&installation.store), Arc::clone(&installation.access));
    let portal = Arc::new(crate::seams::portal(installation, None, false));
    let interface = Interface { app: portal::router(Arc::clone(&portal)), key, english: wanted.english, base };
    let done = match &wanted.undo {
        Some(import) => undo(&interface, import, wanted.yes).await,
        None => bring(&interface, &portal, wanted, bytes).await,
    };
    // When the key was last used is entered about once a minute by a program that serves; this one ends before.
    access.tick(store.now()).await;
    done
}

/// The key, without the line's end.
fn read_key(file: &Path) -> Result<Value, Told> {
    let mut text = Value::new(String::new());
    let read = if file.as_os_str() == "-" {
        std::io::stdin().read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|mut file| file.read_to_string(&mut text))
    };
    read.map_err(|cause| format!("the key in `{}` cannot be read: {cause}", file.display()))?;
    Ok(Value::new(text.trim().to_owned()))
}

impl Interface {
    async fn ask(
        &self,
        method: Method,
        address: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<(StatusCode, Json), Told> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{address}", self.base))
            .header("authorization", format!("Bearer {}", *self.key))
            .header("accept-language", if self.english { "en" } else { "sv" });
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body)).map_err(|error| format!("the call cannot be made: {error}"))?;
        let Ok(response) = self.app.clone().oneshot(request).await;
        let status = response.status();
        let body = to_bytes(response.into_body(), MAX_ANSWER_BYTES).await?;
        Ok((status, if body.is_empty() { Json::Null } else { serde_json::from_slice(&body)? }))
    }

    /// The Swedish or the English.
    fn say<'t>(&self, sv: &'t str, en: &'t str) -> &'t str {
        if self.english { en } else { sv }
    }
}

/// What a problem says: its title, its sentence, and the clause where it is a refusal.
fn problem(answer: &Json) -> Told {
    let text = |name: &str| answer[name].as_str().unwrap_or_default();
    format!("{}. {}", text("title"), text("detail")).into()
}

async fn bring(
    interface: &Interface,
    portal: &portal::Portal,
    wanted: &Wanted,
    bytes: Vec<u8>,
) -> Result<ExitCode, Told> {
    let mut query = Vec::new();
    query.extend(wanted.parent.as_ref().map(|parent| format!("parent={parent}")));
    query.extend(wanted.columns.as_ref().map(|columns| format!("columns={}", columns.replace(' ', ""))));
    query.extend(wanted.doubles_too.then(|| "doubles=take".to_owned()));
    let csv = ("content-type", "text/csv");
    let look = format!("?{}", [query.as_slice(), &["preview=true".to_owned()]].concat().join("&"));
    let (status, seen) = interface.ask(Method::POST, &look, &[csv], bytes.clone()).await?;
    if status != StatusCode::OK {
        return Err(problem(&seen));
    }
    let left_out = tell(interface, &seen, wanted.doubles_too);
    let bad = seen["bad"].as_array().map_or(0, Vec::len);
    let columns = seen["column_faults"].as_array().is_some_and(|faults| !faults.is_empty());
    if wanted.preview {
        println!("{}", interface.say("Ingenting är skrivet.", "Nothing is written."));
        return Ok(ExitCode::from(u8::from(left_out || columns)));
    }
    if columns || (bad > 0 && !wanted.good_rows) {
        println!(
            "{}",
            interface.say(
                "Ingenting är skrivet. Rätta raderna, eller läs bara in de goda med --good-rows.",
                "Nothing is written. Mend the rows, or bring in the good ones alone with --good-rows."
            )
        );
        return Ok(ExitCode::from(1));
    }
    // The same file for the same kind under the same key is the same import, however often it is asked for.
    let once = format!("file-{}", &processing::file_hash(&bytes).to_string()[..32]);
    query.push("choose=good".to_owned());
    let all = format!("?{}", query.join("&"));
    let headers = [csv, ("idempotency-key", once.as_str())];
    let (status, done) = {
        let asked = interface.ask(Method::POST, &all, &headers, bytes);
        tokio::pin!(asked);
        let mut redraw = tokio::time::interval(REDRAWN);
        loop {
            tokio::select! {
                answer = &mut asked => break answer?,
                _ = redraw.tick() => draw(portal.running.counts()),
            }
        }
    };
    clear_bar();
    if status != StatusCode::CREATED {
        return Err(problem(&done));
    }
    let failed = done["failed"].as_array().map_or(&[][..], Vec::as_slice);
    for one in failed {
        println!("{}: {}", one["line"], one["detail"].as_str().unwrap_or_default());
    }
    let (written, import) = (&done["written"], done["import"].as_str().unwrap_or_default());
    println!(
        "{}",
        interface.say("Inlästa poster:", "Records brought in:").to_owned() + &format!(" {written} ({import})")
    );
    let whole = done["whole"] == Json::Bool(true);
    if !whole {
        println!(
            "{}",
            interface.say(
                "Inläsningen avbröts. Samma kommando igen går vidare där det stannade.",
                "The import was interrupted. The same command again goes on where it stopped."
            )
        );
    }
    Ok(ExitCode::from(u8::from(left_out || !failed.is_empty() || !whole)))
}

/// What the file comes to, row by row where something is to be said; whether any row is left out.
fn tell(interface: &Interface, seen: &Json, doubles_too: bool) -> bool {
    let list = |name: &str| seen[name].as_array().map_or(&[][..], Vec::as_slice);
    let (bad, doubles) = (list("bad"), list("doubles"));
    println!(
        "{} {}, {} {}, {} {}",
        seen["rows"],
        interface.say("rader", "rows"),
        seen["good"],
        interface.say("goda", "good"),
        bad.len(),
        interface.say("felaktiga", "bad"),
    );
    for fault in list("column_faults") {
        let field = fault["field"].as_str().unwrap_or_default();
        let what = match fault["problem"].as_str() {
            Some("missing") => {
                interface.say("måste fyllas i, och ingen kolumn gör det", "must be filled, and no column does")
            }
            Some("twice") => interface.say("fylls i av två kolumner", "is filled by two columns"),
            _ => interface.say(
                "Ingen kolumn stämmer med något fält. Är den första raden rubriker?",
                "No column is that of any field. Is the first row one of headings?",
            ),
        };
        println!("{}", format!("{field} {what}").trim());
    }
    for row in bad.iter().chain(doubles) {
        println!("{}: {}", row["line"], row["detail"].as_str().unwrap_or_default());
    }
    if seen["looked_up"] == Json::Bool(false) && list("column_faults").is_empty() {
        println!(
            "{}",
            interface.say(
                "Om någon av dem redan finns har inte kunnat undersökas.",
                "Whether any of them is there already could not be looked up."
            )
        );
    }
    !bad.is_empty() || (!doubles.is_empty() && !doubles_too)
}

/// A bar on a terminal; nothing where what is said goes into a file.
fn draw((wanted, done): (u64, u64)) {
    let mut out = std::io::stderr();
    if wanted == 0 || !out.is_terminal() {
        return;
    }
    let filled = (done * BAR / wanted).min(BAR);
    let bar: String = (0..BAR).map(|at| if at < filled { '#' } else { '.' }).collect();
    // A terminal that went away has nobody to tell.
    drop(write!(out, "\r[{bar}] {done}/{wanted}").and_then(|()| out.flush()));
}

fn clear_bar() {
    let mut out = std::io::stderr();
    if out.is_terminal() {
        drop(write!(out, "\r\x1b[K").and_then(|()| out.flush()));
    }
}

async fn undo(interface: &Interface, import: &str, yes: bool) -> Result<ExitCode, Told> {
    let address = format!("/{import}/undo");
    let (status, plan) = interface.ask(Method::GET, &address, &[], Vec::new()).await?;
    if status != StatusCode::OK {
        return Err(problem(&plan));
    }
    println!("{}: {}", interface.say("Poster som raderas", "Records that are erased"), plan["goes"]);
    let kept = plan["kept"].as_array().map_or(&[][..], Vec::as_slice);
    let beyond = plan["out_of_reach"].as_u64().unwrap_or(0);
    println!("{}: {}", interface.say("Poster som blir kvar", "Records that stay"), kept.len() as u64 + beyond);
    for one in kept {
        let row = interface.say("rad", "row");
        println!(
            "  {row} {} ({}): {}",
            one["row"],
            one["id"].as_str().unwrap_or_default(),
            one["detail"].as_str().unwrap_or_default()
        );
    }
    if beyond > 0 {
        println!("  {}: {beyond}", interface.say("som du inte når", "that you do not reach"));
    }
    let undone = plan["import"]["undone"].is_string();
    if !yes && !undone {
        println!(
            "{}",
            interface
                .say("Ingenting är raderat. Säg --yes för att göra det.", "Nothing is erased. Say --yes to do it.")
        );
        return Ok(ExitCode::from(1));
    }
    let confirmed = serde_json::json!({ "plan": plan["plan"] }).to_string();
    let json = ("content-type", "application/json");
    let (status, done) = interface.ask(Method::POST, &address, &[json], confirmed.into_bytes()).await?;
    if status != StatusCode::OK {
        return Err(problem(&done));
    }
    println!("{}: {}", interface.say("Raderade poster", "Records erased"), done["gone"]);
    if let Some(certificate) = done["certificate"].as_str() {
        println!("{}: {certificate}", interface.say("Intyg", "Certificate"));
    }
    Ok(ExitCode::from(u8::from(!kept.is_empty() || beyond > 0)))
}
