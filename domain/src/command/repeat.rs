//! Asking again does nothing more: what came of an act is remembered for a day, under the key that
//! whoever asked has chosen.

use chrono::TimeDelta;
use entities::*;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, prelude::Uuid,
};
use serde::{Deserialize, Serialize};

use super::{Caller, Problem};
use crate::{
    database,
    error::{Error, Result},
    store::Store,
};

/// For how long it is remembered.
const REMEMBERED: TimeDelta = TimeDelta::days(1);

/// A key under which an act is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    pub key: String,
    /// Which of the request's mutations.
    pub field: String,
    /// SHA-256 of what was asked: the same key cannot stand for anything else.
    pub fingerprint: String,
}

impl Repeat {
    /// This key, as that of whoever asks; of the operator, where it is no person.
    #[must_use]
    pub(crate) fn of(&self, person: Option<PersonId>) -> Under<'_> {
        Under {
            owner: person.map_or(Uuid::nil(), Into::into),
            repeat: self,
        }
    }
}

/// Whose key it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Under<'a> {
    owner: Uuid,
    repeat: &'a Repeat,
}

/// What is remembered of an act.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub record: Uuid,
    #[serde(default)]
    pub warnings: Vec<Problem>,
    /// The project that it was in, where it was in one.
    pub project: Option<String>,
}

impl Outcome {
    /// An act that was in no project.
    pub fn of(record: impl Into<Uuid>) -> Self {
        Self {
            record: record.into(),
            warnings: Vec::new(),
            project: None,
        }
    }
}

impl Store {
    /// What came of the same act before; whoever asks meanwhile under the same key waits for it.
    ///
    /// # Errors
    /// `KeyReused` where the key stands for something else, or when the database fails.
    pub(crate) async fn repeated(
        &self,
        db: &impl ConnectionTrait,
        under: Option<Under<'_>>,
    ) -> Result<Option<Outcome>> {
        let Some(Under { owner, repeat }) = under else {
            return Ok(None);
        };
        let Repeat { key, field, .. } = repeat;
        database::alone(db, &format!("{owner}/{key}/{field}")).await?;
        let found = repeated_act::Entity::find()
            .filter(repeated_act::Column::PersonId.eq(owner))
            .filter(repeated_act::Column::Key.eq(key))
            .filter(repeated_act::Column::Field.eq(field))
            .one(db)
            .await?;
        match found {
            None => Ok(None),
            Some(row) if row.created_at < self.clock().now() - REMEMBERED => {
                repeated_act::Entity::delete_by_id(row.id).exec(db).await?;
                Ok(None)
            }
            Some(row) if row.fingerprint != repeat.fingerprint => Err(Error::KeyReused),
            Some(row) => Ok(serde_json::from_value(row.outcome).ok()),
        }
    }

    /// Whether a caller asked for the same before, under the same key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn was_done(&self, caller: &Caller) -> Result<bool> {
        match self.repeated(self.db(), caller.under()).await {
            Err(Error::KeyReused) => Ok(false),
            found => Ok(found?.is_some()),
        }
    }

    /// Remembers what came of an act.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn remember(
        &self,
        db: &impl ConnectionTrait,
        under: Option<Under<'_>>,
        outcome: &Outcome,
    ) -> Result<()> {
        let Some(Under { owner, repeat }) = under else {
            return Ok(());
        };
        let name = format!("{}/{}", repeat.key, repeat.field);
        let row = repeated_act::Model {
            id: self.ids().make("repeated_act", owner, &name).into(),
            person_id: owner,
            key: repeat.key.clone(),
            field: repeat.field.clone(),
            fingerprint: repeat.fingerprint.clone(),
            outcome: serde_json::to_value(outcome).expect("an outcome is plain JSON"),
            created_at: self.clock().now(),
        };
        repeated_act::Entity::insert(row.into_active_model())
            .exec_without_returning(db)
            .await?;
        Ok(())
    }
}
