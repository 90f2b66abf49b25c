//! What several projects show: a change of an organisation, a person or a programme takes the
//! coordinator of each project that shows it, or the operator. Everyone else's change becomes a
//! proposal, whatever command it was part of.

mod agree;
mod ask;
mod change;
mod meet;

use std::collections::HashSet;

use entities::*;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::{
    error::Result,
    project::Project,
    record::rows::{Change, ChangeKind, Rows},
    viewer::{Credential, SignedIn, Viewer},
};

pub(super) use agree::joint;
pub(super) use ask::{Asking, Proposed, ask, hold_back, rows_that_differ, take_back, write_joint};
pub(super) use change::apply;
pub(super) use meet::{ask_to_meet, known};

/// A shared row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Shared {
    pub kind: ProposalKind,
    pub id: Uuid,
}

impl Shared {
    /// The shared row that a change is about, if it was there before.
    pub fn of(change: &Change) -> Option<Self> {
        let kind = match change.table {
            "organisation" => ProposalKind::Organisation,
            "person" => ProposalKind::Person,
            "programme" => ProposalKind::Programme,
            _ => return None,
        };
        matches!(change.kind, ChangeKind::Changed(_)).then_some(Self {
            kind,
            id: change.id,
        })
    }

    /// The other projects that show it, by key. One that only shows what it said itself does not.
    pub async fn shown_by(
        self,
        db: &impl ConnectionTrait,
        own: ProjectId,
    ) -> Result<Vec<(ProjectId, String)>> {
        let shows = match self.kind {
            ProposalKind::Organisation => {
                let partners = partner::Entity::find()
                    .select_only()
                    .column(partner::Column::ProjectId)
                    .filter(partner::Column::OrganisationId.eq(self.id));
                project::Column::Id.in_subquery(partners.into_query())
            }
            ProposalKind::Person => {
                let roles = role::Entity::find()
                    .select_only()
                    .column(role::Column::ProjectId)
                    .filter(role::Column::PersonId.eq(self.id));
                project::Column::Id.in_subquery(roles.into_query())
            }
            ProposalKind::Programme => project::Column::ProgrammeId.eq(self.id),
            ProposalKind::Dates => return Ok(Vec::new()),
        };
        let introduced = introduction::Entity::find()
            .select_only()
            .column(introduction::Column::ProjectId)
            .filter(
                Condition::any()
                    .add(introduction::Column::OrganisationId.eq(self.id))
                    .add(introduction::Column::PersonId.eq(self.id)),
            );
        let mut projects: Vec<(ProjectId, String)> = project::Entity::find()
            .select_only()
            .columns([project::Column::Id, project::Column::Key])
            .filter(shows)
            .filter(project::Column::Id.ne(own))
            .filter(project::Column::Id.not_in_subquery(introduced.into_query()))
            .into_tuple()
            .all(db)
            .await?;
        projects.sort_by(|one, other| one.1.cmp(&other.1));
        Ok(projects)
    }
}

/// Those of some projects that a viewer coordinates.
pub(super) async fn coordinated(
    db: &impl ConnectionTrait,
    viewer: Viewer,
    projects: &[ProjectId],
) -> Result<HashSet<ProjectId>> {
    match viewer {
        Viewer::Operator => Ok(projects.iter().copied().collect()),
        Viewer::Person(SignedIn {
            person,
            by: Credential::Session(_),
        }) => {
            let roles: Vec<ProjectId> = role::Entity::find()
                .select_only()
                .column(role::Column::ProjectId)
                .filter(role::Column::PersonId.eq(person))
                .filter(role::Column::Kind.eq(RoleKind::Coordinator))
                .filter(role::Column::ProjectId.is_in(projects.iter().copied()))
                .into_tuple()
                .all(db)
                .await?;
            Ok(roles.into_iter().collect())
        }
        // A token is for one project.
        Viewer::Person(_) | Viewer::Anonymous => Ok(HashSet::new()),
    }
}

/// The shared row that a proposal is about, where its project shows it.
pub(super) fn about(project: &Project, row: &proposal::Model) -> Option<Shared> {
    let shared = Shared {
        kind: row.kind,
        id: row.record_id?,
    };
    shows(project.rows(), shared).then_some(shared)
}

fn shows(rows: &Rows, shared: Shared) -> bool {
    match shared.kind {
        ProposalKind::Dates => false,
        ProposalKind::Programme => rows.programme.id.0 == shared.id,
        ProposalKind::Organisation => rows.organisations.iter().any(|row| row.id.0 == shared.id),
        ProposalKind::Person => rows.people.iter().any(|row| row.id.0 == shared.id),
    }
}
