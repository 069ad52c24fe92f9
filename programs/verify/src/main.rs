//! `verify` checks what a Betrodd data folder says about itself, without trusting the program that wrote it.
//!
//! It reads only, opens no personal data (it has no keys to any), and may run while a server writes. The checking itself is
//! `journal::verify`; here it is asked for and told in words or as JSON.

mod tell;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use journal::{Knowledge, VerifierKey};

/// Check that the journal in a Betrodd data folder is whole and unchanged.
///
/// Every act with personal data, every refusal and every event is an entry. Each customer's entries form a log of their own: a
/// Merkle tree whose size and root the provider signs (a checkpoint). `verify` makes everything again from the entries and compares.
#[derive(Parser)]
#[command(version, after_long_help = TEACHING, verbatim_doc_comment)]
struct Arguments {
    /// The data folder: the one that holds `journal` and `logs`.
    data_folder: PathBuf,

    /// A file that remembers the checkpoints until the next time. It is made when missing, compared, and brought up to date.
    #[arg(long, value_name = "FILE")]
    seen: Option<PathBuf>,

    /// The provider's verifier key (`name+id+base64`), got by another way than this folder.
    #[arg(long, value_name = "KEY")]
    key: Option<VerifierKey>,

    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

const TEACHING: &str = "\
What is checked:
  1. the chain over all groups, and their checksums: nothing is missing, moved or altered;
  2. each log's entries: numbered without a gap, times never going back;
  3. each detail against the random-salted hash in its leaf, and the storage operations against the hash in the detail;
  4. each log's root, made again from its entries, against the signed checkpoint, and the signature against the key;
  5. the published tiles, which others verify with programs of their own, against the entries;
  6. the heads of all logs in the installation's own log, against the logs.

What it cannot show by itself: that the whole folder was not set back to an earlier day, or written anew with another key.
Keep a file outside the folder for that, and give it each time:

  verify /srv/betrodd --seen ~/betrodd.seen

The last group may be unfinished, because a server is just writing it or was killed while writing. Nobody was ever told that it was
done, so that is not damage; it is mentioned.

Exit code: 0 all is sound, 1 something is wrong (the first place is named), 2 it could not be checked.";

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let knowledge = Knowledge { seen: arguments.seen, key: arguments.key };
    match journal::verify(&arguments.data_folder, &knowledge) {
        Ok(report) => {
            print!("{}", if arguments.json { tell::json(&report) } else { tell::words(&report) });
            if report.fault.is_none() { ExitCode::SUCCESS } else { ExitCode::from(1) }
        }
        Err(error) => {
            eprintln!("verify: {error}");
            ExitCode::from(2)
        }
    }
}
