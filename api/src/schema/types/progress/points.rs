//! The figures of a target month by month.

use async_graphql::{SimpleObject, meter::work};
use domain::progress::{self, Scope};
use entities::target;

use crate::schema::base::{
    scalar::{Date, Quantity},
    view::View,
};

/// A figure at the end of a project month.
#[derive(Clone, Debug, SimpleObject)]
pub struct ProgressPoint {
    /// The number of the month: 1 for M1.
    month: u32,
    /// The last day of the month; for the last point, `asOf` if that is earlier.
    day: Date,
    /// The planned figure on that day.
    planned: Option<Quantity>,
    /// The reported figure on that day.
    reported: Option<Quantity>,
    /// The verified figure on that day.
    verified: Option<Quantity>,
    /// The figure that the plan promised by that day; null for a norm, or if nothing is measured.
    due: Option<Quantity>,
}

/// The figures of a target at the end of each project month that had begun by the view's day.
pub async fn series(view: &View, target: &target::Model, scope: Scope) -> Vec<ProgressPoint> {
    let mut points = Vec::new();
    for month in progress::months(view, view.as_of) {
        work(view.outputs.len()).await;
        let point = progress::point(view, target, view.as_of, scope, &month);
        points.push(ProgressPoint {
            month: point.month,
            day: Date(point.day),
            planned: point.planned.map(Quantity),
            reported: point.reported.map(Quantity),
            verified: point.verified.map(Quantity),
            due: point.due.map(Quantity),
        });
    }
    points
}
