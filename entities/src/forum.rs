//! A standing dialogue of migrants, associations and a municipality.

use sea_orm::entity::prelude::*;

use crate::{
    ForumId, Localized, PartialDate, PartnerId, PracticeId, ProjectId, StatedFigures, Strings,
    Translations,
};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "forum")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ForumId,
    pub project_id: ProjectId,
    #[sea_orm(column_type = "Text")]
    pub key: String,
    pub position: i32,
    pub name: Localized,
    pub practice_id: Option<PracticeId>,
    pub partner_id: Option<PartnerId>,
    #[sea_orm(column_type = "Text")]
    pub district: Option<String>,
    pub founded: Option<PartialDate>,
    #[sea_orm(column_type = "Text")]
    pub meets: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub access: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub funding: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub beneficiaries: Option<String>,
    pub goals: Strings,
    pub results: Strings,
    pub stated: StatedFigures,
    pub sources: Strings,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
