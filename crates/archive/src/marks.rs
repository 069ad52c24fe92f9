//! Marks: what the state held at a place in the journal, as counts and a hash, for a drill to compare with what it restored; and the
//! evidence of drills. Neither tells anything of anybody.

use journal::Position;
use terms::{Hash, Instant};

use crate::layout::MAX_SMALL_BYTES;
use crate::place::{Place, PlaceError, get, put_checked};

const MARKS: &str = "marks/";
const DRILLS: &str = "drills/";
/// Marks that are kept; older ones go when one is put.
const MAX_MARKS: usize = 8;

/// What the state held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Of which installation, in hex.
    pub installation: String,
    /// Up to which group of the journal.
    pub at: Position,
    /// When that was looked at.
    pub time: Instant,
    /// Rows by table.
    pub counts: Vec<(String, u64)>,
    /// Over all of them.
    pub hash: Hash,
}

impl Mark {
    fn text(&self) -> String {
        let mut text = format!(
            "betrodd mark 1\ninstallation {}\nat {} {}\ntime {}\nhash {}\n",
            self.installation,
            self.at.segment,
            self.at.offset,
            self.time.micros(),
            self.hash
        );
        for (table, count) in &self.counts {
            text.push_str(&format!("rows {table} {count}\n"));
        }
        text
    }

    fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let mut said = |word: &str| lines.next()?.strip_prefix(word)?.strip_prefix(' ').map(str::to_owned);
        if said("betrodd mark")? != "1" {
            return None;
        }
        let installation = said("installation")?;
        let at = said("at")?;
        let (segment, offset) = at.split_once(' ')?;
        let at = Position { segment: segment.parse().ok()?, offset: offset.parse().ok()? };
        let time = Instant(said("time")?.parse().ok()?);
        let hash = said("hash")?.parse().ok()?;
        let mut counts = Vec::new();
        for line in lines {
            let (table, count) = line.strip_prefix("rows ")?.split_once(' ')?;
            counts.push((table.to_owned(), count.parse().ok()?));
        }
        Some(Self { installation, at, time, counts, hash })
    }
}

fn dated(under: &str, at: Instant) -> String {
    format!("{under}{:020}", at.micros().max(0))
}

/// Puts a mark, and takes the oldest away where there are many.
///
/// # Errors
/// The place's.
pub fn put_mark(place: &dyn Place, mark: &Mark) -> Result<(), PlaceError> {
    put_checked(place, &dated(MARKS, mark.time), mark.text().as_bytes())?;
    let all = place.list(MARKS)?;
    all.iter().rev().skip(MAX_MARKS).try_for_each(|old| place.delete(&old.name))
}

/// The newest mark that can be read.
///
/// # Errors
/// The place's.
pub fn last_mark(place: &dyn Place) -> Result<Option<Mark>, PlaceError> {
    for listed in place.list(MARKS)?.iter().rev() {
        let bytes = get(place, &listed.name, MAX_SMALL_BYTES)?.unwrap_or_default();
        if let Some(mark) = core::str::from_utf8(&bytes).ok().and_then(Mark::read) {
            return Ok(Some(mark));
        }
    }
    Ok(None)
}

/// Keeps the evidence of a drill. None is ever taken away.
///
/// # Errors
/// The place's.
pub fn put_drill(place: &dyn Place, ended: Instant, evidence: &[u8]) -> Result<(), PlaceError> {
    put_checked(place, &dated(DRILLS, ended), evidence)
}

/// When the last drill ended, and its evidence.
///
/// # Errors
/// The place's.
pub fn last_drill(place: &dyn Place) -> Result<Option<(Instant, Vec<u8>)>, PlaceError> {
    let all = place.list(DRILLS)?;
    let Some(last) = all.last() else { return Ok(None) };
    let ended = last.name.strip_prefix(DRILLS).and_then(|at| at.parse().ok()).map_or(Instant(0), Instant);
    Ok(get(place, &last.name, MAX_SMALL_BYTES)?.map(|evidence| (ended, evidence)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Directory;

    #[test]
    fn the_newest_mark_that_can_be_read_counts_and_old_ones_go() {
        let folder = tempfile::tempdir().unwrap();
        let place = Directory::open(folder.path()).unwrap();
        assert_eq!(last_mark(&place).unwrap(), None);
        let mark = |n: i64| Mark {
            installation: "ab".repeat(16),
            at: Position { segment: 3, offset: n as u64 },
            time: Instant(n),
            counts: vec![("record".to_owned(), 7), ("token".to_owned(), 0)],
            hash: Hash([0xcd; 32]),
        };
        for n in 1..=20 {
            put_mark(&place, &mark(n)).unwrap();
            assert_eq!(last_mark(&place).unwrap(), Some(mark(n)));
        }
        assert_eq!(place.list(MARKS).unwrap().len(), MAX_MARKS);
        put_checked(&place, &dated(MARKS, Instant(21)), b"half a ma").unwrap();
        assert_eq!(last_mark(&place).unwrap(), Some(mark(20)));
        put_drill(&place, Instant(5), b"{}").unwrap();
        put_drill(&place, Instant(40), b"{\"holds\":true}").unwrap();
        assert_eq!(last_drill(&place).unwrap(), Some((Instant(40), b"{\"holds\":true}".to_vec())));
    }
}
