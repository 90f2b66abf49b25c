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

/// A write transaction, which may raise the revisions of projects; its commit publishes these.
/// Dropped without a commit, it is rolled back.
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
    /// Begins a write transaction.
    pub async fn write(&self) -> Result<Write<'_>> {
        Ok(Write {
            store: self,
            transaction: database::begin_write(&self.db).await?,
            raised: Vec::new(),
        })
    }

    /// As [`Store::write`], to change records that several projects show. Such transactions are
    /// serialised, so that no change is lost and no deadlock arises. It must be the first lock of a
    /// transaction.
    pub async fn write_shared(&self) -> Result<Write<'_>> {
        let write = self.write().await?;
        database::advisory_lock(&*write, SHARED).await?;
        Ok(write)
    }
}

/// The lock for changes of organisations, people or programmes.
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

    /// The revision that a project has been raised to.
    pub(crate) fn revision_of(&self, id: ProjectId) -> Option<i64> {
        let mut raised = self.raised.iter();
        let change = raised.find(|change| change.id == id)?;
        Some(change.revision)
    }

    /// Marks a project that this transaction inserts, at its first revision.
    pub(crate) fn raise_new(&mut self, row: &project::Model) {
        self.raised.push(RevisionChanged {
            id: row.id,
            key: row.key.clone(),
            revision: row.revision,
        });
    }

    /// Commits, and then publishes the new revisions. If it fails, nothing is written or published.
    pub async fn commit(self) -> Result<()> {
        self.transaction.commit().await?;
        for change in self.raised {
            self.store.cache.publish(change);
        }
        Ok(())
    }

    /// As [`Write::commit`], and caches the new state of a project, so that it need not be loaded.
    pub(crate) async fn commit_with(self, project: &Arc<Project>) -> Result<()> {
        self.transaction.commit().await?;
        self.store.cache.insert(project);
        for change in self.raised {
            self.store.cache.publish(change);
        }
        Ok(())
    }

    /// Rolls the transaction back.
    pub async fn rollback(self) -> Result<()> {
        Ok(self.transaction.rollback().await?)
    }
}

/// Marks a project as changed: readers load it again, and the plan is evaluated again.
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
