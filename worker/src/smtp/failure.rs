//! Failures of SMTP commands, and the verdict on the mail that follows from each.

use std::error::Error as _;
use std::time::Duration;

use super::{delivery::Delivery, phase::Phase, refusal::Refusal};

/// The failure of a command.
#[derive(Debug)]
pub(super) enum Failure {
    /// The server's reply, 4xx or 5xx.
    Reply { code: u16, text: String },
    /// No reply, or an invalid one.
    Broken(String),
    /// A refusal by the client: an untrusted certificate, or no common authentication mechanism.
    Refused(String),
}

impl Failure {
    pub(super) fn reply(code: u16, text: &str) -> Self {
        Self::Reply {
            code,
            text: format!("{code} {text}"),
        }
    }

    pub(super) fn broken(error: &std::io::Error) -> Self {
        Self::Broken(error.to_string())
    }

    /// The mail may not be sent any more.
    pub(super) fn over() -> Self {
        Self::Broken("the lease was over".to_owned())
    }

    pub(super) fn slow(limit: Duration) -> Self {
        Self::Broken(format!("no reply within {limit:?}"))
    }

    /// Whether the connection must not be used again.
    pub(super) fn ends_session(&self) -> bool {
        !matches!(self, Self::Reply { code, .. } if *code != 421)
    }

    pub(super) fn verdict(self, at: Phase) -> Delivery {
        match self {
            Self::Broken(cause) => Delivery::NotSent { at, cause },
            Self::Refused(cause) => Delivery::Alarm { at, cause },
            Self::Reply { code, text } if code < 500 => Delivery::Transient { at, response: text },
            // The server requires authentication or encryption first, at any command.
            Self::Reply { code, text }
                if matches!(at, Phase::Connect | Phase::Tls | Phase::Auth)
                    || matches!(code, 530 | 534 | 535 | 538) =>
            {
                Delivery::Alarm { at, cause: text }
            }
            Self::Reply { text, .. } => match Refusal::of(at, &text) {
                Refusal::OurFault => Delivery::Alarm { at, cause: text },
                Refusal::ForNow => Delivery::Transient { at, response: text },
                Refusal::Address | Refusal::Doubtful | Refusal::Mail => {
                    Delivery::Permanent { at, response: text }
                }
            },
        }
    }
}

impl From<lettre::transport::smtp::Error> for Failure {
    fn from(error: lettre::transport::smtp::Error) -> Self {
        match error.status() {
            Some(code) => {
                let text = error.source().map(ToString::to_string).unwrap_or_default();
                Self::reply(code.into(), &text)
            }
            None if error.is_client() => Self::Refused(error.to_string()),
            None => Self::Broken(error.to_string()),
        }
    }
}
