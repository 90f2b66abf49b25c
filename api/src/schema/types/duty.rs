//! Duties: the open tasks of a viewer in all their projects.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject, meter::work};
use domain::{
    brief,
    duty::{self, Subject, Task},
    project::State,
    viewer::Viewer,
};
use entities::{Counted, OutputId, PartialDate, PartnerId, TargetId};

use super::{
    output::Output,
    partner::{self, Partner},
    project::Project,
    proposal::Proposal,
    target::Target,
    vocabulary::OutputKind,
};
use crate::schema::base::{
    interface::Link,
    scalar::{Date, Quantity},
    view::{View, viewer},
};

/// The task of a duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DutyTask {
    /// Report the output: its last day has passed.
    Report,
    /// Complete the report and report the output again: the report was returned.
    Complete,
    /// Verify or return the report: the output was reported.
    Verify,
    /// Prepare the output: it starts soon.
    Prepare,
    /// Set the days of the output: its planned window, or its due day, is near.
    Schedule,
    /// Finish the output and report it: its due day is near or over.
    Deliver,
    /// Add evidence to the reported output, which does not count without it.
    AddEvidence,
    /// Record the endorsement of the action plan, which does not count without it.
    Endorse,
    /// Plan the rest of the target: less is planned than its goal asks.
    Plan,
    /// Accept or decline the proposal.
    Decide,
    /// Say what came of a challenge that the partner put in the output, 90 days ago or more.
    TellOutcome,
}

/// The mutation that plans an output of a kind.
fn planned_by(kind: OutputKind) -> &'static str {
    match kind {
        OutputKind::StaffExchange => "scheduleStaffExchange",
        OutputKind::Visit => "scheduleVisit",
        OutputKind::Event => "scheduleEvent",
        OutputKind::ChampionWorkshop => "scheduleChampionWorkshop",
        OutputKind::ActionPlan => "planActionPlan",
        OutputKind::Policy => "planPolicy",
        OutputKind::Champion => "selectChampion",
        OutputKind::Guide => "planGuide",
        OutputKind::Video => "planVideo",
    }
}

/// A duty: an open task for an output, a target or a proposal.
#[derive(Clone, Debug)]
pub struct Duty {
    view: View,
    task: Task,
    subject: Subject,
    partner: Option<PartnerId>,
    /// The due day.
    pub day: chrono::NaiveDate,
    pub overdue: bool,
    reason: Option<String>,
    unplanned: Option<i64>,
}

impl Duty {
    /// The duties of a viewer in a project.
    pub fn all(view: &View, viewer: Viewer) -> Vec<Self> {
        let duties = duty::duties_for(view, viewer, view.as_of).into_iter();
        duties.map(|duty| Self::new(view, &duty)).collect()
    }

    pub fn new(view: &View, duty: &duty::Duty<'_>) -> Self {
        Self {
            view: view.clone(),
            task: duty.task,
            subject: duty.subject,
            partner: duty.partner,
            day: duty.day,
            overdue: duty.overdue,
            reason: duty.reason.map(str::to_owned),
            unplanned: duty.missing,
        }
    }

    fn output_id(&self) -> Option<OutputId> {
        match self.subject {
            Subject::Output(id) => Some(id),
            Subject::Target(_) | Subject::Proposal(_) => None,
        }
    }

    fn target_id(&self) -> Option<TargetId> {
        match self.subject {
            Subject::Target(id) => Some(id),
            Subject::Output(_) | Subject::Proposal(_) => None,
        }
    }

    /// The mutation that plans what a target counts.
    fn planning(&self) -> Option<&'static str> {
        let target = self.view.target(self.target_id()?);
        match target.rule.of.as_ref()? {
            Counted::Output { kind, .. } => Some(planned_by(*kind)),
            Counted::Partner { .. } => Some("addPartner"),
            Counted::Community {} => Some("createCommunity"),
            Counted::BudgetLine { .. } => Some("createBudgetLine"),
            Counted::ProjectMonth {} => None,
        }
    }
}

/// A duty: an open task for an output, a target or a proposal.
#[Object]
impl Duty {
    /// The task.
    async fn task(&self) -> DutyTask {
        match self.task {
            Task::Report => DutyTask::Report,
            Task::Complete => DutyTask::Complete,
            Task::Verify => DutyTask::Verify,
            Task::Prepare => DutyTask::Prepare,
            Task::Schedule => DutyTask::Schedule,
            Task::Deliver => DutyTask::Deliver,
            Task::AddEvidence => DutyTask::AddEvidence,
            Task::Endorse => DutyTask::Endorse,
            Task::Plan => DutyTask::Plan,
            Task::Decide => DutyTask::Decide,
            Task::TellOutcome => DutyTask::TellOutcome,
        }
    }

    /// The name of the mutation that completes the task; null if the output is confirmed and only
    /// has to take place.
    async fn verb(&self) -> Option<&str> {
        if self.task == Task::Plan {
            return self.planning();
        }
        if self.task != Task::Prepare {
            return self.task.verb();
        }
        let row = self.view.output(self.output_id()?);
        let standing = self.view.standing(row, self.view.as_of)?;
        if standing.state == State::Confirmed {
            return None;
        }
        let is_known = |date: PartialDate| date.day().is_some();
        let is_dated = standing.starts.is_some_and(is_known) && standing.ends.is_none_or(is_known);
        if is_dated {
            self.task.verb()
        } else {
            Task::Schedule.verb()
        }
    }

    /// The output; null if the duty is about a target or a proposal.
    async fn output(&self) -> Option<Output> {
        Output::new(&self.view, self.view.output(self.output_id()?))
    }

    /// The target of which less is planned than its goal asks; null if the duty is about an output.
    async fn target(&self) -> Option<Target> {
        Some(Target::new(&self.view, self.target_id()?))
    }

    /// The proposal to accept or decline; null for all other tasks.
    async fn proposal(&self) -> Option<Proposal> {
        let Subject::Proposal(id) = self.subject else {
            return None;
        };
        let mut rows = self.view.proposals.iter();
        let row = rows.find(|row| row.id == id)?;
        Some(Proposal::new(&self.view, row))
    }

    /// How much of the target's goal is not planned yet, in its unit.
    async fn unplanned(&self) -> Option<Quantity> {
        self.unplanned.map(Quantity)
    }

    /// The partner that owes it; null if that is the coordinator.
    async fn partner(&self) -> Option<Link<Partner>> {
        Some(Link(Partner::new(&self.view, self.partner?)))
    }

    /// The project.
    async fn project(&self) -> Project {
        Project::new(&self.view)
    }

    /// The due day: the last day on which it is in time; for PREPARE the day on which the output
    /// starts, for VERIFY the day on which it was reported, for DECIDE the day after which it lapses.
    async fn due_on(&self) -> Date {
        Date(self.day)
    }

    /// Whether the due day has passed.
    async fn overdue(&self) -> bool {
        self.overdue
    }

    /// What is missing from a returned report; the reason of a proposal.
    async fn missing(&self) -> Option<&str> {
        self.reason.as_deref()
    }
}

/// What is owed in a project, and by whom.
#[derive(Clone, Debug)]
pub struct ProjectDuties(pub View);

#[Object]
impl ProjectDuties {
    /// What is owed on the project's `asOf` and asked for already, overdue first, then by day: by the
    /// partners that lead, and by the coordinator. What a signed-in person may settle is in
    /// `viewer.duties`.
    async fn duties(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Only what this partner owes: its organisation's key or its id; all duties if left \
                    out."
        )]
        of: Option<ID>,
    ) -> Result<Option<Vec<Duty>>> {
        let of = of.as_ref().map(|name| partner::named(&self.0, "of", name));
        let of = of.transpose()?;
        work(2 * self.0.outputs.len()).await;
        let duties = duty::duties(&self.0, self.0.as_of).into_iter();
        // Proposals that several projects decide are not for everyone.
        let may_see = |duty: &duty::Duty<'_>| {
            let proposal = duty.proposal();
            proposal.is_none_or(|id| viewer(ctx).may_see_record(&self.0, id.into()))
        };
        let own = duties.filter(|duty| (of.is_none() || duty.partner == of) && may_see(duty));
        Ok(Some(own.map(|duty| Duty::new(&self.0, &duty)).collect()))
    }

    /// Who blocks the next report: the partners by which something is overdue on the project's
    /// `asOf`, those with the most first; last, what nobody leads.
    async fn blockers(&self) -> Vec<Blocker> {
        work(2 * self.0.outputs.len()).await;
        let blockers = brief::blockers(&self.0, self.0.as_of).into_iter();
        let blocker = |blocker: brief::Blocker<'_>| {
            let mut outputs: Vec<_> = blocker
                .overdue
                .iter()
                .filter_map(duty::Duty::output)
                .collect();
            outputs.dedup();
            Blocker {
                partner: blocker.partner.map(|id| Link(Partner::new(&self.0, id))),
                outputs: outputs
                    .into_iter()
                    .filter_map(|id| Output::new(&self.0, self.0.output(id)))
                    .collect(),
                duties: blocker
                    .overdue
                    .iter()
                    .map(|duty| Duty::new(&self.0, duty))
                    .collect(),
            }
        };
        blockers.map(blocker).collect()
    }
}

/// A partner by which something is overdue.
#[derive(Clone, Debug, SimpleObject)]
pub struct Blocker {
    /// The partner; null for what nobody leads, which is the coordinator's to settle.
    partner: Option<Link<Partner>>,
    /// The overdue outputs.
    outputs: Vec<Output>,
    /// The overdue duties, of outputs and of targets.
    duties: Vec<Duty>,
}
