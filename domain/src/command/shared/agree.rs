//! A proposal that several projects decide, as one of them reads it.

use std::collections::HashSet;

use entities::*;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{Shared, coordinated};
use crate::{error::Result, viewer::Viewer};

/// The same proposal in the other projects, and who has to agree.
#[derive(Clone, Debug, Default)]
pub(in crate::command) struct Joint {
    /// Its rows in the other projects.
    pub rows: Vec<proposal::Model>,
    /// The other projects that show the record now.
    pub shown_by: Vec<ProjectId>,
    /// Those of them for which the viewer may agree.
    pub coordinated: HashSet<ProjectId>,
    /// Those to be asked yet, and what.
    pub ask: Vec<ProjectId>,
    pub to_ask: Option<proposal::Model>,
    /// The introduction that ends: the project that does not know the record may show it.
    pub met: Option<Uuid>,
}

impl Joint {
    /// What other projects have of a proposal; nothing of one that its project decides alone.
    pub async fn load(
        db: &impl ConnectionTrait,
        viewer: Viewer,
        own: &proposal::Model,
    ) -> Result<Self> {
        let (Some(change), Some(id)) = (own.change_id, own.record_id) else {
            return Ok(Self::default());
        };
        let rows = proposal::Entity::find()
            .filter(proposal::Column::ChangeId.eq(change))
            .filter(proposal::Column::ProjectId.ne(own.project_id))
            .order_by_asc(proposal::Column::Id)
            .all(db)
            .await?;
        let shared = Shared { kind: own.kind, id };
        let shown_by = shared.shown_by(db, own.project_id).await?;
        let shown_by: Vec<_> = shown_by.into_iter().map(|(id, _)| id).collect();
        let coordinated = coordinated(db, viewer, &shown_by).await?;
        Ok(Self {
            rows,
            shown_by,
            coordinated,
            ask: Vec::new(),
            to_ask: None,
            met: None,
        })
    }

    /// The projects that have not agreed yet. The project that proposes it agrees by proposing.
    pub fn waiting(&self) -> Vec<ProjectId> {
        let row_of = |id: &ProjectId| self.rows.iter().find(|row| row.project_id == *id);
        let has_agreed = |id: &ProjectId| {
            let row = row_of(id);
            row.is_some_and(|row| !row.is_asked || row.agreed_at.is_some())
        };
        let mut waiting = self.shown_by.clone();
        waiting.retain(|id| !self.coordinated.contains(id) && !has_agreed(id));
        waiting
    }

    /// Those of some projects that were never asked.
    pub fn unasked(&self, mut of: Vec<ProjectId>) -> Vec<ProjectId> {
        of.retain(|id| self.rows.iter().all(|row| row.project_id != *id));
        of
    }
}
