//! Mail transport: an SMTP server, or the outbox on disk.

use std::io::ErrorKind;
use std::time::Duration;

use lettre::address::Envelope;
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::timeout;

use crate::outbox::Outbox;
use crate::smtp::{Delivery, Phase, Smtp, Still};

/// The maximum wait for the lane, after which a mail returns to the ledger: the server is slow, and
/// a lease need not cover the mails before it.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The transport of a process. Senders wait for each other: there is one lane.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "a process has one of it")]
pub enum Transport {
    Smtp(Mutex<Smtp>),
    Outbox(Outbox),
}

/// Exclusive use of the transport.
#[derive(Debug)]
pub enum Lane<'a> {
    Smtp(MutexGuard<'a, Smtp>),
    Outbox(&'a Outbox),
}

impl Transport {
    /// Waits for exclusive use of the transport. Only its holder may hand a mail over, so that at
    /// most one mail of a process is in doubt.
    ///
    /// # Errors
    /// If other mails used it for too long; nothing was sent.
    pub async fn lane(&self) -> Result<Lane<'_>, Delivery> {
        match self {
            Self::Smtp(smtp) => match timeout(LONGEST_WAIT, smtp.lock()).await {
                Ok(smtp) => Ok(Lane::Smtp(smtp)),
                Err(_) => Err(Delivery::NotSent {
                    at: Phase::Connect,
                    cause: format!("other mails occupied the lane for {LONGEST_WAIT:?}"),
                }),
            },
            Self::Outbox(outbox) => Ok(Lane::Outbox(outbox)),
        }
    }
}

impl Lane<'_> {
    /// Sends one message, as long as it may still be sent. `name` is that of the file in the outbox;
    /// SMTP does not use it.
    ///
    /// A message that the outbox already has under this name counts as accepted; another message of
    /// that name is a permanent failure, and a failing disk is an alarm.
    pub async fn send(
        &mut self,
        name: &str,
        envelope: &Envelope,
        message: &[u8],
        still: Still<'_>,
    ) -> Delivery {
        match self {
            Self::Smtp(smtp) => smtp.send_while(envelope, message, still).await,
            Self::Outbox(outbox) => match outbox.deliver(name, message).await {
                Ok(path) => Delivery::Accepted {
                    response: format!("written to {}", path.display()),
                },
                Err(error) => {
                    let (at, cause) = (Phase::Message, error.to_string());
                    match error.kind() {
                        ErrorKind::AlreadyExists | ErrorKind::InvalidInput => Delivery::Permanent {
                            at,
                            response: cause,
                        },
                        _ => Delivery::Alarm { at, cause },
                    }
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_outbox_answers_like_a_server() {
        let home = tempfile::tempdir().unwrap();
        let transport = Transport::Outbox(Outbox::new(home.path().join("outbox")));
        let envelope = Envelope::new(None, vec!["ana@city.example".parse().unwrap()]).unwrap();
        let mut lane = transport.lane().await.unwrap();
        let accepted = lane.send("a", &envelope, b"one", &|| true).await;
        assert!(matches!(accepted, Delivery::Accepted { .. }), "{accepted}");
        let again = lane.send("a", &envelope, b"one", &|| true).await;
        assert!(matches!(again, Delivery::Accepted { .. }), "{again}");
        let other = lane.send("a", &envelope, b"two", &|| true).await;
        assert!(matches!(other, Delivery::Permanent { .. }), "{other}");
        assert!(!other.suppresses_recipient());

        std::fs::write(home.path().join("file"), "").unwrap();
        let blocked = Transport::Outbox(Outbox::new(home.path().join("file")));
        let mut lane = blocked.lane().await.unwrap();
        let alarm = lane.send("a", &envelope, b"one", &|| true).await;
        assert!(matches!(alarm, Delivery::Alarm { .. }), "{alarm}");
    }
}
