//! The fund that pays for projects.

use sea_orm::entity::prelude::*;

use crate::{Localized, ProgrammeId};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "programme")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProgrammeId,
    #[sea_orm(column_type = "Text")]
    pub key: String,
    pub name: Localized,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
