//! Duties: the open tasks of a viewer in all their projects.

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
    /// Report the output: its last day has passed.
    Report,
    /// Complete the report and report the output again: the report was returned.
    Complete,
    /// Verify or return the report: the output was reported.
    Verify,
    /// Prepare the output: it starts soon.
    Prepare,
}

/// A duty of the viewer: an open task for one of their outputs.
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

/// A duty of the viewer: an open task for one of their outputs.
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

    /// The name of the mutation that completes the task; null if the output is confirmed and only
    /// has to take place.
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

    /// The due day: for PREPARE the day on which the output starts, for VERIFY the day on which it
    /// was reported.
    async fn due_on(&self) -> Date {
        Date(self.day)
    }

    /// Whether the due day has passed.
    async fn overdue(&self) -> bool {
        self.overdue
    }

    /// What is missing from a returned report.
    async fn missing(&self) -> Option<&str> {
        self.reason.as_deref()
    }
}
