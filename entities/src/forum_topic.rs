//! A topic proposed to a forum.

use sea_orm::entity::prelude::*;

use crate::{ForumId, ForumTopicId, PartialDate, ProjectId, TopicProposer, Translations};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "forum_topic")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ForumTopicId,
    pub project_id: ProjectId,
    pub forum_id: ForumId,
    pub position: i32,
    #[sea_orm(column_type = "Text")]
    pub title: String,
    pub proposed_by: TopicProposer,
    pub proposed: Option<PartialDate>,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
