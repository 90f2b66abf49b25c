//! What a person may do in the project, and for which partner.

use sea_orm::entity::prelude::*;

use crate::{PartnerId, PersonId, ProjectId, RoleId, RoleKind};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoleId,
    pub project_id: ProjectId,
    pub person_id: PersonId,
    pub partner_id: Option<PartnerId>,
    pub kind: RoleKind,
    pub position: i32,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
