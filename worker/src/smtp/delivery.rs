//! Delivery status: the outcomes of handing a mail over, by what has to be done next.

use std::fmt;

/// The outcome of handing a mail over. The texts are the server's own and may quote addresses: they belong into
/// the ledger, never into a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The server has taken it.
    Accepted { response: String },
    /// The server said "not now" (4xx): try again later.
    Transient { at: Phase, response: String },
    /// The server will never take this mail (5xx): do not try again.
    Permanent { at: Phase, response: String },
    /// The server refuses us, not this mail: alert the operator, try again later.
    Alarm { at: Phase, cause: String },
    /// There was no reply, and the server cannot have the mail: try again later.
    NotSent { at: Phase, cause: String },
    /// All of the mail was sent and no reply came: the server may or may not have it.
    Unknown { cause: String },
}

impl Delivery {
    /// Whether the recipient's address is no good, so that nothing more should be sent to it: 5xx
    /// at RCPT, except where its enhanced code (5.5, 5.7) says that protocol or policy, such as a
    /// relay that does not know us, is the reason.
    pub fn suppresses_recipient(&self) -> bool {
        match self {
            Self::Permanent {
                at: Phase::Rcpt,
                response,
            } => !response
                .split_whitespace()
                .nth(1)
                .is_some_and(|code| code.starts_with("5.5.") || code.starts_with("5.7.")),
            _ => false,
        }
    }
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted { response } => write!(f, "accepted: {response}"),
            Self::Transient { at, response } => write!(f, "put off at {at}: {response}"),
            Self::Permanent { at, response } => write!(f, "refused at {at}: {response}"),
            Self::Alarm { at, cause } => write!(f, "the server refuses us at {at}: {cause}"),
            Self::NotSent { at, cause } => write!(f, "not sent, broke at {at}: {cause}"),
            Self::Unknown { cause } => write!(f, "unknown: {cause}"),
        }
    }
}

/// The step of the protocol that a mail reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// TCP, greeting, EHLO.
    Connect,
    /// STARTTLS, certificate.
    Tls,
    /// Who we are.
    Auth,
    /// The sender.
    Mail,
    /// The recipient.
    Rcpt,
    /// Whether the server would read the message.
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
