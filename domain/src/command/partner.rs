//! An organisation's place in the project: it joins, and it may leave.

use chrono::NaiveDate;
use entities::*;

use super::{
    Code, Draft, Named, Problem, Problems, Refusal, check,
    draft::next_place,
    organisation::{NewOrganisation, new as new_organisation},
    project::put,
};
use crate::{
    project::State,
    record::{Partner, Rule},
    viewer::CoordinatorOf,
};

/// A partner to be.
#[derive(Clone, Debug)]
pub struct NewPartner {
    /// One that a project has already; exactly one of this and the next.
    pub organisation: Option<Named>,
    pub new_organisation: Option<NewOrganisation>,
    pub kind: PartnerKind,
    /// The partner through which it acts.
    pub via: Option<Named>,
    pub acting_body: Option<String>,
    pub joined_on: Option<NaiveDate>,
    pub note: Option<String>,
}

impl NewPartner {
    /// The organisations that it may speak of.
    #[must_use]
    pub fn organisations(&self) -> Vec<Named> {
        let new = self.new_organisation.iter();
        let keys = new.map(|new| Named::Key(new.key.clone()));
        self.organisation.iter().cloned().chain(keys).collect()
    }
}

/// Makes an organisation, known or new, a partner of the project.
///
/// # Errors
/// All that is wrong with it at once.
pub fn add(draft: &mut Draft, _: &CoordinatorOf, new: NewPartner) -> Result<PartnerId, Refusal> {
    let mut problems = Problems::default();
    let organisation = match (new.organisation, new.new_organisation) {
        (Some(named), None) => problems.take(draft.organisation("organisation", &named)),
        (None, Some(new)) => Some(new_organisation(draft, &mut problems, new)),
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
    let via_id = new
        .via
        .and_then(|via| problems.take(draft.partner("via", &via)));
    let id: PartnerId = draft.new_id("partner").into();
    let row = partner::Model {
        id,
        project_id: draft.id(),
        organisation_id: organisation.as_ref().map_or(id.0.into(), |row| row.id),
        position: next_place(draft.rows.partners.iter().map(|row| row.position)),
        kind: new.kind,
        via_id,
        acting_body: new.acting_body,
        joined_on: new.joined_on,
        left_on: None,
        note: new.note,
        basis: Basis::default(),
        sources: Strings::default(),
    };
    let mut there = draft.rows.organisations.iter();
    if let Some(organisation) = organisation
        && !there.any(|row| row.id == organisation.id)
    {
        draft.rows.organisations.push(organisation);
    }
    check_row(draft, &mut problems, None, &row);
    problems.none()?;
    draft.rows.partners.push(row);
    Ok(id)
}

/// What is changed of a partner.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    pub kind: Option<PartnerKind>,
    pub via: Option<Option<Named>>,
    pub acting_body: Option<Option<String>>,
    pub joined_on: Option<Option<NaiveDate>>,
    /// None: it is back.
    pub left_on: Option<Option<NaiveDate>>,
    pub note: Option<Option<String>>,
}

/// Changes a partner's place in the project.
///
/// # Errors
/// All that is wrong with it at once.
pub fn edit(
    draft: &mut Draft,
    _: &CoordinatorOf,
    id: PartnerId,
    edit: Edit,
) -> Result<(), Refusal> {
    let mut problems = Problems::default();
    let old = draft.project().partner(id).clone();
    let mut row = old.clone();
    if let Some(via) = edit.via {
        row.via_id = via.and_then(|via| problems.take(draft.partner("via", &via)));
        row.basis.0.remove("via");
    }
    for (field, is_given) in [
        ("kind", edit.kind.is_some()),
        ("joinedOn", edit.joined_on.is_some()),
        ("leftOn", edit.left_on.is_some()),
    ] {
        if is_given {
            row.basis.0.remove(field);
        }
    }
    put(&mut row.kind, edit.kind);
    put(&mut row.acting_body, edit.acting_body);
    put(&mut row.joined_on, edit.joined_on);
    put(&mut row.left_on, edit.left_on);
    put(&mut row.note, edit.note);
    check_row(draft, &mut problems, Some(&old), &row);
    problems.none()?;
    replace(draft, row);
    Ok(())
}

/// Says that a partner leaves. What it leads or hosts later is told as a warning; it comes back by
/// an [`edit`] of `left_on`.
///
/// # Errors
/// `PARTNER_LEFT` where it has left, `ENDS_BEFORE_START`, `OUT_OF_RANGE`.
pub fn leave(
    draft: &mut Draft,
    _: &CoordinatorOf,
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

/// Warns of what it leads or hosts after it left.
fn warn_of_duties(draft: &mut Draft, id: PartnerId, left: NaiveDate) {
    let project = draft.project();
    let later = |row: &&output::Model| {
        let is_its_own = row.lead_id == Some(id) || row.host_id == Some(id);
        is_its_own
            && draft.standing(&project, row.id).is_ok_and(|standing| {
                let last = standing.ends.or(standing.starts);
                standing.state != State::Cancelled
                    && last.is_some_and(|last| last.first_day() > left)
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
    draft: &mut Draft,
    problems: &mut Problems,
    old: Option<&partner::Model>,
    row: &partner::Model,
) {
    problems.append(check::record::<Partner>(draft, old, row));
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
