//! One partner for whom an output was reported.

use sea_orm::entity::prelude::*;

use crate::{OutputEventId, PartnerId, ProjectId, ReporterId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reporter")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReporterId,
    pub project_id: ProjectId,
    pub output_event_id: OutputEventId,
    pub partner_id: PartnerId,
    pub position: i32,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
