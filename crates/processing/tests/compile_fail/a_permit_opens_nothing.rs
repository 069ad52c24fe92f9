//@ knows: agreement, vault; error: E0308
//! An opening that was allowed and not yet entered.

pub fn opened_on_a_permit(vault: &vault::Vault, permit: agreement::Permit) {
    let _ = vault.open_records(permit, &[], &[]);
}
