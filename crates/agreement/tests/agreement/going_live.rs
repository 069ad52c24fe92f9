//! Going live: what stops it, what an override lets through, and for how long.

use std::fs;
use std::path::Path;

use agreement::Agreement;
use agreement::art28::{Evidence, Override, going_live, read_overrides};
use jiff::civil::Date;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn service(name: &str) -> (Agreement, Vec<Override>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../services").join(name);
    let text = fs::read_to_string(folder.join("agreement.sv.md")).unwrap();
    let agreement = Agreement::read("agreement.sv.md", &text).unwrap_or_else(|faults| panic!("{faults}"));
    let overrides = read_overrides(&fs::read_to_string(folder.join("overrides.toml")).unwrap());
    (agreement, overrides.unwrap_or_else(|error| panic!("{name}: {error}")))
}

fn stops(agreement: &Agreement, on: &str, overrides: &[Override]) -> Vec<String> {
    let stops = going_live(agreement, &Evidence::default(), day(on), overrides).err().unwrap_or_default();
    stops.into_iter().map(|stop| stop.id).collect()
}

#[test]
fn an_open_block_and_an_undecided_refusal_stop_until_somebody_decides() {
    let (agreement, overrides) = service("matcha");
    let open = stops(&agreement, "2026-11-21", &[]);
    assert_eq!(open, ["B07", "C03", "C04", "F06", "K02", "T-09", "T-21"]);
    assert!(stops(&agreement, "2026-11-21", &overrides).is_empty());
}

#[test]
fn an_override_is_for_what_it_names_and_ends_on_its_day() {
    let (agreement, mut overrides) = service("matcha");
    overrides[0].of.retain(|id| id != "F06");
    assert_eq!(stops(&agreement, "2026-11-21", &overrides), ["F06"]);
    let after = overrides[0].until.tomorrow().unwrap().to_string();
    assert_eq!(stops(&agreement, &after, &overrides).len(), 7);
    let told = going_live(&agreement, &Evidence::default(), day(&after), &overrides).unwrap_err();
    assert!(told.iter().any(|stop| stop.id == "B07" && stop.to_string().contains("no longer")), "{told:?}");
}

#[test]
fn every_service_goes_live_with_its_overrides_and_none_is_needless() {
    for name in ["matcha", "cling", "senseworks", "entre"] {
        let (agreement, overrides) = service(name);
        let mut open = stops(&agreement, "2026-11-21", &[]);
        let mut overridden: Vec<String> = overrides.iter().flat_map(|it| it.of.clone()).collect();
        open.sort();
        open.dedup();
        overridden.sort();
        assert_eq!(open, overridden, "{name}");
    }
}

#[test]
fn an_override_says_of_what_who_why_and_until_when() {
    let whole =
        "[[override]]\nof = [\"B07\"]\nwho = \"styrelsen\"\nwhy = { sv = \"x\", en = \"y\" }\nuntil = \"2027-06-30\"\n";
    assert_eq!(read_overrides(whole).map(|all| all.len()), Ok(1));
    assert_eq!(read_overrides(""), Ok(vec![]));
    for gone in ["of = [\"B07\"]\n", "who = \"styrelsen\"\n", "until = \"2027-06-30\"\n"] {
        assert!(read_overrides(&whole.replace(gone, "")).is_err(), "{gone}");
    }
    assert!(read_overrides(&whole.replace("\"styrelsen\"", "\" \"")).is_err());
}
