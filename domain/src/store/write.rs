//! Transactions that write projects: the commit is the one place that publishes a change.

use std::{ops::Deref, sync::Arc};

use chrono::{DateTime, Utc};
use entities::*;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Alias, Expr, ExprTrait},
};

use super::{
    Store,
    revision::{REVISED_AT, RevisionChanged},
};
use crate::{database, error::Result, project::Project};

/// A transaction that may raise projects; its commit publishes their new revisions. Dropped
/// without one, it has changed nothing.
#[derive(Debug)]
pub struct Write<'a> {
    store: &'a Store,
    transaction: DatabaseTransaction,
    raised: Vec<RevisionChanged>,
}

impl Deref for Write<'_> {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.transaction
    }
}

impl Store {
    /// Begins a transaction that writes.
    pub async fn write(&self) -> Result<Write<'_>> {
        Ok(Write {
            store: self,
            transaction: database::begin_write(&self.db).await?,
            raised: Vec::new(),
        })
    }

    /// As [`Store::write`], to change what several projects show. One does so at a time: nobody
    /// writes over what another one has just changed, and two who raise each other's projects do not
    /// wait for each other for ever. It comes first in a transaction.
    pub async fn write_shared(&self) -> Result<Write<'_>> {
        let write = self.write().await?;
        database::advisory_lock(&*write, SHARED).await?;
        Ok(write)
    }
}

/// The lock of those who change organisations, people or programmes.
pub(crate) const SHARED: &str = "shared rows";

impl Write<'_> {
    /// Marks a project as changed, once however often it is called.
    pub async fn raise(&mut self, id: ProjectId) -> Result<()> {
        if self.raised.iter().any(|change| change.id == id) {
            return Ok(());
        }
        raise_revision(&self.transaction, id).await?;
        let raised: Option<(String, i64)> = project::Entity::find_by_id(id)
            .select_only()
            .columns([project::Column::Key, project::Column::Revision])
            .into_tuple()
            .one(&self.transaction)
            .await?;
        let change = raised.map(|(key, revision)| RevisionChanged { id, key, revision });
        self.raised.extend(change);
        Ok(())
    }

    /// Marks a project that this transaction inserts, at its first revision.
    pub(crate) fn raise_new(&mut self, row: &project::Model) {
        self.raised.push(RevisionChanged {
            id: row.id,
            key: row.key.clone(),
            revision: row.revision,
        });
    }

    /// Commits, and then publishes the new revisions. Where it fails, nothing is written and nothing
    /// published.
    pub async fn commit(self) -> Result<()> {
        self.transaction.commit().await?;
        for change in self.raised {
            self.store.cache.publish(change);
        }
        Ok(())
    }

    /// As [`Write::commit`]; the new state of a project, as this transaction wrote it, is cached at
    /// once and need not be loaded.
    pub(crate) async fn commit_with(self, project: &Arc<Project>) -> Result<()> {
        self.transaction.commit().await?;
        self.store.cache.insert(project);
        for change in self.raised {
            self.store.cache.publish(change);
        }
        Ok(())
    }

    /// Leaves everything as it was.
    pub async fn rollback(self) -> Result<()> {
        Ok(self.transaction.rollback().await?)
    }
}

/// Marks a project as changed: readers load it anew, and the plan is looked at again.
pub(crate) async fn raise_revision(db: &impl ConnectionTrait, id: ProjectId) -> Result<()> {
    project::Entity::update_many()
        .col_expr(
            project::Column::Revision,
            Expr::col(project::Column::Revision).add(1),
        )
        .col_expr(
            Alias::new(REVISED_AT),
            database::seconds(db.get_database_backend()),
        )
        .set(project::ActiveModel {
            next_plan_at: Set(None::<DateTime<Utc>>),
            ..Default::default()
        })
        .filter(project::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}
