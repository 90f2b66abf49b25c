//! Communities of practice and their members.

use entities::*;

use super::{
    Code, Draft, Named, Problem, Problems, Refusal, check,
    draft::{missing, next_place},
    project::put,
};
use crate::{
    record::{Community, Rule},
    viewer::{CoordinatorOf, EditorOf},
};

/// A community to be.
#[derive(Clone, Debug, Default)]
pub struct NewCommunity {
    /// Left out: made from its number.
    pub key: Option<String>,
    /// Left out: the next.
    pub number: Option<i32>,
    pub letter: Option<String>,
    pub title: Localized,
    pub expert: Option<Named>,
    pub planned_visits: i32,
    pub note: Option<String>,
}

/// Begins a community.
///
/// # Errors
/// All that is wrong with it at once.
pub fn create(
    draft: &mut Draft,
    _: &CoordinatorOf,
    new: NewCommunity,
) -> Result<CommunityId, Refusal> {
    let mut problems = Problems::default();
    let id: CommunityId = draft.new_id("community").into();
    let rows = &draft.rows.communities;
    let number = new
        .number
        .unwrap_or_else(|| rows.iter().map(|row| row.number).max().unwrap_or(0) + 1);
    let row = community::Model {
        id,
        project_id: draft.id(),
        key: new.key.unwrap_or_else(|| format!("cop{number}")),
        position: next_place(rows.iter().map(|row| row.position)),
        number,
        letter: new.letter,
        title: new.title,
        expert_id: new
            .expert
            .and_then(|expert| problems.take(draft.partner("expert", &expert))),
        planned_visits: new.planned_visits,
        note: new.note,
        sources: Strings::default(),
    };
    check_row(draft, &mut problems, None, &row);
    problems.none()?;
    draft.rows.communities.push(row);
    Ok(id)
}

/// What is changed of a community.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    pub title: Option<Localized>,
    pub note: Option<Option<String>>,
    pub number: Option<i32>,
    pub letter: Option<Option<String>>,
    pub expert: Option<Option<Named>>,
    pub planned_visits: Option<i32>,
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
    edit: Edit,
) -> Result<(), Refusal> {
    let mut problems = Problems::default();
    let old = draft.project().community(id).clone();
    let mut row = old.clone();
    for (field, is_given) in [
        ("number", edit.number.is_some()),
        ("letter", edit.letter.is_some()),
        ("expert", edit.expert.is_some()),
        ("plannedVisits", edit.planned_visits.is_some()),
    ] {
        if is_given && steers.is_none() {
            problems.add(field, Code::Forbidden);
        }
    }
    put(&mut row.title, edit.title);
    put(&mut row.note, edit.note);
    put(&mut row.number, edit.number);
    put(&mut row.letter, edit.letter);
    put(&mut row.planned_visits, edit.planned_visits);
    if let Some(expert) = edit.expert {
        row.expert_id = expert.and_then(|expert| problems.take(draft.partner("expert", &expert)));
    }
    check_row(draft, &mut problems, Some(&old), &row);
    problems.none()?;
    for place in &mut draft.rows.communities {
        if place.id == id {
            *place = row;
            break;
        }
    }
    Ok(())
}

fn check_row(
    draft: &mut Draft,
    problems: &mut Problems,
    old: Option<&community::Model>,
    row: &community::Model,
) {
    let rows = draft.rows.communities.iter();
    let others: Vec<_> = rows.filter(|other| other.id != row.id).collect();
    if others.iter().any(|other| other.key == row.key) {
        problems.add("key", Code::Taken);
    }
    if others.iter().any(|other| other.number == row.number) {
        problems.add("number", Code::Taken);
    }
    problems.append(check::record::<Community>(draft, old, row));
}

/// Takes a partner into a community.
///
/// # Errors
/// `TAKEN` where it belongs to it; `NOT_FOUND`. Warns of a partner that left.
pub fn add_member(
    draft: &mut Draft,
    _: &EditorOf,
    community: CommunityId,
    partner: &Named,
    role: Option<MemberRole>,
    role_hint: Option<String>,
) -> Result<MemberId, Refusal> {
    let mut problems = Problems::default();
    let partner = problems.take(draft.partner("partner", partner));
    let of_this = |row: &&member::Model| row.community_id == community;
    if partner.is_some_and(|id| member(draft, community, id).is_some()) {
        problems.add("partner", Code::Taken);
    }
    if let Some(hint) = &role_hint {
        check::text(&mut problems, "roleHint", Rule::Name, hint);
    }
    problems.none()?;
    let partner_id = partner.ok_or_else(|| missing("partner"))?;
    warn_of_who_left(draft, "partner", partner_id);
    let id: MemberId = draft.new_id("member").into();
    let members = draft.rows.members.iter().filter(of_this);
    let row = member::Model {
        id,
        project_id: draft.id(),
        community_id: community,
        partner_id,
        position: next_place(members.map(|row| row.position)),
        role,
        role_hint,
        basis: Basis::default(),
    };
    draft.rows.members.push(row);
    Ok(id)
}

/// Changes a member's role.
///
/// # Errors
/// `NOT_FOUND` where it is no member.
pub fn edit_member(
    draft: &mut Draft,
    _: &EditorOf,
    community: CommunityId,
    partner: &Named,
    role: Option<Option<MemberRole>>,
    role_hint: Option<Option<String>>,
) -> Result<MemberId, Refusal> {
    let mut problems = Problems::default();
    if let Some(Some(hint)) = &role_hint {
        check::text(&mut problems, "roleHint", Rule::Name, hint);
    }
    let id = problems.take(named_member(draft, community, partner));
    problems.none()?;
    let mut rows = draft.rows.members.iter_mut();
    let row = rows
        .find(|row| Some(row.id) == id)
        .ok_or_else(|| missing("partner"))?;
    if role.is_some() {
        row.basis.0.remove("role");
    }
    put(&mut row.role, role);
    put(&mut row.role_hint, role_hint);
    Ok(row.id)
}

/// Takes a member out of a community.
///
/// # Errors
/// `NOT_FOUND` where it is no member; `IN_USE` where it is on a side of one of its pairings.
pub fn remove_member(
    draft: &mut Draft,
    _: &EditorOf,
    community: CommunityId,
    partner: &Named,
) -> Result<(), Refusal> {
    let id = named_member(draft, community, partner)?;
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
    draft.rows.members.retain(|row| row.id != id);
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
