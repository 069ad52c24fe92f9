//! The right way, with the same crates: it compiles, so that the attempts beside it fail for their own reasons.

pub fn one_grant_opens_once(vault: &vault::Vault, granted: storage::Granted, sink: &mut dyn terms::Render) {
    if let Ok(released) = vault.open_records(granted, &[], &[]) {
        released.render(sink);
    }
}

pub fn a_permit_is_handed_in(permit: agreement::Permit) -> agreement::Permit {
    permit
}

pub fn a_service_asks_the_door(_: &dyn service::Door) {}

/// The crates were built from each other: a permit of the one is a permit of the other.
pub fn fits(permit: agreement::Permit) -> storage::Permit {
    permit
}

/// As above, for the words that all share.
pub fn shares(tenant: terms::TenantId, asked: &mut service::Asked) {
    asked.tenant = tenant;
}
