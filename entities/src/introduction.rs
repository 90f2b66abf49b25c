//! What a project said of an organisation or a person known elsewhere, shown there in place of what is
//! known of them until somebody who may agrees.

use sea_orm::entity::prelude::*;

use crate::{IntroductionId, OrganisationId, PersonId, ProjectId};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "introduction")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IntroductionId,
    pub project_id: ProjectId,
    /// Exactly one of this and the next.
    pub organisation_id: Option<OrganisationId>,
    pub person_id: Option<PersonId>,
    /// The record by field, as a project file spells it.
    #[sea_orm(column_type = "JsonBinary")]
    pub given: Json,
}

impl Model {
    /// The organisation or person.
    #[must_use]
    pub fn of(&self) -> Uuid {
        let organisation = self.organisation_id.map(Uuid::from);
        let of = organisation.or(self.person_id.map(Into::into));
        of.unwrap_or_default()
    }
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
