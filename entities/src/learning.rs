//! A challenge put to peers, their advice, or a lesson.

use sea_orm::entity::prelude::*;

use crate::{
    LearningId, LearningKind, OutputId, PartialDate, PartnerId, ProjectId, Strings, Translations,
};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "learning")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LearningId,
    pub project_id: ProjectId,
    pub output_id: OutputId,
    pub position: i32,
    pub kind: LearningKind,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    pub for_id: Option<PartnerId>,
    /// From when on it is known; null: from the report of the output.
    pub since: Option<PartialDate>,
    /// Who said it; null: unknown.
    pub by_id: Option<PartnerId>,
    pub sources: Strings,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
