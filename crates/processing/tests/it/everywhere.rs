//! The second stage of certificates: by when, since when, and never before the rotation that makes it true.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use files::{Files, Folder};
use service::{Asked, Door, Everywhere, RestsOn, ToErase};
use terms::{Clock, RecordId};
use vault::Root;
use vault::custody::{
    ArchiveKey, ArchiveKeyId, Assumption, Custodian, CustodianError, InstallationId, Possession, PublicHalf,
};
use vault::offsite::{Copies, Offsite};

use crate::files::{case_worker, save, send, whole};
use crate::house::{House, asked, kind};

#[derive(Default)]
struct Memory(Mutex<BTreeMap<String, Vec<u8>>>);

impl Copies for Memory {
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        self.0.lock().unwrap().insert(name.to_owned(), bytes.to_vec());
        Ok(())
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        Ok(self.0.lock().unwrap().get(name).cloned())
    }

    fn list(&self, begins: &str) -> Result<Vec<String>, String> {
        Ok(self.0.lock().unwrap().keys().filter(|name| name.starts_with(begins)).cloned().collect())
    }

    fn delete(&self, name: &str) -> Result<(), String> {
        self.0.lock().unwrap().remove(name);
        Ok(())
    }
}

/// Keeps private halves in memory, for this test alone.
#[derive(Default)]
struct InMemory(Mutex<BTreeMap<ArchiveKeyId, [u8; 32]>>);

impl Custodian for InMemory {
    fn begin(&self, _: &InstallationId, _: &Possession) -> Result<(ArchiveKeyId, PublicHalf), CustodianError> {
        let (id, key) = ArchiveKey::new().unwrap();
        self.0.lock().unwrap().insert(id, *key.private());
        Ok((id, *key.public()))
    }

    fn open(
        &self,
        installation: &InstallationId,
        _: &Possession,
        key: &ArchiveKeyId,
        sealer: &PublicHalf,
    ) -> Result<zeroize::Zeroizing<[u8; 32]>, CustodianError> {
        let private = self.0.lock().unwrap().get(key).copied().ok_or(CustodianError::NotHere(*key))?;
        Ok(ArchiveKey::from_private(&private).unwrap().open(installation, sealer).unwrap())
    }

    fn destroy(&self, _: &InstallationId, _: &Possession, key: &ArchiveKeyId) -> Result<(), CustodianError> {
        self.0.lock().unwrap().remove(key);
        Ok(())
    }

    fn list(&self, _: &InstallationId, _: &Possession) -> Result<Vec<ArchiveKeyId>, CustodianError> {
        Ok(self.0.lock().unwrap().keys().copied().collect())
    }

    fn assumption(&self) -> Assumption {
        Assumption::PlainFile
    }
}

async fn erased(house: &House, head: &Asked, name: &str) -> RecordId {
    let gone = house.participant(head, name).await;
    let (_, plan) = house.processing.plan_erasure(head, &kind("participant"), gone).await.ok().unwrap();
    let to = ToErase { kind: &kind("participant"), record: gone, plan, back_until: None };
    house.processing.erase(head, to).await.ok().unwrap()
}

async fn stage(house: &House, head: &Asked, id: RecordId) -> Everywhere {
    house.processing.certificate(head, id).await.ok().unwrap().everywhere
}

/// Copies every six hours.
fn offsite(house: &House) -> Arc<Offsite> {
    let folder = house.folder.path();
    let root = Root::open_or_begin(&folder.join("root.key")).unwrap_or_else(|error| panic!("{error}"));
    let offsite = Offsite::new(
        &root,
        &house.vault,
        Arc::clone(&house.keys),
        Arc::new(Memory::default()),
        Arc::new(InMemory::default()),
        Arc::clone(&house.clock) as Arc<dyn Clock>,
        6 * 3600,
    )
    .unwrap();
    Arc::new(offsite)
}

#[tokio::test]
async fn a_certificate_gets_its_second_stage_by_the_rotation_whose_copy_was_begun_after_it() {
    let house = House::new().await;
    let head = asked(house.person(house.north, "unit-head", "Örjan").await, house.north, "provide");
    let administrator = asked(house.person(house.north, "administrator", "Birgitta").await, house.north, "provide");
    let first = erased(&house, &head, "Åsa").await;
    assert_eq!(stage(&house, &head, first).await, Everywhere::NoCopies);

    let offsite = offsite(&house);
    house.processing.keep_copies(Arc::clone(&offsite), false);
    let by = stage(&house, &head, first).await;
    assert!(matches!(by, Everywhere::By { late: false, rests_on: RestsOn::PlainFile, .. }), "{by:?}");

    // A rotation that was not made in time is told, to the customer too.
    house.later(600);
    assert!(matches!(stage(&house, &head, first).await, Everywhere::By { late: true, .. }));
    offsite.tick().unwrap();
    assert!(matches!(stage(&house, &head, first).await, Everywhere::By { .. }), "it has no entry yet");
    assert_eq!(house.processing.certify_everywhere().await.ok(), Some(1));
    let Everywhere::Since(unusable) = stage(&house, &head, first).await else { panic!("since") };
    assert_eq!((unusable.generation, unusable.rests_on), (1, RestsOn::PlainFile));
    assert_eq!(house.processing.certify_everywhere().await.ok(), Some(0), "once");

    // Who is erased now is in the copy that is in force, until the next one.
    let second = erased(&house, &head, "Göran").await;
    offsite.tick().unwrap();
    assert_eq!(house.processing.certify_everywhere().await.ok(), Some(0));
    assert!(matches!(stage(&house, &head, second).await, Everywhere::By { late: false, .. }));
    house.later(6 * 3600);
    // Stopped between the rotation and its entry: the next start makes it.
    offsite.tick().unwrap();
    assert_eq!(house.processing.certify_everywhere().await.ok(), Some(1));
    let Everywhere::Since(unusable) = stage(&house, &head, second).await else { panic!("since") };
    assert_eq!((unusable.generation, unusable.destroyed), (2, 1));
    assert_eq!(house.processing.certificates(&head).await.ok().unwrap().len(), 2);
    let log = house.log(&administrator).await;
    let entered = log.iter().filter(|one| one.entry.detail.event.as_deref() == Some("erasure-everywhere"));
    assert_eq!(entered.count(), 2);

    // It stands in the journal: a start from it alone comes to the same.
    drop(offsite);
    let house = house.reopened();
    let Everywhere::Since(again) = stage(&house, &head, second).await else { panic!("since") };
    assert_eq!(again, unusable);
}

#[tokio::test]
async fn a_rotation_at_once_waits_for_the_keys_and_not_for_the_certificate() {
    let (house, worker, participant) = case_worker().await;
    let value = send(&house, &worker, "paper", &mut whole(b"Plan")).await.unwrap();
    save(&house, &worker, "paper", participant, &value).await.unwrap();
    let head = asked(house.person(house.north, "unit-head", "Örjan").await, house.north, "provide");
    let house = house.without_files();
    let offsite = offsite(&house);
    house.processing.keep_copies(Arc::clone(&offsite), true);
    offsite.tick().unwrap();
    house.later(60);
    assert_eq!(house.processing.hurry_rotation().ok(), Some(false), "nobody was erased");
    let (_, plan) = house.processing.plan_erasure(&head, &kind("participant"), participant).await.ok().unwrap();
    let to = ToErase { kind: &kind("participant"), record: participant, plan, back_until: None };
    assert!(house.processing.erase(&head, to).await.is_err(), "the files are away, so there is no certificate");
    assert_eq!(house.processing.hurry_rotation().ok(), Some(true), "the keys are gone");
    house.later(60);
    assert_eq!(offsite.tick().unwrap().map(|rotated| rotated.generation), Some(2));
    assert_eq!(house.processing.hurry_rotation().ok(), Some(false), "and are in no copy");
    assert_eq!(house.processing.certify_everywhere().await.ok(), Some(0), "nothing is certified yet");

    // The second stage rests on a copy that was begun after the certificate.
    house.later(60);
    let place = Arc::new(Folder::open(&house.folder.path().join("files")).unwrap());
    let house = house.with_files(Files::new(place, None));
    house.processing.keep_copies(Arc::clone(&offsite), true);
    assert_eq!(house.processing.finish_erasures().await.ok(), Some(1));
    house.later(60);
    assert_eq!(offsite.tick().unwrap().map(|rotated| rotated.generation), Some(3), "it was asked for at once");
    assert_eq!(house.processing.certify_everywhere().await.ok(), Some(1));
    assert_eq!(house.processing.hurry_rotation().ok(), Some(false));
}
