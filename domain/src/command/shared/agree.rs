//! What other projects have of a proposal.

use entities::*;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{Shared, coordinated};
use crate::{command::joint::Joint, error::Result, viewer::Viewer};

/// What other projects have of a proposal; nothing of one that its project decides alone.
pub(in crate::command) async fn joint(
    db: &impl ConnectionTrait,
    viewer: Viewer,
    own: &proposal::Model,
) -> Result<Joint> {
    let (Some(change), Some(id)) = (own.change_id, own.record_id) else {
        return Ok(Joint::default());
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
    Ok(Joint {
        rows,
        shown_by,
        coordinated,
        ask: Vec::new(),
        to_ask: None,
        met: None,
    })
}
