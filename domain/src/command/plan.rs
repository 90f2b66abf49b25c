//! Planning an output of any kind: from the moment it stands in the plan it can be moved along.

use chrono::NaiveDate;
use entities::*;

use super::{
    Code, Draft, Named, Problems, Refusal, check,
    dates::{check_dates, check_left, due_late, window_outside},
    detail::{Detail, NewLeg},
    draft::{free_key, next_place},
    leg::{check_host, first_host, leg_of},
    output::{check_leg, step, warn_of_overlaps},
    parts::Parts,
};
use crate::{
    record::{Kind, Output, Rule},
    viewer::EditorOf,
};

/// What grants are counted in where nothing else is said.
const CURRENCY: &str = "EUR";

/// The field of an input that says what all outputs share.
const SHARED: &str = "output";

/// What an output of any kind says.
#[derive(Clone, Debug, Default)]
pub struct NewOutput {
    /// Left out: made from its kind.
    pub key: Option<String>,
    /// Of a leg left out: its pairing's.
    pub community: Option<Named>,
    pub lead: Option<Named>,
    pub title: Localized,
    pub host: Option<Named>,
    pub mode: Option<Mode>,
    pub place: Option<String>,
    pub platform: Option<String>,
    pub planned_from: Option<PartialDate>,
    pub planned_to: Option<PartialDate>,
    pub starts: Option<PartialDate>,
    pub ends: Option<PartialDate>,
    /// How many days it lasts, where the days themselves are not known.
    pub days: Option<i32>,
    pub due_on: Option<NaiveDate>,
    pub note: Option<String>,
    pub parts: Parts,
    /// Why dates or the planned window lie outside the project, or a leg is short.
    pub reason: Option<String>,
}

/// Puts an output into the plan.
///
/// # Errors
/// All that is wrong with it at once.
pub fn plan(
    draft: &mut Draft,
    _: &EditorOf,
    new: NewOutput,
    detail: Detail,
) -> Result<OutputId, Refusal> {
    let (mut problems, mut shared) = (Problems::default(), Problems::default());
    let id: OutputId = draft.new_id("output").into();
    let kind = detail.kind();
    let project_id = draft.id();
    let mut row = output::Model {
        id,
        project_id,
        kind,
        key: new.key.unwrap_or_else(|| key_of(draft, kind)),
        position: next_place(draft.rows.outputs.iter().map(|row| row.position)),
        community_id: new
            .community
            .and_then(|named| shared.take(draft.community("community", &named))),
        lead_id: partner(draft, &mut shared, "lead", new.lead.as_ref()),
        title: new.title,
        host_id: partner(draft, &mut shared, "host", new.host.as_ref()),
        mode: new.mode,
        place: new.place,
        platform: new.platform,
        planned_from: new.planned_from,
        planned_to: new.planned_to,
        starts: new.starts,
        ends: new
            .ends
            .or(new.starts.filter(|starts| starts.day().is_some())),
        days: new.days,
        due_on: new.due_on,
        note: new.note,
        basis: Basis::default(),
        sources: Strings::default(),
    };
    let reason = new.reason.map(|text| text.trim().to_owned());
    let reason = reason.filter(|text| !text.is_empty());
    if let Some(text) = &reason {
        check::text(&mut shared, "reason", Rule::LongText, text);
    }
    let explained = reason.is_some();
    check_row(draft, &mut shared, &row, explained);
    if !explained {
        for problem in window_outside(draft, &row) {
            shared.push(problem);
        }
    }
    if let Some(late) = due_late(draft, &row) {
        draft.warn(late);
    }
    let mut begun = Begun {
        problems: &mut problems,
        shared: &mut shared,
        explained,
    };
    begin(draft, &mut begun, &mut row, &detail);
    check_left(draft, &mut shared, &row);
    detail.put(draft, &mut problems, id, None);
    new.parts.put(draft, &mut shared, id);
    draft.rows.outputs.push(row.clone());
    // Without the row of its kind there is no output to hold to its rules.
    if draft.rows.has_detail(id) {
        let mut wrong = check::record::<Output>(draft, None, &row);
        let (_, field) = Kind::detail(kind);
        let own = wrong.split_off(&format!("kind.{field}"));
        problems.append(own);
        shared.append(wrong);
    }
    problems.nest(SHARED, shared);
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

/// What comes to light while an output is begun.
struct Begun<'a> {
    problems: &'a mut Problems,
    /// Of what all outputs share.
    shared: &'a mut Problems,
    explained: bool,
}

/// The row of its kind, with what stands in it for good or must be said at once.
fn begin(draft: &mut Draft, begun: &mut Begun<'_>, row: &mut output::Model, detail: &Detail) {
    let (output_id, project_id) = (row.id, row.project_id);
    let rows = &mut draft.rows;
    match detail {
        Detail::StaffExchange(new) => match &new.leg {
            Some(leg) => begin_leg(draft, begun, row, leg),
            None => begun.problems.add("pairing", Code::Required),
        },
        Detail::Visit(_) => {
            let number = next_number(draft, row.community_id);
            draft.rows.visits.push(visit::Model {
                output_id,
                project_id,
                number,
                organiser_id: None,
            });
        }
        Detail::Event(new) => match new.kind {
            Some(kind) => rows.events.push(event::Model {
                output_id,
                project_id,
                kind,
                about_participants: None,
                website: None,
            }),
            None => begun.problems.add("kind", Code::Required),
        },
        Detail::ActionPlan(new) => match new.kind {
            Some(kind) => rows.action_plans.push(action_plan::Model {
                output_id,
                project_id,
                kind,
                original_title: None,
                draft_period: None,
                period: None,
                presented: None,
                document_url: None,
            }),
            None => begun.problems.add("kind", Code::Required),
        },
        Detail::Policy(new) => match new.kind {
            Some(kind) => rows.policies.push(policy::Model {
                output_id,
                project_id,
                kind,
                plan_id: None,
                opened: None,
                grant_minor: None,
                currency: CURRENCY.to_owned(),
                beneficiaries: None,
                facts: Strings::default(),
            }),
            None => begun.problems.add("kind", Code::Required),
        },
        Detail::Champion(_) => rows.champions.push(champion::Model {
            output_id,
            project_id,
            person_id: None,
            role_title: None,
            selected: None,
            trained: None,
        }),
        Detail::ChampionWorkshop(_) => rows.champion_workshops.push(champion_workshop::Model {
            output_id,
            project_id,
            about_participants: None,
        }),
        Detail::Guide(_) => rows.guides.push(guide::Model {
            output_id,
            project_id,
            language: None,
            landing_url: None,
            file_url: None,
        }),
        Detail::Video(_) => rows.videos.push(video::Model {
            output_id,
            project_id,
            language: None,
            url: None,
        }),
    }
}

/// A leg of a pairing; what is not said of it follows from the pairing.
fn begin_leg(draft: &mut Draft, begun: &mut Begun<'_>, row: &mut output::Model, new: &NewLeg) {
    let Begun {
        problems,
        shared,
        explained,
    } = begun;
    let Some(pairing_id) = problems.take(draft.pairing("pairing", &new.pairing)) else {
        return;
    };
    let leg = leg_of(draft, problems, pairing_id, new.leg);
    let mut pairings = draft.rows.pairings.iter();
    let pairing = pairings
        .find(|row| row.id == pairing_id)
        .expect("it was found");
    let days = pairing.days_per_leg;
    row.community_id = row.community_id.or(pairing.community_id);
    row.host_id = row.host_id.or_else(|| first_host(draft, pairing_id, leg));
    row.lead_id = row.lead_id.or(row.host_id);
    row.mode = row.mode.or(Some(Mode::InPerson));
    check_host(draft, shared, pairing_id, leg, row.host_id);
    check_leg(draft, shared, days, row, *explained);
    draft.rows.staff_exchanges.push(staff_exchange::Model {
        output_id: row.id,
        project_id: row.project_id,
        pairing_id,
        leg,
        learned: None,
        adapted: None,
    });
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

pub(super) fn partner(
    draft: &Draft,
    problems: &mut Problems,
    field: &'static str,
    named: Option<&Named>,
) -> Option<PartnerId> {
    named.and_then(|named| problems.take(draft.partner(field, named)))
}

/// A key that no output of this kind has, such as `staff_exchange-15`.
fn key_of(draft: &Draft, kind: OutputKind) -> String {
    let name = sea_orm::ActiveEnum::to_value(&kind).to_lowercase();
    let of_kind = || draft.rows.outputs.iter().filter(|row| row.kind == kind);
    free_key(&name, of_kind().count(), |key| {
        of_kind().any(|row| row.key == key)
    })
}
