//! Why a record is as it is; only ever added to.

use sea_orm::entity::prelude::*;

use crate::{ActId, AuditEntryId, Channel, PersonId, ProjectId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditEntryId,
    pub project_id: Option<ProjectId>,
    /// What was changed together.
    pub act_id: ActId,
    /// The mutation, or what else changed it.
    #[sea_orm(column_type = "Text")]
    pub verb: String,
    /// Who; none: the operator, a command or the worker.
    pub person_id: Option<PersonId>,
    pub channel: Channel,
    /// The session or token.
    pub credential_id: Option<Uuid>,
    /// As the log has it.
    #[sea_orm(column_type = "Text")]
    pub request_id: Option<String>,
    /// The name of the record's GraphQL type.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    pub record_id: Uuid,
    /// What was changed, as it was; none: it was not there.
    pub before: Option<Json>,
    /// What was changed, as it is now; none: it is gone.
    pub after: Option<Json>,
    /// Of the project, with this change.
    pub revision: Option<i64>,
    pub recorded_at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
