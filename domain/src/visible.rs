//! Which projects a viewer may see. What a viewer may not see is looked for at the same cost as what
//! does not exist: no time tells whether a closed project is there.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use entities::{ProjectId, project, role};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};

use crate::{
    error::{Error, Result},
    project::Project,
    store::Store,
    viewer::{Credential, SignedIn, Viewer},
};

/// The project of a key.
///
/// # Errors
/// `NotFound` if there is none that the viewer may see.
pub async fn by_key(store: &Store, viewer: Viewer, key: &str) -> Result<Arc<Project>> {
    let cached = store.cached(key);
    if let Some(project) = cached.filter(|project| viewer.may_see(project)) {
        return Ok(project);
    }
    // PostgreSQL takes no U+0000. No key has U+0001 either, and it is looked for all the same.
    let key = key.replace('\0', "\u{1}");
    check(store, viewer, project::Column::Key.eq(&key)).await?;
    seen(viewer, store.project(&key).await?)
}

/// The project of an id.
///
/// # Errors
/// `NotFound` if there is none that the viewer may see.
pub async fn by_id(store: &Store, viewer: Viewer, id: ProjectId) -> Result<Arc<Project>> {
    let cached = store.cached_by_id(id);
    if let Some(project) = cached.filter(|project| viewer.may_see(project)) {
        return Ok(project);
    }
    check(store, viewer, project::Column::Id.eq(id)).await?;
    seen(viewer, store.project_by_id(id).await?)
}

/// Asks the database whether there is such a project that the viewer may see. No project is loaded
/// before that, and what is cached makes no difference: whoever may not see it waits for one
/// statement, as for a project that does not exist.
async fn check(store: &Store, viewer: Viewer, which: SimpleExpr) -> Result<()> {
    let found: Option<ProjectId> = project::Entity::find()
        .select_only()
        .column(project::Column::Id)
        .filter(which)
        .filter(condition(viewer, store.clock().now().date_naive()))
        .into_tuple()
        .one(store.db())
        .await?;
    found.map(drop).ok_or(Error::NotFound("project"))
}

fn seen(viewer: Viewer, project: Arc<Project>) -> Result<Arc<Project>> {
    match viewer.may_see(&project) {
        true => Ok(project),
        false => Err(Error::NotFound("project")),
    }
}

/// The SQL condition that a viewer may see a project.
#[must_use]
pub fn condition(viewer: Viewer, today: NaiveDate) -> SimpleExpr {
    match viewer.may_see_all() {
        true => Expr::val(true),
        false => project::Column::Public.eq(true).or(has_role(viewer, today)),
    }
}

/// The SQL condition that a viewer has a role in a project that is in force today in some zone; each
/// project that is loaded asks by its own.
fn has_role(viewer: Viewer, today: NaiveDate) -> SimpleExpr {
    let Viewer::Person(SignedIn { person, by }) = viewer else {
        return Expr::val(false);
    };
    let mut roles = role::Entity::find()
        .select_only()
        .column(role::Column::ProjectId)
        .filter(role::Column::PersonId.eq(person))
        .filter(
            role::Column::FromOn
                .is_null()
                .or(role::Column::FromOn.lte(today + Days::new(1))),
        )
        .filter(
            role::Column::UntilOn
                .is_null()
                .or(role::Column::UntilOn.gte(today - Days::new(1))),
        );
    if let Credential::Token { project, .. } = by {
        roles = roles.filter(role::Column::ProjectId.eq(project));
    }
    project::Column::Id.in_subquery(roles.into_query())
}
