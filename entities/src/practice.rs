//! A good practice of a city.

use sea_orm::entity::prelude::*;

use crate::{Facts, PartialDate, PartnerId, PracticeId, ProjectId, Strings, Translations};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "practice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PracticeId,
    pub project_id: ProjectId,
    #[sea_orm(column_type = "Text")]
    pub key: String,
    pub position: i32,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    pub partner_id: Option<PartnerId>,
    pub since: Option<PartialDate>,
    #[sea_orm(column_type = "Text")]
    pub description: Option<String>,
    pub facts: Facts,
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
    pub sources: Strings,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
