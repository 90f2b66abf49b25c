//! Rules about an output's dates: their order, the project's days, and who has left by then.

use entities::*;

use super::{Code, Draft, Problem, Problems};

pub(super) type Dates = (Option<PartialDate>, Option<PartialDate>);

/// Dates that follow each other and lie in the project, unless a reason says why not.
pub(super) fn check_dates(
    draft: &Draft,
    problems: &mut Problems,
    (starts, ends): Dates,
    explained: bool,
) {
    if let (Some(starts), Some(ends)) = (starts, ends)
        && ends.last_day() < starts.first_day()
    {
        problems.add("ends", Code::EndsBeforeStart);
        return;
    }
    if !explained {
        for problem in outside(draft, [("starts", starts), ("ends", ends)]) {
            problems.push(problem);
        }
    }
}

/// The fields whose dates lie outside the project.
fn outside(draft: &Draft, dates: [(&'static str, Option<PartialDate>); 2]) -> Vec<Problem> {
    let (first, last) = (draft.rows.project.starts_on, draft.rows.project.ends_on);
    let is_outside = |date: PartialDate| date.last_day() < first || date.first_day() > last;
    let fields = dates.into_iter();
    let fields = fields.filter(|(_, date)| date.is_some_and(is_outside));
    let span = format!("{first}..{last}");
    fields
        .map(|(field, _)| Problem::new(field, Code::OutsideProject).with(&span))
        .collect()
}

/// A lead or a host who will have left by then.
pub(super) fn check_left(draft: &Draft, problems: &mut Problems, row: &output::Model) {
    for (field, partner) in [("lead", row.lead_id), ("host", row.host_id)] {
        let mut partners = draft.rows.partners.iter();
        let left = partner
            .and_then(|id| partners.find(|row| row.id == id))
            .and_then(|row| row.left_on);
        let day = row.ends.or(row.starts).map(PartialDate::first_day);
        if let (Some(left), Some(day)) = (left, day)
            && left < day
        {
            problems.push(Problem::new(field, Code::PartnerLeft).with(left));
        }
    }
}

/// What of the planned window lies outside the project.
pub(super) fn window_outside(draft: &Draft, row: &output::Model) -> Vec<Problem> {
    let window = [
        ("plannedFrom", row.planned_from),
        ("plannedTo", row.planned_to),
    ];
    outside(draft, window)
}

/// A due day after the project's end: usual for what is reported last, but to be looked at.
pub(super) fn due_late(draft: &Draft, row: &output::Model) -> Option<Problem> {
    let (first, last) = (draft.rows.project.starts_on, draft.rows.project.ends_on);
    let late = row.due_on.is_some_and(|due| due > last);
    late.then(|| Problem::new("dueOn", Code::OutsideProject).with(format!("{first}..{last}")))
}
