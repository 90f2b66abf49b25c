//! What people read: every kind of mail and report, in every language, from the embedded project.

mod calendar;
mod compose;
mod digests;
mod given;
mod languages;
mod reminders;
mod reports;
mod sign_in;
