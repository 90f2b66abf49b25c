//! A planned action or commitment of an action plan.

use sea_orm::entity::prelude::*;

use crate::{MeasureId, MeasureState, OutputId, PartialDate, ProjectId, Translations};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "measure")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MeasureId,
    pub project_id: ProjectId,
    pub output_id: OutputId,
    pub position: i32,
    #[sea_orm(column_type = "Text")]
    pub title: String,
    pub state: MeasureState,
    pub due: Option<PartialDate>,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
