//! What is owed, and by whom: overdue first, then what is coming.

use chrono::{Days, NaiveDate};
use entities::{OutputId, PartnerId, person};

use crate::{
    project::{AsOf, Project, Standing, State, over_on},
    viewer::{Rights, Viewer},
};

/// How far ahead a person's duties look.
pub const HORIZON: Days = Days::new(60);

/// What somebody is to do about an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Task {
    /// Its day is over: report its outcome.
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
    /// Who owes it; `None`: the coordinator.
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
        let (lead, due) = (output.lead_id, project.due_on(output, &standing));
        let ahead = upcoming(&standing, today, horizon);
        let duty = |task, partner, day: NaiveDate, overdue| Duty {
            task,
            output: output.id,
            partner,
            day,
            overdue,
            reason: standing.reason,
        };
        let owed = match standing.state {
            State::Cancelled | State::Verified => None,
            State::Reported => {
                let since = standing.since.unwrap_or(today);
                Some(duty(Task::Verify, None, since, false))
            }
            State::Returned if ahead.is_none() || is_over(project, &standing, as_of) => {
                Some(duty(Task::Complete, lead, due, due < today))
            }
            State::Planned | State::Confirmed if ahead.is_none() && due < today => {
                Some(duty(Task::Report, lead, due, true))
            }
            State::Planned | State::Confirmed | State::Returned => {
                ahead.map(|day| duty(Task::Prepare, lead, day, false))
            }
        };
        duties.extend(owed);
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

/// Whether something may be over by its own dates, so that it can be reported.
fn is_over(project: &Project, standing: &Standing<'_>, as_of: AsOf) -> bool {
    let over = over_on((standing.starts, standing.ends));
    over.unwrap_or(project.project.starts_on) <= as_of.day
}

/// What a viewer owes, each with a command that settles it and that is theirs to use: of the partners
/// they act for; for a coordinator besides what no partner owes; and the reports that are theirs to
/// judge. What is late, but was moved to days that are still to come, cannot be reported yet.
#[must_use]
pub fn duties_for(project: &Project, viewer: Viewer, as_of: AsOf) -> Vec<Duty<'_>> {
    let rights = viewer.rights_to_write(project);
    rights.map_or_else(|_| Vec::new(), |rights| owed(project, &rights, as_of))
}

/// The duties of a person, as they find them when they sign in.
#[must_use]
pub fn duties_of<'a>(project: &'a Project, person: &person::Model, as_of: AsOf) -> Vec<Duty<'a>> {
    owed(project, &Rights::of(project, person.id), as_of)
}

fn owed<'a>(project: &'a Project, rights: &Rights<'_>, as_of: AsOf) -> Vec<Duty<'a>> {
    let partners = rights.partners();
    let is_theirs = |duty: &Duty<'_>| {
        let owes = match duty.partner {
            None => rights.is_coordinator(),
            Some(partner) => partners.contains(&partner),
        };
        owes && rights.may_move(duty.output)
    };
    let can_be_reported = |output: OutputId| {
        let standing = project.standing(project.output(output), as_of);
        standing.is_some_and(|standing| is_over(project, &standing, as_of))
    };
    let mut duties = duties(project, as_of, as_of.day);
    duties.retain(|duty| match duty.task {
        Task::Verify => rights.may_judge(duty.output).is_ok(),
        Task::Report | Task::Complete => is_theirs(duty) && can_be_reported(duty.output),
        Task::Prepare => is_theirs(duty),
    });
    duties
}
