//! Accounts and authentication: sign-in links, sessions, API tokens, and who has an account.
//!
//! Only the hash of a secret is stored. The rights of a person are not stored here: they follow
//! from the roles in a project ([`crate::viewer`]).

pub mod correction;
mod credential_cache;
pub mod link;
pub mod privacy;
pub mod session;
pub mod token;
pub mod user;

use chrono::TimeDelta;
use entities::*;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::{
    actor::Actor,
    audit::{self, SingleChange},
    error::Result,
    ids::Ids,
    store::Store,
    viewer::{Credential, SignedIn},
};

pub use credential_cache::CredentialCache;

/// Accounts are not part of a replay: their ids are random, even if the store's are derived.
const IDS: Ids = Ids::Fresh;

/// The interval at which the last use of a session or token is stored.
const USE_INTERVAL: TimeDelta = TimeDelta::minutes(1);

/// Whether a session or token is still valid; queried from the database at most once a second.
pub async fn is_valid(store: &Store, signed_in: SignedIn) -> Result<bool> {
    match signed_in.by {
        Credential::Session(id) => session::is_valid(store, id).await,
        Credential::Token { id, .. } => token::is_valid(store, id).await,
    }
}

/// Records a change of an account in the audit log, in the transaction of the change.
async fn audit(
    db: &impl ConnectionTrait,
    store: &Store,
    actor: &Actor,
    change: SingleChange<'_>,
) -> Result<()> {
    audit::write_single(db, store.clock().now(), actor, change).await
}

/// The projects that show a person: by a role or by a participation.
async fn projects_showing(db: &impl ConnectionTrait, id: PersonId) -> Result<Vec<ProjectId>> {
    let mut all: Vec<ProjectId> = Vec::new();
    macro_rules! of {
        ($($table:ident.$column:ident),+) => {$(
            let projects: Vec<ProjectId> = $table::Entity::find()
                .select_only()
                .column($table::Column::ProjectId)
                .filter($table::Column::$column.eq(id))
                .into_tuple()
                .all(db)
                .await?;
            all.extend(projects);
        )+};
    }
    of!(
        role.PersonId,
        participation.PersonId,
        champion.PersonId,
        output_event.PersonId,
        reporter.PersonId,
        proposal.PersonId,
        proposal.DecidedById,
        proposal.RecordId,
        introduction.PersonId
    );
    all.sort_unstable();
    all.dedup();
    Ok(all)
}
