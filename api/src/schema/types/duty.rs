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

/// The task of a duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum DutyTask {
    /// Its last day is over: report it.
    Report,
    /// Its report was returned: complete it and report it again.
    Complete,
    /// It was reported: verify or return the report.
    Verify,
    /// It starts soon: prepare it.
    Prepare,
}

/// A duty of the viewer: a task that one of their outputs asks for.
#[derive(Clone, Debug)]
pub struct Duty {
    view: View,
    task: Task,
    output: OutputId,
    /// The due day.
    pub day: chrono::NaiveDate,
    pub overdue: bool,
    reason: Option<String>,
}

impl Duty {
    /// The duties of a viewer in a project.
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

/// A duty of the viewer: a task that one of their outputs asks for.
#[Object]
impl Duty {
    /// The task.
    async fn task(&self) -> DutyTask {
        match self.task {
            Task::Report => DutyTask::Report,
            Task::Complete => DutyTask::Complete,
            Task::Verify => DutyTask::Verify,
            Task::Prepare => DutyTask::Prepare,
        }
    }

    /// The mutation that fulfils it; null if the output is confirmed and only has to take place.
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

    /// The output.
    async fn output(&self) -> Option<Output> {
        Output::new(&self.view, self.view.output(self.output))
    }

    /// The project.
    async fn project(&self) -> Project {
        Project::new(&self.view)
    }

    /// The due day: for a preparation the day on which the output starts, for a verification the
    /// day on which it was reported.
    async fn due_on(&self) -> Date {
        Date(self.day)
    }

    /// Whether the due day is over.
    async fn overdue(&self) -> bool {
        self.overdue
    }

    /// What is missing from a returned report.
    async fn missing(&self) -> Option<&str> {
        self.reason.as_deref()
    }
}
