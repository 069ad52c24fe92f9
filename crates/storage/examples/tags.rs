//! What tags and roots cost (decision 0029): the same groups applied with and without them, in turn, in one run; and lists read.
//!
//! `cargo run --release -p storage --example tags`. The hash stands for the vault's HMAC, which costs a block more.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement says what it saw")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant as Now};

use aws_lc_rs::digest;
use journal::Position;
use storage::{Batch, Engine, Find, Guard, Item, Op, PutRecord, SealedToken, Sqlite, StoreError, Tag, TokensOf};
use terms::{FieldName, Instant, KindName, PersonId, RecordId, RetentionClass, TenantId};

const TENANT: TenantId = TenantId([1; 16]);
const ROUNDS: u64 = 400;
const TOGETHER: u64 = 16;
const SEALED_BYTES: usize = 1024;
const TOKENS: u64 = 3;

struct Hashed;

impl Guard for Hashed {
    fn tag(&self, row: &[u8]) -> Tag {
        *digest::digest(&digest::SHA256, row).as_ref().first_chunk().unwrap()
    }

    fn element(&self, tag: &Tag) -> [u8; 16] {
        *digest::digest(&digest::SHA256, tag).as_ref().last_chunk().unwrap()
    }

    fn seal_root(&self, _: &str, _: &[u8], plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        Ok(plain.to_vec())
    }

    fn open_root(&self, _: &str, _: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        Some(sealed.to_vec())
    }
}

fn id(n: u64) -> [u8; 16] {
    (u128::from(n) << 64 | 7).to_be_bytes()
}

fn batch(round: u64, version: u64) -> Batch {
    let item = |n: u64| {
        let record = RecordId(id(round * TOGETHER + n));
        let token = |at: u64| SealedToken {
            sealed: Vec::new(),
            bare: Some([id(n + round), id(at + version)].concat().try_into().unwrap()),
        };
        let tokens = vec![TokensOf {
            field: FieldName::new("word").unwrap(),
            unique: false,
            tokens: (0..TOKENS).map(token).collect(),
        }];
        let put = PutRecord {
            record,
            kind: KindName::new("note").unwrap(),
            version,
            person: PersonId(id(round)),
            parent: Some(RecordId(id(round))),
            state: None,
            author: PersonId([9; 16]),
            sealed: vec![version as u8; SEALED_BYTES],
            keep_past: false,
            tokens,
            once: None,
            once_of: None,
            class: RetentionClass::default(),
        };
        Item { tenant: TENANT, index: round * TOGETHER + n, time: Instant(1), ops: vec![Op::PutRecord(put)] }
    };
    Batch { position: Position { segment: version, offset: round * 64 }, items: (0..TOGETHER).map(item).collect() }
}

fn spent(work: impl FnOnce()) -> Duration {
    let begun = Now::now();
    work();
    begun.elapsed()
}

fn main() {
    let folder = std::env::temp_dir().join(format!("tags-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let plain = Sqlite::open(&folder.join("plain.db")).unwrap();
    let guarded = Sqlite::open_guarded(&folder.join("guarded.db"), Arc::new(Hashed)).unwrap();
    let both: [(&str, &Sqlite); 2] = [("plain", &plain), ("tagged", &guarded)];
    for (what, version) in [("new", 1), ("altered", 2)] {
        let mut times = [Duration::ZERO; 2];
        for round in 0..ROUNDS {
            let batch = batch(round, version);
            for (at, (_, state)) in both.iter().enumerate() {
                times[at] += spent(|| state.apply(&batch).unwrap());
            }
        }
        tell(what, times, ROUNDS * TOGETHER);
    }
    let find = Find {
        kind: KindName::new("note").unwrap(),
        parent: Some(RecordId(id(3))),
        state: None,
        after: None,
        limit: 100,
    };
    let mut times = [Duration::ZERO; 4];
    for round in 0..2_000 {
        for (at, (_, state)) in both.iter().enumerate() {
            times[at] += spent(|| drop(state.find(&TENANT, &find).unwrap()));
            times[at + 2] += spent(|| drop(state.record(&TENANT, &RecordId(id(round))).unwrap()));
        }
    }
    tell("listed, a record", [times[0], times[1]], 2_000 * TOGETHER);
    tell("read by its id", [times[2], times[3]], 2_000);
    let rows = guarded.check().unwrap().rows;
    println!("looked at whole: {rows} rows in {:?}", spent(|| assert!(guarded.check().is_ok())));
    remove(&folder);
}

fn tell(what: &str, [plain, tagged]: [Duration; 2], many: u64) {
    let each = |time: Duration| time.as_secs_f64() * 1e6 / many as f64;
    let (plain, tagged) = (each(plain), each(tagged));
    println!("{what}: {plain:.2} us without, {tagged:.2} us with, {:+.2} us ({:.2})", tagged - plain, tagged / plain);
}

fn remove(folder: &Path) {
    drop(std::fs::remove_dir_all(folder));
}
