//! Mutations of reminder rules: which mail is sent, when and to whom.

use super::listed;
use crate::schema::types::{
    reminder_rule::ReminderRule,
    vocabulary::{MailCategory, ReminderAnchor, ReminderAudience},
};

listed! {
    "reminder rule": ReminderRule = |view, id| {
        let row = view.reminder_rules.iter().find(|row| row.id.0 == id)?;
        Some(ReminderRule::new(view, row))
    },
    {
        /// The category of the mail, which determines the anchor: reminders are sent some days
        /// before a staff exchange, a visit or an event starts, or before something is due; a
        /// DIGEST on a weekday, a PROGRESS_REPORT on a day of the calendar month. SIGN_IN has no rule.
        must category: MailCategory,
        /// The anchor from which the time of the mail is counted. Of use for DUE_REMINDER alone,
        /// which may have DUE_DAY, the default, or WINDOW_START.
        can anchor: ReminderAnchor,
        /// The days before the start on which reminders are sent, such as 30, 7 and 1: each from 0
        /// to 730. Required for reminders; not allowed for other mail.
        can days_before: Vec<i32>,
        /// The time of day in the recipient's time zone, as HH:MM; 09:00 by default. A digest is
        /// sent at the hour that the recipient prefers.
        can at_time: String,
        /// The weekday, from 1 (Monday) to 7. Required for digests; not allowed for other mail.
        may weekday: i32,
        /// The day of the calendar month on which the mail is sent, from 1 to 28: each month of the
        /// project is reported on the first such day after its last one. Required for progress
        /// reports; not allowed for other mail.
        may month_day: i32,
        /// The recipients: at least one audience.
        must audience: Vec<ReminderAudience>,
        /// The number of hours after its time during which the mail may still be sent, from 1 to
        /// 8760; 24 by default.
        can useful_hours: i32,
        /// Whether the rule is in force; true by default.
        can enabled: bool,
    }
    []
    ReminderRuleChanges {
        /// Creates a reminder rule, by which mail is sent from now on. For the coordinator.
        ///
        /// Codes: FORBIDDEN, TAKEN, NOT_A_KEY, REQUIRED, OUT_OF_RANGE.
        create_reminder_rule "createReminderRule" CreateReminderRuleInput CreateReminderRulePayload
        /// Edits a reminder rule, or switches it off or on. Its key cannot be changed. Mail that
        /// the rule makes due is planned at once; mail that is waiting and is no longer due is not
        /// sent. If the category changes, `daysBefore`, `weekday` and `monthDay` must be given
        /// again. For the coordinator.
        ///
        /// Codes: FORBIDDEN, CONFLICT, REQUIRED, OUT_OF_RANGE.
        edit_reminder_rule "editReminderRule" EditReminderRuleInput EditReminderRulePayload
        /// Removes a reminder rule. Its mail that is waiting to be sent is not sent. For the
        /// coordinator.
        ///
        /// Codes: FORBIDDEN, CONFLICT.
        remove_reminder_rule "removeReminderRule" RemoveReminderRuleInput RemoveReminderRulePayload
    }
    reminder_rule
}
