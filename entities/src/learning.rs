//! A challenge put to peers, their advice, or a lesson.

use sea_orm::entity::prelude::*;

use crate::{
    LearningId, LearningKind, OutputId, PartialDate, PartnerId, ProjectId, Strings, Translations,
    Uptake,
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
    /// Names a challenge in its output.
    pub key: Option<String>,
    /// What stands behind a challenge.
    #[sea_orm(column_type = "Text")]
    pub background: Option<String>,
    /// Who said it, where no partner is named.
    #[sea_orm(column_type = "Text")]
    pub who: Option<String>,
    /// The key of the challenge that it is about.
    pub challenge: Option<String>,
    /// What came of a challenge; null: nobody has said so.
    #[sea_orm(column_type = "Text")]
    pub outcome: Option<String>,
    pub outcome_since: Option<PartialDate>,
    /// Whether an advice is taken up; null: unknown.
    pub uptake: Option<Uptake>,
    pub plan_id: Option<OutputId>,
    /// The title of the measure of the plan.
    #[sea_orm(column_type = "Text")]
    pub measure: Option<String>,
    pub policy_id: Option<OutputId>,
    #[sea_orm(column_type = "Text")]
    pub uptake_reason: Option<String>,
    pub uptake_since: Option<PartialDate>,
    pub sources: Strings,
    pub translations: Translations,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
