//! Idempotency keys: the outcome of a command is stored for a day under the key that its client
//! chose, and the same command under the same key is not executed again.

use chrono::TimeDelta;
use entities::*;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, prelude::Uuid,
};
use serde::{Deserialize, Serialize};

use super::Problem;
use crate::{
    actor::{Actor, IdempotencyKey},
    database,
    error::{Error, Result},
    store::Store,
    viewer::Viewer,
};

/// For how long an outcome is stored.
const TTL: TimeDelta = TimeDelta::days(1);

/// The outcome of a command, as it is stored.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StoredOutcome {
    pub record: Uuid,
    #[serde(default)]
    pub warnings: Vec<Problem>,
    /// The project that it was in, where it was in one.
    pub project: Option<String>,
}

impl StoredOutcome {
    /// Of a command that was in no project.
    pub fn of(record: impl Into<Uuid>) -> Self {
        Self {
            record: record.into(),
            warnings: Vec::new(),
            project: None,
        }
    }
}

impl Store {
    /// The outcome of the same command under the same key; another one under it meanwhile waits for
    /// the transaction.
    ///
    /// # Errors
    /// `KeyReused` where the key stands for another command.
    pub(crate) async fn stored_outcome(
        &self,
        db: &impl ConnectionTrait,
        actor: &Actor,
    ) -> Result<Option<StoredOutcome>> {
        let Some((owner, idempotency)) = owned_key(actor) else {
            return Ok(None);
        };
        let IdempotencyKey { key, field, .. } = idempotency;
        database::advisory_lock(db, &format!("{owner}/{key}/{field}")).await?;
        let row = repeated_act::Entity::find()
            .filter(repeated_act::Column::PersonId.eq(owner))
            .filter(repeated_act::Column::Key.eq(key))
            .filter(repeated_act::Column::Field.eq(field))
            .one(db)
            .await?;
        match row {
            None => Ok(None),
            Some(row) if row.created_at < self.clock().now() - TTL => {
                repeated_act::Entity::delete_by_id(row.id).exec(db).await?;
                Ok(None)
            }
            Some(row) if row.fingerprint != idempotency.fingerprint => Err(Error::KeyReused),
            Some(row) => Ok(serde_json::from_value(row.outcome).ok()),
        }
    }

    /// Whether an actor sent the same command before, under the same key.
    pub async fn is_repeat(&self, actor: &Actor) -> Result<bool> {
        match self.stored_outcome(self.db(), actor).await {
            Err(Error::KeyReused) => Ok(false),
            outcome => Ok(outcome?.is_some()),
        }
    }

    /// Stores the outcome of a command under the actor's key, where there is one.
    pub(crate) async fn store_outcome(
        &self,
        db: &impl ConnectionTrait,
        actor: &Actor,
        outcome: &StoredOutcome,
    ) -> Result<()> {
        let Some((owner, idempotency)) = owned_key(actor) else {
            return Ok(());
        };
        let name = format!("{}/{}", idempotency.key, idempotency.field);
        let row = repeated_act::Model {
            id: self.ids().make("repeated_act", owner, &name).into(),
            person_id: owner,
            key: idempotency.key.clone(),
            field: idempotency.field.clone(),
            fingerprint: idempotency.fingerprint.clone(),
            outcome: serde_json::to_value(outcome).expect("an outcome is plain JSON"),
            created_at: self.clock().now(),
        };
        repeated_act::Entity::insert(row.into_active_model())
            .exec_without_returning(db)
            .await?;
        Ok(())
    }
}

/// An actor's key, and whose it is: nil, the operator's. Nobody in particular changes nothing, and
/// has no keys.
fn owned_key(actor: &Actor) -> Option<(Uuid, &IdempotencyKey)> {
    let key = actor.idempotency_key.as_ref()?;
    let is_somebody = actor.viewer != Viewer::Anonymous;
    is_somebody.then(|| (actor.person.map_or(Uuid::nil(), Into::into), key))
}
