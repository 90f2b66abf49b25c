//! What a rule of mail must say: the same for a file and for a verb.

use chrono::NaiveTime;
use entities::*;

use crate::file::FileReminderRule;

/// The most hours for which a mail may be late: a year.
const MOST_HOURS: i32 = 8760;

/// One thing that is wrong with a rule.
#[derive(Debug)]
pub(crate) struct Fault {
    /// As the file names it.
    pub field: &'static str,
    /// What may stand there; none: it is missing.
    pub possible: Option<&'static str>,
    pub wrong: String,
    pub right: &'static str,
}

/// What the time of a mail of this category is reckoned from; none: no rule sends it.
pub(crate) fn anchor_of(category: Category) -> Option<Anchor> {
    match category {
        Category::ExchangeReminder => Some(Anchor::ExchangeStart),
        Category::VisitReminder => Some(Anchor::VisitStart),
        Category::MeetingReminder => Some(Anchor::EventStart),
        Category::Digest => Some(Anchor::Week),
        Category::ProgressReport => Some(Anchor::Month),
        Category::SignIn => None,
    }
}

/// All that is wrong with a rule.
pub(crate) fn faults(rule: &FileReminderRule) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut wrong = |field, possible, wrong: &str, right| {
        faults.push(Fault {
            field,
            possible,
            wrong: wrong.to_owned(),
            right,
        });
    };
    match anchor_of(rule.category) {
        None => wrong(
            "category",
            Some("EXCHANGE_REMINDER, VISIT_REMINDER, MEETING_REMINDER, DIGEST, PROGRESS_REPORT"),
            "nobody is reminded to sign in",
            "write another category of mail",
        ),
        Some(anchor) if anchor != rule.anchor => wrong(
            "anchor",
            Some("EXCHANGE_START, VISIT_START, EVENT_START, WEEK, MONTH"),
            "mail of this category goes by another anchor",
            "reminders go by the start of what they remind of, digests by WEEK, reports by MONTH",
        ),
        Some(_) => {}
    }
    if NaiveTime::parse_from_str(&rule.at_time, "%H:%M").is_err() {
        let no_time = format!("{:?} is no time", rule.at_time);
        wrong(
            "atTime",
            Some("HH:MM"),
            &no_time,
            "write HH:MM, such as 09:00",
        );
    }
    if rule.audience.0.is_empty() {
        wrong("audience", None, "it is missing", "say who gets the mail");
    }
    if !(1..=MOST_HOURS).contains(&rule.useful_hours) {
        let too_few = rule.useful_hours < 1;
        let what = if too_few {
            "it is less than 1"
        } else {
            "it is more than a year"
        };
        wrong(
            "usefulHours",
            Some("1..8760"),
            what,
            "write for how many hours it may be late",
        );
    }
    match rule.anchor {
        Anchor::Week if !rule.weekday.is_some_and(|day| (1..=7).contains(&day)) => wrong(
            "weekday",
            rule.weekday.and(Some("1..7")),
            "it is missing",
            "weekly mail needs 1 (Monday) to 7",
        ),
        Anchor::Month if !rule.month_day.is_some_and(|day| (1..=28).contains(&day)) => wrong(
            "monthDay",
            rule.month_day.and(Some("1..28")),
            "it is missing",
            "monthly mail needs 1 to 28",
        ),
        Anchor::Week | Anchor::Month => {}
        _ if rule.offsets.0.is_empty() => wrong(
            "offsets",
            None,
            "it is missing",
            "write the days before at which it goes out, such as [30, 7, 1]",
        ),
        _ => {}
    }
    faults
}
