//@ knows: vault; error: E0277
//! Opened values in a log.

pub fn printed(released: &vault::Released) -> String {
    format!("{released:?}")
}
