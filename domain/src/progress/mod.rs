//! Progress: the figure of each target on a day, and the records that it counts.
//!
//! Nothing here is stored: a figure is calculated from the records by the target's own rule. It has
//! three stages, each a subset of the one before: planned, reported, verified.

mod count;
mod series;

use chrono::{Days, NaiveDate};
use entities::{CommunityId, Counted, PartnerId, target};

pub use count::MEMBER_STATES;
pub use series::{Point, months, point, series};

use crate::project::{AsOf, Project, RecordRef};
use count::Candidate;

/// The stage of a counted record. A later stage is included in every earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
pub enum Stage {
    /// Planned and not cancelled.
    Planned,
    /// Reported, with the evidence that the rule requires.
    Reported,
    /// Verified: the report was accepted.
    Verified,
}

/// The scope: whose records are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    Project,
    Community(CommunityId),
    /// Records that belong to no community, or to several.
    NoCommunity,
    /// The records that this partner leads.
    Partner(PartnerId),
    /// Records that no partner leads.
    NoPartner,
}

/// The status of a target: the first of this list whose condition is true. A scope without planned
/// records has no status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "graphql", derive(async_graphql::Enum))]
#[cfg_attr(feature = "graphql", graphql(name = "TargetStatus"))]
pub enum Status {
    /// The goal is reported. For a norm: the due day has passed and every measured record meets it.
    Met,
    /// The due day has come.
    Late,
    /// A counted record is overdue; or one is due within its lead time, and nothing shows that it
    /// has begun; or less than the goal is planned although the share of the time by which all of it
    /// should be has passed. For a norm: a measured record does not meet it.
    AtRisk,
    /// None of the others applies.
    OnTrack,
}

/// One counted record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub record: RecordRef,
    pub stage: Stage,
    /// The amount that it adds to a sum, in minor units; `None` if it is unknown or nothing is
    /// summed.
    pub amount: Option<i64>,
    /// Whether the plan promised it by the day of the read.
    pub promised: bool,
    /// What it lacks, if it counts as planned only.
    pub lack: Lack,
}

/// What a record that is planned only lacks on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lack {
    /// What it owes is overdue: its report, or its days.
    pub overdue: bool,
    /// It is due within its lead time, and nothing shows that it has begun.
    pub unbegun: bool,
}

impl Lack {
    /// Whether it alarms.
    #[must_use]
    pub fn any(self) -> bool {
        self.overdue || self.unbegun
    }
}

/// The figure of one target.
#[derive(Clone, Debug)]
pub struct Figure<'a> {
    pub target: &'a target::Model,
    pub scope: Scope,
    /// The goal: the target's value; for a community or a partner, the planned value.
    pub goal: Option<i64>,
    /// The value in the target's unit; `None` if nothing is measured, which differs from 0.
    pub planned: Option<i64>,
    pub reported: Option<i64>,
    pub verified: Option<i64>,
    /// For a norm: the number of reported records that could be measured.
    pub measured: Option<i64>,
    pub due_on: NaiveDate,
    /// The part of the planned value that the plan promised by the day of the read; `None` for norms
    /// and where nothing is measured.
    pub due_by_now: Option<i64>,
    pub status: Option<Status>,
    /// Why it has this status, where it is `AtRisk` because too little is planned.
    pub planned_too_late: bool,
    /// Exactly the records that `planned` counts, each with its stage.
    pub items: Vec<Item>,
}

impl Figure<'_> {
    /// Reported divided by the goal; for a norm, by the measured records. Never capped.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        self.share_of(self.reported)
    }

    /// Verified divided by the goal. Never capped.
    #[must_use]
    pub fn verified_share(&self) -> Option<f64> {
        self.share_of(self.verified)
    }

    /// Whether it sums up what the budget grants, which is stated and not achieved: it has neither a
    /// share nor a status.
    #[must_use]
    pub fn is_stated(&self) -> bool {
        matches!(self.target.rule.of, Some(Counted::BudgetLine { .. }))
    }

    #[expect(clippy::cast_precision_loss, reason = "figures are far below 2^52")]
    fn share_of(&self, part: Option<i64>) -> Option<f64> {
        if self.is_stated() {
            return None;
        }
        let whole = self.measured.or(self.goal)?;
        (whole != 0).then_some(part? as f64 / whole as f64)
    }

    /// What its status rests on.
    #[must_use]
    pub fn risk(&self) -> Risk {
        if self.measured.is_some() {
            return Risk::default();
        }
        let overdue = self.items.iter().filter(|item| item.lack.overdue).count();
        let unbegun = self.alarming().count() - overdue;
        let missing = self.missing().filter(|_| self.planned_too_late);
        Risk {
            overdue,
            unbegun,
            missing,
        }
    }

    /// The part of the goal that is not planned yet; `None` where nothing is measured, or for a
    /// norm.
    #[must_use]
    pub fn missing(&self) -> Option<i64> {
        let planned = self.planned.filter(|_| self.measured.is_none())?;
        Some(self.goal?.saturating_sub(planned).max(0))
    }

    /// The records that lack something: overdue, or due soon and not begun.
    pub fn alarming(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.lack.any())
    }

    /// The records that the figure of a stage counts.
    pub fn items_at(&self, stage: Stage) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(move |item| item.stage >= stage)
    }

    #[must_use]
    pub fn value_at(&self, stage: Stage) -> Option<i64> {
        match stage {
            Stage::Planned => self.planned,
            Stage::Reported => self.reported,
            Stage::Verified => self.verified,
        }
    }
}

/// What the status of a figure rests on; nothing of this for a norm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Risk {
    /// How many records are overdue.
    pub overdue: usize,
    /// How many others are due soon and have not begun.
    pub unbegun: usize,
    /// How much of the goal is not planned, though it should be by now.
    pub missing: Option<i64>,
}

/// The figures of all targets on a day.
#[derive(Clone, Debug)]
pub struct Progress<'a> {
    pub as_of: AsOf,
    pub figures: Vec<Figure<'a>>,
    /// Whether every counted or summed figure equals the sum of its parts, by community and by
    /// partner, at every stage.
    pub reconciles: bool,
}

/// A figure divided into parts, and the rest that belongs to none of them.
#[derive(Clone, Debug)]
pub struct Breakdown<'a> {
    pub parts: Vec<Figure<'a>>,
    pub unattributed: Figure<'a>,
}

/// The figures of all targets as of a day, within a scope.
#[must_use]
pub fn progress(project: &Project, as_of: AsOf, scope: Scope) -> Progress<'_> {
    let mut reconciles = true;
    let mut figures = Vec::with_capacity(project.targets.len());
    for target in &project.targets {
        let candidates = count::candidates(project, target, as_of);
        reconciles &= reconcile(project, target, as_of, &candidates) != Some(false);
        figures.push(figure_of(project, target, as_of, scope, &candidates));
    }
    Progress {
        as_of,
        figures,
        reconciles,
    }
}

/// The figure of one target as of a day, within a scope.
#[must_use]
pub fn figure<'a>(
    project: &'a Project,
    target: &'a target::Model,
    as_of: AsOf,
    scope: Scope,
) -> Figure<'a> {
    figure_of(
        project,
        target,
        as_of,
        scope,
        &count::candidates(project, target, as_of),
    )
}

/// A figure by community.
#[must_use]
pub fn by_community<'a>(
    project: &'a Project,
    target: &'a target::Model,
    as_of: AsOf,
) -> Breakdown<'a> {
    breakdown(
        project,
        target,
        as_of,
        communities(project),
        Scope::NoCommunity,
    )
}

/// A figure by the partner that leads.
#[must_use]
pub fn by_partner<'a>(
    project: &'a Project,
    target: &'a target::Model,
    as_of: AsOf,
) -> Breakdown<'a> {
    breakdown(project, target, as_of, partners(project), Scope::NoPartner)
}

/// Whether a figure equals the sum of its parts; `None` if parts overlap or nothing is measured.
#[must_use]
pub fn reconciles(project: &Project, target: &target::Model, as_of: AsOf) -> Option<bool> {
    reconcile(
        project,
        target,
        as_of,
        &count::candidates(project, target, as_of),
    )
}

fn communities(project: &Project) -> Vec<Scope> {
    project
        .communities
        .iter()
        .map(|row| Scope::Community(row.id))
        .collect()
}

fn partners(project: &Project) -> Vec<Scope> {
    project
        .partners
        .iter()
        .map(|row| Scope::Partner(row.id))
        .collect()
}

fn breakdown<'a>(
    project: &'a Project,
    target: &'a target::Model,
    as_of: AsOf,
    scopes: Vec<Scope>,
    rest: Scope,
) -> Breakdown<'a> {
    let candidates = count::candidates(project, target, as_of);
    let part = |scope| figure_of(project, target, as_of, scope, &candidates);
    Breakdown {
        parts: scopes.into_iter().map(part).collect(),
        unattributed: part(rest),
    }
}

fn reconcile(
    project: &Project,
    target: &target::Model,
    as_of: AsOf,
    candidates: &[Candidate],
) -> Option<bool> {
    if !target.rule.measure.sums_up() {
        return None;
    }
    let values = |scope| {
        let figure = figure_of(project, target, as_of, scope, candidates);
        [figure.planned, figure.reported, figure.verified]
    };
    let whole = values(Scope::Project);
    whole[0]?;
    let sums_up = |mut scopes: Vec<Scope>, rest| {
        scopes.push(rest);
        let parts: Vec<_> = scopes.into_iter().map(values).collect();
        (0..3).all(|stage| {
            let parts = parts.iter().map(|part| part[stage].unwrap_or(0));
            whole[stage].unwrap_or(0) == parts.fold(0, i64::saturating_add)
        })
    };
    Some(
        sums_up(communities(project), Scope::NoCommunity)
            && sums_up(partners(project), Scope::NoPartner),
    )
}

fn figure_of<'a>(
    project: &'a Project,
    target: &'a target::Model,
    as_of: AsOf,
    scope: Scope,
    candidates: &[Candidate],
) -> Figure<'a> {
    let inside: Vec<&Candidate> = candidates.iter().filter(|one| one.is_in(scope)).collect();
    let counted = count::measure(project, target, &inside, as_of);
    let mut figure = Figure {
        target,
        scope,
        goal: match scope {
            Scope::Project => Some(target.value),
            _ => counted.planned,
        },
        due_by_now: counted.due,
        planned_too_late: false,
        planned: counted.planned,
        reported: counted.reported,
        verified: counted.verified,
        measured: counted.measured,
        due_on: target.due_on.unwrap_or(project.project.ends_on),
        status: None,
        items: counted.items,
    };
    let plan_by = plan_by(project, target);
    figure.planned_too_late = as_of.day > plan_by && figure.missing().is_some_and(|n| n > 0);
    figure.status = status(&figure, as_of.day);
    figure
}

/// The day by which as much is planned as the goal of a target asks: the last one in the share of the
/// time to its due day that the target sets.
#[must_use]
pub fn plan_by(project: &Project, target: &target::Model) -> NaiveDate {
    let start = project.project.starts_on;
    let due = target.due_on.unwrap_or(project.project.ends_on);
    let whole = (due - start).num_days() + 1;
    let share = whole.max(0) * i64::from(target.plan_by_percent) / 100;
    start
        .checked_add_days(Days::new(share.unsigned_abs()))
        .and_then(|next| next.pred_opt())
        .unwrap_or(due)
}

fn status(figure: &Figure<'_>, day: NaiveDate) -> Option<Status> {
    let reported = figure.reported.filter(|_| !figure.is_stated())?;
    let is_over = day >= figure.due_on;
    if let Some(measured) = figure.measured {
        return Some(match (reported == measured, is_over) {
            (true, true) if measured > 0 => Status::Met,
            (true, false) => Status::OnTrack,
            (_, true) => Status::Late,
            (false, false) => Status::AtRisk,
        });
    }
    let goal = figure.goal.filter(|goal| *goal > 0)?;
    Some(if reported >= goal {
        Status::Met
    } else if is_over {
        Status::Late
    } else if figure.planned_too_late || figure.alarming().next().is_some() {
        Status::AtRisk
    } else {
        Status::OnTrack
    })
}
