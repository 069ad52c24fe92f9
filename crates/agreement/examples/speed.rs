//! How long deciding takes, for ten categories, under the agreement of a file: `cargo run --release -p agreement --example
//! speed -- FILE ROLE PURPOSE SUBJECT`. Prints the best of twenty rounds; it is no test, and asserts nothing.

use std::hint::black_box;
use std::time::Instant;

use agreement::{Act, Agreement, CaseFact, Facts};
use terms::{Extent, PersonId, TenantId, Verb};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [path, role, purpose, subject] = words.as_slice() else { return Err("FILE ROLE PURPOSE SUBJECT".into()) };
    let agreement = Agreement::read(path, &std::fs::read_to_string(path)?)?;
    let categories: Vec<_> = agreement
        .declares()
        .iter()
        .filter(|declares| declares.subject.as_str() == subject)
        .flat_map(|declares| declares.categories.iter().cloned())
        .take(10)
        .collect();
    let act = Act {
        tenant: TenantId([1; 16]),
        actor: PersonId([2; 16]),
        role: role.parse()?,
        verb: Verb::Consult,
        purpose: purpose.parse()?,
        subject: subject.parse()?,
        categories,
        extent: Extent::AsPermitted,
        recipient: None,
        country: None,
        instant: terms::Instant(0),
        facts: Facts { case: CaseFact::None },
    };
    let rounds = 50_000_u32;
    let time = |decide: bool| {
        let run = || {
            let start = Instant::now();
            for _ in 0..rounds {
                let act = black_box(act.clone());
                if decide {
                    black_box(agreement.decide(act).is_ok());
                } else {
                    drop(act);
                }
            }
            start.elapsed() / rounds
        };
        (0..20).map(|_| run()).min().unwrap_or_default()
    };
    let (cloning, both) = (time(false), time(true));
    let count = act.categories.len();
    println!("{count} categories: {:?} deciding ({both:?} with copying the act, {cloning:?} alone)", both - cloning);
    Ok(())
}
