//! A call for participants.

use sea_orm::entity::prelude::*;

use crate::{OpenCallId, PartialDate, ProjectId, Strings, Translations};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "open_call")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OpenCallId,
    pub project_id: ProjectId,
    #[sea_orm(column_type = "Text")]
    pub key: String,
    pub position: i32,
    #[sea_orm(column_type = "Text")]
    pub title: String,
    pub issued: Option<PartialDate>,
    pub deadline: Option<Date>,
    #[sea_orm(column_type = "Text")]
    pub for_whom: Option<String>,
    pub places: Option<i32>,
    #[sea_orm(column_type = "Text")]
    pub form_url: Option<String>,
    pub required: Strings,
    pub sources: Strings,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
