//! Setting up an installation that is no demo: the provider of a service, and its customers, each with the first administrator.
//!
//! An agreement is written with places for its parties. Nothing is opened under it until they are filled, with what the text says
//! or with what is given here: an agreement without parties binds nobody.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use access::{NewAccount, Seed};
use agreement::{Agreement, PartySide, RoleSide};
use journal::{Detail, Outcome};
use service::Value;
use storage::{HouseOp, Tenant};
use terms::TenantId;

use crate::Told;
use crate::clock::SystemClock;
use crate::installation::{self, Installation};
use crate::services::Shelf;

/// What is said of an organisation and its first administrator.
#[derive(clap::Args)]
pub struct Opening {
    /// The service, e.g. `matcha`. May be left out where only one is there.
    #[arg(long, value_name = "NAME")]
    service_name: Option<String>,
    /// The organisation's name. For a provider: where the agreement does not say it.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The organisation's registration number. For a provider: where the agreement does not say it.
    #[arg(long, value_name = "NUMBER")]
    registration_number: Option<String>,
    /// The first administrator's name.
    #[arg(long, value_name = "NAME")]
    administrator: String,
    /// What the first administrator logs in with.
    #[arg(long, value_name = "LOGIN")]
    login: String,
}

/// Makes an organisation of the installation, with its key and one entry.
///
/// # Errors
/// The world's.
pub async fn tenant(
    installation: &Installation,
    shelf: &Shelf,
    name: &str,
    number: Option<&String>,
    provider: bool,
) -> Result<TenantId, Told> {
    let id = TenantId(new_id()?);
    installation.vault.new_tenant(&id)?;
    let tenant = Tenant {
        id,
        name: name.to_owned(),
        registration_number: number.cloned(),
        service: shelf.kinds.service.clone(),
        provider,
    };
    let detail = Detail { event: Some("customer-opened".to_owned()), outcome: Outcome::Happened, ..Detail::default() };
    installation.store.event(id, detail, vec![HouseOp::PutTenant(tenant)]).await?;
    Ok(id)
}

/// `betrodd open-provider`: the provider of a service, with its first administrator.
///
/// # Errors
/// A sentence for people; then nothing was opened.
pub async fn provider(data: &Path, services: &crate::Services, opening: &Opening) -> Result<ExitCode, Told> {
    let (installation, place) = opening.open(data, services, PartySide::Processor)?;
    let shelf = installation.shelves.get(place).ok_or("no such service")?;
    if provider_of(&installation, shelf)?.is_some() {
        return Err(format!("`{}` has its provider already", shelf.kinds.service).into());
    }
    let (name, number) = opening.party(&shelf.agreement, PartySide::Processor)?;
    let administers = first_administrator(shelf, RoleSide::Processor)?;
    opening.check(&installation)?;
    let home = tenant(&installation, shelf, &name, Some(&number), true).await?;
    opening.account(&installation, home, administers, &name).await
}

/// `betrodd open-customer`: a customer of a service, with its first administrator and the agreement in force from a day.
///
/// # Errors
/// A sentence for people; then nothing was opened.
pub async fn customer(
    data: &Path,
    services: &crate::Services,
    opening: &Opening,
    from: Option<&str>,
) -> Result<ExitCode, Told> {
    let (installation, place) = opening.open(data, services, PartySide::Controller)?;
    let shelf = installation.shelves.get(place).ok_or("no such service")?;
    if provider_of(&installation, shelf)?.is_none() {
        return Err(format!(
            "the provider of `{}` is not there yet, and an agreement has two parties; begin with `betrodd open-provider`",
            shelf.kinds.service
        )
        .into());
    }
    let (name, number) = opening.party(&shelf.agreement, PartySide::Controller)?;
    let administers = first_administrator(shelf, RoleSide::Controller)?;
    let from = from.map(crate::clock::parse).transpose()?.unwrap_or_else(|| installation.store.now());
    opening.check(&installation)?;
    let home = tenant(&installation, shelf, &name, Some(&number), false).await?;
    crate::agreements::bring_into_force(&installation, shelf, home, from).await?;
    opening.account(&installation, home, administers, &name).await
}

fn provider_of(installation: &Installation, shelf: &Shelf) -> Result<Option<Tenant>, Told> {
    let mut all = installation.store.tenants()?.into_iter();
    Ok(all.find(|one| one.provider && one.service == shelf.kinds.service))
}

fn first_administrator(shelf: &Shelf, side: RoleSide) -> Result<&terms::Role, Told> {
    let role = shelf.agreement.roles().iter().find(|role| role.side == side && role.administers);
    Ok(&role.ok_or("the agreement has no role on that side that administers accounts")?.id)
}

impl Opening {
    /// Opens the installation once there is nothing to say against the service and the party: what is refused touches no folder.
    /// Gives the service's place.
    fn open(&self, data: &Path, services: &crate::Services, side: PartySide) -> Result<(Installation, usize), Told> {
        let shelves = services.read()?.shelves;
        let place = self.place(&shelves)?;
        if let Some(shelf) = shelves.get(place) {
            Self::agreed(shelf)?;
            // Where the customer waits for its provider, that is said first.
            if side == PartySide::Processor {
                self.party(&shelf.agreement, side)?;
            }
        }
        Ok((installation::open(data, shelves, Arc::new(SystemClock), false)?, place))
    }

    fn place(&self, shelves: &[Shelf]) -> Result<usize, Told> {
        let known = || shelves.iter().map(|one| one.kinds.service.as_str()).collect::<Vec<_>>().join(", ");
        match (&self.service_name, shelves.len()) {
            (None, 1) => Ok(0),
            (None, _) => Err(format!("say which service with --service-name: {}", known()).into()),
            (Some(name), _) => shelves
                .iter()
                .position(|one| one.kinds.service.as_str() == name)
                .ok_or_else(|| format!("there is no service `{name}`; there are {}", known()).into()),
        }
    }

    /// Name and registration number of the party: what the agreement says, and where it leaves a place, what is given. Where the
    /// agreement says it, nothing else can be given.
    fn party(&self, agreement: &Agreement, side: PartySide) -> Result<(String, String), Told> {
        let party = agreement.parties().iter().find(|party| party.side == side);
        let filled = |what: &str, stated: Option<&String>, given: Option<&String>| match (stated, given) {
            (Some(stated), Some(given)) if stated != given => {
                Err(format!("the agreement says that the {what} is `{stated}`, and not `{given}`"))
            }
            (Some(stated), _) => Ok(stated.clone()),
            (None, Some(given)) if !given.trim().is_empty() => Ok(given.trim().to_owned()),
            (None, _) => Err(format!(
                "the agreement leaves a place for the {what} of the {}, and nothing is opened until it is filled: give it with \
                 --{what}",
                if side == PartySide::Controller { "customer" } else { "provider" }
            )),
        };
        let name = filled("name", party.and_then(|party| party.name.value()), self.name.as_ref())?;
        let number = party.and_then(|party| party.registration_number.value());
        Ok((name, filled("registration-number", number, self.registration_number.as_ref())?))
    }

    /// Whether the service has an agreement that somebody can be bound by.
    fn agreed(shelf: &Shelf) -> Result<(), Told> {
        if shelf.register.is_none() {
            return Ok(());
        }
        Err(format!(
            "`{}` has a register and no agreement: what it runs on is the operator's own word, which binds nobody. It is run for \
             made-up customers only, with `betrodd demo`, until the parties have an agreement",
            shelf.kinds.service
        )
        .into())
    }

    /// What can be seen to be wrong before anything is made.
    fn check(&self, installation: &Installation) -> Result<(), Told> {
        let lower = Value::new(self.login.trim().to_lowercase());
        if lower.is_empty() || self.administrator.trim().is_empty() {
            return Err("the administrator needs a name and something to log in with".into());
        }
        let token = installation.vault.token(&TenantId::INSTALLATION, "login", &lower)?;
        if installation.store.account_by_login(&token)?.is_some() {
            return Err(format!("`{}` is taken as a log-in name", self.login.trim()).into());
        }
        Ok(())
    }

    /// Opens the administrator's account and prints, once, what it is entered with.
    async fn account(
        &self,
        installation: &Installation,
        home: TenantId,
        role: &terms::Role,
        organisation: &str,
    ) -> Result<ExitCode, Told> {
        let (password, seed) = (new_password()?, Seed::new()?);
        let uri = seed.uri("Betrodd", self.login.trim());
        let new = NewAccount {
            by: None,
            home,
            login: Value::new(self.login.trim().to_owned()),
            name: Value::new(self.administrator.trim().to_owned()),
            role: role.clone(),
            password: password.clone(),
            totp: Some(seed),
            record: None,
        };
        installation.access.open_account(new).await?;
        println!(
            "{organisation} is open. Its first administrator ({role}) logs in with what follows. It is shown once and kept"
        );
        println!("nowhere in this form; hand it over by a way that only that person reads.");
        println!("  log-in    {}", self.login.trim());
        println!("  password  {}", *password);
        println!("  codes     {}", *uri);
        Ok(ExitCode::SUCCESS)
    }
}

/// Letters and digits that are not taken for one another, in groups: some 98 bits.
fn new_password() -> Result<Value, Told> {
    const SIGNS: &[u8] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let salt = journal::random_salt()?;
    let mut password = Value::new(String::new());
    for (place, byte) in salt.iter().take(20).enumerate() {
        if place > 0 && place % 5 == 0 {
            password.push('-');
        }
        // 32 signs, so that each of them is as likely as the others.
        password.push(char::from(SIGNS[usize::from(*byte) % SIGNS.len()]));
    }
    Ok(password)
}

fn new_id() -> Result<[u8; 16], Told> {
    let salt = journal::random_salt()?;
    let mut id = [0; 16];
    id.copy_from_slice(&salt[..16]);
    Ok(id)
}
