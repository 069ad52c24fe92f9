//@ knows: vault; error: E0599
//! Opened values kept for later.

pub fn kept(released: vault::Released) -> (vault::Released, vault::Released) {
    (released.clone(), released)
}
