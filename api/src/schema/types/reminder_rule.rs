//! Reminder rules: which mail is sent, when and to whom.

use async_graphql::{ID, MergedObject, Object};
use domain::record::Kind;
use entities::reminder_rule;

use super::{
    tracked::TrackedReminderRule,
    vocabulary::{MailCategory, ReminderAnchor, ReminderAudience},
};
use crate::schema::base::{id::id, view::View};

/// A reminder rule: which mail is sent, when and to whom.
#[derive(Clone, Debug, MergedObject)]
pub struct ReminderRule(ReminderRuleFields, TrackedReminderRule);

impl ReminderRule {
    pub fn new(view: &View, row: &reminder_rule::Model) -> Self {
        let tracked = TrackedReminderRule::new(view, row.id);
        let (view, row) = (view.clone(), row.clone());
        Self(ReminderRuleFields { view, row }, tracked)
    }
}

#[derive(Clone, Debug)]
struct ReminderRuleFields {
    view: View,
    row: reminder_rule::Model,
}

#[Object]
impl ReminderRuleFields {
    /// The opaque id of the record, for `node`.
    async fn id(&self) -> ID {
        id(Kind::ReminderRule, self.view.id(), self.row.id)
    }

    /// The key, unique in the project.
    async fn key(&self) -> &str {
        &self.row.key
    }

    /// The category of the mail; recipients can unsubscribe from each.
    async fn category(&self) -> MailCategory {
        self.row.category
    }

    /// The anchor from which the time of the mail is counted.
    async fn anchor(&self) -> ReminderAnchor {
        self.row.anchor
    }

    /// The days before the anchor on which mail is sent, such as 30, 7 and 1; empty for weekly and
    /// monthly mail.
    async fn days_before(&self) -> Vec<i32> {
        self.row.offsets.0.clone()
    }

    /// The time of day in the recipient's time zone, as HH:MM. A digest is sent at the hour that
    /// the recipient prefers.
    async fn at_time(&self) -> &str {
        &self.row.at_time
    }

    /// The weekday of weekly mail, from 1 (Monday) to 7; null for other mail.
    async fn weekday(&self) -> Option<i32> {
        self.row.weekday
    }

    /// The day of the calendar month on which monthly mail is sent: each month of the project is
    /// reported on the first such day after its last one. Null for other mail.
    async fn month_day(&self) -> Option<i32> {
        self.row.month_day
    }

    /// The recipients, as audiences.
    async fn audience(&self) -> Vec<ReminderAudience> {
        self.row.audience.0.clone()
    }

    /// The number of hours after its time during which it may still be sent.
    async fn useful_hours(&self) -> i32 {
        self.row.useful_hours
    }

    /// Whether the rule is in force.
    async fn enabled(&self) -> bool {
        self.row.enabled
    }
}
