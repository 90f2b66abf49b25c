//! Changing what an output says of itself. What was accepted stays as it was until the output is
//! taken up again.

use chrono::NaiveDate;
use entities::*;

use super::{
    Code, Draft, Named, Problem, Problems, Refusal, check,
    dates::{check_left, due_late, window_outside},
    detail::{Change, Detail},
    leg::check_host,
    output::{check_leg, warn_of_overlaps, wrong_state},
    parts::Parts,
    plan::{check_row, partner},
};
use crate::{
    project::{AsOf, State},
    record::Output,
    rows::{self, ChangeKind},
    viewer::PartyTo,
};

/// What may be changed of an output that stands in the plan; its dates are moved instead.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    pub title: Option<Localized>,
    /// Moving it to another community needs the right to both.
    pub community: Change<Named>,
    pub lead: Change<Named>,
    pub host: Change<Named>,
    pub mode: Change<Mode>,
    pub place: Change<String>,
    pub platform: Change<String>,
    pub planned_from: Change<PartialDate>,
    pub planned_to: Change<PartialDate>,
    /// How many days it lasts, where the days themselves are not known.
    pub days: Change<i32>,
    pub due_on: Change<NaiveDate>,
    pub note: Change<String>,
    pub parts: Parts,
    /// What its kind alone says.
    pub details: Vec<Detail>,
}

/// Changes what an output says of itself.
///
/// # Errors
/// `WRONG_STATE` where it is verified or cancelled, and anything but its note, what was learned and
/// how far measures are would change, or where it is reported, and its lead would; `WRONG_KIND` where
/// a detail belongs to another kind; whatever else is wrong, all at once. What an import left wrong is
/// no hindrance until it is touched.
pub fn edit(draft: &mut Draft, _: &PartyTo, output: OutputId, edit: Edit) -> Result<(), Refusal> {
    let mut problems = Problems::default();
    let project = draft.project();
    let old = project.output(output);
    let mut row = old.clone();
    macro_rules! take {
        ($($field:ident),+ $(,)?) => {$(if let Some(value) = edit.$field {
            row.$field = value;
        })+};
    }
    take!(
        title,
        mode,
        place,
        platform,
        planned_from,
        planned_to,
        days,
        due_on,
        note,
    );
    if let Some(lead) = edit.lead {
        row.lead_id = partner(draft, &mut problems, "lead", lead.as_ref());
    }
    if let Some(host) = edit.host {
        row.host_id = partner(draft, &mut problems, "host", host.as_ref());
    }
    if let Some(community) = edit.community {
        let found = community.map(|named| draft.community("community", &named));
        match found.transpose() {
            Ok(community) => move_to(draft, &mut problems, &mut row, community),
            Err(problem) => problems.push(problem),
        }
    }
    let touched = |problem: &Problem| is_touched(&problem.path, old, &row);
    let before = wrong_with(draft, old);
    let mut now = wrong_with(draft, &row);
    now.retain(|problem| touched(problem) || !before.iter().any(|other| other == problem));
    problems.append(now);
    if let Some(exchange) = project.staff_exchange(output)
        && row.days != old.days
        && [row.starts, row.ends]
            .iter()
            .flatten()
            .all(|date| date.day().is_none())
    {
        let full = project.pairing(exchange.pairing_id).days_per_leg;
        check_leg(draft, &mut problems, full, &row, false);
    }
    let outside = window_outside(draft, &row).into_iter();
    for problem in outside.chain(due_late(draft, &row)).filter(touched) {
        draft.warn(problem);
    }
    let kind = row.kind;
    let travels = edit.parts.participants.is_some() || row.mode != old.mode;
    let is_handed_over = row.lead_id != old.lead_id;
    *super::output::row(draft, output) = row;
    edit.parts.put(draft, &mut problems, output);
    for detail in edit.details {
        match detail.field() {
            field if detail.kind() == kind => {
                detail.put(draft, &mut problems, output, Some(field));
            }
            field => problems.add(field, Code::WrongKind),
        }
    }
    let new = super::output::row(draft, output).clone();
    let mut wrong = check::record::<Output>(draft, Some(old), &new);
    wrong.rename("kind", "");
    problems.append(wrong);
    let changes = draft.rows.changes_since(project.rows());
    let standing = project.standing(project.output(output), AsOf::from(draft.today()));
    let state = standing.map_or(State::Planned, |standing| standing.state);
    let is_closed = matches!(state, State::Verified | State::Cancelled);
    if is_closed && !changes.iter().all(may_follow) {
        problems.push(wrong_state(state));
    }
    // Whose report it is may be known by its lead alone.
    if state == State::Reported && is_handed_over {
        problems.push(Problem {
            path: "lead".into(),
            ..wrong_state(state)
        });
    }
    problems.none()?;
    forget_basis(draft, output, project.output(output), &changes);
    if travels {
        warn_of_overlaps(draft, output);
    }
    Ok(())
}

/// All that is wrong with an output's own row.
fn wrong_with(draft: &Draft, row: &output::Model) -> Problems {
    let mut problems = Problems::default();
    check_row(draft, &mut problems, row, true);
    check_left(draft, &mut problems, row);
    if let Some(exchange) = draft.project().staff_exchange(row.id) {
        let (pairing, leg) = (exchange.pairing_id, exchange.leg);
        check_host(draft, &mut problems, pairing, leg, row.host_id);
    }
    problems
}

/// Whether an edit changes what a problem of this field is about.
fn is_touched(field: &str, old: &output::Model, new: &output::Model) -> bool {
    match field {
        "title" => old.title != new.title,
        "lead" => old.lead_id != new.lead_id,
        "host" => old.host_id != new.host_id,
        "place" => old.place != new.place,
        "platform" => old.platform != new.platform,
        "note" => old.note != new.note,
        "days" => old.days != new.days,
        "dueOn" => old.due_on != new.due_on,
        "plannedFrom" | "plannedTo" => {
            (old.planned_from, old.planned_to) != (new.planned_from, new.planned_to)
        }
        _ => false,
    }
}

/// Puts an output into another community, or none: the right to both is asked for.
fn move_to(
    draft: &Draft,
    problems: &mut Problems,
    row: &mut output::Model,
    community: Option<CommunityId>,
) {
    if row.community_id == community {
        return;
    }
    let project = draft.project();
    let may = |community| draft.viewer.editor_of(&project, community).is_ok();
    if !may(row.community_id) || !may(community) {
        problems.add("community", Code::Forbidden);
    }
    row.community_id = community;
}

/// What may still be said when the output was accepted or called off: a remark, what was learned
/// since, and how far the measures of a plan are. A challenge, an advice or a lesson that was there
/// stays.
fn may_follow(change: &rows::Change) -> bool {
    match (change.table, &change.kind) {
        ("learning", kind) => *kind != ChangeKind::Removed,
        ("staff_exchange", ChangeKind::Changed(columns)) => columns
            .iter()
            .all(|column| ["learned", "adapted"].contains(column)),
        ("output", ChangeKind::Changed(columns)) => columns == &["note"],
        ("measure", ChangeKind::Changed(columns)) => columns == &["state"],
        _ => false,
    }
}

/// How a value was worked out says nothing any more where somebody gave another one.
fn forget_basis(
    draft: &mut Draft,
    output: OutputId,
    before: &output::Model,
    changes: &[rows::Change],
) {
    let own = ["output", "staff_exchange", "visit", "event", "action_plan"];
    let own = own
        .iter()
        .chain(&["policy", "champion", "champion_workshop", "guide", "video"]);
    let own: Vec<_> = own.collect();
    let row = super::output::row(draft, output);
    for change in changes.iter().filter(|change| own.contains(&&change.table)) {
        let ChangeKind::Changed(columns) = &change.kind else {
            continue;
        };
        for column in columns {
            let name = rows::camel(column.strip_suffix("_id").unwrap_or(column));
            row.basis.0.remove(&name);
        }
    }
    let (old, new) = (&before.title.0, row.title.0.clone());
    row.basis
        .0
        .retain(|name, _| match name.strip_prefix("title.") {
            Some(tag) => old.get(tag) == new.get(tag),
            None => true,
        });
}
