//! The agreements that lie in the folders, brought into force for those who use the service. None goes live with something
//! open that the law demands, unless somebody has decided it, for a time, where everybody can see it.

use std::cell::LazyCell;
use std::sync::Arc;

use agreement::Agreement;
use agreement::art28::{self, Evidence};
use jiff::civil::Date;
use journal::{Detail, Outcome};
use terms::{Instant, TenantId};

use crate::Told;
use crate::installation::Installation;
use crate::layering;
use crate::services::Shelf;

/// Brings each service's agreement, as its file reads now, into force for every customer of it, and tells what changed.
///
/// A new text governs from the moment of its entry; the versions before it stay, and keep governing their own time. One that
/// may not go live is told of, and the version before it goes on.
pub async fn adopt(installation: &Installation, from: Instant) -> Result<(), Told> {
    for shelf in &installation.shelves {
        let mut told = false;
        // Asked once for the text, however many customers it is new for.
        let gate = LazyCell::new(|| {
            may_go_live(shelf, &shelf.agreement, today(installation)).map_err(|told| told.to_string())
        });
        for tenant in installation.store.tenants()? {
            if tenant.provider || tenant.service != shelf.kinds.service {
                continue;
            }
            let before = installation.processing.in_force(&tenant.id);
            if !is_new(installation, shelf, tenant.id) {
                continue;
            }
            let entered = match &*gate {
                Ok(()) => enter(installation, shelf, tenant.id, from).await,
                Err(stops) => Err(stops.clone().into()),
            };
            let adopted = match entered {
                Ok(adopted) => adopted,
                Err(stops) if before.is_some() => {
                    if !told {
                        told = true;
                        println!("{stops}\nThe version before it stays in force.");
                    }
                    continue;
                }
                Err(stops) => return Err(stops),
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

/// Whether an agreement may govern anybody on a day: the service's own, or it with a customer's layers.
///
/// # Errors
/// A sentence with everything that stops it.
pub fn may_go_live(shelf: &Shelf, agreement: &Agreement, on: Date) -> Result<(), Told> {
    let Err(stops) = art28::going_live(agreement, &Evidence::default(), on, &shelf.overrides) else { return Ok(()) };
    let stops: Vec<String> = stops.iter().map(|stop| format!("  {stop}")).collect();
    Err(format!(
        "the agreement of `{}` may not go live:\n{}\nMend the text, or record in {} of what, who, why and until when.",
        shelf.kinds.service,
        stops.join("\n"),
        shelf.folder.join("overrides.toml").display()
    )
    .into())
}

/// Brings a service's agreement into force for one customer, with the layers that it has; true where it was not before.
///
/// # Errors
/// A sentence with everything that stops it; the world's.
pub async fn bring_into_force(
    installation: &Installation,
    shelf: &Shelf,
    tenant: TenantId,
    from: Instant,
) -> Result<bool, Told> {
    if !is_new(installation, shelf, tenant) {
        return Ok(false);
    }
    may_go_live(shelf, &shelf.agreement, today(installation))?;
    enter(installation, shelf, tenant, from).await
}

/// Whether the service's text is another than the customer's last one. A customer's layers lie over the same text, and what
/// begins on a later day begins then: only another text of the provider's is new.
fn is_new(installation: &Installation, shelf: &Shelf, tenant: TenantId) -> bool {
    let book = installation.processing.book();
    book.versions(tenant).last().is_none_or(|last| last.agreement.base_text() != shelf.agreement.text())
}

/// Brings a text that may go live into force for one customer.
///
/// Each override that it needs is an entry of its own in the customer's journal, before the adoption: if we die between them,
/// the entries stand and nothing is in force, and the next start does both again.
async fn enter(installation: &Installation, shelf: &Shelf, tenant: TenantId, from: Instant) -> Result<bool, Told> {
    let on = today(installation);
    let layers = layering::layers_of(installation, &tenant, &shelf.agreement)?;
    for one in shelf.overrides.iter().filter(|one| on <= one.until) {
        let detail = Detail {
            event: Some("agreement-override".to_owned()),
            reason: Some(format!("overridden: {}; {}; {}; {}", one.of.join(", "), one.who, one.until, one.why.sv)),
            agreement: Some(shelf.agreement.hash()),
            outcome: Outcome::Happened,
            ..Detail::default()
        };
        installation.store.event(tenant, detail, vec![]).await?;
    }
    if layers.is_empty() {
        return Ok(installation.processing.adopt(tenant, from, &shelf.agreement).await?);
    }
    Ok(!layering::govern(installation, shelf, &tenant, &layers).await?.is_empty())
}

/// The installation's day in Sweden.
pub fn today(installation: &Installation) -> Date {
    crate::clock::day_of(installation.store.now())
}
