//! A mentor and an implementing partner (or group) who exchange staff.

use sea_orm::entity::prelude::*;

use crate::{Basis, CommunityId, PairingId, ProjectId, Strings, Translations};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pairing")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PairingId,
    pub project_id: ProjectId,
    #[sea_orm(column_type = "Text")]
    pub key: String,
    pub position: i32,
    pub community_id: Option<CommunityId>,
    pub days_per_leg: i32,
    #[sea_orm(column_type = "Text")]
    pub result: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
    pub basis: Basis,
    pub sources: Strings,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
