//! A training that a champion delivered.

use sea_orm::entity::prelude::*;

use crate::{OutputId, PartialDate, ProjectId, TrainingId, Translations};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "training")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TrainingId,
    pub project_id: ProjectId,
    pub output_id: OutputId,
    pub position: i32,
    #[sea_orm(column_type = "Text")]
    pub description: String,
    pub workshop_id: Option<OutputId>,
    pub held: Option<PartialDate>,
    #[sea_orm(column_type = "Text")]
    pub audience: Option<String>,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
