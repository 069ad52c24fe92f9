//@ knows: agreement; error: E0599
//! One yes, used for two acts.

pub fn copied(permit: agreement::Permit) -> (agreement::Permit, agreement::Permit) {
    (permit.clone(), permit)
}
