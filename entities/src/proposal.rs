//! What would change, by whom, why and until when.

use sea_orm::entity::prelude::*;

use crate::{Decision, OutputId, PartialDate, PartnerId, PersonId, ProjectId, ProposalId};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "proposal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProposalId,
    pub project_id: ProjectId,
    #[sea_orm(column_type = "Text")]
    pub key: String,
    pub position: i32,
    pub output_id: OutputId,
    pub by_id: Option<PartnerId>,
    pub person_id: Option<PersonId>,
    pub proposed_at: DateTimeUtc,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub until: Date,
    /// The dates that the output had when others were proposed.
    pub old_starts: Option<PartialDate>,
    pub old_ends: Option<PartialDate>,
    pub starts: PartialDate,
    pub ends: Option<PartialDate>,
    /// Null: open, or lapsed.
    pub decision: Option<Decision>,
    pub decided_at: Option<DateTimeUtc>,
    pub decided_by_id: Option<PersonId>,
    #[sea_orm(column_type = "Text")]
    pub answer: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
