//! A thematic cluster visit (workshop).

use sea_orm::entity::prelude::*;

use crate::{OutputId, PartnerId, ProjectId};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visit")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub output_id: OutputId,
    pub project_id: ProjectId,
    pub number: i32,
    pub organiser_id: Option<PartnerId>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
