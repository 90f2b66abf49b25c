//! The worker: plans mail, sends it, and makes progress reports.
//!
//! [`run`] holds what the clock starts; [`send`] takes one mail from the ledger to its outcome;
//! [`issue`] issues reports. [`mail`] and [`report`] write them in the words of `wording`, without
//! any input or output.
//! [`queue`], [`smtp`] and [`outbox`] are the ways in and out.

pub mod issue;
pub mod mail;
pub mod outbox;
pub mod queue;
pub mod replay;
pub mod report;
pub mod run;
pub mod send;
pub mod smtp;
pub mod transport;
mod wording;
