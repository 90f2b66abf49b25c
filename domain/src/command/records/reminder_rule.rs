//! What is mailed, when and to whom. What a mail's time is reckoned from follows from its category:
//! reminders go some days before what they remind of, a digest by the week, a progress report by the
//! month.

use entities::*;

use super::{Listed, lists, needed};
use crate::{
    command::{Code, Draft, Problem, Problems, project::put},
    record,
};

/// When mail goes out, and for how many hours it is useful, where nothing else is said.
const AT_TIME: &str = "09:00";
const USEFUL_HOURS: i32 = 24;

/// What is told of a rule.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub category: Option<Category>,
    pub days_before: Option<Vec<i32>>,
    pub at_time: Option<String>,
    pub weekday: Option<Option<i32>>,
    pub month_day: Option<Option<i32>>,
    pub audience: Option<Vec<Audience>>,
    pub useful_hours: Option<i32>,
    pub enabled: Option<bool>,
}

impl Listed for reminder_rule::Model {
    type Record = record::ReminderRule;
    type Facts = Facts;
    const CALLED: &'static [(&'static str, &'static str)] = &[("offsets", "daysBefore")];
    const LIST: &'static str = "reminderRules";
    const NAME: &'static str = "rule";

    lists! {
        reminder_rules: offsets, weekday, month_day, audience;
        facts => {
            category: needed("category", facts.category)?,
            anchor: facts.category.and_then(record::anchor_of).unwrap_or(Anchor::Week),
            at_time: AT_TIME.to_owned(),
            useful_hours: USEFUL_HOURS,
            enabled: true,
        }
    }

    fn take(&mut self, _: &mut Draft, problems: &mut Problems, facts: Facts) {
        put(&mut self.category, facts.category);
        take_anchor(self, problems, &facts);
        put(&mut self.at_time, facts.at_time);
        put(&mut self.weekday, facts.weekday);
        put(&mut self.month_day, facts.month_day);
        put(&mut self.useful_hours, facts.useful_hours);
        put(&mut self.enabled, facts.enabled);
        if let Some(mut audience) = facts.audience {
            once_each(&mut audience);
            self.audience = Audiences(audience);
        }
        if let Some(days) = facts.days_before {
            let days = days.into_iter().enumerate().filter_map(|(at, day)| {
                let days = u16::try_from(day).ok();
                let days = days.filter(|days| *days <= record::DAYS_BEFORE);
                let problem = || {
                    let field = format!("daysBefore.{at}");
                    Problem::new(field, Code::OutOfRange)
                        .with(format!("0..{}", record::DAYS_BEFORE))
                };
                problems.take(days.ok_or_else(problem))
            });
            let mut days = days.collect();
            once_each(&mut days);
            self.offsets = Days(days);
        }
    }
}

/// Only weekly mail has a weekday, only monthly mail a day of the month, only a reminder days before
/// something: what is told of the others is wrong, and what they had before goes.
fn take_anchor(row: &mut reminder_rule::Model, problems: &mut Problems, facts: &Facts) {
    let old = row.anchor;
    if let Some(anchor) = facts.category.and_then(record::anchor_of) {
        row.anchor = anchor;
    }
    let (is_weekly, is_monthly) = (row.anchor == Anchor::Week, row.anchor == Anchor::Month);
    let is_ahead = !is_weekly && !is_monthly;
    let days_before = facts.days_before.as_ref();
    for (field, is_told, fits) in [
        (
            "daysBefore",
            days_before.is_some_and(|days| !days.is_empty()),
            is_ahead,
        ),
        ("weekday", facts.weekday.flatten().is_some(), is_weekly),
        ("monthDay", facts.month_day.flatten().is_some(), is_monthly),
    ] {
        if is_told && !fits {
            problems.push(Problem::new(field, Code::OutOfRange).with("null"));
        }
    }
    if row.anchor != old {
        row.offsets = Days::default();
        (row.weekday, row.month_day) = (None, None);
    }
}

fn once_each<T: PartialEq + Copy>(list: &mut Vec<T>) {
    let mut seen = Vec::new();
    list.retain(|one| {
        let is_new = !seen.contains(one);
        seen.push(*one);
        is_new
    });
}
