//! The tests of the registers, which are computed from everything that an agreement says.

// `cfg(test)` says to the lints that helpers of tests are tests.
#[cfg(test)]
mod mutation;
