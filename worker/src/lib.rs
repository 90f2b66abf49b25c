//! The worker: plans mail, sends it, and issues progress reports.
//!
//! [`run`] has the periodic tasks; [`send`] sends one mail of the ledger and commits its outcome;
//! [`issue`] issues reports. [`mail`] and [`report`] render them with the texts of `wording`,
//! without any input or output. [`queue`], [`smtp`] and [`outbox`] are the transports.

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
