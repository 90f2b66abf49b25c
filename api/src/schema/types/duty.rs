//! What a viewer owes, in all their projects.

use async_graphql::{Enum, Object};
use domain::{
    duty::{self, Task},
    project::State,
    viewer::Viewer,
};
use entities::{OutputId, PartialDate};

use super::{output::Output, project::Project};
use crate::schema::base::{scalar::Date, view::View};

/// What is to be done about an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DutyTask {
    /// Its day is over: say what came of it.
    Report,
    /// Its report was sent back: add what is missing, and report it again.
    Complete,
    /// It was reported: accept the report, or send it back.
    Verify,
    /// It is near: make ready.
    Prepare,
}

/// One thing that you owe.
#[derive(Clone, Debug)]
pub struct Duty {
    view: View,
    task: Task,
    output: OutputId,
    /// By when.
    pub day: chrono::NaiveDate,
    pub overdue: bool,
    reason: Option<String>,
}

impl Duty {
    /// What a viewer owes in a project.
    pub fn all(view: &View, viewer: Viewer) -> Vec<Self> {
        let duties = duty::duties_for(view, viewer, view.as_of);
        duties
            .into_iter()
            .map(|duty| Self {
                view: view.clone(),
                task: duty.task,
                output: duty.output,
                day: duty.day,
                overdue: duty.overdue,
                reason: duty.reason.map(str::to_owned),
            })
            .collect()
    }
}

/// One thing that you owe.
#[Object]
impl Duty {
    /// What is to be done.
    async fn task(&self) -> DutyTask {
        match self.task {
            Task::Report => DutyTask::Report,
            Task::Complete => DutyTask::Complete,
            Task::Verify => DutyTask::Verify,
            Task::Prepare => DutyTask::Prepare,
        }
    }

    /// The mutation that settles it; null where it is confirmed already and only has to take place.
    async fn verb(&self) -> Option<&str> {
        if self.task != Task::Prepare {
            return Some(self.task.verb());
        }
        let row = self.view.output(self.output);
        let standing = self.view.standing(row, self.view.as_of)?;
        if standing.state == State::Confirmed {
            return None;
        }
        let is_known = |date: PartialDate| date.day().is_some();
        let is_dated = standing.starts.is_some_and(is_known) && standing.ends.is_none_or(is_known);
        Some(if is_dated {
            self.task.verb()
        } else {
            "rescheduleOutput"
        })
    }

    /// The output that it is about.
    async fn output(&self) -> Option<Output> {
        Output::new(&self.view, self.view.output(self.output))
    }

    /// The project that it is in.
    async fn project(&self) -> Project {
        Project::new(&self.view)
    }

    /// The day by which; for what is near, the day on which it starts; for a report to judge, the
    /// day on which it was made.
    async fn due_on(&self) -> Date {
        Date(self.day)
    }

    /// Whether that day is over.
    async fn overdue(&self) -> bool {
        self.overdue
    }

    /// What is missing, where a report was sent back.
    async fn missing(&self) -> Option<&str> {
        self.reason.as_deref()
    }
}
