//! Texts from outside that people of the provider confirm, proposal by proposal: kept sealed between two sittings, entered in the
//! provider's log as everything is that its people do.
//!
//! Who may is whoever speaks for the provider (`notices.rs`). Two people at once: whoever chose on an older state than there is gets the
//! newer one, and nothing is written. Not here: what the text says and what a choice means (`crates/reading`); to this room both are
//! bytes.

use aws_lc_rs::rand;
use service::No;
use storage::{Confirming, HouseOp, HouseRow, ReadText, RowKind};
use terms::{Instant, PersonId, RecordId, TenantId};

use crate::Processing;
use crate::refuse::{closed, failed, unavailable};

/// Most texts that a provider has under way at once.
pub const MAX_TEXTS: usize = 20;
/// The longest text in bytes: no longer one could become an agreement file.
pub const MAX_CONFIRMED_TEXT_BYTES: usize = 2 << 20;
/// The longest record of choices in bytes.
const MAX_CHOICES_BYTES: usize = 2 << 20;

const TEXT: &str = "text";
const CHOICES: &str = "choices";

/// Why a text is not gone on with.
#[derive(Debug)]
pub enum ConfirmingNo {
    /// Not for this person, no such text, or the world's.
    No(No),
    /// There are as many under way as there may be.
    TooMany,
    /// It is longer than what can become an agreement.
    TooLong,
    /// Somebody has chosen since: nothing was written.
    Meanwhile {
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
    },
}

impl From<No> for ConfirmingNo {
    fn from(no: No) -> Self {
        Self::No(no)
    }
}

/// A text under way.
pub struct UnderWay {
    /// Its id.
    pub id: RecordId,
    /// Who began.
    pub by: PersonId,
    /// When.
    pub begun: Instant,
    /// Who chose last.
    pub last_by: PersonId,
    /// When.
    pub last: Instant,
    /// Which state of the choices this is.
    pub revision: u64,
    /// How many proposals have been chosen on, of how many.
    pub progress: (u64, u64),
    /// What was chosen, in the portal's own form.
    pub choices: Vec<u8>,
}

/// What came of a sitting.
pub struct Chosen<'a> {
    /// The state that was seen.
    pub revision: u64,
    /// What is chosen now.
    pub choices: &'a [u8],
    /// How many proposals have been chosen on, of how many.
    pub progress: (u64, u64),
    /// What was done: `confirmed`, `changed`, `not-here`, `pointed`, `undone`.
    pub what: &'a str,
    /// At which line and field, in no word of the text.
    pub place: &'a str,
}

impl Processing {
    /// Takes a text in, sealed, with the choices that it begins with, and how far they are: so many of so many.
    ///
    /// # Errors
    /// [`No::Missing`] for whoever does not speak for the provider; that there are too many, or it is too long.
    pub async fn begin_confirming(
        &self,
        by: PersonId,
        text: &[u8],
        choices: &[u8],
        progress: (u64, u64),
    ) -> Result<RecordId, ConfirmingNo> {
        let home = self.speaks(&by)?;
        if text.len() > MAX_CONFIRMED_TEXT_BYTES || choices.len() > MAX_CHOICES_BYTES {
            return Err(ConfirmingNo::TooLong);
        }
        let _one_at_a_time = self.confirming.lock().await;
        if self.rows_under_way(&home)?.len() >= MAX_TEXTS {
            return Err(ConfirmingNo::TooMany);
        }
        let mut id = [0; 16];
        rand::fill(&mut id).map_err(|_| No::Unavailable("the system gave no random numbers".to_owned()))?;
        let (id, now) = (RecordId(id), self.now());
        let sealed = self.vault.seal_text(&home, &id, TEXT, text).map_err(closed)?;
        let row = Confirming {
            id,
            home,
            by,
            begun: now,
            last_by: by,
            last: now,
            revision: 0,
            done: progress.0,
            of: progress.1,
            ended: None,
            sealed: self.vault.seal_text(&home, &id, CHOICES, choices).map_err(closed)?,
        };
        let text = HouseRow::ReadText(ReadText { id, home, sealed });
        self.enter_confirming("confirming-begun", by, home, &id, "", vec![text, HouseRow::Confirming(row)]).await?;
        Ok(id)
    }

    /// The texts that are under way, the one that was last worked on first.
    ///
    /// # Errors
    /// [`No::Missing`] for whoever does not speak for the provider.
    pub fn confirmings(&self, by: &PersonId) -> Result<Vec<UnderWay>, No> {
        let home = self.speaks(by)?;
        let mut all: Vec<UnderWay> =
            self.rows_under_way(&home)?.into_iter().map(|row| self.opened(row)).collect::<Result<_, _>>()?;
        all.sort_by_key(|one| core::cmp::Reverse(one.last));
        Ok(all)
    }

    /// One of them.
    ///
    /// # Errors
    /// [`No::Missing`] for whoever does not speak for the provider, and where there is none.
    pub fn confirming(&self, by: &PersonId, id: &RecordId) -> Result<UnderWay, No> {
        let home = self.speaks(by)?;
        self.opened(self.row_under_way(&home, id)?)
    }

    /// Its text.
    ///
    /// # Errors
    /// As [`Processing::confirming`].
    pub fn confirming_text(&self, by: &PersonId, id: &RecordId) -> Result<Vec<u8>, No> {
        let home = self.speaks(by)?;
        self.row_under_way(&home, id)?;
        let row = self.store.row(RowKind::ReadText, &id.0).map_err(failed)?;
        let Some(HouseRow::ReadText(row)) = row.filter(|row| row.tenant() == home) else { return Err(No::Missing) };
        Ok(self.vault.open_text(&home, id, TEXT, &row.sealed).map_err(closed)?.to_vec())
    }

    /// Writes what was chosen, where nobody else has chosen since. Gives the state's new number.
    ///
    /// # Errors
    /// [`ConfirmingNo::Meanwhile`], and then nothing was written; as [`Processing::confirming`].
    pub async fn write_choices(&self, by: PersonId, id: &RecordId, chosen: Chosen<'_>) -> Result<u64, ConfirmingNo> {
        let home = self.speaks(&by)?;
        if chosen.choices.len() > MAX_CHOICES_BYTES {
            return Err(ConfirmingNo::TooLong);
        }
        let _one_at_a_time = self.confirming.lock().await;
        let row = self.row_under_way(&home, id)?;
        if row.revision != chosen.revision {
            return Err(ConfirmingNo::Meanwhile { by: row.last_by, at: row.last });
        }
        let revision = row.revision + 1;
        let row = Confirming {
            last_by: by,
            last: self.now(),
            revision,
            done: chosen.progress.0,
            of: chosen.progress.1,
            sealed: self.vault.seal_text(&home, id, CHOICES, chosen.choices).map_err(closed)?,
            ..row
        };
        let event = format!("confirming-{}", chosen.what);
        self.enter_confirming(&event, by, home, id, chosen.place, vec![HouseRow::Confirming(row)]).await?;
        Ok(revision)
    }

    /// Throws a text away with all that was chosen in it. That there was one stays known.
    ///
    /// # Errors
    /// As [`Processing::write_choices`].
    pub async fn throw_away(&self, by: PersonId, id: &RecordId, revision: u64) -> Result<(), ConfirmingNo> {
        let home = self.speaks(&by)?;
        let _one_at_a_time = self.confirming.lock().await;
        let row = self.row_under_way(&home, id)?;
        if row.revision != revision {
            return Err(ConfirmingNo::Meanwhile { by: row.last_by, at: row.last });
        }
        let now = self.now();
        let text = HouseRow::ReadText(ReadText { id: *id, home, sealed: Vec::new() });
        let row = Confirming {
            last_by: by,
            last: now,
            ended: Some(now),
            revision: row.revision + 1,
            sealed: Vec::new(),
            ..row
        };
        Ok(self
            .enter_confirming("confirming-thrown-away", by, home, id, "", vec![text, HouseRow::Confirming(row)])
            .await?)
    }

    /// Enters that what came of a text is taken along. Before it is.
    ///
    /// # Errors
    /// As [`Processing::confirming`].
    pub async fn take_confirmed(&self, by: PersonId, id: &RecordId) -> Result<(), No> {
        let home = self.speaks(&by)?;
        self.row_under_way(&home, id)?;
        self.enter_confirming("confirming-taken-along", by, home, id, "", Vec::new()).await
    }

    async fn enter_confirming(
        &self,
        event: &str,
        by: PersonId,
        home: TenantId,
        id: &RecordId,
        place: &str,
        rows: Vec<HouseRow>,
    ) -> Result<(), No> {
        let reason = if place.is_empty() { format!("text:{id}") } else { format!("text:{id} {place}") };
        let mut detail = self.entry(event, by, &home, reason)?;
        detail.agreement = self.governing(&home).map(|agreement| agreement.hash());
        let ops = rows.into_iter().map(HouseOp::PutRow).collect();
        self.store.event(home, detail, ops).await.map_err(|error| unavailable(&error))?;
        Ok(())
    }

    fn rows_under_way(&self, home: &TenantId) -> Result<Vec<Confirming>, No> {
        let rows = self.store.rows(RowKind::Confirming, home).map_err(failed)?;
        let running = rows.into_iter().filter_map(|row| match row {
            HouseRow::Confirming(row) if row.ended.is_none() => Some(row),
            _ => None,
        });
        Ok(running.collect())
    }

    /// A text of another provider's is answered as one that is not there, by the same path.
    fn row_under_way(&self, home: &TenantId, id: &RecordId) -> Result<Confirming, No> {
        match self.store.row(RowKind::Confirming, &id.0).map_err(failed)? {
            Some(HouseRow::Confirming(row)) if row.home == *home && row.ended.is_none() => Ok(row),
            _ => Err(No::Missing),
        }
    }

    fn opened(&self, row: Confirming) -> Result<UnderWay, No> {
        let choices = self.vault.open_text(&row.home, &row.id, CHOICES, &row.sealed).map_err(closed)?.to_vec();
        Ok(UnderWay {
            id: row.id,
            by: row.by,
            begun: row.begun,
            last_by: row.last_by,
            last: row.last,
            revision: row.revision,
            progress: (row.done, row.of),
            choices,
        })
    }
}
