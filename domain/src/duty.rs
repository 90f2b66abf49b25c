//! What is owed, and by whom: overdue first, then what is coming.

use chrono::{Days, NaiveDate};
use entities::{OutputId, PartnerId, RoleKind, person};

use crate::{
    project::{AsOf, Project, Standing, State},
    viewer::Viewer,
};

/// How far ahead a person's duties look.
pub const HORIZON: Days = Days::new(60);

/// What somebody is to do about an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Task {
    /// Its day is over: say what came of it.
    Report,
    /// It was sent back: add what is missing.
    Complete,
    /// It was reported: accept it or send it back.
    Verify,
    /// It is near: make ready.
    Prepare,
}

impl Task {
    /// The mutation that settles it.
    #[must_use]
    pub fn verb(self) -> &'static str {
        match self {
            Self::Report | Self::Complete => "reportOutput",
            Self::Verify => "verifyOutput",
            Self::Prepare => "confirmOutput",
        }
    }
}

/// One thing that a partner or the coordinator owes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty<'a> {
    pub task: Task,
    pub output: OutputId,
    /// Who owes it; none: the coordinator.
    pub partner: Option<PartnerId>,
    /// The day by which; for what is coming, the day on which it starts.
    pub day: NaiveDate,
    pub overdue: bool,
    /// What is missing, where it was returned.
    pub reason: Option<&'a str>,
}

/// Everything that is owed as of a day, overdue first, then by day. What was due before `today` is
/// overdue: the day itself for whoever reads it in the morning, the day after for a report that
/// holds all that the day brought.
#[must_use]
pub fn duties(project: &Project, as_of: AsOf, today: NaiveDate) -> Vec<Duty<'_>> {
    let horizon = today.checked_add_days(HORIZON).unwrap_or(NaiveDate::MAX);
    let mut duties = Vec::new();
    for output in &project.outputs {
        let Some(standing) = project.standing(output, as_of) else {
            continue;
        };
        let due = project.due_on(output, &standing);
        let duty = |task, partner, day: NaiveDate, overdue| Duty {
            task,
            output: output.id,
            partner,
            day,
            overdue,
            reason: standing.reason,
        };
        match standing.state {
            State::Cancelled | State::Verified => {}
            State::Reported => {
                let since = standing.since.unwrap_or(today);
                duties.push(duty(Task::Verify, None, since, false));
            }
            State::Returned => {
                duties.push(duty(Task::Complete, output.lead_id, due, due < today));
            }
            State::Planned | State::Confirmed => match upcoming(&standing, today, horizon) {
                Some(day) => duties.push(duty(Task::Prepare, output.lead_id, day, false)),
                None if due < today => duties.push(duty(Task::Report, output.lead_id, due, true)),
                None => {}
            },
        }
    }
    duties.sort_by_key(|duty| (!duty.overdue, duty.day, duty.output));
    duties
}

/// The first day of something that is ahead, within the horizon; also while it goes on.
fn upcoming(standing: &Standing<'_>, today: NaiveDate, horizon: NaiveDate) -> Option<NaiveDate> {
    let first = standing.starts?.first_day();
    let last = standing.ends.or(standing.starts)?.last_day();
    (last >= today && first <= horizon).then_some(first)
}

/// What a viewer owes, each with a verb that settles it: of the partners they act for; for a
/// coordinator besides what no partner owes; and the reports that are theirs to judge.
#[must_use]
pub fn duties_for(project: &Project, viewer: Viewer, as_of: AsOf) -> Vec<Duty<'_>> {
    let roles = viewer.roles(project);
    let coordinates = roles.iter().any(|role| role.kind == RoleKind::Coordinator);
    let mut duties = duties(project, as_of, as_of.day);
    duties.retain(|duty| match (duty.task, duty.partner) {
        (Task::Verify, _) => viewer.judge_of(project, duty.output).is_ok(),
        (_, None) => coordinates,
        (_, Some(partner)) => roles.iter().any(|role| role.partner_id == Some(partner)),
    });
    duties
}

/// The duties of a person: of the partners they act for, and, for a coordinator, those that no
/// partner owes.
#[must_use]
pub fn duties_of<'a>(project: &'a Project, person: &person::Model, as_of: AsOf) -> Vec<Duty<'a>> {
    let roles = project.roles_of(person.id);
    let coordinates = roles.iter().any(|role| role.kind == RoleKind::Coordinator);
    let mut duties = duties(project, as_of, as_of.day);
    duties.retain(|duty| match duty.partner {
        None => coordinates,
        Some(partner) => roles.iter().any(|role| role.partner_id == Some(partner)),
    });
    duties
}
