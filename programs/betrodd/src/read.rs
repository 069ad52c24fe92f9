//! `betrodd read`: a file as it lies in the world, told to people or programs, and drafted as an agreement file.
//!
//! What is read out of the bytes is `crates/reading`; here files are opened and written. Where the system has `pdftotext`, a PDF's text
//! comes from it, because it keeps columns better; it gets the file and nothing else, and a limited time.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use clap::Args;
use reading::{Choices, Format, MAX_FILE_BYTES, MAX_TEXT_BYTES, Reading, Source, Unreadable, Verdict, draft, told};
use terms::Language;

use crate::Told;

/// What is to be read, and how it is told.
#[derive(Args)]
pub struct Wanted {
    /// The file.
    file: PathBuf,
    /// As JSON, with every place as lines and bytes.
    #[arg(long)]
    json: bool,
    /// In English instead of Swedish.
    #[arg(long)]
    english: bool,
    /// Also writes an agreement file of the text into this folder, with every term marked as not confirmed.
    #[arg(long, value_name = "FOLDER")]
    draft: Option<PathBuf>,
    /// The service that the draft is for.
    #[arg(long, value_name = "NAME", default_value = "service")]
    service: String,
}

/// A larger file takes long enough for somebody to wonder.
const LARGE: usize = 1024 * 1024;
/// The longest that `pdftotext` may take.
const PDF_TIME: Duration = Duration::from_secs(20);

/// Reads, tells, drafts.
pub fn run(wanted: &Wanted) -> Result<ExitCode, Told> {
    let name = wanted.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let bytes = open(&wanted.file)?;
    let begun = Instant::now();
    if bytes.len() > LARGE {
        eprintln!("{name}: {} MB …", bytes.len() / LARGE);
    }
    let source = match source(&name, &bytes) {
        Ok(source) => source,
        Err(unreadable) if wanted.json => {
            let told =
                serde_json::json!({ "file": name, "unreadable": unreadable.code(), "says": unreadable.to_string() });
            println!("{}", serde_json::to_string_pretty(&told)?);
            return Ok(ExitCode::from(2));
        }
        Err(unreadable) => return Err(format!("{name}: {unreadable}").into()),
    };
    let reading = Reading::of(source);
    if bytes.len() > LARGE {
        eprintln!("{name}: {:.1} s", begun.elapsed().as_secs_f64());
    }
    if wanted.json {
        println!("{}", serde_json::to_string_pretty(&told::json(&reading))?);
    } else {
        print!("{}", told::people(&reading, if wanted.english { Language::En } else { Language::Sv }));
    }
    if let Some(folder) = &wanted.draft {
        write_draft(&reading, folder, &wanted.service)?;
    }
    let read = matches!(reading.verdict, Verdict::Agreement | Verdict::OtherAgreement | Verdict::Register);
    Ok(if read { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// No more than may be read is taken into memory, whatever the file is.
fn open(file: &Path) -> Result<Vec<u8>, Told> {
    let cannot = |cause| format!("`{}` cannot be read: {cause}", file.display());
    if file.is_dir() {
        return Err(format!("`{}` is a folder; name a file", file.display()).into());
    }
    let opened = std::fs::File::open(file).map_err(cannot)?;
    let mut bytes = Vec::new();
    opened.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(cannot)?;
    Ok(bytes)
}

fn source(name: &str, bytes: &[u8]) -> Result<Source, Unreadable> {
    if bytes.starts_with(b"%PDF-")
        && bytes.len() <= MAX_FILE_BYTES
        && let Some(text) = by_pdftotext(bytes)
    {
        return Source::of_text(name, Format::Pdf, bytes, text);
    }
    Source::read(name, bytes)
}

/// The text layer as `pdftotext` finds it; nothing where there is no such program, or it fails, or takes too long.
fn by_pdftotext(bytes: &[u8]) -> Option<String> {
    let mut child = Command::new("pdftotext")
        .args(["-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let (mut into, out) = (child.stdin.take()?, child.stdout.take()?);
    let file = bytes.to_vec();
    // Written and read at once, or both sides would wait for each other.
    std::thread::spawn(move || into.write_all(&file));
    let (done, text) = mpsc::channel();
    std::thread::spawn(move || {
        let mut text = Vec::new();
        let read = out.take(MAX_TEXT_BYTES as u64 + 1).read_to_end(&mut text);
        let _ = done.send(read.map(|_| text));
    });
    let text = text.recv_timeout(PDF_TIME).ok().and_then(Result::ok);
    let _ = child.kill();
    let _ = child.wait();
    let text = String::from_utf8(text?).ok()?;
    (text.chars().filter(|c| c.is_alphanumeric()).count() > 20).then_some(text)
}

fn write_draft(reading: &Reading, folder: &Path, service: &str) -> Result<(), Told> {
    let text = draft(reading, service, &Choices::new())?;
    let language = reading.language.unwrap_or("sv");
    let file = folder.join(format!("agreement.{language}.md"));
    if file.exists() {
        return Err(format!("`{}` is there already; nothing was written", file.display()).into());
    }
    std::fs::create_dir_all(folder)?;
    std::fs::write(&file, &text)?;
    match agreement::Agreement::read(&file.display().to_string(), &text) {
        Ok(_) => eprintln!("`{}`: every term is unconfirmed; `betrodd check` says what is missing", file.display()),
        Err(faults) => {
            for fault in faults.iter() {
                eprintln!("{}:{}: {}", file.display(), fault.line, fault.message);
            }
        }
    }
    Ok(())
}
