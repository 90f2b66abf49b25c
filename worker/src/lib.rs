pub mod mail;
pub mod outbox;
pub mod queue;
pub mod report;
pub mod smtp;
pub mod transport;
