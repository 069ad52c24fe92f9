//! The text of a file from outside, taken out in a process of its own: a file that is made to harm takes down that process, which
//! has a limit for time and one for memory, and not the program.
//!
//! The program calls itself. The child gets the file and nothing else, and gives back text or a reason (`reading::hand_on`). Where
//! the system has `pdftotext`, the child takes a PDF's text through it, under the same limits, because it keeps columns better.

use std::io::{Read as _, Write as _};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use reading::{Format, MAX_FILE_BYTES, MAX_TEXT_BYTES, Source, Unreadable, hand_on, take_over};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::Told;

/// The name by which the program calls itself.
pub const CALLED: &str = "take-text";
/// So much address space the child has, `pdftotext` with it; the allocator claims some of it that it never uses.
const MEMORY_BYTES: u64 = 2 << 30;
/// So long the child may count.
const PROCESSOR_SECONDS: u64 = 20;
/// How often it is looked whether a child that said all has ended.
const LOOKED_AT: Duration = Duration::from_millis(5);
/// So long the one who asks waits.
const PATIENCE: Duration = Duration::from_secs(25);
/// The longest that `pdftotext` may take; then the library tries.
const PDF_PATIENCE: Duration = Duration::from_secs(8);
/// More of a name is not handed on.
const MAX_NAME_BYTES: usize = 1024;
/// Besides the text, what describes it.
const MAX_HANDED_BYTES: u64 = MAX_TEXT_BYTES as u64 + (64 << 10);

/// Asks a child for the text of a file.
///
/// # Errors
/// Why there is none.
pub fn take(name: &str, bytes: &[u8]) -> Result<Source, Unreadable> {
    if bytes.is_empty() {
        return Err(Unreadable::Empty);
    }
    if bytes.len() > MAX_FILE_BYTES {
        return Err(Unreadable::TooLarge { most: MAX_FILE_BYTES });
    }
    let handed = ask(name, bytes)
        .map_err(|error| Unreadable::Damaged { why: format!("no process can be started for it: {error}") })?;
    take_over(&handed.ok_or(Unreadable::TooHeavy)?)
}

/// What the child wrote; nothing where it did not come to an end.
fn ask(name: &str, bytes: &[u8]) -> std::io::Result<Option<Vec<u8>>> {
    // The program's own file, even where somebody has put a newer one in its place.
    let me = match std::path::Path::new("/proc/self/exe") {
        here if here.exists() => here.to_owned(),
        _ => std::env::current_exe()?,
    };
    let mut command = Command::new(me);
    // Not its name either: whoever may list processes would read whose file somebody looks at.
    command.env_clear().arg(CALLED);
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let name = name.get(..name.floor_char_boundary(MAX_NAME_BYTES)).unwrap_or(name);
    let length = u32::try_from(name.len()).unwrap_or_default().to_le_bytes();
    let (told, whole) = speak_with(&mut child, &[&length, name.as_bytes(), bytes].concat(), MAX_HANDED_BYTES, PATIENCE);
    Ok(told.filter(|_| whole))
}

/// Gives a child its input and hears it out, for so long; whether it ended by itself and well.
fn speak_with(child: &mut Child, bytes: &[u8], most: u64, patience: Duration) -> (Option<Vec<u8>>, bool) {
    let begun = Instant::now();
    let (Some(mut into), Some(out)) = (child.stdin.take(), child.stdout.take()) else { return (None, false) };
    let heard = std::thread::scope(|scope| {
        // Written and read at once, or both sides would wait for each other. A child that ends early leaves some unread.
        scope.spawn(move || {
            let _ = into.write_all(bytes);
        });
        let (done, heard) = mpsc::channel();
        scope.spawn(move || {
            let mut told = Vec::new();
            let read = out.take(most + 1).read_to_end(&mut told);
            let _ = done.send(read.ok().map(|_| told));
        });
        let heard = heard.recv_timeout(patience.saturating_sub(begun.elapsed())).ok().flatten();
        if heard.is_none() {
            let _ = child.kill();
        }
        heard
    });
    // What it said is whole, but it may not end: an idle child uses none of the processor time that it is bound by.
    let whole = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status.success(),
            Ok(None) if begun.elapsed() < patience => std::thread::sleep(LOOKED_AT),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                break false;
            }
        }
    };
    (heard.filter(|told| told.len() as u64 <= most), whole)
}

/// The child: bounds itself, reads name and file from its input, and writes text or reason.
pub fn run() -> Result<ExitCode, Told> {
    bound(Resource::As, MEMORY_BYTES);
    bound(Resource::Cpu, PROCESSOR_SECONDS);
    // It writes to nobody's disk.
    bound(Resource::Fsize, 0);
    bound(Resource::Core, 0);
    let mut input = std::io::stdin().lock();
    let mut length = [0; 4];
    input.read_exact(&mut length)?;
    let mut name = vec![0; usize::try_from(u32::from_le_bytes(length))?.min(MAX_NAME_BYTES)];
    input.read_exact(&mut name)?;
    let mut bytes = Vec::new();
    input.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    let taken = text_of(&String::from_utf8_lossy(&name), &bytes);
    std::io::stdout().lock().write_all(&hand_on(&taken))?;
    Ok(ExitCode::SUCCESS)
}

/// Never more than there was. Where the system refuses, the one who asks still waits no longer than it said.
fn bound(resource: Resource, most: u64) {
    let most = getrlimit(resource).maximum.map_or(most, |before| before.min(most));
    let _ = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
}

fn text_of(name: &str, bytes: &[u8]) -> Result<Source, Unreadable> {
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
    let mut command = Command::new("pdftotext");
    command.args(["-enc", "UTF-8", "-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let (text, whole) = speak_with(&mut child, bytes, MAX_TEXT_BYTES as u64, PDF_PATIENCE);
    let text = String::from_utf8(text.filter(|_| whole)?).ok()?;
    (text.chars().filter(|c| c.is_alphanumeric()).count() > 20).then_some(text)
}

/// The portal asks through this.
pub struct InAProcess;

impl portal::Texts for InAProcess {
    fn take(&self, name: &str, bytes: &[u8]) -> Result<Source, Unreadable> {
        take(name, bytes)
    }
}
