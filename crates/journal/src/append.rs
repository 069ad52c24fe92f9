//! The append path: one write and one sync for everything that waits, and the start that checks what is there.
//!
//! INVARIANT (append, sync, apply): `append` gives an [`Appended`], `sync` consumes it and gives a [`Synced`], and storage applies only
//! with a [`Synced`]. Neither can be made elsewhere or copied.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, TryRecvError};

use crate::scan::{Manner, Visit, walk};
use crate::segment::{
    Damage, EntryRef, GROUP_HEADER_BYTES, HEADER_BYTES, Header, Link, MAX_PAYLOAD_BYTES, Position, encode_group,
    segment_name,
};
use crate::{Disk, DiskFile, Entry};

/// The one writer of a journal.
pub struct Appender {
    dir: PathBuf,
    disk: Arc<dyn Disk>,
    segment_bytes: u64,
    /// The segment that is being filled; none before the first group of a journal.
    current: Option<Current>,
    spare: Spare,
    link: Link,
    buffer: Vec<u8>,
    unsynced: bool,
    failed: bool,
}

/// A group is written but may be lost with the power. Hand it to [`Appender::sync`].
#[derive(Debug)]
#[must_use = "what is appended is not durable before it is synced"]
pub struct Appended {
    group: Written,
}

/// A group is durable. This is what acknowledging, opening and applying wait for.
#[derive(Debug)]
#[must_use = "what is durable waits to be applied and answered"]
pub struct Synced {
    group: Written,
}

/// Why nothing was appended.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// There is no room (or the group is too large). Nothing was written, and the appender is still good.
    #[error("the journal has no room: {0}")]
    Full(io::Error),
    /// The write failed, so what is on the disk is unknown. The process must stop; the next start finds out.
    #[error("appending to the journal failed: {0}")]
    Failed(io::Error),
}

/// Why a journal cannot be read or opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It is not what was written.
    #[error(transparent)]
    Damage(#[from] Damage),
    /// The system refused.
    #[error("reading the journal failed: {0}")]
    Io(#[from] io::Error),
    /// Who visits the groups gave up.
    #[error(transparent)]
    Visit(Box<dyn std::error::Error + Send + Sync>),
}

#[derive(Debug)]
struct Written {
    position: Position,
    bytes: u64,
    generation: u64,
    entries: u32,
}

struct Current {
    number: u64,
    file: Box<dyn DiskFile>,
    offset: u64,
    size: u64,
}

/// The segment after the current one, made before it is needed, so that a full disk is found early.
enum Spare {
    Making(Receiver<io::Result<Box<dyn DiskFile>>>),
    Ready(Box<dyn DiskFile>),
    Absent,
}

impl Appender {
    /// Opens the journal in `dir` (which must exist), or begins one.
    ///
    /// Checks checksums and chain from the segment of `from` on (from the first without it), and calls `visit` for each group at or
    /// after `from`. A group that was begun and never finished is overwritten with zeros. `segment_bytes` is the length of new segments.
    ///
    /// # Errors
    /// [`OpenError::Damage`] names segment and offset; [`OpenError::Visit`] is whatever `visit` gave.
    pub fn open(
        dir: &Path,
        disk: Arc<dyn Disk>,
        segment_bytes: u64,
        from: Option<Position>,
        visit: &mut Visit<'_>,
    ) -> Result<Self, OpenError> {
        let walked = walk(dir, &*disk, from, Manner::Alone, visit)?;
        if let Some((number, from, to)) = walked.torn {
            // If we die here, the next start finds a torn tail again, shorter or longer, and does the same.
            let file = disk.open(&dir.join(segment_name(number)))?;
            file.write_at(from, &vec![0; usize::try_from(to - from).unwrap_or(0)])?;
            file.sync_data()?;
        }
        let current = match walked.last {
            Some((number, offset, size)) => {
                let file = disk.open(&dir.join(segment_name(number)))?;
                // What a process that died had written but not synced was visited above, so it must be durable from here on.
                file.sync_data()?;
                Some(Current { number, file, offset, size })
            }
            None => None,
        };
        let mut appender = Self {
            dir: dir.to_owned(),
            disk,
            segment_bytes: segment_bytes.clamp(4096, 1 << 30),
            current,
            spare: Spare::Absent,
            link: walked.link,
            buffer: Vec::new(),
            unsynced: false,
            failed: false,
        };
        appender.prepare_spare();
        Ok(appender)
    }

    /// Writes all of `entries` as one group, in one write. What was appended before and not synced is synced first: one group at most is
    /// ever unsynced, so what lies after a broken group tells damage from a torn tail.
    ///
    /// # Errors
    /// [`AppendError::Full`]: nothing was written, try again later. [`AppendError::Failed`]: stop.
    pub fn append(&mut self, entries: &[Entry]) -> Result<Appended, AppendError> {
        if self.failed {
            return Err(AppendError::Failed(io::Error::other("an earlier write failed")));
        }
        if self.unsynced {
            self.sync_current().map_err(AppendError::Failed)?;
        }
        self.want_spare().map_err(AppendError::Full)?;
        self.buffer.clear();
        self.buffer.resize(HEADER_BYTES, 0);
        let link = encode_group(entries, self.link, &mut self.buffer);
        let group_bytes = (self.buffer.len() - HEADER_BYTES) as u64;
        if group_bytes > (MAX_PAYLOAD_BYTES + GROUP_HEADER_BYTES) as u64 {
            self.buffer = Vec::new();
            return Err(AppendError::Full(io::Error::new(io::ErrorKind::FileTooLarge, "the group is too large")));
        }
        let position = match &mut self.current {
            Some(current) if current.offset + group_bytes <= current.size => {
                let position = Position { segment: current.number, offset: current.offset };
                let written = current.file.write_at(current.offset, &self.buffer[HEADER_BYTES..]);
                current.offset += group_bytes;
                self.written(written)?;
                position
            }
            _ => self.begin_segment(group_bytes)?,
        };
        let generation = self.link.next_generation;
        self.link = link;
        self.unsynced = true;
        // One enormous group must not hold its memory for ever.
        self.buffer.shrink_to(4 << 20);
        Ok(Appended { group: Written { position, bytes: group_bytes, generation, entries: entries.len() as u32 } })
    }

    /// Makes the group durable.
    ///
    /// # Errors
    /// What is durable is then unknown: the process must stop.
    pub fn sync(&mut self, appended: Appended) -> io::Result<Synced> {
        if self.failed {
            return Err(io::Error::other("an earlier write failed"));
        }
        if self.unsynced {
            self.sync_current()?;
        }
        Ok(Synced { group: appended.group })
    }

    /// Closes the segment that is being filled: the next group begins another. What is left of it stays zeros, as where a group does
    /// not fit. Before the first group of a segment there is nothing to close.
    pub fn end_segment(&mut self) {
        if let Some(current) = &mut self.current {
            current.size = current.offset;
        }
    }

    /// The place just after the last group, where the next one goes if it fits; none before the first. Just after
    /// [`Appender::open`], everything before it is durable.
    #[must_use]
    pub fn end(&self) -> Option<Position> {
        self.current.as_ref().map(|current| Position { segment: current.number, offset: current.offset })
    }

    /// The generation that the next group gets.
    #[must_use]
    pub const fn next_generation(&self) -> u64 {
        self.link.next_generation
    }

    fn sync_current(&mut self) -> io::Result<()> {
        let synced = self.current.as_ref().map_or(Ok(()), |current| current.file.sync_data());
        self.failed = synced.is_err();
        self.unsynced = self.failed;
        synced
    }

    /// Writes header and group, which wait in the buffer, to the spare segment: one write, so that both come or neither counts.
    fn begin_segment(&mut self, group_bytes: u64) -> Result<Position, AppendError> {
        let number = self.next_number();
        let mut file = match core::mem::replace(&mut self.spare, Spare::Absent) {
            Spare::Ready(file) => file,
            Spare::Making(made) => match made.recv() {
                Ok(Ok(file)) => file,
                Ok(Err(_)) | Err(_) => self.make_spare().map_err(AppendError::Full)?,
            },
            Spare::Absent => self.make_spare().map_err(AppendError::Full)?,
        };
        let needed = HEADER_BYTES as u64 + group_bytes;
        let mut size = file.size().map_err(AppendError::Full)?;
        if needed > size {
            // The name is durable already; only the length grows.
            file = self.disk.prepare(&self.path(number), needed).map_err(AppendError::Full)?;
            size = file.size().map_err(AppendError::Full)?;
        }
        let header = Header { number, first_generation: self.link.next_generation, chain: self.link.chain };
        self.buffer[..HEADER_BYTES].copy_from_slice(&header.encode());
        let written = file.write_at(0, &self.buffer);
        self.written(written)?;
        self.current = Some(Current { number, file, offset: needed, size });
        self.prepare_spare();
        Ok(Position { segment: number, offset: HEADER_BYTES as u64 })
    }

    fn written(&mut self, outcome: io::Result<()>) -> Result<(), AppendError> {
        outcome.map_err(|error| {
            self.failed = true;
            AppendError::Failed(error)
        })
    }

    /// Begins to make the next segment, without waiting.
    fn prepare_spare(&mut self) {
        let (tell, made) = mpsc::channel();
        let (disk, dir, path, bytes) =
            (Arc::clone(&self.disk), self.dir.clone(), self.path(self.next_number()), self.segment_bytes);
        self.disk.aside(Box::new(move || {
            // Nobody listens when the appender is gone; the file is then found as an empty segment at the next start.
            tell.send(prepare(&*disk, &dir, &path, bytes)).ok();
        }));
        self.spare = Spare::Making(made);
    }

    /// Refuses early: without a spare segment nothing is appended, though the current one may have room. What remains of the disk
    /// is then left to the state that must still be able to apply.
    fn want_spare(&mut self) -> io::Result<()> {
        if let Spare::Making(made) = &self.spare {
            match made.try_recv() {
                Ok(Ok(file)) => self.spare = Spare::Ready(file),
                Ok(Err(_)) | Err(TryRecvError::Disconnected) => self.spare = Spare::Absent,
                Err(TryRecvError::Empty) => {}
            }
        }
        if matches!(self.spare, Spare::Absent) {
            self.spare = Spare::Ready(self.make_spare()?);
        }
        Ok(())
    }

    fn make_spare(&self) -> io::Result<Box<dyn DiskFile>> {
        prepare(&*self.disk, &self.dir, &self.path(self.next_number()), self.segment_bytes)
    }

    fn next_number(&self) -> u64 {
        self.current.as_ref().map_or(1, |current| current.number + 1)
    }

    fn path(&self, number: u64) -> PathBuf {
        self.dir.join(segment_name(number))
    }
}

impl core::fmt::Debug for Appender {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Appender")
            .field("dir", &self.dir)
            .field("next_generation", &self.link.next_generation)
            .finish_non_exhaustive()
    }
}

/// Makes a segment of zeros whose name is durable: a group in a file that a crash forgets would be lost after its sync.
fn prepare(disk: &dyn Disk, dir: &Path, path: &Path, bytes: u64) -> io::Result<Box<dyn DiskFile>> {
    let file = disk.prepare(path, bytes)?;
    disk.sync_dir(dir)?;
    Ok(file)
}

impl Appended {
    /// Where the group begins.
    #[must_use]
    pub const fn position(&self) -> Position {
        self.group.position
    }
}

impl Synced {
    /// Where the group begins.
    #[must_use]
    pub const fn position(&self) -> Position {
        self.group.position
    }

    /// The place just after the group. As `from` of [`Appender::open`] it visits what came later.
    #[must_use]
    pub const fn end(&self) -> Position {
        Position { segment: self.group.position.segment, offset: self.group.position.offset + self.group.bytes }
    }

    /// The generation of the group.
    #[must_use]
    pub const fn generation(&self) -> u64 {
        self.group.generation
    }

    /// How many entries the group has.
    #[must_use]
    pub const fn entries(&self) -> u32 {
        self.group.entries
    }

    /// Where entry `ordinal` of the group lies.
    #[must_use]
    pub const fn entry(&self, ordinal: u32) -> EntryRef {
        EntryRef { segment: self.group.position.segment, offset: self.group.position.offset as u32, ordinal }
    }
}
