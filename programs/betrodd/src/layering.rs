//! A customer's own layers: its supplement and its instructions, brought into force over the provider's agreement from the days
//! that they name. A new text of the provider's keeps the layers of those who have them.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use agreement::{Agreement, How, Layer, Won};
use jiff::civil::Date;
use storage::Tenant;
use terms::{Instant, TenantId};

use crate::Told;
use crate::clock::SystemClock;
use crate::installation::{self, Installation};
use crate::services::Shelf;

/// `betrodd add-layer`: reads the layers, tells what they change, and brings them into force for the customer.
///
/// # Errors
/// A sentence for people, or every fault of a layer; then nothing changed.
pub async fn add(data: &Path, services: &crate::Services, customer: &str, files: &[PathBuf]) -> Result<ExitCode, Told> {
    let installation = installation::open(data, services.read()?.shelves, Arc::new(SystemClock), false)?;
    let tenant = customer_named(&installation, customer)?;
    let shelf = installation.shelves.iter().find(|shelf| shelf.kinds.service == tenant.service);
    let shelf = shelf.ok_or_else(|| format!("the service `{}` is not among those given", tenant.service))?;
    let mut layers = layers_of(&installation, &tenant.id, &shelf.agreement)?;
    for file in files {
        let text = crate::text_file::read(file)?;
        let layer = match Layer::read(&file.display().to_string(), &text, &shelf.agreement) {
            Ok(layer) => layer,
            Err(faults) => {
                println!("{faults}");
                return Ok(ExitCode::FAILURE);
            }
        };
        if layers.iter().any(|one| one.name() == layer.name()) {
            return Err(
                format!("the customer has a layer `{}` already; give the new one another name", layer.name()).into()
            );
        }
        layers.push(layer);
    }
    for (day, version) in govern(&installation, shelf, &tenant.id, &layers).await? {
        println!("{} från den {day}:", tenant.name);
        tell(&version);
    }
    Ok(ExitCode::SUCCESS)
}

/// Brings the service's agreement with the layers into force for the customer, each version from its day, and gives those that
/// are new. Each must be one that may go live; nothing is adopted before all have been asked.
///
/// # Errors
/// A sentence with everything that stops it; the world's.
pub async fn govern(
    installation: &Installation,
    shelf: &Shelf,
    tenant: &TenantId,
    layers: &[Layer],
) -> Result<Vec<(Date, Agreement)>, Told> {
    let zone = crate::clock::stockholm();
    let today = crate::agreements::today(installation);
    let versions = shelf.agreement.over_time(layers, today);
    for (_, version) in &versions {
        crate::agreements::may_go_live(shelf, version, today)?;
    }
    let mut new = Vec::new();
    for (day, version) in versions {
        let from = Instant(day.to_zoned(zone.clone())?.timestamp().as_microsecond());
        if installation.processing.adopt(*tenant, from, &Arc::new(version.clone())).await? {
            new.push((day, version));
        }
    }
    Ok(new)
}

/// The layers that the customer has, from whatever day, read over `base`.
///
/// # Errors
/// Every fault, where one of them does not fit this text of the agreement any more.
pub fn layers_of(installation: &Installation, tenant: &TenantId, base: &Agreement) -> Result<Vec<Layer>, Told> {
    let mut layers: Vec<Layer> = Vec::new();
    for adoption in installation.processing.book().versions(*tenant) {
        for (name, text) in adoption.agreement.layer_texts() {
            if layers.iter().all(|layer| layer.name() != name) {
                layers.push(Layer::read(name, text, base).map_err(|faults| faults.to_string())?);
            }
        }
    }
    Ok(layers)
}

/// The one customer of that name.
///
/// # Errors
/// A sentence that names those there are.
pub fn customer_named(installation: &Installation, name: &str) -> Result<Tenant, Told> {
    let all: Vec<Tenant> = installation.store.tenants()?.into_iter().filter(|one| !one.provider).collect();
    let known = || all.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ");
    match all.iter().filter(|one| one.name == name).collect::<Vec<_>>().as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(format!("there is no customer `{name}`; there are {}", known()).into()),
        _ => Err(format!("more than one customer is called `{name}`").into()),
    }
}

/// What the layers say otherwise, and which won.
pub fn tell(agreement: &Agreement) {
    for won in agreement.won() {
        println!("  {}", line(agreement, won));
    }
    let names: Vec<&str> = agreement.layer_texts().into_iter().map(|(name, _)| name).collect();
    println!("  lager: {}", if names.is_empty() { "inga".to_owned() } else { names.join(", ") });
}

/// One term on which layers differ, as a line.
pub fn line(agreement: &Agreement, won: &Won) -> String {
    let said: Vec<String> = won
        .said
        .iter()
        .map(|(layer, value, clause)| format!("{layer}: {value} ({})", agreement.number(clause)))
        .collect();
    let how = match &won.how {
        How::OnlyOne => "den enda som säger det".to_owned(),
        How::Stricter => "den strängare".to_owned(),
        How::Waits => "ingen ordning; det som villkoret styr väntar på ett avgörande".to_owned(),
        How::Settled(clause) => format!("avgjort ({})", agreement.number(clause)),
    };
    format!("{} {}: {} → {} gäller, {how}", won.term, won.key, said.join("; "), won.winner)
}
