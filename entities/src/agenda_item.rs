//! An item of the agenda of a visit, an exchange or an event.

use sea_orm::entity::prelude::*;

use crate::{
    AgendaItemId, AgendaKind, OutputId, PartOfDay, PartnerId, ProjectId, Strings, Translations,
};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agenda_item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AgendaItemId,
    pub project_id: ProjectId,
    pub output_id: OutputId,
    pub position: i32,
    pub day: Option<i32>,
    pub part_of_day: Option<PartOfDay>,
    pub kind: AgendaKind,
    #[sea_orm(column_type = "Text")]
    pub title: String,
    pub presenter_id: Option<PartnerId>,
    /// Roles, never names.
    pub speakers: Strings,
    pub sources: Strings,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
