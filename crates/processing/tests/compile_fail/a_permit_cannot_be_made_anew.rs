//@ knows: agreement, terms; error: E0624
//! A permit without asking the agreement.

pub fn made(
    act: agreement::Act,
    agreement: terms::AgreementHash,
    clause: terms::ClauseId,
    rests_on: agreement::Asks,
) -> agreement::Permit {
    agreement::Permit::new(act, agreement, clause, Vec::new(), Vec::new(), rests_on)
}
