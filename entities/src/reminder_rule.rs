//! What is mailed, when and to whom: data, not code.

use sea_orm::entity::prelude::*;

use crate::{Anchor, Audiences, Category, Days, ProjectId, ReminderRuleId};

#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reminder_rule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReminderRuleId,
    pub project_id: ProjectId,
    #[sea_orm(column_type = "Text")]
    pub key: String,
    pub position: i32,
    pub category: Category,
    pub anchor: Anchor,
    /// Days before the anchor; empty for recurring mail.
    pub offsets: Days,
    /// Local time of the recipient, HH:MM.
    #[sea_orm(column_type = "Text")]
    pub at_time: String,
    /// 1 (Monday) to 7, for weekly mail.
    pub weekday: Option<i32>,
    /// For monthly mail: the day of the calendar month on which it goes out.
    pub month_day: Option<i32>,
    pub audience: Audiences,
    /// How late it may still go out.
    pub useful_hours: i32,
    pub enabled: bool,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
