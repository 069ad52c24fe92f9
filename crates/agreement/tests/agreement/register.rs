//! A register is read as a register and refused as an agreement, and its rows are those of the original.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use agreement::Agreement;
use agreement::art28::{self, Evidence};
use agreement::law::Law;
use agreement::register::{Register, Row, Transfer, Treated};
use terms::{Instant, Language, SubprocessorId};

use crate::model::act;

const REGISTER: &str = include_str!("../../../../services/websupport/register.sv.md");
/// Row, organisation, country and whether Privacy Shield is stated, taken from the original by hand.
const FACTS: &str = include_str!("../register/websupport.tsv");

fn websupport() -> Register {
    Register::read("register.sv.md", REGISTER).unwrap_or_else(|faults| panic!("{faults}"))
}

/// The smallest register that reads, with one row.
const SMALL: &str = r#"# Liten {#a}

```toml
[register]
service = "small"
title = { sv = "Liten", en = "Small" }
language = "sv"
published = "2026-01-01"
says-it-is = "lista"
of = "controller"

[category.name]
label = { sv = "Namn", en = "Name" }

[recipients]
otherwise = "refuse"
unless = "nothing"
says = "used"
```

## R.1 Någon {#one}

```toml
[[recipient]]
id = "one"
name = "Någon AB"
reason = { sv = "post", en = "post" }
data = "namn"
categories = ["name"]
country = "SE"
grounds = ["a6-1-b"]
stated-role = "processor"
treated-role = "processor"
treated = "open"
```
"#;

fn faults(text: &str) -> String {
    Register::read("r.md", text).map_or_else(|faults| faults.to_string(), |_| String::new())
}

#[test]
fn the_rows_are_those_of_the_original_in_its_order() {
    let register = websupport();
    let facts: Vec<Vec<&str>> =
        FACTS.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect()).collect();
    assert_eq!(register.rows().len(), facts.len());
    for (row, fact) in register.rows().iter().zip(&facts) {
        let number: usize = fact[0].parse().unwrap();
        let clause = register.clause(row.clause()).unwrap();
        assert_eq!(clause.number, format!("R.{number:02}"));
        assert_eq!(clause.sources, [format!("L-R.{number:02}")]);
        assert_eq!((row.name(), row.country()), (fact[1], Some(fact[2])));
        assert_eq!(row.transfer() == Some("privacy-shield-2016"), fact[3] == "privacy-shield", "{}", row.name());
        assert_eq!(row.grounds(), ["a6-1-b"]);
    }
}

#[test]
fn the_import_says_thirty_eight_rows_of_thirty_seven_suppliers_in_eleven_countries() {
    let register = websupport();
    assert_eq!((register.rows().len(), register.suppliers()), (38, 37));
    let expected = [
        ("AU", 1),
        ("BE", 1),
        ("CA", 2),
        ("DE", 3),
        ("DK", 2),
        ("FI", 1),
        ("IE", 1),
        ("LU", 1),
        ("PL", 1),
        ("SE", 14),
        ("US", 11),
    ];
    assert_eq!(register.countries(), BTreeMap::from(expected));
    let twice: Vec<&str> = register.rows().iter().filter(|row| row.supplier() != row.id()).map(Row::id).collect();
    assert_eq!(twice, ["tucows-certificates"]);
}

#[test]
fn rows_without_a_basis_outside_the_area_receive_nothing_and_canada_waits_for_a_person() {
    let register = websupport();
    let of = |country: &str, treated: Treated| {
        register.rows().iter().filter(|row| row.country() == Some(country) && row.treated() == treated).count()
    };
    assert_eq!(of("US", Treated::Blocked), 11);
    assert_eq!(of("AU", Treated::Blocked), 1);
    assert_eq!(of("CA", Treated::Warned), 2);
    assert_eq!(register.rows().iter().filter(|row| row.treated() == Treated::Blocked).count(), 12);
    let without: Vec<&str> = register
        .rows()
        .iter()
        .filter(|row| row.country() == Some("US") && row.transfer().is_none())
        .map(Row::id)
        .collect();
    assert_eq!(without, ["google", "liveagent", "mailchimp"]);
}

#[test]
fn every_row_says_what_it_is_called_and_eleven_are_treated_as_controllers() {
    let register = websupport();
    assert!(register.rows().iter().all(|row| row.stated_role() == Some("processor")));
    assert_eq!(register.rows().iter().filter(|row| row.treated_role() == Some("controller")).count(), 11);
}

#[test]
fn every_trap_of_the_register_stands_in_it() {
    let register = websupport();
    let traps: Vec<&str> = register.general().iter().filter_map(|term| term.text("trap")).collect();
    for trap in ["T-08", "T-09", "T-12", "T-13", "T-14", "T-22", "T-61", "T-62", "T-63", "T-64"] {
        assert!(traps.contains(&trap), "{trap}");
    }
}

#[test]
fn it_is_no_agreement_and_the_one_fault_says_why() {
    let refused = Agreement::read("register.sv.md", REGISTER).map(|_| ()).unwrap_err();
    assert_eq!(refused.as_slice().len(), 1, "{refused}");
    let fault = &refused.as_slice()[0];
    assert!(fault.message.contains("it calls itself `biträdesavtal`"), "{}", fault.message);
    for point in ["(a)", "(b)", "(c)", "(d)", "(e)", "(f)", "(g)", "(h)"] {
        assert!(fault.message.contains(point), "{point} in {}", fault.message);
    }
    assert!(fault.remedy.starts_with("Load it as a register"), "{}", fault.remedy);
}

#[test]
fn an_agreement_is_no_register() {
    let matcha = include_str!("../../../../services/matcha/agreement.sv.md");
    let told = faults(matcha);
    assert!(told.contains("`agreement` belongs to an agreement, and this text is read as a register"), "{told}");
    assert!(told.contains("there is no `[register]` block"), "{told}");
}

#[test]
fn a_row_with_an_empty_column_is_not_taken() {
    assert_eq!(faults(SMALL), "");
    for column in ["id", "name", "reason", "data", "country", "grounds", "treated"] {
        let without: String = SMALL
            .lines()
            .filter(|line| !line.starts_with(&format!("{column} =")))
            .map(|line| format!("{line}\n"))
            .collect();
        assert!(faults(&without).contains(&format!("`{column}` is missing")), "{column}: {}", faults(&without));
    }
}

#[test]
fn every_fault_of_a_register_has_its_remedy() {
    let cases = [
        (SMALL.replace("categories = [\"name\"]", "categories = [\"nam\"]"), "Did you mean `name`?"),
        (SMALL.replace("country = \"SE\"", "country = \"Sverige\""), "Write two capital letters"),
        (SMALL.replace("treated = \"open\"", "treated = \"opne\""), "Did you mean `open`?"),
        (SMALL.replace("[recipients]", "[recipient-rule]"), "Add one, with `otherwise"),
        (SMALL.replace("otherwise = \"refuse\"\n", ""), "Add `otherwise = …` to this block."),
        (SMALL.replace("[[recipient]]", "[recipient]"), "with two brackets"),
        (SMALL.replace("id = \"one\"", "id = \"Ett\""), "is no name"),
        (SMALL.replace("service = \"small\"", "service = \"Å\""), "is no name of a service"),
        (format!("{SMALL}\n{}", &SMALL[SMALL.find("```toml\n[[").unwrap()..]), "is defined a second time"),
        (SMALL[..SMALL.find("## R.1").unwrap()].to_owned(), "the register has no rows"),
        (format!("{SMALL}\n```toml\n[incident.notice]\n```\n"), "belongs to an agreement"),
        (String::new(), "there is no `[register]` block"),
    ];
    for (text, expected) in cases {
        assert!(faults(&text).contains(expected), "{expected} in {}", faults(&text));
    }
}

#[test]
fn the_rows_judged_on_two_days_stand_beside_the_register() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../services/websupport/expected/recipients.txt");
    let days: Vec<jiff::civil::Date> = ["2020-06-18", "2026-11-21"].iter().map(|day| day.parse().unwrap()).collect();
    let actual = format!(
        "Läses av den som svarar för registret: får var och en det den ska, och vilar det på något? Dagarna är registrets egen och \
         21 november 2026.\nGodta med BETRODD_ACCEPT=1 cargo test -p agreement.\n\n{}",
        websupport().table(Language::Sv, &days)
    );
    if std::env::var_os("BETRODD_ACCEPT").is_some_and(|value| value == "1") {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &actual).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap_or_default() == actual, "recipients.txt is not what the register says");
}

#[test]
fn privacy_shield_carried_eight_rows_on_the_registers_day_and_none_four_weeks_later() {
    let register = websupport();
    let count = |day: &str, is: fn(Transfer<'_>) -> bool| {
        let law = Law::built_in().at(day.parse().unwrap());
        register.rows().iter().filter(|row| is(row.judged(law))).count()
    };
    assert_eq!(count("2020-06-18", |it| matches!(it, Transfer::Holds(_))), 8);
    assert_eq!(count("2020-07-16", |it| matches!(it, Transfer::Holds(_))), 0);
    assert_eq!(count("2020-07-16", |it| matches!(it, Transfer::Ended(_, day) if day.to_string() == "2020-07-16")), 8);
    assert_eq!(count("2026-11-21", |it| matches!(it, Transfer::NoBasis)), 6);
    assert_eq!(count("2026-11-21", |it| matches!(it, Transfer::NotNeeded)), 24);
}

#[test]
fn a_ground_for_processing_is_no_basis_for_a_transfer() {
    let text = SMALL.replace("country = \"SE\"", "country = \"US\"\ntransfer = \"a6-1-b\"");
    let register = Register::read("r.md", &text).unwrap_or_else(|faults| panic!("{faults}"));
    let judged = register.rows()[0].judged(Law::built_in().at("2026-11-21".parse().unwrap()));
    assert!(matches!(judged, Transfer::NotThere), "{judged:?}");
}

const BASIS: &str = include_str!("../../../../services/websupport/basis.sv.md");

fn basis() -> Agreement {
    websupport().read_under("basis.sv.md", BASIS).unwrap_or_else(|faults| panic!("{faults}"))
}

/// What comes of disclosing these categories of a customer to a row, on a day.
fn disclosed(agreement: &Agreement, to: &str, country: &str, categories: &str, on: &str) -> String {
    let mut act = act(&format!("platform disclose provide customer: {categories}"));
    act.recipient = Some(SubprocessorId::new(to).unwrap());
    act.country = Some(country.to_owned());
    let noon = on.parse::<jiff::civil::Date>().unwrap().at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap();
    act.instant = Instant(noon.timestamp().as_microsecond());
    match agreement.decide(act) {
        Ok(_) => "yes".to_owned(),
        Err(refusal) => format!("{} {}", refusal.reason.code(), refusal.clause),
    }
}

#[test]
fn the_rows_are_the_only_recipients_of_the_operators_basis() {
    let agreement = basis();
    assert_eq!(agreement.subprocessors().len(), 38);
    let ids: Vec<&str> = agreement.subprocessors().iter().map(|one| one.id.as_str()).collect();
    let rows = websupport();
    let rows: Vec<&str> = rows.rows().iter().map(Row::id).collect();
    assert_eq!(ids, rows);
    assert_eq!(disclosed(&agreement, "elsewhere", "SE", "name", "2026-11-21"), "recipient-not-agreed recipients");
}

#[test]
fn a_row_receives_what_it_states_and_no_more() {
    let agreement = basis();
    assert_eq!(disclosed(&agreement, "eurid", "BE", "name address email phone", "2026-11-21"), "yes");
    let more = disclosed(&agreement, "eurid", "BE", "name customer-number", "2026-11-21");
    assert_eq!(more, "recipient-not-agreed recipient-eurid");
    assert_eq!(disclosed(&agreement, "eurid", "US", "name", "2026-11-21"), "place-not-agreed recipients");
    assert_eq!(disclosed(&agreement, "atlassian", "AU", "name", "2026-11-21"), "no-transfer-basis recipients");
}

#[test]
fn every_row_outside_the_area_is_closed_until_a_basis_that_holds_is_recorded() {
    let agreement = basis();
    for row in websupport().rows() {
        let country = row.country().unwrap();
        let Some(category) =
            row.categories().iter().find(|category| ["name", "email", "phone"].contains(&category.as_str()))
        else {
            continue;
        };
        let outside = ["US", "CA", "AU"].contains(&country);
        let answer = disclosed(&agreement, row.id(), country, category, "2026-11-21");
        assert_eq!(answer, if outside { "no-transfer-basis recipients" } else { "yes" }, "{}", row.name());
    }
}

/// The register where a person has opened Verisign's row.
fn opened() -> Register {
    let row = REGISTER.find("id = \"verisign\"").unwrap();
    let (before, after) = REGISTER.split_at(row);
    let text = format!("{before}{}", after.replacen("value = \"blocked\"", "value = \"open\"", 1));
    Register::read("register.sv.md", &text).unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn a_row_opens_when_a_person_has_opened_it_and_a_basis_that_holds_is_on_paper() {
    let clauses =
        "\n```toml\n[[transfer]]\nsubprocessor = \"verisign\"\nbasis = \"scc-2021-m2\"\nevidence = \"3 maj\"\n```\n";
    let recorded = format!("{BASIS}{clauses}");
    let read = |register: &Register, basis: &str| {
        register.read_under("basis.sv.md", basis).unwrap_or_else(|faults| panic!("{faults}"))
    };
    let verisign = |agreement: &Agreement, on: &str| disclosed(agreement, "verisign", "US", "name", on);
    assert_eq!(verisign(&read(&websupport(), &recorded), "2026-11-21"), "recipient-not-agreed recipient-verisign");
    assert_eq!(verisign(&read(&opened(), BASIS), "2026-11-21"), "no-transfer-basis recipients");
    let both = read(&opened(), &recorded);
    assert_eq!(verisign(&both, "2026-11-21"), "yes");
    assert_eq!(verisign(&both, "2021-01-02"), "no-transfer-basis recipients");
}

#[test]
fn what_the_rows_state_is_judged_on_the_day() {
    // As if the recipient's listing under Privacy Shield had been on paper.
    let listed = opened().under(BASIS).replace(
        "subprocessor = \"verisign\"\nbasis = \"privacy-shield-2016\"",
        "subprocessor = \"verisign\"\nbasis = \"privacy-shield-2016\"\nevidence = \"listan\"",
    );
    let agreement = Agreement::read("basis.sv.md", &listed).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(disclosed(&agreement, "verisign", "US", "name", "2020-07-15"), "yes");
    assert_eq!(disclosed(&agreement, "verisign", "US", "name", "2020-07-16"), "no-transfer-basis recipients");
}

#[test]
fn a_basis_says_that_it_is_the_operators_own() {
    let register = websupport();
    let told = |text: &str| {
        register.read_under("basis.sv.md", text).map_or_else(|faults| faults.to_string(), |_| String::new())
    };
    assert_eq!(told(BASIS), "");
    let passes = BASIS.replacen(
        "provenance = \"set by the operator\"\nwhy = \"registrets orsaker visar vad som säljs\"\n",
        "",
        1,
    );
    assert!(told(&passes).contains("a purpose passes for something that an agreement states"), "{}", told(&passes));
    let unmarked = BASIS.replace("part = \"processing-basis\"", "part = \"terms\"");
    assert!(told(&unmarked).contains("does not say that it is the operator's own"), "{}", told(&unmarked));
    let another = BASIS.replace("service = \"websupport\"", "service = \"cling\"");
    assert!(told(&another).contains("the basis is for `cling`"), "{}", told(&another));
    let own = format!(
        "{BASIS}\n```toml\n[[subprocessor]]\nid = \"ours\"\nname = \"Vår AB\"\ntask = {{ sv = \"drift\", en = \"operation\" }}\n```\n"
    );
    assert!(told(&own).contains("the recipient `ours` is not in the register"), "{}", told(&own));
}

#[test]
fn the_basis_lacks_what_article_28_asks_of_an_agreement_and_the_check_says_so() {
    let report = art28::check(&basis(), &Evidence::default(), "2026-11-21".parse().unwrap());
    let open: Vec<&str> = report.blocking().map(|(check, _)| check.id).collect();
    for id in ["A08", "B01", "C01", "C04", "D01", "E01"] {
        assert!(open.contains(&id), "{id} in {open:?}");
    }
}

#[test]
fn a_register_cut_anywhere_is_read_or_refused_and_nothing_stops() {
    let register = websupport();
    for at in (0..REGISTER.len()).step_by(997).filter(|at| REGISTER.is_char_boundary(*at)) {
        let (head, tail) = REGISTER.split_at(at);
        for text in [head, tail] {
            let _ = Register::read("r.md", text);
            let _ = Agreement::read("r.md", text);
        }
        let _ = register.read_under("b.md", BASIS.get(..at).unwrap_or(BASIS));
    }
}
