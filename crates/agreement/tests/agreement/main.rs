//! The tests of the agreement: what it reads, what it refuses to read, what it decides.

// `cfg(test)` says to the lints that helpers of tests are tests.
#[cfg(test)]
mod against_naive;
#[cfg(test)]
mod amounts;
#[cfg(test)]
mod arise;
#[cfg(test)]
mod art28;
#[cfg(test)]
mod coverage_in_time;
#[cfg(test)]
mod decide;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod going_live;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod keeping;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod model;
#[cfg(test)]
mod never_panics;
#[cfg(test)]
mod register;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod transfers;
#[cfg(test)]
mod traps;
#[cfg(test)]
mod versions;
