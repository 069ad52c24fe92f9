//! The pages, one matter a file. A handler asks the door, and shows.

pub(crate) mod administration;
pub(crate) mod agreement;
pub(crate) mod agreement_registers;
pub(crate) mod answers;
mod clause_text;
pub(crate) mod clock;
pub(crate) mod customer_file;
pub(crate) mod desk;
pub(crate) mod export;
pub(crate) mod files;
pub(crate) mod first;
pub(crate) mod found;
pub(crate) mod home;
pub(crate) mod import;
pub(crate) mod labels;
pub(crate) mod login;
mod may;
pub(crate) mod month;
mod month_cells;
mod month_table;
pub(crate) mod paper_of;
pub(crate) mod problems;
pub(crate) mod record_form;
pub(crate) mod records;
pub(crate) mod references;
pub(crate) mod refusal;
pub(crate) mod same_event;
#[cfg(test)]
mod sample;
pub(crate) mod sheet;
pub(crate) mod subprocessors;
pub(crate) mod support;
mod versions;
pub(crate) mod who_looked;
mod who_looked_filter;
mod who_looked_words;
pub(crate) mod writing;
