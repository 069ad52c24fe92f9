//! The embedded engine's WAL: begun anew under steady writing, and empty at the end.

use std::sync::atomic::{AtomicBool, Ordering};

use journal::Position;
use storage::{Batch, Engine, Item, Op, Sqlite};
use terms::{AgreementHash, Instant, TenantId};

#[test]
fn the_wal_is_begun_anew_though_the_writing_never_pauses() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    let state = Sqlite::open(&path).unwrap();
    let (tenant, done) = (TenantId([1; 16]), AtomicBool::new(false));
    let agreement = |n: u64| Op::PutAgreement { hash: AgreementHash([n as u8; 32]), text: "a".repeat(20_000) };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for n in 1.. {
                if done.load(Ordering::SeqCst) {
                    break;
                }
                let item = Item { tenant, index: n, time: Instant(0), ops: vec![agreement(n)] };
                let position = Position { segment: 1, offset: 64 + n };
                state.apply(&Batch { position, items: vec![item] }).unwrap();
            }
        });
        scope.spawn(|| {
            while !done.load(Ordering::SeqCst) {
                state.agreement_text(&AgreementHash([1; 32])).unwrap();
            }
        });
        let pages = || Sqlite::wal_pages(&path).unwrap();
        let mut begun_anew = 0;
        for _ in 0..5 {
            while pages() < 256 {
                std::thread::yield_now();
            }
            let before = pages();
            state.shorten(256).unwrap();
            // The next writing begins it anew.
            begun_anew += u32::from((0..200).any(|_| pages() < before));
        }
        done.store(true, Ordering::SeqCst);
        assert!(begun_anew > 0, "the WAL only grew");
    });
    assert!(Sqlite::wal_pages(&path).unwrap() > 0);
    Sqlite::checkpoint(&path).unwrap();
    assert_eq!(Sqlite::wal_pages(&path).unwrap(), 0);
}
