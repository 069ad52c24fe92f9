//! `verify` checks what a Betrodd installation says about itself, without trusting the program that wrote it: a data folder, a
//! customer's log at an address or on a stick, and proofs of single entries.
//!
//! It reads only, opens no personal data (it has no keys to any), and may run while a server writes. The checking itself is
//! `journal::verify` and `journal::verify_given`; here it is asked for and told in words or as JSON.

mod address;
mod tell;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use journal::{Given, Knowledge, Report, Source, VerifierKey, VerifyError, verify, verify_given};

use crate::address::Address;

/// Check that a log of Betrodd is whole and unchanged.
///
/// Every act with personal data, every refusal and every event is an entry. Each customer's entries form a log of their own: a
/// Merkle tree whose size and root the provider signs (a checkpoint). `verify` makes everything again from the entries and compares.
#[derive(Parser)]
#[command(version, after_long_help = TEACHING, verbatim_doc_comment)]
struct Arguments {
    /// A data folder, a folder or stick with a log's files and proofs, the address of a log, or a `.tlog-proof`.
    place: String,

    /// A file that remembers the checkpoints until the next time. It is made when missing, compared, and brought up to date.
    #[arg(long, value_name = "FILE")]
    seen: Option<PathBuf>,

    /// A checkpoint that you kept, a signed note. May be given several times.
    #[arg(long, value_name = "FILE")]
    kept: Vec<PathBuf>,

    /// The provider's verifier key (`name+id+base64`), got by another way than what is checked.
    #[arg(long, value_name = "KEY")]
    key: Option<VerifierKey>,

    /// A key for programs, where the address asks who you are.
    #[arg(env = "BETRODD_KEY", hide_env_values = true, long, value_name = "KEY", hide = true)]
    token: Option<String>,

    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

const TEACHING: &str = "\
What is checked in a data folder:
  1. the chain over all groups, and their checksums: nothing is missing, moved or altered;
  2. each log's entries: numbered without a gap, times never going back;
  3. each detail against the random-salted hash in its leaf, and the storage operations against the hash in the detail;
  4. each log's root, made again from its entries, against the signed checkpoint, and the signature against the key;
  5. the published tiles, which others verify with programs of their own, against the entries;
  6. the heads of all logs in the installation's own log, against the logs.

What is checked from outside, in a folder with a log's `checkpoint` and `tile`, or at its address:
  the signature, every leaf, every tile, the root made again from the leaves, and times never going back.

What is checked of a `.tlog-proof` (C2SP tlog-proof), with nothing but the file and the key:
  the entry's detail against its leaf, the leaf's place in the log, the log's signed checkpoint, and that the installation's own
  log held a head of it.

  verify vem-har-sett-17.tlog-proof --key betrodd/...
  BETRODD_KEY=... verify http://service.example/api/v1/matcha/log --seen ~/betrodd.seen

What it cannot show by itself: that the whole was not set back to an earlier day, or written anew with another key.
Keep a file outside for that, and give it each time:

  verify /srv/betrodd --seen ~/betrodd.seen

The last group may be unfinished, because a server is just writing it or was killed while writing. Nobody was ever told that it was
done, so that is not damage; it is mentioned.

Exit code: 0 all is sound, 1 something is wrong (the first place is named), 2 it could not be checked.";

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let Arguments { place, seen, kept, key, token, json } = arguments;
    match check(&place, token, &Knowledge { seen, key, kept }) {
        Ok(report) => {
            print!("{}", if json { tell::json(&report) } else { tell::words(&report) });
            if report.fault.is_none() { ExitCode::SUCCESS } else { ExitCode::from(1) }
        }
        Err(error) => {
            eprintln!("verify: {error}");
            ExitCode::from(2)
        }
    }
}

/// Finds out what was given and checks it.
fn check(place: &str, token: Option<String>, knowledge: &Knowledge) -> Result<Report, VerifyError> {
    if Address::is_one(place) {
        let log = Address::new(place, token);
        let beside = match log.get("verifier.key") {
            Ok(bytes) => String::from_utf8(bytes).ok().and_then(|text| text.trim_end().parse().ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(VerifyError::Io(log.name().into(), error)),
        };
        return verify_given(&Given { logs: vec![Box::new(log)], proofs: Vec::new(), key: beside }, knowledge);
    }
    let path = Path::new(place);
    if path.is_file() {
        return verify_given(&Given { proofs: vec![path.to_owned()], ..Given::default() }, knowledge);
    }
    if path.join("journal").is_dir() {
        return verify(path, knowledge);
    }
    let given = Given::in_folder(path).map_err(|error| VerifyError::Io(path.to_owned(), error))?;
    if given.logs.is_empty() && given.proofs.is_empty() {
        return verify(path, knowledge);
    }
    verify_given(&given, knowledge)
}
