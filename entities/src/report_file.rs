//! One stored file of a report.

use sea_orm::entity::prelude::*;

use crate::{ProjectId, ReportFileId, ReportFormat, ReportId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_file")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReportFileId,
    pub project_id: ProjectId,
    pub report_id: ReportId,
    pub format: ReportFormat,
    #[sea_orm(column_type = "Text")]
    pub locale: String,
    pub body: Vec<u8>,
    #[sea_orm(column_type = "Text")]
    pub sha256: String,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
