//! Sockets and event streams, as their clients see them: each close code and each bound.

mod bounds;
mod client;
mod events;
mod handshake;
mod operations;
mod protocol;
mod viewers;
