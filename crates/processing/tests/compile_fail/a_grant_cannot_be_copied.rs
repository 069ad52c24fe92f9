//@ knows: storage; error: E0599
//! One entry, two openings.

pub fn copied(granted: storage::Granted) -> (storage::Granted, storage::Granted) {
    (granted.clone(), granted)
}
