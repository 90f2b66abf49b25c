//! Money, as far as it is known.

use sea_orm::entity::prelude::*;

use crate::{BudgetKind, BudgetLineId, PartnerId, ProjectId, Strings, Translations};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "budget_line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BudgetLineId,
    pub project_id: ProjectId,
    #[sea_orm(column_type = "Text")]
    pub key: String,
    pub position: i32,
    pub kind: BudgetKind,
    #[sea_orm(column_type = "Text")]
    pub label: String,
    pub partner_id: Option<PartnerId>,
    pub amount_minor: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub currency: String,
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
    pub sources: Strings,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
