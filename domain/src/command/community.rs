//! Communities of practice and their members.

use entities::*;

use super::{
    Code, Draft, Fields, Named, Problem, Problems, Refusal,
    change::change,
    check,
    draft::{missing, next_place},
    entry::{at_version, close_up},
};
use crate::{
    record::{Community, Kind, Member, Names, Part, Stand},
    viewer::{CoordinatorOf, EditorOf},
};

/// The fields that are the coordinator's to change.
const COORDINATORS: [&str; 4] = ["number", "letter", "expert", "plannedVisits"];

/// Begins a community.
///
/// # Errors
/// All that is wrong with it at once.
pub fn create(
    draft: &mut Draft,
    _: &CoordinatorOf,
    mut fields: Fields,
) -> Result<CommunityId, Refusal> {
    let mut problems = fields.problems();
    let rows = &draft.rows.communities;
    let next = rows.iter().map(|row| row.number).max().unwrap_or(0) + 1;
    fields.set_default("number", next);
    let number = fields.get("number").cloned().unwrap_or_default();
    fields.set_default("key", format!("cop{number}"));
    let position = next_place(rows.iter().map(|row| row.position));
    let Some(community) = fields.into_record::<Community>(&mut problems) else {
        return problems.none().map(|()| CommunityId::default());
    };
    let id: CommunityId = draft.new_id("community").into();
    let mut row = community::Model::default();
    Community::put(&mut row, id.into(), draft.id(), draft.id().into(), position);
    community.store(&mut row, &Names::of(&draft.rows));
    check_taken(draft, &mut problems, &row);
    problems.append(check::record(draft, None, &community));
    problems.none()?;
    draft.rows.communities.push(row);
    Ok(id)
}

/// Changes a community: its expert changes title and note, the coordinator everything. Its key
/// stays.
///
/// # Errors
/// `FORBIDDEN` for each field that is the coordinator's; all else that is wrong with it.
pub fn edit(
    draft: &mut Draft,
    _: &EditorOf,
    steers: Option<&CoordinatorOf>,
    id: CommunityId,
    mut fields: Fields,
) -> Result<(), Refusal> {
    let mut problems = Problems::default();
    let old = draft.project().community(id).clone();
    fields.take("key");
    for field in COORDINATORS {
        if fields.says(field) && steers.is_none() {
            problems.add(field, Code::Forbidden);
        }
    }
    if let Some(changed) = change::<Community>(draft, &mut problems, &old, fields) {
        check_taken(draft, &mut problems, &changed.row);
        for row in &mut draft.rows.communities {
            if row.id == id {
                *row = changed.row;
                break;
            }
        }
    }
    problems.none()
}

/// Whether another community has the key or the number.
fn check_taken(draft: &Draft, problems: &mut Problems, row: &community::Model) {
    let rows = draft.rows.communities.iter();
    let others: Vec<_> = rows.filter(|other| other.id != row.id).collect();
    if others.iter().any(|other| other.key == row.key) {
        problems.add("key", Code::Taken);
    }
    if others.iter().any(|other| other.number == row.number) {
        problems.add("number", Code::Taken);
    }
}

/// Takes a partner into a community.
///
/// # Errors
/// `TAKEN` where it belongs to it; `NOT_FOUND`. Warns of a partner that left.
pub fn add_member(
    draft: &mut Draft,
    _: &EditorOf,
    community: CommunityId,
    mut fields: Fields,
) -> Result<MemberId, Refusal> {
    let mut problems = fields.problems();
    let names = Names::of(&draft.rows);
    let partner = fields.text("partner");
    let partner = partner.and_then(|key| names.id_of(Kind::Partner, key));
    if partner.is_some_and(|id| member(draft, community, id.into()).is_some()) {
        problems.add("partner", Code::Taken);
    }
    let Some(new) = fields.into_record::<Member>(&mut problems) else {
        return problems.none().map(|()| MemberId::default());
    };
    problems.append(check::record(draft, None, &new));
    problems.none()?;
    let id: MemberId = draft.new_id("member").into();
    let members = draft.rows.members.iter();
    let members = members.filter(|row| row.community_id == community);
    let position = next_place(members.map(|row| row.position));
    let mut row = member::Model::default();
    Member::put(&mut row, id.into(), draft.id(), community.into(), position);
    new.store(&mut row, &names);
    warn_of_who_left(draft, "partner", row.partner_id);
    draft.rows.members.push(row);
    Ok(id)
}

/// Changes a member's role.
///
/// # Errors
/// `NOT_FOUND` where it is no member; `CONFLICT` where it is not at the version that the client read.
pub fn edit_member(
    draft: &mut Draft,
    _: &EditorOf,
    community: CommunityId,
    partner: &Named,
    version: Option<&str>,
    mut fields: Fields,
) -> Result<MemberId, Refusal> {
    let id = named_member(draft, community, partner)?;
    let old = at_version::<Member>(draft, id.into(), version)?;
    fields.take("partner");
    let mut problems = Problems::default();
    if let Some(changed) = change::<Member>(draft, &mut problems, &old, fields) {
        for row in &mut draft.rows.members {
            if row.id == id {
                *row = changed.row;
                break;
            }
        }
    }
    problems.none().map(|()| id)
}

/// Takes a member out of a community.
///
/// # Errors
/// `NOT_FOUND` where it is no member; `CONFLICT` where it is not at the version that the client read;
/// `IN_USE` where it is on a side of one of its pairings.
pub fn remove_member(
    draft: &mut Draft,
    _: &EditorOf,
    community: CommunityId,
    partner: &Named,
    version: Option<&str>,
) -> Result<(), Refusal> {
    let id = named_member(draft, community, partner)?;
    at_version::<Member>(draft, id.into(), version)?;
    let partner = draft.partner("partner", partner)?;
    let parties = &draft.rows.pairing_parties;
    let is_in = |pairing: &&pairing::Model| {
        pairing.community_id == Some(community)
            && parties
                .iter()
                .any(|party| party.pairing_id == pairing.id && party.partner_id == partner)
    };
    let pairings: Vec<_> = draft
        .rows
        .pairings
        .iter()
        .filter(is_in)
        .map(|pairing| pairing.key.clone())
        .collect();
    if !pairings.is_empty() {
        let problem = Problem::new("partner", Code::InUse);
        return Err(problem.with(pairings.join(", ")).into());
    }
    draft.rows.remove(id.into());
    close_up::<Member>(draft, community.into());
    Ok(())
}

fn member(draft: &Draft, community: CommunityId, partner: PartnerId) -> Option<MemberId> {
    let mut members = draft.rows.members.iter();
    members
        .find(|row| row.community_id == community && row.partner_id == partner)
        .map(|row| row.id)
}

fn named_member(
    draft: &Draft,
    community: CommunityId,
    partner: &Named,
) -> Result<MemberId, Problem> {
    let id = draft.partner("partner", partner)?;
    member(draft, community, id).ok_or_else(|| missing("partner"))
}

/// Warns of a partner that left the project.
pub(super) fn warn_of_who_left(draft: &mut Draft, field: &str, partner: PartnerId) {
    let today = draft.today();
    let mut partners = draft.rows.partners.iter();
    let left = partners
        .find(|row| row.id == partner)
        .and_then(|row| row.left_on)
        .filter(|left| *left <= today);
    if let Some(left) = left {
        draft.warn(Problem::new(field.to_owned(), Code::PartnerLeft).with(left));
    }
}
