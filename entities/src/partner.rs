//! An organisation's place in the project.

use sea_orm::entity::prelude::*;

use crate::{Basis, OrganisationId, PartnerId, PartnerKind, ProjectId, Strings, Translations};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "partner")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PartnerId,
    pub project_id: ProjectId,
    pub organisation_id: OrganisationId,
    pub position: i32,
    pub kind: PartnerKind,
    /// The partner through which it acts.
    pub via_id: Option<PartnerId>,
    /// Who acts for it, under another name.
    #[sea_orm(column_type = "Text")]
    pub acting_body: Option<String>,
    pub joined_on: Option<Date>,
    pub left_on: Option<Date>,
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
    pub basis: Basis,
    pub sources: Strings,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
