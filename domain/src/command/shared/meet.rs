//! Organisations and people that a project adds without knowing them: it shows what it said itself until
//! somebody who may agrees.

use std::collections::HashSet;

use entities::*;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::{
    Shared,
    ask::{Asking, Proposed},
};
use crate::{
    error::Result, project::Project, record::rows::SharedRows, store::Write, viewer::Viewer,
};

/// Of the shared rows that a command may name, those that some other project shows the viewer, and those
/// that no project shows at all.
pub(in crate::command) async fn known(
    db: &impl ConnectionTrait,
    viewer: Viewer,
    own: &Project,
    shared: &SharedRows,
) -> Result<HashSet<Uuid>> {
    let mut known = HashSet::new();
    let is_own = |id: Uuid| own.holds(id) && own.rows().introduction(id).is_none();
    for row in &shared.organisations {
        let id = row.id.into();
        let kind = ProposalKind::Organisation;
        let shown_by = Shared { kind, id }.shown_by(db, own.id()).await?;
        if is_own(id) || may_see_any(db, viewer, shown_by, &[]).await? {
            known.insert(id);
        }
    }
    for row in &shared.people {
        let id = row.id.into();
        let kind = ProposalKind::Person;
        let shown_by = Shared { kind, id }.shown_by(db, own.id()).await?;
        let seeing = [RoleKind::Coordinator, RoleKind::Expert];
        let is_oneself = viewer.person() == Some(row.id);
        if is_own(id) || is_oneself || may_see_any(db, viewer, shown_by, &seeing).await? {
            known.insert(id);
        }
    }
    Ok(known)
}

/// Whether some of these projects is shown to the viewer: to everyone or by a role, or by a role of these
/// kinds alone.
async fn may_see_any(
    db: &impl ConnectionTrait,
    viewer: Viewer,
    projects: Vec<(ProjectId, String)>,
    only: &[RoleKind],
) -> Result<bool> {
    if viewer.may_see_all() {
        return Ok(true);
    }
    let projects = projects.into_iter().map(|(id, _)| id);
    let mut roles = role::Entity::find()
        .select_only()
        .column(role::Column::ProjectId)
        // A token is for one project, and shows no other.
        .filter(role::Column::PersonId.eq(viewer.session()));
    if !only.is_empty() {
        roles = roles.filter(role::Column::Kind.is_in(only.iter().copied()));
    }
    let mut shown = Condition::any().add(project::Column::Id.in_subquery(roles.into_query()));
    if only.is_empty() {
        shown = shown.add(project::Column::Public.eq(true));
    }
    let one = project::Entity::find()
        .select_only()
        .column(project::Column::Id)
        .filter(project::Column::Id.is_in(projects))
        .filter(shown)
        .into_tuple::<ProjectId>()
        .one(db)
        .await?;
    Ok(one.is_some())
}

/// The question to the projects that show an organisation whether another one, which does not know it,
/// may show it, too. The change is the introduction; the project that asks has no proposal of it, which
/// would tell that somebody knows the organisation.
pub(in crate::command) async fn ask_to_meet(
    write: &Write<'_>,
    asking: &Asking<'_>,
    introduction: &introduction::Model,
) -> Result<Option<Proposed>> {
    let Some(id) = introduction.organisation_id else {
        return Ok(None);
    };
    let shared = Shared {
        kind: ProposalKind::Organisation,
        id: id.into(),
    };
    let shown_by = shared.shown_by(&**write, asking.project.id()).await?;
    let asked: Vec<_> = shown_by.into_iter().map(|(id, _)| id).collect();
    let row = asking.question(shared, introduction.id.into());
    Ok((!asked.is_empty()).then_some(Proposed { row, asked }))
}
