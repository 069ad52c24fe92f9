//@ knows: agreement; error: E0382
//! One yes, handed in twice.

pub fn twice(permit: agreement::Permit, hand_in: impl Fn(agreement::Permit)) {
    hand_in(permit);
    hand_in(permit);
}
