//! The outer tests, in one program so that they are linked once.

mod accessibility;
mod accounts;
mod agreement_change;
mod agreement_layers;
mod bad_input;
mod candidate;
mod customer_file;
mod files;
mod importing;
mod interface;
mod month_end;
mod new_agreement;
mod notices;
mod one_time_code;
mod other_services;
mod pages;
mod people;
mod proofs;
mod service_guide;
mod starting;
mod story;
mod tools;
