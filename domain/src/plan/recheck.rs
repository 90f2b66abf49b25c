//! Whether mails that were claimed are still what the plan asks for when they are sent.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entities::{Category, SkipReason, notification};
use uuid::Uuid;

use super::{Due, anchor_on, plan_of};
use crate::{
    project::{AsOf, Project, State},
    record::anchors_of,
    zone,
};

/// Looks at mails of a project again, at the instant at which they are sent. Mails that were due at
/// one instant share one look at the plan.
#[derive(Debug)]
pub struct Recheck<'a> {
    project: &'a Project,
    now: DateTime<Utc>,
    plans: HashMap<DateTime<Utc>, Vec<Due>>,
}

impl<'a> Recheck<'a> {
    #[must_use]
    pub fn new(project: &'a Project, now: DateTime<Utc>) -> Self {
        Self {
            project,
            now,
            plans: HashMap::new(),
        }
    }

    /// Whether a mail is still what the plan asks for: the exchange has not moved, a rule asks for it,
    /// and the person has not left.
    ///
    /// # Errors
    /// The reason why it is not.
    pub fn check(&mut self, row: &notification::Model) -> Result<(), SkipReason> {
        let Self { project, now, .. } = *self;
        let notification::Model {
            person_id: person,
            subject_id: subject,
            due_at,
            ..
        } = *row;
        let occurrence = &row.occurrence;
        if !project.holds(person) {
            return Err(SkipReason::RuleChanged);
        }
        let output = project
            .outputs
            .iter()
            .find(|output| Uuid::from(output.id) == subject);
        // A question goes by the days that the output ever had, which the plan knows.
        let is_question = row.category == Category::Question;
        if let Some(output) = output.filter(|_| !is_question) {
            let today = AsOf::today(zone::day_in(now, project.zone()));
            let Some(standing) = project.standing(output, today) else {
                return Err(SkipReason::Cancelled);
            };
            if standing.state == State::Cancelled {
                return Err(SkipReason::Cancelled);
            }
            let mut anchors = anchors_of(row.category)
                .iter()
                .filter_map(|anchor| anchor_on(project, *anchor, output, &standing, today))
                .peekable();
            if anchors.peek().is_none() && standing.is_done() {
                return Err(SkipReason::RuleChanged);
            }
            let mut days = anchors.map(|anchor| format!("/{anchor}/{}", standing.moves));
            if !days.any(|day| occurrence.ends_with(&day)) {
                return Err(SkipReason::Moved);
            }
        }
        let plan = self.plans.entry(due_at).or_insert_with(|| {
            let (day, sent_on) = (TimeDelta::days(1), zone::day_in(now, project.zone()));
            plan_of(project, (due_at - day, due_at + day), Some(sent_on))
        });
        plan.iter()
            .any(|due| {
                due.category == row.category
                    && due.person == person
                    && Uuid::from(due.subject) == subject
                    && due.occurrence == *occurrence
            })
            .then_some(())
            .ok_or(SkipReason::RuleChanged)
    }
}
