//! A meeting of a forum.

use sea_orm::entity::prelude::*;

use crate::{ForumId, ForumMeetingId, PartialDate, ProjectId, Translations};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "forum_meeting")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ForumMeetingId,
    pub project_id: ProjectId,
    pub forum_id: ForumId,
    pub position: i32,
    pub held: Option<PartialDate>,
    #[sea_orm(column_type = "Text")]
    pub place: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
