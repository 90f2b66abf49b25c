//! Something published about the project.

use sea_orm::entity::prelude::*;

use crate::{CommunityId, PartialDate, ProjectId, PublicationId, Strings, Translations};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "publication")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PublicationId,
    pub project_id: ProjectId,
    #[sea_orm(column_type = "Text")]
    pub key: String,
    pub position: i32,
    #[sea_orm(column_type = "Text")]
    pub title: String,
    pub published: Option<PartialDate>,
    #[sea_orm(column_type = "Text")]
    pub url: Option<String>,
    pub community_id: Option<CommunityId>,
    pub sources: Strings,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
