//! How far a mail got.

use std::fmt;

/// The step of the protocol that a mail reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// TCP, greeting, EHLO.
    Connect,
    /// STARTTLS, certificate.
    Tls,
    /// Authentication.
    Auth,
    /// The sender.
    Mail,
    /// The recipient.
    Rcpt,
    /// DATA: whether the server accepts a message.
    Data,
    /// The message, to its end.
    Message,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "connect",
            Self::Tls => "TLS",
            Self::Auth => "AUTH",
            Self::Mail => "MAIL",
            Self::Rcpt => "RCPT",
            Self::Data => "DATA",
            Self::Message => "end of data",
        })
    }
}
