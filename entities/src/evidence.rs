//! A means of verification: a source, an address or a file.

use sea_orm::entity::prelude::*;

use crate::{EvidenceId, EvidenceKind, OutputId, ProjectId, SourceId, Translations};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EvidenceId,
    pub project_id: ProjectId,
    pub output_id: OutputId,
    pub position: i32,
    pub kind: EvidenceKind,
    #[sea_orm(column_type = "Text")]
    pub title: Option<String>,
    pub source_id: Option<SourceId>,
    #[sea_orm(column_type = "Text")]
    pub locator: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub url: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub sha256: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub media_type: Option<String>,
    pub size: Option<i64>,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
