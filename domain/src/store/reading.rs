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
    record::rows::Rows,
};

impl Store {
    /// The project of this key, from the cache if possible. It includes writes of other processes
    /// within a second while [`Store::watch`] runs.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn project(&self, key: &str) -> Result<Arc<Project>> {
        match self.cached(key) {
            Some(project) => Ok(project),
            None => self.load_and_cache(key, 0).await,
        }
    }

    /// The cached project of this key, with the roles that are in force now.
    #[must_use]
    pub fn cached(&self, key: &str) -> Option<Arc<Project>> {
        let (project, now) = (self.cache.get(key)?, self.clock.now());
        if project.is_at(now) {
            return Some(project);
        }
        // A role began or ended since, which is no write.
        let project = Arc::new(Project::new(project.rows().clone()).at(now));
        self.cache.insert(&project);
        Some(project)
    }

    /// The project of this key as it is in the database now.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn fresh(&self, key: &str) -> Result<Arc<Project>> {
        let now = self.current_revision(key).await?;
        match self.cached(key) {
            Some(project) if project.id() == now.id && project.revision() == now.revision => {
                Ok(project)
            }
            Some(project) => {
                self.cache.evict(&project);
                self.load_and_cache(key, now.revision).await
            }
            None => self.load_and_cache(key, now.revision).await,
        }
    }

    /// The keys of all projects, in their order.
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
    /// `NotFound`.
    pub async fn project_by_id(&self, id: ProjectId) -> Result<Arc<Project>> {
        if let Some(key) = self.cache.key_of(id) {
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

    /// The project of this key, locked for writing until the transaction ends. A cached one is not
    /// loaded again.
    ///
    /// # Errors
    /// `NotFound`.
    pub(crate) async fn lock_project(
        &self,
        db: &impl ConnectionTrait,
        key: &str,
    ) -> Result<Arc<Project>> {
        let row = project::Entity::find()
            .filter(project::Column::Key.eq(key))
            .lock_exclusive()
            .one(db)
            .await?
            .ok_or(Error::NotFound("project"))?;
        if let Some(cached) = self.cached(key)
            && cached.id() == row.id
            && cached.revision() == row.revision
        {
            return Ok(cached);
        }
        let rows = rows_of(db, Some(row)).await?;
        let rows = rows.ok_or(Error::NotFound("project"))?;
        Ok(Arc::new(Project::new(rows).at(self.clock.now())))
    }

    /// Loads a project into the cache. Concurrent callers wait for the same load, unless its
    /// revision is older than they need.
    async fn load_and_cache(&self, key: &str, at_least: i64) -> Result<Arc<Project>> {
        let lock = self.cache.load_lock(key);
        let _guard = lock.acquire().await;
        if let Some(project) = self.cached(key)
            && project.revision() >= at_least
        {
            return Ok(project);
        }
        let project = Arc::new(self.load(key).await?);
        if self.cache.insert(&project) {
            return Ok(project);
        }
        // A newer revision was announced while this one was being read.
        let announced = self.cache.announced(project.id());
        let project = Arc::new(self.load(key).await?);
        if announced.is_some_and(|announced| project.revision() < announced) {
            // The database was restored from an older backup, and is authoritative.
            self.cache.retract(project.id(), announced);
        }
        self.cache.insert(&project);
        Ok(project)
    }

    async fn load(&self, key: &str) -> Result<Project> {
        let snapshot = database::begin_read(&self.db).await?;
        let rows = load(&snapshot, key)
            .await?
            .ok_or(Error::NotFound("project"))?;
        snapshot.commit().await?;
        Ok(Project::new(rows).at(self.clock.now()))
    }
}

/// Every row of the project with this key, in the caller's transaction.
async fn load(db: &impl ConnectionTrait, key: &str) -> Result<Option<Rows>> {
    let row = project::Entity::find()
        .filter(project::Column::Key.eq(key))
        .one(db)
        .await?;
    rows_of(db, row).await
}

/// As [`load`], with the project locked for writing until the transaction ends.
pub(crate) async fn load_for_update(db: &impl ConnectionTrait, key: &str) -> Result<Option<Rows>> {
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
    // People with a role, and others who took part or acted.
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
    rows.introduce();
    Ok(Some(rows))
}
