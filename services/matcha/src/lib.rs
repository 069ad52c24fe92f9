//! What Matcha computes beyond keeping records: the attendance of a participant, what a programme asks for and when, what a month
//! pays, what was claimed and what differs since, and the published result measure.
//!
//! Rules, prices and weights come from the customer's own dated file (`programme.rs`); kinds and fields are named as in
//! `kinds.toml` beside this crate, and a test holds the two together. It sees opened values only while they are lent, and keeps
//! dates, codes, counts, identities and amounts.

mod amounts;
mod attendance;
mod caseload;
mod claims;
mod days;
mod final_report;
mod measure;
mod programme;
mod read_file;
mod reconcile;
mod results;
mod rows;
mod views;

#[cfg(test)]
mod made_up;

use service::{Composed, CustomerFile, FileFault, Panel, Service, View};

/// The service, for programs to hang up.
pub struct Matcha;

impl Service for Matcha {
    fn name(&self) -> &str {
        "matcha"
    }

    fn composed(&self) -> &[Composed] {
        const { &[final_report::FINAL_REPORT] }
    }

    fn panels(&self) -> &[Panel] {
        &[Panel { on: "participant", over: "attendance", compute: attendance::attendance }]
    }

    fn views(&self) -> &'static [&'static dyn View] {
        &views::ALL
    }

    fn check_file(&self, file: &CustomerFile) -> Vec<FileFault> {
        let mut faults = file.unread(&["programme"]);
        if let Err(of_programmes) = programme::Programmes::read(file.text()) {
            faults.extend(of_programmes);
        }
        faults
    }
}
