//! The outer tests, in one program so that they are linked once.

mod accessibility;
mod agreement_change;
mod agreement_layers;
mod bad_input;
mod customer_file;
mod importing;
mod new_agreement;
mod one_time_code;
mod other_services;
mod pages;
mod people;
mod starting;
mod story;
mod tools;
