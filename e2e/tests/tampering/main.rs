//! Twelve kinds of tampering with a customer's log, in numbers: each is found by our own checking and, where there is a published
//! log to look at, by Go's `sumdb` libraries, which we did not write. Who holds the signing key can make a shorter, an older or
//! another log that is sound by itself; those are found against a checkpoint that was kept outside, and by nothing else, which
//! is tested too.

mod go;
mod log;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use journal::{Continuation, Entry, Given, Knowledge, Leaf, Proof, TileReader, verify_given};
use terms::{Hash, Instant};

use crate::go::Go;
use crate::log::{Chance, History, OTHER, SIZES, TENANT, key, other_key};

/// How a rewritten log is signed.
#[derive(Clone, Copy, PartialEq)]
enum Signed {
    /// Not at all: the honest checkpoint lies beside it.
    Honest,
    /// Anew, by whoever holds the signing key.
    Anew,
}

/// A case: the folder is written, and what must be found.
struct Case {
    kind: &'static str,
    folder: tempfile::TempDir,
    key: journal::SigningKey,
    kept: bool,
    proofs: Vec<String>,
    finds: bool,
}

/// Asks both verifiers and counts; a case that is not found is named.
fn judge(cases: Vec<Case>) -> BTreeMap<&'static str, u64> {
    let go = Go::built();
    let mut questions = Vec::new();
    let mut ours = Vec::new();
    for case in &cases {
        let folder = case.folder.path();
        let kept = if case.kept { vec![folder.join("kept.checkpoint")] } else { Vec::new() };
        for (number, text) in case.proofs.iter().enumerate() {
            fs::write(folder.join(format!("{number}.tlog-proof")), text).expect("written");
        }
        let knowledge = Knowledge { seen: None, key: Some(case.key.verifier()), kept: kept.clone() };
        let given = Given::in_folder(folder).expect("a folder");
        let report = verify_given(&given, &knowledge).ok();
        ours.push(report.map(|report| match report.fault {
            None => "sound".to_owned(),
            Some(fault) => format!("WRONG: {fault}"),
        }));
        let mut question = vec![folder.display().to_string(), case.key.verifier().to_string()];
        question.extend(kept.iter().chain(&given.proofs).map(|file| file.display().to_string()));
        questions.push(question.join("\t"));
    }
    let theirs = go.ask(&questions);
    let mut counted = BTreeMap::new();
    for ((case, ours), theirs) in cases.iter().zip(&ours).zip(&theirs) {
        // That nothing can be read is an answer too, and never *sound*.
        let found = ours.as_deref() != Some("sound");
        assert_eq!(found, case.finds, "{}: we say {ours:?}, Go says {theirs}", case.kind);
        assert_eq!(theirs != "sound", case.finds, "{}: Go says {theirs}, we say {ours:?}", case.kind);
        *counted.entry(case.kind).or_default() += 1;
    }
    counted
}

fn case(kind: &'static str, history: &History, entries: &[Entry], signed: Signed, kept: bool, finds: bool) -> Case {
    let folder = tempfile::tempdir().expect("a folder");
    log::publish(folder.path(), entries, &key());
    if signed == Signed::Honest {
        // Tiles where the honest checkpoint looks for them: the attacker fills the log up to its size.
        fs::write(folder.path().join("checkpoint"), history.note(history.entries.len())).expect("written");
    }
    fs::write(folder.path().join("kept.checkpoint"), history.note(history.entries.len())).expect("written");
    Case { kind, folder, key: key(), kept, proofs: Vec::new(), finds }
}

/// What an attacker makes of honest entries.
fn rewritten(kind: &str, history: &History, chance: &mut Chance) -> Option<Vec<Entry>> {
    let mut entries = history.entries.clone();
    let last = entries.len() - 1;
    let at = chance.below(entries.len());
    match kind {
        "delete" => drop(entries.remove(at)),
        "insert" => entries.insert(at, log::entry(TENANT, 0, entries[at].leaf.time.micros(), 77)),
        "reorder" if last > 0 => entries.swap(at.min(last - 1), at.min(last - 1) + 1),
        "edit" => entries[at] = log::entry(TENANT, 0, entries[at].leaf.time.micros(), 78),
        "duplicate" => entries.insert(at, entries[at].clone()),
        "time shift" => {
            let back = chance.below(2) == 0;
            let shift = if back { -1_000_000_000_000 } else { 1 };
            entries[at].leaf.time = Instant(entries[at].leaf.time.micros() + shift);
        }
        "splice" => {
            let other: Vec<Entry> =
                (at..=last).map(|n| log::entry(OTHER, 0, entries[n].leaf.time.micros(), 1000 + n as u64)).collect();
            entries.splice(at.., other);
        }
        _ => return None,
    }
    // Filled or cut to the honest size, so that not the size alone gives it away.
    let time = entries.last().map_or(0, |entry| entry.leaf.time.micros());
    while entries.len() <= last {
        entries.push(log::entry(TENANT, 0, time, 79));
    }
    entries.truncate(last + 1);
    for (index, entry) in (0..).zip(&mut entries) {
        entry.index = index;
    }
    let same = entries.iter().map(|entry| entry.leaf.hash()).eq(history.entries.iter().map(|entry| entry.leaf.hash()));
    (!same).then_some(entries)
}

#[test]
fn twelve_kinds_of_tampering_are_found_by_two_verifiers() {
    let mut chance = Chance(0x5eed);
    let mut cases = Vec::new();
    for size in SIZES {
        let history = History::of(size);
        // The honest log is sound, or nothing below says anything.
        cases.push(case("honest", &history, &history.entries, Signed::Anew, true, false));
        for kind in ["delete", "insert", "reorder", "edit", "duplicate", "time shift", "splice"] {
            for _ in 0..4 {
                let Some(entries) = rewritten(kind, &history, &mut chance) else { continue };
                cases.push(case(kind, &history, &entries, Signed::Honest, false, true));
                cases.push(case(kind, &history, &entries, Signed::Anew, true, true));
            }
        }
        for _ in 0..4 {
            let short = chance.below(size);
            if short > 0 {
                let cut = &history.entries[..short];
                // Missing tiles under the honest checkpoint, a sound shorter log under a new one.
                cases.push(case("truncate", &history, cut, Signed::Honest, false, true));
                cases.push(case("truncate", &history, cut, Signed::Anew, true, true));
                cases.push(case("truncate, nothing kept", &history, cut, Signed::Anew, false, false));
                let mut old = case("old checkpoint", &history, &history.entries, Signed::Anew, true, true);
                log::publish(old.folder.path(), cut, &key());
                fs::write(old.folder.path().join("checkpoint"), history.note(short)).expect("written");
                old.kept = true;
                cases.push(old);
                let mut fork = history.entries[..short].to_vec();
                let time = fork.last().map_or(0, |entry| entry.leaf.time.micros());
                fork.extend((short..size + 3).map(|n| log::entry(TENANT, n as u64, time, 80)));
                cases.push(case("fork", &history, &fork, Signed::Anew, true, true));
                cases.push(case("fork, nothing kept", &history, &fork, Signed::Anew, false, false));
            }
        }
        let mut swapped = case("key swap", &history, &history.entries, Signed::Anew, true, true);
        log::publish(swapped.folder.path(), &history.entries, &other_key());
        swapped.key = key();
        cases.push(swapped);
        cases.extend(forged(&history, &mut chance));
    }
    let all = cases.len();
    let counted = judge(cases);
    println!("{all} cases: {counted:?}");
    let kinds = [
        "delete",
        "insert",
        "reorder",
        "edit",
        "duplicate",
        "truncate",
        "fork",
        "old checkpoint",
        "key swap",
        "time shift",
        "splice",
        "forged proof",
    ];
    for kind in kinds {
        assert!(counted.get(kind).is_some_and(|count| *count >= 7), "too few of {kind}: {counted:?}");
    }
}

/// An honest proof, and forged ones: of another entry, at another place, with a path or a checkpoint of elsewhere.
fn forged(history: &History, chance: &mut Chance) -> Vec<Case> {
    let size = history.entries.len();
    let at = chance.below(size);
    let folder = tempfile::tempdir().expect("a folder");
    log::publish(folder.path(), &history.entries, &key());
    let reader = TileReader::at(folder.path(), size as u64);
    let honest = history.proof(&reader, at);
    assert!(honest.verify(&key().verifier()).is_ok());
    let mut forged = Vec::new();
    let mut other_leaf = honest.clone();
    other_leaf.evidence.leaf = log::entry(TENANT, 0, 5, 99).leaf.encode().to_vec();
    forged.push(other_leaf);
    forged.push(Proof { index: honest.index + 1, ..honest.clone() });
    let mut longer = honest.clone();
    longer.path.push(Hash([7; 32]));
    forged.push(longer);
    if !honest.path.is_empty() {
        let mut bent = honest.clone();
        let step = chance.below(bent.path.len());
        bent.path[step].0[chance.below(32)] ^= 1;
        forged.push(bent);
    }
    let stranger = Proof { note: log::note_of(&history.entries, &other_key(), &TENANT), ..honest.clone() };
    forged.push(stranger);
    let write = |kind, proof: &Proof, finds| {
        let mut one = case(kind, history, &history.entries, Signed::Anew, false, finds);
        one.proofs = vec![proof.encode()];
        one
    };
    let mut cases: Vec<Case> = forged.iter().map(|proof| write("forged proof", proof, true)).collect();
    cases.push(write("honest proof", &honest, false));
    cases
}

#[test]
fn any_changed_letter_of_a_proof_is_found() {
    let history = History::of(300);
    let folder = tempfile::tempdir().expect("a folder");
    log::publish(folder.path(), &history.entries, &key());
    let text = history.proof(&TileReader::at(folder.path(), 300), 123).encode();
    let (honest, key) = (Proof::decode(&text).expect("a proof"), key().verifier());
    let honest = honest.verify(&key).expect("it holds");
    assert!(honest.installation.is_some() && honest.detail.is_some());
    let mut tried = 0;
    for place in 0..text.len() {
        for bit in 0..8 {
            let mut bytes = text.clone().into_bytes();
            bytes[place] ^= 1 << bit;
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            let outcome = Proof::decode(&changed).and_then(|proof| proof.verify(&key));
            // A changed letter may leave the same proof only where it means the same.
            assert!(outcome.is_err() || outcome == Ok(honest.clone()), "letter {place}, bit {bit}");
            tried += 1;
        }
    }
    println!("{tried} changed letters");
}

#[test]
fn consistency_is_proved_between_all_sizes_and_go_agrees() {
    let go = Go::built();
    let history = History::of(300);
    let folder = tempfile::tempdir().expect("a folder");
    log::publish(folder.path(), &history.entries, &key());
    let mut questions = Vec::new();
    let mut ours = Vec::new();
    for old in [1, 2, 3, 255, 256, 257, 299, 300] {
        for bent in [false, true] {
            let reader = TileReader::at(folder.path(), 300);
            let mut path = reader.consistency(old).expect("a proof");
            if bent {
                match path.first_mut() {
                    Some(first) => first.0[0] ^= 1,
                    None => path.push(Hash([1; 32])),
                }
            }
            let continues = Continuation { old, path, note: history.note(300) };
            let place = tempfile::tempdir_in(folder.path()).expect("a folder").keep();
            log::publish(&place, &history.entries, &key());
            fs::write(place.join("kept"), history.note(old as usize)).expect("written");
            fs::write(place.join("x.consistency"), continues.encode()).expect("written");
            let note = journal::Checkpoint::open(&history.note(old as usize), &key().verifier()).expect("signed");
            let read = Continuation::decode(&continues.encode()).expect("reads back");
            ours.push(read.verify(&note, &key().verifier()).is_ok());
            assert_eq!(ours.last(), Some(&!bent), "{old}");
            questions.push(format!(
                "{}\t{}\t{}",
                place.display(),
                key().verifier(),
                place.join("x.consistency").display()
            ));
        }
    }
    let theirs: Vec<bool> = go.ask(&questions).iter().map(|said| said == "sound").collect();
    assert_eq!(ours, theirs);
}

#[test]
fn a_leaf_says_when_and_of_what_kind_and_nothing_else() {
    let one = log::entry(TENANT, 0, 5, 1);
    let leaf = Leaf::decode(&one.leaf.encode()).expect("a leaf");
    assert_eq!((leaf.time, leaf.kind), (one.leaf.time, one.leaf.kind));
    assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join("go/verify.go").is_file());
}
