//! The rules and the store from outside. One program, so that the crate is linked once.

#![expect(clippy::unwrap_used, reason = "tests say what they expect by failing")]

mod account;
mod changed;
mod correct;
mod dataset;
mod due;
mod generated;
mod import;
mod ledger;
mod occasions;
mod outcome;
mod plan;
mod privacy;
mod progress;
mod project_file;
mod roles;
mod search;
mod shared;
mod slips;
mod standing;
mod status;
mod store;
mod synthetic;
mod titles;
