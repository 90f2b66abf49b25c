//! Pairings: a mentor, or several, and who implements, a city or a group, exchange staff.

use entities::*;

use super::{
    Code, Draft, Fields, Problem, Problems, Refusal,
    change::{change, put_parts},
    check,
    community::warn_of_who_left,
    draft::{free_key, next_place, notes_about},
    leg::may_host,
};
use crate::{
    record::{Kind, Names, Pairing, Part, Stand},
    viewer::EditorOf,
};

/// The two sides of a pairing.
const SIDES: [&str; 2] = ["mentor", "implementing"];

/// Pairs partners. It takes the right to edit the community.
///
/// # Errors
/// `NO_PARTNER` for an empty side, `TWICE`, and all else that is wrong with it.
pub fn create(draft: &mut Draft, mut fields: Fields) -> Result<PairingId, Refusal> {
    let mut problems = fields.problems();
    let names = Names::of(&draft.rows);
    let rows = &draft.rows.pairings;
    let is_taken = |key: &str| rows.iter().any(|row| row.key == key);
    fields.set_default("key", free_key("pairing", rows.len(), is_taken));
    if fields.text("key").is_some_and(is_taken) {
        problems.add("key", Code::Taken);
    }
    let position = next_place(rows.iter().map(|row| row.position));
    let Some(pairing) = fields.into_record::<Pairing>(&mut problems) else {
        return problems.none().map(|()| PairingId::default());
    };
    let id: PairingId = draft.new_id("pairing").into();
    let mut row = pairing::Model::default();
    Pairing::put(&mut row, id.into(), draft.id(), draft.id().into(), position);
    pairing.store(&mut row, &names);
    draft.viewer.editor_of(&draft.project(), row.community_id)?;
    problems.append(check::record(draft, None, &pairing));
    check_sides(&mut problems, &pairing);
    problems.none()?;
    put_parts(draft, &pairing, id.into(), None, &names);
    draft.rows.pairings.push(row);
    warn_of_new_parties(draft, &names, None, &pairing);
    Ok(id)
}

/// Changes a pairing. Its key stays.
///
/// # Errors
/// `IN_USE` where a partner that hosts a leg would not be on the side that hosts it any more, or
/// where its legs stand in the community that it would leave; all else that is wrong with it.
pub fn edit(
    draft: &mut Draft,
    _: &EditorOf,
    id: PairingId,
    mut fields: Fields,
) -> Result<(), Refusal> {
    let mut problems = Problems::default();
    let old_row = draft.project().pairing(id).clone();
    fields.take("key");
    let (names, hosted) = (Names::of(&draft.rows), hosted(draft, id));
    let gives_mentor = fields.says("mentor");
    let gives_side = gives_mentor || fields.says("implementing");
    if gives_side {
        // Both sides stand in one table, which is written as a whole.
        fields.also(SIDES);
    }
    let Some(changed) = change::<Pairing>(draft, &mut problems, &old_row, fields) else {
        return problems.none();
    };
    if changed.row.community_id != old_row.community_id {
        draft
            .viewer
            .editor_of(&draft.project(), changed.row.community_id)?;
        in_use(&mut problems, "community", &legs(draft, id));
    }
    // What history left without a partner stays as it is until somebody names one.
    if gives_side {
        check_sides(&mut problems, &changed.new);
    }
    problems.none()?;
    for row in &mut draft.rows.pairings {
        if row.id == id {
            *row = changed.row;
            break;
        }
    }
    warn_of_new_parties(draft, &names, Some(&changed.old), &changed.new);
    let homeless: Vec<String> = hosted
        .into_iter()
        .filter(|(_, leg, host)| !may_host(draft, id, Some(*leg), *host))
        .map(|(key, _, _)| key)
        .collect();
    let mut problems = Problems::default();
    let field = SIDES[usize::from(!gives_mentor)];
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

/// Each side has a partner.
fn check_sides(problems: &mut Problems, pairing: &Pairing) {
    for (side, partners) in SIDES
        .into_iter()
        .zip([&pairing.mentor, &pairing.implementing])
    {
        if partners.is_empty() {
            problems.add(side, Code::NoPartner);
        }
    }
}

/// Warns of partners on either side that have left the project.
fn warn_of_new_parties(draft: &mut Draft, names: &Names, old: Option<&Pairing>, new: &Pairing) {
    let known = old.map(|old| [old.mentor.clone(), old.implementing.clone()].concat());
    let known = known.unwrap_or_default();
    for (side, partners) in SIDES.into_iter().zip([&new.mentor, &new.implementing]) {
        for (at, key) in partners.iter().enumerate() {
            if let Some(id) = names.id_of(Kind::Partner, key)
                && !known.contains(key)
            {
                warn_of_who_left(draft, &format!("{side}.{at}"), id.into());
            }
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
