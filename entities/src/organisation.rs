//! An organisation, shared by all projects that it takes part in.

use sea_orm::entity::prelude::*;

use crate::{OrganisationId, OrganisationKind, Translations};

#[derive(Clone, Debug, Default, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganisationId,
    #[sea_orm(column_type = "Text")]
    pub key: String,
    pub kind: OrganisationKind,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub native_name: Option<String>,
    /// ISO 3166-1 alpha-2.
    #[sea_orm(column_type = "Text")]
    pub country: Option<String>,
    /// IANA name.
    #[sea_orm(column_type = "Text")]
    pub time_zone: String,
    /// BCP 47 tag.
    #[sea_orm(column_type = "Text")]
    pub locale: String,
    #[sea_orm(column_type = "Double")]
    pub latitude: Option<f64>,
    #[sea_orm(column_type = "Double")]
    pub longitude: Option<f64>,
    pub geonames_id: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub wikidata_id: Option<String>,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
