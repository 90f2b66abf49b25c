//! Loading a project whole, once per revision.

use std::sync::Arc;

use entities::*;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};

use super::Store;
use crate::{
    database,
    error::{Error, Result},
    project::Project,
    rows::Rows,
};

impl Store {
    /// The project of this key, as this process last wrote it or heard of it; other processes'
    /// writes are in it within a second, where [`Store::watch`] runs.
    ///
    /// # Errors
    /// `NotFound`, or when the database fails.
    pub async fn project(&self, key: &str) -> Result<Arc<Project>> {
        match self.keeping.held(key) {
            Some(project) => Ok(project),
            None => self.loaded(key, 0).await,
        }
    }

    /// The project of this key as it is in the database now.
    ///
    /// # Errors
    /// `NotFound`, or when the database fails.
    pub async fn fresh(&self, key: &str) -> Result<Arc<Project>> {
        let now = self.standing_of(key).await?;
        match self.keeping.held(key) {
            Some(project) if project.id() == now.id && project.revision() == now.revision => {
                Ok(project)
            }
            Some(project) => {
                self.keeping.outdated(&project);
                self.loaded(key, now.revision).await
            }
            None => self.loaded(key, now.revision).await,
        }
    }

    /// The keys of all projects, in their order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keys(&self) -> Result<Vec<String>> {
        Ok(project::Entity::find()
            .select_only()
            .column(project::Column::Key)
            .order_by_asc(project::Column::Key)
            .into_tuple()
            .all(&self.db)
            .await?)
    }

    /// The project of this id.
    ///
    /// # Errors
    /// `NotFound`, or when the database fails.
    pub async fn project_by_id(&self, id: ProjectId) -> Result<Arc<Project>> {
        if let Some(key) = self.keeping.key_of(id) {
            return self.project(&key).await;
        }
        let key: Option<String> = project::Entity::find_by_id(id)
            .select_only()
            .column(project::Column::Key)
            .into_tuple()
            .one(&self.db)
            .await?;
        self.project(&key.ok_or(Error::NotFound("project"))?).await
    }

    /// The project of this key, which nobody else writes until the transaction ends. One that is kept
    /// in memory is not read again.
    ///
    /// # Errors
    /// `NotFound`, or when the database fails.
    pub(crate) async fn locked(
        &self,
        db: &impl ConnectionTrait,
        key: &str,
    ) -> Result<Arc<Project>> {
        let found = project::Entity::find()
            .filter(project::Column::Key.eq(key))
            .lock_exclusive()
            .one(db)
            .await?
            .ok_or(Error::NotFound("project"))?;
        if let Some(held) = self.keeping.held(key)
            && held.id() == found.id
            && held.revision() == found.revision
        {
            return Ok(held);
        }
        let rows = rows_of(db, Some(found)).await?;
        Ok(Arc::new(Project::new(
            rows.ok_or(Error::NotFound("project"))?,
        )))
    }

    /// Loads a project and keeps it. Who asks for it meanwhile waits for the same load, unless that
    /// gives less than the revision that they know of.
    async fn loaded(&self, key: &str, at_least: i64) -> Result<Arc<Project>> {
        let turn = self.keeping.turn(key);
        let _mine = turn.begin().await;
        if let Some(project) = self.keeping.held(key)
            && project.revision() >= at_least
        {
            return Ok(project);
        }
        let project = Arc::new(self.load(key).await?);
        if self.keeping.hold(&project) {
            return Ok(project);
        }
        // A newer revision was told while this one was being read.
        let told = self.keeping.told(project.id());
        let project = Arc::new(self.load(key).await?);
        if told.is_some_and(|told| project.revision() < told) {
            // The database was set back to an older copy: its word counts.
            self.keeping.untell(project.id(), told);
        }
        self.keeping.hold(&project);
        Ok(project)
    }

    async fn load(&self, key: &str) -> Result<Project> {
        let snapshot = database::begin_read(&self.db).await?;
        let rows = load(&snapshot, key)
            .await?
            .ok_or(Error::NotFound("project"))?;
        snapshot.commit().await?;
        Ok(Project::new(rows))
    }
}

/// Every row of the project with this key, in the caller's transaction.
async fn load(db: &impl ConnectionTrait, key: &str) -> Result<Option<Rows>> {
    let found = project::Entity::find()
        .filter(project::Column::Key.eq(key))
        .one(db)
        .await?;
    rows_of(db, found).await
}

/// As [`load`], and nobody else writes the project until the transaction ends.
pub(super) async fn load_for_update(db: &impl ConnectionTrait, key: &str) -> Result<Option<Rows>> {
    let query = project::Entity::find()
        .filter(project::Column::Key.eq(key))
        .lock_exclusive();
    rows_of(db, query.one(db).await?).await
}

async fn rows_of(
    db: &impl ConnectionTrait,
    project: Option<project::Model>,
) -> Result<Option<Rows>> {
    let Some(project) = project else {
        return Ok(None);
    };
    let programme = programme::Entity::find_by_id(project.programme_id)
        .one(db)
        .await?
        .ok_or(Error::NotFound("programme"))?;
    let id = project.id;
    let mut rows = Rows::empty(project, programme);
    rows.load_own(db).await?;
    let organisations = partner::Entity::find()
        .select_only()
        .column(partner::Column::OrganisationId);
    rows.organisations = organisation::Entity::find()
        .filter(
            organisation::Column::Id.in_subquery(
                organisations
                    .filter(partner::Column::ProjectId.eq(id))
                    .into_query(),
            ),
        )
        .all(db)
        .await?;
    // Who has a role, and whoever else took part or acted.
    let with_role = role::Entity::find()
        .select_only()
        .column(role::Column::PersonId)
        .filter(role::Column::ProjectId.eq(id));
    let took_part = participation::Entity::find()
        .select_only()
        .column(participation::Column::PersonId)
        .filter(participation::Column::ProjectId.eq(id))
        .filter(participation::Column::PersonId.is_not_null());
    let champions = champion::Entity::find()
        .select_only()
        .column(champion::Column::PersonId)
        .filter(champion::Column::ProjectId.eq(id))
        .filter(champion::Column::PersonId.is_not_null());
    rows.people = person::Entity::find()
        .filter(
            Condition::any()
                .add(person::Column::Id.in_subquery(with_role.into_query()))
                .add(person::Column::Id.in_subquery(took_part.into_query()))
                .add(person::Column::Id.in_subquery(champions.into_query())),
        )
        .all(db)
        .await?;
    Ok(Some(rows))
}
