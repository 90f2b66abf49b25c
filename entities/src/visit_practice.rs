//! A practice seen at a visit.

use sea_orm::entity::prelude::*;

use crate::{OutputId, PracticeId, ProjectId, VisitPracticeId};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visit_practice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VisitPracticeId,
    pub project_id: ProjectId,
    pub output_id: OutputId,
    pub practice_id: PracticeId,
    pub position: i32,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
