//! The adoption of an action plan by a public body.

use sea_orm::entity::prelude::*;

use crate::{EndorsementId, OutputId, PartialDate, ProjectId, Strings, Translations};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "endorsement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EndorsementId,
    pub project_id: ProjectId,
    pub output_id: OutputId,
    pub position: i32,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    pub endorsed: Option<PartialDate>,
    #[sea_orm(column_type = "Text")]
    pub document_url: Option<String>,
    pub sources: Strings,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
