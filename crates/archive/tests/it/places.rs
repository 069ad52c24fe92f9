//! What every place promises, asked of each.

use std::io::Read;

use archive::{Bucket, BucketSettings, Directory, Listed, Place, get, put_checked, put_stream_checked};

use crate::objects::{Failing, Fails, S3Server, bucket, settings};

fn keeps_its_promises(place: &dyn Place) {
    let names = |under: &str| -> Vec<String> { place.list(under).unwrap().into_iter().map(|one| one.name).collect() };
    assert_eq!(names(""), Vec::<String>::new());
    assert!(place.open("tail/1/0").unwrap().is_none());
    place.delete("tail/1/0").unwrap();

    put_checked(place, "tail/1/0", b"first").unwrap();
    put_checked(place, "tail/1/0", b"second, and longer").unwrap();
    put_checked(place, "tail/10/0", b"").unwrap();
    put_checked(place, "format", b"1").unwrap();
    assert_eq!(get(place, "tail/1/0", 100).unwrap().as_deref(), Some(&b"second, and longer"[..]));
    assert_eq!(get(place, "tail/10/0", 100).unwrap().as_deref(), Some(&b""[..]));
    assert!(get(place, "tail/1/0", 3).unwrap_err().to_string().contains("larger than 3 bytes"));
    assert_eq!(names(""), ["format", "tail/1/0", "tail/10/0"]);
    assert_eq!(place.list("tail/1/").unwrap(), [Listed { name: "tail/1/0".to_owned(), bytes: 18 }]);
    assert_eq!(names("nothing/"), Vec::<String>::new());

    // Larger than what goes in one request, and no multiple of it.
    let mut large: Vec<u8> = (0..20_000_003_u32).map(|at| (at % 251) as u8).collect();
    let hash = put_stream_checked(place, "snapshots/large", &mut &*large).unwrap();
    let mut back = Vec::new();
    place.open("snapshots/large").unwrap().unwrap().read_to_end(&mut back).unwrap();
    assert!(back == large);
    large.truncate(8 << 20);
    assert_ne!(put_stream_checked(place, "snapshots/large", &mut &*large).unwrap(), hash);
    assert_eq!(place.list("snapshots/").unwrap()[0].bytes, 8 << 20);

    // A source that breaks off leaves what was there.
    struct Breaks(usize);
    impl Read for Breaks {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            self.0 = self.0.checked_sub(into.len()).ok_or(std::io::ErrorKind::ConnectionReset)?;
            Ok(into.len())
        }
    }
    for after in [100, 12 << 20] {
        assert!(place.put("snapshots/large", &mut Breaks(after)).is_err());
        assert_eq!(place.list("snapshots/").unwrap(), [Listed { name: "snapshots/large".to_owned(), bytes: 8 << 20 }]);
    }

    for name in ["", "../out", "a//b", "/a", "a/", ".growing/a", "A", "å", "a b"] {
        assert!(place.put(name, &mut &b"x"[..]).unwrap_err().to_string().contains("no name of an object"), "{name}");
        assert!(place.open(name).is_err() && place.delete(name).is_err(), "{name}");
    }
    place.delete("tail/1/0").unwrap();
    assert_eq!(names("tail/"), ["tail/10/0"]);
}

#[test]
fn a_directory_keeps_its_promises() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("second/place");
    let place = Directory::open(&path).unwrap();
    keeps_its_promises(&place);
    assert_eq!(place.called(), path.display().to_string());
    // What grew when somebody died is no object, and is taken away.
    std::fs::write(path.join(".growing/half"), "ha").unwrap();
    let place = Directory::open(&path).unwrap();
    assert!(!path.join(".growing/half").exists());
    assert_eq!(place.list("").unwrap().len(), 3);
}

#[test]
fn a_bucket_of_a_real_s3_server_keeps_its_promises() {
    let Some(server) = S3Server::start() else { return };
    keeps_its_promises(&bucket(&server, ""));
    keeps_its_promises(&bucket(&server, "betrodd/first"));
}

#[test]
fn a_bucket_that_is_not_there_or_does_not_answer_is_told_with_its_name_and_without_the_secret() {
    let nobody = BucketSettings {
        bucket: "archive".to_owned(),
        under: "x".to_owned(),
        // The discard port: nothing listens there.
        endpoint: Some("http://127.0.0.1:9".to_owned()),
        region: "eu-north-1".to_owned(),
        access_key: "somebody".to_owned(),
        secret_key: "very-secret".to_owned(),
    };
    let mut all = vec![nobody.clone()];
    let server = S3Server::start();
    all.extend(server.as_ref().map(|server| settings(server.address(), "never-made", "x")));
    for settings in all {
        let place = Bucket::open(&settings).unwrap();
        assert_eq!(place.called(), format!("s3://{}/x", settings.bucket));
        let told = place.put("format", &mut &b"1"[..]).unwrap_err().to_string();
        assert!(told.contains("could not put `format`") && !told.contains("very-secret"), "{told}");
    }
    // HTTP that nobody encrypts is used only where the address says so.
    assert!(Bucket::open(&BucketSettings { under: "../x".to_owned(), ..nobody }).is_err());
}

#[test]
fn half_an_object_or_none_is_not_taken_for_put() {
    let folder = tempfile::tempdir().unwrap();
    let place = Failing::new(folder.path());
    for fails in [Fails::Error, Fails::Half, Fails::Nothing] {
        place.will(&[fails]);
        assert!(put_checked(&place, "segment", b"sealed bytes").is_err(), "{fails:?}");
        place.will(&[fails]);
        assert!(put_stream_checked(&place, "segment", &mut &b"sealed bytes"[..]).is_err(), "{fails:?}");
        put_checked(&place, "segment", b"sealed bytes").unwrap();
        place.delete("segment").unwrap();
    }
}
