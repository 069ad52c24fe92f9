//! The measurements: what protection costs, as ratios within one run.
//!
//! Both variants are the same portal with the same session, handlers and rendering, served over HTTP on loopback. One has the
//! real door (deciding, sealing, journal durable before the answer), the other [`Unprotected`]: plain values in SQLite, group
//! committed and durable. They are measured in turn, A B B A, so that a machine whose speed drifts treats both alike; medians
//! and their spread are printed and nothing is asserted.

mod load;
mod machine;
mod report;
mod unprotected;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use axum::Router;

pub use load::{LoadError, Request, Sample};
pub use unprotected::Unprotected;

use load::measure;
use report::Variant;

/// What is measured.
pub struct Plan {
    /// The portal behind the real door.
    pub protected: Subject,
    /// The portal behind [`Unprotected`].
    pub unprotected: Subject,
    /// Rounds; each measures every variant twice.
    pub rounds: usize,
    /// How long each measurement takes.
    pub each: Duration,
    /// Connections that ask at once.
    pub connections: usize,
    /// The program, for its size, its memory and its start.
    pub program: Option<PathBuf>,
    /// Where services lie, for starting the program.
    pub services: PathBuf,
}

/// A portal and what to ask of it.
pub struct Subject {
    /// The portal.
    pub router: Router,
    /// Readings, asked in turn.
    pub readings: Vec<Request>,
    /// Writings, asked in turn; each makes a new record.
    pub writings: Vec<Request>,
}

/// Why a measurement could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The load.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The world.
    #[error("measuring failed: {0}")]
    System(#[from] std::io::Error),
}

/// Measures and prints.
///
/// # Errors
/// Where a portal does not answer as it should: a measurement of errors would be worth nothing.
pub async fn run(plan: Plan) -> Result<(), BenchError> {
    println!("{}", machine::line());
    println!(
        "{} rounds of A B B A, {:.1} s each, {} connections, client and server in one process on the same cores",
        plan.rounds,
        plan.each.as_secs_f64(),
        plan.connections
    );
    let protected = serve(plan.protected.router).await?;
    let unprotected = serve(plan.unprotected.router).await?;
    let mut readings = [Variant::new("unprotected"), Variant::new("protected")];
    let mut writings = [Variant::new("unprotected"), Variant::new("protected")];
    for round in 0..=plan.rounds {
        // The first round warms up and is not counted.
        for (rows, open, shut) in [
            (&mut readings, &plan.unprotected.readings, &plan.protected.readings),
            (&mut writings, &plan.unprotected.writings, &plan.protected.writings),
        ] {
            for which in [0, 1, 1, 0] {
                let (address, requests) = if which == 0 { (unprotected, open) } else { (protected, shut) };
                let sample = measure(address, requests, plan.connections, plan.each).await?;
                if round > 0
                    && let Some(variant) = rows.get_mut(which)
                {
                    variant.samples.push(sample);
                }
            }
        }
        eprint!("\r{} of {} rounds", round, plan.rounds);
    }
    eprintln!();
    report::print("Readings (GET one participant, JSON)", &readings);
    report::print("Writings (POST one day note, JSON)", &writings);
    if let Some(program) = &plan.program {
        machine::program(program, &plan.services)?;
    }
    Ok(())
}

async fn serve(router: Router) -> Result<SocketAddr, BenchError> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let app = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok(address)
}
