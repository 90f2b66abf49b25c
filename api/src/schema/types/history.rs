//! The history of an output: an append-only list of steps.

use async_graphql::Object;
use chrono::NaiveDate;
use entities::{output, output_event};

use super::{partner::Partner, vocabulary::OutputVerb};
use crate::schema::base::{
    interface::Link,
    scalar::{Date, DateTime, PartialDate},
    view::View,
};

/// One step in an output's history.
#[derive(Clone, Debug)]
pub struct OutputEvent {
    view: View,
    row: output_event::Model,
    effective_on: NaiveDate,
}

impl OutputEvent {
    /// The steps of an output that are effective on the view's day, and known.
    pub fn all(view: &View, output: &output::Model) -> Vec<Self> {
        view.events_of(output.id)
            .iter()
            .map(|row| Self {
                view: view.clone(),
                row: row.clone(),
                effective_on: view.effective_on(output, row),
            })
            .filter(|event| event.effective_on <= view.as_of.day)
            .filter(|event| view.as_of.knows(event.row.recorded_at))
            .collect()
    }
}

/// One step in an output's history.
#[Object]
impl OutputEvent {
    /// The step.
    async fn verb(&self) -> OutputVerb {
        self.row.verb
    }

    /// The day from which the step counts. If none is recorded: the end of the output's known month
    /// or window, else of the project; `PLANNED` counts from the project's start.
    async fn effective_on(&self) -> Date {
        Date(self.effective_on)
    }

    /// Whether `effectiveOn` is recorded rather than derived.
    async fn exact(&self) -> bool {
        self.row.effective_on.is_some()
    }

    /// The instant at which the step was recorded.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.row.recorded_at)
    }

    /// The reason for which the output was returned, cancelled or rescheduled.
    async fn reason(&self) -> Option<&str> {
        self.row.reason.as_deref()
    }

    /// The partners that made the report, and may not verify it; empty for other steps, and if they
    /// are not known.
    async fn reporters(&self) -> Vec<Link<Partner>> {
        let rows = self.view.reporters_of(self.row.id).iter();
        rows.filter_map(|row| row.partner_id)
            .map(|id| Link(Partner::new(&self.view, id)))
            .collect()
    }

    /// The start before a reschedule, as precisely as it is known; null for other steps.
    async fn old_starts(&self) -> Option<PartialDate> {
        self.row.old_starts.map(PartialDate)
    }

    /// The end before a reschedule, as precisely as it is known; null for other steps.
    async fn old_ends(&self) -> Option<PartialDate> {
        self.row.old_ends.map(PartialDate)
    }

    /// The start after a reschedule, as precisely as it is known; null for other steps.
    async fn new_starts(&self) -> Option<PartialDate> {
        self.row.new_starts.map(PartialDate)
    }

    /// The end after a reschedule, as precisely as it is known; null for other steps.
    async fn new_ends(&self) -> Option<PartialDate> {
        self.row.new_ends.map(PartialDate)
    }
}
