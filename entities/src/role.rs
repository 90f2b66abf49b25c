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
    /// The first day on which it is in force; `None`: always.
    pub from_on: Option<Date>,
    /// The last day on which it is in force; `None`: it has no end.
    pub until_on: Option<Date>,
    pub position: i32,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
