//! Files for people: what the reader says of good and bad texts, and the tables of the agreements in this repository.
//!
//! A change is accepted with `BETRODD_ACCEPT=1 cargo test -p agreement`, after looking at the difference as its reader would.

use std::fs;
use std::path::{Path, PathBuf};

use agreement::{Agreement, art28, explain};
use terms::{Instant, Language};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Compares with the file, or writes it when a person says so.
fn check(path: &Path, actual: &str) -> Result<(), String> {
    if std::env::var_os("BETRODD_ACCEPT").is_some_and(|value| value == "1") {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, actual).unwrap();
        return Ok(());
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    if expected == actual {
        return Ok(());
    }
    let at = expected.lines().zip(actual.lines()).take_while(|(was, is)| was == is).count();
    let (was, is) = (expected.lines().nth(at).unwrap_or(""), actual.lines().nth(at).unwrap_or(""));
    Err(format!("{}:{}\n  was: {was}\n  is:  {is}\n", path.display(), at + 1))
}

/// Every message that the reader can give, on one page, each with the smallest text that causes it.
#[test]
fn every_message_stands_on_one_page_with_the_text_that_causes_it() {
    let mut page = String::from(
        "# Messages of the reader\n\nWritten by the tests from `crates/agreement/tests/bad`: each text below, read with a small faultless \
         agreement after it unless it says `alone`, gives the messages under it. All faults are told at once.\n",
    );
    for path in markdown_files(&folder("tests/bad")).into_iter().filter(|path| !path.ends_with("frame.md")) {
        let name = path.file_stem().unwrap().to_str().unwrap().replace('-', " ");
        let text = fs::read_to_string(&path).unwrap();
        let out = fs::read_to_string(path.with_extension("out")).unwrap_or_default();
        // The first line is for whoever accepts the file, not for whoever reads the page.
        let messages = out.split_once("\n\n").map_or("", |(_, rest)| rest);
        let shown: String = text.replace('\r', "").chars().map(|c| if c == '\u{feff}' { '␣' } else { c }).collect();
        let lines: Vec<&str> = shown.lines().collect();
        let shown = if lines.len() > 60 || shown.len() > 6_000 {
            let head: String = shown.chars().take(400).collect();
            format!("{head}\n… ({} lines in all)", lines.len())
        } else {
            shown
        };
        page.push_str(&format!(
            "\n## {name}\n\n~~~~markdown\n{}\n~~~~\n\n~~~~text\n{}\n~~~~\n",
            shown.trim_end(),
            messages.trim_end()
        ));
    }
    if let Err(difference) = check(&folder("../../docs/messages.md"), &page) {
        panic!("{difference}");
    }
}

fn markdown_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    files.sort();
    files
}

#[test]
fn every_bad_file_says_what_is_wrong() {
    let folder = folder("tests/bad");
    let frame = fs::read_to_string(folder.join("frame.md")).unwrap();
    assert!(Agreement::read("frame.md", &frame).is_ok());
    let mut differences = String::new();
    for path in markdown_files(&folder).into_iter().filter(|path| !path.ends_with("frame.md")) {
        let fragment = fs::read_to_string(&path).unwrap();
        let text = if fragment.starts_with("<!-- alone -->") { fragment } else { format!("{fragment}\n{frame}") };
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let faults = match Agreement::read(&name, &text) {
            Err(faults) => faults,
            Ok(_) => panic!("{name} has no fault"),
        };
        assert!(!faults.as_slice().is_empty());
        let first = "For authors of agreements: does this message tell you what to do? Accept with BETRODD_ACCEPT=1.";
        let out = format!("{first}\n\n{faults}\n");
        differences.extend(check(&path.with_extension("out"), &out).err());
    }
    assert!(differences.is_empty(), "{differences}");
}

#[test]
fn every_good_file_reads_and_shows_its_terms() {
    let mut differences = String::new();
    for path in markdown_files(&folder("tests/good")) {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let read = Agreement::read(&name, &text);
        let mut out = explain::check_result(&name, &read);
        let agreement = read.unwrap_or_else(|faults| panic!("{faults}"));
        out.push_str("\n\n");
        out.push_str(&explain::who_may_see_what(&agreement, Language::En));
        out.push('\n');
        for clause in agreement.clauses() {
            out.push_str(&format!(
                "\n{} {:?} {:?} level {} line {} sources {:?} blocks {}\n{}",
                clause.id,
                clause.number,
                clause.title,
                clause.level,
                clause.line,
                clause.sources,
                clause.terms.len(),
                clause.prose
            ));
        }
        differences.extend(check(&path.with_extension("out"), &out).err());
    }
    assert!(differences.is_empty(), "{differences}");
}

/// Every service with an agreement in this repository, by its folder.
pub fn services() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for parent in ["../../services", "../../examples/services"] {
        let Ok(folders) = fs::read_dir(folder(parent)) else { continue };
        let mut folders: Vec<_> = folders.map(|entry| entry.unwrap().path()).collect();
        folders.sort();
        for service in folders {
            for name in ["agreement.sv.md", "agreement.en.md"] {
                if let Ok(text) = fs::read_to_string(service.join(name)) {
                    // The English reading of a Swedish agreement holds no terms.
                    if text.contains("[agreement]") {
                        found.push((service.join(name), text));
                        break;
                    }
                }
            }
        }
    }
    found
}

/// A Friday afternoon before the clock changes and before Easter, in Swedish time: 27 March 2026, 15.30.
const FRIDAY: Instant = Instant(1_774_621_800_000_000);

#[test]
fn the_tables_of_every_agreement_are_those_that_people_have_looked_at() {
    let mut differences = String::new();
    for (path, text) in services() {
        let (name, expected) = (path.file_name().unwrap().to_str().unwrap(), path.parent().unwrap().join("expected"));
        let accept = "BETRODD_ACCEPT=1 cargo test -p agreement";
        let read = Agreement::read(name, &text);
        let tables = {
            let result = explain::check_result(name, &read);
            let agreement = read.unwrap_or_else(|faults| panic!("{}: {faults}", path.display()));
            let day = "2026-03-27".parse().unwrap();
            [
                (
                    "check-result.txt",
                    format!(
                        "For those who answer for the agreement: is the text really silent about this? Accept with {accept}.\n\n{result}"
                    ),
                ),
                (
                    "who-may-see-what.txt",
                    format!(
                        "Läses av den som svarar för avtalet och av kundens dataskyddsombud: ska var och en få se just detta? Godta med {accept}.\n\n{}",
                        explain::who_may_see_what(&agreement, Language::Sv)
                    ),
                ),
                (
                    "what-falls-due.txt",
                    format!(
                        "Läses av den som svarar för avtalet: är detta vad var och en ska göra, och till dess? Allt händer fredagen den 27 mars 2026 kl. 15.30. Godta med {accept}.\n\n{}",
                        explain::what_falls_due(&agreement, Language::Sv, FRIDAY)
                    ),
                ),
                (
                    "article-28.txt",
                    format!(
                        "Läses av den som svarar för avtalet: är omdömet riktigt, och är meningen klar? Godta med {accept}.\n\n{}",
                        explain::article_28(
                            &agreement,
                            &art28::check(&agreement, &art28::Evidence::default(), day),
                            Language::Sv
                        )
                    ),
                ),
                (
                    "record-of-processing.txt",
                    format!(
                        "Läses av den som för registret enligt artikel 30.2: är det så här? Godta med {accept}.\n\n{}",
                        explain::record_of_processing(&agreement, Language::Sv, day)
                    ),
                ),
            ]
        };
        for (file, table) in tables {
            differences.extend(check(&expected.join(file), &table).err());
        }
    }
    assert!(differences.is_empty(), "{differences}");
}
