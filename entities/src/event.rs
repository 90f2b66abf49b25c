//! A conference or meeting.

use sea_orm::entity::prelude::*;

use crate::{EventKind, OutputId, ProjectId};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub output_id: OutputId,
    pub project_id: ProjectId,
    pub kind: EventKind,
    pub about_participants: Option<i32>,
    #[sea_orm(column_type = "Text")]
    pub website: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
