//! Proposing what somebody may not do themselves, and deciding it: other dates of an output, and what
//! several projects show. Accepting a proposal does the thing, with all that it is held to.

use chrono::Days;
use entities::*;
use serde_json::json;

use super::{
    Code, Draft, Fields, Problem, Problems, Refusal, check,
    draft::{free_key, missing, next_place},
    output::{self, Move, check_move},
    own::fill,
    shared,
};
use crate::{
    project::{AsOf, ProposalState},
    record::{Names, Part, Proposal, Stand},
    viewer::{DeciderOf, PartyTo, ProposerOf, VoiceOn},
};

/// For how many days a proposal is open where nothing else is said.
const OPEN_FOR: Days = Days::new(14);

/// Proposes other dates of an output.
///
/// # Errors
/// `WRONG_STATE` where it is reported, verified or cancelled; all that is wrong with the dates, as
/// moving it there would be refused; `OUT_OF_RANGE` where it would be over before today.
pub fn propose_dates(
    draft: &mut Draft,
    right: &VoiceOn,
    output: OutputId,
    mut fields: Fields,
) -> Result<ProposalId, Refusal> {
    let mut problems = fields.problems();
    let names = Names::of(&draft.rows);
    if let Some(own) = right.own() {
        fill(&mut fields, &mut problems, "by", own, &names);
    } else if let [only] = *draft.viewer.partners(&draft.project()) {
        fields.set_default("by", json!(names.key_of(only.0)));
    }
    let today = draft.today();
    let until = today.checked_add_days(OPEN_FOR).unwrap_or(today);
    fields.set_default("until", json!(until));
    let is_taken = |key: &str| draft.rows.proposals.iter().any(|row| row.key == key);
    fields.set(
        "key",
        free_key("proposal", draft.rows.proposals.len(), is_taken),
    );
    fields.set("output", json!(names.output_name(output.0)));
    fields.set("proposedAt", json!(draft.now));
    let Some(mut new) = fields.into_record::<Proposal>(&mut problems) else {
        return problems.none().map(|()| ProposalId::default());
    };
    let Some(starts) = new.starts else {
        problems.add("starts", Code::Required);
        return problems.none().map(|()| ProposalId::default());
    };
    let to = Move {
        starts,
        ends: new.ends,
        reason: std::mem::take(&mut new.reason),
    };
    let mut wrong = Problems::default();
    let moved = check_move(draft, &mut wrong, output, &to)?;
    wrong.rename("id", "output");
    problems.append(wrong);
    (new.old_starts, new.old_ends) = moved.from;
    new.ends = moved.to.1;
    new.reason = moved.reason.unwrap_or_default();
    if new.until < today {
        problems.push(Problem::new("until", Code::OutOfRange).with(format!("{today}..")));
    }
    problems.append(check::record(draft, None, &new));
    problems.none()?;
    let id: ProposalId = draft.new_id("proposal").into();
    let position = next_place(draft.rows.proposals.iter().map(|row| row.position));
    let mut row = proposal::Model {
        person_id: draft.viewer.person(),
        ..Default::default()
    };
    let project = draft.id();
    Proposal::put(&mut row, id.into(), project, project.into(), position);
    new.store(&mut row, &names);
    draft.rows.proposals.push(row);
    Ok(id)
}

/// Accepts a proposal, and does what it proposes.
///
/// # Errors
/// `WRONG_STATE` unless it is open; `CONFLICT` where the output has other dates, or the record other
/// values, than when it was proposed; whatever is wrong with moving the output now.
pub fn accept(draft: &mut Draft, right: &DeciderOf, id: ProposalId) -> Result<(), Refusal> {
    let proposal = open(draft, id)?;
    match right {
        DeciderOf::Dates(right) => accept_dates(draft, right, proposal),
        DeciderOf::Shared(_) => agree(draft, &proposal),
    }
}

fn accept_dates(
    draft: &mut Draft,
    right: &PartyTo,
    proposal: proposal::Model,
) -> Result<(), Refusal> {
    let (Some(output), Some(starts)) = (proposal.output_id, proposal.starts) else {
        return Err(missing("id").into());
    };
    let project = draft.project();
    let standing = draft.standing(&project, output)?;
    if (standing.starts, standing.ends) != (proposal.old_starts, proposal.old_ends) {
        return Err(Problem::new("id", Code::Conflict).into());
    }
    let to = Move {
        starts,
        ends: proposal.ends,
        reason: proposal.reason,
    };
    output::reschedule(draft, right, output, &to).map_err(of_the_proposal)?;
    decide(draft, proposal.id, Decision::Accepted, None)
}

/// Agrees for one project; the last to agree makes the change, and so does the operator.
fn agree(draft: &mut Draft, proposal: &proposal::Model) -> Result<(), Refusal> {
    let about = shared::about(&draft.project(), proposal).ok_or_else(|| missing("id"))?;
    let (now, person) = (draft.now, draft.viewer.person());
    let waiting = match proposal.changes.0.is_empty() {
        // Any project that shows somebody may let another one do so.
        true => {
            draft.joint.met = proposal.change_id;
            Vec::new()
        }
        false => draft.joint.waiting(),
    };
    if waiting.is_empty() {
        shared::apply(&mut draft.rows, about, &proposal.changes)?;
        draft.is_agreed = true;
        return decide(draft, proposal.id, Decision::Accepted, None);
    }
    let joint = &mut draft.joint;
    joint.ask = joint.unasked(waiting);
    joint.to_ask = Some(proposal.clone());
    let others = joint.rows.iter_mut();
    let coordinated = &joint.coordinated;
    let others = others.filter(|row| row.is_asked && coordinated.contains(&row.project_id));
    let mut own = draft.rows.proposals.iter_mut();
    let own = own.find(|row| row.id == proposal.id);
    for row in others.chain(own) {
        row.agreed_at = Some(now);
        row.decided_by_id = person;
    }
    Ok(())
}

/// Declines a proposal.
///
/// # Errors
/// `WRONG_STATE` unless it is open; `REASON_REQUIRED`.
pub fn decline(
    draft: &mut Draft,
    _: &DeciderOf,
    id: ProposalId,
    reason: &str,
) -> Result<(), Refusal> {
    open(draft, id)?;
    let mut problems = Problems::default();
    let reason = output::given(&mut problems, "reason", reason);
    problems.none()?;
    decide(draft, id, Decision::Declined, reason.as_deref())
}

/// Takes a proposal back.
///
/// # Errors
/// `WRONG_STATE` unless it is open.
pub fn withdraw(draft: &mut Draft, _: &ProposerOf, id: ProposalId) -> Result<(), Refusal> {
    open(draft, id)?;
    decide(draft, id, Decision::Withdrawn, None)
}

/// The proposal of an id, if it is open today.
fn open(draft: &Draft, id: ProposalId) -> Result<proposal::Model, Refusal> {
    let mut rows = draft.rows.proposals.iter();
    let row = rows.find(|row| row.id == id).ok_or_else(|| missing("id"))?;
    match draft
        .project()
        .proposal_state(row, AsOf::today(draft.today()))
    {
        Some(ProposalState::Open) => Ok(row.clone()),
        state => {
            let name = state.map_or("", ProposalState::name);
            Err(Problem::new("id", Code::WrongState).with(name).into())
        }
    }
}

fn decide(
    draft: &mut Draft,
    id: ProposalId,
    decision: Decision,
    answer: Option<&str>,
) -> Result<(), Refusal> {
    let (now, person) = (draft.now, draft.viewer.person());
    let mut rows = draft.rows.proposals.iter_mut();
    let row = rows.find(|row| row.id == id).ok_or_else(|| missing("id"))?;
    row.decision = Some(decision);
    row.decided_at = Some(now);
    row.decided_by_id = person;
    row.answer = answer.map(str::to_owned);
    // In the other projects it is decided, too; who decided it is theirs to know who coordinate it.
    for row in &mut draft.joint.rows {
        row.decision = Some(decision);
        row.decided_at = Some(now);
        row.answer = answer.filter(|_| !row.is_asked).map(str::to_owned);
    }
    Ok(())
}

/// What moving the output was refused for is wrong with the proposal, whose input has no such fields.
fn of_the_proposal(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Problems(problems) => {
            let of = |problem: Problem| Problem {
                path: "id".into(),
                ..problem
            };
            Refusal::Problems(problems.into_iter().map(of).collect())
        }
        other => other,
    }
}
