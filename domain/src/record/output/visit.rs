//! A thematic cluster visit of a community.

use chrono::NaiveDate;
use entities::{PartialDate, visit, visit_practice};

use crate::{
    record::rows::{Rows, children},
    record::{
        Kind, Names,
        declare::{Place, record},
    },
};

record! {
    /// A thematic cluster visit.
    Visit of visit {
        /// Its number in its community.
        number: i32 = Number(1, i64::MAX);
        /// The partner that organises it, where that is not its host.
        organiser: Option<String> = Reference(Kind::Partner), column organiser_id;
        /// Keys of the practices that were seen.
        #[serde(default)]
        practices: Vec<String> = References(Kind::Practice), by (practices, store_practices);
    }
}

/// The days of a visit, as far as they are known to the day, in its community.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisitDays<C> {
    community: C,
    first: NaiveDate,
    last: NaiveDate,
}

impl<C: PartialEq> VisitDays<C> {
    #[must_use]
    pub fn new(
        community: Option<C>,
        starts: Option<PartialDate>,
        ends: Option<PartialDate>,
    ) -> Option<Self> {
        let first = starts.and_then(PartialDate::day)?;
        let last = ends.and_then(PartialDate::day).unwrap_or(first);
        Some(Self {
            community: community?,
            first,
            last,
        })
    }

    /// Whether one community would visit both on one day. A visit may do it, and whoever plans it is
    /// warned.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.community == other.community && self.first <= other.last && other.first <= self.last
    }
}

fn practices(row: &visit::Model, rows: &Rows, names: &Names) -> Vec<String> {
    let seen = children(&rows.visit_practices, row.output_id).iter();
    let keys = seen.filter_map(|row| names.key_of(row.practice_id.into()));
    keys.map(str::to_owned).collect()
}

fn store_practices(visit: &Visit, at: &mut Place<'_>, rows: &mut Rows) {
    at.clear(&mut rows.visit_practices);
    for (position, key) in (0_i32..).zip(&visit.practices) {
        let Some(practice) = at.names.id_of(Kind::Practice, key) else {
            continue;
        };
        rows.visit_practices.push(visit_practice::Model {
            id: at
                .id(|rows| &rows.visit_practices, &practice.to_string())
                .into(),
            project_id: at.project,
            output_id: at.own.into(),
            practice_id: practice.into(),
            position,
        });
    }
}
