//! Shipping: what changed in the file of keys lies off-site before the data that needs it.

use std::sync::PoisonError;

use super::part::{Rows, Sealer};
use super::{Offsite, OffsiteError, State, under};

/// Most changes in one object.
const MAX_CHANGES: usize = 20_000;

impl Offsite {
    /// Ships every change that was made before the call; durable at the second place when it returns. A key is made before its
    /// first entry, so whoever ships the journal calls this in between: first what is durable of the journal is determined, then
    /// this is called, then the journal is shipped so far.
    ///
    /// # Errors
    /// See [`OffsiteError`]; then the data must wait.
    pub fn ship(&self) -> Result<u64, OffsiteError> {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = State::read(&self.keys)?;
        let shipped = self.ship_in_turn(&mut turn, &mut state)?;
        Ok(shipped)
    }

    /// The same, by whoever has the turn. Without a generation there is nowhere to ship to yet, and then nothing may follow.
    pub(super) fn ship_in_turn(
        &self,
        sealer: &mut Option<(u64, Sealer)>,
        state: &mut State,
    ) -> Result<u64, OffsiteError> {
        let Some(current) = &state.current else {
            return Err(OffsiteError::Unusable(
                "no copy was made yet; it is made when the custodian answers".to_owned(),
            ));
        };
        if current.public == [0; 32] {
            let why = "this file of keys was taken back: it begins a generation of its own before anything is shipped";
            return Err(OffsiteError::Unusable(why.to_owned()));
        }
        if !self.lies_there(current)? {
            let why =
                "the copy in force does not lie at this second place: a new one is made before anything is shipped";
            return Err(OffsiteError::Unusable(why.to_owned()));
        }
        let number = current.number;
        let mut shipped = 0;
        loop {
            let after = state.shipped.max(current.from);
            let (rows, last) = self.keys.changes_after(after, MAX_CHANGES)?;
            if last == after {
                return Ok(shipped);
            }
            if sealer.as_ref().is_none_or(|(of, _)| *of != number) {
                *sealer = Some((number, Sealer::new(self.installation, current)?));
            }
            let Some((_, with)) = sealer else { return Ok(shipped) };
            shipped += rows.len() as u64;
            let name = format!("{}changes-{after:020}-{last:020}", under(number));
            let plain = zeroize::Zeroizing::new(minicbor::to_vec(Rows { after, last, rows }).unwrap_or_default());
            self.copies.put(&name, &with.seal(&name, &plain)?).map_err(OffsiteError::Copies)?;
            // If we die here, the same changes are put again under this or a longer name: they may come twice.
            state.shipped = last;
            state.keep(&self.keys)?;
        }
    }
}
