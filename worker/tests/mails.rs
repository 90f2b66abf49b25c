//! What people read: every kind of mail and report, in every language, from the embedded project.

#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

#[path = "mails/compose.rs"]
mod compose;
#[path = "mails/digests.rs"]
mod digests;
#[path = "mails/given.rs"]
mod given;
#[path = "mails/reminders.rs"]
mod reminders;
#[path = "mails/reports.rs"]
mod reports;
#[path = "mails/sign_in.rs"]
mod sign_in;
#[path = "mails/texts.rs"]
mod texts;
