//! Somebody changes `state.db` or `keys.db` from outside, without the key of the tags: noticed at reading where a row is not as it
//! was written, and at the start where rows are missing or are those of another day.

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use storage::{Engine, HouseOp, KeyStore, NewPerson, Sqlite, Store, StoreError, StoredRecord};
use terms::{PersonId, RetentionClass};

use crate::house;
use crate::house::{
    Marked, NORTH, SOUTH, Site, account, all, event, field, kind, open_keys, put, read, record, with_once, with_token,
    write,
};

/// Whoever has the disk: a connection of his own. The tags that he cannot make he takes from rows that he saw.
struct Thief(Connection);

impl Thief {
    fn at(file: &Path) -> Self {
        let connection = Connection::open(file).unwrap();
        connection.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
        let none: Vec<u8> = vec![0; 16];
        let thief = Self(connection);
        thief.says(none);
        thief
    }

    /// Every tag that his connection is asked for is this one.
    fn says(&self, tag: Vec<u8>) {
        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
        self.0.create_scalar_function("row_tag", -1, flags, move |_| Ok(tag.clone())).unwrap();
    }

    /// Does it, and whatever row it changes keeps the tag that the first row of `of` has.
    fn keeping(&self, of: &str, sql: &str) {
        let tag: Vec<u8> = self.0.query_row(&format!("SELECT mac FROM {of}"), [], |row| row.get(0)).unwrap();
        self.says(tag);
        self.does(sql);
    }

    fn does(&self, sql: &str) {
        self.0.execute_batch(sql).unwrap();
    }
}

fn state(folder: &Path) -> Sqlite {
    Sqlite::open_guarded(&folder.join("state.db"), Arc::new(Marked)).unwrap()
}

/// Some of everything, in both customers.
async fn filled(site: &Site) -> Store {
    let store = site.begun().await;
    for n in 1..=4 {
        let tenant = if n % 2 == 0 { NORTH } else { SOUTH };
        for version in 1..=2 {
            write(&store, tenant, with_once(with_token(put(n, version), true, n), n * 2 + version as u8))
                .await
                .unwrap();
        }
        event(&store, NORTH, vec![HouseOp::PutAccount(account(n, n))]).await.unwrap();
    }
    store
}

fn damaged<T>(read: Result<T, StoreError>) -> bool {
    read.is_err_and(|error| error.is_damage())
}

#[tokio::test]
async fn a_row_that_was_changed_or_moved_is_not_read_and_the_others_are() {
    let folder = house::folder();
    let site = Site::new(folder.path());
    drop(filled(&site).await);
    let state = state(folder.path());
    let thief = Thief::at(&folder.path().join("state.db"));
    let one = "record WHERE record = x'02020202020202020202020202020202'";
    // Changed, with the tag that it had.
    thief.keeping(one, "UPDATE record SET state = 'closed' WHERE record = x'02020202020202020202020202020202'");
    let whole = storage::Find { kind: kind(), parent: None, state: None, after: None, limit: 10 };
    assert!(damaged(state.find(&NORTH, &whole)), "a list in which it stands is no answer");
    assert!(damaged(state.records(&NORTH, &[record(2)])));
    assert_eq!(state.records(&NORTH, &[record(4)]).unwrap()[0].version, 2);
    assert_eq!(state.find(&SOUTH, &whole).unwrap().len(), 2);
    // Moved to another customer, with the tag that it had there.
    thief.keeping(
        "record WHERE record = x'03030303030303030303030303030303'",
        "UPDATE record SET tenant = x'01010101010101010101010101010101'
         WHERE record = x'03030303030303030303030303030303'",
    );
    assert!(damaged(state.records(&NORTH, &[record(3)])));
    // Somebody else's rights, somebody else's password.
    thief.keeping(
        "account WHERE person = x'01010101010101010101010101010101'",
        "UPDATE account SET role = 'administrator' WHERE person = x'01010101010101010101010101010101'",
    );
    assert!(damaged(state.account(&PersonId([1; 16]))));
    assert!(damaged(state.account_by_login(&[1; 32])));
    assert!(state.account(&PersonId([2; 16])).unwrap().is_some());
    // A word that leads to another record.
    thief.keeping(
        "token",
        "UPDATE token SET record = x'04040404040404040404040404040404' WHERE token = (SELECT token FROM token LIMIT 1)",
    );
    let found: Vec<_> = (1..=4_u8)
        .map(|n| state.with_token(if n % 2 == 0 { &NORTH } else { &SOUTH }, &kind(), &field(), &[n; 32]))
        .collect();
    assert_eq!(found.iter().filter(|found| found.is_err()).count(), 1);
    // Which agreement is in force.
    thief.keeping("adopted", "UPDATE adopted SET since = 0");
    assert!(damaged(state.adopted()));
}

#[tokio::test]
async fn what_was_changed_is_not_copied_into_the_past_under_a_fresh_tag() {
    let folder = house::folder();
    let site = Site::new(folder.path());
    let store = filled(&site).await;
    let thief = Thief::at(&folder.path().join("state.db"));
    let of_two = "record = x'02020202020202020202020202020202'";
    thief.keeping(&format!("record WHERE {of_two}"), &format!("UPDATE record SET state = 'closed' WHERE {of_two}"));
    // The committer stops rather than apply over it.
    assert!(write(&store, NORTH, put(2, 3)).await.is_err());
    assert!(store.stopped().is_some());
    drop((store, thief));
    // And the next start has what was entered, as it was written.
    let store = site.open().unwrap();
    let past: Vec<StoredRecord> = store.past(&NORTH, &record(2)).unwrap();
    let states: Vec<_> = past.iter().map(|one| (one.version, one.state.clone())).collect();
    assert_eq!(states, [(2, None), (1, None)]);
    assert_eq!(store.record(&NORTH, &record(2)).unwrap().unwrap().version, 3);
}

/// Rows that go, come or come again, one sort after the other; `file` as it was copied before. Each time the start finds it.
#[tokio::test]
async fn rows_that_are_missing_or_of_another_day_are_noticed_at_the_start_and_the_state_is_made_anew() {
    let folder = house::folder();
    let site = Site::new(folder.path());
    drop(filled(&site).await);
    let path = folder.path().join("state.db");
    let before = std::fs::read(&path).unwrap();
    let store = site.open().unwrap();
    write(&store, NORTH, with_token(put(2, 3), true, 2)).await.unwrap();
    let held = store.fingerprint().unwrap();
    drop(store);
    let whole = std::fs::read(&path).unwrap();
    let old = folder.path().join("old.db");
    std::fs::write(&old, before).unwrap();
    let attach = format!("ATTACH '{}' AS old;", old.display());
    let again = |table: &str, columns: &str, of: &str| {
        format!(
            "{attach} DELETE FROM main.{table} WHERE {of}; INSERT INTO main.{table} ({columns}) SELECT {columns} FROM old.{table} WHERE {of};"
        )
    };
    let record_columns = "tenant, record, kind, version, person, parent, state, written, author, sealed, class";
    let of_two = "record = x'02020202020202020202020202020202'";
    let older = again("record", record_columns, of_two);
    let deeds: Vec<(&str, Option<&str>)> = vec![
        ("DELETE FROM record WHERE record = x'04040404040404040404040404040404'", None),
        ("DELETE FROM past WHERE version = 1", None),
        ("DELETE FROM token", None),
        ("DELETE FROM once", None),
        ("DELETE FROM account WHERE person = x'03030303030303030303030303030303'", None),
        ("DELETE FROM tenant", None),
        ("DELETE FROM root WHERE length(of) = 16", None),
        ("DELETE FROM root", None),
        ("UPDATE root SET sealed = (SELECT sealed FROM root WHERE of = x'68656164') WHERE length(of) = 16", None),
        ("UPDATE applied SET at = 64, segment = 1", None),
        ("DELETE FROM applied", None),
        ("UPDATE log SET size = size - 1", Some("log")),
        ("DROP INDEX record_by_kind", None),
        // A row as it was before, with the tag that it had before: genuine, and of another day.
        (&older, Some("old.record WHERE record = x'02020202020202020202020202020202'")),
    ];
    for (deed, keeps) in deeds {
        std::fs::write(&path, &whole).unwrap();
        let thief = Thief::at(&path);
        match keeps {
            None => thief.does(deed),
            Some(of) => {
                if let Some((attach, rest)) = deed.split_once(';').filter(|(attach, _)| attach.starts_with("ATTACH")) {
                    thief.does(attach);
                    thief.keeping(of, rest);
                } else {
                    thief.keeping(of, deed);
                }
            }
        }
        drop(thief);
        let state = state(folder.path());
        let empty = state.applied().unwrap().is_none();
        // An index that is gone is no row that is; it is missed where it is named.
        assert!(empty || deed.starts_with("DROP INDEX"), "{deed}");
        drop(state);
        if empty {
            let store = site.open().unwrap();
            assert_eq!(store.fingerprint().unwrap().hash, held.hash, "{deed}");
        }
    }
}

#[tokio::test]
async fn a_reading_that_meets_damage_makes_the_next_start_build_the_state_anew_whatever_its_size() {
    let folder = house::folder();
    let site = Site::new(folder.path());
    let store = filled(&site).await;
    let thief = Thief::at(&folder.path().join("state.db"));
    let of_two = "record = x'02020202020202020202020202020202'";
    thief.keeping(&format!("record WHERE {of_two}"), &format!("UPDATE record SET version = 9 WHERE {of_two}"));
    assert!(damaged(store.records(&NORTH, &[record(2)])));
    drop((store, thief));
    assert!(folder.path().join("state.distrusted").exists());
    let store = site.open().unwrap();
    assert!(!folder.path().join("state.distrusted").exists());
    assert_eq!(store.record(&NORTH, &record(2)).unwrap().unwrap().version, 2);
    read(&store, NORTH, 2, 2).await.unwrap();
}

#[tokio::test]
async fn a_state_of_another_key_and_one_without_tags_are_made_anew() {
    let folder = house::folder();
    let site = Site::new(folder.path());
    let store = filled(&site).await;
    let held = (store.fingerprint().unwrap().hash, all(&store, NORTH).len());
    drop(store);
    let plain = house::folder();
    let path = folder.path().join("state.db");
    let rebuilt = plain.path().join("state.db");
    storage::rebuild(&folder.path().join("journal"), None, None, &rebuilt, &site.tokens).unwrap();
    std::fs::copy(&rebuilt, &path).unwrap();
    assert_eq!(state(folder.path()).applied().unwrap(), None, "one without tags");
    assert_eq!(site.open().unwrap().fingerprint().unwrap().hash, held.0);
    struct Other;
    impl storage::Guard for Other {
        fn tag(&self, row: &[u8]) -> storage::Tag {
            Marked.tag(&[row, b"other"].concat())
        }
        fn element(&self, tag: &storage::Tag) -> [u8; 16] {
            Marked.element(tag)
        }
        fn seal_root(&self, _: &str, _: &[u8], plain: &[u8]) -> Result<Vec<u8>, StoreError> {
            Ok(plain.to_vec())
        }
        fn open_root(&self, _: &str, _: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
            Some(sealed.to_vec())
        }
    }
    for file in ["state.db", "state.db-wal", "state.db-shm"] {
        drop(std::fs::remove_file(folder.path().join(file)));
    }
    drop(Sqlite::open_guarded(&path, Arc::new(Other)).unwrap());
    assert_eq!(all(&site.open().unwrap(), NORTH).len(), held.1);
}

fn class() -> RetentionClass {
    RetentionClass::default()
}

fn person(n: u8) -> NewPerson {
    NewPerson { tenant: NORTH, person: PersonId([n; 16]), class: class(), wrapped: vec![n; 60] }
}

#[test]
fn a_key_that_is_missing_comes_again_or_is_of_another_day_stops_the_program() {
    let folder = house::folder();
    let path = folder.path().join("keys.db");
    let keys = open_keys(folder.path()).unwrap();
    keys.put_tenant_key(&NORTH, &[1; 60]).unwrap();
    keys.put_person_keys(&[person(1), person(2), person(3)]).unwrap();
    keys.put_link(&NORTH, &PersonId([1; 16]), &[7; 40]).unwrap();
    keys.put_house("pepper", &[5; 60]).unwrap();
    drop(keys);
    let old = folder.path().join("old.db");
    std::fs::copy(&path, &old).unwrap();
    let keys = open_keys(folder.path()).unwrap();
    keys.destroy(&NORTH, &PersonId([2; 16]), &[class()]).unwrap();
    keys.put_link(&NORTH, &PersonId([1; 16]), &[8; 40]).unwrap();
    keys.put_offsite(b"kept").unwrap();
    keys.put_person_key(&person(4)).unwrap();
    drop(keys);
    let whole = std::fs::read(&path).unwrap();
    let attach = format!("ATTACH '{}' AS old;", old.display());
    for deed in [
        "DELETE FROM person_key WHERE person = x'01010101010101010101010101010101'".to_owned(),
        "DELETE FROM link".to_owned(),
        "DELETE FROM house".to_owned(),
        "DELETE FROM tenant_key".to_owned(),
        "DELETE FROM change".to_owned(),
        "DELETE FROM offsite".to_owned(),
        "DELETE FROM root".to_owned(),
        "DELETE FROM root WHERE length(of) = 16".to_owned(),
        "UPDATE sqlite_sequence SET seq = 0".to_owned(),
        // Whoever was erased, from a copy of before.
        format!(
            "{attach} INSERT INTO main.person_key SELECT * FROM old.person_key WHERE person = x'02020202020202020202020202020202'"
        ),
        format!("{attach} INSERT OR REPLACE INTO main.link SELECT * FROM old.link"),
        format!("{attach} INSERT OR REPLACE INTO main.root SELECT * FROM old.root"),
        "UPDATE person_key SET tenant = x'02020202020202020202020202020202'".to_owned(),
    ] {
        std::fs::write(&path, &whole).unwrap();
        Thief::at(&path).does(&deed);
        let said = match open_keys(folder.path()) {
            Ok(_) => panic!("opened after: {deed}"),
            Err(error) => error,
        };
        assert!(said.is_damage() && said.to_string().contains("betrodd restore"), "{deed}: {said}");
    }
    std::fs::write(&path, &whole).unwrap();
    assert_eq!(open_keys(folder.path()).unwrap().classes(&NORTH, &PersonId([4; 16])).unwrap(), [class()]);
    // Nobody writes into it who does not keep its roots.
    let without = KeyStore::open(&path).unwrap();
    assert!(without.put_person_key(&person(9)).is_err_and(|error| error.is_damage()));
    assert_eq!(without.person_key(&NORTH, &PersonId([9; 16]), &class()).unwrap(), None);
}

#[tokio::test]
async fn an_older_file_of_keys_in_the_place_of_the_newer_stops_the_start() {
    let folder = house::folder();
    let site = Site::new(folder.path());
    drop(filled(&site).await);
    let (path, old) = (folder.path().join("keys.db"), folder.path().join("old.db"));
    std::fs::copy(&path, &old).unwrap();
    let keys = open_keys(folder.path()).unwrap();
    keys.destroy(&NORTH, &PersonId([2; 16]), &[class()]).unwrap();
    drop(keys);
    let store = site.open().unwrap();
    write(&store, SOUTH, put(1, 3)).await.unwrap();
    drop(store);
    let newer = std::fs::read(&path).unwrap();
    std::fs::copy(&old, &path).unwrap();
    let said = match site.open() {
        Ok(_) => panic!("an erased person would be back"),
        Err(error) => error.to_string(),
    };
    assert!(said.contains("older copy") && said.contains("would be back"), "{said}");
    std::fs::write(&path, newer).unwrap();
    site.open().unwrap();
}

#[test]
fn a_file_of_keys_from_before_there_were_roots_gets_them_once() {
    let folder = house::folder();
    let keys = KeyStore::open(&folder.path().join("keys.db")).unwrap();
    keys.put_person_keys(&[person(1), person(2)]).unwrap();
    drop(keys);
    let keys = open_keys(folder.path()).unwrap();
    keys.put_person_key(&person(3)).unwrap();
    drop(keys);
    let keys = KeyStore::open(&folder.path().join("keys.db")).unwrap();
    assert_eq!(keys.guard_with(Arc::new(Marked)).unwrap().rows, 3);
}
