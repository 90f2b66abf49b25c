//! A progress report: figures frozen with the ids of the counted records.

use sea_orm::entity::prelude::*;

use crate::{FrozenFigures, PersonId, ProjectId, ReportId, ReportKind, ReportState};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReportId,
    pub project_id: ProjectId,
    pub kind: ReportKind,
    pub state: ReportState,
    pub period_from: Date,
    pub period_to: Date,
    /// Of the project, when it was made.
    pub revision: Option<i64>,
    pub figures: FrozenFigures,
    pub requested_by_id: Option<PersonId>,
    pub requested_at: DateTimeUtc,
    pub made_at: Option<DateTimeUtc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
