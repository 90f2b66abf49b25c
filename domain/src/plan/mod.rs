//! Which mail is due: computed from the project alone, the same for sender, preview and replay.
//!
//! Nothing is scheduled ahead. A moved or cancelled exchange needs no clean-up, since the plan looks
//! at each output as it stands on the day of the mail.

mod audience;
mod outcome;
mod recheck;

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use entities::*;
use uuid::Uuid;

use crate::{
    project::{AsOf, Owes, Project, Standing},
    zone,
};

pub use crate::record::ALL_PARTNERS;
pub use recheck::Recheck;

/// What a mail is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    Project(ProjectId),
    Output(OutputId),
}

impl From<Subject> for Uuid {
    fn from(subject: Subject) -> Self {
        match subject {
            Subject::Project(id) => id.into(),
            Subject::Output(id) => id.into(),
        }
    }
}

/// One mail that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub rule: ReminderRuleId,
    pub category: Category,
    pub person: PersonId,
    pub subject: Subject,
    /// What the mail is about, besides its subject: step, anchor date and how often it moved, or the
    /// week or month. It does not name the rule: where two rules ask for one mail, it goes once.
    pub occurrence: String,
    pub due_at: DateTime<Utc>,
    /// After this instant it would no longer be useful.
    pub useful_until: DateTime<Utc>,
}

/// The mails due after `from` and up to `to`, in the order of their time; each once, by whichever rule
/// asks for it first.
#[must_use]
pub fn plan(project: &Project, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Due> {
    plan_of(project, (from, to), None)
}

fn plan_of(
    project: &Project,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    sent_on: Option<NaiveDate>,
) -> Vec<Due> {
    let mut plan = Plan {
        project,
        from,
        to,
        sent_on,
        due: Vec::new(),
    };
    for rule in project.reminder_rules.iter().filter(|rule| rule.enabled) {
        match rule.anchor {
            Anchor::ExchangeStart => plan.outputs(rule, Some(OutputKind::StaffExchange)),
            Anchor::VisitStart => plan.outputs(rule, Some(OutputKind::Visit)),
            Anchor::EventStart => plan.outputs(rule, Some(OutputKind::Event)),
            Anchor::DueDay | Anchor::WindowStart => plan.outputs(rule, None),
            Anchor::VisitEnd => plan.outcomes(rule),
            Anchor::Week => plan.weeks(rule),
            Anchor::Month => plan.months(rule),
        }
    }
    let mut due = plan.due;
    due.sort_by(|a, b| {
        (a.due_at, a.category, a.person, a.subject, &a.occurrence).cmp(&(
            b.due_at,
            b.category,
            b.person,
            b.subject,
            &b.occurrence,
        ))
    });
    let mut seen = HashSet::new();
    due.retain(|one| {
        seen.insert((
            one.person,
            one.category,
            one.subject,
            one.occurrence.clone(),
        ))
    });
    due
}

/// The month of the project that a monthly report is about, from its occurrence (`2021-08`: the project
/// month that begins then).
#[must_use]
pub fn reported_month(project: &Project, occurrence: &str) -> Option<(NaiveDate, NaiveDate)> {
    let month = project
        .months()
        .find(|month| month.calendar() == occurrence)?;
    Some((month.first_day, month.last_day))
}

struct Plan<'a> {
    project: &'a Project,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    /// The day on which mail is sent, where that is known: whoever has left by then gets none.
    sent_on: Option<NaiveDate>,
    due: Vec<Due>,
}

impl Plan<'_> {
    fn outputs(&mut self, rule: &reminder_rule::Model, kind: Option<OutputKind>) {
        let project = self.project;
        let (first, last) = self.days();
        let farthest = rule.offsets.0.iter().max().copied().unwrap_or_default();
        let is_of_kind = |output: &&output::Model| kind.is_none_or(|kind| output.kind == kind);
        for output in project.outputs.iter().filter(is_of_kind) {
            for anchor in anchors(project, output, rule.anchor) {
                let opens = anchor.checked_sub_days(days(farthest));
                if anchor < first || opens.is_some_and(|opens| opens > last) {
                    continue;
                }
                for offset in &rule.offsets.0 {
                    let Some(day) = anchor.checked_sub_days(days(*offset)) else {
                        continue;
                    };
                    if day < first || day > last {
                        continue;
                    }
                    let as_of = AsOf::today(day);
                    let Some(standing) = project.standing(output, as_of) else {
                        continue;
                    };
                    let own = anchor_on(project, rule.anchor, output, &standing, as_of);
                    if !standing.is_open() || own != Some(anchor) {
                        continue;
                    }
                    let occurrence = format!("{offset}/{anchor}/{}", standing.moves);
                    for person in self.audience(rule, Some((output, &standing)), day) {
                        self.push(
                            rule,
                            person,
                            Subject::Output(output.id),
                            &occurrence,
                            day,
                            None,
                        );
                    }
                }
            }
        }
    }

    /// One digest a week for everyone who wants one, while the project lasts, at the hour that each
    /// has chosen.
    fn weeks(&mut self, rule: &reminder_rule::Model) {
        let weekday = rule
            .weekday
            .and_then(|day| u8::try_from(day - 1).ok())
            .and_then(|day| Weekday::try_from(day).ok())
            .unwrap_or(Weekday::Mon);
        let (first, last) = self.days();
        let first = first.max(self.project.project.starts_on);
        let last = last.min(self.project.project.ends_on);
        for day in first.iter_days().take_while(|day| *day <= last) {
            if day.weekday() != weekday {
                continue;
            }
            let week = day.iso_week();
            let occurrence = format!("{}-W{:02}", week.year(), week.week());
            for person in self.audience(rule, None, day) {
                let row = self.project.person(person);
                if row.digest != DigestFrequency::Weekly {
                    continue;
                }
                let hour = u32::try_from(row.digest_hour).ok();
                let time = hour.and_then(|hour| NaiveTime::from_hms_opt(hour, 0, 0));
                self.push(rule, person, self.whole(), &occurrence, day, time);
            }
        }
    }

    /// A report for every month of the project, on the rule's day of a calendar month: the first one
    /// after that month is over.
    fn months(&mut self, rule: &reminder_rule::Model) {
        let (first, last) = self.days();
        for month in self.project.months() {
            let Some(day) = day_after(month.last_day, rule.month_day) else {
                continue;
            };
            if day < first || day > last {
                continue;
            }
            let occurrence = month.calendar();
            for person in self.audience(rule, None, day) {
                self.push(rule, person, self.whole(), &occurrence, day, None);
            }
        }
    }

    fn whole(&self) -> Subject {
        Subject::Project(self.project.id())
    }

    /// The days that may hold a due instant in some zone.
    fn days(&self) -> (NaiveDate, NaiveDate) {
        let day = TimeDelta::days(1);
        ((self.from - day).date_naive(), (self.to + day).date_naive())
    }

    fn push(
        &mut self,
        rule: &reminder_rule::Model,
        person: PersonId,
        subject: Subject,
        occurrence: &str,
        day: NaiveDate,
        time: Option<NaiveTime>,
    ) {
        let time = time
            .or_else(|| NaiveTime::parse_from_str(&rule.at_time, "%H:%M").ok())
            .unwrap_or_default();
        let zone = zone::known_zone(&self.project.person(person).time_zone);
        let due_at = zone::instant_of(day, time, &zone);
        if due_at <= self.from || due_at > self.to {
            return;
        }
        self.due.push(Due {
            rule: rule.id,
            category: rule.category,
            person,
            subject,
            occurrence: occurrence.to_owned(),
            due_at,
            useful_until: due_at + TimeDelta::hours(rule.useful_hours.into()),
        });
    }
}

/// The day from which a rule reckons for an output as it stands; `None` if there is none.
fn anchor_on(
    project: &Project,
    anchor: Anchor,
    output: &output::Model,
    standing: &Standing<'_>,
    as_of: AsOf,
) -> Option<NaiveDate> {
    let first_day = standing.starts.and_then(PartialDate::day);
    match anchor {
        Anchor::ExchangeStart | Anchor::VisitStart | Anchor::EventStart => first_day,
        Anchor::Week | Anchor::Month | Anchor::VisitEnd => None,
        // What has known days is reminded of by them.
        Anchor::DueDay | Anchor::WindowStart if first_day.is_some() => None,
        Anchor::DueDay => {
            let due = project.due_of(output, standing, as_of)?;
            let has_window = project.window(output, standing).is_some();
            (due.owes != Owes::Days || !has_window).then_some(due.on)
        }
        Anchor::WindowStart => {
            let due = project.due_of(output, standing, as_of)?;
            let (first, _) = project.window(output, standing)?;
            (due.owes == Owes::Days).then_some(first)
        }
    }
}

/// Every day from which a rule may ever have reckoned for an output.
fn anchors(project: &Project, output: &output::Model, anchor: Anchor) -> BTreeSet<NaiveDate> {
    let events = project.events_of(output.id).iter();
    let starts = events.clone().filter_map(|event| event.old_starts);
    let starts = output.starts.into_iter().chain(starts);
    if !matches!(anchor, Anchor::DueDay | Anchor::WindowStart) {
        return starts.filter_map(PartialDate::day).collect();
    }
    let ends = events.filter_map(|event| event.old_ends);
    let planned = [output.ends, output.planned_from, output.planned_to];
    let dates = starts.chain(ends).chain(planned.into_iter().flatten());
    dates
        .flat_map(|date| [date.first_day(), date.last_day()])
        .chain(output.due_on)
        .chain([project.project.ends_on])
        .collect()
}

/// The first day after another one that has a number in its calendar month: 1 if none is given.
/// Every month has the days that a rule may have, 1 to 28.
fn day_after(last: NaiveDate, month_day: Option<i32>) -> Option<NaiveDate> {
    let number = u32::try_from(month_day.unwrap_or(1).clamp(1, 28)).ok()?;
    let day = last.with_day(number)?;
    match day > last {
        true => Some(day),
        false => day.checked_add_months(Months::new(1)),
    }
}

/// Days before an anchor; a rule has none after it.
fn days(count: i32) -> Days {
    Days::new(u64::try_from(count).unwrap_or_default())
}
