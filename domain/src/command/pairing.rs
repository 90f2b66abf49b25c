//! Pairings: a mentor, or several, and who implements, a city or a group, exchange staff.

use entities::*;

use super::{
    Code, Draft, Named, Problem, Problems, Refusal, check,
    community::warn_of_who_left,
    draft::{free_key, next_place, notes_about},
    leg::{hosts, may_host},
    project::put,
};
use crate::{record::Pairing, viewer::EditorOf};

/// A pairing to be.
#[derive(Clone, Debug)]
pub struct NewPairing {
    /// Left out: made.
    pub key: Option<String>,
    pub community: Option<Named>,
    pub mentor: Vec<Named>,
    pub implementing: Vec<Named>,
    pub days_per_leg: i32,
    pub result: Option<String>,
    pub note: Option<String>,
}

/// Pairs partners.
///
/// # Errors
/// `NO_PARTNER` for an empty side, `TWICE`, and all else that is wrong with it.
pub fn create(draft: &mut Draft, _: &EditorOf, new: NewPairing) -> Result<PairingId, Refusal> {
    let mut problems = Problems::default();
    let id: PairingId = draft.new_id("pairing").into();
    let rows = &draft.rows.pairings;
    let is_taken = |key: &str| rows.iter().any(|row| row.key == key);
    let row = pairing::Model {
        id,
        project_id: draft.id(),
        key: new
            .key
            .unwrap_or_else(|| free_key("pairing", rows.len(), is_taken)),
        position: next_place(rows.iter().map(|row| row.position)),
        community_id: new
            .community
            .and_then(|named| problems.take(draft.community("community", &named))),
        days_per_leg: new.days_per_leg,
        result: new.result,
        note: new.note,
        basis: Basis::default(),
        sources: Strings::default(),
    };
    if is_taken(&row.key) {
        problems.add("key", Code::Taken);
    }
    problems.append(check::record::<Pairing>(draft, None, &row));
    let mentor = side(draft, &mut problems, "mentor", &new.mentor);
    let implementing = side(draft, &mut problems, "implementing", &new.implementing);
    check_sides(&mut problems, &mentor, &implementing);
    problems.none()?;
    draft.rows.pairings.push(row);
    place(draft, id, &mentor, &implementing);
    Ok(id)
}

/// What is changed of a pairing.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    pub community: Option<Option<Named>>,
    /// Replaces the side.
    pub mentor: Option<Vec<Named>>,
    /// Replaces the side.
    pub implementing: Option<Vec<Named>>,
    pub days_per_leg: Option<i32>,
    pub result: Option<Option<String>>,
    pub note: Option<Option<String>>,
}

/// Changes a pairing. Its key stays.
///
/// # Errors
/// `IN_USE` where a partner that hosts a leg would not be on the side that hosts it any more, or
/// where its legs stand in the community that it would leave; all else that is wrong with it.
pub fn edit(draft: &mut Draft, _: &EditorOf, id: PairingId, edit: Edit) -> Result<(), Refusal> {
    let mut problems = Problems::default();
    let project = draft.project();
    let old = project.pairing(id);
    let mut row = old.clone();
    let is_moved = edit.community.is_some();
    if let Some(named) = edit.community {
        row.community_id =
            named.and_then(|named| problems.take(draft.community("community", &named)));
    }
    put(&mut row.days_per_leg, edit.days_per_leg);
    put(&mut row.result, edit.result);
    put(&mut row.note, edit.note);
    for (field, is_given) in [
        ("community", is_moved),
        ("daysPerLeg", edit.days_per_leg.is_some()),
        ("mentor", edit.mentor.is_some()),
        ("implementing", edit.implementing.is_some()),
    ] {
        if is_given {
            row.basis.0.remove(field);
        }
    }
    problems.append(check::record::<Pairing>(draft, Some(old), &row));
    if row.community_id != old.community_id {
        in_use(&mut problems, "community", &legs(draft, id));
    }
    let mentor = match &edit.mentor {
        Some(named) => side(draft, &mut problems, "mentor", named),
        None => kept(draft, id, Side::Mentor),
    };
    let implementing = match &edit.implementing {
        Some(named) => side(draft, &mut problems, "implementing", named),
        None => kept(draft, id, Side::Implementing),
    };
    // What history left without a partner stays as it is until somebody names one.
    if edit.mentor.is_some() || edit.implementing.is_some() {
        check_sides(&mut problems, &mentor, &implementing);
    }
    let hosted = hosted(draft, id);
    problems.none()?;
    for place in &mut draft.rows.pairings {
        if place.id == id {
            *place = row;
            break;
        }
    }
    place(draft, id, &mentor, &implementing);
    let homeless: Vec<String> = hosted
        .into_iter()
        .filter(|(_, leg, host)| !may_host(draft, id, Some(*leg), *host))
        .map(|(key, _, _)| key)
        .collect();
    let mut problems = Problems::default();
    let field = if edit.mentor.is_some() {
        "mentor"
    } else {
        "implementing"
    };
    in_use(&mut problems, field, &homeless);
    problems.none()
}

/// Takes a pairing back.
///
/// # Errors
/// `IN_USE` where a leg of it was planned, or a note is about it.
pub fn remove(draft: &mut Draft, _: &EditorOf, id: PairingId) -> Result<(), Refusal> {
    let project = draft.project();
    let key = &project.pairing(id).key;
    let mut uses = legs(draft, id);
    uses.extend(notes_about(draft, &format!("pairing:{key}")));
    let mut problems = Problems::default();
    in_use(&mut problems, "id", &uses);
    problems.none()?;
    draft
        .rows
        .pairing_parties
        .retain(|row| row.pairing_id != id);
    draft.rows.pairings.retain(|row| row.id != id);
    Ok(())
}

pub(super) fn in_use(problems: &mut Problems, field: &'static str, uses: &[String]) {
    if !uses.is_empty() {
        problems.push(Problem::new(field, Code::InUse).with(uses.join(", ")));
    }
}

/// A partner on a side, and where the input names it.
type Party = (String, PartnerId);

fn side(draft: &Draft, problems: &mut Problems, name: &'static str, named: &[Named]) -> Vec<Party> {
    if named.is_empty() {
        problems.add(name, Code::NoPartner);
    }
    let mut parties = Vec::new();
    for (at, named) in named.iter().enumerate() {
        let field = format!("{name}.{at}");
        let found = problems.take(draft.partner(&field, named));
        parties.extend(found.map(|id| (field, id)));
    }
    parties
}

/// The partners that stand on a side already.
fn kept(draft: &Draft, id: PairingId, side: Side) -> Vec<Party> {
    let leg = if side == Side::Mentor { 1 } else { 2 };
    let name = if side == Side::Mentor {
        "mentor"
    } else {
        "implementing"
    };
    let parties = hosts(draft, id, Some(leg)).into_iter();
    parties.map(|partner| (name.to_owned(), partner)).collect()
}

/// Each partner stands on one side, once.
fn check_sides(problems: &mut Problems, mentor: &[Party], implementing: &[Party]) {
    let mut seen = Vec::new();
    for (field, partner) in mentor.iter().chain(implementing) {
        if seen.contains(partner) {
            problems.add(field.clone(), Code::Twice);
        }
        seen.push(*partner);
    }
}

/// Puts the parties of a pairing in their places; who stays keeps its row.
fn place(draft: &mut Draft, id: PairingId, mentor: &[Party], implementing: &[Party]) {
    let (old, others): (Vec<_>, Vec<_>) = std::mem::take(&mut draft.rows.pairing_parties)
        .into_iter()
        .partition(|row| row.pairing_id == id);
    draft.rows.pairing_parties = others;
    let sides = [(Side::Mentor, mentor), (Side::Implementing, implementing)];
    let mut position = 0;
    for (side, parties) in sides {
        for (field, partner) in parties {
            let known = old.iter().find(|row| row.partner_id == *partner);
            if known.is_none() {
                warn_of_who_left(draft, field, *partner);
            }
            let row = pairing_party::Model {
                id: match known {
                    Some(row) => row.id,
                    None => draft.new_id("pairing_party").into(),
                },
                project_id: draft.id(),
                pairing_id: id,
                partner_id: *partner,
                side,
                position,
            };
            position += 1;
            draft.rows.pairing_parties.push(row);
        }
    }
}

/// The keys of its legs.
fn legs(draft: &Draft, id: PairingId) -> Vec<String> {
    let legs = draft.rows.staff_exchanges.iter();
    legs.filter(|leg| leg.pairing_id == id)
        .filter_map(|leg| {
            let mut outputs = draft.rows.outputs.iter();
            outputs.find(|row| row.id == leg.output_id)
        })
        .map(|row| row.key.clone())
        .collect()
}

/// Its legs whose host is on the side that hosts them: key, number, host.
fn hosted(draft: &Draft, id: PairingId) -> Vec<(String, i32, PartnerId)> {
    let legs = draft.rows.staff_exchanges.iter();
    legs.filter(|leg| leg.pairing_id == id)
        .filter_map(|leg| {
            let mut outputs = draft.rows.outputs.iter();
            let row = outputs.find(|row| row.id == leg.output_id)?;
            Some((row.key.clone(), leg.leg?, row.host_id?))
        })
        .filter(|(_, leg, host)| may_host(draft, id, Some(*leg), *host))
        .collect()
}
