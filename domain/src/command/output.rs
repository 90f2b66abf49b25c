//! Moving an output along: confirmed, moved, reported, returned, verified, cancelled, taken up
//! again. Each step is added to its history; none is ever taken back.

use chrono::NaiveDate;
use entities::*;
use sea_orm::ActiveEnum;

use super::{
    Code, Draft, Problem, Problems, Refusal,
    action::{Action, over},
    check,
    dates::{Dates, check_dates, check_left},
};
use crate::{
    project::{Project, State},
    record::{Rule, VisitDays},
    viewer::{CoordinatorOf, JudgeOf, PartyTo},
};

/// Says that an output's dates and parties stand.
///
/// # Errors
/// `WRONG_STATE` unless it is planned, `DATES_UNKNOWN` where its first or last date is not known to
/// the day.
pub fn confirm(draft: &mut Draft, _: &PartyTo, output: OutputId) -> Result<(), Refusal> {
    allowed(draft, Action::Confirm, output)?.none()?;
    step(draft, output, Verb::Confirmed, None);
    Ok(())
}

/// New dates of an output.
#[derive(Clone, Debug)]
pub struct Move {
    pub starts: PartialDate,
    pub ends: Option<PartialDate>,
    /// Why: it stands beside the old dates for good.
    pub reason: String,
}

/// Moves an output to other dates. The old ones stay in its history.
///
/// # Errors
/// `WRONG_STATE` where it is reported, verified or cancelled; `PARTNER_LEFT` where its lead or its
/// host has left by then; whatever is wrong with the dates.
pub fn reschedule(
    draft: &mut Draft,
    _: &PartyTo,
    output: OutputId,
    to: &Move,
) -> Result<(), Refusal> {
    let mut problems = Problems::default();
    let CheckedMove { from, to, reason } = check_move(draft, &mut problems, output, to)?;
    problems.none()?;
    let event = step(draft, output, Verb::Rescheduled, reason);
    (event.old_starts, event.old_ends) = from;
    (event.new_starts, event.new_ends) = to;
    let row = row(draft, output);
    (row.starts, row.ends) = to;
    warn_of_overlaps(draft, output);
    Ok(())
}

/// A move as it was held to the rules of dates: from the old ones to the new ones.
#[derive(Debug)]
pub(super) struct CheckedMove {
    pub from: Dates,
    pub to: Dates,
    pub reason: Option<String>,
}

/// Holds a move to what moving an output is held to.
///
/// # Errors
/// `NOT_FOUND` where the output is planned only later; what is wrong with the move is in `problems`.
pub(super) fn check_move(
    draft: &mut Draft,
    problems: &mut Problems,
    output: OutputId,
    to: &Move,
) -> Result<CheckedMove, Refusal> {
    let project = draft.project();
    let standing = draft.standing(&project, output)?;
    problems.append(allowed(draft, Action::Reschedule, output)?);
    let reason = given(problems, "reason", &to.reason);
    let ends = to.ends.or_else(|| to.starts.day().map(|_| to.starts));
    let from = (standing.starts, standing.ends);
    let to = (Some(to.starts), ends);
    if from == to {
        problems.add("starts", Code::NothingChanges);
    }
    check_dates(draft, problems, to, reason.is_some());
    let mut moved = project.output(output).clone();
    (moved.starts, moved.ends) = to;
    check_left(draft, problems, &moved);
    if let Some(exchange) = project.staff_exchange(output) {
        let full = project.pairing(exchange.pairing_id).days_per_leg;
        check_leg(draft, problems, full, &moved, reason.is_some());
    }
    Ok(CheckedMove { from, to, reason })
}

/// Says that an output is done, with the evidence that the targets' rules name.
///
/// # Errors
/// `WRONG_STATE`, `NOT_OVER` before its last day, `EVIDENCE_MISSING` with the kinds that would do;
/// `OUT_OF_RANGE` where the day of the report is to come, before the last day or before the step that
/// went before.
pub fn report(
    draft: &mut Draft,
    right: &PartyTo,
    output: OutputId,
    on: Option<NaiveDate>,
) -> Result<(), Refusal> {
    let project = draft.project();
    let standing = draft.standing(&project, output)?;
    let today = draft.today();
    let mut problems = allowed(draft, Action::Report, output)?;
    let row = project.output(output);
    let over = over(&project, &standing);
    let events = project.events_of(output).iter();
    let steps = events.map(|event| project.effective_on(row, event));
    let earliest = steps.filter(|day| *day <= today).fold(over, NaiveDate::max);
    if on.is_some_and(|on| on > today || (over <= today && on < earliest)) {
        let possible = format!("{}..{today}", earliest.min(today));
        problems.push(Problem::new("on", Code::OutOfRange).with(possible));
    }
    for target in &project.targets {
        if !project.counts_towards(target, row) {
            continue;
        }
        let lacking = project.lacking(&target.rule, row, today.into());
        let kinds = target.rule.evidence.iter().map(ActiveEnum::to_value);
        let kinds = kinds.filter(|_| lacking.evidence);
        let endorsement = lacking.endorsement.then(|| "ENDORSEMENT".to_owned());
        let wanted: Vec<_> = kinds.chain(endorsement).collect();
        if lacking.any() {
            let problem = Problem::new("id", Code::EvidenceMissing);
            problems.push(problem.with(format!("{}: {}", target.key, wanted.join(", "))));
        }
    }
    problems.none()?;
    let event = step(draft, output, Verb::Reported, None);
    event.effective_on = on.or(event.effective_on);
    let report = event.id;
    let partners = right.partners().iter().map(|id| (Some(*id), None));
    let people = right.people().iter().map(|id| (None, Some(*id)));
    for (position, (partner_id, person_id)) in (0..).zip(partners.chain(people)) {
        let row = reporter::Model {
            id: draft.new_id("reporter").into(),
            project_id: draft.id(),
            output_event_id: report,
            partner_id,
            person_id,
            position,
        };
        draft.rows.reporters.push(row);
    }
    Ok(())
}

/// Sends a report back for what is missing.
///
/// # Errors
/// `WRONG_STATE` unless it is reported; `REASON_REQUIRED`.
pub fn send_back(
    draft: &mut Draft,
    _: &JudgeOf,
    output: OutputId,
    missing: &str,
) -> Result<(), Refusal> {
    let mut problems = allowed(draft, Action::Return, output)?;
    let missing = given(&mut problems, "missing", missing);
    problems.none()?;
    step(draft, output, Verb::Returned, missing);
    Ok(())
}

/// Accepts a report.
///
/// # Errors
/// `WRONG_STATE` unless it is reported.
pub fn verify(draft: &mut Draft, _: &JudgeOf, output: OutputId) -> Result<(), Refusal> {
    allowed(draft, Action::Verify, output)?.none()?;
    step(draft, output, Verb::Verified, None);
    Ok(())
}

/// Calls an output off; it counts nowhere then.
///
/// # Errors
/// `WRONG_STATE` where it is verified or cancelled; `REASON_REQUIRED`.
pub fn cancel(
    draft: &mut Draft,
    _: &PartyTo,
    output: OutputId,
    reason: &str,
) -> Result<(), Refusal> {
    let mut problems = allowed(draft, Action::Cancel, output)?;
    let reason = given(&mut problems, "reason", reason);
    problems.none()?;
    step(draft, output, Verb::Cancelled, reason);
    Ok(())
}

/// Takes an output up again that was cancelled, or accepted too early. What was called off may be in
/// the way of what was planned meanwhile.
///
/// # Errors
/// `WRONG_STATE` unless it is cancelled, verified or reported; `REASON_REQUIRED`.
pub fn reopen(
    draft: &mut Draft,
    _: &CoordinatorOf,
    output: OutputId,
    reason: &str,
) -> Result<(), Refusal> {
    let mut problems = allowed(draft, Action::Reopen, output)?;
    let project = draft.project();
    let was_cancelled = draft.standing(&project, output)?.state == State::Cancelled;
    let reason = given(&mut problems, "reason", reason);
    problems.none()?;
    step(draft, output, Verb::Reopened, reason);
    if was_cancelled {
        warn_of_overlaps(draft, output);
    }
    Ok(())
}

/// What is wrong with an action as the output stands today.
pub(super) fn allowed(
    draft: &Draft,
    action: Action,
    output: OutputId,
) -> Result<Problems, Refusal> {
    let project = draft.project();
    let standing = draft.standing(&project, output)?;
    Ok(action.check(&project, project.output(output), &standing, draft.today()))
}

/// The words of a reason, which must be there.
pub(super) fn given(problems: &mut Problems, field: &'static str, text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        problems.add(field, Code::ReasonRequired);
        return None;
    }
    check::text(problems, field, Rule::LongText, text);
    Some(text.to_owned())
}

/// The row of an output in the next state.
pub(super) fn row(draft: &mut Draft, output: OutputId) -> &mut output::Model {
    let mut rows = draft.rows.outputs.iter_mut();
    rows.find(|row| row.id == output)
        .expect("whoever holds a right to an output found it")
}

/// Adds a step to an output's history, effective today.
pub(super) fn step(
    draft: &mut Draft,
    output: OutputId,
    verb: Verb,
    reason: Option<String>,
) -> &mut output_event::Model {
    let positions = draft.rows.output_events.iter();
    let next = positions
        .filter(|event| event.output_id == output)
        .map(|event| event.position + 1)
        .max()
        .unwrap_or_default();
    let event = output_event::Model {
        id: draft.new_id("output_event").into(),
        project_id: draft.id(),
        output_id: output,
        position: next,
        verb,
        effective_on: Some(draft.today()),
        recorded_at: draft.now,
        person_id: draft.viewer.person(),
        reason,
        old_starts: None,
        old_ends: None,
        new_starts: None,
        new_ends: None,
    };
    draft.rows.output_events.push(event);
    draft
        .rows
        .output_events
        .last_mut()
        .expect("it was just added")
}

/// A leg has as many days as its pairing says; a shorter one needs a reason. Its dates are known to
/// the day both, or neither of them: then the days that are stated are held to it.
pub(super) fn check_leg(
    draft: &mut Draft,
    problems: &mut Problems,
    full: i32,
    row: &output::Model,
    explained: bool,
) {
    let day = |date: Option<PartialDate>| date.and_then(PartialDate::day);
    let (field, length) = match (day(row.starts), day(row.ends), row.days) {
        (Some(first), Some(last), _) => ("ends", (last - first).num_days() + 1),
        (Some(_), None, _) => return problems.add("ends", Code::DatesUnknown),
        (None, Some(_), _) => return problems.add("starts", Code::DatesUnknown),
        (None, None, Some(days)) => ("days", days.into()),
        (None, None, None) => return,
    };
    if (1..i64::from(full)).contains(&length) && !explained {
        problems.push(Problem::new(field, Code::LegTooShort).with(full));
    } else if length > i64::from(full) {
        draft.warn(Problem::new(field, Code::LegLong).with(full));
    }
}

/// Warns where somebody who takes part travels elsewhere on the same days, or the community of a visit
/// has another one.
pub(super) fn warn_of_overlaps(draft: &mut Draft, output: OutputId) {
    warn_of_visits(draft, output);
    let rows = &draft.rows;
    let days = |row: &output::Model| {
        let first = row.starts.and_then(PartialDate::day)?;
        let last = row.ends.and_then(PartialDate::day).unwrap_or(first);
        (row.mode != Some(Mode::Online)).then_some((first, last))
    };
    let travellers = |id: OutputId| {
        rows.participations
            .iter()
            .filter(move |row| row.output_id == id)
            .filter(|row| {
                matches!(
                    row.status,
                    ParticipationStatus::Expected | ParticipationStatus::Present
                )
            })
            .filter_map(|row| row.person_id)
    };
    let Some(own) = rows.outputs.iter().find(|row| row.id == output) else {
        return;
    };
    let Some((first, last)) = days(own) else {
        return;
    };
    let people: Vec<_> = travellers(output).collect();
    let project = draft.project();
    let cancelled = |project: &Project, id| is_cancelled(draft, project, id);
    let overlapping: Vec<String> = rows
        .outputs
        .iter()
        .filter(|row| row.id != output && !cancelled(&project, row.id))
        .filter(|row| days(row).is_some_and(|(from, to)| from <= last && first <= to))
        .filter(|row| travellers(row.id).any(|person| people.contains(&person)))
        .map(|row| row.key.clone())
        .collect();
    for key in overlapping {
        draft.warn(Problem::new("starts", Code::OverlappingTravel).with(key));
    }
}

fn warn_of_visits(draft: &mut Draft, output: OutputId) {
    let days = |row: &output::Model| VisitDays::new(row.community_id, row.starts, row.ends);
    let visits = || {
        let outputs = draft.rows.outputs.iter();
        outputs.filter(|row| row.kind == OutputKind::Visit)
    };
    let Some(own) = visits().find(|row| row.id == output).and_then(days) else {
        return;
    };
    let project = draft.project();
    let overlapping: Vec<String> = visits()
        .filter(|row| row.id != output && !is_cancelled(draft, &project, row.id))
        .filter(|row| days(row).is_some_and(|days| days.overlaps(&own)))
        .map(|row| row.key.clone())
        .collect();
    for key in overlapping {
        draft.warn(Problem::new("starts", Code::OverlappingVisits).with(key));
    }
}

fn is_cancelled(draft: &Draft, project: &Project, output: OutputId) -> bool {
    let standing = || draft.standing(project, output);
    project.holds(output) && standing().is_ok_and(|standing| standing.state == State::Cancelled)
}
