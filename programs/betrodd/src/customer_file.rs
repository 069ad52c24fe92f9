//! A customer's own file brought into force by the operator: `betrodd adopt-file`, and the demo's files. An administrator of the
//! customer does the same on a page.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use processing::{AdoptFileNo, file_hash};
use service::{CustomerFile, FileFault};
use terms::{Instant, TenantId};

use crate::Told;
use crate::clock::SystemClock;
use crate::installation::{self, Installation};
use crate::services::Shelf;

/// `betrodd adopt-file`.
///
/// # Errors
/// A sentence for people, or every fault of the file; then nothing changed.
pub async fn adopt(
    data: &Path,
    services: &crate::Services,
    customer: &str,
    from: Option<&str>,
    file: &Path,
) -> Result<ExitCode, Told> {
    let from = from.map(crate::clock::parse).transpose()?;
    let installation = installation::open(data, services.read()?.shelves, Arc::new(SystemClock), false)?;
    let tenant = crate::layering::customer_named(&installation, customer)?;
    let shelf = installation.shelves.iter().find(|shelf| shelf.kinds.service == tenant.service);
    let shelf = shelf.ok_or_else(|| format!("the service `{}` is not among those given", tenant.service))?;
    let before = installation.processing.customer_file_at(&tenant.id, from.unwrap_or_else(|| installation.store.now()));
    let adopted = bring_into_force(&installation, shelf, tenant.id, from, file).await?;
    let differences = adopted.differences(before.as_deref());
    println!("{}: kundfilen {} gäller från {}", tenant.name, adopted.version, crate::clock::day_of(adopted.from));
    for one in &differences {
        println!("  {}", one.sv);
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads a file whole and brings it into force for one customer, in the operator's name.
///
/// # Errors
/// Every fault with its line; the world's.
pub async fn bring_into_force(
    installation: &Installation,
    shelf: &Shelf,
    tenant: TenantId,
    from: Option<Instant>,
    file: &Path,
) -> Result<Arc<CustomerFile>, Told> {
    let text = crate::text_file::read(file)?;
    let from = from.unwrap_or_else(|| installation.store.now());
    let before = installation.processing.customer_file_at(&tenant, from);
    CustomerFile::read_whole(
        &text,
        file_hash(text.as_bytes()),
        from,
        &shelf.kinds,
        shelf.service.as_deref(),
        before.as_deref(),
    )
    .map_err(|faults| told(file, &faults))?;
    installation.processing.adopt_file(None, tenant, from, &text).await.map_err(|no| match no {
        AdoptFileNo::Faults(faults) => told(file, &faults),
        AdoptFileNo::NotAdministrator => "only an administrator of the customer adopts its file".into(),
        AdoptFileNo::No(no) => format!("the file could not be adopted: {no:?}").into(),
    })
}

fn told(file: &Path, faults: &[FileFault]) -> Told {
    let lines: Vec<String> = faults
        .iter()
        .map(|fault| format!("{}:{}  {}; {}", file.display(), fault.line, fault.what.en, fault.remedy.en))
        .collect();
    format!("{}\nThe file was not adopted.", lines.join("\n")).into()
}
