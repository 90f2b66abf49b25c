//! One funded action.

use sea_orm::entity::prelude::*;

use crate::{LeadTimes, Links, Localized, ProgrammeId, ProjectId, RelatedProjects, Strings};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "project")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProjectId,
    #[sea_orm(column_type = "Text")]
    pub key: String,
    #[sea_orm(column_type = "Text")]
    pub acronym: String,
    pub name: Localized,
    pub summary: Localized,
    pub programme_id: ProgrammeId,
    pub starts_on: Date,
    pub ends_on: Date,
    #[sea_orm(column_type = "Text")]
    pub time_zone: String,
    #[sea_orm(column_type = "Text")]
    pub default_locale: String,
    #[sea_orm(column_type = "Text")]
    pub grant_agreement: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub call_reference: Option<String>,
    pub websites: Links,
    pub related: RelatedProjects,
    /// Whether non-personal data may be read without signing in.
    pub public: bool,
    pub sources: Strings,
    /// How many days ahead outputs are asked for, where that differs from the product's own numbers.
    pub lead_times: LeadTimes,
    /// Raised by every write.
    pub revision: i64,
    /// A hint: nothing is due before; null asks for a new look.
    pub next_plan_at: Option<DateTimeUtc>,
    /// When the project came into the product: nothing is planned before.
    pub created_at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
