//! Delivery status: the outcomes of handing a mail over to the mail server, by the next action.

use std::fmt;

use super::{phase::Phase, refusal::Refusal};

/// The outcome of handing a mail over. The texts are the server's own and may quote addresses: they
/// belong in the ledger, never in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The server accepted the mail.
    Accepted { response: String },
    /// A temporary refusal (4xx): retry later.
    Transient { at: Phase, response: String },
    /// A permanent refusal of this mail (5xx): do not retry.
    Permanent { at: Phase, response: String },
    /// The server refuses the client, not this mail: alert the operator, retry later.
    Alarm { at: Phase, cause: String },
    /// There was no reply, and the server cannot have the mail: retry later.
    NotSent { at: Phase, cause: String },
    /// The whole mail was sent without a reply: the server may or may not have it.
    Unknown { cause: String },
}

impl Delivery {
    /// Whether the recipient's address is at fault, so that nothing more should be sent to it: the
    /// enhanced code says so, or, where there is none, the server takes others.
    pub fn suppresses_recipient(&self) -> bool {
        matches!(self.refusal(), Some(Refusal::Address | Refusal::Doubtful))
    }

    /// What a permanent refusal is about.
    pub(super) fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Permanent { at, response } => Some(Refusal::of(*at, response)),
            _ => None,
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
