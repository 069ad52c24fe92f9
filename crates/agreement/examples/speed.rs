//! How quick and how big agreements are: `cargo run --release -p agreement --example speed -- [SERVICES]`, where each folder in
//! SERVICES (default `services`) holds an agreement.sv.md. Prints the best of twenty rounds; it is no test, and asserts nothing.

use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use agreement::art28::{self, Evidence};
use agreement::{Act, Agreement, Book, Facts, Layer};
use terms::{Extent, PersonId, TenantId};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "services".to_owned());
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path().join("agreement.sv.md");
        if let Ok(text) = std::fs::read_to_string(&path) {
            texts.push((path.display().to_string(), text));
        }
    }
    texts.sort();
    for (path, text) in &texts {
        let read = best(|| drop(black_box(Agreement::read(path, black_box(text)))), 1);
        let agreement = Agreement::read(path, text)?;
        let day = "2026-11-21".parse()?;
        let check = best(|| drop(black_box(art28::check(&agreement, &Evidence::default(), day))), 1);
        println!("{path}: read {read:?}, checked against Article 28 {check:?}");
        deciding(path, &agreement)?;
    }
    let Some((path, text)) = texts.first() else { return Err("no agreement there".into()) };
    let long = padded(text, 10_000);
    let agreement = Agreement::read(path, &long)?;
    deciding(&format!("{path} with {} clauses", agreement.clauses().len()), &agreement)?;
    drop(agreement);
    many(&texts)
}

/// The best of twenty rounds of `times` runs, for one run.
fn best(run: impl Fn(), times: u32) -> std::time::Duration {
    let round = || {
        let start = Instant::now();
        (0..times).for_each(|_| run());
        start.elapsed() / times
    };
    (0..20).map(|_| round()).min().unwrap_or_default()
}

/// One act that the first rule of the agreement allows, on one category and on up to ten.
fn deciding(name: &str, agreement: &Agreement) -> Result<(), Box<dyn std::error::Error>> {
    let rule = agreement.rules().iter().max_by_key(|rule| match &rule.categories {
        agreement::RuleCategories::Listed(listed) => listed.len(),
        agreement::RuleCategories::Declared => 0,
    });
    let Some(rule) = rule else { return Err("no rule".into()) };
    let agreement::RuleCategories::Listed(listed) = &rule.categories else { return Err("no listed rule".into()) };
    let mut told = String::new();
    for count in [1, 10] {
        let act = Act {
            tenant: TenantId([1; 16]),
            actor: PersonId([2; 16]),
            role: rule.roles.first().ok_or("no role")?.clone(),
            verb: *rule.verbs.first().ok_or("no verb")?,
            purpose: rule.purposes.first().ok_or("no purpose")?.clone(),
            subject: rule.subjects.first().ok_or("no subject")?.clone(),
            categories: listed.iter().take(count).cloned().collect(),
            extent: Extent::AsPermitted,
            recipient: None,
            country: None,
            instant: terms::Instant(1_795_000_000_000_000),
            facts: Facts::default(),
        };
        let copying = best(|| drop(black_box(act.clone())), 50_000);
        let both = best(
            || {
                black_box(agreement.decide(black_box(act.clone())).is_ok());
            },
            50_000,
        );
        let _ = write!(told, ", {} categories {:?}", act.categories.len(), both.saturating_sub(copying));
    }
    println!("{name}: an act decided{told}");
    Ok(())
}

/// The agreement with clauses of prose and a duty each, until it has `count`.
fn padded(text: &str, count: usize) -> String {
    let mut long = text.to_owned();
    let there = text.lines().filter(|line| line.starts_with('#')).count();
    for number in there..count {
        let _ = write!(long, "\n## P.{number} Stycke {{#padding-{number}}}\n\nEtt stycke till.\n");
        if number % 6 == 0 {
            let _ = write!(
                long,
                "\n```toml\n[standing.padding-{number}]\ndoes = {{ sv = \"x\", en = \"x\" }}\nwho = \"processor\"\nkind = \"performed\"\n```\n"
            );
        }
    }
    long
}

/// Ten thousand customers on forty versions, every other one with a layer of its own.
fn many(texts: &[(String, String)]) -> Result<(), Box<dyn std::error::Error>> {
    let before = resident();
    let mut book = Book::new();
    let mut versions = Vec::new();
    for number in 0..40 {
        let (path, text) = texts.get(number % texts.len()).ok_or("no text")?;
        let text = text.replacen("\nversion = \"", &format!("\nversion = \"{number}-"), 1);
        let base = Agreement::read(path, &text)?;
        versions.push(Arc::new(if number % 2 == 0 { base } else { layered(&base, number)? }));
    }
    for customer in 0..10_000_usize {
        let mut id = [0; 16];
        for (to, from) in id.iter_mut().zip(customer.to_le_bytes()) {
            *to = from;
        }
        for version in 0..3 {
            let agreement = versions.get((customer + version) % versions.len()).ok_or("no version")?;
            book.adopt(TenantId(id), terms::Instant(i64::try_from(version)?), Arc::clone(agreement));
        }
    }
    black_box(&book);
    println!(
        "10000 customers, three adoptions each, on 40 versions, 20 of them with a layer: {} MB more than before",
        resident().saturating_sub(before) / 1_000
    );
    Ok(())
}

/// The agreement with a customer's instruction over it.
fn layered(base: &Agreement, number: usize) -> Result<Agreement, Box<dyn std::error::Error>> {
    let text = format!(
        "# Instruktion {{#head}}\n\n```toml\n[layer]\nname = \"own-{number}\"\nof = \"{}\"\nkind = \"instruction\"\n\
         title = {{ sv = \"Instruktion\", en = \"Instruction\" }}\nversion = \"1\"\nlanguage = \"sv\"\nfrom = \"2026-01-01\"\n\
         accepted-by = [\"controller\"]\n\n[[may-not]]\nverbs = [\"restrict\"]\n```\n",
        base.service()
    );
    let layer = Layer::read("layer.md", &text, base)?;
    Ok(base.with_layers(&[layer], "2026-11-21".parse()?))
}

/// Resident memory in thousands of bytes, where the system tells it.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
