//! Planning an output of any kind: from the moment it stands in the plan it can be moved along.

use entities::*;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    Code, Draft, Fields, Problems, Refusal,
    change::put_parts,
    check,
    dates::{check_dates, check_left, due_late, window_outside},
    draft::{free_key, next_place},
    learning::fill_list,
    leg::{check_host, first_host, leg_of},
    output::{check_leg, step, warn_of_overlaps},
    own::fill,
    policy::check_grant,
};
use crate::{
    record::{Kind, Names, Output, Part, Rule, Stand},
    viewer::{Denied, OwnerOf},
};

/// The field of an input that says what all outputs share.
const SHARED: &str = "output";

/// An output to be planned.
#[derive(Clone, Debug)]
pub struct NewOutput {
    pub kind: OutputKind,
    /// What outputs of all kinds say.
    pub shared: Fields,
    /// What its kind alone says.
    pub detail: Fields,
    /// Why dates or the planned window lie outside the project, or a leg is short.
    pub reason: Option<String>,
}

/// Puts an output into the plan. It takes the right to its community, and to that of a leg's pairing;
/// of a champion, that to the partner that leads it is enough.
///
/// # Errors
/// All that is wrong with it at once.
pub fn plan(draft: &mut Draft, new: NewOutput) -> Result<OutputId, Refusal> {
    let NewOutput {
        kind,
        mut shared,
        mut detail,
        reason,
    } = new;
    let names = Names::of(&draft.rows);
    let pairing = match kind {
        OutputKind::StaffExchange => detail
            .text("pairing")
            .and_then(|key| names.id_of(Kind::Pairing, key)),
        _ => None,
    };
    let right = check_right(draft, &names, kind, &shared, pairing)?;
    // Problems of what all outputs share stand in a field of their own.
    let mut problems = detail.problems();
    let mut wrong = shared.problems();
    if let Some(own) = right.as_ref().and_then(OwnerOf::own) {
        keep_own(draft, &names, own, &mut shared, &mut wrong);
    }
    let reason = reason.map(|text| text.trim().to_owned());
    let reason = reason.filter(|text| !text.is_empty());
    if let Some(text) = &reason {
        check::text(&mut wrong, "reason", Rule::LongText, text);
    }
    let explained = reason.is_some();
    let leg = pairing.and_then(|pairing| {
        let leg = detail.get("leg").and_then(Json::as_i64);
        let leg = leg.map(|leg| i32::try_from(leg).unwrap_or_default());
        leg_of(draft, &mut problems, pairing.into(), leg)
    });
    match kind {
        OutputKind::StaffExchange => {
            // A leg that is taken stays unsaid: the problem is told already.
            detail.set("leg", json!(leg));
            if let Some(pairing) = pairing {
                follow_pairing(draft, &names, pairing.into(), leg, &mut shared);
            }
        }
        OutputKind::Visit => {
            let community = shared.text("community");
            let community = community.and_then(|key| names.id_of(Kind::Community, key));
            detail.set_default("number", next_number(draft, community.map(Into::into)));
        }
        _ => {}
    }
    shared.set_default("key", key_of(draft, kind));
    if let Some(starts) = shared.text("starts").map(str::to_owned)
        && starts
            .parse()
            .is_ok_and(|date: PartialDate| date.day().is_some())
    {
        shared.set_default("ends", starts);
    }
    let (_, field) = Kind::detail(kind);
    let detail = detail.into_object(crate::record::Detail::fields(kind));
    shared.set("kind", json!({ field: detail }));
    let Some(output) = shared.into_record::<Output>(&mut problems) else {
        return problems.none().map(|()| OutputId::default());
    };
    let id: OutputId = draft.new_id("output").into();
    let position = next_place(draft.rows.outputs.iter().map(|row| row.position));
    let mut row = output::Model {
        kind,
        ..Default::default()
    };
    Output::put(&mut row, id.into(), draft.id(), draft.id().into(), position);
    output.store(&mut row, &names);
    check_row(draft, &mut wrong, &row, explained);
    if !explained {
        for problem in window_outside(draft, &row) {
            wrong.push(problem);
        }
    }
    if let Some(late) = due_late(draft, &row) {
        draft.warn(late);
    }
    if let Some(pairing) = pairing {
        let days = draft.project().pairing(pairing.into()).days_per_leg;
        check_host(draft, &mut wrong, pairing.into(), leg, row.host_id);
        check_leg(draft, &mut wrong, days, &row, explained);
    }
    check_left(draft, &mut wrong, &row);
    draft.rows.outputs.push(row);
    put_parts(draft, &output, id.into(), None, &names);
    draft.rows.sort();
    problems.append(check_grant(draft, id));
    let mut held = check::record(draft, None, &output);
    problems.append(held.split_off(&format!("kind.{field}")));
    wrong.append(held);
    problems.nest(SHARED, wrong);
    problems.none()?;
    let event = step(draft, id, Verb::Planned, reason);
    // What is planned is known from now on, whatever day it is about.
    event.effective_on = Some(event.recorded_at.date_naive()).min(event.effective_on);
    warn_of_overlaps(draft, id);
    for warning in &mut draft.warnings {
        *warning = warning.clone().under(SHARED);
    }
    Ok(id)
}

/// The right to the community of an output, and to that of its pairing: the expert of another
/// community does not plan the legs of this one's pairing. A partner's people select its own champions.
fn check_right(
    draft: &Draft,
    names: &Names,
    kind: OutputKind,
    shared: &Fields,
    pairing: Option<Uuid>,
) -> Result<Option<OwnerOf>, Denied> {
    let project = draft.project();
    let of_pairing = pairing.and_then(|id| project.pairing(id.into()).community_id);
    let of = match shared.text("community") {
        Some(key) => names.id_of(Kind::Community, key).map(Into::into),
        None => of_pairing,
    };
    if kind == OutputKind::Champion {
        return draft.viewer.owner_in(&project, of).map(Some);
    }
    draft.viewer.editor_of(&project, of)?;
    if pairing.is_some() {
        draft.viewer.editor_of(&project, of_pairing)?;
    }
    Ok(None)
}

/// What a partner's people plan is led by that partner, in one of its own communities or in none.
fn keep_own(
    draft: &Draft,
    names: &Names,
    own: &[PartnerId],
    shared: &mut Fields,
    wrong: &mut Problems,
) {
    fill_list(draft, wrong, Some(own), &[], shared);
    let lead = fill(shared, wrong, "lead", own, names);
    let community = shared.text("community");
    let community = community.and_then(|key| names.id_of(Kind::Community, key));
    if let (Some(lead), Some(community)) = (lead, community) {
        let project = draft.project();
        let mut members = project.members_of(community.into()).iter();
        if !members.any(|member| member.partner_id == lead) {
            wrong.add("community", Code::Forbidden);
        }
    }
}

/// What is not said of a leg follows from its pairing.
fn follow_pairing(
    draft: &Draft,
    names: &Names,
    pairing: PairingId,
    leg: Option<i32>,
    shared: &mut Fields,
) {
    let key = |id: Option<Uuid>| id.and_then(|id| names.key_of(id)).map(str::to_owned);
    let community = draft.project().pairing(pairing).community_id;
    shared.set_default("community", json!(key(community.map(Uuid::from))));
    let host = first_host(draft, pairing, leg).map(Uuid::from);
    shared.set_default("host", json!(key(host)));
    let host = shared.get("host").cloned().unwrap_or_default();
    shared.set_default("lead", host);
    shared.set_default("mode", json!(Mode::InPerson));
}

/// What an output is held to among the others, and in its project.
pub(super) fn check_row(
    draft: &Draft,
    problems: &mut Problems,
    row: &output::Model,
    explained: bool,
) {
    let mut others = draft.rows.outputs.iter();
    if others.any(|other| other.id != row.id && other.kind == row.kind && other.key == row.key) {
        problems.add("key", Code::Taken);
    }
    check_dates(draft, problems, (row.starts, row.ends), explained);
}

/// The number of the next visit of a community.
fn next_number(draft: &Draft, community: Option<CommunityId>) -> i32 {
    let is_there = |visit: &&visit::Model| {
        let mut outputs = draft.rows.outputs.iter();
        outputs.any(|row| row.id == visit.output_id && row.community_id == community)
    };
    let visits = draft.rows.visits.iter().filter(is_there);
    visits.map(|visit| visit.number).max().unwrap_or_default() + 1
}

/// A key that no output of this kind has, such as `staff_exchange-15`.
fn key_of(draft: &Draft, kind: OutputKind) -> String {
    let name = sea_orm::ActiveEnum::to_value(&kind).to_lowercase();
    let of_kind = || draft.rows.outputs.iter().filter(|row| row.kind == kind);
    free_key(&name, of_kind().count(), |key| {
        of_kind().any(|row| row.key == key)
    })
}
