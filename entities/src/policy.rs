//! A new policy that a city puts into practice.

use sea_orm::entity::prelude::*;

use crate::{Facts, OutputId, PartialDate, PolicyKind, ProjectId, Translations};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "policy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub output_id: OutputId,
    pub project_id: ProjectId,
    pub kind: PolicyKind,
    pub plan_id: Option<OutputId>,
    pub opened: Option<PartialDate>,
    pub grant_minor: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub currency: String,
    #[sea_orm(column_type = "Text")]
    pub beneficiaries: Option<String>,
    pub facts: Facts,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
