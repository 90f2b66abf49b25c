//! What would change, by whom, why and until when.

use sea_orm::entity::prelude::*;

use crate::{
    Decision, OutputId, PartialDate, PartnerId, PersonId, ProjectId, ProposalId, ProposalKind,
    ProposedChanges,
};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "proposal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProposalId,
    pub project_id: ProjectId,
    #[sea_orm(column_type = "Text")]
    pub key: String,
    pub position: i32,
    pub kind: ProposalKind,
    /// The output whose dates would change; null for all other kinds.
    pub output_id: Option<OutputId>,
    pub by_id: Option<PartnerId>,
    pub person_id: Option<PersonId>,
    pub proposed_at: DateTimeUtc,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub until: Date,
    /// The dates that the output had when others were proposed.
    pub old_starts: Option<PartialDate>,
    pub old_ends: Option<PartialDate>,
    pub starts: Option<PartialDate>,
    pub ends: Option<PartialDate>,
    /// Names the change in every project that has to agree to it; null for dates.
    pub change_id: Option<Uuid>,
    /// The organisation, person or programme that would change.
    pub record_id: Option<Uuid>,
    pub changes: ProposedChanges,
    /// Another project proposes it, and this one is asked to agree.
    pub is_asked: bool,
    /// When this project agreed; the change waits for the others then.
    pub agreed_at: Option<DateTimeUtc>,
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
