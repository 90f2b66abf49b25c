//! What is owed, and by whom: overdue first, then what is coming. What is due by when, and from when
//! on it is asked for, is in [`crate::project::Due`].

use chrono::{Days, NaiveDate};
use entities::{
    OutputId, PartnerId, ProposalId, ProposalKind, TargetId, output, person, proposal, target,
};

use crate::{
    progress::{self, Scope},
    project::{
        ASKED_AFTER, AsOf, Due, HORIZON, Owes, Project, ProposalState, Standing, State, is_met_in,
        over_on,
    },
    viewer::{Rights, Viewer},
};

/// What somebody is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Task {
    /// Its days are over: report its outcome.
    Report,
    /// It was sent back: add what is missing.
    Complete,
    /// It was reported: accept it or send it back.
    Verify,
    /// It is near: make ready.
    Prepare,
    /// It is planned without days: set them.
    Schedule,
    /// Its due day is near: finish it and report it.
    Deliver,
    /// It is reported without the evidence that a target asks for.
    AddEvidence,
    /// No public body has endorsed it, as a target asks.
    Endorse,
    /// Less is planned than a target's goal asks: plan the rest.
    Plan,
    /// It was proposed: accept it or decline it.
    Decide,
    /// A challenge was put in it a while ago: say what came of it.
    TellOutcome,
}

impl Task {
    /// The mutation that settles it; `None` where that depends on what is counted.
    #[must_use]
    pub fn verb(self) -> Option<&'static str> {
        Some(match self {
            Self::Report | Self::Complete | Self::Deliver => "reportOutput",
            Self::Verify => "verifyOutput",
            Self::Prepare => "confirmOutput",
            Self::Schedule => "rescheduleOutput",
            Self::AddEvidence => "addEvidence",
            Self::Endorse => "endorseActionPlan",
            Self::Decide => "acceptProposal",
            Self::TellOutcome => "editLearning",
            Self::Plan => return None,
        })
    }
}

/// What a duty is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Output(OutputId),
    /// The rest of a target that nobody has planned yet.
    Target(TargetId),
    /// Something that somebody proposes.
    Proposal(ProposalId),
}

/// One thing that a partner or the coordinator owes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty<'a> {
    pub task: Task,
    pub subject: Subject,
    /// Who owes it; `None`: the coordinator.
    pub partner: Option<PartnerId>,
    /// The day by which; for `Prepare`, the day on which it starts, for `Verify`, since when it waits.
    pub day: NaiveDate,
    pub overdue: bool,
    /// What is missing, where it was returned.
    pub reason: Option<&'a str>,
    /// How much is not planned yet, in the target's unit.
    pub missing: Option<i64>,
}

impl Duty<'_> {
    /// The output that it is about.
    #[must_use]
    pub fn output(&self) -> Option<OutputId> {
        match self.subject {
            Subject::Output(id) => Some(id),
            Subject::Target(_) | Subject::Proposal(_) => None,
        }
    }

    /// The proposal that it is about.
    #[must_use]
    pub fn proposal(&self) -> Option<ProposalId> {
        match self.subject {
            Subject::Proposal(id) => Some(id),
            Subject::Output(_) | Subject::Target(_) => None,
        }
    }
}

/// Everything that is owed as of a day, overdue first, then by day.
#[must_use]
pub fn duties(project: &Project, as_of: AsOf) -> Vec<Duty<'_>> {
    let of_outputs = project.outputs.iter();
    let of_outputs = of_outputs.flat_map(|output| of_output(project, output, as_of));
    let of_targets = project.targets.iter();
    let of_targets = of_targets.filter_map(|target| of_target(project, target, as_of));
    let proposals = project.proposals.iter();
    let of_proposals = proposals.filter_map(|proposal| of_proposal(project, proposal, as_of));
    let outputs = project.outputs.iter();
    let of_challenges = outputs.flat_map(|output| of_challenges(project, output, as_of));
    let duties = of_outputs.chain(of_targets).chain(of_proposals);
    let mut duties: Vec<_> = duties.chain(of_challenges).collect();
    duties.sort_by_key(|duty| (!duty.overdue, duty.day, duty.subject, duty.task));
    duties
}

fn of_output<'a>(project: &'a Project, output: &'a output::Model, as_of: AsOf) -> Vec<Duty<'a>> {
    let Some(standing) = project.standing(output, as_of) else {
        return Vec::new();
    };
    let duty = |task, partner, day, overdue| Duty {
        task,
        subject: Subject::Output(output.id),
        partner,
        day,
        overdue,
        reason: standing.reason,
        missing: None,
    };
    let mut duties = Vec::new();
    if standing.state == State::Reported {
        let since = standing.since.unwrap_or(as_of.day);
        duties.push(duty(Task::Verify, None, since, false));
    }
    let Some(due) = project.due_of(output, &standing, as_of) else {
        return duties;
    };
    let lacking = project.lacks(output, as_of);
    let overdue = due.is_overdue;
    if due.owes == Owes::Evidence {
        if lacking.evidence {
            duties.push(duty(Task::AddEvidence, output.lead_id, due.on, overdue));
        }
        if lacking.endorsement {
            duties.push(duty(Task::Endorse, output.lead_id, due.on, overdue));
        }
        return duties;
    }
    if let Some((task, day)) = open_task(project, output, &standing, due, as_of) {
        let overdue = overdue && task != Task::Prepare;
        duties.push(duty(task, output.lead_id, day, overdue));
    }
    // Its report brings the evidence; the endorsement comes before.
    if lacking.endorsement && due.asked_from <= as_of.day {
        duties.push(duty(Task::Endorse, output.lead_id, due.on, false));
    }
    duties
}

/// The task of an open output, and its day; `None` before it is asked for.
fn open_task(
    project: &Project,
    output: &output::Model,
    standing: &Standing<'_>,
    due: Due,
    as_of: AsOf,
) -> Option<(Task, NaiveDate)> {
    let days = standing.starts.and_then(entities::PartialDate::day);
    let is_over = is_over(project, standing, as_of);
    match (due.owes, days) {
        // What was moved ahead after it was sent back is made ready again.
        (_, Some(first)) if standing_is_ahead(standing, as_of) => {
            let near = as_of.day.checked_add_days(HORIZON);
            let is_near = near.is_none_or(|near| first <= near);
            is_near.then_some((Task::Prepare, first))
        }
        _ if standing.state == State::Returned && is_over => Some((Task::Complete, due.on)),
        (_, Some(_)) => Some((Task::Report, due.on)),
        _ if due.asked_from > as_of.day => None,
        (Owes::Days, _) => Some((Task::Schedule, due.on)),
        (_, None) if is_met_in(output.kind) => Some((Task::Report, due.on)),
        (_, None) => Some((Task::Deliver, due.on)),
    }
}

/// Whether the last day of an output is still to come, or going on.
fn standing_is_ahead(standing: &Standing<'_>, as_of: AsOf) -> bool {
    let last = standing.ends.or(standing.starts);
    last.is_some_and(|last| !as_of.is_after(last.last_day()))
}

/// What came of the challenges that were put in an output: owed by each city that put one, from some
/// time after the visit on, until it says so.
fn of_challenges<'a>(
    project: &'a Project,
    output: &'a output::Model,
    as_of: AsOf,
) -> Vec<Duty<'a>> {
    if project.learnings_of(output.id).is_empty() {
        return Vec::new();
    }
    let standing = project.standing(output, as_of);
    let until = standing.and_then(|standing| Project::challenged_until(&standing));
    let asked_on = until.and_then(|until| until.checked_add_days(ASKED_AFTER));
    let Some(day) = asked_on.filter(|day| *day <= as_of.day) else {
        return Vec::new();
    };
    let open = project.open_challenges(output.id, as_of);
    let mut posers: Vec<_> = open.map(Project::poser_of).collect();
    posers.sort_unstable();
    posers.dedup();
    let duty = |partner| Duty {
        task: Task::TellOutcome,
        subject: Subject::Output(output.id),
        partner,
        day,
        overdue: false,
        reason: None,
        missing: None,
    };
    posers.into_iter().map(duty).collect()
}

/// The rest of a target's goal that nobody has planned: asked for so many days before it should be
/// planned as its kind of output is asked for.
fn of_target<'a>(project: &'a Project, target: &'a target::Model, as_of: AsOf) -> Option<Duty<'a>> {
    let lead = match target.rule.of {
        Some(entities::Counted::Output { kind, .. }) => project.lead_days(kind),
        _ => 0,
    };
    let lead = Days::new(u64::try_from(lead).unwrap_or_default());
    let asked_from = progress::plan_by(project, target).checked_sub_days(lead)?;
    if as_of.day < asked_from {
        return None;
    }
    let figure = progress::figure(project, target, as_of, Scope::Project);
    let missing = figure.missing().filter(|missing| *missing > 0)?;
    Some(Duty {
        task: Task::Plan,
        subject: Subject::Target(target.id),
        partner: None,
        day: figure.due_on,
        overdue: as_of.is_after(figure.due_on),
        reason: None,
        missing: Some(missing),
    })
}

/// An open proposal: of dates its output's lead owes the answer, unless it proposes them itself, of what
/// several projects show the coordinator of each.
fn of_proposal<'a>(
    project: &'a Project,
    proposal: &'a proposal::Model,
    as_of: AsOf,
) -> Option<Duty<'a>> {
    let state = project.proposal_state(proposal, as_of)?;
    let is_ours = proposal.kind == ProposalKind::Dates || proposal.is_asked;
    if state != ProposalState::Open || !is_ours {
        return None;
    }
    let lead = proposal.output_id.and_then(|id| project.output(id).lead_id);
    Some(Duty {
        task: Task::Decide,
        subject: Subject::Proposal(proposal.id),
        partner: lead.filter(|lead| Some(*lead) != proposal.by_id),
        day: proposal.until,
        overdue: false,
        reason: Some(&proposal.reason)
            .filter(|reason| !reason.is_empty())
            .map(String::as_str),
        missing: None,
    })
}

/// Whether something may be over by its own dates, so that it can be reported.
fn is_over(project: &Project, standing: &Standing<'_>, as_of: AsOf) -> bool {
    let over = over_on((standing.starts, standing.ends));
    over.unwrap_or(project.project.starts_on) <= as_of.day
}

/// What a viewer owes, each with a command that settles it and that is theirs to use: of the partners
/// they act for; for a coordinator besides what no partner owes, or a partner for whom nobody acts;
/// the reports that are theirs to judge, and the proposals that are theirs to decide. The operator decides
/// those of a project without a coordinator.
#[must_use]
pub fn duties_for(project: &Project, viewer: Viewer, as_of: AsOf) -> Vec<Duty<'_>> {
    let rights = viewer.rights_to_write(project);
    rights.map_or_else(
        |_| Vec::new(),
        |rights| owed(project, &rights, as_of, &duties(project, as_of)),
    )
}

/// The duties of a person, as they find them when they sign in.
#[must_use]
pub fn duties_of<'a>(project: &'a Project, person: &person::Model, as_of: AsOf) -> Vec<Duty<'a>> {
    duties_among(project, person, as_of, &duties(project, as_of))
}

/// The duties of a person among all that are owed as of a day, which [`duties`] gives.
#[must_use]
pub fn duties_among<'a>(
    project: &'a Project,
    person: &person::Model,
    as_of: AsOf,
    all: &[Duty<'a>],
) -> Vec<Duty<'a>> {
    owed(project, &Rights::of(project, person.id), as_of, all)
}

fn owed<'a>(
    project: &'a Project,
    rights: &Rights<'_>,
    as_of: AsOf,
    all: &[Duty<'a>],
) -> Vec<Duty<'a>> {
    let partners = rights.partners();
    let is_theirs = |duty: &Duty<'_>| {
        let owes = match duty.partner {
            Some(partner) if partners.contains(&partner) => true,
            Some(partner) => rights.is_coordinator() && has_nobody(project, partner),
            None => rights.is_coordinator(),
        };
        let may = |output| duty.task == Task::TellOutcome || rights.may_move(output);
        owes && duty.output().is_none_or(may)
    };
    let can_be_reported = |output: OutputId| {
        let standing = project.standing(project.output(output), as_of);
        standing.is_some_and(|standing| is_over(project, &standing, as_of))
    };
    let is_owed = |duty: &&Duty<'a>| match (duty.task, duty.output()) {
        (Task::Decide, _) => duty.proposal().is_some_and(|id| rights.is_to_decide(id)),
        (Task::Verify, Some(output)) => rights.may_judge(output).is_ok(),
        (Task::Report | Task::Complete, Some(output)) => is_theirs(duty) && can_be_reported(output),
        _ => is_theirs(duty),
    };
    all.iter().filter(is_owed).cloned().collect()
}

/// Whether nobody acts for a partner now.
fn has_nobody(project: &Project, partner: PartnerId) -> bool {
    let mut roles = project.roles_in_force().iter();
    roles.all(|role| role.partner_id != Some(partner))
}
