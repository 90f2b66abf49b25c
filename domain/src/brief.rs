//! What a digest and a progress report say, before anyone words it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Days, NaiveDate, Utc};
use entities::{CommunityId, FrozenFigure, OutputId, PartialDate, PartnerId, budget_line};

use crate::{
    duty::{self, Duty, Subject},
    progress::{self, Breakdown, Figure, Progress, Scope, Stage, Status},
    project::{AsOf, HORIZON, Owes, Project, State},
};

/// An output that changed in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change<'a> {
    pub output: OutputId,
    pub day: NaiveDate,
    pub state: State,
    /// Its dates moved.
    pub moved: bool,
    pub reason: Option<&'a str>,
}

/// What makes a change news.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Since {
    /// Effective after this day, …
    pub day: NaiveDate,
    /// … or recorded after this instant, however early its day was; `None`: only the day counts. What
    /// came with the project is never news by its recording.
    pub recorded_at: Option<DateTime<Utc>>,
}

/// The changes that are news and effective up to a day, in the order of their days.
#[must_use]
pub fn changes(project: &Project, since: Since, until: NaiveDate) -> Vec<Change<'_>> {
    let came_in = project.project.created_at;
    let mut changes = Vec::new();
    for output in &project.outputs {
        for event in project.events_of(output.id) {
            let day = project.effective_on(output, event);
            let recorded_late = since
                .recorded_at
                .is_some_and(|instant| event.recorded_at > instant && event.recorded_at > came_in);
            if day > until || (day <= since.day && !recorded_late) {
                continue;
            }
            let Some(standing) = project.standing(output, day.into()) else {
                continue;
            };
            changes.push(Change {
                output: output.id,
                day,
                state: standing.state,
                moved: event.verb == entities::Verb::Rescheduled,
                reason: event.reason.as_deref(),
            });
        }
    }
    changes.sort_by_key(|change| (change.day, change.output));
    changes.dedup();
    changes
}

/// An output ahead: it starts, or something of it is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ahead {
    pub output: OutputId,
    /// Its dates; `None` if they are not known.
    pub starts: Option<PartialDate>,
    pub ends: Option<PartialDate>,
    /// What is due of it, and when, where its dates are not known.
    pub due: Option<(Owes, NaiveDate)>,
}

/// What starts or falls due within so many days after a day, soonest first. What is known only to the
/// month counts from that month's first day.
#[must_use]
pub fn ahead(project: &Project, as_of: AsOf, days: Days) -> Vec<Ahead> {
    let until = as_of.day.checked_add_days(days).unwrap_or(NaiveDate::MAX);
    let mut ahead: Vec<Ahead> = project
        .outputs
        .iter()
        .filter_map(|output| {
            let standing = project.standing(output, as_of)?;
            let due = project.due_of(output, &standing, as_of);
            let due = due.filter(|due| due.owes != Owes::Evidence)?;
            let ahead = Ahead {
                output: output.id,
                starts: standing.starts,
                ends: standing.ends,
                due: standing.starts.is_none().then_some((due.owes, due.on)),
            };
            let is_to_come = match ahead.starts {
                Some(starts) => starts.last_day() > as_of.day,
                None => due.on > as_of.day,
            };
            (is_to_come && ahead.first_day() <= until).then_some(ahead)
        })
        .collect();
    ahead.sort_by_key(|one| (one.first_day(), one.output));
    ahead
}

impl Ahead {
    /// The day by which it stands in a list.
    fn first_day(&self) -> NaiveDate {
        let due = self.due.map(|(_, day)| day);
        let starts = self.starts.map(PartialDate::first_day);
        starts.or(due).unwrap_or(NaiveDate::MAX)
    }
}

/// Overdue outputs of one partner: what stands between the project and its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocker<'a> {
    /// `None`: nobody leads these.
    pub partner: Option<PartnerId>,
    pub overdue: Vec<Duty<'a>>,
}

impl Blocker<'_> {
    /// How many outputs, and targets, are overdue.
    #[must_use]
    pub fn count(&self) -> usize {
        let subjects = self.overdue.iter().map(|duty| duty.subject);
        subjects.collect::<BTreeSet<Subject>>().len()
    }
}

/// One target in a report.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    pub figure: Figure<'a>,
    /// Reported when the period began.
    pub before: Option<i64>,
    pub by_community: Breakdown<'a>,
}

/// All that a progress report says.
#[derive(Clone, Debug)]
pub struct ReportBrief<'a> {
    pub project: &'a Project,
    pub period: (NaiveDate, NaiveDate),
    pub as_of: AsOf,
    pub progress: Progress<'a>,
    pub lines: Vec<Line<'a>>,
    pub changes: Vec<Change<'a>>,
    /// Who blocks what, the most overdue first.
    pub blockers: Vec<Blocker<'a>>,
    /// The next 60 days.
    pub ahead: Vec<Ahead>,
    pub money: Vec<&'a budget_line::Model>,
}

/// A progress report about a period, as things stood on its last day.
#[must_use]
pub fn report<'a>(project: &'a Project, period: (NaiveDate, NaiveDate)) -> ReportBrief<'a> {
    let as_of = AsOf::from(period.1);
    let eve = AsOf::from(period.0.pred_opt().unwrap_or(period.0));
    let progress = progress::progress(project, as_of, Scope::Project);
    let before = progress::progress(project, eve, Scope::Project);
    let lines = progress
        .figures
        .iter()
        .zip(before.figures)
        .map(|(figure, before)| Line {
            figure: figure.clone(),
            before: before.reported,
            by_community: progress::by_community(project, figure.target, as_of),
        })
        .collect();
    ReportBrief {
        project,
        period,
        as_of,
        lines,
        progress,
        changes: changes(
            project,
            Since {
                day: eve.day,
                recorded_at: None,
            },
            period.1,
        ),
        blockers: blockers(project, as_of),
        ahead: ahead(project, as_of, HORIZON),
        money: project.budget_lines.iter().collect(),
    }
}

/// Overdue duties by the partner that owes them.
#[must_use]
pub fn blockers(project: &Project, as_of: AsOf) -> Vec<Blocker<'_>> {
    let mut by_partner: BTreeMap<Option<PartnerId>, Vec<Duty<'_>>> = BTreeMap::new();
    let duties = duty::duties(project, as_of).into_iter();
    for duty in duties.filter(|duty| duty.overdue) {
        by_partner.entry(duty.partner).or_default().push(duty);
    }
    let mut blockers: Vec<Blocker<'_>> = by_partner
        .into_iter()
        .map(|(partner, overdue)| Blocker { partner, overdue })
        .collect();
    blockers.sort_by_key(|blocker| {
        let place = blocker.partner.map(|id| project.partner(id).position);
        (
            blocker.partner.is_none(),
            std::cmp::Reverse(blocker.count()),
            place,
        )
    });
    blockers
}

impl ReportBrief<'_> {
    /// The communities in the report's columns.
    pub fn communities(&self) -> impl Iterator<Item = CommunityId> {
        self.project
            .communities
            .iter()
            .map(|community| community.id)
    }

    /// The figures as they are kept with an issued report.
    #[must_use]
    pub fn freeze(&self) -> Vec<FrozenFigure> {
        self.lines
            .iter()
            .map(|line| FrozenFigure {
                target: line.figure.target.key.clone(),
                value: line.figure.target.value,
                planned: line.figure.planned,
                reported: line.figure.reported,
                verified: line.figure.verified,
                reported_before: line.before,
                status: line
                    .figure
                    .status
                    .map(|status| status_code(status).to_owned()),
                counted: line
                    .figure
                    .items_at(Stage::Reported)
                    .map(|item| item.record.to_string())
                    .collect(),
            })
            .collect()
    }
}

/// A status as it is stored and exchanged.
#[must_use]
pub fn status_code(status: Status) -> &'static str {
    match status {
        Status::Met => "MET",
        Status::OnTrack => "ON_TRACK",
        Status::AtRisk => "AT_RISK",
        Status::Late => "LATE",
    }
}

/// What a digest says to one person.
#[derive(Clone, Debug)]
pub struct DigestBrief<'a> {
    pub project: &'a Project,
    pub as_of: AsOf,
    /// Since when changes count.
    pub since: Since,
    pub duties: Vec<Duty<'a>>,
    pub changes: Vec<Change<'a>>,
    pub figures: Vec<Figure<'a>>,
}

/// What the digests of one day share: worked out once, whoever reads them.
#[derive(Clone, Debug)]
pub struct DigestDay<'a> {
    project: &'a Project,
    as_of: AsOf,
    duties: Vec<Duty<'a>>,
    changes: HashMap<Since, Vec<Change<'a>>>,
    figures: Option<Vec<Figure<'a>>>,
}

impl<'a> DigestDay<'a> {
    #[must_use]
    pub fn new(project: &'a Project, as_of: AsOf) -> Self {
        Self {
            project,
            as_of,
            duties: duty::duties(project, as_of),
            changes: HashMap::new(),
            figures: None,
        }
    }

    /// A person's digest: their duties, what changed since their last digest, and the headline
    /// figures. `None` where there is neither a duty nor a change: nothing to say, no mail.
    #[must_use]
    pub fn digest(
        &mut self,
        person: &entities::person::Model,
        since: Since,
    ) -> Option<DigestBrief<'a>> {
        let Self { project, as_of, .. } = *self;
        let duties = duty::duties_among(project, person, as_of, &self.duties);
        let changes = (self.changes.entry(since))
            .or_insert_with(|| changes(project, since, as_of.day))
            .clone();
        if duties.is_empty() && changes.is_empty() {
            return None;
        }
        let figures = self.figures.get_or_insert_with(|| {
            let headline = project.targets.iter().filter(|target| target.headline);
            headline
                .map(|target| progress::figure(project, target, as_of, Scope::Project))
                .collect()
        });
        Some(DigestBrief {
            project,
            as_of,
            since,
            duties,
            changes,
            figures: figures.clone(),
        })
    }
}
