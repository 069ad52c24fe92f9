//! `betrodd custodian`: a little program of its own, at a third place. It keeps the private halves of archive keys, and nothing else.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use ::custodian::{Address, Folder, Secret, Served};

use crate::Told;
use crate::clock::SystemClock;

/// The secret that programs ask with, beside the folder of keys.
const SECRET: &str = "custodian.secret";
/// The folder of private halves.
const KEYS: &str = "keys";

/// Answers until it is ended.
pub fn run(folder: &Path, listen: &Address) -> Result<ExitCode, Told> {
    let _lock = storage::Lock::take(folder)?;
    let keys = Folder::of_a_custodian(&folder.join(KEYS))?;
    let file = folder.join(SECRET);
    let secret = Secret::open_or_begin(&file)?;
    let served = Served::listen(listen, keys, secret, Arc::new(SystemClock))
        .map_err(|cause| format!("the address {listen} cannot be used: {cause}. Choose another with --listen"))?;
    let at = served.address().map_or_else(|| listen.clone(), Address::Net);
    println!("custodian on {at}");
    println!(
        "programs ask with the secret in {}: copy it to them over a way that nobody reads, with mode 0600. Keep this folder in no \
         backup and in no snapshot",
        file.display()
    );
    served.run().map_err(|cause| format!("the address {at} is gone: {cause}"))?;
    Ok(ExitCode::SUCCESS)
}
