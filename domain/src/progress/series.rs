//! A figure month by month, for burn-up charts.

use chrono::NaiveDate;
use entities::target;

use super::{Scope, figure};
use crate::project::{AsOf, Project, ProjectMonth};

/// A figure at the end of a project month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// The number of the month: 1 for M1.
    pub month: u32,
    /// The last day of the month; for the last point, the day of the request.
    pub day: NaiveDate,
    pub planned: Option<i64>,
    pub reported: Option<i64>,
    pub verified: Option<i64>,
    /// What the plan promised by that day.
    pub due: Option<i64>,
}

/// The target's figure at the end of each project month begun by a day.
#[must_use]
pub fn series(project: &Project, target: &target::Model, as_of: AsOf, scope: Scope) -> Vec<Point> {
    months(project, as_of)
        .map(|month| point(project, target, as_of, scope, &month))
        .collect()
}

/// The project months begun by a day.
pub fn months(project: &Project, as_of: AsOf) -> impl Iterator<Item = ProjectMonth> {
    let months = project.months();
    months.take_while(move |month| month.first_day <= as_of.day)
}

/// The target's figure at the end of a project month begun by a day.
#[must_use]
pub fn point(
    project: &Project,
    target: &target::Model,
    as_of: AsOf,
    scope: Scope,
    month: &ProjectMonth,
) -> Point {
    let day = month.last_day.min(as_of.day);
    let then = AsOf {
        day,
        is_going_on: as_of.is_going_on && day == as_of.day,
        ..as_of
    };
    let figure = figure(project, target, then, scope);
    Point {
        month: month.number,
        day,
        planned: figure.planned,
        reported: figure.reported,
        verified: figure.verified,
        due: figure.due_by_now,
    }
}
