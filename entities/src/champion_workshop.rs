//! An international workshop held by the champions.

use sea_orm::entity::prelude::*;

use crate::{OutputId, ProjectId};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "champion_workshop")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub output_id: OutputId,
    pub project_id: ProjectId,
    pub about_participants: Option<i32>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
