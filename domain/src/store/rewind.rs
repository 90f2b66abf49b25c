//! The clock rewind: prepares a database for a clock that was set back.

use chrono::{DateTime, Utc};
use entities::*;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::Store;
use crate::error::Result;

impl Store {
    /// Prepares a database for a clock that was set back: projects that were created in the future,
    /// and the steps recorded with them, move to now; hints and skipped mail in the future are
    /// removed. If mail of a project was sent in the future of this clock, returns its instant and
    /// does nothing, since it cannot be unsent.
    pub async fn rewind_clock(&self) -> Result<Option<DateTime<Utc>>> {
        let now = self.clock.now();
        let mut write = self.write().await?;
        let sent_ahead: Option<DateTime<Utc>> = notification::Entity::find()
            .select_only()
            .column(notification::Column::DueAt)
            .filter(notification::Column::DueAt.gt(now))
            .filter(notification::Column::ProjectId.is_not_null())
            .filter(notification::Column::State.ne(NotificationState::Skipped))
            .order_by_desc(notification::Column::DueAt)
            .limit(1)
            .into_tuple()
            .one(&*write)
            .await?;
        if sent_ahead.is_some() {
            write.rollback().await?;
            return Ok(sent_ahead);
        }
        notification::Entity::delete_many()
            .filter(notification::Column::DueAt.gt(now))
            .filter(notification::Column::ProjectId.is_not_null())
            .exec(&*write)
            .await?;
        project::Entity::update_many()
            .set(project::ActiveModel {
                next_plan_at: Set(None),
                ..Default::default()
            })
            .filter(project::Column::NextPlanAt.gt(now))
            .exec(&*write)
            .await?;
        let ahead = project::Entity::find()
            .filter(project::Column::CreatedAt.gt(now))
            .all(&*write)
            .await?;
        for row in &ahead {
            project::Entity::update_many()
                .set(project::ActiveModel {
                    created_at: Set(now),
                    ..Default::default()
                })
                .filter(project::Column::Id.eq(row.id))
                .exec(&*write)
                .await?;
            output_event::Entity::update_many()
                .set(output_event::ActiveModel {
                    recorded_at: Set(now),
                    ..Default::default()
                })
                .filter(output_event::Column::ProjectId.eq(row.id))
                .filter(output_event::Column::RecordedAt.eq(row.created_at))
                .exec(&*write)
                .await?;
            write.raise(row.id).await?;
        }
        write.commit().await?;
        Ok(None)
    }
}
