//! The timeline: the dated events of a project, in order of their dates.

use async_graphql::{Enum, Object, Result, meter::records};
use chrono::NaiveDate;
use domain::project::State;
use entities::{PartialDate as Known, Verb, output};

use super::{
    call::Call, node::Node, output::Output, partner::Partner, project::Project,
    publication::Publication,
};
use crate::schema::base::{
    connection::{List, Order},
    error,
    scalar::{Date, PartialDate},
    view::View,
};

/// The kind of a timeline event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum TimelineEvent {
    /// The project starts.
    ProjectStarts,
    /// The project ends.
    ProjectEnds,
    /// A partner joins.
    PartnerJoins,
    /// A partner leaves.
    PartnerLeaves,
    /// An output starts, by its dates on the project's `asOf`.
    Starts,
    /// An output ends, if it lasts longer than a day.
    Ends,
    /// The report of an open output is due.
    Due,
    /// An output was confirmed.
    Confirmed,
    /// An output was reported.
    Reported,
    /// An output's report was verified.
    Verified,
    /// An output's report was returned.
    Returned,
    /// An output was cancelled.
    Cancelled,
    /// An output was rescheduled.
    Rescheduled,
    /// An output was reopened.
    Reopened,
    /// An action plan was presented.
    Presented,
    /// A public body adopted an action plan.
    Endorsed,
    /// A measure of an action plan is due.
    MeasureDue,
    /// A policy opened to its beneficiaries.
    Opened,
    /// A champion was selected.
    Selected,
    /// A champion was trained.
    Trained,
    /// A champion delivered a training.
    TrainingHeld,
    /// A call was issued.
    CallIssued,
    /// The last day to apply to a call.
    CallDeadline,
    /// A publication appeared.
    Published,
}

/// An event of the timeline.
#[derive(Clone, Debug)]
pub struct TimelineEntry {
    what: TimelineEvent,
    when: Known,
    title: Option<String>,
    record: Node,
}

/// An event of the timeline.
#[Object]
impl TimelineEntry {
    /// The day; if only the month or the year is known, its first day.
    async fn day(&self) -> Date {
        Date(self.when.first_day())
    }

    /// The date, as precisely as it is known.
    async fn date(&self) -> PartialDate {
        PartialDate(self.when)
    }

    /// Whether the date is known to the day.
    async fn precise(&self) -> bool {
        self.when.day().is_some()
    }

    /// The kind of event.
    async fn what(&self) -> TimelineEvent {
        self.what
    }

    /// Details, such as the body that adopted a plan; null if the record has them all.
    async fn detail(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// The record.
    async fn record(&self) -> &Node {
        &self.record
    }
}

const BY_DAY: Order = Order {
    name: "day",
    descending: false,
};

/// The events between two days, both included. An event whose date is known only to the month is
/// included if the month overlaps them.
///
/// # Errors
/// `BAD_USER_INPUT` if the last day is before the first.
pub fn list(view: &View, from: Date, until: Date) -> Result<List<TimelineEntry>> {
    if from.0 > until.0 {
        return Err(error::bad_input(
            "until",
            format!("{} is before {}", until.0, from.0),
            "give a day that is not before from",
        ));
    }
    let mut all = Collected {
        as_of: view.as_of.day,
        from: from.0,
        until: until.0,
        entries: Vec::new(),
    };
    records(2 * view.outputs.len());
    of_project(view, &mut all);
    for row in &view.outputs {
        if let Some(output) = Output::new(view, row) {
            of_output(view, row, &output.into(), &mut all);
        }
    }
    let items = all.entries.into_iter().enumerate().map(|(at, entry)| {
        // The order is deterministic: nothing else distinguishes two steps of a day.
        let at = i64::try_from(at).unwrap_or(i64::MAX);
        let key = vec![
            entry.when.first_day().to_string().into(),
            entry.when.to_string().into(),
            at.into(),
        ];
        (key, entry)
    });
    Ok(List::new(BY_DAY, items))
}

struct Collected {
    /// What is no plan is there up to this day.
    as_of: NaiveDate,
    from: NaiveDate,
    until: NaiveDate,
    entries: Vec<TimelineEntry>,
}

impl Collected {
    fn add(
        &mut self,
        what: TimelineEvent,
        when: Option<impl Into<Known>>,
        title: Option<&str>,
        record: impl FnOnce() -> Node,
    ) {
        let Some(when) = when.map(Into::into) else {
            return;
        };
        let is_plan = matches!(
            what,
            TimelineEvent::ProjectStarts
                | TimelineEvent::ProjectEnds
                | TimelineEvent::Starts
                | TimelineEvent::Ends
                | TimelineEvent::Due
                | TimelineEvent::MeasureDue
                | TimelineEvent::CallDeadline
        );
        if !is_plan && when.last_day() > self.as_of {
            return;
        }
        if when.first_day() <= self.until && self.from <= when.last_day() {
            self.entries.push(TimelineEntry {
                what,
                when,
                title: title.map(str::to_owned),
                record: record(),
            });
        }
    }
}

fn of_project(view: &View, all: &mut Collected) {
    use TimelineEvent as What;
    let row = &view.project.project;
    let project = || Project::new(view).into();
    all.add(What::ProjectStarts, Some(row.starts_on), None, project);
    all.add(What::ProjectEnds, Some(row.ends_on), None, project);
    for row in &view.partners {
        let partner = || Partner::new(view, row.id).into();
        all.add(What::PartnerJoins, row.joined_on, None, partner);
        all.add(What::PartnerLeaves, row.left_on, None, partner);
    }
    for row in view.there(&view.open_calls) {
        let call = || Call::new(view, row).into();
        all.add(What::CallIssued, row.issued, None, call);
        all.add(What::CallDeadline, row.deadline, None, call);
    }
    for row in &view.publications {
        let publication = || Publication::new(view, row).into();
        all.add(What::Published, row.published, None, publication);
    }
}

fn of_output(view: &View, row: &output::Model, node: &Node, all: &mut Collected) {
    use TimelineEvent as What;
    let Some(standing) = view.standing(row, view.as_of) else {
        return;
    };
    let record = || node.clone();
    if standing.state != State::Cancelled {
        all.add(What::Starts, standing.starts, None, record);
        let ends = standing.ends.filter(|ends| Some(*ends) != standing.starts);
        all.add(What::Ends, ends, None, record);
    }
    if standing.is_open() {
        let due = Some(view.due_on(row, &standing));
        all.add(What::Due, due, None, record);
    }
    for event in view.events_of(row.id) {
        let day = event.effective_on.filter(|day| *day <= view.as_of.day);
        if !view.as_of.knows(event.recorded_at) {
            continue;
        }
        let what = match event.verb {
            Verb::Planned => continue,
            Verb::Confirmed => What::Confirmed,
            Verb::Reported => What::Reported,
            Verb::Verified => What::Verified,
            Verb::Returned => What::Returned,
            Verb::Cancelled => What::Cancelled,
            Verb::Rescheduled => What::Rescheduled,
            Verb::Reopened => What::Reopened,
        };
        all.add(what, day, event.reason.as_deref(), record);
    }
    of_kind(view, row, node, all);
}

fn of_kind(view: &View, row: &output::Model, node: &Node, all: &mut Collected) {
    use TimelineEvent as What;
    let record = || node.clone();
    if let Some(plan) = view.action_plan(row.id) {
        all.add(What::Presented, plan.presented, None, record);
    }
    for endorsement in view.there(view.endorsements_of(row.id)) {
        let body = Some(endorsement.body.as_str());
        all.add(What::Endorsed, endorsement.endorsed, body, record);
    }
    for measure in view.there(view.measures_of(row.id)) {
        let title = Some(measure.title.as_str());
        all.add(What::MeasureDue, measure.due, title, record);
    }
    if let Some(policy) = view.policy(row.id) {
        all.add(What::Opened, policy.opened, None, record);
    }
    if let Some(champion) = view.champion(row.id) {
        all.add(What::Selected, champion.selected, None, record);
        all.add(What::Trained, champion.trained, None, record);
    }
    for training in view.there(view.trainings_of(row.id)) {
        let what = Some(training.description.as_str());
        all.add(What::TrainingHeld, training.held, what, record);
    }
}
