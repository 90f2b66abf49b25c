//! One leg of a pairing: one host, five days.

use sea_orm::entity::prelude::*;

use crate::{OutputId, PairingId, ProjectId, Translations};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "staff_exchange")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub output_id: OutputId,
    pub project_id: ProjectId,
    pub pairing_id: PairingId,
    /// 1 in the mentor's city, 2 in the implementing city.
    pub leg: Option<i32>,
    #[sea_orm(column_type = "Text")]
    pub learned: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub adapted: Option<String>,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
