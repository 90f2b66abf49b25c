//! Who takes or took part in an output, and who did not.

use sea_orm::entity::prelude::*;

use crate::{
    OutputId, PartialDate, ParticipationId, ParticipationStatus, PartnerId, PersonId, ProjectId,
    Strings, Translations,
};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "participation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ParticipationId,
    pub project_id: ProjectId,
    pub output_id: OutputId,
    pub position: i32,
    pub partner_id: Option<PartnerId>,
    pub person_id: Option<PersonId>,
    /// A role or group, where no partner is named.
    #[sea_orm(column_type = "Text")]
    pub who: Option<String>,
    pub status: ParticipationStatus,
    #[sea_orm(column_type = "Text")]
    pub reason: Option<String>,
    /// From when on the status holds; null: from the report of the output.
    pub since: Option<PartialDate>,
    pub sources: Strings,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
