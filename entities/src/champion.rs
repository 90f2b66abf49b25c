//! A practitioner trained to train other cities.

use sea_orm::entity::prelude::*;

use crate::{OutputId, PartialDate, PersonId, ProjectId, Translations};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "champion")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub output_id: OutputId,
    pub project_id: ProjectId,
    pub person_id: Option<PersonId>,
    #[sea_orm(column_type = "Text")]
    pub role_title: Option<String>,
    pub selected: Option<PartialDate>,
    pub trained: Option<PartialDate>,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
