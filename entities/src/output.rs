//! Whatever counts towards a target; one row of its kind's table says the rest.

use sea_orm::entity::prelude::*;

use crate::{
    Basis, CommunityId, Localized, Mode, OutputId, OutputKind, PartialDate, PartnerId, ProjectId,
    Strings, Translations,
};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "output")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OutputId,
    pub project_id: ProjectId,
    pub kind: OutputKind,
    #[sea_orm(column_type = "Text")]
    pub key: String,
    pub position: i32,
    pub community_id: Option<CommunityId>,
    pub lead_id: Option<PartnerId>,
    pub title: Localized,
    pub host_id: Option<PartnerId>,
    pub mode: Option<Mode>,
    #[sea_orm(column_type = "Text")]
    pub place: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub platform: Option<String>,
    /// The planned window.
    pub planned_from: Option<PartialDate>,
    pub planned_to: Option<PartialDate>,
    /// Scheduled or actual, as exact as it is known.
    pub starts: Option<PartialDate>,
    pub ends: Option<PartialDate>,
    /// Stated length, where the days themselves are not known.
    pub days: Option<i32>,
    pub due_on: Option<Date>,
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
    pub basis: Basis,
    pub sources: Strings,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
