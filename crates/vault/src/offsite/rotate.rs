//! Rotation: a new archive key, a new copy, read back; then the copies before it are deleted and their archive keys destroyed.
//!
//! | step | if we die after it |
//! | --- | --- |
//! | the custodian makes a key | nobody knows of it: the next rotation has it destroyed |
//! | it is noted as the next | the next rotation deletes what lies of this one, has its key destroyed, and begins anew with the next number |
//! | the copy is put, with its end | the same |
//! | it is read back, opened through the custodian, compared | the same |
//! | it is noted as current | what was before is deleted and destroyed by the next call (`finish`) |
//! | older copies are deleted, older keys destroyed | the same: each can be done again |
//! | that is noted | the entry is made by whoever asks [`Offsite::not_entered`] |
//!
//! Until the new one is noted as current, the one before is untouched and a restore uses it.

use std::sync::PoisonError;

use aws_lc_rs::digest;
use minicbor::{Decode, Encode};
use storage::CopiedTo;
use terms::{Hash, Instant};
use zeroize::Zeroizing;

use super::part::{End, Object, Rows, Sealer};
use super::{Generation, Offsite, OffsiteError, State, generation_of, under};
use crate::custody::Assumption;
use crate::seal::Key;

/// Rows in one object of a copy.
const PART_ROWS: usize = 20_000;

/// A rotation that was finished: what its entry and the certificates after it say.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Rotated {
    /// The generation that is in force since.
    #[n(0)]
    pub generation: u64,
    /// When its copy was begun: whoever's keys were gone by then is in no copy any more.
    #[n(1)]
    pub copy_began: Instant,
    /// When everything before it was gone.
    #[n(2)]
    pub finished: Instant,
    /// Rows of the new copy, as read back.
    #[n(3)]
    pub rows: u64,
    /// Objects of older copies that were deleted.
    #[n(4)]
    pub deleted: u64,
    /// Older archive keys that were destroyed.
    #[n(5)]
    pub destroyed: u64,
    /// On what it rests.
    #[n(6)]
    pub assumption: Assumption,
}

impl Offsite {
    /// Begins the next generation and ends those before it.
    ///
    /// # Errors
    /// See [`OffsiteError`]; the generation before stays in force until the new one was read back, and what was not finished is
    /// finished by the next call.
    pub fn rotate(&self) -> Result<Rotated, OffsiteError> {
        let _rotating = self.rotating.lock().unwrap_or_else(PoisonError::into_inner);
        let state = State::read(&self.keys)?;
        // Numbers are not used twice: what a stopped rotation left lies under another name.
        let before = state.current.iter().chain(&state.next).map(|one| one.number).max().unwrap_or(0);
        // Asked before a key is made: where the place does not answer, none is.
        let names = self.copies.list("keys/").map_err(OffsiteError::Copies)?;
        self.none_newer(&names, before)?;
        // What a rotation that failed has left goes first, or a second place that is long away would fill the custodian.
        if let Some(left) = &state.next {
            for name in names.iter().filter(|name| generation_of(name) == Some(left.number)) {
                self.copies.delete(name).map_err(OffsiteError::Copies)?;
            }
            self.custodian.destroy(&self.installation, &self.possession, &left.key)?;
        }
        let (key, public) = self.custodian.begin(&self.installation, &self.possession)?;
        let began = self.clock.now();
        // From here on changes are noted, also before the first copy.
        let mut next = Generation { number: before + 1, key, public, began, from: 0 };
        {
            let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
            let state = State { next: Some(next.clone()), ..State::read(&self.keys)? };
            state.keep(&self.keys)?;
        }
        next.from = self.keys.last_change()?;
        let sealer = Sealer::new(self.installation, &next)?;
        // Others ship to the generation in force meanwhile, and what they ship is shipped to this one too, at its end.
        let rows = self.copy(&next, &sealer)?;
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = State::read(&self.keys)?;
        state.current = Some(next.clone());
        state.next = None;
        state.shipped = next.from;
        state.alone = false;
        state.rotated = state.rotated.filter(|_| state.entered);
        state.keep(&self.keys)?;
        *turn = Some((next.number, sealer));
        let mut told = self.told();
        // Who asked at the very instant in which the copy was begun may have erased after it was.
        told.wanted = told.wanted.filter(|asked| *asked >= began);
        drop(told);
        self.end_older(&mut turn, &mut state, rows)
    }

    /// Finishes a rotation that was stopped after its copy came into force.
    pub(super) fn finish(&self) -> Result<Rotated, OffsiteError> {
        let _rotating = self.rotating.lock().unwrap_or_else(PoisonError::into_inner);
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = State::read(&self.keys)?;
        let Some(current) = state.current.clone() else {
            return Err(OffsiteError::Unusable("no copy was made yet".to_owned()));
        };
        // The copy was read back before it came into force; here its end tells how many rows it holds.
        let name = format!("{}copy-end", under(current.number));
        let bytes = self.copies.get(&name).map_err(OffsiteError::Copies)?;
        let object = Object::read(&name, &bytes.ok_or_else(|| OffsiteError::NotTheSame(name.clone()))?)?;
        let given = self.custodian.open(&self.installation, &self.possession, &object.key, &object.sealer)?;
        let end: End = read(&name, &object.open(&name, &Key::new(&given)?)?)?;
        self.end_older(&mut turn, &mut state, end.rows)
    }

    /// Puts a whole copy and reads it back. Gives how many rows it holds.
    fn copy(&self, next: &Generation, sealer: &Sealer) -> Result<u64, OffsiteError> {
        let mut to = CopiedTo::default();
        let (mut parts, mut rows) = (Vec::new(), 0);
        while let Some((more, then)) = self.keys.copy_after(&to, PART_ROWS)? {
            rows += more.len() as u64;
            let name = part(next.number, parts.len());
            let plain = Zeroizing::new(minicbor::to_vec(Rows { after: 0, last: 0, rows: more }).unwrap_or_default());
            let bytes = sealer.seal(&name, &plain)?;
            parts.push(hash(&bytes));
            self.copies.put(&name, &bytes).map_err(OffsiteError::Copies)?;
            to = then;
        }
        let name = format!("{}copy-end", under(next.number));
        let end = End { parts, rows, from: next.from, began: next.began };
        let bytes = sealer.seal(&name, &minicbor::to_vec(&end).unwrap_or_default())?;
        self.copies.put(&name, &bytes).map_err(OffsiteError::Copies)?;
        // Read back from the place, opened by what the custodian gives and not by what we hold: only that shows that a restore
        // will open it.
        let given = self.custodian.open(&self.installation, &self.possession, &next.key, &sealer.half)?;
        if !sealer.seals_under(&given) {
            return Err(OffsiteError::NotTheSame(name));
        }
        let key = Key::new(&given)?;
        let back = |name: &str| -> Result<Vec<u8>, OffsiteError> {
            let bytes = self.copies.get(name).map_err(OffsiteError::Copies)?;
            bytes.ok_or_else(|| OffsiteError::NotTheSame(name.to_owned()))
        };
        let end_back = back(&name)?;
        let mut read_rows = 0;
        if hash(&end_back) != hash(&bytes) {
            return Err(OffsiteError::NotTheSame(name));
        }
        for (place, hashed) in end.parts.iter().enumerate() {
            let name = part(next.number, place);
            let bytes = back(&name)?;
            if hash(&bytes) != *hashed {
                return Err(OffsiteError::NotTheSame(name));
            }
            let plain = Object::read(&name, &bytes)?.open(&name, &key)?;
            read_rows += read::<Rows>(&name, &plain)?.rows.len() as u64;
        }
        if read_rows == rows { Ok(rows) } else { Err(OffsiteError::NotTheSame(name)) }
    }

    /// Deletes and destroys everything that is older than the current generation, and looks whether it is gone. Where a newer one lies
    /// nothing is touched: archive keys bear no number, and one of them may be what opens it.
    fn end_older(
        &self,
        turn: &mut Option<(u64, Sealer)>,
        state: &mut State,
        rows: u64,
    ) -> Result<Rotated, OffsiteError> {
        // First what changed while the copy was made: with the older copies gone, this one is all there is.
        self.ship_in_turn(turn, state)?;
        let Some(current) = state.current.clone() else {
            return Err(OffsiteError::Unusable("no copy was made yet".to_owned()));
        };
        self.ask_whose_it_is()?;
        let all = self.copies.list("keys/").map_err(OffsiteError::Copies)?;
        self.none_newer(&all, current.number)?;
        let older = |copies: Vec<String>| -> Vec<String> {
            copies.into_iter().filter(|name| generation_of(name) != Some(current.number)).collect()
        };
        let list = || self.copies.list("keys/").map(older).map_err(OffsiteError::Copies);
        let names = older(all);
        for name in &names {
            self.copies.delete(name).map_err(OffsiteError::Copies)?;
        }
        if let Some(name) = list()?.into_iter().next() {
            return Err(OffsiteError::StillThere(format!("`{name}` at the second place")));
        }
        let there = || -> Result<Vec<_>, OffsiteError> {
            let mut all = self.custodian.list(&self.installation, &self.possession)?;
            all.retain(|key| *key != current.key);
            Ok(all)
        };
        let keys = there()?;
        for key in &keys {
            self.custodian.destroy(&self.installation, &self.possession, key)?;
        }
        if let Some(key) = there()?.into_iter().next() {
            return Err(OffsiteError::StillThere(format!("the archive key {key} at the custodian")));
        }
        let rotated = Rotated {
            generation: current.number,
            copy_began: current.began,
            finished: self.clock.now(),
            rows,
            deleted: names.len() as u64,
            destroyed: keys.len() as u64,
            assumption: self.custodian.assumption(),
        };
        state.alone = true;
        state.rotated = Some(rotated.clone());
        state.entered = false;
        state.keep(&self.keys)?;
        // What the copy holds need not be noted any more. If we die before this, the next rotation does it.
        self.keys.forget_changes(current.from)?;
        Ok(rotated)
    }
}

pub(super) fn part(generation: u64, place: usize) -> String {
    format!("{}copy-{place:06}", under(generation))
}

pub(super) fn read<'b, T: Decode<'b, ()>>(name: &str, plain: &'b [u8]) -> Result<T, OffsiteError> {
    minicbor::decode(plain).map_err(|_| OffsiteError::Unusable(format!("`{name}` does not read")))
}

pub(super) fn hash(bytes: &[u8]) -> Hash {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    Hash(hash)
}
