//! The question what came of a challenge: asked some days after the visit, and again until its city says
//! so. It is the same question however its rule is edited or the visit was moved, so its occurrence is
//! the number of times that it was asked.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use entities::*;

use super::{Plan, Subject};
use crate::{
    project::{AsOf, Project},
    record::MOST_QUESTIONS,
};

/// What the occurrences of this question begin with.
const OUTCOME: &str = "outcome";

impl Plan<'_> {
    pub(super) fn outcomes(&mut self, rule: &reminder_rule::Model) {
        let project = self.project;
        let (first, last) = self.days();
        let mut steps: Vec<u64> = rule
            .offsets
            .0
            .iter()
            .map(|days| days.unsigned_abs().into())
            .collect();
        steps.sort_unstable();
        steps.truncate(MOST_QUESTIONS);
        let mut challenged: Vec<OutputId> = project
            .learnings
            .iter()
            .filter(|row| row.kind == LearningKind::Challenge)
            .map(|row| row.output_id)
            .collect();
        challenged.dedup();
        for id in challenged {
            let output = project.output(id);
            for until in last_days(project, output) {
                for (number, after) in (1..).zip(&steps) {
                    let Some(day) = until.checked_add_days(Days::new(*after)) else {
                        continue;
                    };
                    if day < first || day > last {
                        continue;
                    }
                    let as_of = AsOf::today(day);
                    let Some(standing) = project.standing(output, as_of) else {
                        continue;
                    };
                    if Project::challenged_until(&standing) != Some(until) {
                        continue;
                    }
                    let occurrence = format!("{OUTCOME}/{number}");
                    if self.unsaid(output, day).next().is_none() {
                        continue;
                    }
                    for person in self.audience(rule, Some((output, &standing)), day) {
                        let subject = Subject::Output(output.id);
                        self.push(rule, person, subject, &occurrence, day, None);
                    }
                }
            }
        }
    }

    /// The challenges of which nobody has said what came of them: by the day of the mail, and by that of
    /// its sending.
    pub(super) fn unsaid(
        &self,
        output: &output::Model,
        day: NaiveDate,
    ) -> impl Iterator<Item = &learning::Model> {
        let sent_on = self.sent_on.unwrap_or(day).max(day);
        let project = self.project;
        let challenges = project.open_challenges(output.id, AsOf::today(day));
        challenges.filter(move |row| project.outcome(row, AsOf::today(sent_on)).is_none())
    }
}

/// Every last day that an output ever had.
fn last_days(project: &Project, output: &output::Model) -> BTreeSet<NaiveDate> {
    let events = project.events_of(output.id).iter();
    let old = events.filter_map(|event| event.old_ends.or(event.old_starts));
    let now = output.ends.or(output.starts).into_iter();
    now.chain(old).map(PartialDate::last_day).collect()
}
