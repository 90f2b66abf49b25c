//! The worker from outside: mails, their sending and what is left of them. One program, so that the
//! crate is linked once.

#![expect(clippy::unwrap_used, reason = "tests say what they expect by failing")]

mod asked_for;
mod doubt;
mod mails;
mod sign_in;
mod tidy;
mod unmakeable;
