//! The demands of docs/clauses.tsv that the public pages fulfil: each test performs what the row's acceptance sentence says,
//! through the real router and over the real agreements, and where it matters changes a term and looks again.

mod documents;
mod open_shelf;
mod others;
mod processing;
mod recipients;
