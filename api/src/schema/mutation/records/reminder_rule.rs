//! What is mailed, when and to whom.

use super::listed;
use crate::schema::types::{
    reminder_rule::ReminderRule,
    vocabulary::{MailCategory, ReminderAudience},
};

listed! {
    "reminder rule": ReminderRule = |view, id| {
        let row = view.reminder_rules.iter().find(|row| row.id.0 == id)?;
        Some(ReminderRule::new(view, row))
    },
    {
        /// The category of the mail. Its anchor follows from it: reminders go
        /// some days before a staff exchange, a visit or an event starts, a DIGEST on a weekday, a
        /// PROGRESS_REPORT on a day of the month. SIGN_IN goes by no rule.
        must category: MailCategory,
        /// How many days before the start, such as 30, 7 and 1: each from 0 to 730. Needed for
        /// reminders, and for them alone.
        can days_before: Vec<i32>,
        /// At what time of the recipient's day, as HH:MM; 09:00 if it was never given. A digest goes
        /// by the recipient's own hour.
        can at_time: String,
        /// 1 (Monday) to 7: needed for digests, and for them alone.
        may weekday: i32,
        /// The day of the month, 1 to 28: needed for progress reports, and for them alone.
        may month_day: i32,
        /// Who gets it: one at least.
        must audience: Vec<ReminderAudience>,
        /// For how many hours after its time it may still go out, 1 to 8760; 24 if it was never
        /// given.
        can useful_hours: i32,
        /// Whether it is in force; yes if it was never given.
        can enabled: bool,
    }
    []
    ReminderRuleChanges {
        /// Begins to mail something by a rule. For the coordinator.
        ///
        /// Codes: FORBIDDEN, TAKEN, NOT_A_KEY, REQUIRED, OUT_OF_RANGE.
        create_reminder_rule "createReminderRule" CreateReminderRuleInput CreateReminderRulePayload
        /// Changes a rule, or switches it off or on; its key stays. What is due by it from now on is
        /// planned at once; what waits to be sent and is not due by it any more is not sent. With
        /// another category, days, weekday and day of the month must be given anew. For the
        /// coordinator.
        ///
        /// Codes: FORBIDDEN, CONFLICT, REQUIRED, OUT_OF_RANGE.
        edit_reminder_rule "editReminderRule" EditReminderRuleInput EditReminderRulePayload
        /// Removes a rule; what waits to be sent by it is not sent. For the coordinator.
        ///
        /// Codes: FORBIDDEN, CONFLICT.
        remove_reminder_rule "removeReminderRule" RemoveReminderRuleInput RemoveReminderRulePayload
    }
    reminder_rule
}
