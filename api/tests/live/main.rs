//! Sockets and event streams, as their clients see them: each close code and each bound.

#![expect(clippy::unwrap_used, reason = "tests say what they expect by failing")]

mod bounds;
mod client;
mod events;
mod handshake;
mod operations;
mod protocol;
#[path = "../support/mod.rs"]
mod support;
mod viewers;
