//! What is wrong with an installation, its second place, its custodian or its settings: each is told with what to do, and nothing is lost
//! or touched.

use std::path::Path;

use e2e::{Folder, Program, run_alone, run_to_end, verify};

use crate::recovery::{Places, copy, files, opened};

#[track_caller]
fn refused(data: &Path, arguments: &[&str], says: &[&str]) {
    // The databases may be put in order by being opened; what everything is made from, and what opens it, may not change.
    let kept = || {
        let mut kept = files(&[&data.join("journal")]);
        kept.extend(std::fs::read(data.join("root.key")).map(|key| (data.join("root.key"), key)));
        kept
    };
    let before = kept();
    let (status, said) = Program::refused("serve", data, &[&["--plain-http"], arguments].concat());
    assert!(!status.success());
    for text in says {
        assert!(said.contains(text), "it does not say {text:?}:\n{said}");
    }
    let after = kept();
    let changed: Vec<_> =
        before.keys().chain(after.keys()).filter(|path| before.get(*path) != after.get(*path)).collect();
    assert!(changed.is_empty(), "{changed:?} was touched");
}

#[test]
fn a_wrong_root_key_another_installations_archive_and_a_checkpoint_from_the_future_stop_the_start() {
    let (folder, [worker, _]) = opened();
    let (data, other) = (folder.path(), Folder::fresh());
    Program::demo(&other.path(), &[]).stop();

    let root = std::fs::read(data.join("root.key")).expect("a key");
    std::fs::write(data.join("root.key"), [7; 32]).expect("written");
    refused(&data, &[], &["`root.key` is not the key"]);
    std::fs::write(data.join("root.key"), root).expect("written");

    // The other demo's archive lies in its folder.
    let archive = other.path().join("archive").display().to_string();
    let theirs = files(&[Path::new(&archive)]);
    refused(&data, &["--archive", &archive], &["is of installation", "Nothing was touched", "name another place"]);
    assert!(theirs == files(&[Path::new(&archive)]), "the other's archive was touched");

    // What was published says more than the journal holds: somebody set the journal back.
    let earlier = folder.path().with_file_name("earlier");
    copy(&data.join("journal"), &earlier);
    let served = Program::start("serve", &data, &["--plain-http"]);
    drop(worker.log_in(served.address()));
    served.stop();
    std::fs::remove_dir_all(data.join("journal")).expect("gone");
    copy(&earlier, &data.join("journal"));
    let (status, said) = run_to_end("doctor", &data, &["--english"]);
    assert_eq!(status.code(), Some(2), "{said}");
    assert!(said.contains("The journal is not what was written or promised") && said.contains("restore"), "{said}");
    let checked = verify(&data);
    assert_eq!(checked.status.code(), Some(1), "{}", String::from_utf8_lossy(&checked.stdout));
}

#[test]
fn a_custodian_out_of_reach_and_an_impossible_instant_are_told_before_anything_is_made() {
    let (folder, _) = opened();
    let second = folder.path().with_file_name("second").display().to_string();
    let places = Places::new(folder, second);
    let data = places.folder.path();
    std::fs::copy(data.join("root.key"), places.beside("safe-root.key")).expect("kept apart");
    places.backup(&data);
    let to = places.beside("back");
    let into = to.display().to_string();
    for (at, says) in [("2020-01-01", "it goes from"), ("2290-01-01", "it goes from"), ("i morgon", "is no time")] {
        let (status, said) = places.restore(&places.second, &["--to", &into, "--at", at]);
        assert!(!status.success() && said.contains(says) && !to.exists(), "{at}: {said}");
    }
    let root = places.beside("safe-root.key").display().to_string();
    let secret = places.beside("third").join("custodian.secret").display().to_string();
    let nobody = format!("unix:{}", places.beside("nobody.sock").display());
    let all = ["restore", "--from", &places.second, "--root-key", &root, "--to", &into];
    let (status, said) = run_alone(&[&all[..], &["--custodian", &nobody, "--custodian-secret", &secret]].concat());
    assert!(!status.success() && said.contains("cannot be reached") && said.contains("betrodd custodian"), "{said}");
    assert!(!to.exists());
    // While it is away the service goes on, and says so.
    let archive = places.second.as_str();
    let away = ["--plain-http", "--archive", archive, "--custodian", &nobody, "--custodian-secret", &secret];
    Program::start("serve", &data, &away).stop();
    assert!(verify(&data).status.success());
    // The keys of another installation do not open this one's archive.
    let other = Folder::fresh();
    Program::demo(&other.path(), &[]).stop();
    let (keys, root) = (other.path().join("keys.db"), other.path().join("root.key"));
    let (keys, root) = (keys.display().to_string(), root.display().to_string());
    let all = ["restore", "--from", archive, "--root-key", &root, "--keys", &keys, "--to", &into];
    let (status, said) = run_alone(&all);
    assert!(!status.success() && said.contains("is of installation") && !to.exists(), "{said}");
}

#[test]
fn settings_are_read_from_the_folder_and_every_fault_is_told_with_its_line() {
    let (folder, _) = opened();
    let data = folder.path();
    let second = folder.path().with_file_name("second");
    let settings = data.join("betrodd.toml");
    let write = |text: &str| std::fs::write(&settings, text).expect("written");
    write("archive = \"second\"\nrotate-keys-hours = 48\nproxy = true\n");
    refused(
        &data,
        &[],
        &[
            "betrodd.toml:1: `archive` is no path from the root",
            "betrodd.toml:2: `rotate-keys-hours` is no whole number from 1 to 24",
            "betrodd.toml:3: `proxy` is no setting",
            "Nothing was started",
        ],
    );
    write(&format!("archive = {:?}\nrotate-keys-hours = 6\n", second.display()));
    Program::start("serve", &data, &["--plain-http"]).stop();
    assert!(second.join("betrodd-archive").is_file(), "it was shipped to");
    let (_, said) = run_to_end("doctor", &data, &["--english", "--quick"]);
    assert!(said.contains("The second place has") && said.contains("The archive key was changed"), "{said}");
    let named = folder.path().with_file_name("no.toml").display().to_string();
    refused(&data, &["--settings", &named], &["no.toml` cannot be read", "Nothing was started"]);
}
