//@ knows: storage, vault; error: E0382
//! One entry, two openings.

pub fn twice(vault: &vault::Vault, granted: storage::Granted) {
    let _ = vault.open_records(granted, &[], &[]);
    let _ = vault.open_records(granted, &[], &[]);
}
