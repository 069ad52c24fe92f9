//! Change any one value of any agreement, and something follows: a decision, a duty, an amount, a register or a verdict of the
//! check is another. A value from which nothing follows would be a field without behaviour.
//!
//! Labels are not values in this sense. Where a value is a word that only people read (an address, a place), the register that
//! holds it is what changes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use agreement::amounts::{self, PaidFee, Use, Work};
use agreement::arise::Event;
use agreement::art28::{self, Evidence};
use agreement::language::{self, Key, Shape};
use agreement::{Act, Agreement, Facts, explain};
use calendar::{Period, Unit};
use rust_decimal::Decimal;
use terms::{Extent, Instant, Language, PersonId, Reason, Role, SubjectCategory, TenantId, Verb};
use toml_edit::{DocumentMut, Item, Table, Value};

/// Friday 27 March 2026, 15.30 in Sweden.
const FRIDAY: Instant = Instant(1_774_621_800_000_000);

/// Keys from which nothing can follow but how the text is shown: the language of the prose.
const FOR_PEOPLE: [&str; 1] = ["language"];

/// A value otherwise than it is, still of the shape that the language demands. Nothing where there is no other.
fn other(key: &Key, value: &Value, names: &BTreeMap<String, Vec<String>>) -> Option<Value> {
    let text = value.as_str();
    let next = |known: &[String], one: &str| known.iter().find(|known| *known != one).cloned();
    Some(match key.shape {
        Shape::Flag => (!value.as_bool()?).into(),
        Shape::Count => (value.as_integer()? + 1).into(),
        Shape::Percent => {
            let percent: Decimal = text?.strip_suffix('%')?.trim().parse().ok()?;
            let tenth = Decimal::new(1, 1);
            let moved = if percent >= Decimal::ONE_HUNDRED { percent - tenth } else { percent + tenth };
            format!("{moved} %").into()
        }
        Shape::Money => {
            let (amount, currency) = text?.split_once(' ')?;
            format!("{} {currency}", amount.parse::<Decimal>().ok()? + Decimal::ONE).into()
        }
        Shape::Period => match text?.parse::<Period>().ok()? {
            Period::Counted(counted) => Period::counted(counted.count() + 1, counted.unit()).ok()?.to_string().into(),
            Period::Worded(_) => Period::counted(17, Unit::Days).ok()?.to_string().into(),
        },
        Shape::Date => text?.parse::<jiff::civil::Date>().ok()?.tomorrow().ok()?.to_string().into(),
        Shape::Time => {
            let time = jiff::civil::Time::strptime("%H:%M", text?).ok()?;
            time.saturating_sub(jiff::Span::new().minutes(15)).strftime("%H:%M").to_string().into()
        }
        Shape::Country => if text? == "NO" { "DK" } else { "NO" }.into(),
        Shape::Concept => "pub:SomethingElse".into(),
        Shape::Word(known) => (*known.iter().find(|word| **word != text.unwrap_or_default())?).into(),
        Shape::Words(known) => {
            let known: Vec<String> = known.iter().map(|word| (*word).to_owned()).collect();
            words(value, &known)?
        }
        Shape::Name(of) => next(names.get(&format!("{of:?}"))?, text?)?.into(),
        Shape::Names(of) => words(value, names.get(&format!("{of:?}"))?)?,
        Shape::AnyWords => words(value, &["something else".to_owned()])?,
        Shape::Text => format!("{} x", text?).into(),
        Shape::Label => return None,
    })
}

/// A list with one word less, or where it has one, with another instead.
fn words(value: &Value, known: &[String]) -> Option<Value> {
    let words: Vec<&str> = match value {
        Value::Array(array) => array.iter().filter_map(Value::as_str).collect(),
        other => vec![other.as_str()?],
    };
    let left: Vec<String> = if words.len() > 1 {
        words.iter().skip(1).map(|word| (*word).to_owned()).collect()
    } else {
        vec![known.iter().find(|known| !words.contains(&known.as_str()))?.clone()]
    };
    Some(Value::Array(left.into_iter().collect()))
}

/// A value where the agreement had none.
fn sample(key: &Key, names: &BTreeMap<String, Vec<String>>) -> Option<Value> {
    Some(match key.shape {
        Shape::Flag => true.into(),
        Shape::Count => 3.into(),
        Shape::Percent => "12.5 %".into(),
        Shape::Money => "123 SEK".into(),
        Shape::Period => "17 days".into(),
        Shape::Date => "2026-05-05".into(),
        Shape::Time => "07:15".into(),
        Shape::Country => "NO".into(),
        Shape::Concept => "pub:SomethingElse".into(),
        Shape::Word(known) => (*known.first()?).into(),
        Shape::Words(known) => Value::Array([*known.first()?].into_iter().collect()),
        Shape::Name(of) => names.get(&format!("{of:?}"))?.first()?.as_str().into(),
        Shape::Names(of) => Value::Array([names.get(&format!("{of:?}"))?.first()?.as_str()].into_iter().collect()),
        Shape::AnyWords => Value::Array(["something"].into_iter().collect()),
        Shape::Text => "something".into(),
        Shape::Label => return None,
    })
}

/// What the agreement answers, in parts, the likeliest first. Compared part by part, so that most mutants cost little.
fn parts(agreement: &Agreement, block: &str) -> [Box<dyn Fn() -> String>; 7] {
    let (one, two, three, four, five, six) = (
        agreement.clone(),
        agreement.clone(),
        agreement.clone(),
        agreement.clone(),
        agreement.clone(),
        agreement.clone(),
    );
    let seven = agreement.clone();
    let block = block.to_owned();
    [
        Box::new(move || {
            let mut text = String::new();
            let duties = match block.as_str() {
                "standing" => one.standing(FRIDAY),
                "periodic" | "backup" | "measure" => one.returning(FRIDAY, 2),
                kind => one.arise(&Event::new(kind, FRIDAY)),
            };
            for duty in duties {
                // The label is left out: it is shown, and nothing follows from it.
                let _ = writeln!(text, "{} {:?} {:?}", duty.id, duty.time, agreement::arise::duty_lines(&one, &duty));
            }
            text
        }),
        Box::new(move || decisions(&two)),
        Box::new(move || {
            let report = art28::check(&three, &Evidence::default(), "2026-03-27".parse().unwrap());
            report
                .findings
                .iter()
                .map(|(check, finding)| format!("{}{} ", check.id, finding.verdict.letter()))
                .collect()
        }),
        Box::new(move || money(&four)),
        Box::new(move || explain::record_of_processing(&five, Language::Sv, "2026-03-27".parse().unwrap())),
        Box::new(move || explain::what_falls_due(&six, Language::Sv, FRIDAY) + &format!("{:?}", six.counting())),
        Box::new(move || {
            let registers = registers::of_agreement(&seven, "2026-03-27".parse().unwrap());
            registers
                .iter()
                .flat_map(|register| &register.rows)
                .map(|row| format!("{} {:?}", row.id, row.cells))
                .collect()
        }),
    ]
}

/// Who may see what, who receives what where, and what each refusal rests on.
fn decisions(agreement: &Agreement) -> String {
    let mut text = explain::who_may_see_what(agreement, Language::Sv);
    let role = agreement.roles().first().map_or_else(|| Role::new("nobody").unwrap(), |role| role.id.clone());
    let act = |verb, purpose: &terms::Purpose, subject: &SubjectCategory| Act {
        tenant: TenantId([1; 16]),
        actor: PersonId([2; 16]),
        role: role.clone(),
        verb,
        purpose: purpose.clone(),
        subject: subject.clone(),
        categories: agreement.categories().iter().map(|category| category.id.clone()).collect(),
        extent: Extent::AsPermitted,
        recipient: None,
        country: None,
        instant: FRIDAY,
        facts: Facts::default(),
    };
    let nowhere = act(Verb::Consult, &terms::Purpose::new("none").unwrap(), &SubjectCategory::new("none").unwrap());
    for reason in [
        Reason::NotInForce,
        Reason::PurposeNotAgreed,
        Reason::SubjectNotDeclared,
        Reason::NoRule,
        Reason::RecipientNotAgreed,
        Reason::AccountEnded,
    ] {
        let refusal = agreement.refuse(&nowhere, reason);
        let _ = writeln!(text, "{} {} {}", refusal.reason.code(), refusal.clause, refusal.changer.code());
    }
    for case in agreement.cases() {
        let _ = writeln!(text, "{case:?}");
    }
    if let Some(account) = agreement.accounts() {
        let _ = writeln!(text, "{:?} {:?} {:?}", account.second_factor, account.named_as, account.changer);
    }
    if let Some(logging) = agreement.logging() {
        let _ = writeln!(text, "{:?} {:?} {:?}", logging.shown_to, logging.held_as, logging.keep);
    }
    for role in agreement.roles() {
        let _ = writeln!(text, "{} {:?} {}", role.id, role.side, role.administers);
    }
    // What reaches a recipient is decided by the same table; a rule for disclosure is not in every agreement, so the recipient
    // itself is asked through the public list.
    for one in agreement.subprocessors() {
        let _ = writeln!(text, "{} {:?} {:?} {:?} {:?}", one.id, one.country, one.categories, one.purposes, one.hosts);
    }
    text
}

/// Everything that has an amount, for one and the same use.
fn money(agreement: &Agreement) -> String {
    let mut text = String::new();
    let work = |minutes, own_breach, self_service| Work { minutes, own_breach, self_service };
    for term in agreement.general() {
        for work in [work(100, false, false), work(100, true, false), work(100, false, true)] {
            if term.text("fee").is_some() || term.text("rate").is_some() {
                let _ = writeln!(text, "{:?}", amounts::charge(agreement, &term.name(), work));
            }
        }
    }
    let day: jiff::civil::Date = "2026-03-27".parse().unwrap();
    for price in agreement.terms_of("price") {
        for day in [day, "2018-01-01".parse().unwrap()] {
            let used =
                Use { price: price.id.clone(), users: 3, months: Decimal::new(15, 1), pieces: 200, day: Some(day) };
            let _ = writeln!(text, "{:?}", amounts::invoice(agreement, &used));
        }
    }
    let indices: BTreeMap<String, (Decimal, Decimal)> = agreement
        .term("indexation", "")
        .map(|term| term.words("indices").to_vec())
        .unwrap_or_default()
        .into_iter()
        .enumerate()
        .map(|(at, name)| (name, (Decimal::ONE_HUNDRED, Decimal::from(110 + at))))
        .collect();
    let _ = writeln!(text, "{:?}", amounts::ceiling(agreement, Decimal::ONE_HUNDRED, "SEK", &indices));
    for level in ["100", "99.45", "99.4", "99.05", "99.0", "98.05", "98.0", "97.05", "97.0", "95.05", "95.0", "90"] {
        let level: calendar::Percent = level.parse().unwrap();
        let _ = writeln!(text, "{:?}", amounts::reduction(agreement, level, None));
    }
    let paid: Vec<PaidFee> = (0..40)
        .map(|month| PaidFee {
            month: "2023-01-01".parse::<jiff::civil::Date>().unwrap().saturating_add(jiff::Span::new().months(month)),
            amount: Decimal::from(100 + month),
            currency: "SEK".to_owned(),
        })
        .collect();
    for term in agreement.terms_of("liability") {
        let _ = writeln!(text, "{:?}", amounts::liability_cap(agreement, &term.id, day, &paid));
    }
    text
}

/// The names that each kind of reference can have in this agreement.
fn names(agreement: &Agreement) -> BTreeMap<String, Vec<String>> {
    use language::Of;
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut add = |of: Of, name: &str| names.entry(format!("{of:?}")).or_default().push(name.to_owned());
    agreement.categories().iter().for_each(|it| add(Of::Category, it.id.as_str()));
    agreement.subjects().iter().for_each(|it| add(Of::Subject, it.id.as_str()));
    agreement.purposes().iter().for_each(|it| add(Of::Purpose, it.id.as_str()));
    agreement.roles().iter().for_each(|it| add(Of::Role, it.id.as_str()));
    agreement.subprocessors().iter().for_each(|it| add(Of::Subprocessor, it.id.as_str()));
    agreement.general().iter().for_each(|it| add(Of::Block(it.block), &it.id));
    names
}

/// Every mutant of one table: which key, and the table otherwise.
fn mutants(
    block: &language::Block,
    table: &Table,
    names: &BTreeMap<String, Vec<String>>,
) -> Vec<(&'static str, Table)> {
    let mut mutants = Vec::new();
    for key in block.each_key().filter(|key| !FOR_PEOPLE.contains(&key.name)) {
        let Some(item) = table.get(key.name) else { continue };
        let grouped =
            item.as_table_like().filter(|group| ["value", "not-found", "none"].iter().any(|it| group.contains_key(it)));
        let changed = match grouped {
            Some(group) => match group.get("value").and_then(Item::as_value) {
                Some(value) => other(key, value, names),
                None => sample(key, names),
            },
            None => item.as_value().and_then(|value| other(key, value, names)),
        };
        let Some(changed) = changed else { continue };
        let mut mutant = table.clone();
        match (grouped.is_some_and(|group| group.contains_key("value")), mutant.get_mut(key.name)) {
            (true, Some(item)) => {
                if let Some(group) = item.as_table_like_mut() {
                    group.insert("value", Item::Value(changed));
                }
            }
            (_, Some(item)) => *item = Item::Value(changed),
            _ => continue,
        }
        mutants.push((key.name, mutant));
    }
    mutants
}

/// The text with one block of terms written otherwise.
fn blocks_of(text: &str) -> Vec<(usize, usize)> {
    let mut blocks = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find("```toml\n").map(|at| from + at + 8) {
        let end = text[start..].find("```").map_or(text.len(), |at| start + at);
        blocks.push((start, end));
        from = end + 3;
    }
    blocks
}

/// The agreements of this repository.
fn services() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../services");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().filter_map(|path| std::fs::read_to_string(path.join("agreement.sv.md")).ok()).collect()
}

#[derive(Default)]
struct Tally {
    followed: usize,
    refused: usize,
    nothing: BTreeSet<String>,
}

fn try_all(text: &str, tally: &mut Tally) {
    let agreement = Agreement::read("agreement.md", text).unwrap_or_else(|faults| panic!("{faults}"));
    let names = names(&agreement);
    let mut answers: BTreeMap<(String, usize), String> = BTreeMap::new();
    for (start, end) in blocks_of(text) {
        let toml: DocumentMut = text[start..end].parse().unwrap();
        for (name, item) in toml.iter() {
            let block = language::block(name).unwrap();
            // What a layer or a person's decision says is tested where layers are.
            let tables: Vec<(Option<String>, usize, Table)> = match (block.form, item) {
                (language::Form::Once, Item::Table(table)) => vec![(None, 0, table.clone())],
                (language::Form::Each, item) => item
                    .as_table()
                    .into_iter()
                    .flat_map(|tables| tables.iter())
                    .filter_map(|(id, item)| Some((Some(id.to_owned()), 0, item.as_table()?.clone())))
                    .collect(),
                (language::Form::List, Item::ArrayOfTables(tables)) => {
                    tables.iter().enumerate().map(|(row, table)| (None, row, table.clone())).collect()
                }
                _ => Vec::new(),
            };
            for (id, row, table) in tables {
                for (key, mutant) in mutants(block, &table, &names) {
                    let mut changed = toml.clone();
                    match (&id, block.form) {
                        (Some(id), _) => changed[name][id.as_str()] = Item::Table(mutant),
                        (None, language::Form::List) => {
                            *changed[name].as_array_of_tables_mut().unwrap().get_mut(row).unwrap() = mutant;
                        }
                        (None, _) => changed[name] = Item::Table(mutant),
                    }
                    let mutated = format!("{}{}{}", &text[..start], changed, &text[end..]);
                    let Ok(mutated) = Agreement::read("agreement.md", &mutated) else {
                        tally.refused += 1;
                        continue;
                    };
                    let (was, is) = (parts(&agreement, name), parts(&mutated, name));
                    let follows = was.iter().zip(&is).enumerate().any(|(part, (was, is))| {
                        let was = answers.entry((name.to_owned(), part)).or_insert_with(was);
                        *was != is()
                    });
                    if follows {
                        tally.followed += 1;
                    } else {
                        tally.nothing.insert(format!("{name}.{key}"));
                    }
                }
            }
        }
    }
}

#[test]
fn change_any_one_value_and_something_follows() {
    let mut tally = Tally::default();
    for text in services() {
        try_all(&text, &mut tally);
    }
    println!("{} mutants change an answer, {} are refused by the reader", tally.followed, tally.refused);
    let nothing: Vec<&String> = tally.nothing.iter().collect();
    assert!(nothing.is_empty(), "nothing follows from {nothing:#?}");
}
