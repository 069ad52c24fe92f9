//! The day after the disaster, with the second place in a bucket of a real S3 server: the same programs, the same promises.

use std::time::Duration;

use e2e::{S3Server, enters, run_to_end, verify};

use crate::desk::write;
use crate::people::{called, number};
use crate::recovery::{
    GONE, LATER, LIVES, OF_THE_GONE, OF_THE_LIVING, PNG, Places, files, holds, in_the_end, moment, opened,
};

#[test]
fn from_a_bucket_the_living_come_back_with_their_files_and_the_erased_do_not() {
    let Some(server) = S3Server::start() else { return };
    enters(&server);
    let (folder, [worker, boss]) = opened();
    let places = Places::new(folder, format!("s3://{}/betrodd", server.new_bucket()));
    let data = places.folder.path();
    std::fs::copy(data.join("root.key"), places.beside("safe-root.key")).expect("kept apart");

    let served = places.serve(&data);
    let mut visitor = worker.log_in(served.address());
    let [lives, gone] = [LIVES, GONE].map(|name| called(&mut visitor, "/matcha/deltagare", name));
    for (whose, text) in [(&lives, OF_THE_LIVING), (&gone, OF_THE_GONE)] {
        let fields = [("date", "2026-01-02"), ("text", text)];
        drop(write(&mut visitor, "daganteckningar", Some(number(whose)), &fields));
    }
    let picture = |of: &str| format!("/api/v1/matcha/deltagare/{}/files/picture", number(of));
    let token = visitor.token();
    let headers = [("x-csrf", token.as_str()), ("if-match", "\"1\"")];
    for whose in [&lives, &gone] {
        drop(visitor.send("PUT", &format!("{}?name=bild.png", picture(whose)), &headers, PNG).with_status(200));
    }
    served.stop();
    places.backup(&data);
    let served = places.serve(&data);
    let mut visitor = worker.log_in(served.address());
    let then = moment();
    std::thread::sleep(Duration::from_millis(20));
    let fields = [("date", "2026-01-03"), ("text", LATER)];
    drop(write(&mut visitor, "daganteckningar", Some(number(&lives)), &fields));
    let mut administrator = boss.log_in(served.address());
    let plan = administrator.get(&format!("{gone}/radera")).with_status(200);
    let certificate = administrator.submit(&plan, "/radera", &[]).with_status(200);
    let json = certificate.path.split(['?', '#']).next().expect("a path").to_owned() + ".json";
    let body = in_the_end(&mut administrator, &json, "\"since\"");
    assert!(body.contains("\"custodian\""), "{body}");
    drop(administrator);
    served.kill();
    std::fs::remove_dir_all(&data).expect("gone");

    let back = places.beside("back");
    let to = back.display().to_string();
    let (status, said) = places.restore(&places.second, &["--to", &to, "--at", &then]);
    assert!(status.success() && said.contains("Content is as it was"), "{said}");
    assert!(verify(&back).status.success());
    let served = places.serve(&back);
    let mut visitor = worker.log_in(served.address());
    let notes = format!("/api/v1/matcha/daganteckningar?parent={}", number(&lives));
    let notes = visitor.send("GET", &notes, &[], b"").with_status(200);
    notes.says(&[OF_THE_LIVING]).says_nothing_of(&[LATER]);
    assert_eq!(visitor.send("GET", &picture(&lives), &[], b"").status, 200);
    assert_eq!((visitor.get(&gone).status, visitor.send("GET", &picture(&gone), &[], b"").status), (404, 404));
    served.stop();
    for (path, bytes) in files(&[&back]) {
        assert!(!holds(&bytes, OF_THE_GONE) && !holds(&bytes, GONE), "{}", path.display());
    }
    places.backup(&back);
    let (status, said) = places.restore(&places.second, &["--drill"]);
    assert!(status.success() && said.contains("\"holds\": true"), "{said}");
    let (status, said) = run_to_end("doctor", &back, &["--english", "--archive", &places.second]);
    assert!(status.success() && said.contains("All is as it should be"), "{said}");
    // The server goes away: what is written goes on, and what must come from there is told.
    drop(server);
    let (status, said) = places.restore(&places.second, &["--to", &places.beside("never").display().to_string()]);
    assert!(!status.success() && said.contains("could not") && !places.beside("never").exists(), "{said}");
}
