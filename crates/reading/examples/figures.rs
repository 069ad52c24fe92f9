//! How much of what originals state a reading finds, against facts that people wrote down: `figures SEEDS FACTS`, run by
//! `cargo xtask reading SEEDS FACTS`. The originals are arguments and never part of the repository.
//!
//! Facts that a person worded anew (an English summary of a Swedish sentence) cannot be compared by their words; they are left out
//! and counted as such. What is compared: names, places, roles, data, bases, numbers with units, dates, lists, boundaries of clauses.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "an example may stop")]

use std::collections::BTreeMap;
use std::path::Path;

use reading::{Proposal, Reading, Source, Value};
use serde_json::Value as Json;
use terms::Language;

/// What a deadline or a number is called in the facts, and which field states it.
const NUMBERS: &[(&str, &str)] = &[
    ("termination notice after refused", "instruction.refused"),
    ("recourse claim notice", "liability.claim"),
    ("liability cap", "liability.cap"),
    ("hourly rate", "money.rate"),
    ("restore test", "backup.restore-test"),
    ("policy revision", "security.review"),
    ("incident notice receipt", "incident.received"),
    ("incident notice", "incident.notice"),
    ("new sub-processor", "subprocessor-change.objection"),
    ("objection to sub-processor", "subprocessor-change.objection"),
    ("on-site audit notice", "audit.notice"),
    ("audit notice", "audit.notice"),
    ("return at end", "ending.within"),
    ("return or erasure at end", "ending.within"),
    ("logging and security data at end", "ending.logs"),
    ("erasure in term", "retention.in-term"),
    ("claims between parties", "liability.claim"),
    ("pitr", "backup.point-in-time"),
    ("backups", "backup.every"),
    ("missing or unlawful instruction", "instruction.unlawful"),
    ("compelled disclosure", "disclosure.compelled"),
    ("data request window", "ending.request-window"),
    ("licence evidence", "retention.licence-evidence"),
    ("force majeure", "duration.force-majeure"),
    ("notice period for termination", "duration.notice"),
    ("authority request", "authority.notice"),
    ("data-subject referral", "request.refer"),
    ("renewal cancel", "duration.renewal"),
    ("termination after", "duration.notice"),
    ("processor termination after", "instruction.refused"),
    ("controller termination after", "subprocessor-change.leave"),
    ("termination", "duration.notice"),
    ("payment", "money.payment"),
    ("storage after end", "ending.within"),
    ("warranty claim", "warranty.claim"),
    ("data error claim", "error-report.claim"),
    ("storage quota", "service.quota"),
    ("support start", "support.start"),
    ("support-free days", "support.free-days"),
    ("temporary copy", "retention.temporary"),
    ("training", "security.training"),
    ("document date", "document.version"),
];

struct Case {
    group: &'static str,
    what: String,
    wanted: String,
    got: String,
    found: bool,
}

struct Tally {
    cases: Vec<Case>,
    absent_kept: usize,
    absent_broken: Vec<String>,
    left_out: usize,
}

impl Tally {
    fn add(&mut self, group: &'static str, what: impl Into<String>, wanted: &str, got: Vec<String>, found: bool) {
        let got = if got.is_empty() { "not found".to_owned() } else { got.join(" | ") };
        self.cases.push(Case { group, what: what.into(), wanted: wanted.to_owned(), got, found });
    }

    /// The facts say that the text does not state it.
    fn absent(&mut self, reading: &Reading, field: &'static str) {
        match reading.of_field(field).find(|it| it.is_first()) {
            None => self.absent_kept += 1,
            Some(it) => self.absent_broken.push(format!("{field}: {} (line {})", told(it), it.lines().0)),
        }
    }
}

fn told(it: &Proposal) -> String {
    reading::told::value(it.value(), Language::En)
}

fn plain(text: &str) -> String {
    text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

fn same(a: &str, b: &str) -> bool {
    plain(a) == plain(b)
}

fn values(reading: &Reading, field: &str) -> Vec<String> {
    reading.of_field(field).map(told).collect()
}

/// Which finding a trap of the originals' comparison is expected as. Only traps that are of the text itself, and of no agreement
/// beside it.
const TRAPS: &[(&str, &[&str])] = &[
    ("T-01", &["other-documents"]),
    ("T-02", &["pages", "flattened-table", "broken-sentences"]),
    ("T-03", &["missing-annex"]),
    ("T-04", &["twice-numbered", "missing-number"]),
    ("T-05", &["implied-numbers"]),
    ("T-06", &["lost-numbers", "broken-sentences"]),
    ("T-07", &["empty-list", "missing-annex"]),
    ("T-08", &["no-agreement"]),
    ("T-09", &["unnamed-party"]),
    ("T-10", &["no-main-agreement"]),
    ("T-11", &["empty-link"]),
    ("T-12", &["broken-words"]),
    ("T-13", &["outdated-name"]),
    ("T-14", &["no-transfer-tool"]),
    ("T-15", &["no-transfer-tool"]),
    ("T-17", &["outdated-name"]),
    ("T-18", &["outdated-name"]),
    ("T-19", &["outdated-name"]),
    ("T-20", &["open-places"]),
];

type Expected = BTreeMap<String, Vec<(&'static str, &'static [&'static str])>>;

/// The traps of each original, by the first three signs of its name, out of the table `| T-01 | E | … |` beside the originals.
fn expected_traps(seeds: &str) -> Expected {
    let text = std::fs::read_to_string(Path::new(seeds).join("variation.md")).unwrap_or_default();
    let mut all = Expected::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, id, of, ..] = cells.as_slice() else { continue };
        let Some((trap, kinds)) = TRAPS.iter().find(|(trap, _)| trap == id) else { continue };
        for (letter, name) in [("M", "000"), ("C", "001"), ("S", "002"), ("E", "003"), ("L", "004")] {
            if of.split(',').any(|one| one.trim() == letter || one.trim() == "all") {
                all.entry(name.to_owned()).or_default().push((trap, kinds));
            }
        }
    }
    all
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [seeds, facts] = arguments.as_slice() else {
        eprintln!("usage: figures SEEDS FACTS");
        std::process::exit(2);
    };
    let clauses = std::fs::read_to_string(Path::new(seeds).join("clauses.tsv")).unwrap_or_default();
    let mut files: Vec<_> = std::fs::read_dir(facts)
        .expect("the facts")
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .collect();
    files.sort();
    let mut totals: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
    let (mut proposals, mut invented) = (0, 0);
    let mut misses = Vec::new();
    let (mut kept, mut broken, mut left_out) = (0, 0, 0);
    let traps = expected_traps(seeds);
    let (mut trapped, mut all_traps) = (0, 0);
    let mut names = Vec::new();
    for file in files {
        let facts: Json = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let name = facts["seed"].as_str().unwrap();
        let bytes = std::fs::read(Path::new(seeds).join(name)).expect("the original");
        let begun = std::time::Instant::now();
        let reading = Reading::of(Source::read(name, &bytes).expect("a text"));
        let took = begun.elapsed();
        let mut tally = Tally { cases: Vec::new(), absent_kept: 0, absent_broken: Vec::new(), left_out: 0 };
        recipients(&reading, &facts, &mut tally);
        parties(&reading, &facts, &mut tally);
        numbers(&reading, &facts, &mut tally);
        lists(&reading, &facts, &mut tally);
        service(&reading, &facts, &mut tally);
        boundaries(&reading, &clauses, name, &mut tally);
        let bad = reading.proposals.iter().filter(|it| !is_quoted(&reading, it)).count();
        proposals += reading.proposals.len();
        invented += bad;
        println!(
            "\n{name}: {} ({:?}, {} proposals, {bad} not in their quotation)",
            reading.verdict.code(),
            took,
            reading.proposals.len()
        );
        for (trap, kinds) in traps.get(name.get(..3).unwrap_or("")).into_iter().flatten() {
            let found = reading.findings.iter().any(|finding| kinds.contains(&finding.kind.code()));
            (trapped, all_traps) = (trapped + usize::from(found), all_traps + 1);
            println!("  {trap}: {} ({})", if found { "found" } else { "NOT FOUND" }, kinds.join(", "));
        }
        let mut groups: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
        for case in &tally.cases {
            let (found, all) = groups.entry(case.group).or_default();
            *found += usize::from(case.found);
            *all += 1;
            let (found, all) = totals.entry(case.group).or_default();
            *found += usize::from(case.found);
            *all += 1;
            if !case.found {
                misses.push(format!(
                    "{name}: {}: {}: wanted `{}`, got {}",
                    case.group,
                    case.what,
                    case.wanted,
                    cut(&case.got)
                ));
            }
        }
        for (group, (found, all)) in groups {
            println!("  {group:<22} {found:>3} of {all:>3}  {:>5.1} %", percent(found, all));
        }
        println!(
            "  not stated, and not found: {}; not stated, yet proposed: {}",
            tally.absent_kept,
            tally.absent_broken.len()
        );
        misses.extend(tally.absent_broken.iter().map(|it| format!("{name}: not stated by the facts: {it}")));
        kept += tally.absent_kept;
        broken += tally.absent_broken.len();
        left_out += tally.left_out;
        names.push(name.to_owned());
    }
    println!("\nAll {} originals", names.len());
    let (mut found_all, mut all_all) = (0, 0);
    for (group, (found, all)) in &totals {
        println!("  {group:<22} {found:>3} of {all:>3}  {:>5.1} %", percent(*found, *all));
        if *group != "clause boundaries" {
            found_all += found;
            all_all += all;
        }
    }
    println!("  {:<22} {found_all:>3} of {all_all:>3}  {:>5.1} %", "all fields", percent(found_all, all_all));
    println!(
        "  invented values: {invented} of {proposals} proposals (each tried again against its quotation in the source)"
    );
    println!("  not stated, and not found: {kept}; not stated, yet proposed: {broken}");
    println!("  facts worded anew, which cannot be compared: {left_out}");
    println!("\nMisses");
    for miss in &misses {
        println!("  {miss}");
    }
}

fn percent(found: usize, all: usize) -> f64 {
    if all == 0 { 100.0 } else { found as f64 * 100.0 / all as f64 }
}

fn cut(text: &str) -> String {
    text.chars().take(160).collect()
}

/// Tried again and independently: the quotation stands in the source, and the value's own words stand in the quotation.
fn is_quoted(reading: &Reading, it: &Proposal) -> bool {
    let source = plain(&reading.source().words(it.span()));
    let quote = plain(it.quote());
    let written = plain(&reading.source().words(it.written()));
    let holds = |words: &str| quote.contains(&plain(words));
    let value = match it.value() {
        Value::Words(words) => holds(words),
        Value::Recipient(who) => {
            [Some(&who.name), who.role.as_ref(), who.place.as_ref(), who.data.as_ref(), who.basis.as_ref()]
                .into_iter()
                .flatten()
                .all(|words| holds(words))
        }
        _ => true,
    };
    source == quote && quote.contains(&written) && !written.is_empty() && value
}

fn recipients(reading: &Reading, facts: &Json, tally: &mut Tally) {
    let rows: Vec<&reading::Recipient> = reading
        .of_field("subprocessing.recipient")
        .filter_map(|it| if let Value::Recipient(who) = it.value() { Some(who) } else { None })
        .collect();
    let mut used = vec![false; rows.len()];
    let list = facts["subprocessors"]["list"].as_array().cloned().unwrap_or_default();
    for fact in &list {
        let name = fact["name"].as_str().unwrap_or("");
        let role = fact["role_as_stated"].as_str();
        let fits = |at: &usize| same(&rows[*at].name, name) && !used[*at];
        let at = (0..rows.len()).filter(fits).max_by_key(|at| {
            usize::from(role.is_some_and(|role| rows[*at].role.as_deref().is_some_and(|it| same(it, role))))
        });
        let row = at.map(|at| {
            used[at] = true;
            rows[at]
        });
        let got: Vec<String> = row.map(|row| row.name.clone()).into_iter().collect();
        tally.add("subprocessors: name", name, name, got, row.is_some());
        let columns: [(&'static str, &str, Option<String>); 4] = [
            ("subprocessors: role", "role_as_stated", row.and_then(|row| row.role.clone())),
            ("subprocessors: place", "location_as_stated", row.and_then(|row| row.place.clone())),
            ("subprocessors: data", "data_shared_as_stated", row.and_then(|row| row.data.clone())),
            ("subprocessors: basis", "legal_basis_as_stated", row.and_then(|row| row.basis.clone())),
        ];
        for (group, key, got) in columns {
            let Some(wanted) = fact[key].as_str() else {
                if let Some(got) = got {
                    tally.absent_broken.push(format!("{group} of {name}: {got}"));
                } else {
                    tally.absent_kept += 1;
                }
                continue;
            };
            let found = got.as_deref().is_some_and(|got| same(got, wanted));
            tally.add(group, name, wanted, got.into_iter().collect(), found);
        }
    }
    for (at, row) in rows.iter().enumerate().filter(|(at, _)| !used[*at]) {
        tally.absent_broken.push(format!("subprocessor {at}: {}", row.name));
    }
}

fn parties(reading: &Reading, facts: &Json, tally: &mut Tally) {
    let parties = &facts["agreement"]["parties"];
    let mut one = |what: &str, fact: &Json, field: &'static str| match fact.as_str() {
        Some(wanted) => {
            let got = values(reading, field);
            let bare = wanted.split(" (").next().unwrap_or(wanted);
            let found = got.iter().any(|got| same(got, wanted) || same(got, bare));
            tally.add("parties", what, wanted, got, found);
        }
        None => tally.absent(reading, field),
    };
    one("processor", &parties["processor"]["name"], "party.processor");
    one("processor's number", &parties["processor"]["org_no"], "party.number");
    one("processor's address", &parties["processor"]["address"], "party.address");
    one("controller", &parties["controller"]["name_as_stated"], "party.controller");
    let third = &facts["agreement"]["third_party_service_provider"];
    if third.is_object() {
        one("third party", &third["name"], "party.other");
        one("third party's number", &third["org_no"], "party.number");
    }
    let agreement = &facts["agreement"];
    for (key, field) in [
        ("version", "document.version"),
        ("last_updated", "document.version"),
        ("date", "document.version"),
        ("price_list_valid_from", "money.prices-from"),
        ("published_at", "document.published-at"),
    ] {
        if let Some(wanted) = agreement[key].as_str() {
            let got = values(reading, field);
            let bare = wanted.split(" (").next().unwrap_or(wanted);
            let found = got.iter().any(|got| same(got, bare));
            tally.add("dates and versions", key, wanted, got, found);
        }
    }
    if agreement["version"].is_null() && agreement["last_updated"].is_null() && agreement["date"].is_null() {
        tally.absent(reading, "document.version");
    }
    if let Some(title) = agreement["title"].as_str() {
        let got = values(reading, "document.title");
        let found = got.iter().any(|got| plain(got).contains(&plain(title)) || plain(title).contains(&plain(got)));
        tally.add("parties", "title", title, got, found);
    }
    for (key, field, means) in [("governing_law", "law.governs", "svensk rätt"), ("court", "law.court", "tingsrätt")]
    {
        match agreement[key].as_str() {
            Some(wanted) if wanted.contains("main agreement") => {
                // The text refers to another document; a proposal that says which law is wrong.
                let got = values(reading, field);
                let wrong = got.iter().any(|got| got.contains(means) && got.len() < 40);
                if wrong {
                    tally.absent_broken.push(format!("{field}: {got:?}"));
                } else {
                    tally.absent_kept += 1;
                }
            }
            Some(wanted) => {
                let got = values(reading, field);
                let found = got.iter().any(|got| plain(wanted).contains(&plain(got)));
                tally.add("law and court", key, wanted, got, found);
            }
            None => tally.absent(reading, field),
        }
    }
}

fn numbers(reading: &Reading, facts: &Json, tally: &mut Tally) {
    for fact in facts["deadlines_and_parameters"].as_array().cloned().unwrap_or_default() {
        let what = fact["what"].as_str().unwrap_or("").to_lowercase();
        let known = NUMBERS
            .iter()
            .filter(|(name, _)| what.starts_with(name) || what == *name)
            .max_by_key(|(name, _)| name.len());
        let Some((_, field)) = known else {
            tally.left_out += 1;
            continue;
        };
        let Some(value) = fact["value"].as_str() else {
            tally.absent(reading, field);
            continue;
        };
        let lower = value.to_lowercase();
        let none = ["none stated", "no time limit", "no objection right", "information via"]
            .iter()
            .any(|words| lower.contains(words));
        if none {
            tally.absent(reading, field);
            continue;
        }
        let got = values(reading, field);
        let found = got.iter().any(|got| agrees(got, &lower)) || (*field == "incident.received" && !got.is_empty());
        tally.add("numbers with units", what, value, got, found);
    }
}

/// Whether a value of ours says what the fact says, in the fact's words.
fn agrees(got: &str, fact: &str) -> bool {
    let got = got.to_lowercase();
    let others = match got.as_str() {
        "every 1 year" => "yearly",
        "every 1 day" => "daily",
        "at once" => "omgående",
        "within a reasonable time" => "reasonable time",
        _ => got.as_str(),
    };
    if fact.contains(others) {
        return true;
    }
    // `4 hours` and `4 office hours`, `3 working days` and `3 per year`: the number and the last word, or the number before `per`.
    let number: String = got.chars().take_while(char::is_ascii_digit).collect();
    let unit = got.rsplit(' ').next().unwrap_or("");
    !number.is_empty() && fact.starts_with(&number) && (fact.contains(unit) || fact.contains("per year"))
}

fn strings(json: &Json) -> Vec<String> {
    match json {
        Json::String(text) => vec![text.clone()],
        Json::Array(items) => items.iter().flat_map(strings).collect(),
        Json::Object(items) => items.values().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}

fn lists(reading: &Reading, facts: &Json, tally: &mut Tally) {
    let text = plain(reading.source().text());
    let is_register = facts["key"].as_str() == Some("websupport");
    let mut each = |group: &'static str, field: &str, items: Vec<String>| {
        let got = values(reading, field);
        for wanted in items {
            let bare = wanted.split([':', '(']).next().unwrap_or(&wanted).trim().to_owned();
            // A fact that does not stand in the text was worded anew.
            if !text.contains(&plain(&wanted)) && !text.contains(&plain(&bare)) {
                tally.left_out += 1;
                continue;
            }
            let found = got.iter().any(|got| {
                let (got, wanted) = (plain(got), plain(&bare));
                got == wanted || (wanted.len() > 5 && got.contains(&wanted)) || (got.len() > 5 && wanted.contains(&got))
            });
            let shown = if found { Vec::new() } else { got.iter().take(4).cloned().collect() };
            tally.add(group, bare.clone(), &wanted, shown, found);
        }
    };
    if is_register {
        return;
    }
    each("data subjects", "processing.subject", strings(&facts["data_subjects_as_stated"]));
    each("categories of data", "processing.category", strings(&facts["personal_data"]));
    each("purposes", "processing.purpose", strings(&facts["purposes"]));
    each("processing operations", "processing.activity", strings(&facts["processing_activities"]));
    let special = match &facts["special_categories"] {
        Json::Object(it) if it.contains_key("stated") => strings(&it["stated"]),
        Json::Object(it) => ["kunder", "anställda"].iter().filter_map(|key| it.get(*key)).flat_map(strings).collect(),
        _ => Vec::new(),
    };
    if special.is_empty() {
        tally.absent(reading, "processing.special");
    } else {
        each_special(reading, special, tally);
    }
}

fn each_special(reading: &Reading, items: Vec<String>, tally: &mut Tally) {
    let got = values(reading, "processing.special");
    for wanted in items {
        let found = got.iter().any(|got| plain(got).contains(&plain(&wanted)) || plain(&wanted).contains(&plain(got)));
        tally.add("special categories", wanted.clone(), &wanted, got.clone(), found);
    }
}

fn service(reading: &Reading, facts: &Json, tally: &mut Tally) {
    let sla = &facts["sla"];
    if sla.is_null() {
        tally.absent(reading, "availability.level");
        tally.absent(reading, "support.hours");
        return;
    }
    let mut number = |what: &str, wanted: String, field: &str| {
        let got = values(reading, field);
        let found = got.iter().any(|got| got.starts_with(&wanted) || same(got, &wanted));
        tally.add("service level", what, &wanted, got, found);
    };
    number("availability", format!("{} %", sla["availability_percent"]), "availability.level");
    number("planned stops", "10:00–14:00".to_owned(), "availability.planned-stop");
    let hours = &facts["support_hours"];
    if hours.is_object() {
        let from_to = |key: &str| {
            hours[key]
                .as_str()
                .unwrap_or("")
                .chars()
                .filter(|c| c.is_ascii_digit() || matches!(c, '.' | '-'))
                .collect::<String>()
                .replace('.', ":")
                .replace('-', "–")
        };
        number("support hours", from_to("weekdays"), "support.hours");
        number("lunch", from_to("lunch"), "support.lunch");
        number("eve", from_to("eve_of_holiday"), "support.eve");
        for key in ["email", "phone"] {
            number(key, hours[key].as_str().unwrap_or("").to_owned(), "party.contact");
        }
        number(
            "support-free days' notice",
            format!("{} days", hours["support_free_days"]["notice_days"]),
            "support.free-days-ahead",
        );
    }
    let got: Vec<String> = reading.of_field("availability.reduction").map(told).collect();
    for row in sla["reduction_table"].as_array().cloned().unwrap_or_default() {
        let wanted = format!("{} {} {}", row["from_under"], row["above"], row["percent"]).replace("null", "");
        let digits = |text: &str| {
            text.split(|c: char| !(c.is_ascii_digit() || c == '.'))
                .filter_map(|n| n.parse::<f64>().ok())
                .collect::<Vec<_>>()
        };
        let found = got.iter().any(|got| digits(got) == digits(&wanted));
        tally.add("service level", "reduction", &wanted, got.clone(), found);
    }
    let prices: Vec<&Proposal> = reading.of_field("money.price").collect();
    let mut price = |what: &str, amount: f64| {
        let found = prices.iter().any(|it| match it.value() {
            Value::Price { what: Some(name), amount: reading::Quantity::Money(number, _), .. } => {
                same(name, what) && number.parse() == Ok(amount)
            }
            _ => false,
        });
        tally.add(
            "prices",
            what,
            &format!("{what}: {amount}"),
            prices.iter().map(|it| told(it)).take(8).collect(),
            found,
        );
    };
    for (what, amount) in facts["prices"]["per_user_month"].as_object().cloned().unwrap_or_default() {
        price(&what, amount.as_f64().unwrap_or(0.0));
    }
    for (what, row) in facts["prices"]["variable"].as_object().cloned().unwrap_or_default() {
        price(&what, row["per_piece"].as_f64().unwrap_or(0.0));
    }
}

/// Each numbered clause of the list of demands: a clause with that number, printed or implied, begins on its line.
fn boundaries(reading: &Reading, clauses: &str, seed: &str, tally: &mut Tally) {
    let mut seen = Vec::new();
    for row in clauses.lines().skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        let (Some(file), Some(section)) = (columns.get(1), columns.get(2)) else { continue };
        if *file != seed || seen.contains(section) {
            continue;
        }
        seen.push(section);
        let Some((words, lines)) = section.split_once("[l.") else { continue };
        let line: usize = lines.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0);
        let words = words.replace("Annex 3:1", "").replace("Annex 3:2", "");
        let bare = words.strip_prefix("Annex 3 ").or_else(|| words.strip_prefix("DPA ")).unwrap_or(&words);
        let number: String = match bare.split_once("implied ") {
            Some((_, implied)) => implied.trim().to_owned(),
            None => bare
                .trim_start_matches(['i', 't', 'e', 'm', ' '])
                .chars()
                .take_while(|c| c.is_ascii_digit() || *c == '.')
                .collect(),
        };
        let number = number.trim_end_matches('.').to_owned();
        let is_number = number.starts_with(|c: char| c.is_ascii_digit())
            && !bare.contains("missing")
            && !bare.contains(" vs ")
            && !words.contains("row");
        if !is_number {
            tally.left_out += 1;
            continue;
        }
        let matches = |clause: &&reading::Clause| {
            clause.number.as_deref() == Some(number.as_str()) || clause.implied.as_deref() == Some(number.as_str())
        };
        let got: Vec<usize> = reading.clauses.iter().filter(matches).map(|clause| clause.lines.0).collect();
        // The list gives the line of the words, a heading may stand on the line before them.
        let found = reading
            .clauses
            .iter()
            .filter(matches)
            .any(|clause| clause.lines.0 <= line && line <= clause.lines.1.max(clause.lines.0));
        tally.add(
            "clause boundaries",
            section.to_string(),
            &format!("{number} on line {line}"),
            got.iter().map(|line| format!("line {line}")).collect(),
            found,
        );
    }
}
