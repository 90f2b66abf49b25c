pub mod mail;
pub mod outbox;
pub mod queue;
pub mod smtp;
pub mod transport;
