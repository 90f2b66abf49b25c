//! The way out for a rendered mail: a server, or the outbox on disk.

use std::io::ErrorKind;
use std::time::Duration;

use lettre::address::Envelope;
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::outbox::Outbox;
use crate::smtp::{Delivery, Phase, Smtp};

/// A mail that has waited this long for the lane goes back to the ledger: the server is slow, and a
/// lease need not outlast the mails before it.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Where mail goes. Senders wait for each other: there is one lane.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "a process has one of it")]
pub enum Transport {
    Smtp(Mutex<Smtp>),
    Outbox(Outbox),
}

impl Transport {
    /// Sends one message. `name` is the file's in the outbox and is not used by SMTP.
    ///
    /// A message that the outbox holds already under this name counts as accepted; another one of
    /// that name is a permanent failure, and a disk in trouble is an alarm.
    pub async fn send(&self, name: &str, envelope: &Envelope, message: &[u8]) -> Delivery {
        match self {
            Self::Smtp(smtp) => match timeout(LONGEST_WAIT, smtp.lock()).await {
                Ok(mut smtp) => smtp.send(envelope, message).await,
                Err(_) => Delivery::NotSent {
                    at: Phase::Connect,
                    cause: format!("other mails kept the lane busy for {LONGEST_WAIT:?}"),
                },
            },
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
        let accepted = transport.send("a", &envelope, b"one").await;
        assert!(matches!(accepted, Delivery::Accepted { .. }), "{accepted}");
        let again = transport.send("a", &envelope, b"one").await;
        assert!(matches!(again, Delivery::Accepted { .. }), "{again}");
        let other = transport.send("a", &envelope, b"two").await;
        assert!(matches!(other, Delivery::Permanent { .. }), "{other}");
        assert!(!other.suppresses_recipient());

        std::fs::write(home.path().join("file"), "").unwrap();
        let blocked = Transport::Outbox(Outbox::new(home.path().join("file")));
        let alarm = blocked.send("a", &envelope, b"one").await;
        assert!(matches!(alarm, Delivery::Alarm { .. }), "{alarm}");
    }
}
