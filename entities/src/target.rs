//! A figure promised to the funder, with the rule that counts towards it.

use sea_orm::entity::prelude::*;

use crate::{Basis, Localized, ProjectId, Rule, Strings, TargetId, Translations, Unit};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "target")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TargetId,
    pub project_id: ProjectId,
    #[sea_orm(column_type = "Text")]
    pub key: String,
    pub position: i32,
    pub label: Localized,
    pub unit: Unit,
    /// In the unit; money in minor units.
    pub value: i64,
    #[sea_orm(column_type = "Text")]
    pub currency: Option<String>,
    pub headline: bool,
    pub due_on: Option<Date>,
    /// The share of the time to the due day, in percent, by which as much is planned as the goal asks.
    pub plan_by_percent: i32,
    pub rule: Rule,
    pub rule_version: i32,
    /// The final count that a source gives.
    pub stated: Option<i64>,
    pub stated_sources: Strings,
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
    pub basis: Basis,
    pub sources: Strings,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
