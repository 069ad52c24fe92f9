//! The custodian: keeps the private halves of archive keys, gives what opens under them to whoever proves to hold the root key,
//! and destroys them truly. A third place of its own: never on the machine whose keys it guards, never in a backup.
//!
//! [`Folder`] keeps them in a folder. The same folder beside the program is the plain file, an assumption that certificates name.
//! [`Served`] answers for a folder over a socket, [`Far`] asks it. Not here: ciphers (`vault`), and when keys are changed.

mod far;
mod folder;
mod secret;
mod served;
mod wire;

pub use far::Far;
pub use folder::Folder;
pub use secret::{Secret, SecretError};
pub use served::Served;
pub use wire::Address;
