//! How people are known: links that sign in, sessions, API tokens, and who has an account at all.
//!
//! Of every secret a hash alone is stored. What a person may do is never remembered here: it follows
//! from the roles in a project ([`crate::viewer`]).

mod credentials;
pub mod link;
pub mod privacy;
pub mod session;
pub mod token;
pub mod user;

use chrono::{DateTime, Utc};
use entities::*;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, prelude::Uuid};
use serde_json::Value;

use crate::{
    command::{Repeat, Under},
    error::Result,
    ids::Ids,
    store::Store,
    viewer::{Credential, SignedIn, Viewer},
};

pub use credentials::Credentials;

/// Accounts are no part of a replay: whatever the store does, their ids are new.
const IDS: Ids = Ids::Fresh;

/// Whether the session or token by which somebody is known still holds; asked of the database at
/// most once a second.
///
/// # Errors
/// When the database fails.
pub async fn holds(store: &Store, signed_in: SignedIn) -> Result<bool> {
    match signed_in.by {
        Credential::Session(id) => session::holds(store, id).await,
        Credential::Token { id, .. } => token::holds(store, id).await,
    }
}

/// On whose behalf an account is changed, as the audit has it.
#[derive(Clone, Copy, Debug)]
pub struct Actor<'a> {
    pub person: Option<PersonId>,
    pub channel: Channel,
    /// The session or token.
    pub credential: Option<Uuid>,
    /// The request, as the log names it.
    pub request: Option<&'a str>,
    /// Asking again under the same key does nothing more.
    pub repeat: Option<&'a Repeat>,
}

impl Actor<'_> {
    /// Whoever sits at the command line.
    pub const COMMAND: Self = Self {
        person: None,
        channel: Channel::Command,
        credential: None,
        request: None,
        repeat: None,
    };

    /// Whoever looks.
    #[must_use]
    pub fn of(viewer: Viewer) -> Self {
        Self {
            person: viewer.person(),
            channel: viewer.channel(),
            credential: viewer.credential(),
            request: None,
            repeat: None,
        }
    }

    /// A worker, on nobody's behalf.
    pub(crate) const WORKER: Self = Self {
        channel: Channel::Worker,
        ..Self::COMMAND
    };

    /// Whoever has the link that was mailed to a person.
    pub(crate) fn by_link(person: PersonId) -> Self {
        Self {
            person: Some(person),
            channel: Channel::Link,
            credential: None,
            request: None,
            repeat: None,
        }
    }
}

impl<'a> Actor<'a> {
    /// Under whose key, and which, it is remembered.
    fn under(&self) -> Option<Under<'a>> {
        Some(self.repeat?.of(self.person))
    }
}

/// What was done to an account, for the audit.
pub(crate) struct Done<'a> {
    pub verb: &'a str,
    /// The name of the record's GraphQL type.
    pub kind: &'a str,
    pub record: Uuid,
    pub project: Option<ProjectId>,
    pub after: Option<Value>,
}

/// Writes down what was done, in the transaction that does it.
async fn audit(
    db: &impl ConnectionTrait,
    store: &Store,
    actor: Actor<'_>,
    done: Done<'_>,
) -> Result<()> {
    write_down(db, store.clock().now(), actor, done).await
}

/// As [`audit`], at a given instant.
pub(crate) async fn write_down(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    actor: Actor<'_>,
    done: Done<'_>,
) -> Result<()> {
    let row = audit_entry::Model {
        id: IDS.make("audit_entry", done.record, done.verb).into(),
        project_id: done.project,
        act_id: IDS.make("act", done.record, done.verb).into(),
        verb: done.verb.to_owned(),
        person_id: actor.person,
        channel: actor.channel,
        credential_id: actor.credential,
        request_id: actor.request.map(str::to_owned),
        kind: done.kind.to_owned(),
        record_id: done.record,
        before: None,
        after: done.after,
        revision: None,
        recorded_at: now,
    };
    audit_entry::Entity::insert(row.into_active_model())
        .exec_without_returning(db)
        .await?;
    Ok(())
}
