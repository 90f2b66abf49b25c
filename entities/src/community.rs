//! A community of practice.

use sea_orm::entity::prelude::*;

use crate::{CommunityId, Localized, PartnerId, ProjectId, Strings, Translations};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "community")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CommunityId,
    pub project_id: ProjectId,
    #[sea_orm(column_type = "Text")]
    pub key: String,
    pub position: i32,
    pub number: i32,
    #[sea_orm(column_type = "Text")]
    pub letter: Option<String>,
    pub title: Localized,
    pub expert_id: Option<PartnerId>,
    pub planned_visits: i32,
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
    pub sources: Strings,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
