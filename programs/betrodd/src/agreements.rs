//! The agreements that lie in the folders, brought into force for those who use the service.

use std::sync::Arc;

use terms::Instant;

use crate::Told;
use crate::installation::Installation;

/// Brings each service's agreement, as its file reads now, into force for every customer of it, and tells what changed.
///
/// A new text governs from the moment of its entry; the versions before it stay, and keep governing their own time.
pub async fn adopt(installation: &Installation, from: Instant) -> Result<(), Told> {
    for shelf in &installation.shelves {
        let mut told = false;
        for tenant in installation.store.tenants()? {
            if tenant.provider || tenant.service != shelf.kinds.service {
                continue;
            }
            let before = installation.processing.in_force(&tenant.id);
            let layers = crate::layering::layers_of(installation, &tenant.id, &shelf.agreement)?;
            let adopted = if layers.is_empty() {
                installation.processing.adopt(tenant.id, from, &shelf.agreement).await?
            } else if before.as_ref().is_some_and(|before| before.base_text() == shelf.agreement.text()) {
                false
            } else {
                !crate::layering::govern(installation, &tenant.id, &shelf.agreement, &layers).await?.is_empty()
            };
            if let (true, Some(before), false) = (adopted, before, told) {
                told = true;
                println!("The agreement of `{}` changed, and the new text is in force from now:", shelf.kinds.service);
                let differences = agreement::differences(&before, &Arc::clone(&shelf.agreement));
                if differences.is_empty() {
                    println!("  only its wording changed, none of its terms");
                }
                for difference in differences {
                    println!("  {}", difference.words.sv);
                }
            }
        }
    }
    Ok(())
}
