//! D: confidentiality (Art. 28(3)(b)).

mod d01_everybody_bound;
mod d02_need_to_know;
mod d03_survives;
mod d04_public_sector;

use super::Check;

pub(super) static CHECKS: &[&Check] =
    &[&d01_everybody_bound::CHECK, &d02_need_to_know::CHECK, &d03_survives::CHECK, &d04_public_sector::CHECK];
