//! A roadmap: a strategy and a pact are kinds of it.

use sea_orm::entity::prelude::*;

use crate::{OutputId, PartialDate, PlanKind, ProjectId, Translations};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "action_plan")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub output_id: OutputId,
    pub project_id: ProjectId,
    pub kind: PlanKind,
    #[sea_orm(column_type = "Text")]
    pub original_title: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub draft_period: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub period: Option<String>,
    pub presented: Option<PartialDate>,
    #[sea_orm(column_type = "Text")]
    pub document_url: Option<String>,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
