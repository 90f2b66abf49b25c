//! The ledger: what was claimed, sent, skipped or failed.

use sea_orm::entity::prelude::*;

use crate::{
    Category, NotificationId, NotificationState, PersonId, ProjectId, ReminderRuleId, ReportId,
    SkipReason,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notification")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NotificationId,
    /// None where it answers an act that belongs to no project, such as signing in.
    pub project_id: Option<ProjectId>,
    pub person_id: PersonId,
    pub category: Category,
    /// The output or project that it is about.
    pub subject_id: Uuid,
    /// Step, anchor date and how often it moved, or the week or month: what the mail is about, not
    /// which rule asked for it.
    #[sea_orm(column_type = "Text")]
    pub occurrence: String,
    pub rule_id: Option<ReminderRuleId>,
    pub report_id: Option<ReportId>,
    pub due_at: DateTimeUtc,
    pub useful_until: DateTimeUtc,
    pub state: NotificationState,
    pub reason: Option<SkipReason>,
    /// What the server said, without addresses.
    #[sea_orm(column_type = "Text")]
    pub detail: Option<String>,
    pub attempts: i32,
    pub next_attempt_at: DateTimeUtc,
    /// Database time in seconds, when the queue was last told.
    pub hinted: Option<i64>,
    /// Database time in seconds.
    pub lease_until: Option<i64>,
    /// Raised by every lease; an outcome with an old fence is refused.
    pub fence: i64,
    #[sea_orm(column_type = "Text")]
    pub message_id: Option<String>,
    pub sent_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
