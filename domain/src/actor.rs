//! Who acts: whose rights count, and what the audit says of them.

use entities::{Channel, PersonId};
use sea_orm::prelude::Uuid;

use crate::viewer::Viewer;

/// The one on whose behalf something is changed, and by which way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Whose rights count.
    pub viewer: Viewer,
    /// Who it is in the audit: the viewer, or the person to whom a link was mailed.
    pub person: Option<PersonId>,
    pub channel: Channel,
    /// The request, as the log names it.
    pub request_id: Option<String>,
    /// Sending the same command again under this key does nothing more.
    pub idempotency_key: Option<IdempotencyKey>,
}

impl Actor {
    /// A command of `connection`.
    pub const COMMAND: Self = Self::operator(Channel::Command);

    /// The worker, on nobody's behalf.
    pub(crate) const WORKER: Self = Self::operator(Channel::Worker);

    const fn operator(channel: Channel) -> Self {
        Self {
            viewer: Viewer::Operator,
            person: None,
            channel,
            request_id: None,
            idempotency_key: None,
        }
    }

    /// A viewer, in no request and without an idempotency key.
    #[must_use]
    pub fn new(viewer: Viewer) -> Self {
        Self {
            viewer,
            person: viewer.person(),
            channel: viewer.channel(),
            request_id: None,
            idempotency_key: None,
        }
    }

    /// A person who uses the link that was mailed to them; it gives no rights beyond what the link
    /// is for.
    pub(crate) fn by_link(person: PersonId) -> Self {
        Self {
            person: Some(person),
            channel: Channel::Link,
            ..Self::new(Viewer::Anonymous)
        }
    }

    /// The same without who it is, for the audit of another project, which may not know.
    #[must_use]
    pub(crate) fn unnamed(&self) -> Self {
        Self {
            viewer: Viewer::Anonymous,
            person: None,
            channel: self.channel,
            request_id: None,
            idempotency_key: None,
        }
    }

    /// The session or token that is used.
    #[must_use]
    pub fn credential(&self) -> Option<Uuid> {
        self.viewer.credential()
    }
}

/// An idempotency key of a client: the same command under the same key is executed once a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    pub key: String,
    /// Which of the request's mutations.
    pub field: String,
    /// SHA-256 of the command: the same key cannot stand for another one.
    pub fingerprint: String,
}
