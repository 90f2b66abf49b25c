//! Holding what a command makes of a record to the record's own rules ([`crate::record`]).

use std::borrow::Cow;

use serde_json::Value as Json;

use super::{Code, Draft, Problem, Problems};
use crate::{
    record::rows::Rows,
    record::{Check, Names, Record, Rule, Surroundings, Value},
};

/// What is wrong with a record in the next state of a project: with all of it where it is new, else
/// with what the command changes or newly breaks. What was wrong before and stays as it is keeps
/// nobody from changing the rest.
pub(super) fn record<R: Record>(draft: &Draft, old: Option<&R>, new: &R) -> Problems {
    let before = draft.project();
    held(old.map(|old| (old, before.rows())), (new, &draft.rows))
}

/// The same of a record that stands in no project.
pub(super) fn alone<R: Record>(old: Option<&R>, new: &R) -> Problems {
    let rows = Rows::empty(Default::default(), Default::default());
    held(old.map(|old| (old, &rows)), (new, &rows))
}

fn held<R: Record>(old: Option<(&R, &Rows)>, (new, rows): (&R, &Rows)) -> Problems {
    let now = Held::to_rules(new, rows);
    match old {
        None => now.problems,
        Some((old, rows)) => now.newly(&Held::to_rules(old, rows)),
    }
}

/// A text of a command's own, such as a reason.
pub(super) fn text(
    problems: &mut Problems,
    path: impl Into<Cow<'static, str>>,
    rule: Rule,
    text: &str,
) {
    let (around, mut found) = (Surroundings::default(), Problems::default());
    text.to_owned()
        .check(rule, &mut Check::new(&around, &mut found));
    let path = path.into();
    for problem in found.into_vec() {
        problems.push(Problem {
            path: path.clone(),
            ..problem
        });
    }
}

/// A record with all that is wrong with it.
struct Held {
    problems: Problems,
    values: Json,
}

impl Held {
    fn to_rules<R: Record>(record: &R, rows: &Rows) -> Self {
        let around = Surroundings {
            names: Names::of(rows),
            starts_on: rows.project.starts_on,
            ends_on: rows.project.ends_on,
        };
        let mut problems = Problems::default();
        record.check(&mut Check::new(&around, &mut problems));
        Self {
            problems,
            values: serde_json::to_value(record).unwrap_or_default(),
        }
    }

    /// Its problems but for those that stood before, where what they are about is what it was.
    fn newly(self, before: &Self) -> Problems {
        let Self {
            mut problems,
            values,
        } = self;
        problems.retain(|problem| {
            let stood = before.problems.iter().any(|other| other == problem);
            let place = problem.pointer();
            !stood || is_changed(problem.code, &place, &values, &before.values)
        });
        problems
    }
}

/// Whether what a problem is about has changed. The order of two dates is about both: the record's
/// other dates count, too.
fn is_changed(code: Code, place: &str, new: &Json, old: &Json) -> bool {
    let record = match code {
        Code::EndsBeforeStart => place.rsplit_once('/').map_or("", |(record, _)| record),
        _ => return new.pointer(place) != old.pointer(place),
    };
    let dates = |values: &Json| {
        let fields = values.pointer(record).and_then(Json::as_object);
        let fields = fields.into_iter().flatten();
        let is_date = |text: &str| text.parse::<entities::PartialDate>().is_ok();
        let dates = fields.filter(|(_, value)| value.as_str().is_some_and(is_date));
        dates
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect::<Vec<_>>()
    };
    dates(new) != dates(old)
}
