//@ knows: agreement; error: E0451
//! A permit for one act, bent to another.

pub fn forged(act: agreement::Act, honest: agreement::Permit) -> agreement::Permit {
    agreement::Permit { act, ..honest }
}
