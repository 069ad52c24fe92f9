//! A file on its way in: counted, told by its content, looked through, and sealed piece by piece as it comes. Pictures alone
//! are held whole for a moment, since they are decoded; how large they may be, the field's form says.

use aws_lc_rs::digest::{Context, SHA256};
use service::{FieldProblem, FileForm, MediaType, Scanned};
use terms::{FileId, Hash};
use vault::{CHUNK_BYTES, FileKey, FileSealer, VaultError};
use zeroize::Zeroizing;

use crate::Files;
use crate::clam::{Scan, Verdict};
use crate::form::{HEAD_BYTES, told_by};
use crate::office::Office;
use crate::pdf::Pdf;
use crate::picture;
use crate::place::Growing;
use crate::text::Text;

/// Why a file is not taken. Nothing of it is kept.
#[derive(Debug)]
pub enum Wrong {
    /// The file is wrong; the sender can do something.
    Problem(FieldProblem),
    /// The scanner found malware, by its name for it.
    Malware(String),
    /// The world did not cooperate.
    Failed(String),
}

impl From<FieldProblem> for Wrong {
    fn from(problem: FieldProblem) -> Self {
        Self::Problem(problem)
    }
}

impl From<std::io::Error> for Wrong {
    fn from(cause: std::io::Error) -> Self {
        Self::Failed(format!("the file could not be written: {cause}"))
    }
}

impl From<VaultError> for Wrong {
    fn from(cause: VaultError) -> Self {
        Self::Failed(cause.to_string())
    }
}

/// One sealed file, durable and nobody's until its key is kept.
pub struct Part {
    /// Its key.
    pub key: FileKey,
    /// Plain bytes.
    pub bytes: u64,
    /// SHA-256 of the plain bytes.
    pub hash: Hash,
}

/// A file that has arrived.
pub struct Arrived {
    /// What it is.
    pub media: &'static MediaType,
    /// The file.
    pub whole: Part,
    /// A picture in small.
    pub small: Option<Part>,
    /// Whether it was scanned.
    pub scanned: Scanned,
}

/// A file on its way in. Dropped before it has arrived, it leaves nothing.
pub struct Arriving<'v> {
    files: Files,
    form: FileForm,
    new: Box<dyn FnMut() -> Result<(FileKey, FileSealer), VaultError> + Send + 'v>,
    came: u64,
    head: Zeroizing<Vec<u8>>,
    way: Way,
    scan: Option<Scan>,
}

#[expect(clippy::large_enum_variant, reason = "one a file that is on its way, and nearly all are the large one")]
enum Way {
    /// Too little came to tell what it is.
    Unknown,
    /// A picture, held until it is whole.
    Picture { media: &'static MediaType, bytes: Zeroizing<Vec<u8>> },
    /// Sealed as it comes.
    Streams { media: &'static MediaType, looks: Looks, sealing: Sealing },
}

enum Looks {
    Pdf(Box<Pdf>),
    Office(Office),
    Text(Text),
}

impl<'v> Arriving<'v> {
    /// Begins. `new` makes the key of a file; a picture needs two.
    ///
    /// # Errors
    /// [`Wrong::Failed`] where a scanner is configured and does not answer: what should be scanned is not taken unscanned.
    pub fn begin(
        files: &Files,
        form: &FileForm,
        new: impl FnMut() -> Result<(FileKey, FileSealer), VaultError> + Send + 'v,
    ) -> Result<Self, Wrong> {
        let scan = match &files.scanner {
            Some(scanner) => Some(scanner.begin().map_err(|_| unscanned())?),
            None => None,
        };
        Ok(Self {
            files: files.clone(),
            form: form.clone(),
            new: Box::new(new),
            came: 0,
            head: Zeroizing::new(Vec::new()),
            way: Way::Unknown,
            scan,
        })
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// Why the file is not taken; the rest need not come.
    pub fn push(&mut self, piece: &[u8]) -> Result<(), Wrong> {
        self.came = self.came.saturating_add(piece.len() as u64);
        if self.came > self.form.max_bytes {
            return Err(FieldProblem::FileTooLarge { max_bytes: self.form.max_bytes }.into());
        }
        if let Some(scan) = &mut self.scan {
            scan.push(piece).map_err(|_| unscanned())?;
        }
        if matches!(self.way, Way::Unknown) {
            self.head.extend_from_slice(piece);
            if self.head.len() >= HEAD_BYTES { self.tell() } else { Ok(()) }
        } else {
            self.take(piece)
        }
    }

    /// The file is whole.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn finish(mut self) -> Result<Arrived, Wrong> {
        if self.came == 0 {
            return Err(FieldProblem::FileEmpty.into());
        }
        if matches!(self.way, Way::Unknown) {
            self.tell()?;
        }
        let scanned = match self.scan.take() {
            None => Scanned::NotScanned,
            Some(scan) => match scan.verdict() {
                Ok(Verdict::Clean) => Scanned::Clean,
                Ok(Verdict::Found(name)) => return Err(Wrong::Malware(name)),
                Err(_) => return Err(unscanned()),
            },
        };
        match core::mem::replace(&mut self.way, Way::Unknown) {
            Way::Unknown => Err(FieldProblem::FileForm.into()),
            Way::Picture { media, bytes } => {
                let stripped = picture::strip(&bytes, media)?;
                drop(bytes);
                let whole = self.seal_whole(&stripped.whole)?;
                let small = self.seal_whole(&stripped.small)?;
                Ok(Arrived { media, whole: whole.done(), small: Some(small.done()), scanned })
            }
            Way::Streams { media, looks, sealing } => {
                match &looks {
                    Looks::Text(text) if !text.is_text() => return Err(FieldProblem::FileForm.into()),
                    _ => {}
                }
                Ok(Arrived { media, whole: sealing.finish()?.done(), small: None, scanned })
            }
        }
    }

    /// Tells what it is, and begins to take it as that.
    fn tell(&mut self) -> Result<(), Wrong> {
        let media = told_by(&self.head).and_then(|told| self.form.takes(told.media));
        let media = media.ok_or(FieldProblem::FileForm)?;
        self.way = if media.is_picture() {
            Way::Picture { media, bytes: Zeroizing::new(Vec::new()) }
        } else {
            let looks = match media.extension {
                "pdf" => Looks::Pdf(Box::default()),
                "txt" => Looks::Text(Text::default()),
                _ => Looks::Office(Office::default()),
            };
            Way::Streams { media, looks, sealing: self.sealing()? }
        };
        let head = core::mem::replace(&mut self.head, Zeroizing::new(Vec::new()));
        self.take(&head)
    }

    fn take(&mut self, piece: &[u8]) -> Result<(), Wrong> {
        match &mut self.way {
            Way::Unknown => Ok(()),
            Way::Picture { bytes, .. } => {
                bytes.extend_from_slice(piece);
                Ok(())
            }
            Way::Streams { looks, sealing, .. } => {
                let problem = match looks {
                    Looks::Pdf(pdf) => {
                        pdf.push(piece);
                        pdf.problem()
                    }
                    Looks::Office(office) => {
                        office.push(piece);
                        office.runs().then_some(FieldProblem::FileMacros)
                    }
                    Looks::Text(text) => {
                        text.push(piece);
                        None
                    }
                };
                match problem {
                    Some(problem) => Err(problem.into()),
                    None => sealing.push(piece),
                }
            }
        }
    }

    fn sealing(&mut self) -> Result<Sealing, Wrong> {
        let (key, sealer) = (self.new)()?;
        let grows = self.files.place.begin(&key.file())?;
        Ok(Sealing {
            left: Left { files: self.files.clone(), file: Some(key.file()) },
            key,
            sealer,
            grows,
            waiting: Zeroizing::new(Vec::with_capacity(CHUNK_BYTES)),
            bytes: 0,
            hash: Context::new(&SHA256),
        })
    }

    fn seal_whole(&mut self, bytes: &[u8]) -> Result<Sealed, Wrong> {
        let mut sealing = self.sealing()?;
        sealing.push(bytes)?;
        sealing.finish()
    }
}

fn unscanned() -> Wrong {
    Wrong::Failed("the scanner for malware does not answer, and nothing is taken unscanned; try again later".to_owned())
}

/// A file being sealed. The last piece is sealed as the last, so one is always held back.
struct Sealing {
    left: Left,
    key: FileKey,
    sealer: FileSealer,
    grows: Box<dyn Growing>,
    waiting: Zeroizing<Vec<u8>>,
    bytes: u64,
    hash: Context,
}

impl Sealing {
    fn push(&mut self, mut piece: &[u8]) -> Result<(), Wrong> {
        self.hash.update(piece);
        self.bytes += piece.len() as u64;
        while !piece.is_empty() {
            if self.waiting.len() == CHUNK_BYTES {
                self.grows.append(&self.sealer.seal(&self.waiting, false)?)?;
                self.waiting.clear();
            }
            let (now, rest) = piece.split_at(piece.len().min(CHUNK_BYTES - self.waiting.len()));
            self.waiting.extend_from_slice(now);
            piece = rest;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Sealed, Wrong> {
        self.grows.append(&self.sealer.seal(&self.waiting, true)?)?;
        self.grows.finish()?;
        let mut hash = [0; 32];
        hash.copy_from_slice(self.hash.finish().as_ref());
        Ok(Sealed { left: self.left, part: Part { key: self.key, bytes: self.bytes, hash: Hash(hash) } })
    }
}

/// Durable, but still ours to take away where the rest goes wrong.
struct Sealed {
    left: Left,
    part: Part,
}

impl Sealed {
    fn done(self) -> Part {
        let Self { mut left, part } = self;
        left.file = None;
        part
    }
}

/// What is left behind if the file does not arrive: taken away when dropped.
struct Left {
    files: Files,
    file: Option<FileId>,
}

impl Drop for Left {
    fn drop(&mut self) {
        if let Some(file) = self.file
            && let Err(error) = self.files.destroy(&file)
        {
            tracing::warn!(%error, "a file that did not arrive could not be taken away; the next start sweeps it");
        }
    }
}
