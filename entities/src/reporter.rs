//! One partner for whom an output was reported, or one person who then acted for such a partner: none
//! of them judges the report.

use sea_orm::entity::prelude::*;

use crate::{OutputEventId, PartnerId, PersonId, ProjectId, ReporterId};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reporter")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReporterId,
    pub project_id: ProjectId,
    pub output_event_id: OutputEventId,
    /// Null: a person.
    pub partner_id: Option<PartnerId>,
    /// Null: a partner.
    pub person_id: Option<PersonId>,
    pub position: i32,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The id of the partner or the person.
    #[must_use]
    pub fn party(&self) -> String {
        let partner = self.partner_id.map(|id| id.to_string());
        let person = || self.person_id.map(|id| id.to_string());
        partner.or_else(person).unwrap_or_default()
    }
}
