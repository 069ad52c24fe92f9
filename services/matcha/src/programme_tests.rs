//! What is read of a programme, and what is told of one that does not read.

use super::*;
use jiff::civil::date;

const GOOD: &str = r#"
[programme.prov]
label = { sv = "Prov", en = "Trial" }
levels = ["A", "B"]

[[programme.prov.rules]]
from = "2026-01-01"
source = "villkoren 4.1"
week-hours = [ { from-month = 7, hours = "2" }, { from-month = 1, hours = "1.5" } ]
individual-meeting-days = 14
deviation-codes = ["17"]

[[programme.prov.price]]
from = "2026-07-01"
source = "prislistan 2026-07"
level = "A"
per = "placed-day"
amount = "61.25"

[[programme.prov.price]]
from = 2026-01-01
source = "prislistan"
level = "A"
per = "placed-day"
amount = "60"

[[programme.prov.weights]]
from = "2026-01-01"
source = "publicerad"
A = "0.701797"
B = "1"
"#;

#[test]
fn the_last_row_that_has_begun_governs_a_day() {
    let programmes = Programmes::read(GOOD).unwrap();
    let prov = programmes.named("prov").unwrap();
    assert_eq!(prov.price_at("A", date(2025, 12, 31)), None);
    assert_eq!(prov.price_at("A", date(2026, 6, 30)).unwrap().ore, 6000);
    assert_eq!(prov.price_at("A", date(2026, 7, 1)).unwrap().ore, 6125);
    assert_eq!(prov.price_at("B", date(2026, 7, 1)), None);
    assert_eq!(prov.next_price("A", date(2026, 6, 30)), Some(date(2026, 7, 1)));
    let rules = prov.rules_at(date(2026, 1, 1)).unwrap();
    assert_eq!((rules.week_hours.as_slice(), rules.physical_meeting_days), ([(1, 150), (7, 200)].as_slice(), None));
    assert_eq!(prov.weights_at(date(2026, 3, 1)).unwrap().of, [("A".to_owned(), 701_797), ("B".to_owned(), 1_000_000)]);
    assert_eq!(Programmes::read("").unwrap(), Programmes::default());
}

#[test]
fn every_fault_is_told_at_once_with_its_line_and_what_to_do() {
    for (good, bad, line, says) in [
        ("amount = \"61.25\"", "amount = \"61.255\"", 18, "högst 2 decimaler"),
        ("amount = \"61.25\"", "amount = 61.25", 18, "citattecken"),
        ("from = \"2026-07-01\"", "from = \"2026-07-32\"", 14, "2026-07-01"),
        ("individual-meeting-days = 14", "individual-meeting-days = 0", 10, "från 1 till 366"),
        ("individual-meeting-days = 14", "individuell-dagar = 14", 10, "rätta namnet"),
        (
            "level = \"A\"\nper = \"placed-day\"\namount = \"60\"",
            "level = \"C\"\nper = \"placed-day\"\namount = \"60\"",
            23,
            "A, B",
        ),
        ("source = \"villkoren 4.1\"\n", "", 6, "lägg till `source`"),
        ("per = \"placed-day\"\namount = \"60\"", "per = \"vecka\"\namount = \"60\"", 24, "attended-day"),
        ("B = \"1\"", "D = \"1\"", 31, "rätta namnet"),
        ("from = 2026-01-01\nsource = \"prislistan\"", "from = 2026-07-01\nsource = \"prislistan\"", 0, "annat datum"),
    ] {
        let text = GOOD.replacen(good, bad, 1);
        assert_ne!(text, GOOD, "{bad}");
        let faults = Programmes::read(&text).unwrap_err();
        let told = faults.iter().find(|fault| fault.remedy.sv.contains(says));
        let told = told.unwrap_or_else(|| panic!("{bad}: {faults:?}"));
        assert!(line == 0 || told.line == line, "{bad}: line {} and not {line}", told.line);
        assert!(!told.what.en.is_empty() && !told.remedy.en.is_empty());
    }
    let two = GOOD.replace("amount = \"60\"", "amount = \"x\"").replace("levels = [\"A\", \"B\"]", "levels = \"A\"");
    assert!(Programmes::read(&two).unwrap_err().len() >= 2);
}
