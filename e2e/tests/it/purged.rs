//! Details of the log that the agreement lets go: shown first, then taken out by the program that people run, killed at any time, and
//! told to whoever reads the log.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use e2e::{Program, built, repository, run_to_end, verify};

use crate::people::{ADMINISTRATOR, Demo};

fn purge(data: &Path, services: &Path, more: &[&str]) -> String {
    let services = services.display().to_string();
    let mut all = vec!["--english", "--services", &services];
    all.extend(more);
    let (status, said) = run_to_end("purge", data, &all);
    assert!(status.success(), "{said}");
    said
}

fn purged(data: &Path) -> u64 {
    let checked = verify(data);
    let said = String::from_utf8_lossy(&[checked.stdout, checked.stderr].concat()).into_owned();
    assert!(checked.status.success(), "{said}");
    let line = said.lines().find(|line| line.contains("without a detail"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// How many days ago, as the filter of the log wants it.
fn days_ago(days: i64) -> String {
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::get("Europe/Stockholm").expect("Sweden"));
    now.date().checked_sub(jiff::Span::new().days(days)).expect("a day").to_string()
}

#[test]
fn what_the_agreement_lets_go_of_the_log_goes_and_the_log_says_when_and_by_which_clause() {
    let (demo, services) = Demo::start_on_a_copy();
    // No period is stated: nothing goes, and the log's page says so.
    let log = "/matcha/vem-har-sett";
    demo.enter(ADMINISTRATOR).get(log).with_status(200).says(&["Därför rensas inget ur den"]);
    let Demo { program, folder } = demo;
    program.stop();
    let data = folder.path();
    let said = purge(&data, &services, &["--carry-out"]);
    assert!(said.contains("states no period") && said.contains("0 entries are purged"), "{said}");
    assert_eq!(purged(&data), 0);
    let demo = Demo { program: demo_with(&data, &services), folder };

    // The parties agree on ten days.
    let demo = demo.after(&services, || {
        let file = services.join("matcha/agreement.sv.md");
        let text = std::fs::read_to_string(&file).expect("the agreement");
        let silent = "keep = { not-found = \"hur länge åtkomstloggen sparas\" }";
        assert_eq!(text.matches(silent).count(), 2);
        std::fs::write(&file, text.replace(silent, "keep = \"10 days\"")).expect("written");
    });
    let Demo { program, folder } = demo;
    program.stop();

    // The plan first: nothing is changed by it.
    let said = purge(&data, &services, &[]);
    assert!(said.contains("kept 10 days (clause S.11)") && said.contains("Nothing is purged yet"), "{said}");
    assert_eq!(purged(&data), 0);

    // Killed wherever it has come to, it is sound, and goes on the next time.
    for after in [5, 20, 60, 120, 250, 500] {
        let mut program = Command::new(built("BETRODD_BIN", "betrodd"));
        program.args(["purge", "--carry-out", "--data"]).arg(&data).arg("--services").arg(&services);
        program.current_dir(repository()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = program.spawn().expect("the program starts");
        std::thread::sleep(Duration::from_millis(after));
        drop(child.kill());
        child.wait().expect("it ends");
        // The next start puts in order what the kill left of the tiles, before anybody checks them.
        purge(&data, &services, &[]);
        let _ = purged(&data);
    }
    purge(&data, &services, &["--carry-out"]);
    let gone = purged(&data);
    assert!(gone > 100, "{gone}");
    assert!(purge(&data, &services, &["--carry-out"]).contains("0 entries are purged"));

    // Who reads the log is told, on the page and in the file; and every proof holds.
    let demo = Demo { program: demo_with(&data, &services), folder };
    let mut boss = demo.enter(ADMINISTRATOR);
    boss.get(log).with_status(200).says(&["Rader äldre än 10 dagar rensas", "Senast rensades", "enligt punkt S.11"]);
    let old = format!("{log}?to={}", days_ago(12));
    let page = boss.get(&old).with_status(200);
    page.says(&["Detaljerna rensades", ">S.11</a>"]);
    let sheet = boss.get(&format!("{log}.csv?to={}", days_ago(12))).with_status(200);
    sheet.says(&["Detaljerna rensades", "access-logging"]);
    let links = page.links();
    let proof = links.iter().find(|link| link.ends_with(".tlog-proof")).expect("a proof");
    boss.get(proof).with_status(200).says(&["c2sp.org/tlog-proof@v1"]);
    // The newer ones say all that they said.
    boss.get(&format!("{log}?from={}", days_ago(8))).with_status(200).says_nothing_of(&["Detaljerna rensades"]);
    boss.get(&format!("{log}?outcome=refused&to={}", days_ago(12))).with_status(200).says_nothing_of(&["Detaljerna"]);
    let Demo { program, folder } = demo;
    assert!(!program.said().contains("ERROR"), "{}", program.said());
    program.stop();
    assert_eq!(purged(&data), gone);
    drop(folder);
}

fn demo_with(data: &Path, services: &Path) -> Program {
    Program::demo(data, &["--services", services.to_str().expect("a path in UTF-8")])
}
