//! An organisation's place in the project: it joins, and it may leave.

use chrono::NaiveDate;
use entities::*;

use super::{
    Code, Draft, Fields, Named, Problem, Problems, Refusal, change::change, check,
    draft::next_place, organisation::new as new_organisation,
};
use crate::{
    project::State,
    record::{Names, Part, Partner, Rule, Stand},
    viewer::{CoordinatorOf, LeaverOf},
};

/// A partner to be.
#[derive(Clone, Debug)]
pub struct NewPartner {
    /// One that a project has already; exactly one of this and the next.
    pub organisation: Option<Named>,
    pub new_organisation: Option<Fields>,
    /// Its place in the project.
    pub place: Fields,
}

/// Makes an organisation, known or new, a partner of the project.
///
/// # Errors
/// All that is wrong with it at once.
pub fn add(
    draft: &mut Draft,
    _: &CoordinatorOf,
    mut new: NewPartner,
) -> Result<PartnerId, Refusal> {
    let mut problems = new.place.problems();
    let organisation = match (new.organisation, new.new_organisation) {
        (Some(named), None) => {
            let found = draft.organisation("organisation", &named);
            problems.take(found.and_then(|row| draft.known_organisation(row)))
        }
        (None, Some(new)) => new_organisation(draft, &mut problems, new),
        (None, None) => {
            problems.add("organisation", Code::Required);
            None
        }
        (Some(_), Some(_)) => {
            problems.add("newOrganisation", Code::Twice);
            None
        }
    };
    let mut partners = draft.rows.partners.iter();
    let is_partner =
        |row: &organisation::Model| partners.any(|partner| partner.organisation_id == row.id);
    if organisation.as_ref().is_some_and(is_partner) {
        problems.add("organisation", Code::Taken);
    }
    // What is wrong with the organisation is told in its own field.
    let key = organisation.as_ref().map_or("", |row| row.key.as_str());
    new.place.set("organisation", key);
    let is_there = |one: &organisation::Model| {
        let mut all = draft.rows.organisations.iter();
        all.any(|row| row.id == one.id)
    };
    if let Some(organisation) = organisation.filter(|one| !is_there(one)) {
        draft.rows.organisations.push(organisation);
    }
    let names = Names::of(&draft.rows);
    let id: PartnerId = draft.new_id("partner").into();
    let position = next_place(draft.rows.partners.iter().map(|row| row.position));
    let Some(partner) = new.place.into_record::<Partner>(&mut problems) else {
        return problems.none().map(|()| id);
    };
    let mut row = partner::Model::default();
    Partner::put(&mut row, id.into(), draft.id(), draft.id().into(), position);
    partner.store(&mut row, &names);
    let mut held = check::record(draft, None, &partner);
    held.retain(|problem| problem.path != "organisation");
    problems.append(held);
    check_row(draft, &mut problems, None, &row);
    problems.none()?;
    draft.rows.partners.push(row);
    Ok(id)
}

/// Changes a partner's place in the project; without a last day it is back.
///
/// # Errors
/// All that is wrong with it at once.
pub fn edit(
    draft: &mut Draft,
    _: &CoordinatorOf,
    id: PartnerId,
    mut fields: Fields,
) -> Result<(), Refusal> {
    let mut problems = Problems::default();
    let old = draft.project().partner(id).clone();
    fields.take("organisation");
    if let Some(changed) = change::<Partner>(draft, &mut problems, &old, fields) {
        check_row(draft, &mut problems, Some(&old), &changed.row);
        replace(draft, changed.row);
    }
    problems.none()
}

/// Says that a partner leaves. What it is still expected for later is told as a warning; it comes back by
/// an [`edit`] of `left_on`.
///
/// # Errors
/// `PARTNER_LEFT` where it has left, `ENDS_BEFORE_START`, `OUT_OF_RANGE`.
pub fn leave(
    draft: &mut Draft,
    _: &LeaverOf,
    id: PartnerId,
    on: NaiveDate,
    reason: Option<&str>,
) -> Result<(), Refusal> {
    let mut problems = Problems::default();
    let mut row = draft.project().partner(id).clone();
    if let Some(left) = row.left_on {
        problems.push(Problem::new("id", Code::PartnerLeft).with(left));
    }
    if row.joined_on.is_some_and(|joined| on < joined) {
        problems.add("on", Code::EndsBeforeStart);
    }
    within(draft, &mut problems, "on", on);
    if let Some(reason) = reason.map(str::trim).filter(|text| !text.is_empty()) {
        let note = row.note.take().map(|note| note + "\n").unwrap_or_default();
        row.note = Some(note + reason);
        let note = row.note.as_deref().unwrap_or_default();
        check::text(&mut problems, "reason", Rule::LongText, note);
    }
    problems.none()?;
    row.left_on = Some(on);
    replace(draft, row);
    warn_of_duties(draft, id, on);
    Ok(())
}

/// Warns of what it is still expected for after it left, in whatever part.
fn warn_of_duties(draft: &mut Draft, id: PartnerId, left: NaiveDate) {
    let project = draft.project();
    let withdrew = [ParticipationStatus::Cancelled, ParticipationStatus::Unable];
    let is_expected = |row: &output::Model| {
        let organiser = project.visit(row.id).and_then(|visit| visit.organiser_id);
        let mut takes_part = project.participations_of(row.id).iter();
        [row.lead_id, row.host_id, organiser].contains(&Some(id))
            || project.guests(row).contains(&id)
            || takes_part
                .any(|part| part.partner_id == Some(id) && !withdrew.contains(&part.status))
    };
    let later = |row: &&output::Model| {
        is_expected(row)
            && draft.standing(&project, row.id).is_ok_and(|standing| {
                let last = standing.ends.or(standing.starts);
                standing.state != State::Cancelled
                    && last.is_some_and(|last| last.first_day() >= left)
            })
    };
    let keys: Vec<String> = project
        .outputs
        .iter()
        .filter(later)
        .map(|row| row.key.clone())
        .collect();
    if !keys.is_empty() {
        draft.warn(Problem::new("id", Code::InUse).with(keys.join(", ")));
    }
}

fn check_row(
    draft: &Draft,
    problems: &mut Problems,
    old: Option<&partner::Model>,
    row: &partner::Model,
) {
    // Whoever acts through others acts through itself at the end.
    let mut next = row.via_id;
    let mut steps = 0..=draft.rows.partners.len();
    while let Some(via) = next.filter(|_| steps.next().is_some()) {
        if via == row.id {
            problems.add("via", Code::Twice);
            break;
        }
        let mut partners = draft.rows.partners.iter();
        next = partners
            .find(|other| other.id == via)
            .and_then(|other| other.via_id);
    }
    for (field, day, before) in [
        ("joinedOn", row.joined_on, old.and_then(|old| old.joined_on)),
        ("leftOn", row.left_on, old.and_then(|old| old.left_on)),
    ] {
        if let Some(day) = day
            && Some(day) != before
        {
            within(draft, problems, field, day);
        }
    }
}

/// A day of the project.
fn within(draft: &Draft, problems: &mut Problems, field: &'static str, day: NaiveDate) {
    let project = &draft.rows.project;
    let (first, last) = (project.starts_on, project.ends_on);
    if !(first..=last).contains(&day) {
        problems.push(Problem::new(field, Code::OutOfRange).with(format!("{first}..{last}")));
    }
}

fn replace(draft: &mut Draft, new: partner::Model) {
    for row in &mut draft.rows.partners {
        if row.id == new.id {
            *row = new;
            return;
        }
    }
}
