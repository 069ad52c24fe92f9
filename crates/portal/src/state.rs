//! What the portal holds: the door, the entrance, the registers, the agreements in force and the services. Made once by the
//! program; nothing here changes while it runs.

use std::sync::Arc;

use access::Access;
use processing::Processing;
use service::{Door, Imports, Kinds, Service};
use terms::{Clock, Instant, Label, PersonId, ServiceName};

use crate::seams::{Agreements, CustomerFiles, Entrance, Lookup, Operations, Texts};

/// Everything that a page can ask.
pub struct Portal {
    /// The door: all personal data goes through it.
    pub door: Arc<dyn Door>,
    /// Log-in and sessions.
    pub access: Arc<dyn Entrance>,
    /// What the parties may look up.
    pub registers: Arc<dyn Lookup>,
    /// Which agreement governs whom, and who the customers are.
    pub agreements: Arc<dyn Agreements>,
    /// Accounts, invitations and keys; none where the house has no entrance of its own, as in tests of pages.
    pub people: Option<Arc<Access>>,
    /// Notices, and what was looked at in free texts; none where there is no house behind the door.
    pub house: Option<Arc<Processing>>,
    /// How the installation stands; none where nobody is told.
    pub operations: Option<Arc<dyn Operations>>,
    /// The customers' own files.
    pub customer_files: Arc<dyn CustomerFiles>,
    /// The services, in the order in which they are shown.
    pub services: Vec<Arc<Shop>>,
    /// Imports of records.
    pub imports: Arc<dyn Imports>,
    /// The descriptions of the interface, once they are made.
    pub described: Arc<crate::openapi::Described>,
    /// Those that run.
    pub running: Arc<intake::Running>,
    /// Takes the texts out of files from outside.
    pub texts: Arc<dyn Texts>,
    /// How many such files are read at once, and for whom.
    pub reading_room: Arc<crate::reading_room::ReadingRoom>,
    /// The installation's clock.
    pub clock: Arc<dyn Clock>,
    /// How it runs.
    pub settings: Settings,
}

impl Portal {
    /// The service with that first part of an address.
    #[must_use]
    pub fn shop(&self, path: &str) -> Option<&Arc<Shop>> {
        self.services.iter().find(|shop| shop.kinds.service.as_str() == path)
    }
}

/// One service: its kinds, and the crate that computes views of its own, where it has one.
pub struct Shop {
    /// What it keeps.
    pub kinds: Arc<Kinds>,
    /// Its computed views.
    pub service: Option<Arc<dyn Service>>,
}

/// How the portal runs.
#[derive(Default)]
pub struct Settings {
    /// Only in a demo folder: who can be entered as, and the clock that can be moved.
    pub demo: Option<Demo>,
    /// Whether cookies carry `Secure` (and their names `__Host-`). Off only on a plain loopback address.
    pub secure_cookies: bool,
}

/// A demo folder.
pub struct Demo {
    /// The persons that one click enters as, in the order shown.
    pub persons: Vec<DemoPerson>,
    /// The clock that can be moved.
    pub clock: Arc<dyn DemoClock>,
}

/// A made-up person of a demo folder. Nobody real: the name may be shown to anyone.
pub struct DemoPerson {
    /// The service that the person uses or works for.
    pub service: ServiceName,
    /// The account.
    pub person: PersonId,
    /// The made-up name.
    pub name: String,
    /// The role, as people call it.
    pub role: Label,
    /// The organisation.
    pub organisation: String,
    /// Whether of the provider's side.
    pub provider: bool,
    /// What to log in as.
    pub login: String,
    /// The password of the demo.
    pub password: String,
    /// The secret of the second factor (Base32), where one is needed.
    pub totp: Option<String>,
    /// What this person is good for trying.
    pub what_to_try: Label,
}

/// A clock that can be moved, in a demo folder only.
pub trait DemoClock: Send + Sync {
    /// The present moment of the demo.
    fn now(&self) -> Instant;
    /// Moves it.
    ///
    /// # Errors
    /// A sentence for people, when it cannot be moved there (backwards, or too far).
    fn move_to(&self, to: Instant) -> Result<(), String>;
}
