//! One program at a time.

use storage::{FolderError, Lock};

use crate::house;
use crate::house::Site;

#[tokio::test]
async fn a_second_program_on_the_same_folder_is_refused_in_words() {
    let folder = house::folder();
    let site = Site::new(folder.path());
    let store = site.begun().await;
    let Err(storage::OpenError::Folder(refused)) = site.open() else { panic!("a second store opened") };
    assert!(matches!(refused, FolderError::InUse { .. }));
    let told = format!(
        "another Betrodd program is using the data folder {}; stop it first, or name another folder with --data",
        folder.path().display()
    );
    assert_eq!(refused.to_string(), told);
    drop(store);
    site.open().expect("free again once the first is gone");
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let Err(refused) = Lock::take(&file.path().join("data")) else { panic!("a file became a folder") };
    assert!(refused.to_string().contains(&*file.path().to_string_lossy()), "{refused}");
}
