//! Projects in memory, each at one revision, and the way that writes reach the database.

use std::{
    collections::HashMap,
    slice::from_ref,
    sync::{Arc, RwLock},
    time::Duration,
};

use chrono::{DateTime, Utc};
use entities::*;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::{
    clock::Clock,
    database,
    error::{Error, Result},
    file::{self, ProjectFile},
    ids::Ids,
    project::Project,
    rows::{Change, Rows, save},
};

/// How often other processes' writes are looked for.
const POLL: Duration = Duration::from_millis(500);

/// The projects, loaded whole when they are first asked for and kept while they are current.
#[derive(Debug)]
pub struct Store {
    db: DatabaseConnection,
    clock: Clock,
    ids: Ids,
    loaded: RwLock<HashMap<String, Arc<Project>>>,
}

impl Store {
    #[must_use]
    pub fn new(db: DatabaseConnection, clock: Clock, ids: Ids) -> Self {
        Self {
            db,
            clock,
            ids,
            loaded: RwLock::default(),
        }
    }

    #[must_use]
    pub fn db(&self) -> &DatabaseConnection {
        &self.db
    }

    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    #[must_use]
    pub fn ids(&self) -> Ids {
        self.ids
    }

    /// The project of this key, as it was at most [`POLL`] ago where [`Store::watch`] runs.
    ///
    /// # Errors
    /// `NotFound`, or when the database fails.
    pub async fn project(&self, key: &str) -> Result<Arc<Project>> {
        if let Some(project) = self.held(key) {
            return Ok(project);
        }
        self.fresh(key).await
    }

    /// The project of this key as it is in the database now.
    ///
    /// # Errors
    /// `NotFound`, or when the database fails.
    pub async fn fresh(&self, key: &str) -> Result<Arc<Project>> {
        let revision: Option<i64> = project::Entity::find()
            .select_only()
            .column(project::Column::Revision)
            .filter(project::Column::Key.eq(key))
            .into_tuple()
            .one(&self.db)
            .await?;
        let revision = revision.ok_or(Error::NotFound("project"))?;
        if let Some(project) = self
            .held(key)
            .filter(|project| project.revision() == revision)
        {
            return Ok(project);
        }
        let project = Arc::new(self.load(key).await?);
        self.hold(Arc::clone(&project));
        Ok(project)
    }

    /// At which revision a project is kept in memory; none where it is not.
    #[must_use]
    pub fn held_revision(&self, key: &str) -> Option<i64> {
        self.held(key).map(|project| project.revision())
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
        let held = self
            .all_held()
            .into_iter()
            .find(|project| project.id() == id);
        if let Some(project) = held {
            return self.project(project.key()).await;
        }
        let key: Option<String> = project::Entity::find_by_id(id)
            .select_only()
            .column(project::Column::Key)
            .into_tuple()
            .one(&self.db)
            .await?;
        self.project(&key.ok_or(Error::NotFound("project"))?).await
    }

    /// Forgets, over and over, what other processes have changed. Runs until it is dropped.
    pub async fn watch(&self) {
        loop {
            tokio::time::sleep(POLL).await;
            if let Err(error) = self.forget_stale().await {
                tracing::warn!(%error, "Could not look for changed projects");
            }
        }
    }

    async fn forget_stale(&self) -> Result<()> {
        let held = self.all_held();
        if held.is_empty() {
            return Ok(());
        }
        let current: Vec<(Uuid, i64)> = project::Entity::find()
            .select_only()
            .columns([project::Column::Id, project::Column::Revision])
            .into_tuple()
            .all(&self.db)
            .await?;
        let current: HashMap<Uuid, i64> = current.into_iter().collect();
        let mut loaded = self.loaded.write().expect("no holder of this lock panics");
        for project in held {
            if current.get(&project.id().0) != Some(&project.revision()) {
                loaded.remove(project.key());
            }
        }
        Ok(())
    }

    fn held(&self, key: &str) -> Option<Arc<Project>> {
        self.loaded
            .read()
            .expect("no holder of this lock panics")
            .get(key)
            .cloned()
    }

    fn all_held(&self) -> Vec<Arc<Project>> {
        self.loaded
            .read()
            .expect("no holder of this lock panics")
            .values()
            .cloned()
            .collect()
    }

    /// Keeps a project, unless a newer revision is kept already.
    fn hold(&self, project: Arc<Project>) {
        let mut loaded = self.loaded.write().expect("no holder of this lock panics");
        let newer = loaded
            .get(project.key())
            .is_some_and(|held| held.id() == project.id() && held.revision() > project.revision());
        if !newer {
            loaded.insert(project.key().to_owned(), project);
        }
    }

    async fn load(&self, key: &str) -> Result<Project> {
        let snapshot = database::begin_read(&self.db).await?;
        let rows = load(&snapshot, key)
            .await?
            .ok_or(Error::NotFound("project"))?;
        snapshot.commit().await?;
        Ok(Project::new(rows))
    }

    /// Makes a database ready for a clock that was set back: projects that by this clock have not
    /// come in come in now, with what came with them; hints and skipped mail that lie ahead are
    /// forgotten. Gives the instant of mail that was sent ahead of this clock, and then does
    /// nothing: what was sent stays sent.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_back(&self) -> Result<Option<DateTime<Utc>>> {
        let now = self.clock.now();
        let write = database::begin_write(&self.db).await?;
        let sent_ahead: Option<DateTime<Utc>> = notification::Entity::find()
            .select_only()
            .column(notification::Column::DueAt)
            .filter(notification::Column::DueAt.gt(now))
            .filter(notification::Column::State.ne(NotificationState::Skipped))
            .order_by_desc(notification::Column::DueAt)
            .limit(1)
            .into_tuple()
            .one(&write)
            .await?;
        if sent_ahead.is_some() {
            write.rollback().await?;
            return Ok(sent_ahead);
        }
        notification::Entity::delete_many()
            .filter(notification::Column::DueAt.gt(now))
            .exec(&write)
            .await?;
        project::Entity::update_many()
            .set(project::ActiveModel {
                next_plan_at: Set(None),
                ..Default::default()
            })
            .filter(project::Column::NextPlanAt.gt(now))
            .exec(&write)
            .await?;
        let ahead = project::Entity::find()
            .filter(project::Column::CreatedAt.gt(now))
            .all(&write)
            .await?;
        for row in &ahead {
            project::Entity::update_many()
                .set(project::ActiveModel {
                    created_at: Set(now),
                    ..Default::default()
                })
                .filter(project::Column::Id.eq(row.id))
                .exec(&write)
                .await?;
            output_event::Entity::update_many()
                .set(output_event::ActiveModel {
                    recorded_at: Set(now),
                    ..Default::default()
                })
                .filter(output_event::Column::ProjectId.eq(row.id))
                .filter(output_event::Column::RecordedAt.eq(row.created_at))
                .exec(&write)
                .await?;
            raise_revision(&write, row.id).await?;
        }
        write.commit().await?;
        Ok(None)
    }

    /// Writes a project file: a new project, or an update of the one with its key. Records that a
    /// newer file leaves out are kept, unless `prune` is set. With `dry_run` nothing is written.
    ///
    /// # Errors
    /// `Invalid` with every problem, and nothing written.
    pub async fn import(&self, file: &ProjectFile, how: Import) -> Result<Imported> {
        let problems = file::check(file);
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        let write = database::begin_write(&self.db).await?;
        let old = load_for_update(&write, &file.project.key).await?;
        let shared = shared_rows(&write, file).await?;
        let now = self.clock.now();
        let (new, kept) = file::rows_of(file, old.as_ref(), &shared, self.ids, now, how.prune)
            .map_err(Error::Invalid)?;
        let before = old
            .clone()
            .unwrap_or_else(|| Rows::empty(new.project.clone(), new.programme.clone()));
        let mut compared = before.clone();
        compared.organisations.clone_from(&shared.organisations);
        compared.people.clone_from(&shared.people);
        let changes = new.changes_since(&compared);
        let is_new = old.is_none();
        if !how.dry_run && (is_new || !changes.is_empty()) {
            save_shared(&write, &shared, &new).await?;
            if is_new {
                save(&write, &[], from_ref(&new.project)).await?;
            } else {
                save(&write, from_ref(&before.project), from_ref(&new.project)).await?;
            }
            new.save_own(&write, &before).await?;
            raise_revision(&write, new.project.id).await?;
            raise_others(&write, &new, &changes).await?;
            write.commit().await?;
            self.fresh(&file.project.key).await?;
        } else {
            write.rollback().await?;
        }
        Ok(Imported {
            is_new,
            changes,
            kept,
            names: new,
        })
    }
}

/// How a file is imported.
#[derive(Clone, Copy, Debug, Default)]
pub struct Import {
    /// Only say what would change.
    pub dry_run: bool,
    /// Remove the records that the file leaves out.
    pub prune: bool,
}

/// What an import changed, or would change.
#[derive(Debug)]
pub struct Imported {
    pub is_new: bool,
    pub changes: Vec<Change>,
    /// Records that the file leaves out and that were kept, such as `practices moi`.
    pub kept: Vec<String>,
    /// The rows after it, to name the changed ones by.
    pub names: Rows,
}

/// The shared rows that a file names, as they are now.
#[derive(Clone, Debug, Default)]
pub struct Shared {
    pub programme: Option<programme::Model>,
    pub organisations: Vec<organisation::Model>,
    pub people: Vec<person::Model>,
}

async fn shared_rows(db: &impl ConnectionTrait, file: &ProjectFile) -> Result<Shared> {
    let organisations = file.organisations.iter().map(|row| row.key.as_str());
    let people = file.people.iter().map(|row| row.key.as_str());
    Ok(Shared {
        programme: programme::Entity::find()
            .filter(programme::Column::Key.eq(&file.project.programme.key))
            .one(db)
            .await?,
        organisations: organisation::Entity::find()
            .filter(organisation::Column::Key.is_in(organisations))
            .all(db)
            .await?,
        people: person::Entity::find()
            .filter(person::Column::Key.is_in(people))
            .all(db)
            .await?,
    })
}

async fn save_shared(db: &impl ConnectionTrait, old: &Shared, new: &Rows) -> Result<()> {
    save(db, old.programme.as_slice(), from_ref(&new.programme)).await?;
    save(db, &old.organisations, &new.organisations).await?;
    save(db, &old.people, &new.people).await?;
    Ok(())
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
async fn load_for_update(db: &impl ConnectionTrait, key: &str) -> Result<Option<Rows>> {
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
    let people = role::Entity::find()
        .select_only()
        .column(role::Column::PersonId);
    rows.people = person::Entity::find()
        .filter(
            person::Column::Id
                .in_subquery(people.filter(role::Column::ProjectId.eq(id)).into_query()),
        )
        .all(db)
        .await?;
    Ok(Some(rows))
}

/// Marks a project as changed: readers load it anew, and the plan is looked at again.
pub(crate) async fn raise_revision(db: &impl ConnectionTrait, id: ProjectId) -> Result<()> {
    project::Entity::update_many()
        .col_expr(
            project::Column::Revision,
            sea_orm::sea_query::ExprTrait::add(
                sea_orm::sea_query::Expr::col(project::Column::Revision),
                1,
            ),
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

/// Marks the other projects that show a changed organisation or person.
async fn raise_others(db: &impl ConnectionTrait, new: &Rows, changes: &[Change]) -> Result<()> {
    let ids = |table: &'static str| {
        changes
            .iter()
            .filter(move |change| change.table == table)
            .map(|change| change.id)
    };
    let mut others: Vec<ProjectId> = partner::Entity::find()
        .select_only()
        .column(partner::Column::ProjectId)
        .filter(partner::Column::OrganisationId.is_in(ids("organisation")))
        .into_tuple()
        .all(db)
        .await?;
    let by_people: Vec<ProjectId> = role::Entity::find()
        .select_only()
        .column(role::Column::ProjectId)
        .filter(role::Column::PersonId.is_in(ids("person")))
        .into_tuple()
        .all(db)
        .await?;
    others.extend(by_people);
    others.sort_unstable();
    others.dedup();
    for id in others.into_iter().filter(|id| *id != new.project.id) {
        raise_revision(db, id).await?;
    }
    Ok(())
}
